//! The SQL of approvals.
use super::{
    Approval,
    rules::Step,
    stands::{Stand, person_of},
    tiers::{Tier, Tiers},
};
use crate::{
    Caller, Conn, Result, Sight, Steady, Store,
    auth::Role,
    replica,
    schema::{approval_policies, approvals},
    scoped,
};
use diesel::{
    BoxableExpression,
    dsl::sql,
    pg::Pg,
    prelude::*,
    sql_types::{Array, Bool, Text},
};
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;
use wire::{Moment, Ownership, PageQuery, approval::ApprovalId, crm::UserSnapshot, json::Kept};

impl Store for Approval {
    async fn lock(conn: &mut Conn, id: ApprovalId) -> QueryResult<Option<Self>> {
        approvals::table.find(Uuid::from(id)).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(approvals::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = approvals::table.filter(approvals::id.eq(self.id)).filter(approvals::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

pub(super) async fn find(conn: &mut Conn, id: Uuid) -> QueryResult<Option<Approval>> {
    approvals::table.find(id).select(Approval::as_select()).first(conn).await.optional()
}

/// Whose approvals a list shows.
pub(super) enum Shown<'a> {
    /// Those that the caller may see.
    Seen(&'a Sight),
    /// Those that the caller may decide now, in one of these standings.
    Tray(&'a [Stand]),
}

/// Newest first; `subject` narrows to one document.
pub(super) async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    subject: Option<Uuid>,
    shown: Shown<'_>,
) -> QueryResult<Vec<Approval>> {
    let mut query =
        approvals::table.select(Approval::as_select()).order(approvals::id.desc()).limit(page.fetch()).into_boxed();
    match shown {
        Shown::Seen(sight) => query = scoped!(query, approvals, sight),
        Shown::Tray(stands) => {
            for stand in stands {
                query = query.or_filter(decidable(stand));
            }
        }
    }
    if let Some(after) = page.after {
        query = query.filter(approvals::id.lt(after));
    }
    if let Some(case) = page.case_id {
        query = query.filter(approvals::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(approvals::status.eq(status.clone()));
    }
    if let Some(subject) = subject {
        query = query.filter(approvals::subject_id.eq(subject));
    }
    query.load(conn).await
}

/// The same condition as `rules::may_speak` and an open seat, within the standing's reach.
fn decidable(stand: &Stand) -> Box<dyn BoxableExpression<approvals::table, Pg, SqlType = Bool>> {
    let roles: Vec<String> = stand.roles.iter().map(|role| role.as_str().to_owned()).collect();
    let people = vec![stand.user.clone(), stand.principal().to_owned()];
    let (scope, value) = match &stand.sight {
        Sight::All => ("all", String::new()),
        Sight::Department(department) => ("department", department.clone()),
        Sight::Team(team) => ("team", team.clone()),
        Sight::Own(user) => ("own", user.clone()),
    };
    let condition = sql::<Bool>("(open_roles && ")
        .bind::<Array<Text>, _>(roles)
        .sql(" AND maker <> ALL (")
        .bind::<Array<Text>, _>(people.clone())
        .sql(") AND (cardinality(")
        .bind::<Array<Text>, _>(stand.policy_keys.clone())
        .sql(") = 0 OR policy_key = ANY (")
        .bind::<Array<Text>, _>(stand.policy_keys.clone())
        .sql(")) AND coalesce(CASE ")
        .bind::<Text, _>(scope)
        .sql(" WHEN 'all' THEN '' WHEN 'department' THEN department_id WHEN 'team' THEN team_id ELSE owner_id END = ")
        .bind::<Text, _>(value)
        .sql(
            ", FALSE) AND NOT EXISTS (SELECT FROM jsonb_array_elements(votes) AS vote \
             WHERE (vote -> 'step' = to_jsonb(current_step) AND (vote ->> 'approver' = ANY (",
        )
        .bind::<Array<Text>, _>(people.clone())
        .sql(") OR vote ->> 'on_behalf_of' = ANY (")
        .bind::<Array<Text>, _>(people)
        .sql("))) OR (vote ->> 'approver' = ")
        .bind::<Text, _>(stand.user.clone())
        .sql(" AND coalesce(vote ->> 'on_behalf_of', vote ->> 'approver') <> ")
        .bind::<Text, _>(stand.principal().to_owned())
        .sql(")))");
    Box::new(condition)
}

/// A version's number, steps, tiers, and whether tiers add up.
type Version = (i32, Kept<Vec<Step>>, Kept<Vec<Tier>>, bool);

/// The version that holds at an instant: the newest that has come into effect.
pub(super) async fn policy_in_force(conn: &mut Conn, key: &str, at: Moment) -> QueryResult<Option<(i32, Tiers)>> {
    let newest: Option<Version> = approval_policies::table
        .filter(approval_policies::key.eq(key))
        .filter(approval_policies::effective_from.le(at))
        .order(approval_policies::version.desc())
        .select((
            approval_policies::version,
            approval_policies::steps,
            approval_policies::tiers,
            approval_policies::cumulative,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(newest.map(|(version, steps, tiers, cumulative)| (version, Tiers::read(steps.0, tiers.0, cumulative))))
}

/// The last question about a document, if there was one: its id and round.
pub(super) async fn last_of(conn: &mut Conn, entity: &str, subject: Uuid) -> QueryResult<Option<(ApprovalId, i32)>> {
    approvals::table
        .filter(approvals::entity.eq(entity))
        .filter(approvals::subject_id.eq(subject))
        .order(approvals::id.desc())
        .select((approvals::id, approvals::round))
        .first(conn)
        .await
        .optional()
}

/// The question about a document that still waits, locked at once or not at all: whoever votes on it holds it already and
/// waits for the document, which whoever withdraws holds.
pub(super) async fn pending_of(conn: &mut Conn, entity: &str, subject: Uuid) -> QueryResult<Option<ApprovalId>> {
    approvals::table
        .filter(approvals::entity.eq(entity))
        .filter(approvals::subject_id.eq(subject))
        .filter(approvals::status.eq("pending"))
        .select(approvals::id)
        .for_update()
        .no_wait()
        .first(conn)
        .await
        .optional()
}

/// The newest questions that were asked by a policy.
pub(super) async fn asked_by(conn: &mut Conn, key: &str, most: i64) -> QueryResult<Vec<Approval>> {
    approvals::table
        .filter(approvals::policy_key.eq(key))
        .order(approvals::id.desc())
        .limit(most)
        .select(Approval::as_select())
        .load(conn)
        .await
}

/// Everybody active.
pub(super) async fn directory(conn: &mut Conn, service: &'static str) -> Result<Vec<Caller>> {
    let active = replica::all_with::<UserSnapshot>(conn, json!({"active": true})).await?;
    Ok(active.into_iter().map(|user| person_of(service, user)).collect())
}

/// Those whose `permission` reaches a document of this ownership, with the roles they hold.
pub(super) fn reaching(directory: &[Caller], permission: &str, document: &Ownership) -> Vec<(String, Vec<Role>)> {
    let reached = |person: &&Caller| person.sight(permission).is_some_and(|sight| sight.sees(Some(document)));
    directory.iter().filter(reached).map(|person| (person.user.clone(), person.roles.clone())).collect()
}

/// The policies that there are.
pub(super) async fn policy_keys(conn: &mut Conn) -> QueryResult<Vec<String>> {
    approval_policies::table.select(approval_policies::key).distinct().load(conn).await
}
