//! Shipments: bodies and words (ORD-20 to 22, 26, 32).
use crate::{
    Action, CaseId, Code, Day, Label, Moment, Name, Quantity,
    crm::AccountId,
    orders::{DeliveryAddress, OrderId, ShipmentId, WantedLine},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a shipment (ORD-22).
    ShipmentStatus {
        Planned => "planned" "已计划" "Planned",
        Picked => "picked" "已拣货" "Picked",
        Packed => "packed" "已包装" "Packed",
        Labelled => "labelled" "已贴面单" "Labelled",
        HandedOver => "handed_over" "已交承运商" "Handed over",
        InTransit => "in_transit" "运输中" "In transit",
        Delivered => "delivered" "已签收" "Delivered",
        Exception => "exception" "运输异常" "Exception",
        Returned => "returned" "已退回" "Returned",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(Shipment);

/// So much of one order line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShipmentLine {
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    /// More than 0, at most what is held and not in a shipment yet.
    pub quantity: Quantity,
}

/// Goods to be shipped; all that is held and open if no lines are named.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"order_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab"})))]
pub struct NewShipment {
    pub order_id: OrderId,
    #[serde(default)]
    #[schema(max_items = 500)]
    pub lines: Vec<NewShipmentLine>,
    /// Where it goes; the order's address if absent.
    #[serde(default)]
    pub delivery: Option<DeliveryAddress>,
}

/// The carrier's label (顺丰, 京东 …).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"carrier": "SF", "tracking_number": "SF1234567890"})))]
pub struct LabelShipment {
    pub carrier: Code,
    pub tracking_number: Code,
}

/// 《发货通知单》 to the customer (ORD-26); the tracking number is the label's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"expected_on": "2026-12-31", "signing_requirements": "预约上门，当面验货"})))]
pub struct NotifyShipment {
    /// 预计送达时间: a day in Asia/Shanghai, not before today.
    pub expected_on: Day,
    /// 签收要求.
    pub signing_requirements: Label,
}

/// Proof of delivery (ORD-32).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"signer": "李雷"})))]
pub struct DeliverShipment {
    /// Who signed for it.
    pub signer: Name,
    /// When; now if absent, not later than now, nor before it was handed over (by more than a minute).
    #[serde(default)]
    pub delivered_at: Option<Moment>,
}

/// What went wrong, or why it comes back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipmentReason {
    pub reason: Label,
}

/// What the customer was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShippingNotice {
    pub tracking_number: String,
    pub expected_on: Day,
    /// 签收要求.
    pub signing_requirements: String,
    pub sent_at: Moment,
}

/// A shipment as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Shipment {
    pub id: ShipmentId,
    pub number: String,
    pub status: ShipmentStatus,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub lines: Vec<WantedLine>,
    pub delivery: Option<DeliveryAddress>,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub notice: Option<ShippingNotice>,
    /// Why it was held up, came back or was cancelled.
    pub reason: Option<String>,
    /// Who signed for it; absent until it is delivered.
    pub signer: Option<String>,
    pub handed_over_at: Option<Moment>,
    pub delivered_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
