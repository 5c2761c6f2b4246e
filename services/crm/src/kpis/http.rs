//! `/api/crm/v1/kpis`: parse, ask, answer. A figure counts only what the caller may see.
use super::{
    domain::{DEFINITIONS, Definition, Source, definition, rounded},
    targets,
};
use crate::{
    figures::{self, Basis, Record, Span},
    scope::Within,
};
use actix_web::{
    get,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Reply, Result};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Currency, Figure, Page,
    kpi::{Kpi, KpiDefinition, KpiQuery, KpiRecord, KpiRecordQuery, KpiUnit},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_crm_kpis).service(list_crm_kpi_records).service(get_crm_kpi);
}

/// The figures that can be asked for, with their formulas.
#[utoipa::path(tag = "kpi", responses((status = 200, description = "All of them", body = Vec<KpiDefinition>)))]
#[get("/kpis")]
async fn list_crm_kpis(cx: Cx) -> Reply<Vec<KpiDefinition>> {
    cx.read(async |_| Ok(DEFINITIONS.iter().map(Definition::show).collect())).await
}

/// A figure of a person, a team, a department or everybody whom the caller may see, in a period.
#[utoipa::path(tag = "kpi", params(KpiQuery), responses((status = 200, description = "The figure", body = Kpi), (status = 422, description = "The figure is of one person, team or department, and none is said")))]
#[get("/kpis/{key}")]
async fn get_crm_kpi(cx: Cx, key: Path<String>, query: Query<KpiQuery>) -> Reply<Kpi> {
    let definition = known(&key)?;
    cx.read(async |conn| {
        let as_of = cx.app().clock.now();
        let (counted, left_out) = match definition.source {
            Source::Targets => {
                let (records, unknown) = targets::records(conn, &query, cx.sight()).await?;
                (targets::add_up(&records), unknown)
            }
            Source::Sum(basis) | Source::Ratio(basis) => {
                let span = span(&cx, basis, definition, &query)?;
                let counted = figures::count(conn, basis, &span).await?;
                let whole = definition.unit == KpiUnit::Money;
                let left_out = if whole { figures::left_out(conn, basis, &span, counted.count).await? } else { 0 };
                (counted, left_out)
            }
        };
        let counted = definition.counted(counted, left_out, as_of);
        Ok(query.0.clone().answer("/api/crm/v1", definition.key, counted))
    })
    .await
}

/// What exactly was counted, the youngest ids first.
#[utoipa::path(tag = "kpi", params(KpiRecordQuery), responses((status = 200, description = "A page", body = Page<KpiRecord>), (status = 422, description = "The figure is of one person, team or department, and none is said")))]
#[get("/kpis/{key}/records")]
async fn list_crm_kpi_records(cx: Cx, key: Path<String>, query: Query<KpiRecordQuery>) -> Reply<Page<KpiRecord>> {
    let definition = known(&key)?;
    let (query, page) = query.0.parts();
    cx.read(async |conn| {
        let rows = match definition.source {
            Source::Targets => {
                let (mut records, _) = targets::records(conn, &query, cx.sight()).await?;
                records.retain(|record| page.after.is_none_or(|after| record.id < after));
                records
            }
            Source::Sum(basis) | Source::Ratio(basis) => {
                let span = span(&cx, basis, definition, &query)?;
                figures::records(conn, basis, &span, (page.after, page.fetch())).await?
            }
        };
        Ok(page.page(rows, |record| record.id, |record| show(record, definition)))
    })
    .await
}

fn known(key: &str) -> Result<&'static Definition> {
    definition(key).ok_or_else(|| ApiError::NotFound { entity: "kpi", id: key.to_owned() })
}

/// Whose rows of which time: what the caller may see, and of that what is asked for.
fn span(cx: &Cx, basis: Basis, definition: &Definition, query: &KpiQuery) -> Result<Span> {
    // Market share is nobody's: whoever may read its points sees them all.
    let shared = basis == Basis::ShareGrowth && cx.caller().sight("crm.market_share_point.read").is_some();
    let seen = if shared { Within::default() } else { Within::sight(cx.sight()) };
    let currency = (definition.unit == KpiUnit::Money).then(|| query.currency.unwrap_or(Currency::CNY));
    let span = Span::of(basis, query.period, seen.of(query.subject.as_ref()), currency)?;
    Ok(if basis == Basis::Acknowledgements { span.so_far(cx.app().clock.now()) } else { span })
}

fn show(record: Record, definition: &Definition) -> KpiRecord {
    let Record { kind, id, number, at, owner_id, value, weight } = record;
    KpiRecord {
        id,
        kind,
        number: number.unwrap_or_default(),
        at,
        owner_id,
        numerator: Figure::new(rounded(value)),
        denominator: definition.is_ratio().then(|| Figure::new(weight)),
    }
}
