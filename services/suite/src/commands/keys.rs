//! `yewu keys DIR`: the development key pair. Never overwrites one: tokens already given out would die.
use anyhow::Context;
use std::path::PathBuf;

/// Make a development signing key and its public half (jwks.json) in a folder
#[derive(Debug, clap::Args)]
pub(super) struct Keys {
    /// Made where it is missing.
    folder: PathBuf,
}

impl Keys {
    pub(super) fn perform(self) -> anyhow::Result<()> {
        let key = platform::auth::keys::generate(&self.folder)
            .with_context(|| format!("no key was made in {}; one that is there is kept", self.folder.display()))?;
        super::say(&format!("{} in {}", key.kid(), self.folder.display()))
    }
}
