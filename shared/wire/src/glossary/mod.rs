//! What people read in the place of codes that many documents share: nouns, verbs and past tenses, in both languages. States
//! have their labels where they are declared (`words!`).
mod facts;
mod nouns;
mod verbs;

/// `(code, zh-CN, en)`, in the order of the codes.
pub type Labels = &'static [(&'static str, &'static str, &'static str)];

/// A document or master by its kind: `rfq`.
pub const NOUNS: Labels = nouns::NOUNS;
/// What is done to one: `take_back`; `{noun}.{verb}` where that noun means something else by it.
pub const VERBS: Labels = verbs::VERBS;
/// What has happened to one: `first_response_breached`.
pub const FACTS: Labels = facts::FACTS;

/// `(zh-CN, en)` of a kind; one that is not known speaks for itself.
#[must_use]
pub fn noun(kind: &str) -> (&str, &str) {
    find(NOUNS, kind).unwrap_or((kind, kind))
}

/// `(zh-CN, en)` of what is done to a kind.
#[must_use]
pub fn verb<'a>(kind: &str, action: &'a str) -> (&'a str, &'a str) {
    find(VERBS, &format!("{kind}.{action}")).or_else(|| find(VERBS, action)).unwrap_or((action, action))
}

/// `(zh-CN, en)` of what has happened.
#[must_use]
pub fn fact(fact: &str) -> (&str, &str) {
    find(FACTS, fact).unwrap_or((fact, fact))
}

fn find(labels: Labels, code: &str) -> Option<(&'static str, &'static str)> {
    let place = labels.binary_search_by_key(&code, |(known, ..)| known).ok()?;
    let (_, chinese, english) = labels[place];
    Some((chinese, english))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found() {
        for labels in [NOUNS, VERBS, FACTS] {
            let lost: Vec<_> = labels.iter().filter(|(code, ..)| find(labels, code).is_none()).collect();
            assert!(lost.is_empty() && labels.is_sorted(), "not in order: {lost:?}");
        }
        assert_eq!(noun("rfq"), ("询价单", "request for quotation"));
        assert_eq!(fact("handed_over"), ("已移交", "handed over"));
        assert_eq!(noun("stranger"), ("stranger", "stranger"));
    }

    #[test]
    fn a_noun_may_mean_something_else_by_a_verb() {
        assert_eq!(verb("order", "hold"), ("暂挂", "hold"));
        assert_eq!(verb("meeting", "hold"), ("举行", "hold"));
    }
}
