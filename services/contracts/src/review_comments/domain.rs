//! The rules of reviewers' comments (CON-07). Pure: no async, no clock, no SQL.
use crate::{contracts::domain::Contract, schema::review_comments};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    CaseId, Moment, Note,
    contracts::{
        ClauseKind, ContractId, ContractStatus, NewReviewComment, ReviewCommentId, ReviewCommentStatus as Status,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = review_comments, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ReviewComment {
    pub id: ReviewCommentId,
    pub contract_id: ContractId,
    pub revision: i32,
    pub case_id: CaseId,
    pub clause: Option<ClauseKind>,
    pub status: Status,
    pub text: String,
    pub author: String,
    pub resolution: Option<String>,
    pub resolved_by: Option<String>,
    pub verified_by: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(ReviewComment, "review_comment", ReviewCommentId; row: this, case: some, owned);

platform::rules!(
    /// Why a comment is refused.
    ReviewCommentRule {
        NotInReview { status: ContractStatus } => "review_comment.not_in_review", Conflict, "the contract is {status}, not in review", "合同状态为 {status}，不在评审中", at "/contract_id";
        Own => "review_comment.own_resolution", Forbidden, "you resolved it yourself; a reviewer verifies it", "本人处理的意见须由评审人核实";
    }
);

impl Machine for ReviewComment {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "review_comment",
        transitions: &[
            Transition::new("resolve", &["open"], &["resolved"]),
            Transition::new("reopen", &["resolved"], &["open"]),
            Transition::new("verify", &["resolved"], &["verified"]),
        ],
        labels: Status::labels(),
    };
}

impl ReviewComment {
    /// A reviewer wants something changed; the comment belongs to whom the contract belongs.
    pub fn make(
        id: ReviewCommentId,
        contract: &Contract,
        new: NewReviewComment,
        by: &Stamp,
    ) -> Result<Change<Self>, ReviewCommentRule> {
        let NewReviewComment { contract_id, clause, text } = new;
        let (status, owner) = (contract.head.status, contract.owner());
        if status != ContractStatus::InReview {
            return Err(ReviewCommentRule::NotInReview { status });
        }
        let comment = Self {
            id,
            contract_id,
            revision: contract.head.revision,
            case_id: contract.head.case_id,
            clause,
            status: Status::Open,
            text: text.into_string(),
            author: by.actor.clone(),
            resolution: None,
            resolved_by: None,
            verified_by: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", comment))
    }
    /// The drafter says what was done about it.
    pub fn resolve(mut self, resolution: Note, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("resolve")?;
        (self.status, self.resolution, self.resolved_by) =
            (Status::Resolved, Some(resolution.into_string()), Some(by.actor.clone()));
        Ok(Change::new("resolve", self.next()))
    }
    /// What was done is not enough.
    pub fn reopen(mut self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("reopen")?;
        self.status = Status::Open;
        Ok(Change::new("reopen", self.next()).because(reason))
    }
    /// What was done is enough; not said by whoever did it.
    pub fn verify(mut self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("verify")?;
        if self.resolved_by.as_ref() == Some(&by.actor) {
            return Err(ReviewCommentRule::Own.into());
        }
        (self.status, self.verified_by) = (Status::Verified, Some(by.actor.clone()));
        Ok(Change::new("verify", self.next()))
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}
