//! Purchase orders: by award, by waiver, imported; who agrees; the supplier's word.
use super::{
    fresh, new_item, path, put, run,
    sourcing::{self, approve, attachment, buyer, fact, manager, qualify_in, supplier},
};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    procurement::{Item, PurchaseOrder, PurchaseOrderId, Requisition, Rfq, SourcingWaiver, Supplier, SupplierId},
};

pub fn at(id: PurchaseOrderId) -> String {
    path(format!("purchase-orders/{id}"))
}
pub async fn item(yewu: &Yewu) -> String {
    let sku = fresh("SKU");
    yewu.role("integration").post(&path("items"), new_item(&sku)).await.created::<Item>();
    sku
}
/// An approved requisition of ten of an item.
async fn wanted(yewu: &Yewu, sku: &str, price: &str) -> Requisition {
    let line = json!({"sku": sku, "specification": "DN40", "quantity": "10", "estimated_unit_price": price, "purpose": "补货"});
    sourcing::requisition(yewu, &[], json!({"lines": [line]})).await
}
async fn waived(yewu: &Yewu, buyer: &Client, requisition: &Requisition, supplier: SupplierId) -> SourcingWaiver {
    let body = json!({"reason_code": "sole_source", "justification": "独家供应", "supplier_id": supplier,
        "requisition_ids": [requisition.id], "attachment_id": attachment(buyer).await.id});
    let waiver: SourcingWaiver = buyer.post(&path("sourcing-waivers"), body).await.created();
    buyer.act(&path(format!("sourcing-waivers/{}", waiver.id)), "submit", json!({})).await.ok::<SourcingWaiver>();
    approve(yewu, waiver.id.into()).await;
    waiver
}
fn under(waiver: &SourcingWaiver, requisition: &Requisition, quantity: &str, price: &str) -> Value {
    json!({"supplier_id": waiver.supplier_id, "waiver_id": waiver.id, "currency": "CNY", "lines": [
        {"requisition_line_id": requisition.lines[0].id, "quantity": quantity, "unit_price": price, "tax_rate": "0.13", "lead_time_days": 14}]})
}
/// Three suppliers' quotes for a requisition; the first asks least, the others little more.
async fn quoted(yewu: &Yewu, buyer: &Client, requisition: &Requisition) -> (Vec<SupplierId>, Rfq) {
    let asked = [supplier(yewu).await, supplier(yewu).await, supplier(yewu).await];
    let rfq: Rfq = buyer.post(&path("rfqs"), sourcing::new_rfq(requisition, &asked)).await.created();
    buyer.act(&sourcing::at(rfq.id), "send", json!({})).await.ok::<Rfq>();
    for (supplier, price) in asked.iter().zip(["100.00", "101.00", "102.00"]) {
        let quote = sourcing::quote(yewu, &rfq, *supplier, &[price], 3);
        buyer.act(&sourcing::at(rfq.id), "record-quote", quote).await.ok::<Rfq>();
    }
    (asked.to_vec(), rfq)
}
async fn award(yewu: &Yewu, buyer: &Client, rfq: &Rfq, supplier: SupplierId) {
    for verb in ["close", "evaluate"] {
        buyer.act(&sourcing::at(rfq.id), verb, json!({})).await.ok::<Rfq>();
    }
    let award = json!({"supplier_id": supplier, "basis": "service_brand"});
    manager(yewu).act(&sourcing::at(rfq.id), "award", award).await.ok::<Rfq>();
}
async fn approved(yewu: &Yewu, buyer: &Client, body: &Value) -> PurchaseOrder {
    let order: PurchaseOrder = buyer.post(&path("purchase-orders"), body).await.created();
    buyer.act(&at(order.id), "submit", json!({})).await.ok::<PurchaseOrder>();
    approve(yewu, order.id.into()).await;
    order
}
/// An order that another system sent; lines are `(sku, quantity)`.
pub async fn imported(yewu: &Yewu, lines: &[(&str, &str)]) -> PurchaseOrder {
    let integration = yewu.role("integration");
    let new = json!({"name": "Exotic Liquids", "contact": {}});
    let supplier: Supplier =
        put(&integration, &format!("suppliers/by-ref/northwind/{}", fresh("s")), new).await.created();
    put(&integration, &format!("purchase-orders/by-ref/erp/{}", fresh("po")), import(supplier.id, lines))
        .await
        .created()
}
fn import(supplier: SupplierId, lines: &[(&str, &str)]) -> Value {
    let line = |(sku, quantity): &(&str, &str)| json!({"sku": sku, "quantity": quantity, "unit_price": "50.26", "tax_rate": "0.13"});
    json!({"supplier_id": supplier, "currency": "CNY", "ordered_on": "2025-04-15",
        "lines": lines.iter().map(line).collect::<Vec<_>>()})
}

