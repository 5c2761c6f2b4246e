//! `yewu migrate`: roles, schemas, tables, exchanges and queues of the whole suite. Safe to repeat.
use platform::Settings;

/// Bring database and broker to what this version needs
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        platform::migrate::run(settings, crate::ALL).await?;
        super::say("database and broker are as this version needs them")
    }
}
