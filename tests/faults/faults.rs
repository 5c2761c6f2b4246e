//! The faults: what each kind does to the ground while deals run, and what an operator would do afterwards. Each one draws
//! its times and victims from the seed; each ends with everything in one piece again.
use super::{
    broker,
    edge::Weather,
    ground::{Ground, RECOVERY},
    messages,
};
use anyhow::Context;
use diesel_async::SimpleAsyncConnection;
use fastrand::Rng;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What can happen. The words are what `--kind` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Nothing: what goes wrong here is wrong without any fault.
    Calm,
    /// kill -9 of processes, one after the other.
    Killed,
    /// A process stands still for longer than its leases live.
    Frozen,
    /// SIGTERM to each process in turn, under load.
    Restarted,
    /// Everything goes down at once and comes up in any order.
    ColdStart,
    BrokerKilled,
    BrokerFrozen,
    /// What was sent to it meanwhile dies with it.
    BrokerFrozenThenKilled,
    BrokerRestarted,
    ConnectionsClosed,
    MemoryAlarm,
    DiskAlarm,
    QueueDeleted,
    BindingDeleted,
    /// The broker comes back with an empty data directory.
    BrokerWiped,
    /// Postgres stops as in a crash.
    DatabaseCrashed,
    /// All sessions are ended, again and again.
    SessionsTerminated,
    /// Strangers take every connection.
    ConnectionsExhausted,
    /// COMMIT was done and nobody heard.
    CommitSwallowed,
    DatabaseBlackHole,
    BrokerBlackHole,
    /// A request was done and its answer is lost.
    AnswerLost,
    SlowLinks,
    /// A process whose clock is off, and then right again.
    ClockJump,
    /// Every message of the last minute three times more, shuffled.
    Tripled,
    /// Bytes that are no event, and events that are none of ours.
    Poisoned,
    /// Processes die at six points between a request and the acknowledgement of what it told (`--crashes`).
    CrashPoints,
    /// The broker is away for much longer than anybody waits for it.
    BrokerAway,
}

/// Where a process dies, and at how many passes one time: the transaction begun, everything written, committed; a window
/// published, marked; a message kept. A window carries many facts, so few of them pass.
const POINTS: [(&str, u32); 6] =
    [("begun", 40), ("written", 40), ("committed", 40), ("published", 3), ("marked", 8), ("kept", 20)];

/// What continuous integration has time for; each stands for a family.
pub(crate) const QUICK: [Kind; 10] = [
    Kind::Killed,
    Kind::Frozen,
    Kind::BrokerKilled,
    Kind::ConnectionsClosed,
    Kind::BrokerWiped,
    Kind::DatabaseCrashed,
    Kind::SessionsTerminated,
    Kind::CommitSwallowed,
    Kind::AnswerLost,
    Kind::Tripled,
];

/// How much was done to the ground.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Done {
    /// Single injuries.
    pub faults: u32,
    /// Messages that stay parked or dead by design, to be discarded.
    pub poison: usize,
}

