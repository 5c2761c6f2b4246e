//! The machine of discrepancies on one screen, and what each end of one moves.
use super::*;
use wire::Ownership;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:boss".into(), ownership: Ownership::default() }
}
fn discrepancy(status: Status, nature: Nature, resolution: Option<Resolution>) -> Discrepancy {
    Discrepancy {
        id: DiscrepancyId(Uuid::nil()),
        number: "DC-1".into(),
        status,
        nature,
        kind: Kind::Damage,
        goods_receipt_id: GoodsReceiptId(Uuid::nil()),
        goods_receipt_line_id: Some(Uuid::from_u128(11)),
        purchase_order_id: PurchaseOrderId(Uuid::nil()),
        purchase_order_number: "PO-1".into(),
        purchase_order_line_id: Some(Uuid::from_u128(1)),
        supplier_id: SupplierId(Uuid::nil()),
        case_id: None,
        sku: Some("PUMP-40".into()),
        quantity: if nature == Nature::Reported { Quantity::ZERO } else { "2".parse().unwrap() },
        description: None,
        attachment_ids: Kept(Vec::new()),
        contact_note: None,
        contacted_at: None,
        resolution,
        resolution_note: None,
        resolved_by: None,
        resolved_at: None,
        opened_by: "user:wang".into(),
        opened_at: by().at,
        closed_at: None,
        owner_id: None,
        team_id: None,
        department_id: None,
        version: 1,
    }
}
fn decision(resolution: Resolution) -> ResolveDiscrepancy {
    ResolveDiscrepancy { resolution, note: "已与供应商商定".parse().unwrap() }
}

#[test]
fn pro_31_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let one = || discrepancy(from, Nature::Rejected, Some(Resolution::Return));
        let resolve = |resolution| one().resolve(decision(resolution), Some("user:wang"), &by());
        let steps = [
            ("contact", one().contact("电话".into(), &by()).map_err(Into::into)),
            ("resolve", resolve(Resolution::Return)),
            ("resolve", resolve(Resolution::Exchange)),
            ("resolve", resolve(Resolution::Credit)),
            ("resolve", resolve(Resolution::AcceptAsIs)),
            ("close", one().close(&by()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            let Ok(change) = outcome else { continue };
            let after = change.after();
            let info = Discrepancy::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
            assert!(info.to.contains(&after.status.as_str()) && after.version == 2, "{command}");
            table.push(
                format!("{from} {command} {} {}", after.status, change.event_types().join(" ")).trim_end().to_owned(),
            );
        }
    }
    let mut life = vec!["opened contact supplier_contacted".to_owned()];
    let ways = ["return", "exchange", "credit", "accept_as_is"];
    for from in ["supplier_contacted"].into_iter().chain(ways) {
        life.extend(ways.iter().map(|to| format!("{from} resolve {to}")));
        if from != "supplier_contacted" {
            life.push(format!("{from} close closed procurement.discrepancy.closed.v1"));
        }
    }
    assert_eq!(table, life);
}

#[test]
fn pro_31_what_each_end_moves() {
    let moved = |nature, resolution| {
        let one = discrepancy(Status::Closed, nature, Some(resolution));
        let Outcome { taken, forgone, opened, completes } = one.outcome();
        assert!(opened == 0 && !completes);
        (taken.len(), forgone.len(), one.takes().is_some())
    };
    assert_eq!(moved(Nature::Rejected, Resolution::AcceptAsIs), (1, 0, true));
    assert_eq!(moved(Nature::Rejected, Resolution::Return), (0, 1, false));
    assert_eq!(moved(Nature::Rejected, Resolution::Credit), (0, 1, false));
    assert_eq!(moved(Nature::Rejected, Resolution::Exchange), (0, 0, false), "the supplier delivers again");
    assert_eq!(moved(Nature::Missing, Resolution::Credit), (0, 1, false));
    assert_eq!(moved(Nature::Missing, Resolution::Exchange), (0, 0, false));
    for &resolution in Resolution::ALL {
        assert_eq!(moved(Nature::Reported, resolution), (0, 0, false), "a report moves no goods");
    }
}

#[test]
fn pro_31_what_is_not_here_cannot_go_back_and_no_inspector_waves_through() {
    let resolve = |nature, resolution, inspector: &str| {
        let one = discrepancy(Status::SupplierContacted, nature, None);
        one.resolve(decision(resolution), Some(inspector), &by()).map(drop).map_err(|error| error.code().to_owned())
    };
    let nothing = || Err("discrepancy.nothing_here".to_owned());
    assert_eq!(resolve(Nature::Missing, Resolution::Return, "user:wang"), nothing());
    assert_eq!(resolve(Nature::Missing, Resolution::AcceptAsIs, "user:wang"), nothing());
    assert_eq!(resolve(Nature::Missing, Resolution::Credit, "user:wang"), Ok(()));
    let own = Err("discrepancy.own_rejection".to_owned());
    assert_eq!(resolve(Nature::Rejected, Resolution::AcceptAsIs, "user:boss"), own);
    assert_eq!(resolve(Nature::Rejected, Resolution::Return, "user:boss"), Ok(()));
}
