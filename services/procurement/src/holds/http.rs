//! `/api/procurement/v1/holds`: who has what. Read-only: orders asks over the bus.
use super::{domain::Hold, store};
use actix_web::{
    get,
    web::{Path, Query},
};
use platform::{Caller, Cx, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, Quantity,
    orders::OrderId,
    procurement::{self as dto, HoldId},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_holds).service(get_hold);
}

/// Holds, newest first.
#[utoipa::path(tag = "hold", params(dto::HoldQuery), responses((status = 200, description = "A page", body = Page<dto::StockHold>)))]
#[get("/holds")]
async fn list_holds(cx: Cx, query: Query<dto::HoldQuery>) -> Reply<Page<dto::StockHold>> {
    let page = query.page();
    let dto::HoldQuery { order_id, .. } = query.into_inner();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, order_id.map(OrderId), cx.sight()).await?;
        Ok(page.page(rows, |hold| hold.head.id.into(), |hold| show(hold, cx.caller())))
    })
    .await
}

/// One hold, with its lines and where the goods lie.
#[utoipa::path(tag = "hold", responses((status = 200, description = "The hold", body = dto::StockHold)))]
#[get("/holds/{id}")]
async fn get_hold(cx: Cx, id: Path<HoldId>) -> Reply<dto::StockHold> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

fn show(hold: Hold, caller: &Caller) -> dto::StockHold {
    let available_actions = hold.available_actions(caller);
    let lines = hold.lines.iter().map(|line| show_line(&hold, line)).collect();
    let super::domain::Head {
        id,
        number,
        status,
        case_id,
        order_id,
        order_number,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        closed_at,
        cause_event_id: _,
        version,
    } = hold.head;
    dto::StockHold {
        id,
        number,
        status,
        case_id,
        order_id,
        order_number,
        lines,
        owner_id,
        created_at,
        closed_at,
        version,
        available_actions,
    }
}

fn show_line(hold: &Hold, line: &super::domain::Line) -> dto::StockHoldLine {
    let (now, left) = (hold.held(line.line_id), hold.issued(line.line_id));
    let places = hold.of_line(line.line_id);
    let show = |place: &super::domain::Place| dto::StockHoldPlace {
        stock_id: place.stock_id,
        held: place.held,
        issued: place.issued,
    };
    dto::StockHoldLine {
        line_id: line.line_id,
        sku: line.sku.clone(),
        requested: line.requested,
        held: Quantity::new(now),
        issued: Quantity::new(left),
        short: Quantity::new(line.requested.get() - now - left),
        places: places.map(show).collect(),
    }
}
