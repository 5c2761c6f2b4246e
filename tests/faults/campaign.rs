//! One fault after the other: deals begin, the fault strikes, it ends, everything has to become well by itself, and then all
//! that must hold is looked up. A run that fails prints how to have it again.
use super::{
    Cli,
    caller::Caller,
    faults::{Done, Kind, QUICK},
    ground::{Ground, RECOVERY},
    ledger::{Ledger, Run},
    messages, skirmish, work,
};
use anyhow::Context;
use clap::ValueEnum;
use fastrand::Rng;
use platform::{Language, auth::Role};
use std::{sync::Arc, time::Duration};
use suite::{
    demo::{self, Journal},
    verify,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

/// How long deals may take to end after a fault has ended: the demo's own patience and a little.
const PATIENCE: Duration = Duration::from_mins(4);

/// All that was asked for; true when nothing was violated.
pub(crate) async fn run(cli: &Cli) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut ledger = Ledger::open(cli.ledger.clone())?;
    let mut rng = cli.seed.map_or_else(Rng::new, Rng::with_seed);
    let mut ground = Ground::prepare(cli, None).await?;
    let plan = plan(cli, &ledger, &mut rng)?;
    for (done, (kind, seed)) in plan.iter().enumerate() {
        if started.elapsed() > cli.budget() {
            println!("the budget is used up; {} of {} runs are left", plan.len() - done, plan.len());
            break;
        }
        let run = strike(&mut ground, *kind, *seed).await;
        println!(
            "{:>3}/{} {:<22} {:>3} faults {:>3} flows {:>5} commands {:>6} effects, well after {:.1} s{}",
            done + 1,
            plan.len(),
            run.kind,
            run.faults,
            run.flows,
            run.commands,
            run.effects,
            run.recovery.as_secs_f64(),
            if run.violations.is_empty() { "" } else { "  VIOLATED" }
        );
        for violation in &run.violations {
            println!("      {violation}");
        }
        ledger.write(&run)?;
        if !run.violations.is_empty() {
            println!("      again: --replay {}:{}", run.kind, run.seed);
            // What is broken would be found again by every run after this one.
            drop(ground);
            ground = Ground::prepare(cli, None).await?;
        }
    }
    println!("\n{}", ledger.table());
    Ok(ledger.clean())
}

/// Which kinds, with which seeds. A quick campaign strikes half of its kinds with seeds that never change.
fn plan(cli: &Cli, ledger: &Ledger, rng: &mut Rng) -> anyhow::Result<Vec<(Kind, u64)>> {
    if let Some(again) = &cli.replay {
        let (kind, seed) = again.split_once(':').context("--replay KIND:SEED")?;
        let kind = Kind::from_str(kind, true).map_err(|error| anyhow::anyhow!(error))?;
        return Ok(vec![(kind, seed.parse()?)]);
    }
    if cli.quick {
        let seeds = |number: usize, rng: &mut Rng| if number.is_multiple_of(2) { number as u64 } else { rng.u64(..) };
        return Ok(QUICK.iter().enumerate().map(|(number, kind)| (*kind, seeds(number, rng))).collect());
    }
    let mut plan = Vec::new();
    for round in 0..cli.runs {
        for kind in Kind::value_variants() {
            let wanted = cli.kind.is_empty() || cli.kind.contains(kind);
            let lacking = match kind {
                Kind::ClockJump if cli.faketime.is_none() => Some("no faketime library here"),
                Kind::CrashPoints if cli.crashes == 0 => Some("--crashes and a program with teeth"),
                _ => None,
            };
            let possible = lacking.is_none();
            if let (true, 0, Some(lacking)) = (wanted, round, lacking) {
                println!("SKIPPED {}: {lacking}", kind.name());
            }
            if wanted && possible && ledger.runs(&kind.name()) <= round as usize {
                plan.push((*kind, rng.u64(..)));
            }
        }
    }
    Ok(plan)
}

/// One run on this ground.
pub(crate) async fn strike(ground: &mut Ground, kind: Kind, seed: u64) -> Run {
    let mut run = Run {
        kind: kind.name(),
        seed,
        faults: 0,
        flows: 0,
        commands: 0,
        effects: 0,
        violations: Vec::new(),
        recovery: Duration::ZERO,
    };
    if let Err(error) = play(ground, kind, &mut run).await {
        run.violations.push(format!("{error:#}"));
    }
    run
}

