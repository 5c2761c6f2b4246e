//! Shortages, inspections, nonconformities and the customer's silence: each life on one screen, each number at its boundary.
use crate::{
    acceptance_policies::domain::AcceptancePolicy,
    acceptances::{domain::Acceptance, silence::steps},
    inspection_reports::domain::InspectionReport,
    inspections::domain::Inspection,
    nonconformities::domain::Nonconformity,
    orders::domain::tests::{by, order},
    shortages::domain::Shortage,
    store_tests::{acceptance, evidence, invitation, screen},
};
use jiff::SignedDuration;
use platform::{Rule, Stamp};
use uuid::Uuid;
use wire::{
    Measure, Moment,
    json::Kept,
    orders::{
        AcceptancePolicyStatus, AcceptanceStatus, AcceptanceStepKind, CompleteInspection, DecideShortage,
        InspectionResult, InspectionStage, InspectionStatus, NewInspection, NewReading, NonconformityStatus, OnSilence,
        OrderStatus, PublishAcceptancePolicy, SamplePlan, ScrapNonconformity, ShortageDecision, ShortageStatus,
        SubstituteLine,
    },
};

pub(crate) fn shortage(status: ShortageStatus) -> Shortage {
    let ids = (Uuid::nil().into(), "SG-2026-000001".to_owned());
    let mut shortage = Shortage::detect(ids, &order(OrderStatus::Submitted), Vec::new(), None, &by()).after().clone();
    shortage.status = status;
    shortage
}
pub(crate) fn decision(decision: ShortageDecision) -> DecideShortage {
    let other = decision == ShortageDecision::Substitute;
    let line = SubstituteLine { line_id: Uuid::nil(), sku: "PUMP-9".parse().unwrap(), unit_price: None };
    let substitutes = if other { vec![line] } else { Vec::new() };
    DecideShortage { decision, note: None, substitutes, evidence: other.then(evidence) }
}

#[test]
fn ord_07_the_life_of_a_shortage_on_one_screen() {
    let mut table = String::new();
    for &from in ShortageStatus::ALL {
        table += &screen(
            from.as_str(),
            vec![
                ("decide", shortage(from).decide(decision(ShortageDecision::Expedite), &by())),
                ("recheck", shortage(from).recheck().map_err(Into::into)),
                ("update", shortage(from).update(Vec::new()).map_err(Into::into)),
                ("resolve", shortage(from).resolve(&by()).map_err(Into::into)),
                ("cancel", shortage(from).cancel().map_err(Into::into)),
            ],
        );
    }
    assert_eq!(
        table,
        "open decide decided orders.shortage.decided.v1\n\
         open recheck open\n\
         open update open\n\
         open resolve resolved\n\
         open cancel cancelled\n\
         decided decide decided orders.shortage.decided.v1\n\
         decided recheck decided\n\
         decided update decided\n\
         decided resolve resolved\n\
         decided cancel cancelled\n"
    );
}

#[test]
fn ord_07_a_decision_changes_only_forward() {
    let mut table = Vec::new();
    for &from in ShortageDecision::ALL {
        for &to in ShortageDecision::ALL {
            let mut known = shortage(ShortageStatus::Decided);
            known.decision = Some(from);
            match known.decide(decision(to), &by()) {
                Ok(_) => table.push(format!("{from} {to}")),
                Err(refused) if from == ShortageDecision::Substitute => assert_eq!(refused.code(), "gate.closed"),
                Err(refused) => assert_eq!(refused.code(), "shortage.backward"),
            }
        }
    }
    let forward = [
        "expedite expedite",
        "expedite substitute",
        "expedite split",
        "backorder expedite",
        "backorder substitute",
        "backorder split",
        "split expedite",
    ];
    assert_eq!(table, forward);
}