#[test]
fn pro_24_an_award_becomes_an_order_that_is_approved_sent_and_acknowledged() {
    run(async |yewu| {
        let (buyer, sku) = (buyer(yewu), item(yewu).await);
        let requisition = wanted(yewu, &sku, "90.00").await;
        let (asked, rfq) = quoted(yewu, &buyer, &requisition).await;
        let body = json!({"supplier_id": asked[0], "rfq_id": rfq.id});
        buyer.post(&path("purchase-orders"), &body).await.problem(422, "purchase_order.no_award");
        award(yewu, &buyer, &rfq, asked[0]).await;
        let loser = json!({"supplier_id": asked[1], "rfq_id": rfq.id});
        buyer.post(&path("purchase-orders"), loser).await.problem(422, "purchase_order.no_award");
        let order: PurchaseOrder = buyer.post(&path("purchase-orders"), &body).await.created();
        assert_eq!(
            (order.status.as_str(), order.origin.as_str(), order.totals.gross.to_string()),
            ("draft", "award", "1000.00 CNY".into())
        );
        assert_eq!((order.lines[0].sku.as_str(), order.lines[0].requisition_id), (sku.as_str(), Some(requisition.id)));
        assert!(order.number.starts_with("DRAFT-"));
        buyer.post(&path("purchase-orders"), &body).await.problem(409, "purchase_order.already_ordered");
        let lines = json!({"lines": [{"requisition_line_id": order.lines[0].requisition_line_id, "quantity": "9", "unit_price": "1"}]});
        buyer.patch(&at(order.id), lines).await.problem(422, "purchase_order.lines_of_award");
        buyer.act(&at(order.id), "submit", json!({})).await.ok::<PurchaseOrder>();
        let approval = approve(yewu, order.id.into()).await;
        assert_eq!(approval.steps.iter().map(|step| step.roles.join(" ")).collect::<Vec<_>>(), ["department_head"]);
        let order: PurchaseOrder = buyer.get(&at(order.id)).await.ok();
        assert!(order.status.as_str() == "approved" && order.number.starts_with("PO-20"), "{}", order.number);
        buyer
            .act(&at(order.id), "acknowledge", json!({"promised_on": "2099-01-01"}))
            .await
            .problem(409, "state.refused");
        let order: PurchaseOrder = buyer.act(&at(order.id), "send", json!({})).await.ok();
        assert!(order.lines[0].due_on.is_some());
        let told = fact(yewu, order.id, "procurement.purchase_order.sent.v1").await;
        assert_eq!((&told["requisition_ids"], &told["lines"][0]["ordered"]), (&json!([requisition.id]), &json!("10")));
        yewu.settle().await;
        let covered: Requisition = buyer.get(&path(format!("requisitions/{}", requisition.id))).await.ok();
        assert_eq!(covered.status.as_str(), "ordered");
        let late = json!({"promised_on": "2020-01-01"});
        buyer.act(&at(order.id), "acknowledge", late).await.problem(422, "purchase_order.promised_on");
        let first = json!({"promised_on": "2099-01-01", "note": "王芳电话确认"});
        buyer.act(&at(order.id), "acknowledge", first).await.ok::<PurchaseOrder>();
        let order: PurchaseOrder = buyer.act(&at(order.id), "promise", json!({"promised_on": "2099-02-01"})).await.ok();
        let days: Vec<String> = order.promises.iter().map(|promise| promise.promised_on.to_string()).collect();
        assert_eq!(days, ["2099-01-01", "2099-02-01"]);
        buyer.act(&at(order.id), "cancel", json!({"reason": "x"})).await.problem(403, "permission.missing");
        manager(yewu).act(&at(order.id), "cancel", json!({"reason": "不再需要"})).await.ok::<PurchaseOrder>();
        yewu.settle().await;
        let free: Requisition = buyer.get(&path(format!("requisitions/{}", requisition.id))).await.ok();
        assert_eq!(free.status.as_str(), "approved", "may be ordered again");
        buyer.post(&path("purchase-orders"), &body).await.created::<PurchaseOrder>();
    });
}

