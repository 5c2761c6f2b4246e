//! What the tests of sourcing share: suppliers that may be asked, requisitions that may be bought, requests that are out.
use super::{fresh, path};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    approval::{Approval, StepMode},
    attachment::Attachment,
    procurement::{Requisition, Rfq, RfqId, Supplier, SupplierId, SupplierQualification},
};

/// A buyer of their own, so that what others ask for does not count together with theirs (D-14).
pub fn buyer(yewu: &Yewu) -> Client {
    yewu.user("buyer", &fresh("buyer"), "sales", "sales")
}
pub fn manager(yewu: &Yewu) -> Client {
    yewu.role("procurement_manager")
}
/// Someone who may be bought from, in the category of the requisitions here.
pub async fn supplier(yewu: &Yewu) -> SupplierId {
    let supplier = uncategorized(yewu).await;
    qualify_in(yewu, supplier, "office_supplies").await;
    supplier
}
/// A supplier that is qualified as such, in no category.
pub async fn uncategorized(yewu: &Yewu) -> SupplierId {
    let new = json!({"name": fresh("供应商")});
    let id = buyer(yewu).post(&path("suppliers"), new).await.created::<Supplier>().id;
    manager(yewu).act(&path(format!("suppliers/{id}")), "qualify", json!({})).await.ok::<Supplier>();
    id
}
pub async fn suppliers(yewu: &Yewu, count: usize) -> Vec<SupplierId> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(supplier(yewu).await);
    }
    all
}
/// The supplier is qualified in a category too.
pub async fn qualify_in(yewu: &Yewu, supplier: SupplierId, category: &str) {
    let body = json!({"category": category, "valid_to": "2099-12-31", "justification": "样品合格"});
    let made = buyer(yewu).post(&path(format!("suppliers/{supplier}/qualifications")), body).await;
    let id = made.created::<SupplierQualification>().id;
    let at = path(format!("supplier-qualifications/{id}"));
    manager(yewu).act(&at, "qualify", json!({})).await.ok::<SupplierQualification>();
}
/// All who are asked say yes, step by step.
pub async fn approve(yewu: &Yewu, subject: Uuid) -> Approval {
    let query = path(format!("approvals?subject_id={subject}&status=pending"));
    let approval = yewu.role("auditor").get(&query).await.ok::<Page<Approval>>().items.remove(0);
    let at = path(format!("approvals/{}", approval.id));
    for step in &approval.steps {
        let voters = if step.mode == StepMode::Any { 1 } else { step.roles.len() };
        for role in &step.roles[..voters] {
            yewu.role(role).act(&at, "approve", json!({})).await.ok::<Approval>();
        }
    }
    approval
}
/// An approved requisition with a line at each price, by a buyer of its own.
pub async fn requisition(yewu: &Yewu, prices: &[&str], more: Value) -> Requisition {
    yewu.staff(&["department_head", "finance_manager", "vice_president", "general_manager"]).await;
    let line = |price: &&str| {
        json!({"name": "办公椅", "specification": "带扶手", "unit": "把", "quantity": "1",
            "estimated_unit_price": price, "purpose": "新员工"})
    };
    let mut body = json!({"category": "office_supplies", "currency": "CNY",
        "lines": prices.iter().map(line).collect::<Vec<_>>()});
    let more = more.as_object().expect("more is an object").clone();
    body.as_object_mut().expect("so is the body").extend(more);
    let buyer = buyer(yewu);
    let id = buyer.post(&path("requisitions"), body).await.created::<Requisition>().id;
    let at = path(format!("requisitions/{id}"));
    buyer.act(&at, "submit", json!({})).await.ok::<Requisition>();
    approve(yewu, id.into()).await;
    buyer.get(&at).await.ok()
}
/// The body of a request for all of a requisition.
pub fn new_rfq(requisition: &Requisition, suppliers: &[SupplierId]) -> Value {
    let asked: Vec<Value> = suppliers.iter().map(|id| json!({"supplier_id": id})).collect();
    json!({"requisition_ids": [requisition.id], "currency": "CNY", "due_on": "2099-12-31",
        "inquiry": "请报产品规格、单价、交货期及售后服务承诺。", "suppliers": asked})
}
pub fn at(id: RfqId) -> String {
    path(format!("rfqs/{id}"))
}
/// A request that these suppliers have.
pub async fn sent(yewu: &Yewu, buyer: &Client, prices: &[&str], suppliers: &[SupplierId]) -> Rfq {
    let requisition = requisition(yewu, prices, json!({})).await;
    let rfq: Rfq = buyer.post(&path("rfqs"), new_rfq(&requisition, suppliers)).await.created();
    buyer.act(&at(rfq.id), "send", json!({})).await.ok()
}
/// The body of a quote for every line, at these prices.
pub fn quote(yewu: &Yewu, rfq: &Rfq, supplier: SupplierId, prices: &[&str], after_sales_score: u8) -> Value {
    let line = |(line, price): (&wire::procurement::RfqLine, &&str)| {
        json!({"requisition_line_id": line.requisition_line_id, "unit_price": price, "quantity": line.quantity,
            "lead_time_days": 7, "brand": "震旦"})
    };
    json!({"supplier_id": supplier, "currency": "CNY", "lines": rfq.lines.iter().zip(prices).map(line).collect::<Vec<_>>(),
        "after_sales": "两年质保，24 小时上门", "after_sales_score": after_sales_score, "valid_until": "2099-12-31",
        "evidence": {"channel": "email", "person": "王芳", "at": yewu.node.clock.now()}})
}
/// Three suppliers asked for one thing, quoting these prices, evaluated.
pub async fn evaluated(yewu: &Yewu, buyer: &Client, prices: [&str; 3]) -> (Rfq, Vec<SupplierId>) {
    let suppliers = suppliers(yewu, 3).await;
    let rfq = sent(yewu, buyer, &["900.00"], &suppliers).await;
    for (supplier, price) in suppliers.iter().zip(prices) {
        buyer.act(&at(rfq.id), "record-quote", quote(yewu, &rfq, *supplier, &[price], 3)).await.ok::<Rfq>();
    }
    buyer.act(&at(rfq.id), "close", json!({})).await.ok::<Rfq>();
    (buyer.act(&at(rfq.id), "evaluate", json!({})).await.ok(), suppliers)
}
/// A file that proves something.
pub async fn attachment(client: &Client) -> Attachment {
    let bytes = format!("%PDF-1.7 {}", Uuid::now_v7()).into_bytes();
    client.upload(&path("attachments?file_name=proof.pdf&kind=document"), "application/pdf", bytes).await.created()
}
/// The latest fact of this kind about a thing: what it says.
pub async fn fact(yewu: &Yewu, subject: impl Into<Uuid>, kind: &str) -> Value {
    let subject: Uuid = subject.into();
    let query = format!(
        "SELECT envelope FROM outbox WHERE subject = '{subject}' AND kind = '{kind}' ORDER BY seq DESC LIMIT 1"
    );
    let envelope: Value = serde_json::from_str(&yewu.sql("procurement", &query).await).expect("an envelope");
    envelope["data"].clone()
}
