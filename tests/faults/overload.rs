//! Ten times as many requests as one service can do: the excess must be told to come back, nearly as much must be done as at its
//! best, memory must stay bounded, and afterwards all must be well at once. Twice: with the database some way off, where
//! connections to it are what runs out, and with it at hand, where the processor is. How much is done there is printed and
//! not judged: the load comes from the same machine, and to be asked and to refuse costs the processor, too. What is
//! done is counted for each core that the generator leaves.
use super::{
    Cli,
    edge::Weather,
    ground::Ground,
    line::{Line, Mix, is_ready},
    process::Process,
};
use anyhow::{Context, ensure};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tests::processes;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, sleep_until},
};

/// How many clients, each asking one thing after the other, are tried when the peak is looked for.
const CLIENTS: [u32; 5] = [2, 4, 8, 16, 32];
const STEP: Duration = Duration::from_secs(5);
/// What is offered then, as a multiple of the peak, and for how long.
const TIMES: f64 = 10.0;
const FLOOD: Duration = Duration::from_secs(20);
/// A generator that offered less than this share of that has shown nothing.
const OFFERED: f64 = 0.95;
/// The least share of the peak that must be done in the flood, of reads and of writes, for each core that the generator leaves.
const GOODPUT: f64 = 0.9;
/// The most memory of a service, and how much more of it the second half of a flood may take than the first: what is bounded
/// by the number of requests in hand has reached its bound long before half time, and what leaks goes on growing.
const MOST_MEBIBYTES: f64 = 256.0;
const GROWTH: f64 = 1.1;
/// How soon after the flood all must be well.
const WELL: Duration = Duration::from_secs(10);

/// One request: how long after it was due the answer came, its status, and whether it says when to come back.
struct Asked {
    reads: bool,
    took: Duration,
    heard: Result<(u16, bool), String>,
}

impl Asked {
    fn is_read(&self) -> bool {
        self.reads && self.is_done()
    }
    fn is_written(&self) -> bool {
        !self.reads && self.is_done()
    }
    fn is_done(&self) -> bool {
        matches!(self.heard, Ok((200..300, _)))
    }
    fn is_rejected(&self) -> bool {
        matches!(self.heard, Ok((429 | 503, _)))
    }
}

/// What was asked in one go, how long that took, and how many cores the generator and the service used meanwhile.
struct Burst {
    asked: Vec<Asked>,
    seconds: f64,
    generator: f64,
    service: f64,
}

/// Reads and writes done in a second.
type Done = (f64, f64);

/// Both floods; true when nothing was wrong.
pub(crate) async fn run(cli: &Cli) -> anyhow::Result<bool> {
    let mut ground = Ground::prepare(cli, None).await?;
    // One service is asked; what the others do beside it would be missing from its peak at one time and not at another.
    for process in ground.processes.iter_mut().filter(|process| process.name != "crm") {
        process.stop().await?;
    }
    let cores = std::thread::available_parallelism()?;
    println!("crm alone, half reading a lead, half taking one in; the load generator on the same {cores} cores\n");
    let mut wrong = Vec::new();
    for (place, away) in [("10 ms away", Duration::from_millis(10)), ("at hand", Duration::ZERO)] {
        let crm = ground.processes.iter().find(|process| process.name == "crm").context("crm")?;
        crm.database.set(if away.is_zero() { Weather::Fine } else { Weather::Slow(away) });
        println!(
            "database {place}\n| asking | offered/s | read/s | written/s | told to come back/s | else | done p50 ms | p99 ms | told p99 ms | cores: generator | crm |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|");
        let found = flood(&ground, crm, u32::try_from(cores.get())?, !away.is_zero())
            .await
            .with_context(|| format!("database {place}"))?;
        wrong.extend(found.into_iter().map(|what| format!("database {place}: {what}")));
    }
    for what in &wrong {
        println!("WRONG  {what}");
    }
    Ok(wrong.is_empty())
}

