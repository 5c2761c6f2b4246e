//! `yewu demo`: plays deals and tells what came of them. Fails if a deal does.
use crate::demo::{self, Options, Source};
use anyhow::Context;
use platform::Settings;
use std::path::PathBuf;

/// Play deals over REST, from the first lead to the satisfied customer
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// How many deals of the sample; order and contract route take turns.
    #[arg(long, default_value_t = 1, conflicts_with = "from")]
    cases: usize,
    /// Play real orders of a data set instead.
    #[arg(long, value_enum)]
    from: Option<DataSet>,
    /// How many of its orders, in their order; those that were played before are left out.
    #[arg(long, default_value_t = 100, requires = "from")]
    orders: usize,
    /// The data set's folder; a folder of its name in `YEWU_DATA` or in `../shared/data` if not said.
    #[arg(long, value_name = "DIR", requires = "from")]
    data: Option<PathBuf>,
    /// Print one JSON object instead of one line.
    #[arg(long)]
    json: bool,
    /// Where the suite listens; `http://{http.bind}` of the settings if not said.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// How many deals at the same time.
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    at_once: u8,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum DataSet {
    Northwind,
}

impl Demo {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let from = match self.from {
            None => Source::Sample { cases: self.cases },
            Some(DataSet::Northwind) => {
                Source::Northwind { folder: folder(self.data, "northwind")?, orders: self.orders }
            }
        };
        let played =
            demo::run(settings, &Options { base_url: self.base_url, ..Options::new(from, self.at_once.into()) })
                .await?;
        if self.json {
            super::say(&played.json()?)?;
        } else {
            super::say(&played.line())?;
        }
        anyhow::ensure!(played.all_satisfied(), "not every deal was played to its end");
        Ok(())
    }
}

/// Data sets are no settings of the suite: a variable names their folder, as it does for the tests (ruling 31).
fn folder(named: Option<PathBuf>, set: &str) -> anyhow::Result<PathBuf> {
    let by_variable = || std::env::var_os("YEWU_DATA").map(|root| PathBuf::from(root).join(set));
    let beside = || Some(PathBuf::from("../shared/data").join(set)).filter(|folder| folder.is_dir());
    let folder = named.or_else(by_variable).or_else(beside);
    folder.with_context(|| {
        format!("where is the data set? Name its folder: --data DIR, or YEWU_DATA for a folder with {set}/ in it")
    })
}