#[test]
fn ord_07_another_model_needs_lines_and_the_customers_yes() {
    let open = || shortage(ShortageStatus::Open);
    let mut asked = decision(ShortageDecision::Substitute);
    asked.evidence = None;
    assert_eq!(open().decide(asked.clone(), &by()).unwrap_err().code(), "shortage.evidence");
    asked.substitutes.clear();
    assert_eq!(open().decide(asked, &by()).unwrap_err().code(), "shortage.substitutes");
    let mut more = decision(ShortageDecision::Substitute);
    more.decision = ShortageDecision::Split;
    assert_eq!(open().decide(more.clone(), &by()).unwrap_err().code(), "shortage.substitutes");
    more.decision = ShortageDecision::Substitute;
    more.substitutes = vec![more.substitutes[0].clone(); 501];
    assert_eq!(open().decide(more, &by()).unwrap_err().code(), "shortage.substitutes");
    let decided = open().decide(decision(ShortageDecision::Substitute), &by()).unwrap();
    assert!(decided.after().is_replaced() && !open().is_replaced());
}

fn planned(plan: (u32, u32, u32)) -> platform::Result<Inspection> {
    let order = order(OrderStatus::InFulfilment);
    let (lot_size, sample_size, acceptance_number) = plan;
    let plan = SamplePlan { lot_size, sample_size, acceptance_number };
    let line_id = order.lines[0].id;
    let new = NewInspection { order_id: order.head.id, line_id, stage: InspectionStage::Final, plan };
    let ids = (Uuid::nil().into(), "QI-2026-000001".to_owned());
    Inspection::plan(ids, &order, new, None, &by()).map(|change| change.after().clone())
}
fn reading(sample: u32, measured: &str) -> NewReading {
    let value = |text: &str| text.parse::<Measure>().ok();
    NewReading {
        sample,
        characteristic: "出口压力".parse().unwrap(),
        unit: "bar".parse().ok(),
        nominal: value("6"),
        lower: value("5.8"),
        upper: value("6.2"),
        measured: value(measured),
        ok: None,
    }
}
fn read(inspection: Inspection, readings: Vec<NewReading>) -> platform::Result<Inspection> {
    let read = CompleteInspection { readings, note: None };
    inspection.complete(read, &by()).map(|change| change.after().clone())
}

#[test]
fn ord_17_a_plan_has_a_lot_samples_and_fewer_that_may_be_bad() {
    let code = |plan| planned(plan).map_or_else(|refused| refused.code().to_owned(), |_| "ok".into());
    assert_eq!(
        [code((0, 1, 0)), code((10, 3, 0)), code((11, 3, 0))],
        ["inspection.lot_size", "ok", "inspection.lot_size"]
    );
    assert_eq!(
        [code((10, 0, 0)), code((10, 10, 0)), code((10, 11, 0))],
        ["inspection.sample_size", "ok", "inspection.sample_size"]
    );
    assert_eq!([code((10, 3, 2)), code((10, 3, 3))], ["ok", "inspection.acceptance_number"]);
}

#[test]
fn ord_17_limits_include_both_ends_and_the_plan_says_how_many_may_be_bad() {
    let ok = |measured| read(planned((10, 1, 0)).unwrap(), vec![reading(1, measured)]).unwrap().result;
    let (pass, fail) = (Some(InspectionResult::Pass), Some(InspectionResult::Fail));
    assert_eq!([ok("5.7999"), ok("5.8"), ok("5.8001")], [fail, pass, pass]);
    assert_eq!([ok("6.1999"), ok("6.2"), ok("6.2001")], [pass, pass, fail]);
    let bad = |count: u32| {
        let readings = (1..=4).map(|sample| reading(sample, if sample <= count { "9" } else { "6" }));
        // A second bad reading of the first sample makes no second bad sample.
        let again = if count > 0 { vec![reading(1, "9")] } else { Vec::new() };
        let done = read(planned((10, 4, 1)).unwrap(), readings.chain(again).collect()).unwrap();
        (done.defects.unwrap(), done.result.unwrap())
    };
    assert_eq!(
        [bad(0), bad(1), bad(2)],
        [(0, InspectionResult::Pass), (1, InspectionResult::Pass), (2, InspectionResult::Fail)]
    );
}

