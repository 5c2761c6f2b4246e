//! The whole machine of campaigns on one screen, the budget at its boundary, and who came by which.
use super::*;
use uuid::Uuid;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: Ownership::default() }
}
fn money(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::CNY)
}
fn drafted(starts_on: &str, ends_on: &str, budget: &str) -> Result<Change<Campaign>, CampaignRule> {
    let new = NewCampaign {
        name: "秋展".parse().unwrap(),
        kind: CampaignKind::Promotion,
        channel: "exhibition".parse().unwrap(),
        starts_on: starts_on.parse().unwrap(),
        ends_on: ends_on.parse().unwrap(),
        budget: money(budget),
        resources: None,
    };
    Campaign::draft(CampaignId(Uuid::nil()), "CP-1".into(), new, &by("user:ann"))
}
fn campaign(status: Status) -> Campaign {
    Campaign { status, ..drafted("2026-03-01", "2026-03-31", "1000").unwrap().after().clone() }
}
fn spent(amount: &str) -> SpendOnCampaign {
    SpendOnCampaign { amount: amount.parse().unwrap(), what: "展位".parse().unwrap() }
}
fn touch(at: &str) -> NewTouchpoint {
    NewTouchpoint { what: "来展台".parse().unwrap(), at: Moment::new(at.parse().unwrap()), lead_id: None }
}
const NOW: &str = "2026-03-02T01:00:00Z";

#[test]
fn crm_36_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let steps = [
            ("update", campaign(from).update(CampaignPatch::default(), &by("user:ann")).ok()),
            ("approve", campaign(from).approve(&by("user:boss")).ok()),
            ("start", campaign(from).start().ok()),
            ("spend", campaign(from).spend(spent("1"), &by("user:ann")).ok()),
            ("close", campaign(from).close("三条线索".into()).ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2, "{command} makes a version");
                table.push(format!("{from} {command} {} {:?}", change.after().status, change.event_types()));
            }
        }
        let id = TouchpointId(Uuid::nil());
        if Touchpoint::record(id, &campaign(from), touch(NOW), None, true, &by("user:ann")).is_ok() {
            table.push(format!("{from} touch"));
        }
    }
    assert_eq!(
        table,
        [
            "draft update draft []",
            "draft approve approved []",
            "approved start running []",
            "approved spend approved []",
            "running spend running []",
            "running close closed [\"crm.campaign.closed.v1\"]",
            "running touch",
        ]
    );
}

#[test]
fn crm_36_spending_warns_above_the_budget_only() {
    let over = |amount| campaign(Status::Running).spend(spent(amount), &by("user:ann")).unwrap().after().over_budget();
    assert_eq!((over("999.99"), over("1000.00"), over("1000.01")), (false, false, true));
    let some = campaign(Status::Running).spend(spent("10"), &by("user:ann")).unwrap().after().clone();
    assert!(some.clone().spend(spent("-10"), &by("user:ann")).is_ok());
    assert!(some.clone().spend(spent("-10.01"), &by("user:ann")).is_err(), "more than was spent");
    assert!(some.spend(spent("0"), &by("user:ann")).is_err());
    let with = |count| {
        let expense = CampaignExpense { amount: Amount::ZERO, what: "x".into(), by: "user:ann".into(), at: by("").at };
        Campaign { expenses: Kept(vec![expense; count]), ..campaign(Status::Running) }
    };
    assert!(with(499).spend(spent("1"), &by("user:ann")).is_ok());
    assert!(with(500).spend(spent("1"), &by("user:ann")).is_err());
}

#[test]
fn crm_36_days_budget_and_the_second_pair_of_eyes() {
    assert!(drafted("2026-03-02", "2026-03-01", "1").is_err());
    assert!(drafted("2026-03-02", "2026-03-02", "0").is_ok());
    assert!(drafted("2026-03-02", "2026-03-03", "-0.01").is_err());
    assert!(campaign(Status::Draft).approve(&by("user:ann")).is_err());
    let dollars =
        CampaignPatch { budget: Some(Money::new(Amount::ZERO, "USD".parse().unwrap())), ..CampaignPatch::default() };
    assert!(campaign(Status::Draft).update(dollars, &by("user:ann")).is_err());
}

#[test]
fn crm_36_nobody_who_wrote_in_it_approves_it() {
    assert!(campaign(Status::Draft).approve(&by("user:ann")).is_err());
    let richer = CampaignPatch { budget: Some(money("9000")), ..CampaignPatch::default() };
    let richer = campaign(Status::Draft).update(richer, &by("user:boss")).unwrap().after().clone();
    assert!(richer.clone().approve(&by("user:boss")).is_err(), "nor does whoever raised the budget");
    assert!(richer.approve(&by("user:ceo")).is_ok());
}

#[test]
fn crm_37_the_first_touchpoint_of_a_lead_attributes_it() {
    let lead = Some((LeadId(Uuid::max()), CaseId(Uuid::max())));
    let record = |lead, first| {
        let id = TouchpointId(Uuid::nil());
        let change =
            Touchpoint::record(id, &campaign(Status::Running), touch(NOW), lead, first, &by("user:ann")).unwrap();
        (change.after().attributed, change.event_types().len())
    };
    assert_eq!((record(lead, true), record(lead, false), record(None, true)), ((true, 1), (false, 0), (false, 0)));
    let at = |at| {
        Touchpoint::record(
            TouchpointId(Uuid::nil()),
            &campaign(Status::Running),
            touch(at),
            None,
            true,
            &by("user:ann"),
        )
    };
    assert!(at("2026-03-02T01:01:00Z").is_ok(), "a minute by which clocks may differ");
    assert!(at("2026-03-02T01:01:01Z").is_err());
}
