//! What the shipped template wants to know: a quote or proposal as a customer reads it. All of it is text as it shall be read or
//! plain values that the template formats. Refuses to add up: totals are told, not computed.
use serde::{Deserialize, Serialize};

/// `{company, customer, contact, number, date, valid_until, currency, sections, variants, delivery, notes, language}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Proposal {
    /// `zh-CN` or `en`.
    pub language: String,
    /// The document's title; none is the language's word for a quotation.
    pub title: Option<String>,
    /// Who offers.
    pub company: Company,
    /// To whom: the customer's name.
    pub customer: String,
    pub contact: Option<String>,
    /// Number of the quote.
    pub number: String,
    /// `2026-03-05`.
    pub date: String,
    pub valid_until: String,
    /// ISO 4217; all amounts are in it.
    pub currency: String,
    /// What is offered, in words.
    pub sections: Vec<Section>,
    /// One, or several to choose from.
    pub variants: Vec<Variant>,
    /// When, where to and how.
    pub delivery: Option<String>,
    /// Conditions, one a paragraph.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Company {
    pub name: String,
    pub address: String,
    pub phone: String,
    /// A picture, PNG or JPEG: a file beside the template or one that is given along.
    pub logo: Option<String>,
    /// Who answers for the offer.
    pub seller: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    /// Markdown.
    pub text: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Variant {
    /// Such as `A`; shown where there is more than one variant.
    pub label: String,
    pub title: String,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
}

/// Numbers are plain decimals as text; rates are shares (`0.13` is 13 %).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Line {
    /// A new line in it is kept: name, then details.
    pub description: String,
    pub quantity: String,
    pub unit: String,
    pub unit_price: String,
    pub discount_rate: String,
    pub tax_rate: String,
    /// Net, after discount.
    pub amount: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Totals {
    pub net: String,
    pub tax: String,
    pub gross: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PaymentTerm {
    /// What is paid for, such as "advance payment".
    pub name: String,
    /// Share of the gross.
    pub share: String,
    pub amount: String,
    /// When it is due, in words.
    pub due: String,
}
