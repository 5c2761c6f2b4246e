//! The only SQL of ladders.
use super::domain::EscalationLadder;
use crate::schema::escalation_ladders;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::crm::LadderKind;

platform::store!(EscalationLadder, escalation_ladders);

/// The ladder of a kind: each has one from the first migration on.
pub async fn of_kind(conn: &mut Conn, kind: LadderKind) -> QueryResult<EscalationLadder> {
    let ladder = escalation_ladders::table.filter(escalation_ladders::kind.eq(kind));
    ladder.select(EscalationLadder::as_select()).first(conn).await
}

/// All of them.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<EscalationLadder>> {
    escalation_ladders::table.order(escalation_ladders::id).select(EscalationLadder::as_select()).load(conn).await
}
