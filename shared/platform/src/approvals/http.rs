//! `/approvals` of every service: the tray of what waits for me, and its two answers.
use super::{
    Approval, ApprovalRule, Decided, Passed,
    approval::Word,
    rules::{self, Outcome},
    stands::{self, Stand},
    store::{self, Shown},
};
use crate::{ApiError, Caller, Change, Cx, Entity, Json, Machine, Reply, Result, Rule, Tx, auth::Role};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Action, Gate, Page, PageQuery,
    approval::{self as dto, ApprovalId, ApprovalStatus, Verdict},
};

/// Mounted by the platform in every service.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_approvals).service(get_approval).service(approve_approval).service(reject_approval);
}

/// Approvals, newest first; `assignee=me` shows what the caller may decide now, for themselves or as someone's delegate.
#[utoipa::path(tag = "approval", params(dto::ApprovalQuery), responses((status = 200, description = "A page", body = Page<dto::Approval>)))]
#[get("/approvals")]
async fn list_approvals(cx: Cx, query: Query<dto::ApprovalQuery>) -> Reply<Page<dto::Approval>> {
    let query = query.into_inner();
    let mine = query.assignee.is_some();
    let status = if mine { Some("pending".to_owned()) } else { query.status.clone() };
    let page = PageQuery { limit: query.limit, after: query.after, case_id: query.case_id, status };
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let stands = stands::of(conn, cx.caller(), now).await?;
        let rows = match (mine, stands.as_slice()) {
            // Who decides nothing has an empty tray.
            (true, []) => Vec::new(),
            (true, stands) => store::list(conn, &page, query.subject_id, Shown::Tray(stands)).await?,
            (false, _) => store::list(conn, &page, query.subject_id, Shown::Seen(cx.sight())).await?,
        };
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller(), &stands)))
    })
    .await
}

/// One approval, with its steps, votes and policy version.
#[utoipa::path(tag = "approval", responses((status = 200, description = "The approval", body = dto::Approval)))]
#[get("/approvals/{id}")]
async fn get_approval(cx: Cx, id: Path<ApprovalId>) -> Reply<dto::Approval> {
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let stands = stands::of(conn, cx.caller(), now).await?;
        let found = store::find(conn, (*id).into()).await?;
        let lent = found.clone().filter(|row| stands.iter().any(|stand| stand.reaches(row)));
        let row = match lent {
            Some(row) => row,
            None => cx.visible(*id, found)?,
        };
        Ok(show(row, cx.caller(), &stands))
    })
    .await
}

/// Say yes at the current step. With the last yes the document goes on, in the same transaction.
#[utoipa::path(tag = "approval", responses((status = 200, description = "Heard", body = dto::Approval)))]
#[post("/approvals/{id}/approve")]
async fn approve_approval(cx: Cx, id: Path<ApprovalId>, body: Json<dto::Decision>) -> Reply<dto::Approval> {
    decide(&cx, *id, Verdict::Approved, &body.0).await
}

/// Say no, and why; the document goes back to its maker with the reason.
#[utoipa::path(tag = "approval", responses((status = 200, description = "Heard", body = dto::Approval)))]
#[post("/approvals/{id}/reject")]
async fn reject_approval(cx: Cx, id: Path<ApprovalId>, body: Json<dto::Decision>) -> Reply<dto::Approval> {
    decide(&cx, *id, Verdict::Rejected, &body.0).await
}

async fn decide(cx: &Cx, id: ApprovalId, verdict: Verdict, body: &dto::Decision) -> Reply<dto::Approval> {
    cx.command(StatusCode::OK, async |tx| {
        let at = tx.stamp().at;
        let stands = stands::of(tx.conn(), cx.caller(), at).await?;
        let approval: Approval = tx.open_if(id, |row| stands.iter().any(|stand| stand.reaches(row))).await?;
        let word = || Word { verdict, comment: body.comment.as_ref().map(ToString::to_string), at };
        let named = body.on_behalf_of.as_ref().map(wire::Reference::as_str);
        let (change, outcome, stand) = speak(&approval, &stands, named, cx.app().name, word)?;
        let step = approval.current_step;
        let approval = tx.save(change).await?;
        follow(cx, tx, &approval, step, (&outcome, stand)).await?;
        Ok(show(approval, cx.caller(), &stands))
    })
    .await
}

