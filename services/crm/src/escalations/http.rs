//! `/api/crm/v1/escalation-ladders`: parse, ask, answer.
use super::{domain::EscalationLadder, store};
use actix_web::{get, http::StatusCode, patch, web::Path};
use platform::{Cx, Json, Reply, calendar::Calendar};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::crm::{self as dto, EscalationLadderId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_escalation_ladders).service(get_escalation_ladder).service(update_escalation_ladder);
}

/// All ladders.
#[utoipa::path(tag = "escalation_ladder", responses((status = 200, description = "All of them", body = Vec<dto::EscalationLadder>)))]
#[get("/escalation-ladders")]
async fn list_escalation_ladders(cx: Cx) -> Reply<Vec<dto::EscalationLadder>> {
    cx.read(async |conn| Ok(store::all(conn).await?.into_iter().map(show).collect())).await
}

/// One ladder.
#[utoipa::path(tag = "escalation_ladder", responses((status = 200, description = "The ladder", body = dto::EscalationLadder)))]
#[get("/escalation-ladders/{id}")]
async fn get_escalation_ladder(cx: Cx, id: Path<EscalationLadderId>) -> Reply<dto::EscalationLadder> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

/// Set the delays. They hold from the next rung on: when that is reached was fixed when this one was, and what has climbed stays.
#[utoipa::path(tag = "escalation_ladder", responses((status = 200, description = "The ladder", body = dto::EscalationLadder)))]
#[patch("/escalation-ladders/{id}")]
async fn update_escalation_ladder(
    cx: Cx,
    id: Path<EscalationLadderId>,
    body: Json<dto::EscalationLadderPatch>,
) -> Reply<dto::EscalationLadder> {
    cx.command(StatusCode::OK, async |tx| {
        let ladder: EscalationLadder = tx.open(*id).await?;
        Ok(show(tx.save(ladder.update(body.0.clone())?).await?))
    })
    .await
}

fn show(ladder: EscalationLadder) -> dto::EscalationLadder {
    let EscalationLadder { id, kind, after_working_minutes, version } = ladder;
    let calendar_id = Calendar::china().id().to_owned();
    dto::EscalationLadder { id, kind, after_working_minutes: after_working_minutes.0, calendar_id, version }
}
