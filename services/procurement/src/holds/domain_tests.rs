//! The machine of holds on one screen; who gets what; nothing is held twice or lost.
use super::*;
use platform::Rule;

fn by() -> Stamp {
    let ownership = wire::Ownership { owner_id: Some("ann".into()), ..wire::Ownership::default() };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "event:hold-stock".into(), ownership }
}
fn birth() -> Birth {
    Birth { id: HoldId(Uuid::nil()), number: "HD-2026-000001".into(), case_id: None, cause_event_id: None }
}
fn line(n: u128, sku: &str, quantity: &str) -> WantedLine {
    WantedLine { line_id: Uuid::from_u128(n), sku: sku.into(), quantity: quantity.parse().unwrap() }
}
fn request(lines: Vec<WantedLine>) -> AvailabilityRequested {
    AvailabilityRequested { order_id: OrderId(Uuid::nil()), number: "SO-2026-000001".into(), lines }
}
fn free(n: u128, sku: &str, quantity: &str) -> Free {
    Free { stock_id: StockId(Uuid::from_u128(n)), sku: sku.into(), quantity: quantity.parse().unwrap() }
}
fn placed(lines: Vec<WantedLine>, mut source: Vec<Free>) -> (Hold, Moves) {
    let (change, moves) = Hold::place(birth(), &request(lines), &mut source, &by()).unwrap();
    assert_eq!(change.event_types(), ["procurement.availability.answered.v1"]);
    (change.after().clone(), moves)
}
fn hold(status: Status) -> Hold {
    let available = if status == Status::Short { "4" } else { "10" };
    let mut hold = placed(vec![line(1, "A", "10")], vec![free(1, "A", available)]).0;
    hold.head.status = status;
    hold
}
fn said(moves: &Moves) -> Vec<(u128, String)> {
    moves.iter().map(|(id, change)| (id.0.as_u128(), change.normalize().to_string())).collect()
}

#[test]
fn pro_39_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps = [
            (
                "top_up",
                hold(from)
                    .top_up(&request(vec![line(1, "A", "10")]), &mut [free(1, "A", "6")])
                    .map(|(change, _)| change),
            ),
            ("ship", hold(from).ship(&[line(1, "A", "4")], &by()).map(|(change, _)| change)),
            ("ship", hold(from).ship(&[line(1, "A", "10")], &by()).map(|(change, _)| change)),
            ("scrap", hold(from).scrap(&line(1, "A", "1")).map(|(change, _)| change)),
            ("take_back", sent(from).take_back(&back("4"))),
            ("release", hold(from).release("cancelled", &by()).map(|(change, _)| change)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let info = Hold::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().head.status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().head.version, 2);
                table.push(format!("{from} {command} {} {:?}", change.after().head.status, change.event_types()));
            }
        }
    }
    assert_eq!(
        table,
        [
            "short top_up held [\"procurement.availability.answered.v1\"]",
            "short ship short []",
            "short scrap short []",
            "short take_back held []",
            "short release released [\"procurement.hold.closed.v1\"]",
            "held top_up held [\"procurement.availability.answered.v1\"]",
            "held ship held []",
            "held ship shipped [\"procurement.hold.closed.v1\"]",
            "held scrap held []",
            "held take_back held []",
            "held release released [\"procurement.hold.closed.v1\"]",
            "shipped take_back held []",
            "released take_back released []",
        ]
    );
}

/// Of ten held, four left; then this status.
fn sent(status: Status) -> Hold {
    let mut hold = hold(Status::Held).ship(&[line(1, "A", "4")], &by()).unwrap().0.after().clone();
    (hold.head.status, hold.head.version, hold.head.closed_at) = (status, 1, Some(by().at));
    hold
}
fn back(quantity: &str) -> Issues {
    Issues::from([(StockId(Uuid::from_u128(1)), vec![(Uuid::from_u128(1), quantity.parse().unwrap())])])
}

#[test]
fn ruling_11_what_came_back_is_held_again_and_of_a_cancelled_order_free() {
    let quantities = |status, quantity: &str| {
        let change = sent(status).take_back(&back(quantity)).map_err(|error| error.code().to_owned())?;
        let (hold, line) = (change.after(), Uuid::from_u128(1));
        Ok((hold.held(line).to_string(), hold.issued(line).to_string(), hold.head.closed_at.is_some()))
    };
    let three = |held: &str, issued: &str, closed| Ok((held.to_owned(), issued.to_owned(), closed));
    assert_eq!(quantities(Status::Shipped, "3.99"), three("9.99", "0.01", false));
    assert_eq!(quantities(Status::Shipped, "4"), three("10", "0", false));
    assert_eq!(quantities(Status::Shipped, "4.01"), Err("hold.more_than_shipped".to_owned()));
    assert_eq!(quantities(Status::Released, "4").unwrap().1, "0");
    assert!(sent(Status::Released).take_back(&back("4")).unwrap().after().is_closed());
}