impl Kind {
    /// Only the broker suffers: no business write may fail, and every process stays ready.
    pub(crate) fn spares_writes(self) -> bool {
        matches!(
            self,
            Self::Calm
                | Self::BrokerKilled
                | Self::BrokerFrozen
                | Self::BrokerFrozenThenKilled
                | Self::BrokerRestarted
                | Self::ConnectionsClosed
                | Self::MemoryAlarm
                | Self::DiskAlarm
                | Self::QueueDeleted
                | Self::BindingDeleted
                | Self::BrokerWiped
                | Self::BrokerBlackHole
                | Self::Tripled
                | Self::Poisoned
                | Self::BrokerAway
        )
    }
    pub(crate) fn name(self) -> String {
        clap::ValueEnum::to_possible_value(&self).map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
    /// Does it, and undoes it.
    pub(crate) async fn strike(self, ground: &mut Ground, rng: &mut Rng) -> anyhow::Result<Done> {
        match self {
            Self::Calm => {
                sleep(Duration::from_secs(5)).await;
                Ok(Done { faults: 0, poison: 0 })
            }
            Self::Killed => killed(ground, rng).await,
            Self::Frozen => frozen(ground, rng).await,
            Self::Restarted => restarted(ground).await,
            Self::ColdStart => cold_start(ground, rng).await,
            Self::BrokerKilled
            | Self::BrokerFrozen
            | Self::BrokerFrozenThenKilled
            | Self::BrokerRestarted
            | Self::BrokerAway
            | Self::BrokerWiped => broker::falls(self, ground, rng).await,
            Self::ConnectionsClosed
            | Self::MemoryAlarm
            | Self::DiskAlarm
            | Self::QueueDeleted
            | Self::BindingDeleted => broker::suffers(self, ground, rng).await,
            Self::DatabaseCrashed => database_crashed(ground, rng).await,
            Self::SessionsTerminated => sessions_terminated(ground, rng).await,
            Self::ConnectionsExhausted => exhausted(ground, rng).await,
            Self::CommitSwallowed => on_databases(ground, rng, Weather::SwallowCommit { one_in: 12 }, 6_000).await,
            Self::DatabaseBlackHole => on_databases(ground, rng, Weather::BlackHole, 8_000).await,
            Self::BrokerBlackHole => {
                let duration = rng.u64(8_000..25_000);
                around(ground, Weather::BlackHole, duration, |process| &process.broker).await
            }
            Self::AnswerLost => {
                around(ground, Weather::SwallowAnswer { one_in: 6 }, 8_000, |process| &process.front).await
            }
            Self::SlowLinks => {
                let slow = Weather::Slow(Duration::from_millis(rng.u64(5..40)));
                around(ground, slow, 6_000, |process| &process.broker).await?;
                on_databases(ground, rng, slow, 6_000).await
            }
            Self::ClockJump => clock_jump(ground, rng).await,
            Self::Tripled => messages::send_all_again(ground, rng).await.map(times),
            Self::Poisoned => messages::poison(ground, rng).await,
            Self::CrashPoints => crash_points(ground).await,
        }
    }
}

pub(crate) fn times(faults: u32) -> Done {
    Done { faults, poison: 0 }
}
pub(crate) fn any<'a, T>(rng: &mut Rng, of: &'a [T]) -> &'a T {
    &of[rng.usize(..of.len())]
}
pub(crate) async fn pause(rng: &mut Rng, from_milliseconds: u64, to_milliseconds: u64) {
    sleep(Duration::from_millis(rng.u64(from_milliseconds..to_milliseconds))).await;
}

async fn killed(ground: &mut Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    for _ in 0..4 {
        let victim = rng.usize(..ground.processes.len());
        ground.processes[victim].kill()?;
        pause(rng, 50, 1_000).await;
        ground.processes[victim].start(&[])?;
        pause(rng, 300, 1_500).await;
    }
    Ok(times(4))
}

async fn frozen(ground: &mut Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    let victim = rng.usize(..ground.processes.len());
    ground.processes[victim].signal("STOP")?;
    pause(rng, 5_000, 14_000).await;
    ground.processes[victim].signal("CONT").map(|()| times(1))
}

async fn restarted(ground: &mut Ground) -> anyhow::Result<Done> {
    for process in &mut ground.processes {
        process.stop().await?;
        process.start(&[])?;
    }
    Ok(times(u32::try_from(ground.processes.len()).unwrap_or(u32::MAX)))
}

async fn cold_start(ground: &mut Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    for process in &mut ground.processes {
        process.kill()?;
    }
    ground.servers::<&str>("broker-stop", [])?;
    ground.servers("postgres-stop", ["fast"])?;
    let mut order: Vec<usize> = (0..ground.processes.len() + 2).collect();
    rng.shuffle(&mut order);
    for step in order {
        match step {
            0 => ground.servers::<&str>("postgres-start", [])?,
            1 => ground.servers::<&str>("broker-start", [])?,
            process => ground.processes[process - 2].start(&[])?,
        }
        pause(rng, 0, 500).await;
    }
    // A service that finds no database may leave; whoever watches over it starts it again, until it stays.
    let end = Instant::now() + RECOVERY;
    for process in &mut ground.processes {
        while process.readiness(&ground.http).await != Some(200) && Instant::now() < end {
            sleep(Duration::from_millis(500)).await;
            if !process.runs() {
                process.kill()?;
                process.start(&[])?;
            }
        }
    }
    Ok(times(u32::try_from(ground.processes.len() + 2).unwrap_or(u32::MAX)))
}

