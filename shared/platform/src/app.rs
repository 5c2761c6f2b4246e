//! One running service: its pools, its subscriptions, its hooks. What handlers and background tasks share.
//! Nothing static: six of them live in one process without knowing of each other.
use crate::{
    Pool, Service, Settings, Verifier,
    approvals::Approvals,
    attachments::Files,
    auth::Leavers,
    bus::{Manifest, Sender},
    clock::Clock,
    db::{Doors, Pools},
    guest::Guests,
    inbox::Subscriptions,
    inbox_together::Gathering,
    sealed::Sealer,
    settings::Print,
};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

/// See the module.
pub struct App {
    pub name: &'static str,
    pub service: Service,
    /// For the work in the background; HTTP workers have their own (`db::Pools`).
    pub writers: Pool,
    pub readers: Pool,
    pub(crate) doors: Doors,
    pub clock: Clock,
    pub verifier: Arc<Verifier>,
    pub(crate) leavers: Leavers,
    pub(crate) guests: Guests,
    pub manifest: Manifest,
    /// The head of documents for customers.
    pub print: Print,
    /// Where its attachments lie.
    pub(crate) files: Files,
    /// For numbers that no copy of the database may show.
    pub sealer: Sealer,
    /// Bytes of the largest table that an import takes.
    pub largest_import_bytes: u64,
    /// Whoever keeps a long file row by row has this place: one at a time, so that the connections of an HTTP worker are never
    /// all in the hands of such commands.
    pub long_files: Semaphore,
    /// Names this process in the relay's lease.
    pub(crate) holder: Uuid,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) approvals: Approvals,
    /// This process wrote a fact.
    pub(crate) relay: Notify,
    /// Another copy says that it wrote one.
    pub(crate) heard: Notify,
    pub(crate) drain: Notify,
    pub(crate) sender: OnceLock<Sender>,
    /// How many messages are handled at once: half of the connections, so that a flood of messages leaves requests theirs.
    pub(crate) hands: Semaphore,
    /// Where messages meet that can be handled together.
    pub(crate) gathering: Gathering,
    /// A place for each request that may be in hand at once.
    pub(crate) places: Semaphore,
    /// How many of those may be there only to wait for something to happen.
    pub(crate) waiting: Semaphore,
    /// How many may keep a core busy for long at once: all but one, which is left to those who are served meanwhile.
    pub(crate) workers: Arc<Semaphore>,
}

impl App {
    pub(crate) fn build(
        settings: &Settings,
        service: Service,
        clock: &Clock,
        verifier: &Arc<Verifier>,
        manifest: &Manifest,
    ) -> anyhow::Result<Arc<Self>> {
        let size = settings.db.pool_size;
        let doors = Doors::new(settings, service.name);
        let Pools { writers, readers } = doors.open(size, size.div_ceil(2))?;
        let files = Files::open(&settings.storage, service.name)?;
        let sealer = Sealer::open(&settings.storage)?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut approvals = Approvals::default();
        (service.approvals)(&mut approvals);
        Ok(Arc::new(Self {
            name: service.name,
            service,
            writers,
            readers,
            doors,
            clock: clock.clone(),
            verifier: verifier.clone(),
            leavers: Leavers::default(),
            guests: Guests::default(),
            manifest: manifest.clone(),
            print: settings.print.clone(),
            files,
            sealer,
            largest_import_bytes: settings.storage.largest_import_bytes,
            long_files: Semaphore::new(1),
            holder: clock.id(),
            subscriptions: service.subscriptions(),
            approvals,
            relay: Notify::new(),
            heard: Notify::new(),
            drain: Notify::new(),
            sender: OnceLock::new(),
            hands: Semaphore::new((size / 2).max(1)),
            gathering: Gathering::default(),
            places: Semaphore::new(settings.http.at_once),
            waiting: Semaphore::new(settings.http.at_once / 4),
            workers: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))),
        }))
    }
    /// There is something new in the outbox.
    pub fn wake_relay(&self) {
        self.relay.notify_one();
    }
}
