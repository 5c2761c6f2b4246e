//! Requests for quotation: whom we may ask, what they answer, how it compares, who gets it.
use super::{
    fresh, path, run,
    sourcing::{
        at, attachment, buyer, evaluated, fact, manager, new_rfq, qualify_in, quote, requisition, sent, supplier,
        suppliers, uncategorized,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    Page,
    procurement::{Requisition, Rfq, RfqComparison, Supplier},
};

#[test]
fn pro_15_pro_16_an_inquiry_goes_to_three_suppliers_that_are_qualified_on_the_day() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        let mut asked = Vec::new();
        for _ in 0..4 {
            asked.push(uncategorized(yewu).await);
        }
        let requisition = requisition(yewu, &["900.00"], json!({})).await;
        let stranger: Supplier = buyer.post(&path("suppliers"), json!({"name": fresh("s")})).await.created();
        let problem = buyer
            .post(&path("rfqs"), new_rfq(&requisition, &[asked[0], stranger.id]))
            .await
            .problem(422, "supplier.not_qualified");
        assert_eq!(problem.errors[0].pointer, "/suppliers");
        let mut in_category = new_rfq(&requisition, &asked[..3]);
        let refused = buyer.post(&path("rfqs"), &in_category).await.problem(422, "supplier.not_qualified");
        assert!(refused.detail.contains("office_supplies"), "qualified, but for nothing that is wanted: {refused:?}");
        for one in &asked[..3] {
            qualify_in(yewu, *one, "office_supplies").await;
        }
        in_category["suppliers"] = json!([{"supplier_id": asked[0]}, {"supplier_id": asked[1]}]);
        let rfq: Rfq = buyer.post(&path("rfqs"), &in_category).await.created();
        assert!(rfq.number.starts_with("RFQ-20"), "{}", rfq.number);
        let shown = [rfq.weights.price, rfq.weights.quality, rfq.weights.delivery, rfq.weights.after_sales];
        assert_eq!((shown, rfq.lines[0].name.as_str()), ([40, 20, 20, 20], "办公椅"));
        let problem = buyer.act(&at(rfq.id), "send", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].gate, "three_suppliers");
        let four = json!({"suppliers": [{"supplier_id": asked[3]}]});
        buyer.act(&at(rfq.id), "invite", four).await.problem(422, "supplier.not_qualified");
        let third = json!({"suppliers": [{"supplier_id": asked[2]}]});
        buyer.act(&at(rfq.id), "invite", &third).await.ok::<Rfq>();
        buyer.act(&at(rfq.id), "invite", third).await.problem(422, "rfq.supplier_twice");
        let supplier = path(format!("suppliers/{}", asked[0]));
        manager(yewu).act(&supplier, "suspend", json!({"reason": "延期"})).await.ok::<Supplier>();
        buyer.act(&at(rfq.id), "send", json!({})).await.problem(422, "supplier.not_qualified");
        manager(yewu).act(&supplier, "qualify", json!({})).await.ok::<Supplier>();
        manager(yewu).act(&at(rfq.id), "send", json!({})).await.problem(403, "permission.missing");
        let rfq: Rfq = buyer.act(&at(rfq.id), "send", json!({})).await.ok();
        assert_eq!(rfq.status.as_str(), "sent");
        let told = fact(yewu, rfq.id, "procurement.rfq.sent.v1").await;
        assert_eq!(told["supplier_ids"], json!(asked[..3]));
        assert_eq!(told["requisition_ids"], json!([requisition.id]));
        buyer.patch(&at(rfq.id), json!({"inquiry": "另"})).await.problem(409, "state.refused");
    });
}

