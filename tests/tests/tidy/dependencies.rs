//! Who may depend on whom. The edges are read from the manifests, not from what cargo makes of them, so that a rule can be
//! tried on a made-up manifest; cargo itself is asked whether every crate was seen.
use super::{Rule, tree::Tree};
use crate::spec::root;
use std::{collections::BTreeSet, process::Command};

pub const RULES: &[Rule] = &[
    Rule {
        says: "crates depend downwards only: wire ← platform ← services ← suite",
        check: edges,
        planted: &[
            ("services/orders/Cargo.toml", "[dependencies]\nquoting = { path = \"../quoting\" }"),
            ("services/orders/Cargo.toml", "[dependencies]\nlapin.workspace = true"),
            ("services/orders/Cargo.toml", "[dependencies]\nreqwest.workspace = true"),
            ("services/orders/Cargo.toml", "[dependencies]\nobject_store.workspace = true"),
            ("services/orders/Cargo.toml", "[dependencies]\ntestkit.workspace = true"),
            ("shared/wire/Cargo.toml", "[dependencies]\nplatform.workspace = true"),
            ("shared/wire/Cargo.toml", "[dependencies]\ntokio.workspace = true"),
            ("shared/print/Cargo.toml", "[dependencies]\nwire.workspace = true"),
            ("shared/platform/Cargo.toml", "[dependencies]\ncrm = { path = \"../../services/crm\" }"),
            ("shared/testkit/Cargo.toml", "[dependencies]\nsuite = { path = \"../../services/suite\" }"),
            ("tests/Cargo.toml", "[dev-dependencies]\norders = { path = \"../services/orders\" }"),
        ],
    },
    Rule {
        says: "a dependency is declared once, in the workspace",
        check: declared_once,
        planted: &[
            ("services/orders/Cargo.toml", "[dependencies]\nserde = \"1\""),
            ("services/orders/Cargo.toml", "[dev-dependencies]\nserde = { version = \"1\", features = [\"derive\"] }"),
        ],
    },
    Rule {
        says: "every crate is under the workspace's lints",
        check: lints,
        planted: &[("services/orders/Cargo.toml", "[package]\nname = \"orders\"")],
    },
];

const SERVICES: &[&str] = &["crm", "quoting", "contracts", "orders", "procurement", "aftersales"];
const OURS: &[&str] = &[
    "wire",
    "platform",
    "print",
    "testkit",
    "suite",
    "tests",
    "crm",
    "quoting",
    "contracts",
    "orders",
    "procurement",
    "aftersales",
];
/// What only the kernel, or only the tools, may hold.
const HEAVY: &[&str] = &["lapin", "reqwest", "object_store", "clap", "indicatif"];

/// `(crate, section, dependency)` of every line of a manifest's dependency sections.
fn declared(tree: &Tree) -> Vec<(&str, &str, &str, &str)> {
    let mut all = Vec::new();
    for file in tree.all().filter(|file| file.name() == "Cargo.toml" && file.path.contains('/')) {
        let folder = file.path.trim_end_matches("/Cargo.toml");
        let (crate_name, mut section) = (folder.rsplit('/').next().unwrap_or(folder), "");
        for line in file.text.lines().map(|line| line.split('#').next().unwrap_or("").trim()) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']');
            } else if section.ends_with("dependencies") && line.contains('=') {
                let dependency = line.split(['=', '.', ' ']).next().unwrap_or("");
                all.push((crate_name, section, dependency, line));
            }
        }
    }
    all
}

fn edges(tree: &Tree) -> Vec<String> {
    let allowed = |from: &str, section: &str, to: &str| {
        let testing = section == "dev-dependencies";
        match from {
            "wire" => !OURS.contains(&to) && !["tokio", "actix-web", "diesel-async", "reqwest", "lapin"].contains(&to),
            "print" => !OURS.contains(&to) && !HEAVY.contains(&to),
            "platform" => !OURS.contains(&to) || to == "wire" || testing && to == "testkit",
            "testkit" => !OURS.contains(&to) || ["wire", "platform"].contains(&to),
            "suite" => to != "tests" && to != "lapin" && (to != "testkit" || testing),
            "tests" => !SERVICES.contains(&to),
            service if SERVICES.contains(&service) => {
                let tools = HEAVY.contains(&to) && !(testing && to == "reqwest");
                !tools
                    && (!OURS.contains(&to)
                        || ["wire", "platform", "print"].contains(&to)
                        || testing && to == "testkit")
            }
            _ => false,
        }
    };
    let wrong = declared(tree).into_iter().filter(|(from, section, to, _)| !allowed(from, section, to));
    wrong.map(|(from, section, to, _)| format!("{from}: {to} in [{section}]")).collect()
}

fn declared_once(tree: &Tree) -> Vec<String> {
    let own =
        declared(tree).into_iter().filter(|(.., line)| !line.contains("workspace = true") && !line.contains("path = "));
    own.map(|(from, _, _, line)| format!("{from}: {line}")).collect()
}

fn lints(tree: &Tree) -> Vec<String> {
    let manifests = tree.all().filter(|file| file.name() == "Cargo.toml" && file.path.contains('/'));
    manifests.filter(|file| !file.text.contains("[lints]\nworkspace = true")).map(|file| file.path.to_owned()).collect()
}

#[test]
fn the_rules_see_every_crate_and_every_edge_that_cargo_sees() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo describes the workspace");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut seen_by_cargo = BTreeSet::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or("").to_owned();
        assert!(OURS.contains(&name.as_str()), "{name} is in no rule");
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            seen_by_cargo.insert((name.clone(), dependency["name"].as_str().unwrap_or("").to_owned()));
        }
    }
    let tree = Tree::read(&root());
    let seen_here: BTreeSet<_> =
        declared(&tree).into_iter().map(|(from, _, to, _)| (from.to_owned(), to.to_owned())).collect();
    assert_eq!(seen_here, seen_by_cargo);
}
