//! `/api/crm/v1/meetings`: parse, ask, answer.
use super::{
    call::{call, end_series},
    domain::Meeting,
    store,
};
use crate::{
    action_items,
    actions::{admitted, refuse},
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, MeetingId, MeetingQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_meeting)
        .service(list_meetings)
        .service(get_meeting)
        .service(report_meeting)
        .service(hold_meeting)
        .service(minute_meeting)
        .service(close_meeting)
        .service(cancel_meeting);
}

/// Call a meeting of a department or about a project, or the first one of a series.
#[utoipa::path(tag = "meeting", responses((status = 201, description = "Scheduled", body = dto::Meeting)))]
#[post("/meetings")]
async fn create_meeting(cx: Cx, body: Json<dto::NewMeeting>) -> Reply<dto::Meeting> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show(call(tx, cx.caller(), body.0.clone()).await?, &cx))).await
}

/// Meetings, newest first.
#[utoipa::path(tag = "meeting", params(MeetingQuery), responses((status = 200, description = "A page", body = Page<dto::Meeting>)))]
#[get("/meetings")]
async fn list_meetings(cx: Cx, query: Query<MeetingQuery>) -> Reply<Page<dto::Meeting>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, &cx)))
    })
    .await
}

/// One meeting.
#[utoipa::path(tag = "meeting", responses((status = 200, description = "The meeting", body = dto::Meeting)))]
#[get("/meetings/{id}")]
async fn get_meeting(cx: Cx, id: Path<MeetingId>) -> Reply<dto::Meeting> {
    cx.read(async |conn| {
        let meeting = cx.visible(*id, store::find(conn, *id).await?)?;
        let open = action_items::open_of_meeting(conn, meeting.id).await?;
        let done = meeting.is_done_with(&open).map_err(ApiError::from);
        let mut shown = show(meeting, &cx);
        refuse(&mut shown.available_actions, "close", cx.caller(), done)?;
        Ok(shown)
    })
    .await
}

/// Report what was done last week, what went wrong and what comes this week; a member's own report.
#[utoipa::path(tag = "meeting", responses((status = 200, description = "With the report", body = dto::Meeting)))]
#[post("/meetings/{id}/report")]
async fn report_meeting(cx: Cx, id: Path<MeetingId>, body: Json<dto::ReportMeeting>) -> Reply<dto::Meeting> {
    cx.command(StatusCode::OK, async |tx| {
        let meeting: Meeting = tx.open(*id).await?;
        let change = meeting.report(body.0.clone(), &cx.caller().user, &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// It took place: who did not come.
#[utoipa::path(tag = "meeting", responses((status = 200, description = "Held", body = dto::Meeting)))]
#[post("/meetings/{id}/hold")]
async fn hold_meeting(cx: Cx, id: Path<MeetingId>, body: Json<dto::HoldMeeting>) -> Reply<dto::Meeting> {
    cx.command(StatusCode::OK, async |tx| {
        let meeting: Meeting = tx.open(*id).await?;
        let change = meeting.hold(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Write down what was said and decided; of a department's meeting everybody who was there has reported.
#[utoipa::path(tag = "meeting", responses((status = 200, description = "Minuted", body = dto::Meeting)))]
#[post("/meetings/{id}/minute")]
async fn minute_meeting(cx: Cx, id: Path<MeetingId>, body: Json<dto::MinuteMeeting>) -> Reply<dto::Meeting> {
    cx.command(StatusCode::OK, async |tx| {
        let meeting: Meeting = tx.open(*id).await?;
        let change = meeting.minute(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Everything that it gave people to do is done or cancelled.
#[utoipa::path(tag = "meeting", responses((status = 200, description = "Closed", body = dto::Meeting)))]
#[post("/meetings/{id}/close")]
async fn close_meeting(cx: Cx, id: Path<MeetingId>) -> Reply<dto::Meeting> {
    cx.command(StatusCode::OK, async |tx| {
        let meeting: Meeting = tx.open(*id).await?;
        let open = action_items::open_of_meeting(tx.conn(), meeting.id).await?;
        let change = meeting.close(&open, &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// It will not take place; say why, and whether the series ends with it: then those after it that are called already do not take place
/// either.
#[utoipa::path(tag = "meeting", responses((status = 200, description = "Cancelled", body = dto::Meeting)))]
#[post("/meetings/{id}/cancel")]
async fn cancel_meeting(cx: Cx, id: Path<MeetingId>, body: Json<dto::CancelMeeting>) -> Reply<dto::Meeting> {
    cx.command(StatusCode::OK, async |tx| {
        let meeting: Meeting = tx.open(*id).await?;
        let change = meeting.cancel(body.0.clone(), &tx.stamp())?;
        let meeting = tx.save(change).await?;
        if body.0.end_series {
            end_series(tx, &meeting).await?;
        }
        Ok(show(meeting, &cx))
    })
    .await
}

fn show(meeting: Meeting, cx: &Cx) -> dto::Meeting {
    let (caller, now) = (cx.caller(), cx.app().clock.now());
    let available_actions = admitted(&meeting, caller, |action| meeting.permits(action, &caller.user, now));
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Meeting {
        id,
        number,
        status,
        kind,
        title,
        chair,
        members,
        agenda,
        goal,
        link,
        case_id,
        starts_at,
        series_id,
        recurrence,
        series_starts_on,
        next_starts_at,
        reports,
        minutes,
        decisions,
        reason,
        held_at,
        minuted_at,
        ended_at,
        owner_id,
        team_id: _,
        department_id,
        created_at,
        version,
    } = meeting;
    let (members, agenda, link) = (members.0, agenda.0, link.map(|kept| kept.0));
    let (reports, decisions) = (reports.0, decisions.0);
    dto::Meeting {
        id,
        number,
        status,
        kind,
        title,
        chair,
        members,
        agenda,
        goal,
        link,
        case_id,
        starts_at,
        series_id,
        recurrence,
        series_starts_on,
        next_starts_at,
        reports,
        minutes,
        decisions,
        reason,
        held_at,
        minuted_at,
        ended_at,
        owner_id,
        department_id,
        created_at,
        version,
        available_actions,
    }
}
