//! What time does: when a quarter has ended, each customer's loyalty at its end is kept. No SQL.
use super::{
    domain::{LoyaltySnapshot, WINDOW_DAYS},
    store,
};
use crate::{accounts::domain::Account, periods};
use jiff::SignedDuration;
use platform::{Result, Tx};
use wire::{Moment, Score};

/// Customers that are looked at in one transaction.
const BATCH: i64 = 200;

/// Keeps the picture of the quarter before this one, some hundred customers at a time.
pub async fn take_snapshot(tx: &mut Tx, now: Moment) -> Result<()> {
    let quarter = periods::quarter_of(tx.stamp().today())?.before();
    let known = store::of_quarter(tx.conn(), &quarter.to_string()).await?;
    let snapshot: LoyaltySnapshot = match known {
        Some(known) => tx.load(known.id).await?,
        None => tx.create(LoyaltySnapshot::begin(tx.id(), quarter, now)).await?,
    };
    let Some(after) = snapshot.after_id else { return Ok(()) };
    let (_, end) = periods::moments(quarter);
    let customers = store::customers(tx.conn(), after, BATCH).await?;
    let ids: Vec<_> = customers.iter().map(|customer| customer.id).collect();
    let dealings = store::dealings(tx.conn(), &ids, window_before(end), end).await?;
    let index = |customer: &Account| dealings.get(&customer.id).and_then(|dealings| dealings.figures(end).index);
    let kept: Vec<(&Account, Score)> = customers.iter().filter_map(|one| Some((one, index(one)?))).collect();
    store::keep(tx.conn(), &snapshot.quarter, &kept).await?;
    let kept = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    let full = i64::try_from(customers.len()).is_ok_and(|count| count == BATCH);
    let last = customers.last().filter(|_| full).map(|customer| customer.id.into());
    tx.save(snapshot.go_on(last, kept)).await?;
    if last.is_some() {
        tx.again();
    }
    Ok(())
}

/// Where the orders and surveys begin that count at a moment.
pub fn window_before(at: Moment) -> Moment {
    let window = SignedDuration::from_hours(24 * WINDOW_DAYS);
    Moment::new(at.timestamp().checked_sub(window).unwrap_or(jiff::Timestamp::MIN))
}
