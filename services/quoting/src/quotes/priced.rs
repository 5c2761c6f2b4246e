//! What the lines of a quote are priced by: the customer's books, the policy of the day, the rate cards that they name. Reads
//! only; what is made of it is `lines`' business.
use super::lines::{self, Offered};
use crate::{pricing, products, rate_cards};
use platform::{Result, Tx, replica};
use wire::{
    Currency,
    crm::{AccountId, AccountSnapshot},
    quoting::{NewQuoteLine, RateCardId},
};

/// These lines with their prices of today, for a customer of whom we know this much.
pub async fn offered(
    tx: &mut Tx,
    account: &AccountSnapshot,
    currency: Currency,
    lines: Vec<NewQuoteLine>,
) -> Result<Vec<Offered>> {
    let asked = pricing::customer(account, currency, tx.stamp().today());
    let skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
    let catalogue = products::catalogue(tx.conn(), &skus).await?;
    let sources = pricing::sources(tx.conn(), &asked, catalogue).await?;
    let named = lines.iter().filter_map(|line| line.service.as_ref().map(|service| service.rate_card_id));
    let cards: Vec<RateCardId> = named.collect();
    let cards = rate_cards::named(tx.conn(), &cards).await?;
    Ok(lines::offered(lines, &asked, &sources, &cards)?)
}

/// The same for the customer of a quote that there is already.
pub async fn offered_to(
    tx: &mut Tx,
    account: AccountId,
    currency: Currency,
    lines: Vec<NewQuoteLine>,
) -> Result<Vec<Offered>> {
    let account: AccountSnapshot = match replica::find(tx.conn(), account.into()).await? {
        Some(account) => account,
        None => return Err(platform::ApiError::internal("the customer of a quote is known")),
    };
    offered(tx, &account, currency, lines).await
}
