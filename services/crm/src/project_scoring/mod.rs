//! How project initiations are scored (CRM-56): versions of weights and pass mark, and the scorecards of reviewers, both written
//! once; only whose a scorecard is follows its application. What follows from a score is the initiation's business.
pub mod domain;
mod http;
mod policies;
mod store;

pub use domain::ScoringPolicy;
pub use http::routes;
pub use policies::in_force;

use crate::project_initiations::domain::ProjectInitiation;
use platform::{Entity, Result, Tx};
use wire::Ownership;

/// An application has passed on: so have its scorecards.
pub async fn follow_owner(tx: &mut Tx, initiation: &ProjectInitiation, _before: Ownership, _why: &str) -> Result<()> {
    let owner = initiation.ownership().unwrap_or_default();
    Ok(store::follow(tx.conn(), initiation.id, owner).await?)
}
