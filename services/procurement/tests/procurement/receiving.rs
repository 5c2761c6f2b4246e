//! Deliveries: inspected within four working hours, booked once, topped up, and what happens when something is wrong.
use super::{
    availability, books_add_up, fresh,
    holds::Order,
    path,
    purchase_orders::{at, imported, item},
    put, run,
    sourcing::{attachment, fact, manager},
    three,
};
use serde_json::{Value, json};
use testkit::Yewu;
use wire::{
    Page,
    procurement::{
        Discrepancy, DiscrepancyResolution, GoodsReceipt, GoodsReceiptId, HoldStatus, PurchaseOrder, Stock, StockEntry,
    },
};

fn receipt_at(id: GoodsReceiptId) -> String {
    path(format!("goods-receipts/{id}"))
}
fn discrepancy_at(one: &Discrepancy) -> String {
    path(format!("receipt-discrepancies/{}", one.id))
}
/// A delivery of an order, being inspected; `noted` by line, all that is open if empty.
async fn arrived(yewu: &Yewu, order: &PurchaseOrder, noted: &[&str]) -> GoodsReceipt {
    let line = |(line, noted): (&wire::procurement::PurchaseOrderLine, &&str)| json!({"purchase_order_line_id": line.id, "noted": noted});
    let lines: Vec<Value> = order.lines.iter().zip(noted).map(line).collect();
    let body = json!({"purchase_order_id": order.id, "delivery_note_number": fresh("DN"), "lines": lines});
    let warehouse = yewu.role("warehouse");
    let receipt: GoodsReceipt = warehouse.post(&path("goods-receipts"), body).await.created();
    warehouse.act(&receipt_at(receipt.id), "inspect", json!({})).await.ok()
}
/// What was found: `[counted, accepted, rejected]` by line.
fn found(receipt: &GoodsReceipt, lines: &[[&str; 3]]) -> Value {
    let line = |(line, [counted, accepted, rejected]): (&wire::procurement::GoodsReceiptLine, &[&str; 3])| {
        json!({"line_id": line.id, "counted": counted, "quantity_ok": line.noted.to_string() == *counted, "appearance_ok": *rejected == "0",
            "specification_ok": true, "accepted": accepted, "rejected": rejected, "location": "B-02"})
    };
    json!({"lines": receipt.lines.iter().zip(lines).map(line).collect::<Vec<_>>()})
}
async fn proof(yewu: &Yewu) -> Value {
    let warehouse = yewu.role("warehouse");
    json!({"delivery_note_id": attachment(&warehouse).await.id, "photo_ids": [attachment(&warehouse).await.id]})
}
/// A delivery, inspected and accepted.
pub async fn accepted(yewu: &Yewu, order: &PurchaseOrder, noted: &[&str], lines: &[[&str; 3]]) -> GoodsReceipt {
    let receipt = arrived(yewu, order, noted).await;
    let (warehouse, place) = (yewu.role("warehouse"), receipt_at(receipt.id));
    warehouse.act(&place, "record", found(&receipt, lines)).await.ok::<GoodsReceipt>();
    warehouse.act(&place, "accept", proof(yewu).await).await.ok()
}
async fn order_now(yewu: &Yewu, order: &PurchaseOrder) -> PurchaseOrder {
    yewu.role("auditor").get(&at(order.id)).await.ok()
}
async fn discrepancies(yewu: &Yewu, order: &PurchaseOrder) -> Vec<Discrepancy> {
    let query = path(format!("receipt-discrepancies?purchase_order_id={}", order.id));
    yewu.role("auditor").get(&query).await.ok::<Page<Discrepancy>>().items
}
/// Contacted, decided, done.
async fn settle(yewu: &Yewu, one: &Discrepancy, resolution: &str) {
    let (buyer, place) = (yewu.role("buyer"), discrepancy_at(one));
    buyer.act(&place, "contact", json!({"note": "已电话告知"})).await.ok::<Discrepancy>();
    let decision = json!({"resolution": resolution, "note": "与供应商商定"});
    manager(yewu).act(&place, "resolve", decision).await.ok::<Discrepancy>();
    buyer.act(&place, "close", json!({})).await.ok::<Discrepancy>();
}
/// Counted is accepted or rejected; what was received is what receipts accepted, and what the ledger says.
async fn deliveries_add_up(yewu: &Yewu) {
    let counted = "SELECT count(*) FROM goods_receipt_lines WHERE accepted + rejected <> coalesce(counted, 0)";
    let received = "SELECT count(*) FROM purchase_order_lines p WHERE received <> (SELECT coalesce(sum(g.accepted), 0) FROM goods_receipt_lines g JOIN goods_receipts r ON r.id = g.goods_receipt_id WHERE g.purchase_order_line_id = p.id AND r.inspected_at IS NOT NULL)";
    let booked = "SELECT count(*) FROM goods_receipt_lines g JOIN goods_receipts r ON r.id = g.goods_receipt_id WHERE r.origin = 'recorded' AND r.inspected_at IS NOT NULL AND g.accepted <> (SELECT coalesce(sum(e.change), 0) FROM stock_entries e WHERE e.kind = 'receipt' AND e.line_id = g.id)";
    for query in [counted, received, booked] {
        assert_eq!(yewu.sql("procurement", query).await, "0", "{query}");
    }
    books_add_up(yewu).await;
}

