//! Every number of project scores at its boundary.
use super::*;
use crate::{opportunities::for_tests::by, project_initiations::for_tests::initiation};
use uuid::Uuid;

/// The weights that the suite ships, pass mark 60.
pub fn shipped() -> ScoringPolicy {
    ScoringPolicy {
        id: ProjectScoringPolicyId(Uuid::nil()),
        revision: 1,
        strategic_fit: 30,
        resource_feasibility: 25,
        expected_value: 25,
        risk_control: 20,
        pass_mark: "60".parse().unwrap(),
        reason: "shipped".into(),
        published_by: "yewu".into(),
        effective_from: by().at,
        version: 1,
    }
}
fn ratings(points: [&str; 4]) -> Vec<ProjectRating> {
    let rating = |(criterion, points): (&Criterion, &str)| ProjectRating {
        criterion: *criterion,
        points: points.parse().unwrap(),
        reason: "依据".parse().unwrap(),
    };
    Criterion::ALL.iter().zip(points).map(rating).collect()
}
fn card(points: [&str; 4], given: &[Scorecard], who: (&str, Side)) -> Result<Scorecard, ScoringPolicyRule> {
    let submitted = initiation(ProjectInitiationStatus::Submitted);
    let id = ProjectScorecardId(Uuid::nil());
    Scorecard::give(id, &submitted, &shipped(), given, who, ratings(points), &by()).map(|change| change.after().clone())
}
fn publish(weights: [i16; 4]) -> Result<i32, ScoringPolicyRule> {
    let [strategic_fit, resource_feasibility, expected_value, risk_control] = weights;
    let said = PublishProjectScoringPolicy {
        strategic_fit,
        resource_feasibility,
        expected_value,
        risk_control,
        pass_mark: "60".parse().unwrap(),
        reason: "年度调整".parse().unwrap(),
    };
    let published = ScoringPolicy::publish(ProjectScoringPolicyId(Uuid::max()), said, &shipped(), &by());
    published.map(|change| change.after().revision)
}

#[test]
fn crm_56_weights_add_up_to_exactly_100() {
    assert_eq!(publish([30, 25, 25, 19]), Err(ScoringPolicyRule::Sum { sum: 99 }));
    assert_eq!(publish([30, 25, 25, 20]), Ok(2));
    assert_eq!(publish([30, 25, 25, 21]), Err(ScoringPolicyRule::Sum { sum: 101 }));
    assert_eq!(publish([0, 50, 25, 25]), Err(ScoringPolicyRule::Weight { field: "strategic_fit" }));
    assert_eq!(publish([1, 1, 1, 97]), Ok(2));
    assert_eq!(publish([1, 1, 0, 98]), Err(ScoringPolicyRule::Weight { field: "expected_value" }));
}

#[test]
fn crm_56_a_total_is_weighted_30_25_25_20() {
    let total = |points| card(points, &[], ("tom", Side::Business)).map(|card| card.total.to_string());
    assert_eq!(total(["100", "0", "0", "0"]).as_deref(), Ok("30.00"));
    assert_eq!(total(["0", "100", "0", "0"]).as_deref(), Ok("25.00"));
    assert_eq!(total(["0", "0", "100", "0"]).as_deref(), Ok("25.00"));
    assert_eq!(total(["0", "0", "0", "100"]).as_deref(), Ok("20.00"));
    assert_eq!(total(["80", "70", "75", "60"]).as_deref(), Ok("72.25"));
    assert_eq!(total(["99.99", "99.99", "99.99", "99.98"]).as_deref(), Ok("99.988"));
    assert_eq!(total(["60.01", "60", "60", "59.999"]).unwrap_err(), ScoringPolicyRule::Decimals { index: 3 });
    let three = ratings(["60"; 4])[..3].to_vec();
    assert_eq!(shipped().lines(three).unwrap_err(), ScoringPolicyRule::Ratings { count: 3 });
    let mut twice = ratings(["60"; 4]);
    twice[3].criterion = Criterion::StrategicFit;
    assert_eq!(shipped().lines(twice).unwrap_err(), ScoringPolicyRule::Criterion { index: 3 });
}

#[test]
fn crm_56_each_side_scores_once_and_nobody_their_own() {
    let first = card(["60"; 4], &[], ("tom", Side::Business)).unwrap();
    let given = |who| card(["60"; 4], std::slice::from_ref(&first), who);
    assert_eq!(given(("kim", Side::Business)).unwrap_err(), ScoringPolicyRule::Given { side: Side::Business });
    assert_eq!(given(("tom", Side::Hr)).unwrap_err(), ScoringPolicyRule::Given { side: Side::Hr });
    assert!(given(("kim", Side::Hr)).is_ok());
    assert_eq!(card(["60"; 4], &[], ("ann", Side::Business)).unwrap_err(), ScoringPolicyRule::Own);
    for &status in ProjectInitiationStatus::ALL {
        let id = ProjectScorecardId(Uuid::nil());
        let who = ("tom", Side::Business);
        let outcome = Scorecard::give(id, &initiation(status), &shipped(), &[], who, ratings(["60"; 4]), &by());
        assert_eq!(outcome.is_ok(), status == ProjectInitiationStatus::Submitted, "{status}");
    }
}

#[test]
fn crm_56_the_mean_is_known_when_every_side_has_scored_and_never_rounds_up() {
    let all = |points: [&str; 3]| -> Vec<Scorecard> {
        let one = |(side, points): (&Side, &str)| card([points; 4], &[], (side.as_str(), *side)).unwrap();
        Side::ALL.iter().zip(points).map(one).collect()
    };
    let of = |points| mean(&all(points)).unwrap().to_string();
    assert_eq!(mean(&all(["60", "60", "60"])[..2]), None);
    assert_eq!(of(["59.99", "59.99", "59.99"]), "59.99");
    assert_eq!(of(["60", "60", "60"]), "60.00");
    assert_eq!(of(["60.01", "60.01", "60.01"]), "60.01");
    assert_eq!(of(["60", "60", "59.99"]), "59.9966", "not 60 by rounding");
    assert_eq!(of(["100", "70", "10"]), "60.00");
}

#[test]
fn crm_56_a_reviewer_speaks_for_human_resources_finance_or_the_business() {
    let roles = [Role::DepartmentHead];
    assert_eq!(side_of(&roles, Some("hr")), Side::Hr);
    assert_eq!(side_of(&roles, Some("sales")), Side::Business);
    assert_eq!(side_of(&roles, None), Side::Business);
    assert_eq!(side_of(&[Role::FinanceManager], Some("finance")), Side::Finance);
}
