//! The fault campaign: the suite as separate processes with a Postgres and a `RabbitMQ` of its own, whole deals as work, one
//! fault after the other, and afterwards every invariant and every acknowledged answer held against what is there. Driven by
//! seeds: `--replay KIND:SEED` does the same again. It tolerates nothing and repairs nothing that an operator would not.
#![expect(clippy::print_stdout, reason = "a campaign prints what it found")]
#![expect(clippy::disallowed_methods, reason = "a campaign lives in real time, beside the suite's own clocks")]

mod battle;
mod broker;
mod caller;
mod campaign;
mod crowd;
mod edge;
mod faults;
mod ground;
mod ledger;
mod line;
mod messages;
mod overload;
mod process;
mod rolling;
mod skirmish;
mod teeth;
mod work;

use anyhow::Context;
use clap::Parser;
use std::{path::PathBuf, process::ExitCode, time::Duration};

/// Breaks things while deals run, and looks whether anything was lost or doubled.
#[derive(Debug, Parser)]
#[command(name = "faults", max_term_width = 110)]
pub(crate) struct Cli {
    /// Ten kinds once, in one battle: what continuous integration has time for.
    #[arg(long, conflicts_with_all = ["kind", "runs", "replay", "together"])]
    quick: bool,
    /// Only these kinds; all of them otherwise.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<faults::Kind>,
    /// How often each kind.
    #[arg(long, default_value_t = 10)]
    runs: u32,
    /// So many faults one after the other in each battle; the work goes on meanwhile, and what must hold is looked up at its end.
    #[arg(long, default_value_t = 1)]
    together: usize,
    /// Stop after so many minutes; the ledger says where the next start goes on.
    #[arg(long, value_name = "MINUTES")]
    budget: Option<u64>,
    /// Sums runs over several starts: one JSON line each. Kinds with the fewest runs come first.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// The first seed; a random one if not said.
    #[arg(long)]
    seed: Option<u64>,
    /// The same again: as a failure prints it.
    #[arg(long, value_name = "KIND:SEED", conflicts_with_all = ["kind", "seed"], value_delimiter = ',')]
    replay: Vec<String>,
    /// Show that the campaign bites: each planted bug, or only these, must be caught. Needs a program built with `teeth`.
    #[arg(long, value_name = "BUG", num_args = 0.., value_delimiter = ',')]
    teeth: Option<Vec<String>>,
    /// Die so often at each crash point; 0 leaves that kind out. Needs a program built with `teeth`.
    #[arg(long, default_value_t = 0)]
    crashes: u32,
    /// How many seconds the broker stays away when it is away for long.
    #[arg(long, default_value_t = 45, value_name = "SECONDS")]
    away: u64,
    /// Instead of faults: crowds. A thousand keys, fifty requests each at once; sixteen writers over a thousand customers.
    #[arg(long)]
    crowd: bool,
    /// Instead of faults: ten times as many requests as one service can do.
    #[arg(long)]
    overload: bool,
    /// Instead of faults: so many rolling restarts under load.
    #[arg(long, value_name = "RESTARTS")]
    rolling: Option<usize>,
    /// The program under test; `yewu` beside this one if not said.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// The program of the version before: runs as the second copy of everything.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Where servers and logs live; emptied at the start.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// The script that owns the servers.
    #[arg(long, value_name = "FILE")]
    servers: PathBuf,
    /// The faketime library, for clocks that jump; without it that kind is left out, and said so.
    #[arg(long, value_name = "FILE")]
    faketime: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = runtime.context("a runtime").and_then(|runtime| {
        runtime.block_on(async {
            match cli.teeth.clone() {
                Some(bugs) => teeth::bite(&cli, &bugs).await,
                None if cli.crowd => crowd::run(&cli).await,
                None if cli.overload => overload::run(&cli).await,
                None if cli.rolling.is_some() => rolling::run(&cli, cli.rolling.unwrap_or_default()).await,
                None => campaign::run(&cli).await,
            }
        })
    });
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::from(2)
        }
    }
}

impl Cli {
    /// How long this start may take.
    pub(crate) fn budget(&self) -> Duration {
        Duration::from_mins(self.budget.unwrap_or(u64::from(u32::MAX)))
    }
    /// The program under test.
    pub(crate) fn program(&self) -> anyhow::Result<PathBuf> {
        let beside = || Ok::<_, std::io::Error>(std::env::current_exe()?.with_file_name("yewu"));
        self.program.clone().map_or_else(beside, Ok).context("where is yewu?")
    }
}