#[test]
fn pro_27_a_delivery_is_counted_looked_at_and_accepted_within_four_working_hours() {
    run(async |yewu| {
        let (a, b) = (item(yewu).await, item(yewu).await);
        let order = imported(yewu, &[(&a, "10"), (&b, "5")]).await;
        let warehouse = yewu.role("warehouse");
        let body = json!({"purchase_order_id": order.id, "delivery_note_number": "DN-1", "arrived_at": "2026-02-14T08:00:00Z"});
        let receipt: GoodsReceipt = warehouse.post(&path("goods-receipts"), &body).await.created();
        // 16:00 on a make-up Saturday before the Spring Festival; two of the four hours are left for the 24th.
        assert_eq!(
            (receipt.inspect_by_at.to_string(), receipt.calendar_id.as_str()),
            ("2026-02-24T03:00:00Z".into(), "cn")
        );
        assert_eq!(receipt.lines.iter().map(|line| line.noted.to_string()).collect::<Vec<_>>(), ["10", "5"]);
        warehouse.post(&path("goods-receipts"), &body).await.problem(409, "goods_receipt.note_taken");
        yewu.role("buyer").post(&path("goods-receipts"), &body).await.problem(403, "permission.missing");
        let place = receipt_at(receipt.id);
        warehouse.act(&place, "record", found(&receipt, &[])).await.problem(409, "state.refused");
        manager(yewu).act(&at(order.id), "cancel", json!({"reason": "x"})).await.problem(409, "gate.closed");
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let late: GoodsReceipt = warehouse.get(&place).await.ok();
        assert!(late.overdue_at.is_some() && late.status.as_str() == "arrived");
        let told = format!(
            "SELECT count(*) FROM outbox WHERE subject = '{}' AND kind = 'procurement.goods_receipt.overdue.v1'",
            receipt.id
        );
        assert_eq!(yewu.sql("procurement", &told).await, "1", "said once");
        let page: Page<GoodsReceipt> =
            warehouse.get(&path(format!("goods-receipts?purchase_order_id={}&overdue=true", order.id))).await.ok();
        assert_eq!(page.items.len(), 1);
        warehouse.act(&place, "inspect", json!({})).await.ok::<GoodsReceipt>();
        let closed = warehouse.act(&place, "accept", proof(yewu).await).await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "inspection_recorded");
        let mut wrong = found(&receipt, &[["10", "10", "0"], ["5", "5", "0"]]);
        wrong["lines"][1]["accepted"] = json!("4");
        let problem = yewu.role("quality").act(&place, "record", wrong).await.problem(422, "goods_receipt.sum");
        assert_eq!(problem.errors[0].pointer, "/lines/1/accepted");
        let right = found(&receipt, &[["10", "10", "0"], ["5", "5", "0"]]);
        yewu.role("quality").act(&place, "record", right).await.ok::<GoodsReceipt>();
        let done: GoodsReceipt = warehouse.act(&place, "accept", proof(yewu).await).await.ok();
        assert_eq!((done.status.as_str(), done.inspected_by.as_deref()), ("accepted", Some("user:quality-1")));
        let order = order_now(yewu, &order).await;
        assert_eq!((order.status.as_str(), order.lines[1].received.to_string()), ("received", "5".into()));
        assert_eq!(
            fact(yewu, order.id, "procurement.purchase_order.received.v1").await["lines"][0]["received"],
            json!("10")
        );
        manager(yewu).act(&at(order.id), "close", json!({})).await.ok::<PurchaseOrder>();
        deliveries_add_up(yewu).await;
    });
}

