//! A battle: deals and small writes go on while one fault strikes after the other; each has to end with everything well again
//! by itself, and when all have ended, everything that must hold is looked up once. Judges nothing by eye or by time.
use super::{
    caller::Caller,
    faults::{Done, Kind},
    ground::{Ground, RECOVERY},
    ledger::Run,
    messages,
    skirmish::{self, History},
    work,
};
use anyhow::Context;
use fastrand::Rng;
use platform::{Language, auth::Role};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use suite::{
    demo::{self, Journal},
    verify,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

/// How long deals may take to end after the last fault has ended: the patience of the demo's client and a little. (Whether all is well
/// soon enough is asked after each fault; a deal alone may stand behind all that others have written meanwhile.)
const PATIENCE: Duration = Duration::from_mins(7);
/// Effects of events, of all services.
const SETTLED: &str = "inbox WHERE status = 'done'";

/// One kind of fault and the seed of its times and victims.
pub(crate) type Strike = (Kind, u64);

/// One run for each strike that began. What comes to light at the end is told of the last one.
pub(crate) async fn fight(ground: &mut Ground, strikes: &[Strike]) -> Vec<Run> {
    let mut runs = Vec::new();
    if let Err(error) = play(ground, strikes, &mut runs).await {
        if runs.is_empty() {
            runs.extend(strikes.iter().take(1).map(Run::of));
        }
        runs.iter_mut().rev().take(1).for_each(|last| last.violations.push(format!("{error:#}")));
    }
    runs
}

/// What has been done so far.
struct Score {
    journal: Arc<Journal>,
    history: Arc<History>,
    satisfied: Arc<AtomicUsize>,
    /// Flows, commands and effects that are in a run's line already.
    told: (usize, usize, i64),
    /// Runs in which no write may fail, by their number, with the time in which such a write would have begun.
    spared: Vec<(usize, Instant, Instant)>,
}

impl Score {
    /// Writes into `run` what has come since the last line.
    async fn tell(&mut self, ground: &Ground, run: &mut Run) -> anyhow::Result<()> {
        let (flows, commands, effects) = self.told;
        self.told = (
            self.satisfied.load(Ordering::Relaxed),
            self.journal.acknowledged() + self.history.len(),
            ground.count_in_all(SETTLED).await?,
        );
        run.flows += self.told.0 - flows;
        run.commands += self.told.1 - commands;
        run.effects += self.told.2 - effects;
        Ok(())
    }
}

async fn play(ground: &mut Ground, strikes: &[Strike], runs: &mut Vec<Run>) -> anyhow::Result<()> {
    let before = ground.count_in_all(SETTLED).await?;
    let (journal, satisfied) = (Arc::new(Journal::default()), Arc::new(AtomicUsize::new(0)));
    let (stop, stopped) = watch::channel(false);
    let options = work::options(ground, &journal);
    // On a thread of its own: the demo's futures borrow too much to be sent about.
    let (settings, played, counted) = (ground.settings.clone(), options.clone(), satisfied.clone());
    let (handle, stopping) = (tokio::runtime::Handle::current(), stopped.clone());
    let deals = tokio::task::spawn_blocking(move || handle.block_on(work::deals(settings, played, stopping, counted)));
    let caller = Caller::new(ground, Role::Integration)?;
    let (history, mut fighters) = skirmish::fight(&caller, stopped).await?;
    let mut score = Score { journal, history, satisfied, told: (0, 0, before), spared: Vec::new() };

    let struck = strike_all(ground, strikes, runs, &mut score).await;
    // Also where a fault could not be done: nobody may go on working on ground that is about to be cleared.
    let ending = Instant::now();
    stop.send_replace(true);
    let failures = timeout(PATIENCE, deals).await.context("the deals did not come to their end")??;
    timeout(PATIENCE, async { while fighters.join_next().await.is_some() {} })
        .await
        .context("the skirmish did not end")?;
    // Only now: what began under a fault may have been waiting for its answer for long after it.
    for (number, from, to) in &score.spared {
        if let [first, rest @ ..] = caller.failed(*from, *to).as_slice() {
            let many = rest.len() + 1;
            runs[*number].violations.push(format!("{many} writes failed, though only the broker suffered: {first}"));
        }
    }
    let poison = struck?;
    let left = empty(ground).await;
    ground.drained(jiff::Timestamp::MAX).await?;
    let last = runs.last_mut().context("a battle without a fault")?;
    last.violations.extend(failures);
    last.violations.extend(left);
    messages::discard_poison(ground, poison).await?;
    score.tell(ground, last).await?;
    last.violations.extend(demo::repeat(&ground.settings, &options).await?);
    last.violations.extend(skirmish::judge(ground, &score.history).await?);
    let report = verify::run(&ground.settings, Language::English, Duration::ZERO).await?;
    for broken in report.invariants.iter().filter(|checked| checked.violations > 0) {
        let examples = broken.examples.join("; ");
        last.violations.push(format!("{}: {} violations: {examples}", broken.id, broken.violations));
    }
    last.lasted += ending.elapsed();
    Ok(())
}

/// One fault after the other; how many messages were poisoned.
async fn strike_all(
    ground: &mut Ground,
    strikes: &[Strike],
    runs: &mut Vec<Run>,
    score: &mut Score,
) -> anyhow::Result<usize> {
    let mut poison = 0;
    for (number, next) in strikes.iter().enumerate() {
        runs.push(Run::of(next));
        let (run, begun) = (runs.last_mut().context("just begun")?, Instant::now());
        poison += strike(ground, next.0, run).await?;
        if next.0.spares_writes() {
            score.spared.push((number, begun, Instant::now()));
        }
        score.tell(ground, run).await?;
        run.lasted = begun.elapsed();
    }
    Ok(poison)
}

/// The fault, and what it takes until all is well again; how many messages were poisoned.
async fn strike(ground: &mut Ground, kind: Kind, run: &mut Run) -> anyhow::Result<usize> {
    let mut rng = Rng::with_seed(run.seed);
    let (stop, stopped) = watch::channel(false);
    let unready = tokio::spawn(watch_readiness(ground.binds(), ground.http.clone(), stopped));
    sleep(Duration::from_millis(rng.u64(500..2_500))).await;
    let Done { faults, poison } = kind.strike(ground, &mut rng).await.with_context(|| format!("the fault {kind:?}"))?;
    let healed = Instant::now();
    run.faults = faults;
    ground.ready().await?;
    if let Err(error) = ground.drained(jiff::Timestamp::now()).await {
        run.violations.push(format!("{error:#}"));
    }
    run.recovery = healed.elapsed();
    stop.send_replace(true);
    let unready = unready.await?;
    if kind.spares_writes() {
        run.violations.extend(unready);
    }
    Ok(poison)
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

/// The broker holds nothing any more: what was settled was acknowledged too. After a long absence there is much to do; it is
/// waited for as long as it becomes less.
async fn empty(ground: &Ground) -> Option<String> {
    let (mut least, mut end) = (u32::MAX, Instant::now() + RECOVERY);
    loop {
        match messages::waiting(ground).await {
            Ok(0) => return None,
            Ok(left) if left < least => (least, end) = (left, Instant::now() + RECOVERY),
            other if Instant::now() > end => return Some(format!("messages left in the broker: {other:?}")),
            _ => {}
        }
        sleep(Duration::from_millis(200)).await;
    }
}
