//! Inspections, their reports, and what did not pass: ORD-17, 18, 19, 20.
use crate::world::*;
use serde_json::json;
use wire::orders::{
    AvailabilityStatus, Inspection, InspectionReport, InspectionResult, InspectionStatus, Nonconformity,
    NonconformityStatus, Order, OrderAvailability, Shipment, ShortageStatus, WorkItem,
};

/// Prepares the goods and begins their inspection; returns where that work item is.
async fn inspecting(people: &People, order: &Order) -> String {
    let items = work_of(people, order).await;
    let (prepare, inspect) = (format!("{WORK}/{}", items[0].id), format!("{WORK}/{}", items[1].id));
    for verb in ["acknowledge", "start", "complete"] {
        people.warehouse.act(&prepare, verb, json!({})).await.ok::<WorkItem>();
    }
    for verb in ["acknowledge", "start"] {
        people.quality.act(&inspect, verb, json!({})).await.ok::<WorkItem>();
    }
    inspect
}

#[test]
fn ord_17_a_planned_final_inspection_must_pass_before_the_goods_go_on() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let item = inspecting(&people, &order).await;
        let at = inspection(&people, &order, "final").await;
        assert_eq!(get(&people, order.id).await.open_inspections, 1);
        let shown: WorkItem = people.quality.get(&item).await.ok();
        let complete = shown.available_actions.iter().find(|action| action.action == "complete").unwrap();
        assert_eq!((complete.allowed, complete.blocked_by[0].gate.as_str()), (false, "inspection"));
        assert_eq!(
            gates(people.quality.act(&item, "complete", json!({})).await.problem(409, "gate.closed")),
            ["inspection"]
        );
        people.warehouse.act(&at, "complete", reading("6")).await.problem(403, "permission.missing");
        people.quality.act(&at, "complete", json!({"readings": []})).await.problem(422, "inspection.readings");
        let done: Inspection = people.quality.act(&at, "complete", reading("6.2")).await.ok();
        assert_eq!(
            (done.status, done.result, done.defects, done.inspected_by.as_deref()),
            (InspectionStatus::Done, Some(InspectionResult::Pass), Some(0), Some("user:qa-1"))
        );
        people.quality.act(&at, "complete", reading("6")).await.problem(409, "state.refused");
        people.quality.act(&item, "complete", json!({})).await.ok::<WorkItem>();
        let free = get(&people, order.id).await;
        assert_eq!((free.open_inspections, free.open_work_items), (0, 0));
        people.finance.act(&path(&order), "release", json!({})).await.ok::<Order>();
        assert!(facts(yewu, &order).await.contains(&"inspection.completed".to_owned()));
    });
}

#[test]
fn ord_17_only_goods_that_are_being_prepared_are_inspected_and_only_within_the_line() {
    run(async |yewu| {
        let people = people(yewu);
        let order = checked(yewu, &people).await;
        let body = |lot: u32| {
            json!({"order_id": order.id, "line_id": order.lines[0].line.id, "stage": "in_process",
            "plan": {"lot_size": lot, "sample_size": 1, "acceptance_number": 0}})
        };
        people.quality.post(INSPECTIONS, body(12)).await.problem(409, "state.refused");
        confirm(&people, &order).await;
        people.sales.post(INSPECTIONS, body(12)).await.problem(403, "permission.missing");
        people.quality.post(INSPECTIONS, body(13)).await.problem(422, "inspection.lot_size");
        let mut other = body(12);
        other["line_id"] = json!(uuid::Uuid::now_v7());
        people.quality.post(INSPECTIONS, other).await.problem(422, "inspection.line");
        let planned: Inspection = people.quality.post(INSPECTIONS, body(12)).await.created();
        assert!(planned.number.starts_with("QI-20"));
        assert_eq!(get(&people, order.id).await.open_inspections, 0, "one in process keeps nothing from shipping");
        let at = format!("{INSPECTIONS}/{}", planned.id);
        people.quality.act(&at, "cancel", json!({})).await.problem(422, "body.invalid");
        let gone: Inspection = people.quality.act(&at, "cancel", json!({"reason": "重复"})).await.ok();
        assert_eq!((gone.status, gone.reason.as_deref()), (InspectionStatus::Cancelled, Some("重复")));
        let stranger = yewu.user("sales_rep", "someone-else", "sales", "west");
        stranger.get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn ord_18_a_report_is_signed_once_and_fixed_by_its_hash() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let at = inspection(&people, &order, "final").await;
        let signer = json!({"signer": "王质检"});
        people.quality.act(&at, "report", &signer).await.problem(409, "inspection_report.not_passed");
        people.quality.get(&format!("{at}/report")).await.problem(404, "not_found");
        people.quality.act(&at, "complete", reading("6.05")).await.ok::<Inspection>();
        people.quality.act(&at, "report", json!({})).await.problem(422, "body.invalid");
        people.production.act(&at, "report", &signer).await.problem(403, "permission.missing");
        let issued: InspectionReport = people.quality.act(&at, "report", &signer).await.created();
        assert!(issued.number.starts_with("QR-20") && issued.content.contains("6.05"));
        people.quality.act(&at, "report", &signer).await.problem(409, "inspection_report.issued");
        let read: InspectionReport = people.sales.get(&format!("{at}/report")).await.ok();
        assert_eq!((read.content, read.signer.as_str()), (issued.content, "王质检"));
        let hash = yewu
            .sql(
                "orders",
                &format!(
                    "SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM inspection_reports WHERE id = '{}'",
                    issued.id
                ),
            )
            .await;
        assert_eq!((hash.as_str(), read.sha256.as_str()), (issued.sha256.as_str(), issued.sha256.as_str()));
        let fact = yewu.sql("orders", &format!("SELECT envelope::json->'data'->>'sha256' FROM outbox WHERE subject = '{}' AND kind = 'orders.inspection_report.issued.v1'", issued.id)).await;
        assert_eq!(fact, hash);
    });
}

