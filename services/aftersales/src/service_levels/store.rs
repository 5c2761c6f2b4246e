//! The only SQL of service levels, which is reading them.
use crate::schema::{escalation_tiers, sla_policies};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::aftersales::{TicketKind, TicketSeverity};

/// What is promised for one kind and severity.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sla_policies)]
pub struct Policy {
    pub kind: TicketKind,
    pub severity: TicketSeverity,
    /// Working minutes.
    pub first_response_minutes: i32,
    pub resolution_working_days: i32,
}

/// Who has to see to it from so many loops on.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = escalation_tiers)]
pub struct Tier {
    pub tier: i32,
    pub role: String,
}

/// The policy for a kind and severity.
pub async fn policy(conn: &mut Conn, kind: TicketKind, severity: TicketSeverity) -> QueryResult<Option<Policy>> {
    sla_policies::table.find((kind, severity)).select(Policy::as_select()).first(conn).await.optional()
}

/// All policies.
pub async fn policies(conn: &mut Conn) -> QueryResult<Vec<Policy>> {
    sla_policies::table.order((sla_policies::kind, sla_policies::severity)).select(Policy::as_select()).load(conn).await
}

/// All tiers, the lowest first.
pub async fn tiers(conn: &mut Conn) -> QueryResult<Vec<Tier>> {
    escalation_tiers::table.order(escalation_tiers::tier).select(Tier::as_select()).load(conn).await
}
