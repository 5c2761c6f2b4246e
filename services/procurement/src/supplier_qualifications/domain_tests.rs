//! The machine of qualifications on one screen, and who may decide.
use super::*;
use uuid::Uuid;
use wire::procurement::{NewSupplier, SupplierContact};

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: wire::Ownership::default() }
}
fn supplier(status: SupplierStatus) -> Supplier {
    let new = NewSupplier {
        name: "上海泵业".parse().unwrap(),
        contact: SupplierContact::default(),
        licences: None,
        bank: None,
        external_refs: Vec::new(),
    };
    let change = Supplier::register(SupplierId(Uuid::nil()), "SU-1".into(), new, &by("user:ann")).unwrap();
    Supplier { status, ..change.after().clone() }
}
fn apply(valid_to: &str) -> Result<Change<SupplierQualification>, SupplierQualificationRule> {
    let new = NewSupplierQualification {
        category: "it_equipment".parse().unwrap(),
        valid_to: valid_to.parse().unwrap(),
        justification: "原厂授权".parse().unwrap(),
    };
    SupplierQualification::apply(SupplierQualificationId(Uuid::nil()), SupplierId(Uuid::nil()), new, &by("user:ann"))
}
fn qualification(status: Status) -> SupplierQualification {
    SupplierQualification { status, ..apply("2026-03-02").unwrap().after().clone() }
}

#[test]
fn pro_11_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    let (known, boss) = (supplier(SupplierStatus::Qualified), by("user:boss"));
    for &from in Status::ALL {
        let steps = [
            ("qualify", qualification(from).qualify(&known, &boss)),
            ("reject", qualification(from).reject("样品不合格".into(), &boss)),
            ("expire", qualification(from).expire().map_err(Into::into)),
            ("lapse", qualification(from).lapse("59 分").map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                table.push(format!(
                    "{from} {command} {} {} {}",
                    after.status,
                    after.reason.as_deref().unwrap_or("-"),
                    change.event_types().join(" ")
                ));
            }
        }
    }
    assert_eq!(
        table,
        [
            "applied qualify qualified - procurement.supplier.qualified.v1",
            "applied reject rejected 样品不合格 ",
            "applied lapse rejected 59 分 ",
            "qualified expire expired - procurement.supplier_qualification.expired.v1",
            "qualified lapse expired 59 分 ",
        ]
    );
}

#[test]
fn pro_11_the_maker_does_not_decide_and_a_suspended_supplier_waits() {
    let code = |outcome: platform::Result<Change<SupplierQualification>>| outcome.unwrap_err().code().to_owned();
    let known = supplier(SupplierStatus::Qualified);
    assert_eq!(code(qualification(Status::Applied).qualify(&known, &by("user:ann"))), "supplier_qualification.own");
    assert_eq!(code(qualification(Status::Applied).reject("x".into(), &by("user:ann"))), "supplier_qualification.own");
    let suspended = supplier(SupplierStatus::Suspended);
    assert_eq!(code(qualification(Status::Applied).qualify(&suspended, &by("user:boss"))), "gate.closed");
    let mut late = qualification(Status::Applied);
    late.valid_to = "2026-03-01".parse().unwrap();
    assert_eq!(code(late.qualify(&known, &by("user:boss"))), "gate.closed");
    for status in [SupplierStatus::Prospective, SupplierStatus::Probation, SupplierStatus::Eliminated] {
        assert!(qualification(Status::Applied).qualify(&supplier(status), &by("user:boss")).is_ok(), "{status}");
    }
}

#[test]
fn pro_11_the_last_day_is_not_in_the_past() {
    assert!(apply("2026-03-01").is_err());
    assert!(apply("2026-03-02").is_ok());
}
