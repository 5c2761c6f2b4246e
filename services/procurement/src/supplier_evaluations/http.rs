//! `/api/procurement/v1/supplier-evaluations`: parse, ask, answer.
use super::{
    domain::{SupplierEvaluation, SupplierEvaluationRule},
    evidence::evidence,
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
    procurement::{self as dto, EvaluationWeights, SupplierEvaluationId, SupplierId, SupplierStatus},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_supplier_evaluation)
        .service(list_supplier_evaluations)
        .service(get_supplier_evaluation)
        .service(score_supplier_evaluation)
        .service(publish_supplier_evaluation);
}

/// Begin a supplier's evaluation of a year.
#[utoipa::path(tag = "supplier_evaluation", responses((status = 201, description = "The draft", body = dto::SupplierEvaluation)))]
#[post("/supplier-evaluations")]
async fn create_supplier_evaluation(cx: Cx, body: Json<dto::NewSupplierEvaluation>) -> Reply<dto::SupplierEvaluation> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = &body.0;
        let supplier: Option<Supplier> = tx.try_load(new.supplier_id).await?;
        let supplier = supplier.ok_or(SupplierEvaluationRule::Supplier)?;
        if store::is_taken(tx.conn(), supplier.id, new.year).await? {
            return Err(SupplierEvaluationRule::Taken { year: new.year }.into());
        }
        let stamp = tx.stamp();
        let evidence = evidence(tx.conn(), supplier.id, new.year.into(), stamp.today()).await?;
        let change = SupplierEvaluation::begin(tx.id(), new, evidence, &stamp)?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Evaluations, newest first.
#[utoipa::path(tag = "supplier_evaluation", params(dto::SupplierEvaluationQuery), responses((status = 200, description = "A page", body = Page<dto::SupplierEvaluation>)))]
#[get("/supplier-evaluations")]
async fn list_supplier_evaluations(
    cx: Cx,
    query: Query<dto::SupplierEvaluationQuery>,
) -> Reply<Page<dto::SupplierEvaluation>> {
    let dto::SupplierEvaluationQuery { limit, after, status, supplier_id, year } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, supplier_id.map(SupplierId), year).await?;
        Ok(page.page(rows, |one| one.id.into(), |one| show(one, cx.caller())))
    })
    .await
}

/// One evaluation.
#[utoipa::path(tag = "supplier_evaluation", responses((status = 200, description = "The evaluation", body = dto::SupplierEvaluation)))]
#[get("/supplier-evaluations/{id}")]
async fn get_supplier_evaluation(cx: Cx, id: Path<SupplierEvaluationId>) -> Reply<dto::SupplierEvaluation> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Score it by what the year's purchases show, and by hand where that is missing or not right.
#[utoipa::path(tag = "supplier_evaluation", responses((status = 200, description = "Scored", body = dto::SupplierEvaluation)))]
#[post("/supplier-evaluations/{id}/score")]
async fn score_supplier_evaluation(
    cx: Cx,
    id: Path<SupplierEvaluationId>,
    body: Json<dto::ScoreSupplierEvaluation>,
) -> Reply<dto::SupplierEvaluation> {
    cx.command(StatusCode::OK, async |tx| {
        let evaluation: SupplierEvaluation = tx.open(*id).await?;
        let stamp = tx.stamp();
        let evidence = evidence(tx.conn(), evaluation.supplier_id, evaluation.year, stamp.today()).await?;
        let change = evaluation.score(evidence, body.0.overrides.clone(), &stamp)?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Publish it; below 60 points the supplier is eliminated with it.
#[utoipa::path(tag = "supplier_evaluation", responses((status = 200, description = "Published", body = dto::SupplierEvaluation)))]
#[post("/supplier-evaluations/{id}/publish")]
async fn publish_supplier_evaluation(cx: Cx, id: Path<SupplierEvaluationId>) -> Reply<dto::SupplierEvaluation> {
    cx.command(StatusCode::OK, async |tx| {
        let evaluation: SupplierEvaluation = tx.open(*id).await?;
        let evaluation = tx.save(evaluation.publish(&tx.stamp())?).await?;
        if let Some(reason) = evaluation.failed() {
            let supplier: Supplier = tx.load(evaluation.supplier_id).await?;
            if supplier.status != SupplierStatus::Eliminated {
                suppliers::eliminate(tx, supplier, reason, Some(evaluation.id)).await?;
            }
        }
        Ok(show(evaluation, cx.caller()))
    })
    .await
}

fn show(evaluation: SupplierEvaluation, caller: &Caller) -> dto::SupplierEvaluation {
    let available_actions = evaluation.available_actions(caller);
    let SupplierEvaluation {
        id,
        supplier_id,
        year,
        status,
        price_weight,
        quality_weight,
        delivery_weight,
        evidence,
        overrides,
        price_score,
        quality_score,
        delivery_score,
        total,
        scored_by,
        published_by,
        created_at,
        scored_at,
        published_at,
        version,
    } = evaluation;
    let share = |weight: i32| u8::try_from(weight).unwrap_or_default();
    let weights = EvaluationWeights {
        price: share(price_weight),
        quality: share(quality_weight),
        delivery: share(delivery_weight),
    };
    dto::SupplierEvaluation {
        id,
        supplier_id,
        year,
        status,
        weights,
        evidence: evidence.0,
        overrides: overrides.0,
        price_score,
        quality_score,
        delivery_score,
        total,
        scored_by,
        published_by,
        created_at,
        scored_at,
        published_at,
        version,
        available_actions,
    }
}
