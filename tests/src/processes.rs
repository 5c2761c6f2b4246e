//! What processes cost, by `/proc`: one alone, or with all its descendants, alive or waited for. Linux only.
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
    own_ticks: u64,
    /// Of children that are gone and were waited for.
    waited_ticks: u64,
    resident_pages: u64,
}

/// Linux counts processor time in hundredths of a second for every program, whatever the kernel does inside.
const TICK: Duration = Duration::from_millis(10);
const PAGE_KIBIBYTES: u64 = 4;

/// Of this process, whatever it has started.
///
/// # Errors
/// When there is no such process.
pub fn alone(id: u32) -> anyhow::Result<Usage> {
    let process = look(id).with_context(|| format!("no process {id}"))?;
    Ok(sum(process.own_ticks, process.resident_pages))
}

/// Of `root` and its descendants; nothing when it is gone.
#[must_use]
pub fn with_descendants(root: u32) -> Usage {
    let all = read();
    let mut of = vec![root];
    let mut seen = 0;
    while seen < of.len() {
        let parent = of[seen];
        of.extend(all.iter().filter(|(_, process)| process.parent == parent).map(|(id, _)| *id));
        seen += 1;
    }
    let own = of.iter().filter_map(|id| all.get(id));
    let (ticks, pages) =
        own.fold((0, 0), |sum, one| (sum.0 + one.own_ticks + one.waited_ticks, sum.1 + one.resident_pages));
    sum(ticks, pages)
}

fn sum(ticks: u64, pages: u64) -> Usage {
    #[expect(clippy::cast_precision_loss, reason = "a count of pages")]
    let resident_mebibytes = (pages * PAGE_KIBIBYTES) as f64 / 1024.0;
    Usage { processor: TICK * u32::try_from(ticks).unwrap_or(u32::MAX), resident_mebibytes }
}

/// The server program of a data directory, by its pid file: the first line is its process.
///
/// # Errors
/// When the file is not there, or tells no number.
pub fn of_pid_file(file: &Path) -> anyhow::Result<u32> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
    Ok(text.lines().next().unwrap_or_default().trim().parse()?)
}

fn ids() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn read() -> HashMap<u32, Process> {
    ids().filter_map(|id| Some((id, look(id)?))).collect()
}

fn look(id: u32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in parentheses may hold anything; fields are counted behind it (proc(5)).
    let fields: Vec<u64> = stat.rsplit_once(')')?.1.split(' ').skip(2).map(|f| f.parse().unwrap_or(0)).collect();
    // From field 4 on: parent; 14 and 15: its own time, 16 and 17: its waited-for children's; 24: resident pages.
    let (own_ticks, waited_ticks) = (fields[10] + fields[11], fields[12] + fields[13]);
    Some(Process { parent: u32::try_from(fields[0]).ok()?, own_ticks, waited_ticks, resident_pages: fields[20] })
}