#[test]
fn ord_17_readings_must_be_whole_and_cannot_contradict_themselves() {
    let code = |readings| read(planned((10, 2, 0)).unwrap(), readings).unwrap_err().code().to_owned();
    let both = |change: fn(&mut NewReading)| {
        let mut readings = vec![reading(1, "6"), reading(2, "6")];
        change(&mut readings[1]);
        code(readings)
    };
    assert_eq!(code(Vec::new()), "inspection.readings");
    assert_eq!(code(vec![reading(1, "6"); 1001]), "inspection.readings");
    assert_eq!(code(vec![reading(1, "6")]), "inspection.unread");
    assert_eq!(both(|reading| reading.sample = 3), "inspection.sample");
    assert_eq!(both(|reading| reading.sample = 0), "inspection.sample");
    assert_eq!(both(|reading| reading.measured = None), "inspection.measured");
    assert_eq!(both(|reading| reading.lower = "6.3".parse().ok()), "inspection.limits");
    assert_eq!(both(|reading| reading.ok = Some(false)), "inspection.judgement");
    assert_eq!(both(|reading| (reading.lower, reading.upper) = (None, None)), "inspection.judgement");
}

#[test]
fn ord_17_the_life_of_an_inspection_on_one_screen() {
    let one = |status| {
        let mut inspection = planned((10, 1, 0)).unwrap();
        inspection.status = status;
        inspection
    };
    let mut table = String::new();
    for &from in InspectionStatus::ALL {
        let read = CompleteInspection { readings: vec![reading(1, "6")], note: None };
        table += &screen(
            from.as_str(),
            vec![
                ("complete", one(from).complete(read, &by())),
                ("cancel", one(from).cancel("重复".into()).map_err(Into::into)),
                ("give_up", one(from).give_up().map_err(Into::into)),
            ],
        );
    }
    assert_eq!(
        table,
        "planned complete done orders.inspection.completed.v1\n\
         planned cancel cancelled\n\
         planned give_up cancelled\n"
    );
}

#[test]
fn ord_18_a_report_is_fixed_by_its_hash_and_only_on_what_passed() {
    let ids = || (Uuid::nil().into(), "QR-2026-000001".to_owned());
    let issue = |of: &Inspection, known| InspectionReport::issue(ids(), of, "王质检".into(), known, &by());
    let open = planned((10, 1, 0)).unwrap();
    assert_eq!(issue(&open, None).unwrap_err().code(), "inspection_report.not_passed");
    let failed = read(open.clone(), vec![reading(1, "9")]).unwrap();
    assert_eq!(issue(&failed, None).unwrap_err().code(), "inspection_report.not_passed");
    let passed = read(open, vec![reading(1, "6.05")]).unwrap();
    assert_eq!(issue(&passed, Some("QR-1".into())).unwrap_err().code(), "inspection_report.issued");
    let report = issue(&passed, None).unwrap();
    assert_eq!(report.event_types(), ["orders.inspection_report.issued.v1"]);
    let report = report.after();
    assert!(report.content.contains("6.05") && report.content.contains("王质检") && report.sha256.len() == 64);
    let other = read(planned((10, 1, 0)).unwrap(), vec![reading(1, "6.06")]).unwrap();
    assert_ne!(issue(&other, None).unwrap().after().sha256, report.sha256);
}

