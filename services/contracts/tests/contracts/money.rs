//! Payment milestones, receipts and the register (CON-16, 20, 27).
use crate::setting::*;
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, Page,
    contracts::{Contract, LedgerRow, PaymentMilestone, PaymentMilestoneStatus, Receipt, ReceiptStatus},
    crm::AccountId,
    orders::{
        OrderAccepted, OrderCancelled, OrderConfirmed, OrderSnapshot, ShipmentDelivered, ShipmentHandedOver,
        ShipmentId, ShipmentSnapshot,
    },
};

/// An event of an order's case, delivered.
async fn hear<E: wire::Event>(yewu: &Yewu, event: &E, case: CaseId) {
    yewu.deliver(&yewu.envelope(event, case)).await;
}
fn shipment(order: &OrderSnapshot) -> ShipmentSnapshot {
    ShipmentSnapshot {
        shipment_id: ShipmentId(Uuid::now_v7()),
        number: "SH-2026-000001".into(),
        order_id: order.order_id,
        order_number: order.number.clone(),
        account_id: order.account_id,
        account_name: order.account_name.clone(),
        lines: Vec::new(),
    }
}
async fn delivered(yewu: &Yewu, order: &OrderSnapshot, case: CaseId, at: &str) {
    let delivered_at = wire::Moment::new(parsed(at));
    hear(yewu, &ShipmentDelivered { shipment: shipment(order), delivered_at, signer: "李雷".into() }, case).await;
}
async fn accepted(yewu: &Yewu, order: &OrderSnapshot, case: CaseId, at: &str) {
    let accepted_at = wire::Moment::new(parsed(at));
    hear(yewu, &OrderAccepted { order_id: order.order_id, number: order.number.clone(), accepted_at }, case).await;
}
/// An order without a contract, confirmed: 30 % at once, 60 % on delivery, 10 % on acceptance.
async fn confirmed(yewu: &Yewu, gross: &str) -> (OrderSnapshot, CaseId) {
    let order = order(account(yewu).await, gross, None);
    let case = CaseId(Uuid::now_v7());
    let confirmed_at = wire::Moment::new(parsed("2026-03-02T01:00:00Z"));
    hear(yewu, &OrderConfirmed { order: order.clone(), confirmed_at }, case).await;
    (order, case)
}
async fn received(finance: &Client, account: AccountId, amount: &str) -> Receipt {
    let body = json!({"account_id": account, "amount": {"amount": amount, "currency": "CNY"}, "received_on": "2026-03-02", "channel": "bank_transfer"});
    finance.post(RECEIPTS, body).await.created()
}
fn place(receipt: &Receipt) -> String {
    format!("{RECEIPTS}/{}", receipt.id)
}
fn parts(parts: &[(&PaymentMilestone, &str)]) -> Value {
    let part = |(milestone, amount): &(&PaymentMilestone, &str)| json!({"payment_milestone_id": milestone.id, "amount": amount});
    json!({"allocations": parts.iter().map(part).collect::<Vec<_>>()})
}
async fn settlements(yewu: &Yewu, case: CaseId) -> String {
    yewu.sql("contracts", &format!("SELECT string_agg(envelope::jsonb -> 'data' ->> 'settled', ' ' ORDER BY seq) FROM outbox WHERE case_id = '{case}' AND kind = 'contracts.receipt.allocated.v1'")).await
}

