//! Requisitions that come about by themselves: of shortages and of low stock; and what purchase orders do to them.
use super::{
    after_jobs, fresh, new_item, open, path,
    requisitions::{APPROVERS, approve, at, chair, submitted},
    run,
};
use serde_json::json;
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    Amount, CaseId, CloudEvent, Currency, Money, Page, Quantity,
    orders::{OrderCancelled, OrderId, ShortLine, ShortageDecided, ShortageDecision, ShortageId, ShortageSnapshot},
    procurement::{
        Item, PurchaseOrderCancelled, PurchaseOrderId, PurchaseOrderReceived, PurchaseOrderSent, PurchaseOrderSnapshot,
        PurchasedLine, Requisition, RequisitionPriority, RequisitionSource, RequisitionStatus, Supplier, SupplierId,
    },
};

/// A shortage of one order, as procurement hears of it.
struct Short {
    case: CaseId,
    shortage: ShortageSnapshot,
}
impl Short {
    fn of(lines: &[(&str, &str)]) -> Self {
        let line = |(sku, short): &(&str, &str)| ShortLine {
            line_id: Uuid::now_v7(),
            sku: (*sku).into(),
            requested: "100".parse().expect("a test's own value"),
            short: short.parse().expect("a test's own value"),
        };
        let shortage = ShortageSnapshot {
            shortage_id: ShortageId(Uuid::now_v7()),
            number: "SH-1".into(),
            order_id: OrderId(Uuid::now_v7()),
            order_number: fresh("SO"),
            needed_on: Some("2030-05-06".parse().expect("a test's own value")),
            lines: lines.iter().map(line).collect(),
        };
        Self { case: CaseId(Uuid::now_v7()), shortage }
    }
    fn decided(&self, yewu: &Yewu, decision: ShortageDecision) -> CloudEvent {
        yewu.envelope(&ShortageDecided { decision, shortage: self.shortage.clone() }, self.case)
    }
    fn cancelled(&self, yewu: &Yewu) -> CloudEvent {
        let (order_id, number) = (self.shortage.order_id, self.shortage.order_number.clone());
        yewu.envelope(&OrderCancelled { order_id, number, reason: "客户取消".into() }, self.case)
    }
    async fn requisitions(&self, yewu: &Yewu) -> Vec<Requisition> {
        let about = path(format!("requisitions?order_id={}", self.shortage.order_id));
        yewu.role("buyer").get(&about).await.ok::<Page<Requisition>>().items
    }
    async fn told(&self, yewu: &Yewu) -> String {
        let query = format!(
            "SELECT coalesce(string_agg(kind, ' ' ORDER BY seq), '') FROM outbox WHERE case_id = '{}' AND (kind LIKE '%.auto_created.v1' OR kind LIKE '%.expedite.%')",
            self.case
        );
        yewu.sql("procurement", &query).await.replace("procurement.", "").replace(".v1", "")
    }
}
async fn item(yewu: &Yewu, supplier: Option<SupplierId>, product: Option<&str>) -> String {
    let sku = fresh("SKU");
    let mut body = new_item(&sku);
    body["preferred_supplier_id"] = json!(supplier);
    body["product_sku"] = json!(product);
    yewu.role("integration").post(&path("items"), body).await.created::<Item>();
    sku
}
async fn supplier(yewu: &Yewu) -> SupplierId {
    yewu.role("buyer").post(&path("suppliers"), json!({"name": fresh("供应商")})).await.created::<Supplier>().id
}

