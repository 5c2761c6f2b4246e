//! The limits of the pool (CRM-01). Pure: no async, no clock, no SQL. A day of a limit is 24 hours; a day of claims is China's.
use crate::schema::lead_pool_rules;
use diesel::prelude::*;
use jiff::SignedDuration;
use platform::{Change, Entity};
use serde::Serialize;
use wire::{
    CaseId, Moment, Ownership,
    crm::{LeadPoolRuleId, LeadPoolRulePatch, NewLeadPoolRule},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = lead_pool_rules, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LeadPoolRule {
    pub id: LeadPoolRuleId,
    /// `None`: all departments that have none of their own.
    pub department: Option<String>,
    pub most_held: i32,
    pub most_claims_a_day: i32,
    pub cooldown_days: i32,
    pub idle_days: i32,
    pub warn_days: i32,
    pub version: i32,
}

/// By hand, because limits hold as long as there are any.
impl Entity for LeadPoolRule {
    const KIND: &'static str = "lead_pool_rule";
    type Id = LeadPoolRuleId;
    fn id(&self) -> LeadPoolRuleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "effective"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why limits are refused, or somebody who wants a lead of the pool.
    LeadPoolRefused {
        Department { department: String } => "lead_pool.department", Conflict, "{department} has limits of its own already", "部门 {department} 已有公海规则", at "/department";
        Limit { field: &'static str, least: i32, most: i32 } => "lead_pool.limit", Invalid, "{field} is {least} to {most}", "{field} 应为 {least} 至 {most}", at "/{field}";
        Held { most: i32 } => "lead_pool.held", Conflict, "whoever holds {most} leads claims no more", "已持有 {most} 条线索，不能再领取";
        Claims { most: i32 } => "lead_pool.claims", Conflict, "{most} leads are claimed on a day at most", "每天最多领取 {most} 条线索";
        Cooldown { until: Moment } => "lead_pool.cooldown", Conflict, "who gave a lead back claims it again from {until} on", "退回的线索自 {until} 起才能再次领取";
    }
);

/// Who wants a lead of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimant {
    /// Leads being worked on that they hold.
    pub held: i64,
    /// Leads that they have claimed today, given back or not.
    pub claims_today: i64,
    /// When this one was theirs last.
    pub gave_back_at: Option<Moment>,
}

/// How long nobody has worked on a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Not for long.
    Fresh,
    /// Its holder is to be warned: it goes back at this time.
    Due(Moment),
    /// It goes back.
    Over,
}

impl LeadPoolRule {
    /// Limits of one department.
    pub fn add(id: LeadPoolRuleId, new: NewLeadPoolRule) -> Result<Change<Self>, LeadPoolRefused> {
        let NewLeadPoolRule { department, most_held, most_claims_a_day, cooldown_days, idle_days, warn_days } = new;
        let department = Some(department.into_string());
        let rule =
            Self { id, department, most_held, most_claims_a_day, cooldown_days, idle_days, warn_days, version: 1 };
        Ok(Change::new("create", rule.checked()?))
    }
    /// Other limits, from now on.
    pub fn update(self, patch: LeadPoolRulePatch) -> Result<Change<Self>, LeadPoolRefused> {
        let LeadPoolRulePatch { most_held, most_claims_a_day, cooldown_days, idle_days, warn_days } = patch;
        let next = Self {
            most_held: most_held.unwrap_or(self.most_held),
            most_claims_a_day: most_claims_a_day.unwrap_or(self.most_claims_a_day),
            cooldown_days: cooldown_days.unwrap_or(self.cooldown_days),
            idle_days: idle_days.unwrap_or(self.idle_days),
            warn_days: warn_days.unwrap_or(self.warn_days),
            version: self.version + 1,
            ..self
        };
        Ok(Change::new("update", next.checked()?))
    }
    fn checked(self) -> Result<Self, LeadPoolRefused> {
        let bounds = [
            ("most_held", self.most_held, 1, 100_000),
            ("most_claims_a_day", self.most_claims_a_day, 1, 100_000),
            ("cooldown_days", self.cooldown_days, 0, 3650),
            ("idle_days", self.idle_days, 1, 3650),
            // Whoever is warned has a day at least.
            ("warn_days", self.warn_days, 0, self.idle_days - 1),
        ];
        match bounds.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value)) {
            Some((field, _, least, most)) => Err(LeadPoolRefused::Limit { field, least, most }),
            None => Ok(self),
        }
    }
    /// May they claim one more, and this one?
    pub fn admit(&self, who: &Claimant, now: Moment) -> Result<(), LeadPoolRefused> {
        let until = who.gave_back_at.map(|at| after(at, self.cooldown_days));
        if who.held >= i64::from(self.most_held) {
            return Err(LeadPoolRefused::Held { most: self.most_held });
        }
        if who.claims_today >= i64::from(self.most_claims_a_day) {
            return Err(LeadPoolRefused::Claims { most: self.most_claims_a_day });
        }
        match until.filter(|until| now < *until) {
            Some(until) => Err(LeadPoolRefused::Cooldown { until }),
            None => Ok(()),
        }
    }
    /// What becomes of a lead on which somebody worked last at `touched_at`.
    pub fn idle(&self, touched_at: Moment, now: Moment) -> Idle {
        let due = after(touched_at, self.idle_days);
        if now >= due {
            Idle::Over
        } else if self.warn_days > 0 && now >= after(due, -self.warn_days) {
            Idle::Due(due)
        } else {
            Idle::Fresh
        }
    }
    /// Leads on which somebody worked last at this time or before go back.
    pub fn over_before(&self, now: Moment) -> Moment {
        after(now, -self.idle_days)
    }
    /// Holders of such are to be warned; nobody's where nobody is warned.
    pub fn due_before(&self, now: Moment) -> Option<Moment> {
        (self.warn_days > 0).then(|| after(now, self.warn_days - self.idle_days))
    }
}

