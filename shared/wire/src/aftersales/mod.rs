//! After-sales: revisits and surveys; the customer's satisfaction.
mod events;
mod revisits;
mod surveys;

pub use events::*;
pub use revisits::*;
pub use surveys::*;

use crate::EventInfo;

/// The facts aftersales tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<RevisitScheduled>("A revisit is due within three working days of a delivery."),
    EventInfo::of::<RevisitOverdue>("Nobody has reached the customer by the time the revisit was due."),
    EventInfo::of::<RevisitUnreachable>("Three calls reached nobody."),
    EventInfo::of::<SurveyAnswered>("A customer answered the satisfaction survey."),
    EventInfo::of::<RevisitClosed>("A revisit is over; `satisfied` is the customer's verdict."),
];