#[test]
fn pro_08_a_shortage_drafts_a_requisition_of_the_short_lines_once() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let supplier = supplier(yewu).await;
        let product = fresh("PROD");
        let sku = item(yewu, Some(supplier), Some(&product)).await;
        let short = Short::of(&[(&product, "7"), (&product, "0")]);
        let event = short.decided(yewu, ShortageDecision::Backorder);
        yewu.deliver(&event).await;
        yewu.deliver(&event).await;
        yewu.deliver(&short.decided(yewu, ShortageDecision::Backorder)).await;
        let drafts = short.requisitions(yewu).await;
        assert_eq!(drafts.len(), 1, "twice, and decided twice, is once");
        let draft = &drafts[0];
        assert_eq!(
            (draft.status, draft.source, draft.priority, draft.case_id, draft.shortage_id),
            (
                RequisitionStatus::Draft,
                RequisitionSource::Order,
                RequisitionPriority::Normal,
                short.case,
                Some(short.shortage.shortage_id)
            )
        );
        let line = &draft.lines[0];
        assert_eq!(
            (draft.lines.len(), line.sku.as_deref(), line.quantity.to_string(), line.estimated_unit_price.to_string()),
            (1, Some(sku.as_str()), "7".into(), "820.00".into())
        );
        assert_eq!(line.order_line_id, Some(short.shortage.lines[0].line_id));
        assert_eq!(line.needed_on, short.shortage.needed_on);
        assert_eq!((draft.recommended_supplier_id, draft.owner_id.as_deref()), (Some(supplier), Some("sales_rep-1")));
        assert!(draft.recommendation_reason.is_some() && draft.act_by_at.is_some());
        assert_eq!(short.told(yewu).await, "requisition.auto_created");
        // The buyer knows what it costs with tax, keeps the link to the order, and asks.
        let mut lines = json!([{"sku": sku, "quantity": "7", "purpose": "补货", "tax_rate": "0.13", "order_line_id": line.order_line_id}]);
        let buyer = yewu.role("buyer");
        let patched: Requisition = buyer.patch(&at(draft), json!({"lines": lines})).await.ok();
        assert_eq!(patched.totals.gross.to_string(), "6486.20 CNY");
        lines[0]["order_line_id"] = json!(Uuid::now_v7());
        buyer.patch(&at(draft), json!({"lines": lines})).await.problem(422, "requisition.order_line");
        let asked: Requisition = buyer.act(&at(draft), "submit", json!({})).await.ok();
        assert_eq!(asked.requester.as_deref(), Some("sales_rep-1"));
        assert_eq!(approve(yewu, &asked).await.status, RequisitionStatus::Approved);
    });
}

#[test]
fn pro_08_a_substitute_needs_nothing_bought_and_an_unknown_sku_is_described() {
    run(async |yewu| {
        let none = Short::of(&[("NOWHERE", "1")]);
        yewu.deliver(&none.decided(yewu, ShortageDecision::Substitute)).await;
        assert!(none.requisitions(yewu).await.is_empty());
        let split = Short::of(&[("NOWHERE", "1")]);
        yewu.deliver(&split.decided(yewu, ShortageDecision::Split)).await;
        let draft = &split.requisitions(yewu).await[0];
        assert_eq!((draft.lines[0].sku.as_deref(), draft.lines[0].name.as_str()), (None, "NOWHERE"));
        let gate = yewu.role("buyer").act(&at(draft), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(gate.blocked_by[0].gate, "estimated_price");
    });
}

#[test]
fn pro_08_each_preferred_supplier_gets_its_requisition_and_a_suspended_one_is_not_recommended() {
    run(async |yewu| {
        let (one, two, gone) = (supplier(yewu).await, supplier(yewu).await, supplier(yewu).await);
        let boss = yewu.role("procurement_manager");
        boss.act(&path(format!("suppliers/{gone}")), "eliminate", json!({"reason": "59 分"})).await.ok::<Supplier>();
        let mut skus = Vec::new();
        for preferred in [Some(one), Some(two), Some(one), Some(gone), None] {
            skus.push(item(yewu, preferred, None).await);
        }
        let short = Short::of(&skus.iter().map(|sku| (sku.as_str(), "1")).collect::<Vec<_>>());
        yewu.deliver(&short.decided(yewu, ShortageDecision::Expedite)).await;
        let mut made: Vec<_> =
            short.requisitions(yewu).await.iter().map(|r| (r.recommended_supplier_id, r.lines.len())).collect();
        made.sort_unstable();
        let mut expected = [(None, 2), (Some(one), 2), (Some(two), 1)];
        expected.sort_unstable();
        assert_eq!(made, expected);
        yewu.deliver(&short.cancelled(yewu)).await;
        let left = short.requisitions(yewu).await;
        assert!(left.iter().all(|one| one.status == RequisitionStatus::Cancelled && one.reason.is_some()));
    });
}

#[test]
fn pro_09_expedited_goods_are_bought_urgently_and_said_to_be() {
    run(async |yewu| {
        let sku = item(yewu, None, None).await;
        let urgent = Short::of(&[(&sku, "2")]);
        yewu.deliver(&urgent.decided(yewu, ShortageDecision::Expedite)).await;
        let draft = &urgent.requisitions(yewu).await[0];
        assert_eq!(draft.priority, RequisitionPriority::Urgent);
        assert_eq!(urgent.told(yewu).await, "requisition.auto_created expedite.accepted");
        // First to wait, then in a hurry: the same requisition, sooner.
        let later = Short::of(&[(&sku, "2")]);
        yewu.deliver(&later.decided(yewu, ShortageDecision::Backorder)).await;
        let slow = later.requisitions(yewu).await.remove(0);
        yewu.deliver(&later.decided(yewu, ShortageDecision::Expedite)).await;
        let fast = later.requisitions(yewu).await;
        assert_eq!((fast.len(), fast[0].id, fast[0].priority), (1, slow.id, RequisitionPriority::Urgent));
        assert!(fast[0].act_by_at < slow.act_by_at, "{:?} {:?}", fast[0].act_by_at, slow.act_by_at);
        assert_eq!(later.told(yewu).await, "requisition.auto_created expedite.accepted");
        let urgent: Page<Requisition> =
            yewu.role("buyer").get(&path(format!("requisitions?priority=urgent&case_id={}", later.case))).await.ok();
        assert_eq!(urgent.items.len(), 1);
    });
}

#[test]
fn pro_08_an_order_cancelled_before_its_shortage_drafts_nothing() {
    run(async |yewu| {
        let sku = item(yewu, None, None).await;
        let short = Short::of(&[(&sku, "2")]);
        yewu.deliver(&short.cancelled(yewu)).await;
        yewu.deliver(&short.decided(yewu, ShortageDecision::Backorder)).await;
        assert!(short.requisitions(yewu).await.is_empty());
    });
}

#[test]
fn pro_08_what_was_asked_for_already_survives_the_end_of_its_order() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let sku = item(yewu, None, None).await;
        let short = Short::of(&[(&sku, "1")]);
        yewu.deliver(&short.decided(yewu, ShortageDecision::Backorder)).await;
        let draft = short.requisitions(yewu).await.remove(0);
        yewu.role("buyer").act(&at(&draft), "submit", json!({})).await.ok::<Requisition>();
        yewu.deliver(&short.cancelled(yewu)).await;
        assert_eq!(short.requisitions(yewu).await[0].status, RequisitionStatus::InApproval);
    });
}

