//! A proposal as a document: what the customer may read of it, on a page of ours or as a PDF, and how it stands. Pure. Refuses
//! costs, margins and notes among colleagues: it has no field for them.
use super::domain::Proposal;
use crate::{
    quotes::domain::{Head, Quote},
    solutions::domain::Solution,
};
use platform::{Language, calendar::Calendar};
use wire::{
    Day,
    quoting::{
        DocumentSection, DocumentVariant, ProposalDocument, ProposalStatus, ProposalVariant, QuoteId, QuoteStatus,
        SolutionSectionKind, SolutionStatus,
    },
};

/// For whom a document is made, and when.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The customer's person who reads it.
    pub contact: Option<&'a str>,
    pub language: Language,
    pub today: Day,
}

/// How a document stands, which it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The customer does not have this, so it is no offer yet.
    Draft,
    /// The customer can say yes to it, or has.
    Valid,
    /// It is no longer valid.
    Ended,
}

impl Standing {
    /// Of a proposal with these quotes of its variants.
    #[must_use]
    pub fn of(proposal: &Proposal, quotes: &[Quote], today: Day) -> Self {
        if !proposal.is_as_offered() {
            return Self::Draft;
        }
        match proposal.status {
            ProposalStatus::Draft => Self::Draft,
            ProposalStatus::Accepted => Self::Valid,
            ProposalStatus::Declined => Self::Ended,
            ProposalStatus::Submitted | ProposalStatus::UnderClarification => {
                let valid = quotes.iter().any(|quote| Self::of_quote(quote, today) == Self::Valid);
                if valid { Self::Valid } else { Self::Ended }
            }
        }
    }
    /// Of a quote: also one that nobody has closed yet though its last day is over.
    #[must_use]
    pub fn of_quote(quote: &Quote, today: Day) -> Self {
        match quote.head.status {
            QuoteStatus::Draft | QuoteStatus::PendingApproval | QuoteStatus::Approved => Self::Draft,
            QuoteStatus::Issued | QuoteStatus::Negotiating if quote.head.valid_until >= today => Self::Valid,
            QuoteStatus::Accepted => Self::Valid,
            QuoteStatus::Issued
            | QuoteStatus::Negotiating
            | QuoteStatus::Rejected
            | QuoteStatus::Expired
            | QuoteStatus::Withdrawn
            | QuoteStatus::Superseded => Self::Ended,
        }
    }
}

/// The document. `quotes` are those of its variants, in any order; a variant without its quote is left out, and so is the text of
/// a solution that is not given: see [`offered`].
pub fn document(
    proposal: &Proposal,
    solution: Option<&Solution>,
    quotes: &[Quote],
    reading: Reading<'_>,
) -> ProposalDocument {
    let Reading { contact, language, today } = reading;
    let sections = SolutionSectionKind::ALL.iter().filter_map(|kind| section(solution?, *kind, language));
    let of = |variant: &ProposalVariant| quotes.iter().find(|quote| quote.head.id == variant.quote_id);
    let shown = |named: &ProposalVariant| {
        let title = named.title.as_ref().map(ToString::to_string);
        Some(variant(named.label.to_string(), title, of(named)?, proposal.accepted_quote_id, today))
    };
    let variants: Vec<DocumentVariant> = proposal.variants.0.iter().filter_map(shown).collect();
    ProposalDocument {
        number: proposal.number.clone(),
        revision: proposal.revision,
        title: proposal.title.clone(),
        customer: proposal.account_name.clone(),
        contact: contact.map(str::to_owned),
        date: proposal.submitted_at.map(|at| Calendar::china().day(at)),
        valid_until: first_end(&variants),
        sections: sections.collect(),
        variants,
        note: proposal.message.clone(),
        language: language.pick("zh-CN", "en").to_owned(),
    }
}

/// The first day on which one of those ends that can still be chosen, or else of all.
fn first_end(variants: &[DocumentVariant]) -> Option<Day> {
    let standing = variants.iter().filter(|variant| !variant.ended).map(|variant| variant.valid_until).min();
    standing.or_else(|| variants.iter().map(|variant| variant.valid_until).min())
}

/// A quote by itself, as a document: one variant and no sections. Its note is for colleagues.
pub fn of_quote(quote: &Quote, language: Language, today: Day) -> ProposalDocument {
    let Head { number, revision, account_name, status, issued_at, id, .. } = quote.head.clone();
    let accepted = (status == QuoteStatus::Accepted).then_some(id);
    let variant = variant("A".to_owned(), None, quote, accepted, today);
    ProposalDocument {
        number,
        revision,
        title: language.pick("报价单", "Quotation").to_owned(),
        customer: account_name,
        contact: None,
        date: issued_at.map(|at| Calendar::china().day(at)),
        valid_until: Some(variant.valid_until),
        sections: Vec::new(),
        variants: vec![variant],
        note: None,
        language: language.pick("zh-CN", "en").to_owned(),
    }
}

/// What of a bundle has gone to the customer with this proposal; the rest is none of the customer's business (yet).
pub fn offered(proposal: &Proposal, solution: Solution, quotes: Vec<Quote>) -> (Option<Solution>, Vec<Quote>) {
    use QuoteStatus::{Accepted, Expired, Issued, Negotiating, Rejected};
    let went = |status| matches!(status, Issued | Negotiating | Accepted | Rejected | Expired);
    let with_this = |quote: &Quote| quote.head.proposal_id == Some(proposal.id) && went(quote.head.status);
    let sent =
        matches!(solution.status, SolutionStatus::Submitted | SolutionStatus::Accepted | SolutionStatus::Rejected);
    let sent = sent && proposal.submitted_at.is_some();
    (Some(solution).filter(|_| sent), quotes.into_iter().filter(with_this).collect())
}

fn section(solution: &Solution, kind: SolutionSectionKind, language: Language) -> Option<DocumentSection> {
    let section = solution.sections.0.iter().find(|section| section.kind == kind)?;
    let (_, chinese, english) = SolutionSectionKind::labels().iter().find(|(code, ..)| *code == kind.as_str())?;
    Some(DocumentSection { kind, title: language.pick(*chinese, *english).to_owned(), text: section.text.to_string() })
}

fn variant(
    label: String,
    title: Option<String>,
    quote: &Quote,
    accepted: Option<QuoteId>,
    today: Day,
) -> DocumentVariant {
    let Head { id, number, revision, currency, payment_terms, valid_until, delivery_date, .. } = quote.head.clone();
    DocumentVariant {
        label,
        title,
        number,
        revision,
        currency,
        lines: quote.lines.iter().cloned().map(Into::into).collect(),
        totals: quote.totals(),
        payment_terms: payment_terms.0,
        valid_until,
        delivery_date,
        accepted: accepted == Some(id),
        ended: Standing::of_quote(quote, today) == Standing::Ended,
    }
}
