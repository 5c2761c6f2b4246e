//! What a verification found: one JSON object for programs, a table for people.
use super::{Invariant, session::Found};
use platform::Language;
use serde::Serialize;
use std::fmt::Write;

/// What `--json` prints.
#[derive(Debug, Serialize)]
pub struct Report {
    pub invariants: Vec<Checked>,
}

/// One invariant, looked up.
#[derive(Debug, Serialize)]
pub struct Checked {
    pub id: &'static str,
    /// What it means, in the language asked for.
    pub says: &'static str,
    /// How many rows were looked at.
    pub rows: i64,
    pub violations: i64,
    /// The first few violations, each named as people name the row.
    pub examples: Vec<String>,
}

impl Checked {
    pub(super) fn new(invariant: &Invariant, found: Found, language: Language) -> Self {
        let says = language.pick(invariant.chinese, invariant.english);
        Self { id: invariant.id, says, rows: found.rows, violations: found.violations, examples: found.examples }
    }
}

impl Report {
    /// How many invariants do not hold.
    pub fn violated(&self) -> usize {
        self.invariants.iter().filter(|checked| checked.violations > 0).count()
    }

    /// The table: an invariant a line, its examples below it.
    pub fn table(&self, language: Language) -> String {
        let width = self.invariants.iter().map(|checked| checked.id.len()).max().unwrap_or(0);
        let mut table = language.pick(
            format!("{:<width$}  {:>5}  {:>5}  须成立", "编号", "行数", "违反"),
            format!("{:<width$}  {:>9}  {:>9}  what must hold", "invariant", "rows", "violated"),
        );
        for Checked { id, says, rows, violations, examples } in &self.invariants {
            let _ = write!(table, "\n{id:<width$}  {rows:>9}  {violations:>9}  {says}");
            for example in examples {
                let _ = write!(table, "\n{:width$}  ! {example}", "");
            }
            let untold = usize::try_from(*violations).unwrap_or(usize::MAX).saturating_sub(examples.len());
            if untold > 0 {
                let more = language.pick(format!("另有 {untold} 处"), format!("and {untold} more"));
                let _ = write!(table, "\n{:width$}    {more}", "");
            }
        }
        table
    }

    /// One line for all of it.
    pub fn line(&self, language: Language) -> String {
        let (all, bad) = (self.invariants.len(), self.violated());
        if bad == 0 {
            language.pick(format!("{all} 项全部成立"), format!("all {all} invariants hold"))
        } else {
            language.pick(format!("{all} 项中有 {bad} 项被违反"), format!("{bad} of {all} invariants are violated"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let checked = |id, violations, examples: &[&str]| Checked {
            id,
            says: "it holds",
            rows: 12,
            violations,
            examples: examples.iter().map(ToString::to_string).collect(),
        };
        Report { invariants: vec![checked("good", 0, &[]), checked("not-so-good", 7, &["SO-1", "SO-2"])] }
    }

    #[test]
    fn people_see_examples_below_their_invariant_and_how_many_more_there_are() {
        let expected = "invariant         rows   violated  what must hold\n\
            good                12          0  it holds\n\
            not-so-good         12          7  it holds\n             ! SO-1\n             ! SO-2\n               and 5 more";
        assert_eq!(report().table(Language::English), expected);
        assert_eq!(report().line(Language::English), "1 of 2 invariants are violated");
        assert!(report().table(Language::Chinese).contains("另有 5 处"));
    }

    #[test]
    fn programs_see_every_field() {
        let shown = serde_json::to_value(report()).unwrap();
        let good = serde_json::json!({"id": "good", "says": "it holds", "rows": 12, "violations": 0, "examples": []});
        assert_eq!(shown["invariants"][0], good);
    }
}
