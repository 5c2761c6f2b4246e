//! The machine of goods receipts on one screen, the four hours to the second, and every rule at its boundary.
use super::*;
use crate::{
    items::domain::Item,
    purchase_orders::domain::{PurchaseOrder, Seed},
};
use platform::Rule;
use std::collections::HashMap;
use wire::{
    Currency, Ownership,
    procurement::{
        DiscrepancyKind as Kind, DiscrepancyNature as Nature, ImportPurchaseOrderLine, ItemId, NewGoodsReceiptLine,
        NewItem,
    },
};

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn by(text: &str) -> Stamp {
    Stamp { at: at(text), actor: "user:wang".into(), ownership: Ownership::default() }
}
/// Monday 2 March 2026, 10:00 in Shanghai.
const MONDAY: &str = "2026-03-02T02:00:00Z";

fn order() -> PurchaseOrder {
    let sku = |n: u32| format!("PUMP-{n}");
    let item = |n: u32| {
        let new = NewItem {
            sku: sku(n).parse().unwrap(),
            name: "泵".parse().unwrap(),
            unit: "台".parse().unwrap(),
            product_sku: None,
            preferred_supplier_id: None,
            purchase_price: None,
            reorder_level: Quantity::ZERO,
            external_refs: Vec::new(),
        };
        (sku(n), Item::register(ItemId(Uuid::from_u128(n.into())), new, &by(MONDAY)).unwrap().after().clone())
    };
    let items: HashMap<String, Item> = [item(1), item(2)].into();
    let line = |(n, quantity): (u32, &str)| ImportPurchaseOrderLine {
        sku: sku(n).parse().unwrap(),
        specification: None,
        quantity: quantity.parse().unwrap(),
        unit_price: "100".parse().unwrap(),
        tax_rate: "0".parse().unwrap(),
        due_on: None,
    };
    let asked = crate::purchase_orders::imported([(1, "10"), (2, "5")].map(line).to_vec());
    let mut ids = (1..).map(Uuid::from_u128);
    let id = PurchaseOrderId(Uuid::nil());
    let lines = crate::purchase_orders::rows(id, asked, Currency::CNY, &items, || ids.next().unwrap()).unwrap();
    let seed = Seed {
        id,
        case_id: None,
        supplier_id: SupplierId(Uuid::nil()),
        supplier_name: "上海泵业".into(),
        rfq_id: None,
        waiver_id: None,
        currency: Currency::CNY,
        lines,
        note: None,
        external_refs: Vec::new(),
    };
    let day = "2026-02-01".parse().unwrap();
    PurchaseOrder::import(seed, "PI-1".into(), day, None, &by("2026-02-02T01:00:00Z")).unwrap().after().clone()
}
fn arrived(at: &str) -> Result<GoodsReceipt> {
    let birth = Birth {
        id: GoodsReceiptId(Uuid::nil()),
        number: "GR-1".into(),
        delivery_note_number: "DN-1".into(),
        arrived_at: self::at(at),
        external_refs: Vec::new(),
    };
    let mut ids = (11..).map(Uuid::from_u128);
    let lines = lines::noted(birth.id, &order(), &[], || ids.next().unwrap())?;
    Ok(GoodsReceipt::arrive(birth, &order(), lines, &by("2026-03-02T02:00:00Z"))?.after().clone())
}
fn receipt(status: Status) -> GoodsReceipt {
    let mut receipt = arrived(MONDAY).unwrap();
    receipt.head.status = status;
    receipt
}
/// `counted accepted rejected`, faultless in appearance and specification as far as nothing is rejected.
fn found(line: u128, quantities: [&str; 3]) -> InspectedLine {
    let [counted, accepted, rejected] = quantities.map(|text| text.parse::<Quantity>().unwrap());
    let noted: Quantity = if line == 11 { "10" } else { "5" }.parse().unwrap();
    InspectedLine {
        line_id: Uuid::from_u128(line),
        counted,
        quantity_ok: counted == noted,
        appearance_ok: true,
        specification_ok: true,
        accepted,
        rejected,
        location: None,
        remark: None,
    }
}
fn recorded(first: [&str; 3], second: [&str; 3]) -> GoodsReceipt {
    receipt(Status::Inspecting).record(vec![found(11, first), found(12, second)], &by(MONDAY)).unwrap().after().clone()
}
fn proof() -> AcceptGoodsReceipt {
    AcceptGoodsReceipt { delivery_note_id: Some(Uuid::from_u128(1)), photo_ids: vec![Uuid::from_u128(2)] }
}
fn refusal() -> RejectGoodsReceipt {
    RejectGoodsReceipt { reason: "全部破损".parse().unwrap(), photo_ids: vec![Uuid::from_u128(2)] }
}
const ALL: ([&str; 3], [&str; 3]) = (["10", "10", "0"], ["5", "5", "0"]);
const PART: ([&str; 3], [&str; 3]) = (["10", "8", "2"], ["5", "5", "0"]);
const NONE: ([&str; 3], [&str; 3]) = (["10", "0", "10"], ["5", "0", "5"]);

