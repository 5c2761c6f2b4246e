//! The rules of technical solutions (QUO-01, 12). Pure: no async, no clock, no SQL.
pub use super::review::PassMark;

use super::coverage;
use crate::schema::solutions;
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, unchanged};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Moment,
    crm::{AccountId, OpportunityId, RequirementSpecId, RequirementSpecSnapshot},
    json::Kept,
    quoting::{
        CoverageRow, NewSolution, SolutionId, SolutionPatch, SolutionReview, SolutionSection, SolutionSectionKind,
        SolutionStatus as Status,
    },
};

/// Elements a section names at most.
const MOST_ELEMENTS: usize = 100;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = solutions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Solution {
    pub id: SolutionId,
    pub number: String,
    pub revision: i32,
    pub status: Status,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub opportunity_id: OpportunityId,
    pub requirement_spec_id: RequirementSpecId,
    pub title: String,
    pub account_segment: Option<String>,
    pub sections: Kept<Vec<SolutionSection>>,
    pub coverage: Kept<Vec<CoverageRow>>,
    /// Everybody who had a hand in it: none of them may review it.
    pub authors: Kept<Vec<String>>,
    /// Their references in the directory.
    pub reviewers: Kept<Vec<String>>,
    pub reviews: Kept<Vec<SolutionReview>>,
    pub round: i32,
    pub pass_mark: Option<i16>,
    pub reason: Option<String>,
    pub supersedes_id: Option<SolutionId>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Solution, "solution", SolutionId; row: this, case: some, owned);

platform::rules!(
    /// Why a solution is refused.
    SolutionRule {
        Unconfirmed => "solution.spec_unconfirmed", Conflict, "the customer has not confirmed this specification yet", "客户尚未确认该需求说明书", at "/requirement_spec_id";
        Itemless => "solution.spec_without_items", Conflict, "the items of this specification are not known here; revise it, or have it told again", "此处尚无该需求说明书的条目，请修订或重新同步", at "/requirement_spec_id";
        Elsewhere => "solution.spec_case", Invalid, "the specification belongs to another deal", "该需求说明书属于另一笔业务", at "/requirement_spec_id";
        Section { index: usize } => "solution.section_twice", Invalid, "a solution has each kind of section once", "每类章节只能出现一次", at "/sections/{index}/kind";
        Elements { index: usize } => "solution.elements", Invalid, "a section names at most 100 elements", "每个章节最多列出 100 个要素", at "/sections/{index}/elements";
        ElementTwice { index: usize, key: String } => "solution.element_twice", Invalid, "the key {key} stands twice in the solution", "要素编号 {key} 重复", at "/sections/{index}/elements";
        Item { id: Uuid, place: String } => "solution.item", Invalid, "the specification has no item {id}", "需求说明书中没有条目 {id}", at "{place}";
        Element { key: String, place: String } => "solution.element", Invalid, "no section names an element {key}", "没有章节列出要素 {key}", at "{place}";
        Reviewers { count: usize } => "solution.reviewers", Invalid, "1 to 10 people review it, each once, not {count}", "评审人应为 1 至 10 名且不重复，实际为 {count} 名", at "/reviewers";
        Reviewer { index: usize, reviewer: String } => "solution.reviewer", Invalid, "{reviewer} is nobody who may review this solution", "{reviewer} 无权评审该方案", at "/reviewers/{index}";
        AuthorNamed { index: usize, reviewer: String } => "solution.reviewer_is_author", Invalid, "{reviewer} had a hand in it; someone else reviews it", "{reviewer} 参与了编制，须由他人评审", at "/reviewers/{index}";
        Author => "solution.author", Forbidden, "you had a hand in this solution; someone else reviews it", "您参与了该方案的编制，须由他人评审";
        NotAsked => "solution.not_asked", Forbidden, "you are not among those who were asked to review it", "您不在该方案的评审人之列";
        Twice => "solution.reviewed", Conflict, "you have reviewed it already in this round", "本轮您已评审过";
        Score { field: &'static str } => "solution.score", Invalid, "a score is 1 to 5", "评分应为 1 至 5", at "/{field}";
    }
);

impl Machine for Solution {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "solution",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("cover", &["draft"], &["draft"]),
            Transition::new("waive", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["in_review"]),
            Transition::new("review", &["in_review"], &["in_review", "approved", "draft"]),
            Transition::new("recall", &["in_review"], &["draft"]),
            Transition::automatic("offer", &["approved"], &["submitted"]),
            Transition::automatic("accept", &["submitted"], &["accepted"]),
            Transition::automatic("reject", &["submitted"], &["rejected"]),
            Transition::new("revise", &["approved", "submitted", "rejected"], &["superseded"]),
        ],
        labels: Status::labels(),
    };
    /// It goes to review whole, with every item that the customer must have dealt with.
    fn gates(&self, action: &str) -> Vec<Closed> {
        if action != "submit" {
            return Vec::new();
        }
        let missing = SolutionSectionKind::labels().iter().filter(|(code, ..)| {
            let mut kinds = self.sections.0.iter().map(|section| section.kind.as_str());
            !kinds.any(|kind| kind == *code)
        });
        let section = |(code, chinese, english): &(&str, &str, &str)| {
            let (english, chinese) = (format!("write the section: {english}"), format!("请填写章节：{chinese}"));
            Closed::new("section_missing", english, chinese).on(code)
        };
        let item = |row: &CoverageRow| {
            let english = format!("cover or waive: {}", row.text);
            Closed::new("item_uncovered", english, format!("须覆盖或豁免：{}", row.text)).on(row.item_id)
        };
        missing.map(section).chain(coverage::open(&self.coverage.0).map(item)).collect()
    }
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        if action == "review" {
            self.seat(actor)?;
        }
        Ok(())
    }
}

