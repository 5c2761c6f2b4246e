//! Suppliers' papers, their qualifications by category, and their evaluations.
use super::{after_jobs, fresh, path, put, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    procurement::{
        Supplier, SupplierCategory, SupplierEvaluation, SupplierEvaluationStatus, SupplierQualification,
        SupplierQualificationStatus, SupplierStatus,
    },
};

async fn qualified(yewu: &Yewu) -> Supplier {
    let supplier: Supplier = yewu.role("buyer").post(&path("suppliers"), json!({"name": fresh("商")})).await.created();
    yewu.role("procurement_manager").act(&at(&supplier), "qualify", json!({})).await.ok()
}
fn at(supplier: &Supplier) -> String {
    path(format!("suppliers/{}", supplier.id))
}
async fn now(yewu: &Yewu, supplier: &Supplier) -> Supplier {
    yewu.role("buyer").get(&at(supplier)).await.ok()
}
async fn told(yewu: &Yewu, supplier: &Supplier, kind: &str) -> String {
    let query = format!(
        "SELECT count(*) FROM outbox WHERE kind = '{kind}' AND envelope::jsonb -> 'data' ->> 'supplier_id' = '{}'",
        supplier.id
    );
    yewu.sql("procurement", &query).await
}

#[test]
fn pro_10_papers_and_bank_are_kept_and_an_upsert_without_them_keeps_them() {
    run(async |yewu| {
        let integration = yewu.role("integration");
        let by_ref = format!("suppliers/by-ref/erp/{}", fresh("s"));
        let name = fresh("商");
        let body = json!({"name": name, "licences": [{"kind": "营业执照", "number": "9131", "valid_to": "2040-01-01"}],
            "bank": {"bank_name": "工商银行", "account_name": name, "account_number": "6222020012345678"}});
        let supplier: Supplier = put(&integration, &by_ref, body).await.created();
        let number =
            async |client: Client| client.get(&at(&supplier)).await.ok::<Supplier>().bank.unwrap().account_number;
        for role in ["buyer", "finance_specialist", "auditor"] {
            assert_eq!(number(yewu.role(role)).await.as_str(), "6222020012345678", "{role}");
        }
        for role in ["warehouse", "integration"] {
            assert_eq!(number(yewu.role(role)).await.as_str(), "****5678", "{role}");
        }
        let same: Supplier = put(&integration, &by_ref, json!({"name": name})).await.ok();
        assert_eq!((same.version, same.licences.len()), (1, 1));
        let patched: Supplier = yewu.role("buyer").patch(&at(&supplier), json!({"licences": []})).await.ok();
        assert!(patched.licences.is_empty() && patched.bank.is_some());
        let many = vec![json!({"kind": "许可证", "number": "1", "valid_to": "2040-01-01"}); 21];
        let refused = yewu.role("buyer").patch(&at(&supplier), json!({"licences": many})).await;
        assert_eq!(refused.problem(422, "supplier.licences").errors[0].pointer, "/licences");
    });
}

#[test]
fn pro_10_a_licence_that_ends_soon_is_told_of_once_and_one_that_has_ended_stops_the_qualification() {
    run(async |yewu| {
        let buyer = yewu.role("buyer");
        let day = |days: i64| {
            let day = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(24 * days);
            day.strftime("%Y-%m-%d").to_string()
        };
        let with = |days| json!([{"kind": "营业执照", "number": "9131", "valid_to": day(days)}, {"kind": "许可证", "number": "2", "valid_to": "2040-01-01"}]);
        let supplier: Supplier =
            buyer.post(&path("suppliers"), json!({"name": fresh("商"), "licences": with(15)})).await.created();
        let far: Supplier =
            buyer.post(&path("suppliers"), json!({"name": fresh("商"), "licences": with(40)})).await.created();
        let kind = "procurement.supplier.licence_expiring.v1";
        after_jobs(yewu, async || told(yewu, &supplier, kind).await != "0").await;
        yewu.node.run_jobs().await.unwrap();
        assert_eq!((told(yewu, &supplier, kind).await, told(yewu, &far, kind).await), ("1".into(), "0".into()));
        buyer.patch(&at(&supplier), json!({"licences": with(-2)})).await.ok::<Supplier>();
        let boss = yewu.role("procurement_manager");
        let refused = boss.act(&at(&supplier), "qualify", json!({})).await.problem(409, "gate.closed");
        assert_eq!(refused.blocked_by[0].gate, "licences_valid");
        buyer.patch(&at(&supplier), json!({"licences": with(400)})).await.ok::<Supplier>();
        boss.act(&at(&supplier), "qualify", json!({})).await.ok::<Supplier>();
        let trial: Supplier = boss.act(&at(&supplier), "place-on-probation", json!({"reason": "两次迟交"})).await.ok();
        assert_eq!((trial.status, trial.reason.as_deref()), (SupplierStatus::Probation, Some("两次迟交")));
    });
}