#[test]
fn pro_08_low_stock_is_bought_again_once() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let (low, enough) = (fresh("SKU"), fresh("SKU"));
        let integration = yewu.role("integration");
        let mut items = Vec::new();
        for sku in [&low, &enough] {
            items.push(integration.post(&path("items"), new_item(sku)).await.created::<Item>());
        }
        open(yewu, &[(&low, "A", "4"), (&low, "B", "5.5"), (&enough, "A", "10")]).await;
        for item in items {
            let at = path(format!("items/{}", item.id));
            integration.patch(&at, json!({"reorder_level": "10"})).await.ok::<Item>();
        }
        let of = async |sku: &str| {
            let query = format!(
                "SELECT coalesce(string_agg(trim_scale(l.quantity)::text || ' ' || q.id, ',' ORDER BY q.id), '') FROM requisition_lines l JOIN requisitions q ON q.id = l.requisition_id WHERE l.sku = '{sku}'"
            );
            yewu.sql("procurement", &query).await
        };
        after_jobs(yewu, async || !of(&low).await.is_empty()).await;
        let made = of(&low).await;
        assert!(made.starts_with("0.5 "), "{made}");
        assert_eq!(of(&enough).await, "", "exactly the level is enough");
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(of(&low).await, made, "what is drafted is on its way");
        // The job's own requisition belongs to nobody until a buyer asks for it.
        let at = path(format!("requisitions/{}", made.trim_start_matches("0.5 ")));
        let buyer = yewu.user("buyer", &fresh("buyer"), "sales", "sales");
        let draft: Requisition = buyer.get(&at).await.ok();
        assert_eq!((draft.source, draft.requester.clone()), (RequisitionSource::Reorder, None));
        let asked: Requisition = buyer.act(&at, "submit", json!({})).await.ok();
        assert!(asked.requester.is_some() && asked.department.as_deref() == Some("sales"));
        buyer.act(&at, "cancel", json!({"reason": "x"})).await.problem(409, "state.refused");
    });
}

