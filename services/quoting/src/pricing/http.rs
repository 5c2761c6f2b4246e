//! `/api/quoting/v1/quotes/price`: what would this customer be offered?
use super::{concerns, domain::PricingRule, store};
use crate::{cost_sheets, margins, products};
use actix_web::post;
use platform::{ApiError, Conn, Cx, Json, Reply, Result, calendar::Calendar, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    crm::AccountSnapshot,
    quoting::{self as dto, CostSheetId, CostSheetStatus},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(price_quote);
}

/// What would this customer be offered, step by step, and who would have to approve it? Changes nothing. Costs and margin are
/// shown to those who may know them.
#[utoipa::path(tag = "quote", extensions(("x-pure" = json!(true))), responses((status = 200, description = "Line by line", body = dto::PricedQuote)))]
#[post("/quotes/price")]
async fn price_quote(cx: Cx, body: Json<dto::PriceQuote>) -> Reply<dto::PricedQuote> {
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let dto::PriceQuote { account_id, currency, day, cost_sheet_id, lines } = body.0.clone();
        let account: Option<AccountSnapshot> = replica::find(conn, account_id.into()).await?;
        let unknown = || ApiError::field("/account_id", format!("no account {account_id} is known here (yet)"));
        let account = account.ok_or_else(unknown)?;
        let asked = store::customer(&account, currency, day.unwrap_or_else(|| Calendar::china().day(now)));
        let skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
        let catalogue = products::catalogue(conn, &skus).await?;
        let sources = store::sources(conn, &asked, catalogue).await?;
        let cost = cost(conn, &cx, cost_sheet_id).await?;
        let floor = margins::floor(conn, now).await?.of_grade(&sources.policy, asked.tier);
        Ok(concerns::quote(&asked, &sources, lines, cost, floor)?)
    })
    .await
}

/// What a locked sheet says, for those who see it and may know margins; to others it is as if none were named.
async fn cost(conn: &mut Conn, cx: &Cx, sheet: Option<CostSheetId>) -> Result<Option<concerns::Cost>> {
    let Some(id) = sheet else { return Ok(None) };
    let (Some(sheets), Some(_)) =
        (cx.caller().sight("quoting.cost_sheet.read"), cx.caller().sight("quoting.margin.read"))
    else {
        return Ok(None);
    };
    let sheet = cost_sheets::find(conn, id).await?;
    let sheet =
        sheet.filter(|sheet| sheets.sees(platform::Entity::ownership(sheet).as_ref())).ok_or(PricingRule::Sheet)?;
    Ok((sheet.status == CostSheetStatus::Locked).then_some((sheet.total, sheet.currency)))
}
