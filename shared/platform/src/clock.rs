//! The one place that asks what time it is, and the one that mints ids. Everything else is told.
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};
use uuid::{ContextV7, Uuid};
use wire::Moment;

/// A clock that can be moved: tests and drills travel, production never does.
#[derive(Clone)]
pub struct Clock {
    offset_microseconds: Arc<AtomicI64>,
    ids: Arc<Mutex<ContextV7>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { offset_microseconds: Arc::default(), ids: Arc::new(Mutex::new(ContextV7::new())) }
    }
}

impl Clock {
    /// Now, in microseconds.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Moment {
        let real = jiff::Timestamp::now();
        let moved = jiff::SignedDuration::from_micros(self.offset_microseconds.load(Ordering::Relaxed));
        Moment::new(real.checked_add(moved).unwrap_or(real))
    }
    /// Moves the clock, forwards or back.
    pub fn travel(&self, by: jiff::SignedDuration) {
        let microseconds = i64::try_from(by.as_micros()).unwrap_or(0);
        self.offset_microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }
    /// A fresh `UUIDv7`: ordered by this clock, and within a process strictly ascending.
    #[must_use]
    pub fn id(&self) -> Uuid {
        let now = self.now().timestamp();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        let context = self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, seconds, nanoseconds))
    }
}
