//! The only SQL of handovers in a service.
use crate::{
    Conn, Result,
    schema::{handover_moves, handover_tasks},
};
use diesel::{
    prelude::*,
    sql_types::{Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::{
    Moment, Ownership,
    crm::HandoverActivated,
    handover::{HandoverId, HandoverMoveId, HandoverMoveQuery, HandoverOutcome as Outcome},
};

/// How far a handover is here.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = handover_tasks, treat_none_as_default_value = false)]
pub struct Task {
    pub id: HandoverId,
    pub number: String,
    pub from_user: String,
    pub to_user: String,
    pub to_team: Option<String>,
    pub to_department: Option<String>,
    pub scopes: Vec<String>,
    pub status: String,
    /// The kind at which it stands, and the last document of it that was looked at.
    pub cursor_kind: Option<String>,
    pub cursor_id: Option<Uuid>,
    pub version: i32,
}
impl Task {
    pub fn of(event: HandoverActivated) -> Self {
        let HandoverActivated { handover_id, number, from, to, scopes } = event;
        Self {
            id: handover_id,
            number,
            from_user: from,
            to_user: to.reference,
            to_team: to.team,
            to_department: to.department,
            scopes: scopes.iter().map(ToString::to_string).collect(),
            status: "moving".into(),
            cursor_kind: None,
            cursor_id: None,
            version: 1,
        }
    }
    /// Whose the documents are while the leaver is away.
    pub fn deputy(&self) -> Ownership {
        Ownership {
            owner_id: Some(self.to_user.clone()),
            team_id: self.to_team.clone(),
            department_id: self.to_department.clone(),
        }
    }
}

/// One document that was moved; where its owner had it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = handover_moves, treat_none_as_default_value = false)]
pub struct Move {
    pub id: HandoverMoveId,
    pub handover_id: HandoverId,
    pub entity: String,
    pub entity_id: Uuid,
    pub outcome: Outcome,
    pub from_team: Option<String>,
    pub from_department: Option<String>,
    pub moved_at: Moment,
    pub returned_at: Option<Moment>,
}
impl Move {
    /// `before`: whose it was.
    pub fn of(
        id: HandoverMoveId,
        task: &Task,
        (kind, entity_id): (&str, Uuid),
        before: Ownership,
        outcome: Outcome,
        at: Moment,
    ) -> Self {
        Self {
            id,
            handover_id: task.id,
            entity: kind.to_owned(),
            entity_id,
            outcome,
            from_team: before.team_id,
            from_department: before.department_id,
            moved_at: at,
            returned_at: None,
        }
    }
    /// Whose it was.
    pub fn owner(&self, task: &Task) -> Ownership {
        Ownership {
            owner_id: Some(task.from_user.clone()),
            team_id: self.from_team.clone(),
            department_id: self.from_department.clone(),
        }
    }
}

/// Notes a handover; told twice it is noted once.
pub async fn begin(conn: &mut Conn, task: &Task) -> QueryResult<()> {
    diesel::insert_into(handover_tasks::table).values(task).on_conflict_do_nothing().execute(conn).await.map(drop)
}

/// What was moved goes back.
pub async fn revert(conn: &mut Conn, id: HandoverId) -> QueryResult<()> {
    let out = handover_tasks::table.find(id).filter(handover_tasks::status.eq_any(["moving", "moved"]));
    diesel::update(out).set(handover_tasks::status.eq("returning")).execute(conn).await.map(drop)
}

/// The oldest that is not done, locked.
pub async fn unfinished(conn: &mut Conn) -> QueryResult<Option<Task>> {
    let unfinished =
        handover_tasks::table.filter(handover_tasks::status.eq("moving").or(handover_tasks::status.eq("returning")));
    unfinished.order(handover_tasks::id).limit(1).select(Task::as_select()).for_update().first(conn).await.optional()
}

/// Where it stands now.
pub async fn advance(conn: &mut Conn, task: &Task) -> Result<()> {
    let place = (handover_tasks::cursor_kind.eq(&task.cursor_kind), handover_tasks::cursor_id.eq(task.cursor_id));
    diesel::update(handover_tasks::table.find(task.id)).set(place).execute(conn).await?;
    Ok(())
}

/// It is done, or given back.
pub async fn settle(conn: &mut Conn, task: &Task, status: &str) -> Result<()> {
    diesel::update(handover_tasks::table.find(task.id)).set(handover_tasks::status.eq(status)).execute(conn).await?;
    Ok(())
}

/// Remembers a document that was moved, or could not be.
pub async fn remember(conn: &mut Conn, moved: &Move) -> QueryResult<()> {
    diesel::insert_into(handover_moves::table).values(moved).on_conflict_do_nothing().execute(conn).await.map(drop)
}

/// Those that are with the deputy as far as is known.
pub async fn out(conn: &mut Conn, id: HandoverId, limit: usize) -> QueryResult<Vec<Move>> {
    handover_moves::table
        .filter(handover_moves::handover_id.eq(id).and(handover_moves::outcome.eq("moved")))
        .order(handover_moves::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(Move::as_select())
        .load(conn)
        .await
}

/// What became of one in the end.
pub async fn returned(conn: &mut Conn, id: HandoverMoveId, outcome: Outcome, at: Moment) -> QueryResult<()> {
    let end = (handover_moves::outcome.eq(outcome), handover_moves::returned_at.eq(at));
    diesel::update(handover_moves::table.find(id)).set(end).execute(conn).await.map(drop)
}

/// Files and questions that wait for an answer are seen by whoever sees their document; what was decided stays with whom it was.
pub async fn follow(conn: &mut Conn, entity_id: Uuid, to: &Ownership) -> QueryResult<()> {
    diesel::sql_query(
        "WITH files AS (UPDATE attachments SET owner_id = $2, team_id = $3, department_id = $4 WHERE entity_id = $1) \
         UPDATE approvals SET owner_id = $2, team_id = $3, department_id = $4 WHERE subject_id = $1 AND status = 'pending'",
    )
    .bind::<SqlUuid, _>(entity_id)
    .bind::<Nullable<Text>, _>(&to.owner_id)
    .bind::<Nullable<Text>, _>(&to.team_id)
    .bind::<Nullable<Text>, _>(&to.department_id)
    .execute(conn)
    .await
    .map(drop)
}

/// A page of what was moved, newest first.
pub async fn list(conn: &mut Conn, query: &HandoverMoveQuery) -> QueryResult<Vec<Move>> {
    let page = query.page();
    crate::page!(Move, handover_moves, page, all; handover_id = query.handover_id, entity_id = query.entity_id, outcome = query.outcome)
        .load(conn)
        .await
}
