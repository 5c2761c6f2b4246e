//! The lines of commercial documents and the terms on which they are paid: the same in a quote, a contract and an order, so
//! that their totals can only be equal (ruling 7). Which refusal a fault becomes is each service's own business.
mod price;
mod terms;

pub use price::{LineFault, MOST_LINES, line_net, line_tax, priced, totals};
pub use terms::{MOST_DUE_DAYS, MOST_TERMS, PaymentTerm, PaymentTrigger, TermFault, default_terms, terms};

use crate::{Amount, Code, Label, Money, Quantity, Rate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A line as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    pub sku: Code,
    /// Shown to the customer; the product's name if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Label>,
    /// More than 0.
    pub quantity: Quantity,
    /// Net, for one unit, in the document's currency.
    pub unit_price: Amount,
    /// Share taken off the net, 0 if absent.
    #[serde(default)]
    pub discount_rate: Rate,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
}

/// A line as it stands in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// 1, 2, 3 … within its document.
    pub line_number: i32,
    pub sku: String,
    /// Shown to the customer.
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub discount_rate: Rate,
    pub tax_rate: Rate,
    /// quantity × unit price × (1 − discount), rounded.
    pub net: Amount,
    /// net × tax rate, rounded.
    pub tax: Amount,
}

/// What a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    pub net: Money,
    pub tax: Money,
    /// net + tax: what the gates look at (D-15).
    pub gross: Money,
}
