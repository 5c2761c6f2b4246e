//! What the tests share: people, facts from elsewhere, and the way from a draft to money.
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Amount, CaseId, CloudEvent, Currency, Money, Page,
    approval::Approval,
    attachment::Attachment,
    contracts::{Contract, PaymentMilestone},
    crm::{AccountCreated, AccountId, AccountSnapshot},
    line::{Line, Totals},
    orders::{HoldKind, HoldPlaced, OrderCreated, OrderId, OrderOrigin, OrderSnapshot},
    quoting::{PaymentTerm, PaymentTrigger, QuoteAccepted, QuoteId, QuoteSnapshot, Route},
};

pub const CONTRACTS: &str = "/api/contracts/v1/contracts";
pub const TEMPLATES: &str = "/api/contracts/v1/templates";
pub const COMMENTS: &str = "/api/contracts/v1/review-comments";
pub const MILESTONES: &str = "/api/contracts/v1/payment-milestones";
pub const RECEIPTS: &str = "/api/contracts/v1/receipts";

pub fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(&[contracts::SERVICE], test);
}

pub fn snapshot(id: AccountId) -> AccountSnapshot {
    AccountSnapshot {
        id,
        number: "AC-2026-000001".into(),
        name: "晨光泵业".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    }
}
/// A customer known here.
pub async fn account(yewu: &Yewu) -> AccountId {
    let id = AccountId(Uuid::now_v7());
    yewu.hear(&AccountCreated(snapshot(id))).await;
    id
}

/// What a test writes out is well-formed.
pub fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("well-formed")
}
fn amount(text: &str) -> Amount {
    parsed(text)
}
fn lines(gross: &str) -> (Vec<Line>, Totals) {
    let line = Line {
        id: Uuid::now_v7(),
        line_number: 1,
        sku: "PUMP-40".into(),
        description: "循环泵".into(),
        quantity: parsed("1"),
        unit_price: amount(gross),
        discount_rate: parsed("0"),
        tax_rate: parsed("0"),
        net: amount(gross),
        tax: amount("0"),
    };
    let money = |text: &str| Money::new(amount(text), Currency::CNY);
    (vec![line], Totals { net: money(gross), tax: money("0"), gross: money(gross) })
}
/// 30 % signed, 60 % delivered in 10 days, 10 % accepted in 30.
pub fn terms() -> Vec<PaymentTerm> {
    let term = |label: &str, trigger, share: &str, due_days| PaymentTerm {
        label: parsed(label),
        trigger,
        share: parsed(share),
        due_days,
    };
    vec![
        term("预付款", PaymentTrigger::Signed, "0.3", 0),
        term("货到付款", PaymentTrigger::Delivered, "0.6", 10),
        term("尾款", PaymentTrigger::Accepted, "0.1", 30),
    ]
}
pub fn quote_accepted(account: AccountId, gross: &str, route: Route, yewu: &Yewu) -> QuoteAccepted {
    let (lines, totals) = lines(gross);
    let quote = QuoteSnapshot {
        quote_id: QuoteId(Uuid::now_v7()),
        number: "QT-2026-000007".into(),
        revision: 1,
        account_id: account,
        account_name: "晨光泵业".into(),
        opportunity_id: None,
        lines,
        totals,
        payment_terms: terms(),
        delivery_date: Some(parsed("2026-12-31")),
        external_refs: vec![wire::ExternalRef { system: parsed("northwind"), id: parsed("10248") }],
    };
    QuoteAccepted { quote, route, accepted_at: yewu.node.clock.now() }
}
pub fn order(account: AccountId, gross: &str, contract: Option<wire::contracts::ContractId>) -> OrderSnapshot {
    let (lines, totals) = lines(gross);
    OrderSnapshot {
        order_id: OrderId(Uuid::now_v7()),
        number: "SO-2026-000042".into(),
        origin: if contract.is_some() { OrderOrigin::Contract } else { OrderOrigin::Direct },
        contract_id: contract,
        quote_id: None,
        account_id: account,
        account_name: "晨光泵业".into(),
        lines,
        totals,
        payment_terms: terms(),
        delivery_date: None,
        external_refs: Vec::new(),
    }
}
pub fn held(order: OrderSnapshot) -> HoldPlaced {
    HoldPlaced { hold: HoldKind::ContractRequired, order }
}
pub fn created(order: OrderSnapshot) -> OrderCreated {
    OrderCreated { order }
}

