//! What a customer told us: which details each kind of ticket needs (SVC-03), and what a survey's answers say (SVC-14).
use super::{TicketRule, promise};
use crate::{
    revisits::domain::Revisit,
    schema::known_orders,
    surveys::domain::{Survey, UNSATISFIED},
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use wire::{
    CaseId, Code, Name, Note,
    aftersales::{NewTicket, TicketChannel, TicketContact, TicketKind, TicketSeverity},
    crm::{AccountId, AccountSnapshot, ContactSnapshot},
    orders::{OrderId, ShipmentId},
};

/// An order as far as tickets need it (a row, heard from orders).
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = known_orders, treat_none_as_default_value = false)]
pub struct KnownOrder {
    pub order_id: OrderId,
    pub number: String,
    pub account_id: AccountId,
    pub case_id: Option<CaseId>,
    /// Whose sale it is.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
}
impl KnownOrder {
    /// The order that a revisit is about.
    pub fn of(revisit: &Revisit) -> Self {
        Self {
            order_id: revisit.order_id,
            number: revisit.order_number.clone(),
            account_id: revisit.account_id,
            case_id: revisit.case_id,
            owner_id: revisit.owner_id.clone(),
            team_id: revisit.team_id.clone(),
        }
    }
}

/// What was told, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub account_name: String,
    pub contact: TicketContact,
    pub description: String,
    pub wish: Option<String>,
    pub shipment_id: Option<ShipmentId>,
    pub sku: Option<String>,
}

/// What a new ticket names, as it is known here.
#[derive(Debug, Clone)]
pub struct Grounds {
    pub account: AccountSnapshot,
    pub contact: Option<ContactSnapshot>,
    /// Named, or that of the revisit.
    pub order: Option<KnownOrder>,
    /// The order of the delivered shipment that was named.
    pub shipped_for: Option<OrderId>,
}

/// What is told of a ticket before its clocks start.
#[derive(Debug, Clone)]
pub struct Told {
    pub kind: TicketKind,
    pub channel: TicketChannel,
    pub severity: TicketSeverity,
    pub account_id: AccountId,
    pub report: Report,
}

/// Checks that the details are complete and fit together.
pub fn told(new: NewTicket, grounds: &Grounds, now: wire::Moment) -> Result<Told, TicketRule> {
    let NewTicket {
        kind,
        channel,
        severity,
        account_id,
        contact,
        description,
        wish,
        order_id: _,
        shipment_id,
        sku,
        revisit_id,
        promised_at,
    } = new;
    let stranger = |of: AccountId| of != account_id;
    if channel == TicketChannel::Revisit && revisit_id.is_none() {
        return Err(TicketRule::Revisit);
    }
    if grounds.contact.as_ref().is_some_and(|contact| stranger(contact.account_id)) {
        return Err(TicketRule::Contact);
    }
    if grounds.order.as_ref().is_some_and(|order| stranger(order.account_id)) {
        return Err(TicketRule::Order);
    }
    if shipment_id.is_some() && grounds.shipped_for != grounds.order.as_ref().map(|order| order.order_id) {
        return Err(TicketRule::Shipment);
    }
    if kind == TicketKind::Complaint && wish.is_none() {
        return Err(TicketRule::Wish);
    }
    if kind == TicketKind::Fault && grounds.order.is_none() && sku.is_none() {
        return Err(TicketRule::Product);
    }
    if promised_at.is_some_and(|at| !promise::may_promise(at, now)) {
        return Err(TicketRule::Promise);
    }
    let report = Report {
        account_name: grounds.account.name.clone(),
        contact,
        description: description.into_string(),
        wish: wish.map(Note::into_string),
        shipment_id,
        sku: sku.map(Code::into_string),
    };
    Ok(Told { kind, channel, severity, account_id, report })
}

/// What the answers of a survey report: `None` where nobody is dissatisfied and no trouble was told of (SVC-14). A score
/// of 1 is severe; trouble without a bad score is a fault of what was delivered.
pub fn told_by(survey: &Survey, revisit: &Revisit) -> Option<Told> {
    let bad: Vec<_> = survey.answers.iter().filter(|answer| answer.score <= UNSATISFIED).collect();
    let problem = survey.head.problem_reported.as_deref();
    if bad.is_empty() && problem.is_none() {
        return None;
    }
    let questions = &survey.head.questions.0;
    let asked = |question: i16| usize::try_from(question - 1).ok().and_then(|index| questions.get(index));
    let lines = bad.iter().map(|answer| {
        let question = asked(answer.question).map_or("", |question| question.chinese.as_str());
        let comment = answer.comment.as_ref().map(|comment| format!("：{comment}")).unwrap_or_default();
        format!("{question} {}/5{comment}", answer.score)
    });
    let description: Vec<String> = problem.map(str::to_owned).into_iter().chain(lines).collect();
    let worst = bad.iter().map(|answer| answer.score).min();
    Some(Told {
        kind: if bad.is_empty() { TicketKind::Fault } else { TicketKind::Complaint },
        channel: TicketChannel::Revisit,
        severity: if worst == Some(1) { TicketSeverity::High } else { TicketSeverity::Normal },
        account_id: revisit.account_id,
        report: Report {
            account_name: revisit.account_name.clone(),
            contact: answerer(survey, revisit),
            description: description.join("\n"),
            wish: None,
            shipment_id: Some(revisit.shipment_id),
            sku: None,
        },
    })
}

/// Who answered, as the evidence names them.
fn answerer(survey: &Survey, revisit: &Revisit) -> TicketContact {
    let named = survey.head.evidence.as_ref().map(|kept| kept.0.person.clone());
    let customer = || revisit.account_name.parse::<Name>().ok();
    // An account's name has the same bounds as a person's, so one of the two is always there.
    let name = named.or_else(customer).expect("answers come with evidence");
    TicketContact { contact_id: None, name, phone: None, email: None }
}