#[test]
fn con_20_a_signed_contract_plans_its_payments_and_they_follow_the_order() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "130000.01").await;
        let contract = signed(yewu, &contract).await;
        let filter = format!("contract_id={}", contract.id);
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        let today = contract.signed_at.unwrap().timestamp().to_zoned(zone).date();
        assert_eq!(
            plan(&milestones(yewu, &filter).await),
            [
                format!("due 39000.00 39000.00 {today}"),
                "pending 78000.01 78000.01 -".into(),
                "pending 13000.00 13000.00 -".into()
            ]
        );
        yewu.role("legal").act(&path(&contract), "activate", json!({})).await.ok::<Contract>();
        let order = order(contract.account_id, "130000.01", Some(contract.id));
        // The goods are there before we know of the order: it waits.
        delivered(yewu, &order, contract.case_id, "2026-05-01T17:00:00Z").await;
        assert_eq!(milestones(yewu, &filter).await[1].status, PaymentMilestoneStatus::Pending);
        hear(yewu, &created(order.clone()), contract.case_id).await;
        yewu.settle().await;
        hear(yewu, &OrderConfirmed { order: order.clone(), confirmed_at: yewu.node.clock.now() }, contract.case_id)
            .await;
        let linked: Contract = yewu.role("sales_rep").get(&path(&contract)).await.ok();
        assert_eq!(linked.order_id, Some(order.order_id));
        let by_order = milestones(yewu, &format!("order_id={}", order.order_id)).await;
        // 17:00 in UTC is the second of May in China; ten days later is the twelfth.
        assert_eq!(
            plan(&by_order)[1..],
            ["due 78000.01 78000.01 2026-05-12".to_owned(), "pending 13000.00 13000.00 -".into()]
        );
        assert_eq!(by_order.len(), 3, "an order has one plan");
        accepted(yewu, &order, contract.case_id, "2026-05-10T01:00:00Z").await;
        assert_eq!(plan(&milestones(yewu, &filter).await)[2], "due 13000.00 13000.00 2026-06-09");
        assert_eq!(told(yewu, contract.case_id).await.matches("payment.due").count(), 3);
    });
}

#[test]
fn con_20_an_order_without_a_contract_is_planned_when_it_is_confirmed() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        let filter = format!("order_id={}", order.order_id);
        assert_eq!(
            plan(&milestones(yewu, &filter).await),
            ["due 300.00 300.00 2026-03-02", "pending 600.00 600.00 -", "pending 100.00 100.00 -"]
        );
        hear(yewu, &OrderConfirmed { order: order.clone(), confirmed_at: yewu.node.clock.now() }, case).await;
        assert_eq!(milestones(yewu, &filter).await.len(), 3, "told twice: one plan");
        let handed_over =
            ShipmentHandedOver { shipment: shipment(&order), carrier: "SF".into(), tracking_number: "SF1".into() };
        hear(yewu, &handed_over, case).await;
        delivered(yewu, &order, case, "2026-03-10T01:00:00Z").await;
        delivered(yewu, &order, case, "2026-03-20T01:00:00Z").await;
        assert_eq!(
            plan(&milestones(yewu, &filter).await)[1],
            "due 600.00 600.00 2026-03-20",
            "the first delivery counts"
        );
        let mine: Vec<PaymentMilestone> = yewu
            .role("sales_rep")
            .get(&format!("/api/contracts/v1/payment-milestones?{filter}&status=due"))
            .await
            .ok::<Page<PaymentMilestone>>()
            .items;
        assert_eq!(mine.len(), 2);
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        stranger.get(&format!("{MILESTONES}/{}", mine[0].id)).await.problem(404, "not_found");
    });
}

#[test]
fn con_20_the_held_orders_contract_is_its_only_plan() {
    run(async |yewu| {
        let account = account(yewu).await;
        let held_order = held(order(account, "100000.01", None));
        let event = yewu.hear(&held_order).await;
        let contract = of_case(yewu, event.caseid).await.remove(0);
        let contract = signed(yewu, &contract).await;
        hear(
            yewu,
            &OrderConfirmed { order: held_order.order.clone(), confirmed_at: yewu.node.clock.now() },
            contract.case_id,
        )
        .await;
        let plan = milestones(yewu, &format!("order_id={}", held_order.order.order_id)).await;
        assert_eq!((plan.len(), plan[0].contract_id), (3, Some(contract.id)));
    });
}

