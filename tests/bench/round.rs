//! What is measured: each job over HTTP and the same by pgbench, one burst after the other in every round.
use super::{
    bursts::{Burst, Costs, burst},
    confirming::{self, Ready},
    floor::{self, Sample},
    instance::Instance,
};
use anyhow::Context;
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use testkit::{Client, Environment};
use tests::sample::{ORDERS, create};
use uuid::Uuid;

/// Both sides of one job in one round.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Pair {
    pub ours: Burst,
    pub floor_per_second: f64,
    pub floor_database_ms: f64,
}

impl Pair {
    /// What part of the floor's throughput is reached.
    pub fn ratio(&self) -> f64 {
        self.ours.per_second / self.floor_per_second
    }
}

/// Everything that bursts need.
pub struct Round<'a> {
    pub environment: &'a Environment,
    pub instance: &'a Instance,
    pub client: Client,
    /// One who keeps a copy.
    pub keeper: Client,
    pub costs: Costs,
    pub callers: usize,
    pub length: Duration,
}

impl Round<'_> {
    /// Create an order with five lines.
    pub async fn create(&self, body: &Value, sample: &Sample) -> Pair {
        let ours = burst(self.costs, self.callers, self.length, async || {
            create(&self.client, body).await;
            true
        });
        self.beside(ours.await, &sample.create())
    }
    /// Confirm orders that the rounds have created, as long as there are any.
    pub async fn confirm(&self, rows: usize) -> anyhow::Result<Pair> {
        let ready = Ready::take(self.instance).await?;
        let first = ready.confirm(&self.client).await.context("no order to confirm")?;
        let sample = confirming::Sample::read(self.instance, first["id"].as_str().context("an id")?).await?;
        let ours = burst(self.costs, self.callers, self.length, async || ready.confirm(&self.client).await.is_some());
        Ok(self.beside(ours.await, &sample.script(rows)))
    }
    /// Read a page of fifty orders, with their lines, from anywhere among `rows`.
    pub async fn list(&self, rows: usize) -> Pair {
        self.beside(self.pages(rows, self.callers).await, &floor::page(rows))
    }
    /// Ours alone, with so many callers.
    pub async fn pages(&self, rows: usize, callers: usize) -> Burst {
        burst(self.costs, callers, self.length, async || {
            let path = format!("{ORDERS}?limit=50&after={}", loaded(fastrand::usize(100..=rows)));
            get(&self.client, &path).await;
            true
        })
        .await
    }
    /// Ask for the next fifty changes, from anywhere among `rows`.
    pub async fn changes(&self, rows: usize) -> Pair {
        let ours = burst(self.costs, self.callers, self.length, async || {
            let after = fastrand::usize(1..=rows);
            get(&self.keeper, &format!("/api/orders/v1/changes?limit=50&after={after}")).await;
            true
        });
        self.beside(ours.await, &floor::changes(rows))
    }
    /// Read one order with its lines.
    pub async fn read(&self, rows: usize) -> Pair {
        let ours = burst(self.costs, self.callers, self.length, async || {
            get(&self.client, &format!("{ORDERS}/{}", loaded(fastrand::usize(1..=rows)))).await;
            true
        });
        self.beside(ours.await, &floor::one(rows))
    }

    /// The floor's burst follows ours at once, so that both meet the same machine.
    fn beside(&self, ours: Burst, script: &str) -> Pair {
        let (environment, database) = (self.environment, &self.instance.database);
        let (floor_per_second, floor_database_ms) = tokio::task::block_in_place(|| {
            floor::burst(environment, database, script, self.callers, self.length, self.costs.database)
        });
        Pair { ours, floor_per_second, floor_database_ms }
    }
}

async fn get(client: &Client, path: &str) {
    let answer = client.send(Method::GET, path, &[], None).await;
    assert!(answer.status.is_success(), "GET {path}: {} {}", answer.status, answer.text);
}

/// The id of a loaded order: as [`floor::LOADED_ID`] makes it.
fn loaded(number: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::try_from(number).unwrap_or(0))
}
