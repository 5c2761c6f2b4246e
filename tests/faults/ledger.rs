//! The ledger: one JSON line for each run, over as many starts as it takes. Sums and prints; forgets nothing.
use super::battle::Strike;
use anyhow::Context;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write as _, fs, io::Write as _, path::PathBuf, time::Duration};

/// What came of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    pub kind: String,
    pub seed: u64,
    pub faults: u32,
    /// Deals that reached a satisfied customer.
    pub flows: usize,
    /// Commands that were acknowledged and held against what is there.
    pub commands: usize,
    /// Effects of events: rows that inboxes settled.
    pub effects: i64,
    pub violations: Vec<String>,
    /// From its beginning until the next fault; the judgement at the end is the last one's.
    pub lasted: Duration,
    /// From the end of the fault until everything was ready, all that was told by then was with the broker, and no inbox kept
    /// any of it waiting.
    pub recovery: Duration,
}

impl Run {
    /// Nothing has happened yet.
    pub(crate) fn of((kind, seed): &Strike) -> Self {
        Self { kind: kind.name(), seed: *seed, ..Self::default() }
    }
    /// For people: what was done, and below it what was violated.
    pub(crate) fn line(&self) -> String {
        let mut line = format!(
            "{:<24} {:>4} faults {:>3} flows {:>5} commands {:>6} effects, well after {:.1} s, {:.0} s in all",
            self.kind,
            self.faults,
            self.flows,
            self.commands,
            self.effects,
            self.recovery.as_secs_f64(),
            self.lasted.as_secs_f64()
        );
        for violation in &self.violations {
            let _ = write!(line, "\n      VIOLATED {violation}");
        }
        line
    }
}

#[derive(Default)]
pub(crate) struct Ledger {
    file: Option<PathBuf>,
    lines: Vec<Value>,
}

impl Ledger {
    pub(crate) fn open(file: Option<PathBuf>) -> anyhow::Result<Self> {
        let text = match &file {
            Some(path) if path.exists() => fs::read_to_string(path)?,
            _ => String::new(),
        };
        let lines = text.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("the ledger")?;
        Ok(Self { file, lines })
    }
    pub(crate) fn write(&mut self, run: &Run) -> anyhow::Result<()> {
        let line = json!({"kind": run.kind, "seed": run.seed, "faults": run.faults, "flows": run.flows,
            "commands": run.commands, "effects": run.effects, "violations": run.violations,
            "recovery_ms": u64::try_from(run.recovery.as_millis())?, "lasted_ms": u64::try_from(run.lasted.as_millis())?});
        if let Some(path) = &self.file {
            writeln!(fs::OpenOptions::new().create(true).append(true).open(path)?, "{line}")?;
        }
        self.lines.push(line);
        Ok(())
    }
    /// How often a kind has run.
    pub(crate) fn runs(&self, kind: &str) -> usize {
        self.lines.iter().filter(|line| line["kind"] == *kind).count()
    }
    /// Has nothing been violated?
    pub(crate) fn clean(&self) -> bool {
        self.lines.iter().all(|line| line["violations"].as_array().is_some_and(Vec::is_empty))
    }
    /// A line for each kind, and the sum.
    pub(crate) fn table(&self) -> String {
        let mut kinds: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for line in &self.lines {
            kinds.entry(line["kind"].as_str().unwrap_or_default()).or_default().push(line);
        }
        let mut table = format!(
            "{:<24} {:>5} {:>7} {:>6} {:>9} {:>9} {:>10} {:>17}",
            "kind", "runs", "faults", "flows", "commands", "effects", "violations", "slowest recovery"
        );
        let all: Vec<&Value> = self.lines.iter().collect();
        for (kind, lines) in kinds.iter().map(|(kind, lines)| (*kind, lines)).chain([("all", &all)]) {
            let sum = |field: &str| lines.iter().filter_map(|line| line[field].as_u64()).sum::<u64>();
            let violations: usize = lines.iter().filter_map(|line| line["violations"].as_array()).map(Vec::len).sum();
            let slowest = lines.iter().filter_map(|line| line["recovery_ms"].as_u64()).max().unwrap_or(0);
            let _ = write!(
                table,
                "\n{kind:<24} {:>5} {:>7} {:>6} {:>9} {:>9} {violations:>10} {:>15}.{} s",
                lines.len(),
                sum("faults"),
                sum("flows"),
                sum("commands"),
                sum("effects"),
                slowest / 1000,
                slowest % 1000 / 100
            );
        }
        table
    }
}
