//! The rules of revisits (SVC-12, D-11, D-12). Pure: no async, no clock, no SQL.
use crate::schema::revisits;
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Label, Moment, Name, Note,
    aftersales::{
        ContactRevisit, RescheduleRevisit, RevisitClosed, RevisitContact, RevisitId, RevisitOverdue, RevisitScheduled,
        RevisitStatus as Status, RevisitTicket, RevisitUnreachable, SurveyId, TicketId, TicketOutcome,
    },
    crm::{AccountId, UserSnapshot},
    json::Kept,
    orders::{OrderId, ShipmentDelivered, ShipmentId},
};

/// Working days after the delivery.
pub const DUE_WORKING_DAYS: u32 = 3;
/// Calls that reach nobody before the customer counts as unreachable.
pub const MOST_TRIES: i32 = 3;
/// Whose work it is.
pub const CALLER_ROLE: &str = "customer_service";
const NOT_CLOSED: &[&str] = &["scheduled", "contacted", "answered", "unreachable"];

/// A revisit, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = revisits, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Revisit {
    pub id: RevisitId,
    pub number: String,
    pub status: Status,
    pub case_id: Option<CaseId>,
    pub order_id: OrderId,
    pub order_number: String,
    pub shipment_id: ShipmentId,
    pub shipment_number: String,
    pub account_id: AccountId,
    pub account_name: String,
    pub delivered_at: Moment,
    pub due_at: Moment,
    pub calendar_id: String,
    pub overdue_at: Option<Moment>,
    pub assignee: Option<String>,
    pub tries: i32,
    pub contacts: Kept<Vec<RevisitContact>>,
    pub survey_id: Option<SurveyId>,
    pub satisfied: Option<bool>,
    pub tickets: Kept<Vec<RevisitTicket>>,
    pub note: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub contacted_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub cause_event_id: Option<Uuid>,
    pub version: i32,
}
platform::entity!(Revisit, "revisit", RevisitId; row: this, case: option, owned);

/// What a revisit has of its own before the delivery is looked at.
#[derive(Debug, Clone)]
pub struct Birth {
    pub id: RevisitId,
    pub number: String,
    pub case_id: Option<CaseId>,
    pub cause_event_id: Option<Uuid>,
}

platform::rules!(
    /// Why a revisit is refused.
    RevisitRule {
        Person => "revisit.person", Invalid, "say who was reached", "请填写联系到的客户人员", at "/person";
        Past => "revisit.due_at", Invalid, "it can only be put off to a time in the future", "改期时间必须晚于当前时间", at "/due_at";
        Assignee { reference: String } => "revisit.assignee", Invalid, "{reference} is not an active person of customer service", "{reference} 不是在职的客服人员", at "/assignee";
        Note => "revisit.note", Invalid, "the survey was not answered: say why", "问卷未作答，请说明原因", at "/note";
        NoTemplate => "revisit.no_survey_template", Conflict, "no survey template is active", "没有启用的问卷模板";
    }
);

impl Machine for Revisit {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "revisit",
        transitions: &[
            Transition::new(
                "assign",
                &["scheduled", "contacted", "unreachable"],
                &["scheduled", "contacted", "unreachable"],
            ),
            Transition::new("contact", &["scheduled"], &["scheduled", "contacted", "unreachable"]),
            Transition::new("reschedule", &["scheduled", "unreachable"], &["scheduled"]),
            Transition::new("close", &["contacted", "answered", "unreachable"], &["closed"]),
            Transition::automatic("answer", &["contacted"], &["answered"]),
            Transition::automatic("overdue", &["scheduled"], &["scheduled"]),
            Transition::automatic("link_ticket", NOT_CLOSED, NOT_CLOSED),
            Transition::automatic("settle_ticket", NOT_CLOSED, NOT_CLOSED),
        ],
        labels: Status::labels(),
    };

    fn gates(&self, action: &str) -> Vec<Closed> {
        let open = self.tickets.0.iter().filter(|ticket| action == "close" && ticket.outcome.is_none());
        open.map(|ticket| {
            let english = "the customer has not confirmed yet that this ticket is solved";
            Closed::new("ticket_open", english, "客户尚未确认该工单已解决").on(&ticket.number)
        })
        .collect()
    }
}

