//! Migrations that others have run already stay as they are, to the byte: what comes later is a migration of its own. The list
//! is as `sha256sum` writes it (`sha256sum --check tests/tests/tidy/released.txt`); a release adds its new ones, and nothing
//! takes one away.
use super::{Rule, tree::Tree};
use sha2::{Digest, Sha256};

pub const RULES: &[Rule] = &[Rule {
    says: "a released migration is never edited",
    check: unchanged,
    planted: &[
        ("shared/platform/migrations/00000000000001_platform/up.sql", "CREATE TABLE outbox (id UUID);"),
        // A whole checkout without any of them.
        ("Cargo.toml", "[workspace]"),
    ],
}];

/// `digest  path`, a line each.
const RELEASED: &str = include_str!("released.txt");

fn unchanged(tree: &Tree) -> Vec<String> {
    let whole = tree.has("Cargo.toml");
    let wrong = |line: &str| {
        let (digest, path) = line.split_once("  ").expect("a digest and a path");
        match tree.all().find(|file| file.path == path) {
            None if whole => Some(format!("{path}: gone")),
            Some(file) if format!("{:x}", Sha256::digest(file.text)) != digest => Some(format!("{path}: edited")),
            _ => None,
        }
    };
    RELEASED.lines().filter_map(wrong).collect()
}
