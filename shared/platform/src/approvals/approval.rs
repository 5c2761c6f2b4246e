//! One question about one document: asked, voted on step by step, decided or withdrawn (PLT-01, PLT-03). Pure.
use super::{
    Ask, Subject,
    rules::{self, Ballot, Outcome, Step, Vote, Voter},
    tiers::Chain,
};
use crate::{Change, Machine, MachineInfo, Result, Transition, schema::approvals};
use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Moment, Ownership,
    approval::{ApprovalId, ApprovalStatus as Status, ApprovalStep, Verdict},
    facts::{ApprovalDecided, ApprovalRejected, ApprovalRequested, ApprovalWithdrawn},
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = approvals, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Approval {
    pub id: ApprovalId,
    pub entity: String,
    pub subject_id: Uuid,
    pub subject_number: String,
    pub policy_key: String,
    pub policy_version: i32,
    pub steps: Kept<Vec<Step>>,
    pub votes: Kept<Vec<Vote>>,
    pub current_step: i32,
    /// The roles that the current step still asks for; none once it is decided.
    pub open_roles: Vec<String>,
    pub maker: String,
    pub status: Status,
    pub asked_at: Moment,
    pub decided_at: Option<Moment>,
    pub case_id: Option<CaseId>,
    /// Whose the document is: they see its approval.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
    /// Tax included, in the base currency; nothing where it was in another.
    pub amount: Option<Amount>,
    /// Index of the tier that decides.
    pub tier: i32,
    /// The question about the same document before this one (PLT-03).
    pub previous_id: Option<ApprovalId>,
    pub round: i32,
}
crate::entity!(Approval, "approval", ApprovalId; row: this, case: option, owned);

impl Machine for Approval {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "approval",
        transitions: &[
            Transition::new("approve", &["pending"], &["pending", "approved"]),
            Transition::new("reject", &["pending"], &["rejected"]),
            Transition::automatic("withdraw", &["pending"], &["withdrawn"]),
        ],
        labels: Status::labels(),
    };
}

/// A question and the one about the same document before it: id and round (PLT-03).
pub(super) struct Lineage {
    pub id: ApprovalId,
    pub previous: Option<(ApprovalId, i32)>,
}

/// A word at the current step.
pub(super) struct Word {
    pub verdict: Verdict,
    pub comment: Option<String>,
    pub at: Moment,
}

impl Approval {
    /// The question as it is first put; `policy` = version and the chain frozen from it.
    pub(super) fn ask(
        about: Subject,
        ask: &Ask,
        policy: (i32, Chain),
        lineage: Lineage,
        by: (String, Moment),
    ) -> Change<Self> {
        let (policy_version, Chain { tier, steps }) = policy;
        let Ownership { owner_id, team_id, department_id } = about.ownership();
        let (maker, at) = by;
        let Lineage { id, previous } = lineage;
        let approval = Self {
            id,
            entity: about.entity.to_owned(),
            subject_id: about.id,
            subject_number: ask.number.clone(),
            policy_key: ask.policy.to_owned(),
            policy_version,
            open_roles: rules::open(&steps, 0, &[]),
            steps: Kept(steps),
            votes: Kept(Vec::new()),
            current_step: 0,
            maker,
            status: Status::Pending,
            asked_at: at,
            decided_at: None,
            case_id: about.case,
            owner_id,
            team_id,
            department_id,
            version: 1,
            amount: ask.comparable(),
            tier: number(tier),
            previous_id: previous.map(|(id, _)| id),
            round: previous.map_or(1, |(_, round)| round + 1),
        };
        let requested = approval.requested();
        Change::new("ask", approval).tell(about.service, &requested)
    }

    /// One person's word; with the last one the approval ends.
    pub(super) fn decide(mut self, service: &str, voter: &Voter<'_>, word: Word) -> Result<(Change<Self>, Outcome)> {
        let Word { verdict, comment, at } = word;
        let action = if verdict == Verdict::Approved { "approve" } else { "reject" };
        self.may(action)?;
        let (heard, outcome) = rules::cast(&self.ballot(), voter, verdict, comment.clone(), at)?;
        let step = self.current_step;
        self.votes = Kept(heard);
        self.version += 1;
        self.open_roles.clear();
        match outcome {
            Outcome::Pending(next) => {
                self.current_step = number(next);
                self.open_roles = rules::open(&self.steps.0, next, &self.votes.0);
            }
            Outcome::Approved => (self.status, self.decided_at) = (Status::Approved, Some(at)),
            Outcome::Rejected => (self.status, self.decided_at) = (Status::Rejected, Some(at)),
        }
        let decided = self.decided(voter, verdict, comment.clone(), step);
        let rejected = self.rejected(voter, comment.clone().unwrap_or_default());
        let mut change = Change::new(action, self);
        if let Some(comment) = comment {
            change = change.because(comment);
        }
        change = match outcome {
            Outcome::Pending(_) => change,
            Outcome::Approved => change.tell(service, &decided),
            Outcome::Rejected => change.tell(service, &decided).tell(service, &rejected),
        };
        Ok((change, outcome))
    }

    /// The document was taken back.
    pub(super) fn withdraw(mut self, service: &str, at: Moment) -> Result<Change<Self>> {
        self.may("withdraw")?;
        (self.status, self.decided_at) = (Status::Withdrawn, Some(at));
        self.open_roles.clear();
        self.version += 1;
        let withdrawn = ApprovalWithdrawn {
            approval_id: self.id,
            entity: self.entity.clone(),
            subject_id: self.subject_id,
            number: self.subject_number.clone(),
            round: self.round,
        };
        Ok(Change::new("withdraw", self).tell(service, &withdrawn))
    }

    /// Where it stands.
    pub(super) fn ballot(&self) -> Ballot<'_> {
        let current = usize::try_from(self.current_step).unwrap_or(0);
        Ballot { steps: &self.steps.0, votes: &self.votes.0, current, maker: &self.maker }
    }

    fn requested(&self) -> ApprovalRequested {
        ApprovalRequested {
            approval_id: self.id,
            entity: self.entity.clone(),
            subject_id: self.subject_id,
            number: self.subject_number.clone(),
            policy_key: self.policy_key.clone(),
            policy_version: self.policy_version,
            tier: self.tier,
            steps: self.steps.0.iter().map(Into::into).collect(),
            asked_amount: self.amount,
            maker: self.maker.clone(),
            round: self.round,
            previous_id: self.previous_id,
        }
    }
    fn decided(&self, voter: &Voter<'_>, verdict: Verdict, comment: Option<String>, step: i32) -> ApprovalDecided {
        ApprovalDecided {
            approval_id: self.id,
            entity: self.entity.clone(),
            subject_id: self.subject_id,
            number: self.subject_number.clone(),
            policy_key: self.policy_key.clone(),
            policy_version: self.policy_version,
            verdict,
            by: voter.user.to_owned(),
            on_behalf_of: voter.on_behalf_of.map(str::to_owned),
            comment,
            step,
            round: self.round,
        }
    }
    fn rejected(&self, voter: &Voter<'_>, reason: String) -> ApprovalRejected {
        ApprovalRejected {
            approval_id: self.id,
            entity: self.entity.clone(),
            subject_id: self.subject_id,
            number: self.subject_number.clone(),
            by: voter.user.to_owned(),
            reason,
            round: self.round,
        }
    }
}

impl From<&Step> for ApprovalStep {
    fn from(step: &Step) -> Self {
        let roles = step.roles.iter().map(|role| role.as_str().to_owned()).collect();
        Self { name: step.name.clone(), mode: step.mode, roles }
    }
}

/// Steps and tiers are few.
fn number(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}