#[test]
fn pro_11_the_categories_of_the_document_are_there_and_can_be_added_to() {
    run(async |yewu| {
        let boss = yewu.role("procurement_manager");
        let known: Page<SupplierCategory> = boss.get(&path("supplier-categories?limit=200&status=active")).await.ok();
        let name = |code: &str| known.items.iter().find(|one| one.code == code).map(|one| one.name_zh.clone()).unwrap();
        assert_eq!(
            ["office_supplies", "it_equipment", "services", "goods"].map(name),
            ["办公用品", "IT设备", "服务类", "商品"]
        );
        let body = json!({"code": fresh("cat"), "name_zh": "备件", "name_en": "Spares", "min_active": 2});
        let made: SupplierCategory = boss.post(&path("supplier-categories"), &body).await.created();
        boss.post(&path("supplier-categories"), &body).await.problem(409, "supplier_category.code_taken");
        let at = path(format!("supplier-categories/{}", made.id));
        boss.patch(&at, json!({"min_active": 1001})).await.problem(422, "supplier_category.min_active");
        let changed: SupplierCategory = boss.patch(&at, json!({"min_active": 1000})).await.ok();
        assert_eq!((changed.min_active, changed.version), (1000, 2));
        boss.act(&at, "retire", json!({})).await.ok::<SupplierCategory>();
        boss.patch(&at, json!({"min_active": 1})).await.problem(409, "state.refused");
        let supplier = qualified(yewu).await;
        let asked = application(&made.code);
        let to = path(format!("suppliers/{}/qualifications", supplier.id));
        yewu.role("buyer").post(&to, asked).await.problem(422, "supplier_qualification.category");
        yewu.role("buyer").post(&path("supplier-categories"), &body).await.problem(403, "permission.missing");
    });
}

fn application(category: &str) -> Value {
    json!({"category": category, "valid_to": "2040-12-31", "justification": "样品合格"})
}
async fn apply(yewu: &Yewu, supplier: &Supplier, category: &str) -> SupplierQualification {
    let to = path(format!("suppliers/{}/qualifications", supplier.id));
    yewu.role("buyer").post(&to, application(category)).await.created()
}
async fn grant(yewu: &Yewu, asked: &SupplierQualification) -> SupplierQualification {
    let at = path(format!("supplier-qualifications/{}", asked.id));
    yewu.role("procurement_manager").act(&at, "qualify", json!({})).await.ok()
}

