//! Nonconformities, goods that did not pass: bodies, words and facts (ORD-19).
use crate::{
    Action, CaseId, Label, Moment, Quantity,
    event::event,
    id::id,
    orders::{InspectionId, InspectionStage, OrderId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// Goods that did not pass an inspection.
    NonconformityId
);
words!(
    /// The life of a nonconformity (ORD-19): reworked and inspected again until it passes, or scrapped.
    NonconformityStatus {
        Open => "open" "待处理" "Open",
        Rework => "rework" "返工中" "In rework",
        Reinspection => "reinspection" "复检中" "In reinspection",
        Closed => "closed" "已关闭" "Closed",
        Scrapped => "scrapped" "已报废" "Scrapped",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(Nonconformity);

/// What is to be mended.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"instructions": "更换机械密封后重新打压"})))]
pub struct ReworkNonconformity {
    /// What is to be mended, and how.
    pub instructions: Label,
}

/// What cannot be mended: the order asks for so many others in their place, and what procurement does not have becomes
/// a shortage.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"reason": "叶轮开裂，无法返修", "quantity": "2"})))]
pub struct ScrapNonconformity {
    pub reason: Label,
    /// More than 0, at most the lot and what of the line is held and in no shipment.
    pub quantity: Quantity,
}

/// A nonconformity as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Nonconformity {
    pub id: NonconformityId,
    pub number: String,
    pub status: NonconformityStatus,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    /// The inspection that failed.
    pub inspection_id: InspectionId,
    pub stage: InspectionStage,
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    /// Pieces in the lot.
    pub lot_size: i32,
    /// Samples that were bad.
    pub defects: i32,
    /// How often it went to rework.
    pub loops: i32,
    /// What was last to be mended.
    pub instructions: Option<String>,
    /// The last inspection after rework.
    pub reinspection_id: Option<InspectionId>,
    /// Why it was scrapped.
    pub reason: Option<String>,
    pub scrapped: Option<Quantity>,
    pub closed_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What a nonconformity's facts share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NonconformitySnapshot {
    pub nonconformity_id: NonconformityId,
    /// The nonconformity's own.
    pub number: String,
    pub order_id: OrderId,
    pub order_number: String,
    pub inspection_id: InspectionId,
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    /// Samples that were bad.
    pub defects: i32,
    /// How often it went to rework.
    pub loops: i32,
}

/// Production has to know (ORD-19).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NonconformityOpened {
    #[serde(flatten)]
    pub nonconformity: NonconformitySnapshot,
}
event!(NonconformityOpened = "orders.nonconformity.opened.v1");

/// It passed after rework.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NonconformityClosed {
    #[serde(flatten)]
    pub nonconformity: NonconformitySnapshot,
}
event!(NonconformityClosed = "orders.nonconformity.closed.v1");

/// These goods are lost: procurement writes them off its stock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NonconformityScrapped {
    pub quantity: Quantity,
    pub reason: String,
    #[serde(flatten)]
    pub nonconformity: NonconformitySnapshot,
}
event!(NonconformityScrapped = "orders.nonconformity.scrapped.v1");
