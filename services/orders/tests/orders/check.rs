//! From the draft to finance: ORD-05, 06, 08, 09.
use crate::world::*;
use serde_json::json;
use testkit::Yewu;
use wire::{
    Page,
    orders::{
        AvailabilityStatus, FinanceReview, HoldKind, Order, OrderAvailability, OrderStatus, PriceCheck, ReviewStatus,
    },
};

#[test]
fn ord_06_stock_is_asked_for_on_submit_and_shown_line_by_line() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let available =
            async || people.sales.get(&format!("{}/availability", path(&order))).await.ok::<OrderAvailability>();
        assert_eq!(available().await.status, AvailabilityStatus::Unasked);
        people.sales.act(&path(&order), "submit", json!({})).await.ok::<Order>();
        assert_eq!(available().await.status, AvailabilityStatus::Asked);
        answer(yewu, &order, Some("3")).await;
        let short = available().await;
        assert_eq!(short.status, AvailabilityStatus::Short);
        let shown: Vec<String> = short
            .lines
            .iter()
            .map(|l| format!("{} {} {}", l.requested, l.available.unwrap(), l.short.unwrap()))
            .collect();
        assert_eq!(shown, ["12 3 9", "4 3 1"]);
        let held = get(&people, order.id).await;
        assert_eq!((held.status, held.holds[0].kind), (OrderStatus::Submitted, HoldKind::Shortage));
        people.service.act(&path(&order), "check", json!({})).await.ok::<Order>();
        let fact = answer(yewu, &order, None).await;
        yewu.deliver(&fact).await;
        answer(yewu, &order, Some("0")).await;
        let checked = get(&people, order.id).await;
        assert_eq!(checked.status, OrderStatus::Checked, "an answer that comes late changes nothing");
        assert!(checked.holds[0].released_at.is_some() && checked.moments.checked_at.is_some());
        let told = [
            "order.created",
            "availability.requested",
            "order.hold_placed",
            "shortage.detected",
            "availability.requested",
            "order.hold_released",
            "order.checked",
        ];
        assert_eq!(facts(yewu, &order).await, told);
    });
}

#[test]
fn ord_06_an_answer_that_overtakes_its_order_waits_for_it() {
    run(async |yewu| {
        let people = people(yewu);
        let mut unknown = drafted(yewu, &people).await;
        unknown.id = wire::orders::OrderId(uuid::Uuid::now_v7());
        let fact = answer(yewu, &unknown, None).await;
        let status = yewu
            .sql(
                "orders",
                &format!("SELECT status FROM inbox WHERE event_id = '{}' AND handler = 'take-availability'", fact.id),
            )
            .await;
        assert_eq!(status, "waiting");
    });
}

