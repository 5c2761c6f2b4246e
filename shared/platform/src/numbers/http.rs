//! `/numbering-rules` of every service: how its documents are numbered, and from when that changes.
use super::{domain::NumberRule, store};
use crate::{Conn, Cx, Json, Reply, Result, calendar::Calendar};
use actix_web::{get, http::StatusCode, patch, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Day,
    numbering::{self as dto, NumberingId},
};

/// Mounted by the platform in every service.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(list_numberings).service(get_numbering).service(update_numbering);
}

/// Every kind of document with its rule, by kind.
#[utoipa::path(tag = "numbering", responses((status = 200, description = "All of them", body = Vec<dto::Numbering>)))]
#[get("/numbering-rules")]
async fn list_numberings(cx: Cx) -> Reply<Vec<dto::Numbering>> {
    let today = Calendar::china().day(cx.app().clock.now());
    cx.read(async |conn| {
        let rules = store::list(conn).await?;
        show(conn, rules, today).await
    })
    .await
}

/// One kind's rule, with all that came before and what is to come.
#[utoipa::path(tag = "numbering", responses((status = 200, description = "The rule", body = dto::Numbering)))]
#[get("/numbering-rules/{id}")]
async fn get_numbering(cx: Cx, id: Path<NumberingId>) -> Reply<dto::Numbering> {
    let today = Calendar::china().day(cx.app().clock.now());
    cx.read(async |conn| {
        let rule = cx.visible(*id, store::find(conn, *id).await?)?;
        one(conn, rule, today).await
    })
    .await
}

/// Change a rule, from today or a later day on. Numbers that were given stay; none comes twice; counting goes on.
#[utoipa::path(tag = "numbering", responses((status = 200, description = "Decided", body = dto::Numbering)))]
#[patch("/numbering-rules/{id}")]
async fn update_numbering(cx: Cx, id: Path<NumberingId>, body: Json<dto::NumberingPatch>) -> Reply<dto::Numbering> {
    cx.command(StatusCode::OK, async |tx| {
        let rule: NumberRule = tx.open(*id).await?;
        let stamp = tx.stamp();
        let today = stamp.today();
        // Two kinds that ask for one prefix at once: the second sees it taken.
        tx.one_at_a_time("numbering").await?;
        let known = store::known(tx.conn(), &rule.kind).await?;
        let rule = tx.save(rule.change(body.0.clone(), &known, today, &stamp)?).await?;
        one(tx.conn(), rule, today).await
    })
    .await
}

async fn one(conn: &mut Conn, rule: NumberRule, today: Day) -> Result<dto::Numbering> {
    let mut shown = show(conn, vec![rule], today).await?;
    shown.pop().ok_or_else(|| crate::ApiError::internal("one rule in, one out"))
}

async fn show(conn: &mut Conn, rules: Vec<NumberRule>, today: Day) -> Result<Vec<dto::Numbering>> {
    let kinds: Vec<&str> = rules.iter().map(|rule| rule.kind.as_str()).collect();
    let versions = store::versions(conn, &kinds).await?;
    let one = |rule: &NumberRule| {
        let of_kind = versions.iter().filter(|(kind, _)| *kind == rule.kind);
        let versions: Vec<dto::NumberingVersion> = of_kind.map(|(_, version)| version.clone()).collect();
        let begun = versions.iter().rfind(|version| version.effective_from.is_none_or(|day| day <= today));
        dto::Numbering {
            id: rule.id,
            kind: rule.kind.clone(),
            in_force: begun.map_or(1, |version| version.version),
            example: rule.example(rule.effective_from.filter(|day| *day > today).unwrap_or(today)),
            versions,
            version: rule.version,
        }
    };
    Ok(rules.iter().map(one).collect())
}
