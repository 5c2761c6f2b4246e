//! The rules of rate cards (QUO-11). Pure: no async, no clock, no SQL.
use crate::schema::rate_cards;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, Currency, Day, Moment,
    quoting::{NewRateCard, RateCardId, RateCardStatus as Status},
};

/// A rate card: the row is the whole of it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rate_cards, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RateCard {
    pub id: RateCardId,
    pub role: String,
    pub hourly_rate: Amount,
    pub currency: Currency,
    pub first_day: Day,
    pub last_day: Option<Day>,
    pub status: Status,
    pub reason: Option<String>,
    pub created_by: String,
    pub created_at: Moment,
    pub retired_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(RateCard, "rate_card", RateCardId; row: this, case: none, unowned);

platform::rules!(
    /// Why a rate card is refused.
    RateCardRule {
        Rate => "rate_card.hourly_rate", Invalid, "the hourly rate must not be negative", "小时费率不能为负", at "/hourly_rate";
        Days => "rate_card.days", Invalid, "it ends before it begins", "结束日期早于开始日期", at "/last_day";
    }
);

impl Machine for RateCard {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "rate_card",
        transitions: &[Transition::new("retire", &["active"], &["retired"])],
        labels: Status::labels(),
    };
}

impl RateCard {
    /// A new card; it holds from its first day on.
    pub fn create(id: RateCardId, new: NewRateCard, by: &Stamp) -> Result<Change<Self>, RateCardRule> {
        let NewRateCard { role, hourly_rate, currency, first_day, last_day } = new;
        if hourly_rate.get() < Decimal::ZERO {
            return Err(RateCardRule::Rate);
        }
        if last_day.is_some_and(|last| last < first_day) {
            return Err(RateCardRule::Days);
        }
        let card = Self {
            id,
            role: role.into_string(),
            hourly_rate,
            currency,
            first_day,
            last_day,
            status: Status::Active,
            reason: None,
            created_by: by.actor.clone(),
            created_at: by.at,
            retired_at: None,
            version: 1,
        };
        Ok(Change::new("create", card))
    }
    /// New quotes name it no more.
    pub fn retire(mut self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        (self.status, self.reason, self.retired_at) = (Status::Retired, Some(reason.clone()), Some(by.at));
        self.version += 1;
        Ok(Change::new("retire", self).because(reason))
    }
    /// Does it hold for quotes in this currency on this day?
    pub fn holds(&self, currency: Currency, day: Day) -> bool {
        let in_time = self.first_day <= day && self.last_day.is_none_or(|last| day <= last);
        self.status == Status::Active && self.currency == currency && in_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;
    use wire::Ownership;

    fn by() -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: "user:fay".into(), ownership: Ownership::default() }
    }
    fn card(rate: &str, last_day: Option<&str>) -> Result<RateCard, String> {
        let new = NewRateCard {
            role: "engineer".parse().unwrap(),
            hourly_rate: rate.parse().unwrap(),
            currency: Currency::CNY,
            first_day: "2026-03-02".parse().unwrap(),
            last_day: last_day.map(|day| day.parse().unwrap()),
        };
        let made = RateCard::create(RateCardId(Uuid::nil()), new, &by());
        made.map(|change| change.after().clone()).map_err(|rule| platform::Rule::code(&rule).to_owned())
    }

    #[test]
    fn quo_11_a_rate_card_has_a_rate_and_days_and_is_retired_once() {
        assert_eq!(card("-0.0001", None).unwrap_err(), "rate_card.hourly_rate");
        assert!(card("0", None).is_ok());
        assert_eq!(card("1", Some("2026-03-01")).unwrap_err(), "rate_card.days");
        let holds = |day: &str| card("1", Some("2026-03-04")).unwrap().holds(Currency::CNY, day.parse().unwrap());
        let days = ["2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05"];
        assert_eq!(days.map(holds), [false, true, true, false]);
        let open = card("1", None).unwrap();
        assert!(open.holds(Currency::CNY, "2999-12-31".parse().unwrap()));
        assert!(!open.holds("USD".parse().unwrap(), "2026-03-02".parse().unwrap()), "of another currency");
        let retired = open.retire("new rates".into(), &by()).unwrap().after().clone();
        assert!(!retired.holds(Currency::CNY, "2026-03-02".parse().unwrap()));
        assert!(retired.retire("again".into(), &by()).is_err());
    }
}
