//! Tests only: a whole node on a real Postgres, clients by role, facts from elsewhere. No mocks of our own code.
//!
//! `tests/run` starts the servers and names them in the environment; a test binary has one database, cloned from a
//! template that is migrated once, and tests in it use fresh ids.
mod client;
mod database;
mod environment;
pub mod forge;
pub mod issuer;
mod patches;

pub use client::{Client, Response};
pub use database::{fresh as fresh_database, text as database_text};
pub use environment::{
    Environment, VirtualHost, broker_turn, data_folder, import_definitions, servers, servers_command,
};
pub use patches::patches;

use platform::{
    Node, Service, Settings,
    auth::keys,
    bus::{Arrival, Receiver, Settled},
    server,
};
use sha2::Digest;
use std::{
    net::SocketAddr,
    sync::{LazyLock, OnceLock},
    time::Duration,
};
use tokio::runtime::Runtime;
use uuid::Uuid;
use wire::{CaseId, CloudEvent, Event, EventId};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| platform::program::runtime().expect("a runtime"));
static SHARED: OnceLock<Yewu> = OnceLock::new();

/// Some services in this process, on a database of their own, listening on a port of their own.
pub struct Yewu {
    pub node: Node,
    pub settings: Settings,
    address: SocketAddr,
    key: keys::DevelopmentKey,
    /// Whose connections all callers of this node share.
    caller: Client,
}

/// Runs a test against the binary's shared node (memory bus, nothing in the background: `settle` carries the facts).
pub fn run<F: Future<Output = ()>>(services: &'static [Service], test: impl FnOnce(&'static Yewu) -> F) {
    let yewu = SHARED.get_or_init(|| RUNTIME.block_on(Yewu::start(services, |_| {}, false)));
    RUNTIME.block_on(test(yewu));
}

/// Runs a test that needs a node of its own.
pub fn alone<F: Future<Output = ()>>(test: impl FnOnce() -> F) {
    RUNTIME.block_on(test());
}

impl Yewu {
    /// A fresh database and node. `adjust` changes the settings before; `background` runs relays, consumers and jobs.
    pub async fn start(services: &[Service], adjust: impl FnOnce(&mut Settings), background: bool) -> Self {
        let environment = Environment::read();
        let database = database::fresh(&environment, services).await.expect("a database from the template");
        Self::on(&environment, &database, services, adjust, background).await
    }
    /// The same on a database that exists.
    pub async fn on(
        environment: &Environment,
        database: &str,
        services: &[Service],
        adjust: impl FnOnce(&mut Settings),
        background: bool,
    ) -> Self {
        let folder = environment::own_folder();
        let key = keys::generate(&folder).expect("a signing key");
        let mut settings = environment.settings(database, &folder);
        adjust(&mut settings);
        let mut node = Node::build(&settings, services).await.expect("a node");
        node.start(background).expect("a bus");
        let listening = server::listen(&node, |_| {}).expect("a port");
        let address = listening.address;
        tokio::spawn(listening.server);
        let caller = Client::at(&format!("http://{address}"), None);
        Self { node, settings, address, key, caller }
    }

