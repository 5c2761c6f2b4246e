//! Decimal numbers that carry their bounds: what deserialises is in range, what serialises is in plain notation.
//! Never floats, never exponents, never JSON numbers (a browser's JSON parser would round them).
use rust_decimal::Decimal;

macro_rules! decimal {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $example:literal, $digits:literal, $least_scale:literal, $check:expr, $english:literal, $chinese:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, utoipa::ToSchema)]
        #[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Numeric))]
        #[schema(value_type = String, pattern = $pattern, examples($example))]
        pub struct $name(Decimal);
        impl $name {
            /// Nothing at all.
            pub const ZERO: Self = Self(Decimal::ZERO);
            /// Takes a computed value; bounds are for what comes from outside.
            #[must_use] pub const fn new(value: Decimal) -> Self { Self(value) }
            /// The number for arithmetic.
            #[must_use] pub const fn get(self) -> Decimal { self.0 }
        }
        impl From<Decimal> for $name { fn from(value: Decimal) -> Self { Self(value) } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut value = self.0.normalize();
                value.rescale(value.scale().max($least_scale));
                write!(f, "{value}")
            }
        }
        impl std::str::FromStr for $name {
            type Err = crate::Unreadable;
            fn from_str(s: &str) -> Result<Self, crate::Unreadable> {
                let value = plain(s, $digits).filter(|value| $check(value)).map(Self);
                value.ok_or_else(|| crate::Unreadable::new($english, $chinese))
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> { serializer.collect_str(self) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "db")]
        const _: () = {
            use diesel::{deserialize as de, pg::{Pg, PgValue}, serialize as ser, sql_types::Numeric};
            impl ser::ToSql<Numeric, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
                    <Decimal as ser::ToSql<Numeric, Pg>>::to_sql(&self.0, &mut out.reborrow())
                }
            }
            impl de::FromSql<Numeric, Pg> for $name {
                fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
                    <Decimal as de::FromSql<Numeric, Pg>>::from_sql(value).map(Self)
                }
            }
        };
    };
}

decimal!(
    /// An amount in some document's currency: a string, at most 14 digits and 4 decimals.
    Amount, r"^-?(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?$", "100000.01", 14, 2, |_: &Decimal| true,
    "expected an amount as a string, such as \"1250.00\": at most 14 digits and 4 decimals",
    "应为文本形式的金额，如 \"1250.00\"：最多 14 位整数和 4 位小数"
);
impl Amount {
    /// What computed amounts stay below, so that whoever is told of them can read them.
    pub const LIMIT: Decimal = Decimal::from_parts(0x107A_4000, 0x5AF3, 0, false, 0); // 10^14
}
decimal!(
    /// How many, in the item's unit: a string, not negative, at most 12 digits and 4 decimals.
    Quantity, r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$", "12", 12, 0, |value: &Decimal| !value.is_sign_negative(),
    "expected a quantity as a string, such as \"12\" or \"0.5\": not negative, at most 12 digits and 4 decimals",
    "应为文本形式的数量，如 \"12\" 或 \"0.5\"：不得为负，最多 12 位整数和 4 位小数"
);
decimal!(
    /// A share from 0 to 1, e.g. `"0.13"` for 13 % VAT: a string with at most 4 decimals.
    Rate, r"^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$", "0.13", 1, 0,
    |value: &Decimal| !value.is_sign_negative() && *value <= Decimal::ONE,
    "expected a rate as a string between \"0\" and \"1\", such as \"0.13\", with at most 4 decimals",
    "应为文本形式的比率，在 \"0\" 至 \"1\" 之间，如 \"0.13\"，最多 4 位小数"
);
decimal!(
    /// A measured value or a limit of one, in the unit beside it: a string, at most 12 digits and 4 decimals.
    Measure, r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$", "40.05", 12, 0, |_: &Decimal| true,
    "expected a measured value as a string, such as \"40.05\" or \"-3\": at most 12 digits and 4 decimals",
    "应为文本形式的测量值，如 \"40.05\" 或 \"-3\"：最多 12 位整数和 4 位小数"
);

decimal!(
    /// Points out of 100: a string with at most 4 decimals.
    Score, r"^((0|[1-9][0-9]?)(\.[0-9]{1,4})?|100(\.0{1,4})?)$", "82.50", 3, 2,
    |value: &Decimal| !value.is_sign_negative() && *value <= Decimal::ONE_HUNDRED,
    "expected points as a string between \"0\" and \"100\", such as \"82.5\", with at most 4 decimals",
    "应为文本形式的分数，在 \"0\" 至 \"100\" 之间，如 \"82.5\"，最多 4 位小数"
);

decimal!(
    /// A key figure or a part of one, in the unit beside it: a string, at most 18 digits and 4 decimals.
    Figure, r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?$", "0.9321", 18, 0, |_: &Decimal| true,
    "expected a figure as a string, such as \"0.9321\": at most 18 digits and 4 decimals",
    "应为文本形式的数值，如 \"0.9321\"：最多 18 位整数和 4 位小数"
);

/// Plain notation only: digits, one dot, at most four decimals, no sign but a leading minus, no leading zeros.
fn plain(text: &str, digits: usize) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits_only =
        |part: &str, most: usize| !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
    let well_formed =
        digits_only(whole, digits) && digits_only(fraction, 4) && (whole.len() == 1 || !whole.starts_with('0'));
    if well_formed { text.parse().ok() } else { None }
}
