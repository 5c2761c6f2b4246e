//! The machine of quotes on one screen, and every rule at its boundary.
use super::*;
use crate::{margins::Cost, quotes::for_tests::offered};
use platform::Rule;
use std::fmt::Write;
use wire::{
    CaseId, Currency, Moment, Ownership, Rate,
    crm::{AccountId, AccountSnapshot},
    line::{PaymentTerm, PaymentTrigger},
};

fn by() -> Stamp {
    let ownership = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
fn new_line(quantity: &str, price: &str) -> NewLine {
    NewLine {
        sku: "PUMP-40".parse().unwrap(),
        description: None,
        quantity: quantity.parse().unwrap(),
        unit_price: price.parse().unwrap(),
        discount_rate: Rate::ZERO,
        tax_rate: Rate::ZERO,
    }
}
type New = (NewQuote, Vec<NewLine>);
fn new_quote(lines: Vec<NewLine>) -> New {
    let quote = NewQuote {
        account_id: AccountId(Uuid::nil()),
        opportunity_id: None,
        requirement_spec_id: None,
        cost_sheet_id: None,
        currency: Currency::CNY,
        lines: Vec::new(),
        payment_terms: Vec::new(),
        valid_until: "2026-03-31".parse().unwrap(),
        delivery_date: None,
        note: None,
        external_refs: Vec::new(),
    };
    (quote, lines)
}
fn draft((new, lines): New) -> Result<Change<Quote>, QuoteRule> {
    let account = AccountSnapshot {
        id: AccountId(Uuid::nil()),
        number: "AC-1".into(),
        name: "Acme".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    };
    let deal = Deal {
        case_id: CaseId(Uuid::nil()),
        account,
        basis: Basis { spec_confirmed: true, cost_locked: true, cost: Cost::Unknown, in_hands_of: None, today: None },
    };
    Quote::draft(
        QuoteId(Uuid::nil()),
        "QT-2026-000001".into(),
        deal,
        new,
        lines.into_iter().map(offered).collect(),
        Uuid::nil,
        &by(),
    )
}
fn quote(status: Status, price: &str) -> Quote {
    let mut quote = draft(new_quote(vec![new_line("1", price)])).unwrap().after().clone();
    quote.head.status = status;
    quote
}
fn floor() -> Floor {
    Floor { version: 1, floor: "0.05".parse().unwrap(), pricing_policy_revision: None }
}
fn evidence() -> Evidence {
    Evidence {
        channel: wire::EvidenceChannel::Email,
        person: "Li Lei".parse().unwrap(),
        at: by().at,
        note: None,
        attachment_id: None,
    }
}

#[test]
fn quo_06_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("submit", quote(from, "1").submit(floor(), &by()).ok()),
            ("approve", quote(from, "1").approve().ok()),
            ("return", quote(from, "1").returned("mend it".into()).ok()),
            ("issue", quote(from, "1").issue(&by()).ok()),
            ("negotiate", quote(from, "1").negotiate(None).ok()),
            ("revise", quote(from, "1").revise(QuoteId(Uuid::nil()), Uuid::nil, &by()).ok().map(|(old, _)| old)),
            ("accept", quote(from, "1").accept(evidence(), &by()).ok()),
            ("reject", quote(from, "1").reject("too dear".into(), &by()).ok()),
            ("withdraw", quote(from, "1").withdraw("mistake".into(), &by()).ok()),
            ("expire", quote(from, "1").expire(&by()).ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                writeln!(table, "{from} {command} {} {:?}", change.after().head.status, change.event_types()).unwrap();
                let info = Quote::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().head.status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().head.version, 2, "{command} makes a version");
            }
        }
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "draft submit pending_approval []",
            "draft withdraw withdrawn [\"quoting.quote.closed.v1\"]",
            "pending_approval approve approved []",
            "pending_approval return draft []",
            "pending_approval withdraw withdrawn [\"quoting.quote.closed.v1\"]",
            "approved issue issued [\"quoting.quote.issued.v1\"]",
            "approved revise superseded []",
            "approved withdraw withdrawn [\"quoting.quote.closed.v1\"]",
            "issued negotiate negotiating []",
            "issued revise superseded []",
            "issued accept accepted [\"quoting.quote.accepted.v1\"]",
            "issued reject rejected [\"quoting.quote.closed.v1\"]",
            "issued withdraw withdrawn [\"quoting.quote.closed.v1\"]",
            "issued expire expired [\"quoting.quote.closed.v1\"]",
            "negotiating revise superseded []",
            "negotiating accept accepted [\"quoting.quote.accepted.v1\"]",
            "negotiating reject rejected [\"quoting.quote.closed.v1\"]",
            "negotiating withdraw withdrawn [\"quoting.quote.closed.v1\"]",
            "negotiating expire expired [\"quoting.quote.closed.v1\"]",
        ]
    );
}

