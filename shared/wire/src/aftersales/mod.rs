//! After-sales: revisits and surveys; the customer's satisfaction.
mod events;

pub use events::*;

use crate::EventInfo;

/// The facts aftersales tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<RevisitScheduled>("A revisit is due within three working days of a delivery."),
    EventInfo::of::<SurveyAnswered>("A customer answered the satisfaction survey."),
    EventInfo::of::<RevisitClosed>("A revisit is over; `satisfied` is the customer's verdict."),
];
