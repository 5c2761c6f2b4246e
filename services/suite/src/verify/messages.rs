//! Messages: every fact leaves its outbox, reaches every handler that hears it, and has its effect once (ruling 33).
//! What the broker holds cannot be seen from here: a fact counts as lost when it was published longer ago than the grace and
//! stands in no inbox of a handler that was registered when it was told.
use super::{
    Check, Invariant, Query,
    session::{Found, Session},
};
use diesel::{QueryableByName, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;
use uuid::Uuid;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "outbox-drained",
        english: "no fact waits in an outbox for longer than the grace",
        chinese: "发件箱中没有超过宽限期仍未发布的事实",
        check: Check::Code(|session| drained(session).boxed()),
    },
    Invariant {
        id: "no-event-lost",
        english: "each published fact stands in the inbox of every handler that hears it, once the grace is over",
        chinese: "宽限期过后，每个已发布的事实均已进入所有订阅者的收件箱",
        check: Check::Code(|session| lost(session).boxed()),
    },
    Invariant {
        id: "no-message-stuck",
        english: "no message is parked for a person, and none waits in an inbox for longer than an hour",
        chinese: "没有搁置待人工处理的消息，也没有在收件箱中等待超过一小时的消息",
        check: Check::EachService(Query {
            rows: "SELECT count(*) FROM inbox",
            violations: "
                SELECT handler || ': ' || kind || ' ' || event_id || ' ' || status || ' since ' || arrived_at || coalesce(', ' || error, '') FROM inbox
                WHERE status = 'parked' OR status = 'waiting' AND arrived_at < now() - interval '1 hour'",
        }),
    },
    Invariant {
        id: "handled-once",
        english: "each handler has handled each fact in one transaction: what it wrote carries one moment",
        chinese: "每个处理程序对每个事实只处理一次：其全部写入属于同一时刻",
        check: Check::EachService(Query {
            rows: "SELECT count(DISTINCT (cause_id, actor)) FROM audit_log WHERE cause_id IS NOT NULL",
            violations: "
                SELECT actor || ' handled ' || cause_id || ' ' || count(DISTINCT at) || ' times: '
                    || string_agg(DISTINCT entity || ' ' || action, ', ')
                FROM audit_log WHERE cause_id IS NOT NULL GROUP BY cause_id, actor HAVING count(DISTINCT at) > 1",
        }),
    },
    Invariant {
        id: "no-event-doubled",
        english: "no two documents were born of the same fact",
        chinese: "同一事实不会产生两份单据",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(cause_event_id) FROM contracts.contracts) + (SELECT count(cause_event_id) FROM orders.orders)
                    + (SELECT count(cause_event_id) FROM procurement.holds) + (SELECT count(cause_event_id) FROM aftersales.revisits)
                    + (SELECT count(cause_event_id) FROM orders.shortages)",
            violations: "
                WITH born AS (
                    SELECT 'contract' AS kind, number, cause_event_id AS cause FROM contracts.contracts
                    UNION ALL SELECT 'order', number, cause_event_id FROM orders.orders
                    UNION ALL SELECT 'hold', number, cause_event_id FROM procurement.holds
                    UNION ALL SELECT 'revisit', number, cause_event_id FROM aftersales.revisits
                    UNION ALL SELECT 'shortage', number, cause_event_id FROM orders.shortages)
                SELECT kind || ' ' || string_agg(number, ', ' ORDER BY number) || ': all of fact ' || cause
                FROM born WHERE cause IS NOT NULL GROUP BY kind, cause HAVING count(*) > 1",
        }),
    },
];

/// `pair`: each fact told, with each handler that has heard its type since before, and what became of it there (`status`,
/// null where it has not arrived; `behind` where a parked one of its key must be helped first). Every schema knows who hears
/// what in the whole suite; one of them is asked.
fn pairs() -> String {
    let all = |each: fn(&str) -> String| {
        let parts: Vec<String> = crate::ALL.iter().map(|service| each(service.name)).collect();
        parts.join(" UNION ALL ")
    };
    let told = all(|service| {
        format!("SELECT '{service}' AS producer, id, kind, subject, at, published_at FROM {service}.outbox")
    });
    let arrived = all(|service| {
        format!(
            "SELECT '{service}' AS service, handler, event_id, CASE WHEN status = 'waiting' AND EXISTS (\
                 SELECT FROM {service}.inbox p WHERE p.handler = i.handler AND p.partition_key = i.partition_key \
                 AND p.status = 'parked' AND p.arrival < i.arrival) THEN 'behind' ELSE status END AS status FROM {service}.inbox i"
        )
    });
    let anywhere = crate::ALL[0].name;
    format!(
        "told AS ({told}), arrived AS ({arrived}), \
         pair AS (SELECT t.*, h.service, h.handler, a.status FROM told t JOIN {anywhere}.heard h ON h.kind = t.kind AND h.since <= t.at \
         LEFT JOIN arrived a ON a.service = h.service AND a.handler = h.handler AND a.event_id = t.id)"
    )
}

/// What documents the facts on their way are about: not published, published within the grace and not arrived, or waiting
/// in an inbox. Parked ones and those behind them are not on their way: a person must help first.
pub(super) async fn in_flight(session: &mut Session) -> anyhow::Result<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Subject {
        #[diesel(sql_type = SqlUuid)]
        subject: Uuid,
    }
    let statement = format!(
        "WITH {} SELECT DISTINCT subject FROM pair WHERE status = 'waiting' \
         OR status IS NULL AND (published_at IS NULL OR published_at > now() - {})",
        pairs(),
        grace(session)
    );
    let rows: Vec<Subject> = diesel::sql_query(statement).load(session.conn()).await?;
    Ok(rows.into_iter().map(|row| row.subject).collect())
}

fn grace(session: &Session) -> String {
    format!("interval '{} seconds'", session.grace.as_secs())
}

async fn drained(session: &mut Session) -> anyhow::Result<Found> {
    let mut all = Found::default();
    for service in crate::ALL {
        let (name, grace) = (service.name, grace(session));
        let stuck = format!(
            "SELECT kind || ' ' || id || ': told ' || at FROM {name}.outbox WHERE published_at IS NULL AND at < now() - {grace}"
        );
        all.add(name, session.find(&format!("SELECT count(*) FROM {name}.outbox"), &stuck).await?);
    }
    Ok(all)
}

async fn lost(session: &mut Session) -> anyhow::Result<Found> {
    let (pairs, grace) = (pairs(), grace(session));
    let missing = format!(
        "WITH {pairs} SELECT producer || ': ' || kind || ' ' || id || ' never reached ' || service || ' ' || handler FROM pair \
         WHERE status IS NULL AND published_at <= now() - {grace}"
    );
    session.find(&format!("WITH {pairs} SELECT count(*) FROM pair"), &missing).await
}
