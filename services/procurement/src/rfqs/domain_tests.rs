//! The machine of requests for quotation on one screen, and every rule at its boundary.
use super::*;
use crate::{rfqs::comparison::compare, sourcing::Wanted};
use platform::{ApiError, Language};
use uuid::Uuid;
use wire::{
    Currency, Evidence, EvidenceChannel, Ownership,
    procurement::{
        AdmitLateQuote, AwardBasis, AwardLine, AwardRfq, DeclineInvitation, NewRfq, RecordSupplierQuote, RequisitionId,
        RfqComparison, RfqId, RfqInvitationStatus as Answer, RfqPatch, RfqWeights, SupplierId, SupplierQuoteLine,
    },
};

type Outcome = platform::Result<Change<Rfq>>;

fn moment(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn user(name: &str, at: &str) -> Stamp {
    Stamp { at: moment(at), actor: format!("user:{name}"), ownership: Ownership::default() }
}
/// The buyer, on 2 March at nine in Shanghai.
fn buyer() -> Stamp {
    user("buyer", "2026-03-02T01:00:00Z")
}
/// The manager, a week later.
fn manager() -> Stamp {
    user("manager", "2026-03-09T01:00:00Z")
}
fn line(n: u128) -> Uuid {
    Uuid::from_u128(n)
}
fn supplier(n: u128) -> SupplierId {
    SupplierId(Uuid::from_u128(n))
}
fn wanted(n: u128) -> Wanted {
    Wanted {
        requisition_id: RequisitionId(Uuid::nil()),
        requisition_line_id: line(n),
        case_id: None,
        sku: format!("CHAIR-{n}"),
        name: "办公椅".into(),
        specification: "带扶手".into(),
        unit: "把".into(),
        quantity: "1".parse().unwrap(),
        needed_on: None,
    }
}
fn new_rfq() -> NewRfq {
    NewRfq {
        requisition_ids: vec![RequisitionId(Uuid::nil())],
        requisition_line_ids: Vec::new(),
        category: None,
        currency: Currency::CNY,
        due_on: "2026-03-10".parse().unwrap(),
        weights: None,
        inquiry: "请报产品规格与单价".parse().unwrap(),
        suppliers: Vec::new(),
        sourcing_waiver_id: None,
    }
}
fn guest(n: u128) -> Guest {
    Guest { supplier_id: supplier(n), name: format!("供应商 {n}"), recommendation: None }
}
fn draft(new: NewRfq, lines: u128, suppliers: u128) -> Result<Change<Rfq>, RfqRule> {
    let weights = RfqWeights { price: 40, quality: 20, delivery: 20, after_sales: 20 };
    let birth = Birth { id: RfqId(Uuid::nil()), number: "RFQ-2026-000001".into(), weights, waived: false };
    Rfq::draft(birth, new, (1..=lines).map(wanted).collect(), (1..=suppliers).map(guest).collect(), &buyer())
}
fn drafted(lines: u128, suppliers: u128) -> Rfq {
    draft(new_rfq(), lines, suppliers).unwrap().after().clone()
}
fn done(outcome: Outcome) -> Rfq {
    outcome.unwrap().after().clone()
}
fn code<T: std::fmt::Debug>(outcome: platform::Result<T>) -> String {
    outcome.unwrap_err().code().to_owned()
}
fn gate(outcome: Outcome) -> Option<String> {
    match outcome {
        Ok(_) => None,
        Err(ApiError::Rule(rule)) => Some(rule.gates(Language::English)[0].gate.clone()),
        Err(error) => panic!("{error}"),
    }
}
/// A quote of one unit a line, untaxed, arriving in 9 days, with a service of 3.
fn quote(n: u128, prices: &[&str]) -> RecordSupplierQuote {
    let offer = |(at, price): (u128, &&str)| SupplierQuoteLine {
        requisition_line_id: line(at),
        unit_price: price.parse().unwrap(),
        tax_rate: wire::Rate::ZERO,
        quantity: "1".parse().unwrap(),
        lead_time_days: 9,
        brand: None,
    };
    RecordSupplierQuote {
        supplier_id: supplier(n),
        currency: Currency::CNY,
        lines: (1..).zip(prices).map(offer).collect(),
        after_sales: "两年质保".parse().unwrap(),
        after_sales_score: 3,
        quality_score: None,
        valid_until: "2026-04-30".parse().unwrap(),
        evidence: Evidence {
            channel: EvidenceChannel::Email,
            person: "王芳".parse().unwrap(),
            at: moment("2026-03-03T01:00:00Z"),
            note: None,
            attachment_id: None,
        },
        late_reason: None,
    }
}
/// Sent to as many as quote, and quoted by the buyer a day later.
fn quoted(quotes: Vec<RecordSupplierQuote>) -> Rfq {
    let lines = quotes.iter().map(|quote| quote.lines.len()).max().unwrap_or(1);
    let asked = quotes.len().max(3) as u128;
    let sent = done(drafted(lines as u128, asked).send(&buyer()));
    quotes.into_iter().fold(sent, |rfq, quote| done(rfq.record_quote(quote, &user("buyer", "2026-03-12T01:00:00Z"))))
}
fn evaluated(quotes: Vec<RecordSupplierQuote>) -> Rfq {
    done(done(quoted(quotes).close(&buyer())).evaluate())
}
fn prices(list: &[&str]) -> Vec<RecordSupplierQuote> {
    (1..).zip(list).map(|(n, price)| quote(n, &[*price])).collect()
}
fn to(n: u128, basis: AwardBasis) -> AwardRfq {
    AwardRfq { supplier_id: Some(supplier(n)), lines: Vec::new(), basis, reason: None, no_conflict_of_interest: false }
}
fn because(award: AwardRfq) -> AwardRfq {
    AwardRfq { reason: Some("交货更快".parse().unwrap()), ..award }
}
fn comparison(quotes: Vec<RecordSupplierQuote>) -> RfqComparison {
    compare(&quoted(quotes)).unwrap()
}

#[test]
fn pro_16_the_whole_life_on_one_screen() {
    let mut late = quote(4, &["1"]);
    late.evidence.at = moment("2026-03-11T01:00:00Z");
    let mut quotes = prices(&["100", "101", "102"]);
    quotes.push(late);
    let full = evaluated(quotes);
    let at = |status: Status| {
        let mut rfq = full.clone();
        rfq.head.status = status;
        rfq
    };
    let why = || "够了".parse().unwrap();
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps: Vec<(&str, Outcome)> = vec![
            ("update", at(from).update(RfqPatch::default(), None, false, &buyer())),
            ("invite", at(from).invite(vec![guest(9)])),
            ("send", at(from).send(&buyer())),
            ("record_quote", at(from).record_quote(quote(1, &["99"]), &manager())),
            ("decline", at(from).decline(DeclineInvitation { supplier_id: supplier(1), reason: why() })),
            ("admit_quote", at(from).admit_quote(AdmitLateQuote { supplier_id: supplier(4), reason: why() })),
            ("close", at(from).close(&manager())),
            ("evaluate", at(from).evaluate()),
            ("award", at(from).award(to(1, AwardBasis::ServiceBrand), &manager())),
            ("cancel", at(from).cancel("不买了".into()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                let info = Rfq::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&after.head.status.as_str()), "{command} leads where the table says");
                assert_eq!(after.head.version, full.head.version + 1, "{command} makes a version");
                table.push(format!("{from} {command} {} {}", after.head.status, change.event_types().join(" ")));
            }
        }
    }
    assert_eq!(
        table,
        [
            "draft update draft ",
            "draft invite draft ",
            "draft send sent procurement.rfq.sent.v1",
            "draft cancel cancelled ",
            "sent invite sent ",
            "sent record_quote quoting procurement.rfq.quote_received.v1",
            "sent decline sent ",
            "sent cancel cancelled ",
            "quoting invite quoting ",
            "quoting record_quote quoting procurement.rfq.quote_received.v1",
            "quoting decline quoting ",
            "quoting admit_quote quoting ",
            "quoting close closed ",
            "quoting cancel cancelled ",
            "closed evaluate evaluated procurement.rfq.rule_applied.v1",
            "closed cancel cancelled ",
            "evaluated award awarded procurement.rfq.awarded.v1",
            "evaluated cancel cancelled ",
        ]
    );
}

