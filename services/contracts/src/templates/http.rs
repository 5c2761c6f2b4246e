//! `/api/contracts/v1/templates`: parse, ask, answer.
use super::{domain::Template, store};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    contracts::{self as dto, TemplateId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_template)
        .service(list_templates)
        .service(get_template)
        .service(update_template)
        .service(approve_template)
        .service(retire_template);
}

/// Draft a template, or the next revision of one.
#[utoipa::path(tag = "template", responses((status = 201, description = "The draft", body = dto::Template)))]
#[post("/templates")]
async fn create_template(cx: Cx, body: Json<dto::NewTemplate>) -> Reply<dto::Template> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        // Two writers get two.
        tx.one_at_a_time(&format!("template:{}:{}", new.kind, new.code)).await?;
        let revision = store::next_revision(tx.conn(), new.kind, new.code.as_str()).await?;
        let change = Template::draft(tx.id(), revision, new, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Templates, newest first.
#[utoipa::path(tag = "template", params(dto::TemplateQuery), responses((status = 200, description = "A page", body = Page<dto::Template>)))]
#[get("/templates")]
async fn list_templates(cx: Cx, query: Query<dto::TemplateQuery>) -> Reply<Page<dto::Template>> {
    let dto::TemplateQuery { limit, after, status, kind } = query.into_inner();
    let page = PageQuery { limit, after, case_id: None, status };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, kind.as_deref()).await?;
        Ok(page.page(rows, |template| template.id.into(), |template| show(template, cx.caller())))
    })
    .await
}

/// One template.
#[utoipa::path(tag = "template", responses((status = 200, description = "The template", body = dto::Template)))]
#[get("/templates/{id}")]
async fn get_template(cx: Cx, id: Path<TemplateId>) -> Reply<dto::Template> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft.
#[utoipa::path(tag = "template", responses((status = 200, description = "The draft", body = dto::Template)))]
#[patch("/templates/{id}")]
async fn update_template(cx: Cx, id: Path<TemplateId>, body: Json<dto::TemplatePatch>) -> Reply<dto::Template> {
    cx.command(StatusCode::OK, async |tx| {
        let template: Template = tx.open(*id).await?;
        Ok(show(tx.save(template.update(body.0.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Put it to use; the revision in use before is retired.
#[utoipa::path(tag = "template", responses((status = 200, description = "Approved", body = dto::Template)))]
#[post("/templates/{id}/approve")]
async fn approve_template(cx: Cx, id: Path<TemplateId>) -> Reply<dto::Template> {
    cx.command(StatusCode::OK, async |tx| {
        let template: Template = tx.open(*id).await?;
        let before = store::approved(tx.conn(), template.kind, &template.code).await?;
        let change = template.approve(&tx.stamp())?;
        if let Some(before) = before {
            let before: Template = tx.load(before).await?;
            tx.save(before.retire()?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Draft nothing new from it.
#[utoipa::path(tag = "template", responses((status = 200, description = "Retired", body = dto::Template)))]
#[post("/templates/{id}/retire")]
async fn retire_template(cx: Cx, id: Path<TemplateId>) -> Reply<dto::Template> {
    cx.command(StatusCode::OK, async |tx| {
        let template: Template = tx.open(*id).await?;
        Ok(show(tx.save(template.retire()?).await?, cx.caller()))
    })
    .await
}

fn show(template: Template, caller: &Caller) -> dto::Template {
    let available_actions = template.available_actions(caller);
    let Template {
        id,
        kind,
        code,
        revision,
        title,
        status,
        clauses,
        created_by,
        makers: _,
        created_at,
        approved_by,
        approved_at,
        version,
    } = template;
    dto::Template {
        id,
        kind,
        code,
        revision,
        title,
        status,
        clauses: clauses.0,
        created_by,
        created_at,
        approved_by,
        approved_at,
        version,
        available_actions,
    }
}
