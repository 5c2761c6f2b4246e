//! A proposal, or a quote by itself, as a PDF in the company's own template (QUO-07). Refuses to choose what the customer may read:
//! that is [`document`](super::document); how it looks is the template's business (crate `print`). It is drawn when all of it has
//! been read and the connection given back: drawing takes as long as a hundred questions to the database.
use super::{document::Standing, units};
use crate::{customers, products};
use actix_web::HttpResponse;
use platform::{
    ApiError, Caller, Conn, Cx, Language, Result, attachments::disposition, calendar::Calendar, settings::Print,
};
use print::{Files, Template, proposal as page};
use rust_decimal::Decimal;
use std::{collections::HashMap, path::Path};
use wire::{
    Amount, Currency, Day,
    crm::AccountId,
    line::{Line, PaymentTerm},
    quoting::{DocumentLanguage, DocumentVariant, PaymentTrigger, PrintQuery, ProposalDocument},
};

/// The language that was asked for, or the reader's.
pub fn language(query: &PrintQuery, caller: &Caller) -> Language {
    match query.language {
        Some(DocumentLanguage::Chinese) => Language::Chinese,
        Some(DocumentLanguage::English) => Language::English,
        None => caller.language,
    }
}

/// Today, for whoever prints.
pub fn today(cx: &Cx) -> Day {
    Calendar::china().day(cx.app().clock.now())
}

/// All that goes on paper.
pub struct Sheet {
    document: ProposalDocument,
    standing: Standing,
    /// What is counted in what, by sku.
    units: HashMap<String, String>,
}

/// Reads what a document itself does not say: units, and the customer's primary contact where it names nobody. `standing` is said
/// on it.
pub async fn sheet(
    conn: &mut Conn,
    customer: AccountId,
    mut document: ProposalDocument,
    standing: Standing,
) -> Result<Sheet> {
    if document.contact.is_none() {
        document.contact = customers::primary_contact(conn, customer).await?;
    }
    let skus: Vec<&str> =
        document.variants.iter().flat_map(|variant| &variant.lines).map(|line| line.sku.as_str()).collect();
    let units = products::units(conn, &skus).await?;
    Ok(Sheet { document, standing, units })
}

/// The file, to be saved under the document's number.
///
/// # Errors
/// `print.template` where the company's template cannot be used, with its line: whoever runs the suite can mend it.
pub async fn answer(cx: &Cx, sheet: Sheet) -> Result<HttpResponse> {
    let name = format!("{}.pdf", sheet.document.number);
    let data = fill(sheet, &cx.app().print, today(cx));
    let settings = cx.app().print.clone();
    let printed = cx.work(move || render(&settings, &data)).await??;
    if !printed.missing.is_empty() {
        tracing::warn!(document = name, characters = %printed.missing.iter().collect::<String>(), "no font has these characters; name a fallback_font in the template");
    }
    Ok(HttpResponse::Ok().insert_header(disposition(&name)).content_type("application/pdf").body(printed.pdf))
}

fn render(settings: &Print, data: &page::Proposal) -> Result<print::Printed> {
    let own = settings.templates.as_deref().map(|folder| (folder, folder.join("proposal.md")));
    let refused = |cause: String| ApiError::internal(format!("the template of proposals cannot be used: {cause}"));
    let (template, files) = match own {
        Some((folder, file)) if file.exists() => {
            let text =
                std::fs::read_to_string(&file).map_err(|error| refused(format!("{}: {error}", file.display())))?;
            (Template { name: "proposal.md".to_owned(), text }, Files::of(folder))
        }
        Some((folder, _)) => (Template::proposal(), Files::of(folder)),
        None => (Template::proposal(), Files::of(Path::new("."))),
    };
    print::print(&template, data, &files, None).map_err(|error| refused(error.to_string()))
}

