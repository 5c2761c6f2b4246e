//! Rolling restarts under load: two copies of a service, one after the other told to leave, gone, started and ready again, while
//! clients go on through a balancer that does what real ones do: it asks each copy whether it is ready, sends nothing new to
//! one that is not, closes its idle connections, and never repeats a request. Any request without a 2xx is a failure.
use super::{
    Cli,
    ground::{Ground, RECOVERY},
    line::{Line, Mix, is_ready},
};
use anyhow::ensure;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// The processes that serve `crm`: one with it alone, one with all six services.
const COPIES: [&str; 2] = ["crm", "second"];
/// How often the balancer asks, and how long it waits for the answer.
const ASKS_EVERY: Duration = Duration::from_millis(500);
const WAITS: Duration = Duration::from_secs(2);
/// The clients: few enough for one copy to serve while the other starts beside it, so whoever is told to come back has met a
/// fault of the restart, or a machine without time for two (`YEWU__DB__POOL_SIZE=8` gives each copy room: its own background
/// work shares the connections). The last one asks seldom: it finds a server that closes a connection just when it is used again.
const CLIENTS: [(Sort, Duration); 4] = [
    (Sort::ByRequest, PAUSE),
    (Sort::ByConnection, PAUSE),
    (Sort::ByConnection, PAUSE),
    (Sort::ByRequest, Duration::from_secs(5)),
];
const PAUSE: Duration = Duration::from_millis(10);

/// How the balancer of a client works.
#[derive(Debug, Clone, Copy)]
enum Sort {
    /// It reads HTTP: each request goes to a copy that is ready.
    ByRequest,
    /// It passes bytes: a connection stays with its copy until one side closes it.
    ByConnection,
}

/// What balancer and clients share.
struct Balanced {
    copies: Vec<(String, AtomicBool)>,
    turn: AtomicUsize,
    mix: Mix,
    done: AtomicU64,
    failed: Mutex<Vec<String>>,
    over: AtomicBool,
}

/// So many restarts; true when no request failed.
pub(crate) async fn run(cli: &Cli, restarts: usize) -> anyhow::Result<bool> {
    let mut ground = Ground::prepare(cli, None).await?;
    let position = |name| ground.processes.iter().position(|process| process.name == name);
    let copies: Vec<usize> = COPIES.into_iter().filter_map(position).collect();
    let binds = copies.iter().map(|copy| (ground.processes[*copy].bind.clone(), AtomicBool::new(false)));
    let balanced = Arc::new(Balanced {
        copies: binds.collect(),
        turn: AtomicUsize::new(0),
        mix: Mix::new(&ground, &ground.processes[copies[0]].bind).await?,
        done: AtomicU64::new(0),
        failed: Mutex::default(),
        over: AtomicBool::new(false),
    });
    let mut busy = JoinSet::new();
    for copy in 0..copies.len() {
        busy.spawn(watch(balanced.clone(), copy));
    }
    for copy in 0..copies.len() {
        seen_ready(&balanced, copy).await?;
    }
    for (sort, pause) in CLIENTS {
        busy.spawn(client(balanced.clone(), sort, pause));
    }
    let (started, mut left, mut back) = (Instant::now(), Vec::new(), Vec::new());
    for number in 0..restarts {
        let copy = number % copies.len();
        let process = &mut ground.processes[copies[copy]];
        let told = Instant::now();
        process.stop().await?;
        left.push(told.elapsed().as_secs_f64());
        process.start(&[])?;
        seen_ready(&balanced, copy).await?;
        back.push(told.elapsed().as_secs_f64() - left[number]);
    }
    balanced.over.store(true, Ordering::Relaxed);
    busy.join_all().await;

    let failed = balanced.failed.lock().unwrap_or_else(PoisonError::into_inner);
    let (done, failures) = (balanced.done.load(Ordering::Relaxed), failed.len());
    let longest = |seconds: &[f64]| seconds.iter().copied().fold(0.0, f64::max);
    println!(
        "| restarts | requests | failed | longest from SIGTERM to gone | longest from started to ready | minutes |\n|---|---|---|---|---|---|"
    );
    println!(
        "| {restarts} | {} | {failures} | {:.1} s | {:.1} s | {:.1} |",
        done + failures as u64,
        longest(&left),
        longest(&back),
        started.elapsed().as_secs_f64() / 60.0
    );
    println!("{} clients, half of them balanced by request, half by connection, on the same cores", CLIENTS.len());
    for what in failed.iter().take(20) {
        println!("FAILED  {what}");
    }
    ensure!(done > 0, "nothing was asked");
    Ok(failures == 0)
}

