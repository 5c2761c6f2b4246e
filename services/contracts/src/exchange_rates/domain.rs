//! A day's rate of one currency in renminbi. Pure.
use crate::schema::exchange_rates;
use diesel::prelude::*;
use platform::{Change, Entity, Stamp};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, CaseId, Currency, Day, Moment, Ownership,
    contracts::{ExchangeRate, ExchangeRateId, NewExchangeRate},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = exchange_rates, treat_none_as_default_value = false)]
pub struct RateRow {
    pub id: ExchangeRateId,
    pub date: Day,
    pub currency: Currency,
    /// Renminbi for 100 units.
    pub per_hundred: Amount,
    pub source: String,
    pub stated_by: String,
    pub stated_at: Moment,
    pub version: i32,
}

impl Entity for RateRow {
    const KIND: &'static str = "exchange_rate";
    type Id = ExchangeRateId;
    fn id(&self) -> ExchangeRateId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "stated"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why a rate is refused.
    ExchangeRateRule {
        NotPositive => "exchange_rate.per_hundred", Invalid, "a rate is more than 0", "汇率必须大于 0", at "/per_hundred";
        Base => "exchange_rate.base", Invalid, "CNY is what the rates are in: it has none itself", "人民币为本位币，无需登记汇率";
    }
);

/// States a rate, or states it anew.
pub fn state(
    known: Option<RateRow>,
    id: ExchangeRateId,
    (date, currency): (Day, Currency),
    new: NewExchangeRate,
    by: &Stamp,
) -> Result<Change<RateRow>, ExchangeRateRule> {
    if currency == Currency::CNY {
        return Err(ExchangeRateRule::Base);
    }
    if new.per_hundred <= Amount::ZERO {
        return Err(ExchangeRateRule::NotPositive);
    }
    let (id, version) = known.map_or((id, 1), |known| (known.id, known.version + 1));
    let (per_hundred, source, stated_by, stated_at) =
        (new.per_hundred, new.source.to_string(), by.actor.clone(), by.at);
    Ok(Change::new("create", RateRow { id, date, currency, per_hundred, source, stated_by, stated_at, version }))
}

/// An amount in renminbi, to the cent.
pub fn converted(amount: Amount, per_hundred: Amount) -> Decimal {
    Currency::CNY.round(amount.get() * per_hundred.get() / Decimal::ONE_HUNDRED)
}

pub fn show(row: RateRow) -> ExchangeRate {
    let RateRow { id, date, currency, per_hundred, source, stated_by, stated_at, version } = row;
    ExchangeRate { id, date, currency, per_hundred, source, stated_by, stated_at, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn con_18_rates_are_for_a_hundred_units_and_round_to_the_cent() {
        let cny = |amount: &str, rate: &str| converted(amount.parse().unwrap(), rate.parse().unwrap()).to_string();
        assert_eq!(cny("14000.00", "714.2857"), "100000.00");
        assert_eq!(cny("2117200", "4.7232"), "99999.59");
        assert_eq!(cny("0.01", "50"), "0.00");
    }
}
