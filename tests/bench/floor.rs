//! The floor: pgbench writing the very rows that one create leaves behind, as six statements and COMMIT, into the same tables.
use serde_json::Value;
use std::{path::PathBuf, time::Duration};
use testkit::{Environment, Yewu};

/// Rows of the sample, with fresh keys: `:n` is pgbench's random number.
pub async fn script(yewu: &Yewu, order: &str) -> PathBuf {
    let row =
        async |query: String| -> Value { serde_json::from_str(&yewu.sql("orders", &query).await).expect("a row") };
    let one = |table: &str, filter: &str| {
        format!("SELECT row_to_json(t) FROM (SELECT * FROM {table} WHERE {filter} LIMIT 1) t")
    };
    let fresh = "lpad(to_hex(:n::bigint), 32, '0')::uuid";
    let head = row(one("orders", &format!("id = '{order}'"))).await;
    let line = row(one("order_lines", &format!("order_id = '{order}'"))).await;
    let fact = row(one("outbox", &format!("subject = '{order}'"))).await;
    let noted = row(one("audit_log", &format!("entity_id = '{order}'"))).await;
    let kept = row(one("idempotency", "true")).await;
    let lines: Vec<String> = (1..=5)
        .map(|n| values(&line, &[("id", "gen_random_uuid()"), ("order_id", fresh), ("line_number", &n.to_string())]))
        .collect();
    let text = [
        "\\set n random(1, 9000000000000000000)".to_owned(),
        "BEGIN;".into(),
        format!("SELECT pg_try_advisory_xact_lock(:n::bigint), (SELECT status FROM idempotency WHERE slot = {fresh});"),
        format!(
            "INSERT INTO orders ({}) VALUES {};",
            columns(&head, &[]),
            values(&head, &[("id", fresh), ("number", "'B-' || :n::bigint")])
        ),
        format!("INSERT INTO order_lines ({}) VALUES {};", columns(&line, &[]), lines.join(", ")),
        format!(
            "INSERT INTO outbox ({}) VALUES {};",
            columns(&fact, &["seq"]),
            values(&fact, &[("seq", ""), ("id", fresh), ("published_at", "now()")])
        ),
        format!(
            "INSERT INTO audit_log ({}) VALUES {};",
            columns(&noted, &["seq"]),
            values(&noted, &[("seq", ""), ("entity_id", fresh)])
        ),
        format!("INSERT INTO idempotency ({}) VALUES {};", columns(&kept, &[]), values(&kept, &[("slot", fresh)])),
        "COMMIT;".into(),
    ]
    .join("\n");
    let path = std::env::temp_dir().join("yewu-floor.sql");
    std::fs::write(&path, text).expect("the script");
    path
}

fn columns(row: &Value, without: &[&str]) -> String {
    let names = row.as_object().into_iter().flat_map(|map| map.keys());
    names.filter(|name| !without.contains(&name.as_str())).cloned().collect::<Vec<_>>().join(", ")
}

/// Literals of a row; an override of `""` leaves the column out.
fn values(row: &Value, overrides: &[(&str, &str)]) -> String {
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

/// Transactions per second.
pub fn burst(environment: &Environment, database: &str, script: &PathBuf, clients: usize, length: Duration) -> f64 {
    let url = platform::migrate::with_database(&environment.admin_url, database).expect("a URL");
    let output = testkit::servers_command("pgbench")
        .args([
            "-n",
            "-M",
            "prepared",
            "-c",
            &clients.to_string(),
            "-j",
            "2",
            "-T",
            &length.as_secs().to_string(),
            "-f",
        ])
        .arg(script)
        .arg(format!("{url}?options=-c%20search_path%3Dorders"))
        .output()
        .expect("pgbench runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find(|line| line.starts_with("tps = "))
        .unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    line["tps = ".len()..].split(' ').next().and_then(|figure| figure.parse().ok()).expect("a figure")
}
