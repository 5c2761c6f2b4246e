//! The rules of proposals (QUO-07, 16). Pure: no async, no clock, no SQL.
use crate::{quotes::domain::Quote, schema::proposals, solutions::domain::Solution};
use diesel::prelude::*;
use platform::{Change, Closed, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Currency, Evidence, Moment,
    crm::AccountId,
    json::Kept,
    quoting::{
        NewProposal, OfferedProposal, ProposalAccepted, ProposalId, ProposalPatch, ProposalQuestion,
        ProposalQuestionStatus, ProposalStatus as Status, ProposalSubmitted, ProposalVariant, QuoteId, QuoteStatus,
        SolutionId, SolutionStatus,
    },
};

/// Quotes that are offered as alternatives at most.
pub(super) const MOST_VARIANTS: usize = 5;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = proposals, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Proposal {
    pub id: ProposalId,
    pub number: String,
    /// How many times it went to the customer.
    pub revision: i32,
    /// What they have since the last time: read, accepted and declined is this, whatever is being changed meanwhile.
    pub offered: Option<Kept<OfferedProposal>>,
    pub status: Status,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub title: String,
    pub message: Option<String>,
    pub solution_id: SolutionId,
    pub variants: Kept<Vec<ProposalVariant>>,
    pub accepted_quote_id: Option<QuoteId>,
    pub questions: Kept<Vec<ProposalQuestion>>,
    pub reason: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Proposal, "proposal", ProposalId; row: this, case: some, owned);

platform::rules!(
    /// Why a proposal is refused.
    ProposalRule {
        Variants { count: usize } => "proposal.variants", Invalid, "a proposal has 1 to 5 variants, not {count}", "方案建议书应有 1 至 5 个报价方案，实际为 {count} 个", at "/variants";
        Label { index: usize } => "proposal.label_twice", Invalid, "another variant has this label", "方案标签重复", at "/variants/{index}/label";
        Quote { index: usize } => "proposal.quote_twice", Invalid, "another variant is this quote", "同一报价单出现两次", at "/variants/{index}/quote_id";
        QuoteCase { index: usize } => "proposal.quote_case", Invalid, "quote and solution belong to different deals", "报价单与技术方案不属于同一笔业务", at "/variants/{index}/quote_id";
        QuoteStatus { index: usize, status: QuoteStatus } => "proposal.quote_status", Conflict, "only approved or issued quotes are offered, and this one is {status}", "只能提交已批准或已发出的报价单，该报价单状态为 {status}", at "/variants/{index}/quote_id";
        Currency { index: usize, currency: Currency, first: Currency } => "proposal.currency", Invalid, "all quotes of a proposal are in one currency: this one is in {currency}, the first one in {first}", "同一建议书的报价单须为同一币种：此单为 {currency}，首个报价单为 {first}", at "/variants/{index}/quote_id";
        QuoteTaken { index: usize } => "proposal.quote_taken", Conflict, "this quote is offered in another proposal", "该报价单已在其他建议书中提交", at "/variants/{index}/quote_id";
        SolutionStatus { status: SolutionStatus } => "proposal.solution_status", Conflict, "only an approved solution is offered, and this one is {status}", "只能提交评审通过的技术方案，该方案状态为 {status}", at "/solution_id";
        SolutionTaken => "proposal.solution_taken", Conflict, "the solution is with the customer in another proposal", "该技术方案已在其他建议书中提交";
        Changed { number: String, revision: i32 } => "proposal.changed", Conflict, "what was read is not what is offered now, {number} revision {revision}: read that first", "所阅版本已不是当前提交的 {number} 第 {revision} 版，请先阅读后者", at "/revision";
        Variant { label: String } => "proposal.variant", Invalid, "there is no variant {label}", "没有方案 {label}", at "/variant";
        Questions => "proposal.questions", Conflict, "200 questions are kept at most", "最多保存 200 个问题";
        Question { id: Uuid, status: ProposalQuestionStatus } => "proposal.question", Invalid, "no question {id} is {status}", "没有状态为 {status} 的问题 {id}", at "/question_id";
    }
);

