//! `/api/orders/v1/inspections/{id}/report`: parse, ask, answer.
use super::{domain::InspectionReport, store};
use crate::inspections::domain::Inspection;
use actix_web::{get, http::StatusCode, post, web::Path};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::orders::{self as dto, InspectionId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(issue_inspection_report).service(get_inspection_report);
}

/// Sign the report on an inspection that passed. `If-Match` is the inspection's.
#[utoipa::path(tag = "inspection_report", responses((status = 201, description = "Issued", body = dto::InspectionReport)))]
#[post("/inspections/{id}/report")]
async fn issue_inspection_report(
    cx: Cx,
    id: Path<InspectionId>,
    body: Json<dto::IssueInspectionReport>,
) -> Reply<dto::InspectionReport> {
    cx.command(StatusCode::CREATED, async |tx| {
        let inspection: Inspection = tx.open(*id).await?;
        let known = store::of_inspection(tx.conn(), *id).await?.map(|report| report.number);
        let ids = (tx.id(), tx.next_number("inspection_report").await?);
        let change = InspectionReport::issue(ids, &inspection, body.0.signer.to_string(), known, &tx.stamp())?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

/// The report on an inspection.
#[utoipa::path(tag = "inspection_report", responses((status = 200, description = "The report", body = dto::InspectionReport)))]
#[get("/inspections/{id}/report")]
async fn get_inspection_report(cx: Cx, id: Path<InspectionId>) -> Reply<dto::InspectionReport> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::of_inspection(conn, *id).await?)?))).await
}

fn show(report: InspectionReport) -> dto::InspectionReport {
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let InspectionReport {
        id,
        number,
        status,
        inspection_id,
        order_id,
        order_number,
        case_id,
        content,
        sha256,
        signer,
        issued_by,
        issued_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        version,
    } = report;
    dto::InspectionReport {
        id,
        number,
        status,
        inspection_id,
        order_id,
        order_number,
        case_id,
        content,
        sha256,
        signer,
        issued_by,
        issued_at,
        version,
    }
}
