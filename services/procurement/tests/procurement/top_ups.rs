//! Who gets goods that can be promised again: those who wait, in their order, and nobody else.
use super::{
    availability, books_add_up, holds::Order, open, path, purchase_orders::imported, receiving::accepted, run,
    sourcing::manager, stocked,
};
use serde_json::json;
use testkit::Yewu;
use uuid::Uuid;
use wire::{Page, procurement::Stock};

/// So much of it is there all of a sudden, and no fact tells of it.
async fn appears(yewu: &Yewu, sku: &str, quantity: u8) {
    let statement = format!(
        "WITH s AS (UPDATE stock SET on_hand = on_hand + {quantity} WHERE sku = '{sku}' RETURNING id, on_hand) \
         INSERT INTO stock_entries (id, stock_id, kind, change, on_hand_after, at, actor) \
         SELECT gen_random_uuid(), id, 'adjust', {quantity}, on_hand, now(), 'test' FROM s"
    );
    yewu.as_owner("procurement", &statement).await;
}
fn said(answers: &[(&str, &str)]) -> Vec<(String, String)> {
    answers.iter().map(|(held, short)| ((*held).to_owned(), (*short).to_owned())).collect()
}

#[test]
fn pro_39_what_is_set_free_or_counted_up_goes_to_whoever_waits_longest() {
    run(async |yewu| {
        let sku = stocked(yewu, "5").await;
        let [first, second, third] = ["5", "3", "4"].map(|quantity| Order::of(&[(&sku, quantity)]));
        for order in [&first, &second, &third] {
            yewu.deliver(&order.requested(yewu)).await;
        }
        yewu.deliver(&first.cancelled(yewu)).await;
        yewu.settle().await;
        assert_eq!((second.answer(yewu).await, third.answer(yewu).await), (said(&[("3", "0")]), said(&[("2", "2")])));
        open(yewu, &[(&sku, "B-02", "1")]).await;
        yewu.settle().await;
        assert_eq!(third.answer(yewu).await, said(&[("3", "1")]));
        let boss = manager(yewu);
        let places: Page<Stock> = boss.get(&path(format!("stock?sku={sku}&location=B-02"))).await.ok();
        let counted = json!({"counted": "3", "reason": "盘盈"});
        boss.act(&path(format!("stock/{}", places.items[0].id)), "adjust", counted).await.ok::<Stock>();
        yewu.settle().await;
        assert_eq!(third.answer(yewu).await, said(&[("4", "0")]));
        assert_eq!(availability(yewu, &sku).await.2, "1");
        books_add_up(yewu).await;
    });
}

#[test]
fn pro_29_a_receipt_hands_out_what_came_in_and_nothing_else() {
    run(async |yewu| {
        let (a, b) = (stocked(yewu, "0").await, stocked(yewu, "0").await);
        let (first, second) = (Order::of(&[(&b, "5")]), Order::of(&[(&a, "5"), (&b, "5")]));
        for order in [&first, &second] {
            yewu.deliver(&order.requested(yewu)).await;
        }
        appears(yewu, &b, 5).await;
        accepted(yewu, &imported(yewu, &[(&a, "5")]).await, &[], &[["5", "5", "0"]]).await;
        yewu.settle().await;
        assert_eq!(second.answer(yewu).await, said(&[("5", "0"), ("0", "5")]), "the first waits longer for the other");
        books_add_up(yewu).await;
    });
}

#[test]
fn pro_29_goods_bought_for_an_order_go_first_to_it() {
    run(async |yewu| {
        let sku = stocked(yewu, "0").await;
        let (older, newer) = (Order::of(&[(&sku, "3")]), Order::of(&[(&sku, "3")]));
        for order in [&older, &newer] {
            yewu.deliver(&order.requested(yewu)).await;
        }
        let bought = imported(yewu, &[(&sku, "4")]).await;
        let wish = Uuid::now_v7();
        let statements = format!(
            "INSERT INTO requisitions (id, number, status, source, priority, case_id, category, currency, total, order_id, created_at, overdue, version) \
             VALUES ('{wish}', '{wish}', 'closed', 'order', 'normal', '{wish}', 'goods', 'CNY', 1, '{}', now(), FALSE, 1); \
             UPDATE purchase_order_lines SET requisition_id = '{wish}' WHERE purchase_order_id = '{}'",
            newer.id, bought.id
        );
        yewu.as_owner("procurement", &statements).await;
        accepted(yewu, &bought, &[], &[["4", "4", "0"]]).await;
        yewu.settle().await;
        assert_eq!((newer.answer(yewu).await, older.answer(yewu).await), (said(&[("3", "0")]), said(&[("1", "2")])));
        books_add_up(yewu).await;
    });
}

#[test]
fn pro_39_a_newer_order_does_not_take_what_an_older_one_waits_for() {
    run(async |yewu| {
        let sku = stocked(yewu, "0").await;
        let (older, newer) = (Order::of(&[(&sku, "5")]), Order::of(&[(&sku, "3")]));
        yewu.deliver(&older.requested(yewu)).await;
        appears(yewu, &sku, 6).await;
        yewu.deliver(&newer.requested(yewu)).await;
        assert_eq!(newer.answer(yewu).await, said(&[("1", "2")]), "five are the older one's, even before it was told");
        yewu.deliver(&older.requested(yewu)).await;
        assert_eq!(older.answer(yewu).await, said(&[("5", "0")]));
        books_add_up(yewu).await;
    });
}
