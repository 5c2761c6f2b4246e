//! `/api/quoting/v1/kpis`: parse, ask, answer.
use super::store::{self, Counted};
use actix_web::{
    get,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Reply, Result, calendar::Calendar};
use rust_decimal::Decimal;
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Figure, Page,
    kpi::{Kpi, KpiCount, KpiDefinition, KpiQuery, KpiRecord, KpiRecordQuery, KpiUnit},
};

/// Σ (net − locked cost) of the quotes that were accepted in the period (KPI-02).
const SALES_PROFIT: &str = "sales_profit";
/// Grows whenever what is counted changes.
const VERSION: i32 = 1;
const BASE: &str = "/api/quoting/v1";

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_quoting_kpis).service(get_quoting_kpi).service(list_quoting_kpi_records);
}

/// The key figures that quoting counts, and what they mean.
#[utoipa::path(tag = "kpi", responses((status = 200, description = "All of them", body = Vec<KpiDefinition>)))]
#[get("/kpis")]
async fn list_quoting_kpis(cx: Cx) -> Reply<Vec<KpiDefinition>> {
    let profit = KpiDefinition {
        key: SALES_PROFIT.into(),
        row: "KPI-02".into(),
        unit: KpiUnit::Money,
        definition_version: VERSION,
        name_chinese: "销售利润".into(),
        name_english: "Sales profit".into(),
        formula_chinese: "期间内客户接受的报价：Σ（净额 − 已锁定成本）；按所有者归属；无同币种锁定成本的不计入".into(),
        formula_english: "Quotes accepted in the period: Σ (net − locked cost), by owner; those without locked costs in their currency are left out".into(),
    };
    cx.read(async |_| Ok(vec![profit])).await
}

/// A figure of somebody, a team, a department, or all that the caller sees.
#[utoipa::path(tag = "kpi", params(KpiQuery), responses((status = 200, description = "The figure", body = Kpi)))]
#[get("/kpis/{key}")]
async fn get_quoting_kpi(cx: Cx, key: Path<String>, query: Query<KpiQuery>) -> Reply<Kpi> {
    let as_of = cx.app().clock.now();
    cx.read(async |conn| {
        known(&key)?;
        let store::Counts { profit, records, left_out } = store::profit(conn, &counted(&query, &cx)).await?;
        let denominator = Figure::new(Decimal::ONE);
        let unit = KpiUnit::Money;
        let count =
            KpiCount { unit, numerator: profit, denominator, records, left_out, as_of, definition_version: VERSION };
        Ok(query.0.clone().answer(BASE, &key, count))
    })
    .await
}

/// The records that the figure counts, newest first.
#[utoipa::path(tag = "kpi", params(KpiRecordQuery), responses((status = 200, description = "A page", body = Page<KpiRecord>)))]
#[get("/kpis/{key}/records")]
async fn list_quoting_kpi_records(cx: Cx, key: Path<String>, query: Query<KpiRecordQuery>) -> Reply<Page<KpiRecord>> {
    let (query, page) = query.into_inner().parts();
    cx.read(async |conn| {
        known(&key)?;
        let rows = store::records(conn, &counted(&query, &cx), &page).await?;
        Ok(page.page(rows, |record| record.id, |record| record))
    })
    .await
}

fn counted<'a>(query: &'a KpiQuery, cx: &'a Cx) -> Counted<'a> {
    let (from, until) = Calendar::china().moments(query.period.first(), query.period.last());
    Counted { query, sight: cx.sight(), from, until }
}

fn known(key: &str) -> Result<()> {
    if key == SALES_PROFIT { Ok(()) } else { Err(ApiError::NotFound { entity: "kpi", id: key.to_owned() }) }
}
