//! Names, exchanges, queues and bindings, the same on `RabbitMQ` 3.10 and 4.x and without any plugin.
//!
//! It creates and re-states; it refuses to delete. In particular a type that has left the manifest keeps its binding:
//! AMQP cannot list bindings, so nothing here can know it. Such messages arrive, find no handler and are kept by the
//! inbox's rules; an operator removes the binding with the broker's own tools once the type is gone everywhere.
use lapin::{
    Channel, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};

use super::session::{Ended, close, close_channel, connect, open_channel, timed};
use crate::bus::{BusError, DEAD_EXCHANGE, EXCHANGE, Manifest, SHARDS};

/// How often the broker may see a message lost by its consumer before it goes to the dead-letter exchange. A backstop
/// far above the inbox's own limit; `RabbitMQ` 3.x has none unless told, 4.x has this one. It strikes everything that
/// was prefetched together, hence receivers must park a message by [`Arrival::deaths`](crate::bus::Arrival) long before.
const DELIVERY_LIMIT: i64 = 20;
/// The AMQP code for "exists, but otherwise than declared".
const PRECONDITION_FAILED: &str = "PRECONDITION_FAILED";

/// The queue of one shard of a service.
pub(super) fn queue_name(service: &str, shard: u8) -> String {
    format!("{service}.s{shard}")
}

/// What a parcel is routed by: its type and its shard.
pub(super) fn routing_key(kind: &str, shard: u8) -> String {
    format!("{kind}.{shard}")
}

/// Declares everything in the manifest; idempotent. `admin_url` must be allowed to configure.
///
/// Queues: quorum, single active consumer, dead letters to [`DEAD_EXCHANGE`], which fans out to one quorum queue of the
/// same name.
///
/// # Errors
/// `Away` if the broker does not answer, `Topology` if something exists with other properties (they cannot be changed
/// in place) or a name is refused.
pub async fn declare(admin_url: &str, manifest: &Manifest) -> Result<(), BusError> {
    let connection = connect(admin_url, "migrate/topology").await.map_err(|ended| BusError::Away(ended.detail))?;
    let result = match open_channel(&connection).await {
        Ok(channel) => {
            let declared = declare_on(&channel, manifest).await;
            close_channel(&channel).await;
            declared
        }
        Err(ended) => Err(ended),
    };
    close(&connection).await;
    result.map_err(|ended| explain(&ended))
}

async fn declare_on(channel: &Channel, manifest: &Manifest) -> Result<(), Ended> {
    exchange(channel, EXCHANGE, ExchangeKind::Topic).await?;
    exchange(channel, DEAD_EXCHANGE, ExchangeKind::Fanout).await?;
    queue(channel, DEAD_EXCHANGE, quorum()).await?;
    bind(channel, DEAD_EXCHANGE, DEAD_EXCHANGE, "").await?;
    for (service, kinds) in &manifest.services {
        for shard in 0..SHARDS {
            queue(channel, &queue_name(service, shard), ordered()).await?;
        }
        bind_all(channel, service, kinds).await?;
    }
    Ok(())
}

/// What one service's user must be able to write to and to read from, as a pattern.
pub(super) fn own_places(service: &str) -> String {
    let exchange = EXCHANGE.replace('.', "\\.");
    format!("^({exchange}|{service}\\.s[0-9])$")
}

/// The routing keys of a type, as a pattern.
pub(super) fn keys_of(kind: &str) -> String {
    format!("{}\\.[0-9]", kind.replace('.', "\\."))
}

/// The type that a parcel was routed by.
pub(super) fn kind_of(routing_key: &str) -> &str {
    routing_key.rsplit_once('.').map_or(routing_key, |(kind, _)| kind)
}

/// States all bindings of a service; those that exist are left as they are.
pub(super) async fn bind_all(channel: &Channel, service: &str, kinds: &[String]) -> Result<(), Ended> {
    for shard in 0..SHARDS {
        for kind in kinds {
            bind(channel, &queue_name(service, shard), EXCHANGE, &routing_key(kind, shard)).await?;
        }
    }
    Ok(())
}

/// How many consumers the queue has; an error if it does not exist.
pub(super) async fn count_consumers(channel: &Channel, name: &str) -> Result<u32, Ended> {
    let options = QueueDeclareOptions::durable().passive();
    let queue = timed("queue", channel.queue_declare(name.into(), options, FieldTable::default())).await?;
    Ok(queue.consumer_count())
}

async fn exchange(channel: &Channel, name: &str, kind: ExchangeKind) -> Result<(), Ended> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    timed("exchange", channel.exchange_declare(name.into(), kind, options, FieldTable::default()))
        .await
        .map_err(|ended| named("exchange", name, ended))
}

async fn queue(channel: &Channel, name: &str, arguments: FieldTable) -> Result<(), Ended> {
    timed("queue", channel.queue_declare(name.into(), QueueDeclareOptions::durable(), arguments))
        .await
        .map(drop)
        .map_err(|ended| named("queue", name, ended))
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), Ended> {
    let bound = channel.queue_bind(
        queue.into(),
        exchange.into(),
        key.into(),
        QueueBindOptions::default(),
        FieldTable::default(),
    );
    timed("bind", bound).await.map_err(|ended| named("binding of queue", queue, ended))
}

fn quorum() -> FieldTable {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments
}

fn ordered() -> FieldTable {
    let mut arguments = quorum();
    arguments.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
    arguments.insert("x-dead-letter-exchange".into(), AMQPValue::LongString(DEAD_EXCHANGE.into()));
    arguments.insert("x-delivery-limit".into(), AMQPValue::LongLongInt(DELIVERY_LIMIT));
    arguments
}

fn named(what: &str, name: &str, ended: Ended) -> Ended {
    Ended::new(ended.reason, format!("{what} {name}: {}", ended.detail))
}

fn explain(ended: &Ended) -> BusError {
    let advice = if ended.detail.contains(PRECONDITION_FAILED) {
        " — it exists with other properties, which the broker cannot change: stop the publishers, let the queue drain, \
         delete it with the broker's tools and run `yewu migrate` again"
    } else {
        ""
    };
    BusError::Topology(format!("{}{advice}", ended.detail))
}
