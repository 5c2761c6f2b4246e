//! Every state and every command of a registration, and each limit just below, at and above.
use super::*;
use wire::{
    Ownership,
    crm::{AccountProfile, OnboardingFault as Fault},
};

const CODE: &str = "91350100M000100Y43";

fn by(user: &str, department: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    let ownership = Ownership { department_id: Some(department.into()), ..Ownership::default() };
    Stamp { at, actor: format!("user:{user}"), ownership }
}
fn maker() -> Stamp {
    by("maker", "service")
}
fn account() -> Account {
    let profile = serde_json::json!({"name": "晨光泵业有限公司"});
    let profile: AccountProfile = serde_json::from_value(profile).unwrap();
    let owner = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
    Account::open(AccountId(Uuid::nil()), "AC-1".into(), profile, owner, &maker()).unwrap().after().clone()
}
fn paper(kind: OnboardingPaper, number: &str, expires_on: Option<&str>) -> AddOnboardingDocument {
    AddOnboardingDocument {
        kind,
        holder_name: "晨光泵业有限公司".parse().unwrap(),
        number: number.parse().unwrap(),
        expires_on: expires_on.map(|day| day.parse().unwrap()),
        attachment_id: Uuid::nil(),
    }
}
fn entry(name: &str, phone: &str, credit_code: Option<&str>) -> OnboardingEntry {
    OnboardingEntry {
        name: name.parse().unwrap(),
        phone: phone.parse().unwrap(),
        address: "上海".parse().unwrap(),
        credit_code: credit_code.map(|code| code.parse().unwrap()),
    }
}
fn prepared(party_type: PartyType) -> OnboardingApplication {
    let new = NewOnboardingApplication {
        account_id: AccountId(Uuid::nil()),
        party_type,
        applicant_name: "晨光泵业".parse().unwrap(),
    };
    let id = OnboardingApplicationId(Uuid::nil());
    OnboardingApplication::prepare(id, "OB-1".into(), new, &account(), None, &maker()).unwrap().after().clone()
}
/// With one licence, entered by the maker, in this state.
fn application(status: Status) -> OnboardingApplication {
    let licence = paper(OnboardingPaper::BusinessLicence, CODE, None);
    let bare = prepared(PartyType::Organisation);
    let with = bare.add_document(Uuid::from_u128(1), licence, "sealed".into()).unwrap().after().clone();
    let entered = Some(Kept(entry("晨光泵业", "021-5555 0101", Some(CODE))));
    let (maker, maker_department) = (Some("user:maker".into()), Some("service".into()));
    OnboardingApplication { status, entry: entered, maker, maker_department, round: 1, ..with }
}

#[test]
fn crm_42_to_49_the_whole_life_on_one_screen() {
    let other = || by("other", "legal");
    let word = |passed: bool| ReviewOnboarding { passed, comment: (!passed).then(|| "x".parse().unwrap()) };
    let licence = || paper(OnboardingPaper::BusinessLicence, CODE, None);
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let row = || application(from);
        let steps: [(&str, platform::Result<Change<OnboardingApplication>>); 18] = [
            ("update", row().update(OnboardingApplicationPatch::default()).map_err(Into::into)),
            ("add_document", row().add_document(Uuid::from_u128(2), licence(), "s".into())),
            ("remove_document", row().remove_document(Uuid::from_u128(1))),
            ("submit", row().submit(&other())),
            ("enter", row().enter(entry("x", "1234567", None), &maker())),
            ("check", row().check(vec![CODE.into()], &maker())),
            ("check_wrong", row().check(vec!["x".into()], &maker())),
            ("request_review", row().request_review().map_err(Into::into)),
            ("review_pass", row().review(word(true), &other())),
            ("review_fail", row().review(word(false), &other())),
            ("verify_document", row().verify_document(Uuid::from_u128(1), true, true, &other())),
            ("return", row().send_back("x".into()).map_err(Into::into)),
            ("approve", row().approve(&other())),
            ("reject", row().reject("x".into(), &other())),
            ("correct", row().correct().map_err(Into::into)),
            ("resubmit", row().resubmit(&other())),
            ("complete", row().complete(&other()).map_err(Into::into)),
            ("withdraw", row().withdraw("x".into()).map_err(Into::into)),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let told = change.event_types().join(" ");
                let told = told.strip_prefix("crm.onboarding.").unwrap_or("-").trim_end_matches(".v1");
                table.push(format!("{from} {command} {} {told}", change.after().status));
            }
        }
    }
    assert_eq!(
        table,
        [
            "preparing update preparing -",
            "preparing add_document preparing -",
            "preparing remove_document preparing -",
            "preparing submit submitted submitted",
            "preparing withdraw withdrawn withdrawn",
            "submitted enter entered entered",
            "submitted withdraw withdrawn withdrawn",
            "entered check auto_checked auto_checked",
            "entered check_wrong returned auto_checked",
            "entered withdraw withdrawn withdrawn",
            "auto_checked request_review in_review -",
            "auto_checked withdraw withdrawn withdrawn",
            "returned correct corrected -",
            "returned withdraw withdrawn withdrawn",
            "in_review review_pass cross_checked cross_checked",
            "in_review review_fail returned -",
            "in_review withdraw withdrawn withdrawn",
            "cross_checked verify_document documents_verified documents_verified",
            "cross_checked return returned -",
            "cross_checked withdraw withdrawn withdrawn",
            "documents_verified approve approved approved",
            "documents_verified reject rejected rejected",
            "documents_verified withdraw withdrawn withdrawn",
            "approved complete completed completed",
            "rejected correct corrected -",
            "rejected withdraw withdrawn withdrawn",
            "corrected update corrected -",
            "corrected add_document corrected -",
            "corrected remove_document corrected -",
            "corrected resubmit submitted submitted",
            "corrected withdraw withdrawn withdrawn",
        ]
    );
}