/// At each point the six services die as often as was asked for, and whoever watches over them starts them again.
async fn crash_points(ground: &mut Ground) -> anyhow::Result<Done> {
    let wanted = ground.crashes;
    for (point, one_in) in POINTS {
        let dying = [("YEWU_CRASH", format!("{point}:{one_in}"))];
        for process in &mut ground.processes {
            process.kill()?;
            process.start(&dying)?;
        }
        let (mut died, end) = (0, Instant::now() + Duration::from_mins(10));
        while died < wanted {
            anyhow::ensure!(Instant::now() < end, "only {died} of {wanted} deaths at {point}");
            sleep(Duration::from_millis(20)).await;
            for process in &mut ground.processes {
                if !process.runs() {
                    process.kill()?;
                    process.start(&dying)?;
                    died += 1;
                }
            }
        }
    }
    for process in &mut ground.processes {
        process.kill()?;
        process.start(&[])?;
    }
    Ok(times(wanted * u32::try_from(POINTS.len())?))
}

async fn database_crashed(ground: &Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    ground.servers("postgres-stop", ["immediate"])?;
    pause(rng, 0, 3_000).await;
    ground.servers::<&str>("postgres-start", []).map(|()| times(1))
}

async fn sessions_terminated(ground: &Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for _ in 0..6 {
        ground.execute(end).await?;
        pause(rng, 100, 900).await;
    }
    Ok(times(6))
}

/// Takes connections until the server has none left, and holds them.
async fn exhausted(ground: &Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    let mut held = Vec::new();
    while let Ok(conn) = ground.connect().await {
        held.push(conn);
    }
    pause(rng, 2_000, 6_000).await;
    let taken = u32::try_from(held.len()).unwrap_or(u32::MAX);
    for mut conn in held {
        let _ = conn.batch_execute("SELECT 1").await;
    }
    Ok(times(taken.min(1)))
}

async fn on_databases(ground: &Ground, rng: &mut Rng, weather: Weather, most: u64) -> anyhow::Result<Done> {
    let duration = rng.u64(most / 2..most);
    around(ground, weather, duration, |process| &process.database).await
}

/// The same weather on one edge of every process, for so many milliseconds.
async fn around(
    ground: &Ground,
    weather: Weather,
    milliseconds: u64,
    edge: fn(&super::process::Process) -> &super::edge::Edge,
) -> anyhow::Result<Done> {
    for process in &ground.processes {
        edge(process).set(weather);
    }
    sleep(Duration::from_millis(milliseconds)).await;
    for process in &ground.processes {
        edge(process).set(Weather::Fine);
    }
    Ok(times(u32::try_from(ground.processes.len()).unwrap_or(u32::MAX)))
}

/// A process with a wrong clock, by the faketime library (its monotonic clock stays right); then with a right one again. One
/// that people talk to is wrong by less than anybody's patience: what it writes meanwhile is dated so, and the rules of business
/// hold that against what comes after. Leases, jobs and messages must bear any clock.
async fn clock_jump(ground: &mut Ground, rng: &mut Rng) -> anyhow::Result<Done> {
    let library = ground.faketime.clone().context("clock-jump needs --faketime LIBRARY")?;
    let victim = rng.usize(..ground.processes.len());
    let offset = match ground.processes[victim].name.as_str() {
        "second" => *any(rng, &["+300s", "+3600s", "-300s"]),
        _ => *any(rng, &["+40s", "-40s"]),
    };
    let wrong = [
        ("LD_PRELOAD", library.to_string_lossy().into_owned()),
        ("FAKETIME", offset.to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    let process = &mut ground.processes[victim];
    process.kill()?;
    process.start(&wrong)?;
    pause(rng, 6_000, 12_000).await;
    process.kill()?;
    process.start(&[]).map(|()| times(1))
}
