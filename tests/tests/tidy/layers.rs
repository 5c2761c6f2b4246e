//! Rules about which file of a slice may do what: domain files decide, store files write, http files translate.
use super::{Rule, tree::Tree};

pub const RULES: &[Rule] = &[
    Rule {
        says: "a domain file is pure: no async, no HTTP, no connection, no clock, no ids of its own",
        check: domain,
        planted: &[
            ("services/crm/src/leads/domain.rs", "async fn submit() {}"),
            ("services/crm/src/leads/domain/submit.rs", "use actix_web::web;"),
            ("services/crm/src/leads/domain.rs", "use diesel_async::RunQueryDsl;"),
            ("services/crm/src/leads/domain.rs", "let at = jiff::Timestamp::now();"),
            ("services/crm/src/leads/domain.rs", "let id = Uuid::now_v7();"),
            ("services/crm/src/leads/domain.rs", "fn f(conn: &mut Conn) {}"),
        ],
    },
    Rule {
        says: "an http file holds no SQL",
        check: http,
        planted: &[
            ("services/crm/src/leads/http.rs", "use diesel::prelude::*;"),
            ("services/crm/src/leads/http/mod.rs", "conn.batch_execute(\"x\")"),
        ],
    },
    Rule {
        says: "only a store file writes rows",
        check: writes,
        planted: &[
            ("services/crm/src/leads/http.rs", "diesel::update(leads::table)"),
            ("services/crm/src/leads/consume.rs", "diesel::insert_into(leads::table)"),
            ("services/crm/src/leads/domain.rs", "sql_query(\"DELETE FROM leads\")"),
            ("services/suite/src/demo/mod.rs", "diesel::delete(leads::table)"),
        ],
    },
    Rule {
        says: "an absent value is written as NULL, so that the insert is prepared once (ruling 20)",
        check: absences,
        planted: &[(
            "services/crm/src/leads/domain.rs",
            "#[derive(Insertable)]\n#[diesel(table_name = leads)]\nstruct Lead;",
        )],
    },
    Rule {
        says: "only the bus speaks AMQP",
        check: broker,
        planted: &[
            ("services/crm/src/leads/consume.rs", "use lapin::Channel;"),
            ("shared/platform/src/outbox.rs", "lapin::Connection::connect()"),
        ],
    },
    Rule {
        says: "the kernel knows people, and no other noun of the business",
        check: kernel,
        planted: &[
            ("shared/platform/src/tx/mod.rs", "use wire::quoting::QuoteId;"),
            ("shared/platform/src/jobs.rs", "use wire::{CaseId, orders::OrderId};"),
            ("shared/platform/src/jobs.rs", "use wire::crm::AccountId;"),
        ],
    },
    Rule {
        says: "only the kernel and the program start tasks and threads of their own",
        check: tasks,
        planted: &[
            ("services/crm/src/leads/http.rs", "tokio::spawn(async {});"),
            ("services/crm/src/lib.rs", "std::thread::spawn(|| {});"),
        ],
    },
    Rule {
        says: "a Change is made where the rule is: in a domain file, or in a part of one that is as pure",
        check: changes,
        planted: &[
            ("services/crm/src/leads/http.rs", "Change::new(\"submit\", lead)"),
            ("services/crm/src/leads/store.rs", "Change::new(\"submit\", lead)"),
            ("services/crm/src/leads/birth.rs", "async fn f() { Change::new(\"submit\", lead) }"),
        ],
    },
    Rule {
        says: "no service knows a host: addresses come from settings",
        check: hosts,
        planted: &[("services/crm/src/lib.rs", "const URL: &str = \"http://127.0.0.1:8080\";")],
    },
];

/// What no pure file says.
const IMPURE: &[&str] = &[
    "async ",
    ".await",
    "actix",
    "diesel_async",
    "::now(",
    "now_v7",
    "new_v4",
    "&mut Conn",
    "&mut Tx",
    "SystemTime",
    "reqwest",
];

fn domain(tree: &Tree) -> Vec<String> {
    let own = services(tree).filter(|file| file.is_part("domain"));
    own.flat_map(|file| file.lines_with(IMPURE, "hand it in")).collect()
}

