//! What processes cost, by `/proc`: a process with all its descendants, alive or waited for.
use anyhow::Context;
use std::{collections::HashMap, ops::Sub, path::Path, time::Duration};

/// Processor time and resident memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    pub processor: Duration,
    pub resident_mebibytes: f64,
}

impl Sub for Usage {
    type Output = Duration;
    /// The time between two looks.
    fn sub(self, before: Self) -> Duration {
        self.processor.saturating_sub(before.processor)
    }
}

struct Process {
    parent: u32,
    ticks: u64,
    resident_pages: u64,
}

/// Linux counts processor time in hundredths of a second for every program, whatever the kernel does inside.
const TICK: Duration = Duration::from_millis(10);
const PAGE_KIBIBYTES: u64 = 4;

/// Of `root` and its descendants.
pub fn usage(root: u32) -> Usage {
    let all = read();
    let mut of = vec![root];
    let mut seen = 0;
    while seen < of.len() {
        let parent = of[seen];
        of.extend(all.iter().filter(|(_, process)| process.parent == parent).map(|(id, _)| *id));
        seen += 1;
    }
    let own = of.iter().filter_map(|id| all.get(id));
    let (ticks, pages) = own.fold((0, 0), |sum, one| (sum.0 + one.ticks, sum.1 + one.resident_pages));
    #[expect(clippy::cast_precision_loss, reason = "a count of pages")]
    let resident_mebibytes = (pages * PAGE_KIBIBYTES) as f64 / 1024.0;
    Usage { processor: TICK * u32::try_from(ticks).unwrap_or(u32::MAX), resident_mebibytes }
}

/// The server program that holds this port, by the pid file of its data directory: the first line is its process.
pub fn of_pid_file(file: &Path) -> anyhow::Result<u32> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
    Ok(text.lines().next().unwrap_or_default().trim().parse()?)
}

fn ids() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn read() -> HashMap<u32, Process> {
    let one = |id: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name in parentheses may hold anything; fields are counted behind it (proc(5)).
        let fields: Vec<u64> = stat.rsplit_once(')')?.1.split(' ').skip(2).map(|f| f.parse().unwrap_or(0)).collect();
        // From field 4 on: parent; 14–17: its own and its waited-for children's time; 24: resident pages.
        let ticks = fields[10..14].iter().sum();
        Some((id, Process { parent: u32::try_from(fields[0]).ok()?, ticks, resident_pages: fields[20] }))
    };
    ids().filter_map(one).collect()
}
