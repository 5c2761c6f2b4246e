//! The machine of price books on one screen, and what may stand in one.
use super::*;
use std::fmt::Write;
use uuid::Uuid;
use wire::Ownership;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn entry(sku: &str, from: &str, price: &str) -> NewPriceBookEntry {
    let (from_quantity, unit_price) = (from.parse().unwrap(), price.parse().unwrap());
    NewPriceBookEntry { sku: sku.parse().unwrap(), from_quantity, unit_price }
}
fn new(entries: Vec<NewPriceBookEntry>) -> NewPriceBook {
    NewPriceBook {
        name: "2026".parse().unwrap(),
        currency: Currency::CNY,
        tier: None,
        region: None,
        account_id: None,
        first_day: "2026-01-01".parse().unwrap(),
        last_day: None,
        entries,
    }
}
fn id() -> PriceBookEntryId {
    PriceBookEntryId(Uuid::nil())
}
fn draft(new: NewPriceBook) -> Result<Change<PriceBook>, PriceBookRule> {
    PriceBook::draft(PriceBookId(Uuid::nil()), "PB-2026-000001".into(), new, id, &by("user:ann"))
}
fn book(status: Status) -> PriceBook {
    let mut book = draft(new(vec![entry("A", "0", "1")])).unwrap().after().clone();
    book.head.status = status;
    book
}
fn code<T>(outcome: Result<T, PriceBookRule>) -> String {
    outcome.map_or_else(|rule| platform::Rule::code(&rule).to_owned(), |_| "ok".into())
}

#[test]
fn quo_05_a_price_book_is_published_once_by_somebody_else_and_never_edited() {
    let mut table = String::new();
    for &from in Status::ALL {
        let steps = [
            ("update", book(from).update(PriceBookPatch::default(), id, &by("user:ann"))),
            ("publish", book(from).publish(&by("user:fay"))),
            ("retire", book(from).retire("old".into(), &by("user:fay")).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                writeln!(table, "{from} {command} {}", change.after().head.status).unwrap();
                let info = PriceBook::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().head.status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().head.version, 2, "{command} makes a version");
            }
        }
    }
    let expected = "draft update draft\ndraft publish published\ndraft retire retired\npublished retire retired\n";
    assert_eq!(table, expected);
    let name = PriceBookPatch { name: Some("华北价".parse().unwrap()), ..PriceBookPatch::default() };
    let touched = book(Status::Draft).update(name, id, &by("user:bob")).unwrap().after().clone();
    for maker in ["user:ann", "user:bob"] {
        assert_eq!(touched.clone().publish(&by(maker)).unwrap_err().code(), "price_book.maker");
    }
}

#[test]
fn quo_05_prices_of_a_book_have_bounds() {
    let of = |entries| code(draft(new(entries)));
    assert_eq!(of(vec![]), "price_book.entries");
    let many = |count: usize| (0..count).map(|n| entry(&format!("S-{n}"), "0", "1")).collect::<Vec<_>>();
    assert_eq!([of(many(2000)), of(many(2001))], ["ok", "price_book.entries"]);
    let priced = |price| of(vec![entry("A", "0", price)]);
    assert_eq!([priced("-0.0001"), priced("0"), priced("0.0001")], ["price_book.unit_price", "ok", "ok"]);
    let twice = |second| of(vec![entry("A", "10", "2"), entry("A", second, "1")]);
    assert_eq!([twice("9"), twice("10.00"), twice("11")], ["ok", "price_book.twice", "ok"]);
    let last = |day: &str| code(draft(NewPriceBook { last_day: day.parse().ok(), ..new(vec![entry("A", "0", "1")]) }));
    assert_eq!([last("2025-12-31"), last("2026-01-01"), last("2026-01-02")], ["price_book.days", "ok", "ok"]);
    let both = NewPriceBook {
        tier: Some(AccountTier::Key),
        account_id: Some(AccountId(Uuid::nil())),
        ..new(vec![entry("A", "0", "1")])
    };
    assert_eq!(code(draft(both)), "price_book.whom");
}
