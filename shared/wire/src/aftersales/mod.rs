//! After-sales: revisits, surveys and tickets; the customer's satisfaction.
mod events;
mod revisits;
mod surveys;
mod ticket_events;
mod tickets;

pub use events::*;
pub use revisits::*;
pub use surveys::*;
pub use ticket_events::*;
pub use tickets::*;

use crate::EventInfo;

/// The facts aftersales tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<RevisitScheduled>("A revisit is due within three working days of a delivery."),
    EventInfo::of::<RevisitOverdue>("Nobody has reached the customer by the time the revisit was due."),
    EventInfo::of::<RevisitUnreachable>("Three calls reached nobody."),
    EventInfo::of::<SurveyAnswered>("A customer answered the satisfaction survey."),
    EventInfo::of::<RevisitClosed>("A revisit is over; `satisfied` is the customer's verdict."),
    EventInfo::of::<TicketOpened>("A customer asked, complained, proposed something or found something broken."),
    EventInfo::of::<TicketRouted>("Another department has to see to a ticket."),
    EventInfo::of::<TicketAssigned>("Someone has to see to a ticket."),
    EventInfo::of::<TicketFirstResponseBreached>("Nobody answered a customer in time."),
    EventInfo::of::<TicketPromiseChanged>("A customer was promised another time, and told so."),
    EventInfo::of::<SlaWarning>("Three quarters of the time that was promised to a customer are gone."),
    EventInfo::of::<SlaBreached>("The time that was promised to a customer is over and the ticket not solved."),
    EventInfo::of::<TicketResolved>("A ticket is solved, as we say; the customer has not said so yet."),
    EventInfo::of::<TicketReopened>("A customer is not satisfied with a solution: once more, one tier higher."),
    EventInfo::of::<TicketConfirmed>("A customer said that a ticket is solved."),
    EventInfo::of::<TicketClosed>("A ticket is over, after the customer's word."),
    EventInfo::of::<TicketCancelled>("A ticket was a mistake or a double."),
];
