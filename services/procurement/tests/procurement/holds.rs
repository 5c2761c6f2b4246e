//! Holds: asked, shipped, cancelled, in any order, all at once.
use super::{availability, books_add_up, fresh, new_item, open, path, run, stocked, three};
use serde_json::{Value, json};
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, Page,
    crm::AccountId,
    orders::{
        AvailabilityRequested, InspectionId, NonconformityId, NonconformityScrapped, NonconformitySnapshot,
        OrderCancelled, OrderId, ShipmentHandedOver, ShipmentId, ShipmentReturned, ShipmentSnapshot, WantedLine,
    },
    procurement::{HoldStatus, Item, StockHold},
};

/// An order as procurement hears of it: one key for all its facts.
pub struct Order {
    pub id: OrderId,
    case: CaseId,
    lines: Vec<WantedLine>,
}
impl Order {
    pub fn of(lines: &[(&str, &str)]) -> Self {
        let line = |(sku, quantity): &(&str, &str)| WantedLine {
            line_id: Uuid::now_v7(),
            sku: (*sku).into(),
            quantity: quantity.parse().expect("a test's own value"),
        };
        Self { id: OrderId(Uuid::now_v7()), case: CaseId(Uuid::now_v7()), lines: lines.iter().map(line).collect() }
    }
    fn number(&self) -> String {
        format!("SO-{}", self.id)
    }
    pub fn requested(&self, yewu: &Yewu) -> CloudEvent {
        let event = AvailabilityRequested { order_id: self.id, number: self.number(), lines: self.lines.clone() };
        yewu.envelope(&event, self.case)
    }
    fn handed_over(&self, yewu: &Yewu, quantities: &[&str]) -> CloudEvent {
        let lines = self.lines.iter().zip(quantities).map(|(line, quantity)| WantedLine {
            quantity: quantity.parse().expect("a test's own value"),
            ..line.clone()
        });
        let shipment = ShipmentSnapshot {
            shipment_id: ShipmentId(Uuid::now_v7()),
            number: "SH-1".into(),
            order_id: self.id,
            order_number: self.number(),
            account_id: AccountId(Uuid::nil()),
            account_name: "晨光泵业".into(),
            lines: lines.collect(),
        };
        yewu.envelope(
            &ShipmentHandedOver { shipment, carrier: "顺丰".into(), tracking_number: "SF1".into() },
            self.case,
        )
    }
    /// This shipment came back.
    fn returned(&self, yewu: &Yewu, handed_over: &CloudEvent) -> CloudEvent {
        let told: ShipmentHandedOver = serde_json::from_value(handed_over.data.clone()).expect("a test's own value");
        yewu.envelope(&ShipmentReturned { shipment: told.shipment, reason: "拒收".into() }, self.case)
    }
    /// So many of its first line are lost to bad quality.
    fn scrapped(&self, yewu: &Yewu, quantity: &str) -> CloudEvent {
        let nonconformity = NonconformitySnapshot {
            nonconformity_id: NonconformityId(Uuid::now_v7()),
            number: "NC-1".into(),
            order_id: self.id,
            order_number: self.number(),
            inspection_id: InspectionId(Uuid::nil()),
            line_id: self.lines[0].line_id,
            sku: self.lines[0].sku.clone(),
            defects: 2,
            loops: 0,
        };
        let quantity = quantity.parse().expect("a test's own value");
        let event = NonconformityScrapped { quantity, reason: "叶轮开裂".into(), nonconformity };
        yewu.envelope(&event, self.case)
    }
    pub fn cancelled(&self, yewu: &Yewu) -> CloudEvent {
        yewu.envelope(
            &OrderCancelled { order_id: self.id, number: self.number(), reason: "客户取消".into() },
            self.case,
        )
    }
    pub async fn hold(&self, yewu: &Yewu) -> StockHold {
        let page: Page<StockHold> = yewu.role("warehouse").get(&path(format!("holds?order_id={}", self.id))).await.ok();
        assert_eq!(page.items.len(), 1, "one hold an order");
        page.items.into_iter().next().expect("a test's own value")
    }
    /// The facts told of its hold, oldest first.
    pub async fn told(&self, yewu: &Yewu) -> String {
        let query = format!(
            "SELECT coalesce(string_agg(split_part(kind, '.', 2) || '.' || split_part(kind, '.', 3), ' ' ORDER BY seq), '') FROM outbox WHERE case_id = '{}'",
            self.case
        );
        yewu.sql("procurement", &query).await
    }
    /// The newest answer's `held/short` by line.
    pub async fn answer(&self, yewu: &Yewu) -> Vec<(String, String)> {
        let query = format!(
            "SELECT envelope FROM outbox WHERE case_id = '{}' AND kind = 'procurement.availability.answered.v1' ORDER BY seq DESC LIMIT 1",
            self.case
        );
        let envelope: Value = serde_json::from_str(&yewu.sql("procurement", &query).await).expect("a test's own value");
        let text = |value: &Value| value.as_str().expect("a test's own value").to_owned();
        envelope["data"]["lines"]
            .as_array()
            .expect("a test's own value")
            .iter()
            .map(|line| (text(&line["held"]), text(&line["short"])))
            .collect()
    }
}
#[test]
fn pro_39_held_shipped_in_two_parts_and_closed() {
    run(async |yewu| {
        let (a, b) = (stocked(yewu, "60").await, stocked(yewu, "5").await);
        let order = Order::of(&[(&a, "12"), (&b, "5")]);
        yewu.deliver(&order.requested(yewu)).await;
        assert_eq!(order.answer(yewu).await, [("12".into(), "0".into()), ("5".into(), "0".into())]);
        let hold = order.hold(yewu).await;
        assert_eq!(
            (hold.status, hold.owner_id.as_deref(), hold.case_id),
            (HoldStatus::Held, Some("sales_rep-1"), Some(order.case))
        );
        let at = path(format!("holds/{}", hold.id));
        assert_eq!(yewu.role("sales_rep").get(&at).await.status, 200, "the order's seller sees what is held for it");
        yewu.user("sales_rep", "sales_rep-9", "retail", "retail").get(&at).await.problem(404, "not_found");
        assert_eq!(
            (availability(yewu, &a).await, availability(yewu, &b).await),
            (three("60", "12", "48"), three("5", "5", "0"))
        );
        let (first, second) = (order.handed_over(yewu, &["12", "2"]), order.handed_over(yewu, &["0", "3"]));
        yewu.deliver(&first).await;
        let hold = order.hold(yewu).await;
        assert_eq!(
            (hold.status, hold.lines[1].held.to_string(), hold.lines[1].issued.to_string()),
            (HoldStatus::Held, "3".into(), "2".into())
        );
        yewu.deliver(&second).await;
        let hold = order.hold(yewu).await;
        assert!(hold.status == HoldStatus::Shipped && hold.closed_at.is_some());
        assert_eq!(
            (availability(yewu, &a).await, availability(yewu, &b).await),
            (three("48", "0", "48"), three("0", "0", "0"))
        );
        let before = order.told(yewu).await;
        assert_eq!(before, "availability.answered hold.closed");
        for again in [&first, &second] {
            yewu.deliver(again).await;
            let mut retold = again.clone();
            retold.id = wire::EventId(Uuid::now_v7());
            yewu.deliver(&retold).await;
        }
        yewu.deliver(&order.cancelled(yewu)).await;
        assert_eq!((order.told(yewu).await, order.hold(yewu).await.status), (before, HoldStatus::Shipped));
        books_add_up(yewu).await;
        let parked = yewu
            .sql(
                "procurement",
                &format!("SELECT count(*) FROM inbox WHERE partition_key = '{}' AND status <> 'done'", order.case),
            )
            .await;
        assert_eq!(parked, "0");
    });
}

