//! What shows that the customer did something (ruling 16), wherever an employee records it: it cannot come from the future. The clock of
//! whoever records it may be a minute ahead of ours.
use platform::Stamp;
use wire::Evidence;

platform::rules!(
    /// Why evidence is refused.
    EvidenceRule {
        Future => "evidence.future", Invalid, "the customer cannot have done it in the future: say when they did", "客户确认时间不能晚于当前时间，请填写实际时间", at "/evidence/at";
    }
);

/// Refuses what is said to have been done later than now.
pub fn not_to_come(evidence: &Evidence, by: &Stamp) -> Result<(), EvidenceRule> {
    if by.at.is_well_before(evidence.at) { Err(EvidenceRule::Future) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, evidence};
    use jiff::SignedDuration;
    use wire::Moment;

    #[test]
    fn evidence_is_from_now_at_the_latest_give_or_take_a_minute() {
        let later = |microseconds| {
            let at = by().at.timestamp() + SignedDuration::from_mins(1) + SignedDuration::from_micros(microseconds);
            not_to_come(&Evidence { at: Moment::new(at), ..evidence() }, &by())
        };
        assert_eq!([later(-1), later(0), later(1)], [Ok(()), Ok(()), Err(EvidenceRule::Future)]);
        assert_eq!(not_to_come(&evidence(), &by()), Ok(()));
    }
}
