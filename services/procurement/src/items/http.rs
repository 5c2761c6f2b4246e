//! `/api/procurement/v1/items`: parse, ask, answer.
use super::{
    domain::{Item, ItemRule},
    store,
};
use crate::{by_ref, suppliers};
use actix_web::{
    get,
    http::StatusCode,
    patch, post, put,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Code, ExternalRef, Page, PageQuery, Reference,
    procurement::{self as dto, ItemId, SupplierId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_item)
        .service(list_items)
        .service(upsert_item)
        .service(get_item)
        .service(update_item)
        .service(retire_item);
}

/// Register an item.
#[utoipa::path(tag = "item", responses((status = 201, description = "The item", body = dto::Item)))]
#[post("/items")]
async fn create_item(cx: Cx, body: Json<dto::NewItem>) -> Reply<dto::Item> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(register(tx, body.0.clone()).await?, cx.caller()))).await
}

/// Register or replace the item that another system knows by this id. A repeat without a difference changes nothing.
#[utoipa::path(tag = "item", responses((status = 201, description = "New", body = dto::Item), (status = 200, description = "Replaced", body = dto::Item)))]
#[put("/items/by-ref/{system}/{reference}")]
async fn upsert_item(cx: Cx, path: Path<(Code, Reference)>, body: Json<dto::NewItem>) -> Reply<dto::Item> {
    let (system, id) = path.into_inner();
    let reference = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let mut new = body.0.clone();
        new.external_refs = by_ref::united(vec![reference.clone()], new.external_refs);
        let known = tx.by_ref::<Item>(&reference).await?;
        let created = known.is_none();
        let item = match known {
            Some(item) => replace(tx, item, new).await?,
            None => register(tx, new).await?,
        };
        Ok((created, show(item, cx.caller())))
    })
    .await
}

/// Items, newest first.
#[utoipa::path(tag = "item", params(dto::ItemQuery), responses((status = 200, description = "A page", body = Page<dto::Item>)))]
#[get("/items")]
async fn list_items(cx: Cx, query: Query<dto::ItemQuery>) -> Reply<Page<dto::Item>> {
    let dto::ItemQuery { limit, after, status, sku, supplier_id } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, sku.as_deref(), supplier_id.map(SupplierId)).await?;
        Ok(page.page(rows, |item| item.id.into(), |item| show(item, cx.caller())))
    })
    .await
}

/// One item.
#[utoipa::path(tag = "item", responses((status = 200, description = "The item", body = dto::Item)))]
#[get("/items/{id}")]
async fn get_item(cx: Cx, id: Path<ItemId>) -> Reply<dto::Item> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change an item.
#[utoipa::path(tag = "item", responses((status = 200, description = "The item", body = dto::Item)))]
#[patch("/items/{id}")]
async fn update_item(cx: Cx, id: Path<ItemId>, body: Json<dto::ItemPatch>) -> Reply<dto::Item> {
    cx.command(StatusCode::OK, async |tx| {
        let item: Item = tx.open(*id).await?;
        known_supplier(tx, body.0.preferred_supplier_id.new_value()).await?;
        Ok(show(tx.save(item.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Stop buying it.
#[utoipa::path(tag = "item", responses((status = 200, description = "Retired", body = dto::Item)))]
#[post("/items/{id}/retire")]
async fn retire_item(cx: Cx, id: Path<ItemId>) -> Reply<dto::Item> {
    cx.command(StatusCode::OK, async |tx| {
        let item: Item = tx.open(*id).await?;
        Ok(show(tx.save(item.retire()?).await?, cx.caller()))
    })
    .await
}

async fn register(tx: &mut Tx, new: dto::NewItem) -> Result<Item> {
    known_supplier(tx, new.preferred_supplier_id).await?;
    tx.one_at_a_time(&format!("item {}", new.sku)).await?;
    if store::has_sku(tx.conn(), new.sku.as_str()).await? {
        return Err(ItemRule::SkuTaken { sku: new.sku.into_string() }.into());
    }
    let change = Item::register(tx.id(), new, &tx.stamp())?;
    let item = tx.create(change).await?;
    tx.bind_refs("item", item.id, &item.external_refs.0).await?;
    Ok(item)
}

async fn replace(tx: &mut Tx, item: Item, new: dto::NewItem) -> Result<Item> {
    known_supplier(tx, new.preferred_supplier_id).await?;
    let Some(change) = item.clone().replace(new)? else { return Ok(item) };
    let item = tx.save(change).await?;
    tx.bind_refs("item", item.id, &item.external_refs.0).await?;
    Ok(item)
}

async fn known_supplier(tx: &mut Tx, id: Option<SupplierId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let found = suppliers::store::find(tx.conn(), id).await?;
    found.map(drop).ok_or_else(|| ApiError::absent("/preferred_supplier_id", "supplier", id))
}

fn show(item: Item, caller: &Caller) -> dto::Item {
    let (available_actions, purchase_price) = (item.available_actions(caller), item.price());
    let Item {
        id,
        sku,
        name,
        unit,
        status,
        product_sku,
        preferred_supplier_id,
        purchase_price: _,
        purchase_currency: _,
        reorder_level,
        external_refs,
        created_at,
        version,
    } = item;
    let external_refs = external_refs.0;
    dto::Item {
        id,
        sku,
        name,
        unit,
        status,
        product_sku,
        preferred_supplier_id,
        purchase_price,
        reorder_level,
        external_refs,
        created_at,
        version,
        available_actions,
    }
}
