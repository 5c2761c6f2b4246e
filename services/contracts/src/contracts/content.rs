//! What a contract says, in one canonical form: the bytes that are hashed, frozen and signed (CON-09). Pure.
use super::{clauses::ClauseRow, domain::Contract, lines::LineRow};
use crate::schema::contract_versions;
use diesel::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use wire::{
    Amount, Currency, Day, Label, Moment, Quantity, Rate,
    contracts::{ClauseKind, ClauseTerms, ContractId, ContractKind},
    crm::AccountId,
    quoting::PaymentTerm,
};

/// A frozen version's row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_versions, treat_none_as_default_value = false)]
pub struct VersionRow {
    pub contract_id: ContractId,
    pub revision: i32,
    pub hash: String,
    pub content: String,
    pub created_at: Moment,
    pub created_by: String,
}

/// Fields in this order, always: number, state, owner and what happens later are no part of what is agreed.
#[derive(Serialize)]
struct Content<'a> {
    kind: ContractKind,
    account_id: AccountId,
    account_name: &'a str,
    currency: Currency,
    lines: Vec<ContentLine<'a>>,
    net: Amount,
    tax: Amount,
    gross: Amount,
    payment_terms: &'a [PaymentTerm],
    delivery_date: Option<Day>,
    clauses: Vec<ContentClause<'a>>,
    conditions: Vec<&'a Label>,
}
#[derive(Serialize)]
struct ContentLine<'a> {
    line_number: i32,
    sku: &'a str,
    description: &'a str,
    quantity: Quantity,
    unit_price: Amount,
    discount_rate: Rate,
    tax_rate: Rate,
    net: Amount,
    tax: Amount,
}
#[derive(Serialize)]
struct ContentClause<'a> {
    kind: ClauseKind,
    text: &'a str,
    terms: Option<&'a ClauseTerms>,
}

/// The canonical text.
pub fn canonical(contract: &Contract) -> String {
    let head = &contract.head;
    let content = Content {
        kind: head.kind,
        account_id: head.account_id,
        account_name: &head.account_name,
        currency: head.currency,
        lines: contract.lines.iter().map(content_line).collect(),
        net: head.net,
        tax: head.tax,
        gross: head.gross,
        payment_terms: &head.payment_terms.0,
        delivery_date: head.delivery_date,
        clauses: contract.clauses.iter().filter_map(content_clause).collect(),
        conditions: head.conditions.0.iter().map(|condition| &condition.label).collect(),
    };
    serde_json::to_string(&content).expect("plain data with string keys")
}

/// Its SHA-256, hexadecimal.
pub fn hash(canonical: &str) -> String {
    Sha256::digest(canonical).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn content_line(row: &LineRow) -> ContentLine<'_> {
    ContentLine {
        line_number: row.line_number,
        sku: &row.sku,
        description: &row.description,
        quantity: row.quantity,
        unit_price: row.unit_price,
        discount_rate: row.discount_rate,
        tax_rate: row.tax_rate,
        net: row.net,
        tax: row.tax,
    }
}
fn content_clause(row: &ClauseRow) -> Option<ContentClause<'_>> {
    let text = row.text.as_deref()?;
    Some(ContentClause { kind: row.kind, text, terms: row.terms.as_ref().map(|kept| &kept.0) })
}
