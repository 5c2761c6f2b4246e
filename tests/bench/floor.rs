//! The floor: pgbench doing the least SQL that the same job needs, on the same tables, with the very rows that the suite writes.
use super::bursts::milliseconds;
use platform::Settings;
use serde_json::Value;
use std::time::Duration;
use testkit::Environment;
use tests::processes;

/// The tables' rows as one create left them.
pub struct Sample {
    head: Value,
    line: Value,
    fact: Value,
    noted: Value,
    kept: Value,
}

/// Loaded orders have ids by their number, older than every order that is created: what pgbench can work out, too.
pub const LOADED_ID: &str = "('01900000-0000-7000-8000-' || lpad(to_hex({n}::bigint), 12, '0'))::uuid";

impl Sample {
    /// Reads what the creation of `order` left behind.
    pub async fn read(settings: &Settings, order: &str) -> Self {
        let row = async |query: String| -> Value {
            serde_json::from_str(&testkit::database_text(settings, "orders", &query).await).expect("a row")
        };
        let one = |table: &str, filter: &str| {
            format!("SELECT row_to_json(t) FROM (SELECT * FROM {table} WHERE {filter} LIMIT 1) t")
        };
        Self {
            head: row(one("orders", &format!("id = '{order}'"))).await,
            line: row(one("order_lines", &format!("order_id = '{order}'"))).await,
            fact: row(one("outbox", &format!("subject = '{order}'"))).await,
            noted: row(one("audit_log", &format!("entity_id = '{order}'"))).await,
            kept: row(one("idempotency", "true")).await,
        }
    }

    /// Orders `from` to `to`, with their five lines and a sealed line of the audit log each, as SQL.
    pub fn load(&self, from: usize, to: usize) -> String {
        let id = LOADED_ID.replace("{n}", "n");
        let head = values(&self.head, &[("id", &id), ("number", "'L-' || n")]);
        let line = values(&self.line, &[("id", "gen_random_uuid()"), ("order_id", &id), ("line_number", "line")]);
        let noted = values(&self.noted, &[("seq", ""), ("entity_id", &id)]);
        let unwrapped = |row: &str| row[1..row.len() - 1].to_owned();
        format!(
            "INSERT INTO orders ({}) SELECT {} FROM generate_series({from}, {to}) n;\n\
             INSERT INTO order_lines ({}) SELECT {} FROM generate_series({from}, {to}) n, generate_series(1, 5) line;\n\
             INSERT INTO audit_log ({}) SELECT {} FROM generate_series({from}, {to}) n;\n\
             INSERT INTO audit_seals (to_seq, from_seq, hash, at) SELECT max(seq), 0, '', now() FROM audit_log ON CONFLICT DO NOTHING;\n\
             ANALYZE orders, order_lines, audit_log;",
            columns(&self.head, &[]),
            unwrapped(&head),
            columns(&self.line, &[]),
            unwrapped(&line),
            columns(&self.noted, &["seq"]),
            unwrapped(&noted),
        )
    }

    /// One create: six statements and COMMIT, with fresh keys: `:n` is pgbench's random number.
    pub fn create(&self) -> String {
        let fresh = "lpad(to_hex(:n::bigint), 32, '0')::uuid";
        let lines: Vec<String> = (1..=5)
            .map(|number| {
                let number = number.to_string();
                values(&self.line, &[("id", "gen_random_uuid()"), ("order_id", fresh), ("line_number", &number)])
            })
            .collect();
        let head = values(&self.head, &[("id", fresh), ("number", "'B-' || :n::bigint")]);
        let fact = values(&self.fact, &[("seq", ""), ("id", fresh), ("published_at", "now()")]);
        let noted = values(&self.noted, &[("seq", ""), ("entity_id", fresh)]);
        [
            "\\set n random(1, 9000000000000000000)".to_owned(),
            "BEGIN;".into(),
            format!(
                "SELECT pg_try_advisory_xact_lock(:n::bigint), (SELECT status FROM idempotency WHERE slot = {fresh});"
            ),
            format!("INSERT INTO orders ({}) VALUES {head};", columns(&self.head, &[])),
            format!("INSERT INTO order_lines ({}) VALUES {};", columns(&self.line, &[]), lines.join(", ")),
            format!("INSERT INTO outbox ({}) VALUES {fact};", columns(&self.fact, &["seq"])),
            format!("INSERT INTO audit_log ({}) VALUES {noted};", columns(&self.noted, &["seq"])),
            format!(
                "INSERT INTO idempotency ({}) VALUES {};",
                columns(&self.kept, &[]),
                values(&self.kept, &[("slot", fresh)])
            ),
            "COMMIT;".into(),
        ]
        .join("\n")
    }
}

