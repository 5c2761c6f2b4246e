//! `/api/aftersales/v1/revisits`: parse, ask, answer.
use super::{
    domain::{Revisit, RevisitRule},
    store::{self, Narrow},
};
use crate::{surveys::domain::Survey, templates};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    aftersales::{self as dto, RevisitId},
    crm::UserSnapshot,
    orders::OrderId,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_revisits)
        .service(get_revisit)
        .service(assign_revisit)
        .service(contact_revisit)
        .service(reschedule_revisit)
        .service(close_revisit);
}

/// Revisits, newest first.
#[utoipa::path(tag = "revisit", params(dto::RevisitQuery), responses((status = 200, description = "A page", body = Page<dto::Revisit>)))]
#[get("/revisits")]
async fn list_revisits(cx: Cx, query: Query<dto::RevisitQuery>) -> Reply<Page<dto::Revisit>> {
    let page = query.page();
    let dto::RevisitQuery { order_id, assignee, overdue, .. } = query.into_inner();
    let assignee = assignee.map(|who| if who == "me" { cx.caller().user.clone() } else { who });
    let narrow = Narrow { order: order_id.map(OrderId), assignee, overdue };
    cx.read(async |conn| {
        let rows = store::list(conn, &page, narrow, cx.sight()).await?;
        Ok(page.page(rows, |revisit| revisit.id.into(), |revisit| show(revisit, cx.caller())))
    })
    .await
}

/// One revisit.
#[utoipa::path(tag = "revisit", responses((status = 200, description = "The revisit", body = dto::Revisit)))]
#[get("/revisits/{id}")]
async fn get_revisit(cx: Cx, id: Path<RevisitId>) -> Reply<dto::Revisit> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Say who shall call.
#[utoipa::path(tag = "revisit", responses((status = 200, description = "Assigned", body = dto::Revisit)))]
#[post("/revisits/{id}/assign")]
async fn assign_revisit(cx: Cx, id: Path<RevisitId>, body: Json<dto::AssignRevisit>) -> Reply<dto::Revisit> {
    cx.command(StatusCode::OK, async |tx| {
        let revisit: Revisit = tx.open(*id).await?;
        let reference = body.0.assignee.as_str();
        let unknown = || RevisitRule::Assignee { reference: reference.to_owned() };
        let people: Vec<UserSnapshot> = replica::find_by_keys(tx.conn(), &[reference]).await?;
        let change = revisit.assign(people.first().ok_or_else(unknown)?)?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record a call. If someone was reached, the survey in force is put to them: answer it at `/surveys/{survey_id}/answer`.
#[utoipa::path(tag = "revisit", responses((status = 200, description = "Contacted, tried, or unreachable", body = dto::Revisit)))]
#[post("/revisits/{id}/contact")]
async fn contact_revisit(cx: Cx, id: Path<RevisitId>, body: Json<dto::ContactRevisit>) -> Reply<dto::Revisit> {
    cx.command(StatusCode::OK, async |tx| {
        let revisit: Revisit = tx.open(*id).await?;
        let (survey_id, stamp) = (tx.id(), tx.stamp());
        let change = revisit.contact(body.0.clone(), survey_id, &stamp)?;
        if body.0.reached {
            let template = templates::store::active(tx.conn()).await?.ok_or(RevisitRule::NoTemplate)?;
            let number = tx.next_number("survey").await?;
            tx.create(Survey::put(survey_id, number, change.after(), &template, &stamp)).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Put it off, and say why.
#[utoipa::path(tag = "revisit", responses((status = 200, description = "Scheduled anew", body = dto::Revisit)))]
#[post("/revisits/{id}/reschedule")]
async fn reschedule_revisit(cx: Cx, id: Path<RevisitId>, body: Json<dto::RescheduleRevisit>) -> Reply<dto::Revisit> {
    cx.command(StatusCode::OK, async |tx| {
        let revisit: Revisit = tx.open(*id).await?;
        let change = revisit.reschedule(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// End it, once the customer has confirmed its tickets: satisfied if every score was above 2, or by such a confirmation.
/// A survey that was put but not answered becomes void.
#[utoipa::path(tag = "revisit", responses((status = 200, description = "Closed", body = dto::Revisit)))]
#[post("/revisits/{id}/close")]
async fn close_revisit(cx: Cx, id: Path<RevisitId>, body: Json<dto::CloseRevisit>) -> Reply<dto::Revisit> {
    cx.command(StatusCode::OK, async |tx| {
        let revisit: Revisit = tx.open(*id).await?;
        let open_survey = revisit.open_survey();
        let change = revisit.close(body.0.note.clone(), &tx.stamp())?;
        if let Some(survey_id) = open_survey {
            let survey: Survey = tx.load(survey_id).await?;
            tx.save(survey.void()?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(revisit: Revisit, caller: &Caller) -> dto::Revisit {
    let available_actions = revisit.available_actions(caller);
    let Revisit {
        id,
        number,
        status,
        case_id,
        order_id,
        order_number,
        shipment_id,
        shipment_number,
        account_id,
        account_name,
        delivered_at,
        due_at,
        calendar_id,
        overdue_at,
        assignee,
        tries,
        contacts,
        survey_id,
        satisfied,
        tickets,
        note,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        contacted_at,
        closed_at,
        cause_event_id: _,
        version,
    } = revisit;
    dto::Revisit {
        id,
        number,
        status,
        case_id,
        order_id,
        order_number,
        shipment_id,
        shipment_number,
        account_id,
        account_name,
        delivered_at,
        due_at,
        calendar_id,
        overdue_at,
        assignee,
        tries,
        contacts: contacts.0,
        survey_id,
        satisfied,
        tickets: tickets.0,
        note,
        owner_id,
        created_at,
        contacted_at,
        closed_at,
        version,
        available_actions,
    }
}
