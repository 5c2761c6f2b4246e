//! The rules of tickets (SVC-01 to 05, 08, 09, 14). Pure: no async, no clock, no SQL.
mod clocks;
pub mod promise;
pub mod report;

use crate::{
    schema::tickets,
    service_levels::{Policy, Tier},
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use promise::Clocks;
use report::{KnownOrder, Report, Told};
use serde::{Deserialize, Serialize};
use wire::{
    CaseId, Evidence, Moment, Note,
    aftersales::{
        CancelTicket, ConfirmTicket, ReopenTicket, ResolveTicket, RespondTicket, RevisitId, RouteTicket, SurveyId,
        TicketAssigned, TicketCancelled, TicketChannel, TicketClosed, TicketConfirmed, TicketId, TicketKind,
        TicketLoop, TicketOpened, TicketPromise, TicketReopened, TicketResolution, TicketResolved, TicketResponse,
        TicketRoute, TicketRouted, TicketSeverity, TicketSnapshot, TicketStatus as Status, TriageTicket,
    },
    crm::{AccountId, UserSnapshot},
    json::Kept,
    orders::OrderId,
};

/// Who works on tickets.
pub const WORKER_ROLES: &[&str] = &["customer_service", "technical"];
/// Routes, promises and loops that a ticket keeps at most, each.
const MOST_ENTRIES: usize = 200;
/// Nobody has said yet that it is solved.
const OPEN: &[&str] = &["new", "triaged", "assigned", "in_progress", "reopened"];
const AT_WORK: &[&str] = &["triaged", "assigned", "in_progress", "reopened"];

/// What happened on the way, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub routes: Vec<TicketRoute>,
    pub response: Option<TicketResponse>,
    pub promises: Vec<TicketPromise>,
    pub loops: Vec<TicketLoop>,
}

/// A ticket, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Ticket {
    pub id: TicketId,
    pub number: String,
    pub status: Status,
    pub case_id: CaseId,
    pub kind: TicketKind,
    pub channel: TicketChannel,
    pub severity: TicketSeverity,
    pub account_id: AccountId,
    pub order_id: Option<OrderId>,
    pub revisit_id: Option<RevisitId>,
    pub survey_id: Option<SurveyId>,
    pub report: Kept<Report>,
    pub assignee: Option<String>,
    pub first_response_due_at: Moment,
    pub responded_at: Option<Moment>,
    pub response_breached_at: Option<Moment>,
    pub promised_at: Moment,
    pub warn_at: Moment,
    pub warned_at: Option<Moment>,
    pub breached_at: Option<Moment>,
    pub calendar_id: String,
    pub history: Kept<History>,
    pub resolution: Option<Kept<TicketResolution>>,
    pub confirmation: Option<Kept<Evidence>>,
    pub loop_count: i32,
    pub escalated_to: Option<String>,
    /// Whose sale it is about, who may look.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    /// The department that has it, whose people may act.
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Ticket, "ticket", TicketId; row: this, case: some, owned);

