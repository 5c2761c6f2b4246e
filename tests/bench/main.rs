//! Measures the suite against the least SQL that the same job needs, in alternating bursts of one run: every guarantee on
//! (token, permission, idempotency, audit, outbox, number, `RabbitMQ`), a million orders in the tables, fsync on. Measures;
//! asserts nothing and no time. Run with `tests/bench/run`.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a bench lives in real time, beside the suite's own clocks")]
mod bursts;
mod confirming;
mod floor;
mod flow;
mod hop;
mod instance;
mod report;
mod round;

use anyhow::Context;
use bursts::{Costs, milliseconds};
use clap::Parser;
use instance::Instance;
use platform::{auth::Role, bus::rabbit, migrate};
use report::Report;
use round::Round;
use std::{path::PathBuf, time::Duration};
use testkit::{Environment, Yewu};
use tests::{
    processes, proxy,
    sample::{account, create, new_order, through, turns},
};
use tokio::time::sleep;

/// Puts the suite beside the least that the same jobs need.
#[derive(Debug, Parser)]
#[command(name = "bench", max_term_width = 110)]
struct Cli {
    /// Orders in the tables, with five lines each.
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    /// Rounds of alternating bursts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The length of a burst.
    #[arg(long, default_value_t = 8, value_name = "SECONDS")]
    seconds: u64,
    /// Callers at once, ours and pgbench's.
    #[arg(long, default_value_t = 8)]
    callers: usize,
    /// Hops of an event, one at a time.
    #[arg(long, default_value_t = 200)]
    hops: usize,
    /// Deals of the demo, three at once.
    #[arg(long, default_value_t = 12)]
    deals: usize,
    /// Only what was called so: `create`, `confirm`, `list`, `read`, `changes`.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// What the program hosts: all six services, or these alone, so that nobody hears what they tell while they are measured
    /// (the broker keeps it). Hops and deals need all six.
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    services: Vec<String>,
    /// The folder of the servers.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// Every figure, also as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How many orders a small table has.
const FEW: usize = 10_000;

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(&cli))
}

async fn measure(cli: &Cli) -> anyhow::Result<()> {
    let environment = Environment::read();
    rabbit::declare(&environment.amqp_url, &migrate::manifest(suite::ALL)).await?;
    let instance = Instance::start(&environment, &cli.services).await?;
    let mut report =
        Report { rows: cli.rows, callers: cli.callers, services: cli.services.join(", "), ..Report::default() };
    report.ready_ms = milliseconds(instance.ready_after);
    sleep(Duration::from_secs(3)).await;
    report.idle_mebibytes = instance.usage().resident_mebibytes;

    // Masters come as facts; a node of the test kit on the same database hears them.
    let teller = Yewu::on(&environment, &instance.database, suite::ALL, |_| {}, false).await;
    let body = new_order(account(&teller).await);
    drop(teller);
    let client = instance.caller(Role::CustomerService)?;
    let first = create(&client, &body).await;
    let proxy = proxy::start(&environment.host_port).await;
    let counted = through(&environment, &instance.database, &proxy).await;
    let clerk = counted.role("customer_service");
    report.round_trips = turns(&proxy, 50, async || {
        create(&clerk, &body).await;
    })
    .await;
    drop(counted);
    let sample = floor::Sample::read(&instance.settings, first["id"].as_str().context("an id")?).await;

    let costs = Costs {
        suite: instance.process(),
        database: processes::of_pid_file(&cli.state.join("servers/postgres/postmaster.pid"))?,
    };
    let length = Duration::from_secs(cli.seconds);
    let keeper = instance.caller(Role::Integration)?;
    let round =
        Round { environment: &environment, instance: &instance, client, keeper, costs, callers: cli.callers, length };
    let few = FEW.min(cli.rows);
    instance.execute(&sample.load(1, few)).await?;
    report.few = round.pages(few, 1).await;
    instance.execute(&sample.load(few + 1, cli.rows)).await?;
    report.many = round.pages(cli.rows, 1).await;
    report.pairs = rounds(cli, &round, &body, &sample).await?;
    report.pairs.retain(|(_, pairs)| !pairs.is_empty());
    flow::settled(&instance).await?;
    report.drained_per_second = flow::drain(&instance).await?;
    if cli.services.is_empty() {
        report.hops = hop::measure(&environment, &instance, &round.client, &body, cli.hops).await?;
        report.deals = flow::deals(&instance, cli.deals).await?;
    }
    report.loaded_mebibytes = instance.usage().resident_mebibytes;
    println!("{}", report.markdown());
    if let Some(file) = &cli.json {
        std::fs::write(file, serde_json::to_string_pretty(&report.json())?)?;
    }
    Ok(())
}

/// So many rounds of every job that is wanted, one burst after the other.
async fn rounds(
    cli: &Cli,
    round: &Round<'_>,
    body: &serde_json::Value,
    sample: &floor::Sample,
) -> anyhow::Result<Vec<(&'static str, Vec<round::Pair>)>> {
    let wanted = |job: &str| cli.only.is_empty() || cli.only.iter().any(|only| only == job);
    let (mut creates, mut confirms, mut lists, mut reads, mut changes) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for _ in 0..cli.rounds {
        if wanted("create") {
            creates.push(round.create(body, sample).await);
        }
        if wanted("confirm") {
            confirms.push(round.confirm(cli.rows).await?);
        }
        if wanted("list") {
            lists.push(round.list(cli.rows).await);
        }
        if wanted("read") {
            reads.push(round.read(cli.rows).await);
        }
        if wanted("changes") {
            changes.push(round.changes(cli.rows).await);
        }
    }
    Ok(vec![
        ("create_order", creates),
        ("confirm_order", confirms),
        ("list_50", lists),
        ("read_one", reads),
        ("changes_50", changes),
    ])
}
