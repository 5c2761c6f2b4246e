//! Logs as JSON lines, metrics for Prometheus, and the W3C trace that follows a deal through all services.
use crate::clock::Clock;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// Where we are in a trace (<https://www.w3.org/TR/trace-context/>).
#[derive(Debug, Clone)]
pub struct Trace {
    /// 32 hex digits, the same in every service that works on it.
    pub id: String,
    /// 16 hex digits, ours.
    span: String,
}

impl Trace {
    /// Continues the caller's trace, or starts one.
    #[must_use]
    pub fn of(traceparent: &str, clock: &Clock) -> Self {
        let id = Self::trace_id(traceparent).unwrap_or_else(|| clock.id().simple().to_string());
        // The random half of a UUIDv7.
        let span = clock.id().simple().to_string()[16..].to_owned();
        Self { id, span }
    }
    /// The header for what follows from this step.
    #[must_use]
    pub fn parent(&self) -> String {
        format!("00-{}-{}-01", self.id, self.span)
    }
    fn trace_id(traceparent: &str) -> Option<String> {
        let id = traceparent.split('-').nth(1)?;
        let well_formed = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()) && id.bytes().any(|b| b != b'0');
        well_formed.then(|| id.to_ascii_lowercase())
    }
}

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs logs and metrics once for the process; later calls change nothing.
/// `filter` is a tracing filter, e.g. `info,platform=debug`; `human` prints readable lines instead of JSON.
pub fn start(filter: &str, human: bool) -> anyhow::Result<()> {
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if human { builder.try_init() } else { builder.json().flatten_event(true).try_init() };
    if METRICS.get().is_none() {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])?
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_ok() {
            let _ = METRICS.set(handle);
        }
    }
    Ok(())
}

/// `/metrics` in the Prometheus text format.
#[must_use]
pub fn render() -> String {
    METRICS
        .get()
        .map(|handle| {
            handle.run_upkeep();
            handle.render()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_continued_or_started() {
        let clock = Clock::default();
        let caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let trace = Trace::of(caller, &clock);
        assert_eq!(trace.id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(trace.parent().starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && trace.parent() != caller);
        for broken in ["", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "x"] {
            assert_eq!(Trace::of(broken, &clock).id.len(), 32);
        }
    }
}
