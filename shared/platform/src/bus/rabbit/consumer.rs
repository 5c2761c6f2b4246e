//! Hears a service's four shard queues: in order within a shard, shards side by side.
//!
//! It refuses to lose, to reorder and to decide: a message is settled only by its receiver's word.
//!
//! How order survives, each point checked against a broker (`tests/rabbit.rs`):
//! * Messages that are there together are handed over together, and settled in order: never one before another.
//! * A message that cannot be stored now (`Again`) is **held and tried again in place**. Giving it back would put it
//!   behind the messages already prefetched and would count as a death; holding it does neither. The broker's consumer
//!   timeout (30 min) may close the channel meanwhile; that is one more death, and the hold goes on after reopening.
//! * A channel is given up by closing it, **never by a cancel**: after a cancel a quorum queue makes the next process
//!   active at once while this one still holds what it had prefetched, and those come later than their successors.
//!   Closing returns them first, in order. The library cancels when a consumer is dropped, so the channel is always
//!   closed before.
//! * [`PREFETCH`] is the same everywhere. A consumer with a smaller one would take a part of what another gave back,
//!   and if it then died its part would queue up behind the rest.
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt};
use lapin::{
    BasicProperties, Channel, Connection, Consumer,
    message::Delivery,
    options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions},
    types::{AMQPValue, FieldTable},
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    Address,
    session::{
        Ended, FIRST_PAUSE, LONGEST_PAUSE, Link, State, TICK, Tasks, Work, close_channel, jitter, open_channel,
        stopped, supervise, ticker, timed,
    },
    topology::{bind_all, count_consumers, kind_of, queue_name},
};
use crate::{
    bus::{Arrival, Receiver, SHARDS, Settled},
    teeth::planted,
};

/// Messages in memory per shard; set before consuming, because the library's own buffer has no bound. Never shrink it
/// while older processes run (see above).
const PREFETCH: u16 = 32;
/// Messages that are handed over at once, if so many are there.
const TOGETHER: usize = 16;
/// A handler that takes longer is taken for dead: far below the broker's own limit of 30 minutes.
const STUCK_AFTER: Duration = Duration::from_mins(1);
/// How often the bindings are stated anew, which heals one that was lost.
const BIND_EVERY: Duration = Duration::from_mins(1);
/// Every so many ticks the broker is asked whether the channel answers and the queue still has a consumer: this finds
/// consumers that neither fail nor receive.
const PROBE_TICKS: u32 = 15;

/// A supervised consuming connection.
pub struct Consuming {
    /// Ends after `stop` was set and everything is closed.
    pub task: JoinHandle<()>,
    link: Arc<Link>,
}

impl Consuming {
    /// How the connection stands.
    pub fn state(&self) -> State {
        self.link.state()
    }
}

/// Starts hearing `service`'s queues in the background, on the current tokio runtime, until `stop` is set: then the
/// messages in hand are finished (15 s at most) and the rest goes back in order. Await [`Consuming::task`] before
/// leaving the runtime, or that order is lost.
///
/// `manifest_types` are the event types that the service hears. Its bindings are stated anew at each connect and each
/// minute. That replaces comparing them with the broker's list, which only the management plugin can give.
///
/// A panicking receiver, or one stuck for 60 s, ends the connection, and its message comes again with one death more.
pub fn consume(
    address: impl Into<Address>,
    service: &str,
    manifest_types: Vec<String>,
    receiver: Arc<dyn Receiver>,
    stop: watch::Receiver<bool>,
) -> Consuming {
    let link = Arc::new(Link::new(service, "consume"));
    let hearing = Hearing { service: service.to_owned(), kinds: manifest_types, receiver };
    let (address, watched) = (address.into(), Arc::clone(&link));
    let task = tokio::spawn(async move { supervise(address, &watched, &hearing, stop).await });
    Consuming { task, link }
}

struct Hearing {
    service: String,
    kinds: Vec<String>,
    receiver: Arc<dyn Receiver>,
}