/// The balancer's eye on one copy.
async fn watch(balanced: Arc<Balanced>, copy: usize) {
    let (address, ready) = &balanced.copies[copy];
    while !balanced.over.load(Ordering::Relaxed) {
        ready.store(is_ready(address, WAITS).await, Ordering::Relaxed);
        sleep(ASKS_EVERY).await;
    }
}

/// Waits until the balancer knows that a copy is ready; before, nobody would tell the other one to leave.
async fn seen_ready(balanced: &Balanced, copy: usize) -> anyhow::Result<()> {
    let end = Instant::now() + RECOVERY;
    while !balanced.copies[copy].1.load(Ordering::Relaxed) {
        ensure!(Instant::now() < end, "{} is not ready within {RECOVERY:?}", COPIES[copy]);
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

impl Balanced {
    fn is_ready(&self, copy: usize) -> bool {
        self.copies[copy].1.load(Ordering::Relaxed)
    }
    /// The next copy that is ready; nothing if there is none.
    fn choose(&self) -> Option<usize> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        (0..self.copies.len()).map(|step| (turn + step) % self.copies.len()).find(|copy| self.is_ready(*copy))
    }
}

/// One client with its balancer's connections, one to each copy at most.
async fn client(balanced: Arc<Balanced>, sort: Sort, pause: Duration) {
    let mut lines: Vec<Option<Line>> = balanced.copies.iter().map(|_| None).collect();
    while !balanced.over.load(Ordering::Relaxed) {
        for (copy, line) in lines.iter_mut().enumerate() {
            let unready = matches!(sort, Sort::ByRequest) && !balanced.is_ready(copy);
            line.take_if(|line| unready || line.is_closed());
        }
        let kept = lines.iter().position(Option::is_some).filter(|_| matches!(sort, Sort::ByConnection));
        match kept.or_else(|| balanced.choose()) {
            Some(copy) => match ask(&balanced, &mut lines[copy], copy).await {
                Ok(()) => drop(balanced.done.fetch_add(1, Ordering::Relaxed)),
                Err(why) => fail(&balanced, format!("{sort:?} to {}: {why}", COPIES[copy])),
            },
            None => fail(&balanced, format!("{sort:?}: no copy is ready")),
        }
        sleep(pause).await;
    }
}

async fn ask(balanced: &Balanced, line: &mut Option<Line>, copy: usize) -> Result<(), String> {
    let kept = line.is_some();
    let exchange = async {
        let mut used = match line.take() {
            Some(line) => line,
            None => Line::open(&balanced.copies[copy].0).await?,
        };
        let heard = used.ask(&balanced.mix.next().1).await?;
        *line = Some(used).filter(|_| !heard.closing);
        Ok::<_, std::io::Error>(heard)
    };
    match exchange.await {
        Ok(heard) if (200..300).contains(&heard.status) => Ok(()),
        Ok(heard) => Err(format!("{} {}", heard.status, String::from_utf8_lossy(&heard.body))),
        Err(error) => Err(format!("{error} on a {} connection", if kept { "kept" } else { "new" })),
    }
}

fn fail(balanced: &Balanced, what: String) {
    balanced.failed.lock().unwrap_or_else(PoisonError::into_inner).push(what);
}