#[test]
fn pro_16_three_are_asked_or_a_waiver_is_approved() {
    let asked = |count: u128, waived: bool| {
        let mut rfq = drafted(1, count);
        rfq.basis.waived = waived;
        gate(rfq.send(&buyer()))
    };
    let closed = Some("three_suppliers".to_owned());
    assert_eq!([asked(2, false), asked(3, false), asked(4, false)], [closed.clone(), None, None]);
    assert_eq!([asked(0, true), asked(1, true), asked(2, true)], [closed, None, None]);
}

#[test]
fn pro_16_a_draft_has_bounds() {
    let coded = |new: NewRfq, lines: u128, suppliers: u128| {
        draft(new, lines, suppliers).map(drop).map_err(|rule| platform::Rule::code(&rule).to_owned())
    };
    let refused = |code: &str| Err(code.to_owned());
    let due = |day: &str| coded(NewRfq { due_on: day.parse().unwrap(), ..new_rfq() }, 1, 3);
    assert_eq!([due("2026-03-01"), due("2026-03-02")], [refused("rfq.due_on"), Ok(())]);
    let weights = |price: u8| {
        let weights = Some(RfqWeights { price, quality: 20, delivery: 20, after_sales: 20 });
        coded(NewRfq { weights, ..new_rfq() }, 1, 3)
    };
    assert_eq!([weights(39), weights(40), weights(41)], [refused("rfq.weights"), Ok(()), refused("rfq.weights")]);
    assert_eq!([coded(new_rfq(), 500, 3), coded(new_rfq(), 501, 3)], [Ok(()), refused("rfq.lines")]);
    assert_eq!([coded(new_rfq(), 1, 20), coded(new_rfq(), 1, 21)], [Ok(()), refused("rfq.suppliers")]);
    assert_eq!(coded(new_rfq(), 0, 3), refused("rfq.requisition"));
    let only = |ids: &[u128]| {
        let requisition_line_ids = ids.iter().map(|n| line(*n)).collect();
        draft(NewRfq { requisition_line_ids, ..new_rfq() }, 3, 3).map(|change| change.after().lines.len())
    };
    assert_eq!((only(&[2]), only(&[1, 3])), (Ok(1), Ok(2)));
    assert_eq!(only(&[4]), Err(RfqRule::Line { id: line(4) }));
    assert_eq!(code(drafted(1, 3).invite(vec![guest(3)])), "rfq.supplier_twice");
}

