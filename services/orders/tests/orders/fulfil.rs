//! From confirmation to the end: ORD-10, 11, 34, 38.
use crate::world::*;
use serde_json::{Value, json};
use wire::{
    Page,
    contracts::{PaymentsSettled, ReceiptReversed},
    orders::{
        Acceptance, AcceptanceStatus, HoldKind, Order, OrderDecomposed, OrderStatus, ReviewStatus, WorkItem,
        WorkItemAcknowledged, WorkItemStatus, WorkKind,
    },
};

#[test]
fn ord_10_an_order_goes_from_a_quote_to_completed_and_tells_every_step() {
    run(async |yewu| {
        let people = people(yewu);
        let order = delivered(yewu, &people).await;
        assert_eq!(order.status, OrderStatus::Delivered);
        let acceptance: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        people.service.act(&format!("{ACCEPTANCES}/{}", acceptance.id), "accept", evidence()).await.ok::<Acceptance>();
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Accepted);
        paid(yewu, &order, false).await;
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Accepted, "not all of it is paid");
        let fact = paid(yewu, &order, true).await;
        yewu.deliver(&fact).await;
        paid(yewu, &order, true).await;
        let done = get(&people, order.id).await;
        assert_eq!(done.status, OrderStatus::Completed);
        let moments = serde_json::to_value(done.moments).unwrap();
        assert!(moments.as_object().unwrap().values().all(Value::is_string), "{moments}");
        let told = [
            "order.created",
            "availability.requested",
            "order.checked",
            "finance_review.completed",
            "order.confirmed",
            "order.decomposed",
            "work_item.acknowledged",
            "work_item.acknowledged",
            "order.released_for_shipping",
            "shipment.handed_over",
            "shipment.delivered",
            "acceptance.invited",
            "order.accepted",
            "order.completed",
        ];
        assert_eq!(facts(yewu, &order).await, told);
        let nameless = yewu.sql("orders", &format!("SELECT count(*) FROM outbox WHERE case_id = '{}' AND '{}' NOT IN (envelope::json->'data'->>'number', COALESCE(envelope::json->'data'->>'order_number', ''))", order.case_id, order.number)).await;
        assert_eq!(nameless, "0", "every fact carries the order's number");
    });
}

#[test]
fn ord_10_holds_stop_it_and_cancelling_ends_it_with_its_parts() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let at = path(&order);
        let held: Order = people.finance.act(&at, "hold", json!({"reason": "账户异常"})).await.ok();
        assert_eq!((held.holds[0].kind, held.holds[0].reason.as_deref()), (HoldKind::Manual, Some("账户异常")));
        people.service.act(&at, "hold", json!({"reason": "again"})).await.problem(409, "gate.closed");
        work(&people, &order).await;
        let problem = people.finance.act(&at, "release", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].gate, "hold");
        people.service.act(&at, "resume", json!({"reason": "已核实"})).await.ok::<Order>();
        people.service.act(&at, "resume", json!({"reason": "already"})).await.problem(409, "gate.closed");
        people.sales.act(&at, "cancel", json!({"reason": "no"})).await.problem(403, "permission.missing");
        people.service.act(&at, "cancel", json!({})).await.problem(422, "body.invalid");
        let gone: Order = people.service.act(&at, "cancel", json!({"reason": "客户撤单"})).await.ok();
        assert_eq!((gone.status, gone.reason.as_deref()), (OrderStatus::Cancelled, Some("客户撤单")));
        assert!(gone.available_actions.is_empty());
        people.service.act(&at, "cancel", json!({"reason": "twice"})).await.problem(409, "state.refused");
        let mut told = facts(yewu, &order).await;
        told.retain(|fact| fact.starts_with("order."));
        assert_eq!(told[told.len() - 3..], ["order.hold_placed", "order.hold_released", "order.cancelled"]);
        paid(yewu, &order, true).await;
        assert_eq!(
            get(&people, order.id).await.version,
            gone.version,
            "money for a cancelled order changes nothing here"
        );
    });
}

#[test]
fn ord_10_cancelling_ends_the_open_review_and_work() {
    run(async |yewu| {
        let people = people(yewu);
        let order = checked(yewu, &people).await;
        people.service.act(&path(&order), "cancel", json!({"reason": "客户撤单"})).await.ok::<Order>();
        let review = review_of(&people, &order).await;
        assert_eq!(review.status, ReviewStatus::Cancelled);
        people
            .finance
            .act(&format!("{REVIEWS}/{}", review.id), "complete", json!({"result": "approved_to_invoice"}))
            .await
            .problem(409, "state.refused");
        let order = confirmed(yewu, &people).await;
        people.service.act(&path(&order), "cancel", json!({"reason": "客户撤单"})).await.ok::<Order>();
        assert!(work_of(&people, &order).await.iter().all(|item| item.status == WorkItemStatus::Cancelled));
    });
}