platform::rules!(
    /// Why a ticket is refused.
    TicketRule {
        Revisit => "ticket.revisit", Invalid, "name the revisit in which it was heard", "请指明回访记录", at "/revisit_id";
        Contact => "ticket.contact", Invalid, "this is a contact of another customer", "该联系人属于其他客户", at "/contact/contact_id";
        Order => "ticket.order", Invalid, "this is an order of another customer", "该订单属于其他客户", at "/order_id";
        Shipment => "ticket.shipment", Invalid, "this is no delivered shipment of the order", "该发货单不属于此订单或尚未签收", at "/shipment_id";
        Wish => "ticket.wish", Invalid, "a complaint says what the customer wants", "投诉须填写客户诉求", at "/wish";
        Product => "ticket.product", Invalid, "a fault names an order or a product", "故障须指明订单或产品", at "/order_id";
        Promise => "ticket.promised_at", Invalid, "promise a time in the future, within 366 days", "承诺时间须晚于当前时间且在 366 天以内", at "/promised_at";
        NoPolicy => "ticket.no_service_level", Conflict, "there is no service level for this kind and severity", "该类型与严重程度没有服务等级";
        Department { department: String } => "ticket.department", Invalid, "nobody active in {department} works on tickets", "部门 {department} 没有在职的处理人员", at "/department";
        SameDepartment => "ticket.same_department", Invalid, "this department has it already", "该部门已在处理", at "/department";
        Assignee { reference: String } => "ticket.assignee", Invalid, "{reference} is not an active person of customer service or technical in the department that has the ticket", "{reference} 不是受理部门在职的客服或技术人员", at "/assignee";
        Responded => "ticket.responded", Conflict, "the customer was answered already", "已首次答复客户";
        Cause => "ticket.cause", Invalid, "say what caused the complaint", "投诉须说明原因", at "/cause";
        Early { field: &'static str } => "ticket.evidence_early", Invalid, "it is older than the solution: show what the customer says of it", "凭证早于解决方案，请提供客户对该方案的意见", at "/{field}/at";
        Full => "ticket.history", Conflict, "200 entries of a kind are kept at most", "每类记录最多保存 200 条";
        NotDue => "ticket.not_due", Conflict, "it is not due yet", "尚未到期";
    }
);

impl Machine for Ticket {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "ticket",
        transitions: &[
            Transition::new("triage", &["new"], &["triaged"]),
            Transition::new("route", AT_WORK, &["triaged"]),
            Transition::new("assign", AT_WORK, &["assigned"]),
            Transition::new("start", &["assigned", "reopened"], &["in_progress"]),
            Transition::new("respond", OPEN, OPEN),
            Transition::new("promise", OPEN, OPEN),
            Transition::new("resolve", &["in_progress"], &["resolved"]),
            Transition::new("confirm", &["resolved"], &["confirmed"]),
            Transition::new("reopen", &["resolved"], &["reopened"]),
            Transition::new("close", &["confirmed"], &["closed"]),
            Transition::new("cancel", OPEN, &["cancelled"]),
            Transition::automatic("miss_response", OPEN, OPEN),
            Transition::automatic("warn", OPEN, OPEN),
            Transition::automatic("breach", OPEN, OPEN),
        ],
        labels: Status::labels(),
    };
}

/// What a ticket has of its own before anybody is listened to. `case_id` is used where no order brings one.
#[derive(Debug, Clone)]
pub struct Birth {
    pub id: TicketId,
    pub number: String,
    pub case_id: CaseId,
    pub revisit_id: Option<RevisitId>,
    pub survey_id: Option<SurveyId>,
}

