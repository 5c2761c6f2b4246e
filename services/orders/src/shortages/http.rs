//! `/api/orders/v1/shortages`: parse, ask, answer.
use super::{domain::Shortage, store};
use crate::{
    finance_reviews,
    orders::{order_of, products_of},
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, replica};
use std::collections::HashMap;
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    orders::{self as dto, OrderPartQuery, ShortageDecision, ShortageId},
    quoting::ProductSnapshot,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_shortages)
        .service(get_shortage)
        .service(get_shortage_alternatives)
        .service(decide_shortage)
        .service(recheck_shortage);
}

/// Shortages, newest first.
#[utoipa::path(tag = "shortage", params(OrderPartQuery), responses((status = 200, description = "A page", body = Page<dto::Shortage>)))]
#[get("/shortages")]
async fn list_shortages(cx: Cx, query: Query<OrderPartQuery>) -> Reply<Page<dto::Shortage>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |shortage| shortage.id.into(), |shortage| show(shortage, cx.caller())))
    })
    .await
}

/// One shortage.
#[utoipa::path(tag = "shortage", responses((status = 200, description = "The shortage", body = dto::Shortage)))]
#[get("/shortages/{id}")]
async fn get_shortage(cx: Cx, id: Path<ShortageId>) -> Reply<dto::Shortage> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Other models that quoting suggests for what is short, and that are sold.
#[utoipa::path(tag = "shortage", responses((status = 200, description = "Line by line, best first", body = Vec<dto::ShortageAlternative>)))]
#[get("/shortages/{id}/alternatives")]
async fn get_shortage_alternatives(cx: Cx, id: Path<ShortageId>) -> Reply<Vec<dto::ShortageAlternative>> {
    cx.read(async |conn| {
        let shortage = cx.visible(*id, store::find(conn, *id).await?)?;
        let skus: Vec<&str> = shortage.lines.0.iter().map(|line| line.sku.as_str()).collect();
        let suggested = store::suggestions(conn, &skus).await?;
        let skus: Vec<&str> = suggested.iter().map(|other| other.alternative_sku.as_str()).collect();
        let products: Vec<ProductSnapshot> = replica::find_by_keys(conn, &skus).await?;
        let products: HashMap<String, ProductSnapshot> =
            products.into_iter().map(|product| (product.sku.clone(), product)).collect();
        let mut found = Vec::new();
        for line in &shortage.lines.0 {
            for other in suggested.iter().filter(|other| other.sku == line.sku) {
                let product = products.get(&other.alternative_sku).filter(|product| product.status != "retired");
                found.extend(product.map(|product| dto::ShortageAlternative {
                    line_id: line.line_id,
                    sku: line.sku.clone(),
                    alternative_sku: product.sku.clone(),
                    name: product.name.clone(),
                    rank: other.rank,
                    reason: other.reason.clone(),
                    list_price: product.list_price,
                    currency: product.currency,
                }));
            }
        }
        Ok(found)
    })
    .await
}

/// Decide what is done about it. `split` lets the order go on with what is held; `substitute` changes its lines.
#[utoipa::path(tag = "shortage", responses((status = 200, description = "Decided", body = dto::Shortage)))]
#[post("/shortages/{id}/decide")]
async fn decide_shortage(cx: Cx, id: Path<ShortageId>, body: Json<dto::DecideShortage>) -> Reply<dto::Shortage> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Shortage>(tx, *id, order).await?;
        let shortage: Shortage = tx.open(*id).await?;
        let (asked, stamp) = (body.0.clone(), tx.stamp());
        let decided = shortage.decide(asked.clone(), &stamp)?;
        let brief = decided.after().brief();
        let change = match asked.decision {
            ShortageDecision::Expedite | ShortageDecision::Backorder => order.follow_shortage(brief)?,
            ShortageDecision::Split => order.split(brief, &stamp)?,
            ShortageDecision::Substitute => {
                let skus: Vec<&str> = asked.substitutes.iter().map(|line| line.sku.as_str()).collect();
                let products = products_of(tx, &skus).await?;
                order.substitute(&asked.substitutes, brief, &products, || tx.id(), &stamp)?
            }
        };
        let order = tx.save(change).await?;
        if asked.decision == ShortageDecision::Split {
            finance_reviews::open(tx, &order).await?;
        }
        Ok(show(tx.save(decided).await?, cx.caller()))
    })
    .await
}

/// Ask procurement whether the goods have come, whatever the order's state.
#[utoipa::path(tag = "shortage", responses((status = 200, description = "Asked", body = dto::Shortage)))]
#[post("/shortages/{id}/recheck")]
async fn recheck_shortage(cx: Cx, id: Path<ShortageId>) -> Reply<dto::Shortage> {
    cx.command(StatusCode::OK, async |tx| {
        let order = store::order_of(tx.conn(), *id).await?;
        let order = order_of::<Shortage>(tx, *id, order).await?;
        let shortage: Shortage = tx.open(*id).await?;
        let asked = shortage.recheck()?;
        tx.save(order.recheck()?).await?;
        Ok(show(tx.save(asked).await?, cx.caller()))
    })
    .await
}

fn show(shortage: Shortage, caller: &Caller) -> dto::Shortage {
    let available_actions = shortage.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Shortage {
        id,
        number,
        status,
        decision,
        order_id,
        order_number,
        case_id,
        needed_on,
        lines,
        decisions,
        resolved_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        cause_event_id: _,
        created_at,
        version,
    } = shortage;
    dto::Shortage {
        id,
        number,
        status,
        decision,
        order_id,
        order_number,
        case_id,
        needed_on,
        lines: lines.0,
        decisions: decisions.0,
        resolved_at,
        created_at,
        version,
        available_actions,
    }
}