#[test]
fn ord_10_the_buttons_follow_the_state_the_gates_and_the_role() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let shown: Order = people.finance.get(&path(&order)).await.ok();
        let buttons: Vec<(&str, bool)> =
            shown.available_actions.iter().map(|a| (a.action.as_str(), a.allowed)).collect();
        assert_eq!(buttons, [("hold", true), ("resume", false), ("cancel", false)]);
        let missing = &shown.available_actions[2].blocked_by[0];
        assert_eq!((missing.gate.as_str(), missing.reference.as_deref()), ("permission", Some("orders.order.cancel")));
    });
}

#[test]
fn ord_11_departments_get_their_work_in_turn() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        assert_eq!(order.open_work_items, 2);
        let items = work_of(&people, &order).await;
        let shown: Vec<(WorkKind, &str, bool)> = items
            .iter()
            .map(|item| (item.kind, item.department_id.as_deref().unwrap(), item.predecessor_id.is_some()))
            .collect();
        assert_eq!(shown, [(WorkKind::PrepareGoods, "warehouse", false), (WorkKind::InspectGoods, "quality", true)]);
        assert_eq!(
            (items[0].lines.len(), items[0].calendar_id.as_str(), items[1].due_at > items[0].due_at),
            (2, "cn", true)
        );
        let (prepare, inspect) = (format!("{WORK}/{}", items[0].id), format!("{WORK}/{}", items[1].id));
        people.warehouse.act(&prepare, "start", json!({})).await.problem(409, "state.refused");
        people.warehouse.act(&inspect, "acknowledge", json!({})).await.problem(404, "not_found");
        people.quality.act(&inspect, "acknowledge", json!({})).await.ok::<WorkItem>();
        let problem = people.quality.act(&inspect, "start", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].gate, "predecessor");
        let seen: WorkItem = people.warehouse.act(&prepare, "acknowledge", json!({})).await.ok();
        assert_eq!(seen.acknowledged_by.as_deref(), Some("user:wh-1"));
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Confirmed);
        people.warehouse.act(&prepare, "start", json!({})).await.ok::<WorkItem>();
        assert_eq!(get(&people, order.id).await.status, OrderStatus::InFulfilment);
        let blocked: WorkItem = people.warehouse.act(&prepare, "block", json!({"reason": "叉车故障"})).await.ok();
        assert_eq!((blocked.status, blocked.block_reason.as_deref()), (WorkItemStatus::Blocked, Some("叉车故障")));
        people.warehouse.act(&prepare, "complete", json!({})).await.problem(409, "state.refused");
        let on: WorkItem = people.warehouse.act(&prepare, "unblock", json!({})).await.ok();
        assert_eq!((on.status, on.block_reason), (WorkItemStatus::InProgress, None));
        people.warehouse.act(&prepare, "complete", json!({"result": "12 台已备齐"})).await.ok::<WorkItem>();
        people.quality.act(&inspect, "start", json!({})).await.ok::<WorkItem>();
        people.quality.act(&inspect, "complete", json!({"result": "合格"})).await.ok::<WorkItem>();
        assert_eq!(get(&people, order.id).await.open_work_items, 0);
        let departments = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'departments' FROM outbox WHERE case_id = '{}' AND kind = 'orders.order.decomposed.v1'", order.case_id)).await;
        assert_eq!(serde_json::from_str::<Vec<String>>(&departments).unwrap(), ["warehouse", "quality"]);
        let told = async |kind: &str| {
            let data = format!(
                "SELECT json_agg(envelope::json->'data' ORDER BY seq) FROM outbox WHERE case_id = '{}' AND kind = '{kind}'",
                order.case_id
            );
            yewu.sql("orders", &data).await
        };
        let assigned: Vec<OrderDecomposed> = serde_json::from_str(&told("orders.order.decomposed.v1").await).unwrap();
        let seen: Vec<WorkItemAcknowledged> =
            serde_json::from_str(&told("orders.work_item.acknowledged.v1").await).unwrap();
        let parts = &assigned[0].work_items;
        assert_eq!(parts.iter().map(|part| part.work_item_id).collect::<Vec<_>>(), [items[0].id, items[1].id]);
        assert_eq!(seen.iter().map(|fact| fact.work_item_id).collect::<Vec<_>>(), [items[1].id, items[0].id]);
        assert_eq!(
            (seen[1].acknowledged_by.as_str(), seen[1].department_id.as_deref()),
            ("user:wh-1", Some("warehouse"))
        );
        assert_eq!(seen[1].acknowledge_until, parts[0].acknowledge_until, "both say until when");
    });
}