#[test]
fn crm_42_it_is_handed_in_with_papers_at_most_20_times() {
    assert!(prepared(PartyType::Organisation).submit(&maker()).is_err(), "without papers");
    for (rounds, allowed) in [(19, true), (20, false), (21, false)] {
        let again = OnboardingApplication { round: rounds, ..application(Status::Corrected) };
        assert_eq!(again.resubmit(&maker()).is_ok(), allowed, "{rounds}");
    }
    let licence = || paper(OnboardingPaper::BusinessLicence, CODE, None);
    let mut many = prepared(PartyType::Organisation);
    for number in 0..20 {
        many = many.add_document(Uuid::from_u128(number), licence(), "s".into()).unwrap().after().clone();
    }
    assert!(many.add_document(Uuid::from_u128(20), licence(), "s".into()).is_err());
}

#[test]
fn crm_42_a_number_is_shown_by_its_last_four_characters() {
    for (number, shown) in
        [("11010519491231002X", "**************002X"), ("123456789", "*****6789"), ("12345678", "********"), ("1", "*")]
    {
        assert_eq!(masked(number), shown);
    }
}

#[test]
fn crm_44_the_check_says_everything_that_is_wrong() {
    let found = |party, entry: OnboardingEntry, papers: &[(AddOnboardingDocument, &str)]| {
        let mut row = prepared(party);
        for (place, (paper, _)) in papers.iter().enumerate() {
            let id = Uuid::from_u128(place as u128);
            row = row.add_document(id, paper.clone(), "s".into()).unwrap().after().clone();
        }
        let row = OnboardingApplication { status: Status::Entered, entry: Some(Kept(entry)), ..row };
        let numbers = papers.iter().map(|(_, number)| (*number).to_owned()).collect();
        let after = row.check(numbers, &maker()).unwrap().after().clone();
        let reasons = &after.checks.0.last().unwrap().reasons;
        assert_eq!(after.status == Status::AutoChecked, reasons.is_empty());
        reasons.iter().map(|reason| reason.fault).collect::<Vec<_>>()
    };
    let nothing: [Fault; 0] = [];
    let org = PartyType::Organisation;
    let licence = |number| (paper(OnboardingPaper::BusinessLicence, number, None), number);
    let good = || entry("晨光泵业", "021-5555 0101", Some(CODE));
    assert_eq!(found(org, good(), &[licence(CODE)]), nothing);
    assert_eq!(found(org, good(), &[]), [Fault::PaperMissing]);
    assert_eq!(found(org, good(), &[licence("91310115MA1K35J12U")]), [Fault::CreditCodeDiffers]);
    let wrong = entry("晨光阀门", "123456", Some("91350100M000100Y44"));
    let all = [Fault::NameDiffers, Fault::CreditCodeInvalid, Fault::PhoneIncomplete];
    assert_eq!(found(org, wrong, &[licence(CODE)]), all);
    assert_eq!(found(org, entry("晨光泵业", "1234567", None), &[licence(CODE)]), [Fault::CreditCodeMissing]);
    let id = |number, last| (paper(OnboardingPaper::ResidentId, number, last), number);
    let person = |papers: &[_]| found(PartyType::Person, entry("晨光泵业", "13800138000", None), papers);
    // Today is 2026-03-02 in China: a paper is good through its last day.
    assert_eq!(person(&[id("11010519491231002X", Some("2026-03-03"))]), nothing);
    assert_eq!(person(&[id("11010519491231002X", Some("2026-03-02"))]), nothing);
    assert_eq!(person(&[id("11010519491231002X", Some("2026-03-01"))]), [Fault::PaperExpired]);
    assert_eq!(person(&[id("110105194912310021", None)]), [Fault::ResidentIdInvalid]);
    assert_eq!(person(&[licence(CODE)]), [Fault::PaperMissing]);
}

