//! The rules of ladders (CRM-26, 60). Pure: no async, no clock, no SQL.
use crate::schema::escalation_ladders;
use diesel::prelude::*;
use jiff::{SignedDuration, civil::Time};
use platform::{
    Change,
    calendar::{Calendar, Due},
};
use serde::Serialize;
use wire::{
    Day, Moment,
    crm::{EscalationLadderId, EscalationLadderPatch, LadderKind, MOST_ESCALATION_MINUTES as MOST_MINUTES},
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = escalation_ladders, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct EscalationLadder {
    pub id: EscalationLadderId,
    pub kind: LadderKind,
    pub after_working_minutes: Kept<Vec<i32>>,
    pub version: i32,
}
impl platform::Entity for EscalationLadder {
    const KIND: &'static str = "escalation_ladder";
    type Id = EscalationLadderId;
    fn id(&self) -> EscalationLadderId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "active"
    }
    fn case_id(&self) -> Option<wire::CaseId> {
        None
    }
    fn ownership(&self) -> Option<wire::Ownership> {
        None
    }
}

platform::rules!(
    /// Why a ladder is refused.
    LadderRule {
        Rungs { rungs: usize } => "escalation_ladder.rungs", Invalid, "this ladder has {rungs} rungs", "该升级阶梯应有 {rungs} 级", at "/after_working_minutes";
        Minutes { index: usize } => "escalation_ladder.minutes", Invalid, "a rung comes 0 to 28800 working minutes after the due moment", "每级应在到期后 0 至 28800 个工作分钟", at "/after_working_minutes/{index}";
        NotYet => "escalation_ladder.not_yet", Conflict, "it has not reached the next rung yet", "尚未到达下一升级时间";
        Order { index: usize } => "escalation_ladder.order", Invalid, "a rung comes no earlier than the one before", "后一级不能早于前一级", at "/after_working_minutes/{index}";
    }
);

impl EscalationLadder {
    /// Other delays. When the next rung is reached was worked out with the last one; those above it come as these say.
    pub fn update(mut self, patch: EscalationLadderPatch) -> Result<Change<Self>, LadderRule> {
        let minutes = patch.after_working_minutes;
        let rungs = match self.kind {
            LadderKind::FollowUp => 3,
            LadderKind::ActionItem => 2,
        };
        if minutes.len() != rungs {
            return Err(LadderRule::Rungs { rungs });
        }
        if let Some(index) = minutes.iter().position(|minutes| !(0..=MOST_MINUTES).contains(minutes)) {
            return Err(LadderRule::Minutes { index });
        }
        if let Some(index) = minutes.windows(2).position(|pair| pair[1] < pair[0]) {
            return Err(LadderRule::Order { index: index + 1 });
        }
        (self.after_working_minutes, self.version) = (Kept(minutes), self.version + 1);
        Ok(Change::new("update", self))
    }
    /// When what was due at `due` has reached rung `level` (1 is the first): after this moment, not at it. `None` above the top.
    pub fn reached_at(&self, due: Moment, level: i32) -> Option<Moment> {
        let minutes = *self.after_working_minutes.0.get(usize::try_from(level - 1).ok()?)?;
        // No delay is none, also where the due moment is a closing hour, from which the calendar would count to the next opening.
        if minutes == 0 {
            return Some(due);
        }
        let span = SignedDuration::from_mins(i64::from(minutes));
        Some(Calendar::china().add_working_time(due.timestamp(), span).at.into())
    }

    /// The rung above `level` and when the one above that is reached, if `next_at` is over.
    pub fn climb(
        &self,
        (level, next_at): (i32, Option<Moment>),
        due: Moment,
        now: Moment,
    ) -> Result<(i32, Option<Moment>), LadderRule> {
        if next_at.is_none_or(|at| now <= at) {
            return Err(LadderRule::NotYet);
        }
        Ok((level + 1, self.reached_at(due, level + 2)))
    }
}

/// Closing time of a day in China, or of the next working day; `None` past the end of the time line.
pub fn closing(day: Day) -> Option<Due> {
    let calendar = Calendar::china();
    let begins = day.0.to_datetime(Time::midnight()).to_zoned(calendar.zone().clone()).ok()?;
    Some(calendar.add_working_days(begins.timestamp(), 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn ladder(minutes: &[i32]) -> EscalationLadder {
        let id = EscalationLadderId(Uuid::nil());
        EscalationLadder { id, kind: LadderKind::FollowUp, after_working_minutes: Kept(minutes.to_vec()), version: 1 }
    }
    fn change(minutes: &[i32]) -> Result<i32, LadderRule> {
        let patch = EscalationLadderPatch { after_working_minutes: minutes.to_vec() };
        ladder(&[0, 480, 1440]).update(patch).map(|change| change.after().version)
    }

    #[test]
    fn crm_26_rungs_are_working_time_after_the_due_moment() {
        // Friday 6 March 2026, 18:00 in China; the weekend does not count.
        let due = Moment::new("2026-03-06T10:00:00Z".parse().unwrap());
        let at = |level| ladder(&[0, 480, 1440]).reached_at(due, level).map(|at| at.to_string());
        assert_eq!(at(1).as_deref(), Some("2026-03-06T10:00:00Z"));
        assert_eq!(at(2).as_deref(), Some("2026-03-09T10:00:00Z"), "Monday 18:00");
        assert_eq!(at(3).as_deref(), Some("2026-03-11T10:00:00Z"), "Wednesday 18:00");
        assert_eq!((at(0), at(4)), (None, None));
    }

    #[test]
    fn crm_26_a_ladder_keeps_its_rungs_in_order() {
        assert_eq!(change(&[0, 0, 0]), Ok(2));
        assert_eq!(change(&[0, 5, 28_800]), Ok(2));
        assert_eq!(change(&[0, 5, 28_801]), Err(LadderRule::Minutes { index: 2 }));
        assert_eq!(change(&[-1, 5, 6]), Err(LadderRule::Minutes { index: 0 }));
        assert_eq!(change(&[0, 5, 4]), Err(LadderRule::Order { index: 2 }));
        assert_eq!(change(&[0, 5]), Err(LadderRule::Rungs { rungs: 3 }));
    }
}
