//! `/api/crm/v1/accounts`: parse, ask, answer.
use super::{domain::Account, store};
use crate::references;
use actix_web::{
    get,
    http::StatusCode,
    patch, post, put,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    ExternalRef, Ownership, Page,
    crm::{self as dto, AccountId, AccountQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(upsert_account)
        .service(create_account)
        .service(list_accounts)
        .service(get_account)
        .service(update_account)
        .service(set_tier_account)
        .service(activate_account)
        .service(deactivate_account)
        .service(invalidate_account)
        .service(super::merge::merge_account);
}

/// Open a customer.
#[utoipa::path(tag = "account", responses((status = 201, description = "The customer, a prospect", body = dto::Account)))]
#[post("/accounts")]
async fn create_account(cx: Cx, body: Json<dto::AccountProfile>) -> Reply<dto::Account> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(open(tx, body.0.clone()).await?, cx.caller()))).await
}

/// As another system has it: opens the customer or brings it up to date.
#[utoipa::path(tag = "account", responses((status = 200, description = "Up to date", body = dto::Account), (status = 201, description = "A new customer", body = dto::Account)))]
#[put("/accounts/by-ref/{system}/{reference}")]
async fn upsert_account(cx: Cx, path: Path<(String, String)>, body: Json<dto::AccountProfile>) -> Reply<dto::Account> {
    let reference = references::parse(path.into_inner())?;
    cx.upsert(async |tx| {
        let (created, account) = put(tx, &reference, body.0.clone()).await?;
        Ok((created, show(account, cx.caller())))
    })
    .await
}

/// Was it created? And as it stands.
async fn put(tx: &mut Tx, reference: &ExternalRef, mut profile: dto::AccountProfile) -> Result<(bool, Account)> {
    profile.external_refs = references::with_path(reference.clone(), profile.external_refs);
    let Some(account) = tx.by_ref::<Account>(reference).await? else { return Ok((true, open(tx, profile).await?)) };
    let owner = named_owner(tx, &profile).await?;
    let Some(change) = account.clone().sync(profile, owner)? else { return Ok((false, account)) };
    let account = tx.save(change).await?;
    tx.bind_refs("account", account.id, &account.external_refs.0).await?;
    Ok((false, account))
}

async fn open(tx: &mut Tx, profile: dto::AccountProfile) -> Result<Account> {
    let owner = named_owner(tx, &profile).await?.unwrap_or_else(|| tx.stamp().ownership);
    let number = tx.next_number("account").await?;
    let change = Account::open(tx.id(), number, profile, owner, &tx.stamp())?;
    let account = tx.create(change).await?;
    tx.bind_refs("account", account.id, &account.external_refs.0).await?;
    Ok(account)
}

async fn named_owner(tx: &mut Tx, profile: &dto::AccountProfile) -> Result<Option<Ownership>, ApiError> {
    match &profile.owner {
        Some(reference) => references::ownership_at(tx.conn(), "/owner", reference.as_str()).await.map(Some),
        None => Ok(None),
    }
}

/// Customers, newest first; `q` finds them by name, how it sounds, phone, tax number or number.
#[utoipa::path(tag = "account", params(AccountQuery), responses((status = 200, description = "A page", body = Page<dto::Account>)))]
#[get("/accounts")]
async fn list_accounts(cx: Cx, query: Query<AccountQuery>) -> Reply<Page<dto::Account>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |account| account.id.into(), |account| show(account, cx.caller())))
    })
    .await
}

/// One customer.
#[utoipa::path(tag = "account", responses((status = 200, description = "The customer", body = dto::Account)))]
#[get("/accounts/{id}")]
async fn get_account(cx: Cx, id: Path<AccountId>) -> Reply<dto::Account> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a customer.
#[utoipa::path(tag = "account", responses((status = 200, description = "The customer", body = dto::Account)))]
#[patch("/accounts/{id}")]
async fn update_account(cx: Cx, id: Path<AccountId>, body: Json<dto::AccountPatch>) -> Reply<dto::Account> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        Ok(show(tx.save(account.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Make it a key account, or a standard one again.
#[utoipa::path(tag = "account", responses((status = 200, description = "The customer", body = dto::Account)))]
#[post("/accounts/{id}/set-tier")]
async fn set_tier_account(cx: Cx, id: Path<AccountId>, body: Json<dto::SetTier>) -> Reply<dto::Account> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        Ok(show(tx.save(account.set_tier(body.0.tier)?).await?, cx.caller()))
    })
    .await
}

/// We do business with it, or do so again.
#[utoipa::path(tag = "account", responses((status = 200, description = "Active", body = dto::Account)))]
#[post("/accounts/{id}/activate")]
async fn activate_account(cx: Cx, id: Path<AccountId>) -> Reply<dto::Account> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        Ok(show(tx.save(account.activate()?).await?, cx.caller()))
    })
    .await
}

/// It sleeps: nothing has come of it for long.
#[utoipa::path(tag = "account", responses((status = 200, description = "Dormant", body = dto::Account)))]
#[post("/accounts/{id}/deactivate")]
async fn deactivate_account(cx: Cx, id: Path<AccountId>, body: Json<dto::Reason>) -> Reply<dto::Account> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        Ok(show(tx.save(account.deactivate(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// It does not exist, or not any more.
#[utoipa::path(tag = "account", responses((status = 200, description = "Invalid", body = dto::Account)))]
#[post("/accounts/{id}/invalidate")]
async fn invalidate_account(cx: Cx, id: Path<AccountId>, body: Json<dto::Reason>) -> Reply<dto::Account> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        Ok(show(tx.save(account.invalidate(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

pub(super) fn show(account: Account, caller: &Caller) -> dto::Account {
    let available_actions = account.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Account {
        id,
        number,
        status,
        tier,
        name,
        name_key: _,
        phone,
        phone_key: _,
        pinyin: _,
        industry,
        tax_number,
        address,
        note,
        reason,
        external_refs,
        merged_into_id,
        last_verified_at,
        profile: _,
        decision_chain: _,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = account;
    let (address, external_refs) = (address.0, external_refs.0);
    dto::Account {
        id,
        number,
        status,
        tier,
        name,
        phone,
        industry,
        tax_number,
        address,
        note,
        reason,
        external_refs,
        merged_into_id,
        last_verified_at,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