#[test]
fn ord_19_the_life_of_a_nonconformity_on_one_screen() {
    let failed = read(planned((10, 1, 0)).unwrap(), vec![reading(1, "9")]).unwrap();
    let one = |status| {
        let ids = (Uuid::nil().into(), "NC-2026-000001".to_owned());
        let mut known = Nonconformity::open(ids, &failed, &by()).after().clone();
        known.status = status;
        known
    };
    let word = |quantity: &str| ScrapNonconformity {
        reason: "叶轮开裂".parse().unwrap(),
        quantity: quantity.parse().unwrap(),
    };
    let mut table = String::new();
    for &from in NonconformityStatus::ALL {
        table += &screen(
            from.as_str(),
            vec![
                ("rework", one(from).rework("更换密封".into()).map_err(Into::into)),
                ("reinspect", one(from).reinspect(Uuid::nil().into()).map_err(Into::into)),
                ("close", one(from).close(&by()).map_err(Into::into)),
                ("reopen", one(from).reopen(&failed).map_err(Into::into)),
                ("scrap", one(from).scrap(word("1"), &by())),
                ("cancel", one(from).cancel().map_err(Into::into)),
            ],
        );
    }
    assert_eq!(
        table,
        "open rework rework\n\
         open scrap scrapped orders.nonconformity.scrapped.v1\n\
         open cancel cancelled\n\
         rework reinspect reinspection\n\
         rework scrap scrapped orders.nonconformity.scrapped.v1\n\
         rework cancel cancelled\n\
         reinspection close closed orders.nonconformity.closed.v1\n\
         reinspection reopen open orders.nonconformity.opened.v1\n\
         reinspection cancel cancelled\n"
    );
    let scrap = |quantity| one(NonconformityStatus::Open).scrap(word(quantity), &by()).is_ok();
    assert_eq!([scrap("0"), scrap("0.0001"), scrap("10"), scrap("10.0001")], [false, true, true, false]);
}

/// A version of the policy that escalates three working days after the last.
pub(crate) fn policy(on_silence: OnSilence, days: &[u32]) -> AcceptancePolicy {
    AcceptancePolicy {
        id: Uuid::nil().into(),
        number: "AP-1".into(),
        revision: 1,
        status: AcceptancePolicyStatus::Published,
        on_silence,
        remind_working_days_before: Kept(days.to_vec()),
        escalate_after_working_days: 3,
        reason: "D-13".into(),
        published_by: "migration".into(),
        published_at: by().at,
        version: 1,
    }
}
fn shown(invited: &str, on_silence: OnSilence) -> Vec<String> {
    let invited: jiff::Timestamp = invited.parse().unwrap();
    let steps = steps(invited.into(), 7, &policy(on_silence, &[3, 0]));
    steps.iter().map(|step| format!("{} {}", step.kind, step.due_at)).collect()
}

#[test]
fn ord_36_the_steps_follow_the_calendar_over_holidays_and_make_up_days() {
    // Monday 2 March 2026: the seventh working day is Wednesday the 11th.
    let plain = [
        "remind 2026-03-06T01:00:00Z",
        "remind 2026-03-11T01:00:00Z",
        "overdue 2026-03-11T10:00:00Z",
        "remind 2026-03-11T10:00:00Z",
        "escalate 2026-03-16T10:00:00Z",
    ];
    assert_eq!(shown("2026-03-02T01:00:00Z", OnSilence::Remind), plain);
    // Friday 13 February 2026: Saturday the 14th is worked, 15 to 23 are the Spring Festival, Saturday the 28th is worked.
    let festival = ["remind 2026-02-26T01:00:00Z", "remind 2026-03-02T01:00:00Z", "overdue 2026-03-02T10:00:00Z"];
    assert_eq!(shown("2026-02-13T02:00:00Z", OnSilence::DeemedAccepted), festival);
    // After closing, Monday is day zero.
    let late = shown("2026-02-27T10:00:00Z", OnSilence::Escalate);
    assert_eq!(late[2..], ["overdue 2026-03-10T10:00:00Z", "escalate 2026-03-10T10:00:00Z"]);
}

