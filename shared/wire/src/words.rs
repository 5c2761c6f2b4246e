//! Public words: one enum is the column, the JSON, the state machine and the labels people read in two languages.

/// What people read in the place of a code.
pub trait Word: Copy {
    /// `(zh-CN, en)`
    fn label(self) -> (&'static str, &'static str);
}
/// Labels that were looked up already.
impl Word for (&'static str, &'static str) {
    fn label(self) -> (&'static str, &'static str) {
        self
    }
}

/// `words!(QuoteStatus { Draft => "draft" "草稿" "Draft", … })`: code, zh-CN label, en label.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($variant:ident => $word:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Text))]
        pub enum $name { $(#[doc = $en] #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// Every word, in the order of a life.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stable code.
            #[must_use] pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// `(code, zh-CN, en)` for every word: what a frontend needs to draw a picker.
            #[must_use] pub const fn labels() -> &'static [(&'static str, &'static str, &'static str)] { &[$(($word, $zh, $en)),+] }
        }
        impl crate::Word for $name {
            fn label(self) -> (&'static str, &'static str) { match self { $(Self::$variant => ($zh, $en)),+ } }
        }
        // By hand: the derive does not see a `rename` that comes out of a macro, and would publish the names of the variants.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let about = concat!($($doc, "\n"),*).trim();
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($word),+]))
                    .description((!about.is_empty()).then_some(about))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { std::borrow::Cow::Borrowed(stringify!($name)) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(s: &str) -> Result<Self, String> {
                match s { $($word => Ok(Self::$variant),)+ other => Err(format!(concat!("unknown ", stringify!($name), ": {}"), other)) }
            }
        }
        #[cfg(feature = "db")]
        const _: () = {
            use diesel::{deserialize as de, pg::{Pg, PgValue}, serialize as ser, sql_types::Text};
            impl ser::ToSql<Text, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
                    <str as ser::ToSql<Text, Pg>>::to_sql(self.as_str(), out)
                }
            }
            impl de::FromSql<Text, Pg> for $name {
                fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
                    Ok(std::str::from_utf8(value.as_bytes())?.parse::<Self>()?)
                }
            }
        };
    };
}
pub(crate) use words;