#[test]
fn pro_39_what_others_wait_for_longer_is_kept_for_them() {
    let left = |owed: &str| {
        let mut source = vec![free(1, "A", "4"), free(2, "A", "6"), free(3, "B", "1")];
        super::super::plan::reserve(&mut source, [("A".to_owned(), owed.parse().unwrap())].into());
        source.iter().map(|one| one.quantity.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(left("0"), ["4", "6", "1"]);
    assert_eq!([left("9.99"), left("10"), left("10.01")].map(|left| left.join(" ")), ["0 0.01 1", "0 0 1", "0 0 1"]);
}

#[test]
fn pro_39_as_much_as_there_is_at_the_last_cent() {
    let status = |available: &str| placed(vec![line(1, "A", "10")], vec![free(1, "A", available)]).0.head.status;
    assert_eq!([status("9.99"), status("10"), status("10.01")], [Status::Short, Status::Held, Status::Held]);
    let (hold, moves) = placed(vec![line(1, "A", "10")], vec![free(1, "A", "9.99")]);
    let answer = hold.answer();
    assert_eq!(
        (answer.lines[0].held.to_string(), answer.lines[0].short.to_string(), answer.complete),
        ("9.99".into(), "0.01".into(), false)
    );
    assert_eq!(said(&moves), [(1, "9.99".into())]);
}

#[test]
fn pro_39_places_in_order_lines_in_order_and_an_unknown_sku_is_all_short() {
    let lines = vec![line(1, "A", "7"), line(2, "A", "5"), line(3, "NOWHERE", "1")];
    let (hold, moves) = placed(lines, vec![free(1, "A", "4"), free(2, "A", "6"), free(3, "B", "9")]);
    assert_eq!(said(&moves), [(1, "4".into()), (2, "6".into())]);
    let answer = hold.answer();
    let lines: Vec<_> = answer.lines.iter().map(|l| (l.held.to_string(), l.short.to_string())).collect();
    assert_eq!(lines, [("7".into(), "0".into()), ("3".into(), "2".into()), ("0".into(), "1".into())]);
    assert!(!answer.complete);
}

#[test]
fn pro_39_a_repeat_tops_up_what_is_short_gives_back_what_is_too_much_and_forgets_what_left() {
    let (first, _) = placed(vec![line(1, "A", "10"), line(2, "B", "5")], vec![free(1, "A", "4"), free(2, "B", "5")]);
    let again = |lines, mut source: Vec<Free>| {
        let (change, moves) = first.clone().top_up(&request(lines), &mut source).unwrap();
        (change.after().head.status, said(&moves), change.after().clone())
    };
    let same = again(vec![line(1, "A", "10"), line(2, "B", "5")], vec![free(1, "A", "0"), free(2, "B", "0")]);
    assert_eq!((same.0, same.1), (Status::Short, vec![]));
    let topped = again(vec![line(1, "A", "10"), line(2, "B", "5")], vec![free(1, "A", "100"), free(2, "B", "0")]);
    assert_eq!((topped.0, topped.1), (Status::Held, vec![(1, "6".into())]));
    let less = again(vec![line(1, "A", "3"), line(2, "B", "5")], vec![]);
    assert_eq!((less.0, less.1), (Status::Held, vec![(1, "-1".into())]));
    let gone = again(vec![line(1, "A", "4")], vec![]);
    assert_eq!((gone.0, gone.1, gone.2.lines.len(), gone.2.places.len()), (Status::Held, vec![(2, "-5".into())], 1, 1));
    let passed_on = again(vec![line(2, "B", "2"), line(3, "B", "3")], vec![free(2, "B", "0")]);
    assert_eq!(
        (passed_on.0, passed_on.1),
        (Status::Held, vec![(1, "-4".into())]),
        "line 3 takes what line 2 gave back"
    );
}

#[test]
fn pro_39_a_shipment_takes_what_is_held_and_no_more() {
    let (hold, _) = placed(vec![line(1, "A", "10")], vec![free(1, "A", "4"), free(2, "A", "6")]);
    let (part, issues) = hold.clone().ship(&[line(1, "A", "5")], &by()).unwrap();
    let issues: Vec<_> = issues.iter().map(|(id, parts)| (id.0.as_u128(), parts[0].1.to_string())).collect();
    assert_eq!(issues, [(1, "4".into()), (2, "1".into())]);
    let part = part.after().clone();
    assert_eq!((part.head.status, part.held(Uuid::from_u128(1)).to_string()), (Status::Held, "5".into()));
    assert_eq!(part.clone().ship(&[line(1, "A", "5.01")], &by()).unwrap_err().code(), "hold.more_than_held");
    assert_eq!(part.clone().ship(&[line(9, "A", "1")], &by()).unwrap_err().code(), "hold.more_than_held");
    let (rest, _) = part.clone().ship(&[line(1, "A", "5")], &by()).unwrap();
    assert_eq!((rest.after().head.status, rest.after().head.closed_at), (Status::Shipped, Some(by().at)));
    let (released, moves) = part.release("cancelled", &by()).unwrap();
    assert_eq!((released.after().head.status, said(&moves)), (Status::Released, vec![(2, "-5".into())]));
}

#[test]
fn a_request_that_contradicts_itself_is_refused() {
    let twice = Hold::place(birth(), &request(vec![line(1, "A", "1"), line(1, "A", "2")]), &mut [], &by()).unwrap_err();
    assert_eq!(twice.code(), "hold.line_twice");
    assert_eq!(
        hold(Status::Held).top_up(&request(vec![line(1, "B", "1")]), &mut []).unwrap_err().code(),
        "hold.other_sku"
    );
}

#[test]
fn an_order_that_ended_before_it_asked_is_remembered() {
    let cancelled = OrderCancelled { order_id: OrderId(Uuid::nil()), number: "SO-1".into(), reason: "mistake".into() };
    let change = Hold::stillborn(birth(), &cancelled, &by());
    assert_eq!(
        (change.after().head.status, change.after().is_closed(), change.event_types().len()),
        (Status::Released, true, 0)
    );
}
