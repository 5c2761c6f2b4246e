//! CRM-18, 19: what the customer needs, clarified until confirmed.
use crate::{BASE, evidence, facts, opportunity, path, run, spec};
use serde_json::json;
use wire::crm::{Clarification, Opportunity, RequirementSpec, RequirementSpecStatus};

#[test]
fn crm_18_a_specification_belongs_to_an_open_opportunity_and_its_owner() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let opportunity = opportunity(&sales).await;
        let drafted = spec(&technician, &opportunity).await;
        assert!(drafted.number.starts_with("RS-20"), "{}", drafted.number);
        assert_eq!((drafted.case_id, drafted.owner_id.as_deref()), (opportunity.case_id, Some("sales_rep-1")));
        let at = path("requirement-specs", drafted.id);
        sales.patch(&at, json!({"items": []})).await.problem(422, "requirement_spec.items");
        let zero = json!({"items": [{"field": "quantity", "priority": "must", "text": "x", "quantity": "0"}]});
        assert_eq!(
            sales.patch(&at, zero).await.problem(422, "requirement_spec.quantity").errors[0].pointer,
            "/items/0/quantity"
        );
        let stranger = yewu.user("sales_rep", "stranger-spec", "sales", "west");
        stranger.get(&at).await.problem(404, "not_found");
        let body = json!({"opportunity_id": opportunity.id, "title": "x", "items": [{"field": "budget", "priority": "should", "text": "x"}]});
        let specs = format!("{BASE}/requirement-specs");
        assert_eq!(
            stranger.post(&specs, &body).await.problem(422, "body.invalid").errors[0].pointer,
            "/opportunity_id"
        );
        sales.act(&path("opportunities", opportunity.id), "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        sales.post(&specs, &body).await.problem(409, "requirement_spec.opportunity_closed");
    });
}

#[test]
fn crm_19_it_is_clarified_until_the_customer_confirms() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let spec = spec(&sales, &opportunity(&sales).await).await;
        let at = path("requirement-specs", spec.id);
        sales.act(&at, "confirm", evidence()).await.problem(409, "state.refused");
        sales.act(&at, "submit", json!({})).await.ok::<RequirementSpec>();
        let asked: RequirementSpec = technician.act(&at, "clarify", json!({"question": "电压？"})).await.ok();
        assert_eq!((asked.status, asked.loop_count), (RequirementSpecStatus::Clarifying, 1));
        let problem = sales.act(&at, "submit", json!({})).await.problem(409, "gate.closed");
        let question = asked.clarifications[0].id;
        assert_eq!(problem.blocked_by[0].reference.as_deref(), Some(question.to_string().as_str()));
        let answer = json!({"clarification_id": question, "answer": "380 V"});
        technician.act(&at, "answer", &answer).await.ok::<RequirementSpec>();
        technician.act(&at, "answer", &answer).await.problem(422, "requirement_spec.question");
        sales.act(&at, "submit", json!({})).await.ok::<RequirementSpec>();
        let changed: RequirementSpec = sales.act(&at, "request-change", json!({"reason": "改为 14 台"})).await.ok();
        assert_eq!((changed.loop_count, changed.reason.as_deref()), (2, Some("改为 14 台")));
        let items = json!({"items": [{"field": "quantity", "priority": "must", "text": "14 台", "quantity": "14"}]});
        sales.patch(&at, items).await.ok::<RequirementSpec>();
        sales.act(&at, "submit", json!({})).await.ok::<RequirementSpec>();
        sales.act(&at, "confirm", json!({})).await.problem(422, "body.invalid");
        technician.act(&at, "confirm", evidence()).await.problem(403, "permission.missing");
        let done: RequirementSpec = sales.act(&at, "confirm", evidence()).await.ok();
        assert_eq!(
            (done.status, done.evidence.is_some(), done.confirmed_at.is_some()),
            (RequirementSpecStatus::Confirmed, true, true)
        );
        let submitted = "crm.requirement_spec.submitted.v1";
        assert_eq!(
            facts(yewu, spec.id).await,
            format!("{submitted} {submitted} {submitted} crm.requirement_spec.confirmed.v1")
        );
        let asked: Vec<Clarification> = sales.get(&format!("{at}/clarifications")).await.ok();
        assert_eq!(asked[0].answer.as_deref(), Some("380 V"));
    });
}

#[test]
fn crm_18_a_confirmed_one_holds_until_its_revision_is_confirmed() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let first = spec(&sales, &opportunity(&sales).await).await;
        let at = path("requirement-specs", first.id);
        sales.act(&at, "submit", json!({})).await.ok::<RequirementSpec>();
        sales.act(&at, "confirm", evidence()).await.ok::<RequirementSpec>();
        let second: RequirementSpec = sales.act(&at, "revise", json!({})).await.created();
        assert_eq!((&second.number, second.revision, second.status), (&first.number, 2, RequirementSpecStatus::Draft));
        sales.act(&at, "revise", json!({})).await.problem(409, "requirement_spec.revision_open");
        assert_eq!(sales.get(&at).await.ok::<RequirementSpec>().status, RequirementSpecStatus::Confirmed);
        let next = path("requirement-specs", second.id);
        sales.act(&next, "submit", json!({})).await.ok::<RequirementSpec>();
        sales.act(&next, "confirm", evidence()).await.ok::<RequirementSpec>();
        assert_eq!(sales.get(&at).await.ok::<RequirementSpec>().status, RequirementSpecStatus::Superseded);
    });
}

#[test]
fn crm_18_items_keep_their_ids_over_revisions_and_are_told_with_the_deals_owner() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let first = spec(&sales, &opportunity(&sales).await).await;
        let at = path("requirement-specs", first.id);
        let mut items = serde_json::to_value(&first.items).unwrap();
        items.as_array_mut().unwrap().push(json!({"field": "delivery", "priority": "must", "text": "8 周"}));
        let longer: RequirementSpec = sales.patch(&at, json!({"items": items})).await.ok();
        let ids = |spec: &RequirementSpec| spec.items.iter().map(|item| item.id.unwrap()).collect::<Vec<_>>();
        assert_eq!(ids(&longer)[..first.items.len()], ids(&first), "what is sent back stays the same item");
        sales.act(&at, "submit", json!({})).await.ok::<RequirementSpec>();
        sales.act(&at, "confirm", evidence()).await.ok::<RequirementSpec>();
        let second: RequirementSpec = sales.act(&at, "revise", json!({})).await.created();
        assert_eq!(ids(&second), ids(&longer));
        let told = format!(
            "SELECT envelope::jsonb ->> 'data' FROM outbox WHERE subject = '{}' AND kind = 'crm.requirement_spec.confirmed.v1'",
            first.id
        );
        let told: wire::crm::RequirementSpecSnapshot = serde_json::from_str(&yewu.sql("crm", &told).await).unwrap();
        assert_eq!(
            (told.items, told.owner.and_then(|owner| owner.owner_id).as_deref()),
            (longer.items, Some("sales_rep-1"))
        );
    });
}
