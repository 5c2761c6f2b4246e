//! Refusals that are part of the business: a code for programs, a sentence for people in two languages, the field or the
//! gate to mend. What is ours to fix is no rule but an `ApiError::Internal`.
use wire::{FieldError, Gate, Word};

/// The reader's language, from `Accept-Language`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    Chinese,
    #[default]
    English,
}
impl Language {
    /// Picks between a zh-CN and an en text.
    #[must_use]
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
    /// The first language of the header that we have; English otherwise.
    #[must_use]
    pub fn of(accept_language: &str) -> Self {
        accept_language
            .split(',')
            .map(|part| part.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
            .find_map(|tag| match tag.get(..2) {
                Some("zh") => Some(Self::Chinese),
                Some("en") => Some(Self::English),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// Why a rule refused: picks the HTTP status. No kind is ever retried by a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 422: what was sent is wrong.
    Invalid,
    /// 403: not this person.
    Forbidden,
    /// 409: not in this state, or not while a gate is closed.
    Conflict,
}

/// A refusal. Declared with [`rules!`](crate::rules).
pub trait Rule: std::error::Error + Send + Sync + 'static {
    /// Stable and dotted: `quote.empty`.
    fn code(&self) -> &str;
    fn kind(&self) -> Kind;
    fn text(&self, language: Language) -> String;
    /// The body field to mend (RFC 6901), empty if none.
    fn pointer(&self) -> String {
        String::new()
    }
    /// Every body field to mend: the one at `pointer`, unless a refusal knows of several.
    fn fields(&self, language: Language) -> Vec<FieldError> {
        let pointer = self.pointer();
        if pointer.is_empty() {
            return Vec::new();
        }
        vec![FieldError { pointer, code: self.code().to_owned(), message: self.text(language) }]
    }
    /// The closed gates.
    fn gates(&self, _: Language) -> Vec<Gate> {
        Vec::new()
    }
}

/// A field of a refusal as its text tells it: a word by its label in the reader's language, anything else as it is.
#[doc(hidden)]
pub struct Told<T>(pub T);
#[doc(hidden)]
pub trait ByLabel {
    fn told(&self, language: Language) -> &'static str;
}
impl<T: Word> ByLabel for Told<&T> {
    fn told(&self, language: Language) -> &'static str {
        let (chinese, english) = self.0.label();
        language.pick(chinese, english)
    }
}
/// One reference further away, so that it is found only for what is no word.
#[doc(hidden)]
pub trait AsItIs {
    type As;
    fn told(&self, language: Language) -> Self::As;
}
impl<'a, T: ?Sized> AsItIs for &Told<&'a T> {
    type As = &'a T;
    fn told(&self, _: Language) -> &'a T {
        self.0
    }
}

/// Declares a slice's refusals; codes and both languages stand side by side and none can be forgotten. Words are told by their labels.
/// `Variant { field: Type } => "code", Kind, "english {field}", "中文 {field}", at "/pointer/{field}";`
#[macro_export]
macro_rules! rules {
    ($(#[$doc:meta])* $name:ident { $(
        $variant:ident $({ $($field:ident : $type:ty),+ $(,)? })? => $code:literal, $kind:ident, $en:literal, $zh:literal $(, at $at:literal)?;
    )+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name { $( #[doc = $en] $variant $({ $($field: $type),+ })? ),+ }
        impl $name {
            /// Every code of this slice with its English and Chinese text, for the documentation.
            pub const CODES: &'static [(&'static str, &'static str, &'static str)] = &[$(($code, $en, $zh)),+];
        }
        #[allow(unused_imports, unused_variables, clippy::allow_attributes, reason = "a text need not mention every field")]
        impl $crate::Rule for $name {
            fn code(&self) -> &str { match self { $(Self::$variant $({ $($field),+ })? => $code),+ } }
            fn kind(&self) -> $crate::Kind { match self { $(Self::$variant $({ $($field),+ })? => $crate::Kind::$kind),+ } }
            fn text(&self, language: $crate::Language) -> String {
                use $crate::rules::{AsItIs as _, ByLabel as _, Told};
                match self { $(
                    Self::$variant $({ $($field),+ })? => {
                        $($(let $field = (&Told($field)).told(language);)+)?
                        match language {
                            $crate::Language::Chinese => format!($zh),
                            $crate::Language::English => format!($en),
                        }
                    }
                )+ }
            }
            fn pointer(&self) -> String { match self { $(Self::$variant $({ $($field),+ })? => { let at = String::new(); $(let at = format!($at);)? at }),+ } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::Rule::text(self, $crate::Language::English))
            }
        }
        impl std::error::Error for $name {}
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    rules!(TeaRule {
        Cold => "tea.cold", Conflict, "the tea is cold", "茶凉了";
        Locked { kind: wire::attachment::AttachmentKind, cup: &'static str } => "tea.locked", Conflict, "the {kind} of {cup}", "{cup}的{kind}";
        Weak { leaves: u8, cup: u8 } => "tea.weak", Invalid, "{leaves} leaves are too few", "{leaves} 片茶叶太少", at "/cups/{cup}/leaves";
    });

    #[test]
    fn a_rule_speaks_both_languages_and_points_at_the_field() {
        let weak = TeaRule::Weak { leaves: 2, cup: 1 };
        assert_eq!((weak.code(), weak.kind(), weak.pointer().as_str()), ("tea.weak", Kind::Invalid, "/cups/1/leaves"));
        assert_eq!(weak.text(Language::Chinese), "2 片茶叶太少");
        assert_eq!(TeaRule::Cold.to_string(), "the tea is cold");
        assert_eq!(TeaRule::CODES.len(), 3);
    }

    #[test]
    fn a_word_is_told_by_its_label_in_the_readers_language() {
        let kind = wire::attachment::AttachmentKind::ALL[0];
        let (chinese, english) = kind.label();
        let locked = TeaRule::Locked { kind, cup: "the_cup" };
        assert_eq!(locked.text(Language::Chinese), format!("the_cup的{chinese}"));
        assert_eq!(locked.text(Language::English), format!("the {english} of the_cup"));
        assert!(chinese != english && !kind.as_str().contains(chinese), "{chinese}, {english}");
    }

    #[test]
    fn the_first_known_language_wins() {
        assert_eq!(Language::of("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(Language::of("fr, en;q=0.5, zh;q=0.1"), Language::English);
        assert_eq!(Language::of(""), Language::English);
    }
}
