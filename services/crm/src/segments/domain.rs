//! The rules of segments (CRM-05). Pure: no async, no clock, no SQL.
use crate::{
    accounts::domain::Account,
    leads::domain::Lead,
    schema::{segment_members, segments},
};
use diesel::prelude::*;
use platform::{Change, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Moment, Ownership, Score,
    crm::{
        LeadStatus, NewSegment, SegmentCondition, SegmentField as Field, SegmentId, SegmentMemberId,
        SegmentMemberStatus, SegmentMembershipChanged, SegmentPatch, SegmentRule, SegmentStatus as Status,
        SegmentSubject,
    },
    json::Kept,
};

/// Conditions of a rule, and texts of a condition, at most.
const MOST_CONDITIONS: usize = 20;
const MOST_TEXTS: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = segments, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Segment {
    pub id: SegmentId,
    pub status: Status,
    pub name: String,
    pub description: Option<String>,
    pub subject: SegmentSubject,
    pub rule: Kept<SegmentRule>,
    pub created_by: String,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Segment, "segment", SegmentId; row: this, case: none, unowned);

platform::rules!(
    /// Why a segment is refused.
    SegmentRuleRefused {
        Conditions { count: usize } => "segment.conditions", Invalid, "a rule has 1 to 20 conditions, not {count}", "规则应有 1 至 20 个条件，实际为 {count} 个", at "/rule/conditions";
        Field { index: usize } => "segment.field", Invalid, "region is of both; industry and tier of customers; source, class and score of leads", "区域两者皆有；行业和等级属于客户；来源、分类和评分属于线索", at "/rule/conditions/{index}/field";
        Texts { index: usize } => "segment.one_of", Invalid, "a condition names 1 to 50 texts; one of the score a range instead", "条件应列出 1 至 50 个取值；评分条件应给出范围", at "/rule/conditions/{index}/one_of";
        Range { index: usize } => "segment.range", Invalid, "a range has a lower or an upper end, and not the wrong way round", "范围应有上限或下限，且下限不大于上限", at "/rule/conditions/{index}/at_least";
        Settled => "segment.settled", Conflict, "the rule of a segment that was activated stays", "已启用的细分规则不能修改", at "/rule";
    }
);