#[test]
fn ord_11_service_lines_are_the_technicians_and_each_department_sees_its_own() {
    run(async |yewu| {
        let people = people(yewu);
        let (pump, hours) = (product(yewu, "piece").await, product(yewu, "hour").await);
        let fact = yewu.hear(&quote(vec![line(1, &pump, "1", "10", "0"), line(2, &hours, "8", "10", "0")])).await;
        let order = orders_of(&people, fact.caseid).await.remove(0);
        people.service.act(&path(&order), "submit", json!({})).await.ok::<Order>();
        answer(yewu, &order, None).await;
        reviewed(&people, &order).await;
        people.service.act(&path(&order), "confirm", json!({})).await.ok::<Order>();
        let items = work_of(&people, &order).await;
        let service = items.iter().find(|item| item.kind == WorkKind::PerformService).expect("a technical work item");
        assert_eq!(
            (service.department_id.as_deref(), service.lines.len(), service.lines[0].sku.as_str()),
            (Some("technical"), 1, hours.as_str())
        );
        let head = yewu.user("department_head", "head-q", "quality", "quality");
        let seen: Page<WorkItem> = head.get(&format!("{WORK}?order_id={}", order.id)).await.ok();
        assert_eq!(seen.items.iter().map(|item| item.kind).collect::<Vec<_>>(), [WorkKind::InspectGoods]);
    });
}

#[test]
fn ord_34_the_customer_is_invited_by_the_contracts_criteria_and_has_seven_working_days() {
    run(async |yewu| {
        let people = people(yewu);
        let early = released(yewu, &people).await;
        people.service.post(ACCEPTANCES, json!({"order_id": early.id})).await.problem(409, "state.refused");
        people.service.post(ACCEPTANCES, json!({"order_id": uuid::Uuid::now_v7()})).await.problem(422, "body.invalid");
        let order = delivered(yewu, &people).await;
        let stranger = yewu.user("sales_rep", "someone-else", "sales", "west");
        stranger.post(ACCEPTANCES, json!({"order_id": order.id})).await.problem(422, "body.invalid");
        let first: Acceptance =
            people.sales.post(ACCEPTANCES, json!({"order_id": order.id, "criteria": ["满意度 ≥ 85"]})).await.created();
        assert_eq!(
            (first.status, &first.criteria[..], first.calendar_id.as_str()),
            (AcceptanceStatus::Invited, &["满意度 ≥ 85".to_owned()][..], "cn")
        );
        let days = first.due_at.timestamp().duration_since(first.created_at.timestamp()).as_hours() / 24;
        assert!((7..=20).contains(&days), "seven working days are {days} days");
        people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.problem(409, "acceptance.open");
        let at = format!("{ACCEPTANCES}/{}", first.id);
        let testing: Acceptance = people.service.act(&at, "test", json!({})).await.ok();
        assert_eq!(testing.status, AcceptanceStatus::Testing);
        let rejected: Acceptance = people.service.act(&at, "reject", json!({"reason": "第 3 台异响"})).await.ok();
        assert_eq!((rejected.status, rejected.reason.as_deref()), (AcceptanceStatus::Rejected, Some("第 3 台异响")));
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Delivered);
        let second: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        assert_ne!(second.number, first.number);
        assert_eq!(second.criteria.len(), 1, "without a contract the default counts");
    });
}

#[test]
fn ord_34_an_order_of_a_contract_is_accepted_by_the_contracts_criteria() {
    run(async |yewu| {
        let people = people(yewu);
        let effective = contract(vec![line(1, "P-1", "1", "200000.00", "0")]);
        let fact = yewu.hear(&effective).await;
        let order = orders_of(&people, fact.caseid).await.remove(0);
        let order = check(yewu, &people, &order).await;
        assert!(order.holds.is_empty(), "a contract is there already");
        let order = confirm(&people, &order).await;
        let order = release(&people, &order).await;
        let order = deliver(&people, &order).await;
        let invited: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        assert_eq!(invited.criteria, effective.contract.acceptance_criteria);
        let days = invited.due_at.timestamp().duration_since(invited.created_at.timestamp()).as_hours() / 24;
        assert!((18..=31).contains(&days), "the contract's fifteen working days are {days} days");
        assert_eq!(invited.order_number, order.number);
    });
}

