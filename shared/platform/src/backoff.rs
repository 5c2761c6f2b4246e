//! When a message that failed is tried again, and when a person must look at it. Pure.
use crate::ApiError;
use std::time::Duration;

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// Wait so long; `waiting_for` names the replica row that would wake it earlier.
    Wait { delay: Duration, error: String, waiting_for: Option<String> },
    /// Nothing that time could heal, or time has not.
    Park(String),
}

/// Delays of transient failures, seconds; the last one repeats.
const TRANSIENT: [u64; 5] = [10, 30, 120, 600, 3600];
/// Transient failures before a message is parked.
const MOST_ATTEMPTS: i32 = 8;
/// `NotYet` parks only after this long.
const MOST_PATIENCE: Duration = Duration::from_hours(1);

/// `attempts` made so far (not counting the immediate ones), `age` since arrival.
pub(crate) fn after(error: &ApiError, attempts: i32, age: Duration) -> Next {
    let step = usize::try_from(attempts).unwrap_or(0);
    match error {
        ApiError::NotYet(what) if age < MOST_PATIENCE => {
            let seconds = 1u64.checked_shl(u32::try_from(step).unwrap_or(0)).unwrap_or(u64::MAX).min(600);
            Next::Wait {
                delay: Duration::from_secs(seconds),
                error: error.to_string(),
                waiting_for: Some(what.clone()),
            }
        }
        ApiError::NotYet(_) => Next::Park(format!("{error} within an hour")),
        _ if error.is_transient() && attempts < MOST_ATTEMPTS => {
            let seconds = TRANSIENT[step.min(TRANSIENT.len() - 1)];
            Next::Wait { delay: Duration::from_secs(seconds), error: format!("{error:?}"), waiting_for: None }
        }
        _ if error.is_transient() => Next::Park(format!("failed {attempts} times: {error:?}")),
        refused => Next::Park(format!("{}: {refused}", refused.code())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_yet_waits_1_second_to_10_minutes_and_parks_after_an_hour() {
        let wait =
            |attempts, age| match after(&ApiError::NotYet("account:1".into()), attempts, Duration::from_secs(age)) {
                Next::Wait { delay, waiting_for, .. } => {
                    assert_eq!(waiting_for.as_deref(), Some("account:1"));
                    Some(delay.as_secs())
                }
                Next::Park(_) => None,
            };
        assert_eq!(
            [wait(0, 0), wait(3, 9), wait(9, 600), wait(70, 3599), wait(0, 3600)],
            [Some(1), Some(8), Some(512), Some(600), None]
        );
    }

    #[test]
    fn transient_failures_wait_longer_and_longer_refusals_never() {
        let seconds = |attempts| match after(&ApiError::internal("x"), attempts, Duration::ZERO) {
            Next::Wait { delay, .. } => delay.as_secs(),
            Next::Park(_) => 0,
        };
        assert_eq!([0, 1, 2, 3, 4, 7, 8].map(seconds), [10, 30, 120, 600, 3600, 3600, 0]);
        assert!(matches!(after(&ApiError::Forbidden("x".into()), 0, Duration::ZERO), Next::Park(_)));
    }
}
