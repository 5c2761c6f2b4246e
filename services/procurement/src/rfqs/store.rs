//! The only SQL of requests for quotation; `award` is what purchase orders ask of them.
use super::domain::{Basis, Head, Invitation, LineRow, Rfq};
use crate::{
    sample_tests,
    schema::{requisitions, rfq_invitations, rfq_lines, rfq_weights, rfqs},
    sourcing::{Award, AwardedLine},
    sourcing_waivers,
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wire::{
    Moment, PageQuery,
    procurement::{RequisitionId, RfqId, RfqWeights, SupplierId},
};

impl Store for Rfq {
    async fn lock(conn: &mut Conn, id: RfqId) -> QueryResult<Option<Self>> {
        let head = rfqs::table.find(id).select(Head::as_select()).for_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(rfqs::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "rfq_lines", &self.lines).await?;
        rows::insert(conn, "rfq_invitations", &self.invitations).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = rfqs::table.filter(rfqs::id.eq(self.head.id)).filter(rfqs::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 {
            // Of a line only this ever changes.
            diesel::update(rfq_lines::table.filter(rfq_lines::rfq_id.eq(self.head.id)))
                .set(rfq_lines::open.eq(self.is_open()))
                .execute(conn)
                .await?;
            diesel::delete(rfq_invitations::table.filter(rfq_invitations::rfq_id.eq(self.head.id)))
                .execute(conn)
                .await?;
            rows::insert(conn, "rfq_invitations", &self.invitations).await?;
        }
        Ok(touched)
    }
}

/// Lines, answers and what the gates look at, of some requests: four queries however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Rfq>> {
    let ids: Vec<RfqId> = heads.iter().map(|head| head.id).collect();
    let lines: Vec<LineRow> = rfq_lines::table
        .filter(rfq_lines::rfq_id.eq_any(&ids))
        .order((rfq_lines::rfq_id, rfq_lines::line_number))
        .select(LineRow::as_select())
        .load(conn)
        .await?;
    let invitations: Vec<Invitation> = rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq_any(&ids))
        .order((rfq_invitations::rfq_id, rfq_invitations::position))
        .select(Invitation::as_select())
        .load(conn)
        .await?;
    let waivers: Vec<_> = heads.iter().filter_map(|head| head.sourcing_waiver_id).collect();
    let waived: HashSet<_> = sourcing_waivers::store::approved_of(conn, &waivers).await?.into_iter().collect();
    let mut passed: HashMap<RfqId, Vec<SupplierId>> = HashMap::new();
    for (rfq, supplier) in sample_tests::store::passed(conn, &ids).await? {
        passed.entry(rfq).or_default().push(supplier);
    }
    let mut parts: HashMap<RfqId, (Vec<LineRow>, Vec<Invitation>)> = HashMap::new();
    for line in lines {
        parts.entry(line.rfq_id).or_default().0.push(line);
    }
    for invitation in invitations {
        parts.entry(invitation.rfq_id).or_default().1.push(invitation);
    }
    let join = |head: Head| {
        let (lines, invitations) = parts.remove(&head.id).unwrap_or_default();
        let waived = head.sourcing_waiver_id.is_some_and(|id| waived.contains(&id));
        let basis = Basis { waived, passed: passed.remove(&head.id).unwrap_or_default() };
        Rfq { head, lines, invitations, basis }
    };
    Ok(heads.into_iter().map(join).collect())
}