/// Peak, flood, recovery; what was wrong, with the goodput where it is judged.
async fn flood(ground: &Ground, crm: &Process, cores: u32, judged: bool) -> anyhow::Result<Vec<String>> {
    let mix = Arc::new(Mix::new(ground, &crm.bind).await?);
    let id = crm.id().context("crm runs")?;
    let (mut most, mut peak, mut all) = (0.0, (0.0, 0.0), Vec::new());
    let left = |burst: &Burst| f64::from(cores) - burst.generator;
    for clients in CLIENTS {
        let burst = Burst::of(id, in_turn(&crm.bind, &mix, clients, STEP)).await?;
        let done = burst.row(&format!("{clients} clients"))?;
        most = f64::max(most, done.0 + done.1);
        peak = (f64::max(peak.0, done.0 / left(&burst)), f64::max(peak.1, done.1 / left(&burst)));
        all.extend(burst.asked);
    }
    let watching = Watch::start(id)?;
    let burst = Burst::of(id, at_once(&crm.bind, &mix, most * TIMES)).await?;
    let done = burst.row(&format!("flood, {TIMES} x peak"))?;
    let memory = watching.end().await?;
    let well = recovery(&crm.bind, &mix).await?;

    let goodput = (done.0 / left(&burst) / peak.0, done.1 / left(&burst) / peak.1);
    println!(
        "goodput {:.0} % of the peak of reads, {:.0} % of writes; memory {:.0} MiB before, at most {:.0} and {:.0} in the halves of \
         the flood, {:.0} after; well after {:.1} s\n",
        100.0 * goodput.0,
        100.0 * goodput.1,
        memory.before,
        memory.first,
        memory.second,
        processes::alone(id)?.resident_mebibytes,
        well.as_secs_f64(),
    );
    let offered = count(burst.asked.len())? / burst.seconds;
    all.extend(burst.asked);
    let mut wrong: Vec<String> = odd(&all);
    let mut demand = |holds: bool, what: String| wrong.extend((!holds).then_some(what));
    demand(
        offered >= OFFERED * TIMES * most,
        format!("the generator could only offer {offered:.0}/s: this shows nothing"),
    );
    demand(!judged || goodput.0 >= GOODPUT, format!("too few reads in the flood: {:.2} of the peak", goodput.0));
    demand(!judged || goodput.1 >= GOODPUT, format!("too few writes in the flood: {:.2} of the peak", goodput.1));
    demand(memory.second <= MOST_MEBIBYTES, format!("crm took {:.0} MiB", memory.second));
    demand(
        memory.second <= GROWTH * memory.first,
        format!("crm went on growing: {:.0} MiB, then {:.0}", memory.first, memory.second),
    );
    demand(well <= WELL, format!("well again only after {well:.1?}"));
    Ok(wrong)
}

/// Answers that may not come, whatever the load: the first of each sort, with their number.
fn odd(asked: &[Asked]) -> Vec<String> {
    let mut sorts: BTreeMap<String, u32> = BTreeMap::new();
    for one in asked {
        let sort = match &one.heard {
            Ok((429 | 503, false)) => "told to come back, but not when".to_owned(),
            Ok(_) if one.is_done() || one.is_rejected() => continue,
            Ok((status, _)) => format!("answered {status}"),
            Err(error) => format!("no answer: {error}"),
        };
        *sorts.entry(sort).or_default() += 1;
    }
    sorts.into_iter().map(|(sort, times)| format!("{sort} ({times} times)")).collect()
}

impl Burst {
    async fn of(service: u32, asking: impl Future<Output = (Vec<Asked>, Duration)>) -> anyhow::Result<Self> {
        let spent = || anyhow::Ok((processes::alone(std::process::id())?, processes::alone(service)?));
        let before = spent()?;
        let (asked, lasted) = asking.await;
        let (after, seconds) = (spent()?, lasted.as_secs_f64());
        let cores = |used: Duration| used.as_secs_f64() / seconds;
        let (generator, service) = (cores(after.0 - before.0), cores(after.1 - before.1));
        Ok(Self { asked, seconds, generator, service })
    }
    /// Prints it.
    fn row(&self, name: &str) -> anyhow::Result<Done> {
        let per_second = |number: usize| anyhow::Ok(count(number)? / self.seconds);
        let (done, told) = (sorted(&self.asked, Asked::is_done), sorted(&self.asked, Asked::is_rejected));
        let read = per_second(sorted(&self.asked, Asked::is_read).len())?;
        let written = per_second(sorted(&self.asked, Asked::is_written).len())?;
        println!(
            "| {name} | {:.0} | {read:.0} | {written:.0} | {:.0} | {} | {:.1} | {:.1} | {:.1} | {:.2} | {:.2} |",
            per_second(self.asked.len())?,
            per_second(told.len())?,
            self.asked.len() - done.len() - told.len(),
            at(&done, 50),
            at(&done, 99),
            at(&told, 99),
            self.generator,
            self.service,
        );
        Ok((read, written))
    }
}