#[test]
fn quo_09_the_route_turns_above_100_000_00() {
    let route =
        |gross: &str| quote(Status::Issued, gross).accept(evidence(), &by()).unwrap().after().head.route.unwrap();
    assert_eq!(
        [route("99999.99"), route("100000.00"), route("100000.01")],
        [Route::Order, Route::Order, Route::Contract]
    );
}

#[test]
fn quo_09_a_quote_is_valid_through_its_last_day_in_china() {
    let mut late = by();
    late.at = Moment::new("2026-03-31T15:59:59Z".parse().unwrap()); // 23:59:59 in Shanghai
    assert!(quote(Status::Issued, "1").accept(evidence(), &late).is_ok());
    late.at = Moment::new("2026-03-31T16:00:00Z".parse().unwrap()); // the next day there
    let refused = quote(Status::Issued, "1").accept(evidence(), &late).unwrap_err();
    assert_eq!(refused.code(), "gate.closed");
    let closed = |status, action| {
        let quote = quote(status, "1").on(late.today());
        quote.gates(action).into_iter().map(|closed| closed.gate).collect::<Vec<_>>()
    };
    assert_eq!(closed(Status::Issued, "accept"), ["validity"], "the button says so, too");
    assert_eq!(closed(Status::Approved, "issue"), ["validity"]);
    assert!(closed(Status::Issued, "reject").is_empty(), "a no is never too late");
}

#[test]
fn quo_09_the_customer_has_decided_by_now_as_far_as_clocks_agree() {
    let said = |at: &str| {
        let evidence = Evidence { at: Moment::new(at.parse().unwrap()), ..evidence() };
        quote(Status::Issued, "1").accept(evidence, &by()).map(|_| ()).map_err(|error| error.code().to_owned())
    };
    assert_eq!([said("2026-03-02T01:00:59Z"), said("2026-03-02T01:01:00Z")], [Ok(()), Ok(())]);
    assert_eq!(said("2026-03-02T01:01:00.000001Z"), Err("evidence.future".into()));
}

#[test]
fn quo_03_quo_04_what_a_quote_rests_on_closes_submit_and_issue() {
    let gate = |status: Status, spec_confirmed: bool, cost_locked: bool| {
        let quote = Quote {
            basis: Basis { spec_confirmed, cost_locked, cost: Cost::Unknown, in_hands_of: None, today: None },
            ..quote(status, "1")
        };
        let outcome = if status == Status::Draft { quote.submit(floor(), &by()) } else { quote.issue(&by()) };
        outcome.err().map(|refused| refused.gates(platform::Language::English)[0].gate.clone())
    };
    assert_eq!(gate(Status::Draft, false, true), None, "a draft may wait for the customer in approval");
    assert_eq!(gate(Status::Draft, true, false).as_deref(), Some("cost_sheet_locked"));
    assert_eq!(gate(Status::Approved, true, true), None);
    assert_eq!(gate(Status::Approved, false, true).as_deref(), Some("spec_confirmed"));
}

#[test]
fn quo_10_a_revision_keeps_the_number_and_gets_lines_of_its_own() {
    let (old, new) = quote(Status::Issued, "5").revise(QuoteId(Uuid::max()), Uuid::max, &by()).unwrap();
    let (old, new) = (old.after(), new.after());
    assert_eq!((old.head.status, new.head.status), (Status::Superseded, Status::Draft));
    assert_eq!((&new.head.number, new.head.revision, new.head.version), (&old.head.number, 2, 1));
    assert_eq!((new.lines[0].quote_id, new.lines[0].net), (QuoteId(Uuid::max()), old.lines[0].net));
}