fn http(tree: &Tree) -> Vec<String> {
    const WORDS: &[&str] = &["diesel::", "diesel_async", "sql_query", "batch_execute", "RunQueryDsl"];
    services(tree)
        .filter(|file| file.is_part("http"))
        .flat_map(|file| file.lines_with(WORDS, "belongs into store.rs"))
        .collect()
}

fn writes(tree: &Tree) -> Vec<String> {
    const WORDS: &[&str] = &[
        "insert_into(",
        "diesel::update(",
        "diesel::delete(",
        "diesel::replace_into(",
        "\"INSERT ",
        "\"UPDATE ",
        "\"DELETE ",
    ];
    let others = tree
        .rust()
        .filter(|file| !file.is_test() && !file.is_part("store") && !file.path.starts_with("shared/platform/"));
    others.flat_map(|file| file.lines_with(WORDS, "belongs into store.rs")).collect()
}

fn absences(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for file in tree.rust().filter(|file| !file.path.starts_with("tests/")) {
        for after in file.text.split("#[derive(").skip(1).filter(|after| {
            let derived = after.split(')').next().unwrap_or("");
            derived.split(", ").any(|word| word == "Insertable")
        }) {
            let attribute = after.split("#[diesel(").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or("");
            if !attribute.contains("treat_none_as_default_value = false") {
                found.push(format!("{}: say treat_none_as_default_value = false", file.path));
            }
        }
    }
    found
}

fn broker(tree: &Tree) -> Vec<String> {
    let others = tree.rust().filter(|file| {
        !file.path.starts_with("shared/platform/src/bus/rabbit/")
            && !file.path.starts_with("shared/platform/tests/")
            && !file.path.starts_with("tests/tests/tidy/")
            // Cuts bindings and sends rubbish, as no sender of ours can.
            && file.path != "tests/faults/messages.rs"
            // The least program that a hop is measured beside.
            && file.path != "tests/bench/hop.rs"
    });
    others.flat_map(|file| file.lines_with(&["lapin::", "lapin "], "the bus does that")).collect()
}

fn kernel(tree: &Tree) -> Vec<String> {
    const SERVICES: &[&str] = &["quoting::", "contracts::", "orders::", "procurement::", "aftersales::"];
    let own = tree.rust().filter(|file| file.path.starts_with("shared/platform/src/") && !file.is_test());
    let mut found = Vec::new();
    for file in own {
        found.extend(file.lines_with(SERVICES, "the kernel knows no business"));
        let strangers = file.code().filter(|(_, code)| {
            let people =
                |after: &str| ["User", "Handover"].iter().any(|word| after.trim_start_matches('{').starts_with(word));
            code.split("crm::").skip(1).any(|after| !people(after))
        });
        found.extend(strangers.map(|(number, code)| format!("{}:{number}: {}", file.path, code.trim())));
    }
    found
}

fn tasks(tree: &Tree) -> Vec<String> {
    let own = services(tree).filter(|file| !file.path.starts_with("services/suite/") && !file.is_test());
    own.flat_map(|file| file.lines_with(&["::spawn(", "spawn_blocking("], "jobs and consumers are run by the kernel"))
        .collect()
}

fn changes(tree: &Tree) -> Vec<String> {
    let others = services(tree).filter(|file| !file.is_part("domain") && !file.is_test());
    let made = others.filter(|file| !file.lines_with(&["Change::new("], "").is_empty());
    made.flat_map(|file| {
        let words =
            if ["http", "store", "consume"].iter().any(|part| file.is_part(part)) { &["Change::new("] } else { IMPURE };
        file.lines_with(words, "belongs into domain.rs")
    })
    .collect()
}

fn hosts(tree: &Tree) -> Vec<String> {
    let own = services(tree).filter(|file| !file.path.starts_with("services/suite/") && !file.is_test());
    own.flat_map(|file| file.lines_with(&["http://", "https://", "amqp:", "postgres://"], "an address")).collect()
}

fn services(tree: &Tree) -> impl Iterator<Item = super::tree::File<'_>> {
    tree.rust().filter(|file| file.path.starts_with("services/"))
}