impl Solution {
    /// A first revision, of the specification's deal and owner.
    pub fn draft(
        id: SolutionId,
        number: String,
        spec: &RequirementSpecSnapshot,
        new: NewSolution,
        by: &Stamp,
    ) -> Result<Change<Self>, SolutionRule> {
        let NewSolution { requirement_spec_id: _, title, account_segment, sections } = new;
        let owner = spec.owner.as_ref().unwrap_or(&by.ownership).clone();
        let solution = Self {
            id,
            number,
            revision: 1,
            status: Status::Draft,
            case_id: spec.case_id,
            account_id: spec.account_id,
            opportunity_id: spec.opportunity_id,
            requirement_spec_id: spec.id,
            title: title.into_string(),
            account_segment: account_segment.map(wire::Name::into_string),
            sections: Kept(checked(sections)?),
            coverage: Kept(coverage::matrix(usable(spec)?, &[])),
            authors: Kept(vec![by.actor.clone()]),
            reviewers: Kept(Vec::new()),
            reviews: Kept(Vec::new()),
            round: 0,
            pass_mark: None,
            reason: None,
            supersedes_id: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            submitted_at: None,
            approved_at: None,
            decided_at: None,
            version: 1,
        };
        Ok(Change::new("create", solution))
    }

    /// Changes a draft; what no section names any more covers nothing. `spec` is the one that the patch names.
    pub fn update(
        self,
        patch: SolutionPatch,
        spec: Option<&RequirementSpecSnapshot>,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let SolutionPatch { requirement_spec_id: _, title, account_segment, sections } = patch;
        let before = self.coverage_told();
        let (known, mut next) = (self.clone(), self.next());
        if let Some(spec) = spec {
            if spec.case_id != next.case_id {
                return Err(SolutionRule::Elsewhere.into());
            }
            // The deal's, and so the customer's who took over the one that it was drafted for.
            (next.requirement_spec_id, next.account_id) = (spec.id, spec.account_id);
            next.coverage = Kept(coverage::matrix(usable(spec)?, &next.coverage.0));
        }
        next.title = title.map_or(next.title, wire::Name::into_string);
        next.account_segment = account_segment.over(next.account_segment, wire::Name::into_string);
        if let Some(sections) = sections {
            next.sections = Kept(checked(sections)?);
            let keys: HashSet<&str> = next.elements().collect();
            next.coverage = Kept(coverage::keep(next.coverage.0.clone(), &keys));
        }
        let next = if unchanged(&known, &next) { next } else { next.made_by(by) };
        Ok(next.changed("update", before))
    }

