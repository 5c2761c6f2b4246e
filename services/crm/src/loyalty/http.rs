//! `/api/crm/v1/accounts/{id}/loyalty`: parse, ask, answer.
use super::{consume::window_before, domain::Dealings, store};
use crate::accounts;
use actix_web::{get, web::Path};
use platform::{Cx, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::crm::{self as dto, AccountId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_account_loyalty);
}

/// How loyal a customer is: how often they come back, how long they have been here, how pleased they are.
#[utoipa::path(tag = "account", responses((status = 200, description = "As it stands, and the quarters that were kept", body = dto::Loyalty)))]
#[get("/accounts/{id}/loyalty")]
async fn get_account_loyalty(cx: Cx, id: Path<AccountId>) -> Reply<dto::Loyalty> {
    cx.read(async |conn| {
        let account = cx.visible(*id, accounts::find(conn, *id).await?)?;
        let now = cx.app().clock.now();
        let known = store::dealings(conn, &[account.id], window_before(now), now).await?;
        let none = Dealings { orders: 0, first_at: None, survey_mean: None };
        let dealings = known.get(&account.id).copied().unwrap_or(none);
        let figures = dealings.figures(now);
        Ok(dto::Loyalty {
            account_id: account.id,
            as_of: now,
            orders: dealings.orders,
            repurchase_rate: figures.repurchase_rate,
            tenure_days: figures.tenure_days,
            survey_mean: dealings.survey_mean,
            index: figures.index,
            quarters: store::quarters(conn, account.id).await?,
        })
    })
    .await
}
