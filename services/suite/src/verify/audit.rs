//! The audit log is complete (PLT-24): a line for every version of every row, in order, along the machines'
//! transitions, and nobody has touched what is sealed. Tables are found by themselves: whatever has `id` and `version`.
use super::{
    Check, Invariant, Query,
    session::{Found, Session},
};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;
use platform::{MachineInfo, Service, approvals::MACHINES, audit};

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "audit-without-gap",
        english: "the audit log has each version of each row once, from 1 on, in order",
        chinese: "审计日志中每行数据的版本从 1 起连续、有序、不重复",
        check: Check::EachService(Query {
            // What is decided about a parked message has no versions. Rows that a migration brought begin without a line. A
            // policy's version is a row of its own, and the rules of numbers all came with a migration.
            rows: "SELECT count(*) FROM audit_log WHERE entity <> 'parked'",
            violations: "
                WITH lines AS (
                    SELECT entity, entity_id, version, lag(version) OVER (PARTITION BY entity, entity_id ORDER BY seq) AS before
                    FROM audit_log WHERE entity <> 'parked')
                SELECT entity || ' ' || entity_id || ': version ' || version || ' after ' || coalesce(before::text, 'none')
                FROM lines WHERE version <> coalesce(before, 0) + 1
                    AND NOT (before IS NULL AND version = 2 AND (entity = 'numbering' OR entity_id::text LIKE '%-7000-8000-%'))
                    AND NOT (before IS NULL AND entity = 'policy')",
        }),
    },
    Invariant {
        id: "audit-matches-rows",
        english: "each row is what its last line in the audit log says, and no row of the log is gone",
        chinese: "每行数据与其最后一条审计记录一致，且有记录的数据均未丢失",
        check: Check::Code(|session| matches_rows(session).boxed()),
    },
    Invariant {
        id: "states-along-machines",
        english: "every change of state in the audit log is one that the state machine knows",
        chinese: "审计日志中的每次状态变更均符合状态机",
        check: Check::Code(|session| along_machines(session).boxed()),
    },
    Invariant {
        id: "audit-seals-hold",
        english: "the hash chain over the audit log verifies, and reaches up to ten minutes before its newest line",
        chinese: "审计日志的哈希链校验无误，且覆盖至最新记录前十分钟",
        check: Check::Code(|session| seals_hold(session).boxed()),
    },
];

/// Rows that a migration brought and nobody has changed since: they have no line.
fn seeded(table: &str) -> &'static str {
    match table {
        "approval_policies" => "t.published_by NOT LIKE 'user:%'",
        "number_rules" => "t.version = 1",
        // The random part of an id that a migration wrote is zero, so that such rows are told from those that people made.
        _ => "t.version = 1 AND t.id::text LIKE '%-7000-8000-%'",
    }
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    /// Its state is a column, too.
    #[diesel(sql_type = Bool)]
    has_status: bool,
}

async fn matches_rows(session: &mut Session) -> anyhow::Result<Found> {
    let mut all = Found::default();
    for service in crate::ALL {
        let schema = service.name;
        let tables: Vec<Table> = diesel::sql_query(
            "SELECT table_name::text AS name, bool_or(column_name = 'status') AS has_status FROM information_schema.columns \
             WHERE table_schema = $1 GROUP BY table_name \
             HAVING bool_or(column_name = 'id' AND data_type = 'uuid') AND bool_or(column_name = 'version' AND data_type = 'integer') ORDER BY 1",
        )
        .bind::<Text, _>(schema)
        .load(session.conn())
        .await?;
        session.enter(schema).await?;
        for Table { name, has_status } in &tables {
            let (shown, changed) =
                if *has_status { (" || ' ' || t.status", " OR a.status IS DISTINCT FROM t.status") } else { ("", "") };
            let differs = format!(
                "SELECT t.id || ': version ' || t.version{shown} || ', audited ' || coalesce(a.version || ' ' || a.status, 'never') FROM {name} t \
                 LEFT JOIN LATERAL (SELECT version, status FROM audit_log WHERE entity_id = t.id ORDER BY seq DESC LIMIT 1) a ON TRUE \
                 WHERE (a.version IS DISTINCT FROM t.version{changed}) AND NOT (a.version IS NULL AND {})",
                seeded(name)
            );
            all.add(
                &format!("{schema}.{name}"),
                session.find(&format!("SELECT count(*) FROM {name}"), &differs).await?,
            );
        }
        let ids: Vec<String> = tables.iter().map(|table| format!("SELECT id FROM {}", table.name)).collect();
        let gone = format!(
            "SELECT DISTINCT entity || ' ' || entity_id || ' is gone' FROM audit_log WHERE entity <> 'parked' AND entity_id NOT IN ({})",
            ids.join(" UNION ALL ")
        );
        all.add(schema, session.find("SELECT 0", &gone).await?);
    }
    Ok(all)
}