#[test]
fn pro_27_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let of = |(first, second): ([&str; 3], [&str; 3])| {
            let mut receipt = recorded(first, second);
            receipt.head.status = from;
            receipt.head.delivery_note_id = Some(Uuid::nil());
            receipt
        };
        let late = by("2026-03-02T10:00:00Z");
        let steps = [
            ("inspect", of(ALL).inspect().map(Some).map_err(Into::into)),
            ("record", of(ALL).record(vec![found(11, ALL.0), found(12, ALL.1)], &by(MONDAY)).map(Some)),
            ("accept all", of(ALL).accept(proof(), &late).map(Some)),
            ("accept some", of(PART).accept(proof(), &late).map(Some)),
            ("reject", of(NONE).reject(refusal(), &late).map(Some)),
            ("mark_overdue", of(ALL).mark_overdue(&late).map_err(Into::into)),
            ("take all", of(PART).take(Uuid::from_u128(11), "2".parse().unwrap(), None).map(Some)),
            ("take some", of(NONE).take(Uuid::from_u128(11), "2".parse().unwrap(), None).map(Some)),
        ];
        for (command, outcome) in steps {
            let Ok(Some(change)) = outcome else { continue };
            let (after, told) = (change.after(), change.event_types());
            let told: Vec<_> = told.iter().map(|kind| kind.split('.').nth(2).unwrap()).collect();
            table.push(format!("{from} {command}: {} {}", after.head.status, told.join(" ")).trim_end().to_owned());
            let action = command.split(' ').next().unwrap();
            let info = GoodsReceipt::MACHINE.transitions.iter().find(|t| t.action == action).unwrap();
            assert!(info.to.contains(&after.head.status.as_str()), "{command} leads where the table says");
        }
    }
    assert_eq!(
        table,
        [
            "arrived inspect: inspecting",
            "arrived mark_overdue: arrived overdue",
            "inspecting record: inspecting",
            "inspecting accept all: accepted accepted",
            "inspecting accept some: partially_accepted accepted",
            "inspecting reject: rejected rejected",
            "inspecting mark_overdue: inspecting overdue",
            "partially_accepted take all: accepted",
            "partially_accepted take some: partially_accepted",
            "rejected take all: accepted",
            "rejected take some: partially_accepted",
        ]
    );
}