/// What the template wants to know. Amounts are told, not computed, but for the instalments: those are shares of the gross.
fn fill(sheet: Sheet, settings: &Print, today: Day) -> page::Proposal {
    let Sheet { document, standing, units } = sheet;
    let language = document.language.parse::<print::Language>().ok();
    let language = if language == Some(print::Language::English) { Language::English } else { Language::Chinese };
    let Print { templates: _, company_name, company_address, company_phone, logo } = settings.clone();
    let currency = document.variants.first().map_or(Currency::CNY, |variant| variant.currency);
    // Whichever is chosen, all of it has been delivered by then; where one of them promises no day, none is promised.
    let standing_ones = document.variants.iter().filter(|variant| !variant.ended);
    let days: Option<Vec<Day>> = standing_ones.map(|variant| variant.delivery_date).collect();
    let delivery = days.and_then(|days| days.into_iter().max());
    let mut notes = said(standing, &document, language);
    notes.extend(document.note.iter().flat_map(|note| note.lines()).map(str::to_owned));
    page::Proposal {
        language: document.language,
        title: Some(document.title).filter(|title| !title.is_empty()),
        company: page::Company {
            name: company_name,
            address: company_address,
            phone: company_phone,
            logo,
            seller: None,
        },
        customer: document.customer,
        contact: document.contact,
        number: numbered(&document.number, document.revision, language),
        date: document.date.unwrap_or(today).to_string(),
        valid_until: document.valid_until.unwrap_or(today).to_string(),
        currency: currency.to_string(),
        sections: document
            .sections
            .into_iter()
            .map(|section| page::Section { title: section.title, text: section.text })
            .collect(),
        variants: document.variants.into_iter().map(|variant| filled(variant, &units, language)).collect(),
        delivery: delivery.map(|day| language.pick(format!("{day} 前交付"), format!("Delivery by {day}"))),
        notes,
    }
}

/// How it stands, and which of several variants are no longer valid.
fn said(standing: Standing, document: &ProposalDocument, language: Language) -> Vec<String> {
    match standing {
        Standing::Draft => {
            vec![language.pick("草稿：尚未发出，不构成要约。", "Draft: not sent, and no offer yet.").to_owned()]
        }
        Standing::Ended => vec![language.pick("本文件已失效。", "This is no longer valid.").to_owned()],
        Standing::Valid => {
            let ended = document.variants.iter().filter(|variant| variant.ended).map(|variant| &variant.label);
            let words =
                |label| language.pick(format!("方案 {label} 已失效。"), format!("Option {label} is no longer valid."));
            ended.map(words).collect()
        }
    }
}

/// The number, from the second revision on with the revision, which whoever accepts it names.
fn numbered(number: &str, revision: i32, language: Language) -> String {
    match revision {
        ..=1 => number.to_owned(),
        _ => language.pick(format!("{number}（第 {revision} 版）"), format!("{number} (revision {revision})")),
    }
}

fn filled(variant: DocumentVariant, units: &HashMap<String, String>, language: Language) -> page::Variant {
    let DocumentVariant { label, title, lines, totals, payment_terms, currency, .. } = variant;
    page::Variant {
        label,
        title: title.unwrap_or_default(),
        lines: lines.into_iter().map(|line| row(line, units, language)).collect(),
        payment_terms: instalments(&payment_terms, totals.gross.amount, currency, language),
        totals: page::Totals {
            net: totals.net.amount.to_string(),
            tax: totals.tax.amount.to_string(),
            gross: totals.gross.amount.to_string(),
        },
    }
}

fn row(line: Line, by_sku: &HashMap<String, String>, language: Language) -> page::Line {
    let Line { sku, description, quantity, unit_price, discount_rate, tax_rate, net, .. } = line;
    page::Line {
        unit: by_sku.get(&sku).map(|unit| units::in_words(unit, language)).unwrap_or_default(),
        description,
        quantity: quantity.to_string(),
        unit_price: unit_price.to_string(),
        discount_rate: discount_rate.to_string(),
        tax_rate: tax_rate.to_string(),
        amount: net.to_string(),
    }
}

/// Each is what its share adds to the rounded part before it, so that all of them add up to the gross.
fn instalments(terms: &[PaymentTerm], gross: Amount, currency: Currency, language: Language) -> Vec<page::PaymentTerm> {
    let (mut share, mut before) = (Decimal::ZERO, Decimal::ZERO);
    let mut next = |term: &PaymentTerm| {
        share += term.share.get();
        let until = currency.round(gross.get() * share);
        let amount = until - before;
        before = until;
        page::PaymentTerm {
            name: term.label.to_string(),
            share: term.share.to_string(),
            amount: amount.to_string(),
            due: due(term, language),
        }
    };
    terms.iter().map(&mut next).collect()
}

fn due(term: &PaymentTerm, language: Language) -> String {
    let word = PaymentTrigger::labels().iter().find(|(code, ..)| *code == term.trigger.as_str());
    let trigger = word.map_or("", |(_, chinese, english)| language.pick(*chinese, *english));
    match term.due_days {
        0 => language.pick(format!("{trigger}时"), format!("{trigger}: at once")),
        days => language.pick(format!("{trigger}后 {days} 天内"), format!("{trigger}: within {days} days")),
    }
}

#[cfg(test)]
#[path = "pdf_tests.rs"]
mod tests;
