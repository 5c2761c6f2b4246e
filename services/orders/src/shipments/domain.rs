//! The rules of shipments (ORD-22, 26, 32). Pure: no async, no clock, no SQL.
use crate::{orders::domain::Order, schema::shipments};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Result, Stamp, Transition};
use serde::Serialize;
use wire::{
    CaseId, Day, Moment,
    crm::AccountId,
    json::Kept,
    orders::{
        DeliverShipment, DeliveryAddress, LabelShipment, NotifyShipment, OrderId, ShipmentDelivered,
        ShipmentHandedOver, ShipmentId, ShipmentNotified, ShipmentReturned, ShipmentSnapshot, ShipmentStatus as Status,
        ShippingNotice, WantedLine,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = shipments, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Shipment {
    pub id: ShipmentId,
    pub number: String,
    pub status: Status,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub lines: Kept<Vec<WantedLine>>,
    pub delivery: Option<Kept<DeliveryAddress>>,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub notice: Option<Kept<ShippingNotice>>,
    pub reason: Option<String>,
    pub signer: Option<String>,
    pub handed_over_at: Option<Moment>,
    pub delivered_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Shipment, "shipment", ShipmentId; row: this, case: some, owned);

platform::rules!(
    /// Why a shipment is refused.
    ShipmentRule {
        TrackingTaken { tracking_number: String } => "shipment.tracking_taken", Conflict, "{tracking_number} is the number of another shipment", "物流单号 {tracking_number} 已用于另一发货单", at "/tracking_number";
        ExpectedPast { day: Day } => "shipment.expected_on", Invalid, "{day} is in the past", "预计送达日期 {day} 已过", at "/expected_on";
        DeliveredAt { at: Moment } => "shipment.delivered_at", Invalid, "it cannot have been delivered at {at}: that is before it was handed over, or in the future", "签收时间 {at} 有误：不得早于交运时间或晚于当前时间", at "/delivered_at";
    }
);

impl Machine for Shipment {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "shipment",
        transitions: &[
            Transition::new("pick", &["planned"], &["picked"]),
            Transition::new("pack", &["picked"], &["packed"]),
            Transition::new("label", &["packed"], &["labelled"]),
            Transition::new("hand_over", &["labelled"], &["handed_over"]),
            Transition::new("notify", &["handed_over", "in_transit"], &["handed_over", "in_transit"]),
            Transition::new("depart", &["handed_over", "exception"], &["in_transit"]),
            Transition::new("deliver", &["handed_over", "in_transit", "exception"], &["delivered"]),
            Transition::new("report_exception", &["handed_over", "in_transit"], &["exception"]),
            Transition::new("return", &["handed_over", "in_transit", "exception"], &["returned"]),
            Transition::new("cancel", &["planned", "picked", "packed", "labelled"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
}

impl Shipment {
    /// For goods that the order has set aside.
    pub fn plan(
        id: ShipmentId,
        number: String,
        order: &Order,
        lines: Vec<WantedLine>,
        delivery: Option<DeliveryAddress>,
        by: &Stamp,
    ) -> Change<Self> {
        let head = &order.head;
        let shipment = Self {
            id,
            number,
            status: Status::Planned,
            order_id: head.id,
            order_number: head.number.clone(),
            case_id: head.case_id,
            account_id: head.account_id,
            account_name: head.account_name.clone(),
            lines: Kept(lines),
            delivery: delivery.map(Kept).or_else(|| head.delivery.clone()),
            carrier: None,
            tracking_number: None,
            notice: None,
            reason: None,
            signer: None,
            handed_over_at: None,
            delivered_at: None,
            owner_id: head.owner_id.clone(),
            team_id: head.team_id.clone(),
            department_id: head.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Change::new("create", shipment)
    }
    /// Taken from the shelves.
    pub fn pick(self) -> Result<Change<Self>, Refused> {
        self.may("pick")?;
        Ok(Change::new("pick", self.to(Status::Picked)))
    }
    /// In its box.
    pub fn pack(self) -> Result<Change<Self>, Refused> {
        self.may("pack")?;
        Ok(Change::new("pack", self.to(Status::Packed)))
    }
    /// With the carrier's label on it; `taken` says that the number is another shipment's.
    pub fn label(self, label: LabelShipment, taken: bool) -> Result<Change<Self>> {
        self.may("label")?;
        let LabelShipment { carrier, tracking_number } = label;
        if taken {
            return Err(ShipmentRule::TrackingTaken { tracking_number: tracking_number.into_string() }.into());
        }
        let mut next = self.to(Status::Labelled);
        (next.carrier, next.tracking_number) = (Some(carrier.into_string()), Some(tracking_number.into_string()));
        Ok(Change::new("label", next))
    }
    /// The carrier has it.
    pub fn hand_over(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("hand_over")?;
        let mut next = self.to(Status::HandedOver);
        next.handed_over_at = Some(by.at);
        let event = ShipmentHandedOver {
            shipment: next.snapshot(),
            carrier: next.carrier.clone().unwrap_or_default(),
            tracking_number: next.tracking_number.clone().unwrap_or_default(),
        };
        Ok(Change::new("hand_over", next).emit(&event))
    }
    /// 《发货通知单》 to the customer (ORD-26); sent again, it replaces the one before.
    pub fn notify(self, notice: NotifyShipment, by: &Stamp) -> Result<Change<Self>> {
        self.may("notify")?;
        let NotifyShipment { expected_on, signing_requirements } = notice;
        if expected_on < by.today() {
            return Err(ShipmentRule::ExpectedPast { day: expected_on }.into());
        }
        let status = self.status;
        let mut next = self.to(status);
        next.notice = Some(Kept(ShippingNotice {
            tracking_number: next.tracking_number.clone().unwrap_or_default(),
            expected_on,
            signing_requirements: signing_requirements.into_string(),
            sent_at: by.at,
        }));
        let event = ShipmentNotified { shipment: next.snapshot(), expected_on: Some(expected_on) };
        Ok(Change::new("notify", next).emit(&event))
    }
    /// The carrier moves it (on).
    pub fn depart(self) -> Result<Change<Self>, Refused> {
        self.may("depart")?;
        Ok(Change::new("depart", self.to(Status::InTransit)))
    }
    /// Signed for (ORD-32).
    pub fn deliver(self, proof: DeliverShipment, by: &Stamp) -> Result<Change<Self>> {
        self.may("deliver")?;
        let DeliverShipment { signer, delivered_at } = proof;
        let at = delivered_at.unwrap_or(by.at);
        if by.at.is_well_before(at) || self.handed_over_at.is_some_and(|handed_over| at.is_well_before(handed_over)) {
            return Err(ShipmentRule::DeliveredAt { at }.into());
        }
        let mut next = self.to(Status::Delivered);
        (next.delivered_at, next.signer) = (Some(at), Some(signer.to_string()));
        let event = ShipmentDelivered { shipment: next.snapshot(), delivered_at: at, signer: signer.into_string() };
        Ok(Change::new("deliver", next).emit(&event))
    }
    /// Delayed, damaged, lost.
    pub fn report_exception(self, reason: String) -> Result<Change<Self>, Refused> {
        self.ended("report_exception", Status::Exception, reason)
    }
    /// It came back.
    pub fn returned(self, reason: String) -> Result<Change<Self>, Refused> {
        let change = self.ended("return", Status::Returned, reason.clone())?;
        let event = ShipmentReturned { shipment: change.after().snapshot(), reason };
        Ok(change.emit(&event))
    }
    /// It does not leave.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.ended("cancel", Status::Cancelled, reason)
    }

    fn ended(self, action: &'static str, status: Status, reason: String) -> Result<Change<Self>, Refused> {
        self.may(action)?;
        let mut next = self.to(status);
        next.reason = Some(reason.clone());
        Ok(Change::new(action, next).because(reason))
    }
    fn snapshot(&self) -> ShipmentSnapshot {
        ShipmentSnapshot {
            shipment_id: self.id,
            number: self.number.clone(),
            order_id: self.order_id,
            order_number: self.order_number.clone(),
            account_id: self.account_id,
            account_name: self.account_name.clone(),
            lines: self.lines.0.clone(),
        }
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}
