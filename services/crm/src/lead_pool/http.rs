//! `/api/crm/v1/lead-pool-rules`: parse, ask, answer.
use super::{
    domain::{LeadPoolRefused, LeadPoolRule},
    store,
};
use crate::departments;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, LeadPoolRuleId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_lead_pool_rule)
        .service(list_lead_pool_rules)
        .service(get_lead_pool_rule)
        .service(update_lead_pool_rule);
}

/// Give a department limits of its own.
#[utoipa::path(tag = "lead_pool_rule", responses((status = 201, description = "The limits", body = dto::LeadPoolRule)))]
#[post("/lead-pool-rules")]
async fn create_lead_pool_rule(cx: Cx, body: Json<dto::NewLeadPoolRule>) -> Reply<dto::LeadPoolRule> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let department = new.department.to_string();
        if !departments::exists(tx.conn(), &department).await? {
            return Err(ApiError::absent("/department", "department", department));
        }
        tx.one_at_a_time(&format!("lead_pool_rule:{department}")).await?;
        if store::rules(tx.conn()).await?.iter().any(|rule| rule.department.as_deref() == Some(&department)) {
            return Err(LeadPoolRefused::Department { department }.into());
        }
        let change = LeadPoolRule::add(tx.id(), new)?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

/// Limits, newest first.
#[utoipa::path(tag = "lead_pool_rule", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::LeadPoolRule>)))]
#[get("/lead-pool-rules")]
async fn list_lead_pool_rules(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::LeadPoolRule>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |rule| rule.id.into(), show))
    })
    .await
}

/// The limits of one department, or of all others.
#[utoipa::path(tag = "lead_pool_rule", responses((status = 200, description = "The limits", body = dto::LeadPoolRule)))]
#[get("/lead-pool-rules/{id}")]
async fn get_lead_pool_rule(cx: Cx, id: Path<LeadPoolRuleId>) -> Reply<dto::LeadPoolRule> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

/// Other limits, from now on: who holds more already keeps it.
#[utoipa::path(tag = "lead_pool_rule", responses((status = 200, description = "The limits", body = dto::LeadPoolRule)))]
#[patch("/lead-pool-rules/{id}")]
async fn update_lead_pool_rule(
    cx: Cx,
    id: Path<LeadPoolRuleId>,
    body: Json<dto::LeadPoolRulePatch>,
) -> Reply<dto::LeadPoolRule> {
    cx.command(StatusCode::OK, async |tx| {
        let rule: LeadPoolRule = tx.open(*id).await?;
        Ok(show(tx.save(rule.update(body.0.clone())?).await?))
    })
    .await
}

fn show(rule: LeadPoolRule) -> dto::LeadPoolRule {
    let LeadPoolRule { id, department, most_held, most_claims_a_day, cooldown_days, idle_days, warn_days, version } =
        rule;
    dto::LeadPoolRule { id, department, most_held, most_claims_a_day, cooldown_days, idle_days, warn_days, version }
}
