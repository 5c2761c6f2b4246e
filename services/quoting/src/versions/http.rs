//! `/api/quoting/v1/quotes/{id}/versions`: parse, ask, answer.
use super::domain;
use crate::quotes::{self, domain::Quote};
use actix_web::{get, web::Path};
use platform::{ApiError, Conn, Cx, Reply, Result};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::quoting::{self as dto, QuoteId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_quote_versions).service(get_quote_version_diff);
}

/// The revisions of a quote's number, the first one first; any of them names all.
#[utoipa::path(tag = "quote", responses((status = 200, description = "All of them", body = Vec<dto::QuoteVersion>)))]
#[get("/quotes/{id}/versions")]
async fn list_quote_versions(cx: Cx, id: Path<QuoteId>) -> Reply<Vec<dto::QuoteVersion>> {
    cx.read(async |conn| Ok(of(conn, &cx, *id).await?.iter().map(domain::version).collect())).await
}

/// What changed from one revision to another: lines, terms, totals, field by field.
#[utoipa::path(tag = "quote", params(
    ("from" = i32, Path, minimum = 1, maximum = 1_000_000), ("to" = i32, Path, minimum = 1, maximum = 1_000_000)
), responses((status = 200, description = "The changes", body = dto::QuoteDiff)))]
#[get("/quotes/{id}/versions/{from}/diff/{to}")]
async fn get_quote_version_diff(cx: Cx, path: Path<(QuoteId, i32, i32)>) -> Reply<dto::QuoteDiff> {
    let (id, from, to) = path.into_inner();
    cx.read(async |conn| {
        let versions = of(conn, &cx, id).await?;
        let revision = |wanted: i32| {
            let found = versions.iter().find(|quote| quote.head.revision == wanted);
            found.ok_or_else(|| ApiError::NotFound { entity: "quote_version", id: format!("{id}/versions/{wanted}") })
        };
        Ok(domain::diff(revision(from)?, revision(to)?))
    })
    .await
}

async fn of(conn: &mut Conn, cx: &Cx, id: QuoteId) -> Result<Vec<Quote>> {
    let quote = cx.visible(id, quotes::find(conn, id).await?)?;
    Ok(quotes::versions(conn, &quote.head.number, cx.sight()).await?)
}
