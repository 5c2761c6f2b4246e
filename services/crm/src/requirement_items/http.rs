//! `/api/crm/v1/requirement-items`: parse, ask, answer.
use super::{
    domain::{RequirementItem, RequirementItemRule},
    store,
};
use crate::{opportunities, requirement_specs::domain::RequirementSpec};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, OpportunityPageQuery, RequirementItemId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_requirement_item)
        .service(list_requirement_items)
        .service(get_requirement_item)
        .service(update_requirement_item)
        .service(address_requirement_item)
        .service(drop_requirement_item);
}

/// Note a need, a pain or an expectation of the customer of an open opportunity.
#[utoipa::path(tag = "requirement_item", responses((status = 201, description = "The item", body = dto::RequirementItem)))]
#[post("/requirement-items")]
async fn create_requirement_item(cx: Cx, body: Json<dto::NewRequirementItem>) -> Reply<dto::RequirementItem> {
    cx.command(StatusCode::CREATED, async |tx| {
        let opportunity = opportunities::named_open(tx, &cx, body.0.opportunity_id).await?;
        let change = RequirementItem::note(tx.id(), body.0.clone(), &opportunity, &tx.stamp());
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Items, newest first.
#[utoipa::path(tag = "requirement_item", params(OpportunityPageQuery), responses((status = 200, description = "A page", body = Page<dto::RequirementItem>)))]
#[get("/requirement-items")]
async fn list_requirement_items(cx: Cx, query: Query<OpportunityPageQuery>) -> Reply<Page<dto::RequirementItem>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One item.
#[utoipa::path(tag = "requirement_item", responses((status = 200, description = "The item", body = dto::RequirementItem)))]
#[get("/requirement-items/{id}")]
async fn get_requirement_item(cx: Cx, id: Path<RequirementItemId>) -> Reply<dto::RequirementItem> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change an open item.
#[utoipa::path(tag = "requirement_item", responses((status = 200, description = "The item", body = dto::RequirementItem)))]
#[patch("/requirement-items/{id}")]
async fn update_requirement_item(
    cx: Cx,
    id: Path<RequirementItemId>,
    body: Json<dto::RequirementItemPatch>,
) -> Reply<dto::RequirementItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: RequirementItem = tx.open(*id).await?;
        Ok(show(tx.save(item.update(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// It is met: say how, and by which item of a specification where one says it.
#[utoipa::path(tag = "requirement_item", responses((status = 200, description = "Addressed", body = dto::RequirementItem)))]
#[post("/requirement-items/{id}/address")]
async fn address_requirement_item(
    cx: Cx,
    id: Path<RequirementItemId>,
    body: Json<dto::AddressRequirementItem>,
) -> Reply<dto::RequirementItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: RequirementItem = tx.open(*id).await?;
        let dto::AddressRequirementItem { how, requirement_spec_id, spec_item_id } = body.0.clone();
        let named = match (requirement_spec_id, spec_item_id) {
            (None, None) => None,
            // Of a specification that is not there the answer is that of one that is another opportunity's.
            (Some(spec), Some(item)) => {
                Some((tx.try_load::<RequirementSpec>(spec).await?.ok_or(RequirementItemRule::Elsewhere)?, item))
            }
            _ => return Err(RequirementItemRule::Half.into()),
        };
        let change = item.address(how.into_string(), named.as_ref().map(|(spec, item)| (spec, *item)))?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Nothing is done about it; say why.
#[utoipa::path(tag = "requirement_item", responses((status = 200, description = "Dropped", body = dto::RequirementItem)))]
#[post("/requirement-items/{id}/drop")]
async fn drop_requirement_item(
    cx: Cx,
    id: Path<RequirementItemId>,
    body: Json<dto::Reason>,
) -> Reply<dto::RequirementItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: RequirementItem = tx.open(*id).await?;
        Ok(show(tx.save(item.drop(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

fn show(item: RequirementItem, caller: &Caller) -> dto::RequirementItem {
    let available_actions = item.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let RequirementItem {
        id,
        status,
        case_id,
        opportunity_id,
        kind,
        priority,
        text,
        how,
        requirement_spec_id,
        spec_item_id,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = item;
    dto::RequirementItem {
        id,
        status,
        case_id,
        opportunity_id,
        kind,
        priority,
        text,
        how,
        requirement_spec_id,
        spec_item_id,
        reason,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