#[test]
fn pro_28_nothing_is_accepted_without_a_signed_note_and_a_photo() {
    run(async |yewu| {
        let sku = item(yewu).await;
        let order = imported(yewu, &[(&sku, "10")]).await;
        let receipt = arrived(yewu, &order, &[]).await;
        let (warehouse, place) = (yewu.role("warehouse"), receipt_at(receipt.id));
        warehouse.act(&place, "record", found(&receipt, &[["10", "10", "0"]])).await.ok::<GoodsReceipt>();
        let full = proof(yewu).await;
        let without = |field: &str| {
            let mut body = full.clone();
            body.as_object_mut().unwrap().remove(field);
            body
        };
        let unsigned = warehouse.act(&place, "accept", without("delivery_note_id")).await;
        assert_eq!(
            unsigned.problem(422, "goods_receipt.delivery_note_required").errors[0].pointer,
            "/delivery_note_id"
        );
        warehouse.act(&place, "accept", without("photo_ids")).await.problem(422, "goods_receipt.photo_required");
        let mut unknown = full.clone();
        unknown["photo_ids"] = json!([order.id]);
        let problem = warehouse.act(&place, "accept", unknown).await.problem(422, "body.invalid");
        assert_eq!(problem.errors[0].pointer, "/photo_ids/0");
        assert_eq!(availability(yewu, &sku).await, three("0", "0", "0"), "nothing was booked");
        warehouse.act(&place, "accept", &full).await.ok::<GoodsReceipt>();
        warehouse.act(&place, "accept", full).await.problem(409, "state.refused");
        assert_eq!(availability(yewu, &sku).await, three("10", "0", "10"));
    });
}

#[test]
fn pro_29_goods_go_into_their_bin_once_and_every_entry_knows_its_order() {
    run(async |yewu| {
        let sku = item(yewu).await;
        let order = imported(yewu, &[(&sku, "10")]).await;
        let first = accepted(yewu, &order, &["4"], &[["4", "4", "0"]]).await;
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "partially_received");
        let second = arrived(yewu, &order, &["7"]).await;
        let (warehouse, place) = (yewu.role("warehouse"), receipt_at(second.id));
        warehouse.act(&place, "record", found(&second, &[["7", "7", "0"]])).await.ok::<GoodsReceipt>();
        let over = warehouse.act(&place, "accept", proof(yewu).await).await;
        over.problem(409, "purchase_order.more_than_ordered");
        warehouse.act(&place, "record", found(&second, &[["7", "6", "1"]])).await.ok::<GoodsReceipt>();
        let second: GoodsReceipt = warehouse.act(&place, "accept", proof(yewu).await).await.ok();
        assert_eq!(second.status.as_str(), "partially_accepted");
        let page: Page<Stock> = warehouse.get(&path(format!("stock?sku={sku}"))).await.ok();
        assert_eq!((page.items.len(), page.items[0].location.as_str()), (1, "B-02"));
        let ledger: Page<StockEntry> = warehouse.get(&path(format!("stock/{}/entries", page.items[0].id))).await.ok();
        let entries: Vec<_> = ledger
            .items
            .iter()
            .map(|entry| {
                (entry.kind.as_str(), entry.change.to_string(), entry.goods_receipt_id, entry.purchase_order_line_id)
            })
            .collect();
        let line = Some(order.lines[0].id);
        assert_eq!(
            entries,
            [("receipt", "6".into(), Some(second.id), line), ("receipt", "4".into(), Some(first.id), line)]
        );
        let told = fact(yewu, page.items[0].id, "procurement.stock.received.v1").await;
        assert_eq!((&told["quantity"], &told["goods_receipt_id"]), (&json!("6"), &json!(second.id)));
        let pending = order_now(yewu, &order).await;
        assert_eq!((pending.status.as_str(), pending.open_discrepancies), ("pending_action", 1));
        settle(yewu, &discrepancies(yewu, &order).await[0], "return").await;
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "received");
        deliveries_add_up(yewu).await;
    });
}

