//! CRM-16, 17: what customers need, how it was found out, and by what it is covered.
use crate::{BASE, facts, opportunity, path, run, spec};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    Page,
    crm::{
        ItemCoverage, RequirementItem, RequirementItemStatus, RequirementSpec, RequirementSurvey,
        RequirementSurveyStatus, SpecField,
    },
};

fn all(collection: &str) -> String {
    format!("{BASE}/{collection}")
}

#[test]
fn crm_16_a_survey_is_planned_conducted_and_recorded() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let deal = opportunity(&sales).await;
        let new = json!({"opportunity_id": deal.id, "method": "site_visit", "planned_on": "2026-12-31"});
        let survey: RequirementSurvey = technician.post(&all("requirement-surveys"), new).await.created();
        assert_eq!((survey.case_id, survey.owner_id.as_deref()), (deal.case_id, Some("sales_rep-1")));
        let at = path("requirement-surveys", survey.id);
        let answers =
            json!({"answers": [{"field": "quantity", "answer": "12 台"}, {"field": "budget", "answer": "50 万"}]});
        technician.act(&at, "record", &answers).await.problem(409, "state.refused");
        let held = |day: &str, side: &str| json!({"conducted_on": day, "attendees": [{"name": "李雷", "side": side, "title": "设备科长"}]});
        let future = technician.act(&at, "conduct", held("2999-12-31", "customer")).await;
        assert_eq!(future.problem(422, "requirement_survey.conducted_on").errors[0].pointer, "/conducted_on");
        technician.act(&at, "conduct", held("2026-03-02", "ours")).await.problem(422, "requirement_survey.customer");
        technician.act(&at, "conduct", held("2026-03-02", "customer")).await.ok::<RequirementSurvey>();
        let done: RequirementSurvey = technician.act(&at, "record", &answers).await.ok();
        assert_eq!((done.status, done.answers.len()), (RequirementSurveyStatus::Recorded, 2));
        let open = [SpecField::Function, SpecField::Performance, SpecField::Delivery, SpecField::Service];
        assert_eq!(done.unanswered, open);
        assert_eq!(facts(yewu, survey.id).await, "crm.requirement_survey.recorded.v1");
        let about = format!("{}?opportunity_id={}&status=recorded", all("requirement-surveys"), deal.id);
        assert_eq!(sales.get(&about).await.ok::<Page<RequirementSurvey>>().items[0].id, survey.id);
    });
}

#[test]
fn crm_17_an_item_is_addressed_or_dropped_with_a_reason() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let items = all("requirement-items");
        let new = |kind: &str| json!({"opportunity_id": deal.id, "kind": kind, "priority": "must", "text": "旧泵每月停机两次"});
        sales.post(&items, new("wish")).await.problem(422, "body.invalid");
        let pain: RequirementItem = sales.post(&items, new("pain")).await.created();
        let need: RequirementItem = sales.post(&items, new("need")).await.created();
        let at = path("requirement-items", pain.id);
        let (own, foreign) = (spec(&sales, &deal).await, spec(&sales, &opportunity(&sales).await).await);
        let by = |spec: &RequirementSpec, item: Option<Uuid>| json!({"how": "备用泵", "requirement_spec_id": spec.id, "spec_item_id": item});
        sales.act(&at, "address", by(&own, None)).await.problem(422, "requirement_item.spec_item");
        let elsewhere = sales.act(&at, "address", by(&foreign, foreign.items[0].id)).await;
        elsewhere.problem(422, "requirement_item.spec");
        let unknown = sales.act(&at, "address", by(&own, Some(Uuid::now_v7()))).await;
        unknown.problem(422, "requirement_item.unknown_spec_item");
        let met: RequirementItem = sales.act(&at, "address", by(&own, own.items[0].id)).await.ok();
        assert_eq!((met.status, met.spec_item_id), (RequirementItemStatus::Addressed, own.items[0].id));
        let other = path("requirement-items", need.id);
        sales.act(&other, "drop", json!({})).await.problem(422, "body.invalid");
        let gone: RequirementItem = sales.act(&other, "drop", json!({"reason": "预算不足"})).await.ok();
        assert_eq!((gone.status, gone.reason.as_deref()), (RequirementItemStatus::Dropped, Some("预算不足")));
        sales.patch(&other, json!({"text": "x"})).await.problem(409, "state.refused");
        assert_eq!(facts(yewu, pain.id).await, ["crm.requirement_item.changed.v1"; 2].join(" "));
    });
}

