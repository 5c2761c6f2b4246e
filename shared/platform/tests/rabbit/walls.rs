//! The walls between the services at the broker, proved by trying: every user against the types and queues of every service,
//! itself included, and against what nobody but the administrator may do. The services here are made up; their users are
//! made as those of the real ones.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use crate::bench::{turn, variable};
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties, ErrorKind, ExchangeKind,
    options::{
        BasicConsumeOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions,
        ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions, QueuePurgeOptions,
    },
    types::FieldTable,
};
use platform::bus::{
    DEAD_EXCHANGE, EXCHANGE, Manifest,
    rabbit::{declare, users},
};
use testkit::import_definitions;
use uuid::Uuid;

const PASSWORD: &str = "tests-only";

/// Six services, each of which hears one fact of the next.
struct Ground {
    services: Vec<String>,
    vhost_url: String,
    _turn: std::fs::File,
}

impl Ground {
    async fn new() -> Self {
        let turn = turn().await;
        let id = Uuid::now_v7().simple().to_string();
        let services: Vec<String> = (0..6).map(|number| format!("wall{number}-{id}")).collect();
        let heard = |number: usize| vec![kind(&services[(number + 1) % 6])];
        let manifest = Manifest { services: services.iter().cloned().zip((0..6).map(heard)).collect() };
        let vhost_url = variable("YEWU_AMQP_URL").replace("/%2f", &format!("/walls-{id}"));
        let mut definitions = users(&vhost_url, |_| Ok(PASSWORD.to_owned().into()), &manifest).unwrap();
        let all = serde_json::json!({ "user": "yewu", "vhost": format!("walls-{id}"), "configure": ".*", "write": ".*", "read": ".*" });
        definitions["permissions"].as_array_mut().unwrap().push(all);
        tokio::task::spawn_blocking(move || import_definitions(&definitions)).await.unwrap();
        declare(&vhost_url, &manifest).await.unwrap();
        Self { services, vhost_url, _turn: turn }
    }
    async fn connect(&self, user: &str) -> Connection {
        let (_, place) = self.vhost_url.split_once('@').unwrap();
        let url = format!("amqp://{user}:{PASSWORD}@{place}");
        Connection::connect(&url, ConnectionProperties::default()).await.unwrap()
    }
}

fn kind(service: &str) -> String {
    format!("{service}.thing.happened.v1")
}

/// What one may try on a channel of one's own.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Deed {
    /// A fact of that service's type.
    Tell,
    Consume,
    Purge,
    /// To the queue itself, past the exchange.
    Slip,
    /// Bind one's own queue to that service's facts.
    Hear,
    /// Bind that service's queue to one's own facts.
    Feed,
    Delete,
    Declare,
}

const DEEDS: [Deed; 8] =
    [Deed::Tell, Deed::Consume, Deed::Purge, Deed::Slip, Deed::Hear, Deed::Feed, Deed::Delete, Deed::Declare];

/// True if the broker lets it be done; false only for `ACCESS_REFUSED`.
async fn may(connection: &Connection, deed: Deed, own: &str, target: &str) -> bool {
    let channel = connection.create_channel().await.unwrap();
    let (queue, key) = (format!("{target}.s0"), format!("{}.0", kind(target)));
    let none = FieldTable::default;
    let result = match deed {
        Deed::Tell => publish(&channel, EXCHANGE, &key).await,
        Deed::Slip => publish(&channel, "", &queue).await,
        Deed::Consume => {
            let options = BasicConsumeOptions::default();
            channel.basic_consume(queue.into(), "wall".into(), options, none()).await.map(drop)
        }
        Deed::Purge => channel.queue_purge(queue.into(), QueuePurgeOptions::default()).await.map(drop),
        Deed::Hear => {
            let queue = format!("{own}.s0");
            channel.queue_bind(queue.into(), EXCHANGE.into(), key.into(), QueueBindOptions::default(), none()).await
        }
        Deed::Feed => {
            let key = format!("{}.0", kind(own));
            channel.queue_bind(queue.into(), EXCHANGE.into(), key.into(), QueueBindOptions::default(), none()).await
        }
        Deed::Delete => channel.queue_delete(queue.into(), QueueDeleteOptions::default()).await.map(drop),
        Deed::Declare => {
            let queue = format!("{target}.s9");
            channel.queue_declare(queue.into(), QueueDeclareOptions::default(), none()).await.map(drop)
        }
    };
    allowed(result)
}

fn allowed(result: lapin::Result<()>) -> bool {
    match result {
        Ok(()) => true,
        Err(error) => {
            assert!(error.to_string().contains("ACCESS_REFUSED"), "{error}");
            assert!(matches!(error.kind(), ErrorKind::ProtocolError(_)), "{error}");
            false
        }
    }
}

async fn publish(channel: &Channel, exchange: &str, key: &str) -> lapin::Result<()> {
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let options = BasicPublishOptions::default();
    let confirm = channel.basic_publish(exchange.into(), key.into(), options, b"x", BasicProperties::default()).await?;
    confirm.await.map(|outcome| assert!(outcome.is_ack(), "neither taken nor refused"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_user_against_every_service_gets_exactly_its_own() {
    let ground = Ground::new().await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for (number, own) in ground.services.iter().enumerate() {
        let connection = ground.connect(own).await;
        for (other, target) in ground.services.iter().enumerate() {
            for deed in DEEDS {
                let expected = match deed {
                    Deed::Tell | Deed::Consume | Deed::Purge => number == other,
                    Deed::Slip | Deed::Delete | Deed::Declare | Deed::Feed => false,
                    // It hears the next one's facts, and its own only if the manifest says so.
                    Deed::Hear => (number + 1) % 6 == other,
                };
                tried += 1;
                if may(&connection, deed, own, target).await != expected {
                    wrong.push(format!("{deed:?} of {target} by {own} should be {expected}"));
                }
            }
        }
        connection.close(200, "done".into()).await.unwrap();
    }
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(tried, 6 * 6 * DEEDS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_administrator_changes_exchanges_or_reads_dead_letters() {
    let ground = Ground::new().await;
    for user in &ground.services {
        let connection = ground.connect(user).await;
        let channel = async || connection.create_channel().await.unwrap();
        let (none, dead) = (FieldTable::default, DEAD_EXCHANGE);
        let refused = [
            channel().await.exchange_delete(EXCHANGE.into(), ExchangeDeleteOptions::default()).await,
            channel()
                .await
                .exchange_declare("mine".into(), ExchangeKind::Topic, ExchangeDeclareOptions::default(), none())
                .await,
            channel().await.basic_get(dead.into(), BasicGetOptions::default()).await.map(drop),
            channel().await.queue_purge(dead.into(), QueuePurgeOptions::default()).await.map(drop),
            publish(&channel().await, dead, "x").await,
            publish(&channel().await, "amq.topic", &format!("{}.0", kind(user))).await,
        ];
        for (number, result) in refused.into_iter().enumerate() {
            assert!(!allowed(result), "{user}: deed {number}");
        }
        connection.close(200, "done".into()).await.unwrap();
        // Nor does it see another virtual host.
        let (_, place) = variable("YEWU_AMQP_URL").split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let elsewhere = format!("amqp://{user}:{PASSWORD}@{place}");
        assert!(Connection::connect(&elsewhere, ConnectionProperties::default()).await.is_err(), "{user}");
    }
}
