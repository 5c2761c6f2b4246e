//! `/api/crm/v1/users`: parse, ask, answer.
use super::{domain::User, store};
use crate::departments;
use actix_web::{
    get,
    http::StatusCode,
    post, put,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery, Reference,
    crm::{self as dto, UserId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(upsert_user).service(list_users).service(get_user).service(deactivate_user);
}

/// Someone joins, moves, takes other roles or comes back; the reference is the `sub` of their tokens.
#[utoipa::path(tag = "user", responses((status = 200, description = "As the directory knows them", body = dto::User), (status = 201, description = "New in the directory", body = dto::User)))]
#[put("/users/by-ref/directory/{reference}")]
async fn upsert_user(cx: Cx, reference: Path<String>, body: Json<dto::UserProfile>) -> Reply<dto::User> {
    let reference: Reference = reference.parse().map_err(|why| ApiError::unreadable("reference", why))?;
    cx.upsert(async |tx| {
        let (created, user) = put(tx, &reference, body.0.clone()).await?;
        Ok((created, show(user, cx.caller())))
    })
    .await
}

/// Were they created? And as they stand.
async fn put(tx: &mut Tx, reference: &Reference, profile: dto::UserProfile) -> Result<(bool, User)> {
    if let Some(code) = &profile.department
        && !departments::exists(tx.conn(), code.as_str()).await?
    {
        return Err(ApiError::absent("/department", "department", code));
    }
    tx.one_at_a_time(&format!("user:{reference}")).await?;
    let Some(id) = store::id_of(tx.conn(), reference.as_str()).await? else {
        let change = User::join(tx.id(), reference.to_string(), profile, &tx.stamp())?;
        return Ok((true, tx.create(change).await?));
    };
    let user: User = tx.load(id).await?;
    match user.clone().update(profile)? {
        Some(change) => Ok((false, tx.save(change).await?)),
        None => Ok((false, user)),
    }
}

/// People, newest first.
#[utoipa::path(tag = "user", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::User>)))]
#[get("/users")]
async fn list_users(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::User>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |user| user.id.into(), |user| show(user, cx.caller())))
    })
    .await
}

/// One person.
#[utoipa::path(tag = "user", responses((status = 200, description = "The person", body = dto::User)))]
#[get("/users/{id}")]
async fn get_user(cx: Cx, id: Path<UserId>) -> Reply<dto::User> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// They left: nobody asks them any more.
#[utoipa::path(tag = "user", responses((status = 200, description = "Inactive", body = dto::User)))]
#[post("/users/{id}/deactivate")]
async fn deactivate_user(cx: Cx, id: Path<UserId>) -> Reply<dto::User> {
    cx.command(StatusCode::OK, async |tx| {
        let user: User = tx.open(*id).await?;
        Ok(show(tx.save(user.deactivate()?).await?, cx.caller()))
    })
    .await
}

fn show(user: User, caller: &Caller) -> dto::User {
    let available_actions = user.available_actions(caller);
    let User { id, reference, name, roles, department, team, status, created_at, version } = user;
    dto::User { id, reference, name, roles: roles.0, department, team, status, created_at, version, available_actions }
}
