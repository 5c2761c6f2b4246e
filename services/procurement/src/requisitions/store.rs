//! The only SQL of requisitions.
use super::{
    domain::{Covered, Head, Requisition, WINDOW_DAYS},
    lines::LineRow,
};
use crate::{
    schema::{requisition_lines, requisition_orders, requisitions},
    sourcing::Wanted,
};
use diesel::{
    prelude::*,
    sql_types::{Array, Numeric, Text},
};
use diesel_async::RunQueryDsl;
use jiff::SignedDuration;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    Moment, PageQuery, Quantity,
    orders::{OrderId, ShortageId},
    procurement::{CountedRequisition, RequisitionId},
};

impl Store for Requisition {
    async fn lock(conn: &mut Conn, id: RequisitionId) -> QueryResult<Option<Self>> {
        let head = requisitions::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(requisitions::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "requisition_lines", &self.lines).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let id = self.head.id;
        let stored =
            requisitions::table.filter(requisitions::id.eq(id)).filter(requisitions::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 && self.lines_changed {
            diesel::delete(requisition_lines::table.filter(requisition_lines::requisition_id.eq(id)))
                .execute(conn)
                .await?;
            rows::insert(conn, "requisition_lines", &self.lines).await?;
        }
        if touched == 1 && self.covered_changed {
            diesel::delete(requisition_orders::table.filter(requisition_orders::requisition_id.eq(id)))
                .execute(conn)
                .await?;
            rows::insert(conn, "requisition_orders", &self.covered).await?;
        }
        Ok(touched)
    }
}

/// Lines and covering orders of some requisitions: two queries however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Requisition>> {
    let ids: Vec<RequisitionId> = heads.iter().map(|head| head.id).collect();
    let mut lines: HashMap<RequisitionId, Vec<LineRow>> = HashMap::new();
    for line in requisition_lines::table
        .filter(requisition_lines::requisition_id.eq_any(&ids))
        .order((requisition_lines::requisition_id, requisition_lines::line_number))
        .select(LineRow::as_select())
        .load(conn)
        .await?
    {
        lines.entry(line.requisition_id).or_default().push(line);
    }
    let mut covered: HashMap<RequisitionId, Vec<Covered>> = HashMap::new();
    for part in requisition_orders::table
        .filter(requisition_orders::requisition_id.eq_any(&ids))
        .order((requisition_orders::requisition_line_id, requisition_orders::purchase_order_id))
        .select(Covered::as_select())
        .load(conn)
        .await?
    {
        covered.entry(part.requisition_id).or_default().push(part);
    }
    let join = |head: Head| Requisition {
        lines: lines.remove(&head.id).unwrap_or_default(),
        covered: covered.remove(&head.id).unwrap_or_default(),
        head,
        lines_changed: false,
        covered_changed: false,
    };
    Ok(heads.into_iter().map(join).collect())
}

/// One requisition.
pub async fn find(conn: &mut Conn, id: RequisitionId) -> QueryResult<Option<Requisition>> {
    let head = requisitions::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// What may be ordered of these requisitions, in the order given and then by line: the lines of those that are approved,
/// with the quantity that no purchase order covers yet. Requisitions in any other state give nothing. The sku is empty for
/// what is no item of ours.
pub async fn approved(conn: &mut Conn, ids: &[RequisitionId]) -> QueryResult<Vec<Wanted>> {
    let heads = requisitions::table
        .filter(requisitions::id.eq_any(ids))
        .filter(requisitions::status.eq("approved"))
        .select(Head::as_select())
        .load(conn)
        .await?;
    let mut found: Vec<Requisition> = whole(conn, heads).await?;
    found.sort_by_key(|requisition| ids.iter().position(|id| *id == requisition.head.id));
    Ok(found.iter().flat_map(wanted).collect())
}

fn wanted(requisition: &Requisition) -> Vec<Wanted> {
    let open = |line: &LineRow| {
        let quantity = line.quantity.get() - requisition.ordered(line.id);
        (quantity > Decimal::ZERO).then(|| Wanted {
            requisition_id: requisition.head.id,
            requisition_line_id: line.id,
            case_id: Some(requisition.head.case_id),
            sku: line.sku.clone().unwrap_or_default(),
            name: line.name.clone(),
            specification: line.specification.clone(),
            unit: line.unit.clone(),
            quantity: Quantity::new(quantity),
            needed_on: line.needed_on,
        })
    };
    requisition.lines.iter().filter_map(open).collect()
}

/// The filters of the list beside those of every page.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub source: Option<String>,
    pub priority: Option<String>,
    pub order_id: Option<OrderId>,
}