#[test]
fn ord_36_the_time_is_the_contracts_and_no_reminder_comes_before_its_first_day() {
    let shown = |days| {
        let steps = steps(by().at, days, &policy(OnSilence::DeemedAccepted, &[3, 0]));
        steps.iter().map(|step| format!("{} {}", step.kind, step.due_at)).collect::<Vec<_>>()
    };
    assert_eq!(shown(3), ["remind 2026-03-05T01:00:00Z", "overdue 2026-03-05T10:00:00Z"]);
    assert_eq!(shown(4)[0], "remind 2026-03-03T01:00:00Z");
    let mut contracted = order(OrderStatus::Delivered);
    let due = |order: &crate::orders::domain::Order| invitation(order).due_at.to_string();
    assert_eq!(due(&contracted), "2026-03-11T10:00:00Z", "seven, where no contract says otherwise");
    contracted.head.goods.0.acceptance_working_days = Some(15);
    assert_eq!(due(&contracted), "2026-03-23T10:00:00Z");
}

fn chased(from: Acceptance, at: Moment) -> (Vec<&'static str>, Acceptance) {
    let change = from.chase(&Stamp { at, ..by() }).unwrap();
    (change.event_types(), change.after().clone())
}
fn after(at: Moment, seconds: i64) -> Moment {
    (at.timestamp() + SignedDuration::from_secs(seconds)).into()
}

#[test]
fn ord_36_the_time_is_over_one_moment_after_its_last_and_only_once() {
    let invited = acceptance(AcceptanceStatus::Invited);
    let due = invited.due_at;
    let overdue = |seconds| chased(invited.clone(), after(due, seconds)).1.overdue_at.is_some();
    assert_eq!([overdue(-1), overdue(0), overdue(1)], [false, false, true]);
    let (told, late) = chased(invited, after(due, 1));
    let reminded = "orders.acceptance.reminded.v1";
    assert_eq!(told, [reminded, reminded, "orders.acceptance.overdue.v1", reminded]);
    assert_eq!((late.status, late.deemed_accepted), (AcceptanceStatus::Invited, false), "never silently");
    let (told, late) = chased(late, after(due, 2));
    assert!(told.is_empty(), "each once: {told:?}");
    let escalate = late.next_step_at.unwrap();
    assert_eq!(chased(late.clone(), escalate).0, [""; 0]);
    let (told, last) = chased(late, after(escalate, 1));
    assert_eq!((told, last.next_step_at), (vec!["orders.acceptance.escalated.v1"], None));
    assert_eq!(last.steps.0.iter().filter(|step| step.kind == AcceptanceStepKind::Escalate).count(), 1);
}

#[test]
fn ord_36_only_a_policy_that_says_so_takes_silence_for_a_yes() {
    for &on_silence in OnSilence::ALL {
        let mut invited = acceptance(AcceptanceStatus::Testing);
        invited.on_silence = on_silence;
        let (_, late) = chased(invited.clone(), after(invited.due_at, 1));
        let deemed = on_silence == OnSilence::DeemedAccepted;
        assert_eq!((late.status == AcceptanceStatus::Accepted, late.deemed_accepted), (deemed, deemed));
        assert_eq!(late.evidence, None, "nobody said anything");
    }
    let answered = acceptance(AcceptanceStatus::Invited).accept(evidence(), &by()).unwrap();
    assert_eq!(answered.after().next_step_at, None, "who answered is not reminded");
}

#[test]
fn ord_36_a_policy_reminds_within_the_time_and_escalates_after_it() {
    let code = |days: &[u32], after: u32| {
        let new = PublishAcceptancePolicy {
            on_silence: OnSilence::Remind,
            remind_working_days_before: days.to_vec(),
            escalate_after_working_days: after,
            reason: "D-13".parse().unwrap(),
        };
        let published = AcceptancePolicy::publish((Uuid::nil().into(), "AP-2".into()), 2, new, &by());
        published.map_or_else(|refused| refused.code().to_owned(), |_| "ok".into())
    };
    assert_eq!(
        [code(&[6, 0], 1), code(&[7], 1), code(&[3, 3], 1)],
        ["ok", "acceptance_policy.reminders", "acceptance_policy.reminders"]
    );
    assert_eq!(
        [code(&[], 0), code(&[], 60), code(&[], 61)],
        ["acceptance_policy.escalation", "ok", "acceptance_policy.escalation"]
    );
}
