//! What a customer is promised and when somebody must be warned, in working time (SVC-03, SVC-04). Pure arithmetic.
use crate::service_levels::Policy;
use jiff::SignedDuration;
use platform::calendar::Calendar;
use wire::Moment;

/// A promise reaches at most so many days ahead.
pub const MOST_DAYS: i64 = 366;

/// The clocks of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    pub first_response_due_at: Moment,
    pub promised_at: Moment,
    pub warn_at: Moment,
    pub calendar_id: &'static str,
}

impl Clocks {
    /// By the policy: the first answer within its working minutes, the solution by the closing of its last working day.
    /// `agreed` = what the customer was promised instead.
    pub fn start(policy: &Policy, agreed: Option<Moment>, at: Moment) -> Self {
        let calendar = Calendar::china();
        let minutes = SignedDuration::from_mins(policy.first_response_minutes.into());
        let response = calendar.add_working_time(at.timestamp(), minutes);
        let days = u32::try_from(policy.resolution_working_days).unwrap_or(0);
        let solved = calendar.add_working_days(at.timestamp(), days);
        let promised_at = agreed.unwrap_or_else(|| solved.at.into());
        Self {
            first_response_due_at: response.at.into(),
            promised_at,
            warn_at: warn_at(at, promised_at),
            calendar_id: calendar.id(),
        }
    }
}

/// When three quarters of the working time from `from` to the promise are gone; never after the promise itself, which may
/// lie outside working hours.
pub fn warn_at(from: Moment, promised_at: Moment) -> Moment {
    let calendar = Calendar::china();
    let whole = calendar.working_time_between(from.timestamp(), promised_at.timestamp());
    let three_quarters = calendar.add_working_time(from.timestamp(), whole * 3 / 4);
    Moment::from(three_quarters.at).min(promised_at)
}

/// Can a customer be promised this? Only what lies ahead, and not beyond [`MOST_DAYS`].
pub fn may_promise(promised_at: Moment, now: Moment) -> bool {
    let ahead = promised_at.timestamp().duration_since(now.timestamp());
    ahead.is_positive() && ahead <= SignedDuration::from_hours(24 * MOST_DAYS)
}
