//! The rules of sourcing waivers (D-06). Pure: no async, no clock, no SQL.
use crate::{
    schema::{sourcing_waiver_requisitions, sourcing_waivers},
    sourcing,
};
use diesel::prelude::*;
use platform::{Ask, Change, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Moment, Money, Note,
    procurement::{
        NewSourcingWaiver, RequisitionId, SourcingWaiverApproved, SourcingWaiverId, SourcingWaiverPatch,
        SourcingWaiverStatus as Status, SupplierId, WaiverReason,
    },
};

/// Requisitions of one waiver, at most.
const MOST_REQUISITIONS: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sourcing_waivers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: SourcingWaiverId,
    pub number: String,
    pub status: Status,
    pub case_id: Option<CaseId>,
    pub reason_code: WaiverReason,
    pub justification: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub total: Amount,
    pub currency: Currency,
    pub attachment_id: Uuid,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub decided_at: Option<Moment>,
    pub used_at: Option<Moment>,
    pub version: i32,
}

/// One of the requisitions; `open` while no other waiver may be asked for it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = sourcing_waiver_requisitions, treat_none_as_default_value = false)]
pub struct Part {
    pub sourcing_waiver_id: SourcingWaiverId,
    pub requisition_id: RequisitionId,
    pub open: bool,
}

/// A waiver with its requisitions.
#[derive(Debug, Clone, Serialize)]
pub struct SourcingWaiver {
    pub head: Head,
    pub requisition_ids: Vec<RequisitionId>,
}
platform::entity!(SourcingWaiver, "sourcing_waiver", SourcingWaiverId; row: head, case: option, owned);

/// What the requisitions say of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The deal, if all of them belong to one.
    pub case_id: Option<CaseId>,
    /// Estimated, tax included.
    pub total: Amount,
    pub currency: Currency,
    /// What the approval tiers look at: the total, or what a requisition counted together with (D-14) if that is more.
    pub tier_amount: Amount,
}

platform::rules!(
    /// Why a waiver is refused.
    WaiverRule {
        Requisitions => "sourcing_waiver.requisitions", Invalid, "1 to 50 requisitions, each once", "应有 1 至 50 份采购申请且不重复", at "/requisition_ids";
        Requisition { id: RequisitionId } => "sourcing_waiver.requisition", Invalid, "requisition {id} is not approved, or nothing of it is left to order", "采购申请 {id} 未获批准或已无待采购明细", at "/requisition_ids";
        Currencies => "sourcing_waiver.currencies", Invalid, "the requisitions are in different currencies; ask for a waiver each", "采购申请币种不同，请分别申请豁免", at "/requisition_ids";
        NotBase { currency: Currency } => "sourcing_waiver.currency", Invalid, "the approval tiers are in CNY, the requisitions in {currency}", "审批额度以人民币计，采购申请币种为 {currency}", at "/requisition_ids";
        Taken { number: String } => "sourcing_waiver.taken", Conflict, "{number} covers one of these requisitions already", "豁免 {number} 已覆盖其中的采购申请", at "/requisition_ids";
    }
);

