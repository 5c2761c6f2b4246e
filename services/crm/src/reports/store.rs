//! The only SQL of the pipeline's figures. Statuses stand in the text, not among the values: the indexes of what is open know
//! them.
use super::domain::{ForecastPart, PipelineSnapshot, StagePart};
use crate::{periods, schema::pipeline_snapshots, scope::Within};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use rust_decimal::Decimal;
use wire::{
    Currency, Day, Moment,
    crm::{OpportunityOutcome, PipelineId, PipelineSnapshotId},
};

platform::store!(PipelineSnapshot, pipeline_snapshots);

/// The picture of this day, or of the last one before it that has one.
pub async fn latest(conn: &mut Conn, day: Day) -> QueryResult<Option<PipelineSnapshot>> {
    let before = pipeline_snapshots::table.filter(pipeline_snapshots::day.le(day));
    before.order(pipeline_snapshots::day.desc()).select(PipelineSnapshot::as_select()).first(conn).await.optional()
}

/// Keeps what belongs into a picture: what is open now, and what was closed since the picture before (`last`). That is whatever was
/// closed after it was taken, and whatever it still shows as open: a closing may say a moment before and have come to stand only
/// after. What it shows as closed already stands there and not twice, unless it was opened and closed again. Returns how many
/// there are.
pub async fn keep_rows(conn: &mut Conn, id: PipelineSnapshotId, last: Option<&PipelineSnapshot>) -> QueryResult<i64> {
    let query = diesel::sql_query(
        "INSERT INTO pipeline_snapshot_rows (snapshot_id, opportunity_id, status, pipeline_id, stage, probability, amount, currency, \
         expected_close, closed_at, owner_id, team_id, department_id) SELECT $1, id, status, pipeline_id, stage, probability, amount, \
         currency, expected_close, closed_at, owner_id, team_id, department_id FROM (SELECT * FROM opportunities WHERE status = 'open' \
         UNION ALL SELECT * FROM opportunities o WHERE status <> 'open' AND closed_at >= $2 AND NOT EXISTS ( \
           SELECT FROM pipeline_snapshot_rows r WHERE r.snapshot_id = $3 AND r.opportunity_id = o.id AND r.closed_at = o.closed_at) \
         UNION ALL SELECT o.* FROM pipeline_snapshot_rows r JOIN opportunities o ON o.id = r.opportunity_id \
           WHERE r.snapshot_id = $3 AND r.status = 'open' AND o.status <> 'open' AND o.closed_at < $2) o",
    );
    let query = query.bind::<SqlUuid, _>(id).bind::<Nullable<Timestamptz>, _>(last.map(|last| last.taken_at));
    let kept = query.bind::<Nullable<SqlUuid>, _>(last.map(|last| last.id)).execute(conn).await?;
    Ok(i64::try_from(kept).unwrap_or(i64::MAX))
}

#[derive(QueryableByName)]
struct StageRow {
    #[diesel(sql_type = SqlUuid)]
    pipeline_id: PipelineId,
    #[diesel(sql_type = Text)]
    stage: String,
    #[diesel(sql_type = Nullable<Text>)]
    currency: Option<Currency>,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Numeric)]
    amount: Decimal,
    #[diesel(sql_type = Numeric)]
    weighted: Decimal,
}

/// Open opportunities by stage and currency, the least likely first; of a picture or as they stand.
pub async fn stages(
    conn: &mut Conn,
    within: &Within,
    snapshot: Option<PipelineSnapshotId>,
) -> QueryResult<Vec<StagePart>> {
    let table = match snapshot {
        Some(_) => "pipeline_snapshot_rows o WHERE o.snapshot_id = $2 AND",
        None => "opportunities o WHERE $2 IS NULL AND",
    };
    let query = diesel::sql_query(format!(
        "SELECT pipeline_id, stage, currency, count(*) AS count, coalesce(sum(amount), 0) AS amount, \
         coalesce(sum(amount * probability), 0) AS weighted FROM {table} status = 'open' AND {} \
         GROUP BY pipeline_id, stage, currency ORDER BY min(probability), pipeline_id, stage, currency",
        within.condition("o")
    ));
    let rows: Vec<StageRow> =
        query.bind::<Array<Text>, _>(&within.values).bind::<Nullable<SqlUuid>, _>(snapshot).load(conn).await?;
    let part = |StageRow { pipeline_id, stage, currency, count, amount, weighted }| StagePart {
        pipeline_id,
        stage,
        currency,
        count,
        amount,
        weighted,
    };
    Ok(rows.into_iter().map(part).collect())
}

#[derive(QueryableByName)]
struct ForecastRow {
    #[diesel(sql_type = Text)]
    month: String,
    #[diesel(sql_type = Text)]
    currency: Currency,
    #[diesel(sql_type = Nullable<Numeric>)]
    probability: Option<Decimal>,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = Numeric)]
    amount: Decimal,
}

