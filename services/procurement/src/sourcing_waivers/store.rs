//! The only SQL of sourcing waivers; `approved` is what purchase orders ask of them.
use super::domain::{Estimate, Head, Part, SourcingWaiver};
use crate::{
    schema::{requisitions, sourcing_waiver_requisitions as parts, sourcing_waivers},
    sourcing::Waived,
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use std::collections::HashMap;
use wire::{
    Amount, CaseId, Currency, Money, PageQuery,
    json::Kept,
    procurement::{RequisitionId, RollingWindow, SourcingWaiverId},
};

impl Store for SourcingWaiver {
    async fn lock(conn: &mut Conn, id: SourcingWaiverId) -> QueryResult<Option<Self>> {
        let head =
            sourcing_waivers::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(sourcing_waivers::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "sourcing_waiver_requisitions", &self.parts()).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let id = self.head.id;
        let stored = sourcing_waivers::table
            .filter(sourcing_waivers::id.eq(id))
            .filter(sourcing_waivers::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 {
            diesel::update(parts::table.filter(parts::sourcing_waiver_id.eq(id)))
                .set(parts::open.eq(self.is_open()))
                .execute(conn)
                .await?;
        }
        Ok(touched)
    }
}

/// The requisitions of some waivers: one query however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<SourcingWaiver>> {
    let ids: Vec<SourcingWaiverId> = heads.iter().map(|head| head.id).collect();
    let rows: Vec<Part> = parts::table
        .filter(parts::sourcing_waiver_id.eq_any(&ids))
        .order((parts::sourcing_waiver_id, parts::requisition_id))
        .select(Part::as_select())
        .load(conn)
        .await?;
    let mut covered: HashMap<SourcingWaiverId, Vec<RequisitionId>> = HashMap::new();
    for part in rows {
        covered.entry(part.sourcing_waiver_id).or_default().push(part.requisition_id);
    }
    let join = |head: Head| SourcingWaiver { requisition_ids: covered.remove(&head.id).unwrap_or_default(), head };
    Ok(heads.into_iter().map(join).collect())
}

/// One waiver.
pub async fn find(conn: &mut Conn, id: SourcingWaiverId) -> QueryResult<Option<SourcingWaiver>> {
    let head = sourcing_waivers::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// What an approved waiver allows (D-06); `None` once it is used up, and before it is approved.
pub async fn approved(conn: &mut Conn, id: SourcingWaiverId) -> QueryResult<Option<Waived>> {
    let waiver = find(conn, id).await?.filter(SourcingWaiver::is_approved);
    Ok(waiver.map(|waiver| Waived {
        waiver_id: waiver.head.id,
        supplier_id: waiver.head.supplier_id,
        requisition_ids: waiver.requisition_ids,
        total: Money::new(waiver.head.total, waiver.head.currency),
    }))
}

/// Those of them that are approved.
pub async fn approved_of(conn: &mut Conn, ids: &[SourcingWaiverId]) -> QueryResult<Vec<SourcingWaiverId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sourcing_waivers::table
        .filter(sourcing_waivers::id.eq_any(ids))
        .filter(sourcing_waivers::status.eq("approved"))
        .select(sourcing_waivers::id)
        .load(conn)
        .await
}

/// The number of another waiver that is open for one of these requisitions.
pub async fn taken(
    conn: &mut Conn,
    id: SourcingWaiverId,
    requisitions: &[RequisitionId],
) -> QueryResult<Option<String>> {
    let covering = parts::table
        .filter(parts::open)
        .filter(parts::requisition_id.eq_any(requisitions))
        .filter(parts::sourcing_waiver_id.ne(id))
        .select(parts::sourcing_waiver_id);
    sourcing_waivers::table
        .filter(sourcing_waivers::id.eq_any(covering))
        .order(sourcing_waivers::id)
        .select(sourcing_waivers::number)
        .first(conn)
        .await
        .optional()
}

type EstimateRow = (RequisitionId, CaseId, Amount, Currency, Option<Kept<RollingWindow>>);

/// What these requisitions are estimated at.
pub async fn estimates(conn: &mut Conn, ids: &[RequisitionId]) -> QueryResult<Vec<Estimate>> {
    let rows: Vec<EstimateRow> = requisitions::table
        .filter(requisitions::id.eq_any(ids))
        .order(requisitions::id)
        .select((
            requisitions::id,
            requisitions::case_id,
            requisitions::total,
            requisitions::currency,
            requisitions::rolling_window,
        ))
        .load(conn)
        .await?;
    let estimate = |(requisition_id, case_id, total, currency, window): EstimateRow| Estimate {
        requisition_id,
        case_id,
        total: Money::new(total, currency),
        window: window.map(|kept| kept.0.total),
    };
    Ok(rows.into_iter().map(estimate).collect())
}

/// A page, newest first; two queries however long it is.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    requisition: Option<RequisitionId>,
    sight: &Sight,
) -> QueryResult<Vec<SourcingWaiver>> {
    let mut query = sourcing_waivers::table
        .select(Head::as_select())
        .order(sourcing_waivers::id.desc())
        .limit(page.fetch())
        .into_boxed();
    query = scoped!(query, sourcing_waivers, sight);
    if let Some(after) = page.after {
        query = query.filter(sourcing_waivers::id.lt(SourcingWaiverId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(sourcing_waivers::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(sourcing_waivers::status.eq(status.clone()));
    }
    if let Some(id) = requisition {
        let covering = parts::table.filter(parts::requisition_id.eq(id)).select(parts::sourcing_waiver_id);
        query = query.filter(sourcing_waivers::id.eq_any(covering));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

platform::handed!(SourcingWaiver, sourcing_waivers; row: head, closed: ["used", "cancelled"]);
