//! `/api/procurement/v1/sample-tests`: parse, ask, answer.
use super::{domain::SampleTest, store};
use crate::rfqs;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    procurement::{self as dto, RfqId, SampleTestId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_sample_test)
        .service(list_sample_tests)
        .service(get_sample_test)
        .service(receive_sample_test)
        .service(start_sample_test)
        .service(complete_sample_test)
        .service(cancel_sample_test);
}

/// Ask for a sample of what a supplier quoted, and say what it has to stand.
#[utoipa::path(tag = "sample_test", responses((status = 201, description = "Requested", body = dto::SampleTest)))]
#[post("/sample-tests")]
async fn create_sample_test(cx: Cx, body: Json<dto::NewSampleTest>) -> Reply<dto::SampleTest> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        // Locked, so that it is not awarded meanwhile.
        let rfq = tx.try_load::<rfqs::domain::Rfq>(new.rfq_id).await?;
        let rfq = rfq.ok_or_else(|| ApiError::absent("/rfq_id", "rfq", new.rfq_id))?;
        let open = store::open_of(tx.conn(), new.rfq_id, new.supplier_id).await?;
        let number = tx.next_number("sample_test").await?;
        let change = SampleTest::request(tx.id(), number, &rfq, new, open, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Sample tests, newest first.
#[utoipa::path(tag = "sample_test", params(dto::SampleTestQuery), responses((status = 200, description = "A page", body = Page<dto::SampleTest>)))]
#[get("/sample-tests")]
async fn list_sample_tests(cx: Cx, query: Query<dto::SampleTestQuery>) -> Reply<Page<dto::SampleTest>> {
    let page = query.page();
    let dto::SampleTestQuery { rfq_id, .. } = query.into_inner();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, rfq_id.map(RfqId), cx.sight()).await?;
        Ok(page.page(rows, |test| test.id.into(), |test| show(test, cx.caller())))
    })
    .await
}

/// One sample test.
#[utoipa::path(tag = "sample_test", responses((status = 200, description = "The test", body = dto::SampleTest)))]
#[get("/sample-tests/{id}")]
async fn get_sample_test(cx: Cx, id: Path<SampleTestId>) -> Reply<dto::SampleTest> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// The sample is here.
#[utoipa::path(tag = "sample_test", responses((status = 200, description = "Received", body = dto::SampleTest)))]
#[post("/sample-tests/{id}/receive")]
async fn receive_sample_test(cx: Cx, id: Path<SampleTestId>) -> Reply<dto::SampleTest> {
    cx.command(StatusCode::OK, async |tx| {
        let test: SampleTest = tx.open(*id).await?;
        let change = test.receive(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Begin to test.
#[utoipa::path(tag = "sample_test", responses((status = 200, description = "Testing", body = dto::SampleTest)))]
#[post("/sample-tests/{id}/start")]
async fn start_sample_test(cx: Cx, id: Path<SampleTestId>) -> Reply<dto::SampleTest> {
    cx.command(StatusCode::OK, async |tx| {
        let test: SampleTest = tx.open(*id).await?;
        Ok(show(tx.save(test.start()?).await?, cx.caller()))
    })
    .await
}

/// Give the result of each criterion, and say who tested.
#[utoipa::path(tag = "sample_test", responses((status = 200, description = "Passed or failed", body = dto::SampleTest)))]
#[post("/sample-tests/{id}/complete")]
async fn complete_sample_test(
    cx: Cx,
    id: Path<SampleTestId>,
    body: Json<dto::CompleteSampleTest>,
) -> Reply<dto::SampleTest> {
    cx.command(StatusCode::OK, async |tx| {
        let test: SampleTest = tx.open(*id).await?;
        let change = test.complete(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Do without it, and say why.
#[utoipa::path(tag = "sample_test", responses((status = 200, description = "Cancelled", body = dto::SampleTest)))]
#[post("/sample-tests/{id}/cancel")]
async fn cancel_sample_test(
    cx: Cx,
    id: Path<SampleTestId>,
    body: Json<dto::SampleTestReason>,
) -> Reply<dto::SampleTest> {
    cx.command(StatusCode::OK, async |tx| {
        let test: SampleTest = tx.open(*id).await?;
        Ok(show(tx.save(test.cancel(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

fn show(test: SampleTest, caller: &Caller) -> dto::SampleTest {
    let available_actions = test.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let SampleTest {
        id,
        number,
        status,
        case_id,
        rfq_id,
        rfq_number,
        supplier_id,
        supplier_name,
        sample,
        criteria,
        testers,
        note,
        reason,
        requested_by,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        received_at,
        completed_at,
        completed_by,
        version,
    } = test;
    dto::SampleTest {
        id,
        number,
        status,
        case_id,
        rfq_id,
        rfq_number,
        supplier_id,
        supplier_name,
        sample,
        criteria: criteria.0,
        testers: testers.0,
        note,
        reason,
        requested_by,
        created_at,
        received_at,
        completed_at,
        completed_by,
        version,
        available_actions,
    }
}
