//! `/api/crm/v1/account-plans`: parse, ask, answer.
use super::{
    domain::{AccountPlan, AccountPlanRule},
    store,
};
use crate::{accounts::domain::Account, actions::refuse};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Conn, Cx, Entity, Json, Machine, Reply, Result};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, AccountId, AccountPageQuery, AccountPlanId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_account_plan)
        .service(list_account_plans)
        .service(get_account_plan)
        .service(update_account_plan)
        .service(activate_account_plan)
        .service(close_account_plan);
}

/// Draft a plan for a customer whom the caller may see; it is the customer's owner's.
#[utoipa::path(tag = "account_plan", responses((status = 201, description = "The draft", body = dto::AccountPlan)))]
#[post("/account-plans")]
async fn create_account_plan(cx: Cx, body: Json<dto::NewAccountPlan>) -> Reply<dto::AccountPlan> {
    cx.command(StatusCode::CREATED, async |tx| {
        let id = body.0.account_id;
        let account: Option<Account> = tx.try_load(id).await?;
        let seen = account.filter(|account| cx.sight().sees(account.ownership().as_ref()));
        let account = seen.ok_or_else(|| ApiError::absent("/account_id", "account", id))?;
        let number = tx.next_number("account_plan").await?;
        let change = AccountPlan::draft(tx.id(), number, body.0.clone(), &account, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Plans, newest first.
#[utoipa::path(tag = "account_plan", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::AccountPlan>)))]
#[get("/account-plans")]
async fn list_account_plans(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::AccountPlan>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One plan; its actions also say where the customer has another active one, which those of lists do not.
#[utoipa::path(tag = "account_plan", responses((status = 200, description = "The plan", body = dto::AccountPlan)))]
#[get("/account-plans/{id}")]
async fn get_account_plan(cx: Cx, id: Path<AccountPlanId>) -> Reply<dto::AccountPlan> {
    cx.read(async |conn| {
        let plan = cx.visible(*id, store::find(conn, *id).await?)?;
        let alone = stands_alone(conn, plan.account_id).await;
        let mut shown = show(plan, cx.caller());
        refuse(&mut shown.available_actions, "activate", cx.caller(), alone)?;
        Ok(shown)
    })
    .await
}

/// Change a draft; of an active plan, the actions.
#[utoipa::path(tag = "account_plan", responses((status = 200, description = "The plan", body = dto::AccountPlan)))]
#[patch("/account-plans/{id}")]
async fn update_account_plan(
    cx: Cx,
    id: Path<AccountPlanId>,
    body: Json<dto::AccountPlanPatch>,
) -> Reply<dto::AccountPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: AccountPlan = tx.open(*id).await?;
        Ok(show(tx.save(plan.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Carry it out; a customer has one active plan.
#[utoipa::path(tag = "account_plan", responses((status = 200, description = "Active", body = dto::AccountPlan)))]
#[post("/account-plans/{id}/activate")]
async fn activate_account_plan(cx: Cx, id: Path<AccountPlanId>) -> Reply<dto::AccountPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: AccountPlan = tx.open(*id).await?;
        let change = plan.activate()?;
        let after = change.after();
        tx.one_at_a_time(&format!("account_plan:{}", after.account_id)).await?;
        stands_alone(tx.conn(), after.account_id).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// A customer has one active plan.
async fn stands_alone(conn: &mut Conn, account: AccountId) -> Result<()> {
    let active = store::active_number(conn, account).await?;
    active.map_or(Ok(()), |number| Err(AccountPlanRule::Active { number }.into()))
}

/// It is over; say what was reached.
#[utoipa::path(tag = "account_plan", responses((status = 200, description = "Closed", body = dto::AccountPlan)))]
#[post("/account-plans/{id}/close")]
async fn close_account_plan(
    cx: Cx,
    id: Path<AccountPlanId>,
    body: Json<dto::CloseAccountPlan>,
) -> Reply<dto::AccountPlan> {
    cx.command(StatusCode::OK, async |tx| {
        let plan: AccountPlan = tx.open(*id).await?;
        let change = plan.close(body.0.result.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(plan: AccountPlan, caller: &Caller) -> dto::AccountPlan {
    let available_actions = plan.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let AccountPlan {
        id,
        number,
        status,
        account_id,
        account_name,
        title,
        goals,
        actions,
        result,
        created_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = plan;
    dto::AccountPlan {
        id,
        number,
        status,
        account_id,
        account_name,
        title,
        goals: goals.0,
        actions: actions.0,
        result,
        created_by,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