impl Ticket {
    /// Someone told us something. The sale's owner may look; the department of who wrote it down has it.
    pub fn open(
        birth: Birth,
        told: Told,
        order: Option<&KnownOrder>,
        policy: &Policy,
        agreed: Option<Moment>,
        by: &Stamp,
    ) -> Change<Self> {
        let Birth { id, number, case_id, revisit_id, survey_id } = birth;
        let Told { kind, channel, severity, account_id, report } = told;
        let clocks = Clocks::start(policy, agreed, by.at);
        let wire::Ownership { owner_id, team_id, department_id } = by.ownership.clone();
        let (owner_id, team_id) = order.map_or((owner_id, team_id), |o| (o.owner_id.clone(), o.team_id.clone()));
        let ticket = Self {
            id,
            number,
            status: Status::New,
            case_id: order.and_then(|order| order.case_id).unwrap_or(case_id),
            kind,
            channel,
            severity,
            account_id,
            order_id: order.map(|order| order.order_id),
            revisit_id,
            survey_id,
            report: Kept(report),
            assignee: None,
            first_response_due_at: clocks.first_response_due_at,
            responded_at: None,
            response_breached_at: None,
            promised_at: clocks.promised_at,
            warn_at: clocks.warn_at,
            warned_at: None,
            breached_at: None,
            calendar_id: clocks.calendar_id.to_owned(),
            history: Kept(History::default()),
            resolution: None,
            confirmation: None,
            loop_count: 0,
            escalated_to: None,
            owner_id,
            team_id,
            department_id,
            created_at: by.at,
            closed_at: None,
            version: 1,
        };
        let event = TicketOpened { source: channel, ticket: ticket.snapshot() };
        Change::new("create", ticket).emit(&event)
    }
    /// The first look. The promise stays: it is the customer's.
    pub fn triage(self, said: TriageTicket) -> Result<Change<Self>, Refused> {
        self.may("triage")?;
        let mut next = self.to(Status::Triaged);
        next.severity = said.severity.unwrap_or(next.severity);
        Ok(Change::new("triage", next))
    }
    /// Another department shall see to it (SVC-05); someone there must be able to. It waits there for somebody.
    pub fn route(self, to: RouteTicket, people: &[UserSnapshot], by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("route")?;
        let RouteTicket { department, reason } = to;
        let department = department.into_string();
        if self.department_id.as_ref() == Some(&department) {
            return Err(TicketRule::SameDepartment.into());
        }
        if !people.iter().any(|person| works_in(person, Some(&department))) {
            return Err(TicketRule::Department { department }.into());
        }
        let next = self.to(Status::Triaged);
        Ok(next.hand_over(department, reason.into_string(), by)?)
    }
    /// Someone of the department shall see to it.
    pub fn assign(self, reference: &str, person: Option<&UserSnapshot>) -> platform::Result<Change<Self>> {
        self.may("assign")?;
        let fits = |person: &&UserSnapshot| works_in(person, self.department_id.as_ref());
        let unfit = || TicketRule::Assignee { reference: reference.to_owned() };
        let person = person.filter(fits).ok_or_else(unfit)?.reference.clone();
        let mut next = self.to(Status::Assigned);
        next.assignee = Some(person.clone());
        let event = TicketAssigned { assignee: person, ticket: next.snapshot() };
        Ok(Change::new("assign", next).emit(&event))
    }
    /// Work begins; whoever begins has it, if nobody had.
    pub fn start(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("start")?;
        let mut next = self.to(Status::InProgress);
        next.assignee = next.assignee.or(by.ownership.owner_id.clone());
        Ok(Change::new("start", next))
    }
    /// The customer was answered (SVC-03): the clock of the first response stops.
    pub fn respond(self, said: RespondTicket, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("respond")?;
        if self.responded_at.is_some() {
            return Err(TicketRule::Responded.into());
        }
        let RespondTicket { channel, text } = said;
        let mut next = self.next();
        next.responded_at = Some(by.at);
        next.history.0.response =
            Some(TicketResponse { channel, text: text.into_string(), by: by.actor.clone(), at: by.at });
        Ok(Change::new("respond", next))
    }
    /// It is solved, as we say. A complaint also says why it happened (SVC-06).
    pub fn resolve(self, said: ResolveTicket, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("resolve")?;
        let ResolveTicket { solution, cause } = said;
        if self.kind == TicketKind::Complaint && cause.is_none() {
            return Err(TicketRule::Cause.into());
        }
        let mut next = self.to(Status::Resolved);
        let (cause, solution) = (cause.map(Note::into_string), solution.into_string());
        let event = TicketResolved { solution: solution.clone(), ticket: next.snapshot() };
        next.responded_at.get_or_insert(by.at);
        next.resolution = Some(Kept(TicketResolution { cause, solution, by: by.actor.clone(), at: by.at }));
        Ok(Change::new("resolve", next).emit(&event))
    }
    /// The customer is satisfied, as the evidence shows (SVC-08).
    pub fn confirm(self, said: ConfirmTicket, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("confirm")?;
        let ConfirmTicket { evidence } = said;
        self.speaks_of_solution(&evidence, by)?;
        let mut next = self.to(Status::Confirmed);
        let in_time = next.in_time(evidence.at);
        next.confirmation = Some(Kept(evidence));
        let event = TicketConfirmed { in_time, loop_count: next.loop_count, ticket: next.snapshot() };
        Ok(Change::new("confirm", next).emit(&event))
    }
    /// The customer is not satisfied (SVC-09): once more, one tier higher, and the desk that took it in has it again.
    /// `tiers` are the lowest first.
    pub fn reopen(self, said: ReopenTicket, tiers: &[Tier], by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("reopen")?;
        room(self.history.0.loops.len())?;
        let ReopenTicket { reason, evidence } = said;
        self.speaks_of_solution(&evidence, by)?;
        let mut next = self.to(Status::Reopened);
        next.loop_count += 1;
        let reached = tiers.iter().rfind(|tier| tier.tier <= next.loop_count);
        let (tier, role) = reached.map_or((0, WORKER_ROLES[0]), |tier| (tier.tier, tier.role.as_str()));
        next.escalated_to = Some(role.to_owned());
        if let Some(first) = next.history.0.routes.first()
            && first.from != next.department_id
        {
            (next.department_id, next.assignee) = (first.from.clone(), None);
        }
        let reason = reason.into_string();
        if let Some(Kept(resolution)) = next.resolution.take() {
            next.history.0.loops.push(TicketLoop {
                reason: reason.clone(),
                evidence,
                resolution,
                escalation_tier: tier,
                escalated_to: role.to_owned(),
                by: by.actor.clone(),
                at: by.at,
            });
        }
        let event = TicketReopened {
            reason: reason.clone(),
            loop_count: next.loop_count,
            escalation_tier: tier,
            escalated_to: role.to_owned(),
            ticket: next.snapshot(),
        };
        Ok(Change::new("reopen", next).emit(&event).because(reason))
    }
    /// Over; only after the customer's word.
    pub fn close(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let mut next = self.to(Status::Closed);
        next.closed_at = Some(by.at);
        let event = TicketClosed { ticket: next.snapshot() };
        Ok(Change::new("close", next).emit(&event))
    }
    /// It was a mistake or a double.
    pub fn cancel(self, said: CancelTicket, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let reason = said.reason.into_string();
        let mut next = self.to(Status::Cancelled);
        next.closed_at = Some(by.at);
        let event = TicketCancelled { reason: reason.clone(), ticket: next.snapshot() };
        Ok(Change::new("cancel", next).emit(&event).because(reason))
    }