#[test]
fn ord_38_accepted_and_paid_in_either_order_completes() {
    run(async |yewu| {
        let people = people(yewu);
        let order = delivered(yewu, &people).await;
        paid(yewu, &order, true).await;
        let prepaid = get(&people, order.id).await;
        assert_eq!((prepaid.status, prepaid.moments.settled_at.is_some()), (OrderStatus::Delivered, true));
        let acceptance: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        let at = format!("{ACCEPTANCES}/{}", acceptance.id);
        people.service.act(&at, "accept", json!({})).await.problem(422, "body.invalid");
        let signed: Acceptance = people.service.act(&at, "accept", evidence()).await.ok();
        assert_eq!((signed.status, signed.evidence.unwrap().person.as_str()), (AcceptanceStatus::Accepted, "李雷"));
        people.service.act(&at, "accept", evidence()).await.problem(409, "state.refused");
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Completed);
        let told = facts(yewu, &order).await;
        assert_eq!(told[told.len() - 2..], ["order.accepted", "order.completed"]);
        people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.problem(409, "state.refused");
    });
}

#[test]
fn ord_38_money_that_comes_before_the_order_is_told_once_the_order_is_known_and_can_be_taken_back() {
    run(async |yewu| {
        let people = people(yewu);
        let effective = contract(vec![line(1, "P", "1", "10.00", "0")]);
        let case = wire::CaseId(uuid::Uuid::now_v7());
        let (contract_id, number) = (effective.contract.contract_id, effective.contract.number.clone());
        let receipt = |settled| wire::contracts::ReceiptAllocated {
            receipt_id: wire::contracts::ReceiptId(uuid::Uuid::now_v7()),
            number: "RC-2026-000001".into(),
            contract_id: Some(contract_id),
            order_id: None,
            amount: effective.contract.totals.gross,
            settled,
        };
        let early = yewu.envelope(&receipt(true), case);
        yewu.deliver(&early).await;
        let handled = format!("SELECT status FROM inbox WHERE event_id = '{}' AND handler = 'settle-order'", early.id);
        assert_eq!(yewu.sql("orders", &handled).await, "done", "nothing is parked, however late the contract binds");
        yewu.deliver(&yewu.envelope(&effective, case)).await;
        let order = orders_of(&people, Some(case)).await.remove(0);
        assert_eq!(order.moments.settled_at, None);
        let settled = PaymentsSettled { contract_id, number, order_id: order.id };
        yewu.deliver(&yewu.envelope(&settled, case)).await;
        let paid = async || get(&people, order.id).await.moments.settled_at.is_some();
        assert!(paid().await);
        let reversed = |waived| ReceiptReversed {
            receipt_id: wire::contracts::ReceiptId(uuid::Uuid::now_v7()),
            number: "RC-2026-000001".into(),
            contract_id: Some(contract_id),
            order_id: None,
            amount: effective.contract.totals.gross,
            reason: "退票".into(),
            waived,
        };
        yewu.deliver(&yewu.envelope(&reversed(true), case)).await;
        assert!(paid().await, "the rest was waived");
        yewu.deliver(&yewu.envelope(&reversed(false), case)).await;
        assert!(!paid().await, "it bounced");
        yewu.deliver(&yewu.envelope(&receipt(true), case)).await;
        assert!(paid().await, "and was paid again");
    });
}

#[test]
fn ord_38_waiving_what_was_still_open_completes_an_accepted_order_like_the_last_payment() {
    run(async |yewu| {
        let people = people(yewu);
        let order = delivered(yewu, &people).await;
        let acceptance: Acceptance = people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        people.service.act(&format!("{ACCEPTANCES}/{}", acceptance.id), "accept", evidence()).await.ok::<Acceptance>();
        waived(yewu, &order, false).await;
        let waiting = get(&people, order.id).await;
        assert_eq!((waiting.status, waiting.moments.settled_at), (OrderStatus::Accepted, None), "another part is open");
        let fact = waived(yewu, &order, true).await;
        yewu.deliver(&fact).await;
        let done = get(&people, order.id).await;
        assert_eq!((done.status, done.moments.settled_at.is_some()), (OrderStatus::Completed, true));
        paid(yewu, &order, true).await;
        assert_eq!(get(&people, order.id).await.version, done.version, "nothing is left to settle");
        let told = facts(yewu, &order).await;
        assert_eq!(told.iter().filter(|fact| *fact == "order.completed").count(), 1);
    });
}

#[test]
fn ord_10_two_who_confirm_at_once_do_it_once() {
    run(async |yewu| {
        let people = people(yewu);
        let order = checked(yewu, &people).await;
        reviewed(&people, &order).await;
        let at = path(&order);
        let (one, two) = futures_util::future::join(
            people.service.act(&at, "confirm", json!({})),
            people.service.act(&at, "confirm", json!({})),
        )
        .await;
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200);
        assert!([409, 412].contains(&statuses[1]), "{statuses:?}");
        assert_eq!(work_of(&people, &order).await.len(), 2);
    });
}
