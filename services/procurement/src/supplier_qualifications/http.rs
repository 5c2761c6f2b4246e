//! `/api/procurement/v1/suppliers/{id}/qualifications` and `…/supplier-qualifications`: parse, ask, answer.
//! Locks are taken in one order, the supplier before its qualifications; so nobody waits in a ring.
use super::{
    domain::{SupplierQualification, SupplierQualificationRule},
    store,
};
use crate::suppliers::{self, domain::Supplier};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    procurement::{self as dto, SupplierId, SupplierQualificationId, SupplierStatus},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_supplier_qualification)
        .service(list_qualifications_of_supplier)
        .service(list_supplier_qualifications)
        .service(get_supplier_qualification)
        .service(qualify_supplier_qualification)
        .service(reject_supplier_qualification);
}

/// Apply for a supplier's qualification in a category; an eliminated supplier comes back this way.
#[utoipa::path(tag = "supplier_qualification", responses((status = 201, description = "The application", body = dto::SupplierQualification)))]
#[post("/suppliers/{supplier_id}/qualifications")]
async fn create_supplier_qualification(
    cx: Cx,
    supplier_id: Path<SupplierId>,
    body: Json<dto::NewSupplierQualification>,
) -> Reply<dto::SupplierQualification> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let supplier: Supplier = tx.load(*supplier_id).await?;
        let category = new.category.to_string();
        if !suppliers::store::category_in_use(tx.conn(), &category).await? {
            return Err(SupplierQualificationRule::Category { category }.into());
        }
        if store::is_applied(tx.conn(), supplier.id, &category).await? {
            return Err(SupplierQualificationRule::Applied { category }.into());
        }
        let change = SupplierQualification::apply(tx.id(), supplier.id, new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// A supplier's qualifications, newest first.
#[utoipa::path(tag = "supplier_qualification", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::SupplierQualification>)))]
#[get("/suppliers/{supplier_id}/qualifications")]
async fn list_qualifications_of_supplier(
    cx: Cx,
    supplier_id: Path<SupplierId>,
    page: Query<PageQuery>,
) -> Reply<Page<dto::SupplierQualification>> {
    cx.read(async |conn| {
        cx.visible(*supplier_id, suppliers::store::find(conn, *supplier_id).await?)?;
        let rows = store::list(conn, &page, None, Some(*supplier_id)).await?;
        Ok(page.page(rows, |one| one.id.into(), |one| show(one, cx.caller())))
    })
    .await
}

/// Qualifications, newest first; with `status=qualified` the directory of qualified suppliers.
#[utoipa::path(tag = "supplier_qualification", params(dto::SupplierQualificationQuery), responses((status = 200, description = "A page", body = Page<dto::SupplierQualification>)))]
#[get("/supplier-qualifications")]
async fn list_supplier_qualifications(
    cx: Cx,
    query: Query<dto::SupplierQualificationQuery>,
) -> Reply<Page<dto::SupplierQualification>> {
    let dto::SupplierQualificationQuery { limit, after, status, category, supplier_id } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, category.as_deref(), supplier_id.map(SupplierId)).await?;
        Ok(page.page(rows, |one| one.id.into(), |one| show(one, cx.caller())))
    })
    .await
}

/// One qualification.
#[utoipa::path(tag = "supplier_qualification", responses((status = 200, description = "The qualification", body = dto::SupplierQualification)))]
#[get("/supplier-qualifications/{id}")]
async fn get_supplier_qualification(cx: Cx, id: Path<SupplierQualificationId>) -> Reply<dto::SupplierQualification> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Grant it; an eliminated supplier is qualified again by it.
#[utoipa::path(tag = "supplier_qualification", responses((status = 200, description = "Qualified", body = dto::SupplierQualification)))]
#[post("/supplier-qualifications/{id}/qualify")]
async fn qualify_supplier_qualification(
    cx: Cx,
    id: Path<SupplierQualificationId>,
) -> Reply<dto::SupplierQualification> {
    cx.command(StatusCode::OK, async |tx| {
        let found = cx.visible(*id, store::find(tx.conn(), *id).await?)?;
        let supplier: Supplier = tx.load(found.supplier_id).await?;
        let qualification: SupplierQualification = tx.open(*id).await?;
        let qualified = tx.save(qualification.qualify(&supplier, &tx.stamp())?).await?;
        if supplier.status == SupplierStatus::Eliminated {
            tx.save(supplier.readmit()?).await?;
        }
        Ok(show(qualified, cx.caller()))
    })
    .await
}

/// Do not grant it, and say why.
#[utoipa::path(tag = "supplier_qualification", responses((status = 200, description = "Rejected", body = dto::SupplierQualification)))]
#[post("/supplier-qualifications/{id}/reject")]
async fn reject_supplier_qualification(
    cx: Cx,
    id: Path<SupplierQualificationId>,
    body: Json<dto::SupplierQualificationReason>,
) -> Reply<dto::SupplierQualification> {
    cx.command(StatusCode::OK, async |tx| {
        let qualification: SupplierQualification = tx.open(*id).await?;
        let change = qualification.reject(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(qualification: SupplierQualification, caller: &Caller) -> dto::SupplierQualification {
    let available_actions = qualification.available_actions(caller);
    let SupplierQualification {
        id,
        supplier_id,
        category,
        status,
        valid_to,
        justification,
        reason,
        applied_by,
        decided_by,
        created_at,
        decided_at,
        version,
    } = qualification;
    dto::SupplierQualification {
        id,
        supplier_id,
        category,
        status,
        valid_to,
        justification,
        reason,
        applied_by,
        decided_by,
        created_at,
        decided_at,
        version,
        available_actions,
    }
}
