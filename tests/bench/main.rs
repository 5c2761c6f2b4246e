//! Measures creating an order with five lines, everything on (token, idempotency, audit, outbox, number, RabbitMQ relay), against
//! pgbench doing the least SQL that the same job needs, in alternating bursts of one run. Measures; asserts no time.
//! Run with `tests/bench/run`.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
mod floor;

use platform::{bus::rabbit, migrate, settings::BusKind};
use serde_json::Value;
use std::time::{Duration, Instant};
use testkit::{Client, Environment, Yewu};
use tests::{
    proxy,
    sample::{account, create, new_order, round_trips},
};

/// Callers at once, ours and pgbench's.
const CLIENTS: usize = 8;
const BURST: Duration = Duration::from_secs(10);
const ROUNDS: usize = 5;

fn main() {
    testkit::alone(async || {
        let environment = Environment::read();
        let proxy = proxy::start(&environment.host_port).await;
        rabbit::declare(&environment.amqp_url, &migrate::manifest(suite::ALL)).await.expect("queues");
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let yewu = Yewu::on(
            &environment,
            &database,
            suite::ALL,
            |settings| {
                settings.bus.kind = BusKind::Rabbit;
                settings.http.workers = 2;
            },
            true,
        )
        .await;
        let body = new_order(account(&yewu).await);
        let client = yewu.role("customer_service");
        let first: Value = create(&client, &body).await;

        let trips = round_trips(&environment, &database, &proxy, &body).await;
        println!("round trips to Postgres of one create: {trips:.2} (mean of 50, one after the other, warm)");
        let script = floor::script(&yewu, first["id"].as_str().expect("an id")).await;
        let mut ratios = Vec::new();
        println!(
            "| round | create order over HTTP, ops/s | p50 ms | p99 ms | pgbench, ops/s | ratio |\n|---|---|---|---|---|---|"
        );
        for round in 1..=ROUNDS {
            let (ours, p50, p99) = burst(&client, &body).await;
            let floor = floor::burst(&environment, &database, &script, CLIENTS, BURST);
            ratios.push(ours / floor);
            println!("| {round} | {ours:.0} | {p50:.2} | {p99:.2} | {floor:.0} | {:.2} |", ours / floor);
        }
        ratios.sort_by(f64::total_cmp);
        println!(
            "ratio: median {:.2}, min {:.2}, max {:.2}; {CLIENTS} clients, bursts of {BURST:?}, the load generator on the same cores",
            ratios[ratios.len() / 2],
            ratios[0],
            ratios[ratios.len() - 1]
        );
    });
}

/// Ops per second, and the latencies that a caller sees.
async fn burst(client: &Client, body: &Value) -> (f64, f64, f64) {
    let started = Instant::now();
    let workers = (0..CLIENTS).map(|_| {
        let (client, body) = (client.clone(), body.clone());
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while started.elapsed() < BURST {
                let one = Instant::now();
                create(&client, &body).await;
                latencies.push(one.elapsed().as_secs_f64() * 1000.0);
            }
            latencies
        })
    });
    let mut latencies: Vec<f64> =
        futures_util::future::join_all(workers).await.into_iter().flat_map(|done| done.expect("a worker")).collect();
    let seconds = started.elapsed().as_secs_f64();
    latencies.sort_by(f64::total_cmp);
    let at = |share: usize| latencies[latencies.len() * share / 100];
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let count = latencies.len() as f64;
    (count / seconds, at(50), at(99))
}
