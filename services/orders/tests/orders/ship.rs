//! Shipping: ORD-20, 21, 22, 26, 32.
use crate::world::*;
use serde_json::json;
use wire::orders::{Order, OrderStatus, Shipment, ShipmentStatus, WorkItem};

#[test]
fn ord_20_21_nothing_ships_before_quality_passed_and_finance_released() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let (at, body) = (path(&order), json!({"order_id": order.id}));
        people.warehouse.post(SHIPMENTS, &body).await.problem(409, "state.refused");
        let first = &work_of(&people, &order).await[0];
        let prepare = format!("{WORK}/{}", first.id);
        people.warehouse.act(&prepare, "acknowledge", json!({})).await.ok::<WorkItem>();
        people.warehouse.act(&prepare, "start", json!({})).await.ok::<WorkItem>();
        let gates =
            |problem: wire::Problem| problem.blocked_by.iter().map(|gate| gate.gate.clone()).collect::<Vec<_>>();
        assert_eq!(
            gates(people.warehouse.post(SHIPMENTS, &body).await.problem(409, "gate.closed")),
            ["quality_gate", "release"]
        );
        assert_eq!(
            gates(people.finance.act(&at, "release", json!({})).await.problem(409, "gate.closed")),
            ["quality_gate"]
        );
        people.warehouse.act(&prepare, "complete", json!({})).await.ok::<WorkItem>();
        let inspect = format!("{WORK}/{}", work_of(&people, &order).await[1].id);
        for verb in ["acknowledge", "start", "complete"] {
            people.quality.act(&inspect, verb, json!({})).await.ok::<WorkItem>();
        }
        assert_eq!(gates(people.warehouse.post(SHIPMENTS, &body).await.problem(409, "gate.closed")), ["release"]);
        people.warehouse.act(&at, "release", json!({})).await.problem(403, "permission.missing");
        let released: Order = people.finance.act(&at, "release", json!({})).await.ok();
        assert!(released.moments.released_at.is_some());
        people.finance.act(&at, "release", json!({})).await.problem(409, "gate.closed");
        people.warehouse.post(SHIPMENTS, &body).await.created::<Shipment>();
    });
}

#[test]
fn ord_22_parts_of_an_order_ship_one_by_one_and_never_more_than_was_ordered() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let body = |line: usize, quantity: &str| json!({"order_id": order.id, "lines": [{"line_id": order.lines[line].line.id, "quantity": quantity}]});
        let problem = people.warehouse.post(SHIPMENTS, body(0, "12.0001")).await.problem(422, "order.more_than_open");
        assert_eq!(problem.errors[0].pointer, "/lines/0/quantity");
        let first = handed_over(&people, body(0, "5")).await;
        assert!(first.number.starts_with("SH-20"));
        let part = get(&people, order.id).await;
        assert_eq!((part.status, part.lines[0].shipped.to_string()), (OrderStatus::PartiallyShipped, "5".into()));
        people.service.act(&path(&order), "cancel", json!({"reason": "late"})).await.problem(409, "state.refused");
        people.warehouse.post(SHIPMENTS, body(0, "7.0001")).await.problem(422, "order.more_than_open");
        let second = handed_over(&people, json!({"order_id": order.id})).await;
        let rest: Vec<String> = second.lines.iter().map(|line| line.quantity.to_string()).collect();
        assert_eq!(rest, ["7", "4"], "all that was open");
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Shipped);
        people.warehouse.post(SHIPMENTS, json!({"order_id": order.id})).await.problem(409, "state.refused");
        for shipment in [&first, &second] {
            let at = format!("{SHIPMENTS}/{}", shipment.id);
            people.warehouse.act(&at, "deliver", json!({"signer": "李雷"})).await.ok::<Shipment>();
        }
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Delivered);
    });
}

#[test]
fn ord_22_two_warehouses_do_not_ship_the_same_goods() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let body = json!({"order_id": order.id, "lines": [{"line_id": order.lines[0].line.id, "quantity": "7"}]});
        let answers = futures_util::future::join_all((0..4).map(|_| people.warehouse.post(SHIPMENTS, &body))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422], "12 were ordered");
    });
}

