//! What is missing and what is done about it: ORD-07; and a contract that is withdrawn (ORD-09).
use crate::world::*;
use serde_json::json;
use wire::{
    Page,
    contracts::{ContractId, ContractWithdrawn},
    orders::{
        FinanceReview, FindingKind, HoldKind, Order, OrderStatus, ReviewStatus, Shipment, Shortage,
        ShortageAlternative, ShortageDecision, ShortageStatus,
    },
    quoting::{AlternativeSnapshot, AlternativeStatus, AlternativesChanged},
};

#[test]
fn ord_07_a_short_order_opens_one_shortage_that_is_decided_and_resolved() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[Some("3"), Some("3")]).await;
        let open: Shortage = people.sales.get(&at).await.ok();
        let lines: Vec<String> =
            open.lines.iter().map(|line| format!("{} {} {}", line.requested, line.held, line.short)).collect();
        assert_eq!((open.status, &lines[..]), (ShortageStatus::Open, &["12 3 9".to_owned(), "4 3 1".to_owned()][..]));
        assert_eq!((open.needed_on, open.order_number.as_str()), (order.delivery_date, order.number.as_str()));
        let fact = answer_lines(yewu, &order, &[Some("5"), None]).await;
        yewu.deliver(&fact).await;
        let known = shortages_of(&people, &order).await;
        assert_eq!((known.len(), known[0].lines.len(), known[0].version), (1, 1, 2), "updated once, no second one");
        let waiting = get(&people, order.id).await;
        assert_eq!((waiting.shortages[0].id, waiting.holds[0].kind), (open.id, HoldKind::Shortage));

        let decide = |decision: &str| json!({"decision": decision, "note": "客户催货"});
        people.warehouse.act(&at, "decide", decide("expedite")).await.problem(403, "permission.missing");
        let stranger = yewu.user("sales_rep", "someone-else", "sales", "west");
        stranger.get(&at).await.problem(404, "not_found");
        people.service.act(&at, "decide", json!({"decision": "wait"})).await.problem(422, "body.invalid");
        let decided: Shortage = people.service.act(&at, "decide", decide("backorder")).await.ok();
        assert_eq!((decided.status, decided.decision), (ShortageStatus::Decided, Some(ShortageDecision::Backorder)));
        people.service.act(&at, "decide", decide("expedite")).await.ok::<Shortage>();
        people.service.act(&at, "decide", decide("backorder")).await.problem(409, "shortage.backward");
        let shown: Shortage = people.sales.get(&at).await.ok();
        let steps: Vec<ShortageDecision> = shown.decisions.iter().map(|step| step.decision).collect();
        assert_eq!(steps, [ShortageDecision::Backorder, ShortageDecision::Expedite]);
        assert_eq!(get(&people, order.id).await.shortages[0].decision, Some(ShortageDecision::Expedite));

        answer(yewu, &order, None).await;
        let (done, checked): (Shortage, Order) = (people.sales.get(&at).await.ok(), get(&people, order.id).await);
        assert_eq!((done.status, done.resolved_at.is_some()), (ShortageStatus::Resolved, true));
        assert!(done.available_actions.is_empty());
        assert_eq!((checked.status, checked.shortages[0].status), (OrderStatus::Checked, ShortageStatus::Resolved));
        people.service.act(&at, "decide", decide("expedite")).await.problem(409, "state.refused");
        let told = facts(yewu, &order).await;
        assert_eq!(told.iter().filter(|fact| *fact == "shortage.detected").count(), 1);
        assert_eq!(told.iter().filter(|fact| *fact == "shortage.decided").count(), 2);
    });
}

