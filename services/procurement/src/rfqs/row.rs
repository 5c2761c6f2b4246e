//! What a request for quotation is: its row, its lines, whom it asks, what its gates rest on. Refuses rules: those are
//! `domain`'s.
use crate::schema::{rfq_invitations, rfq_lines, rfqs};
use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Currency, Day, Moment, Quantity,
    json::Kept,
    procurement::{
        InvitedSupplier, RequisitionId, RfqAward, RfqId, RfqInvitationStatus, RfqRuling, RfqStatus as Status,
        RfqWeights, SourcingWaiverId, SupplierId, SupplierQuote,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfqs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: RfqId,
    pub number: String,
    pub status: Status,
    pub case_id: Option<CaseId>,
    pub category: Option<String>,
    pub currency: Currency,
    pub due_on: Day,
    pub weights: Kept<RfqWeights>,
    pub inquiry: String,
    pub sourcing_waiver_id: Option<SourcingWaiverId>,
    pub ruling: Option<Kept<RfqRuling>>,
    pub award: Option<Kept<RfqAward>>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub version: i32,
}

/// A wanted thing: the line of a requisition. `open` while no other request may want it too.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = rfq_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub rfq_id: RfqId,
    pub requisition_line_id: Uuid,
    pub requisition_id: RequisitionId,
    pub line_number: i32,
    pub sku: String,
    pub name: String,
    pub specification: String,
    pub unit: String,
    pub quantity: Quantity,
    pub needed_on: Option<Day>,
    pub open: bool,
}

/// A supplier that is asked, with its answer.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = rfq_invitations, treat_none_as_default_value = false)]
pub struct Invitation {
    pub rfq_id: RfqId,
    pub supplier_id: SupplierId,
    /// In which order they were asked.
    pub position: i32,
    pub supplier_name: String,
    pub status: RfqInvitationStatus,
    pub recommendation: Option<String>,
    pub reason: Option<String>,
    pub quote: Option<Kept<SupplierQuote>>,
}

impl Invitation {
    /// Its quote, if it counts: in time, or late with a reason.
    pub fn counted(&self) -> Option<&SupplierQuote> {
        let quote = self.quote.as_ref().map(|kept| &kept.0)?;
        match self.status {
            RfqInvitationStatus::Received => Some(quote),
            RfqInvitationStatus::Late => quote.late_reason.is_some().then_some(quote),
            RfqInvitationStatus::Invited | RfqInvitationStatus::Declined => None,
        }
    }
}

/// Not kept: what other documents say that the gates look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// The named waiver is approved.
    pub waived: bool,
    /// Suppliers whose latest sample test was passed.
    pub passed: Vec<SupplierId>,
}

/// A request for quotation with its lines and answers.
#[derive(Debug, Clone, Serialize)]
pub struct Rfq {
    pub head: Head,
    pub lines: Vec<LineRow>,
    pub invitations: Vec<Invitation>,
    #[serde(skip)]
    pub basis: Basis,
}
platform::entity!(Rfq, "rfq", RfqId; row: head, case: option, owned);

impl Rfq {
    /// Each requisition once, in the order of the lines.
    pub fn requisition_ids(&self) -> Vec<RequisitionId> {
        let mut ids: Vec<RequisitionId> = Vec::new();
        for line in &self.lines {
            if !ids.contains(&line.requisition_id) {
                ids.push(line.requisition_id);
            }
        }
        ids
    }
    /// Those who are asked, as the buyer named them.
    pub fn asked_suppliers(&self) -> Vec<InvitedSupplier> {
        let asked = |one: &Invitation| InvitedSupplier {
            supplier_id: one.supplier_id,
            recommendation: one.recommendation.as_ref().and_then(|text| text.parse().ok()),
        };
        self.invitations.iter().map(asked).collect()
    }
    /// Those who are asked.
    pub fn supplier_ids(&self) -> Vec<SupplierId> {
        self.invitations.iter().map(|invitation| invitation.supplier_id).collect()
    }
}