/// The first standing in which the caller may say it; of the refusals the first, which is their own.
fn speak<'a>(
    approval: &Approval,
    stands: &'a [Stand],
    named: Option<&str>,
    service: &str,
    word: impl Fn() -> Word,
) -> Result<(Change<Approval>, Outcome, &'a Stand)> {
    let wanted = |stand: &&Stand| named.is_none_or(|name| stand.on_behalf_of.as_deref() == Some(name));
    let mut refused = named.map(|name| ApiError::from(ApprovalRule::NoDelegation { absent: name.to_owned() }));
    let mut tried = false;
    for stand in stands.iter().filter(wanted).filter(|stand| stand.reaches(approval)) {
        match approval.clone().decide(service, &stand.voter(), word()) {
            Ok((change, outcome)) => return Ok((change, outcome, stand)),
            Err(error) if !tried => (refused, tried) = (Some(error), true),
            Err(_) => {}
        }
    }
    Err(refused.unwrap_or_else(|| ApiError::NotFound { entity: Approval::KIND, id: approval.id.to_string() }))
}

/// What follows from a vote at `step`, in its transaction: the passed step, then the last word.
async fn follow(
    cx: &Cx,
    tx: &mut Tx,
    approval: &Approval,
    step: i32,
    (outcome, stand): (&Outcome, &Stand),
) -> Result<()> {
    let hooks = &cx.app().approvals;
    let step = usize::try_from(step).unwrap_or(0);
    let heard = || approval.votes.0.iter().filter(|vote| vote.step == step);
    let Some(last) = heard().next_back() else { return Ok(()) };
    let passed = match outcome {
        Outcome::Pending(next) => *next > step,
        Outcome::Approved => true,
        Outcome::Rejected => false,
    };
    if passed {
        let passed = Passed {
            subject: approval.subject_id,
            step,
            name: approval.steps.0[step].name.clone(),
            roles: heard().map(|vote| vote.role).collect(),
            by: last.approver.clone(),
            comment: last.comment.clone(),
        };
        hooks.passed(tx, &approval.entity, passed).await?;
    }
    if !matches!(outcome, Outcome::Pending(_)) {
        let decided = Decided {
            subject: approval.subject_id,
            verdict: last.verdict,
            comment: last.comment.clone(),
            by: last.approver.clone(),
            on_behalf_of: stand.on_behalf_of.clone(),
        };
        hooks.decided(tx, &approval.entity, decided).await?;
    }
    Ok(())
}

/// The seat that is open to the caller now, and in whose stead; or the first refusal, which is their own. The same condition as
/// the tray's in `store::list`.
fn seat<'a>(approval: &Approval, stands: &'a [Stand]) -> Result<(Role, &'a Stand), Option<ApprovalRule>> {
    let mut refused = None;
    for stand in stands.iter().filter(|stand| stand.reaches(approval)) {
        match rules::open_to(&approval.ballot(), &stand.voter()) {
            Ok(role) => return Ok((role, stand)),
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    Err(refused)
}

/// What the vote would say is what the actions say: a lent seat reaches further than the caller's own scope, their own scope
/// further than a seat. With it the role that the caller would speak in, and for whom.
fn voice(approval: &Approval, caller: &Caller, stands: &[Stand]) -> (Vec<Action>, Option<String>, Option<String>) {
    let mut actions = approval.available_actions(caller);
    if approval.status != ApprovalStatus::Pending {
        return (actions, None, None);
    }
    match seat(approval, stands) {
        Ok((role, stand)) => {
            for action in &mut actions {
                (action.allowed, action.blocked_by) = (true, Vec::new());
            }
            (actions, Some(role.as_str().to_owned()), stand.on_behalf_of.clone())
        }
        Err(Some(refusal)) => {
            let (gate, how_to_clear) = (refusal.code().to_owned(), refusal.text(caller.language));
            for action in &mut actions {
                let gate = Gate { gate: gate.clone(), reference: None, how_to_clear: how_to_clear.clone() };
                (action.allowed, action.blocked_by) = (false, vec![gate]);
            }
            (actions, None, None)
        }
        // Nothing of the caller's reaches it: the machine has said so.
        Err(None) => (actions, None, None),
    }
}

fn show(approval: Approval, caller: &Caller, stands: &[Stand]) -> dto::Approval {
    let (available_actions, my_seat, my_seat_for) = voice(&approval, caller, stands);
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
        amount,
        tier,
        previous_id,
        round,
        open_roles: _,
        owner_id: _,
        team_id: _,
        department_id: _,
    } = approval;
    let steps = steps.0.iter().map(Into::into).collect();
    let votes = votes.0.into_iter().map(|vote| dto::ApprovalVote {
        step: i32::try_from(vote.step).unwrap_or(0),
        role: vote.role.as_str().to_owned(),
        approver: vote.approver,
        on_behalf_of: vote.on_behalf_of,
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
        tier,
        amount,
        steps,
        votes: votes.collect(),
        current_step,
        maker,
        my_seat,
        my_seat_for,
        previous_id,
        round,
        status,
        asked_at,
        decided_at,
        case_id,
        version,
        available_actions,
    }
}
