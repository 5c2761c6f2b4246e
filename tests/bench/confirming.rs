//! Confirming an order, which hands it to the departments: orders that the rounds before have created are set to where they may
//! be confirmed, each is confirmed once. Beside it the rows that one such confirmation leaves, written by pgbench.
use super::{
    floor::{LOADED_ID, columns, values},
    instance::Instance,
};
use anyhow::Context;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use testkit::Client;
use tests::sample::ORDERS;
use uuid::Uuid;

/// Orders that may be confirmed, each to be taken once.
pub struct Ready(Mutex<Vec<String>>);

impl Ready {
    /// All drafts that the suite itself has created.
    pub async fn take(instance: &Instance) -> anyhow::Result<Self> {
        let text = instance
            .text(
                "WITH ready AS (UPDATE orders SET status = 'finance_reviewed' WHERE status = 'draft' AND number LIKE 'SO-%' RETURNING id) \
                 SELECT coalesce(string_agg(id::text, ' '), '') AS text FROM ready",
            )
            .await?;
        Ok(Self(Mutex::new(text.split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect())))
    }
    /// Confirms the next one; nothing when there is none.
    pub async fn confirm(&self, client: &Client) -> Option<Value> {
        let id = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        let (path, key) = (format!("{ORDERS}/{id}/confirm"), Uuid::now_v7().to_string());
        let headers = [("idempotency-key", key.as_str()), ("if-match", "\"1\"")];
        let answer = client.send(Method::POST, &path, &headers, Some(&json!({}))).await;
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
        serde_json::from_str(&answer.text).ok()
    }
}

/// What one confirmation left behind.
pub struct Sample {
    items: Vec<Value>,
    facts: Vec<Value>,
    noted: Vec<Value>,
    kept: Value,
}

impl Sample {
    /// Reads it, by the trace that its lines in the audit log share.
    pub async fn read(instance: &Instance, order: &str) -> anyhow::Result<Self> {
        let rows = async |table: &str, filter: &str| -> anyhow::Result<Vec<Value>> {
            let query = format!(
                "SELECT coalesce(json_agg(t)::text, '[]') AS text FROM (SELECT * FROM {table} WHERE {filter}) t"
            );
            Ok(serde_json::from_str(&instance.text(&query).await?)?)
        };
        let trace = format!("(SELECT trace_id FROM audit_log WHERE entity_id = '{order}' AND action = 'confirm')");
        Ok(Self {
            items: rows("work_items", &format!("order_id = '{order}'")).await?,
            facts: rows("outbox", &format!("position({trace} IN envelope) > 0")).await?,
            noted: rows("audit_log", &format!("trace_id = {trace}")).await?,
            kept: rows("idempotency", &format!("position('{order}' IN body) > 0 AND body LIKE '%\"confirmed\"%'"))
                .await?
                .pop()
                .context("a kept answer")?,
        })
    }
    /// Lock, read, change, and what follows from it, of any loaded order.
    pub fn script(&self, rows: usize) -> String {
        let (id, fresh) = (LOADED_ID.replace("{n}", ":o"), "lpad(to_hex(:n::bigint), 32, '0')::uuid");
        let insert = |table: &str, rows: &[Value], without: &[&str], overrides: &[(&str, &str)]| {
            let all: Vec<String> = rows.iter().map(|row| values(row, overrides)).collect();
            let into = rows.iter().map(|row| columns(row, without)).next().unwrap_or_default();
            format!("INSERT INTO {table} ({into}) VALUES {} ON CONFLICT DO NOTHING;", all.join(", "))
        };
        let random = "gen_random_uuid()";
        let item = [("id", random), ("order_id", &id), ("predecessor_id", "NULL")];
        [
            format!("\\set n random(1, 9000000000000000000)\n\\set o random(1, {rows})"),
            "BEGIN;".into(),
            format!(
                "SELECT pg_try_advisory_xact_lock(:n::bigint), (SELECT status FROM idempotency WHERE slot = {fresh});"
            ),
            format!("SELECT * FROM orders WHERE id = {id} FOR UPDATE;"),
            format!("SELECT * FROM order_lines WHERE order_id = {id} ORDER BY line_number;"),
            format!("UPDATE orders SET status = 'confirmed', version = version + 1 WHERE id = {id};"),
            insert("work_items", &self.items, &[], &item),
            insert("outbox", &self.facts, &["seq"], &[("seq", ""), ("id", random), ("published_at", "now()")]),
            insert("audit_log", &self.noted, &["seq"], &[("seq", ""), ("entity_id", random)]),
            insert("idempotency", std::slice::from_ref(&self.kept), &[], &[("slot", fresh)]),
            "COMMIT;".into(),
        ]
        .join("\n")
    }
}
