//! How the wire shows an order. No rule lives here.
use super::domain::{Head, HoldRow, LineRow, Order};
use platform::{Caller, Machine};
use wire::orders as dto;

pub fn show(order: Order, caller: &Caller) -> dto::Order {
    let (available_actions, totals) = (order.available_actions(caller), order.totals());
    let Order { head, lines, holds, parts_changed: _ } = order;
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Head {
        id,
        number,
        status,
        origin,
        case_id,
        account_id,
        account_name,
        contract_id,
        quote_id,
        quoted_lines: _,
        currency: _,
        net: _,
        tax: _,
        gross: _,
        payment_terms,
        delivery_date,
        delivery,
        requirements,
        acceptance_criteria,
        goods,
        finance_status,
        open_work_items,
        entered_as,
        reason,
        external_refs,
        owner_id,
        team_id: _,
        department_id: _,
        cause_event_id: _,
        created_at,
        moments,
        version,
    } = head;
    dto::Order {
        id,
        number,
        status,
        origin,
        case_id,
        account_id,
        account_name,
        contract_id,
        quote_id,
        lines: lines.into_iter().map(line).collect(),
        totals,
        payment_terms: payment_terms.0,
        delivery_date,
        delivery: delivery.map(|kept| kept.0),
        requirements,
        acceptance_criteria: acceptance_criteria.0,
        acceptance_working_days: goods.0.acceptance_working_days,
        holds: holds.into_iter().map(hold).collect(),
        shortages: goods.0.shortages,
        finance_status,
        open_work_items,
        open_inspections: goods.0.quality.inspections,
        open_nonconformities: goods.0.quality.nonconformities,
        entered_as,
        reason,
        external_refs: external_refs.0,
        owner_id,
        created_at,
        moments: moments.0,
        version,
        available_actions,
    }
}

pub fn availability(order: Order) -> dto::OrderAvailability {
    let said = order.head.goods.0;
    let line = |row: LineRow| dto::LineAvailability {
        line_id: row.id,
        line_number: row.line_number,
        sku: row.sku,
        requested: row.quantity,
        available: row.held,
        short: row.short,
    };
    dto::OrderAvailability {
        order_id: order.head.id,
        number: order.head.number,
        status: said.status,
        hold_id: said.hold_id,
        answered_at: said.answered_at,
        lines: order.lines.into_iter().map(line).collect(),
    }
}

fn line(row: LineRow) -> dto::OrderLine {
    let (scrapped, planned, shipped, delivered) = (row.scrapped, row.planned, row.shipped, row.delivered);
    let substituted_for = row.substituted_for.clone();
    dto::OrderLine { line: row.into(), substituted_for, scrapped, planned, shipped, delivered }
}

fn hold(row: HoldRow) -> dto::Hold {
    let HoldRow { id: _, order_id: _, kind, reason, placed_by, placed_at, released_by, released_at } = row;
    dto::Hold { kind, reason, placed_by, placed_at, released_by, released_at }
}
