//! `yewu verify`: are the data of the whole suite what they must be? Fails if one invariant does not hold.
use crate::verify;
use platform::{Language, Settings};
use std::time::Duration;

/// Look up, read-only, whether everything holds that must hold across all services
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    /// Chinese or English; what `LC_ALL` or `LANG` says if not given.
    #[arg(long, value_name = "zh-CN|en")]
    lang: Option<String>,
    /// How long a fact may be on its way before it counts as stuck or lost.
    #[arg(long, value_name = "SECONDS", default_value_t = verify::GRACE.as_secs())]
    grace: u64,
}

impl Verify {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let spoken = self.lang.or_else(|| of_the_shell("LC_ALL")).or_else(|| of_the_shell("LANG"));
        let language = spoken.map_or_else(Language::default, |name| Language::of(&name));
        let report = verify::run(settings, language, Duration::from_secs(self.grace)).await?;
        if self.json {
            super::say(&serde_json::to_string_pretty(&report)?)?;
        } else {
            super::say(&report.table(language))?;
        }
        anyhow::ensure!(report.violated() == 0, report.line(language));
        if !self.json {
            super::say(&report.line(language))?;
        }
        Ok(())
    }
}

/// The reader's language is the shell's, no setting of the suite.
fn of_the_shell(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}