#[test]
fn pro_24_a_waiver_is_for_its_supplier_its_requisitions_and_no_more_than_was_wanted() {
    run(async |yewu| {
        let (buyer, winner, sku) = (buyer(yewu), supplier(yewu).await, item(yewu).await);
        let requisition = wanted(yewu, &sku, "111.87").await;
        let waiver = waived(yewu, &buyer, &requisition, winner).await;
        let mut other = under(&waiver, &requisition, "6", "100");
        other["supplier_id"] = json!(supplier(yewu).await);
        buyer.post(&path("purchase-orders"), &other).await.problem(422, "purchase_order.other_supplier");
        let both = json!({"supplier_id": winner, "waiver_id": waiver.id, "rfq_id": waiver.id});
        buyer.post(&path("purchase-orders"), both).await.problem(422, "purchase_order.source");
        buyer
            .post(&path("purchase-orders"), json!({"supplier_id": winner}))
            .await
            .problem(422, "purchase_order.source");
        let foreign = wanted(yewu, &sku, "90.00").await;
        let foreign = buyer.post(&path("purchase-orders"), under(&waiver, &foreign, "1", "1")).await;
        assert_eq!(foreign.problem(422, "purchase_order.not_waived").errors[0].pointer, "/lines/0/requisition_line_id");
        let body = under(&waiver, &requisition, "6", "100");
        let order: PurchaseOrder = buyer.post(&path("purchase-orders"), &body).await.created();
        assert_eq!((order.totals.gross.to_string(), order.case_id), ("678.00 CNY".into(), Some(requisition.case_id)));
        let more = buyer.post(&path("purchase-orders"), under(&waiver, &requisition, "4.01", "100")).await;
        assert_eq!(more.problem(422, "purchase_order.more_than_wanted").errors[0].pointer, "/lines/0/quantity");
        let mut yen = under(&waiver, &requisition, "1", "1");
        yen["currency"] = json!("JPY");
        let refused = buyer.post(&path("purchase-orders"), yen).await;
        assert_eq!(refused.problem(422, "purchase_order.other_currency").errors[0].pointer, "/currency");
        // 1118.70 was approved with the waiver, and 678.00 of it is in the draft.
        let dear = buyer.post(&path("purchase-orders"), under(&waiver, &requisition, "4", "97.51")).await;
        assert_eq!(dear.problem(422, "purchase_order.above_waiver").errors[0].pointer, "/lines");
        let dear = json!({"lines": under(&waiver, &requisition, "10", "99.01")["lines"]});
        buyer.patch(&at(order.id), dear).await.problem(422, "purchase_order.above_waiver");
        let change = json!({"lines": under(&waiver, &requisition, "10", "99")["lines"], "note": "整批"});
        let order: PurchaseOrder = buyer.patch(&at(order.id), change).await.ok();
        assert_eq!((order.lines.len(), order.totals.gross.to_string()), (1, "1118.70 CNY".into()));
        let boss = manager(yewu);
        let seller = path(format!("suppliers/{winner}"));
        boss.act(&seller, "suspend", json!({"reason": "交货迟延"})).await.ok::<Supplier>();
        let closed = buyer.act(&at(order.id), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "supplier_qualified");
        let again = under(&waiver, &requisition, "1", "1");
        let refused = buyer.post(&path("purchase-orders"), &again).await;
        refused.problem(422, "purchase_order.more_than_wanted");
        boss.act(&seller, "qualify", json!({})).await.ok::<Supplier>();
        buyer.act(&at(order.id), "submit", json!({})).await.ok::<PurchaseOrder>();
        let approval = approve(yewu, order.id.into()).await;
        assert_eq!(approval.steps.len(), 2, "above 1000: the department head, then finance");
        boss.act(&seller, "suspend", json!({"reason": "交货迟延"})).await.ok::<Supplier>();
        buyer.act(&at(order.id), "send", json!({})).await.problem(409, "gate.closed");
        boss.act(&seller, "qualify", json!({})).await.ok::<Supplier>();
        buyer.act(&at(order.id), "send", json!({})).await.ok::<PurchaseOrder>();
        let used: SourcingWaiver = buyer.get(&path(format!("sourcing-waivers/{}", waiver.id))).await.ok();
        assert_eq!(used.status.as_str(), "used", "in the same moment");
        buyer.post(&path("purchase-orders"), again).await.problem(422, "purchase_order.no_waiver");
    });
}

