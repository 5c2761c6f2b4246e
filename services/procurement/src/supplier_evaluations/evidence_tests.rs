//! What the purchases of a year come to, on a real Postgres.
use super::*;
use crate::SERVICE;
use testkit::Yewu;
use uuid::Uuid;

/// Rows straight in the tables, as the schema's owner.
async fn written(yewu: &Yewu, statements: &[String]) {
    for statement in statements {
        yewu.as_owner("procurement", statement).await;
    }
}

/// A supplier, an item, and a requisition line that estimated 10 for one.
async fn known(yewu: &Yewu) -> (Uuid, Uuid, Uuid) {
    let (supplier, item, requisition, line) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    written(
        yewu,
        &[
            format!("INSERT INTO suppliers (id, number, name, status, contact, external_refs, created_at, version) \
                     VALUES ('{supplier}', '{supplier}', '某商', 'qualified', '{{}}', '[]', now(), 1)"),
            format!("INSERT INTO items (id, sku, name, unit, status, reorder_level, external_refs, created_at, version) \
                     VALUES ('{item}', '{item}', '泵', '台', 'active', 0, '[]', now(), 1)"),
            format!("INSERT INTO requisitions (id, number, status, source, priority, case_id, category, currency, total, created_at, overdue, version) \
                     VALUES ('{requisition}', '{requisition}', 'closed', 'manual', 'normal', '{requisition}', 'goods', 'CNY', 100, now(), FALSE, 1)"),
            format!("INSERT INTO requisition_lines (id, requisition_id, line_number, name, specification, unit, quantity, estimated_unit_price, tax_rate, net, tax, purpose) \
                     VALUES ('{line}', '{requisition}', 1, '泵', '', '台', 10, 10, 0, 100, 0, '备件')"),
        ],
    )
    .await;
    (supplier, item, line)
}

/// An order of ten at this price, due on 10 March 2026, in this status, sent at this moment; its id and its line's.
async fn ordered(yewu: &Yewu, known: (Uuid, Uuid, Uuid), price: &str, status: &str, sent_at: &str) -> (Uuid, Uuid) {
    let ((supplier, item, wanted), order, line) = (known, Uuid::now_v7(), Uuid::now_v7());
    written(
        yewu,
        &[
            format!("INSERT INTO purchase_orders (id, number, status, origin, supplier_id, supplier_name, currency, net, tax, gross, promises, arrivals, inspections, open_discrepancies, external_refs, created_at, sent_at, version) \
                     VALUES ('{order}', '{order}', '{status}', 'imported', '{supplier}', '某商', 'CNY', 1, 0, 1, '[]', 0, 0, 0, '[]', now(), '{sent_at}', 1)"),
            format!("INSERT INTO purchase_order_lines (id, purchase_order_id, line_number, item_id, sku, name, specification, unit, quantity, unit_price, tax_rate, net, tax, requisition_line_id, due_on, received, forgone) \
                     VALUES ('{line}', '{order}', 1, '{item}', '{item}', '泵', '', '台', 10, {price}, 0, 1, 0, '{wanted}', '2026-03-10', 0, 0)"),
        ],
    )
    .await;
    (order, line)
}

/// So many of them arrived then and were accepted or not.
async fn arrived(yewu: &Yewu, known: (Uuid, Uuid, Uuid), order: (Uuid, Uuid), at: &str, accepted: u8, rejected: u8) {
    let ((supplier, item, _), (order, line), receipt) = (known, order, Uuid::now_v7());
    let counted = accepted + rejected;
    written(
        yewu,
        &[
            format!("INSERT INTO goods_receipts (id, number, status, origin, purchase_order_id, purchase_order_number, supplier_id, supplier_name, delivery_note_number, arrived_at, inspect_by_at, calendar_id, inspected_at, photo_ids, external_refs, created_at, version) \
                     VALUES ('{receipt}', '{receipt}', 'accepted', 'imported', '{order}', 'PO', '{supplier}', '某商', '{receipt}', '{at}', '{at}', 'cn', '{at}', '[]', '[]', now(), 1)"),
            format!("INSERT INTO goods_receipt_lines (id, goods_receipt_id, line_number, purchase_order_line_id, item_id, sku, noted, counted, accepted, rejected, location) \
                     VALUES (gen_random_uuid(), '{receipt}', 1, '{line}', '{item}', '{item}', {counted}, {counted}, {accepted}, {rejected}, 'MAIN')"),
        ],
    )
    .await;
}

async fn shown(yewu: &Yewu, supplier: Uuid, year: i32, today: &str) -> [String; 4] {
    let mut conn = yewu.node.apps[0].readers.get().await.expect("a connection");
    let today = today.parse().expect("a day");
    let found = evidence(&mut conn, supplier.into(), year, today).await.expect("an answer");
    let score = |score: Option<Score>| score.map_or_else(|| "-".to_owned(), |score| score.to_string());
    [found.purchase_orders.to_string(), score(found.price), score(found.quality), score(found.delivery)]
}

