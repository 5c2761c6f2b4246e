//! `/api/crm/v1/assignment-rules`: parse, ask, answer.
use super::{domain::AssignmentRule, store};
use crate::users;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery, Reference,
    crm::{self as dto, AssignmentRuleId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_assignment_rule)
        .service(list_assignment_rules)
        .service(get_assignment_rule)
        .service(update_assignment_rule)
        .service(retire_assignment_rule);
}

/// Make a rule; it is in use at once.
#[utoipa::path(tag = "assignment_rule", responses((status = 201, description = "The rule", body = dto::AssignmentRule)))]
#[post("/assignment-rules")]
async fn create_assignment_rule(cx: Cx, body: Json<dto::NewAssignmentRule>) -> Reply<dto::AssignmentRule> {
    cx.command(StatusCode::CREATED, async |tx| {
        let here = here(tx, &body.0.members).await?;
        let change = AssignmentRule::make(tx.id(), body.0.clone(), &here, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Those of them who work here.
async fn here(tx: &mut Tx, members: &[Reference]) -> Result<Vec<String>> {
    let references: Vec<&str> = members.iter().map(Reference::as_str).collect();
    Ok(users::named(tx.conn(), &references).await?.into_iter().map(|person| person.reference).collect())
}

/// Rules, newest first.
#[utoipa::path(tag = "assignment_rule", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::AssignmentRule>)))]
#[get("/assignment-rules")]
async fn list_assignment_rules(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::AssignmentRule>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One rule.
#[utoipa::path(tag = "assignment_rule", responses((status = 200, description = "The rule", body = dto::AssignmentRule)))]
#[get("/assignment-rules/{id}")]
async fn get_assignment_rule(cx: Cx, id: Path<AssignmentRuleId>) -> Reply<dto::AssignmentRule> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a rule in use.
#[utoipa::path(tag = "assignment_rule", responses((status = 200, description = "The rule", body = dto::AssignmentRule)))]
#[patch("/assignment-rules/{id}")]
async fn update_assignment_rule(
    cx: Cx,
    id: Path<AssignmentRuleId>,
    body: Json<dto::AssignmentRulePatch>,
) -> Reply<dto::AssignmentRule> {
    cx.command(StatusCode::OK, async |tx| {
        let rule: AssignmentRule = tx.open(*id).await?;
        let here = here(tx, body.0.members.as_deref().unwrap_or_default()).await?;
        Ok(show(tx.save(rule.update(body.0.clone(), &here)?).await?, cx.caller()))
    })
    .await
}

/// It chooses no more.
#[utoipa::path(tag = "assignment_rule", responses((status = 200, description = "Retired", body = dto::AssignmentRule)))]
#[post("/assignment-rules/{id}/retire")]
async fn retire_assignment_rule(cx: Cx, id: Path<AssignmentRuleId>) -> Reply<dto::AssignmentRule> {
    cx.command(StatusCode::OK, async |tx| {
        let rule: AssignmentRule = tx.open(*id).await?;
        Ok(show(tx.save(rule.retire()?).await?, cx.caller()))
    })
    .await
}

fn show(rule: AssignmentRule, caller: &Caller) -> dto::AssignmentRule {
    let available_actions = rule.available_actions(caller);
    let AssignmentRule { id, status, name, kind, region, members, priority, last_member, created_at, version } = rule;
    let members = members.0;
    dto::AssignmentRule {
        id,
        status,
        name,
        kind,
        region,
        members,
        priority,
        last_member,
        created_at,
        version,
        available_actions,
    }
}
