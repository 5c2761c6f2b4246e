//! `/api/procurement/v1/bills-of-material`: parse, ask, answer.
use super::{
    domain::{BillOfMaterial, BillRule, Head, Items, Line},
    store,
};
use crate::{by_ref, items};
use actix_web::{
    get,
    http::StatusCode,
    post, put,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Code, ExternalRef, Page, PageQuery, Reference,
    procurement::{self as dto, BillOfMaterialId, ItemId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_bill_of_material)
        .service(list_bills_of_material)
        .service(upsert_bill_of_material)
        .service(get_bill_of_material)
        .service(retire_bill_of_material);
}

/// Say what an item is put together from.
#[utoipa::path(tag = "bill_of_material", responses((status = 201, description = "The bill", body = dto::BillOfMaterial)))]
#[post("/bills-of-material")]
async fn create_bill_of_material(cx: Cx, body: Json<dto::NewBillOfMaterial>) -> Reply<dto::BillOfMaterial> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(draw_up(tx, body.0.clone()).await?, cx.caller()))).await
}

/// Draw up or replace the bill that another system knows by this id. A repeat without a difference changes nothing.
#[utoipa::path(tag = "bill_of_material", responses((status = 201, description = "New", body = dto::BillOfMaterial), (status = 200, description = "Replaced", body = dto::BillOfMaterial)))]
#[put("/bills-of-material/by-ref/{system}/{reference}")]
async fn upsert_bill_of_material(
    cx: Cx,
    path: Path<(Code, Reference)>,
    body: Json<dto::NewBillOfMaterial>,
) -> Reply<dto::BillOfMaterial> {
    let (system, id) = path.into_inner();
    let reference = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let mut new = body.0.clone();
        new.external_refs = by_ref::united(vec![reference.clone()], new.external_refs);
        let known = tx.by_ref::<BillOfMaterial>(&reference).await?;
        let created = known.is_none();
        let bill = match known {
            Some(bill) => replace(tx, bill, new).await?,
            None => draw_up(tx, new).await?,
        };
        Ok((created, show(bill, cx.caller())))
    })
    .await
}

/// Bills of material, newest first.
#[utoipa::path(tag = "bill_of_material", params(dto::BillOfMaterialQuery), responses((status = 200, description = "A page", body = Page<dto::BillOfMaterial>)))]
#[get("/bills-of-material")]
async fn list_bills_of_material(cx: Cx, query: Query<dto::BillOfMaterialQuery>) -> Reply<Page<dto::BillOfMaterial>> {
    let dto::BillOfMaterialQuery { limit, after, status, sku, component } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, sku.as_deref(), component.as_deref()).await?;
        Ok(page.page(rows, |bill| bill.head.id.into(), |bill| show(bill, cx.caller())))
    })
    .await
}

/// One bill.
#[utoipa::path(tag = "bill_of_material", responses((status = 200, description = "The bill", body = dto::BillOfMaterial)))]
#[get("/bills-of-material/{id}")]
async fn get_bill_of_material(cx: Cx, id: Path<BillOfMaterialId>) -> Reply<dto::BillOfMaterial> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Build it no more by this bill.
#[utoipa::path(tag = "bill_of_material", responses((status = 200, description = "Retired", body = dto::BillOfMaterial)))]
#[post("/bills-of-material/{id}/retire")]
async fn retire_bill_of_material(cx: Cx, id: Path<BillOfMaterialId>) -> Reply<dto::BillOfMaterial> {
    cx.command(StatusCode::OK, async |tx| {
        let bill: BillOfMaterial = tx.open(*id).await?;
        Ok(show(tx.save(bill.retire()?).await?, cx.caller()))
    })
    .await
}

/// Two bills that each look sound could together close a ring: one at a time asks what an item is built into.
const RING: &str = "bills_of_material";

async fn draw_up(tx: &mut Tx, new: dto::NewBillOfMaterial) -> Result<BillOfMaterial> {
    let items = named(tx, &new).await?;
    let item = items.get(new.sku.as_str()).copied();
    let item = item.ok_or_else(|| ApiError::absent("/sku", "item", &new.sku))?;
    tx.one_at_a_time(RING).await?;
    let above = store::above(tx.conn(), item).await?;
    if store::is_drawn_up(tx.conn(), item).await? {
        return Err(BillRule::Taken { sku: new.sku.into_string() }.into());
    }
    let change = BillOfMaterial::draw_up(tx.id(), item, new, &items, &above, &tx.stamp())?;
    let bill = tx.create(change).await?;
    tx.bind_refs("bill_of_material", bill.head.id, &bill.head.external_refs.0).await?;
    Ok(bill)
}

async fn replace(tx: &mut Tx, bill: BillOfMaterial, new: dto::NewBillOfMaterial) -> Result<BillOfMaterial> {
    let items = named(tx, &new).await?;
    tx.one_at_a_time(RING).await?;
    let above = store::above(tx.conn(), bill.head.item_id).await?;
    let Some(change) = bill.clone().replace(new, &items, &above)? else { return Ok(bill) };
    let bill = tx.save(change).await?;
    tx.bind_refs("bill_of_material", bill.head.id, &bill.head.external_refs.0).await?;
    Ok(bill)
}

/// The items that it names, by sku.
async fn named(tx: &mut Tx, new: &dto::NewBillOfMaterial) -> Result<Items> {
    let mut skus: Vec<&str> = new.lines.iter().map(|line| line.sku.as_str()).collect();
    skus.push(new.sku.as_str());
    let found = items::store::by_skus(tx.conn(), &skus).await?;
    let named: Vec<(String, ItemId)> = found.into_iter().map(|item| (item.sku, item.id)).collect();
    Ok(named.into_iter().collect())
}

fn show(bill: BillOfMaterial, caller: &Caller) -> dto::BillOfMaterial {
    let available_actions = bill.available_actions(caller);
    let BillOfMaterial { head, lines } = bill;
    let Head { id, status, item_id, sku, sold, external_refs, created_at, version } = head;
    let line = |line: Line| {
        let Line { bill_id: _, line_number, item_id, sku, quantity, unit, effective_from, effective_until } = line;
        dto::BillLine { line_number, item_id, sku, quantity, unit, effective_from, effective_until }
    };
    dto::BillOfMaterial {
        id,
        status,
        item_id,
        sku,
        lines: lines.into_iter().map(line).collect(),
        sold: sold.0,
        external_refs: external_refs.0,
        created_at,
        version,
        available_actions,
    }
}