/// A page, newest first; three queries however long it is.
pub async fn list(conn: &mut Conn, page: &PageQuery, filter: Filter, sight: &Sight) -> QueryResult<Vec<Requisition>> {
    let mut query =
        requisitions::table.select(Head::as_select()).order(requisitions::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, requisitions, sight);
    if let Some(after) = page.after {
        query = query.filter(requisitions::id.lt(RequisitionId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(requisitions::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(requisitions::status.eq(status.clone()));
    }
    if let Some(source) = filter.source {
        query = query.filter(requisitions::source.eq(source));
    }
    if let Some(priority) = filter.priority {
        query = query.filter(requisitions::priority.eq(priority));
    }
    if let Some(order) = filter.order_id {
        query = query.filter(requisitions::order_id.eq(order));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

/// What counts together with a requisition (D-14), oldest first: submitted by the same requester in the window, in the same
/// category and currency, and neither for another supplier nor rejected nor cancelled. One that names no supplier may be for
/// any.
pub async fn counted(conn: &mut Conn, head: &Head, at: Moment) -> QueryResult<Vec<CountedRequisition>> {
    let Some(requester) = head.requester.clone() else { return Ok(Vec::new()) };
    let start = at.timestamp() - SignedDuration::from_hours(i64::from(WINDOW_DAYS) * 24);
    let mut query = requisitions::table
        .filter(requisitions::requester.eq(requester))
        .filter(requisitions::category.eq(head.category.clone()))
        .filter(requisitions::currency.eq(head.currency))
        .filter(requisitions::submitted_at.ge(Moment::new(start)))
        .filter(requisitions::status.ne_all(["rejected", "cancelled"]))
        .filter(requisitions::id.ne(head.id))
        .order(requisitions::submitted_at)
        .select((requisitions::id, requisitions::number, requisitions::total))
        .into_boxed();
    if let Some(supplier) = head.recommended_supplier_id {
        let same = requisitions::recommended_supplier_id.eq(supplier);
        query = query.filter(same.or(requisitions::recommended_supplier_id.is_null()));
    }
    let rows: Vec<(RequisitionId, String, wire::Amount)> = query.load(conn).await?;
    let shown = |(requisition_id, number, total)| CountedRequisition { requisition_id, number, total };
    Ok(rows.into_iter().map(shown).collect())
}

/// Those of a shortage that are alive.
pub async fn of_shortage(conn: &mut Conn, shortage: ShortageId) -> QueryResult<Vec<RequisitionId>> {
    requisitions::table
        .filter(requisitions::shortage_id.eq(shortage))
        .filter(requisitions::status.ne_all(["rejected", "cancelled"]))
        .order(requisitions::id)
        .select(requisitions::id)
        .load(conn)
        .await
}

/// What is on its way for a shortage, by the order's line: asked for, and neither received nor given up. What was received is
/// in stock and answered for there.
pub async fn coming_for(conn: &mut Conn, shortage: ShortageId) -> QueryResult<HashMap<Option<Uuid>, Quantity>> {
    #[derive(QueryableByName)]
    struct Coming {
        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Uuid>)]
        order_line_id: Option<Uuid>,
        #[diesel(sql_type = Numeric)]
        quantity: Decimal,
    }
    let rows: Vec<Coming> = diesel::sql_query(
        "SELECT asked.order_line_id, sum(greatest(asked.quantity - coalesce(done.quantity, 0), 0)) AS quantity \
         FROM requisitions JOIN requisition_lines AS asked ON asked.requisition_id = requisitions.id \
         LEFT JOIN LATERAL (SELECT sum(received + forgone) AS quantity FROM purchase_order_lines \
                            WHERE requisition_line_id = asked.id) AS done ON TRUE \
         WHERE requisitions.shortage_id = $1 AND requisitions.status NOT IN ('rejected', 'cancelled', 'closed') \
         GROUP BY asked.order_line_id",
    )
    .bind::<diesel::sql_types::Uuid, _>(shortage.0)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order_line_id, Quantity::new(row.quantity))).collect())
}