    /// To the customer, as a part of a proposal (QUO-07).
    pub fn offer(self) -> Result<Change<Self>, Refused> {
        self.may("offer")?;
        Ok(Change::new("offer", self.to(Status::Submitted)))
    }
    /// The customer's yes, to the whole of the proposal.
    pub fn accept(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("accept")?;
        let mut next = self.to(Status::Accepted);
        next.decided_at = Some(by.at);
        Ok(Change::new("accept", next))
    }
    /// The customer's no, or another solution took its place in the proposal.
    pub fn reject(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("reject")?;
        let mut next = self.to(Status::Rejected);
        (next.reason, next.decided_at) = (Some(reason.clone()), Some(by.at));
        Ok(Change::new("reject", next).because(reason))
    }
    /// Steps aside for a new draft with the same number. The two changes belong into one transaction, this one first.
    pub fn revise(self, id: SolutionId, by: &Stamp) -> Result<(Change<Self>, Change<Self>), Refused> {
        self.may("revise")?;
        let fresh = Self {
            id,
            revision: self.revision + 1,
            status: Status::Draft,
            reviewers: Kept(Vec::new()),
            reviews: Kept(Vec::new()),
            round: 0,
            pass_mark: None,
            reason: None,
            supersedes_id: Some(self.id),
            created_at: by.at,
            submitted_at: None,
            approved_at: None,
            decided_at: None,
            version: 1,
            ..self.clone()
        };
        let told = self.coverage_told();
        let old = self.to(Status::Superseded);
        let nothing = old.coverage_of(Vec::new(), Vec::new());
        let fresh = fresh.made_by(by);
        if told.covered.is_empty() && told.waived.is_empty() {
            return Ok((Change::new("revise", old), Change::new("create", fresh)));
        }
        let now = fresh.coverage_told();
        Ok((Change::new("revise", old).emit(&nothing), Change::new("create", fresh).emit(&now)))
    }

    /// The keys that its sections name.
    pub(super) fn elements(&self) -> impl Iterator<Item = &str> {
        self.sections.0.iter().flat_map(|section| &section.elements).map(|element| element.key.as_str())
    }
    pub(super) fn made_by(mut self, by: &Stamp) -> Self {
        if !self.authors.0.contains(&by.actor) {
            self.authors.0.push(by.actor.clone());
        }
        self
    }
    pub(super) fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    pub(super) fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// A specification that a solution can be held against.
fn usable(spec: &RequirementSpecSnapshot) -> Result<&RequirementSpecSnapshot, SolutionRule> {
    match spec.status.as_str() {
        "confirmed" if spec.items.is_empty() => Err(SolutionRule::Itemless),
        "confirmed" => Ok(spec),
        _ => Err(SolutionRule::Unconfirmed),
    }
}

/// Sections of different kinds, whose elements have different keys.
fn checked(sections: Vec<SolutionSection>) -> Result<Vec<SolutionSection>, SolutionRule> {
    let (mut kinds, mut keys) = (HashSet::new(), HashSet::new());
    for (index, section) in sections.iter().enumerate() {
        if !kinds.insert(section.kind) {
            return Err(SolutionRule::Section { index });
        }
        if section.elements.len() > MOST_ELEMENTS {
            return Err(SolutionRule::Elements { index });
        }
        if let Some(element) = section.elements.iter().find(|element| !keys.insert(element.key.as_str())) {
            return Err(SolutionRule::ElementTwice { index, key: element.key.to_string() });
        }
    }
    Ok(sections)
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