/// What is expected from the day `from` to the day `to`, by month, currency and likelihood, and what was won in it.
pub async fn expected(
    conn: &mut Conn,
    within: &Within,
    (from, to): (Day, Day),
    (from_at, until_at): (Moment, Moment),
) -> QueryResult<Vec<ForecastPart>> {
    let (condition, zone) = (within.condition("o"), periods::zone());
    let query = diesel::sql_query(format!(
        "SELECT to_char(expected_close, 'YYYY-MM') AS month, currency, probability, count(*) AS count, sum(amount) AS amount \
         FROM opportunities o WHERE status = 'open' AND expected_close >= $2 AND expected_close <= $3 AND amount IS NOT NULL \
         AND {condition} GROUP BY 1, 2, 3 UNION ALL \
         SELECT to_char(closed_at AT TIME ZONE '{zone}', 'YYYY-MM'), currency, NULL, count(*), sum(amount) \
         FROM opportunities o WHERE status = 'won' AND closed_at >= $4 AND closed_at < $5 AND amount IS NOT NULL \
         AND {condition} GROUP BY 1, 2"
    ));
    let query = query.bind::<Array<Text>, _>(&within.values).bind::<Date, _>(from).bind::<Date, _>(to);
    let rows: Vec<ForecastRow> =
        query.bind::<Timestamptz, _>(from_at).bind::<Timestamptz, _>(until_at).load(conn).await?;
    let part = |ForecastRow { month, currency, probability, count, amount }| ForecastPart {
        month,
        currency,
        probability,
        count,
        amount,
    };
    Ok(rows.into_iter().map(part).collect())
}

/// How many ended so, why, and how long they took on the average.
#[derive(QueryableByName)]
pub struct Ended {
    #[diesel(sql_type = Text)]
    pub outcome: OpportunityOutcome,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    #[diesel(sql_type = Numeric)]
    pub seconds: Decimal,
}

/// What was closed from `from` to before `until`, by outcome, or by outcome and reason (the fifty most frequent).
pub async fn ended(
    conn: &mut Conn,
    within: &Within,
    (from, until): (Moment, Moment),
    by_reason: bool,
) -> QueryResult<Vec<Ended>> {
    let reason = if by_reason { "coalesce(reason, '')" } else { "''" };
    let query = diesel::sql_query(format!(
        "SELECT status AS outcome, {reason} AS reason, count(*) AS count, round(avg(extract(epoch FROM closed_at - created_at)), 4) AS seconds \
         FROM opportunities o WHERE status <> 'open' AND closed_at >= $2 AND closed_at < $3 AND {} \
         GROUP BY 1, 2 ORDER BY count DESC, 1, 2 LIMIT 50",
        within.condition("o")
    ));
    let query = query.bind::<Array<Text>, _>(&within.values).bind::<Timestamptz, _>(from).bind::<Timestamptz, _>(until);
    query.load(conn).await
}

/// How a stage was left.
#[derive(QueryableByName)]
pub struct Passed {
    #[diesel(sql_type = SqlUuid)]
    pub pipeline_id: PipelineId,
    #[diesel(sql_type = Text)]
    pub stage: String,
    #[diesel(sql_type = BigInt)]
    pub entered: i64,
    #[diesel(sql_type = BigInt)]
    pub moved_on: i64,
    #[diesel(sql_type = Numeric)]
    pub seconds: Decimal,
}

/// By which stages those that were closed went: entered, and left for the next one or won.
pub async fn passed(conn: &mut Conn, within: &Within, (from, until): (Moment, Moment)) -> QueryResult<Vec<Passed>> {
    let query = diesel::sql_query(format!(
        "WITH step AS (SELECT o.pipeline_id, o.status, o.closed_at, e.value->>'stage' AS stage, e.place, \
           (e.value->>'entered_at')::timestamptz AS entered_at, \
           lead((e.value->>'entered_at')::timestamptz) OVER (PARTITION BY o.id ORDER BY e.place) AS left_at \
         FROM opportunities o, jsonb_array_elements(o.stage_history) WITH ORDINALITY e (value, place) \
         WHERE o.status <> 'open' AND o.closed_at >= $2 AND o.closed_at < $3 AND {}) \
         SELECT pipeline_id, stage, count(*) AS entered, count(*) FILTER (WHERE left_at IS NOT NULL OR status = 'won') AS moved_on, \
         round(avg(extract(epoch FROM coalesce(left_at, closed_at) - entered_at)), 4) AS seconds \
         FROM step GROUP BY pipeline_id, stage ORDER BY pipeline_id, min(place), entered DESC, stage",
        within.condition("o")
    ));
    let query = query.bind::<Array<Text>, _>(&within.values).bind::<Timestamptz, _>(from).bind::<Timestamptz, _>(until);
    query.load(conn).await
}