#[test]
fn quo_06_lines_prices_and_shares_have_bounds() {
    let code = |new: New| draft(new).map(|_| ()).map_err(|rule| rule.code().to_owned());
    assert_eq!(code(new_quote(vec![])), Err("quote.lines".into()));
    assert_eq!(code(new_quote(vec![new_line("1", "1"); 500])), Ok(()));
    assert_eq!(code(new_quote(vec![new_line("1", "1"); 501])), Err("quote.lines".into()));
    assert_eq!(code(new_quote(vec![new_line("0", "1")])), Err("quote.quantity".into()));
    assert_eq!(code(new_quote(vec![new_line("0.0001", "0")])), Ok(()));
    assert_eq!(code(new_quote(vec![new_line("1", "-0.0001")])), Err("quote.unit_price".into()));
    assert_eq!(code(new_quote(vec![new_line("1", "99999999999999.99")])), Ok(()));
    assert_eq!(
        code(new_quote(vec![new_line("1", "99999999999999.99"), new_line("1", "0.01")])),
        Err("quote.total".into())
    );
    let shares = |list: &[&str]| {
        let term = |share: &&str| PaymentTerm {
            label: "part".parse().unwrap(),
            trigger: PaymentTrigger::Signed,
            share: share.parse().unwrap(),
            due_days: 0,
        };
        let (new, lines) = new_quote(vec![new_line("1", "1")]);
        code((NewQuote { payment_terms: list.iter().map(term).collect(), ..new }, lines))
    };
    assert_eq!(
        [shares(&["0.3", "0.7"]), shares(&["0.3", "0.6999"]), shares(&["0.3", "0.7001"])],
        [Ok(()), Err("quote.payment_terms".into()), Err("quote.payment_terms".into())]
    );
    let until = |day: &str| {
        let (new, lines) = new_quote(vec![new_line("1", "1")]);
        code((NewQuote { valid_until: day.parse().unwrap(), ..new }, lines))
    };
    assert_eq!([until("2026-03-01"), until("2026-03-02")], [Err("quote.valid_until".into()), Ok(())]);
}

#[test]
fn quo_15_lines_match_only_if_every_field_does() {
    let quote = quote(Status::Accepted, "10.00");
    assert!(quote.verify(&[new_line("1", "10")]).matches);
    let cheaper = quote.verify(&[new_line("1", "9.99"), new_line("1", "1")]);
    assert!(!cheaper.matches);
    assert_eq!(cheaper.lines[0].differences, ["unit_price"]);
    assert_eq!(cheaper.lines[1].differences, ["not_quoted"]);
    assert_eq!(quote.verify(&[]).lines[0].differences, ["missing"]);
}

#[test]
fn quo_18_below_the_floor_another_policy_is_asked_and_the_breach_is_told() {
    let submit = |price: &str, cost: Cost| {
        let mut quote = quote(Status::Draft, price);
        quote.basis.cost = cost;
        let change = quote.submit(floor(), &by()).unwrap();
        (format!("{change:?}").contains("quoting.quote.low_margin"), change.event_types())
    };
    let costing = Cost::Known("950.00".parse().unwrap());
    assert_eq!(submit("999.99", costing), (true, vec!["quoting.quote.margin_breached.v1"]));
    assert_eq!(["1000.00", "1000.01"].map(|price| submit(price, costing)), [(false, vec![]), (false, vec![])]);
    for unknown in [Cost::Unknown, Cost::Elsewhere] {
        assert_eq!(submit("999999.99", unknown), (true, vec![]), "nobody knows whether it is too low");
    }
}

#[test]
fn quo_05_a_line_below_its_least_price_asks_one_approver_more_and_the_floor_itself_does_not() {
    let asks = |price: &str, discount: &str| {
        let mut quote = quote(Status::Draft, price);
        quote.basis.cost = Cost::Known(Amount::ZERO);
        quote.lines[0].price_floor = "80.00".parse().ok();
        quote.lines[0].discount_rate = discount.parse().unwrap();
        !quote.concerns(floor()).is_empty()
    };
    assert_eq!(["79.99", "80.00", "80.01"].map(|price| asks(price, "0")), [true, false, false]);
    // 100 less 20 % is 80; a discount on the line is no way around the floor.
    assert_eq!(["0.1999", "0.2", "0.2001"].map(|discount| asks("100.00", discount)), [false, false, true]);
}

#[test]
fn quo_10_a_revision_takes_over_how_its_prices_came_about() {
    let mut quote = quote(Status::Issued, "5");
    quote.lines[0].id = Uuid::nil();
    let pricing = wire::json::Kept(offered(new_line("1", "5")).pricing);
    quote.traces = vec![crate::quotes::traces::TraceRow { line_id: Uuid::nil(), quote_id: quote.head.id, pricing }];
    let (_, new) = quote.revise(QuoteId(Uuid::max()), Uuid::max, &by()).unwrap();
    let trace = &new.after().traces[0];
    assert_eq!((trace.line_id, trace.quote_id), (new.after().lines[0].id, QuoteId(Uuid::max())));
    assert!(new.after().trace().lines[0].pricing.is_some());
}