#[test]
fn pro_16_a_line_is_asked_for_in_one_place_at_a_time_and_only_once_approved() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        let three = suppliers(yewu, 3).await;
        let requisition = requisition(yewu, &["100.00", "200.00"], json!({})).await;
        let mut first = new_rfq(&requisition, &three);
        let lines: Vec<Uuid> = requisition.lines.iter().map(|line| line.id).collect();
        first["requisition_line_ids"] = json!([lines[0]]);
        let rfq: Rfq = buyer.post(&path("rfqs"), &first).await.created();
        assert_eq!(rfq.lines.iter().map(|line| line.requisition_line_id).collect::<Vec<_>>(), [lines[0]]);
        buyer.post(&path("rfqs"), new_rfq(&requisition, &three)).await.problem(409, "rfq.line_taken");
        let mut second = first.clone();
        second["requisition_line_ids"] = json!([lines[1]]);
        buyer.post(&path("rfqs"), &second).await.created::<Rfq>();
        let gone: Rfq = buyer.act(&at(rfq.id), "cancel", json!({"reason": "改型号"})).await.ok();
        assert_eq!((gone.status.as_str(), gone.reason.as_deref()), ("cancelled", Some("改型号")));
        buyer.post(&path("rfqs"), &first).await.created::<Rfq>();
        let found: Page<Rfq> = buyer.get(&path(format!("rfqs?requisition_id={}", requisition.id))).await.ok();
        assert_eq!(found.items.len(), 3);
        let found: Page<Rfq> = buyer.get(&path(format!("rfqs?supplier_id={}&status=cancelled", three[0]))).await.ok();
        assert_eq!(found.items.iter().map(|one| one.id).collect::<Vec<_>>(), [rfq.id]);

        let body = json!({"category": "office_supplies", "currency": "CNY", "lines": [{"name": "键盘", "unit": "个",
            "specification": "机械", "quantity": "1", "estimated_unit_price": "100", "purpose": "新员工"}]});
        let unapproved: Requisition = buyer.post(&path("requisitions"), body).await.created();
        buyer.post(&path("rfqs"), new_rfq(&unapproved, &three)).await.problem(422, "rfq.requisition");
        let mut weights = new_rfq(&requisition, &three);
        weights["weights"] = json!({"price": 41, "quality": 20, "delivery": 20, "after_sales": 20});
        buyer.post(&path("rfqs"), weights).await.problem(422, "rfq.weights");
    });
}

#[test]
fn pro_17_answers_are_recorded_with_their_evidence_in_time_late_or_declined() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        let asked = suppliers(yewu, 3).await;
        let rfq = sent(yewu, &buyer, &["900.00"], &asked).await;
        let body = |n: usize| quote(yewu, &rfq, asked[n], &["1000.00"], 3);
        manager(yewu).act(&at(rfq.id), "record-quote", body(0)).await.problem(403, "permission.missing");
        let mut proven = body(0);
        proven["evidence"]["attachment_id"] = json!(Uuid::now_v7());
        buyer.act(&at(rfq.id), "record-quote", &proven).await.problem(422, "body.invalid");
        proven["evidence"]["attachment_id"] = json!(attachment(&buyer).await.id);
        let quoting: Rfq = buyer.act(&at(rfq.id), "record-quote", &proven).await.ok();
        assert_eq!((quoting.status.as_str(), quoting.invitations[0].status.as_str()), ("quoting", "received"));
        let kept = quoting.invitations[0].quote.clone().unwrap();
        assert_eq!((kept.after_sales.as_str(), kept.lines[0].lead_time_days), ("两年质保，24 小时上门", 7));
        let told = fact(yewu, rfq.id, "procurement.rfq.quote_received.v1").await;
        assert_eq!((&told["supplier_id"], &told["total"]["amount"]), (&json!(asked[0]), &json!("1000.00")));

        let no = json!({"supplier_id": asked[1], "reason": "停产"});
        let declined: Rfq = buyer.act(&at(rfq.id), "decline", no).await.ok();
        let one = &declined.invitations[1];
        assert_eq!((one.status.as_str(), one.reason.as_deref()), ("declined", Some("停产")));

        yewu.as_owner("procurement", &format!("UPDATE rfqs SET due_on = '2026-01-01' WHERE id = '{}'", rfq.id)).await;
        let late: Rfq = buyer.act(&at(rfq.id), "record-quote", body(2)).await.ok();
        assert_eq!(late.invitations[2].status.as_str(), "late");
        let matrix: RfqComparison = buyer.get(&format!("{}/comparison", at(rfq.id))).await.ok();
        assert_eq!(matrix.suppliers.iter().filter(|one| one.counted).count(), 1, "a late quote does not count");
        let why = json!({"supplier_id": asked[2], "reason": "快递延误一天"});
        buyer.act(&at(rfq.id), "admit-quote", &why).await.ok::<Rfq>();
        buyer.act(&at(rfq.id), "admit-quote", why).await.problem(409, "rfq.not_late");
        let matrix: RfqComparison = buyer.get(&format!("{}/comparison", at(rfq.id))).await.ok();
        assert_eq!(matrix.suppliers.iter().filter(|one| one.counted).count(), 2, "until the buyer says why");
        let unasked = quote(yewu, &rfq, supplier(yewu).await, &["1"], 3);
        buyer.act(&at(rfq.id), "record-quote", unasked).await.problem(422, "rfq.not_invited");
    });
}

