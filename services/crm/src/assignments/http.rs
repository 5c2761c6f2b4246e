//! `/api/crm/v1/assignments`: parse, ask, answer.
use super::{
    assign::{assign, open, take_back},
    domain::Assignment,
    store,
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, AssignmentId, AssignmentQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_assignment)
        .service(list_assignments)
        .service(get_assignment)
        .service(accept_assignment)
        .service(decline_assignment);
}

/// Give a lead, an opportunity or a customer another owner: the named colleague, or whom a rule chooses. A customer's contacts and
/// what hangs on an opportunity go with it: specifications, and questions, rounds, surveys, items, seats, actions and a project that
/// are not done.
#[utoipa::path(tag = "assignment", responses((status = 201, description = "Theirs from now on", body = dto::Assignment)))]
#[post("/assignments")]
async fn create_assignment(cx: Cx, body: Json<dto::NewAssignment>) -> Reply<dto::Assignment> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(assign(tx, body.0.clone(), cx.sight()).await?, cx.caller())))
        .await
}

/// Changes of owner, newest first: with `target_id`, the history of one.
#[utoipa::path(tag = "assignment", params(AssignmentQuery), responses((status = 200, description = "A page", body = Page<dto::Assignment>)))]
#[get("/assignments")]
async fn list_assignments(cx: Cx, query: Query<AssignmentQuery>) -> Reply<Page<dto::Assignment>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One change of owner.
#[utoipa::path(tag = "assignment", responses((status = 200, description = "The assignment", body = dto::Assignment)))]
#[get("/assignments/{id}")]
async fn get_assignment(cx: Cx, id: Path<AssignmentId>) -> Reply<dto::Assignment> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Take it: the new owner's word.
#[utoipa::path(tag = "assignment", responses((status = 200, description = "Accepted", body = dto::Assignment)))]
#[post("/assignments/{id}/accept")]
async fn accept_assignment(cx: Cx, id: Path<AssignmentId>) -> Reply<dto::Assignment> {
    cx.command(StatusCode::OK, async |tx| {
        let (_, assignment) = open(tx, *id).await?;
        let change = assignment.accept(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Do not take it, and say why: it goes back to whose it was.
#[utoipa::path(tag = "assignment", responses((status = 200, description = "Declined", body = dto::Assignment)))]
#[post("/assignments/{id}/decline")]
async fn decline_assignment(cx: Cx, id: Path<AssignmentId>, body: Json<dto::Reason>) -> Reply<dto::Assignment> {
    cx.command(StatusCode::OK, async |tx| {
        let (held, assignment) = open(tx, *id).await?;
        let change = assignment.decline(body.0.reason.to_string(), &tx.stamp())?;
        let declined = tx.save(change).await?;
        take_back(tx, held, &declined).await?;
        Ok(show(declined, cx.caller()))
    })
    .await
}

fn show(assignment: Assignment, caller: &Caller) -> dto::Assignment {
    let available_actions = assignment.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Assignment {
        id,
        status,
        target,
        target_id,
        target_number,
        case_id,
        from_owner,
        from_team: _,
        from_department: _,
        basis,
        rule_id,
        reason,
        answer,
        assigned_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        answered_at,
        version,
    } = assignment;
    dto::Assignment {
        id,
        status,
        target,
        target_id,
        target_number,
        case_id,
        from_owner,
        owner_id,
        basis,
        rule_id,
        reason,
        answer,
        assigned_by,
        created_at,
        answered_at,
        version,
        available_actions,
    }
}
