//! A field of a JSON merge patch (RFC 7396) whose value may be taken away: absent, `null` or a value.
//! Only for what may be empty. Any other field of a patch is an `Option` that is documented as not nullable; `null` for it is
//! refused.
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a patch says of a field. In a struct: `#[serde(default, skip_serializing_if = "Patched::is_absent")]`, and
/// `#[schema(value_type = Option<T>)]`, which documents it as a value or `null`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patched<T> {
    /// It stays as it is.
    #[default]
    Absent,
    /// Nothing is there any more.
    Empty,
    New(T),
}

impl<T> Patched<T> {
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
    /// What is there afterwards, where `known` is there now.
    pub fn over<U>(self, known: Option<U>, kept: impl FnOnce(T) -> U) -> Option<U> {
        match self {
            Self::Absent => known,
            Self::Empty => None,
            Self::New(value) => Some(kept(value)),
        }
    }
    /// The same where it is kept as it comes.
    pub fn or(self, known: Option<T>) -> Option<T> {
        self.over(known, |value| value)
    }
    /// The new value, if there is one.
    pub fn new_value(self) -> Option<T> {
        match self {
            Self::Absent | Self::Empty => None,
            Self::New(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patched<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Empty, Self::New))
    }
}

impl<T: Serialize> Serialize for Patched<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Empty => serializer.serialize_none(),
            Self::New(value) => serializer.serialize_some(value),
        }
    }
}
