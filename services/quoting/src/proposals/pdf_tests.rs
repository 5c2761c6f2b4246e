//! What goes on paper: instalments to the cent, dates, and what a document says of how it stands (QUO-07).
use super::*;
use wire::{Money, line::Totals};

fn term(share: &str, days: u16) -> PaymentTerm {
    PaymentTerm {
        label: "预付款".parse().unwrap(),
        trigger: PaymentTrigger::Signed,
        share: share.parse().unwrap(),
        due_days: days,
    }
}

#[test]
fn quo_07_instalments_add_up_to_the_gross_to_the_cent() {
    let terms = [term("0.3333", 0), term("0.3333", 7), term("0.3334", 30)];
    for gross in ["0.01", "100.00", "99999.99"] {
        let gross: Amount = gross.parse().unwrap();
        let parts = instalments(&terms, gross, Currency::CNY, Language::Chinese);
        let sum: Decimal = parts.iter().map(|part| part.amount.parse::<Decimal>().unwrap()).sum();
        assert_eq!(sum, gross.get());
    }
    let parts = instalments(&terms, "100.00".parse().unwrap(), Currency::CNY, Language::Chinese);
    assert_eq!(parts.iter().map(|part| part.amount.as_str()).collect::<Vec<_>>(), ["33.33", "33.33", "33.34"]);
    assert_eq!([parts[0].due.as_str(), parts[1].due.as_str()], ["合同签署时", "合同签署后 7 天内"]);
}

fn variant(label: &str, delivery: Option<&str>, ended: bool) -> DocumentVariant {
    let nothing = Money::new(Amount::ZERO, Currency::CNY);
    DocumentVariant {
        label: label.into(),
        title: None,
        number: "QT-1".into(),
        revision: 1,
        currency: Currency::CNY,
        lines: Vec::new(),
        totals: Totals { net: nothing, tax: nothing, gross: nothing },
        payment_terms: Vec::new(),
        valid_until: "2026-03-31".parse().unwrap(),
        delivery_date: delivery.map(|day| day.parse().unwrap()),
        accepted: false,
        ended,
    }
}
fn paper(language: &str, standing: Standing, revision: i32, variants: Vec<DocumentVariant>) -> page::Proposal {
    let document = ProposalDocument {
        number: "PP-1".into(),
        revision,
        title: "Offer".into(),
        customer: "晨光泵业".into(),
        contact: None,
        date: None,
        valid_until: None,
        sections: Vec::new(),
        variants,
        note: Some("please read".into()),
        language: language.into(),
    };
    let (templates, logo) = (None, None);
    let (company_name, company_address, company_phone) = ("宏达".into(), String::new(), String::new());
    let settings = Print { templates, company_name, company_address, company_phone, logo };
    fill(Sheet { document, standing, units: HashMap::new() }, &settings, "2026-03-02".parse().unwrap())
}

#[test]
fn quo_07_units_are_printed_in_words_by_the_language_of_the_paper() {
    let line = Line {
        id: uuid::Uuid::nil(),
        line_number: 1,
        sku: "PUMP-40".into(),
        description: "pump".into(),
        quantity: "2".parse().unwrap(),
        unit_price: "1".parse().unwrap(),
        discount_rate: wire::Rate::ZERO,
        tax_rate: wire::Rate::ZERO,
        net: "2".parse().unwrap(),
        tax: Amount::ZERO,
    };
    let units = |unit: &str| HashMap::from([("PUMP-40".to_owned(), unit.to_owned())]);
    let printed = |unit, language| row(line.clone(), &units(unit), language).unit;
    assert_eq!([printed("pcs", Language::Chinese), printed("pcs", Language::English)], ["件", "piece"]);
    assert_eq!(printed("桶", Language::English), "桶", "an unknown one as it is");
    assert_eq!(row(line.clone(), &HashMap::new(), Language::English).unit, "", "no product of ours any more");
}

#[test]
fn quo_07_what_is_delivered_last_says_when_all_is_delivered() {
    let two = |first, second| vec![variant("A", first, false), variant("B", second, false)];
    let of = |variants| paper("en", Standing::Valid, 1, variants).delivery;
    assert_eq!(of(two(Some("2026-05-01"), Some("2026-06-01"))).as_deref(), Some("Delivery by 2026-06-01"));
    assert_eq!(of(two(None, Some("2026-04-01"))), None, "one of them promises nothing");
    let ended = vec![variant("A", None, true), variant("B", Some("2026-06-01"), false)];
    assert_eq!(of(ended).as_deref(), Some("Delivery by 2026-06-01"));
    assert_eq!(of(two(None, None)), None);
}

#[test]
fn quo_07_paper_says_that_it_is_a_draft_or_no_longer_valid_and_which_revision_it_is() {
    let one = |ended| vec![variant("A", None, false), variant("B", None, ended)];
    let notes = |language, standing, ended| paper(language, standing, 1, one(ended)).notes;
    assert_eq!(notes("en", Standing::Valid, false), ["please read"]);
    assert_eq!(notes("en", Standing::Valid, true), ["Option B is no longer valid.", "please read"]);
    assert_eq!(notes("en", Standing::Draft, false), ["Draft: not sent, and no offer yet.", "please read"]);
    assert_eq!(notes("en", Standing::Ended, true), ["This is no longer valid.", "please read"], "said once");
    assert_eq!(notes("zh-CN", Standing::Ended, true), ["本文件已失效。", "please read"]);
    assert_eq!(notes("zh-CN", Standing::Draft, false), ["草稿：尚未发出，不构成要约。", "please read"]);
    let number = |language, revision| paper(language, Standing::Valid, revision, one(false)).number;
    assert_eq!([number("en", 0), number("en", 1), number("en", 2)], ["PP-1", "PP-1", "PP-1 (revision 2)"]);
    assert_eq!(number("zh-CN", 2), "PP-1（第 2 版）");
}