impl Machine for Proposal {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "proposal",
        transitions: &[
            Transition::new("update", &["draft", "under_clarification"], &["draft", "under_clarification"]),
            Transition::new("submit", &["draft", "under_clarification"], &["submitted"]),
            Transition::new("share", &["submitted", "under_clarification"], &["submitted", "under_clarification"]),
            Transition::new("ask", &["submitted", "under_clarification"], &["under_clarification"]),
            Transition::new("answer", &["under_clarification"], &["under_clarification"]),
            Transition::new(
                "accept_answer",
                &["submitted", "under_clarification"],
                &["submitted", "under_clarification"],
            ),
            Transition::new("accept", &["submitted", "under_clarification"], &["accepted"]),
            Transition::new("decline", &["submitted", "under_clarification"], &["declined"]),
        ],
        labels: Status::labels(),
    };
    /// It goes to the customer again when every question has its answer.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let open = self.questions.0.iter().filter(|question| question.status == ProposalQuestionStatus::Open);
        let closed = |question: &ProposalQuestion| {
            let text = &question.question;
            Closed::new("question_open", format!("answer: {text}"), format!("请先答复：{text}")).on(question.id)
        };
        if action == "submit" { open.map(closed).collect() } else { Vec::new() }
    }
}

/// What a proposal bundles: the quotes are those of its variants, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Bundle<'a> {
    pub solution: &'a Solution,
    pub quotes: &'a [Quote],
}

impl Proposal {
    /// A draft, of the first quote's owner.
    pub fn draft(
        id: ProposalId,
        number: String,
        new: NewProposal,
        bundle: Bundle<'_>,
        by: &Stamp,
    ) -> Result<Change<Self>, ProposalRule> {
        let NewProposal { title, message, solution_id, variants } = new;
        bundle.check(id, &variants)?;
        let first = bundle.quotes.first().ok_or(ProposalRule::Variants { count: 0 })?;
        let owner = first.ownership().unwrap_or_default();
        let proposal = Self {
            id,
            number,
            revision: 0,
            offered: None,
            status: Status::Draft,
            case_id: bundle.solution.case_id,
            account_id: bundle.solution.account_id,
            account_name: first.head.account_name.clone(),
            title: title.into_string(),
            message: message.map(wire::Note::into_string),
            solution_id,
            variants: Kept(variants),
            accepted_quote_id: None,
            questions: Kept(Vec::new()),
            reason: None,
            evidence: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            submitted_at: None,
            decided_at: None,
            version: 1,
        };
        Ok(Change::new("create", proposal))
    }
    /// Changes a draft, or one that is being clarified. `bundle` is what it bundles then, if the patch says so.
    pub fn update(self, patch: ProposalPatch, bundle: Option<Bundle<'_>>) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let ProposalPatch { title, message, solution_id, variants } = patch;
        let mut next = self.next();
        next.title = title.map_or(next.title, wire::Name::into_string);
        next.message = message.over(next.message, wire::Note::into_string);
        next.solution_id = solution_id.unwrap_or(next.solution_id);
        next.variants = variants.map_or(next.variants, Kept);
        if let Some(bundle) = bundle {
            if bundle.solution.case_id != next.case_id {
                return Err(ProposalRule::QuoteCase { index: 0 }.into());
            }
            bundle.check(next.id, &next.variants.0)?;
        }
        Ok(Change::new("update", next))
    }
    /// To the customer, for the first time or again; what it bundles goes in the same transaction.
    pub fn submit(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let mut next = self.to(Status::Submitted);
        next.submitted_at = Some(by.at);
        (next.revision, next.offered) = (next.revision + 1, Some(Kept(next.terms())));
        let event = ProposalSubmitted {
            proposal_id: next.id,
            number: next.number.clone(),
            account_id: next.account_id,
            solution_id: next.solution_id,
            quote_ids: next.variants.0.iter().map(|variant| variant.quote_id).collect(),
        };
        Ok(Change::new("submit", next).emit(&event))
    }
    /// The customer's yes to one of the variants; what it bundles follows in the same transaction.
    pub fn accept(self, label: &str, evidence: Evidence, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("accept")?;
        let this = self.as_offered();
        let chosen = this.variants.0.iter().find(|variant| variant.label.as_str() == label);
        let chosen = chosen.ok_or_else(|| ProposalRule::Variant { label: label.to_owned() })?.quote_id;
        let mut next = this.to(Status::Accepted);
        (next.accepted_quote_id, next.evidence, next.decided_at) = (Some(chosen), Some(Kept(evidence)), Some(by.at));
        let event = ProposalAccepted {
            proposal_id: next.id,
            number: next.number.clone(),
            account_id: next.account_id,
            solution_id: next.solution_id,
            quote_id: chosen,
            accepted_at: by.at,
        };
        Ok(Change::new("accept", next).emit(&event))
    }
    /// The customer's no.
    pub fn decline(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("decline")?;
        let mut next = self.as_offered().to(Status::Declined);
        (next.reason, next.decided_at) = (Some(reason.clone()), Some(by.at));
        Ok(Change::new("decline", next).because(reason))
    }
    /// Is it with the customer, who may ask and decide?
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Submitted | Status::UnderClarification)
    }
    /// What would go to the customer now.
    fn terms(&self) -> OfferedProposal {
        let Self { title, message, solution_id, variants, .. } = self.clone();
        OfferedProposal { title, message, solution_id, variants: variants.0 }
    }
    /// As the customer has it: without what is being changed. One that never went to them is as it stands.
    #[must_use]
    pub fn as_offered(mut self) -> Self {
        if let Some(Kept(offered)) = self.offered.clone() {
            let OfferedProposal { title, message, solution_id, variants } = offered;
            (self.title, self.message, self.solution_id) = (title, message, solution_id);
            self.variants = Kept(variants);
        }
        self
    }
    /// Has the customer just this?
    pub fn is_as_offered(&self) -> bool {
        self.offered.as_ref().is_some_and(|offered| offered.0 == self.terms())
    }
    /// Refuses whoever decides about something else than what is offered now.
    pub fn was_read(&self, number: &str, revision: i32) -> Result<(), ProposalRule> {
        if (self.number.as_str(), self.revision) == (number, revision) {
            return Ok(());
        }
        Err(ProposalRule::Changed { number: self.number.clone(), revision: self.revision })
    }
    pub(super) fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    pub(super) fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

