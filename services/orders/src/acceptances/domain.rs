//! The rules of acceptances (ORD-34, 36, 38); `silence` has what happens without an answer. Pure: no async, no clock, no SQL.
use super::silence::{next_step_at, steps};
use crate::{acceptance_policies::domain::AcceptancePolicy, orders::domain::Order, schema::acceptances};
use diesel::prelude::*;
use platform::{
    Change, Machine, MachineInfo, Refused, Result, Stamp, Transition, calendar::Calendar, evidence::not_to_come,
};
use serde::Serialize;
use wire::{
    CaseId, Evidence, Label, Moment,
    json::Kept,
    orders::{
        AcceptanceId, AcceptanceInvited, AcceptanceStatus as Status, AcceptanceStep, InviteAcceptance, OnSilence,
        OrderId,
    },
};

/// Working days the customer has where no contract says otherwise (ORD-36).
pub const WORKING_DAYS: u32 = 7;
/// Criteria of one acceptance.
const MOST_CRITERIA: usize = 50;
/// What counts where neither the contract nor the invitation says more.
const DEFAULT_CRITERION: &str = "数量齐全、外观完好、符合订单规格 / complete, undamaged, as ordered";

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = acceptances, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Acceptance {
    pub id: AcceptanceId,
    pub number: String,
    pub status: Status,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub criteria: Kept<Vec<String>>,
    pub test_account: Option<String>,
    pub due_at: Moment,
    pub calendar_id: String,
    pub on_silence: OnSilence,
    pub policy_number: String,
    pub steps: Kept<Vec<AcceptanceStep>>,
    /// The moment of the next step; absent once the customer has answered.
    pub next_step_at: Option<Moment>,
    pub overdue_at: Option<Moment>,
    pub escalated_at: Option<Moment>,
    pub deemed_accepted: bool,
    pub evidence: Option<Kept<Evidence>>,
    pub reason: Option<String>,
    pub decided_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Acceptance, "acceptance", AcceptanceId; row: this, case: some, owned);

platform::rules!(
    /// Why an acceptance is refused.
    AcceptanceRule {
        Open { number: String } => "acceptance.open", Conflict, "the customer is still invited: {number}", "验收邀请 {number} 尚未结束";
        Criteria => "acceptance.criteria", Invalid, "at most 50 criteria", "验收标准最多 50 条", at "/criteria";
    }
);

impl Machine for Acceptance {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "acceptance",
        transitions: &[
            Transition::new("test", &["invited"], &["testing"]),
            Transition::automatic("chase", &["invited", "testing"], &["invited", "testing", "accepted"]),
            Transition::new("accept", &["invited", "testing"], &["accepted"]),
            Transition::new("reject", &["invited", "testing"], &["rejected"]),
        ],
        labels: Status::labels(),
    };
}

impl Acceptance {
    /// Invites the customer of a delivered order; `open` is the number of an invitation that still stands.
    pub fn invite(
        ids: (AcceptanceId, String),
        order: &Order,
        asked: InviteAcceptance,
        policy: &AcceptancePolicy,
        open: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>> {
        order.may("invite")?;
        let ((id, number), InviteAcceptance { order_id: _, criteria, test_account }) = (ids, asked);
        if let Some(number) = open {
            return Err(AcceptanceRule::Open { number }.into());
        }
        if criteria.len() > MOST_CRITERIA {
            return Err(AcceptanceRule::Criteria.into());
        }
        let head = &order.head;
        let days = head.goods.0.acceptance_working_days.map_or(WORKING_DAYS, u32::from);
        let steps = steps(by.at, days, policy);
        let due = Calendar::china().add_working_days(by.at.timestamp(), days);
        let acceptance = Self {
            id,
            number: number.clone(),
            status: Status::Invited,
            order_id: head.id,
            order_number: head.number.clone(),
            case_id: head.case_id,
            criteria: Kept(criteria_of(order, criteria)),
            test_account: test_account.map(wire::Note::into_string),
            due_at: due.at.into(),
            calendar_id: due.calendar_id.to_owned(),
            on_silence: policy.on_silence,
            policy_number: policy.number.clone(),
            next_step_at: next_step_at(&steps),
            steps: Kept(steps),
            overdue_at: None,
            escalated_at: None,
            deemed_accepted: false,
            evidence: None,
            reason: None,
            decided_at: None,
            owner_id: head.owner_id.clone(),
            team_id: head.team_id.clone(),
            department_id: head.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        let event =
            AcceptanceInvited { acceptance_id: id, number, order_id: head.id, order_number: head.number.clone() };
        Ok(Change::new("invite", acceptance).emit(&event))
    }
    /// The customer has begun.
    pub fn test(self) -> Result<Change<Self>, Refused> {
        self.may("test")?;
        Ok(Change::new("test", self.to(Status::Testing)))
    }
    /// The customer's yes; the order says so to the world.
    pub fn accept(self, evidence: Evidence, by: &Stamp) -> Result<Change<Self>> {
        self.may("accept")?;
        not_to_come("evidence", &evidence, by)?;
        let mut next = self.to(Status::Accepted);
        (next.evidence, next.decided_at) = (Some(Kept(evidence)), Some(by.at));
        next.next_step_at = None;
        Ok(Change::new("accept", next))
    }
    /// The customer's no.
    pub fn reject(self, reason: String, evidence: Option<Evidence>, by: &Stamp) -> Result<Change<Self>> {
        self.may("reject")?;
        not_to_come("evidence", evidence.as_ref(), by)?;
        let mut next = self.to(Status::Rejected);
        (next.reason, next.evidence, next.decided_at) = (Some(reason.clone()), evidence.map(Kept), Some(by.at));
        next.next_step_at = None;
        Ok(Change::new("reject", next).because(reason))
    }

    pub(super) fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

/// Those of the invitation, else those of the contract, else the default.
fn criteria_of(order: &Order, asked: Vec<Label>) -> Vec<String> {
    let agreed = &order.head.acceptance_criteria.0;
    if !asked.is_empty() {
        asked.into_iter().map(Label::into_string).collect()
    } else if agreed.is_empty() {
        vec![DEFAULT_CRITERION.to_owned()]
    } else {
        agreed.clone()
    }
}
