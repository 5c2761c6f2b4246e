//! The machine of leads on one screen, and every rule from both sides.
use super::*;
use platform::{ApiError, Rule};
use uuid::Uuid;
use wire::{
    Patched,
    crm::{ContactChannel, OnDuplicate},
};

fn by() -> Stamp {
    let ownership =
        Ownership { owner_id: Some("ann".into()), team_id: Some("east".into()), department_id: Some("sales".into()) };
    Stamp { at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()), actor: "user:ann".into(), ownership }
}
fn new_lead() -> NewLead {
    NewLead {
        party_type: PartyType::Organisation,
        name: "晨光泵业有限公司".parse().unwrap(),
        contact_name: Some("李雷".parse().unwrap()),
        contact_phone: None,
        contact_email: None,
        region: None,
        source: "exhibition".parse().unwrap(),
        referrer_account_id: None,
        need: None,
        external_refs: Vec::new(),
        on_duplicate: OnDuplicate::Refuse,
        duplicate_of: None,
    }
}
fn lead(status: Status) -> Lead {
    let change =
        Lead::open(LeadId(Uuid::nil()), "LD-1".into(), CaseId(Uuid::nil()), new_lead(), None, false, &by()).unwrap();
    Lead { status, need: Some("12 pumps".into()), ..change.after().clone() }
}
fn screening(result: ScreeningResult, class: Option<LeadClass>, reason: Option<&str>) -> ScreenLead {
    ScreenLead { result, class, reason: reason.map(|text| text.parse().unwrap()) }
}
fn talk() -> ContactLead {
    ContactLead { channel: ContactChannel::Phone, outcome: "wants an offer".parse().unwrap() }
}
fn score() -> LeadScore {
    LeadScore { total: rust_decimal::Decimal::ONE, scoring_model_id: ScoringModelId(Uuid::nil()), lines: Vec::new() }
}
/// Who has nothing yet.
const NOBODY: Claimant = Claimant { held: 0, claims_today: 0, gave_back_at: None };
fn limits() -> LeadPoolRule {
    LeadPoolRule {
        id: wire::crm::LeadPoolRuleId(Uuid::nil()),
        department: None,
        most_held: 1,
        most_claims_a_day: 1,
        cooldown_days: 1,
        idle_days: 2,
        warn_days: 1,
        version: 1,
    }
}
fn other() -> Lead {
    Lead { id: LeadId(Uuid::max()), number: "LD-2".into(), case_id: CaseId(Uuid::max()), ..lead(Status::New) }
}
fn touch(second: i64) -> LeadTouch {
    let at = Moment::new(by().at.timestamp() + jiff::SignedDuration::from_secs(second));
    LeadTouch { channel: ContactChannel::Phone, outcome: format!("at {second}"), by: "user:ann".into(), at }
}
fn code(error: &ApiError) -> &str {
    error.code()
}

