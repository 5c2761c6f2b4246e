//! What a quote is: its row, its lines, what it rests on. Refuses rules: those are `domain`'s.
use super::{lines::LineRow, traces::TraceRow};
use crate::{margins::Cost, schema::quotes};
use diesel::prelude::*;
use serde::Serialize;
use wire::{
    Amount, CaseId, Currency, Day, Evidence, Moment,
    crm::{AccountId, AccountSnapshot, OpportunityId, RequirementSpecId},
    json::Kept,
    quoting::{CostSheetId, PaymentTerm, ProposalId, QuoteId, QuoteStatus as Status, Route},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quotes, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: QuoteId,
    pub number: String,
    pub revision: i32,
    pub status: Status,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub opportunity_id: Option<OpportunityId>,
    pub requirement_spec_id: Option<RequirementSpecId>,
    pub cost_sheet_id: Option<CostSheetId>,
    pub currency: Currency,
    pub net: Amount,
    pub tax: Amount,
    pub gross: Amount,
    pub payment_terms: Kept<Vec<PaymentTerm>>,
    pub valid_until: Day,
    pub delivery_date: Option<Day>,
    pub route: Option<Route>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub external_refs: Kept<Vec<wire::ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub issued_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    /// The proposal that it went to the customer with, and which decides about it.
    pub proposal_id: Option<ProposalId>,
    pub version: i32,
}

/// How far the documents are that a quote rests on; `true` where it names none, and what it costs us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// The customer confirmed the specification (QUO-03).
    pub spec_confirmed: bool,
    /// Finance locked the cost sheet (QUO-04).
    pub cost_locked: bool,
    /// What it says (QUO-18).
    pub cost: Cost,
    /// The proposal that decides about it just now.
    pub in_hands_of: Option<ProposalId>,
    /// The day on which it is looked at, where that matters: its last day may be over.
    pub today: Option<Day>,
}

/// The deal that a new quote belongs to.
#[derive(Debug, Clone)]
pub struct Deal {
    /// The opportunity's, or a new one.
    pub case_id: CaseId,
    pub account: AccountSnapshot,
    pub basis: Basis,
}

/// A quote with its lines.
#[derive(Debug, Clone, Serialize)]
pub struct Quote {
    pub head: Head,
    pub lines: Vec<LineRow>,
    /// Lines are written anew on the next save.
    #[serde(skip)]
    pub lines_changed: bool,
    /// How the prices of its lines came about: written with them, read only when somebody asks.
    #[serde(skip)]
    pub traces: Vec<TraceRow>,
    /// Not kept: how far the documents are that it rests on.
    #[serde(skip)]
    pub basis: Basis,
}
platform::entity!(Quote, "quote", QuoteId; row: head, case: some, owned);