#[test]
fn ord_07_a_split_order_goes_on_and_ships_what_has_come() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[None, Some("1")]).await;
        people.service.act(&at, "decide", json!({"decision": "split"})).await.ok::<Shortage>();
        let parted = get(&people, order.id).await;
        assert_eq!(parted.status, OrderStatus::Checked);
        assert!(parted.holds[0].released_at.is_some());
        let order = confirm(&people, &parted).await;
        let order = release(&people, &order).await;
        let body = |quantity: &str| json!({"order_id": order.id, "lines": [{"line_id": order.lines[1].line.id, "quantity": quantity}]});
        let problem = people.warehouse.post(SHIPMENTS, body("1.0001")).await.problem(409, "order.more_than_held");
        assert_eq!(problem.errors[0].pointer, "/lines/0/quantity");
        let first = handed_over(&people, json!({"order_id": order.id})).await;
        let parts: Vec<String> = first.lines.iter().map(|line| line.quantity.to_string()).collect();
        assert_eq!(parts, ["12", "1"], "what is held, and no more");
        assert_eq!(get(&people, order.id).await.status, OrderStatus::PartiallyShipped);
        people.warehouse.post(SHIPMENTS, json!({"order_id": order.id})).await.problem(409, "order.nothing_ready");

        people.warehouse.act(&at, "recheck", json!({})).await.ok::<Shortage>();
        assert_eq!(facts(yewu, &order).await.last().map(String::as_str), Some("availability.requested"));
        answer_lines(yewu, &order, &[None, Some("3")]).await;
        let two: Shipment = people.warehouse.post(SHIPMENTS, body("2")).await.created();
        people
            .warehouse
            .act(&format!("{SHIPMENTS}/{}", two.id), "cancel", json!({"reason": "等齐再发"}))
            .await
            .ok::<Shipment>();
        assert_eq!(shortages_of(&people, &order).await[0].status, ShortageStatus::Decided, "one is still missing");
        answer(yewu, &order, None).await;
        assert_eq!(shortages_of(&people, &order).await[0].status, ShortageStatus::Resolved);
        answer(yewu, &order, Some("0")).await;
        let last = handed_over(&people, json!({"order_id": order.id})).await;
        assert_eq!((last.lines.len(), last.lines[0].quantity.to_string()), (1, "3".into()));
        let shipped = get(&people, order.id).await;
        assert_eq!((shipped.status, shipped.shortages.len()), (OrderStatus::Shipped, 1));
    });
}

#[test]
fn ord_07_another_model_takes_the_place_and_finance_sees_it() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[None, Some("1")]).await;
        let other = product(yewu, "piece").await;
        let line = &order.lines[1].line;
        let suggestion = |alternative_sku: &str, rank| AlternativeSnapshot {
            id: uuid::Uuid::now_v7().into(),
            product_id: uuid::Uuid::now_v7().into(),
            sku: line.sku.clone(),
            alternative_id: uuid::Uuid::now_v7().into(),
            alternative_sku: alternative_sku.into(),
            rank,
            reason: "同口径".into(),
            status: AlternativeStatus::Active,
            version: 1,
        };
        yewu.hear(&AlternativesChanged(suggestion("UNKNOWN", 1))).await;
        yewu.hear(&AlternativesChanged(suggestion(&other, 2))).await;
        let found: Vec<ShortageAlternative> = people.sales.get(&format!("{at}/alternatives")).await.ok();
        let found: Vec<(&str, i32)> = found.iter().map(|one| (one.alternative_sku.as_str(), one.rank)).collect();
        assert_eq!(found, [(other.as_str(), 2)], "only what is sold");

        let body = |price: &str| {
            json!({"decision": "substitute", "evidence": evidence()["evidence"],
            "substitutes": [{"line_id": line.id, "sku": other, "unit_price": price}]})
        };
        let mut silent = body("100.00");
        silent.as_object_mut().unwrap().remove("evidence");
        people.service.act(&at, "decide", silent).await.problem(422, "shortage.evidence");
        let mut unknown = body("100.00");
        unknown["substitutes"][0]["sku"] = json!("NO-SUCH");
        let problem = people.service.act(&at, "decide", unknown).await.problem(422, "order.substitute");
        assert_eq!(problem.errors[0].pointer, "/substitutes/0/sku");
        people.service.act(&at, "decide", body("100.00")).await.ok::<Shortage>();
        people.service.act(&at, "decide", json!({"decision": "split"})).await.problem(409, "gate.closed");
        let changed = get(&people, order.id).await;
        let fresh = &changed.lines[1];
        assert_eq!((fresh.line.sku.as_str(), fresh.substituted_for.as_ref()), (other.as_str(), Some(&line.sku)));
        assert_ne!(fresh.line.id, line.id, "goods are held under the old id");
        assert_eq!(changed.totals.gross.amount.to_string(), "17402.00");
        answer(yewu, &order, None).await;
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Submitted, "that was about the old line");

        answer_lines(yewu, &changed, &[None, Some("2")]).await;
        let (again, old) =
            (shortages_of(&people, &order).await.remove(0), people.sales.get(&at).await.ok::<Shortage>());
        assert_eq!((old.status, old.decision), (ShortageStatus::Resolved, Some(ShortageDecision::Substitute)));
        assert_eq!(
            (again.status, again.decision, again.lines[0].sku.as_str()),
            (ShortageStatus::Open, None, other.as_str())
        );
        answer(yewu, &changed, None).await;
        let states: Vec<ShortageStatus> = get(&people, order.id).await.shortages.iter().map(|one| one.status).collect();
        assert_eq!(states, [ShortageStatus::Resolved; 2], "the other model had a shortage of its own");
        let review = review_of(&people, &order).await;
        assert_eq!((review.price_matches, review.findings[0].kind), (true, FindingKind::Substitute));
        assert!(review.findings[0].note.as_str().contains(&other));
        let check: wire::orders::PriceCheck = people.finance.get(&format!("{}/price-check", path(&order))).await.ok();
        assert_eq!((check.matches, &check.lines[1].differences[0][..]), (false, "sku"));
        reviewed(&people, &order).await;
        let kept = review_of(&people, &order).await;
        assert_eq!((kept.status, kept.findings.len()), (ReviewStatus::ApprovedToInvoice, 1));
    });
}