/// Milliseconds that these took, in order.
fn sorted(asked: &[Asked], which: fn(&Asked) -> bool) -> Vec<f64> {
    let mut took: Vec<f64> = asked.iter().filter(|one| which(one)).map(|one| one.took.as_secs_f64() * 1000.0).collect();
    took.sort_by(f64::total_cmp);
    took
}
fn at(sorted: &[f64], share: usize) -> f64 {
    sorted.get(sorted.len() * share / 100).copied().unwrap_or(0.0)
}
fn count(number: usize) -> anyhow::Result<f64> {
    Ok(u32::try_from(number)?.into())
}

/// So many clients, each asking one thing after the other on a connection of its own.
async fn in_turn(address: &str, mix: &Arc<Mix>, clients: u32, length: Duration) -> (Vec<Asked>, Duration) {
    let started = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..clients {
        let (address, mix) = (address.to_owned(), mix.clone());
        asking.spawn(async move {
            let (mut line, mut asked) = (None, Vec::new());
            while started.elapsed() < length {
                asked.push(ask(&address, &mix, &mut line, Instant::now()).await);
            }
            asked
        });
    }
    let asked = asking.join_all().await.into_iter().flatten().collect();
    (asked, started.elapsed())
}

/// So many a second, whether earlier ones have been answered or not; and how long that took. Connections are used again.
async fn at_once(address: &str, mix: &Arc<Mix>, rate: f64) -> (Vec<Asked>, Duration) {
    let idle: Arc<Mutex<Vec<Line>>> = Arc::default();
    let (started, mut asking, mut due) = (Instant::now(), JoinSet::new(), Instant::now());
    while due.duration_since(started) < FLOOD {
        if due > Instant::now() {
            sleep_until(due).await;
        }
        let (address, mix, idle) = (address.to_owned(), mix.clone(), idle.clone());
        asking.spawn(async move {
            let mut line = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let asked = ask(&address, &mix, &mut line, due).await;
            idle.lock().unwrap_or_else(PoisonError::into_inner).extend(line);
            asked
        });
        due += Duration::from_secs_f64(1.0 / rate);
    }
    let lasted = started.elapsed();
    (asking.join_all().await, lasted)
}

/// One request, on the line that is there or a new one; a line that failed or was closed is gone afterwards.
async fn ask(address: &str, mix: &Mix, line: &mut Option<Line>, due: Instant) -> Asked {
    let (reads, request) = mix.next();
    let exchange = async {
        let mut used = match line.take() {
            Some(line) => line,
            None => Line::open(address).await?,
        };
        let heard = used.ask(&request).await?;
        *line = Some(used).filter(|_| !heard.closing);
        Ok((heard.status, heard.come_back))
    };
    let heard = exchange.await.map_err(|error: std::io::Error| error.to_string());
    Asked { reads, took: due.elapsed(), heard }
}

/// How long until the service says that it is ready and nobody is told to come back for half a second.
async fn recovery(address: &str, mix: &Arc<Mix>) -> anyhow::Result<Duration> {
    let ended = Instant::now();
    loop {
        let began = ended.elapsed();
        let ready = is_ready(address, Duration::from_secs(1)).await;
        let (asked, _) = in_turn(address, mix, 2, Duration::from_millis(500)).await;
        if ready && asked.iter().all(Asked::is_done) {
            return Ok(began);
        }
        ensure!(began < 6 * WELL, "not well within {:?}", 6 * WELL);
    }
}

/// The memory of a process while it is flooded: before, and the most in each half.
struct Memory {
    before: f64,
    first: f64,
    second: f64,
}
struct Watch {
    before: f64,
    watching: JoinHandle<anyhow::Result<Vec<f64>>>,
    stop: watch::Sender<bool>,
}
impl Watch {
    fn start(id: u32) -> anyhow::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let watching = tokio::spawn(async move {
            let mut seen = Vec::new();
            while !*stopped.borrow() {
                seen.push(processes::alone(id)?.resident_mebibytes);
                sleep(Duration::from_millis(100)).await;
            }
            Ok(seen)
        });
        Ok(Self { before: processes::alone(id)?.resident_mebibytes, watching, stop })
    }
    async fn end(self) -> anyhow::Result<Memory> {
        self.stop.send_replace(true);
        let seen = self.watching.await??;
        let (first, second) = seen.split_at(seen.len() / 2);
        let most = |half: &[f64]| half.iter().copied().fold(0.0, f64::max);
        Ok(Memory { before: self.before, first: most(first), second: most(second) })
    }
}
