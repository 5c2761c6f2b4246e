//! What specifications hear: by what their items are covered (CRM-17). No SQL.
use super::{cover::cover, traces::Told};
use platform::{Result, Subscriptions, Tx};
use wire::quoting::SolutionCoverageChanged;

/// Solutions that cover items, or no longer do.
pub fn consumers(on: &mut Subscriptions) {
    on.on::<SolutionCoverageChanged>("trace-solution", solution_covers);
}

/// What the solution covered before and does not name now, it no longer covers.
async fn solution_covers(tx: &mut Tx, event: SolutionCoverageChanged) -> Result<()> {
    let SolutionCoverageChanged { requirement_spec_id, solution_id, number, covered, waived } = event;
    cover(tx, requirement_spec_id, &Told::by_solution(solution_id.into(), Some(number), covered, waived)).await
}
