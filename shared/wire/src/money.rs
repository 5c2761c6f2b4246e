//! Money: an amount with its currency, and the one place that rounds.
//! Refuses to convert between currencies: rates are dated facts that live in the services (ruling 7).
use crate::{Amount, Unreadable};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An ISO 4217 code, e.g. `CNY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Text))]
#[schema(value_type = String, pattern = "^[A-Z]{3}$", examples("CNY"))]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Renminbi, the base currency unless settings say otherwise.
    pub const CNY: Self = Self(iso_currency::Currency::CNY);
    /// The three letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }
    /// Decimals of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }
    /// Rounds half to even, to the minor unit (ruling 7).
    #[must_use]
    pub fn round(self, value: Decimal) -> Decimal {
        value.round_dp_with_strategy(self.minor_digits(), RoundingStrategy::MidpointNearestEven)
    }
}
impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
impl std::str::FromStr for Currency {
    type Err = Unreadable;
    fn from_str(s: &str) -> Result<Self, Unreadable> {
        let unknown =
            || Unreadable::new(format!("\"{s}\" is no ISO 4217 currency code"), format!("“{s}”不是 ISO 4217 货币代码"));
        iso_currency::Currency::from_code(s).map(Self).ok_or_else(unknown)
    }
}
impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// `{"amount":"100000.01","currency":"CNY"}`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    pub amount: Amount,
    pub currency: Currency,
}

impl Money {
    #[must_use]
    pub fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }
}
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

#[cfg(feature = "db")]
const _: () = {
    use diesel::{
        deserialize as de,
        pg::{Pg, PgValue},
        serialize as ser,
        sql_types::Text,
    };
    impl ser::ToSql<Text, Pg> for Currency {
        fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
            <str as ser::ToSql<Text, Pg>>::to_sql(self.code(), out)
        }
    }
    impl de::FromSql<Text, Pg> for Currency {
        fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
            Ok(std::str::from_utf8(value.as_bytes())?.parse::<Self>()?)
        }
    }
};