#[test]
fn con_20_what_is_late_is_said_once_and_a_payment_ends_it() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[contracts::SERVICE], |_| {}, false).await;
        let (order, case) = confirmed(&yewu, "1000.00").await;
        let filter = format!("order_id={}", order.order_id);
        for _ in 0..2 {
            yewu.node.run_jobs().await.unwrap();
        }
        let late = milestones(&yewu, &format!("{filter}&overdue=true")).await;
        assert_eq!((late.len(), late[0].position), (1, 1));
        assert_eq!(told(&yewu, case).await, "payment.due payment.overdue");
        let finance = yewu.role("finance_specialist");
        let receipt = received(&finance, order.account_id, "300.00").await;
        finance.act(&place(&receipt), "allocate", parts(&[(&late[0], "300.00")])).await.ok::<Receipt>();
        assert!(milestones(&yewu, &format!("{filter}&overdue=true")).await.is_empty());
    });
}

#[test]
fn con_20_finance_can_do_without_and_the_rest_settles_the_order() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        let milestones = milestones(yewu, &format!("order_id={}", order.order_id)).await;
        let last = format!("{MILESTONES}/{}", milestones[2].id);
        yewu.role("finance_specialist")
            .act(&last, "waive", json!({"reason": "x"}))
            .await
            .problem(403, "permission.missing");
        let waived: PaymentMilestone =
            yewu.role("finance_director").act(&last, "waive", json!({"reason": "质量补偿"})).await.ok();
        assert_eq!((waived.status, waived.open.to_string()), (PaymentMilestoneStatus::Waived, "0.00".into()));
        let finance = yewu.role("finance_specialist");
        let receipt = received(&finance, order.account_id, "900.00").await;
        finance.act(&place(&receipt), "allocate", parts(&[(&waived, "1.00")])).await.problem(409, "state.refused");
        finance
            .act(&place(&receipt), "allocate", parts(&[(&milestones[0], "300.00"), (&milestones[1], "600.00")]))
            .await
            .ok::<Receipt>();
        assert_eq!(settlements(yewu, case).await, "false true");
    });
}

#[test]
fn con_20_a_cancelled_order_owes_nothing_more() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        hear(
            yewu,
            &OrderCancelled { order_id: order.order_id, number: order.number.clone(), reason: "客户取消".into() },
            case,
        )
        .await;
        let left = milestones(yewu, &format!("order_id={}", order.order_id)).await;
        assert!(left.iter().all(|milestone| milestone.status == PaymentMilestoneStatus::Waived));
    });
}

#[test]
fn con_27_money_pays_milestones_to_the_cent_and_the_last_payment_settles() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        let filter = format!("order_id={}", order.order_id);
        let plan_of = milestones(yewu, &filter).await;
        let finance = yewu.role("finance_specialist");
        let receipt = received(&finance, order.account_id, "1000.01").await;
        assert!(receipt.number.starts_with("RC-20"));
        let allocate = async |body: Value| finance.act(&place(&receipt), "allocate", body).await;
        let too_much = allocate(parts(&[(&plan_of[0], "300.01")])).await.problem(409, "payment.too_much");
        assert_eq!(too_much.errors[0].pointer, "/allocations/0/amount");
        allocate(json!({"allocations": [{"payment_milestone_id": Uuid::now_v7(), "amount": "1.00"}]}))
            .await
            .problem(422, "receipt.milestone_unknown");
        allocate(json!({"allocations": []})).await.problem(422, "receipt.allocations");
        let partly: Receipt = allocate(parts(&[(&plan_of[0], "299.99"), (&plan_of[1], "600.00")])).await.ok();
        assert_eq!((partly.status, partly.unallocated.to_string()), (ReceiptStatus::Recorded, "100.02".into()));
        assert_eq!(
            plan(&milestones(yewu, &filter).await),
            ["partially_paid 300.00 0.01 2026-03-02", "paid 600.00 0.00 -", "pending 100.00 100.00 -"]
        );
        allocate(parts(&[(&plan_of[0], "0.01"), (&plan_of[2], "100.00")])).await.ok::<Receipt>();
        assert_eq!(settlements(yewu, case).await, "false false false true");
        let sums = format!(
            "SELECT (SELECT sum(paid) FROM payment_milestones WHERE order_id = '{}') = (SELECT sum(amount) FROM receipt_allocations WHERE receipt_id = '{1}') AND (SELECT allocated FROM receipts WHERE id = '{1}') = 1000.00",
            order.order_id, receipt.id
        );
        assert_eq!(yewu.sql("contracts", &sums).await, "true");
        let stranger = account(yewu).await;
        let other = received(&finance, stranger, "1.00").await;
        finance
            .act(&place(&other), "allocate", parts(&[(&plan_of[0], "1.00")]))
            .await
            .problem(422, "receipt.other_account");
        let of_case: Page<Receipt> = finance.get(&format!("{RECEIPTS}?case_id={case}")).await.ok();
        assert_eq!(of_case.items.iter().map(|found| found.id).collect::<Vec<_>>(), [receipt.id]);
    });
}