/// The contracts of a case, as everybody may see them.
pub async fn of_case(yewu: &Yewu, case: Option<CaseId>) -> Vec<Contract> {
    let case = case.expect("the event has a case");
    yewu.role("auditor").get(&format!("{CONTRACTS}?case_id={case}")).await.ok::<Page<Contract>>().items
}
/// A draft that came from an accepted quote; with the event that it came from.
pub async fn drafted(yewu: &Yewu, gross: &str) -> (Contract, CloudEvent) {
    let account = account(yewu).await;
    let event = yewu.hear(&quote_accepted(account, gross, Route::Contract, yewu)).await;
    let mut found = of_case(yewu, event.caseid).await;
    assert_eq!(found.len(), 1);
    (found.remove(0), event)
}
pub fn path(contract: &Contract) -> String {
    format!("{CONTRACTS}/{}", contract.id)
}
pub fn evidence() -> Value {
    json!({"channel": "meeting", "person": "李雷", "at": "2026-03-02T01:00:00Z"})
}
/// Clauses agreed, sent to review.
pub async fn submitted(yewu: &Yewu, contract: &Contract) -> Contract {
    yewu.staff(&["sales_manager", "technical", "finance_manager", "legal"]).await;
    let sales = yewu.role("sales_rep");
    sales.act(&path(contract), "agree", json!({"evidence": evidence()})).await.ok::<Contract>();
    sales.act(&path(contract), "submit", json!({})).await.ok()
}
pub async fn checked(yewu: &Yewu, contract: &Contract) -> Contract {
    let answers = json!({"company_interests": true, "business_needs": true, "risk_control": true, "legal_risks": true});
    yewu.role("sales_manager").act(&path(contract), "check", answers).await.ok()
}
pub async fn approval(client: &Client, contract: &Contract) -> Approval {
    let page: Page<Approval> =
        client.get(&format!("/api/contracts/v1/approvals?subject_id={}&status=pending", contract.id)).await.ok();
    page.items.into_iter().next().expect("a pending approval")
}
pub async fn vote(yewu: &Yewu, contract: &Contract, role: &str, verb: &str) -> testkit::Response {
    let voter = yewu.role(role);
    let path = format!("/api/contracts/v1/approvals/{}", approval(&voter, contract).await.id);
    voter.act(&path, verb, json!({"comment": "同意"})).await
}
/// Reviewed by everybody whom its policy names.
pub async fn approved(yewu: &Yewu, contract: &Contract) -> Contract {
    let contract = submitted(yewu, contract).await;
    checked(yewu, &contract).await;
    for step in approval(&yewu.role("legal"), &contract).await.steps {
        for role in step.roles {
            vote(yewu, &contract, &role, "approve").await.ok::<Approval>();
        }
    }
    yewu.role("sales_rep").get(&path(&contract)).await.ok()
}
pub fn ours() -> Value {
    json!({"party": "ours", "signer": "王总", "authority": "法定代表人", "method": "seal"})
}
pub fn customers() -> Value {
    json!({"party": "customer", "signer": "李雷", "authority": "授权委托书 2026-07", "method": "seal", "evidence": evidence()})
}
/// A file is kept; its id.
pub async fn uploaded(client: &Client, kind: &str, content_type: &str, bytes: &[u8]) -> Attachment {
    let path = format!("/api/contracts/v1/attachments?file_name=%E5%90%88%E5%90%8C&kind={kind}");
    client.upload(&path, content_type, bytes).await.created()
}
/// The customer's signature with a scan of the paper, which bears the fingerprint of the approved document.
pub async fn customers_by_scan(client: &Client, contract: &Contract) -> Value {
    let scan = format!("%PDF-1.7 {}", Uuid::now_v7());
    let scan = uploaded(client, "signature_scan", "application/pdf", scan.as_bytes()).await;
    let mut body = customers();
    body["attachment_id"] = json!(scan.id);
    body["document_sha256"] = json!(contract.document_sha256);
    body
}
pub async fn signed(yewu: &Yewu, contract: &Contract) -> Contract {
    let contract = approved(yewu, contract).await;
    let boss = yewu.role("general_manager");
    boss.act(&path(&contract), "sign", ours()).await.ok::<Contract>();
    boss.act(&path(&contract), "sign", customers_by_scan(&boss, &contract).await).await.ok()
}
pub async fn milestones(yewu: &Yewu, filter: &str) -> Vec<PaymentMilestone> {
    let page: Page<PaymentMilestone> =
        yewu.role("finance_specialist").get(&format!("{MILESTONES}?{filter}")).await.ok();
    let mut items = page.items;
    items.sort_by_key(|milestone| milestone.position);
    items
}
/// `status amount open due_on`, in the order of the plan.
pub fn plan(milestones: &[PaymentMilestone]) -> Vec<String> {
    let one = |m: &PaymentMilestone| {
        let due = m.due_on.map_or("-".into(), |day| day.to_string());
        format!("{} {} {} {due}", m.status, m.amount.amount, m.open)
    };
    milestones.iter().map(one).collect()
}
/// The facts that were told about a case, in order, without the service's name.
pub async fn told(yewu: &Yewu, case: CaseId) -> String {
    yewu.sql("contracts", &format!("SELECT string_agg(replace(replace(kind, 'contracts.', ''), '.v1', ''), ' ' ORDER BY seq) FROM outbox WHERE case_id = '{case}'")).await
}
