//! How the wire shows a discrepancy. No rule lives here.
use super::domain::Discrepancy;
use platform::{Caller, Machine};
use wire::procurement as dto;

pub fn show(discrepancy: Discrepancy, caller: &Caller) -> dto::Discrepancy {
    let available_actions = discrepancy.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Discrepancy {
        id,
        number,
        status,
        nature,
        kind,
        goods_receipt_id,
        goods_receipt_line_id,
        purchase_order_id,
        purchase_order_number,
        purchase_order_line_id: _,
        supplier_id,
        case_id,
        sku,
        quantity,
        description,
        attachment_ids,
        contact_note,
        contacted_at,
        resolution,
        resolution_note,
        resolved_by,
        resolved_at,
        opened_by,
        opened_at,
        closed_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        version,
    } = discrepancy;
    dto::Discrepancy {
        id,
        number,
        status,
        nature,
        kind,
        goods_receipt_id,
        goods_receipt_line_id,
        purchase_order_id,
        purchase_order_number,
        supplier_id,
        case_id,
        sku,
        quantity,
        description,
        attachment_ids: attachment_ids.0,
        contact_note,
        contacted_at,
        resolution,
        resolution_note,
        resolved_by,
        resolved_at,
        opened_by,
        opened_at,
        closed_at,
        version,
        available_actions,
    }
}