/// A page of 50 with its lines, from anywhere among `rows`.
pub fn page(rows: usize) -> String {
    let after = LOADED_ID.replace("{n}", ":n");
    format!(
        "\\set n random(100, {rows})\n\
         SELECT * FROM (SELECT * FROM orders WHERE id < {after} ORDER BY id DESC LIMIT 50) o JOIN order_lines l ON l.order_id = o.id ORDER BY o.id DESC, l.line_number;"
    )
}

/// Fifty lines of the audit log, from anywhere among `rows`.
pub fn changes(rows: usize) -> String {
    format!(
        "\\set n random(1, {rows})\n\
         SELECT seq, at, entity, entity_id, version, action, status, case_id FROM audit_log WHERE seq > :n ORDER BY seq LIMIT 50;"
    )
}

/// One order with its lines.
pub fn one(rows: usize) -> String {
    let id = LOADED_ID.replace("{n}", ":n");
    format!(
        "\\set n random(1, {rows})\nSELECT * FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id = {id};"
    )
}

/// The names of a row's columns.
pub fn columns(row: &Value, without: &[&str]) -> String {
    let names = row.as_object().into_iter().flat_map(|map| map.keys());
    names.filter(|name| !without.contains(&name.as_str())).cloned().collect::<Vec<_>>().join(", ")
}

/// Literals of a row; an override of `""` leaves the column out.
pub fn values(row: &Value, overrides: &[(&str, &str)]) -> String {
    // A space after each colon that is no time's: pgbench would take `:null` or `:customer` for a variable of its own.
    let quoted = |text: &str| {
        let mut out = String::from("'");
        let mut letters = text.replace('\'', "''").chars().collect::<Vec<_>>().into_iter().peekable();
        while let Some(letter) = letters.next() {
            out.push(letter);
            if letter == ':' && letters.peek().is_some_and(|next| !next.is_ascii_digit()) {
                out.push(' ');
            }
        }
        out + "'"
    };
    let literal = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::String(text) => quoted(text),
        other => quoted(&other.to_string()),
    };
    let cells = row.as_object().into_iter().flatten().filter_map(|(name, value)| {
        match overrides.iter().find(|(o, _)| o == name) {
            Some((_, "")) => None,
            Some((_, sql)) => Some((*sql).to_owned()),
            None => Some(literal(value)),
        }
    });
    format!("({})", cells.collect::<Vec<_>>().join(", "))
}

/// Transactions per second, and Postgres' processor milliseconds for each.
pub fn burst(
    environment: &Environment,
    database: &str,
    script: &str,
    clients: usize,
    length: Duration,
    postgres: u32,
) -> (f64, f64) {
    let file = std::env::temp_dir().join(format!("yewu-floor-{}.sql", std::process::id()));
    std::fs::write(&file, script).expect("the script");
    let url = platform::migrate::with_database(&environment.admin_url, database).expect("a URL");
    let (clients, seconds) = (clients.to_string(), length.as_secs().to_string());
    let before = processes::with_descendants(postgres);
    let output = testkit::servers_command("pgbench")
        .args(["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", &seconds, "-f"])
        .arg(&file)
        .arg(format!("{url}?options=-c%20search_path%3Dorders"))
        .output()
        .expect("pgbench runs");
    let used = processes::with_descendants(postgres) - before;
    let text = String::from_utf8_lossy(&output.stdout);
    let figure = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let line = line.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
        line.split(['/', ' ']).next().and_then(|figure| figure.parse().ok()).expect("a figure")
    };
    let done = figure("number of transactions actually processed: ");
    (figure("tps = "), milliseconds(used) / done)
}
