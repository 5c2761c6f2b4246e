//! Opening balances, counts, the ledger.
use super::{availability, books_add_up, fresh, holds::Order, new_item, path, run, stocked, three};
use serde_json::{Value, json};
use wire::{
    Page,
    procurement::{Availability, Item, Stock, StockEntry, StockOpened},
};

#[test]
fn pro_39_opening_balances_are_entered_once() {
    run(async |yewu| {
        let warehouse = yewu.role("warehouse");
        let (a, b) = (fresh("A"), fresh("B"));
        for sku in [&a, &b] {
            yewu.role("buyer").post(&path("items"), new_item(sku)).await.created::<Item>();
        }
        let reference = json!({"system": "northwind", "id": fresh("opening")});
        let body = |b_quantity: &str| json!({"reference": reference, "entries": [{"sku": b, "quantity": b_quantity}, {"sku": a, "location": "B-02", "quantity": "39.5"}]});
        let first: StockOpened = warehouse.post(&path("stock/open"), body("0")).await.created();
        let again: StockOpened = warehouse.post(&path("stock/open"), body("0")).await.created();
        let ids = |opened: &StockOpened| opened.stock.iter().map(|s| (s.id, s.version, s.on_hand)).collect::<Vec<_>>();
        assert_eq!((ids(&first), first.stock.len()), (ids(&again), 2));
        warehouse.post(&path("stock/open"), body("1")).await.problem(409, "stock.opening_differs");
        let entries = yewu.sql("procurement", &format!("SELECT count(*) FROM stock_entries e JOIN stock s ON s.id = e.stock_id WHERE s.sku IN ('{a}', '{b}')")).await;
        assert_eq!(entries, "2");
        let other =
            |entries: Value| json!({"reference": {"system": "northwind", "id": fresh("other")}, "entries": entries});
        let twice = warehouse
            .post(
                &path("stock/open"),
                other(json!([{"sku": b, "location": "C", "quantity": "1"}, {"sku": b, "quantity": "1"}])),
            )
            .await;
        assert_eq!(twice.problem(409, "stock.already_opened").errors[0].pointer, "/entries/1");
        assert_eq!(availability(yewu, &b).await, three("0", "0", "0"), "all places or none");
        let unknown = warehouse.post(&path("stock/open"), other(json!([{"sku": fresh("X"), "quantity": "1"}]))).await;
        assert_eq!(unknown.problem(422, "stock.unknown_item").errors[0].pointer, "/entries/0/sku");
        warehouse.post(&path("stock/open"), other(json!([]))).await.problem(422, "stock.entries");
        warehouse
            .post(
                &path("stock/open"),
                other(json!([{"sku": b, "quantity": "1"}, {"sku": b, "location": "MAIN", "quantity": "1"}])),
            )
            .await
            .problem(422, "stock.listed_twice");
        yewu.role("sales_rep")
            .post(&path("stock/open"), other(json!([{"sku": a, "quantity": "1"}])))
            .await
            .problem(403, "permission.missing");
        assert_eq!(availability(yewu, &a).await, three("39.5", "0", "39.5"));
        let nothing: Availability = warehouse.get(&path("availability?sku=NO-SUCH")).await.ok();
        assert_eq!((nothing.item_id, nothing.available.to_string()), (None, "0".into()));
    });
}

#[test]
fn ruling_11_a_count_is_booked_with_its_reason_and_the_ledger_cannot_be_changed() {
    run(async |yewu| {
        let sku = stocked(yewu, "60").await;
        let boss = yewu.role("procurement_manager");
        let page: Page<Stock> = boss.get(&path(format!("stock?sku={sku}"))).await.ok();
        let at = path(format!("stock/{}", page.items[0].id));
        assert_eq!((page.items[0].location.as_str(), page.items[0].status.as_str()), ("MAIN", "available"));
        let counted: Stock = boss.act(&at, "adjust", json!({"counted": "58", "reason": "两件破损"})).await.ok();
        assert_eq!((counted.on_hand.to_string(), counted.version), ("58".into(), 2));
        boss.act(&at, "adjust", json!({"counted": "58", "reason": "again"})).await.problem(422, "stock.no_difference");
        boss.act(&at, "adjust", json!({"counted": "1"})).await.problem(422, "body.invalid");
        yewu.role("warehouse")
            .act(&at, "adjust", json!({"counted": "1", "reason": "x"}))
            .await
            .problem(403, "permission.missing");
        let order = Order::of(&[(&sku, "50")]);
        yewu.deliver(&order.requested(yewu)).await;
        boss.act(&at, "adjust", json!({"counted": "49", "reason": "x"})).await.problem(409, "stock.below_held");
        let ledger: Page<StockEntry> = boss.get(&format!("{at}/entries")).await.ok();
        let lines: Vec<_> = ledger
            .items
            .iter()
            .map(|e| {
                (
                    e.kind.as_str(),
                    e.change.to_string(),
                    e.on_hand_after.to_string(),
                    e.reason.as_deref(),
                    e.actor.as_str(),
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                ("adjust", "-2".into(), "58".into(), Some("两件破损"), "user:procurement_manager-1"),
                ("opening", "60".into(), "60".into(), None, "user:warehouse-1"),
            ]
        );
        let rights =
            "SELECT has_table_privilege('stock_entries', 'UPDATE') OR has_table_privilege('stock_entries', 'DELETE')";
        assert_eq!(yewu.sql("procurement", rights).await, "false");
        books_add_up(yewu).await;
    });
}
