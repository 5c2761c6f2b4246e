//! The machine of suppliers on one screen.
use super::*;
use uuid::Uuid;

fn supplier(status: Status) -> Supplier {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    let by = Stamp { at, actor: "user:ann".into(), ownership: wire::Ownership::default() };
    let new = NewSupplier {
        name: "上海泵业".parse().unwrap(),
        contact: SupplierContact::default(),
        external_refs: Vec::new(),
    };
    let change = Supplier::register(SupplierId(Uuid::nil()), "SU-2026-000001".into(), new, &by).unwrap();
    assert_eq!(change.after().status, Status::Prospective);
    Supplier { status, ..change.after().clone() }
}

#[test]
fn pro_10_pro_13_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", supplier(from).update(SupplierPatch::default())),
            ("qualify", supplier(from).qualify()),
            ("suspend", supplier(from).suspend("late".into())),
            ("eliminate", supplier(from).eliminate("59 points".into())),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                assert_eq!((after.version, change.event_types()), (2, vec!["procurement.supplier.changed.v1"]));
                table.push(format!("{from} {command} {} {}", after.status, after.reason.as_deref().unwrap_or("-")));
            }
        }
    }
    assert_eq!(
        table,
        [
            "prospective update prospective -",
            "prospective qualify qualified -",
            "prospective eliminate eliminated 59 points",
            "qualified update qualified -",
            "qualified suspend suspended late",
            "qualified eliminate eliminated 59 points",
            "suspended update suspended -",
            "suspended qualify qualified -",
            "suspended eliminate eliminated 59 points",
        ]
    );
}
