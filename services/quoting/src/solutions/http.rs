//! `/api/quoting/v1/solutions`: parse, ask, answer.
use super::{
    domain::{Solution, SolutionRule},
    store,
};
use crate::customers;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply, Result, Tx, approvals::person_of, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{RequirementSpecId, RequirementSpecSnapshot, UserSnapshot},
    quoting::{self as dto, SolutionId, SolutionQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_solution)
        .service(list_solutions)
        .service(get_solution)
        .service(get_solution_coverage)
        .service(list_solution_reviews)
        .service(update_solution)
        .service(cover_solution)
        .service(waive_solution)
        .service(submit_solution)
        .service(review_solution)
        .service(recall_solution)
        .service(revise_solution);
}

/// Draft a solution for a confirmed specification.
#[utoipa::path(tag = "solution", responses((status = 201, description = "The draft", body = dto::Solution)))]
#[post("/solutions")]
async fn create_solution(cx: Cx, body: Json<dto::NewSolution>) -> Reply<dto::Solution> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let spec = spec(tx, &cx, new.requirement_spec_id).await?;
        customers::alive(tx, spec.account_id, "/requirement_spec_id").await?;
        let number = tx.next_number("solution").await?;
        let change = Solution::draft(tx.id(), number, &spec, new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Solutions, newest first.
#[utoipa::path(tag = "solution", params(SolutionQuery), responses((status = 200, description = "A page", body = Page<dto::Solution>)))]
#[get("/solutions")]
async fn list_solutions(cx: Cx, query: Query<SolutionQuery>) -> Reply<Page<dto::Solution>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |solution| solution.id.into(), |solution| show(solution, cx.caller())))
    })
    .await
}

/// One solution.
#[utoipa::path(tag = "solution", responses((status = 200, description = "The solution", body = dto::Solution)))]
#[get("/solutions/{id}")]
async fn get_solution(cx: Cx, id: Path<SolutionId>) -> Reply<dto::Solution> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// What it covers of the specification, item by item.
#[utoipa::path(tag = "solution", responses((status = 200, description = "The matrix", body = dto::SolutionCoverage)))]
#[get("/solutions/{id}/coverage")]
async fn get_solution_coverage(cx: Cx, id: Path<SolutionId>) -> Reply<dto::SolutionCoverage> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.coverage())).await
}

/// What its reviewers said, of all rounds, in order.
#[utoipa::path(tag = "solution", responses((status = 200, description = "All of them", body = Vec<dto::SolutionReview>)))]
#[get("/solutions/{id}/reviews")]
async fn list_solution_reviews(cx: Cx, id: Path<SolutionId>) -> Reply<Vec<dto::SolutionReview>> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.reviews.0)).await
}