#[test]
fn ord_05_prices_that_differ_from_the_quote_do_not_pass_finance() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let lines = |price: &str| {
            let line = |l: &wire::orders::OrderLine, price: &str| json!({"sku": l.line.sku, "quantity": l.line.quantity, "unit_price": price, "tax_rate": "0.13"});
            json!({"lines": [line(&order.lines[0], price), line(&order.lines[1], "99.99")]})
        };
        people.sales.patch(&path(&order), lines("1249.99")).await.ok::<Order>();
        let check: PriceCheck = people.finance.get(&format!("{}/price-check", path(&order))).await.ok();
        assert_eq!(
            (check.matches, &check.lines[0].differences[..], check.lines[1].matches),
            (false, &["unit_price".to_owned()][..], true)
        );
        people.sales.act(&path(&order), "submit", json!({})).await.ok::<Order>();
        answer(yewu, &get(&people, order.id).await, None).await;
        let review = review_of(&people, &order).await;
        let at = format!("{REVIEWS}/{}", review.id);
        assert!(!review.price_matches);
        let problem = people
            .finance
            .act(&at, "complete", json!({"result": "approved_to_invoice"}))
            .await
            .problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].gate, "price");
        people
            .finance
            .act(&at, "complete", json!({"result": "price_adjust_required"}))
            .await
            .problem(422, "finance_review.findings");
        people.sales.patch(&path(&order), lines("1250.00")).await.problem(409, "gate.closed");
        let findings = json!({"result": "price_adjust_required", "findings": [{"kind": "price", "note": "低于报价"}]});
        people.finance.act(&at, "complete", findings).await.ok::<FinanceReview>();
        let back = get(&people, order.id).await;
        assert_eq!((back.status, back.finance_status), (OrderStatus::Checked, Some(ReviewStatus::PriceAdjustRequired)));
        let no_day = people.sales.patch(&path(&order), json!({"delivery_date": null})).await;
        assert_eq!(no_day.problem(422, "order.delivery_date").errors[0].pointer, "/delivery_date");
        let mut other = lines("1250.00");
        other["lines"][0]["quantity"] = json!("11");
        people.sales.patch(&path(&order), other).await.problem(409, "order.goods_held");
        people.sales.patch(&path(&order), lines("1250.00")).await.ok::<Order>();
        let again: FinanceReview = people.sales.act(&at, "resubmit", json!({})).await.ok();
        assert_eq!((again.status, again.round, again.price_matches), (ReviewStatus::Pending, 2, true));
        people.finance.act(&at, "complete", json!({"result": "approved_to_invoice"})).await.ok::<FinanceReview>();
        assert_eq!(get(&people, order.id).await.status, OrderStatus::FinanceReviewed);
        let available: OrderAvailability = people.sales.get(&format!("{}/availability", path(&order))).await.ok();
        assert_eq!(available.lines[0].available.unwrap().to_string(), "12", "the goods stayed held");
    });
}

#[test]
fn ord_08_finance_alone_reviews_and_its_word_is_told() {
    run(async |yewu| {
        let people = people(yewu);
        let order = checked(yewu, &people).await;
        let review = review_of(&people, &order).await;
        assert_eq!(
            (review.status, review.order_number.as_str(), review.calendar_id.as_str()),
            (ReviewStatus::Pending, order.number.as_str(), "cn")
        );
        assert!(review.price_matches && review.due_at > review.created_at);
        let at = format!("{REVIEWS}/{}", review.id);
        people
            .service
            .act(&at, "complete", json!({"result": "approved_to_invoice"}))
            .await
            .problem(403, "permission.missing");
        people.service.act(&path(&order), "confirm", json!({})).await.problem(409, "state.refused");
        let done: FinanceReview =
            people.finance.act(&at, "complete", json!({"result": "approved_to_invoice"})).await.ok();
        assert_eq!(done.reviewed_by.as_deref(), Some("user:fin-1"));
        people
            .finance
            .act(&at, "complete", json!({"result": "approved_to_invoice"}))
            .await
            .problem(409, "state.refused");
        assert_eq!(facts(yewu, &order).await.last().map(String::as_str), Some("finance_review.completed"));
        let data = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'number' || ' ' || (envelope::json->'data'->>'result') FROM outbox WHERE case_id = '{}' AND kind = 'orders.finance_review.completed.v1'", order.case_id)).await;
        assert_eq!(data, format!("{} approved_to_invoice", order.number));
    });
}

#[test]
fn ord_08_a_review_is_late_after_one_working_day() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[orders::SERVICE], |_| {}, false).await;
        let order = checked(&yewu, &people(&yewu)).await;
        let review = review_of(&people(&yewu), &order).await;
        let to_due = review.due_at.timestamp().duration_since(yewu.node.clock.now().timestamp());
        yewu.node.clock.travel(to_due - jiff::SignedDuration::from_secs(5));
        yewu.node.run_jobs().await.unwrap();
        assert!(review_of(&people(&yewu), &order).await.overdue_at.is_none(), "five seconds are left");
        yewu.node.clock.travel(jiff::SignedDuration::from_secs(10));
        yewu.node.run_jobs().await.unwrap();
        let late = review_of(&people(&yewu), &order).await;
        assert!(late.overdue_at.is_some() && late.status == ReviewStatus::Pending);
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(review_of(&people(&yewu), &order).await.version, late.version, "marked once");
    });
}

async fn large(yewu: &Yewu, people: &People, price: &str) -> Order {
    let sku = product(yewu, "piece").await;
    let fact = yewu.hear(&quote(vec![line(1, &sku, "1", price, "0")])).await;
    let order = orders_of(people, fact.caseid).await.remove(0);
    people.service.act(&path(&order), "submit", json!({})).await.ok()
}

