//! `/delegations` of every service: parse, ask, answer.
use super::{
    domain::{Delegation, DelegationRule, Parties, Person},
    store,
};
use crate::{Caller, Cx, Json, Machine, Reply, Result, Sight, Tx, approvals::store as approvals, replica};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::UserSnapshot,
    delegation::{self as dto, DelegationId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_delegation).service(list_delegations).service(get_delegation).service(revoke_delegation);
}

/// Lend one's seats in approvals to someone for some days; operations lends those of who is away already.
#[utoipa::path(tag = "delegation", responses((status = 201, description = "Lent", body = dto::Delegation)))]
#[post("/delegations")]
async fn create_delegation(cx: Cx, body: Json<dto::NewDelegation>) -> Reply<dto::Delegation> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let from = new.from.as_ref().map_or_else(|| cx.caller().user.clone(), ToString::to_string);
        if *cx.sight() != Sight::All && from != cx.caller().user {
            return Err(DelegationRule::Others.into());
        }
        let parties = parties(tx, &from, new.to.as_str()).await?;
        let change = Delegation::lend(tx.id(), from, new, &parties, cx.app().name, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Delegations, newest first: one's own, and those that lend one seats.
#[utoipa::path(tag = "delegation", params(dto::DelegationQuery), responses((status = 200, description = "A page", body = Page<dto::Delegation>)))]
#[get("/delegations")]
async fn list_delegations(cx: Cx, query: Query<dto::DelegationQuery>) -> Reply<Page<dto::Delegation>> {
    let dto::DelegationQuery { limit, after, status } = query.into_inner();
    let page = PageQuery { limit, after, status, case_id: None };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One delegation.
#[utoipa::path(tag = "delegation", responses((status = 200, description = "The delegation", body = dto::Delegation)))]
#[get("/delegations/{id}")]
async fn get_delegation(cx: Cx, id: Path<DelegationId>) -> Reply<dto::Delegation> {
    cx.read(async |conn| {
        let found = store::find(conn, *id).await?;
        let lent = found.clone().filter(|row| row.to_user == cx.caller().user);
        let row = match lent {
            Some(row) => row,
            None => cx.visible(*id, found)?,
        };
        Ok(show(row, cx.caller()))
    })
    .await
}

/// Take one's seats back before the time, and say why.
#[utoipa::path(tag = "delegation", responses((status = 200, description = "Revoked", body = dto::Delegation)))]
#[post("/delegations/{id}/revoke")]
async fn revoke_delegation(
    cx: Cx,
    id: Path<DelegationId>,
    body: Json<dto::RevokeDelegation>,
) -> Reply<dto::Delegation> {
    cx.command(StatusCode::OK, async |tx| {
        let delegation: Delegation = tx.open(*id).await?;
        let change = delegation.revoke(body.0.reason.to_string(), cx.app().name, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Both sides as the directory knows them, and the policies that there are.
async fn parties(tx: &mut Tx, from: &str, to: &str) -> Result<Parties> {
    let known: Vec<UserSnapshot> = replica::find_by_keys(tx.conn(), &[from, to]).await?;
    let person = |reference: &str| {
        let found = known.iter().find(|user| user.active && user.reference == reference)?;
        let roles = found.roles.iter().filter_map(|role| role.parse().ok()).collect();
        Some(Person { reference: reference.to_owned(), roles })
    };
    Ok(Parties { from: person(from), to: person(to), known_keys: approvals::policy_keys(tx.conn()).await? })
}

fn show(delegation: Delegation, caller: &Caller) -> dto::Delegation {
    let available_actions = delegation.available_actions(caller);
    let Delegation {
        id,
        from_user,
        to_user,
        first_day,
        last_day,
        policy_keys,
        reason,
        status,
        created_by,
        created_at,
        ended_at,
        version,
    } = delegation;
    dto::Delegation {
        id,
        from: from_user,
        to: to_user,
        first_day,
        last_day,
        policy_keys,
        reason,
        status,
        created_by,
        created_at,
        ended_at,
        version,
        available_actions,
    }
}
