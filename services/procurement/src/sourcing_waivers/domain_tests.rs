//! The machine of waivers on one screen, and what their approval hangs on.
use super::*;
use platform::Rule;
use wire::Ownership;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:buyer".into(), ownership: Ownership::default() }
}
fn requisition(n: u128) -> RequisitionId {
    RequisitionId(Uuid::from_u128(n))
}
fn estimate(n: u128, total: &str, window: Option<&str>, currency: &str) -> Estimate {
    let money = |amount: &str| Money::new(amount.parse().unwrap(), currency.parse().unwrap());
    Estimate {
        requisition_id: requisition(n),
        case_id: CaseId(Uuid::from_u128(n)),
        total: money(total),
        window: window.map(money),
    }
}
fn waiver(status: Status) -> SourcingWaiver {
    let new = NewSourcingWaiver {
        reason_code: WaiverReason::SoleSource,
        justification: "仅原厂供货".parse().unwrap(),
        supplier_id: SupplierId(Uuid::nil()),
        requisition_ids: vec![requisition(1)],
        attachment_id: Uuid::nil(),
    };
    let figures = figures(&[requisition(1)], &[requisition(1)], &[estimate(1, "900", None, "CNY")]).unwrap();
    let change =
        SourcingWaiver::draft(SourcingWaiverId(Uuid::nil()), "SW-1".into(), new, "上海泵业".into(), &figures, &by());
    let mut waiver = change.after().clone();
    waiver.head.status = status;
    waiver
}

#[test]
fn pro_16_the_whole_life_of_a_waiver_on_one_screen() {
    let figures = figures(&[requisition(1)], &[requisition(1)], &[estimate(1, "900", None, "CNY")]).unwrap();
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps: [(&str, platform::Result<Change<SourcingWaiver>>); 6] = [
            ("update", waiver(from).update(SourcingWaiverPatch::default()).map_err(Into::into)),
            ("submit", waiver(from).submit(&figures, None)),
            ("approve", waiver(from).approve(&by()).map_err(Into::into)),
            ("reject", waiver(from).reject("再询一家".into(), &by()).map_err(Into::into)),
            ("use", waiver(from).use_up(&by()).map_err(Into::into)),
            ("cancel", waiver(from).cancel("不买了".into()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                let info = SourcingWaiver::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&after.head.status.as_str()), "{command} leads where the table says");
                assert_eq!(after.head.version, 2, "{command} makes a version");
                let open = if after.is_open() { "open" } else { "-" };
                table.push(format!("{from} {command} {} {open} {}", after.head.status, change.event_types().join(" ")));
            }
        }
    }
    assert_eq!(
        table,
        [
            "draft update draft - ",
            "draft submit in_approval open ",
            "draft cancel cancelled - ",
            "in_approval approve approved open procurement.sourcing_waiver.approved.v1",
            "in_approval reject rejected - ",
            "approved use used - ",
            "approved cancel cancelled - ",
            "rejected update draft - ",
            "rejected cancel cancelled - ",
        ]
    );
}

#[test]
fn pro_16_a_waiver_sums_its_requisitions_and_is_taken_once() {
    let sum = |estimates: &[Estimate]| {
        let ids: Vec<RequisitionId> = estimates.iter().map(|one| one.requisition_id).collect();
        figures(&ids, &ids, estimates)
    };
    let two = sum(&[estimate(1, "600.00", None, "CNY"), estimate(2, "400.01", None, "CNY")]).unwrap();
    assert_eq!((two.total.to_string(), two.tier_amount, two.case_id), ("1000.01".into(), two.total, None));
    let window = sum(&[estimate(1, "600.00", Some("5000.00"), "CNY")]).unwrap();
    assert_eq!(
        (window.total.to_string(), window.tier_amount.to_string()),
        ("600.00".into(), "5000.00".into()),
        "splitting a purchase does not lower the tier (D-14)"
    );
    assert_eq!(window.case_id, Some(CaseId(Uuid::from_u128(1))));
    let code = |outcome: Result<Figures, WaiverRule>| outcome.unwrap_err().code().to_owned();
    let mixed = sum(&[estimate(1, "1", None, "CNY"), estimate(2, "1", None, "USD")]);
    assert_eq!(code(mixed), "sourcing_waiver.currencies");
    assert_eq!(code(sum(&[estimate(1, "1", None, "USD")])), "sourcing_waiver.currency");
    assert_eq!(code(figures(&[], &[], &[])), "sourcing_waiver.requisitions");
    assert_eq!(code(figures(&[requisition(1); 2], &[requisition(1)], &[])), "sourcing_waiver.requisitions");
    assert_eq!(code(figures(&[requisition(1)], &[], &[])), "sourcing_waiver.requisition");
    let taken = waiver(Status::Draft).submit(&window, Some("SW-2".into())).unwrap_err();
    assert_eq!(taken.code(), "sourcing_waiver.taken");
}