#[test]
fn pro_27_four_working_hours_to_the_second_and_over_a_holiday() {
    let due = |arrived_at: &str| arrived(arrived_at).unwrap().head.inspect_by_at.to_string();
    // 09:00 in Shanghai → 14:00 (noon to one is a break); Friday 27 February 16:00 → 11:00 on the Saturday, a make-up workday.
    assert_eq!(due("2026-03-02T01:00:00Z"), "2026-03-02T06:00:00Z");
    assert_eq!(due("2026-02-27T08:00:00Z"), "2026-02-28T03:00:00Z");
    // Outside hours it counts from the next opening: 07:00 is as good as 09:00.
    assert_eq!(due("2026-03-01T23:00:00Z"), "2026-03-02T06:00:00Z");
    // Saturday 14 February is a make-up workday, then the Spring Festival until the 23rd: 16:00 + 2 h, and 2 h on Tuesday.
    assert_eq!(due("2026-02-14T08:00:00Z"), "2026-02-24T03:00:00Z");
    let receipt = arrived("2026-03-02T01:00:00Z").unwrap();
    assert_eq!(receipt.head.calendar_id, "cn");
    let overdue = |now: &str| receipt.clone().mark_overdue(&by(now)).unwrap().is_some();
    assert_eq!(
        [overdue("2026-03-02T05:59:59Z"), overdue("2026-03-02T06:00:00Z"), overdue("2026-03-02T06:00:01Z")],
        [false, false, true]
    );
    let marked = receipt.mark_overdue(&by("2026-03-02T06:00:01Z")).unwrap().unwrap();
    assert_eq!(marked.event_types(), ["procurement.goods_receipt.overdue.v1"]);
    assert!(marked.after().clone().mark_overdue(&by("2026-03-03T06:00:01Z")).unwrap().is_none(), "said once");
}

#[test]
fn pro_27_a_delivery_is_of_the_past_and_of_the_order() {
    let code = |at: &str| arrived(at).map(drop).map_err(|error| error.code().to_owned());
    let refused = Err("goods_receipt.arrived_at".to_owned());
    assert_eq!(
        [code("2026-03-02T02:01:00Z"), code("2026-03-02T02:01:01Z")],
        [Ok(()), refused.clone()],
        "clocks differ"
    );
    // Ordered on 1 February in China, which began at 16:00 UTC the day before.
    assert_eq!([code("2026-01-31T16:00:00Z"), code("2026-01-31T15:59:59Z")], [Ok(()), refused]);
    let noted = |lines: &[(u128, &str)]| {
        let line = |(id, noted): &(u128, &str)| NewGoodsReceiptLine {
            purchase_order_line_id: Uuid::from_u128(*id),
            noted: noted.parse().unwrap(),
        };
        let asked: Vec<_> = lines.iter().map(line).collect();
        let rows = lines::noted(GoodsReceiptId(Uuid::nil()), &order(), &asked, Uuid::nil);
        rows.map(|rows| rows.len()).map_err(|rule| rule.code().to_owned())
    };
    assert_eq!([noted(&[]), noted(&[(2, "6")])], [Ok(2), Ok(1)], "a supplier may send more than was ordered");
    assert_eq!(noted(&[(2, "0")]).unwrap_err(), "goods_receipt.noted");
    assert_eq!(noted(&[(3, "1")]).unwrap_err(), "goods_receipt.order_line");
    assert_eq!(noted(&[(2, "1"), (2, "1")]).unwrap_err(), "goods_receipt.order_line");
}

#[test]
fn pro_27_what_is_counted_is_accepted_or_rejected() {
    let record = |first: InspectedLine| {
        let outcome = receipt(Status::Inspecting).record(vec![first, found(12, ["5", "5", "0"])], &by(MONDAY));
        outcome.map(drop).map_err(|error| error.code().to_owned())
    };
    let sum = Err("goods_receipt.sum".to_owned());
    assert_eq!(
        [
            record(found(11, ["10", "8", "1.99"])),
            record(found(11, ["10", "8", "2"])),
            record(found(11, ["10", "8", "2.01"]))
        ],
        [sum.clone(), Ok(()), sum]
    );
    let said = |quantity_ok| record(InspectedLine { quantity_ok, ..found(11, ["9", "9", "0"]) });
    assert_eq!([said(true), said(false)], [Err("goods_receipt.quantity_ok".into()), Ok(())]);
    let damaged = |quantities| record(InspectedLine { appearance_ok: false, ..found(11, quantities) });
    assert_eq!(damaged(["10", "10", "0"]), Err("goods_receipt.fault_accepted".into()));
    assert_eq!(damaged(["10", "9", "1"]), Ok(()));
    assert_eq!(record(found(12, ["5", "5", "0"])), Err("goods_receipt.receipt_line".into()), "twice");
    let one = receipt(Status::Inspecting).record(vec![found(11, ["10", "10", "0"])], &by(MONDAY)).unwrap_err();
    assert_eq!(one.code(), "goods_receipt.all_lines");
}