#[test]
fn ord_19_what_fails_is_reworked_and_inspected_again_until_it_passes() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let item = inspecting(&people, &order).await;
        let at = inspection(&people, &order, "final").await;
        let failed: Inspection = people.quality.act(&at, "complete", reading("6.2001")).await.ok();
        assert_eq!(failed.result, Some(InspectionResult::Fail));
        let open = nonconformities_of(&people, &order).await.remove(0);
        assert_eq!((open.status, open.inspection_id, open.loops), (NonconformityStatus::Open, failed.id, 0));
        let known = format!("{NONCONFORMITIES}/{}", open.id);
        assert_eq!(
            gates(people.quality.act(&item, "complete", json!({})).await.problem(409, "gate.closed")),
            ["inspection"]
        );
        people.quality.act(&known, "reinspect", json!({})).await.problem(409, "state.refused");
        people.sales.act(&known, "rework", json!({"instructions": "x"})).await.problem(403, "permission.missing");
        for (measured, status, loops) in [("5.7", NonconformityStatus::Open, 1), ("6", NonconformityStatus::Closed, 2)]
        {
            people.production.act(&known, "rework", json!({"instructions": "更换密封"})).await.ok::<Nonconformity>();
            let again: Nonconformity = people.quality.act(&known, "reinspect", json!({})).await.ok();
            let second = format!("{INSPECTIONS}/{}", again.reinspection_id.unwrap());
            assert_eq!(
                gates(people.quality.act(&second, "cancel", json!({"reason": "x"})).await.problem(409, "gate.closed")),
                ["nonconformity"]
            );
            assert_eq!(get(&people, order.id).await.open_inspections, 1);
            people.quality.act(&second, "complete", reading(measured)).await.ok::<Inspection>();
            let now: Nonconformity = people.quality.get(&known).await.ok();
            assert_eq!((now.status, now.loops), (status, loops));
        }
        assert_eq!(nonconformities_of(&people, &order).await.len(), 1, "a second failure is the same nonconformity");
        people.quality.act(&item, "complete", json!({})).await.ok::<WorkItem>();
        people.finance.act(&path(&order), "release", json!({})).await.ok::<Order>();
        let told = facts(yewu, &order).await;
        assert_eq!(told.iter().filter(|fact| *fact == "nonconformity.opened").count(), 2);
        assert_eq!(told.iter().filter(|fact| *fact == "nonconformity.closed").count(), 1);
    });
}

