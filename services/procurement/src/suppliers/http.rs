//! `/api/procurement/v1/suppliers`: parse, ask, answer.
use super::{domain::Supplier, store};
use crate::{by_ref, supplier_qualifications};
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
    procurement::{self as dto, SupplierEvaluationId, SupplierId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_supplier)
        .service(list_suppliers)
        .service(upsert_supplier)
        .service(get_supplier)
        .service(update_supplier)
        .service(qualify_supplier)
        .service(place_on_probation_supplier)
        .service(suspend_supplier)
        .service(eliminate_supplier);
}

/// Register a supplier.
#[utoipa::path(tag = "supplier", responses((status = 201, description = "The supplier", body = dto::Supplier)))]
#[post("/suppliers")]
async fn create_supplier(cx: Cx, body: Json<dto::NewSupplier>) -> Reply<dto::Supplier> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(register(tx, body.0.clone()).await?, cx.caller()))).await
}

/// Register or replace the supplier that another system knows by this id. A repeat without a difference changes nothing.
#[utoipa::path(tag = "supplier", responses((status = 201, description = "New", body = dto::Supplier), (status = 200, description = "Replaced", body = dto::Supplier)))]
#[put("/suppliers/by-ref/{system}/{reference}")]
async fn upsert_supplier(cx: Cx, path: Path<(Code, Reference)>, body: Json<dto::NewSupplier>) -> Reply<dto::Supplier> {
    let (system, id) = path.into_inner();
    let reference = ExternalRef { system, id };
    cx.upsert(async |tx| {
        let mut new = body.0.clone();
        new.external_refs = by_ref::united(vec![reference.clone()], new.external_refs);
        let known = tx.by_ref::<Supplier>(&reference).await?;
        let created = known.is_none();
        let supplier = match known {
            Some(supplier) => replace(tx, supplier, new).await?,
            None => register(tx, new).await?,
        };
        Ok((created, show(supplier, cx.caller())))
    })
    .await
}

/// Suppliers, newest first.
#[utoipa::path(tag = "supplier", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Supplier>)))]
#[get("/suppliers")]
async fn list_suppliers(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Supplier>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |supplier| supplier.id.into(), |supplier| show(supplier, cx.caller())))
    })
    .await
}

