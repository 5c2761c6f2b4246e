//! How the wire shows a shipment. No rule lives here.
use super::domain::Shipment;
use platform::{Caller, Machine};
use wire::orders as dto;

pub fn show(shipment: Shipment, caller: &Caller) -> dto::Shipment {
    let available_actions = shipment.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Shipment {
        id,
        number,
        status,
        order_id,
        order_number,
        case_id,
        account_id,
        account_name,
        lines,
        delivery,
        carrier,
        tracking_number,
        notice,
        reason,
        signer,
        handed_over_at,
        delivered_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = shipment;
    dto::Shipment {
        id,
        number,
        status,
        order_id,
        order_number,
        case_id,
        account_id,
        account_name,
        lines: lines.0,
        delivery: delivery.map(|kept| kept.0),
        carrier,
        tracking_number,
        notice: notice.map(|kept| kept.0),
        reason,
        signer,
        handed_over_at,
        delivered_at,
        created_at,
        version,
        available_actions,
    }
}