/// Drafts that nobody asked for, of an order.
pub async fn drafted_for(conn: &mut Conn, order: OrderId) -> QueryResult<Vec<RequisitionId>> {
    requisitions::table
        .filter(requisitions::order_id.eq(order))
        .filter(requisitions::source.eq("order"))
        .filter(requisitions::status.eq("draft"))
        .order(requisitions::id)
        .select(requisitions::id)
        .load(conn)
        .await
}

/// Those that should have been ordered by now and were not told yet.
pub async fn late(conn: &mut Conn, now: Moment) -> QueryResult<Vec<RequisitionId>> {
    requisitions::table
        .filter(requisitions::status.eq_any(["draft", "in_approval", "approved"]))
        .filter(requisitions::overdue.eq(false))
        .filter(requisitions::act_by_at.lt(now))
        .order(requisitions::act_by_at)
        .limit(100)
        .select(requisitions::id)
        .load(conn)
        .await
}

/// An item of which less is there, or on its way to stock, than its reorder level.
#[derive(Debug, QueryableByName)]
pub struct Low {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub item_id: Uuid,
    /// How much is missing.
    #[diesel(sql_type = Numeric)]
    pub missing: Decimal,
}

/// Purchase orders that the supplier has: a requisition counts what it is told of them as ordered.
const UNDERWAY: [&str; 5] = ["sent", "acknowledged", "partially_received", "received", "pending_action"];

/// Active items below their level. On its way is what living requisitions still want ordered, and what living orders still
/// expect; what is for an order of ours does not count, because it leaves again with it.
pub async fn low(conn: &mut Conn) -> QueryResult<Vec<Low>> {
    let query = "\
        SELECT i.id AS item_id, i.reorder_level - (s.available + r.coming) AS missing FROM items i \
        CROSS JOIN LATERAL (SELECT coalesce(sum(on_hand - held), 0) AS available FROM stock WHERE item_id = i.id) s \
        CROSS JOIN LATERAL (SELECT coalesce(sum(greatest(l.quantity - coalesce((SELECT sum(c.ordered) FROM requisition_orders c \
                WHERE c.requisition_line_id = l.id AND c.status <> 'cancelled'), 0), 0)), 0) AS wanted FROM requisition_lines l \
            JOIN requisitions q ON q.id = l.requisition_id \
            WHERE l.sku = i.sku AND q.order_id IS NULL AND q.status = ANY ($1)) w \
        CROSS JOIN LATERAL (SELECT w.wanted + coalesce(sum(l.quantity - l.received - l.forgone), 0) AS coming \
            FROM purchase_order_lines l JOIN purchase_orders p ON p.id = l.purchase_order_id AND p.status = ANY ($2) \
            LEFT JOIN requisitions q ON q.id = l.requisition_id \
            WHERE l.item_id = i.id AND q.order_id IS NULL) r \
        WHERE i.status = 'active' AND i.reorder_level > 0 AND s.available + r.coming < i.reorder_level \
        ORDER BY i.sku LIMIT 500";
    diesel::sql_query(query)
        .bind::<Array<Text>, _>(["draft", "in_approval", "approved", "ordered"].map(str::to_owned).to_vec())
        .bind::<Array<Text>, _>(UNDERWAY.map(str::to_owned).to_vec())
        .load(conn)
        .await
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;

platform::handed!(Requisition, requisitions; row: head, closed: ["closed", "cancelled"]);