impl Work for Hearing {
    async fn run(
        &self,
        connection: &Connection,
        link: &Link,
        stop: watch::Receiver<bool>,
        tasks: &mut Tasks,
    ) -> Result<(), Ended> {
        let control = open_channel(connection).await?;
        bind_all(&control, &self.service, &self.kinds).await?;
        for number in 0..SHARDS {
            let shard = Shard::open(connection, queue_name(&self.service, number)).await?;
            tasks.spawn(shard.serve(Arc::clone(&self.receiver), stop.clone()));
        }
        link.running();
        let result = tokio::select! {
            ended = self.keep_bound(&control) => Err(ended),
            result = first_failure(tasks) => result,
        };
        close_channel(&control).await;
        result
    }
}

impl Hearing {
    async fn keep_bound(&self, control: &Channel) -> Ended {
        loop {
            sleep(BIND_EVERY).await;
            if let Err(ended) = bind_all(control, &self.service, &self.kinds).await {
                return ended;
            }
        }
    }
}

async fn first_failure(shards: &mut Tasks) -> Result<(), Ended> {
    while let Some(shard) = shards.join_next().await {
        shard.map_err(|panic| Ended::new("panic", panic))??;
    }
    Ok(())
}

/// One queue on one channel.
struct Shard {
    queue: String,
    channel: Channel,
    consumer: Consumer,
}

impl Shard {
    async fn open(connection: &Connection, queue: String) -> Result<Self, Ended> {
        let channel = open_channel(connection).await?;
        timed("open", channel.basic_qos(PREFETCH, BasicQosOptions::default())).await?;
        count_consumers(&channel, &queue)
            .await
            .map_err(|ended| Ended::new(ended.reason, format!("{} (`yewu migrate` creates queues)", ended.detail)))?;
        let consume = channel.basic_consume(
            queue.as_str().into(),
            queue.as_str().into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        );
        let consumer = timed("open", consume).await?;
        Ok(Self { queue, channel, consumer })
    }

    /// Hands messages over until stopped or broken.
    async fn serve(mut self, receiver: Arc<dyn Receiver>, mut stop: watch::Receiver<bool>) -> Result<(), Ended> {
        let result = tokio::select! {
            result = hand_over(&mut self.consumer, &*receiver, &mut stop) => result,
            ended = probe(&self.channel, &self.queue) => Err(ended),
        };
        close_channel(&self.channel).await;
        result
    }
}

async fn hand_over(
    consumer: &mut Consumer,
    receiver: &dyn Receiver,
    stop: &mut watch::Receiver<bool>,
) -> Result<(), Ended> {
    // What a dead process had in hand comes first on the next channel, as each shard is settled in order. The messages
    // that were only prefetched behind it carry the same count, innocently: only the first one's is believed. It may have been
    // any of those that were handed over together, so the first ones after a death go one by one: the next time the
    // process dies, the guilty one is the first.
    let (mut suspect, mut alone) = (true, 0);
    loop {
        let next = tokio::select! {
            biased;
            () = stopped(stop) => return Ok(()),
            next = consumer.next() => next,
        };
        let (mut deliveries, mut arrivals) = (Vec::new(), Vec::new());
        let mut next = Some(next);
        while let Some(come) = next {
            // Both are final: after an error the stream may stay silent for ever, and its end comes without any other sign.
            let mut delivery = match come {
                Some(Ok(delivery)) => delivery,
                _ if planted("B15") => {
                    stopped(stop).await;
                    return Ok(());
                }
                Some(Err(error)) => return Err(Ended::new("stream", error)),
                None => return Err(Ended::new("stream", "the broker cancelled the consumer (was its queue deleted?)")),
            };
            let arrival = arrival(&mut delivery, std::mem::take(&mut suspect));
            if arrival.deaths > 0 {
                alone = PREFETCH;
            }
            arrivals.push(arrival);
            deliveries.push(delivery);
            let more = alone == 0 && deliveries.len() < TOGETHER;
            next = if more { consumer.next().now_or_never() } else { None };
        }
        alone = alone.saturating_sub(1);
        if !settle(receiver, deliveries, arrivals, stop).await? {
            return Ok(());
        }
    }
}

