//! The rules of data quality (CRM-31). Pure: no async, no clock, no SQL.
use crate::{
    accounts::domain::Account,
    schema::{data_quality_rules, data_quality_tasks},
};
use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use platform::{Change, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Moment,
    crm::{
        AccountId, AccountTier, DataQualityRuleId, DataQualityRulePatch, DataQualityRuleStatus, DataQualityTaskId,
        DataQualityTaskStatus as Status, NewDataQualityRule,
    },
};

/// A rule's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = data_quality_rules, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DataQualityRule {
    pub id: DataQualityRuleId,
    pub status: DataQualityRuleStatus,
    pub tier: AccountTier,
    pub max_age_days: i32,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(DataQualityRule, "data_quality_rule", DataQualityRuleId; row: this, case: none, unowned);

/// A task's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = data_quality_tasks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DataQualityTask {
    pub id: DataQualityTaskId,
    pub status: Status,
    pub account_id: AccountId,
    pub rule_id: Option<DataQualityRuleId>,
    pub stale_since: Moment,
    pub note: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub closed_by: Option<String>,
    pub version: i32,
}
platform::entity!(DataQualityTask, "data_quality_task", DataQualityTaskId; row: this, case: none, owned);

platform::rules!(
    /// Why data quality refuses.
    DataQualityProblem {
        Age => "data_quality_rule.max_age_days", Invalid, "data is trusted for 1 to 3650 days", "数据有效期应为 1 至 3650 天", at "/max_age_days";
        Tier => "data_quality_rule.tier", Conflict, "there is an active rule for this grade; change or retire it", "该等级已有生效规则，请修改或停用", at "/tier";
        Open => "data_quality_task.open", Conflict, "somebody is to look at this customer already", "该客户已有待核实任务", at "/account_id";
        Account => "data_quality_task.account", Conflict, "the customer is invalid, merged or purged", "该客户已失效、合并或清除", at "/account_id";
    }
);

impl Machine for DataQualityRule {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "data_quality_rule",
        transitions: &[
            Transition::new("update", &["active"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: DataQualityRuleStatus::labels(),
    };
}
impl Machine for DataQualityTask {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "data_quality_task",
        transitions: &[
            Transition::new("verify", &["open"], &["verified"]),
            Transition::new("purge", &["open"], &["purged"]),
            Transition::new("dismiss", &["open"], &["dismissed"]),
        ],
        labels: Status::labels(),
    };
}

impl DataQualityRule {
    /// A rule for a grade; `taken` = there is one.
    pub fn create(
        id: DataQualityRuleId,
        new: &NewDataQualityRule,
        taken: bool,
        by: &Stamp,
    ) -> Result<Change<Self>, DataQualityProblem> {
        if taken {
            return Err(DataQualityProblem::Tier);
        }
        let (status, tier) = (DataQualityRuleStatus::Active, new.tier);
        let max_age_days = age(new.max_age_days)?;
        Ok(Change::new("create", Self { id, status, tier, max_age_days, created_at: by.at, version: 1 }))
    }
    /// Another age.
    pub fn update(self, patch: &DataQualityRulePatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let max_age_days = age(patch.max_age_days.unwrap_or(self.max_age_days))?;
        Ok(Change::new("update", Self { max_age_days, version: self.version + 1, ..self }))
    }
    /// It opens no tasks any more.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        Ok(Change::new("retire", Self { status: DataQualityRuleStatus::Retired, version: self.version + 1, ..self }))
    }
    /// Whoever was looked at before this moment is to be looked at `now`.
    pub fn stale_before(&self, now: Moment) -> Moment {
        let age = SignedDuration::from_hours(24 * i64::from(self.max_age_days));
        Moment::new(now.timestamp().checked_sub(age).unwrap_or(Timestamp::MIN))
    }
}

