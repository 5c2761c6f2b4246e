//! The machine of receipts on one screen, and allocations to the cent.
use super::*;
use crate::payment_milestones::domain::Plan;
use uuid::Uuid;
use wire::{
    CaseId, Money, Ownership,
    contracts::PaymentMilestoneStatus,
    orders::OrderId,
    quoting::{PaymentTerm, PaymentTrigger},
};

fn by() -> Stamp {
    Stamp {
        at: Moment::new("2026-03-02T16:30:00Z".parse().unwrap()),
        actor: "user:fin".into(),
        ownership: Ownership::default(),
    }
}
fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}
fn record(text: &str, received_on: &str) -> Result<Change<Receipt>, ReceiptRule> {
    let account = AccountSnapshot {
        id: AccountId(Uuid::nil()),
        number: "AC-1".into(),
        name: "Acme".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    };
    let new = NewReceipt {
        account_id: account.id,
        amount: Money::new(amount(text), Currency::CNY),
        received_on: received_on.parse().unwrap(),
        channel: ReceiptChannel::BankTransfer,
        reference: None,
        external_refs: Vec::new(),
    };
    Receipt::record(ReceiptId(Uuid::nil()), "RC-1".into(), account, new, &by())
}
fn receipt(text: &str) -> Receipt {
    record(text, "2026-03-02").unwrap().after().clone()
}
/// 30.00 and 70.00 of one order.
fn plan() -> Vec<PaymentMilestone> {
    let term = |share: &str| PaymentTerm {
        label: "part".parse().unwrap(),
        trigger: PaymentTrigger::Accepted,
        share: share.parse().unwrap(),
        due_days: 0,
    };
    let plan = Plan {
        contract_id: None,
        order_id: Some(OrderId(Uuid::nil())),
        plan_id: Uuid::nil(),
        number: "SO-1".into(),
        gross: Money::new(amount("100.00"), Currency::CNY),
        terms: vec![term("0.3"), term("0.7")],
        case_id: CaseId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        account_name: "Acme".into(),
        owner: Ownership::default(),
        cause_event_id: None,
        signed_at: by().at,
    };
    plan.milestones(|| PaymentMilestoneId(Uuid::now_v7()), &by()).iter().map(|change| change.after().clone()).collect()
}
type Allocated = platform::Result<(Change<Receipt>, Vec<Change<PaymentMilestone>>)>;
fn allocate(receipt: Receipt, plan: &[PaymentMilestone], parts: &[(usize, &str)]) -> Allocated {
    let asked: Vec<NewAllocation> = parts
        .iter()
        .map(|(place, text)| NewAllocation { payment_milestone_id: plan[*place].id, amount: amount(text) })
        .collect();
    receipt.allocate(&asked, plan.to_vec(), || AllocationId(Uuid::now_v7()), &by())
}
fn code(outcome: Allocated) -> Result<(), String> {
    outcome.map(drop).map_err(|error| error.code().to_owned())
}

#[test]
fn con_27_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    let plan = plan();
    for &from in Status::ALL {
        let receipt = || Receipt { head: Head { status: from, ..receipt("50.00").head }, ..receipt("50.00") };
        let steps = [
            ("allocate 20", allocate(receipt(), &plan, &[(0, "20.00")]).map(|(change, _)| change)),
            ("allocate 50", allocate(receipt(), &plan, &[(0, "20.00"), (1, "30.00")]).map(|(change, _)| change)),
            ("reverse", receipt().reverse("bounced".into()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                table.push(format!("{from} {command} {} {}", change.after().head.status, change.after().unallocated()));
                assert_eq!(change.after().head.version, 2, "{command} makes a version");
            }
        }
    }
    let life = [
        "recorded allocate 20 recorded 30.00",
        "recorded allocate 50 allocated 0.00",
        "recorded reverse reversed 0.00",
        "allocated reverse reversed 0.00",
    ];
    assert_eq!(table, life);
}

#[test]
fn con_27_never_more_than_the_milestone_wants_nor_than_the_receipt_has() {
    let plan = plan();
    let of_100 = |text: &str| code(allocate(receipt("100.00"), &plan, &[(0, text)]));
    assert_eq!([of_100("29.99"), of_100("30.00"), of_100("30.01")], [Ok(()), Ok(()), Err("payment.too_much".into())]);
    let of_20 = |text: &str| code(allocate(receipt("20.00"), &plan, &[(0, text)]));
    assert_eq!([of_20("19.99"), of_20("20.00"), of_20("20.01")], [Ok(()), Ok(()), Err("receipt.too_much".into())]);
    assert_eq!(code(allocate(receipt("50.00"), &plan, &[(0, "20.00"), (1, "30.01")])), Err("receipt.too_much".into()));
    assert_eq!(of_100("0.001"), Err("payment.not_positive".into()), "nobody pays a tenth of a cent");
    assert_eq!(code(allocate(receipt("50.00"), &plan, &[])), Err("receipt.allocations".into()));
    assert_eq!(
        code(allocate(receipt("50.00"), &plan, &[(0, "1.00"), (0, "1.00")])),
        Err("receipt.allocated_twice".into())
    );
    let elsewhere = vec![PaymentMilestone { account_id: AccountId(Uuid::max()), ..plan[0].clone() }];
    assert_eq!(code(allocate(receipt("50.00"), &elsewhere, &[(0, "1.00")])), Err("receipt.other_account".into()));
    let dollars = vec![PaymentMilestone { currency: "USD".parse().unwrap(), ..plan[0].clone() }];
    assert_eq!(code(allocate(receipt("50.00"), &dollars, &[(0, "1.00")])), Err("receipt.other_currency".into()));
}

#[test]
fn con_27_settled_is_said_once_with_the_last_payment_of_the_plan() {
    let plan = plan();
    let settled = |parts: &[(usize, &str)], plan: &[PaymentMilestone]| -> Vec<bool> {
        let (_, payments) = allocate(receipt("100.00"), plan, parts).unwrap();
        payments.iter().map(|change| format!("{change:?}").contains("\"settled\": Bool(true)")).collect()
    };
    assert_eq!(settled(&[(0, "30.00"), (1, "70.00")], &plan), [false, true]);
    assert_eq!(settled(&[(0, "30.00"), (1, "69.99")], &plan), [false, false]);
    let waived = PaymentMilestone { status: PaymentMilestoneStatus::Waived, ..plan[1].clone() };
    assert_eq!(settled(&[(0, "30.00")], &[plan[0].clone(), waived]), [true]);
    let other_plan = PaymentMilestone { plan_id: Uuid::max(), ..plan[1].clone() };
    assert_eq!(settled(&[(0, "30.00")], &[plan[0].clone(), other_plan]), [true], "another order's money is not ours");
}

#[test]
fn con_27_a_receipt_is_of_something_and_of_a_day_that_has_come() {
    let recorded =
        |text: &str| record(text, "2026-03-02").map(drop).map_err(|rule| platform::Rule::code(&rule).to_owned());
    let refused = Err("receipt.amount".to_owned());
    assert_eq!(
        [recorded("0.01"), recorded("0"), recorded("-0.01"), recorded("0.001")],
        [Ok(()), refused.clone(), refused.clone(), refused]
    );
    // 16:30 in UTC is 3 March in China.
    assert!(record("1", "2026-03-03").is_ok());
    assert_eq!(
        record("1", "2026-03-04").map(drop),
        Err(ReceiptRule::Future { received_on: "2026-03-04".parse().unwrap() })
    );
}
