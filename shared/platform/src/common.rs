//! Routes that every service has: who one is, approvals, attachments, numbering, audit log, changes, state machines, words with their labels, the working calendar, parked messages.
use crate::{Cx, Reply, audit, auth::grants, parked};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use wire::{
    PageQuery,
    attachment::{AttachmentKind, FileType},
    audit::{AuditPage, AuditQuery},
    common::{CalendarYear, Discard, Me, ParkedMessage, Permitted, StateMachine, WordList},
    glossary,
    handover::{HandoverOutcome, HandoverScope},
    numbering::{NumberingDate, NumberingReset, RegisterStatus},
};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .configure(crate::approvals::routes)
        .configure(crate::attachments::routes)
        .configure(crate::numbers::routes)
        .configure(crate::register::routes)
        .configure(crate::handover::routes)
        .configure(crate::change_feed::routes)
        .service(get_me)
        .service(list_audit)
        .service(get_state_machine)
        .service(list_words)
        .service(get_calendar)
        .service(list_parked)
        .service(retry_parked)
        .service(discard_parked);
}

/// Who the caller is and what they may in this service: which menus and buttons to show.
#[utoipa::path(tag = "me", responses((status = 200, description = "By the token", body = Me)))]
#[get("/me")]
async fn get_me(cx: Cx) -> Reply<Me> {
    let (caller, prefix) = (cx.caller(), format!("{}.", cx.app().name));
    let of_service = grants::permissions().filter(|permission| permission.starts_with(&prefix));
    let held = of_service.filter_map(|permission| Some((permission, grants::grant(&caller.roles, permission)?)));
    let me = Me {
        user: caller.user.clone(),
        roles: caller.roles.iter().map(ToString::to_string).collect(),
        department: caller.department.clone(),
        team: caller.team.clone(),
        permissions: held
            .map(|(permission, scope)| Permitted { permission: permission.to_owned(), scope: scope.to_string() })
            .collect(),
    };
    cx.read(async |_| Ok(me)).await
}

/// Who changed what, when and why: of one thing, one deal, or all.
#[utoipa::path(tag = "audit", params(AuditQuery), responses((status = 200, description = "A page, newest first", body = AuditPage)))]
#[get("/audit")]
async fn list_audit(cx: Cx, query: Query<AuditQuery>) -> Reply<AuditPage> {
    let page = PageQuery { limit: query.limit, case_id: query.case_id, ..PageQuery::default() };
    cx.read(async |conn| {
        let mut rows = audit::list(conn, query.entity_id, &page, query.before).await?;
        let limit = usize::try_from(page.fetch() - 1).unwrap_or(50);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().map(|row| row.seq).filter(|_| more);
        Ok(AuditPage { items: rows.into_iter().map(Into::into).collect(), next })
    })
    .await
}

/// A resource's states and commands, as a graph with labels in both languages.
#[utoipa::path(tag = "state_machine", responses((status = 200, description = "The machine", body = StateMachine)))]
#[get("/state-machines/{resource}")]
async fn get_state_machine(cx: Cx, resource: Path<String>) -> Reply<StateMachine> {
    let mut machines = cx.app().service.machines.iter().chain(crate::approvals::MACHINES);
    let found = machines.find(|m| m.entity == *resource).map(crate::machine::show);
    cx.read(async |_| found.ok_or_else(|| crate::ApiError::NotFound { entity: "state_machine", id: resource.clone() }))
        .await
}

/// The words of the platform's own resources, and those that all resources share.
const WORDS: &[crate::Words] = &[
    ("entity", glossary::NOUNS),
    ("action", glossary::VERBS),
    ("fact", glossary::FACTS),
    ("attachment_kind", AttachmentKind::labels()),
    ("file_type", FileType::labels()),
    ("numbering_reset", NumberingReset::labels()),
    ("numbering_date", NumberingDate::labels()),
    ("register_status", RegisterStatus::labels()),
    ("handover_scope", HandoverScope::labels()),
    ("handover_outcome", HandoverOutcome::labels()),
];

/// Every public word of the service with its labels: pickers and badges.
#[utoipa::path(tag = "word", responses((status = 200, description = "All word lists", body = Vec<WordList>)))]
#[get("/enums")]
async fn list_words(cx: Cx) -> Reply<Vec<WordList>> {
    let service = cx.app().service;
    let machines = service.machines.iter().chain(crate::approvals::MACHINES).map(|m| (m.entity, m.labels));
    let lists = machines
        .chain(service.words.iter().chain(crate::approvals::WORDS).copied())
        .chain(WORDS.iter().copied())
        .map(|(name, labels)| WordList { name: name.to_owned(), words: crate::machine::labelled(labels) });
    let lists: Vec<WordList> = lists.collect();
    cx.read(async |_| Ok(lists)).await
}

/// A calendar's exceptions to the Monday-to-Friday week in one year: holidays and make-up workdays.
#[utoipa::path(tag = "calendar", params(("year" = i16, Path, minimum = 1900, maximum = 2999)), responses((status = 200, description = "The year", body = CalendarYear)))]
#[get("/calendars/{calendar}/{year}")]
async fn get_calendar(cx: Cx, path: Path<(String, i16)>) -> Reply<CalendarYear> {
    let (name, year) = path.into_inner();
    let absent = || crate::ApiError::NotFound { entity: "calendar", id: name.clone() };
    cx.read(async |_| {
        let calendar = crate::calendar::Calendar::by_id(&name).ok_or_else(absent)?;
        let (off, work): (Vec<_>, Vec<_>) =
            calendar.exceptions(year).into_iter().partition(|day| day.kind == crate::calendar::DayKind::Off);
        let days =
            |list: Vec<crate::calendar::ExceptionalDay>| list.into_iter().map(|day| wire::Day(day.date)).collect();
        Ok(CalendarYear {
            calendar_id: name.clone(),
            year,
            published: calendar.years().contains(&year),
            days_off: days(off),
            make_up_workdays: days(work),
        })
    })
    .await
}

/// Messages that wait for a person, with the reason.
#[utoipa::path(tag = "parked", responses((status = 200, description = "All of them", body = Vec<ParkedMessage>)))]
#[get("/parked")]
async fn list_parked(cx: Cx) -> Reply<Vec<ParkedMessage>> {
    cx.read(async |conn| Ok(parked::list(conn).await?)).await
}

/// Try a parked message again, now; those behind it follow in order.
#[utoipa::path(tag = "parked", responses((status = 200, description = "It waits for its turn", body = ParkedMessage)))]
#[post("/parked/{handler}/{event_id}/retry")]
async fn retry_parked(cx: Cx, path: Path<(String, Uuid)>) -> Reply<ParkedMessage> {
    let (handler, event) = path.into_inner();
    let answer = cx.command(StatusCode::OK, async |tx| parked::retry(tx, &handler, event).await).await;
    cx.app().drain.notify_one();
    answer
}

/// Give a parked message up for good, saying why.
#[utoipa::path(tag = "parked", responses((status = 200, description = "Given up", body = ParkedMessage)))]
#[post("/parked/{handler}/{event_id}/discard")]
async fn discard_parked(cx: Cx, path: Path<(String, Uuid)>, body: crate::Json<Discard>) -> Reply<ParkedMessage> {
    let (handler, event) = path.into_inner();
    let answer =
        cx.command(StatusCode::OK, async |tx| parked::discard(tx, &handler, event, body.0.reason.as_str()).await).await;
    cx.app().drain.notify_one();
    answer
}