impl DataQualityTask {
    /// Somebody is to look at a customer: its owner. `rule` = the one that says so; `open` = somebody is to already.
    pub fn open(
        id: DataQualityTaskId,
        account: &Account,
        rule: Option<DataQualityRuleId>,
        note: Option<String>,
        open: bool,
        by: &Stamp,
    ) -> Result<Change<Self>, DataQualityProblem> {
        if !account.is_alive() {
            return Err(DataQualityProblem::Account);
        }
        if open {
            return Err(DataQualityProblem::Open);
        }
        let owner = account.ownership().unwrap_or_default();
        let task = Self {
            id,
            status: Status::Open,
            account_id: account.id,
            rule_id: rule,
            stale_since: account.last_verified_at.unwrap_or(account.created_at),
            note,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            closed_at: None,
            closed_by: None,
            version: 1,
        };
        Ok(Change::new("create", task))
    }
    /// It was looked at and is right.
    pub fn verify(self, note: Option<String>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("verify")?;
        Ok(Change::new("verify", self.close(Status::Verified, note, by)))
    }
    /// What is known is not wanted any more.
    pub fn purge(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("purge")?;
        Ok(Change::new("purge", self.close(Status::Purged, Some(reason.clone()), by)).because(reason))
    }
    /// There is nothing to look at: the customer was merged, for instance.
    pub fn dismiss(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("dismiss")?;
        Ok(Change::new("dismiss", self.close(Status::Dismissed, Some(reason.clone()), by)).because(reason))
    }
    fn close(mut self, status: Status, note: Option<String>, by: &Stamp) -> Self {
        self.version += 1;
        let (closed_at, closed_by) = (Some(by.at), Some(by.actor.clone()));
        Self { status, note: note.or_else(|| self.note.clone()), closed_at, closed_by, ..self }
    }
}

fn age(days: i32) -> Result<i32, DataQualityProblem> {
    if (1..=3650).contains(&days) { Ok(days) } else { Err(DataQualityProblem::Age) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wire::Ownership;

    fn at(text: &str) -> Moment {
        Moment::new(text.parse().unwrap())
    }
    fn by() -> Stamp {
        Stamp { at: at("2026-03-02T01:00:00Z"), actor: "user:ann".into(), ownership: Ownership::default() }
    }
    fn rule(max_age_days: i32) -> Result<DataQualityRule, DataQualityProblem> {
        let new = NewDataQualityRule { tier: AccountTier::Key, max_age_days };
        let change = DataQualityRule::create(DataQualityRuleId(Uuid::nil()), &new, false, &by());
        change.map(|change| change.after().clone())
    }

    #[test]
    fn crm_31_data_is_trusted_for_1_to_3650_days() {
        for (days, allowed) in [(0, false), (1, true), (2, true), (3649, true), (3650, true), (3651, false)] {
            assert_eq!(rule(days).is_ok(), allowed, "{days}");
        }
        assert_eq!(rule(180).unwrap().stale_before(at("2026-06-30T01:00:00Z")), at("2026-01-01T01:00:00Z"));
        let retired = rule(180).unwrap().retire().unwrap().after().clone();
        assert!(retired.clone().update(&DataQualityRulePatch::default()).is_err() && retired.retire().is_err());
    }

    #[test]
    fn crm_31_the_whole_life_of_a_task_on_one_screen() {
        let profile = serde_json::from_value(serde_json::json!({"name": "晨光泵业"})).unwrap();
        let account =
            Account::open(AccountId(Uuid::nil()), "AC-1".into(), profile, Ownership::default(), &by()).unwrap();
        let id = DataQualityTaskId(Uuid::nil());
        let open = |open| DataQualityTask::open(id, account.after(), None, None, open, &by());
        assert_eq!(open(true).unwrap_err(), DataQualityProblem::Open);
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let task = || DataQualityTask { status: from, ..open(false).unwrap().after().clone() };
            let steps = [
                ("verify", task().verify(None, &by())),
                ("purge", task().purge("x".into(), &by())),
                ("dismiss", task().dismiss("x".into(), &by())),
            ];
            let done = steps.into_iter().filter_map(|(command, outcome)| Some((command, outcome.ok()?)));
            table.extend(done.map(|(command, change)| format!("{from} {command} {}", change.after().status)));
        }
        assert_eq!(table, ["open verify verified", "open purge purged", "open dismiss dismissed"]);
    }
}
