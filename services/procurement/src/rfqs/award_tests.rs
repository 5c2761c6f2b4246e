//! Choosing: the rule of 5 %, samples, whom it may be awarded to and why (PRO-19 to 21, 37). Shares the setting of the tests beside.
use super::*;

#[test]
fn pro_19_quotes_are_similar_below_5_percent() {
    let rule = |list: &[&str]| {
        let ruling = evaluated(prices(list)).head.ruling.unwrap().0;
        (ruling.basis.as_str(), ruling.difference_percent.map(|percent| percent.to_string()).unwrap_or_default())
    };
    let (similar, far) = ("service_brand", "sample_test");
    assert_eq!(rule(&["1000.00", "1049.99", "2000"]), (similar, "4.999".into()));
    assert_eq!(rule(&["1000.00", "1050.00", "2000"]), (far, "5".into()));
    assert_eq!(rule(&["1000.00", "1050.01", "2000"]), (far, "5.001".into()));
    assert_eq!(rule(&["2000", "1049.99", "1000.00"]), (similar, "4.999".into()), "whoever was asked first");
    assert_eq!(
        rule(&["99999999.99", "104999999.98", "999999999"]),
        (similar, "4.9999".into()),
        "cut, not rounded to 5"
    );
    assert_eq!(rule(&["100", "100", "100"]), (similar, "0".into()));
    assert_eq!(rule(&["0", "0", "1"]), (similar, String::new()));
    assert_eq!(rule(&["0", "0.01", "1"]), (far, String::new()));
    assert_eq!(rule(&["1000"]), ("only_quote", String::new()));
    let alone = done(quoted(prices(&["1000"])).close(&buyer())).evaluate().unwrap();
    assert!(alone.event_types().is_empty(), "one quote is held against no rule");
}

#[test]
fn pro_19_of_similar_quotes_the_better_service_is_recommended() {
    let recommended = |scores: [(u8, Option<u8>); 3]| {
        let mut quotes = prices(&["100", "104", "104.99"]);
        for (quote, (service, quality)) in quotes.iter_mut().zip(scores) {
            (quote.after_sales_score, quote.quality_score) = (service, quality);
        }
        comparison(quotes).recommended_supplier_id.unwrap().0.as_u128()
    };
    assert_eq!(recommended([(3, None), (4, None), (5, None)]), 2, "only the two lowest are looked at");
    assert_eq!(recommended([(4, Some(2)), (4, Some(3)), (1, None)]), 2);
    assert_eq!(recommended([(4, Some(3)), (4, Some(3)), (1, None)]), 1, "all equal: the cheaper");
}

#[test]
fn pro_20_quotes_far_apart_need_a_passed_sample() {
    let rfq = evaluated(prices(&["1000", "1050", "1200"]));
    let award = |passed: &[u128], n: u128| {
        let mut rfq = rfq.clone();
        rfq.basis.passed = passed.iter().map(|n| supplier(*n)).collect();
        rfq.award(because(to(n, AwardBasis::SampleTest)), &manager())
    };
    let closed = Some("sample_test".to_owned());
    assert_eq!(gate(award(&[], 1)), closed);
    assert_eq!(gate(award(&[2], 1)), closed, "another's sample is no proof");
    assert_eq!(gate(award(&[2], 2)), None);
    let mut both = rfq.clone();
    both.basis.passed = vec![supplier(2), supplier(1)];
    assert_eq!(compare(&both).unwrap().recommended_supplier_id, Some(supplier(1)), "the most points of the passed");
    assert_eq!(compare(&rfq).unwrap().recommended_supplier_id, None);
    let similar = evaluated(prices(&["1000", "1049.99", "1200"]));
    assert_eq!(gate(similar.award(to(1, AwardBasis::ServiceBrand), &manager())), None);
}