impl Machine for SourcingWaiver {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "sourcing_waiver",
        transitions: &[
            Transition::new("update", &["draft", "rejected"], &["draft"]),
            Transition::new("submit", &["draft"], &["in_approval"]),
            Transition::automatic("approve", &["in_approval"], &["approved"]),
            Transition::automatic("reject", &["in_approval"], &["rejected"]),
            Transition::automatic("use", &["approved"], &["used"]),
            Transition::new("cancel", &["draft", "rejected", "approved"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
}

impl SourcingWaiver {
    /// For these requisitions, from this supplier.
    pub fn draft(
        id: SourcingWaiverId,
        number: String,
        new: NewSourcingWaiver,
        supplier_name: String,
        figures: &Figures,
        by: &Stamp,
    ) -> Change<Self> {
        let NewSourcingWaiver { reason_code, justification, supplier_id, requisition_ids, attachment_id } = new;
        let head = Head {
            id,
            number,
            status: Status::Draft,
            case_id: figures.case_id,
            reason_code,
            justification: justification.into_string(),
            supplier_id,
            supplier_name,
            total: figures.total,
            currency: figures.currency,
            attachment_id,
            reason: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            decided_at: None,
            used_at: None,
            version: 1,
        };
        Change::new("create", Self { head, requisition_ids })
    }
    /// Mends it; a rejected one is a draft again (PLT-03).
    pub fn update(self, patch: SourcingWaiverPatch) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let SourcingWaiverPatch { reason_code, justification, attachment_id } = patch;
        let mut next = self.to(Status::Draft);
        next.head.reason_code = reason_code.unwrap_or(next.head.reason_code);
        next.head.justification = justification.map_or(next.head.justification, Note::into_string);
        next.head.attachment_id = attachment_id.unwrap_or(next.head.attachment_id);
        Ok(Change::new("update", next))
    }
    /// Asks the approver; `figures` as the requisitions are now, `taken` by the waiver of this number.
    pub fn submit(self, figures: &Figures, taken: Option<String>) -> platform::Result<Change<Self>> {
        self.may("submit")?;
        if let Some(number) = taken {
            return Err(WaiverRule::Taken { number }.into());
        }
        let mut next = self.to(Status::InApproval);
        (next.head.total, next.head.currency, next.head.reason) = (figures.total, figures.currency, None);
        let ask = Ask {
            policy: "procurement.sourcing_waiver",
            number: next.head.number.clone(),
            amount: Some(Money::new(figures.tier_amount, figures.currency)),
        };
        Ok(Change::new("submit", next).ask(ask))
    }
    /// The approver's yes.
    pub fn approve(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("approve")?;
        let mut next = self.to(Status::Approved);
        next.head.decided_at = Some(by.at);
        let event = SourcingWaiverApproved {
            sourcing_waiver_id: next.head.id,
            number: next.head.number.clone(),
            reason_code: next.head.reason_code,
            supplier_id: next.head.supplier_id,
            requisition_ids: next.requisition_ids.clone(),
            total: Money::new(next.head.total, next.head.currency),
        };
        Ok(Change::new("approve", next).emit(&event))
    }
    /// The approver's no; the reason stays visible.
    pub fn reject(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("reject")?;
        let mut next = self.to(Status::Rejected);
        (next.head.reason, next.head.decided_at) = (Some(reason.clone()), Some(by.at));
        Ok(Change::new("reject", next).because(reason))
    }
    /// Something was asked for or ordered under it: it is good for no other.
    pub fn use_up(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("use")?;
        let mut next = self.to(Status::Used);
        next.head.used_at = Some(by.at);
        Ok(Change::new("use", next))
    }
    /// Not wanted any more.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let mut next = self.to(Status::Cancelled);
        next.head.reason = Some(reason.clone());
        Ok(Change::new("cancel", next).because(reason))
    }
    /// May something be bought under it now?
    pub fn is_approved(&self) -> bool {
        self.head.status == Status::Approved
    }
    /// Asked for, or approved and not used up: its requisitions take no other waiver.
    pub fn is_open(&self) -> bool {
        matches!(self.head.status, Status::InApproval | Status::Approved)
    }
    /// Its requisitions as they are stored.
    pub fn parts(&self) -> Vec<Part> {
        let part = |requisition_id: &RequisitionId| Part {
            sourcing_waiver_id: self.head.id,
            requisition_id: *requisition_id,
            open: self.is_open(),
        };
        self.requisition_ids.iter().map(part).collect()
    }

    fn to(mut self, status: Status) -> Self {
        self.head.version += 1;
        self.head.status = status;
        self
    }
}

/// One requisition's part in the figures.
#[derive(Debug, Clone)]
pub struct Estimate {
    pub requisition_id: RequisitionId,
    pub case_id: CaseId,
    pub total: Money,
    /// With those it counted together with (D-14).
    pub window: Option<Money>,
}

/// Sums what is asked for; `orderable` are the requisitions that are approved and have something left to order.
pub fn figures(
    asked: &[RequisitionId],
    orderable: &[RequisitionId],
    estimates: &[Estimate],
) -> Result<Figures, WaiverRule> {
    let distinct: HashSet<_> = asked.iter().collect();
    if asked.is_empty() || asked.len() > MOST_REQUISITIONS || distinct.len() < asked.len() {
        return Err(WaiverRule::Requisitions);
    }
    if let Some(id) = asked.iter().find(|id| !orderable.contains(id)) {
        return Err(WaiverRule::Requisition { id: *id });
    }
    let first = estimates.first().ok_or(WaiverRule::Requisitions)?;
    let currency = first.total.currency;
    if estimates.iter().any(|one| one.total.currency != currency) {
        return Err(WaiverRule::Currencies);
    }
    if currency != sourcing::BASE {
        return Err(WaiverRule::NotBase { currency });
    }
    let total: Decimal = estimates.iter().map(|one| one.total.amount.get()).sum();
    let windows = estimates.iter().filter_map(|one| one.window).map(|money| money.amount.get());
    let same_case = estimates.iter().all(|one| one.case_id == first.case_id);
    Ok(Figures {
        case_id: Some(first.case_id).filter(|_| same_case),
        total: Amount::new(total),
        currency,
        tier_amount: Amount::new(windows.fold(total, Decimal::max)),
    })
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
