//! The people, the facts from elsewhere, and the steps that tests have in common.
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Amount, CaseId, CloudEvent, Currency, Page, Quantity, Rate,
    contracts::{
        ContractEffective, ContractId, ContractSnapshot, PaymentMilestoneId, PaymentWaived, ReceiptAllocated, ReceiptId,
    },
    crm::{AccountCreated, AccountId, AccountSnapshot},
    line::{self, Line},
    orders::{FinanceReview, Inspection, Nonconformity, Order, OrderId, Shipment, Shortage, WorkItem},
    procurement::{AnsweredLine, AvailabilityAnswered, HoldId},
    quoting::{ProductPublished, ProductSnapshot, QuoteAccepted, QuoteId, QuoteSnapshot, Route},
};

pub const ORDERS: &str = "/api/orders/v1/orders";
pub const REVIEWS: &str = "/api/orders/v1/finance-reviews";
pub const WORK: &str = "/api/orders/v1/work-items";
pub const SHIPMENTS: &str = "/api/orders/v1/shipments";
pub const SHORTAGES: &str = "/api/orders/v1/shortages";
pub const INSPECTIONS: &str = "/api/orders/v1/inspections";
pub const NONCONFORMITIES: &str = "/api/orders/v1/nonconformities";
pub const ACCEPTANCES: &str = "/api/orders/v1/acceptances";

/// A number, day or moment as tests write it.
pub fn value<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a well-formed value in a test")
}