#[test]
fn pro_24_an_award_is_ordered_only_as_far_as_its_requisition_still_wants_it() {
    run(async |yewu| {
        let (buyer, boss, sku) = (buyer(yewu), manager(yewu), item(yewu).await);
        let requisition = wanted(yewu, &sku, "120.00").await;
        let (asked, rfq) = quoted(yewu, &buyer, &requisition).await;
        award(yewu, &buyer, &rfq, asked[0]).await;
        let body = json!({"supplier_id": asked[0], "rfq_id": rfq.id});
        let waiver = waived(yewu, &buyer, &requisition, asked[1]).await;
        let other: PurchaseOrder =
            buyer.post(&path("purchase-orders"), under(&waiver, &requisition, "0.01", "100")).await.created();
        let refused = buyer.post(&path("purchase-orders"), &body).await.problem(409, "purchase_order.not_wanted");
        assert!(refused.detail.contains("9.99"), "{refused:?}");
        let why = json!({"reason": "不再需要"});
        boss.act(&at(other.id), "cancel", &why).await.ok::<PurchaseOrder>();
        let order: PurchaseOrder = buyer.post(&path("purchase-orders"), &body).await.created();
        let wish = path(format!("requisitions/{}", requisition.id));
        boss.act(&wish, "cancel", &why).await.ok::<Requisition>();
        let closed = buyer.act(&at(order.id), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "sourced");
        boss.act(&at(order.id), "cancel", why).await.ok::<PurchaseOrder>();
        buyer.post(&path("purchase-orders"), body).await.problem(409, "purchase_order.not_wanted");
    });
}

#[test]
fn pro_24_d_06_a_waiver_is_used_up_by_the_order_that_rests_on_it_and_by_no_other() {
    run(async |yewu| {
        let (buyer, sku) = (buyer(yewu), item(yewu).await);
        let requisition = wanted(yewu, &sku, "120.00").await;
        let (asked, rfq) = quoted(yewu, &buyer, &requisition).await;
        award(yewu, &buyer, &rfq, asked[0]).await;
        let waiver = waived(yewu, &buyer, &requisition, asked[0]).await;
        let status = async || {
            let waiver: SourcingWaiver = buyer.get(&path(format!("sourcing-waivers/{}", waiver.id))).await.ok();
            waiver.status.as_str()
        };
        let awarded = approved(yewu, &buyer, &json!({"supplier_id": asked[0], "rfq_id": rfq.id})).await;
        buyer.act(&at(awarded.id), "send", json!({})).await.ok::<PurchaseOrder>();
        yewu.settle().await;
        assert_eq!(status().await, "approved", "that order rests on an award");
        manager(yewu).act(&at(awarded.id), "cancel", json!({"reason": "改期"})).await.ok::<PurchaseOrder>();
        yewu.settle().await;
        let first = approved(yewu, &buyer, &under(&waiver, &requisition, "4", "100")).await;
        let second = approved(yewu, &buyer, &under(&waiver, &requisition, "6", "100")).await;
        buyer.act(&at(first.id), "send", json!({})).await.ok::<PurchaseOrder>();
        assert_eq!(status().await, "used");
        let closed = buyer.act(&at(second.id), "send", json!({})).await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "sourced", "one order, not two");
    });
}

#[test]
fn pro_15_who_is_not_qualified_gets_no_order() {
    run(async |yewu| {
        let (buyer, sku) = (buyer(yewu), item(yewu).await);
        let unqualified = sourcing::uncategorized(yewu).await;
        let requisition = wanted(yewu, &sku, "90.00").await;
        let waiver = waived(yewu, &buyer, &requisition, unqualified).await;
        let body = under(&waiver, &requisition, "6", "100");
        let problem = buyer.post(&path("purchase-orders"), &body).await.problem(422, "supplier.not_qualified");
        assert_eq!(problem.errors[0].pointer, "/supplier_id", "not in this category");
        qualify_in(yewu, unqualified, "office_supplies").await;
        buyer.post(&path("purchase-orders"), &body).await.created::<PurchaseOrder>();
        yewu.role("warehouse").post(&path("purchase-orders"), body).await.problem(403, "permission.missing");
    });
}

