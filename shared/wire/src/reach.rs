//! Ways to reach a person, looked at as they come in: a telephone number, an e-mail address. What a Chinese keyboard types at its full
//! width (`１３８`, `＠`, `。`) is written narrow. What was stored before anybody looked is shown as the text that it is. Refuses to know
//! whether somebody answers there.
use crate::{Code, Email, Unreadable};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{borrow::Cow, str::FromStr};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

/// `Name(Text), "format of the document", "example", check, "what it must be", "应为何"`.
macro_rules! way {
    ($(#[$about:meta])* $name:ident($text:ty), $format:literal, $example:literal, $is_one:path, $english:literal, $chinese:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name($text);

        impl $name {
            /// One that is stored: it may be older than the check, and stays what it is.
            #[must_use]
            pub fn stored(text: $text) -> Self {
                Self(text)
            }
            /// As it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
            /// As it is written, owned.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0.into_string()
            }
            /// As it is written, with its bounds.
            #[must_use]
            pub fn into_text(self) -> $text {
                self.0
            }
        }
        impl FromStr for $name {
            type Err = Unreadable;
            fn from_str(s: &str) -> Result<Self, Unreadable> {
                let text: $text = s.chars().map(narrow).collect::<String>().parse()?;
                if $is_one(text.as_str()) { Ok(Self(text)) } else { Err(Unreadable::new($english, $chinese)) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let RefOr::T(Schema::Object(text)) = <$text>::schema() else { return <$text>::schema() };
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::Custom($format.to_owned())))
                    .description(Some(concat!("It ", $english, ".")))
                    .min_length(text.min_length)
                    .max_length(text.max_length)
                    .examples([$example])
                    .into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

way!(
    /// A telephone number as people write it.
    Phone(Code), "phone", "021-5555 0101", is_phone,
    "must be a telephone number of 5 to 20 digits, with spaces, + - ( ) . and an extension (ext, 转) at most",
    "应为 5 至 20 位数字的电话号码，可含空格、+ - ( ) . 及分机（ext、转）"
);
way!(
    /// An e-mail address; the mail server knows the rest.
    EmailAddress(Email), "email", "li.lei@example.com", is_email,
    "must be an e-mail address such as li.lei@example.com",
    "应为电子邮箱地址，例如 li.lei@example.com"
);

/// Words before the number of an extension.
const EXTENSIONS: [&str; 3] = ["ext", "转", "分机"];
/// What no address has outside quotation marks, which nobody types.
const NO_ADDRESS: &[char] = &['@', ',', ';', ':', '<', '>', '(', ')', '[', ']', '"', '\\'];

/// The character at its usual width.
fn narrow(wide: char) -> char {
    match wide {
        '\u{3000}' => ' ',
        '。' | '｡' => '.',
        '！'..='～' => char::from_u32(u32::from(wide) - 0xfee0).unwrap_or(wide),
        usual => usual,
    }
}

fn is_phone(text: &str) -> bool {
    let plain = EXTENSIONS.iter().fold(text.to_lowercase(), |text, word| text.replacen(word, " ", 1));
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&digits) && plain.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c))
}

fn is_email(text: &str) -> bool {
    let clean = |part: &str| !part.is_empty() && !part.contains(NO_ADDRESS) && !part.contains(char::is_whitespace);
    let Some((local, domain)) = text.split_once('@') else { return false };
    clean(local) && domain.contains('.') && domain.split('.').all(clean)
}
