//! The machine of scoring models on one screen, and every number at its boundary.
use super::*;
use wire::Ownership;

fn by() -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: "user:boss".into(), ownership: Ownership::default() }
}
fn criteria(weights: &[(&str, i16)]) -> Vec<ScoringCriterion> {
    let one = |(key, weight): &(&str, i16)| ScoringCriterion {
        key: key.parse().unwrap(),
        name_zh: "项".parse().unwrap(),
        name_en: "Item".parse().unwrap(),
        weight: *weight,
    };
    weights.iter().map(one).collect()
}
fn model(weights: &[(&str, i16)]) -> Result<ScoringModel, ScoringRule> {
    let new = NewScoringModel { name: "2026".parse().unwrap(), criteria: criteria(weights) };
    ScoringModel::draft(ScoringModelId(uuid::Uuid::nil()), new, &by()).map(|change| change.after().clone())
}
fn rating(key: &str, points: i16) -> Rating {
    Rating { criterion: key.parse().unwrap(), points, reason: None }
}

#[test]
fn crm_09_weights_add_up_to_exactly_100() {
    assert_eq!(model(&[("a", 60), ("b", 39)]).unwrap_err(), ScoringRule::Sum { sum: 99 });
    assert!(model(&[("a", 60), ("b", 40)]).is_ok());
    assert_eq!(model(&[("a", 60), ("b", 41)]).unwrap_err(), ScoringRule::Sum { sum: 101 });
    assert_eq!(model(&[("a", 101), ("b", -1)]).unwrap_err(), ScoringRule::Weight { index: 0 });
    assert_eq!(model(&[("a", 100), ("b", 0)]).unwrap_err(), ScoringRule::Weight { index: 1 });
    assert_eq!(model(&[("a", 50), ("a", 50)]).unwrap_err(), ScoringRule::Twice { index: 1 });
    assert_eq!(model(&[]).unwrap_err(), ScoringRule::Count { count: 0 });
    assert!(model(&[("a", 100)]).is_ok());
}

#[test]
fn crm_09_the_whole_life_on_one_screen() {
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let model = || ScoringModel { status: from, ..model(&[("a", 100)]).unwrap() };
        let steps = [
            ("update", model().update(ScoringModelPatch::default()).ok()),
            ("activate", model().activate().ok()),
            ("retire", model().retire().ok()),
        ];
        for (command, outcome) in steps {
            if let Some(change) = outcome {
                assert_eq!(change.after().version, 2);
                table.push(format!("{from} {command} {}", change.after().status));
            }
        }
    }
    assert_eq!(table, ["draft update draft", "draft activate active", "active retire retired"]);
}

#[test]
fn crm_09_a_score_is_explained_criterion_by_criterion() {
    let model = model(&[("scale", 30), ("intent", 70)]).unwrap();
    let score = model.score(&[rating("scale", 85), rating("intent", 33)]).unwrap();
    let lines: Vec<String> =
        score.lines.iter().map(|l| format!("{} {} {:?} {}", l.criterion, l.weight, l.points, l.contribution)).collect();
    assert_eq!(lines, ["scale 30 Some(85) 25.50", "intent 70 Some(33) 23.10"]);
    assert_eq!(score.total.to_string(), "48.60");
    let some = model.score(&[rating("scale", 100)]).unwrap();
    assert_eq!(
        (some.total.to_string(), some.lines[1].points),
        ("30.00".into(), None),
        "what nobody rated adds nothing"
    );
    let most = model.score(&[rating("scale", 100), rating("intent", 100)]).unwrap();
    assert_eq!(most.total, Decimal::ONE_HUNDRED);
}

#[test]
fn crm_09_points_are_0_to_100_and_criteria_known() {
    let model = model(&[("a", 100)]).unwrap();
    assert_eq!(model.score(&[rating("a", -1)]).unwrap_err(), ScoringRule::Points { index: 0 });
    assert!(model.score(&[rating("a", 0)]).is_ok());
    assert!(model.score(&[rating("a", 100)]).is_ok());
    assert_eq!(model.score(&[rating("a", 101)]).unwrap_err(), ScoringRule::Points { index: 0 });
    assert_eq!(model.score(&[rating("b", 1)]).unwrap_err(), ScoringRule::Criterion { index: 0, key: "b".into() });
    assert_eq!(
        model.score(&[rating("a", 1), rating("a", 2)]).unwrap_err(),
        ScoringRule::Criterion { index: 1, key: "a".into() }
    );
    assert_eq!(model.score(&[]).unwrap_err(), ScoringRule::Ratings { count: 0 });
}

#[test]
fn crm_09_a_new_model_rates_anew_what_was_rated() {
    let old = model(&[("a", 40), ("b", 60)]).unwrap().score(&[rating("a", 50), rating("b", 50)]).unwrap();
    let again = model(&[("b", 20), ("c", 80)]).unwrap().rescore(&old);
    assert_eq!((again.total.to_string(), again.lines[1].points), ("10.00".into(), None));
}