#[test]
fn pro_12_d_16_price_quality_and_delivery_are_computed_from_orders_and_receipts() {
    testkit::run(&[SERVICE], async |yewu| {
        let known = known(yewu).await;
        let year = async |year, today| shown(yewu, known.0, year, today).await;
        assert_eq!(year(2026, "2026-12-31").await, ["0", "-", "-", "-"], "nothing bought shows nothing");
        let order = ordered(yewu, known, "16", "partially_received", "2026-02-01T01:00:00Z").await;
        assert_eq!(year(2026, "2026-03-10").await, ["1", "62.50", "-", "-"], "its due day is not over yet");
        assert_eq!(year(2026, "2026-03-11").await, ["1", "62.50", "-", "0.00"]);
        // The last moment of 10 March in Shanghai is in time, the first of the next day is not.
        arrived(yewu, known, order, "2026-03-10T15:59:59Z", 6, 2).await;
        arrived(yewu, known, order, "2026-03-10T16:00:00Z", 2, 0).await;
        assert_eq!(year(2026, "2026-03-11").await, ["1", "62.50", "80.00", "60.00"]);
        for status in ["draft", "in_approval", "approved", "cancelled"] {
            ordered(yewu, known, "1000", status, "2026-02-01T01:00:00Z").await;
        }
        assert_eq!(
            year(2026, "2026-03-11").await,
            ["1", "62.50", "80.00", "60.00"],
            "what was never sent does not count"
        );
        // New Year in Shanghai; cheaper than estimated is a hundred, no more.
        ordered(yewu, known, "4", "sent", "2026-12-31T16:00:00Z").await;
        assert_eq!(year(2027, "2026-03-01").await, ["1", "100.00", "-", "-"]);
        assert_eq!(year(2026, "2026-03-11").await[0], "1");
    });
}

#[test]
fn pro_12_a_share_is_cut_and_never_rounded_up() {
    let share = |part: &str, whole: &str| {
        share(Some(part.parse().unwrap()), Some(whole.parse().unwrap())).map(|score| score.to_string())
    };
    assert_eq!(share("599999999", "1000000000").as_deref(), Some("59.9999"));
    assert_eq!(
        [share("2", "1"), share("1", "0"), share("0", "0")],
        [Some("100.00".into()), Some("100.00".into()), None]
    );
}

#[test]
fn pro_12_d_16_what_all_went_back_is_evidence_too_and_currencies_are_never_added_up() {
    testkit::run(&[SERVICE], async |yewu| {
        let known = known(yewu).await;
        let year = async || shown(yewu, known.0, 2026, "2026-03-11").await;
        let sent_back = ordered(yewu, known, "10", "cancelled", "2026-02-01T01:00:00Z").await;
        assert_eq!(year().await, ["0", "-", "-", "-"], "called off before anything came");
        let came = format!("UPDATE purchase_orders SET arrivals = 1, inspections = 1 WHERE id = '{}'", sent_back.0);
        written(yewu, &[came]).await;
        arrived(yewu, known, sent_back, "2026-03-09T01:00:00Z", 0, 10).await;
        assert_eq!(year().await, ["1", "100.00", "0.00", "0.00"]);
        // In yen, twice the estimate: half of a hundred, though the sum of all numbers would say something else.
        let (_, line) = ordered(yewu, known, "2000", "sent", "2026-02-01T01:00:00Z").await;
        let (asked, wanted) = (Uuid::now_v7(), Uuid::now_v7());
        written(
            yewu,
            &[
                format!("INSERT INTO requisitions (id, number, status, source, priority, case_id, category, currency, total, created_at, overdue, version) \
                         VALUES ('{asked}', '{asked}', 'closed', 'manual', 'normal', '{asked}', 'goods', 'JPY', 100, now(), FALSE, 1)"),
                format!("INSERT INTO requisition_lines (id, requisition_id, line_number, name, specification, unit, quantity, estimated_unit_price, tax_rate, net, tax, purpose) \
                         VALUES ('{wanted}', '{asked}', 1, '泵', '', '台', 10, 1000, 0, 100, 0, '备件')"),
                format!("UPDATE purchase_orders SET currency = 'JPY' WHERE id = (SELECT purchase_order_id FROM purchase_order_lines WHERE id = '{line}')"),
                format!("UPDATE purchase_order_lines SET requisition_line_id = '{wanted}' WHERE id = '{line}'"),
            ],
        )
        .await;
        assert_eq!(year().await[..2], ["2", "75.00"]);
    });
}
