//! `/api/crm/v1/onboarding-applications`: parse, ask, answer; seals and opens the numbers of papers.
use super::{
    domain::{OnboardingApplication, Paper},
    store,
};
use crate::{accounts::domain::Account, actions::admitted};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Reply, Result, sealed::Sealer};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, AccountPageQuery, OnboardingApplicationId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_onboarding_application)
        .service(list_onboarding_applications)
        .service(get_onboarding_application)
        .service(update_onboarding_application)
        .service(add_document_onboarding_application)
        .service(remove_document_onboarding_application)
        .service(submit_onboarding_application)
        .service(enter_onboarding_application)
        .service(request_review_onboarding_application)
        .service(review_onboarding_application)
        .service(verify_document_onboarding_application)
        .service(return_onboarding_application)
        .service(correct_onboarding_application)
        .service(resubmit_onboarding_application)
        .service(withdraw_onboarding_application);
}

/// Begin the registration of a customer.
#[utoipa::path(tag = "onboarding_application", responses((status = 201, description = "Being prepared", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications")]
async fn create_onboarding_application(
    cx: Cx,
    body: Json<dto::NewOnboardingApplication>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let unknown = ApiError::absent("/account_id", "account", new.account_id);
        let account: Option<Account> = tx.try_load(new.account_id).await?;
        let account = account.filter(|account| cx.sight().sees(account.ownership().as_ref())).ok_or(unknown)?;
        let open = store::open_of(tx.conn(), account.id).await?;
        let number = tx.next_number("onboarding_application").await?;
        let change = OnboardingApplication::prepare(tx.id(), number, new, &account, open, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Registrations, newest first.
#[utoipa::path(tag = "onboarding_application", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::OnboardingApplication>)))]
#[get("/onboarding-applications")]
async fn list_onboarding_applications(
    cx: Cx,
    query: Query<AccountPageQuery>,
) -> Reply<Page<dto::OnboardingApplication>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |application| application.id.into(), |application| show(application, cx.caller())))
    })
    .await
}

/// One registration with its papers, checks and reviews.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "The registration", body = dto::OnboardingApplication)))]
#[get("/onboarding-applications/{id}")]
async fn get_onboarding_application(cx: Cx, id: Path<OnboardingApplicationId>) -> Reply<dto::OnboardingApplication> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change what is being prepared or corrected.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "The registration", body = dto::OnboardingApplication)))]
#[patch("/onboarding-applications/{id}")]
async fn update_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::OnboardingApplicationPatch>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        Ok(show(tx.save(application.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Add a paper with its copy; its number is kept sealed.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "The registration", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/add-document")]
async fn add_document_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::AddOnboardingDocument>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        let paper = body.0.clone();
        tx.attach("/attachment_id", paper.attachment_id, &application).await?;
        let sealed = cx.app().sealer.seal(*id, paper.number.as_str())?;
        let change = application.add_document(tx.id(), paper, sealed)?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Take a paper out again.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "The registration", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/remove-document")]
async fn remove_document_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::RemoveOnboardingDocument>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        Ok(show(tx.save(application.remove_document(body.0.document_id)?).await?, cx.caller()))
    })
    .await
}

/// The customer hands it in.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Handed in", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/submit")]
async fn submit_onboarding_application(cx: Cx, id: Path<OnboardingApplicationId>) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        let change = application.submit(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Enter what the papers say. The system checks it at once: it goes on, or back with the reasons.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Checked, or returned", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/enter")]
async fn enter_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::OnboardingEntry>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        let stamp = tx.stamp();
        let entered = tx.save(application.enter(body.0.clone(), &stamp)?).await?;
        let numbers = entered.documents.0.iter().map(|paper| number(&cx.app().sealer, *id, paper));
        let numbers = numbers.collect::<Result<Vec<String>>>()?;
        Ok(show(tx.save(entered.check(numbers, &stamp)?).await?, cx.caller()))
    })
    .await
}

/// Ask another department to look at it.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "In review", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/request-review")]
async fn request_review_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        Ok(show(tx.save(application.request_review()?).await?, cx.caller()))
    })
    .await
}

/// Another department has compared the entry with the papers.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Cross-checked, or returned", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/review")]
async fn review_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::ReviewOnboarding>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        let change = application.review(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The original of a paper was seen; with the last one the supervisor is asked.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "The registration", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/verify-document")]
async fn verify_document_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::VerifyOnboardingDocument>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        let dto::VerifyOnboardingDocument { document_id, original_seen, number: said } = body.0.clone();
        let paper = application.documents.0.iter().find(|paper| paper.id == document_id);
        let known = paper.map(|paper| number(&cx.app().sealer, *id, paper)).transpose()?;
        let agrees = known.is_none_or(|known| known.eq_ignore_ascii_case(said.as_str()));
        let change = application.verify_document(document_id, original_seen, agrees, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The papers are not as they should be; say why.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Returned", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/return")]
async fn return_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::Reason>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        Ok(show(tx.save(application.send_back(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// Mend what was returned or rejected.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Being corrected", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/correct")]
async fn correct_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        Ok(show(tx.save(application.correct()?).await?, cx.caller()))
    })
    .await
}

/// Hand it in again after the correction.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Handed in", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/resubmit")]
async fn resubmit_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        let change = application.resubmit(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Take it back before it is approved; say why. The customer may be registered anew.
#[utoipa::path(tag = "onboarding_application", responses((status = 200, description = "Withdrawn", body = dto::OnboardingApplication)))]
#[post("/onboarding-applications/{id}/withdraw")]
async fn withdraw_onboarding_application(
    cx: Cx,
    id: Path<OnboardingApplicationId>,
    body: Json<dto::Reason>,
) -> Reply<dto::OnboardingApplication> {
    cx.command(StatusCode::OK, async |tx| {
        let application: OnboardingApplication = tx.open(*id).await?;
        Ok(show(tx.save(application.withdraw(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// A paper's number in the clear, for a comparison that does not leave the process.
fn number(sealer: &Sealer, id: OnboardingApplicationId, paper: &Paper) -> Result<String> {
    sealer.reveal(id, &paper.sealed_number)
}

fn show(application: OnboardingApplication, caller: &Caller) -> dto::OnboardingApplication {
    let permits = |action: &str| application.permits(action, &caller.actor(), caller.department.as_deref());
    let available_actions = admitted(&application, caller, permits);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let OnboardingApplication {
        id,
        number,
        status,
        account_id,
        party_type,
        applicant_name,
        documents,
        entry,
        maker,
        maker_department,
        checks,
        reviews,
        round,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        decided_at,
        completed_at,
        version,
    } = application;
    let documents = documents.0.into_iter().map(show_paper).collect();
    let (entry, checks, reviews) = (entry.map(|kept| kept.0), checks.0, reviews.0);
    dto::OnboardingApplication {
        id,
        number,
        status,
        account_id,
        party_type,
        applicant_name,
        documents,
        entry,
        maker,
        maker_department,
        checks,
        reviews,
        round,
        reason,
        owner_id,
        created_at,
        submitted_at,
        decided_at,
        completed_at,
        version,
        available_actions,
    }
}

fn show_paper(paper: Paper) -> dto::OnboardingDocument {
    let Paper { id, kind, holder_name, sealed_number: _, masked_number, expires_on, attachment_id, verification } =
        paper;
    dto::OnboardingDocument { id, kind, holder_name, masked_number, expires_on, attachment_id, verification }
}
