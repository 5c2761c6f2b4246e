//! The machine of proposals on one screen, what may be bundled, questions; what a customer reads stands in `document_tests`.
use super::*;
use crate::{
    margins::Cost,
    quotes::{
        domain::{Basis, Deal, QuoteRule},
        for_tests::offered as offered_line,
    },
};
use std::fmt::Write;
use wire::{
    Currency, EvidenceChannel, Ownership, Rate,
    crm::{
        AccountSnapshot, OpportunityId, RequirementSpecId, RequirementSpecSnapshot, SpecField, SpecItem, SpecPriority,
    },
    line::NewLine,
    quoting::{AnswerProposal, AskProposal, NewQuote, NewSolution, SolutionSection, SolutionSectionKind},
};

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp {
        at,
        actor: "user:ann".into(),
        ownership: Ownership { owner_id: Some("ann".into()), ..Ownership::default() },
    }
}
fn quote(number: u128, status: QuoteStatus) -> Quote {
    let account = AccountSnapshot {
        id: AccountId(Uuid::nil()),
        number: "AC-1".into(),
        name: "晨光泵业".into(),
        status: "active".into(),
        version: 1,
        tier: None,
        region: None,
    };
    let line = NewLine {
        sku: "PUMP-40".parse().unwrap(),
        description: None,
        quantity: "1".parse().unwrap(),
        unit_price: "10".parse().unwrap(),
        discount_rate: Rate::ZERO,
        tax_rate: Rate::ZERO,
    };
    let new = NewQuote {
        account_id: account.id,
        opportunity_id: None,
        requirement_spec_id: None,
        cost_sheet_id: None,
        currency: Currency::CNY,
        lines: Vec::new(),
        payment_terms: Vec::new(),
        valid_until: "2026-03-31".parse().unwrap(),
        delivery_date: None,
        note: Some("our floor is 9.00".parse().unwrap()),
        external_refs: Vec::new(),
    };
    let basis = Basis { spec_confirmed: true, cost_locked: true, cost: Cost::Unknown, in_hands_of: None, today: None };
    let deal = Deal { case_id: CaseId(Uuid::nil()), account, basis };
    let id = QuoteId(Uuid::from_u128(number));
    let mut quote = Quote::draft(id, format!("QT-{number}"), deal, new, vec![offered_line(line)], Uuid::nil, &by())
        .unwrap()
        .after()
        .clone();
    quote.head.status = status;
    quote
}
fn solution(status: SolutionStatus) -> Solution {
    let item = SpecItem {
        id: Some(Uuid::nil()),
        field: SpecField::Function,
        priority: SpecPriority::Should,
        text: "it pumps".parse().unwrap(),
        sku: None,
        quantity: None,
    };
    let spec = RequirementSpecSnapshot {
        id: RequirementSpecId(Uuid::nil()),
        number: "RS-1".into(),
        case_id: CaseId(Uuid::nil()),
        opportunity_id: OpportunityId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        status: "confirmed".into(),
        items: vec![item],
        owner: None,
        version: 1,
    };
    let section = SolutionSection {
        kind: SolutionSectionKind::ServiceScope,
        text: "we install it".parse().unwrap(),
        elements: Vec::new(),
    };
    let title = "Pumps".parse().unwrap();
    let new = NewSolution { requirement_spec_id: spec.id, title, account_segment: None, sections: vec![section] };
    let drafted = Solution::draft(SolutionId(Uuid::nil()), "TS-1".into(), &spec, new, &by()).unwrap();
    Solution { status, ..drafted.after().clone() }
}
fn variants(count: usize) -> Vec<ProposalVariant> {
    let variant = |(label, number): (&str, u128)| ProposalVariant {
        label: label.parse().unwrap(),
        title: None,
        quote_id: QuoteId(Uuid::from_u128(number)),
    };
    ["A", "B", "C", "D", "E", "F"].into_iter().zip(1..).take(count).map(variant).collect()
}
fn draft_of(variants: Vec<ProposalVariant>, solution: &Solution, quotes: &[Quote]) -> Result<Proposal, ProposalRule> {
    let title = "Offer".parse().unwrap();
    let new = NewProposal { title, message: None, solution_id: solution.id, variants };
    let id = ProposalId(Uuid::from_u128(100));
    Proposal::draft(id, "PP-1".into(), new, Bundle { solution, quotes }, &by()).map(|change| change.after().clone())
}
fn quotes(count: u128) -> Vec<Quote> {
    (1..=count).map(|number| quote(number, QuoteStatus::Approved)).collect()
}
fn proposal(status: Status) -> Proposal {
    let two = draft_of(variants(2), &solution(SolutionStatus::Approved), &quotes(2)).unwrap();
    Proposal { status, ..two }
}
fn asks() -> AskProposal {
    AskProposal { question: "which voltage?".parse().unwrap(), person: "李雷".parse().unwrap() }
}
fn answers() -> AnswerProposal {
    AnswerProposal { question_id: Uuid::nil(), answer: "380 V".parse().unwrap() }
}
fn asked(status: Status) -> Proposal {
    let asked = proposal(Status::Submitted).ask(Uuid::nil(), asks(), &by()).unwrap().after().clone();
    Proposal { status, version: 1, ..asked }
}
fn answered(status: Status) -> Proposal {
    let answered = asked(Status::UnderClarification).answer(answers(), &by()).unwrap().after().clone();
    Proposal { status, version: 1, ..answered }
}
fn evidence() -> Evidence {
    Evidence {
        channel: EvidenceChannel::Email,
        person: "李雷".parse().unwrap(),
        at: by().at,
        note: None,
        attachment_id: None,
    }
}
fn code<T>(outcome: platform::Result<T>) -> String {
    outcome.map_or_else(|error| error.code().to_owned(), |_| "fine".to_owned())
}

