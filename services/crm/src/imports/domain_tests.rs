//! The life of imports, and how a row becomes a lead.
use super::*;
use uuid::Uuid;
use wire::crm::PartyType;

fn by() -> Stamp {
    let at = Moment::new("2026-03-05T02:00:00Z".parse().unwrap());
    let ownership = Ownership { owner_id: Some("ann".into()), team_id: Some("east".into()), department_id: None };
    Stamp { at, actor: "user:ann".into(), ownership }
}
fn import(format: ImportFormat, total: usize) -> Result<Import, ImportRule> {
    let caller = Caller {
        service: "crm",
        user: "ann".into(),
        roles: vec![Role::SalesRep],
        department: None,
        team: Some("east".into()),
        language: Language::English,
    };
    let how = NewImport { kind: ImportKind::Leads, format: None, on_duplicate: OnDuplicate::Merge, dry_run: false };
    let queued = Import::queue(ImportId(Uuid::nil()), &how, format, Vec::new(), total, &caller, &by())?;
    Ok(queued.after().clone())
}
fn one() -> Import {
    import(ImportFormat::Csv, 8).unwrap()
}

#[test]
fn crm_07_the_life_of_an_import_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let all = Tally { created: 8, ..Tally::default() };
        let at = || Import { status: from, ..one() };
        let steps = [
            ("cancel", at().cancel(&by())),
            ("progress", at().progress(Tally::default(), None, &by())),
            ("progress", at().progress(all, None, &by())),
        ];
        for (command, outcome) in steps {
            let Ok(change) = outcome else { continue };
            let after = change.after();
            let info = Import::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
            assert!(info.to.contains(&after.status.as_str()) && after.version == 2);
            table.push(format!("{from} {command} {}", after.status));
        }
    }
    assert_eq!(
        table,
        [
            "queued cancel cancelled",
            "queued progress running",
            "queued progress done",
            "running cancel cancelled",
            "running progress running",
            "running progress done",
        ]
    );
}

#[test]
fn crm_07_every_row_is_counted_once() {
    assert_eq!(import(ImportFormat::Csv, 0).unwrap_err(), ImportRule::Empty);
    let mut tally = Tally::default();
    for outcome in [
        Outcome::Created,
        Outcome::Created,
        Outcome::Merged,
        Outcome::Attached,
        Outcome::Duplicate,
        Outcome::Failed,
        Outcome::Pending,
    ] {
        tally.count(outcome);
    }
    let after = one().progress(tally, None, &by()).unwrap().after().clone();
    let counted = [after.created, after.merged, after.attached, after.duplicates, after.failed, after.left()];
    assert_eq!((counted, after.status, after.finished_at), ([2, 1, 1, 1, 1, 2], Status::Running, None));
    let last = after.progress(Tally { created: 2, ..Tally::default() }, None, &by()).unwrap().after().clone();
    assert_eq!((last.left(), last.status, last.finished_at), (0, Status::Done, Some(by().at)));
}

#[test]
fn crm_07_a_row_is_read_as_a_single_lead_is() {
    let (csv, jsonl) = (one(), import(ImportFormat::Jsonl, 1).unwrap());
    let row = json!({"name": "A", "source": "online", "external_system": "erp", "external_id": "7"});
    let lead = csv.lead(&row).unwrap();
    assert_eq!((lead.party_type, lead.on_duplicate), (PartyType::Organisation, OnDuplicate::Merge));
    assert_eq!((lead.external_refs[0].system.as_str(), lead.external_refs[0].id.as_str()), ("erp", "7"));
    let refused = |import: &Import, row: &Value| {
        let problem = import.lead(row).unwrap_err().problem(Language::English, String::new());
        (problem.code, problem.errors.into_iter().next().map(|error| error.pointer))
    };
    let half = json!({"name": "A", "source": "online", "external_id": "7"});
    assert_eq!(refused(&csv, &half), ("import.row_reference".into(), Some("/external_id".into())));
    let strange = json!({"name": "A", "source": "online", "party_type": "robot"});
    assert_eq!(refused(&csv, &strange), ("body.invalid".into(), Some("/party_type".into())));
    assert_eq!(
        refused(&jsonl, &json!({"name": "A", "source": "online"})).0,
        "body.invalid",
        "an object says its party"
    );
    let own = json!({"party_type": "person", "name": "A", "source": "online", "on_duplicate": "create"});
    assert_eq!(jsonl.lead(&own).unwrap().on_duplicate, OnDuplicate::Create, "a row's own word counts");
}
