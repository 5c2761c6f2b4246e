//! `/api/crm/v1/action-items`: parse, ask, answer.
use super::{
    domain::{ActionItem, ActionItemRule},
    store,
};
use crate::{escalations, links, meetings, references::ownership_at};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, ActionItemId, ActionItemQuery, LadderKind},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_action_item)
        .service(list_action_items)
        .service(get_action_item)
        .service(complete_action_item)
        .service(cancel_action_item);
}

/// Give somebody something to do by a day, out of a meeting or about any document.
#[utoipa::path(tag = "action_item", responses((status = 201, description = "Theirs to do", body = dto::ActionItem)))]
#[post("/action-items")]
async fn create_action_item(cx: Cx, body: Json<dto::NewActionItem>) -> Reply<dto::ActionItem> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let owner = ownership_at(tx.conn(), "/owner", new.owner.as_str()).await?;
        if !cx.sight().sees(Some(&owner)) {
            return Err(ActionItemRule::Reach.into());
        }
        let mut linked = links::linked(tx, cx.caller(), new.link.as_ref()).await?;
        if let Some(meeting_id) = new.meeting_id {
            let unknown = || ApiError::absent("/meeting_id", "meeting", meeting_id);
            let meeting = meetings::seen(tx, meeting_id, cx.caller()).await?.ok_or_else(unknown)?;
            if !meeting.gives_work() {
                return Err(ActionItemRule::Meeting { number: meeting.number }.into());
            }
            linked.case_id = linked.case_id.or(meeting.case_id);
        }
        let ladder = escalations::of_kind(tx.conn(), LadderKind::ActionItem).await?;
        let change = ActionItem::give(tx.id(), new, owner, &linked, &ladder, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Action items, newest first.
#[utoipa::path(tag = "action_item", params(ActionItemQuery), responses((status = 200, description = "A page", body = Page<dto::ActionItem>)))]
#[get("/action-items")]
async fn list_action_items(cx: Cx, query: Query<ActionItemQuery>) -> Reply<Page<dto::ActionItem>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One action item.
#[utoipa::path(tag = "action_item", responses((status = 200, description = "The action item", body = dto::ActionItem)))]
#[get("/action-items/{id}")]
async fn get_action_item(cx: Cx, id: Path<ActionItemId>) -> Reply<dto::ActionItem> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// It was done: say what came of it.
#[utoipa::path(tag = "action_item", responses((status = 200, description = "Done", body = dto::ActionItem)))]
#[post("/action-items/{id}/complete")]
async fn complete_action_item(
    cx: Cx,
    id: Path<ActionItemId>,
    body: Json<dto::CompleteActionItem>,
) -> Reply<dto::ActionItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: ActionItem = tx.open(*id).await?;
        let change = item.complete(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Nobody needs it any more; say why.
#[utoipa::path(tag = "action_item", responses((status = 200, description = "Cancelled", body = dto::ActionItem)))]
#[post("/action-items/{id}/cancel")]
async fn cancel_action_item(cx: Cx, id: Path<ActionItemId>, body: Json<dto::Reason>) -> Reply<dto::ActionItem> {
    cx.command(StatusCode::OK, async |tx| {
        let item: ActionItem = tx.open(*id).await?;
        let change = item.cancel(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(item: ActionItem, caller: &Caller) -> dto::ActionItem {
    let (available_actions, link) = (item.available_actions(caller), item.link());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let ActionItem {
        id,
        status,
        title,
        meeting_id,
        link_kind: _,
        link_id: _,
        case_id,
        due_on,
        due_at,
        calendar_id,
        level,
        next_level_at,
        told_to,
        result,
        reason,
        done_by,
        ended_at,
        created_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = item;
    dto::ActionItem {
        id,
        status,
        title,
        meeting_id,
        link,
        case_id,
        due_on,
        due_at,
        calendar_id,
        level,
        next_level_at,
        told_to,
        result,
        reason,
        done_by,
        ended_at,
        created_by,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