#[test]
fn pro_18_the_comparison_shows_totals_points_the_best_of_each_line_and_refuses_another_currency() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        let asked = suppliers(yewu, 3).await;
        let rfq = sent(yewu, &buyer, &["100.00", "200.00"], &asked).await;
        let record = async |body: Value| buyer.act(&at(rfq.id), "record-quote", body).await.ok::<Rfq>();
        let mut taxed = quote(yewu, &rfq, asked[0], &["100.00", "200.00"], 5);
        taxed["lines"][0]["tax_rate"] = json!("0.13");
        record(taxed).await;
        record(quote(yewu, &rfq, asked[1], &["110.00", "190.00"], 3)).await;
        let mut partial = quote(yewu, &rfq, asked[2], &["1.00"], 3);
        partial["currency"] = json!("USD");
        record(partial.clone()).await;
        let comparison = format!("{}/comparison", at(rfq.id));
        let problem = buyer.get(&comparison).await.problem(409, "rfq.currency");
        assert!(problem.detail.contains("USD"), "{problem:?}");
        buyer.act(&at(rfq.id), "close", json!({})).await.problem(409, "rfq.currency");
        partial["currency"] = json!("CNY");
        record(partial).await;
        let matrix: RfqComparison = yewu.role("auditor").get(&comparison).await.ok();
        let totals: Vec<_> = matrix
            .suppliers
            .iter()
            .map(|one| (one.supplier_id, one.compliant, one.total.unwrap().to_string()))
            .collect();
        assert_eq!(
            totals,
            [(asked[1], true, "300.00".into()), (asked[0], true, "313.00".into()), (asked[2], false, "1.00".into())]
        );
        assert_eq!(matrix.suppliers[2].faults[0].kind.as_str(), "missing_line");
        assert_eq!(matrix.suppliers[0].points.as_ref().unwrap().price.to_string(), "100");
        let best: Vec<_> = matrix.lines.iter().map(|line| line.best_supplier_id.unwrap()).collect();
        assert_eq!((best, matrix.split_total.unwrap().to_string()), (vec![asked[2], asked[1]], "191.00".into()));
        assert_eq!(matrix.ruling.difference_percent.unwrap().to_string(), "4.3333");
        assert_eq!(matrix.recommended_supplier_id, Some(asked[0]), "4.3 % dearer, better service");
        yewu.role("sales_rep").get(&comparison).await.problem(403, "permission.missing");
    });
}

#[test]
fn pro_19_the_rule_of_5_percent_turns_at_exactly_5() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        for (second, basis, percent) in [
            ("1049.99", "service_brand", "4.999"),
            ("1050.00", "sample_test", "5"),
            ("1050.01", "sample_test", "5.001"),
        ] {
            let (rfq, asked) = evaluated(yewu, &buyer, ["1200.00", second, "1000.00"]).await;
            let ruling = rfq.ruling.unwrap();
            assert_eq!(
                (ruling.basis.as_str(), ruling.difference_percent.unwrap().to_string()),
                (basis, percent.into())
            );
            let told = fact(yewu, rfq.id, "procurement.rfq.rule_applied.v1").await;
            assert_eq!((&told["basis"], &told["difference_percent"]), (&json!(basis), &json!(percent)));
            assert_eq!((&told["lowest"]["supplier_id"], &told["second"]["total"]), (&json!(asked[2]), &json!(second)));
        }
    });
}

#[test]
fn pro_21_the_manager_awards_and_says_why_it_is_not_the_recommended_one() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        let (rfq, asked) = evaluated(yewu, &buyer, ["1000.00", "1040.00", "1100.00"]).await;
        let to = |n: usize| json!({"supplier_id": asked[n], "basis": "service_brand"});
        buyer.act(&at(rfq.id), "award", to(0)).await.problem(403, "permission.missing");
        let boss = manager(yewu);
        boss.act(&at(rfq.id), "award", json!({"supplier_id": asked[0], "basis": "sample_test"}))
            .await
            .problem(422, "rfq.award_basis");
        let problem = boss.act(&at(rfq.id), "award", to(1)).await.problem(422, "rfq.award_reason");
        assert_eq!(problem.errors[0].pointer, "/reason");
        let supplier = path(format!("suppliers/{}", asked[0]));
        boss.act(&supplier, "eliminate", json!({"reason": "59 分"})).await.ok::<Supplier>();
        boss.act(&at(rfq.id), "award", to(0)).await.problem(422, "supplier.not_qualified");
        let mut other = to(1);
        other["reason"] = json!("首选供应商已被淘汰");
        let awarded: Rfq = boss.act(&at(rfq.id), "award", &other).await.ok();
        assert_eq!(awarded.status.as_str(), "awarded");
        let told = fact(yewu, rfq.id, "procurement.rfq.awarded.v1").await;
        assert_eq!(
            (&told["basis"], &told["reason"], &told["lines"][0]["supplier_id"], &told["lines"][0]["unit_price"]),
            (&json!("service_brand"), &other["reason"], &json!(asked[1]), &json!("1040.00"))
        );
        boss.act(&at(rfq.id), "award", other).await.problem(409, "state.refused");
        boss.act(&at(rfq.id), "cancel", json!({"reason": "x"})).await.problem(409, "state.refused");
    });
}