#[test]
fn ord_09_above_100_000_00_the_order_waits_for_a_contract_that_covers_it() {
    run(async |yewu| {
        let people = people(yewu);
        assert_eq!(large(yewu, &people, "99999.99").await.holds, []);
        assert_eq!(large(yewu, &people, "100000.00").await.holds, []);
        let order = large(yewu, &people, "100000.01").await;
        assert_eq!(order.holds[0].kind, HoldKind::ContractRequired);
        answer(yewu, &order, None).await;
        reviewed(&people, &order).await;
        let problem = people.service.act(&path(&order), "confirm", json!({})).await.problem(409, "gate.closed");
        assert_eq!(
            (problem.blocked_by[0].gate.as_str(), problem.blocked_by[0].reference.as_deref()),
            ("hold", Some("contract_required"))
        );
        let mut small = contract(vec![line(1, "P", "1", "100000.00", "0")]);
        small.contract.order_id = Some(order.id);
        let fact = yewu.hear(&small).await;
        let parked = yewu
            .sql(
                "orders",
                &format!(
                    "SELECT status FROM inbox WHERE event_id = '{}' AND handler = 'order-effective-contract'",
                    fact.id
                ),
            )
            .await;
        assert_eq!(parked, "parked", "it does not cover the order");
        let mut effective = contract(vec![line(1, "P", "1", "100000.01", "0")]);
        effective.contract.order_id = Some(order.id);
        let fact = yewu.hear(&effective).await;
        yewu.deliver(&yewu.envelope(&effective, fact.caseid.unwrap())).await;
        let free = get(&people, order.id).await;
        assert_eq!(free.contract_id, Some(effective.contract.contract_id));
        assert!(free.holds[0].released_at.is_some());
        let confirmed: Order = people.service.act(&path(&order), "confirm", json!({})).await.ok();
        assert_eq!(confirmed.status, OrderStatus::Confirmed);
        let told = facts(yewu, &order).await;
        assert_eq!(told.iter().filter(|kind| *kind == "order.created").count(), 1, "the contract made no second order");
        assert_eq!(told.iter().filter(|kind| *kind == "order.hold_released").count(), 1);
        let placed = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'number' FROM outbox WHERE case_id = '{}' AND kind = 'orders.order.hold_placed.v1'", order.case_id)).await;
        assert_eq!(placed, order.number);
    });
}

#[test]
fn ord_09_a_contract_that_comes_before_its_order_is_known_waits() {
    run(async |yewu| {
        let people = people(yewu);
        let mut effective = contract(vec![line(1, "P", "1", "200000.00", "0")]);
        effective.contract.order_id = Some(wire::orders::OrderId(uuid::Uuid::now_v7()));
        let fact = yewu.hear(&effective).await;
        let waiting = yewu
            .sql(
                "orders",
                &format!(
                    "SELECT status FROM inbox WHERE event_id = '{}' AND handler = 'order-effective-contract'",
                    fact.id
                ),
            )
            .await;
        assert_eq!(waiting, "waiting");
        assert_eq!(orders_of(&people, fact.caseid).await.len(), 0);
    });
}

#[test]
fn ord_08_lists_are_narrowed_to_one_order_and_to_those_who_may_see_it() {
    run(async |yewu| {
        let people = people(yewu);
        let order = checked(yewu, &people).await;
        let mine: Page<FinanceReview> =
            people.sales.get(&format!("{REVIEWS}?order_id={}&status=pending", order.id)).await.ok();
        assert_eq!(mine.items.len(), 1, "the owner of the order sees its review");
        let stranger = yewu.user("sales_rep", "someone-else", "sales", "west");
        let none: Page<FinanceReview> = stranger.get(&format!("{REVIEWS}?order_id={}", order.id)).await.ok();
        assert_eq!(none.items.len(), 0);
        stranger.get(&format!("{REVIEWS}/{}", mine.items[0].id)).await.problem(404, "not_found");
        people.warehouse.get(REVIEWS).await.problem(403, "permission.missing");
    });
}
