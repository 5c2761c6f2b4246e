//! The only SQL of assignments.
use super::domain::Assignment;
use crate::{
    action_items::domain::ActionItem, negotiation_rounds::domain::NegotiationRound,
    opportunity_members::domain::OpportunityMember, project_initiations::domain::ProjectInitiation,
    questions::domain::Question, requirement_items::domain::RequirementItem,
    requirement_surveys::domain::RequirementSurvey, schema::assignments,
};
use diesel::{
    prelude::*,
    sql_types::{Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, handover::Handed, page};
use uuid::Uuid;
use wire::crm::{AssignmentId, AssignmentQuery, OpportunityId};

platform::store!(Assignment, assignments);

/// The one of a target that waits for an answer.
pub async fn unanswered(conn: &mut Conn, target: Uuid) -> QueryResult<Option<AssignmentId>> {
    let waiting = assignments::table.filter(assignments::target_id.eq(target).and(assignments::status.eq("assigned")));
    waiting.select(assignments::id).first(conn).await.optional()
}

#[derive(QueryableByName)]
struct Hanging {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// What hangs on an opportunity and is not done: kind and id, in the order in which it is locked. Of the actions about it those of
/// `owner`.
pub async fn hanging(
    conn: &mut Conn,
    opportunity: OpportunityId,
    owner: Option<&str>,
) -> QueryResult<Vec<(String, Uuid)>> {
    let of_it = [
        not_done::<NegotiationRound>("negotiation_rounds"),
        not_done::<OpportunityMember>("opportunity_members"),
        not_done::<ProjectInitiation>("project_initiations"),
        not_done::<Question>("questions"),
        not_done::<RequirementItem>("requirement_items"),
        not_done::<RequirementSurvey>("requirement_surveys"),
    ];
    let of_it: Vec<String> = of_it.iter().map(|rows| format!("{rows} AND opportunity_id = $1 UNION ALL ")).collect();
    let about_it = not_done::<ActionItem>("action_items");
    let query = format!(
        "SELECT kind, id FROM ({}{about_it} AND link_kind = 'opportunity' AND link_id = $1 AND owner_id = $2) rows ORDER BY kind, id",
        of_it.concat()
    );
    let query = diesel::sql_query(query).bind::<SqlUuid, _>(opportunity).bind::<Nullable<Text>, _>(owner);
    let found: Vec<Hanging> = query.load(conn).await?;
    Ok(found.into_iter().map(|row| (row.kind, row.id)).collect())
}

/// Rows on which somebody still works.
fn not_done<T: Handed>(table: &str) -> String {
    format!("SELECT '{}' AS kind, id FROM {table} WHERE status NOT IN ('{}')", T::KIND, T::CLOSED.join("', '"))
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AssignmentQuery, sight: &Sight) -> QueryResult<Vec<Assignment>> {
    let page = query.page();
    page!(Assignment, assignments, page, sight; case_id = page.case_id, status = page.status, target_id = query.target_id)
        .load(conn)
        .await
}