#[test]
fn pro_21_who_recorded_a_quote_does_not_award_and_lines_may_go_to_different_suppliers() {
    run(async |yewu| {
        let both = yewu.user("buyer procurement_manager", &fresh("both"), "sales", "sales");
        let asked = suppliers(yewu, 3).await;
        let rfq = sent(yewu, &both, &["100.00", "200.00"], &asked).await;
        for (supplier, prices) in asked.iter().zip([["100.00", "200.00"], ["104.00", "199.00"], ["150.00", "250.00"]]) {
            both.act(&at(rfq.id), "record-quote", quote(yewu, &rfq, *supplier, &prices, 3)).await.ok::<Rfq>();
        }
        both.act(&at(rfq.id), "close", json!({})).await.ok::<Rfq>();
        both.act(&at(rfq.id), "evaluate", json!({})).await.ok::<Rfq>();
        let lines: Vec<Value> = rfq
            .lines
            .iter()
            .zip(&asked)
            .map(|(line, supplier)| json!({"requisition_line_id": line.requisition_line_id, "supplier_id": supplier}))
            .collect();
        let split = json!({"lines": lines, "basis": "service_brand", "reason": "逐行最低价"});
        both.act(&at(rfq.id), "award", &split).await.problem(403, "rfq.own_quote");
        manager(yewu)
            .act(&at(rfq.id), "award", json!({"lines": [lines[0]], "basis": "service_brand", "reason": "x"}))
            .await
            .problem(422, "rfq.award_target");
        let awarded: Rfq = manager(yewu).act(&at(rfq.id), "award", split).await.ok();
        let award = awarded.award.unwrap();
        let shown: Vec<_> = award.lines.iter().map(|line| (line.supplier_id, line.unit_price.to_string())).collect();
        assert_eq!(shown, [(asked[0], "100.00".to_owned()), (asked[1], "199.00".to_owned())]);
        assert_eq!(award.awarded_by, "user:procurement_manager-1");
    });
}

#[test]
fn pro_37_whom_a_requisition_recommends_is_flagged_and_awarded_only_with_a_declaration() {
    run(async |yewu| {
        let buyer = buyer(yewu);
        let asked = suppliers(yewu, 3).await;
        let wish = json!({"recommended_supplier_id": asked[0], "recommendation_reason": "上次用过"});
        let requisition = requisition(yewu, &["900.00"], wish).await;
        let rfq: Rfq = buyer.post(&path("rfqs"), new_rfq(&requisition, &asked)).await.created();
        let flags: Vec<_> =
            rfq.invitations.iter().map(|one| (one.recommended, one.recommendation.as_deref())).collect();
        assert_eq!(flags, [(true, Some("上次用过")), (false, None), (false, None)]);
        let rfq: Rfq = buyer.act(&at(rfq.id), "send", json!({})).await.ok();
        for (supplier, price) in asked.iter().zip(["1000.00", "1040.00", "1100.00"]) {
            buyer.act(&at(rfq.id), "record-quote", quote(yewu, &rfq, *supplier, &[price], 3)).await.ok::<Rfq>();
        }
        buyer.act(&at(rfq.id), "close", json!({})).await.ok::<Rfq>();
        buyer.act(&at(rfq.id), "evaluate", json!({})).await.ok::<Rfq>();
        let mut award = json!({"supplier_id": asked[0], "basis": "service_brand"});
        let boss = manager(yewu);
        let problem = boss.act(&at(rfq.id), "award", &award).await.problem(422, "rfq.conflict_of_interest");
        assert_eq!(problem.errors[0].pointer, "/no_conflict_of_interest");
        award["no_conflict_of_interest"] = json!(true);
        assert!(boss.act(&at(rfq.id), "award", award).await.ok::<Rfq>().award.unwrap().no_conflict_of_interest);
    });
}