#[test]
fn pro_21_another_than_the_recommended_needs_a_reason() {
    let rfq = || evaluated(prices(&["1000", "1040", "1200"]));
    let basis = AwardBasis::ServiceBrand;
    assert_eq!(code(rfq().award(to(2, basis), &manager())), "rfq.award_reason");
    assert_eq!(done(rfq().award(because(to(2, basis)), &manager())).head.award.unwrap().0.reason.unwrap(), "交货更快");
    let award = done(rfq().award(to(1, basis), &manager())).head.award.unwrap().0;
    assert_eq!((award.recommended_supplier_id, award.awarded_by.as_str()), (Some(supplier(1)), "user:manager"));
    assert_eq!((award.lines[0].unit_price.to_string(), award.lines[0].lead_time_days), ("1000.00".into(), 9));
    assert_eq!(code(rfq().award(to(1, AwardBasis::SampleTest), &manager())), "rfq.award_basis");
    assert_eq!(code(rfq().award(to(1, basis), &user("buyer", "2026-03-09T01:00:00Z"))), "rfq.own_quote");
    assert_eq!(code(rfq().award(because(to(9, basis)), &manager())), "rfq.not_invited");
    let on = |day: &str| rfq().award(to(1, basis), &user("manager", day));
    assert!(on("2026-04-30T15:59:59Z").is_ok(), "the last day in Shanghai");
    assert_eq!(code(on("2026-04-30T16:00:00Z")), "rfq.quote_expired");
}

#[test]
fn pro_21_a_split_award_gives_every_line_to_somebody_who_offers_it() {
    let mut partial = quote(3, &["90"]);
    partial.after_sales_score = 5;
    let rfq = || evaluated(vec![quote(1, &["100", "200"]), quote(2, &["110", "195"]), partial.clone()]);
    let split = |parts: &[(u128, u128)]| {
        let part = |(at, n): &(u128, u128)| AwardLine { requisition_line_id: line(*at), supplier_id: supplier(*n) };
        let lines = parts.iter().map(part).collect();
        rfq().award(AwardRfq { supplier_id: None, lines, ..because(to(1, AwardBasis::ServiceBrand)) }, &manager())
    };
    let award = done(split(&[(2, 2), (1, 3)])).head.award.unwrap().0;
    let lines: Vec<_> =
        award.lines.iter().map(|one| (one.supplier_id.0.as_u128(), one.unit_price.to_string())).collect();
    assert_eq!(lines, [(3, "90.00".into()), (2, "195.00".into())]);
    assert_eq!(award.suppliers().len(), 2);
    assert_eq!(code(split(&[(1, 3), (2, 3)])), "rfq.not_offered");
    assert_eq!(code(split(&[(1, 3)])), "rfq.award_target");
    assert_eq!(code(split(&[(1, 3), (1, 2)])), "rfq.award_target");
    assert_eq!(code(split(&[(1, 3), (9, 2)])), "rfq.award_target");
    let both = AwardRfq {
        lines: vec![AwardLine { requisition_line_id: line(1), supplier_id: supplier(1) }],
        ..to(1, AwardBasis::ServiceBrand)
    };
    assert_eq!(code(rfq().award(both, &manager())), "rfq.award_target");
    let nothing = AwardRfq { supplier_id: None, ..to(1, AwardBasis::ServiceBrand) };
    assert_eq!(code(rfq().award(nothing, &manager())), "rfq.award_target");
}

#[test]
fn pro_21_a_line_that_nobody_offers_is_not_evaluated() {
    let mut first = quote(1, &["100", "200"]);
    first.lines.truncate(1);
    let mut second = quote(2, &["100", "200"]);
    second.lines[1].quantity = "2".parse().unwrap();
    let rfq = done(quoted(vec![first, second]).close(&buyer()));
    assert_eq!(code(rfq.evaluate()), "rfq.not_covered");
}

#[test]
fn pro_37_a_recommended_supplier_is_flagged_and_awarded_only_with_a_declaration() {
    let mut rfq = evaluated(prices(&["1000", "1040", "1200"]));
    rfq.invitations[0].recommendation = Some("部门推荐".into());
    let matrix = compare(&rfq).unwrap();
    assert_eq!(matrix.suppliers.iter().map(|one| one.recommended).collect::<Vec<_>>(), [true, false, false]);
    let mut best = evaluated(prices(&["1040", "1000", "1200"]));
    best.invitations[0].recommendation = Some("部门推荐".into());
    assert_eq!(compare(&best).unwrap().recommended_supplier_id, Some(supplier(2)), "a recommendation has no weight");
    let award = to(1, AwardBasis::ServiceBrand);
    assert_eq!(code(rfq.clone().award(award.clone(), &manager())), "rfq.conflict_of_interest");
    assert!(rfq.award(AwardRfq { no_conflict_of_interest: true, ..award }, &manager()).is_ok());
}
