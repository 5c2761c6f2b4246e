//! The machine of suppliers on one screen, and their licences at the boundary.
use super::*;
use uuid::Uuid;

fn by(at: &str) -> Stamp {
    let at = Moment::new(at.parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: wire::Ownership::default() }
}
fn monday() -> Stamp {
    by("2026-03-02T01:00:00Z")
}
fn paper(valid_to: &str) -> SupplierLicence {
    SupplierLicence {
        kind: "营业执照".parse().unwrap(),
        number: "9131".parse().unwrap(),
        valid_to: valid_to.parse().unwrap(),
    }
}
fn licensed(status: Status, papers: &[&str]) -> Supplier {
    let new = NewSupplier {
        name: "上海泵业".parse().unwrap(),
        contact: SupplierContact::default(),
        licences: Some(papers.iter().map(|day| paper(day)).collect()),
        bank: None,
        external_refs: Vec::new(),
    };
    let change = Supplier::register(SupplierId(Uuid::nil()), "SU-2026-000001".into(), new, &monday()).unwrap();
    assert_eq!(change.after().status, Status::Prospective);
    Supplier { status, ..change.after().clone() }
}
fn supplier(status: Status) -> Supplier {
    licensed(status, &[])
}

#[test]
fn pro_10_pro_13_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", supplier(from).update(SupplierPatch::default())),
            ("qualify", supplier(from).qualify(&monday()).map_err(Into::into)),
            ("place_on_probation", supplier(from).place_on_probation("late".into()).map_err(Into::into)),
            ("suspend", supplier(from).suspend("late".into()).map_err(Into::into)),
            ("eliminate", supplier(from).eliminate("59 points".into(), None).map_err(Into::into)),
            ("readmit", supplier(from).readmit().map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                assert_eq!((after.version, change.event_types()[0]), (2, "procurement.supplier.changed.v1"));
                let told = change.event_types()[1..].join(" ");
                table.push(format!(
                    "{from} {command} {} {} {told}",
                    after.status,
                    after.reason.as_deref().unwrap_or("-")
                ));
            }
        }
    }
    assert_eq!(
        table,
        [
            "prospective update prospective - ",
            "prospective qualify qualified - ",
            "prospective eliminate eliminated 59 points procurement.supplier.eliminated.v1",
            "qualified update qualified - ",
            "qualified place_on_probation probation late ",
            "qualified suspend suspended late ",
            "qualified eliminate eliminated 59 points procurement.supplier.eliminated.v1",
            "probation update probation - ",
            "probation qualify qualified - ",
            "probation suspend suspended late ",
            "probation eliminate eliminated 59 points procurement.supplier.eliminated.v1",
            "suspended update suspended - ",
            "suspended qualify qualified - ",
            "suspended eliminate eliminated 59 points procurement.supplier.eliminated.v1",
            "eliminated readmit qualified - ",
        ]
    );
}

#[test]
fn pro_10_a_licence_is_told_of_thirty_days_before_its_end_and_once() {
    let known = || licensed(Status::Qualified, &["2026-04-01", "2026-04-02", "2030-01-01"]);
    assert_eq!(known().licences_due_on.unwrap().to_string(), "2026-03-02");
    assert!(known().remind(&by("2026-03-01T15:59:59Z")).unwrap().is_none(), "still 1 March in Shanghai");
    let change = known().remind(&by("2026-03-01T16:00:00Z")).unwrap().unwrap();
    assert_eq!(change.event_types(), ["procurement.supplier.licence_expiring.v1"]);
    let told = change.after().clone();
    assert_eq!(told.licences_due_on.unwrap().to_string(), "2026-03-03");
    assert!(told.clone().remind(&monday()).unwrap().is_none());
    let same =
        SupplierPatch { licences: Some(vec![paper("2026-04-01"), paper("2027-04-01")]), ..SupplierPatch::default() };
    let kept = told.update(same).unwrap().after().clone();
    assert_eq!(kept.licences.0.iter().map(|licence| licence.told).collect::<Vec<_>>(), [true, false]);
    assert_eq!(kept.licences_due_on.unwrap().to_string(), "2027-03-02");
}

#[test]
fn pro_10_nobody_is_qualified_whose_licence_has_run_out() {
    let qualify = |papers: &[&str]| licensed(Status::Prospective, papers).qualify(&monday()).map(drop);
    assert!(qualify(&["2026-03-02"]).is_ok(), "its last day counts");
    let Err(Refused::Gates { closed, .. }) = qualify(&["2030-01-01", "2026-03-01"]) else { panic!("refused") };
    assert_eq!(closed[0].gate, "licences_valid");
}

#[test]
fn pro_10_at_most_twenty_licences() {
    let patch = |count| SupplierPatch { licences: Some(vec![paper("2030-01-01"); count]), ..SupplierPatch::default() };
    assert!(supplier(Status::Qualified).update(patch(20)).is_ok());
    assert_eq!(supplier(Status::Qualified).update(patch(21)).unwrap_err().code(), "supplier.licences");
}
