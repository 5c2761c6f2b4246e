//! Key figures (KPI-02, 03, 06, 07, 13 to 15, 17): what is asked, what is answered, and what exactly was counted; the same shape in every service.
//! Refuses formulas: what a figure counts is the service's own business, and its definition has a version.
use crate::{Currency, Day, Figure, Moment, PageQuery, Unreadable, words::words};
use jiff::civil::date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

words!(
    /// What a figure is measured in.
    KpiUnit {
        Money => "money" "金额" "Money",
        Count => "count" "数量" "Count",
        Share => "share" "比率" "Share",
        Points => "points" "分数" "Points out of 100",
        Days => "days" "天" "Days",
    }
);

/// A year (`2026`), a quarter (`2026-Q3`) or a month (`2026-03`), of days in Asia/Shanghai.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(value_type = String, pattern = r"^(19|2[0-9])[0-9]{2}(-Q[1-4]|-0[1-9]|-1[0-2])?$", examples("2026-Q3"))]
pub struct Period(Span);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Span {
    Year(i16),
    /// 1 to 4.
    Quarter(i16, i8),
    /// 1 to 12.
    Month(i16, i8),
}

impl Period {
    /// Its first day.
    #[must_use]
    pub fn first(self) -> Day {
        Day(match self.0 {
            Span::Year(year) => date(year, 1, 1),
            Span::Quarter(year, quarter) => date(year, quarter * 3 - 2, 1),
            Span::Month(year, month) => date(year, month, 1),
        })
    }
    /// Its last day.
    #[must_use]
    pub fn last(self) -> Day {
        Day(match self.0 {
            Span::Year(year) => date(year, 12, 31),
            Span::Quarter(year, quarter) => date(year, quarter * 3, 1).last_of_month(),
            Span::Month(year, month) => date(year, month, 1).last_of_month(),
        })
    }
    /// The month that a day lies in.
    #[must_use]
    pub fn month_of(Day(day): Day) -> Self {
        Self(Span::Month(day.year(), day.month()))
    }
    /// The period of the same length before it.
    #[must_use]
    pub fn before(self) -> Self {
        Self(match self.0 {
            Span::Year(year) => Span::Year(year - 1),
            Span::Quarter(year, 1) => Span::Quarter(year - 1, 4),
            Span::Quarter(year, quarter) => Span::Quarter(year, quarter - 1),
            Span::Month(year, 1) => Span::Month(year - 1, 12),
            Span::Month(year, month) => Span::Month(year, month - 1),
        })
    }
    /// How many days it has.
    #[must_use]
    pub fn days(self) -> i32 {
        (self.last().0 - self.first().0).get_days() + 1
    }
    /// Does this day lie in it?
    #[must_use]
    pub fn holds(self, day: Day) -> bool {
        (self.first()..=self.last()).contains(&day)
    }
}
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Span::Year(year) => write!(f, "{year}"),
            Span::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Span::Month(year, month) => write!(f, "{year}-{month:02}"),
        }
    }
}
impl FromStr for Period {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        parse(text).map(Self).ok_or_else(|| {
            Unreadable::new(
                format!("expected a year, quarter or month such as 2026, 2026-Q3 or 2026-03, not \"{text}\""),
                format!("应为年、季度或月，如 2026、2026-Q3 或 2026-03，而不是“{text}”"),
            )
        })
    }
}
impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

fn parse(text: &str) -> Option<Span> {
    let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let year: i16 = if digits(year, 4) { year.parse().ok()? } else { return None };
    // The years of every day (`Day`).
    if !(1900..=2999).contains(&year) {
        return None;
    }
    let within = |text: &str, count: usize, most: i8| {
        let number: i8 = if digits(text, count) { text.parse().ok()? } else { return None };
        (1..=most).contains(&number).then_some(number)
    };
    match part {
        None => Some(Span::Year(year)),
        Some(part) => match part.strip_prefix('Q') {
            Some(quarter) => within(quarter, 1, 4).map(|quarter| Span::Quarter(year, quarter)),
            None => within(part, 2, 12).map(|month| Span::Month(year, month)),
        },
    }
}

