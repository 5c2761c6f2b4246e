//! The work: whole deals, played by the demo's own people through the proxies, as long as a fault lasts and once more when
//! it is over. Nothing is retried here but what the demo's client retries under the same idempotency key.
use super::ground::Ground;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use suite::demo::{self, Journal, Options, Source};
use tokio::sync::watch;

/// Deals that begin together, so that all three storylines are among them.
const DEALS: usize = 3;

/// How the demo is to be played on this ground.
pub(crate) fn options(ground: &Ground, journal: &Arc<Journal>) -> Options {
    Options {
        elsewhere: ground.fronts(),
        journal: Some(journal.clone()),
        aloud: false,
        ..Options::new(Source::Sample { cases: DEALS }, DEALS)
    }
}

/// Plays until told to stop, and finishes what it has begun. Counts the satisfied; returns what failed.
pub(crate) async fn deals(
    settings: platform::Settings,
    options: Options,
    stop: watch::Receiver<bool>,
    satisfied: Arc<AtomicUsize>,
) -> Vec<String> {
    loop {
        let failures = match demo::run(&settings, &options).await {
            Ok(played) => {
                satisfied.fetch_add(played.satisfied(), Ordering::Relaxed);
                played.failures()
            }
            Err(error) => vec![format!("the stage cannot be set: {error:#}")],
        };
        if *stop.borrow() || !failures.is_empty() {
            return failures;
        }
    }
}
