//! Rules about files as such: where they stand, how long they are, how they open, what no file may hold.
use super::{Rule, tree::Tree};

pub const RULES: &[Rule] = &[
    Rule {
        says: "the top level is exactly as ruled (ruling 2)",
        check: top_level,
        planted: &[("docs/ARCHITECTURE.md", "x"), ("package.json", "{}"), ("crates/x/src/lib.rs", "//! x")],
    },
    Rule {
        says: "a Rust file opens by saying what it is",
        check: heads,
        planted: &[
            ("services/crm/src/lib.rs", "use platform::Service;\n"),
            ("services/crm/src/leads/mod.rs", "\n//! Leads.\n"),
        ],
    },
    Rule {
        says: "a Rust file has at most 400 lines",
        check: lengths,
        planted: &[("services/crm/src/leads/http.rs", LONG)],
    },
    Rule {
        says: "nothing unfinished, nothing printed by a library",
        check: leftovers,
        planted: &[
            ("services/crm/src/leads/domain.rs", concat!("fn f() { to", "do!() }")),
            ("services/suite/src/lib.rs", concat!("fn f() { db", "g!(1); }")),
            ("shared/wire/src/id.rs", "fn f() { println!(\"x\"); }"),
            ("services/crm/src/leads/store.rs", concat!("fn f() { unimpl", "emented!() }")),
        ],
    },
    Rule {
        says: "no package registry's host and no path of somebody's machine",
        check: places,
        planted: &[
            ("README.md", concat!("cargo add --registry https://index.crates", ".io/")),
            (".cargo/config.toml", concat!("[source.mirror]\nregistry = \"https://registry.npm", "js.org\"")),
            ("deploy/up", concat!("cd /ho", "me/ann/yewu")),
            ("services/crm/README.md", concat!("see /ro", "ot/notes.txt")),
            ("shared/docs/X.md", concat!("in /wo", "rk/main")),
        ],
    },
    Rule {
        says: "a migration can be undone and is named by its day",
        check: migrations,
        planted: &[
            ("services/crm/migrations/20260101000001_leads/up.sql", "CREATE TABLE leads (id UUID);"),
            ("services/crm/migrations/1_leads/down.sql", "DROP TABLE leads;"),
            ("services/crm/migrations/20260101000001_x/down.sql", "CREATE SCHEMA other;"),
        ],
    },
    Rule {
        says: "a script says what it does and stops at the first failure",
        check: scripts,
        planted: &[
            ("deploy/init", "#!/usr/bin/env bash\nset -euo pipefail\n"),
            ("tests/run", "#!/usr/bin/env bash\n# Runs.\ncargo test\n"),
        ],
    },
];

const TOP: &[&str] = &["services", "shared", "deploy", "tests", "openapi"];
const TOP_FILES: &[&str] = &["Cargo.toml", "Cargo.lock", "README.md", "LICENSE", "rust-toolchain.toml", "clippy.toml"];

fn top_level(tree: &Tree) -> Vec<String> {
    let known = |path: &str| match path.split_once('/') {
        Some((folder, _)) => TOP.contains(&folder) || folder.starts_with('.'),
        None => TOP_FILES.contains(&path) || path.starts_with('.'),
    };
    tree.all().filter(|file| !known(file.path)).map(|file| file.path.to_owned()).collect()
}

fn heads(tree: &Tree) -> Vec<String> {
    tree.rust().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path.to_owned()).collect()
}

const MOST_LINES: usize = 400;
fn lengths(tree: &Tree) -> Vec<String> {
    let counted = tree.rust().filter(|file| file.name() != "schema.rs");
    let long = counted.map(|file| (file.path, file.text.lines().count())).filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(path, lines)| format!("{path}: {lines}")).collect()
}

fn leftovers(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not hold them and is looked at like any other.
    const UNFINISHED: &[&str] = &[concat!("to", "do!("), concat!("db", "g!("), concat!("unimpl", "emented!(")];
    let mut found = Vec::new();
    for file in tree.rust() {
        found.extend(file.lines_with(UNFINISHED, "finish it"));
        let may_print = file.is_test() || file.path.starts_with("services/suite/") || file.name() == "build.rs";
        if !may_print {
            let printing = |(_, code): &(usize, &str)| {
                code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '!')
                    .any(|word| ["println!", "print!"].contains(&word))
            };
            found.extend(file.code().filter(printing).map(|(number, _)| format!("{}:{number}: prints", file.path)));
        }
    }
    found
}

fn places(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not hold them.
    let hosts = ["crates", "npm", "pyp", "proxy.gol", "rspro", "static.rust-l"]
        .into_iter()
        .zip([".io", "js.org", "i.org", "ang.org", "xy.cn", "ang.org"]);
    let hosts: Vec<String> = hosts.map(|(front, back)| format!("{front}{back}")).collect();
    let roots: Vec<String> = ["/wo", "/ho", "/ro", "/Use"]
        .into_iter()
        .zip(["rk/", "me/", "ot/", "rs/"])
        .map(|(front, back)| format!("{front}{back}"))
        .collect();
    let mut found = Vec::new();
    for file in tree.all() {
        for (line, number) in file.text.lines().zip(1..) {
            // The lock file names where a crate is from; that is its work.
            let host = file.name() != "Cargo.lock" && hosts.iter().any(|host| line.contains(host));
            if host || roots.iter().any(|root| names_a_path(line, root)) {
                found.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    found
}

/// Is it a path from the root, with something below? (The path of a URL is not, nor is the tail of a relative one.)
fn names_a_path(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + root.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric() && !"}])/._-~$*".contains(c))
            && after.is_some_and(|c| c.is_alphanumeric() || c == '.')
    })
}

fn migrations(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.all().filter(|file| file.path.contains("/migrations/") && file.extension() == "sql") {
        let mut parts = file.path.rsplit('/');
        let (name, folder) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let twin = if name == "up.sql" { "down.sql" } else { "up.sql" };
        if !tree.has(&format!("{}{twin}", file.path.trim_end_matches(name))) {
            found.push(format!("{}: no {twin} beside it", file.path));
        }
        let (stamp, what) = folder.split_once('_').unwrap_or((folder, ""));
        if stamp.len() != 14 || !stamp.bytes().all(|b| b.is_ascii_digit()) || what.is_empty() {
            found.push(format!("{folder}: not YYYYMMDDNNNNNN_what"));
        }
        if file.text.to_uppercase().contains("CREATE SCHEMA") {
            found.push(format!("{}: schemas are made by `yewu migrate`", file.path));
        }
    }
    found
}

fn scripts(tree: &Tree) -> Vec<String> {
    let is_script = |text: &str| text.starts_with("#!/usr/bin/env bash");
    let mut found = Vec::new();
    for file in tree.all().filter(|file| is_script(file.text)) {
        let second = file.text.lines().nth(1).unwrap_or("");
        if !second.starts_with("# ") {
            found.push(format!("{}: say what it does in the second line", file.path));
        }
        if !file.text.contains("set -euo pipefail") {
            found.push(format!("{}: no set -euo pipefail", file.path));
        }
    }
    found
}

/// 401 lines.
const LONG: &str = {
    const LINES: [u8; 401] = [b'\n'; 401];
    match std::str::from_utf8(&LINES) {
        Ok(text) => text,
        Err(_) => "",
    }
};
