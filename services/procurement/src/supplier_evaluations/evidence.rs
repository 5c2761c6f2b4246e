//! What the purchases of a year show about a supplier (D-16): reads purchase orders and receipts, decides nothing.
use diesel::{
    prelude::*,
    sql_types::{BigInt, Date, Integer, Nullable, Numeric, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::Conn;
use rust_decimal::Decimal;
use wire::{
    Day, Score,
    procurement::{EvaluationEvidence, SupplierId},
};

/// Sums over the orders that were sent in the year and stand; absent where there is nothing to sum.
#[derive(Debug, QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    purchase_orders: i64,
    #[diesel(sql_type = Nullable<Numeric>)]
    accepted: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    inspected: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    in_time: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    promised: Option<Decimal>,
}

/// What was estimated and paid in one currency.
#[derive(Debug, QueryableByName)]
struct Prices {
    #[diesel(sql_type = BigInt)]
    lines: i64,
    #[diesel(sql_type = Nullable<Numeric>)]
    estimated: Option<Decimal>,
    #[diesel(sql_type = Nullable<Numeric>)]
    paid: Option<Decimal>,
}

/// The orders of the year, and their lines. One that was cancelled counts if goods came: that all of them went back is what
/// there is to show. Days and years are those of Asia/Shanghai.
const ORDERS: &str = "\
    WITH o AS (SELECT id, currency FROM purchase_orders WHERE supplier_id = $1 \
            AND (status NOT IN ('draft', 'in_approval', 'approved', 'cancelled') OR status = 'cancelled' AND arrivals > 0) \
            AND extract(year FROM coalesce(ordered_on, (sent_at AT TIME ZONE 'Asia/Shanghai')::date)) = $2), \
        l AS (SELECT line.*, o.currency FROM purchase_order_lines line JOIN o ON o.id = line.purchase_order_id)";

/// Prices are compared where the requisition's estimate is known and in the order's currency; each currency by itself.
const PRICES: &str = "\
    SELECT count(*) AS lines, sum(l.quantity * want.estimated_unit_price) AS estimated, sum(l.quantity * l.unit_price) AS paid \
    FROM l JOIN requisition_lines want ON want.id = l.requisition_line_id AND want.estimated_unit_price > 0 \
    JOIN requisitions q ON q.id = want.requisition_id AND q.currency = l.currency GROUP BY l.currency ORDER BY l.currency";

/// Delivery looks at lines with a due day that is over or that have arrived in full.
const SUMS: &str = ", \
        r AS (SELECT part.purchase_order_line_id AS line_id, part.accepted, part.rejected, \
                (g.arrived_at AT TIME ZONE 'Asia/Shanghai')::date AS arrived_on FROM goods_receipt_lines part \
            JOIN goods_receipts g ON g.id = part.goods_receipt_id AND g.inspected_at IS NOT NULL \
            JOIN o ON o.id = g.purchase_order_id), \
        d AS (SELECT l.quantity, least(l.quantity, coalesce((SELECT sum(r.accepted) FROM r \
                WHERE r.line_id = l.id AND r.arrived_on <= l.due_on), 0)) AS in_time FROM l \
            WHERE l.due_on < $3 OR (l.due_on IS NOT NULL AND l.received >= l.quantity)) \
    SELECT (SELECT count(*) FROM o) AS purchase_orders, \
        (SELECT sum(accepted) FROM r) AS accepted, (SELECT sum(accepted + rejected) FROM r) AS inspected, \
        (SELECT sum(in_time) FROM d) AS in_time, (SELECT sum(quantity) FROM d) AS promised";

/// The evidence as of `today`.
pub async fn evidence(conn: &mut Conn, supplier: SupplierId, year: i32, today: Day) -> QueryResult<EvaluationEvidence> {
    let sums: Sums = diesel::sql_query(format!("{ORDERS}{SUMS}"))
        .bind::<SqlUuid, _>(supplier)
        .bind::<Integer, _>(year)
        .bind::<Date, _>(today)
        .get_result(conn)
        .await?;
    let prices: Vec<Prices> = diesel::sql_query(format!("{ORDERS} {PRICES}"))
        .bind::<SqlUuid, _>(supplier)
        .bind::<Integer, _>(year)
        .load(conn)
        .await?;
    let Sums { purchase_orders, accepted, inspected, in_time, promised } = sums;
    Ok(EvaluationEvidence {
        purchase_orders,
        price: mean(&prices),
        quality: share(accepted, inspected),
        delivery: share(in_time, promised),
    })
}

/// The shares of the currencies, each with the weight of its lines: amounts in two currencies have no sum.
fn mean(prices: &[Prices]) -> Option<Score> {
    let shares =
        prices.iter().filter_map(|one| Some((share(one.estimated, one.paid)?.get(), Decimal::from(one.lines))));
    let (points, lines) = shares.fold((Decimal::ZERO, Decimal::ZERO), |(points, lines), (share, weight)| {
        (points + share * weight, lines + weight)
    });
    (!lines.is_zero()).then(|| Score::new((points / lines).trunc_with_scale(4)))
}

/// So many of a hundred, at most a hundred; cut, not rounded, at four decimals, so that nobody is rounded over the line.
fn share(part: Option<Decimal>, whole: Option<Decimal>) -> Option<Score> {
    let (part, whole) = (part?, whole?);
    let points = match (part.is_zero(), whole.is_zero()) {
        (true, true) => return None,
        (false, true) => Decimal::ONE_HUNDRED,
        (_, false) => (part / whole * Decimal::ONE_HUNDRED).min(Decimal::ONE_HUNDRED),
    };
    Some(Score::new(points.trunc_with_scale(4)))
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;
