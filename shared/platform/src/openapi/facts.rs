//! Which facts an operation may tell: `facts.txt`, a line for each operation that tells any. A command that
//! tells another is logged as an error.
use std::{collections::HashMap, sync::LazyLock};

static FACTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("facts.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let words = lines.map(str::split_whitespace);
    words.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
});

/// By type, e.g. `quoting.quote.accepted.v1`; of itself or of what follows from it in the same transaction.
pub(super) fn told_by(operation: &str) -> &'static [&'static str] {
    FACTS.get(operation).map_or(&[], Vec::as_slice)
}

/// Every operation that the table names.
pub fn tellers() -> impl Iterator<Item = &'static str> {
    FACTS.keys().copied()
}