    /// Where the node listens: `http://127.0.0.1:port`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
    /// A user of one role, named after it, in department and team `sales`.
    pub fn role(&self, role: &str) -> Client {
        self.user(role, &format!("{role}-1"), "sales", "sales")
    }
    /// A particular user; an empty department or team is a token that says none.
    pub fn user(&self, role: &str, user: &str, department: &str, team: &str) -> Client {
        self.caller.with_token(Some(self.token(role, user, department, team)))
    }
    /// The token of a particular user, good for a day.
    pub fn token(&self, role: &str, user: &str, department: &str, team: &str) -> String {
        let roles = role.split_whitespace().filter_map(|role| role.parse().ok()).collect();
        let claims = platform::auth::Claims {
            sub: user.into(),
            roles,
            department: Some(department.to_owned()).filter(|name| !name.is_empty()),
            team: Some(team.to_owned()).filter(|name| !name.is_empty()),
            name: None,
        };
        let now = self.node.clock.now().timestamp();
        let day = jiff::SignedDuration::from_hours(24);
        self.key.mint(&self.settings.auth.issuer, &self.settings.auth.audience, &claims, day, now).expect("a token")
    }
    /// Someone without a token.
    pub fn nobody(&self) -> Client {
        self.caller.clone()
    }
    /// Carries facts until nothing moves.
    pub async fn settle(&self) {
        self.node.settle().await.expect("settled");
    }
    /// A fact from a service that is not in this process, delivered to everyone here who hears it.
    pub async fn hear<E: Event>(&self, event: &E) -> CloudEvent {
        let envelope = self.envelope(event, CaseId(Uuid::now_v7()));
        self.deliver(&envelope).await;
        envelope
    }
    /// An envelope as the outbox would write it.
    pub fn envelope<E: Event>(&self, event: &E, case: CaseId) -> CloudEvent {
        CloudEvent {
            specversion: "1.0".into(),
            id: EventId(Uuid::now_v7()),
            source: "/elsewhere".into(),
            kind: E::TYPE.into(),
            subject: Uuid::now_v7(),
            time: self.node.clock.now(),
            datacontenttype: "application/json".into(),
            partitionkey: case.into(),
            actor: "user:elsewhere".into(),
            caseid: Some(case),
            causeid: None,
            ownerid: Some("sales_rep-1".into()),
            teamid: Some("sales".into()),
            departmentid: Some("sales".into()),
            traceparent: None,
            data: serde_json::to_value(event).expect("plain data"),
        }
    }
    /// Stops the background work and the bus, as a drained process would.
    pub async fn stop(self) {
        self.node.stop().await;
    }
    /// Hands an envelope to every subscriber in this process.
    pub async fn deliver(&self, envelope: &CloudEvent) {
        for app in &self.node.apps {
            assert_eq!(app.receive(arrival(envelope)).await, Settled::Kept);
        }
    }
    /// The same with several that came one behind the other.
    pub async fn deliver_together(&self, envelopes: &[&CloudEvent]) {
        for app in &self.node.apps {
            let words = app.receive_some(envelopes.iter().map(|envelope| arrival(envelope)).collect()).await;
            assert_eq!(words, vec![Settled::Kept; envelopes.len()]);
        }
    }
    /// One row of text from a service's schema, as its own role: for facts that no route shows.
    pub async fn sql(&self, service: &str, query: &str) -> String {
        database::text(&self.settings, service, query).await
    }
    /// Changes rows behind the service's back, as the schema's owner: for tests of what must be noticed.
    pub async fn as_owner(&self, service: &str, statement: &str) {
        database::as_owner(&self.settings, service, statement).await;
    }
    /// People to approve things: two of each given role, known to every service here.
    pub async fn staff(&self, roles: &[&str]) {
        for role in roles {
            for n in 1..=2 {
                let reference = format!("{role}-{n}");
                let user = wire::crm::UserSnapshot {
                    id: stable_id(&reference).into(),
                    name: reference.clone(),
                    reference,
                    roles: vec![(*role).to_owned()],
                    department: Some("sales".into()),
                    team: Some("sales".into()),
                    active: true,
                    version: 1,
                };
                self.hear(&wire::crm::UserChanged(user)).await;
            }
        }
    }
}

/// As the broker would bring it the first time.
fn arrival(envelope: &CloudEvent) -> Arrival {
    let body = serde_json::to_vec(envelope).expect("plain data");
    Arrival { body, message_id: None, kind: None, deaths: 0 }
}

/// The same id for the same text, so that a person told twice is one person.
fn stable_id(text: &str) -> Uuid {
    let digest = sha2::Sha256::digest(text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Asks again until it holds, for what happens in the background; fails after `patience` with the last answer.
pub async fn eventually<T: std::fmt::Debug>(patience: Duration, mut ask: impl AsyncFnMut() -> Result<T, String>) -> T {
    let end = tokio::time::Instant::now() + patience;
    loop {
        match ask().await {
            Ok(value) => return value,
            Err(why) if tokio::time::Instant::now() > end => panic!("not within {patience:?}: {why}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
