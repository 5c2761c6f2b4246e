//! The rules of market prices (QUO-05). Pure: no async, no clock, no SQL.
use crate::schema::market_prices;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, Currency, Day, Label, Moment,
    quoting::{MarketPriceId, MarketPriceKind, MarketPriceStatus as Status, NewMarketPrice},
};

/// A market price: the row is the whole of it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = market_prices, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct MarketPrice {
    pub id: MarketPriceId,
    pub sku: String,
    pub kind: MarketPriceKind,
    pub source: String,
    pub unit_price: Amount,
    pub currency: Currency,
    pub day: Day,
    pub status: Status,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub recorded_by: String,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(MarketPrice, "market_price", MarketPriceId; row: this, case: none, unowned);

platform::rules!(
    /// Why a market price is refused.
    MarketPriceRule {
        Price => "market_price.unit_price", Invalid, "the unit price must be more than 0", "单价必须大于 0", at "/unit_price/amount";
        Future { day: Day } => "market_price.day", Invalid, "{day} is not over yet", "{day} 尚未到来", at "/day";
        Sku { sku: String } => "market_price.sku", Invalid, "{sku} is no product on sale", "{sku} 不是在售产品", at "/sku";
    }
);

impl Machine for MarketPrice {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "market_price",
        transitions: &[Transition::new("withdraw", &["recorded"], &["withdrawn"])],
        labels: Status::labels(),
    };
}

impl MarketPrice {
    /// A price that was seen.
    pub fn record(id: MarketPriceId, new: NewMarketPrice, by: &Stamp) -> Result<Change<Self>, MarketPriceRule> {
        let NewMarketPrice { sku, kind, source, unit_price, day, note } = new;
        if unit_price.amount.get() <= Decimal::ZERO {
            return Err(MarketPriceRule::Price);
        }
        if day > by.today() {
            return Err(MarketPriceRule::Future { day });
        }
        let price = Self {
            id,
            sku: sku.into_string(),
            kind,
            source: source.into_string(),
            unit_price: unit_price.amount,
            currency: unit_price.currency,
            day,
            status: Status::Recorded,
            note: note.map(Label::into_string),
            reason: None,
            recorded_by: by.actor.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", price))
    }
    /// It was a mistake: no price follows it any more.
    pub fn withdraw(mut self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("withdraw")?;
        (self.status, self.reason) = (Status::Withdrawn, Some(reason.clone()));
        self.version += 1;
        Ok(Change::new("withdraw", self).because(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wire::{Money, Ownership};

    fn record(price: &str, day: &str) -> Result<Change<MarketPrice>, MarketPriceRule> {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        let by = Stamp { at, actor: "user:ann".into(), ownership: Ownership::default() };
        let new = NewMarketPrice {
            sku: "PUMP-40".parse().unwrap(),
            kind: MarketPriceKind::Competitor,
            source: "南方泵业".parse().unwrap(),
            unit_price: Money::new(price.parse().unwrap(), Currency::CNY),
            day: day.parse().unwrap(),
            note: None,
        };
        MarketPrice::record(MarketPriceId(Uuid::nil()), new, &by)
    }

    #[test]
    fn quo_05_a_market_price_was_seen_today_at_the_latest_and_can_be_withdrawn_once() {
        let code =
            |price, day| record(price, day).map_or_else(|rule| platform::Rule::code(&rule).to_owned(), |_| "ok".into());
        let prices = ["0", "0.0001"].map(|price| code(price, "2026-03-02"));
        assert_eq!(prices, ["market_price.unit_price", "ok"]);
        let days = ["2026-03-01", "2026-03-02", "2026-03-03"].map(|day| code("1", day));
        assert_eq!(days, ["ok", "ok", "market_price.day"]);
        let recorded = record("1", "2026-03-02").unwrap().after().clone();
        let withdrawn = recorded.withdraw("typing error".into()).unwrap().after().clone();
        assert_eq!((withdrawn.status, withdrawn.version), (Status::Withdrawn, 2));
        assert!(withdrawn.withdraw("again".into()).is_err());
    }
}
