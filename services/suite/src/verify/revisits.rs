//! After the delivery: one call a shipment, within three working days of the China calendar, and nothing that a customer
//! complains of is forgotten (D-11, D-12, SVC-12, 14).
use super::{
    Check, Invariant, Query,
    session::{Found, Session},
};
use diesel::{
    QueryableByName,
    sql_types::{Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use futures_util::{FutureExt, TryStreamExt};
use platform::calendar::Calendar;
use wire::Moment;

/// Closing of the third working day after the delivery (ruling 8).
const DUE_WORKING_DAYS: u32 = 3;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "delivery-has-one-revisit",
        english: "each delivered shipment has exactly one revisit, and each revisit its delivery",
        chinese: "每个已签收的发货单有且仅有一次回访，每次回访都有其签收",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.shipments WHERE status = 'delivered'",
            violations: "
                WITH calls AS (SELECT shipment_id AS id, min(number) AS number, count(*) AS revisits, min(delivered_at) AS delivered_at FROM aftersales.revisits GROUP BY 1),
                delivered AS (SELECT id, number, delivered_at FROM orders.shipments WHERE status = 'delivered')
                SELECT coalesce('shipment ' || d.number, 'revisit ' || c.number || ' of no delivery') || ': ' || coalesce(c.revisits, 0) || ' revisits'
                FROM delivered d FULL JOIN calls c USING (id)
                WHERE (coalesce(c.revisits, 0) <> 1 OR d.delivered_at IS DISTINCT FROM c.delivered_at) AND id NOT IN (SELECT subject FROM in_flight)",
        }),
    },
    Invariant {
        id: "revisit-due-in-time",
        english: "a revisit that nobody has put off is due at the close of the third working day after the delivery",
        chinese: "未改期的回访应于签收后第三个工作日下班前到期",
        check: Check::Code(|session| due_in_time(session).boxed()),
    },
    Invariant {
        id: "survey-answers-whole",
        english: "an answered survey has all its answers, and their mean",
        chinese: "已答复的问卷答案齐全，均分无误",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM aftersales.surveys WHERE status = 'answered'",
            violations: "
                SELECT s.number || ': ' || count(a.question) || ' of ' || jsonb_array_length(s.questions) || ' answers, mean ' || s.mean
                FROM aftersales.surveys s LEFT JOIN aftersales.survey_answers a ON a.survey_id = s.id
                WHERE s.status = 'answered' GROUP BY s.id
                HAVING count(a.question) <> jsonb_array_length(s.questions) OR s.mean IS DISTINCT FROM round(avg(a.score), 2)",
        }),
    },
    Invariant {
        id: "trouble-has-a-ticket",
        english: "each answered survey with a score of 2 or less, or with trouble told of, has its ticket",
        chinese: "评分不高于 2 分或反映问题的问卷均已生成工单",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM aftersales.surveys WHERE status = 'answered'",
            violations: "
                SELECT s.number FROM aftersales.surveys s
                WHERE s.status = 'answered' AND NOT EXISTS (SELECT FROM aftersales.tickets t WHERE t.survey_id = s.id)
                    AND (s.problem_reported IS NOT NULL OR EXISTS (SELECT FROM aftersales.survey_answers a WHERE a.survey_id = s.id AND a.score <= 2))",
        }),
    },
];

#[derive(QueryableByName)]
struct Planned {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Timestamptz)]
    delivered_at: Moment,
    #[diesel(sql_type = Timestamptz)]
    due_at: Moment,
    #[diesel(sql_type = Text)]
    calendar_id: String,
}

async fn due_in_time(session: &mut Session) -> anyhow::Result<Found> {
    let planned = diesel::sql_query(
        "SELECT number, delivered_at, due_at, calendar_id FROM aftersales.revisits r \
         WHERE NOT EXISTS (SELECT FROM aftersales.audit_log a WHERE a.entity_id = r.id AND a.action = 'reschedule')",
    );
    let mut rows = std::pin::pin!(planned.load_stream::<Planned>(session.conn()).await?);
    let mut found = Found::default();
    while let Some(Planned { number, delivered_at, due_at, calendar_id }) = rows.try_next().await? {
        found.rows += 1;
        let calendar = Calendar::by_id(&calendar_id);
        let due = calendar.map(|calendar| calendar.add_working_days(delivered_at.timestamp(), DUE_WORKING_DAYS).at);
        if due != Some(due_at.timestamp()) {
            found.violation(format!("{number}: delivered {delivered_at}, due {due_at} by calendar {calendar_id}"));
        }
    }
    Ok(found)
}
