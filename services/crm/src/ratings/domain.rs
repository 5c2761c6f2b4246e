//! The rules of ratings (KPI-06, KPI-07). Pure: no async, no clock, no SQL.
use crate::schema::ratings;
use diesel::prelude::*;
use platform::{Change, Entity, Stamp};
use serde::Serialize;
use wire::{
    CaseId, Day, Moment, Ownership, Score,
    crm::{NewPersonRating, PersonRatingId, PersonRatingPatch, RatingAspect},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = ratings, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Rating {
    pub id: PersonRatingId,
    pub subject: String,
    pub aspect: RatingAspect,
    pub period: String,
    pub first_day: Day,
    pub last_day: Day,
    pub score: Score,
    pub reason: String,
    pub rater: String,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}

/// By hand, because a rating has no life.
impl Entity for Rating {
    const KIND: &'static str = "rating";
    type Id = PersonRatingId;
    fn id(&self) -> PersonRatingId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "given"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    /// Whoever is rated.
    fn ownership(&self) -> Option<Ownership> {
        Some(self.owner())
    }
}

platform::rules!(
    /// Why a rating is refused.
    RatingRule {
        Oneself => "rating.oneself", Forbidden, "nobody rates themselves", "不能评价自己";
        Manager => "rating.manager", Forbidden, "skill is rated by the person's manager; anyone may rate teamwork", "业务能力由上级评价，团队协作可由任何同事评价";
        Twice => "rating.twice", Conflict, "you have rated this already: change that rating", "您已评价过，请修改原评价";
        Other => "rating.other", Forbidden, "a rating is changed by whoever gave it", "评价只能由评价人修改";
    }
);

/// Who rates: their reference, do they lead the person, and have they rated this before?
#[derive(Debug, Clone)]
pub struct Rater {
    pub user: String,
    pub leads: bool,
    pub before: bool,
}

impl Rating {
    /// A rating of a colleague, whose it becomes (`owner`).
    pub fn give(
        id: PersonRatingId,
        new: NewPersonRating,
        owner: Ownership,
        rater: Rater,
        by: &Stamp,
    ) -> Result<Change<Self>, RatingRule> {
        let NewPersonRating { subject, aspect, period, score, reason } = new;
        if subject.as_str() == rater.user {
            return Err(RatingRule::Oneself);
        }
        if aspect != RatingAspect::Teamwork && !rater.leads {
            return Err(RatingRule::Manager);
        }
        if rater.before {
            return Err(RatingRule::Twice);
        }
        let rating = Self {
            id,
            subject: subject.into_string(),
            aspect,
            period: period.to_string(),
            first_day: period.first(),
            last_day: period.last(),
            score,
            reason: reason.into_string(),
            rater: rater.user,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", rating))
    }
    /// Another word of whoever gave it.
    pub fn change(self, patch: PersonRatingPatch, user: &str) -> Result<Change<Self>, RatingRule> {
        if self.rater != user {
            return Err(RatingRule::Other);
        }
        let reason = patch.reason.into_string();
        Ok(Change::new("update", Self { score: patch.score, reason, version: self.version + 1, ..self }))
    }
    fn owner(&self) -> Ownership {
        Ownership {
            owner_id: self.owner_id.clone(),
            team_id: self.team_id.clone(),
            department_id: self.department_id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn give(subject: &str, aspect: RatingAspect, leads: bool, before: bool) -> Result<Change<Rating>, RatingRule> {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        let by = Stamp { at, actor: "user:boss".into(), ownership: Ownership::default() };
        let new = NewPersonRating {
            subject: subject.parse().unwrap(),
            aspect,
            period: "2026-Q3".parse().unwrap(),
            score: "85".parse().unwrap(),
            reason: "守住底价".parse().unwrap(),
        };
        let rater = Rater { user: "boss".into(), leads, before };
        Rating::give(PersonRatingId(Uuid::nil()), new, Ownership::default(), rater, &by)
    }

    #[test]
    fn kpi_06_skill_is_rated_by_managers_and_nobody_rates_themselves() {
        for &aspect in RatingAspect::ALL {
            assert!(give("ann", aspect, true, false).is_ok());
            assert_eq!(give("ann", aspect, false, false).is_ok(), aspect == RatingAspect::Teamwork, "{aspect}");
            assert_eq!(give("boss", aspect, true, false).unwrap_err(), RatingRule::Oneself);
            assert_eq!(give("ann", aspect, true, true).unwrap_err(), RatingRule::Twice);
        }
        let given = give("ann", RatingAspect::Negotiation, true, false).unwrap().after().clone();
        assert_eq!(
            (given.first_day.to_string(), given.last_day.to_string()),
            ("2026-07-01".into(), "2026-09-30".into())
        );
        let patch = || PersonRatingPatch { score: "90".parse().unwrap(), reason: "更好".parse().unwrap() };
        assert_eq!(given.clone().change(patch(), "boss").unwrap().after().version, 2);
        assert_eq!(given.change(patch(), "ben").unwrap_err(), RatingRule::Other);
    }
}
