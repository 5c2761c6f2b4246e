//! The machine of evaluations, the weights, and the sixty points at their boundary.
use super::*;
use platform::Rule;
use uuid::Uuid;

fn by(actor: &str) -> Stamp {
    let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
    Stamp { at, actor: actor.into(), ownership: wire::Ownership::default() }
}
fn begin(weights: Option<(u8, u8, u8)>, year: i16) -> Result<SupplierEvaluation, SupplierEvaluationRule> {
    let weights = weights.map(|(price, quality, delivery)| EvaluationWeights { price, quality, delivery });
    let new = NewSupplierEvaluation { supplier_id: SupplierId(Uuid::nil()), year, weights };
    let id = SupplierEvaluationId(Uuid::nil());
    SupplierEvaluation::begin(id, &new, EvaluationEvidence::default(), &by("user:ann"))
        .map(|change| change.after().clone())
}
fn by_hand(criterion: Criterion, score: &str) -> EvaluationOverride {
    EvaluationOverride { criterion, score: score.parse().unwrap(), reason: "抽查".parse().unwrap() }
}
fn scored(price: &str, quality: &str, delivery: &str) -> SupplierEvaluation {
    let overrides = vec![
        by_hand(Criterion::Price, price),
        by_hand(Criterion::Quality, quality),
        by_hand(Criterion::Delivery, delivery),
    ];
    let draft = begin(None, 2026).unwrap();
    draft.score(EvaluationEvidence::default(), overrides, &by("user:ann")).unwrap().after().clone()
}
fn evaluation(status: Status) -> SupplierEvaluation {
    SupplierEvaluation { status, ..scored("80", "80", "80") }
}

#[test]
fn pro_12_the_whole_life_on_one_screen() {
    let mut table = Vec::new();
    let evidence = EvaluationEvidence {
        purchase_orders: 3,
        price: Some("90".parse().unwrap()),
        quality: Some("70".parse().unwrap()),
        delivery: Some("50".parse().unwrap()),
    };
    for &from in Status::ALL {
        let steps = [
            ("score", evaluation(from).score(evidence.clone(), Vec::new(), &by("user:ann"))),
            ("publish", evaluation(from).publish(&by("user:boss"))),
        ];
        for (command, outcome) in steps {
            if let Ok(change) = outcome {
                let after = change.after();
                table.push(format!(
                    "{from} {command} {} {} {}",
                    after.status,
                    after.total.unwrap(),
                    change.event_types().join(" ")
                ));
            }
        }
    }
    assert_eq!(
        table,
        [
            "draft score scored 74.00 ",
            "scored score scored 74.00 ",
            "scored publish published 80.00 procurement.supplier.evaluated.v1",
        ]
    );
}

#[test]
fn pro_12_weights_add_up_to_100_and_are_40_40_20_if_not_said() {
    let weights = |price, quality, delivery| begin(Some((price, quality, delivery)), 2026).map(drop);
    assert_eq!(weights(40, 40, 19), Err(SupplierEvaluationRule::Weights { sum: 99 }));
    assert_eq!(weights(40, 40, 20), Ok(()));
    assert_eq!(weights(40, 40, 21), Err(SupplierEvaluationRule::Weights { sum: 101 }));
    assert_eq!(weights(255, 255, 255), Err(SupplierEvaluationRule::Weights { sum: 765 }));
    let usual = begin(None, 2026).unwrap();
    assert_eq!((usual.price_weight, usual.quality_weight, usual.delivery_weight), (40, 40, 20));
}

#[test]
fn pro_12_a_year_that_has_not_come_is_not_evaluated() {
    let year = |year| begin(None, year).map(|evaluation| evaluation.year).map_err(|rule| rule.code().to_owned());
    let refused = || Err("supplier_evaluation.year".to_owned());
    assert_eq!([year(1999), year(2000), year(2026), year(2027)], [refused(), Ok(2000), Ok(2026), refused()]);
}

#[test]
fn pro_13_below_sixty_and_only_below_sixty_fails_without_rounding() {
    let fails = |price: &str, quality: &str, delivery: &str| {
        let scored = scored(price, quality, delivery);
        (scored.total.unwrap().to_string(), scored.failed().is_some())
    };
    assert_eq!(fails("59.99", "59.99", "59.99"), ("59.99".into(), true));
    assert_eq!(fails("60", "60", "60"), ("60.00".into(), false));
    assert_eq!(fails("60.01", "60.01", "60.01"), ("60.01".into(), false));
    assert_eq!(fails("60", "60", "59.9999"), ("59.99998".into(), true), "not rounded up to 60.00");
    assert_eq!(fails("100", "40", "20"), ("60.00".into(), false));
}

#[test]
fn pro_12_a_score_by_hand_stands_before_the_computed_one_and_fills_in_for_a_missing_one() {
    let evidence = EvaluationEvidence { price: Some("90".parse().unwrap()), ..EvaluationEvidence::default() };
    let score = |overrides| begin(None, 2026).unwrap().score(evidence.clone(), overrides, &by("user:ann"));
    let missing = score(vec![by_hand(Criterion::Quality, "50")]).unwrap_err();
    assert_eq!(missing.code(), "supplier_evaluation.score_missing");
    let twice = score(vec![by_hand(Criterion::Price, "50"), by_hand(Criterion::Price, "60")]).unwrap_err();
    assert_eq!(twice.code(), "supplier_evaluation.criterion_twice");
    let all = vec![by_hand(Criterion::Quality, "50"), by_hand(Criterion::Delivery, "50")];
    assert_eq!(score(all.clone()).unwrap().after().total.unwrap().to_string(), "66.00");
    let mut harsher = all;
    harsher.push(by_hand(Criterion::Price, "10"));
    assert_eq!(score(harsher).unwrap().after().total.unwrap().to_string(), "34.00");
}

#[test]
fn pro_12_who_scored_it_does_not_publish_it() {
    assert_eq!(evaluation(Status::Scored).publish(&by("user:ann")).unwrap_err().code(), "supplier_evaluation.own");
}
