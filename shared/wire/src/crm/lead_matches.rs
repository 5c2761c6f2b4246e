//! Who is known already, as a lead or a customer, by name, telephone or e-mail (CRM-07).
use crate::{Code, Email, Name, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// What a candidate is.
    CandidateKind {
        Lead => "lead" "线索" "Lead",
        Account => "account" "客户" "Customer",
    }
);

/// Is someone known already? Changes nothing (CRM-07).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchLead {
    pub name: Name,
    #[serde(default)]
    pub phone: Option<Code>,
    #[serde(default)]
    pub email: Option<Email>,
}

/// A lead or customer that may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadCandidate {
    pub kind: CandidateKind,
    /// The lead's or the customer's id, as `kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub number: String,
    /// `null` where the caller may not read the lead or the customer.
    pub name: Option<String>,
    /// What agrees: `name`, `phone`, `email`; `pinyin` where one name is only how the other sounds.
    pub matched: Vec<String>,
}

/// Those who may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadMatches {
    pub candidates: Vec<LeadCandidate>,
}
impl crate::Shown for LeadMatches {}