/// Whose figure: `user:ann`, `team:east`, `department:sales`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KpiSubject {
    /// Whose rows they own.
    User(String),
    Team(String),
    Department(String),
}
impl fmt::Display for KpiSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Team(id) => write!(f, "team:{id}"),
            Self::Department(id) => write!(f, "department:{id}"),
        }
    }
}
impl FromStr for KpiSubject {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let named = text.split_once(':').filter(|(_, id)| !id.trim().is_empty());
        match named {
            Some(("user", id)) => Ok(Self::User(id.to_owned())),
            Some(("team", id)) => Ok(Self::Team(id.to_owned())),
            Some(("department", id)) => Ok(Self::Department(id.to_owned())),
            _ => Err(Unreadable::new(
                format!("expected \"user:…\", \"team:…\" or \"department:…\", not \"{text}\""),
                format!("应为 \"user:…\"、\"team:…\" 或 \"department:…\"，而不是“{text}”"),
            )),
        }
    }
}
impl Serialize for KpiSubject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for KpiSubject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Of whom, and when.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KpiQuery {
    /// `user:…`, `team:…` or `department:…`; everything that the caller may see if not said.
    #[param(value_type = Option<String>, format = "kpi-subject", pattern = "^(user|team|department):.+$", max_length = 200)]
    pub subject: Option<KpiSubject>,
    /// `2026`, `2026-Q3` or `2026-03`: days in Asia/Shanghai.
    #[param(value_type = String, format = "period", pattern = r"^(19|2[0-9])[0-9]{2}(-Q[1-4]|-0[1-9]|-1[0-2])?$", example = "2026-Q3")]
    pub period: Period,
    /// Of figures in money: the currency; what is in another one is left out and counted. CNY if not said.
    #[param(value_type = Option<String>, format = "currency", pattern = "^[A-Z]{3}$")]
    pub currency: Option<Currency>,
}

/// The same question, page by page of what was counted.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KpiRecordQuery {
    /// `user:…`, `team:…` or `department:…`; everything that the caller may see if not said.
    #[param(value_type = Option<String>, format = "kpi-subject", pattern = "^(user|team|department):.+$", max_length = 200)]
    pub subject: Option<KpiSubject>,
    /// `2026`, `2026-Q3` or `2026-03`: days in Asia/Shanghai.
    #[param(value_type = String, format = "period", pattern = r"^(19|2[0-9])[0-9]{2}(-Q[1-4]|-0[1-9]|-1[0-2])?$", example = "2026-Q3")]
    pub period: Period,
    /// Of figures in money: the currency. CNY if not said.
    #[param(value_type = Option<String>, format = "currency", pattern = "^[A-Z]{3}$")]
    pub currency: Option<Currency>,
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
}
impl KpiRecordQuery {
    /// What is counted, and which page of it.
    #[must_use]
    pub fn parts(self) -> (KpiQuery, PageQuery) {
        let Self { subject, period, currency, limit, after } = self;
        (KpiQuery { subject, period, currency }, PageQuery { limit, after, ..PageQuery::default() })
    }
}

/// A figure: `value` = `numerator` ÷ `denominator`, half to even to 4 decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Kpi {
    /// Its name in paths: `sales_profit`.
    #[schema(examples("sales_profit"))]
    pub key: String,
    /// Absent: everything that the caller may see.
    #[schema(value_type = Option<String>)]
    pub subject: Option<KpiSubject>,
    pub period: Period,
    /// First day counted, Asia/Shanghai.
    pub from: Day,
    /// Last day counted.
    pub to: Day,
    pub unit: KpiUnit,
    /// Of money.
    pub currency: Option<Currency>,
    /// Absent where the denominator is 0: there is nothing to say.
    pub value: Option<Figure>,
    pub numerator: Figure,
    /// Of sums and counts 1.
    pub denominator: Figure,
    /// Records behind it: as many as `drilldown` lists.
    pub records: i64,
    /// Records that could not be counted, since what they lack (costs, the same currency) cannot be guessed.
    pub left_out: i64,
    /// When it was counted.
    pub as_of: Moment,
    /// Grows whenever the formula changes, so that figures of two versions are not compared unawares.
    pub definition_version: i32,
    /// Where the records behind it are listed.
    #[schema(examples("/api/quoting/v1/kpis/sales_profit/records?period=2026-Q3"))]
    pub drilldown: String,
}
impl crate::Shown for Kpi {}