impl Revisit {
    /// Goods were delivered: someone shall call within three working days of the China calendar (D-11, D-12).
    pub fn schedule(birth: Birth, delivered: ShipmentDelivered, by: &Stamp) -> Change<Self> {
        let Birth { id, number, case_id, cause_event_id } = birth;
        let ShipmentDelivered { shipment, delivered_at, signer: _ } = delivered;
        let due = Calendar::china().add_working_days(delivered_at.timestamp(), DUE_WORKING_DAYS);
        let wire::Ownership { owner_id, team_id, department_id } = by.ownership.clone();
        let revisit = Self {
            id,
            number,
            status: Status::Scheduled,
            case_id,
            order_id: shipment.order_id,
            order_number: shipment.order_number,
            shipment_id: shipment.shipment_id,
            shipment_number: shipment.number,
            account_id: shipment.account_id,
            account_name: shipment.account_name,
            delivered_at,
            due_at: due.at.into(),
            calendar_id: due.calendar_id.to_owned(),
            overdue_at: None,
            assignee: None,
            tries: 0,
            contacts: Kept(Vec::new()),
            survey_id: None,
            satisfied: None,
            tickets: Kept(Vec::new()),
            note: None,
            owner_id,
            team_id,
            department_id,
            created_at: by.at,
            contacted_at: None,
            closed_at: None,
            cause_event_id,
            version: 1,
        };
        let event = revisit.scheduled();
        Change::new("create", revisit).emit(&event)
    }
    /// Someone of customer service shall call.
    pub fn assign(self, person: &UserSnapshot) -> platform::Result<Change<Self>> {
        self.may("assign")?;
        if !person.active || !person.roles.iter().any(|role| role == CALLER_ROLE) {
            return Err(RevisitRule::Assignee { reference: person.reference.clone() }.into());
        }
        let mut next = self.next();
        next.assignee = Some(person.reference.clone());
        Ok(Change::new("assign", next))
    }
    /// A call was made. Whoever was reached is asked the survey `survey_id`; the third who was not is unreachable.
    pub fn contact(self, call: ContactRevisit, survey_id: SurveyId, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("contact")?;
        let ContactRevisit { reached, channel, person, note } = call;
        if reached && person.is_none() {
            return Err(RevisitRule::Person.into());
        }
        let mut next = self.next();
        let (person, note) = (person.map(Name::into_string), note.map(Label::into_string));
        next.contacts.0.push(RevisitContact { at: by.at, by: by.actor.clone(), reached, channel, person, note });
        if reached {
            next.status = Status::Contacted;
            (next.contacted_at, next.survey_id) = (Some(by.at), Some(survey_id));
            return Ok(Change::new("contact", next));
        }
        next.tries += 1;
        if next.tries < MOST_TRIES {
            return Ok(Change::new("contact", next));
        }
        next.status = Status::Unreachable;
        let event = RevisitUnreachable {
            revisit_id: next.id,
            number: next.number.clone(),
            order_id: next.order_id,
            account_id: next.account_id,
            tries: next.tries,
        };
        Ok(Change::new("contact", next).emit(&event))
    }
    /// The customer wants to be called later; the calls are counted anew.
    pub fn reschedule(self, to: RescheduleRevisit, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("reschedule")?;
        if to.due_at <= by.at {
            return Err(RevisitRule::Past.into());
        }
        let mut next = self.next();
        (next.status, next.due_at, next.tries, next.overdue_at) = (Status::Scheduled, to.due_at, 0, None);
        let event = next.scheduled();
        Ok(Change::new("reschedule", next).emit(&event).because(to.reason.into_string()))
    }
    /// `due_at` is over and nobody has reached the customer: marked once, work goes on.
    pub fn overdue(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("overdue")?;
        let mut next = self.next();
        next.overdue_at = Some(by.at);
        let event = RevisitOverdue {
            revisit_id: next.id,
            number: next.number.clone(),
            order_id: next.order_id,
            account_id: next.account_id,
            due_at: next.due_at,
            assignee: next.assignee.clone(),
        };
        Ok(Change::new("overdue", next).emit(&event))
    }
    /// The survey was answered; its verdict is the revisit's. `ticket` = the one that the answers opened (SVC-14).
    pub fn answered(self, satisfied: Option<bool>, ticket: Option<RevisitTicket>) -> Result<Change<Self>, Refused> {
        self.may("answer")?;
        let mut next = self.next();
        (next.status, next.satisfied) = (Status::Answered, satisfied);
        next.tickets.0.extend(ticket);
        Ok(Change::new("answer", next))
    }
    /// Trouble was heard in it: it is not closed before that is settled (SVC-14).
    pub fn link_ticket(self, ticket: RevisitTicket) -> Result<Change<Self>, Refused> {
        self.may("link_ticket")?;
        let mut next = self.next();
        next.tickets.0.push(ticket);
        Ok(Change::new("link_ticket", next))
    }
    /// A ticket of it ended. A customer who confirms that their trouble is gone is satisfied after all.
    pub fn settle_ticket(self, id: TicketId, outcome: TicketOutcome) -> Result<Change<Self>, Refused> {
        self.may("settle_ticket")?;
        let mut next = self.next();
        for ticket in next.tickets.0.iter_mut().filter(|ticket| ticket.ticket_id == id) {
            ticket.outcome = Some(outcome);
        }
        Ok(Change::new("settle_ticket", next))
    }
    /// Over, once its tickets are. Without answers nobody is satisfied, and the note says why there are none; who was not
    /// satisfied is at the end, if they confirmed that a ticket is solved.
    pub fn close(self, note: Option<Note>, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("close")?;
        if self.status != Status::Answered && note.is_none() {
            return Err(RevisitRule::Note.into());
        }
        let mut next = self.next();
        next.status = Status::Closed;
        (next.note, next.closed_at) = (note.map(Note::into_string), Some(by.at));
        let made_happy = next.tickets.0.iter().any(|ticket| ticket.outcome == Some(TicketOutcome::Confirmed));
        next.satisfied = next.satisfied.map(|satisfied| satisfied || made_happy);
        let event = RevisitClosed {
            revisit_id: next.id,
            number: next.number.clone(),
            order_id: next.order_id,
            account_id: next.account_id,
            satisfied: next.satisfied.unwrap_or(false),
        };
        Ok(Change::new("close", next).emit(&event))
    }
    /// The survey that closing it now would leave without answers.
    pub fn open_survey(&self) -> Option<SurveyId> {
        self.survey_id.filter(|_| self.status == Status::Contacted)
    }

    fn scheduled(&self) -> RevisitScheduled {
        RevisitScheduled {
            revisit_id: self.id,
            number: self.number.clone(),
            order_id: self.order_id,
            shipment_id: self.shipment_id,
            account_id: self.account_id,
            due_at: self.due_at,
            calendar_id: self.calendar_id.clone(),
        }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
