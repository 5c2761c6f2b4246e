//! What shows that a customer did something (ruling 16), wherever an employee records it: it cannot come from the future. Refuses to
//! judge whether the evidence is any good.
use crate::Stamp;
use wire::Evidence;

crate::rules!(
    /// Why evidence is refused.
    EvidenceRule {
        Future { field: &'static str } => "evidence.future", Invalid, "the customer cannot have done it in the future: say when they did", "客户确认时间不能晚于当前时间，请填写实际时间", at "/{field}/at";
    }
);

/// Refuses what is said to have been done later than now; the clock of whoever recorded it may be a minute ahead of ours.
/// `field`: the body field that holds the evidence. What is not there is fine here.
pub fn not_to_come<'a>(
    field: &'static str,
    evidence: impl Into<Option<&'a Evidence>>,
    by: &Stamp,
) -> Result<(), EvidenceRule> {
    let to_come = evidence.into().is_some_and(|evidence| by.at.is_well_before(evidence.at));
    if to_come { Err(EvidenceRule::Future { field }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rule;
    use wire::{EvidenceChannel, Moment, Ownership};

    fn moment(text: &str) -> Moment {
        Moment::new(text.parse().unwrap())
    }

    #[test]
    fn evidence_is_from_now_at_the_latest_give_or_take_a_minute() {
        let by =
            Stamp { at: moment("2026-03-02T01:00:00Z"), actor: "user:ann".into(), ownership: Ownership::default() };
        let of = |at: &str| {
            let evidence = Evidence {
                channel: EvidenceChannel::Document,
                person: "李雷".parse().unwrap(),
                at: moment(at),
                note: None,
                attachment_id: None,
            };
            not_to_come("notice", &evidence, &by).map_err(|refused| refused.pointer())
        };
        assert_eq!([of("2026-03-02T01:00:59.999999Z"), of("2026-03-02T01:01:00Z")], [Ok(()), Ok(())]);
        assert_eq!(of("2026-03-02T01:01:00.000001Z"), Err("/notice/at".to_owned()));
    }
}