#[test]
fn ord_07_the_lines_of_a_contract_are_not_replaced() {
    run(async |yewu| {
        let people = people(yewu);
        let (sku, other) = (product(yewu, "piece").await, product(yewu, "piece").await);
        let fact = yewu.hear(&contract(vec![line(1, &sku, "4", "100.00", "0")])).await;
        let order = orders_of(&people, fact.caseid).await.remove(0);
        let at = short(yewu, &people, &order, &[Some("1")]).await;
        let body = json!({"decision": "substitute", "evidence": evidence()["evidence"],
            "substitutes": [{"line_id": order.lines[0].line.id, "sku": other}]});
        people.service.act(&at, "decide", body).await.problem(409, "order.contract_lines");
        let still: Shortage = people.sales.get(&at).await.ok();
        assert_eq!((still.status, still.version), (ShortageStatus::Open, 1), "nothing happened");
    });
}

#[test]
fn ord_07_another_model_above_the_limit_needs_a_contract() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[None, Some("1")]).await;
        let body = json!({"decision": "substitute", "evidence": evidence()["evidence"],
            "substitutes": [{"line_id": order.lines[1].line.id, "sku": product(yewu, "piece").await, "unit_price": "30000.00"}]});
        people.service.act(&at, "decide", body).await.ok::<Shortage>();
        let changed = get(&people, order.id).await;
        assert!(changed.holds.iter().any(|hold| hold.kind == HoldKind::ContractRequired && hold.released_at.is_none()));
        answer(yewu, &changed, None).await;
        reviewed(&people, &changed).await;
        assert_eq!(
            gates(people.service.act(&path(&order), "confirm", json!({})).await.problem(409, "gate.closed")),
            ["hold"]
        );
    });
}

#[test]
fn ord_07_nothing_held_cannot_be_split_and_a_cancelled_order_has_no_shortage() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[Some("0"), Some("0")]).await;
        people.service.act(&at, "decide", json!({"decision": "split"})).await.problem(409, "order.nothing_held");
        let gone: Order = people.service.act(&path(&order), "cancel", json!({"reason": "客户不等了"})).await.ok();
        assert_eq!(gone.shortages[0].status, ShortageStatus::Cancelled);
        let shortage: Shortage = people.sales.get(&at).await.ok();
        assert_eq!((shortage.status, shortage.available_actions.len()), (ShortageStatus::Cancelled, 0));
        answer(yewu, &order, None).await;
        assert_eq!(get(&people, order.id).await.version, gone.version, "an answer that comes late changes nothing");
    });
}

