//! `/api/quoting/v1/pricing-policies`: parse, ask, answer.
use super::{domain::PricingPolicy, store};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    quoting::{self as dto, PricingPolicyId, PricingPolicyQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(publish_pricing_policy).service(list_pricing_policies).service(get_pricing_policy);
}

/// Publish the next version of the pricing policy; prices of its first day and later are made by it.
#[utoipa::path(tag = "pricing_policy", responses((status = 201, description = "Published", body = dto::PricingPolicy)))]
#[post("/pricing-policies")]
async fn publish_pricing_policy(cx: Cx, body: Json<dto::NewPricingPolicy>) -> Reply<dto::PricingPolicy> {
    cx.command(StatusCode::CREATED, async |tx| {
        // All other publishers wait until this one is done.
        tx.one_at_a_time("pricing policy").await?;
        let newest = store::newest(tx.conn()).await?;
        let change = PricingPolicy::publish(tx.id(), &newest, body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

/// Versions of the pricing policy, newest first: what held when, who changed it, and why.
#[utoipa::path(tag = "pricing_policy", params(PricingPolicyQuery), responses((status = 200, description = "A page", body = Page<dto::PricingPolicy>)))]
#[get("/pricing-policies")]
async fn list_pricing_policies(cx: Cx, asked: Query<PricingPolicyQuery>) -> Reply<Page<dto::PricingPolicy>> {
    let page = PageQuery { limit: asked.limit, after: asked.after, ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |policy| policy.id.into(), show))
    })
    .await
}

/// One version.
#[utoipa::path(tag = "pricing_policy", responses((status = 200, description = "The version", body = dto::PricingPolicy)))]
#[get("/pricing-policies/{id}")]
async fn get_pricing_policy(cx: Cx, id: Path<PricingPolicyId>) -> Reply<dto::PricingPolicy> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

fn show(policy: PricingPolicy) -> dto::PricingPolicy {
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let PricingPolicy { id, revision, rules, margin_floors, effective_from, published_by, published_at, reason } =
        policy;
    let (rules, margin_floors) = (rules.0, margin_floors.0);
    dto::PricingPolicy { id, revision, rules, margin_floors, effective_from, published_by, published_at, reason }
}
