//! `yewu storage`: tries the bucket of attachments out, as each service would use it. Leaves nothing in it; tells nobody the secret.
use anyhow::Context;
use platform::{Settings, attachments};

const NO_BUCKET: &str = "attachments lie in the folder storage.path; there is no bucket to try";

/// Write, read and remove a trial object in the bucket of attachments
#[derive(Debug, clap::Args)]
pub(super) struct Storage {}

impl Storage {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let services: Vec<_> = crate::ALL.iter().map(|service| service.name).collect();
        let tried = attachments::try_bucket(&settings.storage, &services).await;
        let tried = tried.context("the bucket of attachments cannot be used")?;
        super::say(if tried { "the bucket of attachments can be written, read and listed" } else { NO_BUCKET })
    }
}