/// Hands them over until each is settled; false if a stop came while one could not be.
async fn settle(
    receiver: &dyn Receiver,
    mut deliveries: Vec<Delivery>,
    mut arrivals: Vec<Arrival>,
    stop: &mut watch::Receiver<bool>,
) -> Result<bool, Ended> {
    let mut pause = FIRST_PAUSE;
    while !arrivals.is_empty() {
        // Caught, because unwinding from here would drop the consumer before its channel is closed. What the receiver
        // leaves behind is its own: its transaction is rolled back.
        let words = AssertUnwindSafe(receiver.receive_some(arrivals.clone())).catch_unwind();
        let words = match timeout(STUCK_AFTER, words).await {
            Ok(Ok(words)) => words,
            Ok(Err(_)) => return Err(Ended::new("panic", "a receiver panicked")),
            Err(_) => return Err(Ended::new("stuck", format!("a receiver took more than {STUCK_AFTER:?}"))),
        };
        let settled = words.iter().take_while(|word| **word != Settled::Again).count();
        arrivals.drain(..settled);
        acknowledge(deliveries.drain(..settled).zip(&words)).await?;
        if settled > 0 {
            if *stop.borrow() {
                return Ok(arrivals.is_empty());
            }
            pause = FIRST_PAUSE;
            continue;
        }
        tokio::select! {
            () = stopped(stop) => return Ok(false),
            () = sleep(pause / 2 + jitter(pause / 2)) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Ok(true)
}

/// Tells the broker: those that are kept up to the last of a run with one word, since everything before it is settled.
async fn acknowledge<'a>(settled: impl Iterator<Item = (Delivery, &'a Settled)>) -> Result<(), Ended> {
    let mut kept: Option<Delivery> = None;
    for (delivery, word) in settled {
        if *word == Settled::Kept {
            kept = Some(delivery);
            continue;
        }
        if let Some(last) = kept.take() {
            timed("settle", last.ack(BasicAckOptions { multiple: true })).await?;
        }
        timed("settle", delivery.reject(BasicRejectOptions { requeue: false })).await?;
    }
    match kept {
        Some(last) => timed("settle", last.ack(BasicAckOptions { multiple: true })).await.map(drop),
        None => Ok(()),
    }
}

/// Ends when the channel is dead, whether or not it says so.
async fn probe(channel: &Channel, queue: &str) -> Ended {
    if planted("B15") {
        return std::future::pending().await;
    }
    let mut tick = ticker(TICK);
    let mut ticks: u32 = 0;
    loop {
        tick.tick().await;
        ticks = ticks.wrapping_add(1);
        if !channel.status().connected() {
            return Ended::new("closed", format!("the channel of {queue} is not open any more"));
        }
        if ticks.is_multiple_of(PROBE_TICKS) {
            match count_consumers(channel, queue).await {
                Ok(0) => return Ended::new("probe", format!("{queue} has lost its consumer")),
                Ok(_) => {}
                Err(ended) => return Ended::new("probe", ended.detail),
            }
        }
    }
}

fn arrival(delivery: &mut Delivery, suspect: bool) -> Arrival {
    let properties = &delivery.properties;
    let text = |value: &Option<lapin::types::ShortString>| value.as_ref().map(|text| text.as_str().to_owned());
    Arrival {
        message_id: text(properties.message_id()),
        kind: Some(kind_of(delivery.routing_key.as_str()).to_owned()),
        deaths: if suspect { delivery_count(properties) } else { 0 },
        body: std::mem::take(&mut delivery.data),
    }
}

/// How often the broker got the message back; quorum queues count it from the second delivery on.
fn delivery_count(properties: &BasicProperties) -> u32 {
    let count = properties.headers().as_ref().and_then(|headers| headers.inner().get("x-delivery-count"));
    match count {
        Some(AMQPValue::LongLongInt(count)) => u32::try_from(*count).unwrap_or(u32::MAX),
        Some(AMQPValue::LongInt(count)) => u32::try_from(*count).unwrap_or(u32::MAX),
        _ => 0,
    }
}