#[test]
fn pro_09_what_was_not_ordered_in_time_is_told_of_once() {
    run(async |yewu| {
        let sku = item(yewu, None, None).await;
        let short = Short::of(&[(&sku, "2")]);
        yewu.deliver(&short.decided(yewu, ShortageDecision::Expedite)).await;
        let draft = short.requisitions(yewu).await.remove(0);
        let past = format!("UPDATE requisitions SET act_by_at = now() - interval '1 day' WHERE id = '{}'", draft.id);
        yewu.as_owner("procurement", &past).await;
        after_jobs(yewu, async || short.requisitions(yewu).await[0].overdue).await;
        yewu.node.run_jobs().await.unwrap();
        let told = format!("SELECT count(*) FROM outbox WHERE subject = '{}' AND kind LIKE '%.overdue.v1'", draft.id);
        assert_eq!(yewu.sql("procurement", &told).await, "1");
    });
}

/// A purchase order of all that a requisition wants.
fn bought(requisition: &Requisition) -> PurchaseOrderSnapshot {
    let line = |line: &wire::procurement::RequisitionLine| PurchasedLine {
        line_id: Uuid::now_v7(),
        sku: line.sku.clone().unwrap_or_default(),
        ordered: line.quantity,
        received: Quantity::ZERO,
        requisition_line_id: Some(line.id),
    };
    PurchaseOrderSnapshot {
        purchase_order_id: PurchaseOrderId(Uuid::now_v7()),
        number: fresh("PO"),
        supplier_id: SupplierId(Uuid::now_v7()),
        supplier_name: "上海办公".into(),
        requisition_ids: vec![requisition.id],
        lines: requisition.lines.iter().map(line).collect(),
        total: Money::new(Amount::ZERO, Currency::CNY),
    }
}

#[test]
fn pro_02_a_purchase_order_carries_it_to_ordered_back_and_to_its_end() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let tech = yewu.user("technical", &fresh("tech"), "sales", "sales");
        let approved = approve(yewu, &submitted(&tech, chair("10.00", "0")).await).await;
        let status = async || {
            let now: Requisition = tech.get(&at(&approved)).await.ok();
            (now.status, now.lines[0].ordered.to_string())
        };
        let (first, second) = (bought(&approved), bought(&approved));
        let sent = yewu.hear(&PurchaseOrderSent { purchase_order: first.clone() }).await;
        yewu.deliver(&sent).await;
        assert_eq!(status().await, (RequisitionStatus::Ordered, "1".into()));
        tech.act(&at(&approved), "cancel", json!({"reason": "x"})).await.problem(409, "state.refused");
        yewu.hear(&PurchaseOrderCancelled { purchase_order: first, reason: "断货".into() }).await;
        assert_eq!(status().await, (RequisitionStatus::Approved, "0".into()));
        let mut arrived = second.clone();
        arrived.lines[0].received = arrived.lines[0].ordered;
        yewu.hear(&PurchaseOrderReceived { purchase_order: arrived }).await;
        yewu.hear(&PurchaseOrderSent { purchase_order: second }).await;
        assert_eq!(status().await, (RequisitionStatus::Closed, "1".into()), "arrived before we heard that it was sent");
    });
}

#[test]
fn pro_08_what_has_come_to_be_short_or_was_refused_is_bought_by_a_second_decision() {
    run(async |yewu| {
        yewu.staff(APPROVERS).await;
        let sku = item(yewu, None, None).await;
        let mut short = Short::of(&[(&sku, "3")]);
        yewu.deliver(&short.decided(yewu, ShortageDecision::Expedite)).await;
        let mut quantities = async |more: &str| {
            short.shortage.lines[0].short = more.parse().expect("a test's own value");
            yewu.deliver(&short.decided(yewu, ShortageDecision::Expedite)).await;
            let drafts = short.requisitions(yewu).await;
            drafts.iter().rev().map(|draft| draft.lines[0].quantity.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(quantities("2.9999").await, "3");
        assert_eq!(quantities("3").await, "3", "it is on its way");
        assert_eq!(quantities("3.0001").await, "3 0.0001", "and only the rest is bought");
        let first = short.requisitions(yewu).await.pop().expect("the first draft");
        let buyer = yewu.role("buyer");
        buyer.act(&at(&first), "cancel", json!({"reason": "重复"})).await.ok::<Requisition>();
        short.shortage.lines[0].short = "3.0001".parse().expect("a test's own value");
        yewu.deliver(&short.decided(yewu, ShortageDecision::Expedite)).await;
        let drafts = short.requisitions(yewu).await;
        assert_eq!((drafts.len(), drafts[0].lines[0].quantity.to_string()), (3, "3".into()), "what was given up");
    });
}
