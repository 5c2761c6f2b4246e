//! The machine of sample tests on one screen, and what makes one pass.
use super::*;
use uuid::Uuid;
use wire::{Ownership, procurement::TesterRole};

fn by(user: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: format!("user:{user}"), ownership: Ownership::default() }
}
fn test(status: Status) -> SampleTest {
    let criterion = |text: &str| SampleCriterion { criterion: text.into(), passed: None, note: None };
    SampleTest {
        id: SampleTestId(Uuid::nil()),
        number: "ST-1".into(),
        status,
        case_id: None,
        rfq_id: RfqId(Uuid::nil()),
        rfq_number: "RFQ-1".into(),
        supplier_id: SupplierId(Uuid::nil()),
        supplier_name: "上海泵业".into(),
        sample: "办公椅".into(),
        criteria: Kept(vec![criterion("承重 150 kg"), criterion("升降 1000 次")]),
        testers: Kept(Vec::new()),
        note: None,
        reason: None,
        requested_by: "user:buyer".into(),
        owner_id: None,
        team_id: None,
        department_id: None,
        created_at: by("buyer").at,
        received_at: None,
        completed_at: None,
        completed_by: None,
        version: 1,
    }
}
fn results(list: &[bool]) -> CompleteSampleTest {
    let result = |passed: &bool| CriterionResult { passed: *passed, note: None };
    CompleteSampleTest {
        results: list.iter().map(result).collect(),
        testers: vec![Tester { name: "李雷".parse().unwrap(), role: TesterRole::Technical }],
        note: None,
    }
}

#[test]
fn pro_20_the_whole_life_of_a_sample_test_on_one_screen() {
    let mut table = Vec::new();
    for &from in Status::ALL {
        let steps: [(&str, platform::Result<Change<SampleTest>>); 5] = [
            ("receive", test(from).receive(&by("warehouse")).map_err(Into::into)),
            ("start", test(from).start().map_err(Into::into)),
            ("complete", test(from).complete(results(&[true, true]), &by("technical"))),
            ("complete", test(from).complete(results(&[true, false]), &by("technical"))),
            ("cancel", test(from).cancel("无需测试".into()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                let info = SampleTest::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&after.status.as_str()), "{command} leads where the table says");
                assert_eq!(after.version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {} {}", after.status, change.event_types().join(" ")));
            }
        }
    }
    assert_eq!(
        table,
        [
            "requested receive received ",
            "requested cancel cancelled ",
            "received start testing ",
            "received cancel cancelled ",
            "testing complete passed procurement.sample_test.completed.v1",
            "testing complete failed procurement.sample_test.completed.v1",
            "testing cancel cancelled ",
        ]
    );
}

#[test]
fn pro_20_every_criterion_gets_a_result_from_somebody_else_than_who_asked() {
    let complete = |said: CompleteSampleTest, user: &str| {
        let outcome = test(Status::Testing).complete(said, &by(user));
        outcome.map(|change| change.after().status.as_str().to_owned()).map_err(|error| error.code().to_owned())
    };
    assert_eq!(complete(results(&[true, true]), "quality"), Ok("passed".into()));
    assert_eq!(complete(results(&[false, true]), "quality"), Ok("failed".into()));
    assert_eq!(complete(results(&[true]), "quality"), Err("sample_test.results".into()));
    assert_eq!(complete(results(&[true, true, true]), "quality"), Err("sample_test.results".into()));
    assert_eq!(complete(results(&[true, true]), "buyer"), Err("sample_test.own_request".into()));
    let testers = |count: usize| {
        let one = results(&[true, true]);
        complete(CompleteSampleTest { testers: vec![one.testers[0].clone(); count], ..one }, "quality")
    };
    let refused = || Err("sample_test.testers".to_owned());
    assert_eq!([testers(0), testers(10), testers(11)], [refused(), Ok("passed".into()), refused()]);
}