#[test]
fn pro_28_nothing_is_accepted_without_a_signed_note_and_a_photo() {
    let accept = |proof: AcceptGoodsReceipt| {
        let outcome = recorded(PART.0, PART.1).accept(proof, &by(MONDAY));
        outcome.map(drop).map_err(|error| error.code().to_owned())
    };
    assert_eq!(accept(proof()), Ok(()));
    let unsigned = AcceptGoodsReceipt { delivery_note_id: None, ..proof() };
    assert_eq!(accept(unsigned), Err("goods_receipt.delivery_note_required".into()));
    let photos = |count| accept(AcceptGoodsReceipt { photo_ids: vec![Uuid::nil(); count], ..proof() });
    let refused = || Err("goods_receipt.photo_required".to_owned());
    assert_eq!([photos(0), photos(1), photos(20), photos(21)], [refused(), Ok(()), Ok(()), refused()]);
    let unphotographed = RejectGoodsReceipt { photo_ids: Vec::new(), ..refusal() };
    let rejected = recorded(NONE.0, NONE.1).reject(unphotographed, &by(MONDAY)).unwrap_err();
    assert_eq!(rejected.code(), "goods_receipt.photo_required");
    let uncounted = receipt(Status::Inspecting).accept(proof(), &by(MONDAY)).unwrap_err();
    assert_eq!(uncounted.code(), "gate.closed");
    let code = |outcome: Result<Change<GoodsReceipt>>| outcome.unwrap_err().code().to_owned();
    assert_eq!(code(recorded(NONE.0, NONE.1).accept(proof(), &by(MONDAY))), "goods_receipt.nothing_accepted");
    assert_eq!(code(recorded(PART.0, PART.1).reject(refusal(), &by(MONDAY))), "goods_receipt.something_accepted");
}

#[test]
fn pro_31_what_an_inspection_finds() {
    let findings = |first: InspectedLine| {
        let receipt = receipt(Status::Inspecting).record(vec![first, found(12, ["5", "5", "0"])], &by(MONDAY)).unwrap();
        let shown = |finding: &Finding| (finding.nature, finding.kind, finding.quantity.to_string());
        receipt.after().findings().iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(findings(found(11, ["10", "10", "0"])), []);
    assert_eq!(findings(found(11, ["10", "8", "2"])), [(Nature::Rejected, Kind::Quality, "2".into())]);
    assert_eq!(findings(found(11, ["12", "10", "2"])), [(Nature::Rejected, Kind::Quantity, "2".into())]);
    let both = [(Nature::Rejected, Kind::Damage, "1".into()), (Nature::Missing, Kind::Quantity, "0.5".into())];
    assert_eq!(findings(InspectedLine { appearance_ok: false, ..found(11, ["9.5", "8.5", "1"]) }), both);
    let wrong = InspectedLine { specification_ok: false, appearance_ok: false, ..found(11, ["10", "0", "10"]) };
    assert_eq!(findings(wrong), [(Nature::Rejected, Kind::Specification, "10".into())]);
}

#[test]
fn pro_31_rejected_goods_can_be_taken_later_but_no_more_of_them() {
    let mut receipt = recorded(NONE.0, NONE.1);
    receipt.head.status = Status::Rejected;
    let take = |quantity: &str, note: Option<Uuid>| {
        let outcome = receipt.clone().take(Uuid::from_u128(11), quantity.parse().unwrap(), note);
        outcome.map(|change| change.after().lines[0].accepted.to_string()).map_err(|error| error.code().to_owned())
    };
    let note = Some(Uuid::from_u128(9));
    assert_eq!(
        [take("9.99", note), take("10", note), take("10.01", note)],
        [Ok("9.99".into()), Ok("10".into()), Err("goods_receipt.not_rejected".into())]
    );
    assert_eq!(take("1", None), Err("goods_receipt.delivery_note_required".into()));
}
