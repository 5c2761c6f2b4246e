//! `/api/quoting/v1/products`: parse, ask, answer.
use super::{
    domain::{Product, ProductRule},
    store,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post, put,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Code, ExternalRef, Page, PageQuery, Reference,
    quoting::{self as dto, ProductId, ProductQuery},
};

/// The product's word in `external_refs`.
const KIND: &str = "product";

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_product)
        .service(list_products)
        .service(upsert_product)
        .service(get_product)
        .service(update_product)
        .service(publish_product)
        .service(retire_product);
}

/// Describe a product.
#[utoipa::path(tag = "product", responses((status = 201, description = "The product", body = dto::Product)))]
#[post("/products")]
async fn create_product(cx: Cx, body: Json<dto::NewProduct>) -> Reply<dto::Product> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(create(tx, body.0.clone()).await?, cx.caller()))).await
}

/// Create the product that another system knows by this reference, or make it what the body says.
#[utoipa::path(tag = "product", responses(
    (status = 201, description = "It is new", body = dto::Product),
    (status = 200, description = "It was known", body = dto::Product)
))]
#[put("/products/by-ref/{system}/{reference}")]
async fn upsert_product(cx: Cx, named: Path<(Code, Reference)>, body: Json<dto::NewProduct>) -> Reply<dto::Product> {
    let (system, id) = named.into_inner();
    let named = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let mut new = body.0.clone();
        if !new.external_refs.contains(&named) {
            new.external_refs.push(named.clone());
        }
        tx.one_at_a_time(&format!("product {}", new.sku)).await?;
        let known = tx.by_ref::<Product>(&named).await?;
        let created = known.is_none();
        let product = match known {
            Some(product) => put(tx, product, new).await?,
            None => create(tx, new).await?,
        };
        Ok((created, show(product, cx.caller())))
    })
    .await
}

/// Products, newest first.
#[utoipa::path(tag = "product", params(ProductQuery), responses((status = 200, description = "A page", body = Page<dto::Product>)))]
#[get("/products")]
async fn list_products(cx: Cx, asked: Query<ProductQuery>) -> Reply<Page<dto::Product>> {
    let page = PageQuery { limit: asked.limit, after: asked.after, ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = store::list(conn, &asked, page.fetch()).await?;
        Ok(page.page(rows, |product| product.id.into(), |product| show(product, cx.caller())))
    })
    .await
}

/// One product.
#[utoipa::path(tag = "product", responses((status = 200, description = "The product", body = dto::Product)))]
#[get("/products/{id}")]
async fn get_product(cx: Cx, id: Path<ProductId>) -> Reply<dto::Product> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change it; while it is on sale the other services hear of it.
#[utoipa::path(tag = "product", responses((status = 200, description = "The product", body = dto::Product)))]
#[patch("/products/{id}")]
async fn update_product(cx: Cx, id: Path<ProductId>, body: Json<dto::ProductPatch>) -> Reply<dto::Product> {
    cx.command(StatusCode::OK, async |tx| {
        let product: Product = tx.open(*id).await?;
        let change = product.update(body.0.clone())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Put it on sale.
#[utoipa::path(tag = "product", responses((status = 200, description = "On sale", body = dto::Product)))]
#[post("/products/{id}/publish")]
async fn publish_product(cx: Cx, id: Path<ProductId>) -> Reply<dto::Product> {
    cx.command(StatusCode::OK, async |tx| {
        let product: Product = tx.open(*id).await?;
        let change = product.publish(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Take it off sale for ever, and say why.
#[utoipa::path(tag = "product", responses((status = 200, description = "No longer sold", body = dto::Product)))]
#[post("/products/{id}/retire")]
async fn retire_product(cx: Cx, id: Path<ProductId>, body: Json<dto::Reason>) -> Reply<dto::Product> {
    cx.command(StatusCode::OK, async |tx| {
        let product: Product = tx.open(*id).await?;
        let change = product.retire(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

async fn create(tx: &mut Tx, new: dto::NewProduct) -> Result<Product> {
    tx.one_at_a_time(&format!("product {}", new.sku)).await?;
    if store::by_sku(tx.conn(), new.sku.as_str()).await?.is_some() {
        return Err(ProductRule::Taken { sku: new.sku.into_string() }.into());
    }
    let change = Product::create(tx.id(), new, &tx.stamp())?;
    let product = tx.create(change).await?;
    tx.bind_refs(KIND, product.id, &product.external_refs.0).await?;
    Ok(product)
}

async fn put(tx: &mut Tx, product: Product, new: dto::NewProduct) -> Result<Product> {
    let Some(change) = product.clone().put(new, &tx.stamp())? else { return Ok(product) };
    let product = tx.save(change).await?;
    tx.bind_refs(KIND, product.id, &product.external_refs.0).await?;
    Ok(product)
}

fn show(product: Product, caller: &Caller) -> dto::Product {
    let available_actions = product.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Product {
        id,
        sku,
        name,
        name_en,
        description,
        specification,
        unit,
        list_price,
        currency,
        tax_rate,
        positioning,
        status,
        reason,
        external_refs,
        created_at,
        published_at,
        retired_at,
        version,
    } = product;
    dto::Product {
        id,
        sku,
        name,
        name_en,
        description,
        specification,
        unit,
        list_price,
        currency,
        tax_rate,
        positioning,
        status,
        reason,
        external_refs: external_refs.0,
        created_at,
        published_at,
        retired_at,
        version,
        available_actions,
    }
}
