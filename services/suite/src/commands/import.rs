//! `yewu import`: masters and purchase orders from a data set, over REST as an integration would bring them. Fails, when all is done, if a row
//! was left out.
use crate::import::{adventureworks, northwind, rows::Tally};
use platform::Settings;
use std::path::PathBuf;

/// Bring in customers, suppliers, products, stock or purchases from a data set
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    #[arg(value_enum)]
    set: DataSet,
    /// The folder with its files.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Who looks after new customers (northwind): a reference of the directory.
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Where the suite listens; `http://{http.bind}` of the settings if not said.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum DataSet {
    Northwind,
    Adventureworks,
}

impl Import {
    pub(super) async fn perform(self, settings: &Settings) -> anyhow::Result<()> {
        let (base, folder) = (self.base_url.as_deref(), self.folder.as_path());
        let tallies = match self.set {
            DataSet::Northwind => northwind::import(settings, base, folder, self.owner.as_deref()).await?,
            DataSet::Adventureworks => adventureworks::import(settings, base, folder).await?,
        };
        for tally in &tallies {
            super::say(&tally.to_string())?;
        }
        let bad: usize = tallies.iter().map(Tally::left_out).sum();
        anyhow::ensure!(bad == 0, "{bad} rows were left out; mend them and import again");
        Ok(())
    }
}
