//! Clauses: what fits, what deviates, what is refused.
use super::*;
use serde_json::json;
use uuid::Uuid;

fn id() -> ContractId {
    ContractId(Uuid::nil())
}
fn patch(kind: ClauseKind, text: Option<&str>) -> ClausePatch {
    ClausePatch { kind, text: text.map(|text| text.parse().unwrap()), terms: None, strike: false }
}
fn terms(value: serde_json::Value) -> ClauseTerms {
    serde_json::from_value(value).unwrap()
}
fn acceptance_terms(days: u16, criteria: usize) -> ClauseTerms {
    terms(
        json!({"type": "acceptance", "method": "sampling", "within_working_days": days, "criteria": vec!["完好"; criteria]}),
    )
}
fn rows() -> Vec<ClauseRow> {
    let template = |kind| TemplateClause { kind, text: "条款".parse().unwrap(), terms: None };
    from_template(id(), &[template(ClauseKind::Price), template(ClauseKind::Breach)], &[ClauseKind::Price])
}

#[test]
fn con_01_proposals_replace_add_and_strike() {
    let mut rows = rows();
    propose(&mut rows, id(), vec![patch(ClauseKind::Price, Some("新价格")), patch(ClauseKind::Product, Some("水泵"))])
        .unwrap();
    let shown: Vec<(ClauseKind, Status, bool)> = rows.iter().map(|row| (row.kind, row.status, deviates(row))).collect();
    assert_eq!(
        shown,
        [
            (ClauseKind::Product, Status::Proposed, true),
            (ClauseKind::Price, Status::Proposed, true),
            (ClauseKind::Breach, Status::Proposed, false),
        ]
    );
    propose(&mut rows, id(), vec![ClausePatch { strike: true, ..patch(ClauseKind::Breach, None) }]).unwrap();
    let breach = show(rows.pop().unwrap());
    assert_eq!((breach.text, breach.deviates, breach.template_text.as_deref()), (None, true, Some("条款")));
    assert_eq!(
        propose(&mut rows, id(), vec![patch(ClauseKind::Quality, None)]),
        Err(ClauseRule::Wordless { index: 0 })
    );
    let twice = vec![patch(ClauseKind::Price, Some("a")), patch(ClauseKind::Price, Some("b"))];
    assert_eq!(propose(&mut rows, id(), twice), Err(ClauseRule::Twice { index: 1, kind: ClauseKind::Price }));
}

#[test]
fn con_01_terms_fit_their_clause_and_their_bounds() {
    let check = |kind, terms: &ClauseTerms| check_terms(0, kind, Some(terms)).map_err(|rule| rule.code().to_owned());
    let bounds = Err("clause.terms_bounds".to_owned());
    let accept = |days, criteria| check(ClauseKind::Acceptance, &acceptance_terms(days, criteria));
    assert_eq!(
        [accept(0, 1), accept(1, 1), accept(365, 20), accept(366, 20)],
        [bounds.clone(), Ok(()), Ok(()), bounds.clone()]
    );
    assert_eq!([accept(7, 0), accept(7, 21)], [bounds.clone(), bounds.clone()]);
    assert_eq!(check(ClauseKind::Price, &acceptance_terms(7, 1)), Err("clause.terms".into()));
    let warranty = |months: u16| {
        check(ClauseKind::Quality, &terms(json!({"type": "quality", "standard": "GB", "warranty_months": months})))
    };
    assert_eq!([warranty(240), warranty(241)], [Ok(()), bounds.clone()]);
    let secret =
        |months: u16| check(ClauseKind::Confidentiality, &terms(json!({"type": "confidentiality", "months": months})));
    assert_eq!([secret(600), secret(601)], [Ok(()), bounds]);
    assert!(
        serde_json::from_value::<ClauseTerms>(json!({"type": "confidentiality", "months": 1, "years": 2})).is_err()
    );
}

#[test]
fn con_01_the_place_of_delivery_is_no_deviation_but_softer_terms_are() {
    let template = [
        TemplateClause {
            kind: ClauseKind::Delivery,
            text: "交货".parse().unwrap(),
            terms: Some(terms(json!({"type": "delivery", "terms": "DAP"}))),
        },
        TemplateClause {
            kind: ClauseKind::Acceptance,
            text: "验收".parse().unwrap(),
            terms: Some(acceptance_terms(7, 1)),
        },
    ];
    let mut rows = from_template(id(), &template, &[]);
    let place = terms(json!({"type": "delivery", "terms": "DAP", "place": "上海市浦东新区"}));
    let patches = vec![
        ClausePatch { terms: Some(place), ..patch(ClauseKind::Delivery, None) },
        ClausePatch { terms: Some(acceptance_terms(30, 1)), ..patch(ClauseKind::Acceptance, None) },
    ];
    propose(&mut rows, id(), patches).unwrap();
    assert_eq!(rows.iter().map(deviates).collect::<Vec<_>>(), [false, true]);
    assert_eq!(acceptance(&rows).map(|terms| terms.within_working_days), Some(30));
}
