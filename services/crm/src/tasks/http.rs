//! `/api/crm/v1/tasks`: parse, ask, answer.
use super::{
    domain::{Task, TaskRule},
    store,
};
use crate::{links, references::ownership_at};
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
    crm::{self as dto, TaskId, TaskQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_task)
        .service(list_tasks)
        .service(get_task)
        .service(understand_task)
        .service(plan_task)
        .service(start_task)
        .service(evaluate_task)
        .service(submit_task)
        .service(accept_task)
        .service(return_task)
        .service(archive_task);
}

/// Give somebody a task, or take one down for oneself.
#[utoipa::path(tag = "task", responses((status = 201, description = "Received", body = dto::Task)))]
#[post("/tasks")]
async fn create_task(cx: Cx, body: Json<dto::NewTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let owner = match &new.assignee {
            None => cx.caller().ownership(),
            Some(assignee) => ownership_at(tx.conn(), "/assignee", assignee.as_str()).await?,
        };
        if !cx.sight().sees(Some(&owner)) {
            return Err(TaskRule::Reach.into());
        }
        let linked = links::linked(tx, cx.caller(), new.link.as_ref()).await?;
        let number = tx.next_number("task").await?;
        let change = Task::receive(tx.id(), number, new, owner, &linked, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Tasks, newest first.
#[utoipa::path(tag = "task", params(TaskQuery), responses((status = 200, description = "A page", body = Page<dto::Task>)))]
#[get("/tasks")]
async fn list_tasks(cx: Cx, query: Query<TaskQuery>) -> Reply<Page<dto::Task>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One task.
#[utoipa::path(tag = "task", responses((status = 200, description = "The task", body = dto::Task)))]
#[get("/tasks/{id}")]
async fn get_task(cx: Cx, id: Path<TaskId>) -> Reply<dto::Task> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Say how it is understood.
#[utoipa::path(tag = "task", responses((status = 200, description = "Understood", body = dto::Task)))]
#[post("/tasks/{id}/understand")]
async fn understand_task(cx: Cx, id: Path<TaskId>, body: Json<dto::UnderstandTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.understand(body.0.understanding.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say how it will be done; until it is started, the plan may be made anew.
#[utoipa::path(tag = "task", responses((status = 200, description = "Planned", body = dto::Task)))]
#[post("/tasks/{id}/plan")]
async fn plan_task(cx: Cx, id: Path<TaskId>, body: Json<dto::PlanTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.plan(body.0.clone())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It is being done, or done again.
#[utoipa::path(tag = "task", responses((status = 200, description = "In progress", body = dto::Task)))]
#[post("/tasks/{id}/start")]
async fn start_task(cx: Cx, id: Path<TaskId>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.start()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Say how it goes, and what is done otherwise from now on.
#[utoipa::path(tag = "task", responses((status = 200, description = "Evaluated", body = dto::Task)))]
#[post("/tasks/{id}/evaluate")]
async fn evaluate_task(cx: Cx, id: Path<TaskId>, body: Json<dto::EvaluateTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.evaluate(body.0.clone())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Hand in what came of it.
#[utoipa::path(tag = "task", responses((status = 200, description = "Submitted", body = dto::Task)))]
#[post("/tasks/{id}/submit")]
async fn submit_task(cx: Cx, id: Path<TaskId>, body: Json<dto::SubmitTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.submit(body.0.result.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It was done well; not the word of whoever did it.
#[utoipa::path(tag = "task", responses((status = 200, description = "Accepted", body = dto::Task)))]
#[post("/tasks/{id}/accept")]
async fn accept_task(cx: Cx, id: Path<TaskId>, body: Json<dto::ReviewTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.accept(body.0.review.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It has to be done again; say what is missing.
#[utoipa::path(tag = "task", responses((status = 200, description = "Returned", body = dto::Task)))]
#[post("/tasks/{id}/return")]
async fn return_task(cx: Cx, id: Path<TaskId>, body: Json<dto::ReviewTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.send_back(body.0.review.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// File it with what is to be learned from it.
#[utoipa::path(tag = "task", responses((status = 200, description = "Archived", body = dto::Task)))]
#[post("/tasks/{id}/archive")]
async fn archive_task(cx: Cx, id: Path<TaskId>, body: Json<dto::ArchiveTask>) -> Reply<dto::Task> {
    cx.command(StatusCode::OK, async |tx| {
        let task: Task = tx.open(*id).await?;
        let change = task.archive(body.0.summary.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(task: Task, caller: &Caller) -> dto::Task {
    let available_actions = task.available_actions(caller);
    let (link, late) = (task.link(), task.late());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Task {
        id,
        number,
        status,
        title,
        source,
        description,
        deadline,
        link_kind: _,
        link_id: _,
        case_id,
        understanding,
        steps,
        evaluation,
        adjustment,
        result,
        review,
        reviewed_by,
        return_count,
        summary,
        assigned_by,
        submitted_at,
        archived_at,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = task;
    dto::Task {
        id,
        number,
        status,
        title,
        source,
        description,
        deadline,
        link,
        case_id,
        understanding,
        steps: steps.0,
        evaluation,
        adjustment,
        result,
        review,
        reviewed_by,
        return_count,
        summary,
        assigned_by,
        submitted_at,
        late,
        archived_at,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