pub fn run<F: Future<Output = ()>>(test: impl FnOnce(&'static Yewu) -> F) {
    testkit::run(&[orders::SERVICE], test);
}

/// Those who act on an order.
pub struct People {
    pub sales: Client,
    pub service: Client,
    pub finance: Client,
    pub warehouse: Client,
    pub quality: Client,
    pub production: Client,
}

pub fn people(yewu: &Yewu) -> People {
    People {
        sales: yewu.role("sales_rep"),
        service: yewu.user("customer_service", "cs-1", "service", "service"),
        finance: yewu.user("finance_specialist", "fin-1", "finance", "finance"),
        warehouse: yewu.user("warehouse", "wh-1", "warehouse", "warehouse"),
        quality: yewu.user("quality", "qa-1", "quality", "quality"),
        production: yewu.user("production", "pr-1", "production", "production"),
    }
}

pub async fn account(yewu: &Yewu) -> AccountId {
    let id = AccountId(Uuid::now_v7());
    let snapshot = AccountSnapshot {
        id,
        number: "AC-2026-000001".into(),
        name: "晨光泵业".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    };
    yewu.hear(&AccountCreated(snapshot)).await;
    id
}

/// A product of its own, known here; returns its sku.
pub async fn product(yewu: &Yewu, unit: &str) -> String {
    let id = Uuid::now_v7();
    let sku = format!("SKU-{}", id.simple());
    let snapshot = ProductSnapshot {
        id: id.into(),
        sku: sku.clone(),
        name: "离心泵".into(),
        unit: unit.into(),
        list_price: value("1250"),
        currency: Currency::CNY,
        tax_rate: value("0.13"),
        status: "active".into(),
        version: 1,
    };
    yewu.hear(&ProductPublished(snapshot)).await;
    sku
}

pub fn line(number: i32, sku: &str, quantity: &str, price: &str, tax: &str) -> Line {
    let (quantity, unit_price): (Quantity, Amount) = (value(quantity), value(price));
    let tax_rate: Rate = value(tax);
    let net = line::line_net(quantity, unit_price, Rate::ZERO, Currency::CNY);
    let tax = line::line_tax(net, tax_rate, Currency::CNY);
    Line {
        id: Uuid::now_v7(),
        line_number: number,
        sku: sku.into(),
        description: "离心泵".into(),
        quantity,
        unit_price,
        discount_rate: Rate::ZERO,
        tax_rate,
        net,
        tax,
    }
}

pub fn quote(lines: Vec<Line>) -> QuoteAccepted {
    let quote = QuoteSnapshot {
        quote_id: QuoteId(Uuid::now_v7()),
        number: "QT-2026-000001".into(),
        revision: 1,
        account_id: AccountId(Uuid::now_v7()),
        account_name: "晨光泵业".into(),
        opportunity_id: None,
        totals: line::totals(lines.iter().map(|line| (line.net, line.tax)), Currency::CNY),
        lines,
        payment_terms: Vec::new(),
        delivery_date: Some(value("2099-12-31")),
        external_refs: Vec::new(),
    };
    QuoteAccepted { quote, route: Route::Order, accepted_at: value::<jiff::Timestamp>("2026-03-02T01:00:00Z").into() }
}

pub fn contract(lines: Vec<Line>) -> ContractEffective {
    let accepted = quote(lines);
    let contract = ContractSnapshot {
        contract_id: ContractId(Uuid::now_v7()),
        number: "HT-2026-000001".into(),
        order_id: None,
        quote_id: None,
        account_id: accepted.quote.account_id,
        account_name: accepted.quote.account_name,
        totals: accepted.quote.totals,
        lines: accepted.quote.lines,
        payment_terms: Vec::new(),
        delivery_date: accepted.quote.delivery_date,
        acceptance_criteria: vec!["运行 72 小时无故障".into()],
        acceptance_working_days: Some(15),
        external_refs: Vec::new(),
    };
    ContractEffective { contract, effective_at: accepted.accepted_at }
}

/// The orders of a case, as customer service sees them.
pub async fn orders_of(people: &People, case: Option<CaseId>) -> Vec<Order> {
    let case = case.expect("facts belong to a case");
    people.service.get(&format!("{ORDERS}?case_id={case}")).await.ok::<Page<Order>>().items
}

/// An order of two lines (12 and 4 pieces) born of a quote.
pub async fn drafted(yewu: &Yewu, people: &People) -> Order {
    let (one, two) = (product(yewu, "piece").await, product(yewu, "piece").await);
    let lines = vec![line(1, &one, "12", "1250.00", "0.13"), line(2, &two, "4", "99.99", "0.13")];
    let fact = yewu.hear(&quote(lines)).await;
    orders_of(people, fact.caseid).await.remove(0)
}

pub fn path(order: &Order) -> String {
    format!("{ORDERS}/{}", order.id)
}

pub async fn get(people: &People, id: OrderId) -> Order {
    people.service.get(&format!("{ORDERS}/{id}")).await.ok()
}

/// Procurement's answer: `held` of each line, all of it if not said.
pub async fn answer(yewu: &Yewu, order: &Order, held: Option<&str>) -> CloudEvent {
    let all: Vec<Option<&str>> = order.lines.iter().map(|_| held).collect();
    answer_lines(yewu, order, &all).await
}

/// Procurement's answer line by line: `None` is all that was asked for, what takes the place of scrapped goods included.
pub async fn answer_lines(yewu: &Yewu, order: &Order, held: &[Option<&str>]) -> CloudEvent {
    let one = |(line, held): (&wire::orders::OrderLine, Option<&str>)| {
        let requested = Quantity::new(line.line.quantity.get() + line.scrapped.get());
        let held: Quantity = held.map_or(requested, value);
        let short = Quantity::new(requested.get() - held.get());
        AnsweredLine { line_id: line.line.id, sku: line.line.sku.clone(), requested, held, short }
    };
    let lines: Vec<AnsweredLine> = order.lines.iter().zip(held.iter().copied()).map(one).collect();
    let answer = AvailabilityAnswered {
        order_id: order.id,
        hold_id: HoldId(Uuid::now_v7()),
        number: order.number.clone(),
        complete: lines.iter().all(|line| line.short.get().is_zero()),
        lines,
    };
    let fact = yewu.envelope(&answer, order.case_id);
    yewu.deliver(&fact).await;
    fact
}

pub async fn checked(yewu: &Yewu, people: &People) -> Order {
    let order = drafted(yewu, people).await;
    check(yewu, people, &order).await
}

/// Submits a draft and holds its goods.
pub async fn check(yewu: &Yewu, people: &People, order: &Order) -> Order {
    let order: Order = people.service.act(&path(order), "submit", json!({})).await.ok();
    answer(yewu, &order, None).await;
    get(people, order.id).await
}

pub async fn review_of(people: &People, order: &Order) -> FinanceReview {
    people.finance.get(&format!("{REVIEWS}?order_id={}", order.id)).await.ok::<Page<FinanceReview>>().items.remove(0)
}

pub async fn confirmed(yewu: &Yewu, people: &People) -> Order {
    let order = checked(yewu, people).await;
    confirm(people, &order).await
}

/// Brings a checked order past finance to the departments.
pub async fn confirm(people: &People, order: &Order) -> Order {
    reviewed(people, order).await;
    people.service.act(&path(order), "confirm", json!({})).await.ok()
}

pub async fn reviewed(people: &People, order: &Order) {
    let review = format!("{REVIEWS}/{}", review_of(people, order).await.id);
    people.finance.act(&review, "complete", json!({"result": "approved_to_invoice"})).await.ok::<FinanceReview>();
}

/// In the order in which they were made.
pub async fn work_of(people: &People, order: &Order) -> Vec<WorkItem> {
    let mut items = people.service.get(&format!("{WORK}?order_id={}", order.id)).await.ok::<Page<WorkItem>>().items;
    items.reverse();
    items
}

pub async fn work(people: &People, order: &Order) {
    for item in work_of(people, order).await {
        let who = if item.department_id.as_deref() == Some("quality") { &people.quality } else { &people.warehouse };
        let path = format!("{WORK}/{}", item.id);
        for verb in ["acknowledge", "start", "complete"] {
            who.act(&path, verb, json!({})).await.ok::<WorkItem>();
        }
    }
}

pub async fn released(yewu: &Yewu, people: &People) -> Order {
    let order = confirmed(yewu, people).await;
    release(people, &order).await
}

/// Brings a confirmed order through the departments to the warehouse.
pub async fn release(people: &People, order: &Order) -> Order {
    work(people, order).await;
    people.finance.act(&path(order), "release", json!({})).await.ok()
}

/// A shipment at the carrier's.
pub async fn handed_over(people: &People, body: Value) -> Shipment {
    let shipment: Shipment = people.warehouse.post(SHIPMENTS, body).await.created();
    let path = format!("{SHIPMENTS}/{}", shipment.id);
    let number = format!("SF{}", shipment.id.0.simple());
    people.warehouse.act(&path, "pick", json!({})).await.ok::<Shipment>();
    people.warehouse.act(&path, "pack", json!({})).await.ok::<Shipment>();
    people.warehouse.act(&path, "label", json!({"carrier": "SF", "tracking_number": number})).await.ok::<Shipment>();
    people.warehouse.act(&path, "hand-over", json!({})).await.ok()
}

pub async fn delivered(yewu: &Yewu, people: &People) -> Order {
    let order = released(yewu, people).await;
    deliver(people, &order).await
}

/// Brings a released order to the customer in one shipment.
pub async fn deliver(people: &People, order: &Order) -> Order {
    let shipment = handed_over(people, json!({"order_id": order.id})).await;
    let path = format!("{SHIPMENTS}/{}", shipment.id);
    people.warehouse.act(&path, "deliver", json!({"signer": "李雷"})).await.ok::<Shipment>();
    get(people, order.id).await
}

/// Money for an order.
pub async fn paid(yewu: &Yewu, order: &Order, settled: bool) -> CloudEvent {
    let receipt = ReceiptAllocated {
        receipt_id: ReceiptId(Uuid::now_v7()),
        number: "RC-2026-000001".into(),
        contract_id: None,
        order_id: Some(order.id),
        amount: order.totals.gross,
        settled,
    };
    let fact = yewu.envelope(&receipt, order.case_id);
    yewu.deliver(&fact).await;
    fact
}

/// A part of the price that nobody waits for any more.
pub async fn waived(yewu: &Yewu, order: &Order, settled: bool) -> CloudEvent {
    let waived = PaymentWaived {
        payment_milestone_id: PaymentMilestoneId(Uuid::now_v7()),
        number: order.number.clone(),
        contract_id: None,
        order_id: Some(order.id),
        amount: order.totals.gross,
        reason: "质保金抵扣".into(),
        settled,
    };
    let fact = yewu.envelope(&waived, order.case_id);
    yewu.deliver(&fact).await;
    fact
}

pub fn evidence() -> Value {
    json!({"evidence": {"channel": "document", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})
}

/// The types of all facts told about a case, in order, without service and version.
pub async fn facts(yewu: &Yewu, order: &Order) -> Vec<String> {
    let query = format!("SELECT string_agg(kind, ' ' ORDER BY seq) FROM outbox WHERE case_id = '{}'", order.case_id);
    let kinds = yewu.sql("orders", &query).await;
    kinds.split(' ').map(|kind| kind.replace("orders.", "").replace(".v1", "")).collect()
}

/// The shortages of an order, newest first.
pub async fn shortages_of(people: &People, order: &Order) -> Vec<Shortage> {
    people.sales.get(&format!("{SHORTAGES}?order_id={}", order.id)).await.ok::<Page<Shortage>>().items
}

/// Submits a draft of which procurement holds only a part; returns where its shortage is.
pub async fn short(yewu: &Yewu, people: &People, order: &Order, held: &[Option<&str>]) -> String {
    people.service.act(&path(order), "submit", json!({})).await.ok::<Order>();
    answer_lines(yewu, order, held).await;
    format!("{SHORTAGES}/{}", shortages_of(people, order).await[0].id)
}

/// Plans an inspection of the first line with one sample; returns where it is.
pub async fn inspection(people: &People, order: &Order, stage: &str) -> String {
    let plan = json!({"lot_size": 12, "sample_size": 1, "acceptance_number": 0});
    let body = json!({"order_id": order.id, "line_id": order.lines[0].line.id, "stage": stage, "plan": plan});
    let planned: Inspection = people.quality.post(INSPECTIONS, body).await.created();
    format!("{INSPECTIONS}/{}", planned.id)
}

/// The reading of that sample; 5.8 to 6.2 is good.
pub fn reading(measured: &str) -> Value {
    json!({"readings": [{"sample": 1, "characteristic": "出口压力", "unit": "bar", "nominal": "6", "lower": "5.8", "upper": "6.2", "measured": measured}]})
}

/// The nonconformities of an order, newest first.
pub async fn nonconformities_of(people: &People, order: &Order) -> Vec<Nonconformity> {
    people.quality.get(&format!("{NONCONFORMITIES}?order_id={}", order.id)).await.ok::<Page<Nonconformity>>().items
}

/// The gates that a refusal names.
pub fn gates(problem: wire::Problem) -> Vec<String> {
    problem.blocked_by.into_iter().map(|gate| gate.gate).collect()
}