#[test]
fn pro_29_what_came_in_goes_to_the_oldest_short_holds_and_their_orders_hear_of_it() {
    run(async |yewu| {
        let sku = item(yewu).await;
        let orders = [Order::of(&[(&sku, "6")]), Order::of(&[(&sku, "3")]), Order::of(&[(&sku, "2")])];
        for order in &orders {
            yewu.deliver(&order.requested(yewu)).await;
            assert_eq!(order.hold(yewu).await.status, HoldStatus::Short);
        }
        let bought = imported(yewu, &[(&sku, "20")]).await;
        accepted(yewu, &bought, &["8"], &[["8", "8", "0"]]).await;
        yewu.settle().await;
        assert_eq!(orders[0].answer(yewu).await, [("6".into(), "0".into())]);
        assert_eq!(orders[1].answer(yewu).await, [("2".into(), "1".into())]);
        assert_eq!(orders[2].answer(yewu).await, [("0".into(), "2".into())], "not its turn yet");
        let statuses = [orders[0].hold(yewu).await.status, orders[1].hold(yewu).await.status];
        assert_eq!(statuses, [HoldStatus::Held, HoldStatus::Short]);
        assert_eq!(orders[2].told(yewu).await, "availability.answered", "it was not asked for nothing");
        accepted(yewu, &bought, &["12"], &[["12", "12", "0"]]).await;
        yewu.settle().await;
        assert_eq!(orders[1].answer(yewu).await, [("3".into(), "0".into())]);
        assert_eq!(orders[2].answer(yewu).await, [("2".into(), "0".into())]);
        assert_eq!(orders[0].told(yewu).await, "availability.answered availability.answered");
        assert_eq!(availability(yewu, &sku).await, three("20", "11", "9"));
        deliveries_add_up(yewu).await;
    });
}

