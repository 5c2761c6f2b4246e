//! Who decides about a quote (QUO-05, 18): the usual policy always, and the policy of low margins besides where there is a
//! concern. What is only asked for a price and what is submitted are judged here alike. Pure.
use crate::margins::{Cost, Floor, Margin};
use platform::Ask;
use wire::{
    Money,
    quoting::{MarginStatus, PriceConcern},
};

/// Who decides about every quote, and who decides besides where there is a concern.
const USUAL: &str = "quoting.quote";
const LOW_MARGIN: &str = "quoting.quote.low_margin";

/// How a line stands to its least price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineStanding {
    pub below_floor: bool,
    pub floor_unknown: bool,
}

/// Why more people are asked than the usual ones. What nobody knows is as bad as what is too low.
pub fn concerns(lines: impl IntoIterator<Item = LineStanding>, margin: Margin, floor: Floor) -> Vec<PriceConcern> {
    let (mut below, mut unknown) = (false, false);
    for line in lines {
        below |= line.below_floor;
        unknown |= line.floor_unknown;
    }
    let all = [
        (below, PriceConcern::BelowFloor),
        (unknown, PriceConcern::FloorUnknown),
        (margin.status(floor) == MarginStatus::Breached, PriceConcern::LowMargin),
        (margin.cost == Cost::Elsewhere, PriceConcern::CostElsewhere),
        (margin.cost == Cost::Unknown, PriceConcern::CostUnknown),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, concern)| concern).collect()
}

/// What is asked about a quote with these concerns, and by which usual policy besides.
pub fn question(concerns: &[PriceConcern], number: String, gross: Money) -> (Ask, Option<&'static str>) {
    let ask = |policy| Ask { policy, number, amount: Some(gross) };
    if concerns.is_empty() { (ask(USUAL), None) } else { (ask(LOW_MARGIN), Some(USUAL)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PriceConcern::{BelowFloor, CostElsewhere, CostUnknown, FloorUnknown, LowMargin};
    use wire::Currency;

    const FINE: LineStanding = LineStanding { below_floor: false, floor_unknown: false };

    fn of(lines: &[LineStanding], cost: Cost) -> Vec<PriceConcern> {
        let floor = Floor { version: 1, floor: "0.05".parse().unwrap(), pricing_policy_revision: None };
        concerns(lines.iter().copied(), Margin { net: "1000".parse().unwrap(), cost }, floor)
    }

    #[test]
    fn quo_18_what_is_too_low_and_what_nobody_knows_are_concerns_alike() {
        let known = |cost: &str| of(&[FINE], Cost::Known(cost.parse().unwrap()));
        assert_eq!(["949.99", "950.00", "950.01"].map(known), [vec![], vec![], vec![LowMargin]]);
        assert_eq!(of(&[FINE], Cost::Unknown), [CostUnknown]);
        assert_eq!(of(&[FINE], Cost::Elsewhere), [CostElsewhere]);
        let low = [LineStanding { below_floor: true, ..FINE }, LineStanding { floor_unknown: true, ..FINE }];
        assert_eq!(of(&low, Cost::Known("0".parse().unwrap())), [BelowFloor, FloorUnknown]);
    }

    #[test]
    fn quo_18_one_concern_is_enough_to_ask_beyond_the_usual_policy() {
        let asked = |concerns: &[PriceConcern]| {
            let gross = Money::new("1".parse().unwrap(), Currency::CNY);
            let (ask, usual) = question(concerns, "QT-1".into(), gross);
            (ask.policy, usual)
        };
        assert_eq!(asked(&[]), (USUAL, None));
        for &concern in PriceConcern::ALL {
            assert_eq!(asked(&[concern]), (LOW_MARGIN, Some(USUAL)), "{concern}");
        }
    }
}
