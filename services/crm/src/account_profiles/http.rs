//! `/api/crm/v1/accounts/{id}/profile` and `…/decision-chain`: parse, ask, answer.
use crate::{
    accounts::{self, domain::Account},
    contacts,
};
use actix_web::{get, http::StatusCode, patch, web::Path};
use platform::{Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::crm::{self as dto, AccountId};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_account_profile)
        .service(update_account_profile)
        .service(get_decision_chain)
        .service(update_decision_chain);
}

/// What is known of a customer in depth, and what is missing.
#[utoipa::path(tag = "account_profile", responses((status = 200, description = "The profile", body = dto::AccountProfileShown)))]
#[get("/accounts/{id}/profile")]
async fn get_account_profile(cx: Cx, id: Path<AccountId>) -> Reply<dto::AccountProfileShown> {
    cx.read(async |conn| Ok(show(&cx.visible(*id, accounts::find(conn, *id).await?)?))).await
}

/// Say more of a customer; what is absent stays.
#[utoipa::path(tag = "account_profile", responses((status = 200, description = "The profile", body = dto::AccountProfileShown)))]
#[patch("/accounts/{id}/profile")]
async fn update_account_profile(
    cx: Cx,
    id: Path<AccountId>,
    body: Json<dto::BusinessProfilePatch>,
) -> Reply<dto::AccountProfileShown> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        Ok(show(&tx.save(account.update_profile(body.0.clone())?).await?))
    })
    .await
}

/// Who decides at a customer.
#[utoipa::path(tag = "decision_chain", responses((status = 200, description = "The chain", body = dto::DecisionChain)))]
#[get("/accounts/{id}/decision-chain")]
async fn get_decision_chain(cx: Cx, id: Path<AccountId>) -> Reply<dto::DecisionChain> {
    cx.read(async |conn| Ok(chain(cx.visible(*id, accounts::find(conn, *id).await?)?))).await
}

/// Say who decides, all of them.
#[utoipa::path(tag = "decision_chain", responses((status = 200, description = "The chain", body = dto::DecisionChain)))]
#[patch("/accounts/{id}/decision-chain")]
async fn update_decision_chain(
    cx: Cx,
    id: Path<AccountId>,
    body: Json<dto::DecisionChainPatch>,
) -> Reply<dto::DecisionChain> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        let members = body.0.members.clone();
        let named: Vec<_> = members.iter().map(|member| member.contact_id).collect();
        let working = contacts::working(tx.conn(), *id, &named).await?;
        Ok(chain(tx.save(account.set_decision_chain(members, &working)?).await?))
    })
    .await
}

fn show(account: &Account) -> dto::AccountProfileShown {
    dto::AccountProfileShown {
        account_id: account.id,
        profile: account.profile.0.clone(),
        completeness_percent: account.completeness_percent(),
        missing: account.missing(),
        version: account.version,
    }
}

fn chain(account: Account) -> dto::DecisionChain {
    dto::DecisionChain { account_id: account.id, members: account.decision_chain.0, version: account.version }
}
