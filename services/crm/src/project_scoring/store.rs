//! The only SQL of project scores.
use super::domain::Scorecard;
use crate::schema::project_scorecards;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, page};
use wire::{
    Ownership,
    crm::{ProjectInitiationId, ProjectScorecardQuery},
};

platform::store!(Scorecard, project_scorecards);

/// The cards of one round.
pub async fn of_round(conn: &mut Conn, initiation: ProjectInitiationId, round: i32) -> QueryResult<Vec<Scorecard>> {
    project_scorecards::table
        .filter(project_scorecards::project_initiation_id.eq(initiation))
        .filter(project_scorecards::round.eq(round))
        .order(project_scorecards::id)
        .select(Scorecard::as_select())
        .load(conn)
        .await
}

/// The cards of an application are seen by whoever sees the application.
pub async fn follow(conn: &mut Conn, initiation: ProjectInitiationId, to: Ownership) -> QueryResult<()> {
    let owner = (
        project_scorecards::owner_id.eq(to.owner_id),
        project_scorecards::team_id.eq(to.team_id),
        project_scorecards::department_id.eq(to.department_id),
    );
    let of_it = project_scorecards::table.filter(project_scorecards::project_initiation_id.eq(initiation));
    Steady(diesel::update(of_it).set(owner)).execute(conn).await.map(drop)
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ProjectScorecardQuery, sight: &Sight) -> QueryResult<Vec<Scorecard>> {
    let page = query.page();
    page!(Scorecard, project_scorecards, page, sight;
        case_id = page.case_id, project_initiation_id = query.project_initiation_id)
    .load(conn)
    .await
}
