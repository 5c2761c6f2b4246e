//! The SQL of approvals.
use super::rules::{Step, Vote};
use crate::{
    Conn, Store,
    auth::Role,
    schema::{approval_policies, approvals, people},
};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    prelude::*,
    serialize::{self, Output, ToSql},
    sql_types::Jsonb,
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;
use wire::{CaseId, Moment, PageQuery, approval::{ApprovalId, ApprovalStatus}};

macro_rules! jsonb {
    ($name:ident($of:ty)) => {
        /// Kept as JSON: frozen, and only ever read whole.
        #[derive(Debug, Clone, Serialize, FromSqlRow, AsExpression)]
        #[diesel(sql_type = Jsonb)]
        #[serde(transparent)]
        pub struct $name(pub Vec<$of>);
        impl FromSql<Jsonb, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(serde_json::from_value(<serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value)?)?))
            }
        }
        impl ToSql<Jsonb, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let value = serde_json::to_value(&self.0)?;
                <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
            }
        }
    };
}
jsonb!(Steps(Step));
jsonb!(Votes(Vote));

/// One question about one document.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = approvals, treat_none_as_null = true)]
pub struct Approval {
    pub id: ApprovalId,
    pub entity: String,
    pub subject_id: Uuid,
    pub subject_number: String,
    pub policy_key: String,
    pub policy_version: i32,
    pub steps: Steps,
    pub votes: Votes,
    pub current_step: i32,
    pub maker: String,
    pub status: ApprovalStatus,
    pub asked_at: Moment,
    pub decided_at: Option<Moment>,
    pub case_id: Option<CaseId>,
    pub version: i32,
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

/// Newest first; `subject` narrows to one document.
pub(super) async fn list(conn: &mut Conn, page: &PageQuery, subject: Option<Uuid>) -> QueryResult<Vec<Approval>> {
    let mut query = approvals::table.select(Approval::as_select()).order(approvals::id.desc()).limit(page.fetch()).into_boxed();
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


pub(super) async fn policy_in_force(conn: &mut Conn, key: &str, at: Moment) -> QueryResult<Option<(i32, Vec<Step>)>> {
    let newest: Option<(i32, Steps)> = approval_policies::table
        .filter(approval_policies::key.eq(key))
        .filter(approval_policies::effective_from.le(at))
        .order(approval_policies::version.desc())
        .select((approval_policies::version, approval_policies::steps))
        .first(conn)
        .await
        .optional()?;
    Ok(newest.map(|(version, steps)| (version, steps.0)))
}

/// Everybody active, with the roles they hold.
pub(super) async fn people(conn: &mut Conn) -> QueryResult<Vec<(String, Vec<Role>)>> {
    let rows: Vec<(String, Vec<String>)> = people::table.filter(people::active).select((people::id, people::roles)).load(conn).await?;
    Ok(rows.into_iter().map(|(id, roles)| (id, roles.iter().filter_map(|role| role.parse().ok()).collect())).collect())
}
