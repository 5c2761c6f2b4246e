//! What the tests of this folder stand on: a service of one's own on the shared broker, a relay, a receiver that
//! remembers. It refuses to pretend: everything here talks to the real broker.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

use std::{
    collections::{HashMap, HashSet},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use lapin::{Channel, Connection, ConnectionProperties, options::QueueDeleteOptions};
use platform::bus::{
    Arrival, Manifest, Parcel, Receiver, SHARDS, Settled,
    rabbit::{Consuming, Publisher, State, consume, declare},
};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

/// Longest wait for anything that must happen, a restart of the broker included.
pub const PATIENCE: Duration = Duration::from_mins(3);

#[expect(clippy::disallowed_methods, reason = "the address of the test's broker is no setting of the product")]
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run these tests through tests/run"))
}

/// The broker to oneself.
pub async fn turn() -> std::fs::File {
    tokio::task::spawn_blocking(testkit::broker_turn).await.unwrap()
}

/// Starts, stops or hurts the test's own servers.
fn order(verb: &str, arguments: &[&str]) {
    let output = Command::new(variable("YEWU_SERVERS")).arg(verb).arg(variable("YEWU_STATE")).args(arguments).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{verb} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

pub async fn servers(verb: &'static str, arguments: &'static [&'static str]) {
    tokio::task::spawn_blocking(move || order(verb, arguments)).await.unwrap();
}

/// Waits until the broker has written down which queues there are. `RabbitMQ` 3.10 does so some hundred milliseconds
/// after a declaration: killed before, it comes back with a queue that has forgotten itself, elects no leader and
/// confirms nothing until it is deleted. That is the broker's own weakness and not what these tests are about.
pub async fn broker_remembers() {
    servers("broker-ctl", &["eval", "lists:foreach(fun dets:sync/1, dets:all())."]).await;
}

/// The broker's memory alarm; lifted when dropped, so that a failing test does not leave it to the next.
pub struct Alarm;

impl Alarm {
    pub async fn raise() -> Self {
        let alarm = Self;
        servers("broker-ctl", &["set_vm_memory_high_watermark", "0.0001"]).await;
        alarm
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        order("broker-ctl", &["set_vm_memory_high_watermark", "0.4"]);
    }
}

pub async fn within<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < limit, "not within {limit:?}: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

pub async fn raw_channel() -> (Connection, Channel) {
    let connection = Connection::connect(&variable("YEWU_AMQP_URL"), ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

/// A service with queues, one event type and a way to stop, on the shared broker.
pub struct Bench {
    pub service: String,
    pub kind: String,
    pub stop: watch::Sender<bool>,
    _turn: std::fs::File,
}

impl Bench {
    pub async fn new(test: &str) -> Self {
        let turn = turn().await;
        let service = format!("{test}-{}", Uuid::now_v7().simple());
        let bench = Self {
            kind: format!("{service}.thing.happened.v1"),
            service,
            stop: watch::Sender::new(false),
            _turn: turn,
        };
        declare(&variable("YEWU_AMQP_URL"), &bench.manifest()).await.unwrap();
        bench
    }

    pub fn manifest(&self) -> Manifest {
        Manifest { services: vec![(self.service.clone(), vec![self.kind.clone()])] }
    }

    pub async fn publisher(&self) -> Publisher {
        let publisher = Publisher::start(&variable("YEWU_AMQP_URL"), &self.service, self.stop.subscribe());
        within(PATIENCE, "publisher running", || (publisher.state() == State::Running).then_some(())).await;
        publisher
    }

    pub async fn hear(&self, ear: &Arc<Ear>, stop: watch::Receiver<bool>) -> Consuming {
        let receiver: Arc<dyn Receiver> = Arc::clone(ear) as _;
        let consuming = consume(&variable("YEWU_AMQP_URL"), &self.service, vec![self.kind.clone()], receiver, stop);
        within(PATIENCE, "consumer running", || (consuming.state() == State::Running).then_some(())).await;
        consuming
    }

    /// The `number`th parcel; its shard follows from the number, its body says both.
    pub fn parcel(&self, number: usize) -> Parcel {
        let shard = u8::try_from(number % usize::from(SHARDS)).unwrap();
        Parcel {
            id: Uuid::now_v7(),
            kind: self.kind.clone(),
            shard,
            mandatory: true,
            body: number.to_string().into_bytes(),
            traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        }
    }

    /// Sends numbers as a relay does: window after window, each again until its outcome is known.
    pub async fn relay(&self, publisher: &Publisher, numbers: std::ops::Range<usize>) -> usize {
        let mut retries = 0;
        let all: Vec<usize> = numbers.collect();
        for numbers in all.chunks(16) {
            let parcels: Vec<Parcel> = numbers.iter().map(|number| self.parcel(*number)).collect();
            let started = Instant::now();
            loop {
                match publisher.publish(parcels.clone()).await {
                    Ok(window) => {
                        assert!(window.unroutable.is_empty(), "every parcel has a queue");
                        assert_eq!(window.confirmed, parcels.iter().map(|parcel| parcel.id).collect::<Vec<_>>());
                        break;
                    }
                    Err(error) => {
                        retries += 1;
                        assert!(started.elapsed() < PATIENCE, "still not published: {error}");
                        sleep(Duration::from_millis(100)).await;
                    }
                }
            }
        }
        retries
    }

    pub async fn finish(self, consuming: impl IntoIterator<Item = Consuming>) {
        self.stop.send_replace(true);
        for one in consuming {
            tokio::time::timeout(Duration::from_secs(20), one.task).await.expect("stops in time").unwrap();
        }
        let (_connection, channel) = raw_channel().await;
        for shard in 0..SHARDS {
            let name = format!("{}.s{shard}", self.service);
            channel.queue_delete(name.as_str().into(), QueueDeleteOptions::default()).await.unwrap();
        }
    }
}

/// What a receiver saw, in the order in which it accepted it.
#[derive(Default)]
pub struct Ear {
    pub heard: Mutex<Vec<Arrival>>,
    /// Numbers to be answered otherwise than `Kept`, each answer used once, the last one first.
    answers: Mutex<HashMap<usize, Vec<Answer>>>,
    /// The most that were handed over together.
    pub most: AtomicUsize,
    pause: Duration,
}

#[derive(Clone, Copy)]
pub enum Answer {
    Say(Settled),
    Die,
}

pub fn number(arrival: &Arrival) -> usize {
    String::from_utf8(arrival.body.clone()).unwrap().parse().unwrap()
}

impl Ear {
    pub fn answering(answers: impl IntoIterator<Item = (usize, Vec<Answer>)>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() })
    }

    pub fn slow(pause: Duration) -> Arc<Self> {
        Arc::new(Self { pause, ..Self::default() })
    }

    pub fn numbers(&self) -> Vec<usize> {
        self.heard.lock().unwrap().iter().map(number).collect()
    }

    pub async fn wait_for(&self, count: usize) {
        let distinct = || self.numbers().into_iter().collect::<HashSet<_>>().len();
        within(PATIENCE, "all messages heard", || (distinct() >= count).then_some(())).await;
    }

    /// All of `0..count` came, and within each shard each came first after all before it.
    pub fn assert_complete_and_ordered(&self, count: usize) {
        for shard in 0..usize::from(SHARDS) {
            let mut first: Vec<usize> = Vec::new();
            for number in self.numbers().into_iter().filter(|number| number % usize::from(SHARDS) == shard) {
                if !first.contains(&number) {
                    first.push(number);
                }
            }
            let expected: Vec<usize> = (0..count).filter(|number| number % usize::from(SHARDS) == shard).collect();
            assert_eq!(first, expected, "shard {shard}");
        }
    }
}

impl Receiver for Ear {
    fn receive(&self, arrival: Arrival) -> BoxFuture<'_, Settled> {
        Box::pin(async move {
            sleep(self.pause).await;
            let answer = self.answers.lock().unwrap().get_mut(&number(&arrival)).and_then(Vec::pop);
            let settled = match answer {
                Some(Answer::Die) => {
                    self.heard.lock().unwrap().push(arrival);
                    panic!("this receiver dies on purpose")
                }
                Some(Answer::Say(settled)) => settled,
                None => Settled::Kept,
            };
            self.heard.lock().unwrap().push(arrival);
            settled
        })
    }
    fn receive_some(&self, arrivals: Vec<Arrival>) -> BoxFuture<'_, Vec<Settled>> {
        self.most.fetch_max(arrivals.len(), Ordering::Relaxed);
        Box::pin(async move {
            let mut words = Vec::new();
            for arrival in arrivals {
                words.push(self.receive(arrival).await);
                if words.ends_with(&[Settled::Again]) {
                    break;
                }
            }
            words
        })
    }
}