#[test]
fn pro_39_what_is_short_is_topped_up_when_asked_again() {
    run(async |yewu| {
        let sku = stocked(yewu, "8").await;
        let order = Order::of(&[(&sku, "10"), ("NO-SUCH-SKU", "1")]);
        yewu.deliver(&order.requested(yewu)).await;
        assert_eq!(
            (order.hold(yewu).await.status, order.answer(yewu).await),
            (HoldStatus::Short, vec![("8".into(), "2".into()), ("0".into(), "1".into())])
        );
        open(yewu, &[(&sku, "B-02", "5")]).await;
        yewu.settle().await;
        yewu.deliver(&order.requested(yewu)).await;
        assert_eq!(order.answer(yewu).await, [("10".into(), "0".into()), ("0".into(), "1".into())]);
        assert_eq!(availability(yewu, &sku).await, three("13", "10", "3"));
        let hold = order.hold(yewu).await;
        assert_eq!((hold.lines[0].places.len(), hold.version), (2, 3), "by the opening, and asked again");
        books_add_up(yewu).await;
    });
}

#[test]
fn ruling_9_an_order_asks_for_the_product_and_gets_the_item_linked_to_it() {
    run(async |yewu| {
        let (sku, product) = (fresh("ITEM"), fresh("PRODUCT"));
        let mut body = new_item(&sku);
        body["product_sku"] = json!(product);
        yewu.role("buyer").post(&path("items"), body).await.created::<Item>();
        open(yewu, &[(&sku, "MAIN", "6"), (&sku, "B-02", "3")]).await;
        assert_eq!(
            (availability(yewu, &product).await, availability(yewu, &sku).await),
            (three("9", "0", "9"), three("0", "0", "0"))
        );
        let order = Order::of(&[(&product, "7"), (&sku, "1")]);
        yewu.deliver(&order.requested(yewu)).await;
        assert_eq!(order.answer(yewu).await, [("7".into(), "0".into()), ("0".into(), "1".into())]);
        yewu.deliver(&order.handed_over(yewu, &["7", "0"])).await;
        assert_eq!(availability(yewu, &product).await, three("2", "0", "2"));
        books_add_up(yewu).await;
    });
}

