//! How a request for quotation begins: which lines it wants, whom it asks, by when, by which weights. Pure, like `domain`.
use super::{Basis, Head, Invitation, LineRow, Rfq, RfqRule, Status, day_of};
use crate::sourcing::Wanted;
use platform::{Change, Machine, Stamp};
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Code, Day, Note,
    json::Kept,
    procurement::{NewRfq, RequisitionId, RfqId, RfqInvitationStatus, RfqPatch, RfqWeights, SupplierId},
};

/// Lines of one request, at most.
const MOST_LINES: usize = 500;
/// Suppliers asked in one request, at most.
const MOST_SUPPLIERS: usize = 20;
/// Requisitions of one request, at most.
const MOST_REQUISITIONS: usize = 50;

/// What a request has of its own before anybody is asked.
#[derive(Debug, Clone)]
pub struct Birth {
    pub id: RfqId,
    pub number: String,
    /// Where the request names none.
    pub weights: RfqWeights,
    /// The named waiver is approved.
    pub waived: bool,
}

/// A supplier that may be asked: known and qualified.
#[derive(Debug, Clone)]
pub struct Guest {
    pub supplier_id: SupplierId,
    pub name: String,
    pub recommendation: Option<String>,
}

impl Rfq {
    /// For open lines of approved requisitions; `wanted` is what those have.
    pub fn draft(
        birth: Birth,
        new: NewRfq,
        wanted: Vec<Wanted>,
        guests: Vec<Guest>,
        by: &Stamp,
    ) -> Result<Change<Self>, RfqRule> {
        let Birth { id, number, weights, waived } = birth;
        let wanted = chosen(&new.requisition_ids, &new.requisition_line_ids, wanted)?;
        let mut invitations = Vec::new();
        seat(id, guests, &mut invitations)?;
        let head = Head {
            id,
            number,
            status: Status::Draft,
            case_id: common_case(&wanted),
            category: new.category.map(Code::into_string),
            currency: new.currency,
            due_on: due(new.due_on, by)?,
            weights: Kept(hundred(new.weights.unwrap_or(weights))?),
            inquiry: new.inquiry.into_string(),
            sourcing_waiver_id: new.sourcing_waiver_id,
            ruling: None,
            award: None,
            reason: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            sent_at: None,
            closed_at: None,
            version: 1,
        };
        let lines = wanted.into_iter().zip(1..).map(|(one, line_number)| row(id, line_number, one)).collect();
        let basis = Basis { waived, passed: Vec::new() };
        Ok(Change::new("create", Self { head, lines, invitations, basis }))
    }
    /// Changes a draft. `guests`: all who are asked from now on, where that changes; `waived`: of the waiver it names then.
    pub fn update(
        self,
        patch: RfqPatch,
        guests: Option<Vec<Guest>>,
        waived: bool,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let RfqPatch { category, due_on, weights, inquiry, suppliers: _, sourcing_waiver_id } = patch;
        let mut next = self.to(Status::Draft);
        next.basis.waived = waived;
        next.head.category = category.over(next.head.category, Code::into_string);
        next.head.inquiry = inquiry.map_or(next.head.inquiry, Note::into_string);
        next.head.sourcing_waiver_id = sourcing_waiver_id.or(next.head.sourcing_waiver_id);
        if let Some(day) = due_on {
            next.head.due_on = due(day, by)?;
        }
        if let Some(weights) = weights {
            next.head.weights = Kept(hundred(weights)?);
        }
        if let Some(guests) = guests {
            next.invitations.clear();
            seat(next.head.id, guests, &mut next.invitations)?;
        }
        Ok(Change::new("update", next))
    }
}

/// The wanted lines: all that the requisitions have open, or those that are named.
fn chosen(requisitions: &[RequisitionId], named: &[Uuid], wanted: Vec<Wanted>) -> Result<Vec<Wanted>, RfqRule> {
    let distinct: HashSet<_> = requisitions.iter().collect();
    if requisitions.is_empty() || requisitions.len() > MOST_REQUISITIONS || distinct.len() < requisitions.len() {
        return Err(RfqRule::Requisitions);
    }
    if let Some(id) = requisitions.iter().find(|id| !wanted.iter().any(|one| one.requisition_id == **id)) {
        return Err(RfqRule::Requisition { id: *id });
    }
    if let Some(id) = named.iter().find(|id| !wanted.iter().any(|one| one.requisition_line_id == **id)) {
        return Err(RfqRule::Line { id: *id });
    }
    let wanted: Vec<Wanted> =
        wanted.into_iter().filter(|one| named.is_empty() || named.contains(&one.requisition_line_id)).collect();
    if wanted.is_empty() || wanted.len() > MOST_LINES {
        return Err(RfqRule::Lines { count: wanted.len() });
    }
    Ok(wanted)
}

fn row(rfq_id: RfqId, line_number: i32, wanted: Wanted) -> LineRow {
    let Wanted { requisition_id, requisition_line_id, sku, name, specification, unit, quantity, needed_on, .. } =
        wanted;
    LineRow {
        rfq_id,
        requisition_line_id,
        requisition_id,
        line_number,
        sku,
        name,
        specification,
        unit,
        quantity,
        needed_on,
        open: true,
    }
}

/// The deal, if all lines belong to one.
fn common_case(wanted: &[Wanted]) -> Option<CaseId> {
    let first = wanted.first()?.case_id;
    first.filter(|_| wanted.iter().all(|one| one.case_id == first))
}

/// Puts guests behind those who are asked already.
pub(super) fn seat(rfq_id: RfqId, guests: Vec<Guest>, invitations: &mut Vec<Invitation>) -> Result<(), RfqRule> {
    for (index, Guest { supplier_id, name, recommendation }) in guests.into_iter().enumerate() {
        if invitations.iter().any(|known| known.supplier_id == supplier_id) {
            return Err(RfqRule::SupplierTwice { index });
        }
        if invitations.len() == MOST_SUPPLIERS {
            return Err(RfqRule::Suppliers);
        }
        invitations.push(Invitation {
            rfq_id,
            supplier_id,
            position: i32::try_from(invitations.len()).unwrap_or(i32::MAX),
            supplier_name: name,
            status: RfqInvitationStatus::Invited,
            recommendation,
            reason: None,
            quote: None,
        });
    }
    Ok(())
}

/// A day on which suppliers can still answer.
pub(super) fn due(day: Day, by: &Stamp) -> Result<Day, RfqRule> {
    if day >= day_of(by.at) { Ok(day) } else { Err(RfqRule::Due { day }) }
}

/// Weights that add up to 100.
fn hundred(weights: RfqWeights) -> Result<RfqWeights, RfqRule> {
    let RfqWeights { price, quality, delivery, after_sales } = weights;
    let sum = [price, quality, delivery, after_sales].into_iter().map(u16::from).sum();
    if sum == 100 { Ok(weights) } else { Err(RfqRule::Weights { sum }) }
}
