//! `/api/orders/v1/acceptance-policies`: parse, ask, answer.
use super::{domain::AcceptancePolicy, store};
use actix_web::{get, http::StatusCode, post, web::Query};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{Page, PageQuery, orders as dto};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_acceptance_policies).service(publish_acceptance_policy);
}

/// Every version, newest first; the highest revision counts for new invitations.
#[utoipa::path(tag = "acceptance_policy", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::AcceptancePolicy>)))]
#[get("/acceptance-policies")]
async fn list_acceptance_policies(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::AcceptancePolicy>> {
    cx.read(async |conn| Ok(page.page(store::list(conn, &page).await?, |policy| policy.id.into(), show))).await
}

/// Say what silence means from now on; invitations that stand keep what they were sent under.
#[utoipa::path(tag = "acceptance_policy", responses((status = 201, description = "Published", body = dto::AcceptancePolicy)))]
#[post("/acceptance-policies")]
async fn publish_acceptance_policy(cx: Cx, body: Json<dto::PublishAcceptancePolicy>) -> Reply<dto::AcceptancePolicy> {
    cx.command(StatusCode::CREATED, async |tx| {
        let ids = (tx.id(), tx.next_number("acceptance_policy").await?);
        let revision = store::next_revision(tx.conn()).await?;
        let change = AcceptancePolicy::publish(ids, revision, body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

fn show(policy: AcceptancePolicy) -> dto::AcceptancePolicy {
    let AcceptancePolicy {
        id,
        number,
        revision,
        status,
        on_silence,
        remind_working_days_before,
        escalate_after_working_days,
        reason,
        published_by,
        published_at,
        version,
    } = policy;
    dto::AcceptancePolicy {
        id,
        number,
        revision,
        status,
        on_silence,
        remind_working_days_before: remind_working_days_before.0,
        escalate_after_working_days: u32::try_from(escalate_after_working_days).unwrap_or(1),
        reason,
        published_by,
        published_at,
        version,
    }
}
