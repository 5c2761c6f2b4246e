//! Instants and days as the wire writes them, of years that business and arithmetic can deal with: what comes from outside
//! lies between 1900 and 2999. They never ask what time it is: the platform's clock does.
use crate::Unreadable;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::borrow::Cow;
use utoipa::ToSchema;

/// By how much the clocks of machines that are kept in time may differ, amply.
const CLOCKS_DIFFER: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// An instant in UTC, microseconds (what Postgres keeps), RFC 3339 on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Timestamptz))]
#[schema(value_type = String, format = DateTime, examples("2026-03-02T01:30:00Z"))]
#[serde(transparent)]
pub struct Moment(jiff::Timestamp);

impl Moment {
    /// Cuts to microseconds, so that what is read back equals what was written.
    #[must_use]
    pub fn new(at: jiff::Timestamp) -> Self {
        Self(jiff::Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at))
    }
    /// Is it earlier by more than the clocks of two machines differ (one minute)? What one of them tells is held against what
    /// the other has noted by this alone: a client two seconds ahead does not speak from the future.
    #[must_use]
    pub fn is_well_before(self, other: Self) -> bool {
        other.0.duration_since(self.0) > CLOCKS_DIFFER
    }
    /// The instant for arithmetic.
    #[must_use]
    pub fn timestamp(self) -> jiff::Timestamp {
        self.0
    }
}
impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let at = jiff::Timestamp::deserialize(deserializer)?;
        if usual(at.to_zoned(jiff::tz::TimeZone::UTC).year()) {
            Ok(Self::new(at))
        } else {
            Err(D::Error::custom(unusual()))
        }
    }
}
impl From<jiff::Timestamp> for Moment {
    fn from(at: jiff::Timestamp) -> Self {
        Self::new(at)
    }
}
impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A calendar day, `YYYY-MM-DD`; which zone's day it is, the field's own doc says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Date))]
#[schema(value_type = String, format = Date, examples("2026-03-02"))]
#[serde(transparent)]
pub struct Day(pub jiff::civil::Date);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
impl std::str::FromStr for Day {
    type Err = Unreadable;
    fn from_str(s: &str) -> Result<Self, Unreadable> {
        let day: Option<jiff::civil::Date> = if s.len() == "YYYY-MM-DD".len() { s.parse().ok() } else { None };
        let no_day = || {
            let english = format!("expected a day such as \"2026-03-02\", not \"{s}\"");
            Unreadable::new(english, format!("应为日期，如 \"2026-03-02\"，而不是“{s}”"))
        };
        let day = day.ok_or_else(no_day)?;
        if usual(day.year()) { Ok(Self(day)) } else { Err(unusual()) }
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

fn unusual() -> Unreadable {
    Unreadable::new("expected a year from 1900 to 2999", "年份应在 1900 至 2999 之间")
}
fn usual(year: i16) -> bool {
    (1900..=2999).contains(&year)
}

#[cfg(feature = "db")]
const _: () = {
    use diesel::{
        deserialize as de,
        pg::{Pg, PgValue},
        serialize::{self as ser, ToSql},
        sql_types::{Date, Timestamptz},
    };
    impl ToSql<Timestamptz, Pg> for Moment {
        fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
            ToSql::<Timestamptz, Pg>::to_sql(&jiff_diesel::Timestamp::from(self.0), &mut out.reborrow())
        }
    }
    impl de::FromSql<Timestamptz, Pg> for Moment {
        fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
            let at = <jiff_diesel::Timestamp as de::FromSql<Timestamptz, Pg>>::from_sql(value)?;
            Ok(Self(at.to_jiff()))
        }
    }
    impl ToSql<Date, Pg> for Day {
        fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
            ToSql::<Date, Pg>::to_sql(&jiff_diesel::Date::from(self.0), &mut out.reborrow())
        }
    }
    impl de::FromSql<Date, Pg> for Day {
        fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
            let day = <jiff_diesel::Date as de::FromSql<Date, Pg>>::from_sql(value)?;
            Ok(Self(day.to_jiff()))
        }
    }
};