impl Machine for Segment {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "segment",
        transitions: &[
            Transition::new("update", &["draft", "active"], &["draft", "active"]),
            Transition::new("activate", &["draft"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl Segment {
    /// A draft.
    pub fn draft(id: SegmentId, new: NewSegment, by: &Stamp) -> Result<Change<Self>, SegmentRuleRefused> {
        let NewSegment { name, description, rule } = new;
        let segment = Self {
            id,
            status: Status::Draft,
            name: name.into_string(),
            description: description.map(wire::Note::into_string),
            subject: rule.subject,
            rule: Kept(sound(rule)?),
            created_by: by.actor.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", segment))
    }
    /// Changes a segment; the rule only while nobody was computed by it.
    pub fn update(self, patch: SegmentPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let SegmentPatch { name, description, rule } = patch;
        let mut next = self.next();
        if let Some(rule) = rule {
            if next.status != Status::Draft {
                return Err(SegmentRuleRefused::Settled.into());
            }
            (next.subject, next.rule) = (rule.subject, Kept(sound(rule)?));
        }
        next.name = name.map_or(next.name, wire::Name::into_string);
        next.description = description.over(next.description, wire::Note::into_string);
        Ok(Change::new("update", next))
    }
    /// Its members are computed from now on.
    pub fn activate(self) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        Ok(Change::new("activate", Self { status: Status::Active, ..self.next() }))
    }
    /// No longer.
    pub fn retire(self) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        Ok(Change::new("retire", Self { status: Status::Retired, ..self.next() }))
    }
    /// Does the rule fit?
    pub fn fits(&self, candidate: &Candidate) -> bool {
        let rule = &self.rule.0;
        let right = candidate.alive && rule.subject == candidate.subject && self.status == Status::Active;
        right && rule.conditions.iter().all(|condition| candidate.meets(condition))
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// A lead or customer as rules see it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub subject: SegmentSubject,
    pub id: Uuid,
    pub name: String,
    pub owner: Ownership,
    /// A lead that is worked on or waits in the pool; a customer that was not merged, purged or found invalid.
    alive: bool,
    region: Option<String>,
    industry: Option<String>,
    tier: Option<&'static str>,
    source: Option<String>,
    class: Option<&'static str>,
    score: Option<Score>,
}

impl From<Lead> for Candidate {
    fn from(lead: Lead) -> Self {
        Self {
            subject: SegmentSubject::Lead,
            id: lead.id.into(),
            owner: lead.ownership().unwrap_or_default(),
            name: lead.name,
            alive: !matches!(lead.status, LeadStatus::Converted | LeadStatus::Disqualified | LeadStatus::Merged),
            region: lead.region,
            industry: None,
            tier: None,
            source: Some(lead.source),
            class: lead.class.map(wire::crm::LeadClass::as_str),
            score: lead.score.map(|score| Score::new(score.0.total)),
        }
    }
}
impl From<Account> for Candidate {
    fn from(account: Account) -> Self {
        Self {
            subject: SegmentSubject::Account,
            id: account.id.into(),
            owner: account.ownership().unwrap_or_default(),
            alive: account.is_alive(),
            name: account.name,
            region: account.address.0.region.map(wire::Name::into_string),
            industry: account.industry,
            tier: Some(account.tier.as_str()),
            source: None,
            class: None,
            score: None,
        }
    }
}

impl Candidate {
    fn meets(&self, condition: &SegmentCondition) -> bool {
        let text = match condition.field {
            Field::Score => {
                return self.score.is_some_and(|score| {
                    condition.at_least.is_none_or(|least| score >= least)
                        && condition.at_most.is_none_or(|most| score <= most)
                });
            }
            Field::Region => self.region.as_deref(),
            Field::Industry => self.industry.as_deref(),
            Field::Tier => self.tier,
            Field::Source => self.source.as_deref(),
            Field::Class => self.class,
        };
        let same = |wanted: &wire::Label, text: &str| wanted.as_str().to_lowercase() == text.trim().to_lowercase();
        text.is_some_and(|text| condition.one_of.iter().any(|wanted| same(wanted, text)))
    }
}

fn sound(rule: SegmentRule) -> Result<SegmentRule, SegmentRuleRefused> {
    let count = rule.conditions.len();
    if !(1..=MOST_CONDITIONS).contains(&count) {
        return Err(SegmentRuleRefused::Conditions { count });
    }
    for (index, condition) in rule.conditions.iter().enumerate() {
        let SegmentCondition { field, one_of, at_least, at_most } = condition;
        let right = match field {
            Field::Region => true,
            Field::Industry | Field::Tier => rule.subject == SegmentSubject::Account,
            Field::Source | Field::Class | Field::Score => rule.subject == SegmentSubject::Lead,
        };
        if !right {
            return Err(SegmentRuleRefused::Field { index });
        }
        let (is_score, has_range) = (*field == Field::Score, at_least.is_some() || at_most.is_some());
        let texts = if is_score { one_of.is_empty() } else { (1..=MOST_TEXTS).contains(&one_of.len()) };
        if !texts {
            return Err(SegmentRuleRefused::Texts { index });
        }
        let crossed = at_least.zip(*at_most).is_some_and(|(least, most)| least > most);
        if is_score != has_range || crossed {
            return Err(SegmentRuleRefused::Range { index });
        }
    }
    Ok(rule)
}

/// Somebody who is in a segment, or was.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = segment_members, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Member {
    pub id: SegmentMemberId,
    pub segment_id: SegmentId,
    pub status: SegmentMemberStatus,
    pub subject: SegmentSubject,
    pub subject_id: Uuid,
    pub name: String,
    pub since: Moment,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
}
platform::entity!(Member, "segment_member", SegmentMemberId; row: this, case: none, owned);

impl Member {
    /// Comes in.
    pub fn join(id: SegmentMemberId, segment: SegmentId, candidate: &Candidate, at: Moment) -> Change<Self> {
        let Ownership { owner_id, team_id, department_id } = candidate.owner.clone();
        let member = Self {
            id,
            segment_id: segment,
            status: SegmentMemberStatus::Member,
            subject: candidate.subject,
            subject_id: candidate.id,
            name: candidate.name.clone(),
            since: at,
            owner_id,
            team_id,
            department_id,
            version: 1,
        };
        member.told("join")
    }
    /// What follows for somebody who is known: back in, out, or only another name or owner; `None` where nothing does.
    pub fn follow(self, candidate: &Candidate, fits: bool, at: Moment) -> Option<Change<Self>> {
        let was = self.status == SegmentMemberStatus::Member;
        let known = self.ownership().unwrap_or_default();
        if was == fits && (!fits || (self.name == candidate.name && known == candidate.owner)) {
            return None;
        }
        let Ownership { owner_id, team_id, department_id } = candidate.owner.clone();
        let next = Self {
            status: if fits { SegmentMemberStatus::Member } else { SegmentMemberStatus::Left },
            name: candidate.name.clone(),
            since: if was == fits { self.since } else { at },
            owner_id,
            team_id,
            department_id,
            version: self.version + 1,
            ..self
        };
        Some(match (was, fits) {
            (false, true) => next.told("join"),
            (true, false) => next.told("leave"),
            _ => Change::new("update", next),
        })
    }
    fn told(self, action: &'static str) -> Change<Self> {
        let event = SegmentMembershipChanged {
            segment_id: self.segment_id,
            subject: self.subject,
            subject_id: self.subject_id,
            member: self.status == SegmentMemberStatus::Member,
        };
        Change::new(action, self).emit(&event)
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
