//! `/approvals` of every service: the tray of what waits for me, and its two answers.
use super::{Approval, Decided, rules, store};
use crate::{ApiError, Caller, Cx, Entity, Json, Machine, Reply, Sight};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    approval::{self as dto, ApprovalId, ApprovalStatus, Verdict},
};

/// Mounted by the platform in every service.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_approvals).service(get_approval).service(approve_approval).service(reject_approval);
}

/// Approvals, newest first; `assignee=me` shows what the caller may decide now.
#[utoipa::path(tag = "approval", params(dto::ApprovalQuery), responses((status = 200, description = "A page", body = Page<dto::Approval>)))]
#[get("/approvals")]
async fn list_approvals(cx: Cx, query: Query<dto::ApprovalQuery>) -> Reply<Page<dto::Approval>> {
    let query = query.into_inner();
    let mine = match query.assignee.as_deref() {
        None => false,
        Some("me") => true,
        Some(_) => return Err(ApiError::field("assignee", "only `me` is known")),
    };
    let status = if mine { Some("pending".to_owned()) } else { query.status.clone() };
    let page = PageQuery { limit: query.limit, after: query.after, case_id: query.case_id, status };
    let tray = mine.then(|| cx.caller());
    // The tray reaches as far as the caller may decide; who decides nothing has an empty one.
    let sight = if mine { deciding(cx.caller()) } else { Some(cx.sight().clone()) };
    cx.read(async |conn| {
        let rows = match &sight {
            Some(sight) => store::list(conn, &page, query.subject_id, sight, tray).await?,
            None => Vec::new(),
        };
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One approval, with its steps, votes and policy version.
#[utoipa::path(tag = "approval", responses((status = 200, description = "The approval", body = dto::Approval)))]
#[get("/approvals/{id}")]
async fn get_approval(cx: Cx, id: Path<ApprovalId>) -> Reply<dto::Approval> {
    cx.read(async |conn| {
        let found = store::find(conn, (*id).into()).await?;
        Ok(show(cx.visible(*id, found)?, cx.caller()))
    })
    .await
}

/// Say yes at the current step. With the last yes the document goes on, in the same transaction.
#[utoipa::path(tag = "approval", responses((status = 200, description = "Heard", body = dto::Approval)))]
#[post("/approvals/{id}/approve")]
async fn approve_approval(cx: Cx, id: Path<ApprovalId>, body: Json<dto::Decision>) -> Reply<dto::Approval> {
    decide(&cx, *id, Verdict::Approved, body.0.comment.map(wire::Note::into_string)).await
}

/// Say no, and why; the document goes back to its maker with the reason.
#[utoipa::path(tag = "approval", responses((status = 200, description = "Heard", body = dto::Approval)))]
#[post("/approvals/{id}/reject")]
async fn reject_approval(cx: Cx, id: Path<ApprovalId>, body: Json<dto::Decision>) -> Reply<dto::Approval> {
    decide(&cx, *id, Verdict::Rejected, body.0.comment.map(wire::Note::into_string)).await
}

async fn decide(cx: &Cx, id: ApprovalId, verdict: Verdict, comment: Option<String>) -> Reply<dto::Approval> {
    cx.command(StatusCode::OK, async |tx| {
        let approval: Approval = tx.open(id).await?;
        let (entity, subject) = (approval.entity.clone(), approval.subject_id);
        let caller = cx.caller();
        let at = tx.stamp().at;
        let (change, outcome) = approval.decide((&caller.user, &caller.roles), verdict, comment.clone(), at)?;
        let approval = tx.save(change).await?;
        if !matches!(outcome, rules::Outcome::Pending(_)) {
            let decided = Decided { subject, verdict, comment: comment.clone(), by: caller.user.clone() };
            cx.app().approvals.decided(tx, &entity, decided).await?;
        }
        Ok(show(approval, caller))
    })
    .await
}

/// Whose approvals the caller may decide.
fn deciding(caller: &Caller) -> Option<Sight> {
    caller.sight(&format!("{}.approval.approve", caller.service))
}

/// The same condition as the tray's in `store::list`.
fn seat(approval: &Approval, caller: &Caller) -> Option<crate::auth::Role> {
    let current = usize::try_from(approval.current_step).ok()?;
    let voted = approval.votes.0.iter().any(|vote| vote.step == current && vote.approver == caller.user);
    let reached = deciding(caller).is_some_and(|sight| sight.sees(approval.ownership().as_ref()));
    if approval.status != ApprovalStatus::Pending || approval.maker == caller.user || voted || !reached {
        return None;
    }
    rules::seat(approval.steps.0.get(current)?, current, &approval.votes.0, &caller.roles)
}

fn show(approval: Approval, caller: &Caller) -> dto::Approval {
    let available_actions = approval.available_actions(caller);
    let my_seat = seat(&approval, caller).map(|role| role.as_str().to_owned());
    let Approval {
        id,
        entity,
        subject_id,
        subject_number,
        policy_key,
        policy_version,
        steps,
        votes,
        current_step,
        maker,
        status,
        asked_at,
        decided_at,
        case_id,
        version,
        ..
    } = approval;
    let words = |roles: Vec<crate::auth::Role>| roles.into_iter().map(|role| role.as_str().to_owned()).collect();
    let steps = steps
        .0
        .into_iter()
        .map(|step| dto::ApprovalStep { name: step.name, mode: step.mode, roles: words(step.roles) })
        .collect();
    let votes = votes.0.into_iter().map(|vote| dto::ApprovalVote {
        step: i32::try_from(vote.step).unwrap_or(0),
        role: vote.role.as_str().to_owned(),
        approver: vote.approver,
        verdict: vote.verdict,
        comment: vote.comment,
        at: vote.at,
    });
    dto::Approval {
        id,
        entity,
        subject_id,
        subject_number,
        policy_key,
        policy_version,
        steps,
        votes: votes.collect(),
        current_step,
        maker,
        my_seat,
        status,
        asked_at,
        decided_at,
        case_id,
        version,
        available_actions,
    }
}
