//! Deals from the first lead to the satisfied customer, played over REST as the roles would: exactly the steps of the
//! chain in the table of grants, each by the role that stands there. A tool: it decides nothing that a service decides.
mod buying;
mod closing;
mod contracting;
mod deal;
mod fulfilling;
mod northwind;
mod play;
mod progress;
mod receiving;
mod report;
mod selling;
mod stage;

pub(crate) use progress::Progress;
pub(crate) use stage::customer;

pub use crate::rest::Journal;

use crate::rest::{Rest, text};
use anyhow::ensure;
use deal::Deal;
use futures_util::{StreamExt, stream};
use platform::Settings;
use play::Play;
use report::{Document, Outcome, Report};
use serde_json::Value;
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Instant};

/// What is to be played.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the suite listens, e.g. `http://127.0.0.1:8080`; what the settings say if absent.
    pub base_url: Option<String>,
    /// Services that listen elsewhere, by name, where no edge brings them together.
    pub elsewhere: HashMap<String, String>,
    /// How many deals at once.
    pub at_once: usize,
    pub from: Source,
    /// Keeps what was acknowledged, for [`repeat`].
    pub journal: Option<Arc<Journal>>,
    /// Say how it goes on stderr.
    pub aloud: bool,
}

impl Options {
    /// Deals from there, so many at once, of the suite that the settings name, aloud.
    pub fn new(from: Source, at_once: usize) -> Self {
        Self { base_url: None, elsewhere: HashMap::new(), at_once, from, journal: None, aloud: true }
    }
}

/// Where the deals come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The project's own sample, so many of them.
    Sample { cases: usize },
    /// The first orders of the Northwind data set that were not played yet.
    Northwind { folder: PathBuf, orders: usize },
}

/// What came of it.
pub struct Played(Report);

impl Played {
    /// The object of `--json`.
    ///
    /// # Errors
    /// Never for plain data like this; serialising is fallible by its type.
    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(&self.0)?)
    }
    /// One line for all of it; each deal had its own when it ended.
    pub fn line(&self) -> String {
        format!("{} of {} satisfied", self.satisfied(), self.0.cases.len())
    }
    /// How many customers are satisfied.
    pub fn satisfied(&self) -> usize {
        self.0.cases.iter().filter(|case| case.is_satisfied()).count()
    }
    /// Why deals failed, one line each.
    pub fn failures(&self) -> Vec<String> {
        self.0.cases.iter().filter(|case| !case.is_satisfied()).map(Outcome::line).collect()
    }
    /// Did every deal end well?
    pub fn all_satisfied(&self) -> bool {
        self.satisfied() == self.0.cases.len()
    }
}

/// About as many requests as a deal takes, for the bar.
const STEPS_A_DEAL: usize = 70;

/// Sets the stage and plays.
///
/// # Errors
/// The suite cannot be reached or the stage cannot be set. A deal that fails is reported in its place, and the others go on.
pub async fn run(settings: &Settings, options: &Options) -> anyhow::Result<Played> {
    ensure!(options.at_once > 0, "at least one deal at once");
    let rest = open(settings, options)?;
    stage::people(&rest).await?;
    let deals = match &options.from {
        Source::Sample { cases } => {
            let cast = stage::sample(&rest).await?;
            (0..*cases).map(|number| deal::sample(number, &cast)).collect::<anyhow::Result<Vec<_>>>()?
        }
        Source::Northwind { folder, orders } => northwind::deals(&rest, folder, *orders).await?,
    };
    let progress = if options.aloud { Progress::new(deals.len() * STEPS_A_DEAL) } else { Progress::silent() };
    let playing = stream::iter(&deals).map(|deal| perform(&rest, deal, &progress)).buffered(options.at_once);
    let cases: Vec<Outcome> = playing.collect().await;
    progress.done();
    Ok(Played(Report { cases }))
}

fn open(settings: &Settings, options: &Options) -> anyhow::Result<Rest> {
    let rest = Rest::open(settings, options.base_url.as_deref())?;
    Ok(rest.with_elsewhere(options.elsewhere.clone()).with_journal(options.journal.clone()))
}

/// Sends every command in the journal of `options` again under its key and empties it; one line for each answer that is not
/// the first one, byte for byte.
///
/// # Errors
/// The suite cannot be reached.
pub async fn repeat(settings: &Settings, options: &Options) -> anyhow::Result<Vec<String>> {
    let rest = open(settings, options)?;
    match &options.journal {
        Some(journal) => rest.repeat(journal).await,
        None => Ok(Vec::new()),
    }
}

async fn perform(rest: &Rest, deal: &Deal, progress: &Progress) -> Outcome {
    let started = Instant::now();
    let mut case = Outcome {
        case_id: None,
        storyline: deal.storyline,
        status: "failed".to_owned(),
        order_total: None,
        external_ref: deal.external_ref.as_ref().map(|(_, id)| id.clone()),
        documents: Vec::new(),
        elapsed_ms: 0,
        error: None,
    };
    if let Err(error) = to_the_end(&Play { rest, deal, progress }, &mut case).await {
        case.error = Some(format!("{error:#}"));
    }
    case.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    progress.say(&case.line());
    case
}

async fn to_the_end(play: &Play<'_>, case: &mut Outcome) -> anyhow::Result<()> {
    let sold = play.sell().await?;
    case.case_id = Some(sold.case_id.clone());
    if play.deal.storyline == "contract" {
        play.contract(&sold).await?;
    }
    let order = play.fulfil(&sold.case_id).await?;
    play.pay(&sold).await?;
    let completed = play.completed(&order).await?;
    case.order_total = Some(serde_json::from_value(completed["totals"]["gross"].clone())?);
    play.revisit(&order).await?;
    let graph: Value = play.satisfied(&sold.case_id).await?;
    case.status = String::from(text(&graph, "status")?);
    case.documents = Document::all(&graph);
    let expected = play.deal.gross().gross;
    ensure!(
        case.order_total == Some(expected),
        "the order comes to {}, not to {expected}",
        completed["totals"]["gross"]
    );
    Ok(())
}
