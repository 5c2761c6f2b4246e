//! How documents of daily work name what they are about: kind and id of another document, of crm or of another service.
use crate::{Code, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// What a talk with a customer is about (CRM-12, CRM-26).
    WorkSubject {
        Lead => "lead" "线索" "Lead",
        Account => "account" "客户" "Customer",
        Opportunity => "opportunity" "商机" "Opportunity",
        Ticket => "ticket" "工单" "Ticket",
    }
);

/// Any document of the suite: the singular word of its kind (`order`, `quote`, `lead` …) and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "opportunity", "id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab"})))]
pub struct EntityLink {
    /// The singular word of its kind: `order`, `quote`, `lead` …
    pub kind: Code,
    /// The document's id, in whichever service it lives.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
}
