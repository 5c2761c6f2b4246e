//! How facts become a case. Pure: no async, no clock, no SQL.
use crate::schema::{case_events, cases};
use diesel::prelude::*;
use platform::Caller;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, EventId, Labelled, Moment, Money, Ownership,
    crm::{AccountId, CaseEvent, CaseGraph, CaseLink, CaseNode, CaseStatus, LinkReason, TimelineEntry},
    glossary,
};

/// A deal's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct Case {
    pub case_id: CaseId,
    pub account_id: Option<AccountId>,
    pub status: CaseStatus,
    pub started_at: Moment,
    pub last_at: Moment,
    /// The deal that this one turned out to be (ruling 15).
    pub merged_into: Option<CaseId>,
    /// Did another deal turn out to be this one?
    pub has_aliases: bool,
}

/// A fact's row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_events, treat_none_as_default_value = false)]
pub struct Fact {
    pub event_id: EventId,
    pub case_id: CaseId,
    pub at: Moment,
    pub service: String,
    pub entity: String,
    pub fact: String,
    pub subject_id: Uuid,
    pub number: Option<String>,
    pub actor: String,
    pub cause_id: Option<EventId>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub data: Value,
}

/// Facts about one document under another's name: who may read that document may read them.
const TOLD_OF: &[(&str, &str)] = &[
    ("aftersales.sla", "aftersales.ticket"),
    ("crm.demo", "crm.activity"),
    ("crm.progress_report", "crm.activity"),
    ("contracts.payment", "contracts.payment_milestone"),
    ("contracts.review", "contracts.contract"),
    ("contracts.signature", "contracts.contract"),
    ("contracts.version", "contracts.contract"),
    ("crm.loyalty", "crm.account"),
    ("crm.market_share", "crm.market_share_point"),
    ("crm.target", "crm.sales_target"),
    ("crm.archive", "crm.archive_file"),
    ("crm.card", "crm.membership_card"),
    ("crm.onboarding", "crm.onboarding_application"),
    ("crm.collaborator", "crm.opportunity_member"),
    ("crm.negotiation", "crm.negotiation_round"),
    ("crm.project", "crm.project_initiation"),
    ("orders.availability", "orders.order"),
    ("procurement.availability", "procurement.hold"),
    ("crm.case", "crm.lead"),
    ("procurement.expedite", "procurement.requisition"),
    ("quoting.price_policy", "quoting.pricing_policy"),
];

impl Fact {
    /// What an envelope says of its case; `None` where it belongs to none.
    pub fn of(event: CloudEvent) -> Option<Self> {
        let case_id = event.caseid?;
        let mut words = event.kind.split('.').map(str::to_owned);
        let (service, entity, fact) = (words.next()?, words.next()?, words.next()?);
        Some(Self {
            event_id: event.id,
            case_id,
            at: event.time,
            service,
            entity,
            fact,
            subject_id: event.subject,
            number: event.data["number"].as_str().map(str::to_owned),
            actor: event.actor,
            cause_id: event.causeid,
            owner_id: event.ownerid,
            team_id: event.teamid,
            department_id: event.departmentid,
            data: event.data,
        })
    }
    /// Whose deal it is, where the fact says so.
    pub fn account_id(&self) -> Option<AccountId> {
        uuid(&self.data["account_id"]).map(AccountId)
    }
    /// The deal that this one turned out to be, where the fact says so.
    pub fn merged_into(&self) -> Option<CaseId> {
        let merged = (self.service.as_str(), self.entity.as_str(), self.fact.as_str()) == ("crm", "case", "merged");
        uuid(&self.data["into_case_id"]).filter(|_| merged).map(CaseId)
    }
    /// Could it change how the deal stands?
    pub fn tells_standing(&self) -> bool {
        STANDING.contains(&(self.service.as_str(), self.entity.as_str()))
    }
    /// The permission that shows it (ruling 18).
    pub fn permission(&self) -> String {
        permission(&self.service, &self.entity)
    }
    /// May this caller see it? By the other service's read permission and its row scope; a document that belongs to
    /// nobody is seen by every holder of the permission.
    pub fn shown_to(&self, caller: &Caller) -> bool {
        let owner = Ownership {
            owner_id: self.owner_id.clone(),
            team_id: self.team_id.clone(),
            department_id: self.department_id.clone(),
        };
        let row = (owner != Ownership::default()).then_some(&owner);
        caller.sight(&self.permission()).is_some_and(|sight| sight.sees(row))
    }
    /// As timelines show it.
    pub fn entry(self) -> TimelineEntry {
        let Self { event_id, case_id, at, service, entity, fact, subject_id, number, actor, cause_id, .. } = self;
        TimelineEntry { event_id, case_id, at, service, entity, fact, subject_id, number, actor, cause_id }
    }
    /// What it makes of a document: of its own, or told of it under another name.
    fn label(&self, own: bool) -> Labelled {
        let (chinese, english) = glossary::fact(&self.fact);
        if own {
            return Labelled { code: self.fact.clone(), chinese: chinese.into(), english: english.into() };
        }
        let (noun_zh, noun) = glossary::noun(&self.entity);
        Labelled {
            code: format!("{}_{}", self.entity, self.fact),
            chinese: format!("{noun_zh}：{chinese}"),
            english: format!("{noun}: {english}"),
        }
    }
    fn amount(&self) -> Option<Money> {
        let money = |value: &Value| serde_json::from_value::<Money>(value.clone()).ok();
        money(&self.data["totals"]["gross"]).or_else(|| money(&self.data["amount"]))
    }
}

