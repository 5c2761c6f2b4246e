//! What a contract says, in one canonical form: the bytes that are hashed, frozen and signed (CON-09). Pure.
use super::{clauses::ClauseRow, domain::Contract, lines::LineRow};
use crate::schema::contract_versions;
use diesel::prelude::*;
use platform::hexadecimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
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
#[derive(Serialize, Deserialize)]
pub struct Content<'a> {
    pub kind: ContractKind,
    pub account_id: AccountId,
    pub account_name: Cow<'a, str>,
    pub currency: Currency,
    pub lines: Vec<ContentLine<'a>>,
    pub net: Amount,
    pub tax: Amount,
    pub gross: Amount,
    pub payment_terms: Cow<'a, [PaymentTerm]>,
    pub delivery_date: Option<Day>,
    pub clauses: Vec<ContentClause<'a>>,
    pub conditions: Vec<Cow<'a, Label>>,
}
/// A line, without its id.
#[derive(Serialize, Deserialize)]
pub struct ContentLine<'a> {
    pub line_number: i32,
    pub sku: Cow<'a, str>,
    pub description: Cow<'a, str>,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub discount_rate: Rate,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
}
/// A clause that stands.
#[derive(Serialize, Deserialize)]
pub struct ContentClause<'a> {
    pub kind: ClauseKind,
    pub text: Cow<'a, str>,
    pub terms: Option<Cow<'a, ClauseTerms>>,
}

impl Content<'_> {
    /// The canonical text.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("plain data with string keys")
    }
}

/// The canonical text of what a contract says.
pub fn canonical(contract: &Contract) -> String {
    of(contract).canonical()
}

/// What a contract says.
pub fn of(contract: &Contract) -> Content<'_> {
    let head = &contract.head;
    Content {
        kind: head.kind,
        account_id: head.account_id,
        account_name: Cow::Borrowed(&head.account_name),
        currency: head.currency,
        lines: contract.lines.iter().map(content_line).collect(),
        net: head.net,
        tax: head.tax,
        gross: head.gross,
        payment_terms: Cow::Borrowed(&head.payment_terms.0),
        delivery_date: head.delivery_date,
        clauses: contract.clauses.iter().filter_map(content_clause).collect(),
        conditions: head.conditions.0.iter().map(|condition| Cow::Borrowed(&condition.label)).collect(),
    }
}

/// Its SHA-256, hexadecimal.
pub fn hash(canonical: &str) -> String {
    hexadecimal(&Sha256::digest(canonical))
}

fn content_line(row: &LineRow) -> ContentLine<'_> {
    ContentLine {
        line_number: row.line_number,
        sku: Cow::Borrowed(&row.sku),
        description: Cow::Borrowed(&row.description),
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
    let terms = row.terms.as_ref().map(|kept| Cow::Borrowed(&kept.0));
    Some(ContentClause { kind: row.kind, text: Cow::Borrowed(text), terms })
}