#[test]
fn pro_11_a_buyer_applies_a_manager_decides_and_the_directory_shows_it() {
    run(async |yewu| {
        let supplier = qualified(yewu).await;
        let asked = apply(yewu, &supplier, "it_equipment").await;
        let to = path(format!("suppliers/{}/qualifications", supplier.id));
        let buyer = yewu.role("buyer");
        buyer.post(&to, application("it_equipment")).await.problem(409, "supplier_qualification.applied");
        let at = path(format!("supplier-qualifications/{}", asked.id));
        buyer.act(&at, "qualify", json!({})).await.problem(403, "permission.missing");
        let granted = grant(yewu, &asked).await;
        assert_eq!(
            (granted.status, granted.applied_by.as_str(), granted.decided_by.as_deref()),
            (SupplierQualificationStatus::Qualified, "user:buyer-1", Some("user:procurement_manager-1"))
        );
        assert_eq!(told(yewu, &supplier, "procurement.supplier.qualified.v1").await, "1");
        let about =
            format!("supplier-qualifications?category=it_equipment&status=qualified&supplier_id={}", supplier.id);
        let directory: Page<SupplierQualification> = buyer.get(&path(about)).await.ok();
        assert_eq!(directory.items.iter().map(|one| one.id).collect::<Vec<_>>(), [asked.id]);
        // Who applied does not decide, whatever the role.
        let boss = yewu.role("procurement_manager");
        let own: SupplierQualification = boss.post(&to, application("services")).await.created();
        let at = path(format!("supplier-qualifications/{}", own.id));
        boss.act(&at, "qualify", json!({})).await.problem(403, "supplier_qualification.own");
        let other = yewu.user("procurement_manager", "boss-2", "sales", "sales");
        let no: SupplierQualification = other.act(&at, "reject", json!({"reason": "无资质"})).await.ok();
        assert_eq!((no.status, no.reason.as_deref()), (SupplierQualificationStatus::Rejected, Some("无资质")));
        let all: Page<SupplierQualification> = buyer.get(&to).await.ok();
        assert_eq!(all.items.len(), 2);
        let ended = format!("UPDATE supplier_qualifications SET valid_to = '2026-01-01' WHERE id = '{}'", asked.id);
        yewu.as_owner("procurement", &ended).await;
        let at = path(format!("supplier-qualifications/{}", asked.id));
        let expired = SupplierQualificationStatus::Expired;
        after_jobs(yewu, async || buyer.get(&at).await.ok::<SupplierQualification>().status == expired).await;
        assert_eq!(told(yewu, &supplier, "procurement.supplier_qualification.expired.v1").await, "1");
    });
}

/// An evaluation of this year, scored by hand.
async fn scored(yewu: &Yewu, supplier: &Supplier, scores: [&str; 3]) -> SupplierEvaluation {
    let quality = yewu.role("quality");
    let year = yewu.node.clock.now().timestamp().strftime("%Y").to_string();
    let body = json!({"supplier_id": supplier.id, "year": year.parse::<i16>().expect("a year")});
    let draft: SupplierEvaluation = yewu.role("buyer").post(&path("supplier-evaluations"), &body).await.created();
    yewu.role("buyer").post(&path("supplier-evaluations"), &body).await.problem(409, "supplier_evaluation.taken");
    let at = path(format!("supplier-evaluations/{}", draft.id));
    let criteria = ["price", "quality", "delivery"];
    let overrides: Vec<Value> = criteria
        .iter()
        .zip(scores)
        .map(|(criterion, score)| json!({"criterion": criterion, "score": score, "reason": "抽查"}))
        .collect();
    quality.act(&at, "score", json!({"overrides": overrides})).await.ok()
}
async fn publish(yewu: &Yewu, evaluation: &SupplierEvaluation) -> SupplierEvaluation {
    let at = path(format!("supplier-evaluations/{}", evaluation.id));
    yewu.role("procurement_manager").act(&at, "publish", json!({})).await.ok()
}

