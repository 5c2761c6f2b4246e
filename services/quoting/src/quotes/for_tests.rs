//! For tests beside the rules: lines as if they had been priced by hand.
use super::lines::Offered;
use wire::{line::NewLine, quoting::LinePricing};

/// A line at its own price, which no policy has anything against.
pub fn offered(line: NewLine) -> Offered {
    let pricing = LinePricing {
        day: "2026-03-02".parse().unwrap(),
        unit_price: line.unit_price,
        policy_unit_price: None,
        manual: true,
        deviation: None,
        deviation_rate: None,
        floor: None,
        floor_unknown: false,
        trace: Vec::new(),
    };
    Offered { line, pricing, service: None }
}
