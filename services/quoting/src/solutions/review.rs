//! The review of a solution (QUO-02): everybody who was asked scores feasibility and advancement; all of them must pass it, and
//! none had a hand in it. The first who does not pass it sends it back. Pure, like `domain`.
use super::domain::{Solution, SolutionRule};
use crate::schema::solution_review_policies;
use diesel::prelude::*;
use platform::{Change, Machine, Refused, Stamp};
use std::collections::HashSet;
use wire::{
    Note,
    json::Kept,
    quoting::{ReviewSolution, SolutionApproved, SolutionReview, SolutionReviewed, SolutionStatus as Status},
};

/// People who review a solution at most.
const MOST_REVIEWERS: usize = 10;

/// The least score that passes, of the version that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = solution_review_policies)]
pub struct PassMark {
    pub pass_mark: i16,
}

impl Solution {
    /// Asks these people, by their references; whether each of them may is the caller's to see to.
    pub fn submit(self, reviewers: Vec<String>, mark: PassMark, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("submit")?;
        let count = reviewers.len();
        if count == 0 || count > MOST_REVIEWERS || reviewers.iter().collect::<HashSet<_>>().len() < count {
            return Err(SolutionRule::Reviewers { count }.into());
        }
        let mut next = self.to(Status::InReview).made_by(by);
        let author = |reviewer: &String| next.authors.0.contains(&actor(reviewer));
        if let Some((index, reviewer)) = reviewers.iter().enumerate().find(|(_, reviewer)| author(reviewer)) {
            return Err(SolutionRule::AuthorNamed { index, reviewer: reviewer.clone() }.into());
        }
        next.reviewers = Kept(reviewers);
        (next.round, next.pass_mark) = (next.round + 1, Some(mark.pass_mark));
        (next.submitted_at, next.approved_at, next.reason) = (Some(by.at), None, None);
        Ok(Change::new("submit", next))
    }

    /// What one of them says; the last pass approves it, the first fail sends it back to be mended.
    pub fn review(self, said: ReviewSolution, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("review")?;
        let ReviewSolution { feasibility, advancement, comment } = said;
        let reviewer = self.seat(&by.actor)?;
        for (field, score) in [("feasibility", feasibility), ("advancement", advancement)] {
            if !(1..=5).contains(&score) {
                return Err(SolutionRule::Score { field }.into());
            }
        }
        let round = self.round;
        let mark = self.pass_mark.unwrap_or(i16::MAX);
        let passed = feasibility >= mark && advancement >= mark;
        let mut next = self.next();
        let told = SolutionReviewed {
            solution_id: next.id,
            number: next.number.clone(),
            revision: next.revision,
            reviewer: reviewer.clone(),
            feasibility,
            advancement,
            passed,
        };
        let comment = Note::into_string(comment);
        next.reason = (!passed).then(|| comment.clone());
        next.reviews.0.push(SolutionReview { round, reviewer, feasibility, advancement, passed, comment, at: by.at });
        let count = next.reviews.0.iter().filter(|review| review.round == round && review.passed).count();
        if !passed {
            next.status = Status::Draft;
        } else if count == next.reviewers.0.len() {
            (next.status, next.approved_at) = (Status::Approved, Some(by.at));
            let approved = next.approved();
            return Ok(Change::new("review", next).emit(&told).emit(&approved));
        }
        Ok(Change::new("review", next).emit(&told))
    }

    /// In whose name somebody reviews it: they were asked, and have not spoken yet in this round.
    pub(super) fn seat(&self, by: &str) -> Result<String, SolutionRule> {
        let Some(reviewer) = self.reviewers.0.iter().find(|reviewer| actor(reviewer) == by) else {
            let author = self.authors.0.iter().any(|author| author == by);
            return Err(if author { SolutionRule::Author } else { SolutionRule::NotAsked });
        };
        let mut given = self.reviews.0.iter().filter(|review| review.round == self.round);
        if given.any(|review| review.reviewer == *reviewer) {
            return Err(SolutionRule::Twice);
        }
        Ok(reviewer.clone())
    }

    /// Taken back from review, to be mended.
    pub fn recall(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("recall")?;
        let mut next = self.to(Status::Draft);
        next.reason = Some(reason.clone());
        Ok(Change::new("recall", next).because(reason))
    }

    fn approved(&self) -> SolutionApproved {
        let Self { id: solution_id, number, revision, account_id, opportunity_id, requirement_spec_id, .. } =
            self.clone();
        SolutionApproved { solution_id, number, revision, account_id, opportunity_id, requirement_spec_id }
    }
}

/// What the audit log calls a person of the directory.
fn actor(reference: &str) -> String {
    format!("user:{reference}")
}
