//! Does the campaign bite? Each planted bug is switched on in a program built for that (feature `teeth`), and struck by the
//! kinds of fault that should bring it to light. A bug that gets through is a hole in the campaign.
use super::{Cli, campaign::strike, faults::Kind, ground::Ground};
use anyhow::ensure;
use fastrand::Rng;

/// One bug that somebody could write.
struct Planted {
    name: &'static str,
    what: &'static str,
    by: &'static [Kind],
}

/// How often a bug may get away before it counts as not caught: some need bad luck to show.
const TRIES: usize = 3;
/// Deaths at each crash point, where that is what brings a bug to light.
const CRASHES: u32 = 4;

/// Not among them: B09, no inbox at all. Without one every message three times still had one effect: rows keep the fact that
/// they were born of, handlers look at states. A second wall, so nothing here can show the first one missing.
const BUGS: &[Planted] = &[
    Planted {
        name: "B01",
        what: "facts of a dead process are swept up by nobody",
        by: &[Kind::Killed, Kind::CrashPoints],
    },
    Planted {
        name: "B02",
        what: "a message is acknowledged though it could not be kept",
        by: &[Kind::DatabaseCrashed, Kind::SessionsTerminated],
    },
    Planted {
        name: "B03",
        what: "no confirms: sent is taken for safe",
        by: &[Kind::BrokerFrozenThenKilled, Kind::BrokerKilled],
    },
    Planted {
        name: "B04",
        what: "marked as published before the confirm",
        by: &[Kind::BrokerFrozenThenKilled, Kind::BrokerKilled],
    },
    Planted {
        name: "B05",
        what: "the relay looks only after the last number it has seen",
        by: &[Kind::Calm, Kind::DatabaseCrashed],
    },
    Planted {
        name: "B06",
        what: "each confirm is believed by itself, returns are forgotten",
        by: &[Kind::BindingDeleted],
    },
    Planted { name: "B07", what: "nothing is mandatory", by: &[Kind::BindingDeleted] },
    Planted { name: "B08", what: "facts are written in a transaction of their own, after", by: &[Kind::CrashPoints] },
    Planted { name: "B10", what: "the inbox is written in a transaction of its own, before", by: &[Kind::CrashPoints] },
    Planted { name: "B15", what: "a consumer goes on after its stream has failed", by: &[Kind::QueueDeleted] },
    Planted { name: "B17", what: "If-Match is not looked at", by: &[Kind::Calm, Kind::SlowLinks] },
    Planted {
        name: "B19",
        what: "the answer to a key is kept in a transaction of its own, after",
        by: &[Kind::CrashPoints],
    },
    Planted { name: "B20", what: "a key is answered whatever the body", by: &[Kind::Calm] },
    Planted { name: "B22", what: "a keyed command is not claimed", by: &[Kind::Calm, Kind::AnswerLost] },
    Planted { name: "B25", what: "readiness depends on the broker", by: &[Kind::BrokerAway] },
    Planted {
        name: "B27",
        what: "the audit line is written in a transaction of its own, after",
        by: &[Kind::CrashPoints],
    },
    Planted { name: "B28", what: "a hopeless message comes again and again", by: &[Kind::Poisoned] },
    Planted { name: "B30", what: "SIGTERM is not heard", by: &[Kind::Restarted] },
];

/// Strikes each bug; true when all of those asked for were caught.
pub(crate) async fn bite(cli: &Cli, only: &[String]) -> anyhow::Result<bool> {
    for name in only {
        ensure!(BUGS.iter().any(|bug| bug.name == name), "no bug is called {name}");
    }
    let mut rng = cli.seed.map_or_else(Rng::new, Rng::with_seed);
    let (mut caught, mut asked) = (0, 0);
    for bug in BUGS.iter().filter(|bug| only.is_empty() || only.iter().any(|name| name == bug.name)) {
        asked += 1;
        let how = catch(cli, bug, &mut rng).await?;
        caught += usize::from(how.is_some());
        println!("{} {:<64} {}", bug.name, bug.what, how.as_deref().unwrap_or("NOT CAUGHT"));
    }
    println!("{caught} of {asked} caught");
    Ok(caught == asked)
}

/// What gave it away, if anything did.
async fn catch(cli: &Cli, bug: &Planted, rng: &mut Rng) -> anyhow::Result<Option<String>> {
    // A ground that does not come up has shown nothing.
    let mut ground = Ground::prepare(cli, Some(bug.name)).await?;
    ground.crashes = ground.crashes.max(CRASHES);
    for kind in bug.by.iter().cycle().take(TRIES.max(bug.by.len())) {
        let run = strike(&mut ground, *kind, rng.u64(..)).await;
        if let Some(first) = run.violations.first() {
            let short: String = first.chars().take(110).collect();
            return Ok(Some(format!("by {}:{} ({} violations): {short}", run.kind, run.seed, run.violations.len())));
        }
    }
    Ok(None)
}
