//! The only SQL of bills of material.
use super::domain::{BillOfMaterial, Head, Line};
use crate::schema::{bill_lines, bills_of_material};
use diesel::{dsl::exists, prelude::*, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store, rows};
use std::collections::HashMap;
use uuid::Uuid;
use wire::{
    PageQuery,
    procurement::{BillOfMaterialId, BillOfMaterialStatus, ItemId},
};

impl Store for BillOfMaterial {
    async fn lock(conn: &mut Conn, id: BillOfMaterialId) -> QueryResult<Option<Self>> {
        let found = bills_of_material::table.find(id).select(Head::as_select()).for_update();
        let head = found.first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(bills_of_material::table).values(&self.head).execute(conn).await?;
        rows::insert(conn, "bill_lines", &self.lines).await
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = bills_of_material::table.filter(bills_of_material::id.eq(self.head.id));
        let stored = stored.filter(bills_of_material::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 {
            diesel::delete(bill_lines::table.filter(bill_lines::bill_id.eq(self.head.id))).execute(conn).await?;
            rows::insert(conn, "bill_lines", &self.lines).await?;
        }
        Ok(touched)
    }
}

/// The lines of some bills: one query however many there are.
async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<BillOfMaterial>> {
    let ids: Vec<BillOfMaterialId> = heads.iter().map(|head| head.id).collect();
    let rows: Vec<Line> = bill_lines::table
        .filter(bill_lines::bill_id.eq_any(&ids))
        .order((bill_lines::bill_id, bill_lines::line_number))
        .select(Line::as_select())
        .load(conn)
        .await?;
    let mut lines: HashMap<BillOfMaterialId, Vec<Line>> = HashMap::new();
    for line in rows {
        lines.entry(line.bill_id).or_default().push(line);
    }
    let join = |head: Head| BillOfMaterial { lines: lines.remove(&head.id).unwrap_or_default(), head };
    Ok(heads.into_iter().map(join).collect())
}

/// One bill.
pub async fn find(conn: &mut Conn, id: BillOfMaterialId) -> QueryResult<Option<BillOfMaterial>> {
    let head = bills_of_material::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// Has the assembly a bill already?
pub async fn is_drawn_up(conn: &mut Conn, item: ItemId) -> QueryResult<bool> {
    let active = bills_of_material::table
        .filter(bills_of_material::item_id.eq(item))
        .filter(bills_of_material::status.eq(BillOfMaterialStatus::Active));
    diesel::select(exists(active)).get_result(conn).await
}

#[derive(QueryableByName)]
struct Above {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
}

/// The item and everything that it is built into by active bills, however deep.
pub async fn above(conn: &mut Conn, item: ItemId) -> QueryResult<Vec<ItemId>> {
    let rows: Vec<Above> = diesel::sql_query(
        "WITH RECURSIVE above (item_id) AS (SELECT $1 UNION SELECT b.item_id FROM above a JOIN bill_lines l ON l.item_id = a.item_id \
         JOIN bills_of_material b ON b.id = l.bill_id AND b.status = 'active') SELECT item_id FROM above",
    )
    .bind::<SqlUuid, _>(Uuid::from(item))
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.item_id.into()).collect())
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    sku: Option<&str>,
    component: Option<&str>,
) -> QueryResult<Vec<BillOfMaterial>> {
    let all = bills_of_material::table.select(Head::as_select());
    let mut query = all.order(bills_of_material::id.desc()).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(bills_of_material::id.lt(BillOfMaterialId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(bills_of_material::status.eq(status.clone()));
    }
    if let Some(sku) = sku {
        query = query.filter(bills_of_material::sku.eq(sku.to_owned()));
    }
    if let Some(component) = component {
        let lines = bill_lines::table.filter(bill_lines::sku.eq(component.to_owned())).select(bill_lines::bill_id);
        query = query.filter(bills_of_material::id.eq_any(lines));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}
