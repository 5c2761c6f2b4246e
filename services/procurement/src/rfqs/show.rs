//! How the wire shows a request for quotation. No rule lives here.
use super::domain::{Head, Invitation, LineRow, Rfq};
use platform::{Caller, Machine};
use wire::procurement as dto;

pub fn show(rfq: Rfq, caller: &Caller) -> dto::Rfq {
    let (available_actions, requisition_ids) = (rfq.available_actions(caller), rfq.requisition_ids());
    let lines = rfq.lines.into_iter().map(line).collect();
    let invitations = rfq.invitations.into_iter().map(invitation).collect();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Head {
        id,
        number,
        status,
        case_id,
        category,
        currency,
        due_on,
        weights,
        inquiry,
        sourcing_waiver_id,
        ruling,
        award,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        sent_at,
        closed_at,
        version,
    } = rfq.head;
    dto::Rfq {
        id,
        number,
        status,
        case_id,
        category,
        currency,
        due_on,
        weights: weights.0,
        inquiry,
        requisition_ids,
        lines,
        invitations,
        sourcing_waiver_id,
        ruling: ruling.map(|kept| kept.0),
        award: award.map(|kept| kept.0),
        reason,
        owner_id,
        created_at,
        sent_at,
        closed_at,
        version,
        available_actions,
    }
}

fn line(row: LineRow) -> dto::RfqLine {
    let LineRow {
        rfq_id: _,
        requisition_line_id,
        requisition_id,
        line_number,
        sku,
        name,
        specification,
        unit,
        quantity,
        needed_on,
        open: _,
    } = row;
    dto::RfqLine {
        requisition_id,
        requisition_line_id,
        line_number,
        sku,
        name,
        specification,
        unit,
        quantity,
        needed_on,
    }
}

fn invitation(row: Invitation) -> dto::RfqInvitation {
    let Invitation { rfq_id: _, supplier_id, position: _, supplier_name, status, recommendation, reason, quote } = row;
    dto::RfqInvitation {
        supplier_id,
        supplier_name,
        status,
        recommended: recommendation.is_some(),
        recommendation,
        reason,
        quote: quote.map(|kept| kept.0),
    }
}
