//! Which facts an operation may tell: `facts.txt`, a line or several for each operation that tells any. A command that
//! tells another is logged as an error.
use std::{collections::HashMap, sync::LazyLock};

static FACTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("facts.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut facts = HashMap::<_, Vec<_>>::new();
    for mut words in lines.map(str::split_whitespace) {
        let Some(operation) = words.next() else { continue };
        facts.entry(operation).or_default().extend(words);
    }
    facts
});

/// By type, e.g. `quoting.quote.accepted.v1`; of itself or of what follows from it in the same transaction.
pub(super) fn told_by(operation: &str) -> &'static [&'static str] {
    FACTS.get(operation).map_or(&[], Vec::as_slice)
}

/// Every operation that the table names.
pub fn tellers() -> impl Iterator<Item = &'static str> {
    FACTS.keys().copied()
}
