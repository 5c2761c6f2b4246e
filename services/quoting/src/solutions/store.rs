//! The only SQL of solutions.
use super::domain::{PassMark, Solution};
use crate::schema::{solution_review_policies, solutions};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{ApiError, Conn, Result, Sight, page};
use wire::{Moment, quoting::SolutionQuery};

platform::store!(Solution, solutions);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &SolutionQuery, sight: &Sight) -> QueryResult<Vec<Solution>> {
    let page = query.page();
    page!(Solution, solutions, page, sight; case_id = page.case_id, status = page.status, account_id = query.account_id,
        opportunity_id = query.opportunity_id, requirement_spec_id = query.requirement_spec_id)
    .load(conn)
    .await
}

/// The newest version of the pass mark that has come into effect.
pub async fn pass_mark(conn: &mut Conn, at: Moment) -> Result<PassMark> {
    let newest = solution_review_policies::table
        .filter(solution_review_policies::effective_from.le(at))
        .order(solution_review_policies::version.desc())
        .select(PassMark::as_select())
        .first(conn)
        .await
        .optional()?;
    newest.ok_or_else(|| ApiError::internal("no version of the solutions' pass mark is in effect"))
}

platform::handed!(Solution, solutions; row: this, closed: ["accepted", "superseded"]);