#[test]
fn quo_07_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("update", proposal(from).update(ProposalPatch::default(), None)),
            ("submit", proposal(from).submit(&by()).map_err(Into::into)),
            ("ask", proposal(from).ask(Uuid::max(), asks(), &by())),
            ("answer", asked(from).answer(answers(), &by())),
            ("accept_answer", answered(from).accept_answer(Uuid::nil())),
            ("accept", proposal(from).accept("A", evidence(), &by())),
            ("decline", proposal(from).decline("too dear".into(), &by()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                writeln!(table, "{from} {command} {} {:?}", change.after().status, change.event_types()).unwrap();
                let info = Proposal::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().version, 2, "{command} makes a version");
            }
        }
        assert_eq!(proposal(from).may("share").is_ok(), proposal(from).is_open(), "{from}");
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "draft update draft []",
            "draft submit submitted [\"quoting.proposal.submitted.v1\"]",
            "submitted ask under_clarification []",
            "submitted accept_answer submitted []",
            "submitted accept accepted [\"quoting.proposal.accepted.v1\"]",
            "submitted decline declined []",
            "under_clarification update under_clarification []",
            "under_clarification submit submitted [\"quoting.proposal.submitted.v1\"]",
            "under_clarification ask under_clarification []",
            "under_clarification answer under_clarification [\"quoting.proposal.question_answered.v1\"]",
            "under_clarification accept_answer under_clarification []",
            "under_clarification accept accepted [\"quoting.proposal.accepted.v1\"]",
            "under_clarification decline declined []",
        ]
    );
}

#[test]
fn quo_07_a_proposal_bundles_1_to_5_quotes_of_its_deal() {
    let approved = solution(SolutionStatus::Approved);
    let count = |count: u128| {
        draft_of(variants(usize::try_from(count).unwrap()), &approved, &quotes(count)).map(|one| one.variants.0.len())
    };
    assert_eq!(
        [0, 1, 5, 6].map(count),
        [Err(ProposalRule::Variants { count: 0 }), Ok(1), Ok(5), Err(ProposalRule::Variants { count: 6 }),]
    );
    let mut twice = variants(2);
    twice[1].label = "A".parse().unwrap();
    assert_eq!(draft_of(twice, &approved, &quotes(2)).unwrap_err(), ProposalRule::Label { index: 1 });
    let mut same = variants(2);
    same[1].quote_id = same[0].quote_id;
    assert_eq!(draft_of(same, &approved, &quotes(2)).unwrap_err(), ProposalRule::Quote { index: 1 });
    let mut elsewhere = quotes(2);
    elsewhere[1].head.case_id = CaseId(Uuid::max());
    assert_eq!(draft_of(variants(2), &approved, &elsewhere).unwrap_err(), ProposalRule::QuoteCase { index: 1 });
    let mut taken = quotes(2);
    taken[0].head.proposal_id = Some(ProposalId(Uuid::max()));
    assert_eq!(draft_of(variants(2), &approved, &taken).unwrap_err(), ProposalRule::QuoteTaken { index: 0 });
    let other_deal = Solution { case_id: CaseId(Uuid::max()), ..approved };
    let mut theirs = quotes(1);
    theirs[0].head.case_id = other_deal.case_id;
    let patch = ProposalPatch { variants: Some(variants(1)), ..ProposalPatch::default() };
    let moved = proposal(Status::Draft).update(patch, Some(Bundle { solution: &other_deal, quotes: &theirs }));
    assert_eq!(code(moved), "proposal.quote_case", "a proposal does not change its deal");
}

#[test]
fn quo_07_only_approved_documents_or_those_with_the_customer_are_bundled() {
    use SolutionStatus::{Approved, Submitted};
    for &status in SolutionStatus::ALL {
        let drafted = draft_of(variants(1), &solution(status), &quotes(1));
        assert_eq!(drafted.is_ok(), [Approved, Submitted].contains(&status), "solution {status}");
    }
    for &status in QuoteStatus::ALL {
        let drafted = draft_of(variants(1), &solution(Approved), &[quote(1, status)]);
        let may = [QuoteStatus::Approved, QuoteStatus::Issued, QuoteStatus::Negotiating].contains(&status);
        assert_eq!(drafted.is_ok(), may, "quote {status}");
    }
}

