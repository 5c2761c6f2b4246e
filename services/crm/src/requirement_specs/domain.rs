//! The rules of specifications (CRM-18, 19). Pure: no async, no clock, no SQL.
use crate::{opportunities::domain::Opportunity, schema::requirement_specs};
use diesel::prelude::*;
use platform::{Change, Closed, Entity, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Evidence, Moment,
    crm::{
        AccountId, AnswerClarification, Clarification, ClarifyRequirementSpec, NewRequirementSpec, OpportunityId,
        OpportunityStatus, RequirementSpecConfirmed, RequirementSpecId, RequirementSpecMoved, RequirementSpecPatch,
        RequirementSpecSnapshot, RequirementSpecStatus as Status, RequirementSpecSubmitted, SpecItem,
    },
    json::Kept,
};

/// Items of a specification at most.
const MOST_ITEMS: usize = 200;
/// Questions about one at most.
const MOST_QUESTIONS: usize = 200;

/// While it can be said by what its items are covered.
const TRACED: &[&str] = &["draft", "submitted", "clarifying", "confirmed"];

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requirement_specs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RequirementSpec {
    pub id: RequirementSpecId,
    pub number: String,
    pub revision: i32,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub account_id: AccountId,
    pub title: String,
    pub items: Kept<Vec<SpecItem>>,
    pub clarifications: Kept<Vec<Clarification>>,
    pub loop_count: i32,
    pub reason: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub supersedes_id: Option<RequirementSpecId>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub confirmed_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(RequirementSpec, "requirement_spec", RequirementSpecId; row: this, case: some, owned);

platform::rules!(
    /// Why a specification is refused.
    SpecRule {
        Items { count: usize } => "requirement_spec.items", Invalid, "a specification has 1 to 200 items, not {count}", "需求说明书应有 1 至 200 条需求，实际为 {count} 条", at "/items";
        Quantity { index: usize } => "requirement_spec.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/items/{index}/quantity";
        Questions => "requirement_spec.questions", Conflict, "200 questions are kept at most", "最多保存 200 个问题";
        Question { id: Uuid } => "requirement_spec.question", Invalid, "no open question has the id {id}", "没有待回答的问题 {id}", at "/clarification_id";
        Traced { field: &'static str, index: usize } => "requirement_spec.traced_item", Invalid, "the specification has no such item", "需求说明书没有该条目", at "/{field}/{index}";
        Waived => "requirement_spec.waived", Invalid, "say why they need not be covered", "请说明豁免原因", at "/reason";
        Closed => "requirement_spec.opportunity_closed", Conflict, "the opportunity is closed", "商机已关闭", at "/opportunity_id";
        Revision => "requirement_spec.revision_open", Conflict, "another revision of it is being worked on", "该需求说明书已有修订版在处理中";
    }
);

impl Machine for RequirementSpec {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "requirement_spec",
        transitions: &[
            Transition::new("update", &["draft", "clarifying"], &["draft", "clarifying"]),
            Transition::new("submit", &["draft", "clarifying"], &["submitted"]),
            Transition::new("clarify", &["submitted", "clarifying"], &["clarifying"]),
            Transition::new("answer", &["clarifying"], &["clarifying"]),
            Transition::new("request_change", &["submitted"], &["clarifying"]),
            Transition::new("confirm", &["submitted"], &["confirmed"]),
            Transition::new("revise", &["confirmed"], &["confirmed"]),
            Transition::new("trace", TRACED, TRACED),
            Transition::new("untrace", TRACED, TRACED),
            Transition::automatic("supersede", &["confirmed"], &["superseded"]),
        ],
        labels: Status::labels(),
    };
    /// It goes back to the customer when every question has its answer.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let open = self.clarifications.0.iter().filter(|question| question.answer.is_none());
        let closed = |question: &Clarification| {
            let (english, chinese) =
                (format!("answer: {}", question.question), format!("请先回答：{}", question.question));
            Closed::new("clarification_open", english, chinese).on(question.id)
        };
        if action == "submit" { open.map(closed).collect() } else { Vec::new() }
    }
}

