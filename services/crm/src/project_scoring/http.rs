//! `/api/crm/v1/project-scoring-policies` and `/project-scorecards`: parse, ask, answer.
use super::{
    domain::{Scorecard, ScoringPolicy, mean, side_of},
    policies, store,
};
use crate::project_initiations::domain::ProjectInitiation;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Entity, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, ProjectScorecardId, ProjectScorecardQuery, ProjectScoringPolicyId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(publish_project_scoring_policy)
        .service(list_project_scoring_policies)
        .service(get_project_scoring_policy)
        .service(create_project_scorecard)
        .service(list_project_scorecards)
        .service(get_project_scorecard);
}

/// Publish other weights, or another pass mark; they hold for what is submitted from now on.
#[utoipa::path(tag = "project_scoring_policy", responses((status = 201, description = "The version", body = dto::ProjectScoringPolicy)))]
#[post("/project-scoring-policies")]
async fn publish_project_scoring_policy(
    cx: Cx,
    body: Json<dto::PublishProjectScoringPolicy>,
) -> Reply<dto::ProjectScoringPolicy> {
    cx.command(StatusCode::CREATED, async |tx| {
        tx.one_at_a_time("project_scoring_policy").await?;
        let last = policies::in_force(tx.conn()).await?;
        let change = ScoringPolicy::publish(tx.id(), body.0.clone(), &last, &tx.stamp())?;
        Ok(show_policy(tx.create(change).await?))
    })
    .await
}

/// Every version of weights and pass mark, newest first.
#[utoipa::path(tag = "project_scoring_policy", responses((status = 200, description = "All of them", body = Vec<dto::ProjectScoringPolicy>)))]
#[get("/project-scoring-policies")]
async fn list_project_scoring_policies(cx: Cx) -> Reply<Vec<dto::ProjectScoringPolicy>> {
    cx.read(async |conn| Ok(policies::list(conn).await?.into_iter().map(show_policy).collect())).await
}

/// One version.
#[utoipa::path(tag = "project_scoring_policy", responses((status = 200, description = "The version", body = dto::ProjectScoringPolicy)))]
#[get("/project-scoring-policies/{id}")]
async fn get_project_scoring_policy(cx: Cx, id: Path<ProjectScoringPolicyId>) -> Reply<dto::ProjectScoringPolicy> {
    cx.read(async |conn| Ok(show_policy(cx.visible(*id, policies::find(conn, *id).await?)?))).await
}

/// Score an application; when human resources, finance and the business have all done so, its score is known.
#[utoipa::path(tag = "project_scorecard", responses((status = 201, description = "The scorecard", body = dto::ProjectScorecard)))]
#[post("/project-scorecards")]
async fn create_project_scorecard(cx: Cx, body: Json<dto::NewProjectScorecard>) -> Reply<dto::ProjectScorecard> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::NewProjectScorecard { project_initiation_id: id, ratings } = body.0.clone();
        let unknown = || ApiError::absent("/project_initiation_id", "project_initiation", id);
        let initiation: Option<ProjectInitiation> = tx.try_load(id).await?;
        let seen = initiation.filter(|initiation| cx.sight().sees(initiation.ownership().as_ref()));
        let initiation = seen.ok_or_else(unknown)?;
        let policy = match initiation.scoring_policy_id {
            Some(policy) => policies::find(tx.conn(), policy).await?,
            None => None,
        };
        // A draft has no weights yet: those in force, and the card is refused for the draft's sake.
        let policy = match policy {
            Some(policy) => policy,
            None => policies::in_force(tx.conn()).await?,
        };
        let mut cards = store::of_round(tx.conn(), initiation.id, initiation.round).await?;
        let (caller, stamp) = (cx.caller(), tx.stamp());
        let who = (caller.user.as_str(), side_of(&caller.roles, caller.department.as_deref()));
        let change = Scorecard::give(tx.id(), &initiation, &policy, &cards, who, ratings, &stamp)?;
        let card = tx.create(change).await?;
        cards.push(card.clone());
        if let Some(score) = mean(&cards) {
            tx.save(initiation.score(score)?).await?;
        }
        Ok(show(card))
    })
    .await
}

/// Scorecards, newest first.
#[utoipa::path(tag = "project_scorecard", params(ProjectScorecardQuery), responses((status = 200, description = "A page", body = Page<dto::ProjectScorecard>)))]
#[get("/project-scorecards")]
async fn list_project_scorecards(cx: Cx, query: Query<ProjectScorecardQuery>) -> Reply<Page<dto::ProjectScorecard>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), show))
    })
    .await
}

/// One scorecard.
#[utoipa::path(tag = "project_scorecard", responses((status = 200, description = "The scorecard", body = dto::ProjectScorecard)))]
#[get("/project-scorecards/{id}")]
async fn get_project_scorecard(cx: Cx, id: Path<ProjectScorecardId>) -> Reply<dto::ProjectScorecard> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

fn show_policy(policy: ScoringPolicy) -> dto::ProjectScoringPolicy {
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let ScoringPolicy {
        id,
        revision,
        strategic_fit,
        resource_feasibility,
        expected_value,
        risk_control,
        pass_mark,
        reason,
        published_by,
        effective_from,
        version,
    } = policy;
    dto::ProjectScoringPolicy {
        id,
        revision,
        strategic_fit,
        resource_feasibility,
        expected_value,
        risk_control,
        pass_mark,
        reason,
        published_by,
        effective_from,
        version,
    }
}

fn show(card: Scorecard) -> dto::ProjectScorecard {
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Scorecard {
        id,
        project_initiation_id,
        round,
        case_id,
        side,
        reviewer,
        scoring_policy_id,
        lines,
        total,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = card;
    dto::ProjectScorecard {
        id,
        project_initiation_id,
        round,
        case_id,
        side,
        reviewer,
        scoring_policy_id,
        lines: lines.0,
        total,
        created_at,
        version,
    }
}