#[test]
fn pro_29_receipts_of_another_system_are_booked_once() {
    run(async |yewu| {
        let (a, b) = (item(yewu).await, item(yewu).await);
        let order = imported(yewu, &[(&a, "4"), (&b, "3")]).await;
        let integration = yewu.role("integration");
        let place = format!("goods-receipts/by-ref/erp/{}", fresh("gr"));
        let body = json!({"purchase_order_id": order.id, "delivery_note_number": "DN-1", "arrived_at": "2025-04-29T02:00:00Z",
            "lines": [{"line_number": 1, "accepted": "3", "rejected": "1"}, {"line_number": 2, "accepted": "2"}]});
        let receipt: GoodsReceipt = put(&integration, &place, body.clone()).await.created();
        assert_eq!((receipt.status.as_str(), receipt.origin.as_str()), ("partially_accepted", "imported"));
        let same: GoodsReceipt = put(&integration, &place, body.clone()).await.ok();
        assert_eq!((same.id, same.version), (receipt.id, 1));
        assert_eq!(availability(yewu, &a).await, three("3", "0", "3"));
        for (field, other) in [("accepted", json!("2")), ("line_number", json!(2)), ("location", json!("B-02"))] {
            let mut changed = body.clone();
            changed["lines"][0][field] = other;
            put(&integration, &place, changed).await.problem(409, "goods_receipt.booked");
        }
        let now = order_now(yewu, &order).await;
        assert_eq!((now.status.as_str(), now.lines[0].open.to_string()), ("partially_received", "0".into()));
        assert!(discrepancies(yewu, &order).await.is_empty(), "what it rejected is settled there");
        let rest = json!({"purchase_order_id": order.id, "delivery_note_number": "DN-2", "arrived_at": "2025-04-30T02:00:00Z",
            "lines": [{"line_number": 2, "accepted": "0.5"}], "completes": true, "in_opening_balance": true});
        put(&integration, &format!("goods-receipts/by-ref/erp/{}", fresh("gr")), rest).await.created::<GoodsReceipt>();
        let done = order_now(yewu, &order).await;
        assert_eq!((done.status.as_str(), done.lines[1].forgone.to_string()), ("received", "0.5".into()));
        assert_eq!(availability(yewu, &b).await, three("2", "0", "2"), "the opening balance holds the rest");
        put(&yewu.role("warehouse"), &place, body).await.problem(403, "permission.missing");
        deliveries_add_up(yewu).await;
    });
}

#[test]
fn pro_31_rejected_and_missing_goods_keep_the_order_pending_until_all_is_settled() {
    run(async |yewu| {
        let sku = item(yewu).await;
        let order = imported(yewu, &[(&sku, "10")]).await;
        // Nine of ten came, two of them broken.
        accepted(yewu, &order, &["10"], &[["9", "7", "2"]]).await;
        let now = order_now(yewu, &order).await;
        assert_eq!((now.status.as_str(), now.open_discrepancies), ("pending_action", 2));
        let mut open = discrepancies(yewu, &order).await;
        open.sort_by_key(|one| one.nature.as_str() == "missing");
        let shown: Vec<_> =
            open.iter().map(|one| (one.nature.as_str(), one.kind.as_str(), one.quantity.to_string())).collect();
        assert_eq!(shown, [("rejected", "damage", "2".into()), ("missing", "quantity", "1".into())]);
        assert_eq!(fact(yewu, open[0].id, "procurement.discrepancy.opened.v1").await["quantity"], json!("2"));
        assert_eq!(open[0].attachment_ids.len(), 1, "the photos of the receipt");
        let (buyer, boss, broken) = (yewu.role("buyer"), manager(yewu), discrepancy_at(&open[0]));
        let decide = |resolution: &str| json!({"resolution": resolution, "note": "与供应商商定"});
        boss.act(&broken, "resolve", decide("return")).await.problem(409, "state.refused");
        yewu.role("warehouse").act(&broken, "contact", json!({"note": "x"})).await.problem(403, "permission.missing");
        settle(yewu, &open[0], "exchange").await;
        let missing = discrepancy_at(&open[1]);
        buyer.act(&missing, "contact", json!({"note": "漏发"})).await.ok::<Discrepancy>();
        boss.act(&missing, "resolve", decide("return")).await.problem(422, "discrepancy.nothing_here");
        boss.act(&missing, "resolve", decide("credit")).await.ok::<Discrepancy>();
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "pending_action", "one is open");
        buyer.act(&missing, "close", json!({})).await.ok::<Discrepancy>();
        let back = order_now(yewu, &order).await;
        assert_eq!(
            (back.status.as_str(), back.lines[0].open.to_string(), back.lines[0].forgone.to_string()),
            ("partially_received", "2".into(), "1".into()),
            "the exchanged two are still expected, the credited one is not"
        );
        accepted(yewu, &order, &[], &[["2", "2", "0"]]).await;
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "received");
        deliveries_add_up(yewu).await;
    });
}