fn permission(service: &str, entity: &str) -> String {
    let own = format!("{service}.{entity}");
    let document = TOLD_OF.iter().find(|(told, _)| *told == own).map_or(own.as_str(), |(_, document)| document);
    format!("{document}.read")
}

/// Facts about these may change how a deal stands.
pub const STANDING: &[(&str, &str)] = &[
    ("orders", "order"),
    ("aftersales", "revisit"),
    ("aftersales", "ticket"),
    ("crm", "opportunity"),
    ("crm", "lead"),
];

/// How the deal stands after these facts, in order: satisfied when an order was completed, the last revisit closed
/// satisfied and no ticket is open, lost when the lead or opportunity ended without a sale, open otherwise.
pub fn standing<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> CaseStatus {
    let (mut completed, mut pleased, mut lost) = (false, false, false);
    let mut tickets = HashSet::new();
    for fact in facts {
        match (fact.service.as_str(), fact.entity.as_str(), fact.fact.as_str()) {
            ("orders", "order", "completed") => completed = true,
            ("aftersales", "revisit", "closed") => pleased = fact.data["satisfied"] == true,
            ("aftersales", "ticket", "opened" | "reopened") => drop(tickets.insert(fact.subject_id)),
            ("aftersales", "ticket", "confirmed" | "closed" | "cancelled") => drop(tickets.remove(&fact.subject_id)),
            ("crm", "opportunity", "lost" | "invalidated") => lost = true,
            ("crm", "opportunity", _) => lost = false,
            ("crm", "lead", _) => lost = fact.data["status"] == "disqualified",
            _ => {}
        }
    }
    match (completed && pleased && tickets.is_empty(), lost) {
        (true, _) => CaseStatus::Satisfied,
        (false, true) => CaseStatus::Lost,
        (false, false) => CaseStatus::Open,
    }
}

/// The case as these facts show it; `facts` are those the caller may see, in order.
pub fn graph(case: Case, aliases: Vec<CaseId>, account_name: Option<String>, facts: Vec<Fact>) -> CaseGraph {
    let Case { case_id, account_id, status, mut started_at, mut last_at, merged_into: _, has_aliases: _ } = case;
    // What happened under other names of the deal may have been earlier, or later.
    started_at = facts.first().map_or(started_at, |fact| started_at.min(fact.at));
    last_at = facts.last().map_or(last_at, |fact| last_at.max(fact.at));
    let nodes = nodes(&facts);
    let links = links(&facts, &nodes);
    let mut previous = started_at;
    let events = facts.into_iter().map(|fact| {
        let (elapsed_ms, since_previous_ms) = (between(started_at, fact.at), between(previous, fact.at));
        previous = fact.at;
        CaseEvent { entry: fact.entry(), elapsed_ms, since_previous_ms }
    });
    let events = events.collect();
    CaseGraph {
        case_id,
        aliases,
        account_id,
        account_name,
        status,
        started_at,
        last_at,
        elapsed_ms: between(started_at, last_at),
        nodes,
        links,
        events,
    }
}

/// Milliseconds from one instant to another.
pub fn between(from: Moment, to: Moment) -> i64 {
    to.timestamp().as_millisecond() - from.timestamp().as_millisecond()
}

/// Documents in the order in which they appeared: what facts are about. A document is what its first fact calls it.
fn nodes(facts: &[Fact]) -> Vec<CaseNode> {
    let mut nodes: Vec<CaseNode> = Vec::new();
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    for fact in facts {
        let place = *places.entry(fact.subject_id).or_insert_with(|| {
            nodes.push(CaseNode {
                service: fact.service.clone(),
                kind: fact.entity.clone(),
                id: fact.subject_id,
                number: None,
                status: String::new(),
                status_label: fact.label(true),
                amount: None,
                first_at: fact.at,
                last_at: fact.at,
            });
            nodes.len() - 1
        });
        let node = &mut nodes[place];
        let own = node.kind == fact.entity;
        node.status_label = fact.label(own);
        node.status.clone_from(&node.status_label.code);
        node.number = fact.number.clone().filter(|_| own).or(node.number.take());
        node.amount = fact.amount().or(node.amount);
        node.last_at = fact.at;
    }
    nodes
}

/// From document to document: a fact of one made the other, or one names the other, the older first.
fn links(facts: &[Fact], nodes: &[CaseNode]) -> Vec<CaseLink> {
    let places: HashMap<Uuid, usize> = nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
    let subjects: HashMap<EventId, Uuid> = facts.iter().map(|fact| (fact.event_id, fact.subject_id)).collect();
    let mut known = HashSet::new();
    let mut links = Vec::new();
    let mut add = |from: Uuid, to: Uuid, reason| {
        if from != to && !known.contains(&(to, from)) && known.insert((from, to)) {
            links.push(CaseLink { from, to, reason });
        }
    };
    for fact in facts {
        if let Some(from) = fact.cause_id.and_then(|cause| subjects.get(&cause)) {
            add(*from, fact.subject_id, LinkReason::Caused);
        }
    }
    for fact in facts {
        let fields = fact.data.as_object().into_iter().flatten();
        let ids = fields.filter(|(field, _)| field.ends_with("_id")).filter_map(|(_, value)| uuid(value));
        for named in ids.filter(|id| places.contains_key(id)) {
            let (older, newer) = if places[&named] <= places[&fact.subject_id] {
                (named, fact.subject_id)
            } else {
                (fact.subject_id, named)
            };
            add(older, newer, LinkReason::Named);
        }
    }
    links
}

fn uuid(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