#[test]
fn crm_01_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let pass = screening(ScreeningResult::Pass, Some(LeadClass::A), None);
        let reject = screening(ScreeningResult::Reject, None, Some("no such company"));
        let steps = [
            ("update", lead(from).update(LeadPatch::default(), &by()).ok()),
            ("score", lead(from).score(score()).ok()),
            ("screen", lead(from).screen(pass, &by()).ok()),
            ("screen", lead(from).screen(reject, &by()).ok()),
            ("contact", lead(from).contact(talk(), &by()).ok()),
            ("qualify", lead(from).qualify(QualifyLead::default(), &by()).ok()),
            (
                "convert",
                lead(from).convert(AccountId(Uuid::nil()), ContactId(Uuid::nil()), OpportunityId(Uuid::nil())).ok(),
            ),
            ("disqualify", lead(from).disqualify("gone".into()).ok()),
            ("pool", lead(from).pool(PoolReason::GivenUp, "no time".into()).ok()),
            ("claim", lead(from).claim(&limits(), &NOBODY, &by()).ok()),
            ("merge", lead(from).merge(&other(), "the same".into()).ok()),
            ("warn_idle", lead(from).warn_idle(by().at, &by()).ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2, "{command} makes a version");
                let info = Lead::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
                assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
                if !["update", "score"].contains(&command) {
                    table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
                }
            }
        }
    }
    assert_eq!(
        table,
        [
            "new screen screened [\"crm.lead.screened.v1\"]",
            "new screen disqualified [\"crm.lead.screened.v1\"]",
            "new disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "new pool pooled [\"crm.lead.pooled.v1\"]",
            "new merge merged [\"crm.case.merged.v1\", \"crm.lead.merged.v1\"]",
            "new warn_idle new [\"crm.lead.idle_warned.v1\"]",
            "screened contact contacted [\"crm.lead.contacted.v1\"]",
            "screened disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "screened pool pooled [\"crm.lead.pooled.v1\"]",
            "screened merge merged [\"crm.case.merged.v1\", \"crm.lead.merged.v1\"]",
            "screened warn_idle screened [\"crm.lead.idle_warned.v1\"]",
            "contacted contact contacted [\"crm.lead.contacted.v1\"]",
            "contacted qualify qualified [\"crm.lead.qualified.v1\"]",
            "contacted disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "contacted pool pooled [\"crm.lead.pooled.v1\"]",
            "contacted merge merged [\"crm.case.merged.v1\", \"crm.lead.merged.v1\"]",
            "contacted warn_idle contacted [\"crm.lead.idle_warned.v1\"]",
            "qualified convert converted [\"crm.lead.converted.v1\"]",
            "qualified disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "qualified pool pooled [\"crm.lead.pooled.v1\"]",
            "qualified merge merged [\"crm.case.merged.v1\", \"crm.lead.merged.v1\"]",
            "qualified warn_idle qualified [\"crm.lead.idle_warned.v1\"]",
            "pooled disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "pooled claim new [\"crm.lead.claimed.v1\"]",
            "pooled merge merged [\"crm.case.merged.v1\", \"crm.lead.merged.v1\"]",
        ]
    );
}

#[test]
fn crm_08_who_passes_has_a_class_and_who_is_rejected_a_reason() {
    let refused = |said| lead(Status::New).screen(said, &by()).unwrap_err();
    assert_eq!(code(&refused(screening(ScreeningResult::Pass, None, Some("fine")))), "lead.class");
    assert_eq!(code(&refused(screening(ScreeningResult::Reject, Some(LeadClass::C), None))), "lead.reason");
}

#[test]
fn crm_13_without_a_need_nobody_is_qualified() {
    let without = Lead { need: None, ..lead(Status::Contacted) };
    assert_eq!(code(&without.clone().qualify(QualifyLead::default(), &by()).unwrap_err()), "lead.need");
    let said = QualifyLead { need: Some("12 pumps".parse().unwrap()) };
    assert_eq!(without.qualify(said, &by()).unwrap().after().need.as_deref(), Some("12 pumps"));
}

#[test]
fn crm_07_a_second_report_fills_blanks_and_overwrites_nothing() {
    let second = NewLead {
        contact_name: Some("韩梅".parse().unwrap()),
        contact_phone: Some("138 0013 8000".parse().unwrap()),
        ..new_lead()
    };
    let change = lead(Status::Screened).absorb(second).unwrap();
    assert_eq!(change.event_types(), ["crm.lead.duplicate_detected.v1"]);
    let after = change.after();
    assert_eq!(
        (after.contact_name.as_deref(), after.phone_key.as_deref(), after.status),
        (Some("李雷"), Some("13800138000"), Status::Screened)
    );
}

#[test]
fn crm_01_the_pool_belongs_to_the_department_and_the_claimer_owns_what_they_took() {
    let pooled = lead(Status::Contacted).pool(PoolReason::GivenUp, "no time".into()).unwrap().after().clone();
    assert_eq!(
        (pooled.owner_id.as_deref(), pooled.team_id.as_deref(), pooled.department_id.as_deref()),
        (None, None, Some("sales"))
    );
    let claimed = pooled.claim(&limits(), &NOBODY, &by()).unwrap().after().clone();
    assert_eq!(
        (claimed.owner_id.as_deref(), claimed.team_id.as_deref(), claimed.reason),
        (Some("ann"), Some("east"), None)
    );
}

#[test]
fn crm_12_at_most_500_talks_are_kept() {
    let with = |count: usize| {
        let touch =
            LeadTouch { channel: ContactChannel::Phone, outcome: "x".into(), by: "user:ann".into(), at: by().at };
        Lead { touches: Kept(vec![touch; count]), ..lead(Status::Contacted) }
    };
    assert!(with(499).contact(talk(), &by()).is_ok());
    assert_eq!(code(&with(500).contact(talk(), &by()).unwrap_err()), "lead.touches");
    assert_eq!(LeadRule::Touches.code(), "lead.touches");
}

#[test]
fn crm_01_work_is_what_people_do_and_a_warning_ends_with_it() {
    let warned = |status| Lead { warned_at: Some(by().at), ..lead(status) };
    let later = Stamp { at: Moment::new(by().at.timestamp() + jiff::SignedDuration::from_secs(1)), ..by() };
    let touched = |lead: &Lead| (lead.touched_at == later.at, lead.warned_at.is_none());
    let pass = screening(ScreeningResult::Pass, Some(LeadClass::A), None);
    assert_eq!(touched(warned(Status::New).screen(pass, &later).unwrap().after()), (true, true));
    let need = LeadPatch { need: Patched::New("pumps".parse().unwrap()), ..LeadPatch::default() };
    assert_eq!(touched(warned(Status::New).update(need, &later).unwrap().after()), (true, true));
    let nothing = warned(Status::New).update(LeadPatch::default(), &later);
    assert_eq!(touched(nothing.unwrap().after()), (false, false), "nothing was said");
    assert_eq!(touched(warned(Status::Screened).contact(talk(), &later).unwrap().after()), (true, true));
    assert_eq!(
        touched(warned(Status::Contacted).qualify(QualifyLead::default(), &later).unwrap().after()),
        (true, true)
    );
    assert_eq!(touched(warned(Status::New).score(score()).unwrap().after()), (false, false), "a job does that, too");
    assert_eq!(touched(warned(Status::New).pool(PoolReason::Idle, "idle".into()).unwrap().after()), (false, true));
}

#[test]
fn crm_07_the_survivor_takes_over_what_the_merged_one_has() {
    let reference = |id: &str| ExternalRef { system: "erp".parse().unwrap(), id: id.parse().unwrap() };
    let with = |lead: Lead, touches: &[i64], refs: &[&str], need: Option<&str>| Lead {
        touches: Kept(touches.iter().copied().map(touch).collect()),
        external_refs: Kept(refs.iter().copied().map(reference).collect()),
        need: need.map(Into::into),
        ..lead
    };
    let into = with(lead(Status::Contacted), &[1, 4], &["1"], Some("12 pumps"));
    let from = with(other(), &[2, 3], &["2", "3"], Some("8 valves"));
    let from = Lead { contact_email: Some("li@example.com".into()), contact_name: Some("韩梅".into()), ..from };
    let survivor = into.clone().take_over(&from).unwrap().after().clone();
    let order: Vec<&str> = survivor.touches.0.iter().map(|touch| touch.outcome.as_str()).collect();
    assert_eq!((order, survivor.external_refs.0.len()), (vec!["at 1", "at 2", "at 3", "at 4"], 3));
    assert_eq!(
        (
            survivor.need.as_deref(),
            survivor.contact_name.as_deref(),
            survivor.contact_email.as_deref(),
            survivor.status
        ),
        (Some("12 pumps\n8 valves"), Some("李雷"), Some("li@example.com"), Status::Contacted)
    );
    let merged = from.merge(&into, "the same".into()).unwrap().after().clone();
    assert_eq!(
        (
            merged.status,
            merged.merged_into_id,
            merged.touches.0.len(),
            merged.external_refs.0.len(),
            merged.need.as_deref()
        ),
        (Status::Merged, Some(into.id), 0, 0, Some("8 valves"))
    );
}

#[test]
fn crm_07_a_merge_keeps_the_bounds_of_one_lead_and_needs_one_that_is_worked_on() {
    let refs = |count: usize| {
        Kept(
            (0..count)
                .map(|n| ExternalRef { system: "erp".parse().unwrap(), id: format!("{n}").parse().unwrap() })
                .collect(),
        )
    };
    let merged = |own: usize, theirs: usize| {
        let into = Lead { external_refs: refs(own), ..lead(Status::New) };
        into.take_over(&Lead { external_refs: refs(theirs), ..other() })
            .map(drop)
            .map_err(|error| code(&error).to_owned())
    };
    assert_eq!([merged(10, 9), merged(10, 10), merged(10, 11)], [Ok(()), Ok(()), Err("lead.external_refs".into())]);
    let talks = |own: usize, theirs: usize| {
        let into = Lead { touches: Kept(vec![touch(0); own]), ..lead(Status::New) };
        into.take_over(&Lead { touches: Kept(vec![touch(0); theirs]), ..other() }).is_ok()
    };
    assert_eq!([talks(300, 199), talks(300, 200), talks(300, 201)], [true, true, false]);
    for &status in Status::ALL {
        let open = OPEN.contains(&status.as_str());
        assert_eq!(lead(status).take_over(&other()).is_ok(), open, "{status}");
    }
    assert_eq!(code(&lead(Status::New).take_over(&lead(Status::New)).unwrap_err()), "lead.merge_self");
    let long = |need: usize| Lead { need: Some("x".repeat(need)), ..lead(Status::New) };
    let kept = |need: usize| {
        long(need).take_over(&Lead { need: Some("y".into()), ..other() }).unwrap().after().need.clone().unwrap().len()
    };
    assert_eq!([kept(3997), kept(3998), kept(3999)], [3999, 4000, 3999], "what does not fit stays with the merged one");
}

#[test]
fn crm_13_what_is_emptied_is_gone_and_a_qualified_lead_keeps_its_need() {
    let empty = || LeadPatch { contact_phone: Patched::Empty, need: Patched::Empty, ..LeadPatch::default() };
    let known = |status| Lead {
        contact_phone: Some("13800138000".into()),
        phone_key: Some("13800138000".into()),
        need: Some("pumps".into()),
        ..lead(status)
    };
    let Lead { contact_phone, phone_key, need, .. } =
        known(Status::Contacted).update(empty(), &by()).unwrap().after().clone();
    assert_eq!([contact_phone, phone_key, need], [None, None, None]);
    assert_eq!(code(&known(Status::Qualified).update(empty(), &by()).unwrap_err()), "lead.need");
}
