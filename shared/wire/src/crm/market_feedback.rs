//! Market feedback: what sales people hear of the market and of changing needs (CRM-33).
use crate::{Action, Moment, Name, Note, crm::AccountId, event::event, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// Something that was heard of the market.
    MarketFeedbackId
);
words!(
    /// The life of a feedback (CRM-33).
    MarketFeedbackStatus {
        New => "new" "新建" "New",
        Triaged => "triaged" "已分派" "Triaged",
        Used => "used" "已采用" "Used",
        Closed => "closed" "已关闭" "Closed",
    }
);
words!(
    /// What it is about (CRM-33).
    MarketFeedbackKind {
        NeedChange => "need_change" "需求变化" "A need changed",
        Competitor => "competitor" "竞争动态" "A competitor",
        Price => "price" "价格" "Prices",
        Product => "product" "产品" "A product",
        Other => "other" "其他" "Other",
    }
);
resource!(MarketFeedback);

/// What was heard.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "need_change", "title": "要求不锈钢叶轮", "text": "三家水厂都问到 316L 叶轮"})))]
pub struct NewMarketFeedback {
    pub kind: MarketFeedbackKind,
    pub title: Name,
    /// What was heard.
    pub text: Note,
    /// The customer it came from.
    #[serde(default)]
    pub account_id: Option<AccountId>,
}

/// Who should do what with it, or what became of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketFeedbackWord {
    pub note: Note,
}

/// A feedback as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketFeedback {
    pub id: MarketFeedbackId,
    pub number: String,
    pub status: MarketFeedbackStatus,
    pub kind: MarketFeedbackKind,
    pub title: String,
    /// What was heard.
    pub text: String,
    pub account_id: Option<AccountId>,
    /// What triage said.
    pub triage: Option<String>,
    /// What it was used for, or why it was closed.
    pub result: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Something was heard of the market (CRM-33).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MarketFeedbackCreated {
    pub market_feedback_id: MarketFeedbackId,
    pub number: String,
    pub kind: MarketFeedbackKind,
    pub title: String,
    pub account_id: Option<AccountId>,
}
event!(MarketFeedbackCreated = "crm.market_feedback.created.v1");