/// Change a draft.
#[utoipa::path(tag = "solution", responses((status = 200, description = "The draft", body = dto::Solution)))]
#[patch("/solutions/{id}")]
async fn update_solution(cx: Cx, id: Path<SolutionId>, body: Json<dto::SolutionPatch>) -> Reply<dto::Solution> {
    cx.command(StatusCode::OK, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        let spec = match body.0.requirement_spec_id {
            Some(id) => Some(spec(tx, &cx, id).await?),
            None => None,
        };
        let change = solution.update(body.0.clone(), spec.as_ref(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say which elements of the solution cover which items of the specification.
#[utoipa::path(tag = "solution", responses((status = 200, description = "The draft", body = dto::Solution)))]
#[post("/solutions/{id}/cover")]
async fn cover_solution(cx: Cx, id: Path<SolutionId>, body: Json<dto::CoverSolution>) -> Reply<dto::Solution> {
    cx.command(StatusCode::OK, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        let change = solution.cover(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say why an item of the specification need not be covered.
#[utoipa::path(tag = "solution", responses((status = 200, description = "The draft", body = dto::Solution)))]
#[post("/solutions/{id}/waive")]
async fn waive_solution(cx: Cx, id: Path<SolutionId>, body: Json<dto::WaiveSolution>) -> Reply<dto::Solution> {
    cx.command(StatusCode::OK, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        let change = solution.waive(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask people to review it: all four sections are there, and every item that must be is covered or waived.
#[utoipa::path(tag = "solution", responses((status = 200, description = "In review", body = dto::Solution)))]
#[post("/solutions/{id}/submit")]
async fn submit_solution(cx: Cx, id: Path<SolutionId>, body: Json<dto::SubmitSolution>) -> Reply<dto::Solution> {
    cx.command(StatusCode::OK, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        let stamp = tx.stamp();
        let reviewers: Vec<String> = body.0.reviewers.iter().map(ToString::to_string).collect();
        let mark = store::pass_mark(tx.conn(), stamp.at).await?;
        let change = solution.submit(reviewers, mark, &stamp)?;
        may_review(tx, change.after()).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Review it, if you were asked to: scores and what you think of it.
#[utoipa::path(tag = "solution", responses((status = 200, description = "In review still, approved, or a draft again", body = dto::Solution)))]
#[post("/solutions/{id}/review")]
async fn review_solution(cx: Cx, id: Path<SolutionId>, body: Json<dto::ReviewSolution>) -> Reply<dto::Solution> {
    cx.command(StatusCode::OK, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        let change = solution.review(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Take it back from review, and say why.
#[utoipa::path(tag = "solution", responses((status = 200, description = "A draft again", body = dto::Solution)))]
#[post("/solutions/{id}/recall")]
async fn recall_solution(cx: Cx, id: Path<SolutionId>, body: Json<dto::Reason>) -> Reply<dto::Solution> {
    cx.command(StatusCode::OK, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        let change = solution.recall(body.0.reason.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Replace it by a new draft with the same number and the next revision; the answer is the new draft.
#[utoipa::path(tag = "solution", responses((status = 201, description = "The new draft", body = dto::Solution)))]
#[post("/solutions/{id}/revise")]
async fn revise_solution(cx: Cx, id: Path<SolutionId>) -> Reply<dto::Solution> {
    cx.command(StatusCode::CREATED, async |tx| {
        let solution: Solution = tx.open(*id).await?;
        customers::alive(tx, solution.account_id, "/account_id").await?;
        let (old, new) = solution.revise(tx.id(), &tx.stamp())?;
        tx.save(old).await?;
        Ok(show(tx.create(new).await?, cx.caller()))
    })
    .await
}

/// The specification that a body names, if the caller may see its deal.
async fn spec(tx: &mut Tx, cx: &Cx, id: RequirementSpecId) -> Result<RequirementSpecSnapshot> {
    let spec: RequirementSpecSnapshot = tx.named_replica("/requirement_spec_id", id.into()).await?;
    if spec.owner.as_ref().is_none_or(|owner| cx.sight().sees(Some(owner))) {
        return Ok(spec);
    }
    // As if there were none: whose deals there are is nobody's business.
    Err(ApiError::unheard("/requirement_spec_id", "requirement_spec", id))
}

/// Each of its reviewers works here, and has the permission as far as this solution.
async fn may_review(tx: &mut Tx, solution: &Solution) -> Result<()> {
    let references: Vec<&str> = solution.reviewers.0.iter().map(String::as_str).collect();
    let people: Vec<UserSnapshot> = replica::find_by_keys(tx.conn(), &references).await?;
    let may = |person: UserSnapshot| {
        let sight = person_of("quoting", person).sight("quoting.solution.review");
        sight.is_some_and(|sight| sight.sees(solution.ownership().as_ref()))
    };
    for (index, reviewer) in solution.reviewers.0.iter().enumerate() {
        let person = people.iter().find(|person| person.active && person.reference == *reviewer).cloned();
        if !person.is_some_and(may) {
            return Err(SolutionRule::Reviewer { index, reviewer: reviewer.clone() }.into());
        }
    }
    Ok(())
}

fn show(solution: Solution, caller: &Caller) -> dto::Solution {
    let available_actions = solution.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Solution {
        id,
        number,
        revision,
        status,
        case_id,
        account_id,
        opportunity_id,
        requirement_spec_id,
        title,
        account_segment,
        sections,
        coverage,
        authors: _,
        reviewers,
        reviews,
        round,
        pass_mark,
        reason,
        supersedes_id,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        approved_at,
        decided_at,
        version,
    } = solution;
    dto::Solution {
        id,
        number,
        revision,
        status,
        case_id,
        account_id,
        opportunity_id,
        requirement_spec_id,
        title,
        account_segment,
        sections: sections.0,
        coverage: coverage.0,
        reviewers: reviewers.0,
        reviews: reviews.0,
        round,
        pass_mark,
        reason,
        supersedes_id,
        owner_id,
        created_at,
        submitted_at,
        approved_at,
        decided_at,
        version,
        available_actions,
    }
}
