//! The machine of milestones on one screen, and what can be paid to the cent.
use super::*;

fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn by() -> Stamp {
    Stamp { at: at("2026-03-02T01:00:00Z"), actor: "user:fin".into(), ownership: Ownership::default() }
}
fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}
fn receipt() -> ReceiptId {
    ReceiptId(Uuid::nil())
}
fn plan(gross: &str, shares: &[(&str, PaymentTrigger)]) -> Vec<Change<PaymentMilestone>> {
    let term = |(share, trigger): &(&str, PaymentTrigger)| PaymentTerm {
        label: "part".parse().unwrap(),
        trigger: *trigger,
        share: share.parse().unwrap(),
        due_days: 10,
    };
    let plan = Plan {
        contract_id: None,
        order_id: Some(OrderId(Uuid::nil())),
        plan_id: Uuid::nil(),
        number: "SO-1".into(),
        gross: Money::new(amount(gross), Currency::CNY),
        terms: shares.iter().map(term).collect(),
        case_id: CaseId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        account_name: "Acme".into(),
        owner: Ownership::default(),
        cause_event_id: None,
        signed_at: at("2026-03-02T16:30:00Z"),
    };
    plan.milestones(|| PaymentMilestoneId(Uuid::now_v7()), &by())
}
/// 100.00, of which 40.00 are paid where the state says so.
fn milestone(status: Status) -> PaymentMilestone {
    let milestone = plan("100.00", &[("1", PaymentTrigger::Accepted)]).remove(0).after().clone();
    let paid = match status {
        Status::Pending | Status::Due => "0",
        Status::PartiallyPaid | Status::Waived => "40.00",
        Status::Paid => "100.00",
    };
    let due_on = (status == Status::Due).then(|| "2026-03-12".parse().unwrap());
    PaymentMilestone { status, paid: amount(paid), due_on, ..milestone }
}

#[test]
fn con_20_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let late = milestone(from).fall_overdue("2026-03-12".parse().unwrap()).map_err(platform::ApiError::from);
        let steps = [
            (
                "fall_due",
                milestone(from)
                    .fall_due(by().at)
                    .map_err(Into::into)
                    .and_then(|change| change.ok_or(platform::ApiError::internal("nothing"))),
            ),
            ("fall_overdue", late),
            ("pay 40", milestone(from).pay(0, amount("40.00"), receipt(), true)),
            ("pay 60", milestone(from).pay(0, amount("60.00"), receipt(), true)),
            ("unpay 40", milestone(from).unpay(amount("40.00"), receipt(), "bounced".into()).map_err(Into::into)),
            ("waive", milestone(from).waive("goodwill".into(), true).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                table.push(format!("{from} {command} {} {}", after.status, after.open()));
                let action = command.split(' ').next().unwrap();
                let info = PaymentMilestone::MACHINE.transitions.iter().find(|t| t.action == action).unwrap();
                assert!(info.to.contains(&after.status.as_str()), "{command} leads where the table says");
                assert_eq!(after.version, 2, "{command} makes a version");
            }
        }
    }
    assert_eq!(
        table,
        [
            "pending fall_due due 100.00",
            "pending pay 40 partially_paid 60.00",
            "pending pay 60 partially_paid 40.00",
            "pending waive waived 0.00",
            "due fall_overdue due 100.00",
            "due pay 40 partially_paid 60.00",
            "due pay 60 partially_paid 40.00",
            "due waive waived 0.00",
            "partially_paid fall_due partially_paid 60.00",
            "partially_paid fall_overdue partially_paid 60.00",
            "partially_paid pay 40 partially_paid 20.00",
            "partially_paid pay 60 paid 0.00",
            "partially_paid unpay 40 pending 100.00",
            "partially_paid waive waived 0.00",
            "paid unpay 40 partially_paid 40.00",
            "waived unpay 40 waived 0.00",
        ]
    );
}

#[test]
fn con_20_never_more_than_is_open() {
    let pay = |text: &str| {
        milestone(Status::Due)
            .pay(0, amount(text), receipt(), false)
            .map(|change| change.after().status)
            .map_err(|error| error.code().to_owned())
    };
    assert_eq!(
        [pay("99.99"), pay("100.00"), pay("100.01")],
        [Ok(Status::PartiallyPaid), Ok(Status::Paid), Err("payment.too_much".into())]
    );
    assert_eq!(
        [pay("0.01"), pay("0"), pay("-0.01")],
        [Ok(Status::PartiallyPaid), Err("payment.not_positive".into()), Err("payment.not_positive".into())]
    );
}

#[test]
fn con_20_what_is_due_with_the_signature_is_due_ten_days_after_it_in_china() {
    let plan = plan("100.01", &[("0.3", PaymentTrigger::Signed), ("0.7", PaymentTrigger::Shipped)]);
    let shown: Vec<(Status, String, Option<String>, Vec<&str>)> = plan
        .iter()
        .map(|change| {
            let milestone = change.after();
            (
                milestone.status,
                milestone.amount.to_string(),
                milestone.due_on.map(|day| day.to_string()),
                change.event_types(),
            )
        })
        .collect();
    // 16:30 in UTC is the next day in China.
    let due = (Status::Due, "30.00".into(), Some("2026-03-13".into()), vec!["contracts.payment.due.v1"]);
    assert_eq!(shown, [due, (Status::Pending, "70.01".into(), None, vec![])]);
    let nothing = self::plan("0", &[("1", PaymentTrigger::Signed)]).remove(0);
    assert_eq!((nothing.after().status, nothing.event_types().len()), (Status::Paid, 0), "nothing to pay is paid");
    let known = milestone(Status::Due).fall_due(by().at).unwrap();
    assert!(known.is_none(), "once is enough");
}
