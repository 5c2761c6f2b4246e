//! What was measured, as Markdown for people and as JSON for machines. Judges nothing.
use super::{
    bursts::{Burst, spread},
    hop::Hops,
    round::Pair,
};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What needs services that were not there.
const NOT_MEASURED: &str = "not measured";

/// See the module.
#[derive(Debug, Default)]
pub struct Report {
    pub rows: usize,
    pub callers: usize,
    /// Those alone that are hosted; empty for all six.
    pub services: String,
    pub ready_ms: f64,
    pub idle_mebibytes: f64,
    pub loaded_mebibytes: f64,
    /// Of creating an order, on the wire to Postgres.
    pub round_trips: f64,
    /// One caller reads pages from ten thousand rows, and from all of them.
    pub few: Burst,
    pub many: Burst,
    pub drained_per_second: f64,
    pub hops: Hops,
    /// Seconds of each deal, shortest first.
    pub deals: Vec<f64>,
    pub pairs: Vec<(&'static str, Vec<Pair>)>,
}

impl Report {
    /// Tables for a README.
    pub fn markdown(&self) -> String {
        let mut out = format!(
            "{} in one process, {} orders with five lines each, {} callers at once, everything on one machine of {} cores, the callers too.\n\n",
            if self.services.is_empty() { "All six services" } else { &self.services },
            self.rows,
            self.callers,
            std::thread::available_parallelism().map_or(0, usize::from)
        );
        out += "| job | ratio to the floor: median (least–most) | ours per s | p50 ms | p95 ms | p99 ms | CPU ms: suite + Postgres | floor per s | CPU ms: Postgres |\n|---|---|---|---|---|---|---|---|---|\n";
        for (job, pairs) in &self.pairs {
            let [median, least, most] = spread(&pairs.iter().map(Pair::ratio).collect::<Vec<_>>());
            let middle = |of: &dyn Fn(&Pair) -> f64| spread(&pairs.iter().map(of).collect::<Vec<_>>())[0];
            let _ = writeln!(
                out,
                "| {job} | **{median:.2}** ({least:.2}–{most:.2}) | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} + {:.2} | {:.0} | {:.2} |",
                middle(&|pair| pair.ours.per_second),
                middle(&|pair| pair.ours.p50_ms),
                middle(&|pair| pair.ours.p95_ms),
                middle(&|pair| pair.ours.p99_ms),
                middle(&|pair| pair.ours.suite_ms),
                middle(&|pair| pair.ours.database_ms),
                middle(&|pair| pair.floor_per_second),
                middle(&|pair| pair.floor_database_ms),
            );
        }
        let _ = write!(
            out,
            "\n| figure | measured |\n|---|---|\n\
             | page of 50, one caller: all rows ÷ 10,000 rows, p50 | {:.2} ({:.2} ms ÷ {:.2} ms) |\n\
             | round trips to Postgres of one create | {:.2} |\n\
             | outbox drain | {:.0} facts per s |\n\
             | one event hop, ms p50 and p99: ours; the least program | {}; {} |\n\
             | whole deals of the demo, three at once, s: middle, shortest, longest | {} |\n\
             | resident memory, idle and after the bursts | {:.0} MiB, {:.0} MiB |\n\
             | from start to ready | {:.0} ms |\n",
            self.many.p50_ms / self.few.p50_ms,
            self.many.p50_ms,
            self.few.p50_ms,
            self.round_trips,
            self.drained_per_second,
            Self::hop(&self.hops.ours),
            Self::hop(&self.hops.floor),
            match self.deals[..] {
                [] => NOT_MEASURED.to_owned(),
                _ => spread(&self.deals).map(|seconds| format!("{seconds:.1}")).join(", "),
            },
            self.idle_mebibytes,
            self.loaded_mebibytes,
            self.ready_ms
        );
        out
    }

    fn hop(milliseconds: &[f64]) -> String {
        if milliseconds.is_empty() {
            return NOT_MEASURED.to_owned();
        }
        let mut sorted = milliseconds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: usize| sorted.get(sorted.len() * share / 100).copied().unwrap_or_default();
        format!("{:.1} and {:.1}", at(50), at(99))
    }

    /// Every figure.
    pub fn json(&self) -> Value {
        let ratio = |pairs: &[Pair]| spread(&pairs.iter().map(Pair::ratio).collect::<Vec<_>>())[0];
        let ratios: serde_json::Map<String, Value> =
            self.pairs.iter().map(|(job, pairs)| ((*job).to_owned(), json!(ratio(pairs)))).collect();
        let pairs: serde_json::Map<String, Value> =
            self.pairs.iter().map(|(job, pairs)| ((*job).to_owned(), json!(pairs))).collect();
        json!({
            "ratios": ratios, "rounds": pairs, "services": self.services, "rows": self.rows, "callers": self.callers, "ready_ms": self.ready_ms,
            "idle_mebibytes": self.idle_mebibytes, "loaded_mebibytes": self.loaded_mebibytes, "round_trips": self.round_trips,
            "page_of_few_rows": self.few, "page_of_many_rows": self.many, "drained_per_second": self.drained_per_second,
            "hops": self.hops, "deals_seconds": self.deals,
        })
    }
}
