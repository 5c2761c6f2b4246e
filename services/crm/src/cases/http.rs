//! `/api/crm/v1/cases` and a customer's timeline: parse, ask, answer. What the caller may not read is left out.
use super::{
    domain::{Case, Fact, between, graph},
    store,
};
use crate::accounts;
use actix_web::{
    get,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Entity, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    CaseId, Page,
    crm::{self as dto, AccountId, AccountPageQuery, TimelineQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_cases).service(get_case).service(list_account_timeline);
}

/// Deals, newest first; each with its customer where the caller may see that one.
#[utoipa::path(tag = "case", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::CaseSummary>)))]
#[get("/cases")]
async fn list_cases(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::CaseSummary>> {
    cx.read(async |conn| {
        let mut rows = store::list(conn, &query).await?;
        // Who knows a customer's id could name it in documents of their own and read its name there.
        let ids: Vec<AccountId> = rows.iter().filter_map(|case| case.account_id).collect();
        let seen = match cx.caller().sight("crm.account.read") {
            Some(sight) => accounts::seen(conn, &ids, &sight).await?,
            None => Vec::new(),
        };
        for case in &mut rows {
            case.account_id = case.account_id.filter(|id| seen.contains(id));
        }
        Ok(query.page().page(rows, |case| case.case_id.into(), summary))
    })
    .await
}

/// One deal from end to end, by any of its names: its documents, how they hang together, and what happened, in order.
#[utoipa::path(tag = "case", responses((status = 200, description = "The case, as far as the caller may read it", body = dto::CaseGraph)))]
#[get("/cases/{case_id}")]
async fn get_case(cx: Cx, case_id: Path<CaseId>) -> Reply<dto::CaseGraph> {
    cx.read(async |conn| {
        let absent = || ApiError::NotFound { entity: "case", id: case_id.to_string() };
        let mut case = store::find(conn, *case_id).await?.ok_or_else(absent)?;
        let mut names = vec![case.case_id];
        if case.merged_into.is_some() || case.has_aliases {
            names = store::names(conn, case.case_id).await?;
            case = store::find(conn, *names.first().ok_or_else(absent)?).await?.ok_or_else(absent)?;
        }
        let account = match case.account_id {
            Some(id) => accounts::find(conn, id).await?,
            None => None,
        };
        let sight = cx.caller().sight("crm.account.read");
        let account = account.filter(|account| sight.is_some_and(|sight| sight.sees(account.ownership().as_ref())));
        case.account_id = account.as_ref().map(|account| account.id);
        let mut facts = store::facts(conn, &names).await?;
        facts.retain(|fact| fact.shown_to(cx.caller()));
        let aliases = names.split_off(1);
        Ok(graph(case, aliases, account.map(|account| account.name), facts))
    })
    .await
}

/// What happened in all deals of a customer, over all services, newest first. A page may be shorter than asked for: what
/// the caller may not read is left out of it. Deals of customers that were merged into this one are among them.
#[utoipa::path(tag = "account", params(TimelineQuery), responses((status = 200, description = "A page", body = Page<dto::TimelineEntry>)))]
#[get("/accounts/{id}/timeline")]
async fn list_account_timeline(
    cx: Cx,
    id: Path<AccountId>,
    query: Query<TimelineQuery>,
) -> Reply<Page<dto::TimelineEntry>> {
    cx.read(async |conn| {
        let account = cx.visible(*id, accounts::find(conn, *id).await?)?;
        let mut same = accounts::merged_into(conn, account.id).await?;
        same.push(account.id);
        let rows = store::timeline(conn, &same, &query).await?;
        let Page { items, next } = query.page().page(rows, |fact| fact.event_id.into(), |fact| fact);
        let items = items.into_iter().filter(|fact| fact.shown_to(cx.caller())).map(Fact::entry).collect();
        Ok(Page { items, next })
    })
    .await
}

fn summary(case: Case) -> dto::CaseSummary {
    let Case { case_id, account_id, status, started_at, last_at, merged_into, has_aliases: _ } = case;
    let elapsed_ms = between(started_at, last_at);
    dto::CaseSummary { case_id, account_id, status, started_at, last_at, elapsed_ms, merged_into }
}