async fn play(ground: &mut Ground, kind: Kind, run: &mut Run) -> anyhow::Result<()> {
    let mut rng = Rng::with_seed(run.seed);
    let settled = "inbox WHERE status = 'done'";
    let before = ground.count_in_all(settled).await?;
    let journal = Arc::new(Journal::default());
    let (stop, stopped) = watch::channel(false);
    let options = work::options(ground, &journal);
    // On a thread of its own: the demo's futures borrow too much to be sent about.
    let (settings, played, stopping) = (ground.settings.clone(), options.clone(), stopped.clone());
    let handle = tokio::runtime::Handle::current();
    let deals = tokio::task::spawn_blocking(move || handle.block_on(work::deals(settings, played, stopping)));
    let caller = Caller::new(ground, Role::Integration)?;
    let (history, mut fighters) = skirmish::fight(&caller, stopped.clone()).await?;
    let unready = tokio::spawn(watch_readiness(ground.binds(), ground.http.clone(), stopped));
    sleep(Duration::from_millis(rng.u64(500..2_500))).await;

    let Done { faults, poison } = kind.strike(ground, &mut rng).await.context("the fault itself")?;
    let healed = Instant::now();
    run.faults = faults;
    ground.ready().await?;
    if let Err(error) = ground.drained(jiff::Timestamp::now()).await {
        run.violations.push(format!("{error:#}"));
    }
    run.recovery = healed.elapsed();
    stop.send_replace(true);
    let worked = timeout(PATIENCE, deals).await.context("the deals did not come to their end")??;
    timeout(PATIENCE, async { while fighters.join_next().await.is_some() {} })
        .await
        .context("the skirmish did not end")?;
    if kind.spares_writes() {
        run.violations.extend(unready.await?);
        if let [first, rest @ ..] = caller.failed().as_slice() {
            run.violations.push(format!("{} writes failed, though only the broker suffered: {first}", rest.len() + 1));
        }
    }
    run.flows = worked.satisfied;
    run.violations.extend(worked.failures);
    ground.drained(jiff::Timestamp::MAX).await?;
    messages::discard_poison(ground, poison).await?;
    run.violations.extend(empty(ground).await);

    run.commands = journal.acknowledged() + history.len();
    run.violations.extend(demo::repeat(&ground.settings, &options).await?);
    run.violations.extend(skirmish::judge(ground, &history).await?);
    let report = verify::run(&ground.settings, Language::English, Duration::ZERO).await?;
    for broken in report.invariants.iter().filter(|checked| checked.violations > 0) {
        run.violations.push(format!("{}: {} violations: {}", broken.id, broken.violations, broken.examples.join("; ")));
    }
    run.effects = ground.count_in_all(settled).await? - before;
    Ok(())
}

/// How long a process may say that it is not ready, though only the broker suffers: a busy machine alone makes it say so for
/// a moment.
const HESITATION: Duration = Duration::from_secs(5);

/// Asks every process whether it is ready until told to stop; the first one that said no for long.
async fn watch_readiness(binds: Vec<String>, http: reqwest::Client, stop: watch::Receiver<bool>) -> Option<String> {
    let mut ready_at = vec![Instant::now(); binds.len()];
    while !*stop.borrow() {
        for (bind, ready_at) in binds.iter().zip(&mut ready_at) {
            let asked = http.get(format!("http://{bind}/readyz")).timeout(HESITATION).send().await;
            if asked.as_ref().is_ok_and(|answer| answer.status() == reqwest::StatusCode::OK) {
                *ready_at = Instant::now();
            } else if ready_at.elapsed() > HESITATION {
                return Some(format!(
                    "{bind} was not ready for {HESITATION:?}, though only the broker suffered: {asked:?}"
                ));
            }
        }
        sleep(Duration::from_millis(300)).await;
    }
    None
}

/// The broker holds nothing any more: what was settled was acknowledged too.
async fn empty(ground: &Ground) -> Option<String> {
    let end = Instant::now() + RECOVERY;
    loop {
        match messages::waiting(ground).await {
            Ok(0) => return None,
            other if Instant::now() > end => return Some(format!("messages left in the broker: {other:?}")),
            _ => sleep(Duration::from_millis(200)).await,
        }
    }
}
