//! `/api/quoting/v1/quotes/price`: what would this customer be offered?
use super::{approval, concerns, domain::PricingRule, store};
use crate::{
    cost_sheets,
    margins::{self, Cost},
    products,
};
use actix_web::post;
use platform::{ApiError, Caller, Conn, Cx, Entity, Json, Reply, Result, approvals, calendar::Calendar, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    crm::AccountSnapshot,
    quoting::{self as dto, CostSheetId, CostSheetStatus},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(price_quote);
}

/// What would this customer be offered, step by step, and who would have to approve it? Changes nothing. Costs and margin are
/// shown to those who may know them; what they mean for the approval is said to everybody.
#[utoipa::path(tag = "quote", extensions(("x-pure" = json!(true))), responses((status = 200, description = "Line by line", body = dto::PricedQuote)))]
#[post("/quotes/price")]
async fn price_quote(cx: Cx, body: Json<dto::PriceQuote>) -> Reply<dto::PricedQuote> {
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let dto::PriceQuote { account_id, currency, day, cost_sheet_id, lines } = body.0.clone();
        let account: Option<AccountSnapshot> = replica::find(conn, account_id.into()).await?;
        let unknown = || ApiError::unheard("/account_id", "account", account_id);
        let account = account.ok_or_else(unknown)?;
        let asked = store::customer(&account, currency, day.unwrap_or_else(|| Calendar::china().day(now)));
        let skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
        let catalogue = products::catalogue(conn, &skus).await?;
        let sources = store::sources(conn, &asked, catalogue).await?;
        let cost = match cost_sheet_id {
            Some(id) => cost(conn, cx.caller(), &body.0, id).await?,
            None => Cost::Unknown,
        };
        let floor = margins::floor(conn, now).await?.of_grade(&sources.policy, asked.tier);
        let priced = concerns::quote(&asked, &sources, lines, cost, floor)?;
        let (ask, usual) = approval::question(&priced.concerns, String::new(), priced.gross);
        let approval_steps = approvals::foreseen(conn, &ask, usual, now).await?;
        let margin = priced.margin.filter(|_| may_know_costs(cx.caller()));
        Ok(dto::PricedQuote { margin, approval_steps, ..priced })
    })
    .await
}

/// What a sheet of this customer says, if it is locked. Whoever may read sheets names one that they see.
async fn cost(conn: &mut Conn, caller: &Caller, asked: &dto::PriceQuote, id: CostSheetId) -> Result<Cost> {
    let sheet = cost_sheets::find(conn, id).await?.filter(|sheet| sheet.account_id == asked.account_id);
    let sight = caller.sight("quoting.cost_sheet.read");
    let seen = sheet.filter(|sheet| sight.is_none_or(|sight| sight.sees(sheet.ownership().as_ref())));
    let sheet = seen.ok_or(PricingRule::Sheet)?;
    let locked = (sheet.status == CostSheetStatus::Locked).then_some((sheet.total, sheet.currency));
    Ok(Cost::of(locked, asked.currency))
}

fn may_know_costs(caller: &Caller) -> bool {
    caller.sight("quoting.cost_sheet.read").is_some() && caller.sight("quoting.margin.read").is_some()
}