fn after(at: Moment, days: i32) -> Moment {
    let later = at.timestamp().checked_add(SignedDuration::from_hours(24 * i64::from(days)));
    later.map_or(at, Moment::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Rule;
    use uuid::Uuid;

    fn rule() -> LeadPoolRule {
        LeadPoolRule {
            id: LeadPoolRuleId(Uuid::nil()),
            department: None,
            most_held: 3,
            most_claims_a_day: 2,
            cooldown_days: 7,
            idle_days: 30,
            warn_days: 5,
            version: 1,
        }
    }
    fn at(days: i64, seconds: i64) -> Moment {
        let day = jiff::Timestamp::from_second(1_800_000_000).unwrap();
        Moment::new(day + SignedDuration::from_hours(24 * days) + SignedDuration::from_secs(seconds))
    }

    #[test]
    fn crm_01_a_limit_is_met_by_whoever_has_one_less() {
        let admit = |held, claims_today| {
            let who = Claimant { held, claims_today, gave_back_at: None };
            rule().admit(&who, at(0, 0)).map_err(|refused| refused.code().to_owned())
        };
        assert_eq!(
            [2, 3, 4].map(|held| admit(held, 0)),
            [Ok(()), Err("lead_pool.held".to_owned()), Err("lead_pool.held".to_owned())]
        );
        assert_eq!(
            [1, 2, 3].map(|claims| admit(0, claims)),
            [Ok(()), Err("lead_pool.claims".to_owned()), Err("lead_pool.claims".to_owned())]
        );
    }

    #[test]
    fn crm_01_what_was_given_back_rests_for_its_days() {
        let who = Claimant { held: 0, claims_today: 0, gave_back_at: Some(at(0, 0)) };
        let until = |now| rule().admit(&who, now);
        assert_eq!(until(at(7, -1)), Err(LeadPoolRefused::Cooldown { until: at(7, 0) }));
        assert_eq!([until(at(7, 0)), until(at(7, 1))], [Ok(()), Ok(())]);
        let none = LeadPoolRule { cooldown_days: 0, ..rule() };
        assert_eq!(none.admit(&who, at(0, 0)), Ok(()));
    }

    #[test]
    fn crm_01_idle_leads_are_warned_of_and_go_back_to_the_second() {
        let idle = |now| rule().idle(at(0, 0), now);
        assert_eq!(
            [idle(at(25, -1)), idle(at(25, 0)), idle(at(25, 1))],
            [Idle::Fresh, Idle::Due(at(30, 0)), Idle::Due(at(30, 0))]
        );
        assert_eq!(
            [idle(at(30, -1)), idle(at(30, 0)), idle(at(30, 1))],
            [Idle::Due(at(30, 0)), Idle::Over, Idle::Over]
        );
        assert_eq!((rule().over_before(at(30, 0)), rule().due_before(at(25, 0))), (at(0, 0), Some(at(0, 0))));
        let silent = LeadPoolRule { warn_days: 0, ..rule() };
        assert_eq!((silent.idle(at(0, 0), at(30, -1)), silent.due_before(at(25, 0))), (Idle::Fresh, None));
    }

    #[test]
    fn crm_01_limits_have_bounds_of_their_own() {
        let with = |patch: LeadPoolRulePatch| rule().update(patch).map(|change| change.after().version);
        let held = |most_held| with(LeadPoolRulePatch { most_held: Some(most_held), ..LeadPoolRulePatch::default() });
        assert_eq!([held(1), held(100_000)], [Ok(2), Ok(2)]);
        let wrong = LeadPoolRefused::Limit { field: "most_held", least: 1, most: 100_000 };
        assert_eq!([held(0), held(100_001)], [Err(wrong.clone()), Err(wrong)]);
        let warn = |days| with(LeadPoolRulePatch { warn_days: Some(days), ..LeadPoolRulePatch::default() });
        assert_eq!([warn(0), warn(29)], [Ok(2), Ok(2)]);
        assert_eq!(warn(30), Err(LeadPoolRefused::Limit { field: "warn_days", least: 0, most: 29 }));
    }
}
