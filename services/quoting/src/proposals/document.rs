//! A proposal as a document: what the customer may read of it, on a page of ours or as a PDF. Pure. Refuses costs, margins and
//! notes among colleagues: it has no field for them.
use super::domain::Proposal;
use crate::{
    quotes::domain::{Head, Quote},
    solutions::domain::Solution,
};
use platform::{Language, calendar::Calendar};
use wire::quoting::{
    DocumentSection, DocumentVariant, ProposalDocument, ProposalVariant, QuoteId, QuoteStatus, SolutionSectionKind,
    SolutionStatus,
};

/// The document. `quotes` are those of its variants, in any order; a variant without its quote is left out, and so is the text of
/// a solution that is not given: see [`offered`].
pub fn document(
    proposal: &Proposal,
    solution: Option<&Solution>,
    quotes: &[Quote],
    contact: Option<&str>,
    language: Language,
) -> ProposalDocument {
    let sections = SolutionSectionKind::ALL.iter().filter_map(|kind| section(solution?, *kind, language));
    let of = |variant: &ProposalVariant| quotes.iter().find(|quote| quote.head.id == variant.quote_id);
    let shown = |named: &ProposalVariant| {
        let title = named.title.as_ref().map(ToString::to_string);
        Some(variant(named.label.to_string(), title, of(named)?, proposal.accepted_quote_id))
    };
    let variants: Vec<DocumentVariant> = proposal.variants.0.iter().filter_map(shown).collect();
    ProposalDocument {
        number: proposal.number.clone(),
        title: proposal.title.clone(),
        customer: proposal.account_name.clone(),
        contact: contact.map(str::to_owned),
        date: proposal.submitted_at.map(|at| Calendar::china().day(at)),
        valid_until: variants.iter().map(|variant| variant.valid_until).min(),
        sections: sections.collect(),
        variants,
        note: proposal.message.clone(),
        language: language.pick("zh-CN", "en").to_owned(),
    }
}

/// A quote by itself, as a document: one variant and no sections.
pub fn of_quote(quote: &Quote, language: Language) -> ProposalDocument {
    let Head { number, account_name, status, issued_at, note, id, .. } = quote.head.clone();
    let accepted = (status == QuoteStatus::Accepted).then_some(id);
    let variant = variant("A".to_owned(), None, quote, accepted);
    ProposalDocument {
        number,
        title: language.pick("报价单", "Quotation").to_owned(),
        customer: account_name,
        contact: None,
        date: issued_at.map(|at| Calendar::china().day(at)),
        valid_until: Some(variant.valid_until),
        sections: Vec::new(),
        variants: vec![variant],
        note,
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

fn variant(label: String, title: Option<String>, quote: &Quote, accepted: Option<QuoteId>) -> DocumentVariant {
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
    }
}
