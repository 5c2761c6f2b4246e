//! The rules of acceptance policies (D-13). Pure: no async, no clock, no SQL.
use crate::{acceptances::domain::WORKING_DAYS, schema::acceptance_policies};
use diesel::prelude::*;
use platform::{Change, Stamp};
use serde::Serialize;
use wire::{
    Moment,
    json::Kept,
    orders::{AcceptancePolicyId, AcceptancePolicyStatus as Status, OnSilence, PublishAcceptancePolicy},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = acceptance_policies, treat_none_as_default_value = false)]
pub struct AcceptancePolicy {
    pub id: AcceptancePolicyId,
    pub number: String,
    /// The highest counts.
    pub revision: i32,
    pub status: Status,
    pub on_silence: OnSilence,
    pub remind_working_days_before: Kept<Vec<u32>>,
    pub escalate_after_working_days: i32,
    pub reason: String,
    pub published_by: String,
    pub published_at: Moment,
    pub version: i32,
}
platform::entity!(AcceptancePolicy, "acceptance_policy", AcceptancePolicyId; row: this, case: none, unowned);

platform::rules!(
    /// Why a version is refused.
    PolicyRule {
        Reminders => "acceptance_policy.reminders", Invalid, "each reminder once, 0 to 6 working days before the last day", "提醒日应为到期前 0 至 6 个工作日，且不得重复", at "/remind_working_days_before";
        Escalation => "acceptance_policy.escalation", Invalid, "escalate 1 to 60 working days after the last day", "升级应在到期后 1 至 60 个工作日", at "/escalate_after_working_days";
    }
);

impl AcceptancePolicy {
    /// A new version.
    pub fn publish(
        ids: (AcceptancePolicyId, String),
        revision: i32,
        new: PublishAcceptancePolicy,
        by: &Stamp,
    ) -> Result<Change<Self>, PolicyRule> {
        let PublishAcceptancePolicy { on_silence, remind_working_days_before, escalate_after_working_days, reason } =
            new;
        let mut days = remind_working_days_before;
        days.sort_unstable_by(|one, two| two.cmp(one));
        if days.iter().any(|day| *day >= WORKING_DAYS) || days.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(PolicyRule::Reminders);
        }
        let after = i32::try_from(escalate_after_working_days).ok().filter(|days| (1..=60).contains(days));
        let policy = Self {
            id: ids.0,
            number: ids.1,
            revision,
            status: Status::Published,
            on_silence,
            remind_working_days_before: Kept(days),
            escalate_after_working_days: after.ok_or(PolicyRule::Escalation)?,
            reason: reason.to_string(),
            published_by: by.actor.clone(),
            published_at: by.at,
            version: 1,
        };
        Ok(Change::new("publish", policy).because(reason.into_string()))
    }
}
