//! `/api/procurement/v1/supplier-prices`: parse, ask, answer.
use super::{
    domain::{SupplierPrice, SupplierPriceRule},
    store,
};
use crate::{by_ref, items, suppliers};
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
    procurement::{self as dto, SupplierId, SupplierPriceId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_supplier_price)
        .service(list_supplier_prices)
        .service(upsert_supplier_price)
        .service(get_supplier_price)
        .service(update_supplier_price)
        .service(retire_supplier_price);
}

/// State what a supplier asks for an item.
#[utoipa::path(tag = "supplier_price", responses((status = 201, description = "The price", body = dto::SupplierPrice)))]
#[post("/supplier-prices")]
async fn create_supplier_price(cx: Cx, body: Json<dto::NewSupplierPrice>) -> Reply<dto::SupplierPrice> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(state(tx, body.0.clone()).await?, cx.caller()))).await
}

/// State or replace the price that another system knows by this id. A repeat without a difference changes nothing.
#[utoipa::path(tag = "supplier_price", responses((status = 201, description = "New", body = dto::SupplierPrice), (status = 200, description = "Replaced", body = dto::SupplierPrice)))]
#[put("/supplier-prices/by-ref/{system}/{reference}")]
async fn upsert_supplier_price(
    cx: Cx,
    path: Path<(Code, Reference)>,
    body: Json<dto::NewSupplierPrice>,
) -> Reply<dto::SupplierPrice> {
    let (system, id) = path.into_inner();
    let reference = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let mut new = body.0.clone();
        new.external_refs = by_ref::united(vec![reference.clone()], new.external_refs);
        let known = tx.by_ref::<SupplierPrice>(&reference).await?;
        let created = known.is_none();
        let price = match known {
            Some(price) => replace(tx, price, new).await?,
            None => state(tx, new).await?,
        };
        Ok((created, show(price, cx.caller())))
    })
    .await
}

/// Suppliers' prices, newest first.
#[utoipa::path(tag = "supplier_price", params(dto::SupplierPriceQuery), responses((status = 200, description = "A page", body = Page<dto::SupplierPrice>)))]
#[get("/supplier-prices")]
async fn list_supplier_prices(cx: Cx, query: Query<dto::SupplierPriceQuery>) -> Reply<Page<dto::SupplierPrice>> {
    let dto::SupplierPriceQuery { limit, after, status, sku, supplier_id } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, sku.as_deref(), supplier_id.map(SupplierId)).await?;
        Ok(page.page(rows, |price| price.id.into(), |price| show(price, cx.caller())))
    })
    .await
}

/// One price.
#[utoipa::path(tag = "supplier_price", responses((status = 200, description = "The price", body = dto::SupplierPrice)))]
#[get("/supplier-prices/{id}")]
async fn get_supplier_price(cx: Cx, id: Path<SupplierPriceId>) -> Reply<dto::SupplierPrice> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a price, its lead time or its quantities.
#[utoipa::path(tag = "supplier_price", responses((status = 200, description = "The price", body = dto::SupplierPrice)))]
#[patch("/supplier-prices/{id}")]
async fn update_supplier_price(
    cx: Cx,
    id: Path<SupplierPriceId>,
    body: Json<dto::SupplierPricePatch>,
) -> Reply<dto::SupplierPrice> {
    cx.command(StatusCode::OK, async |tx| {
        let price: SupplierPrice = tx.open(*id).await?;
        Ok(show(tx.save(price.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// The supplier asks it no more.
#[utoipa::path(tag = "supplier_price", responses((status = 200, description = "Retired", body = dto::SupplierPrice)))]
#[post("/supplier-prices/{id}/retire")]
async fn retire_supplier_price(cx: Cx, id: Path<SupplierPriceId>) -> Reply<dto::SupplierPrice> {
    cx.command(StatusCode::OK, async |tx| {
        let price: SupplierPrice = tx.open(*id).await?;
        Ok(show(tx.save(price.retire()?).await?, cx.caller()))
    })
    .await
}

async fn state(tx: &mut Tx, new: dto::NewSupplierPrice) -> Result<SupplierPrice> {
    let supplier = suppliers::store::find(tx.conn(), new.supplier_id).await?;
    supplier.ok_or_else(|| ApiError::absent("/supplier_id", "supplier", new.supplier_id))?;
    // The item's row is locked, so that of two who state a price for it one finds the other's.
    let item = items::store::lock_by_skus(tx.conn(), &[new.sku.as_str()]).await?.pop();
    let (sku, item) = item.ok_or_else(|| ApiError::absent("/sku", "item", &new.sku))?;
    if store::is_stated(tx.conn(), new.supplier_id, item).await? {
        return Err(SupplierPriceRule::Taken { sku }.into());
    }
    let change = SupplierPrice::state(tx.id(), item, new, &tx.stamp())?;
    let price = tx.create(change).await?;
    tx.bind_refs("supplier_price", price.id, &price.external_refs.0).await?;
    Ok(price)
}

async fn replace(tx: &mut Tx, price: SupplierPrice, new: dto::NewSupplierPrice) -> Result<SupplierPrice> {
    let Some(change) = price.clone().replace(new)? else { return Ok(price) };
    let price = tx.save(change).await?;
    tx.bind_refs("supplier_price", price.id, &price.external_refs.0).await?;
    Ok(price)
}

fn show(price: SupplierPrice, caller: &Caller) -> dto::SupplierPrice {
    let available_actions = price.available_actions(caller);
    let (asked, last_cost) = (price.price(), price.last_cost());
    let SupplierPrice {
        id,
        status,
        supplier_id,
        item_id,
        sku,
        price: _,
        currency: _,
        unit,
        lead_time_days,
        min_order_quantity,
        max_order_quantity,
        last_cost: _,
        last_received_on,
        external_refs,
        created_at,
        version,
    } = price;
    dto::SupplierPrice {
        id,
        status,
        supplier_id,
        item_id,
        sku,
        price: asked,
        unit,
        lead_time_days,
        min_order_quantity,
        max_order_quantity,
        last_cost,
        last_received_on,
        external_refs: external_refs.0,
        created_at,
        version,
        available_actions,
    }
}
