//! The rules of account plans (CRM-38). Pure: no async, no clock, no SQL.
use crate::{accounts::domain::Account, sales_plans::domain::MOST_ACTIONS, schema::account_plans};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Moment,
    crm::{
        AccountGoal, AccountId, AccountPlanActivated, AccountPlanId, AccountPlanPatch, AccountPlanStatus as Status,
        NewAccountPlan, PlannedAction,
    },
    json::Kept,
};

/// Goals of a plan at most.
const MOST_GOALS: usize = 20;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = account_plans, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct AccountPlan {
    pub id: AccountPlanId,
    pub number: String,
    pub status: Status,
    pub account_id: AccountId,
    pub account_name: String,
    pub title: String,
    pub goals: Kept<Vec<AccountGoal>>,
    pub actions: Kept<Vec<PlannedAction>>,
    pub result: Option<String>,
    pub created_by: String,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(AccountPlan, "account_plan", AccountPlanId; row: this, case: none, owned);

platform::rules!(
    /// Why a plan is refused.
    AccountPlanRule {
        Goals { count: usize } => "account_plan.goals", Invalid, "a plan has 1 to 20 goals, not {count}", "客户计划应有 1 至 20 个目标，实际为 {count} 个", at "/goals";
        Actions { count: usize } => "account_plan.actions", Invalid, "a plan has at most 100 actions, not {count}", "计划最多 100 项行动，实际为 {count} 项", at "/actions";
        Settled => "account_plan.settled", Conflict, "of an active plan only the actions change", "执行中的计划只能修改行动";
        Active { number: String } => "account_plan.active", Conflict, "{number} is being carried out for the customer: close it first", "该客户已有执行中的计划 {number}，请先关闭";
    }
);

impl Machine for AccountPlan {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "account_plan",
        transitions: &[
            Transition::new("update", &["draft", "active"], &["draft", "active"]),
            Transition::new("activate", &["draft"], &["active"]),
            Transition::new("close", &["active"], &["closed"]),
        ],
        labels: Status::labels(),
    };
}

impl AccountPlan {
    /// A draft, the customer's owner's.
    pub fn draft(
        id: AccountPlanId,
        number: String,
        new: NewAccountPlan,
        account: &Account,
        by: &Stamp,
    ) -> Result<Change<Self>, AccountPlanRule> {
        let NewAccountPlan { account_id: _, title, goals, actions } = new;
        let plan = Self {
            id,
            number,
            status: Status::Draft,
            account_id: account.id,
            account_name: account.name.clone(),
            title: title.into_string(),
            goals: Kept(some(goals)?),
            actions: Kept(few(actions)?),
            result: None,
            created_by: by.actor.clone(),
            owner_id: account.owner_id.clone(),
            team_id: account.team_id.clone(),
            department_id: account.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", plan))
    }
    /// Changes a draft; of an active plan only the actions.
    pub fn update(self, patch: AccountPlanPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let AccountPlanPatch { title, goals, actions } = patch;
        if self.status != Status::Draft && (title.is_some() || goals.is_some()) {
            return Err(AccountPlanRule::Settled.into());
        }
        let mut next = self.next();
        next.title = title.map_or(next.title, wire::Name::into_string);
        if let Some(goals) = goals {
            next.goals = Kept(some(goals)?);
        }
        if let Some(actions) = actions {
            next.actions = Kept(few(actions)?);
        }
        Ok(Change::new("update", next))
    }
    /// It is being carried out.
    pub fn activate(self) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        let next = Self { status: Status::Active, ..self.next() };
        let event =
            AccountPlanActivated { account_plan_id: next.id, number: next.number.clone(), account_id: next.account_id };
        Ok(Change::new("activate", next).emit(&event))
    }
    /// It is over.
    pub fn close(self, result: String) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        Ok(Change::new("close", Self { status: Status::Closed, result: Some(result), ..self.next() }))
    }
    /// Nothing names the customer any more (CRM-31); what colleagues planned and reached remains.
    pub fn scrub(self, account: &Account) -> Change<Self> {
        let mut next = self.next();
        (next.account_name, next.title) = (account.name.clone(), next.number.clone());
        Change::new("purge", next)
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn some(goals: Vec<AccountGoal>) -> Result<Vec<AccountGoal>, AccountPlanRule> {
    let count = goals.len();
    if (1..=MOST_GOALS).contains(&count) { Ok(goals) } else { Err(AccountPlanRule::Goals { count }) }
}

fn few(actions: Vec<PlannedAction>) -> Result<Vec<PlannedAction>, AccountPlanRule> {
    let count = actions.len();
    if count <= MOST_ACTIONS { Ok(actions) } else { Err(AccountPlanRule::Actions { count }) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
