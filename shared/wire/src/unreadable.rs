//! Why a text is not what it should be, in both languages. Serde carries an error as one text: both stand in it, and are read back
//! from it.

/// Says what was expected, so that whoever wrote it can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub english: String,
    pub chinese: String,
}

/// Stands between the languages; no reason holds it, since a text that is quoted in one is shown without it.
const BETWEEN: char = '｜';

impl Unreadable {
    pub fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        let one = |text: String| text.replace(BETWEEN, "|");
        Self { english: one(english.into()), chinese: one(chinese.into()) }
    }
    /// What `Display` wrote; `None` for anybody else's words.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        text.split_once(BETWEEN).map(|(english, chinese)| Self::new(english, chinese))
    }
}
impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{BETWEEN}{}", self.english, self.chinese)
    }
}
impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_carries_is_read_back() {
        let why = serde_json::from_str::<crate::Currency>("\"a｜b\"").unwrap_err();
        let told = why.to_string();
        let read = Unreadable::read(told.split(" at line").next().unwrap()).unwrap();
        assert_eq!(read.english, "\"a|b\" is no ISO 4217 currency code");
        assert_eq!(read.chinese, "“a|b”不是 ISO 4217 货币代码");
        assert_eq!(Unreadable::read("missing field `a`"), None);
    }
}