#[test]
fn pro_31_what_is_taken_as_it_is_goes_into_stock_and_not_by_its_inspector() {
    run(async |yewu| {
        let sku = item(yewu).await;
        let order = imported(yewu, &[(&sku, "10")]).await;
        let receipt = arrived(yewu, &order, &[]).await;
        let place = receipt_at(receipt.id);
        let both = yewu.user("quality warehouse", &fresh("both"), "sales", "sales");
        both.act(&place, "record", found(&receipt, &[["10", "0", "10"]])).await.ok::<GoodsReceipt>();
        // Somebody else signs: whose findings they are stays the same.
        let warehouse = yewu.role("warehouse");
        let photo = attachment(&warehouse).await.id;
        let unproven = warehouse.act(&place, "reject", json!({"reason": "划痕"})).await;
        unproven.problem(422, "goods_receipt.photo_required");
        let refusal = json!({"reason": "划痕", "photo_ids": [photo]});
        let rejected: GoodsReceipt = warehouse.act(&place, "reject", refusal).await.ok();
        assert_eq!(rejected.status.as_str(), "rejected");
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "pending_action");
        let one = discrepancies(yewu, &order).await.remove(0);
        let (buyer, scratched) = (yewu.role("buyer"), discrepancy_at(&one));
        buyer.act(&scratched, "contact", json!({"note": "降价"})).await.ok::<Discrepancy>();
        let decision = json!({"resolution": "accept_as_is", "note": "不影响使用"});
        both.act(&scratched, "resolve", &decision).await.problem(403, "discrepancy.own_rejection");
        manager(yewu).act(&scratched, "resolve", decision).await.ok::<Discrepancy>();
        buyer.act(&scratched, "close", json!({})).await.problem(422, "goods_receipt.delivery_note_required");
        let note = json!({"delivery_note_id": attachment(&buyer).await.id});
        let closed: Discrepancy = buyer.act(&scratched, "close", note).await.ok();
        assert_eq!((closed.status.as_str(), closed.resolution), ("closed", Some(DiscrepancyResolution::AcceptAsIs)));
        assert_eq!(fact(yewu, one.id, "procurement.discrepancy.closed.v1").await["resolution"], json!("accept_as_is"));
        assert_eq!(availability(yewu, &sku).await, three("10", "0", "10"));
        assert_eq!(yewu.role("auditor").get(&place).await.ok::<GoodsReceipt>().status.as_str(), "accepted");
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "received");
        deliveries_add_up(yewu).await;
    });
}

#[test]
fn pro_31_a_person_reports_what_no_count_shows_with_photos() {
    run(async |yewu| {
        let sku = item(yewu).await;
        let order = imported(yewu, &[(&sku, "10")]).await;
        let receipt = accepted(yewu, &order, &[], &[["10", "10", "0"]]).await;
        let quality = yewu.role("quality");
        let mut report = json!({"goods_receipt_id": receipt.id, "kind": "quality", "description": "缺少质量合格证"});
        let problem =
            quality.post(&path("receipt-discrepancies"), &report).await.problem(422, "discrepancy.photo_required");
        assert_eq!(problem.errors[0].pointer, "/attachment_ids");
        report["attachment_ids"] = json!([attachment(&quality).await.id]);
        let one: Discrepancy = quality.post(&path("receipt-discrepancies"), &report).await.created();
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "pending_action");
        settle(yewu, &one, "accept_as_is").await;
        assert_eq!(order_now(yewu, &order).await.status.as_str(), "received");
        let told = format!(
            "SELECT count(*) FROM outbox WHERE subject = '{}' AND kind = 'procurement.purchase_order.received.v1'",
            order.id
        );
        assert_eq!(yewu.sql("procurement", &told).await, "1", "received is said once");
        manager(yewu).act(&at(order.id), "close", json!({})).await.ok::<PurchaseOrder>();
        report["attachment_ids"] = json!([attachment(&quality).await.id]);
        quality.post(&path("receipt-discrepancies"), report).await.problem(409, "state.refused");
        deliveries_add_up(yewu).await;
    });
}
