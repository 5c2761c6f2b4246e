//! Until when and for whom a link opens its proposal.
use super::*;
use platform::Rule;
use uuid::Uuid;
use wire::{
    crm::AccountId,
    json::Kept,
    quoting::{ProposalStatus, SolutionId},
};

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:ann".into(), ownership: wire::Ownership::default() }
}
fn proposal(status: ProposalStatus) -> Proposal {
    Proposal {
        id: ProposalId(Uuid::nil()),
        number: "PP-1".into(),
        revision: 1,
        offered: None,
        status,
        case_id: CaseId(Uuid::nil()),
        account_id: AccountId(Uuid::nil()),
        account_name: "晨光泵业".into(),
        title: "Offer".into(),
        message: None,
        solution_id: SolutionId(Uuid::nil()),
        variants: Kept(Vec::new()),
        accepted_quote_id: None,
        questions: Kept(Vec::new()),
        reason: None,
        evidence: None,
        owner_id: Some("ann".into()),
        team_id: None,
        department_id: None,
        created_at: by().at,
        submitted_at: Some(by().at),
        decided_at: None,
        version: 1,
    }
}
fn contact() -> ContactSnapshot {
    ContactSnapshot {
        id: ContactId(Uuid::from_u128(7)),
        account_id: AccountId(Uuid::nil()),
        name: "李雷".into(),
        phone: None,
        email: None,
        primary: true,
        status: "active".into(),
        version: 1,
    }
}
fn share(proposal: &Proposal, contact: &ContactSnapshot, days: Option<u8>) -> platform::Result<ProposalLink> {
    let change = ProposalLink::share(ProposalLinkId(Uuid::nil()), "d".repeat(64), proposal, contact, days, &by())?;
    Ok(change.after().clone())
}
fn link(days: Option<u8>) -> ProposalLink {
    share(&proposal(ProposalStatus::Submitted), &contact(), days).unwrap()
}
fn at(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}

#[test]
fn quo_07_a_link_opens_until_the_instant_at_which_it_ends() {
    let (day, usual) = (link(Some(1)), link(None));
    let opens = |link: &ProposalLink, now| link.opens(Some(&contact()), at(now));
    assert_eq!(
        ["2026-03-03T00:59:59.999999Z", "2026-03-03T01:00:00Z", "2026-03-03T01:00:00.000001Z"]
            .map(|now| opens(&day, now)),
        [true, false, false]
    );
    assert!(opens(&usual, "2026-03-16T00:59:59Z") && !opens(&usual, "2026-03-16T01:00:00Z"), "14 days");
    let code = |days| {
        share(&proposal(ProposalStatus::Submitted), &contact(), Some(days))
            .map_or_else(|e| e.code().to_owned(), |_| "fine".into())
    };
    assert_eq!([0, 1, 90, 91].map(code), ["proposal_link.valid_days", "fine", "fine", "proposal_link.valid_days"]);
}

#[test]
fn quo_07_a_link_is_for_an_active_contact_of_the_customer_until_revoked() {
    let submitted = proposal(ProposalStatus::Submitted);
    let gone = ContactSnapshot { status: "left".into(), ..contact() };
    let stranger = ContactSnapshot { account_id: AccountId(Uuid::max()), ..contact() };
    for not_theirs in [&gone, &stranger] {
        assert_eq!(share(&submitted, not_theirs, None).unwrap_err().code(), "proposal_link.contact");
    }
    let (link, now) = (link(None), by().at);
    assert_eq!([Some(&contact()), Some(&gone), None].map(|contact| link.opens(contact, now)), [true, false, false]);
    assert_eq!((link.actor(), link.owner_id.as_deref()), (format!("customer:{}", contact().id), Some("ann")));
    let revoked = link.revoke(None, &by()).unwrap().after().clone();
    assert!(!revoked.opens(Some(&contact()), now) && revoked.version == 2);
    assert_eq!(revoked.revoke(None, &by()).unwrap_err().code(), "state.refused");
}

#[test]
fn quo_07_only_what_is_with_the_customer_is_shared() {
    for &status in ProposalStatus::ALL {
        let with_customer = [ProposalStatus::Submitted, ProposalStatus::UnderClarification].contains(&status);
        assert_eq!(share(&proposal(status), &contact(), None).is_ok(), with_customer, "{status}");
    }
}

#[test]
fn quo_07_the_audit_log_never_sees_what_a_token_is_found_by() {
    assert!(!serde_json::to_string(&link(None)).unwrap().contains("dddd"));
}