#[test]
fn pro_39_a_cancelled_order_frees_its_goods_and_one_cancelled_first_never_holds() {
    run(async |yewu| {
        let sku = stocked(yewu, "10").await;
        let order = Order::of(&[(&sku, "7")]);
        yewu.deliver(&order.requested(yewu)).await;
        yewu.deliver(&order.handed_over(yewu, &["2"])).await;
        let cancelled = order.cancelled(yewu);
        yewu.deliver(&cancelled).await;
        yewu.deliver(&cancelled).await;
        assert_eq!(
            (order.hold(yewu).await.status, availability(yewu, &sku).await),
            (HoldStatus::Released, three("8", "0", "8"))
        );
        assert_eq!(order.told(yewu).await, "availability.answered hold.closed");
        yewu.deliver(&order.requested(yewu)).await;
        assert_eq!(availability(yewu, &sku).await, three("8", "0", "8"), "over is over");

        let early = Order::of(&[(&sku, "7")]);
        yewu.deliver(&early.cancelled(yewu)).await;
        yewu.deliver(&early.requested(yewu)).await;
        assert_eq!(
            (early.hold(yewu).await.status, early.told(yewu).await, availability(yewu, &sku).await),
            (HoldStatus::Released, String::new(), three("8", "0", "8"))
        );
        books_add_up(yewu).await;
    });
}

#[test]
fn ruling_11_what_comes_back_lies_where_it_lay_and_ships_again() {
    run(async |yewu| {
        let sku = stocked(yewu, "10").await;
        let order = Order::of(&[(&sku, "7")]);
        yewu.deliver(&order.requested(yewu)).await;
        let first = order.handed_over(yewu, &["7"]);
        // The return is heard before the shipment: it waits.
        let back = order.returned(yewu, &first);
        yewu.deliver(&back).await;
        assert_eq!(availability(yewu, &sku).await, three("10", "7", "3"));
        yewu.deliver(&first).await;
        yewu.settle().await;
        let mut retold = back.clone();
        retold.id = wire::EventId(Uuid::now_v7());
        for again in [back, retold] {
            yewu.deliver(&again).await;
        }
        let hold = order.hold(yewu).await;
        assert_eq!(
            (hold.status, hold.closed_at, availability(yewu, &sku).await),
            (HoldStatus::Held, None, three("10", "7", "3"))
        );
        let entries = format!(
            "SELECT string_agg(kind || trim_scale(change)::text, ' ' ORDER BY id) FROM stock_entries WHERE order_id = '{}'",
            order.id
        );
        assert_eq!(yewu.sql("procurement", &entries).await, "issue-7 return7");
        yewu.deliver(&order.handed_over(yewu, &["7"])).await;
        assert_eq!(
            (order.hold(yewu).await.status, availability(yewu, &sku).await),
            (HoldStatus::Shipped, three("3", "0", "3"))
        );

        let ended = Order::of(&[(&sku, "3")]);
        yewu.deliver(&ended.requested(yewu)).await;
        let part = ended.handed_over(yewu, &["2"]);
        yewu.deliver(&part).await;
        yewu.deliver(&ended.cancelled(yewu)).await;
        yewu.deliver(&ended.returned(yewu, &part)).await;
        assert_eq!(
            (ended.hold(yewu).await.status, availability(yewu, &sku).await),
            (HoldStatus::Released, three("3", "0", "3"))
        );
        books_add_up(yewu).await;
    });
}

