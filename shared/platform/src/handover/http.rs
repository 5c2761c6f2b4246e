//! `/api/{service}/v1/handover-moves`: what handovers moved here and what became of it. Read only: a handover is crm's to command.
use super::store::{self, Move};
use crate::{Cx, Reply};
use actix_web::{get, web::Query};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    handover::{HandoverMove, HandoverMoveQuery},
};

/// Mounted by the platform in every service.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(list_handover_moves);
}

/// Documents that handovers moved in this service, newest first; `status` is the outcome.
#[utoipa::path(tag = "handover_move", params(HandoverMoveQuery), responses((status = 200, description = "A page", body = Page<HandoverMove>)))]
#[get("/handover-moves")]
async fn list_handover_moves(cx: Cx, query: Query<HandoverMoveQuery>) -> Reply<Page<HandoverMove>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query).await?;
        Ok(query.page().page(rows, |row| row.id.into(), show))
    })
    .await
}

fn show(row: Move) -> HandoverMove {
    let Move { id, handover_id, entity, entity_id, outcome, from_team: _, from_department: _, moved_at, returned_at } =
        row;
    HandoverMove { id, handover_id, entity, entity_id, outcome, moved_at, returned_at }
}
