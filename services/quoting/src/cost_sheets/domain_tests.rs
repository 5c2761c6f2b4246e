//! The machine of cost sheets on one screen, exact sums, and who may not verify.
use super::*;
use std::fmt::Write;
use uuid::Uuid;
use wire::Ownership;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn cost(kind: CostKind, quantity: &str, unit_cost: &str) -> NewCostLine {
    let (quantity, unit_cost) = (quantity.parse().unwrap(), unit_cost.parse().unwrap());
    NewCostLine { kind, sku: None, description: "part".parse().unwrap(), quantity, unit: None, unit_cost }
}
fn draft(lines: Vec<NewCostLine>) -> Result<Change<CostSheet>, CostRule> {
    let deal =
        Deal { case_id: CaseId(Uuid::nil()), account_id: AccountId(Uuid::nil()), opportunity_id: None, quote_id: None };
    let new = NewCostSheet { opportunity_id: None, quote_id: None, currency: Currency::CNY, lines, note: None };
    CostSheet::draft(CostSheetId(Uuid::nil()), "CS-2026-000001".into(), deal, new, &by("user:ann"))
}
fn sheet(status: Status) -> CostSheet {
    CostSheet { status, ..draft(vec![cost(CostKind::Labor, "1", "1")]).unwrap().after().clone() }
}

#[test]
fn quo_04_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let (ann, fay) = (by("user:ann"), by("user:fay"));
        let steps = [
            ("update", sheet(from).update(CostSheetPatch::default(), &ann)),
            ("submit", sheet(from).submit(&ann).map_err(Into::into)),
            ("verify", sheet(from).verify(&fay)),
            ("return", sheet(from).returned("hours missing".into()).map_err(Into::into)),
            ("lock", sheet(from).lock(&fay)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                writeln!(table, "{from} {command} {} {:?}", change.after().status, change.event_types()).unwrap();
                let info = CostSheet::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
                assert_eq!(change.after().version, 2, "{command} makes a version");
            }
        }
    }
    assert_eq!(
        table.lines().collect::<Vec<_>>(),
        [
            "draft update draft []",
            "draft submit submitted []",
            "submitted verify finance_verified []",
            "submitted return draft []",
            "finance_verified return draft []",
            "finance_verified lock locked [\"quoting.cost_sheet.locked.v1\"]",
        ]
    );
}

#[test]
fn quo_04_sums_are_of_rounded_lines_half_to_even() {
    let lines = vec![
        cost(CostKind::Material, "3", "0.335"),   // 1.005 → 1.00
        cost(CostKind::Material, "1", "1.015"),   // 1.015 → 1.02
        cost(CostKind::Labor, "16.5", "180.00"),  // hours × rate
        cost(CostKind::Overhead, "1", "600.005"), // → 600.00
        cost(CostKind::Other, "0.5", "0.01"),     // 0.005 → 0.00
    ];
    let sheet = draft(lines).unwrap().after().clone();
    let CostTotals { material, labor, overhead, other, total } = sheet.totals();
    let shown = [material, labor, overhead, other, total].map(|money| money.to_string());
    assert_eq!(shown, ["2.02 CNY", "2970.00 CNY", "600.00 CNY", "0.00 CNY", "3572.02 CNY"]);
    assert_eq!((sheet.lines.0[2].unit.as_deref(), sheet.lines.0[0].unit.as_deref()), (Some("hour"), None));
    assert_eq!(sheet.lines.0.iter().map(|line| line.line_number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn quo_04_lines_have_bounds() {
    let code = |lines| draft(lines).map(|_| ()).map_err(|rule| platform::Rule::code(&rule).to_owned());
    let one = || cost(CostKind::Material, "1", "1");
    assert_eq!(code(vec![]), Err("cost_sheet.lines".into()));
    assert_eq!(code(vec![one(); 500]), Ok(()));
    assert_eq!(code(vec![one(); 501]), Err("cost_sheet.lines".into()));
    assert_eq!(code(vec![cost(CostKind::Labor, "0", "1")]), Err("cost_sheet.quantity".into()));
    assert_eq!(code(vec![cost(CostKind::Labor, "0.0001", "0")]), Ok(()));
    assert_eq!(code(vec![cost(CostKind::Other, "1", "-0.0001")]), Err("cost_sheet.unit_cost".into()));
    assert_eq!(code(vec![cost(CostKind::Other, "1", "99999999999999.99")]), Ok(()));
    let cent_more = vec![cost(CostKind::Other, "1", "99999999999999.99"), cost(CostKind::Other, "1", "0.01")];
    assert_eq!(code(cent_more), Err("cost_sheet.total".into()));
}

#[test]
fn quo_04_nobody_verifies_or_locks_what_they_had_a_hand_in() {
    let (ann, bob, fay) = (by("user:ann"), by("user:bob"), by("user:fay"));
    let looked = sheet(Status::Draft).update(CostSheetPatch::default(), &bob).unwrap().after().clone();
    assert_eq!(looked.makers.0, ["user:ann"], "who changes nothing has no hand in it");
    let note =
        CostSheetPatch { note: wire::Patched::New("steel is dearer".parse().unwrap()), ..CostSheetPatch::default() };
    let touched = sheet(Status::Draft).update(note, &bob).unwrap().after().clone();
    let submitted = touched.submit(&ann).unwrap().after().clone();
    for maker in [&ann, &bob] {
        assert_eq!(submitted.clone().verify(maker).unwrap_err().code(), "cost_sheet.maker");
    }
    let verified = submitted.verify(&fay).unwrap().after().clone();
    assert_eq!(verified.verified_by.as_deref(), Some("user:fay"));
    assert_eq!(verified.clone().lock(&bob).unwrap_err().code(), "cost_sheet.maker");
    let returned = verified.returned("rate of March".into()).unwrap().after().clone();
    assert_eq!((returned.verified_by.as_deref(), returned.reason.as_deref()), (None, Some("rate of March")));
    assert_eq!(returned.makers.0, ["user:ann", "user:bob"], "a return wipes nobody's hand off");
}
