//! A service as a value. Functions and constants only: hosting six in one process couples nothing.
use crate::{
    approvals::Approvals,
    handover::{self, Handovers},
    inbox::Subscriptions,
    jobs::Jobs,
    machine::MachineInfo,
};
use diesel_migrations::EmbeddedMigrations;
use utoipa_actix_web::service_config::ServiceConfig;
use wire::EventInfo;

/// Codes of a slice's refusals: `(code, English, Chinese)`.
pub type Codes = &'static [(&'static str, &'static str, &'static str)];
/// Public words with their labels: `(name, [(code, zh-CN, en)])`.
pub type Words = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

/// Everything a service is: its table of contents.
#[derive(Clone, Copy)]
pub struct Service {
    /// Postgres schema and role, `/api/<name>/v1`, queue prefix, first word of events and permissions.
    pub name: &'static str,
    /// One English sentence: what it owns.
    pub about: &'static str,
    pub migrations: fn() -> EmbeddedMigrations,
    pub routes: fn(&mut ServiceConfig),
    pub consumers: fn(&mut Subscriptions),
    pub approvals: fn(&mut Approvals),
    pub jobs: fn(&mut Jobs),
    /// What of it passes from someone who leaves to a deputy (CRM-51).
    pub handovers: fn(&mut Handovers),
    /// The facts it tells of its own business; `told` has them all.
    pub events: &'static [EventInfo],
    pub machines: &'static [MachineInfo],
    pub words: &'static [Words],
    pub codes: &'static [Codes],
}

impl Service {
    /// The event types it hears.
    #[must_use]
    pub fn hears(&self) -> Vec<String> {
        self.subscriptions().kinds()
    }
    /// `(event type, handler)` of every subscription, for the catalogue and the reconciliation.
    #[must_use]
    pub fn handlers(&self) -> Vec<(&'static str, &'static str)> {
        self.subscriptions().0.iter().map(|s| (s.kind, s.name)).collect()
    }
    /// Its own reactions and the platform's: every service keeps the directory, to know who could approve, and hands work over.
    pub(crate) fn subscriptions(&self) -> Subscriptions {
        let mut subscriptions = Subscriptions::default();
        subscriptions.replicate::<wire::crm::UserChanged, wire::crm::UserSnapshot>("keep-user");
        handover::consumers(&mut subscriptions);
        (self.consumers)(&mut subscriptions);
        subscriptions
    }
    /// All that it tells: its own facts, and the platform's under its name.
    #[must_use]
    pub fn told(&self) -> Vec<EventInfo> {
        [self.events, wire::facts::of(self.name)].concat()
    }
    /// Its base path.
    #[must_use]
    pub fn base(&self) -> String {
        format!("/api/{}/v1", self.name)
    }
}