#[test]
fn crm_45_another_person_of_another_department_reviews() {
    let word =
        |passed, comment: Option<&str>| ReviewOnboarding { passed, comment: comment.map(|c| c.parse().unwrap()) };
    let code = |outcome: platform::Result<Change<OnboardingApplication>>| {
        outcome.map_or_else(|error| error.code().to_owned(), |change| change.after().status.to_string())
    };
    let row = || application(Status::InReview);
    assert_eq!(code(row().review(word(true, None), &by("maker", "legal"))), "onboarding_application.maker");
    assert_eq!(code(row().review(word(true, None), &by("two", "service"))), "onboarding_application.same_department");
    let nowhere = Stamp { ownership: Ownership::default(), ..by("two", "") };
    assert_eq!(code(row().review(word(true, None), &nowhere)), "onboarding_application.no_department");
    assert_eq!(code(row().review(word(false, None), &by("two", "legal"))), "onboarding_application.comment");
    assert_eq!(code(row().review(word(false, Some("x")), &by("two", "legal"))), "returned");
    assert_eq!(code(row().review(word(true, None), &by("two", "legal"))), "cross_checked");
}

#[test]
fn crm_46_every_original_is_seen_by_somebody_else_and_says_the_same() {
    let second = paper(OnboardingPaper::PowerOfAttorney, "POA-2026-0001", None);
    let draft = application(Status::Preparing);
    let two = draft.add_document(Uuid::from_u128(2), second, "s".into()).unwrap().after().clone();
    let two = OnboardingApplication { status: Status::CrossChecked, ..two };
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let legal = by("two", "legal");
    assert!(two.clone().verify_document(one, true, true, &maker()).is_err(), "the maker");
    assert!(two.clone().verify_document(one, false, true, &legal).is_err(), "no original");
    assert!(two.clone().verify_document(one, true, false, &legal).is_err(), "another number");
    assert!(two.clone().verify_document(Uuid::from_u128(3), true, true, &legal).is_err(), "no such paper");
    let half = two.verify_document(one, true, true, &legal).unwrap();
    assert_eq!((half.after().status, half.event_types().len()), (Status::CrossChecked, 0));
    let again = half.after().clone().verify_document(one, true, true, &legal).unwrap();
    assert_eq!(again.after().status, Status::CrossChecked, "one paper twice is not two");
    let whole = half.after().clone().verify_document(other, true, true, &legal).unwrap();
    assert_eq!(whole.after().status, Status::DocumentsVerified);
}

#[test]
fn crm_47_the_maker_does_not_approve_and_a_correction_begins_anew() {
    assert!(application(Status::DocumentsVerified).approve(&maker()).is_err());
    assert!(application(Status::DocumentsVerified).reject("x".into(), &maker()).is_err());
    let rejected = application(Status::DocumentsVerified).reject("照片模糊".into(), &by("boss", "sales")).unwrap();
    assert_eq!(rejected.after().reason.as_deref(), Some("照片模糊"));
    let corrected = rejected.after().clone().correct().unwrap().after().clone();
    assert_eq!(corrected.reason.as_deref(), Some("照片模糊"), "still to be read");
    let again = corrected.resubmit(&by("ann", "sales")).unwrap().after().clone();
    assert_eq!((again.round, again.reason, again.maker), (2, None, None));
    assert!(again.documents.0.iter().all(|paper| paper.verification.is_none()));
}
