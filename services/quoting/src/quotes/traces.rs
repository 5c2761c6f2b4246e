//! How the prices of a quote's lines came about: kept beside the lines, read only when somebody asks (QUO-05). Pure; what a price is
//! made of is `pricing`'s business.
use super::{
    domain::{Head, Quote},
    lines::LineRow,
};
use crate::schema::quote_line_traces;
use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    json::Kept,
    quoting::{LinePricing, QuoteId, QuoteLineTrace, QuotePriceTrace},
};

/// How the price of a line came about.
#[derive(Debug, Clone, Serialize, Queryable, Selectable)]
#[diesel(table_name = quote_line_traces)]
pub struct TraceRow {
    pub line_id: Uuid,
    pub quote_id: QuoteId,
    pub pricing: Kept<LinePricing>,
}

/// The traces of `before`'s lines as those of `after`, which are the same lines under other ids.
pub(super) fn traced_anew(traces: &[TraceRow], before: &[LineRow], after: &[LineRow]) -> Vec<TraceRow> {
    let of = |(old, new): (&LineRow, &LineRow)| {
        let trace = traces.iter().find(|trace| trace.line_id == old.id)?;
        Some(TraceRow { line_id: new.id, quote_id: new.quote_id, pricing: trace.pricing.clone() })
    };
    before.iter().zip(after).filter_map(of).collect()
}

impl Quote {
    /// How the prices of its lines came about, if that was read.
    pub fn trace(&self) -> QuotePriceTrace {
        let pricing = |line: &LineRow| self.traces.iter().find(|trace| trace.line_id == line.id);
        let traced = |line: &LineRow| QuoteLineTrace {
            line_number: line.line_number,
            sku: line.sku.clone(),
            pricing: pricing(line).map(|trace| trace.pricing.0.clone()),
        };
        let Head { id, number, revision, .. } = &self.head;
        let lines = self.lines.iter().map(traced).collect();
        QuotePriceTrace { quote_id: *id, number: number.clone(), revision: *revision, lines }
    }
}
