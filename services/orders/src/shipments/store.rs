//! The only SQL of shipments.
use super::domain::Shipment;
use crate::{schema::shipments, store::part};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::orders::{LabelShipment, ShipmentId};

part!(Shipment, shipments, ShipmentId);

/// Is this the number of a parcel already?
pub async fn taken(conn: &mut Conn, label: &LabelShipment) -> QueryResult<bool> {
    let same = shipments::table
        .filter(shipments::carrier.eq(label.carrier.as_str()))
        .filter(shipments::tracking_number.eq(label.tracking_number.as_str()));
    diesel::select(diesel::dsl::exists(same)).get_result(conn).await
}

platform::handed!(Shipment, shipments; row: this, closed: ["delivered", "returned", "cancelled"]);