/// One supplier.
#[utoipa::path(tag = "supplier", responses((status = 200, description = "The supplier", body = dto::Supplier)))]
#[get("/suppliers/{id}")]
async fn get_supplier(cx: Cx, id: Path<SupplierId>) -> Reply<dto::Supplier> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change name or contact.
#[utoipa::path(tag = "supplier", responses((status = 200, description = "The supplier", body = dto::Supplier)))]
#[patch("/suppliers/{id}")]
async fn update_supplier(cx: Cx, id: Path<SupplierId>, body: Json<dto::SupplierPatch>) -> Reply<dto::Supplier> {
    cx.command(StatusCode::OK, async |tx| {
        let supplier: Supplier = tx.open(*id).await?;
        Ok(show(tx.save(supplier.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// We may buy there.
#[utoipa::path(tag = "supplier", responses((status = 200, description = "Qualified", body = dto::Supplier)))]
#[post("/suppliers/{id}/qualify")]
async fn qualify_supplier(cx: Cx, id: Path<SupplierId>) -> Reply<dto::Supplier> {
    cx.command(StatusCode::OK, async |tx| {
        let supplier: Supplier = tx.open(*id).await?;
        Ok(show(tx.save(supplier.qualify(&tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Go on buying there, but look closely, and say why.
#[utoipa::path(tag = "supplier", responses((status = 200, description = "On probation", body = dto::Supplier)))]
#[post("/suppliers/{id}/place-on-probation")]
async fn place_on_probation_supplier(
    cx: Cx,
    id: Path<SupplierId>,
    body: Json<dto::SupplierReason>,
) -> Reply<dto::Supplier> {
    cx.command(StatusCode::OK, async |tx| {
        let supplier: Supplier = tx.open(*id).await?;
        let change = supplier.place_on_probation(body.0.reason.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Stop buying there for now, and say why.
#[utoipa::path(tag = "supplier", responses((status = 200, description = "Suspended", body = dto::Supplier)))]
#[post("/suppliers/{id}/suspend")]
async fn suspend_supplier(cx: Cx, id: Path<SupplierId>, body: Json<dto::SupplierReason>) -> Reply<dto::Supplier> {
    cx.command(StatusCode::OK, async |tx| {
        let supplier: Supplier = tx.open(*id).await?;
        Ok(show(tx.save(supplier.suspend(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Buy there no more, and say why; its qualifications end with it.
#[utoipa::path(tag = "supplier", responses((status = 200, description = "Eliminated", body = dto::Supplier)))]
#[post("/suppliers/{id}/eliminate")]
async fn eliminate_supplier(cx: Cx, id: Path<SupplierId>, body: Json<dto::SupplierReason>) -> Reply<dto::Supplier> {
    cx.command(StatusCode::OK, async |tx| {
        let supplier: Supplier = tx.open(*id).await?;
        Ok(show(eliminate(tx, supplier, body.0.reason.to_string(), None).await?, cx.caller()))
    })
    .await
}

/// Ends the supplier and, in the same transaction, all its qualifications (PRO-13).
pub(crate) async fn eliminate(
    tx: &mut Tx,
    supplier: Supplier,
    reason: String,
    evaluation: Option<SupplierEvaluationId>,
) -> Result<Supplier> {
    let supplier = tx.save(supplier.eliminate(reason.clone(), evaluation)?).await?;
    supplier_qualifications::lapse_all(tx, supplier.id, &reason).await?;
    Ok(supplier)
}

async fn register(tx: &mut Tx, new: dto::NewSupplier) -> Result<Supplier> {
    let number = tx.next_number("supplier").await?;
    let change = Supplier::register(tx.id(), number, new, &tx.stamp())?;
    let supplier = tx.create(change).await?;
    tx.bind_refs("supplier", supplier.id, &supplier.external_refs.0).await?;
    Ok(supplier)
}

async fn replace(tx: &mut Tx, supplier: Supplier, new: dto::NewSupplier) -> Result<Supplier> {
    let Some(change) = supplier.clone().replace(new)? else { return Ok(supplier) };
    let supplier = tx.save(change).await?;
    tx.bind_refs("supplier", supplier.id, &supplier.external_refs.0).await?;
    Ok(supplier)
}

fn show(supplier: Supplier, caller: &Caller) -> dto::Supplier {
    let available_actions = supplier.available_actions(caller);
    let Supplier {
        id,
        number,
        name,
        status,
        contact,
        reason,
        external_refs,
        created_at,
        version,
        licences,
        bank,
        licences_due_on: _,
    } = supplier;
    let (contact, external_refs) = (contact.0, external_refs.0);
    let licences = licences.0.into_iter().map(|licence| licence.paper).collect();
    let bank = bank.map(|kept| if caller.sight(SEES_BANK).is_some() { kept.0 } else { masked(kept.0) });
    dto::Supplier {
        id,
        number,
        name,
        status,
        contact,
        licences,
        bank,
        reason,
        external_refs,
        created_at,
        version,
        available_actions,
    }
}

/// Who has it sees account numbers whole.
const SEES_BANK: &str = "procurement.supplier_bank.read";

/// The last four characters of an account number, and no more than half of it.
fn masked(bank: dto::SupplierBank) -> dto::SupplierBank {
    let number = bank.account_number.as_str();
    let count = number.chars().count();
    let end: String = number.chars().skip(count - (count / 2).min(4)).collect();
    let account_number = format!("****{end}").parse().unwrap_or(bank.account_number);
    dto::SupplierBank { account_number, ..bank }
}
