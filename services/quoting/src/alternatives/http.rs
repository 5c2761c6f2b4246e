//! `/api/quoting/v1/products/{product_id}/alternatives`: parse, ask, answer.
use super::{
    domain::{Alternative, AlternativeRule},
    store,
};
use crate::products::{self, domain::Product};
use actix_web::{get, http::StatusCode, patch, post, web::Path};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    quoting::{self as dto, AlternativeId, ProductId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_alternative)
        .service(list_alternatives)
        .service(get_alternative)
        .service(update_alternative)
        .service(retire_alternative);
}

/// Suggest a product in this one's place.
#[utoipa::path(tag = "alternative", responses((status = 201, description = "The suggestion", body = dto::Alternative)))]
#[post("/products/{product_id}/alternatives")]
async fn create_alternative(
    cx: Cx,
    product: Path<ProductId>,
    body: Json<dto::NewAlternative>,
) -> Reply<dto::Alternative> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::NewAlternative { sku, rank, reason } = body.0.clone();
        // Locked, so that two who add at once see each other.
        let product: Product = tx.load(*product).await?;
        let other = products::by_sku(tx.conn(), sku.as_str()).await?;
        let other = other.ok_or_else(|| AlternativeRule::Unknown { sku: sku.into_string() })?;
        let others = store::others(tx.conn(), product.id).await?;
        let change = Alternative::create(tx.id(), (&product, &other), &others, rank, reason, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// What can be offered in this product's place today, the best first: alternatives in force that are on sale, at most 20.
#[utoipa::path(tag = "alternative", responses((status = 200, description = "All of them", body = Page<dto::Alternative>)))]
#[get("/products/{product_id}/alternatives")]
async fn list_alternatives(cx: Cx, product: Path<ProductId>) -> Reply<Page<dto::Alternative>> {
    cx.read(async |conn| {
        let product = cx.visible(*product, products::find(conn, *product).await?)?;
        let rows = store::offers(conn, product.id).await?;
        Ok(Page { items: rows.into_iter().map(|row| show(row, cx.caller())).collect(), next: None })
    })
    .await
}

/// One suggestion.
#[utoipa::path(tag = "alternative", responses((status = 200, description = "The suggestion", body = dto::Alternative)))]
#[get("/products/{product_id}/alternatives/{id}")]
async fn get_alternative(cx: Cx, path: Path<(ProductId, AlternativeId)>) -> Reply<dto::Alternative> {
    let (product, id) = path.into_inner();
    cx.read(async |conn| Ok(show(cx.visible(id, store::of_product(conn, product, id).await?)?, cx.caller()))).await
}

/// Another rank, another reason.
#[utoipa::path(tag = "alternative", responses((status = 200, description = "The suggestion", body = dto::Alternative)))]
#[patch("/products/{product_id}/alternatives/{id}")]
async fn update_alternative(
    cx: Cx,
    path: Path<(ProductId, AlternativeId)>,
    body: Json<dto::AlternativePatch>,
) -> Reply<dto::Alternative> {
    let (product, id) = path.into_inner();
    cx.command(StatusCode::OK, async |tx| {
        let change = of(product, tx.open(id).await?)?.update(body.0.clone())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Offer it no more.
#[utoipa::path(tag = "alternative", responses((status = 200, description = "Retired", body = dto::Alternative)))]
#[post("/products/{product_id}/alternatives/{id}/retire")]
async fn retire_alternative(cx: Cx, path: Path<(ProductId, AlternativeId)>) -> Reply<dto::Alternative> {
    let (product, id) = path.into_inner();
    cx.command(StatusCode::OK, async |tx| {
        let change = of(product, tx.open(id).await?)?.retire()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The path must name its own product.
fn of(product: ProductId, alternative: Alternative) -> platform::Result<Alternative> {
    if alternative.product_id == product {
        return Ok(alternative);
    }
    Err(ApiError::NotFound { entity: "alternative", id: alternative.id.to_string() })
}

fn show(alternative: Alternative, caller: &Caller) -> dto::Alternative {
    let available_actions = alternative.available_actions(caller);
    let Alternative { id, product_id, sku, alternative_id, alternative_sku, rank, reason, status, created_at, version } =
        alternative;
    dto::Alternative {
        id,
        product_id,
        sku,
        alternative_id,
        alternative_sku,
        rank,
        reason,
        status,
        created_at,
        version,
        available_actions,
    }
}