#[test]
fn ord_19_scrapped_goods_leave_the_books_and_the_hold_comes_to_its_end() {
    run(async |yewu| {
        let sku = stocked(yewu, "20").await;
        let mut order = Order::of(&[(&sku, "12")]);
        yewu.deliver(&order.requested(yewu)).await;
        let scrapped = order.scrapped(yewu, "2");
        yewu.deliver(&scrapped).await;
        let mut retold = scrapped.clone();
        retold.id = wire::EventId(Uuid::now_v7());
        yewu.deliver(&retold).await;
        assert_eq!(availability(yewu, &sku).await, three("18", "10", "8"));
        // Orders asks for others in their place.
        order.lines[0].quantity = "14".parse().expect("a test's own value");
        yewu.deliver(&order.requested(yewu)).await;
        assert_eq!(
            (order.answer(yewu).await, availability(yewu, &sku).await),
            (vec![("14".into(), "0".into())], three("18", "12", "6"))
        );
        yewu.deliver(&order.handed_over(yewu, &["12"])).await;
        assert_eq!(
            (order.hold(yewu).await.status, availability(yewu, &sku).await),
            (HoldStatus::Shipped, three("6", "0", "6"))
        );
        books_add_up(yewu).await;
    });
}

#[test]
fn ruling_26_a_shipment_waits_for_its_hold_and_more_than_held_is_parked() {
    run(async |yewu| {
        let sku = stocked(yewu, "10").await;
        let order = Order::of(&[(&sku, "4")]);
        yewu.deliver(&order.handed_over(yewu, &["4"])).await;
        assert_eq!(availability(yewu, &sku).await, three("10", "0", "10"));
        yewu.deliver(&order.requested(yewu)).await;
        yewu.settle().await;
        assert_eq!(
            (order.hold(yewu).await.status, availability(yewu, &sku).await),
            (HoldStatus::Shipped, three("6", "0", "6"))
        );

        let greedy = Order::of(&[(&sku, "4")]);
        yewu.deliver(&greedy.requested(yewu)).await;
        yewu.deliver(&greedy.handed_over(yewu, &["4.01"])).await;
        let error = yewu
            .sql(
                "procurement",
                &format!("SELECT error FROM inbox WHERE partition_key = '{}' AND status = 'parked'", greedy.case),
            )
            .await;
        assert!(error.starts_with("hold.more_than_held: 0.01"), "{error}");
        assert_eq!(availability(yewu, &sku).await, three("6", "4", "2"), "a refused shipment takes nothing");
        books_add_up(yewu).await;
    });
}

#[test]
fn ruling_9_five_hundred_orders_racing_for_a_hundred_units_get_exactly_a_hundred() {
    run(async |yewu| {
        let (x, y) = (stocked(yewu, "100").await, stocked(yewu, "1000").await);
        // Half name the skus in one order, half in the other: locks taken as named would end in a deadlock.
        let orders: Vec<Order> = (0..500)
            .map(|n| if n % 2 == 0 { Order::of(&[(&x, "1"), (&y, "2")]) } else { Order::of(&[(&y, "2"), (&x, "1")]) })
            .collect();
        let requests: Vec<CloudEvent> = orders.iter().map(|order| order.requested(yewu)).collect();
        futures_util::future::join_all(requests.iter().map(|request| yewu.deliver(request))).await;
        assert_eq!(
            (availability(yewu, &x).await, availability(yewu, &y).await),
            (three("100", "100", "0"), three("1000", "1000", "0"))
        );
        let cases = orders.iter().map(|order| format!("'{}'", order.case)).collect::<Vec<_>>().join(", ");
        let count =
            async |what: &str| yewu.sql("procurement", &format!("SELECT count(*) FROM {what} IN ({cases})")).await;
        assert_eq!(count("holds WHERE status = 'held' AND case_id").await, "100");
        assert_eq!(count("holds WHERE status = 'short' AND case_id").await, "400");
        assert_eq!(count("inbox WHERE status <> 'done' AND partition_key").await, "0");
        books_add_up(yewu).await;
        let facts = count("outbox WHERE case_id").await;
        assert_eq!(facts, "500", "one answer each");

        futures_util::future::join_all(requests.iter().map(|request| yewu.deliver(request))).await;
        assert_eq!(count("outbox WHERE case_id").await, facts, "told twice, done once");

        let shipped: Vec<CloudEvent> = orders
            .iter()
            .map(|order| {
                let quantities = if order.lines[0].sku == x { ["1", "2"] } else { ["2", "1"] };
                order.handed_over(yewu, &quantities)
            })
            .collect();
        futures_util::future::join_all(shipped.iter().map(|event| yewu.deliver(event))).await;
        futures_util::future::join_all(shipped.iter().map(|event| yewu.deliver(event))).await;
        assert_eq!(count("holds WHERE status = 'shipped' AND case_id").await, "100");
        assert_eq!(
            count("inbox WHERE status = 'parked' AND partition_key").await,
            "400",
            "a shipment of what was never held waits for a person"
        );
        assert_eq!(
            (availability(yewu, &x).await, availability(yewu, &y).await),
            (three("0", "0", "0"), three("800", "800", "0"))
        );
        books_add_up(yewu).await;
    });
}
