//! `/api/aftersales/v1/service-levels`: parse, ask, answer.
use super::store::{self, Policy, Tier};
use actix_web::get;
use platform::{Cx, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::aftersales as dto;

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_service_levels);
}

/// What customers are promised by kind and severity, and who has to see to a ticket after so many loops.
#[utoipa::path(tag = "service_level", responses((status = 200, description = "All of them", body = dto::ServiceLevels)))]
#[get("/service-levels")]
async fn get_service_levels(cx: Cx) -> Reply<dto::ServiceLevels> {
    cx.read(async |conn| {
        let policies = store::policies(conn).await?.into_iter().map(policy).collect();
        let tiers = store::tiers(conn).await?.into_iter().map(tier).collect();
        Ok(dto::ServiceLevels { policies, tiers })
    })
    .await
}

fn policy(row: Policy) -> dto::SlaPolicy {
    let Policy { kind, severity, first_response_minutes, resolution_working_days } = row;
    dto::SlaPolicy { kind, severity, first_response_minutes, resolution_working_days }
}
fn tier(row: Tier) -> dto::EscalationTier {
    let Tier { tier, role } = row;
    dto::EscalationTier { tier, role }
}
