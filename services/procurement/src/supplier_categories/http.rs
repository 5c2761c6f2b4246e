//! `/api/procurement/v1/supplier-categories`: parse, ask, answer.
use super::{
    domain::{SupplierCategory, SupplierCategoryRule},
    store,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    procurement::{self as dto, SupplierCategoryId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_supplier_category)
        .service(list_supplier_categories)
        .service(get_supplier_category)
        .service(update_supplier_category)
        .service(retire_supplier_category);
}

/// Open a category.
#[utoipa::path(tag = "supplier_category", responses((status = 201, description = "The category", body = dto::SupplierCategory)))]
#[post("/supplier-categories")]
async fn create_supplier_category(cx: Cx, body: Json<dto::NewSupplierCategory>) -> Reply<dto::SupplierCategory> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        tx.one_at_a_time(&format!("supplier_category {}", new.code)).await?;
        if store::has_code(tx.conn(), new.code.as_str()).await? {
            return Err(SupplierCategoryRule::Taken { code: new.code.into_string() }.into());
        }
        let change = SupplierCategory::open(tx.id(), new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Categories, newest first.
#[utoipa::path(tag = "supplier_category", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::SupplierCategory>)))]
#[get("/supplier-categories")]
async fn list_supplier_categories(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::SupplierCategory>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |category| category.id.into(), |category| show(category, cx.caller())))
    })
    .await
}

/// One category.
#[utoipa::path(tag = "supplier_category", responses((status = 200, description = "The category", body = dto::SupplierCategory)))]
#[get("/supplier-categories/{id}")]
async fn get_supplier_category(cx: Cx, id: Path<SupplierCategoryId>) -> Reply<dto::SupplierCategory> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a category.
#[utoipa::path(tag = "supplier_category", responses((status = 200, description = "The category", body = dto::SupplierCategory)))]
#[patch("/supplier-categories/{id}")]
async fn update_supplier_category(
    cx: Cx,
    id: Path<SupplierCategoryId>,
    body: Json<dto::SupplierCategoryPatch>,
) -> Reply<dto::SupplierCategory> {
    cx.command(StatusCode::OK, async |tx| {
        let category: SupplierCategory = tx.open(*id).await?;
        Ok(show(tx.save(category.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Use it no more.
#[utoipa::path(tag = "supplier_category", responses((status = 200, description = "Retired", body = dto::SupplierCategory)))]
#[post("/supplier-categories/{id}/retire")]
async fn retire_supplier_category(cx: Cx, id: Path<SupplierCategoryId>) -> Reply<dto::SupplierCategory> {
    cx.command(StatusCode::OK, async |tx| {
        let category: SupplierCategory = tx.open(*id).await?;
        Ok(show(tx.save(category.retire()?).await?, cx.caller()))
    })
    .await
}

fn show(category: SupplierCategory, caller: &Caller) -> dto::SupplierCategory {
    let available_actions = category.available_actions(caller);
    let SupplierCategory { id, code, name_zh, name_en, status, min_active, created_at, version } = category;
    dto::SupplierCategory { id, code, name_zh, name_en, status, min_active, created_at, version, available_actions }
}
