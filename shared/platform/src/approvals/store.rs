//! The SQL of approvals.
use super::{
    rules::{Step, Vote},
    tiers::{Tier, Tiers},
};
use crate::{
    Caller, Conn, Language, Result, Sight, Store,
    auth::Role,
    replica,
    schema::{approval_policies, approvals},
    scoped,
};
use diesel::{
    dsl::{not, sql},
    prelude::*,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Moment, Ownership, PageQuery,
    approval::{ApprovalId, ApprovalStatus},
    crm::UserSnapshot,
    json::Kept,
};

/// One question about one document.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = approvals, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Approval {
    pub id: ApprovalId,
    pub entity: String,
    pub subject_id: Uuid,
    pub subject_number: String,
    pub policy_key: String,
    pub policy_version: i32,
    pub steps: Kept<Vec<Step>>,
    pub votes: Kept<Vec<Vote>>,
    pub current_step: i32,
    /// The roles that the current step still asks for; none once it is decided.
    pub open_roles: Vec<String>,
    pub maker: String,
    pub status: ApprovalStatus,
    pub asked_at: Moment,
    pub decided_at: Option<Moment>,
    pub case_id: Option<CaseId>,
    /// Whose the document is: they see its approval.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
    /// Tax included.
    pub amount: Option<Amount>,
    /// Index of the tier that decides.
    pub tier: i32,
    /// The question about the same document before this one (PLT-03).
    pub previous_id: Option<ApprovalId>,
    pub round: i32,
}

impl Store for Approval {
    async fn lock(conn: &mut Conn, id: ApprovalId) -> QueryResult<Option<Self>> {
        approvals::table.find(Uuid::from(id)).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(approvals::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = approvals::table.filter(approvals::id.eq(self.id)).filter(approvals::version.eq(self.version - 1));
        diesel::update(stored).set(self).execute(conn).await
    }
}

pub(super) async fn find(conn: &mut Conn, id: Uuid) -> QueryResult<Option<Approval>> {
    approvals::table.find(id).select(Approval::as_select()).first(conn).await.optional()
}

/// Newest first, of what `sight` opens; `subject` narrows to one document, `tray` to what this caller may decide now.
pub(super) async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    subject: Option<Uuid>,
    sight: &Sight,
    tray: Option<&Caller>,
) -> QueryResult<Vec<Approval>> {
    let mut query =
        approvals::table.select(Approval::as_select()).order(approvals::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, approvals, sight);
    if let Some(caller) = tray {
        let roles: Vec<&str> = caller.roles.iter().map(|role| role.as_str()).collect();
        let heard = sql::<Bool>("votes @> jsonb_build_array(jsonb_build_object('step', current_step, 'approver', ")
            .bind::<Text, _>(caller.user.clone())
            .sql("::text))");
        query = query
            .filter(approvals::open_roles.overlaps_with(roles))
            .filter(approvals::maker.ne(caller.user.clone()))
            .filter(not(heard));
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

/// `(version, steps, tiers, cumulative)`, as they are stored.
type Stored = (i32, Kept<Vec<Step>>, Kept<Vec<Tier>>, bool);

/// The version that holds at an instant: the newest that has come into effect.
pub(super) async fn policy_in_force(conn: &mut Conn, key: &str, at: Moment) -> QueryResult<Option<(i32, Tiers)>> {
    let newest: Option<Stored> = approval_policies::table
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
    Ok(newest.map(|(version, steps, tiers, cumulative)| (version, read(steps.0, tiers.0, cumulative))))
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

/// A version has steps for every amount, or tiers.
fn read(steps: Vec<Step>, tiers: Vec<Tier>, cumulative: bool) -> Tiers {
    if tiers.is_empty() { Tiers::flat(steps) } else { Tiers { tiers, cumulative } }
}

/// Everybody active whose `permission` reaches a document of this ownership, with the roles they hold.
pub(super) async fn people(
    conn: &mut Conn,
    service: &'static str,
    permission: &str,
    document: &Ownership,
) -> Result<Vec<(String, Vec<Role>)>> {
    let active = replica::all::<UserSnapshot>(conn).await?.into_iter().filter(|user| user.active);
    let people = active.map(|user| Caller {
        service,
        user: user.reference,
        roles: user.roles.iter().filter_map(|role| role.parse().ok()).collect(),
        department: user.department,
        team: user.team,
        language: Language::default(),
    });
    let reached = people.filter(|person| person.sight(permission).is_some_and(|sight| sight.sees(Some(document))));
    Ok(reached.map(|person| (person.user, person.roles)).collect())
}