impl Bundle<'_> {
    /// One deal, and nothing that could not go to the customer.
    fn check(self, id: ProposalId, variants: &[ProposalVariant]) -> Result<(), ProposalRule> {
        let count = variants.len();
        if count == 0 || count > MOST_VARIANTS {
            return Err(ProposalRule::Variants { count });
        }
        let (mut labels, mut quotes) = (HashSet::new(), HashSet::new());
        for (index, variant) in variants.iter().enumerate() {
            if !labels.insert(variant.label.as_str()) {
                return Err(ProposalRule::Label { index });
            }
            if !quotes.insert(variant.quote_id) {
                return Err(ProposalRule::Quote { index });
            }
        }
        let status = self.solution.status;
        if !matches!(status, SolutionStatus::Approved | SolutionStatus::Submitted) {
            return Err(ProposalRule::SolutionStatus { status });
        }
        for (index, quote) in self.quotes.iter().enumerate() {
            let (status, currency) = (quote.head.status, quote.head.currency);
            if quote.head.case_id != self.solution.case_id {
                return Err(ProposalRule::QuoteCase { index });
            }
            if let Some(first) = self.quotes.first().map(|first| first.head.currency).filter(|first| *first != currency)
            {
                return Err(ProposalRule::Currency { index, currency, first });
            }
            if !matches!(status, QuoteStatus::Approved | QuoteStatus::Issued | QuoteStatus::Negotiating) {
                return Err(ProposalRule::QuoteStatus { index, status });
            }
            if quote.head.proposal_id.is_some_and(|other| other != id) {
                return Err(ProposalRule::QuoteTaken { index });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