#[test]
fn ord_07_lists_are_narrowed_and_the_buttons_follow_the_role() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[Some("1"), None]).await;
        let query = |status: &str| format!("{SHORTAGES}?order_id={}&status={status}", order.id);
        assert_eq!(people.finance.get(&query("open")).await.ok::<Page<Shortage>>().items.len(), 1);
        assert_eq!(people.finance.get(&query("decided")).await.ok::<Page<Shortage>>().items.len(), 0);
        let buttons = |shortage: Shortage| -> Vec<(String, bool)> {
            shortage.available_actions.into_iter().map(|action| (action.action, action.allowed)).collect()
        };
        let both = [("decide".to_owned(), true), ("recheck".to_owned(), true)];
        assert_eq!(buttons(people.sales.get(&at).await.ok()), both);
        let looking = [("decide".to_owned(), false), ("recheck".to_owned(), false)];
        assert_eq!(buttons(people.finance.get(&at).await.ok()), looking);
        let legal = yewu.user("legal", "legal-1", "legal", "legal");
        legal.get(&at).await.problem(403, "permission.missing");
    });
}

#[test]
fn ord_07_the_review_of_a_split_order_is_the_same_as_ever() {
    run(async |yewu| {
        let people = people(yewu);
        let order = drafted(yewu, &people).await;
        let at = short(yewu, &people, &order, &[Some("1"), None]).await;
        people.service.act(&at, "decide", json!({"decision": "split"})).await.ok::<Shortage>();
        let review: FinanceReview = review_of(&people, &order).await;
        assert_eq!((review.status, review.price_matches, review.findings.len()), (ReviewStatus::Pending, true, 0));
        people.service.act(&at, "decide", json!({"decision": "expedite"})).await.ok::<Shortage>();
        let hurried = get(&people, order.id).await;
        assert_eq!(
            (hurried.status, hurried.shortages[0].decision),
            (OrderStatus::Checked, Some(ShortageDecision::Expedite))
        );
        people.service.act(&at, "decide", json!({"decision": "split"})).await.problem(409, "state.refused");
    });
}

#[test]
fn ord_09_a_withdrawn_contract_is_shown_and_another_is_required() {
    run(async |yewu| {
        let people = people(yewu);
        let sku = product(yewu, "piece").await;
        let fact = yewu.hear(&quote(vec![line(1, &sku, "1", "150000.00", "0")])).await;
        let order = orders_of(&people, fact.caseid).await.remove(0);
        people.service.act(&path(&order), "submit", json!({})).await.ok::<Order>();
        people.service.act(&path(&order), "require-contract", json!({})).await.problem(409, "gate.closed");
        let withdrawn = ContractWithdrawn {
            contract_id: ContractId(uuid::Uuid::now_v7()),
            number: "CT-2026-000007".into(),
            order_id: Some(order.id),
            quote_id: order.quote_id,
            reason: "客户要求改签".into(),
        };
        let fact = yewu.envelope(&withdrawn, order.case_id);
        yewu.deliver(&fact).await;
        yewu.deliver(&fact).await;
        let told = get(&people, order.id).await;
        assert!(told.holds[0].reason.as_deref().unwrap().contains("CT-2026-000007"));
        assert!(told.available_actions.iter().any(|action| action.action == "require_contract" && action.allowed));
        people.finance.act(&path(&order), "require-contract", json!({})).await.problem(403, "permission.missing");
        let again: Order = people.service.act(&path(&order), "require-contract", json!({})).await.ok();
        let open: Vec<bool> = again.holds.iter().map(|hold| hold.released_at.is_none()).collect();
        assert_eq!((open, again.holds[1].reason.as_ref()), (vec![false, true], None));
        let told = facts(yewu, &order).await;
        assert_eq!(told[told.len() - 2..], ["order.hold_released", "order.hold_placed"]);
        let mut effective = contract(vec![line(1, "P", "1", "150000.00", "0")]);
        effective.contract.order_id = Some(order.id);
        yewu.deliver(&yewu.envelope(&effective, order.case_id)).await;
        assert_eq!(get(&people, order.id).await.contract_id, Some(effective.contract.contract_id));
    });
}