/// How often something happened, from which state to which.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    entity: String,
    #[diesel(sql_type = Text)]
    action: String,
    /// None: it began with it.
    #[diesel(sql_type = Nullable<Text>)]
    before: Option<String>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    times: i64,
    #[diesel(sql_type = Text)]
    example: String,
}

async fn along_machines(session: &mut Session) -> anyhow::Result<Found> {
    let mut all = Found::default();
    for service in crate::ALL {
        session.enter(service.name).await?;
        let steps: Vec<Step> = diesel::sql_query(
            "SELECT entity, action, before, status, count(*) AS times, min(entity_id::text) AS example FROM \
             (SELECT entity, entity_id, action, status, lag(status) OVER (PARTITION BY entity, entity_id ORDER BY seq) AS before \
              FROM audit_log WHERE entity <> 'parked') AS lines GROUP BY entity, action, before, status",
        )
        .load(session.conn())
        .await?;
        let mut found = Found::default();
        for step in steps {
            found.rows += step.times;
            if !is_known(service, &step) {
                let Step { entity, action, before, status, times, example } = step;
                let before = before.unwrap_or_else(|| "nothing".to_owned());
                found.violation(format!("{entity} {example}: {action} from {before} to {status}, {times} times"));
                found.violations += times - 1;
            }
        }
        all.add(service.name, found);
    }
    Ok(all)
}

/// Nothing is created at an end that a transition leads to (an import may bring what is over); an action that is no transition
/// leaves the state as it is.
fn is_known(service: &Service, step: &Step) -> bool {
    let Some(machine) = machine(service, &step.entity) else { return true };
    let status = step.status.as_str();
    if !machine.labels.iter().any(|(state, ..)| *state == status) {
        return false;
    }
    let Some(before) = &step.before else {
        let leads_on = machine.transitions.iter().any(|t| t.from.contains(&status));
        let led_to = machine.transitions.iter().any(|t| t.to.contains(&status));
        return step.action != "create" || leads_on || !led_to;
    };
    let mut named = machine.transitions.iter().filter(|transition| transition.action == step.action).peekable();
    match named.peek() {
        None => *before == step.status,
        Some(_) => named.any(|t| t.from.contains(&before.as_str()) && t.to.contains(&step.status.as_str())),
    }
}

fn machine(service: &Service, entity: &str) -> Option<MachineInfo> {
    service.machines.iter().chain(MACHINES).copied().find(|machine| machine.entity == entity)
}

/// Lines are sealed within three minutes. Measured by the log's own clock, so that a suite that was stopped, or a backup of it,
/// is not accused of the seals that it had no time for; where that clock ran ahead, by the database's.
const UNSEALED: &str = "
    WITH bare AS (
        SELECT seq FROM audit_log
        WHERE seq > coalesce((SELECT max(to_seq) FROM audit_seals), 0)
            AND at < least((SELECT max(at) FROM audit_log), clock_timestamp()) - interval '10 minutes')
    SELECT 'lines ' || min(seq) || ' to ' || max(seq) || ' are not sealed' FROM bare HAVING count(*) > 0";

async fn seals_hold(session: &mut Session) -> anyhow::Result<Found> {
    let mut all = Found::default();
    for service in crate::ALL {
        session.enter(service.name).await?;
        let sealed = "SELECT count(*) FROM audit_log WHERE seq <= (SELECT max(to_seq) FROM audit_seals)";
        let mut found = session.find(sealed, UNSEALED).await?;
        if let Some((from, to)) = audit::broken_seal(session.conn()).await? {
            found.violation(format!("lines {from} to {to} are not what was sealed"));
        }
        all.add(service.name, found);
    }
    Ok(all)
}
