//! `/api/crm/v1/target-lists`: parse, ask, answer.
use super::{domain::TargetList, members, store};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, TargetListId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_target_list)
        .service(list_target_lists)
        .service(get_target_list)
        .service(list_target_list_members)
        .service(add_members_target_list)
        .service(remove_members_target_list)
        .service(approve_target_list)
        .service(activate_target_list)
        .service(close_target_list);
}

/// Draft a list, of named leads and customers or of a segment; only of those whom the caller may see.
#[utoipa::path(tag = "target_list", responses((status = 201, description = "The draft", body = dto::TargetList)))]
#[post("/target-lists")]
async fn create_target_list(cx: Cx, body: Json<dto::NewTargetList>) -> Reply<dto::TargetList> {
    cx.command(StatusCode::CREATED, async |tx| {
        let members = members::named(tx, cx.caller(), &body.0.members, body.0.segment_id).await?;
        let number = tx.next_number("target_list").await?;
        let change = TargetList::draft(tx.id(), number, body.0.clone(), members, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Lists, newest first.
#[utoipa::path(tag = "target_list", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::TargetList>)))]
#[get("/target-lists")]
async fn list_target_lists(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::TargetList>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One list.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "The list", body = dto::TargetList)))]
#[get("/target-lists/{id}")]
async fn get_target_list(cx: Cx, id: Path<TargetListId>) -> Reply<dto::TargetList> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Who is on it, in the order in which they were put there, as far as the caller may see leads and customers.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "All of them", body = Vec<dto::TargetMember>)))]
#[get("/target-lists/{id}/members")]
async fn list_target_list_members(cx: Cx, id: Path<TargetListId>) -> Reply<Vec<dto::TargetMember>> {
    cx.read(async |conn| {
        let list = cx.visible(*id, store::find(conn, *id).await?)?;
        members::seen(conn, cx.caller(), list.members.0).await
    })
    .await
}

/// Put more on a draft, of those whom the caller may see.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "The draft", body = dto::TargetList)))]
#[post("/target-lists/{id}/add-members")]
async fn add_members_target_list(
    cx: Cx,
    id: Path<TargetListId>,
    body: Json<dto::AddTargetMembers>,
) -> Reply<dto::TargetList> {
    cx.command(StatusCode::OK, async |tx| {
        let list: TargetList = tx.open(*id).await?;
        list.may("add_members")?;
        let members = members::named(tx, cx.caller(), &body.0.members, None).await?;
        Ok(show(tx.save(list.put_on(members, &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Take some off a draft.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "The draft", body = dto::TargetList)))]
#[post("/target-lists/{id}/remove-members")]
async fn remove_members_target_list(
    cx: Cx,
    id: Path<TargetListId>,
    body: Json<dto::RemoveTargetMembers>,
) -> Reply<dto::TargetList> {
    cx.command(StatusCode::OK, async |tx| {
        let list: TargetList = tx.open(*id).await?;
        Ok(show(tx.save(list.take_off(&body.0.ids, &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Settle it; by another than whoever drafted or changed it.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "Approved", body = dto::TargetList)))]
#[post("/target-lists/{id}/approve")]
async fn approve_target_list(cx: Cx, id: Path<TargetListId>) -> Reply<dto::TargetList> {
    cx.command(StatusCode::OK, async |tx| {
        let list: TargetList = tx.open(*id).await?;
        let change = list.approve(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Work on it.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "Active", body = dto::TargetList)))]
#[post("/target-lists/{id}/activate")]
async fn activate_target_list(cx: Cx, id: Path<TargetListId>) -> Reply<dto::TargetList> {
    cx.command(StatusCode::OK, async |tx| {
        let list: TargetList = tx.open(*id).await?;
        let change = list.activate()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Work on it no more.
#[utoipa::path(tag = "target_list", responses((status = 200, description = "Closed", body = dto::TargetList)))]
#[post("/target-lists/{id}/close")]
async fn close_target_list(cx: Cx, id: Path<TargetListId>) -> Reply<dto::TargetList> {
    cx.command(StatusCode::OK, async |tx| {
        let list: TargetList = tx.open(*id).await?;
        let change = list.close()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(list: TargetList, caller: &Caller) -> dto::TargetList {
    let available_actions = list.available_actions(caller);
    let member_count = list.members.0.len();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let TargetList {
        id,
        number,
        status,
        name,
        segment_id,
        members: _,
        created_by,
        makers: _,
        approved_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = list;
    dto::TargetList {
        id,
        number,
        status,
        name,
        segment_id,
        created_by,
        approved_by,
        owner_id,
        created_at,
        version,
        member_count,
        available_actions,
    }
}