/// One request.
pub async fn find(conn: &mut Conn, id: RfqId) -> QueryResult<Option<Rfq>> {
    let head = rfqs::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// What one supplier was awarded (PRO-21): its lines at the prices it quoted, in the order of the request. `None` if the
/// request is not awarded, or not to this supplier.
pub async fn award(conn: &mut Conn, id: RfqId, supplier: SupplierId) -> QueryResult<Option<Award>> {
    let head = rfqs::table.find(id).filter(rfqs::status.eq("awarded")).select(Head::as_select());
    let Some(head) = head.first(conn).await.optional()? else { return Ok(None) };
    let lines: Vec<AwardedLine> = head
        .award
        .into_iter()
        .flat_map(|kept| kept.0.lines)
        .filter(|line| line.supplier_id == supplier)
        .map(|line| AwardedLine {
            requisition_line_id: line.requisition_line_id,
            sku: line.sku,
            specification: line.specification,
            quantity: line.quantity,
            unit_price: line.unit_price.get(),
            tax_rate: line.tax_rate,
            lead_time_days: i32::from(line.lead_time_days),
        })
        .collect();
    let award = Award {
        rfq_id: head.id,
        case_id: head.case_id,
        supplier_id: supplier,
        currency: head.currency.to_string(),
        lines,
    };
    Ok(Some(award).filter(|award| !award.lines.is_empty()))
}

/// The number of an open request that wants one of these lines already.
pub async fn wanting(conn: &mut Conn, lines: &[Uuid]) -> QueryResult<Option<String>> {
    rfqs::table
        .inner_join(rfq_lines::table.on(rfq_lines::rfq_id.eq(rfqs::id)))
        .filter(rfq_lines::open)
        .filter(rfq_lines::requisition_line_id.eq_any(lines))
        .order(rfqs::id)
        .select(rfqs::number)
        .first(conn)
        .await
        .optional()
}

/// The categories in which these requisitions want something bought.
pub async fn categories(conn: &mut Conn, ids: &[RequisitionId]) -> QueryResult<Vec<String>> {
    requisitions::table
        .filter(requisitions::id.eq_any(ids))
        .order(requisitions::category)
        .select(requisitions::category)
        .distinct()
        .load(conn)
        .await
}

/// Whom these requisitions recommend, and why (PRO-37).
pub async fn recommended(conn: &mut Conn, ids: &[RequisitionId]) -> QueryResult<HashMap<SupplierId, String>> {
    let rows: Vec<(Option<SupplierId>, Option<String>)> = requisitions::table
        .filter(requisitions::id.eq_any(ids))
        .filter(requisitions::recommended_supplier_id.is_not_null())
        .select((requisitions::recommended_supplier_id, requisitions::recommendation_reason))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(supplier, why)| Some((supplier?, why.unwrap_or_default()))).collect())
}

/// The weights in effect where a request names none (PRO-18).
pub async fn weights(conn: &mut Conn, at: Moment) -> QueryResult<RfqWeights> {
    let (price, quality, delivery, after_sales): (i16, i16, i16, i16) = rfq_weights::table
        .filter(rfq_weights::effective_from.le(at))
        .order(rfq_weights::effective_from.desc())
        .select((rfq_weights::price, rfq_weights::quality, rfq_weights::delivery, rfq_weights::after_sales))
        .first(conn)
        .await?;
    // The table keeps each between 0 and 100.
    let percent = |weight: i16| u8::try_from(weight).unwrap_or_default();
    Ok(RfqWeights {
        price: percent(price),
        quality: percent(quality),
        delivery: percent(delivery),
        after_sales: percent(after_sales),
    })
}

/// A page, newest first; five queries however long it is.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    requisition: Option<RequisitionId>,
    supplier: Option<SupplierId>,
    sight: &Sight,
) -> QueryResult<Vec<Rfq>> {
    let mut query = rfqs::table.select(Head::as_select()).order(rfqs::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, rfqs, sight);
    if let Some(after) = page.after {
        query = query.filter(rfqs::id.lt(RfqId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(rfqs::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(rfqs::status.eq(status.clone()));
    }
    if let Some(id) = requisition {
        let wanting = rfq_lines::table.filter(rfq_lines::requisition_id.eq(id)).select(rfq_lines::rfq_id);
        query = query.filter(rfqs::id.eq_any(wanting));
    }
    if let Some(id) = supplier {
        let asking = rfq_invitations::table.filter(rfq_invitations::supplier_id.eq(id)).select(rfq_invitations::rfq_id);
        query = query.filter(rfqs::id.eq_any(asking));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

platform::handed!(Rfq, rfqs; row: head, closed: ["awarded", "cancelled"]);