#[test]
fn ord_22_every_step_in_its_order_and_each_parcel_its_own_number() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let shipment: Shipment = people.warehouse.post(SHIPMENTS, json!({"order_id": order.id})).await.created();
        let at = format!("{SHIPMENTS}/{}", shipment.id);
        for verb in ["pack", "hand-over", "depart"] {
            people.warehouse.act(&at, verb, json!({})).await.problem(409, "state.refused");
        }
        people.warehouse.act(&at, "deliver", json!({"signer": "李雷"})).await.problem(409, "state.refused");
        people.finance.act(&at, "pick", json!({})).await.problem(403, "permission.missing");
        people.warehouse.act(&at, "pick", json!({})).await.ok::<Shipment>();
        people.warehouse.act(&at, "pack", json!({})).await.ok::<Shipment>();
        let other = handed_over(&people, json!({"order_id": released(yewu, &people).await.id})).await;
        let label = |number: &str| json!({"carrier": "SF", "tracking_number": number});
        people
            .warehouse
            .act(&at, "label", label(other.tracking_number.as_deref().unwrap()))
            .await
            .problem(409, "shipment.tracking_taken");
        let labelled: Shipment =
            people.warehouse.act(&at, "label", label(&format!("SF{}", uuid::Uuid::now_v7().simple()))).await.ok();
        assert_eq!((labelled.status, labelled.carrier.as_deref()), (ShipmentStatus::Labelled, Some("SF")));
        let held: Order = people.service.act(&path(&order), "hold", json!({"reason": "核对"})).await.ok();
        people.warehouse.act(&at, "hand-over", json!({})).await.problem(409, "gate.closed");
        people.service.act(&path(&held), "resume", json!({"reason": "无误"})).await.ok::<Order>();
        people.warehouse.act(&at, "hand-over", json!({})).await.ok::<Shipment>();
        let fact = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'order_number' || ' ' || (envelope::json->'data'->>'carrier') || ' ' || json_array_length(envelope::json->'data'->'lines') FROM outbox WHERE subject = '{}' AND kind = 'orders.shipment.handed_over.v1'", shipment.id)).await;
        assert_eq!(fact, format!("{} SF 2", order.number));
        people.warehouse.act(&at, "cancel", json!({"reason": "late"})).await.problem(409, "state.refused");
    });
}

#[test]
fn ord_22_what_is_cancelled_or_comes_back_can_be_shipped_again() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let shipment: Shipment = people.warehouse.post(SHIPMENTS, json!({"order_id": order.id})).await.created();
        people.service.act(&path(&order), "cancel", json!({"reason": "no"})).await.problem(409, "gate.closed");
        let gone: Shipment = people
            .warehouse
            .act(&format!("{SHIPMENTS}/{}", shipment.id), "cancel", json!({"reason": "装错箱"}))
            .await
            .ok();
        assert_eq!(gone.status, ShipmentStatus::Cancelled);
        let second = handed_over(&people, json!({"order_id": order.id})).await;
        let at = format!("{SHIPMENTS}/{}", second.id);
        let stuck: Shipment = people.service.act(&at, "report-exception", json!({"reason": "包裹破损"})).await.ok();
        assert_eq!((stuck.status, stuck.reason.as_deref()), (ShipmentStatus::Exception, Some("包裹破损")));
        people.warehouse.act(&at, "return", json!({"reason": "退回返工"})).await.ok::<Shipment>();
        let back = get(&people, order.id).await;
        assert_eq!(
            (back.status, back.lines[0].planned.to_string(), back.lines[0].shipped.to_string()),
            (OrderStatus::InFulfilment, "0".into(), "0".into())
        );
        handed_over(&people, json!({"order_id": order.id})).await;
        assert_eq!(get(&people, order.id).await.status, OrderStatus::Shipped);
    });
}

#[test]
fn ord_26_the_notice_says_number_day_and_how_to_sign() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let shipment = handed_over(&people, json!({"order_id": order.id})).await;
        let at = format!("{SHIPMENTS}/{}", shipment.id);
        let notice = |day: &str| json!({"expected_on": day, "signing_requirements": "预约上门，当面验货"});
        people.service.act(&at, "notify", notice("2020-01-01")).await.problem(422, "shipment.expected_on");
        people.service.act(&at, "notify", json!({"expected_on": "2099-12-31"})).await.problem(422, "body.invalid");
        let told: Shipment = people.service.act(&at, "notify", notice("2099-12-31")).await.ok();
        let sent = told.notice.unwrap();
        assert_eq!(
            (Some(&sent.tracking_number), sent.signing_requirements.as_str(), told.status),
            (shipment.tracking_number.as_ref(), "预约上门，当面验货", ShipmentStatus::HandedOver)
        );
        let fact = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'order_number' || ' ' || (envelope::json->'data'->>'expected_on') FROM outbox WHERE subject = '{}' AND kind = 'orders.shipment.notified.v1'", shipment.id)).await;
        assert_eq!(fact, format!("{} 2099-12-31", order.number));
    });
}

#[test]
fn ord_32_delivery_has_a_signer_and_a_time_that_can_be() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let shipment = handed_over(&people, json!({"order_id": order.id})).await;
        let at = format!("{SHIPMENTS}/{}", shipment.id);
        people.warehouse.act(&at, "depart", json!({})).await.ok::<Shipment>();
        people.warehouse.act(&at, "deliver", json!({})).await.problem(422, "body.invalid");
        for impossible in ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"] {
            let body = json!({"signer": "李雷", "delivered_at": impossible});
            people.warehouse.act(&at, "deliver", body).await.problem(422, "shipment.delivered_at");
        }
        let handed_over = shipment.handed_over_at.unwrap();
        let done: Shipment =
            people.warehouse.act(&at, "deliver", json!({"signer": "李雷", "delivered_at": handed_over})).await.ok();
        assert_eq!(
            (done.status, done.signer.as_deref(), done.delivered_at),
            (ShipmentStatus::Delivered, Some("李雷"), Some(handed_over))
        );
        let fact = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'order_id' || ' ' || (envelope::json->'data'->>'signer') FROM outbox WHERE subject = '{}' AND kind = 'orders.shipment.delivered.v1'", shipment.id)).await;
        assert_eq!(fact, format!("{} 李雷", order.id));
        people.warehouse.act(&at, "deliver", json!({"signer": "李雷"})).await.problem(409, "state.refused");
    });
}
