//! Bugs that somebody could write, planted on purpose: the fault campaign must catch each (`tests/faults/run --teeth`). Only a
//! program built with the feature `teeth` has them, and `YEWU_BUG` switches one on; elsewhere the question costs nothing.
use crate::{
    app::App,
    bus::{Sender, rabbit::State},
};

/// Is this bug switched on?
#[cfg(feature = "teeth")]
#[expect(clippy::disallowed_methods, reason = "no setting of the suite: nobody should find it in the settings")]
pub(crate) fn planted(bug: &str) -> bool {
    static BUG: std::sync::LazyLock<Option<String>> = std::sync::LazyLock::new(|| std::env::var("YEWU_BUG").ok());
    BUG.as_deref() == Some(bug)
}
#[cfg(not(feature = "teeth"))]
pub(crate) const fn planted(_: &str) -> bool {
    false
}

/// B25: the broker has a say in readiness.
pub(crate) fn broker_is_missed(app: &App) -> bool {
    planted("B25") && matches!(app.sender.get(), Some(Sender::Rabbit(publisher)) if publisher.state() != State::Running)
}

/// Dies here as by `kill -9`, one time of so many, where `YEWU_CRASH` says so: `committed:40`.
#[cfg(feature = "teeth")]
#[expect(clippy::disallowed_methods, reason = "no setting of the suite: nobody should find it in the settings")]
pub(crate) fn crash(point: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };
    static POINT: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let said = std::env::var("YEWU_CRASH").ok()?;
        let (point, one_in) = said.split_once(':')?;
        Some((point.to_owned(), one_in.parse().ok()?))
    });
    static PASSED: AtomicU64 = AtomicU64::new(1);
    if let Some((chosen, one_in)) = &*POINT
        && chosen == point
        && PASSED.fetch_add(1, Ordering::Relaxed).is_multiple_of(*one_in)
    {
        std::process::abort();
    }
}
#[cfg(not(feature = "teeth"))]
pub(crate) const fn crash(_: &str) {}
