//! What a customer reads of a proposal, until it is offered again, and what a document says of how it stands.
use super::*;
use crate::proposals::document::{Reading, Standing, document, of_quote, offered};
use platform::Language;

fn reading(today: &str) -> Reading<'static> {
    Reading { contact: Some("李雷"), language: Language::Chinese, today: today.parse().unwrap() }
}

#[test]
fn quo_07_the_customer_reads_what_was_submitted_and_nothing_else() {
    let proposal = Proposal { submitted_at: Some(by().at), ..proposal(Status::Submitted) };
    let sent = |status| {
        let mut quote = quote(1, status);
        quote.head.proposal_id = Some(proposal.id);
        quote
    };
    let shown = |solution: Solution, quotes: Vec<Quote>| {
        let (solution, quotes) = offered(&proposal, solution, quotes);
        document(&proposal, solution.as_ref(), &quotes, reading("2026-03-31"))
    };
    let page =
        shown(solution(SolutionStatus::Submitted), vec![sent(QuoteStatus::Issued), quote(2, QuoteStatus::Issued)]);
    assert_eq!((page.variants.len(), page.variants[0].label.as_str()), (1, "A"), "B has not been submitted with it");
    assert_eq!((page.sections[0].title.as_str(), page.sections[0].text.as_str()), ("服务内容", "we install it"));
    assert_eq!((page.customer.as_str(), page.contact.as_deref()), ("晨光泵业", Some("李雷")));
    assert_eq!(
        (page.date.unwrap().to_string(), page.valid_until.unwrap().to_string()),
        ("2026-03-02".into(), "2026-03-31".into())
    );
    assert!(!serde_json::to_string(&page).unwrap().contains("floor"), "a note among colleagues");
    for status in [QuoteStatus::Draft, QuoteStatus::PendingApproval, QuoteStatus::Superseded, QuoteStatus::Withdrawn] {
        assert!(shown(solution(SolutionStatus::Submitted), vec![sent(status)]).variants.is_empty(), "{status}");
    }
    for status in
        [SolutionStatus::Draft, SolutionStatus::InReview, SolutionStatus::Approved, SolutionStatus::Superseded]
    {
        assert!(shown(solution(status), Vec::new()).sections.is_empty(), "{status}");
    }
}

#[test]
fn quo_07_the_customer_has_what_was_offered_until_it_is_offered_again() {
    let submitted = proposal(Status::Draft).submit(&by()).unwrap().after().clone();
    assert_eq!((submitted.revision, submitted.is_as_offered()), (1, true));
    let asked = submitted.ask(Uuid::nil(), asks(), &by()).unwrap().after().clone();
    let answered = asked.answer(answers(), &by()).unwrap().after().clone();
    let mut swapped = variants(2);
    swapped[0].quote_id = QuoteId(Uuid::from_u128(3));
    let patch = ProposalPatch {
        title: Some("Cheaper".parse().unwrap()),
        message: wire::Patched::New("look again".parse().unwrap()),
        variants: Some(swapped.clone()),
        solution_id: None,
    };
    let (approved, three) = (solution(SolutionStatus::Approved), quotes(3));
    let bundle = Bundle { solution: &approved, quotes: &three[1..] };
    let edited = answered.update(patch, Some(bundle)).unwrap().after().clone();
    assert_eq!((edited.title.as_str(), edited.revision, edited.is_as_offered()), ("Cheaper", 1, false));
    let theirs = edited.clone().as_offered();
    assert_eq!((theirs.title.as_str(), theirs.message.as_deref(), theirs.variants.0), ("Offer", None, variants(2)));
    let yes = edited.clone().accept("A", evidence(), &by()).unwrap().after().clone();
    let first = QuoteId(Uuid::from_u128(1));
    assert_eq!((yes.accepted_quote_id, yes.title.as_str(), yes.is_as_offered()), (Some(first), "Offer", true));
    let no = edited.clone().decline("too dear".into(), &by()).unwrap().after().clone();
    assert_eq!((no.title.as_str(), no.is_as_offered()), ("Offer", true));
    let again = edited.submit(&by()).unwrap().after().clone();
    assert_eq!((again.revision, again.is_as_offered(), again.as_offered().variants.0), (2, true, swapped));
}

#[test]
fn quo_07_a_document_says_how_it_stands() {
    use QuoteStatus::{Accepted, Approved, Draft, Issued, Negotiating, PendingApproval};
    let day = |text: &str| text.parse().unwrap();
    for &status in QuoteStatus::ALL {
        let standing = match status {
            Draft | PendingApproval | Approved => Standing::Draft,
            Issued | Negotiating | Accepted => Standing::Valid,
            _ => Standing::Ended,
        };
        assert_eq!(Standing::of_quote(&quote(1, status), day("2026-03-02")), standing, "{status}");
    }
    let issued = |day| Standing::of_quote(&quote(1, Issued), day);
    let days = ["2026-03-30", "2026-03-31", "2026-04-01"].map(day);
    assert_eq!(days.map(issued), [Standing::Valid, Standing::Valid, Standing::Ended], "its last day is a good one");
    let printed = of_quote(&quote(1, Issued), Language::English, day("2026-04-01"));
    assert_eq!((printed.note, printed.revision, printed.variants[0].ended), (None, 1, true), "our note is our own");
    let sent = proposal(Status::Draft).submit(&by()).unwrap().after().clone();
    let of = |proposal: &Proposal, statuses: [QuoteStatus; 2]| {
        let quotes = [quote(1, statuses[0]), quote(2, statuses[1])];
        Standing::of(proposal, &quotes, day("2026-03-02"))
    };
    assert_eq!(of(&proposal(Status::Draft), [Approved, Approved]), Standing::Draft);
    assert_eq!(of(&sent, [Issued, QuoteStatus::Withdrawn]), Standing::Valid, "one of them is enough");
    assert_eq!(of(&sent, [QuoteStatus::Expired, QuoteStatus::Withdrawn]), Standing::Ended);
    let edited = Proposal { title: "Cheaper".into(), ..sent.clone() };
    assert_eq!(of(&edited, [Issued, Issued]), Standing::Draft, "the customer does not have this");
    assert_eq!(of(&edited.as_offered(), [Issued, Issued]), Standing::Valid);
    let ends = [(Status::Accepted, Standing::Valid), (Status::Declined, Standing::Ended)];
    for (status, standing) in ends {
        let decided = Proposal { status, ..sent.clone() };
        assert_eq!(of(&decided, [QuoteStatus::Rejected, Accepted]), standing, "{status}");
    }
}