impl RequirementSpec {
    /// A first revision, of the opportunity's case and owner.
    pub fn draft(
        id: RequirementSpecId,
        number: String,
        new: NewRequirementSpec,
        opportunity: &Opportunity,
        item_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, SpecRule> {
        if opportunity.status != OpportunityStatus::Open {
            return Err(SpecRule::Closed);
        }
        let spec = Self {
            id,
            number,
            revision: 1,
            status: Status::Draft,
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            account_id: opportunity.account_id,
            title: new.title.into_string(),
            items: Kept(items(new.items, &[], item_ids)?),
            clarifications: Kept(Vec::new()),
            loop_count: 0,
            reason: None,
            evidence: None,
            supersedes_id: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            submitted_at: None,
            confirmed_at: None,
            version: 1,
        };
        Ok(Change::new("create", spec))
    }
    /// Changes a draft, or one that is being clarified.
    pub fn update(self, patch: RequirementSpecPatch, item_ids: impl FnMut() -> Uuid) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let mut next = self.next();
        next.title = patch.title.map_or(next.title, wire::Name::into_string);
        if let Some(list) = patch.items {
            next.items = Kept(items(list, &next.items.0, item_ids)?);
        }
        Ok(Change::new("update", next))
    }
    /// To the customer, for the first time or again.
    pub fn submit(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let mut next = self.to(Status::Submitted);
        next.submitted_at = Some(by.at);
        let event = RequirementSpecSubmitted(next.snapshot());
        Ok(Change::new("submit", next).emit(&event))
    }
    /// A question came up: it is with us again until every question has its answer.
    pub fn clarify(self, id: Uuid, said: ClarifyRequirementSpec, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("clarify")?;
        if self.clarifications.0.len() >= MOST_QUESTIONS {
            return Err(SpecRule::Questions.into());
        }
        let answer = said.answer.map(wire::Note::into_string);
        let (answered_by, answered_at) = answer.as_ref().map(|_| (by.actor.clone(), by.at)).unzip();
        let question = said.question.into_string();
        let mut next = self.back();
        next.clarifications.0.push(Clarification {
            id,
            question,
            asked_by: by.actor.clone(),
            asked_at: by.at,
            answer,
            answered_by,
            answered_at,
        });
        Ok(Change::new("clarify", next))
    }
    /// Answers an open question.
    pub fn answer(self, said: AnswerClarification, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("answer")?;
        let id = said.clarification_id;
        let mut next = self.next();
        let open = next.clarifications.0.iter_mut().find(|question| question.id == id && question.answer.is_none());
        let question = open.ok_or(SpecRule::Question { id })?;
        question.answer = Some(said.answer.into_string());
        (question.answered_by, question.answered_at) = (Some(by.actor.clone()), Some(by.at));
        Ok(Change::new("answer", next))
    }
    /// The customer wants it otherwise.
    pub fn request_change(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("request_change")?;
        let mut next = self.back();
        next.reason = Some(reason.clone());
        Ok(Change::new("request_change", next).because(reason))
    }
    /// The customer's yes.
    pub fn confirm(self, evidence: Evidence, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("confirm")?;
        not_to_come("evidence", &evidence, by)?;
        let mut next = self.to(Status::Confirmed);
        (next.evidence, next.confirmed_at, next.reason) = (Some(Kept(evidence)), Some(by.at), None);
        let event = RequirementSpecConfirmed(next.snapshot());
        Ok(Change::new("confirm", next).emit(&event))
    }
    /// A draft of the next revision; this one holds until that one is confirmed.
    pub fn revise(&self, id: RequirementSpecId, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("revise")?;
        let next = Self {
            id,
            revision: self.revision + 1,
            status: Status::Draft,
            clarifications: Kept(Vec::new()),
            loop_count: 0,
            evidence: None,
            supersedes_id: Some(self.id),
            created_at: by.at,
            submitted_at: None,
            confirmed_at: None,
            version: 1,
            ..self.clone()
        };
        Ok(Change::new("create", next))
    }
    /// A later revision is confirmed.
    pub fn supersede(self) -> Result<Change<Self>, Refused> {
        self.may("supersede")?;
        Ok(Change::new("supersede", self.to(Status::Superseded)))
    }
    /// It is another customer's: two were found to be one (CRM-28).
    pub fn move_to(self, account: AccountId) -> Change<Self> {
        let next = Self { account_id: account, ..self.next() };
        let event = RequirementSpecMoved(next.snapshot());
        Change::new("move", next).emit(&event)
    }
    /// Is this one of its items?
    pub fn has(&self, item: Uuid) -> bool {
        self.items.0.iter().any(|known| known.id == Some(item))
    }
    /// As other services keep it.
    pub fn snapshot(&self) -> RequirementSpecSnapshot {
        let Self { id, number, case_id, opportunity_id, account_id, status, items, version, .. } = self.clone();
        let (status, items, owner) = (status.to_string(), items.0, self.ownership());
        RequirementSpecSnapshot { id, number, case_id, opportunity_id, account_id, status, items, owner, version }
    }

    /// Back with us; coming from the customer counts as one more loop.
    fn back(self) -> Self {
        let loops = self.loop_count + i32::from(self.status == Status::Submitted);
        Self { loop_count: loops, ..self.to(Status::Clarifying) }
    }
    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// The items within their bounds, each with its id: one of `known` that came back keeps it, whatever else it says now.
fn items(
    mut list: Vec<SpecItem>,
    known: &[SpecItem],
    mut ids: impl FnMut() -> Uuid,
) -> Result<Vec<SpecItem>, SpecRule> {
    if list.is_empty() || list.len() > MOST_ITEMS {
        return Err(SpecRule::Items { count: list.len() });
    }
    if let Some(index) = list.iter().position(|item| item.quantity.is_some_and(|quantity| quantity.get().is_zero())) {
        return Err(SpecRule::Quantity { index });
    }
    let mut free: HashSet<Option<Uuid>> = known.iter().map(|item| item.id).collect();
    for item in &mut list {
        item.id = item.id.filter(|_| free.remove(&item.id)).or_else(|| Some(ids()));
    }
    Ok(list)
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
