//! What tests of things that belong to an opportunity begin with.
use super::domain::Opportunity;
use crate::competitors::domain::Competitor;
use platform::Stamp;
use uuid::Uuid;
use wire::{
    CaseId, Evidence, EvidenceChannel, Moment, Ownership, Rate,
    crm::{AccountId, CompetitorId, CompetitorStatus, OpportunityId, OpportunityStatus, PipelineId},
    json::Kept,
};

/// Ann, on 2026-03-02 at nine in the morning in China.
pub fn by() -> Stamp {
    let ownership = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
/// A mail of the customer.
pub fn evidence() -> Evidence {
    let (channel, person) = (EvidenceChannel::Email, "李雷".parse().unwrap());
    Evidence { channel, person, at: by().at, note: None, attachment_id: None }
}
/// The nth competitor, active.
pub fn competitor(n: u128) -> Competitor {
    Competitor {
        id: CompetitorId(Uuid::from_u128(n)),
        status: CompetitorStatus::Active,
        name: format!("对手{n}"),
        name_key: format!("对手{n}"),
        strengths: None,
        weaknesses: None,
        prices: Kept(Vec::new()),
        note: None,
        created_at: by().at,
        version: 1,
    }
}
/// An open opportunity of Ann's.
pub fn opportunity() -> Opportunity {
    Opportunity {
        id: OpportunityId(Uuid::from_u128(7)),
        number: "OP-1".into(),
        status: OpportunityStatus::Open,
        case_id: CaseId(Uuid::from_u128(8)),
        account_id: AccountId(Uuid::nil()),
        account_name: "晨光泵业".into(),
        contact_id: None,
        lead_id: None,
        name: "二期".into(),
        need: "12 台泵".into(),
        source: "online".into(),
        amount: None,
        currency: None,
        expected_close: None,
        pipeline_id: PipelineId(Uuid::nil()),
        stage: "research".into(),
        probability: Rate::ZERO,
        stage_history: Kept(Vec::new()),
        reason: None,
        quote_id: None,
        external_refs: Kept(Vec::new()),
        owner_id: Some("ann".into()),
        team_id: Some("east".into()),
        department_id: Some("sales".into()),
        created_at: by().at,
        closed_at: None,
        intent: None,
        competitors: Kept(Vec::new()),
        reason_code: None,
        competitor_id: None,
        version: 1,
        is_new_business: false,
    }
}
