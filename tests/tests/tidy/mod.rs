//! The house rules that a compiler does not know, checked on the files themselves. Every rule has planted violations that it
//! must find: a rule that cannot fail is none.
mod citations;
mod dependencies;
mod files;
mod layers;
mod released;
pub mod tree;

use crate::spec::root;
use tree::Tree;

/// One rule; its findings name the place and the reason.
struct Rule {
    says: &'static str,
    check: fn(&Tree) -> Vec<String>,
    /// Files that break it, each by itself.
    planted: &'static [(&'static str, &'static str)],
}

/// Files that break nothing.
const INNOCENT: &[(&str, &str)] = &[
    ("README.md", "Yewu"),
    ("services/crm/src/leads/domain.rs", "//! Leads; never async.\nfn submit() {} // now and then\n"),
    ("services/crm/src/leads/store.rs", "//! SQL.\nfn insert() { diesel::insert_into(leads::table); }\n"),
    (
        "services/crm/src/leads/http.rs",
        "//! HTTP.\nasync fn get_lead() {}\n#[cfg(test)]\nmod tests { use diesel::prelude::*; }\n",
    ),
    ("services/crm/migrations/20260101000001_leads/up.sql", "CREATE TABLE leads (id UUID);"),
    ("services/crm/migrations/20260101000001_leads/down.sql", "DROP TABLE leads;"),
    ("services/suite/src/commands/mod.rs", "//! Commands.\nfn say() { println!(\"x\"); }\n"),
    ("shared/platform/src/bus/rabbit/session.rs", "//! AMQP.\nuse lapin::Channel;\n"),
];

fn rules() -> impl Iterator<Item = &'static Rule> {
    [files::RULES, layers::RULES, dependencies::RULES, released::RULES, citations::RULES].into_iter().flatten()
}

#[test]
fn the_project_keeps_its_rules() {
    let tree = Tree::read(&root());
    assert!(tree.rust().count() > 100, "the checkout was read");
    let broken: Vec<String> = rules()
        .map(|rule| (rule.says, (rule.check)(&tree)))
        .filter(|(_, findings)| !findings.is_empty())
        .map(|(says, findings)| format!("{says}:\n  {}", findings.join("\n  ")))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_planted_violation_is_found() {
    for rule in rules() {
        assert!(!rule.planted.is_empty(), "{}: nothing planted", rule.says);
        for (path, text) in rule.planted {
            assert!(!(rule.check)(&Tree::of(&[(path, text)])).is_empty(), "{}: not found in {path}: {text}", rule.says);
        }
        let innocent = (rule.check)(&Tree::of(INNOCENT));
        assert!(innocent.is_empty(), "{} accuses the innocent: {innocent:?}", rule.says);
    }
}
