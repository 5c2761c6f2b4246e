//! How the wire shows a goods receipt. No rule lives here.
use super::{
    domain::{GoodsReceipt, Head},
    lines::LineRow,
};
use platform::{Caller, Machine};
use wire::procurement as dto;

pub fn show(receipt: GoodsReceipt, caller: &Caller) -> dto::GoodsReceipt {
    let available_actions = receipt.available_actions(caller);
    let lines = receipt.lines.into_iter().map(show_line).collect();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Head {
        id,
        number,
        status,
        origin,
        purchase_order_id,
        purchase_order_number,
        supplier_id,
        supplier_name,
        case_id,
        delivery_note_number,
        arrived_at,
        inspect_by_at,
        calendar_id,
        overdue_at,
        inspected_at,
        inspected_by,
        delivery_note_id,
        photo_ids,
        reason,
        external_refs,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = receipt.head;
    dto::GoodsReceipt {
        id,
        number,
        status,
        origin,
        purchase_order_id,
        purchase_order_number,
        supplier_id,
        supplier_name,
        case_id,
        delivery_note_number,
        lines,
        arrived_at,
        inspect_by_at,
        calendar_id,
        overdue_at,
        inspected_at,
        inspected_by,
        delivery_note_id,
        photo_ids: photo_ids.0,
        reason,
        external_refs: external_refs.0,
        created_at,
        version,
        available_actions,
    }
}

fn show_line(line: LineRow) -> dto::GoodsReceiptLine {
    let LineRow {
        id,
        goods_receipt_id: _,
        line_number,
        purchase_order_line_id,
        item_id,
        sku,
        noted,
        counted,
        quantity_ok,
        appearance_ok,
        specification_ok,
        accepted,
        rejected,
        location,
        remark,
    } = line;
    dto::GoodsReceiptLine {
        id,
        line_number,
        purchase_order_line_id,
        item_id,
        sku,
        noted,
        counted,
        quantity_ok,
        appearance_ok,
        specification_ok,
        accepted,
        rejected,
        location,
        remark,
    }
}