#[test]
fn pro_17_a_quote_is_late_after_the_last_day_in_china_and_counts_with_a_reason() {
    let answered = |at: &str, late_reason: Option<&str>| {
        let mut said = quote(1, &["100"]);
        (said.evidence.at, said.late_reason) = (moment(at), late_reason.map(|text| text.parse().unwrap()));
        let rfq = quoted(vec![said]);
        (rfq.invitations[0].status, rfq.invitations[0].counted().is_some())
    };
    assert_eq!(answered("2026-03-10T15:59:59Z", None), (Answer::Received, true));
    assert_eq!(answered("2026-03-10T16:00:00Z", None), (Answer::Late, false));
    assert_eq!(answered("2026-03-10T16:00:00Z", Some("快递延误")), (Answer::Late, true));
    let mut late = quote(1, &["100"]);
    late.evidence.at = moment("2026-03-11T00:00:00Z");
    let rfq = quoted(vec![late]);
    let admit =
        |rfq: Rfq| rfq.admit_quote(AdmitLateQuote { supplier_id: supplier(1), reason: "快递".parse().unwrap() });
    let admitted = done(admit(rfq));
    assert!(admitted.invitations[0].counted().is_some());
    assert_eq!(code(admit(admitted)), "rfq.not_late");
}

#[test]
fn pro_17_a_quote_has_bounds_and_a_declined_one_does_not_count() {
    let sent = || done(drafted(2, 3).send(&buyer()));
    let record = |adjust: &dyn Fn(&mut RecordSupplierQuote)| {
        let mut said = quote(1, &["100", "200"]);
        adjust(&mut said);
        sent().record_quote(said, &manager()).map(drop).map_err(|error| error.code().to_owned())
    };
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(record(&|_| ()), Ok(()));
    assert_eq!(record(&|said| said.supplier_id = supplier(9)), refused("rfq.not_invited"));
    assert_eq!(record(&|said| said.lines[1].requisition_line_id = line(1)), refused("rfq.quote_line"));
    assert_eq!(record(&|said| said.lines[1].requisition_line_id = line(9)), refused("rfq.quote_line"));
    assert_eq!(record(&|said| said.lines.clear()), refused("rfq.quote_lines"));
    assert_eq!(record(&|said| said.lines[0].quantity = wire::Quantity::ZERO), refused("rfq.quote_quantity"));
    assert_eq!(record(&|said| said.lines[0].unit_price = "-0.01".parse().unwrap()), refused("rfq.quote_price"));
    assert_eq!(record(&|said| said.lines[0].unit_price = wire::Amount::ZERO), Ok(()));
    assert_eq!(record(&|said| said.lines[0].lead_time_days = 3650), Ok(()));
    assert_eq!(record(&|said| said.lines[0].lead_time_days = 3651), refused("rfq.quote_lead_time"));
    let most = |said: &mut RecordSupplierQuote| said.lines[0].unit_price = "99999999999799.99".parse().unwrap();
    assert_eq!(record(&most), Ok(()));
    let more = |said: &mut RecordSupplierQuote| said.lines[0].unit_price = "99999999999800".parse().unwrap();
    assert_eq!(record(&more), refused("rfq.quote_total"));
    for (score, outcome) in
        [(0, refused("rfq.after_sales_score")), (1, Ok(())), (5, Ok(())), (6, refused("rfq.after_sales_score"))]
    {
        assert_eq!(record(&|said| said.after_sales_score = score), outcome);
    }
    assert_eq!(record(&|said| said.quality_score = Some(6)), refused("rfq.quality_score"));
    assert_eq!(record(&|said| said.evidence.at = moment("2026-03-02T00:58:59Z")), refused("rfq.quoted_at"));
    assert_eq!(record(&|said| said.evidence.at = moment("2026-03-02T00:59:00Z")), Ok(()), "clocks differ");
    assert_eq!(record(&|said| said.evidence.at = moment("2026-03-09T01:01:01Z")), refused("rfq.quoted_at"));
    assert_eq!(record(&|said| said.evidence.at = moment("2026-03-09T01:01:00Z")), Ok(()), "clocks differ");
    assert_eq!(record(&|said| said.valid_until = "2026-03-02".parse().unwrap()), refused("rfq.valid_until"));
    assert_eq!(record(&|said| said.valid_until = "2026-03-03".parse().unwrap()), Ok(()));

    let rfq = quoted(prices(&["100", "101", "102"]));
    let no = || DeclineInvitation { supplier_id: supplier(1), reason: "缺货".parse().unwrap() };
    let rfq = done(rfq.decline(no()));
    assert_eq!(compare(&rfq).unwrap().ruling.lowest.unwrap().supplier_id, supplier(2));
    assert_eq!(rfq.invitations[0].quote.as_ref().unwrap().0.lines.len(), 1, "what it said stays");
    assert_eq!(code(rfq.decline(no())), "rfq.declined_already");
}