#[test]
fn quo_07_a_part_of_a_proposal_is_decided_by_the_proposal() {
    let id = ProposalId(Uuid::from_u128(100));
    let issued = quote(1, QuoteStatus::Approved).offer(id, &by()).unwrap();
    assert_eq!(issued.event_types(), ["quoting.quote.issued.v1"]);
    let issued = issued.after().clone();
    let gate = |quote: &Quote, action| quote.gates(action).into_iter().map(|gate| gate.gate).collect::<Vec<_>>();
    assert_eq!(
        (gate(&issued, "accept"), gate(&issued, "reject")),
        (vec!["part_of_proposal"], vec!["part_of_proposal"])
    );
    assert!(issued.clone().accept(evidence(), &by()).is_err());
    let within = issued.clone().within(id).unwrap();
    assert_eq!(within.accept(evidence(), &by()).unwrap().after().head.proposal_id, Some(id));
    let other = ProposalId(Uuid::max());
    assert_eq!(issued.clone().within(other).unwrap_err(), QuoteRule::NotProposed);
    assert_eq!(code(issued.offer(other, &by())), "quote.proposed");
    let known = quote(1, QuoteStatus::Negotiating).offer(id, &by()).unwrap();
    assert_eq!((known.after().head.status, known.event_types().len()), (QuoteStatus::Negotiating, 0));
    let mut late = by();
    late.at = Moment::new("2026-03-31T16:00:00Z".parse().unwrap());
    assert_eq!(code(quote(1, QuoteStatus::Issued).offer(id, &late)), "gate.closed", "its last day is over");
    assert_eq!(code(quote(1, QuoteStatus::Draft).offer(id, &by())), "state.refused");
    assert!(gate(&quote(1, QuoteStatus::Issued), "accept").is_empty(), "a quote by itself is accepted by itself");
}

#[test]
fn quo_08_a_question_is_open_answered_accepted_and_keeps_the_proposal_here() {
    let open = asked(Status::UnderClarification);
    assert_eq!(code(open.clone().submit(&by()).map_err(Into::into)), "gate.closed");
    assert_eq!(code(open.clone().accept_answer(Uuid::nil())), "proposal.question", "not answered yet");
    let answered = answered(Status::UnderClarification);
    assert_eq!(code(answered.clone().answer(answers(), &by())), "proposal.question", "an answer is not overwritten");
    assert_eq!(code(answered.clone().submit(&by()).map_err(Into::into)), "fine");
    let accepted = answered.accept_answer(Uuid::nil()).unwrap().after().clone();
    assert_eq!(accepted.questions.0[0].status, ProposalQuestionStatus::Accepted);
    assert_eq!(code(accepted.accept_answer(Uuid::nil())), "proposal.question");
    let with = |count: usize| {
        let questions = Kept(vec![open.questions.0[0].clone(); count]);
        code(Proposal { questions, ..open.clone() }.ask(Uuid::max(), asks(), &by()))
    };
    assert_eq!((with(199), with(200)), ("fine".into(), "proposal.questions".into()));
}

#[test]
fn quo_16_exactly_one_variant_is_accepted_and_it_is_one_of_them() {
    let accepted = proposal(Status::Submitted).accept("B", evidence(), &by()).unwrap();
    assert_eq!(accepted.after().accepted_quote_id, Some(QuoteId(Uuid::from_u128(2))));
    assert_eq!(code(proposal(Status::Submitted).accept("C", evidence(), &by())), "proposal.variant");
    assert_eq!(code(accepted.after().clone().accept("A", evidence(), &by())), "state.refused");
}

#[test]
fn quo_07_all_quotes_of_a_proposal_are_in_one_currency() {
    let (mut two, dollars) = (quotes(2), "USD".parse().unwrap());
    two[1].head.currency = dollars;
    let drafted = draft_of(variants(2), &solution(SolutionStatus::Approved), &two);
    assert_eq!(drafted.unwrap_err(), ProposalRule::Currency { index: 1, currency: dollars, first: Currency::CNY });
    two[0].head.currency = dollars;
    assert!(draft_of(variants(2), &solution(SolutionStatus::Approved), &two).is_ok(), "any one currency");
}

#[test]
fn quo_07_only_what_was_read_is_accepted() {
    let second = Proposal { revision: 2, ..proposal(Status::Submitted) };
    let read = |number: &str, revision| second.was_read(number, revision).map_err(|rule| rule.to_string());
    assert_eq!(read("PP-1", 2), Ok(()));
    let told = "what was read is not what is offered now, PP-1 revision 2: read that first".to_owned();
    assert_eq!([read("PP-1", 1), read("PP-1", 3), read("PP-2", 2)], [(); 3].map(|()| Err(told.clone())));
}

#[path = "document_tests.rs"]
mod document_tests;
