//! The machine of leads on one screen, and every rule from both sides.
use super::*;
use platform::{ApiError, Rule};
use uuid::Uuid;
use wire::crm::{ContactChannel, OnDuplicate};

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
            ("update", lead(from).update(LeadPatch::default()).ok()),
            ("score", lead(from).score(score()).ok()),
            ("screen", lead(from).screen(pass).ok()),
            ("screen", lead(from).screen(reject).ok()),
            ("contact", lead(from).contact(talk(), &by()).ok()),
            ("qualify", lead(from).qualify(QualifyLead::default()).ok()),
            (
                "convert",
                lead(from).convert(AccountId(Uuid::nil()), ContactId(Uuid::nil()), OpportunityId(Uuid::nil())).ok(),
            ),
            ("disqualify", lead(from).disqualify("gone".into()).ok()),
            ("pool", lead(from).pool("no time".into()).ok()),
            ("claim", lead(from).claim(&by()).ok()),
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
            "screened contact contacted [\"crm.lead.contacted.v1\"]",
            "screened disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "screened pool pooled [\"crm.lead.pooled.v1\"]",
            "contacted contact contacted [\"crm.lead.contacted.v1\"]",
            "contacted qualify qualified [\"crm.lead.qualified.v1\"]",
            "contacted disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "contacted pool pooled [\"crm.lead.pooled.v1\"]",
            "qualified convert converted [\"crm.lead.converted.v1\"]",
            "qualified disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "qualified pool pooled [\"crm.lead.pooled.v1\"]",
            "pooled disqualify disqualified [\"crm.lead.disqualified.v1\"]",
            "pooled claim new [\"crm.lead.claimed.v1\"]",
        ]
    );
}

#[test]
fn crm_08_who_passes_has_a_class_and_who_is_rejected_a_reason() {
    let refused = |said| lead(Status::New).screen(said).unwrap_err();
    assert_eq!(code(&refused(screening(ScreeningResult::Pass, None, Some("fine")))), "lead.class");
    assert_eq!(code(&refused(screening(ScreeningResult::Reject, Some(LeadClass::C), None))), "lead.reason");
}

#[test]
fn crm_13_without_a_need_nobody_is_qualified() {
    let without = Lead { need: None, ..lead(Status::Contacted) };
    assert_eq!(code(&without.clone().qualify(QualifyLead::default()).unwrap_err()), "lead.need");
    let said = QualifyLead { need: Some("12 pumps".parse().unwrap()) };
    assert_eq!(without.qualify(said).unwrap().after().need.as_deref(), Some("12 pumps"));
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
    let pooled = lead(Status::Contacted).pool("no time".into()).unwrap().after().clone();
    assert_eq!(
        (pooled.owner_id.as_deref(), pooled.team_id.as_deref(), pooled.department_id.as_deref()),
        (None, None, Some("sales"))
    );
    let claimed = pooled.claim(&by()).unwrap().after().clone();
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