#[test]
fn pro_12_an_evaluation_is_scored_by_one_and_published_by_another() {
    run(async |yewu| {
        let supplier = qualified(yewu).await;
        let boss = yewu.role("procurement_manager");
        let create = path("supplier-evaluations");
        let with = |weights: Value| json!({"supplier_id": supplier.id, "year": 2026, "weights": weights});
        let refused = boss.post(&create, with(json!({"price": 40, "quality": 40, "delivery": 19}))).await;
        assert_eq!(refused.problem(422, "supplier_evaluation.weights").errors[0].pointer, "/weights");
        boss.post(&create, json!({"supplier_id": supplier.id, "year": 2999}))
            .await
            .problem(422, "supplier_evaluation.year");
        let evaluation = scored(yewu, &supplier, ["80.5", "70", "90"]).await;
        assert_eq!(
            (evaluation.status, evaluation.total.unwrap().to_string(), evaluation.weights.delivery),
            (SupplierEvaluationStatus::Scored, "78.20".into(), 20)
        );
        let at = path(format!("supplier-evaluations/{}", evaluation.id));
        boss.act(&at, "score", json!({})).await.problem(422, "supplier_evaluation.score_missing");
        let wordless = json!({"overrides": [{"criterion": "price", "score": "1"}]});
        boss.act(&at, "score", wordless).await.problem(422, "body.invalid");
        let all = ["price", "quality", "delivery"].map(|c| json!({"criterion": c, "score": "75", "reason": "复核"}));
        boss.act(&at, "score", json!({"overrides": all})).await.ok::<SupplierEvaluation>();
        boss.act(&at, "publish", json!({})).await.problem(403, "supplier_evaluation.own");
        let other = yewu.user("procurement_manager", "boss-2", "sales", "sales");
        let published: SupplierEvaluation = other.act(&at, "publish", json!({})).await.ok();
        assert_eq!(
            (published.status, published.total.unwrap().to_string()),
            (SupplierEvaluationStatus::Published, "75.00".into())
        );
        assert_eq!(told(yewu, &supplier, "procurement.supplier.evaluated.v1").await, "1");
        boss.act(&at, "score", json!({"overrides": all})).await.problem(409, "state.refused");
        yewu.role("sales_rep").get(&at).await.problem(403, "permission.missing");
    });
}

#[test]
fn pro_13_below_sixty_eliminates_in_the_same_moment_and_sixty_does_not() {
    run(async |yewu| {
        for (points, status) in [
            ("59.99", SupplierStatus::Eliminated),
            ("60", SupplierStatus::Qualified),
            ("60.01", SupplierStatus::Qualified),
        ] {
            let supplier = qualified(yewu).await;
            let kept = grant(yewu, &apply(yewu, &supplier, "goods").await).await;
            let waiting = apply(yewu, &supplier, "services").await;
            let evaluation = publish(yewu, &scored(yewu, &supplier, [points; 3]).await).await;
            assert_eq!(evaluation.total.unwrap().get(), points.parse().unwrap());
            let after = now(yewu, &supplier).await;
            assert_eq!(after.status, status, "{points}");
            let gone = status == SupplierStatus::Eliminated;
            let eliminated = told(yewu, &supplier, "procurement.supplier.eliminated.v1").await;
            assert_eq!(eliminated, if gone { "1" } else { "0" });
            let of = async |id: wire::procurement::SupplierQualificationId| {
                yewu.role("buyer")
                    .get(&path(format!("supplier-qualifications/{id}")))
                    .await
                    .ok::<SupplierQualification>()
            };
            let (kept, waiting) = (of(kept.id).await, of(waiting.id).await);
            let words = (kept.status.as_str(), waiting.status.as_str());
            assert_eq!(words, if gone { ("expired", "rejected") } else { ("qualified", "applied") });
        }
    });
}

#[test]
fn pro_13_who_was_eliminated_comes_back_by_a_new_qualification_only() {
    run(async |yewu| {
        let supplier = qualified(yewu).await;
        let boss = yewu.role("procurement_manager");
        boss.act(&at(&supplier), "eliminate", json!({"reason": "假货"})).await.ok::<Supplier>();
        boss.act(&at(&supplier), "qualify", json!({})).await.problem(409, "state.refused");
        let asked = apply(yewu, &supplier, "goods").await;
        assert_eq!(now(yewu, &supplier).await.status, SupplierStatus::Eliminated, "applying is not enough");
        grant(yewu, &asked).await;
        let back = now(yewu, &supplier).await;
        assert_eq!((back.status, back.reason), (SupplierStatus::Qualified, None));
    });
}