#[test]
fn pro_18_quotes_stand_side_by_side_line_by_line() {
    let mut short = quote(3, &["1", "1"]);
    short.lines[1].quantity = "0.9999".parse().unwrap();
    let mut partial = quote(4, &["10"]);
    partial.after_sales_score = 5;
    let mut taxed = quote(1, &["100", "300"]);
    taxed.lines[0].tax_rate = "0.13".parse().unwrap();
    (taxed.quality_score, taxed.lines[1].lead_time_days) = (Some(4), 19);
    let mut other = quote(2, &["120", "290"]);
    other.after_sales_score = 5;
    let matrix = comparison(vec![taxed, other, short, partial]);
    let shown: Vec<_> = matrix
        .suppliers
        .iter()
        .map(|one| (one.supplier_id.0.as_u128(), one.compliant, one.total.unwrap().to_string(), one.faults.len()))
        .collect();
    assert_eq!(
        shown,
        [
            (2, true, "410.00".into(), 0),
            (1, true, "413.00".into(), 0),
            (3, false, "2.00".into(), 1),
            (4, false, "10.00".into(), 1)
        ],
        "those that are not compliant are last, however cheap"
    );
    let faults: Vec<_> = matrix.suppliers[2..].iter().map(|one| one.faults[0].kind.as_str()).collect();
    assert_eq!(faults, ["quantity", "missing_line"]);
    let best: Vec<_> = matrix.lines.iter().map(|one| one.best_supplier_id.unwrap().0.as_u128()).collect();
    assert_eq!((best, matrix.split_total.unwrap().to_string()), (vec![3, 2], "291.00".into()));
    let points = |place: usize| {
        let points = matrix.suppliers[place].points.as_ref().unwrap();
        [points.price, points.quality, points.delivery, points.after_sales, points.weighted].map(|one| one.to_string())
    };
    // 40 % × 100 + 20 % × 0 + 20 % × 100 + 20 % × 100
    assert_eq!(points(0), ["100", "0", "100", "100", "80"]);
    // 410/413; 4 of 5; 10 days against 20; 3 of 5: 0.4 × 99.27 + 0.2 × (80 + 50 + 60)
    assert_eq!(points(1), ["99.27", "80", "50", "60", "77.71"]);
    assert!(matrix.suppliers[2].points.is_none());
}

#[test]
fn pro_18_another_currency_is_not_compared() {
    let mut foreign = quote(2, &["14"]);
    foreign.currency = "USD".parse().unwrap();
    let rfq = quoted(vec![quote(1, &["100"]), foreign, quote(3, &["101"])]);
    let rule = compare(&rfq).unwrap_err();
    assert_eq!(rule.to_string(), "供应商 2 quotes in USD: only quotes in CNY can be compared");
    assert_eq!(code(rfq.clone().close(&buyer())), "rfq.currency");
    let no = DeclineInvitation { supplier_id: supplier(2), reason: "不报人民币".parse().unwrap() };
    assert!(done(rfq.decline(no)).close(&buyer()).is_ok());
}

#[path = "award_tests.rs"]
mod awards;
