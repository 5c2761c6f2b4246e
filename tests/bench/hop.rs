//! One hop of an event: from the answer to a command until its effect in another service is committed, beside the least program
//! that does the same: commit, publish to a quorum queue, take it from there, commit, acknowledge. Both are looked for in the
//! database by the same question, asked again each millisecond, so both figures are up to a millisecond late.
use super::{bursts::milliseconds, instance::Instance};
use anyhow::Context;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::StreamExt;
use lapin::{
    BasicProperties, Connection, ConnectionProperties, options,
    types::{AMQPValue, FieldTable},
};
use serde_json::Value;
use std::time::{Duration, Instant};
use testkit::{Client, Environment};
use tests::sample::create;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

const QUEUE: &str = "bench.floor";
/// Long enough for anything but a loss.
const PATIENCE: Duration = Duration::from_secs(30);

/// Milliseconds of each hop, one at a time.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Hops {
    pub ours: Vec<f64>,
    pub floor: Vec<f64>,
}

/// So many hops of each, in turns.
pub async fn measure(
    environment: &Environment,
    instance: &Instance,
    client: &Client,
    body: &Value,
    times: usize,
) -> anyhow::Result<Hops> {
    let mut looking = instance.connect().await?;
    let mut floor = Floor::start(environment, instance).await?;
    let mut hops = Hops::default();
    for _ in 0..times {
        let order = create(client, body).await;
        let known =
            format!("FROM aftersales.known_orders WHERE order_id = '{}'", order["id"].as_str().context("an id")?);
        hops.ours.push(appears(&mut looking, &known).await?);
        let id = Uuid::now_v7();
        floor.tell(id).await?;
        hops.floor.push(appears(&mut looking, &format!("FROM bench.heard WHERE id = '{id}'")).await?);
    }
    Ok(hops)
}

/// Milliseconds until the row is there.
async fn appears(conn: &mut AsyncPgConnection, from: &str) -> anyhow::Result<f64> {
    let (begun, query) = (Instant::now(), format!("SELECT count(*) AS count {from}"));
    let seen = async {
        while diesel::sql_query(&query).get_result::<super::instance::Count>(conn).await?.count == 0 {
            sleep(Duration::from_millis(1)).await;
        }
        anyhow::Ok(milliseconds(begun.elapsed()))
    };
    timeout(PATIENCE, seen).await.with_context(|| format!("nothing {from}"))?
}

/// The least program: one row told, one message, one row heard. The teller's connections are its own, as the hearer's are.
struct Floor {
    writer: AsyncPgConnection,
    channel: lapin::Channel,
    hearing: tokio::task::JoinHandle<()>,
    _connection: Connection,
}

impl Floor {
    async fn start(environment: &Environment, instance: &Instance) -> anyhow::Result<Self> {
        let tables = "CREATE SCHEMA IF NOT EXISTS bench; \
                      CREATE TABLE IF NOT EXISTS bench.told (id UUID PRIMARY KEY); CREATE TABLE IF NOT EXISTS bench.heard (id UUID PRIMARY KEY)";
        instance.execute(tables).await?;
        let connection = Connection::connect(&environment.amqp_url, ConnectionProperties::default()).await?;
        let (channel, ears) = (connection.create_channel().await?, connection.create_channel().await?);
        channel.confirm_select(options::ConfirmSelectOptions::default()).await?;
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
        let durable = options::QueueDeclareOptions { durable: true, ..options::QueueDeclareOptions::default() };
        channel.queue_declare(QUEUE.into(), durable, arguments).await?;
        let consume = options::BasicConsumeOptions::default();
        let mut messages = ears.basic_consume(QUEUE.into(), "floor".into(), consume, FieldTable::default()).await?;
        let mut conn = instance.connect().await?;
        let hearing = tokio::spawn(async move {
            while let Some(Ok(message)) = messages.next().await {
                let id = String::from_utf8_lossy(&message.data).into_owned();
                let heard = format!("INSERT INTO bench.heard VALUES ('{id}') ON CONFLICT DO NOTHING");
                if conn.batch_execute(&heard).await.is_err()
                    || message.ack(options::BasicAckOptions::default()).await.is_err()
                {
                    return;
                }
            }
        });
        Ok(Self { writer: instance.connect().await?, channel, hearing, _connection: connection })
    }
    /// Commits, and publishes behind the back of whoever waits, as a relay does.
    async fn tell(&mut self, id: Uuid) -> anyhow::Result<()> {
        self.writer.batch_execute(&format!("INSERT INTO bench.told VALUES ('{id}')")).await?;
        let channel = self.channel.clone();
        tokio::spawn(async move {
            let persistent = BasicProperties::default().with_delivery_mode(2);
            let (body, options) = (id.to_string(), options::BasicPublishOptions::default());
            if let Ok(confirm) =
                channel.basic_publish("".into(), QUEUE.into(), options, body.as_bytes(), persistent).await
            {
                let _ = confirm.await;
            }
        });
        Ok(())
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        self.hearing.abort();
    }
}