#[test]
fn ord_19_scrapped_goods_are_asked_for_again_and_what_is_missing_is_a_shortage() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let at = inspection(&people, &order, "final").await;
        let body = json!({"order_id": order.id});
        assert_eq!(gates(people.warehouse.post(SHIPMENTS, &body).await.problem(409, "gate.closed")), ["quality_gate"]);
        people.quality.act(&at, "complete", reading("9")).await.ok::<Inspection>();
        assert_eq!(gates(people.warehouse.post(SHIPMENTS, &body).await.problem(409, "gate.closed")), ["quality_gate"]);
        let known = format!("{NONCONFORMITIES}/{}", nonconformities_of(&people, &order).await[0].id);
        let scrap = |quantity: &str| json!({"reason": "叶轮开裂", "quantity": quantity});
        people.quality.act(&known, "scrap", scrap("2")).await.problem(403, "permission.missing");
        people.production.act(&known, "scrap", scrap("13")).await.problem(422, "nonconformity.quantity");
        people.production.act(&known, "scrap", json!({"quantity": "2"})).await.problem(422, "body.invalid");
        let gone: Nonconformity = people.production.act(&known, "scrap", scrap("2")).await.ok();
        assert_eq!((gone.status, gone.scrapped.unwrap().to_string()), (NonconformityStatus::Scrapped, "2".into()));
        let order = get(&people, order.id).await;
        assert_eq!((order.lines[0].scrapped.to_string(), order.open_nonconformities), ("2".into(), 0));
        let asked = yewu.sql("orders", &format!("SELECT envelope::json->'data'->'lines'->0->>'quantity' FROM outbox WHERE case_id = '{}' AND kind = 'orders.availability.requested.v1' ORDER BY seq DESC LIMIT 1", order.case_id)).await;
        assert_eq!(asked, "14", "12 good ones beside the 2 that are lost");
        answer_lines(yewu, &order, &[Some("13"), None]).await;
        let shortage = shortages_of(&people, &order).await.remove(0);
        assert_eq!(
            (shortage.lines[0].held.to_string(), shortage.lines[0].short.to_string()),
            ("11".into(), "1".into())
        );
        let at = format!("{SHORTAGES}/{}", shortage.id);
        people.service.act(&at, "decide", json!({"decision": "split"})).await.problem(409, "state.refused");
        people.service.act(&at, "decide", json!({"decision": "expedite"})).await.ok::<wire::orders::Shortage>();
        let first: Shipment = handed_over(&people, json!({"order_id": order.id})).await;
        assert_eq!(first.lines[0].quantity.to_string(), "11", "the goods that are good");
        answer(yewu, &order, None).await;
        assert_eq!(shortages_of(&people, &order).await[0].status, ShortageStatus::Resolved);
        let said: OrderAvailability = people.sales.get(&format!("{}/availability", path(&order))).await.ok();
        assert_eq!(
            (said.status, said.lines[0].available.unwrap().to_string()),
            (AvailabilityStatus::Complete, "12".into())
        );
        handed_over(&people, json!({"order_id": order.id})).await;
        assert_eq!(get(&people, order.id).await.status, wire::orders::OrderStatus::Shipped);
    });
}

#[test]
fn ord_19_what_fails_after_the_goods_have_left_is_recorded_and_can_be_given_up() {
    run(async |yewu| {
        let people = people(yewu);
        let order = released(yewu, &people).await;
        let at = inspection(&people, &order, "in_process").await;
        let order = deliver(&people, &order).await;
        paid(yewu, &order, true).await;
        let accepted: wire::orders::Acceptance =
            people.service.post(ACCEPTANCES, json!({"order_id": order.id})).await.created();
        let accepted = format!("{ACCEPTANCES}/{}", accepted.id);
        people.service.act(&accepted, "accept", evidence()).await.ok::<wire::orders::Acceptance>();
        people.quality.act(&at, "complete", reading("9")).await.ok::<Inspection>();
        let known = nonconformities_of(&people, &order).await.remove(0);
        let completed = get(&people, order.id).await;
        assert_eq!((completed.status, completed.open_nonconformities), (wire::orders::OrderStatus::Completed, 1));
        let scrap = json!({"reason": "叶轮开裂", "quantity": "2"});
        let path = format!("{NONCONFORMITIES}/{}", known.id);
        let gone: Nonconformity = people.production.act(&path, "scrap", scrap).await.ok();
        let after = get(&people, order.id).await;
        assert_eq!((gone.status, after.open_nonconformities), (NonconformityStatus::Scrapped, 0));
        assert_eq!(after.lines[0].scrapped.to_string(), "0", "nothing is asked for in its place");
    });
}

#[test]
fn ord_19_a_cancelled_order_leaves_nothing_to_inspect() {
    run(async |yewu| {
        let people = people(yewu);
        let order = confirmed(yewu, &people).await;
        let failing = inspection(&people, &order, "in_process").await;
        people.quality.act(&failing, "complete", reading("9")).await.ok::<Inspection>();
        let planned = inspection(&people, &order, "final").await;
        let gone: Order = people.service.act(&path(&order), "cancel", json!({"reason": "客户撤单"})).await.ok();
        assert_eq!((gone.open_inspections, gone.open_nonconformities), (0, 0));
        let inspection: Inspection = people.quality.get(&planned).await.ok();
        assert_eq!(inspection.status, InspectionStatus::Cancelled);
        assert_eq!(nonconformities_of(&people, &order).await[0].status, NonconformityStatus::Cancelled);
    });
}
