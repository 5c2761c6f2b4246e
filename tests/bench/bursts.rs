//! Bursts: so many callers in a closed loop for so long, and what each operation then took and cost.
use std::time::{Duration, Instant};
use tests::processes::{self, Usage};

/// Whose processor time is told apart.
#[derive(Clone, Copy)]
pub struct Costs {
    pub suite: u32,
    pub database: u32,
}

/// What a burst was.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Burst {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    /// Processor milliseconds an operation, of the suite and of Postgres; the broker and the callers are not in it.
    pub suite_ms: f64,
    pub database_ms: f64,
}

impl Costs {
    fn look(self) -> (Usage, Usage) {
        (processes::with_descendants(self.suite), processes::with_descendants(self.database))
    }
}

/// `callers` at once, each doing `operation` after `operation` until `length` has passed or one says that nothing is left.
pub async fn burst(costs: Costs, callers: usize, length: Duration, operation: impl AsyncFn() -> bool) -> Burst {
    let before = costs.look();
    let started = Instant::now();
    let caller = async || {
        let mut latencies = Vec::new();
        while started.elapsed() < length {
            let one = Instant::now();
            if !operation().await {
                break;
            }
            latencies.push(milliseconds(one.elapsed()));
        }
        latencies
    };
    let done = futures_util::future::join_all((0..callers).map(|_| caller())).await;
    let seconds = started.elapsed().as_secs_f64();
    let after = costs.look();
    let mut latencies: Vec<f64> = done.into_iter().flatten().collect();
    latencies.sort_by(f64::total_cmp);
    let at = |share: usize| latencies.get(latencies.len() * share / 100).copied().unwrap_or_default();
    let count = number(latencies.len());
    Burst {
        per_second: count / seconds,
        p50_ms: at(50),
        p95_ms: at(95),
        p99_ms: at(99),
        suite_ms: milliseconds(after.0 - before.0) / count,
        database_ms: milliseconds(after.1 - before.1) / count,
    }
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub fn number(count: usize) -> f64 {
    count as f64
}
/// The middle one, the least and the greatest.
pub fn spread(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    [at(sorted.len() / 2), at(0), at(sorted.len().saturating_sub(1))]
}