#[test]
fn pro_24_the_maker_does_not_agree_and_what_is_sent_back_can_be_mended() {
    run(async |yewu| {
        let (buyer, winner, sku) = (buyer(yewu), supplier(yewu).await, item(yewu).await);
        let requisition = wanted(yewu, &sku, "90.00").await;
        let waiver = waived(yewu, &buyer, &requisition, winner).await;
        let order: PurchaseOrder =
            buyer.post(&path("purchase-orders"), under(&waiver, &requisition, "1", "100")).await.created();
        buyer.act(&at(order.id), "submit", json!({})).await.ok::<PurchaseOrder>();
        let query = path(format!("approvals?subject_id={}&status=pending", order.id));
        let page: Page<wire::approval::Approval> = yewu.role("auditor").get(&query).await.ok();
        let asked = path(format!("approvals/{}", page.items[0].id));
        buyer.act(&asked, "approve", json!({})).await.problem(403, "permission.missing");
        let head = yewu.role("department_head");
        head.act(&asked, "reject", json!({"comment": "价格过高"})).await.ok::<wire::approval::Approval>();
        let back: PurchaseOrder = buyer.get(&at(order.id)).await.ok();
        assert_eq!((back.status.as_str(), back.reason.as_deref()), ("draft", Some("价格过高")));
        let cheaper = json!({"lines": under(&waiver, &requisition, "1", "90")["lines"]});
        buyer.patch(&at(order.id), cheaper).await.ok::<PurchaseOrder>();
        buyer.act(&at(order.id), "submit", json!({})).await.ok::<PurchaseOrder>();
        approve(yewu, order.id.into()).await;
        assert_eq!(buyer.get(&at(order.id)).await.ok::<PurchaseOrder>().totals.gross.to_string(), "101.70 CNY");
    });
}

#[test]
fn pro_24_orders_of_another_system_are_taken_over_by_reference() {
    run(async |yewu| {
        let (integration, sku) = (yewu.role("integration"), item(yewu).await);
        let order = imported(yewu, &[(&sku, "4")]).await;
        assert_eq!((order.status.as_str(), order.origin.as_str()), ("sent", "imported"));
        assert!(order.number.starts_with("PI-20"), "gapless numbers are for what we approve: {}", order.number);
        let register = path(format!("document-register?number={}", order.number));
        let register: Value = yewu.role("archivist").get(&register).await.ok();
        let (entries, entry) = (register["items"].as_array().unwrap().len(), &register["items"][0]);
        assert_eq!(
            (entries, &entry["kind"], &entry["entity_id"], &entry["status"]),
            (1, &json!("purchase_order"), &json!(order.id), &json!("registered"))
        );
        let place = format!("purchase-orders/by-ref/erp/{}", order.external_refs[0].id);
        let same: PurchaseOrder = put(&integration, &place, import(order.supplier_id, &[(&sku, "4")])).await.ok();
        assert_eq!((same.id, same.version), (order.id, 1));
        // What it names is called something else by now, or not bought any more: still the same order.
        let items: Page<Item> = integration.get(&path(format!("items?sku={sku}"))).await.ok();
        let thing = path(format!("items/{}", items.items[0].id));
        integration.patch(&thing, json!({"name": "新名称", "unit": "箱"})).await.ok::<Item>();
        manager(yewu).act(&thing, "retire", json!({})).await.ok::<Item>();
        let same: PurchaseOrder = put(&integration, &place, import(order.supplier_id, &[(&sku, "4")])).await.ok();
        assert_eq!((same.id, same.version), (order.id, 1));
        let anew = format!("purchase-orders/by-ref/erp/{}", fresh("po"));
        let refused = put(&integration, &anew, import(order.supplier_id, &[(&sku, "4")])).await;
        refused.problem(422, "purchase_order.unknown_item");
        let mut body = import(order.supplier_id, &[(&sku, "5")]);
        body["total"] = json!({"amount": "283.96", "currency": "CNY"});
        let problem = put(&integration, &place, body.clone()).await.problem(422, "purchase_order.total_differs");
        assert_eq!(problem.errors[0].pointer, "/total");
        body["total"]["amount"] = json!("283.97");
        let changed: PurchaseOrder = put(&integration, &place, body.clone()).await.ok();
        assert_eq!((changed.id, changed.version, changed.lines[0].quantity.to_string()), (order.id, 2, "5".into()));
        let unknown = import(order.supplier_id, &[("NO-SUCH", "1")]);
        put(&integration, &place, unknown).await.problem(422, "purchase_order.unknown_item");
        put(&yewu.role("buyer"), &place, body).await.problem(403, "permission.missing");
        let page: Page<PurchaseOrder> = yewu
            .role("auditor")
            .get(&path(format!("purchase-orders?supplier_id={}&status=sent", order.supplier_id)))
            .await
            .ok();
        assert_eq!(page.items.iter().map(|one| one.id).collect::<Vec<_>>(), [order.id]);
    });
}
