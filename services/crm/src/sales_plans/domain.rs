//! The rules of sales plans (CRM-35). Pure: no async, no clock, no SQL.
use crate::schema::sales_plans;
use diesel::prelude::*;
use platform::{
    Change, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
};
use serde::Serialize;
use wire::{
    Moment, Name,
    crm::{
        NewSalesPlan, PlannedAction, SalesPlanApproved, SalesPlanId, SalesPlanPatch, SalesPlanStatus as Status,
        SalesTargetId,
    },
    json::Kept,
};

/// Actions of a plan at most.
pub const MOST_ACTIONS: usize = 100;
const MOST_CHANNELS: usize = 20;
const MOST_TARGETS: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sales_plans, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SalesPlan {
    pub id: SalesPlanId,
    pub number: String,
    pub status: Status,
    pub title: String,
    pub period: String,
    pub strategy: String,
    pub channels: Kept<Vec<Name>>,
    pub target_ids: Kept<Vec<SalesTargetId>>,
    pub actions: Kept<Vec<PlannedAction>>,
    pub result: Option<String>,
    pub created_by: String,
    /// Who wrote in it: none of them approves it.
    pub makers: Makers,
    pub approved_by: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(SalesPlan, "sales_plan", SalesPlanId; row: this, case: none, owned);

platform::rules!(
    /// Why a plan is refused.
    SalesPlanRule {
        Channels { count: usize } => "sales_plan.channels", Invalid, "a plan has 1 to 20 channels, not {count}", "销售计划应有 1 至 20 个渠道，实际为 {count} 个", at "/channels";
        Targets { count: usize } => "sales_plan.targets", Invalid, "a plan names at most 50 targets, not {count}", "销售计划最多引用 50 个目标，实际为 {count} 个", at "/target_ids";
        Actions { count: usize } => "sales_plan.actions", Invalid, "a plan has at most 100 actions, not {count}", "计划最多 100 项行动，实际为 {count} 项", at "/actions";
        Settled => "sales_plan.settled", Conflict, "of a plan that was approved only the actions change", "已批准的计划只能修改行动";
        Maker => "sales_plan.maker", Forbidden, "whoever drafted or changed a plan does not approve it", "计划的制定人和修改人不能批准该计划";
    }
);

impl Machine for SalesPlan {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "sales_plan",
        transitions: &[
            Transition::new("update", &["draft", "approved", "executing"], &["draft", "approved", "executing"]),
            Transition::new("approve", &["draft"], &["approved"]),
            Transition::new("start", &["approved"], &["executing"]),
            Transition::new("review", &["executing"], &["reviewed"]),
        ],
        labels: Status::labels(),
    };
    /// Nobody passes what they wrote in.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let own = action == "approve" && makers::wrote(&self.makers, actor);
        if own { Err(SalesPlanRule::Maker.into()) } else { Ok(()) }
    }
}

impl SalesPlan {
    /// A draft.
    pub fn draft(id: SalesPlanId, number: String, new: NewSalesPlan, by: &Stamp) -> platform::Result<Change<Self>> {
        let NewSalesPlan { title, period, strategy, channels, target_ids, actions } = new;
        if target_ids.len() > MOST_TARGETS {
            return Err(SalesPlanRule::Targets { count: target_ids.len() }.into());
        }
        let plan = Self {
            id,
            number,
            status: Status::Draft,
            title: title.into_string(),
            period: period.to_string(),
            strategy: strategy.into_string(),
            channels: Kept(some(channels)?),
            target_ids: Kept(target_ids),
            actions: Kept(few(actions)?),
            result: None,
            created_by: by.actor.clone(),
            makers: makers::begun(by),
            approved_by: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", plan))
    }
    /// Changes a draft; of a later one only the actions.
    pub fn update(self, patch: SalesPlanPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let SalesPlanPatch { title, strategy, channels, actions } = patch;
        if self.status != Status::Draft && (title.is_some() || strategy.is_some() || channels.is_some()) {
            return Err(SalesPlanRule::Settled.into());
        }
        let known = self.clone();
        let mut next = self.next();
        next.title = title.map_or(next.title, Name::into_string);
        next.strategy = strategy.map_or(next.strategy, wire::Note::into_string);
        if let Some(channels) = channels {
            next.channels = Kept(some(channels)?);
        }
        if let Some(actions) = actions {
            next.actions = Kept(few(actions)?);
        }
        if next.status == Status::Draft {
            next.makers = makers::patched(&known, &next, next.makers.clone(), by);
        }
        Ok(Change::new("update", next))
    }
    /// It may be carried out; by another than whoever drafted or changed it.
    pub fn approve(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("approve")?;
        self.admits("approve", &by.actor)?;
        let next = Self { approved_by: Some(by.actor.clone()), ..self.to(Status::Approved) };
        let event = SalesPlanApproved {
            sales_plan_id: next.id,
            number: next.number.clone(),
            period: next.period.clone(),
            title: next.title.clone(),
        };
        Ok(Change::new("approve", next).emit(&event))
    }
    /// It is being carried out.
    pub fn start(self) -> Result<Change<Self>, Refused> {
        self.may("start")?;
        Ok(Change::new("start", self.to(Status::Executing)))
    }
    /// What was learnt from it.
    pub fn review(self, result: String) -> Result<Change<Self>, Refused> {
        self.may("review")?;
        Ok(Change::new("review", Self { result: Some(result), ..self.to(Status::Reviewed) }))
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn some(channels: Vec<Name>) -> Result<Vec<Name>, SalesPlanRule> {
    let count = channels.len();
    if (1..=MOST_CHANNELS).contains(&count) { Ok(channels) } else { Err(SalesPlanRule::Channels { count }) }
}

fn few(actions: Vec<PlannedAction>) -> Result<Vec<PlannedAction>, SalesPlanRule> {
    let count = actions.len();
    if count <= MOST_ACTIONS { Ok(actions) } else { Err(SalesPlanRule::Actions { count }) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