/// A record that was counted: the sums over all of them are the figure's (of sums and counts, the numerator's).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KpiRecord {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// `quote`, `order` …
    pub kind: String,
    pub number: String,
    /// When what is counted happened.
    pub at: Moment,
    pub owner_id: Option<String>,
    /// What it adds to the numerator.
    pub numerator: Figure,
    /// What it adds to the denominator; absent of sums and counts.
    pub denominator: Option<Figure>,
}

/// What a figure means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KpiDefinition {
    /// Its name in paths: `sales_profit`.
    pub key: String,
    /// The row of the role's list of figures, such as `KPI-02`.
    pub row: String,
    pub unit: KpiUnit,
    /// Grows whenever the formula changes.
    pub definition_version: i32,
    /// What readers of Chinese see.
    #[serde(rename = "name_zh-CN")]
    pub name_chinese: String,
    #[serde(rename = "name_en")]
    pub name_english: String,
    /// How it is counted, in Chinese.
    #[serde(rename = "formula_zh-CN")]
    pub formula_chinese: String,
    /// How it is counted, in English.
    #[serde(rename = "formula_en")]
    pub formula_english: String,
}

impl KpiQuery {
    /// Where the records behind a figure are listed: `base` is the service's own path, such as `/api/quoting/v1`.
    #[must_use]
    pub fn drilldown(&self, base: &str, key: &str) -> String {
        let subject = self.subject.as_ref().map(|subject| format!("&subject={}", escaped(&subject.to_string())));
        let currency = self.currency.map(|currency| format!("&currency={currency}"));
        let (subject, currency) = (subject.unwrap_or_default(), currency.unwrap_or_default());
        format!("{base}/kpis/{key}/records?period={}{subject}{currency}", self.period)
    }
    /// The figure, of its two parts.
    #[must_use]
    pub fn answer(self, base: &str, key: &str, counted: KpiCount) -> Kpi {
        let KpiCount { unit, numerator, denominator, records, left_out, as_of, definition_version } = counted;
        let value = numerator.get().checked_div(denominator.get()).map(|value| Figure::new(rounded(value)));
        let currency = (unit == KpiUnit::Money).then(|| self.currency.unwrap_or(Currency::CNY));
        Kpi {
            key: key.to_owned(),
            drilldown: self.drilldown(base, key),
            from: self.period.first(),
            to: self.period.last(),
            subject: self.subject,
            period: self.period,
            unit,
            currency,
            value,
            numerator,
            denominator,
            records,
            left_out,
            as_of,
            definition_version,
        }
    }
}

/// What a service has counted.
#[derive(Debug, Clone, Copy)]
pub struct KpiCount {
    pub unit: KpiUnit,
    pub numerator: Figure,
    /// Of sums and counts 1.
    pub denominator: Figure,
    pub records: i64,
    pub left_out: i64,
    pub as_of: Moment,
    pub definition_version: i32,
}

fn rounded(value: rust_decimal::Decimal) -> rust_decimal::Decimal {
    value.round_dp_with_strategy(4, rust_decimal::RoundingStrategy::MidpointNearestEven)
}

/// Percent-encoded, byte by byte, but for what a query may hold as it is (RFC 3986, unreserved and `:`).
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
#[path = "kpi_tests.rs"]
mod tests;
