//! `/api/quoting/v1/cost-sheets`: parse, ask, answer.
use super::{
    domain::{CostRule, CostSheet, Deal},
    store,
};
use crate::quotes;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::OpportunitySnapshot,
    quoting::{self as dto, CostSheetId, CostSheetQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_cost_sheet)
        .service(list_cost_sheets)
        .service(get_cost_sheet)
        .service(update_cost_sheet)
        .service(submit_cost_sheet)
        .service(verify_cost_sheet)
        .service(return_cost_sheet)
        .service(lock_cost_sheet);
}

/// Put down what an opportunity or a quote costs us.
#[utoipa::path(tag = "cost_sheet", responses((status = 201, description = "The draft", body = dto::CostSheet)))]
#[post("/cost-sheets")]
async fn create_cost_sheet(cx: Cx, body: Json<dto::NewCostSheet>) -> Reply<dto::CostSheet> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let deal = deal(tx, &new).await?;
        let number = tx.next_number("cost_sheet").await?;
        let change = CostSheet::draft(tx.id(), number, deal, new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Cost sheets, newest first.
#[utoipa::path(tag = "cost_sheet", params(CostSheetQuery), responses((status = 200, description = "A page", body = Page<dto::CostSheet>)))]
#[get("/cost-sheets")]
async fn list_cost_sheets(cx: Cx, query: Query<CostSheetQuery>) -> Reply<Page<dto::CostSheet>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |sheet| sheet.id.into(), |sheet| show(sheet, cx.caller())))
    })
    .await
}

/// One cost sheet.
#[utoipa::path(tag = "cost_sheet", responses((status = 200, description = "The cost sheet", body = dto::CostSheet)))]
#[get("/cost-sheets/{id}")]
async fn get_cost_sheet(cx: Cx, id: Path<CostSheetId>) -> Reply<dto::CostSheet> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft.
#[utoipa::path(tag = "cost_sheet", responses((status = 200, description = "The draft", body = dto::CostSheet)))]
#[patch("/cost-sheets/{id}")]
async fn update_cost_sheet(cx: Cx, id: Path<CostSheetId>, body: Json<dto::CostSheetPatch>) -> Reply<dto::CostSheet> {
    cx.command(StatusCode::OK, async |tx| {
        let sheet: CostSheet = tx.open(*id).await?;
        let change = sheet.update(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Hand it to finance.
#[utoipa::path(tag = "cost_sheet", responses((status = 200, description = "Submitted", body = dto::CostSheet)))]
#[post("/cost-sheets/{id}/submit")]
async fn submit_cost_sheet(cx: Cx, id: Path<CostSheetId>) -> Reply<dto::CostSheet> {
    cx.command(StatusCode::OK, async |tx| {
        let sheet: CostSheet = tx.open(*id).await?;
        let change = sheet.submit(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Finance agrees with every figure; nobody verifies what they had a hand in.
#[utoipa::path(tag = "cost_sheet", responses((status = 200, description = "Verified", body = dto::CostSheet)))]
#[post("/cost-sheets/{id}/verify")]
async fn verify_cost_sheet(cx: Cx, id: Path<CostSheetId>) -> Reply<dto::CostSheet> {
    cx.command(StatusCode::OK, async |tx| {
        let sheet: CostSheet = tx.open(*id).await?;
        let change = sheet.verify(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Send it back to be mended, and say why.
#[utoipa::path(tag = "cost_sheet", responses((status = 200, description = "A draft again", body = dto::CostSheet)))]
#[post("/cost-sheets/{id}/return")]
async fn return_cost_sheet(cx: Cx, id: Path<CostSheetId>, body: Json<dto::Reason>) -> Reply<dto::CostSheet> {
    cx.command(StatusCode::OK, async |tx| {
        let sheet: CostSheet = tx.open(*id).await?;
        let change = sheet.returned(body.0.reason.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// From here on nobody changes it, and quotes may rest on it.
#[utoipa::path(tag = "cost_sheet", responses((status = 200, description = "Locked", body = dto::CostSheet)))]
#[post("/cost-sheets/{id}/lock")]
async fn lock_cost_sheet(cx: Cx, id: Path<CostSheetId>) -> Reply<dto::CostSheet> {
    cx.command(StatusCode::OK, async |tx| {
        let sheet: CostSheet = tx.open(*id).await?;
        let change = sheet.lock(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Whose deal it is: the opportunity's or the quote's.
async fn deal(tx: &mut Tx, new: &dto::NewCostSheet) -> Result<Deal> {
    match (new.opportunity_id, new.quote_id) {
        (Some(id), None) => {
            let of: OpportunitySnapshot = tx.named_replica("/opportunity_id", id.into()).await?;
            Ok(Deal { case_id: of.case_id, account_id: of.account_id, opportunity_id: Some(id), quote_id: None })
        }
        (None, Some(id)) => {
            let quote = quotes::find(tx.conn(), id).await?.ok_or(CostRule::Quote)?.head;
            let quotes::domain::Head { case_id, account_id, opportunity_id, .. } = quote;
            Ok(Deal { case_id, account_id, opportunity_id, quote_id: Some(id) })
        }
        _ => Err(CostRule::Subject.into()),
    }
}

fn show(sheet: CostSheet, caller: &Caller) -> dto::CostSheet {
    let (available_actions, totals) = (sheet.available_actions(caller), sheet.totals());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let CostSheet {
        id,
        number,
        status,
        case_id,
        account_id,
        opportunity_id,
        quote_id,
        currency: _,
        lines,
        material: _,
        labor: _,
        overhead: _,
        other: _,
        total: _,
        note,
        reason,
        makers: _,
        verified_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        verified_at,
        locked_at,
        version,
    } = sheet;
    dto::CostSheet {
        id,
        number,
        status,
        case_id,
        account_id,
        opportunity_id,
        quote_id,
        lines: lines.0,
        totals,
        note,
        reason,
        verified_by,
        owner_id,
        created_at,
        submitted_at,
        verified_at,
        locked_at,
        version,
        available_actions,
    }
}
