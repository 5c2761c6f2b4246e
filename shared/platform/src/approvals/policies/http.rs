//! `/policies` of every service: parse, ask, answer.
use super::{
    domain::{self, Draft, Policy},
    simulation, store,
};
use crate::{ApiError, Cx, Entity, Json, Reply, approvals::store as approvals};
use actix_web::{get, http::StatusCode, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{Moment, policy as dto};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_policies)
        .service(list_policy_versions)
        .service(get_policy_version)
        .service(publish_policy)
        .service(simulate_policy);
}

/// Every policy by which documents of this service ask, with the version that holds now.
#[utoipa::path(tag = "policy", responses((status = 200, description = "All policies", body = Vec<dto::Policy>)))]
#[get("/policies")]
async fn list_policies(cx: Cx) -> Reply<Vec<dto::Policy>> {
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let versions = store::versions(conn, None).await?;
        let policies = versions.chunk_by(|one, other| one.key == other.key).map(|versions| dto::Policy {
            key: versions[0].key.clone(),
            in_force: in_force(versions, now).cloned().map(show),
            newest_version: versions[0].version,
        });
        Ok(policies.collect())
    })
    .await
}

/// All versions of a policy, newest first: what held when, who changed it, and why.
#[utoipa::path(tag = "policy", responses((status = 200, description = "All versions", body = Vec<dto::PolicyVersion>)))]
#[get("/policies/{key}/versions")]
async fn list_policy_versions(cx: Cx, key: Path<String>) -> Reply<Vec<dto::PolicyVersion>> {
    cx.read(async |conn| {
        let versions = store::versions(conn, Some(&key)).await?;
        if versions.is_empty() {
            return Err(unknown(&key));
        }
        Ok(versions.into_iter().map(show).collect())
    })
    .await
}

/// One version.
#[utoipa::path(tag = "policy", params(("version" = i32, Path, minimum = 1, maximum = 1_000_000)), responses((status = 200, description = "The version", body = dto::PolicyVersion)))]
#[get("/policies/{key}/versions/{version}")]
async fn get_policy_version(cx: Cx, path: Path<(String, i32)>) -> Reply<dto::PolicyVersion> {
    let (key, version) = path.into_inner();
    cx.read(async |conn| {
        let found = store::find(conn, &key, version).await?;
        found.map(show).ok_or_else(|| unknown(&format!("{key}/{version}")))
    })
    .await
}

/// Publish the next version of a policy; what is asked from its date on is asked by it.
#[utoipa::path(tag = "policy", responses((status = 201, description = "Published", body = dto::PolicyVersion)))]
#[post("/policies/{key}/versions")]
async fn publish_policy(cx: Cx, key: Path<String>, body: Json<dto::NewPolicyVersion>) -> Reply<dto::PolicyVersion> {
    cx.command(StatusCode::CREATED, async |tx| {
        // All other publishers of the key wait until this one is done.
        tx.one_at_a_time(&format!("policy {key}")).await?;
        let newest = store::newest(tx.conn(), &key).await?.ok_or_else(|| unknown(&key))?;
        let dto::NewPolicyVersion { follows, tiers, cumulative, effective_from, reason } = body.0.clone();
        let tiers = domain::tiers(tiers, cumulative)?;
        let draft = Draft { tiers, follows, effective_from, reason: reason.into_string() };
        let directory = approvals::directory(tx.conn(), cx.app().name).await?;
        let held = directory.into_iter().flat_map(|person| person.roles).collect();
        let change = Policy::publish(tx.id(), &newest, draft, &held, cx.app().name, &tx.stamp())?;
        Ok(show(tx.create(change).await?))
    })
    .await
}

/// Try a draft on the past: who would have been asked then, who now. Changes nothing.
#[utoipa::path(tag = "policy", extensions(("x-pure" = json!(true))), responses((status = 200, description = "Question by question", body = dto::PolicySimulation)))]
#[post("/policies/{key}/simulate")]
async fn simulate_policy(cx: Cx, key: Path<String>, body: Json<dto::SimulatePolicy>) -> Reply<dto::PolicySimulation> {
    cx.read(async |conn| {
        if store::versions(conn, Some(&key)).await?.is_empty() {
            return Err(unknown(&key));
        }
        let dto::SimulatePolicy { tiers, cumulative } = body.0.clone();
        let draft = domain::tiers(tiers, cumulative)?;
        let past = approvals::asked_by(conn, &key, simulation::MOST).await?;
        let directory = approvals::directory(conn, cx.app().name).await?;
        Ok(simulation::run(key.clone(), &draft, past, &directory, cx.app().name))
    })
    .await
}

/// Of one key's versions, newest first, the one that holds.
fn in_force(versions: &[Policy], now: Moment) -> Option<&Policy> {
    versions.iter().find(|version| version.effective_from <= now)
}

fn unknown(id: &str) -> ApiError {
    ApiError::NotFound { entity: Policy::KIND, id: id.to_owned() }
}

fn show(policy: Policy) -> dto::PolicyVersion {
    let tiers = policy.tiers().tiers.into_iter().map(|tier| dto::PolicyTier {
        from: tier.from.into(),
        to: tier.to.map(Into::into),
        steps: tier.steps.iter().map(Into::into).collect(),
    });
    let tiers = tiers.collect();
    let Policy { id, key, version, steps: _, tiers: _, cumulative, effective_from, published_by, reason } = policy;
    dto::PolicyVersion { id, key, version, tiers, cumulative, effective_from, published_by, reason }
}