#[test]
fn con_27_two_receipts_at_once_pay_once_and_settle_once() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        let plan_of = milestones(yewu, &format!("order_id={}", order.order_id)).await;
        let finance = yewu.role("finance_specialist");
        let mut tries = Vec::new();
        // Twelve receipts want the same three milestones, two by two and in opposite order.
        for n in 0..12 {
            let receipt = received(&finance, order.account_id, "700.00").await;
            let (one, two) = if n % 2 == 0 { (&plan_of[0], &plan_of[2]) } else { (&plan_of[2], &plan_of[0]) };
            let wanted = if n < 6 {
                parts(&[(one, &one.open.to_string()), (two, &two.open.to_string())])
            } else {
                parts(&[(&plan_of[1], "600.00")])
            };
            tries.push((receipt, wanted));
        }
        let finance = &finance;
        let asked = tries.iter().map(async |(receipt, wanted)| finance.act(&place(receipt), "allocate", wanted).await);
        let answers = futures_util::future::join_all(asked).await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(
            done,
            2,
            "{:?}",
            answers.iter().map(|answer| (answer.status.as_u16(), &answer.text)).collect::<Vec<_>>()
        );
        assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status.as_u16())));
        assert_eq!(settlements(yewu, case).await.matches("true").count(), 1);
        let paid = milestones(yewu, &format!("order_id={}", order.order_id)).await;
        assert!(paid.iter().all(|milestone| milestone.status == PaymentMilestoneStatus::Paid));
    });
}

#[test]
fn con_27_what_bounces_is_open_again() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        let filter = format!("order_id={}", order.order_id);
        let plan_of = milestones(yewu, &filter).await;
        let finance = yewu.role("finance_specialist");
        let receipt = received(&finance, order.account_id, "350.00").await;
        finance
            .act(&place(&receipt), "allocate", parts(&[(&plan_of[0], "300.00"), (&plan_of[1], "50.00")]))
            .await
            .ok::<Receipt>();
        finance.act(&place(&receipt), "reverse", json!({"reason": "退票"})).await.problem(403, "permission.missing");
        let reversed: Receipt =
            yewu.role("finance_manager").act(&place(&receipt), "reverse", json!({"reason": "退票"})).await.ok();
        assert_eq!((reversed.status, reversed.allocations.len()), (ReceiptStatus::Reversed, 2));
        assert_eq!(
            plan(&milestones(yewu, &filter).await),
            ["due 300.00 300.00 2026-03-02", "pending 600.00 600.00 -", "pending 100.00 100.00 -"]
        );
        yewu.role("finance_manager")
            .act(&place(&receipt), "reverse", json!({"reason": "退票"}))
            .await
            .problem(409, "state.refused");
        assert_eq!(
            told(yewu, case).await,
            "payment.due receipt.allocated receipt.allocated receipt.reversed receipt.reversed"
        );
    });
}

