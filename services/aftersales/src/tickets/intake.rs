//! How tickets come in: written down by customer service (SVC-01, SVC-03), or by a survey's answers (SVC-14).
use super::{
    domain::{
        Birth, Ticket, TicketRule,
        report::{self, Grounds, KnownOrder, Told},
    },
    store,
};
use crate::{
    revisits::domain::Revisit,
    service_levels::{self, Policy},
    surveys::domain::Survey,
};
use platform::{ApiError, Result, Tx};
use wire::{
    aftersales::{NewTicket, RevisitId, RevisitTicket, SurveyId},
    orders::OrderId,
};

/// What someone wrote down. The revisit's lock comes first, as when a revisit is closed.
pub async fn open(tx: &mut Tx, new: NewTicket) -> Result<Ticket> {
    let revisit = match new.revisit_id {
        Some(id) => Some(named_revisit(tx, id).await?),
        None => None,
    };
    let grounds = grounds(tx, &new, revisit.as_ref()).await?;
    let (agreed, stamp) = (new.promised_at, tx.stamp());
    let told = report::told(new, &grounds, stamp.at)?;
    let policy = policy(tx, &told).await?;
    let birth = birth(tx, revisit.as_ref().map(|revisit| revisit.id), None).await?;
    let change = Ticket::open(birth, told, grounds.order.as_ref(), &policy, agreed, &stamp);
    let ticket = tx.create(change).await?;
    if let Some(revisit) = revisit {
        tx.save(revisit.link_ticket(link(&ticket))?).await?;
    }
    Ok(ticket)
}

/// The ticket of a survey whose answers report something, once a survey: surveys are answered once, and the table holds
/// one ticket of each. `None` where the customer is content.
pub async fn open_for_survey(tx: &mut Tx, survey: &Survey, revisit: &Revisit) -> Result<Option<RevisitTicket>> {
    let Some(told) = report::told_by(survey, revisit) else { return Ok(None) };
    let policy = policy(tx, &told).await?;
    let birth = birth(tx, Some(revisit.id), Some(survey.head.id)).await?;
    let change = Ticket::open(birth, told, Some(&KnownOrder::of(revisit)), &policy, None, &tx.stamp());
    Ok(Some(link(&tx.create(change).await?)))
}

async fn birth(tx: &mut Tx, revisit_id: Option<RevisitId>, survey_id: Option<SurveyId>) -> Result<Birth> {
    let number = tx.next_number("ticket").await?;
    Ok(Birth { id: tx.id(), number, case_id: tx.id(), revisit_id, survey_id })
}

async fn policy(tx: &mut Tx, told: &Told) -> Result<Policy> {
    let policy = service_levels::store::policy(tx.conn(), told.kind, told.severity).await?;
    Ok(policy.ok_or(TicketRule::NoPolicy)?)
}

/// What the new ticket names, as far as it is known here.
async fn grounds(tx: &mut Tx, new: &NewTicket, revisit: Option<&Revisit>) -> Result<Grounds> {
    let account = tx.named_replica("/account_id", new.account_id.into()).await?;
    let contact = match new.contact.contact_id {
        Some(id) => Some(tx.named_replica("/contact/contact_id", id.into()).await?),
        None => None,
    };
    let shipped_for = match new.shipment_id {
        Some(shipment) => store::delivered(tx.conn(), shipment).await?,
        None => None,
    };
    let order = match (revisit, new.order_id) {
        (Some(revisit), Some(named)) if named != revisit.order_id => return Err(TicketRule::Order.into()),
        (Some(revisit), _) => Some(KnownOrder::of(revisit)),
        (None, Some(id)) => Some(named_order(tx, id).await?),
        (None, None) => None,
    };
    Ok(Grounds { account, contact, order, shipped_for })
}

async fn named_order(tx: &mut Tx, id: OrderId) -> Result<KnownOrder> {
    let unknown = || ApiError::unheard("/order_id", "order", id);
    store::known_order(tx.conn(), id).await?.ok_or_else(unknown)
}

async fn named_revisit(tx: &mut Tx, id: RevisitId) -> Result<Revisit> {
    let unknown = || ApiError::absent("/revisit_id", "revisit", id);
    tx.try_load(id).await?.ok_or_else(unknown)
}

fn link(ticket: &Ticket) -> RevisitTicket {
    RevisitTicket { ticket_id: ticket.id, number: ticket.number.clone(), outcome: None }
}