    /// How high it has been escalated: 0 where the customer was never dissatisfied.
    pub fn escalation_tier(&self) -> i32 {
        self.history.0.loops.last().map_or(0, |lap| lap.escalation_tier)
    }
    /// What others need of it.
    pub fn snapshot(&self) -> TicketSnapshot {
        TicketSnapshot {
            ticket_id: self.id,
            number: self.number.clone(),
            kind: self.kind,
            severity: self.severity,
            account_id: self.account_id,
            order_id: self.order_id,
            revisit_id: self.revisit_id,
            survey_id: self.survey_id,
            promised_at: self.promised_at,
        }
    }

    /// What the customer says of a solution is said after it and before now; an older word is of the trouble itself.
    fn speaks_of_solution(&self, evidence: &Evidence, by: &Stamp) -> platform::Result<()> {
        not_to_come("evidence", evidence, by)?;
        if self.resolution.as_ref().is_some_and(|kept| evidence.at.is_well_before(kept.0.at)) {
            return Err(TicketRule::Early { field: "evidence" }.into());
        }
        Ok(())
    }
    /// Was the promise kept? A word about a solution is no older than the solution, whatever the clock of whoever heard it says.
    fn in_time(&self, said_at: Moment) -> bool {
        self.resolution.as_ref().map_or(said_at, |kept| said_at.max(kept.0.at)) <= self.promised_at
    }
    fn hand_over(mut self, to: String, reason: String, by: &Stamp) -> Result<Change<Self>, TicketRule> {
        room(self.history.0.routes.len())?;
        let from = self.department_id.replace(to.clone());
        self.assignee = None;
        let event =
            TicketRouted { from: from.clone(), to: to.clone(), reason: reason.clone(), ticket: self.snapshot() };
        self.history.0.routes.push(TicketRoute { from, to, reason: reason.clone(), by: by.actor.clone(), at: by.at });
        Ok(Change::new("route", self).emit(&event).because(reason))
    }
    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// Is there room for one more?
fn room(entries: usize) -> Result<(), TicketRule> {
    if entries < MOST_ENTRIES { Ok(()) } else { Err(TicketRule::Full) }
}

fn works_in(person: &UserSnapshot, department: Option<&String>) -> bool {
    let there = department.is_none() || person.department.as_ref() == department;
    person.active && there && person.roles.iter().any(|role| WORKER_ROLES.contains(&role.as_str()))
}

#[cfg(test)]
#[path = "../domain_tests.rs"]
mod tests;