#[test]
fn con_27_what_bounces_of_a_waived_milestone_stays_waived() {
    run(async |yewu| {
        let (order, case) = confirmed(yewu, "1000.00").await;
        let filter = format!("order_id={}", order.order_id);
        let plan_of = milestones(yewu, &filter).await;
        let receipt = received(&yewu.role("finance_specialist"), order.account_id, "100.00").await;
        let part = parts(&[(&plan_of[0], "100.00")]);
        yewu.role("finance_specialist").act(&place(&receipt), "allocate", part).await.ok::<Receipt>();
        let waive = json!({"reason": "质量补偿"});
        let at = format!("{MILESTONES}/{}", plan_of[0].id);
        yewu.role("finance_director").act(&at, "waive", waive).await.ok::<PaymentMilestone>();
        let bounced = json!({"reason": "退票"});
        yewu.role("finance_manager").act(&place(&receipt), "reverse", bounced).await.ok::<Receipt>();
        let after = milestones(yewu, &filter).await.remove(0);
        assert_eq!(
            (after.status, after.paid.to_string(), after.open.to_string()),
            (PaymentMilestoneStatus::Waived, "0.00".into(), "0.00".into())
        );
        let waived = format!(
            "SELECT envelope::json->'data'->>'waived' FROM outbox WHERE case_id = '{case}' AND kind = 'contracts.receipt.reversed.v1'"
        );
        assert_eq!(yewu.sql("contracts", &waived).await, "true");
    });
}

#[test]
fn con_20_an_order_of_a_contract_that_is_paid_already_is_told_so_when_it_is_known() {
    run(async |yewu| {
        let told_of = async |share: &str| {
            let (contract, _) = drafted(yewu, "1000.00").await;
            let contract = signed(yewu, &contract).await;
            let plan_of = milestones(yewu, &format!("contract_id={}", contract.id)).await;
            let finance = yewu.role("finance_specialist");
            let receipt = received(&finance, contract.account_id, "1000.00").await;
            let all = parts(&[(&plan_of[0], "300.00"), (&plan_of[1], "600.00"), (&plan_of[2], share)]);
            finance.act(&place(&receipt), "allocate", all).await.ok::<Receipt>();
            yewu.role("legal").act(&path(&contract), "activate", json!({})).await.ok::<Contract>();
            let order = created(order(contract.account_id, "1000.00", Some(contract.id)));
            hear(yewu, &order, contract.case_id).await;
            hear(yewu, &order, contract.case_id).await;
            told(yewu, contract.case_id).await.matches("payment.settled").count()
        };
        assert_eq!((told_of("99.99").await, told_of("100.00").await), (0, 1));
    });
}

#[test]
fn con_16_the_register_shows_what_is_signed_and_how_much_of_it_is_paid() {
    run(async |yewu| {
        let (draft, _) = drafted(yewu, "20000.00").await;
        let ledger = format!("/api/contracts/v1/ledger?case_id={}", draft.case_id);
        let clerk = yewu.role("archivist");
        assert!(clerk.get(&ledger).await.ok::<Page<LedgerRow>>().items.is_empty(), "a draft is not in it");
        let contract = signed(yewu, &draft).await;
        let plan_of = milestones(yewu, &format!("contract_id={}", contract.id)).await;
        let finance = yewu.role("finance_specialist");
        let receipt = received(&finance, contract.account_id, "5000.00").await;
        finance.act(&place(&receipt), "allocate", parts(&[(&plan_of[0], "5000.00")])).await.ok::<Receipt>();
        let row = clerk.get(&ledger).await.ok::<Page<LedgerRow>>().items.remove(0);
        assert_eq!(
            (row.number.as_str(), row.account_name.as_str(), row.amount.to_string()),
            (contract.number.as_str(), "晨光泵业", "20000.00 CNY".into())
        );
        assert_eq!(
            (row.paid.to_string(), row.paid_rate.to_string(), row.delivery_date.map(|day| day.to_string())),
            ("5000.00".into(), "0.25".into(), Some("2026-12-31".into()))
        );
        let csv = clerk.send(reqwest::Method::GET, &ledger, &[("accept", "text/csv")], None).await;
        assert_eq!((csv.status.as_u16(), csv.header("content-type")), (200, "text/csv; charset=utf-8"));
        let lines: Vec<&str> = csv.text.split("\r\n").collect();
        assert!(
            lines[0].contains("合同编号")
                && lines[1].starts_with(&contract.number)
                && lines[1].contains("晨光泵业,20000.00,CNY,2026-12-31,signed,5000.00,0.25"),
            "{}",
            csv.text
        );
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        assert!(stranger.get(&ledger).await.ok::<Page<LedgerRow>>().items.is_empty());
    });
}
