//! `/api/crm/v1/data-quality-rules` and `/data-quality-tasks`: parse, ask, answer.
use super::{
    domain::{DataQualityRule, DataQualityTask},
    rules, tasks,
};
use crate::{
    accounts::{self, domain::Account},
    actions::refuse,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, AccountPageQuery, DataQualityRuleId, DataQualityTaskId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_data_quality_rule)
        .service(list_data_quality_rules)
        .service(get_data_quality_rule)
        .service(update_data_quality_rule)
        .service(retire_data_quality_rule)
        .service(create_data_quality_task)
        .service(list_data_quality_tasks)
        .service(get_data_quality_task)
        .service(verify_data_quality_task)
        .service(purge_data_quality_task)
        .service(dismiss_data_quality_task);
}

/// Say how long data of a grade of customers is trusted.
#[utoipa::path(tag = "data_quality_rule", responses((status = 201, description = "The rule", body = dto::DataQualityRule)))]
#[post("/data-quality-rules")]
async fn create_data_quality_rule(cx: Cx, body: Json<dto::NewDataQualityRule>) -> Reply<dto::DataQualityRule> {
    cx.command(StatusCode::CREATED, async |tx| {
        let taken = rules::taken(tx.conn(), body.0.tier).await?;
        let change = DataQualityRule::create(tx.id(), &body.0, taken, &tx.stamp())?;
        Ok(show_rule(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Rules, newest first.
#[utoipa::path(tag = "data_quality_rule", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::DataQualityRule>)))]
#[get("/data-quality-rules")]
async fn list_data_quality_rules(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::DataQualityRule>> {
    cx.read(async |conn| {
        let rows = rules::list(conn, &page).await?;
        Ok(page.page(rows, |rule| rule.id.into(), |rule| show_rule(rule, cx.caller())))
    })
    .await
}

/// One rule.
#[utoipa::path(tag = "data_quality_rule", responses((status = 200, description = "The rule", body = dto::DataQualityRule)))]
#[get("/data-quality-rules/{id}")]
async fn get_data_quality_rule(cx: Cx, id: Path<DataQualityRuleId>) -> Reply<dto::DataQualityRule> {
    cx.read(async |conn| Ok(show_rule(cx.visible(*id, rules::find(conn, *id).await?)?, cx.caller()))).await
}

/// Trust data for longer, or not so long.
#[utoipa::path(tag = "data_quality_rule", responses((status = 200, description = "The rule", body = dto::DataQualityRule)))]
#[patch("/data-quality-rules/{id}")]
async fn update_data_quality_rule(
    cx: Cx,
    id: Path<DataQualityRuleId>,
    body: Json<dto::DataQualityRulePatch>,
) -> Reply<dto::DataQualityRule> {
    cx.command(StatusCode::OK, async |tx| {
        let rule: DataQualityRule = tx.open(*id).await?;
        Ok(show_rule(tx.save(rule.update(&body.0)?).await?, cx.caller()))
    })
    .await
}

/// Open no tasks by this rule any more.
#[utoipa::path(tag = "data_quality_rule", responses((status = 200, description = "Retired", body = dto::DataQualityRule)))]
#[post("/data-quality-rules/{id}/retire")]
async fn retire_data_quality_rule(cx: Cx, id: Path<DataQualityRuleId>) -> Reply<dto::DataQualityRule> {
    cx.command(StatusCode::OK, async |tx| {
        let rule: DataQualityRule = tx.open(*id).await?;
        Ok(show_rule(tx.save(rule.retire()?).await?, cx.caller()))
    })
    .await
}

/// Have a customer looked at before the time.
#[utoipa::path(tag = "data_quality_task", responses((status = 201, description = "To be looked at", body = dto::DataQualityTask)))]
#[post("/data-quality-tasks")]
async fn create_data_quality_task(cx: Cx, body: Json<dto::NewDataQualityTask>) -> Reply<dto::DataQualityTask> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::NewDataQualityTask { account_id, note } = body.0.clone();
        let unknown = ApiError::absent("/account_id", "account", account_id);
        let account: Option<Account> = tx.try_load(account_id).await?;
        let account = account.filter(|account| cx.sight().sees(account.ownership().as_ref())).ok_or(unknown)?;
        let open = tasks::is_open(tx.conn(), account_id).await?;
        let note = note.map(wire::Label::into_string);
        let change = DataQualityTask::open(tx.id(), &account, None, note, open, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Tasks, newest first.
#[utoipa::path(tag = "data_quality_task", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::DataQualityTask>)))]
#[get("/data-quality-tasks")]
async fn list_data_quality_tasks(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::DataQualityTask>> {
    cx.read(async |conn| {
        let rows = tasks::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |task| task.id.into(), |task| show(task, cx.caller())))
    })
    .await
}

/// One task; its actions also say where the customer's state or an open deal is in the way, which those of lists do not.
#[utoipa::path(tag = "data_quality_task", responses((status = 200, description = "The task", body = dto::DataQualityTask)))]
#[get("/data-quality-tasks/{id}")]
async fn get_data_quality_task(cx: Cx, id: Path<DataQualityTaskId>) -> Reply<dto::DataQualityTask> {
    cx.read(async |conn| {
        let mut shown = show(cx.visible(*id, tasks::find(conn, *id).await?)?, cx.caller());
        if let Some(account) = accounts::find(conn, shown.account_id).await? {
            let verify = account.may("verify").map_err(ApiError::from);
            refuse(&mut shown.available_actions, "verify", cx.caller(), verify)?;
            let purge = accounts::may_purge(conn, &account).await;
            refuse(&mut shown.available_actions, "purge", cx.caller(), purge)?;
        }
        Ok(shown)
    })
    .await
}

/// What is known of the customer is right.
#[utoipa::path(tag = "data_quality_task", responses((status = 200, description = "Verified", body = dto::DataQualityTask)))]
#[post("/data-quality-tasks/{id}/verify")]
async fn verify_data_quality_task(
    cx: Cx,
    id: Path<DataQualityTaskId>,
    body: Json<dto::VerifyDataQualityTask>,
) -> Reply<dto::DataQualityTask> {
    cx.command(StatusCode::OK, async |tx| {
        let (task, stamp): (DataQualityTask, _) = (tx.open(*id).await?, tx.stamp());
        let account: Account = tx.load(task.account_id).await?;
        let change = task.verify(body.0.note.clone().map(wire::Label::into_string), &stamp)?;
        tx.save(account.verify(&stamp)?).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Remove what is known of the customer and its people; id and number remain. Say why.
#[utoipa::path(tag = "data_quality_task", responses((status = 200, description = "Purged", body = dto::DataQualityTask)))]
#[post("/data-quality-tasks/{id}/purge")]
async fn purge_data_quality_task(
    cx: Cx,
    id: Path<DataQualityTaskId>,
    body: Json<dto::Reason>,
) -> Reply<dto::DataQualityTask> {
    cx.command(StatusCode::OK, async |tx| {
        let (task, stamp): (DataQualityTask, _) = (tx.open(*id).await?, tx.stamp());
        let account: Account = tx.load(task.account_id).await?;
        let change = task.purge(body.0.reason.to_string(), &stamp)?;
        accounts::purge(tx, account, body.0.reason.to_string()).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// There is nothing to look at; say why.
#[utoipa::path(tag = "data_quality_task", responses((status = 200, description = "Dismissed", body = dto::DataQualityTask)))]
#[post("/data-quality-tasks/{id}/dismiss")]
async fn dismiss_data_quality_task(
    cx: Cx,
    id: Path<DataQualityTaskId>,
    body: Json<dto::Reason>,
) -> Reply<dto::DataQualityTask> {
    cx.command(StatusCode::OK, async |tx| {
        let task: DataQualityTask = tx.open(*id).await?;
        let change = task.dismiss(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show_rule(rule: DataQualityRule, caller: &Caller) -> dto::DataQualityRule {
    let available_actions = rule.available_actions(caller);
    let DataQualityRule { id, status, tier, max_age_days, created_at, version } = rule;
    dto::DataQualityRule { id, status, tier, max_age_days, created_at, version, available_actions }
}

fn show(task: DataQualityTask, caller: &Caller) -> dto::DataQualityTask {
    let available_actions = task.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let DataQualityTask {
        id,
        status,
        account_id,
        rule_id,
        stale_since,
        note,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        closed_at,
        closed_by,
        version,
    } = task;
    dto::DataQualityTask {
        id,
        status,
        account_id,
        rule_id,
        stale_since,
        note,
        owner_id,
        created_at,
        closed_at,
        closed_by,
        version,
        available_actions,
    }
}