#[test]
fn crm_17_every_must_have_item_is_covered_by_something_or_named() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let item = |priority: &str, text: &str| json!({"field": "function", "priority": priority, "text": text});
        let body = json!({"opportunity_id": opportunity(&sales).await.id, "title": "泵站需求",
            "items": [item("must", "卧式泵"), item("must", "远程监控"), item("should", "蓝色涂装")]});
        let spec: RequirementSpec = sales.post(&all("requirement-specs"), body).await.created();
        let ids: Vec<Uuid> = spec.items.iter().map(|item| item.id.expect("an id")).collect();
        let at = path("requirement-specs", spec.id);
        let uncovered = async |kind: &str| -> Vec<Uuid> {
            let rows: Vec<ItemCoverage> = sales.get(&format!("{at}/coverage?uncovered=true{kind}")).await.ok();
            rows.into_iter().filter_map(|row| row.item.id).collect()
        };
        assert_eq!(uncovered("").await, ids[..2], "nothing is said yet, and the third is no must");
        let (solution, quote) = (Uuid::now_v7(), Uuid::now_v7());
        let told = |kind: &str, subject: Uuid, covered: &[Uuid], waived: &[Uuid], reason: Option<&str>| -> Value {
            json!({"kind": kind, "subject_id": subject, "label": "SL-1", "covered": covered, "waived": waived, "reason": reason})
        };
        let stranger = sales.act(&at, "trace", told("quote_line", quote, &[ids[0], Uuid::now_v7()], &[], None)).await;
        assert_eq!(stranger.problem(422, "requirement_spec.traced_item").errors[0].pointer, "/covered/1");
        let mute = sales.act(&at, "trace", told("quote_line", quote, &[], &ids[..1], None)).await;
        assert_eq!(mute.problem(422, "requirement_spec.waived").errors[0].pointer, "/reason");
        let by_solution = told("solution_element", solution, &ids[..1], &ids[1..2], Some("客户自备"));
        let rows: Vec<ItemCoverage> = technician.act(&at, "trace", by_solution).await.ok();
        assert_eq!(rows.iter().map(|row| row.covered).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(rows[1].traces[0].reason.as_deref(), Some("客户自备"));
        sales.act(&at, "trace", told("quote_line", quote, &ids[1..], &[], None)).await.ok::<Vec<ItemCoverage>>();
        assert!(uncovered("").await.is_empty());
        assert_eq!(uncovered("&kind=quote_line").await, ids[..1]);
        assert_eq!(uncovered("&kind=acceptance").await, ids[..2]);
        let less = told("solution_element", solution, &ids[1..2], &[], None);
        technician.act(&at, "trace", less).await.ok::<Vec<ItemCoverage>>();
        assert_eq!(
            uncovered("&kind=solution_element").await,
            ids[..1],
            "what it says now takes the place of what it said"
        );
        let gone = json!({"kind": "quote_line", "subject_id": quote});
        sales.act(&at, "untrace", gone).await.ok::<Vec<ItemCoverage>>();
        assert_eq!(uncovered("&kind=quote_line").await, ids[..2]);
        sales.get(&format!("{at}/coverage?kind=song")).await.problem(400, "query.invalid");
        yewu.user("sales_rep", "stranger-coverage", "sales", "west")
            .get(&format!("{at}/coverage"))
            .await
            .problem(404, "not_found");
    });
}
