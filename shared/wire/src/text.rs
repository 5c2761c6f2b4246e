//! Text with its bounds in the type: trimmed, not blank, no control characters, at most N characters (not bytes:
//! a Chinese name is as long as it looks). One declaration is both the check and the OpenAPI limit.
use crate::Unreadable;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

/// 1 to `MOST` characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Text))]
#[serde(transparent)]
pub struct Text<const MOST: usize>(String);

/// A short code: an sku, a unit, a region.
pub type Code = Text<64>;
/// A name or title.
pub type Name = Text<200>;
/// A label on a line.
pub type Label = Text<500>;
/// Free prose: reasons, notes, clauses.
pub type Note = Text<4000>;
/// Another system's id.
pub type Reference = Text<128>;
/// An e-mail address; only its outline is checked, the mail server knows the rest.
pub type Email = Text<254>;

impl<const MOST: usize> Text<MOST> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}
impl<const MOST: usize> std::str::FromStr for Text<MOST> {
    type Err = Unreadable;
    fn from_str(s: &str) -> Result<Self, Unreadable> {
        let text = s.trim();
        let characters = text.chars().count();
        if characters == 0 {
            return Err(Unreadable::new("must not be blank", "不能为空"));
        }
        if characters > MOST {
            let english = format!("has {characters} characters; at most {MOST} are kept");
            return Err(Unreadable::new(english, format!("有 {characters} 个字符，最多保留 {MOST} 个")));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(Unreadable::new("holds control characters", "含有控制字符"));
        }
        Ok(Self(text.to_owned()))
    }
}
impl<const MOST: usize> TryFrom<String> for Text<MOST> {
    type Error = Unreadable;
    fn try_from(text: String) -> Result<Self, Unreadable> {
        text.parse()
    }
}
impl<const MOST: usize> std::fmt::Display for Text<MOST> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl<const MOST: usize> AsRef<str> for Text<MOST> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl<'de, const MOST: usize> Deserialize<'de> for Text<MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
impl<const MOST: usize> PartialSchema for Text<MOST> {
    fn schema() -> RefOr<Schema> {
        // `\S` somewhere: what is blank after trimming is refused.
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MOST))
            .pattern(Some(r"\S"))
            .examples([Self::example()])
            .into()
    }
}
impl<const MOST: usize> Text<MOST> {
    /// What such a text may look like, for the documentation.
    const fn example() -> &'static str {
        match MOST {
            64 => "PUMP-40",
            128 => "FT-2026-0042",
            200 => "晨光泵业",
            254 => "li.lei@example.com",
            _ => "as agreed with the customer",
        }
    }
}
impl<const MOST: usize> ToSchema for Text<MOST> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Text{MOST}"))
    }
}

#[cfg(feature = "db")]
const _: () = {
    use diesel::{
        deserialize as de,
        pg::{Pg, PgValue},
        serialize as ser,
        sql_types::Text as SqlText,
    };
    impl<const MOST: usize> ser::ToSql<SqlText, Pg> for Text<MOST> {
        fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
            <str as ser::ToSql<SqlText, Pg>>::to_sql(&self.0, out)
        }
    }
    impl<const MOST: usize> de::FromSql<SqlText, Pg> for Text<MOST> {
        fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
            <String as de::FromSql<SqlText, Pg>>::from_sql(value).map(Self)
        }
    }
};
