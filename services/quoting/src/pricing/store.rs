//! What prices are made of, loaded in one go.
use super::domain::{Asked, Sources, oldest};
use crate::{market_prices, price_books, pricing_policies, products::Catalogue};
use futures_util::{TryFutureExt, future::try_join};
use platform::{ApiError, Conn, Result};
use wire::{Currency, Day, crm::AccountSnapshot};

/// Who asks, as far as prices go.
#[must_use]
pub fn customer(account: &AccountSnapshot, currency: Currency, day: Day) -> Asked {
    let AccountSnapshot { id, tier, region, .. } = account;
    Asked { account_id: *id, tier: *tier, region: region.clone(), currency, day }
}

/// All that holds for whoever asks on that day; market prices only where the policy looks at them.
pub async fn sources(conn: &mut Conn, asked: &Asked, products: Catalogue) -> Result<Sources> {
    let skus: Vec<&str> = products.keys().map(String::as_str).collect();
    let whom = (asked.account_id, asked.tier, asked.region.as_deref());
    let shared = &*conn;
    let books = price_books::holding(shared, whom, asked.currency, asked.day, &skus).err_into::<ApiError>();
    let policy = pricing_policies::in_force(shared, asked.day);
    let (policy, books) = try_join(policy, books).await?;
    let market = match policy.market_age_days() {
        Some(days) => {
            let days = (oldest(asked.day, days), asked.day);
            market_prices::newest(conn, &skus, asked.currency, days).await?
        }
        None => Vec::new(),
    };
    Ok(Sources { policy, books, products, market })
}
