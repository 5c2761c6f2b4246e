//! Sample tests: the gate before an award where quotes are far apart.
use super::{
    path, run,
    sourcing::{at, buyer, evaluated, fact, manager},
};
use serde_json::{Value, json};
use testkit::Client;
use wire::{
    Page,
    procurement::{Rfq, SampleTest, SampleTestId, SupplierId},
};

fn test_at(id: SampleTestId) -> String {
    path(format!("sample-tests/{id}"))
}
fn new_test(rfq: &Rfq, supplier: SupplierId) -> Value {
    json!({"rfq_id": rfq.id, "supplier_id": supplier, "sample": "办公椅一把", "criteria": ["承重 150 kg", "升降 1000 次"]})
}
fn results(second: bool) -> Value {
    json!({"results": [{"passed": true}, {"passed": second, "note": "第 950 次"}],
        "testers": [{"name": "李雷", "role": "technical"}, {"name": "韩梅梅", "role": "department_head"}]})
}
async fn tested(asks: &Client, tests: &Client, rfq: &Rfq, supplier: SupplierId, passes: bool) -> SampleTest {
    let test: SampleTest = asks.post(&path("sample-tests"), new_test(rfq, supplier)).await.created();
    asks.act(&test_at(test.id), "receive", json!({})).await.ok::<SampleTest>();
    tests.act(&test_at(test.id), "start", json!({})).await.ok::<SampleTest>();
    tests.act(&test_at(test.id), "complete", results(passes)).await.ok()
}

#[test]
fn pro_20_quotes_5_percent_apart_are_awarded_only_after_the_suppliers_sample_passed() {
    run(async |yewu| {
        let (buyer, boss, technical) = (buyer(yewu), manager(yewu), yewu.role("technical"));
        let (rfq, asked) = evaluated(yewu, &buyer, ["1000.00", "1050.00", "1200.00"]).await;
        let award = |n: usize| json!({"supplier_id": asked[n], "basis": "sample_test", "reason": "性价比最优"});
        let problem = boss.act(&at(rfq.id), "award", award(0)).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].gate, "sample_test");
        let failed = tested(&buyer, &technical, &rfq, asked[0], false).await;
        assert_eq!(failed.status.as_str(), "failed");
        let told = fact(yewu, failed.id, "procurement.sample_test.completed.v1").await;
        assert_eq!((&told["passed"], &told["criteria"][1]["passed"]), (&json!(false), &json!(false)));
        boss.act(&at(rfq.id), "award", award(0)).await.problem(409, "gate.closed");
        let passed = tested(&buyer, &technical, &rfq, asked[1], true).await;
        assert_eq!((passed.status.as_str(), passed.testers.len()), ("passed", 2));
        let problem = boss.act(&at(rfq.id), "award", award(0)).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].reference.as_deref(), Some(asked[0].to_string().as_str()), "another's sample");
        let done: Rfq =
            boss.act(&at(rfq.id), "award", json!({"supplier_id": asked[1], "basis": "sample_test"})).await.ok();
        assert_eq!(done.award.unwrap().recommended_supplier_id, Some(asked[1]), "the only one that passed");
        buyer.post(&path("sample-tests"), new_test(&rfq, asked[2])).await.problem(409, "sample_test.rfq");
        let list: Page<SampleTest> = boss.get(&path(format!("sample-tests?rfq_id={}", rfq.id))).await.ok();
        assert_eq!(list.items.iter().map(|one| one.status.as_str()).collect::<Vec<_>>(), ["passed", "failed"]);
    });
}

#[test]
fn pro_20_the_latest_test_counts_and_only_those_who_test_give_its_result() {
    run(async |yewu| {
        let (buyer, boss, quality) = (buyer(yewu), manager(yewu), yewu.role("quality"));
        let (rfq, asked) = evaluated(yewu, &buyer, ["1000.00", "1050.00", "1200.00"]).await;
        let award = json!({"supplier_id": asked[0], "basis": "sample_test"});
        tested(&buyer, &quality, &rfq, asked[0], true).await;
        let again: SampleTest = buyer.post(&path("sample-tests"), new_test(&rfq, asked[0])).await.created();
        buyer.post(&path("sample-tests"), new_test(&rfq, asked[0])).await.problem(409, "sample_test.open");
        boss.act(&at(rfq.id), "award", &award).await.problem(409, "gate.closed");
        quality.act(&test_at(again.id), "complete", results(true)).await.problem(409, "state.refused");
        buyer.act(&test_at(again.id), "receive", json!({})).await.ok::<SampleTest>();
        buyer.act(&test_at(again.id), "start", json!({})).await.problem(403, "permission.missing");
        buyer.act(&test_at(again.id), "cancel", json!({"reason": "样品损坏"})).await.ok::<SampleTest>();
        assert!(
            boss.act(&at(rfq.id), "award", award).await.ok::<Rfq>().award.is_some(),
            "a cancelled test says nothing"
        );
        let both = yewu.user("buyer technical", "buyer-who-tests", "sales", "sales");
        let (rfq, asked) = evaluated(yewu, &both, ["1000.00", "1050.00", "1200.00"]).await;
        let own: SampleTest = both.post(&path("sample-tests"), new_test(&rfq, asked[0])).await.created();
        both.act(&test_at(own.id), "receive", json!({})).await.ok::<SampleTest>();
        both.act(&test_at(own.id), "start", json!({})).await.ok::<SampleTest>();
        both.act(&test_at(own.id), "complete", results(true)).await.problem(403, "sample_test.own_request");
    });
}
