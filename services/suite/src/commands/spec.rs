//! `yewu spec`: writes the generated documents (`openapi/`, `shared/docs/{EVENTS,STATES,CODES}.md`) or says which are stale.
use crate::spec;
use std::path::PathBuf;

/// Write the documents that are generated from the code, or check them
#[derive(Debug, clap::Args)]
pub(super) struct Spec {
    /// Change nothing; fail, naming the stale files, where one differs.
    #[arg(long)]
    check: bool,
    /// The checkout.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

impl Spec {
    pub(super) fn perform(self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.root.join("services/suite/Cargo.toml").is_file(),
            "{} is no checkout of Yewu; name it with --root",
            self.root.display()
        );
        let files = spec::files(crate::ALL)?;
        let stale = spec::stale(&self.root, &files)?;
        if self.check {
            anyhow::ensure!(stale.is_empty(), "stale, write them with `yewu spec`: {}", stale.join(", "));
            return super::say(&format!("{} documents are up to date", files.len()));
        }
        spec::write(&self.root, &files)?;
        let changed = if stale.is_empty() { "none changed".to_owned() } else { stale.join(", ") };
        super::say(&format!("{} documents; {changed}", files.len()))
    }
}
