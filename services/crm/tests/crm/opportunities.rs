//! CRM-02, 14, 15: opportunities and their pipelines.
use crate::{BASE, account, evidence, facts, name, opportunity, path, run, spec};
use serde_json::json;
use testkit::{Yewu, patches};
use uuid::Uuid;
use wire::{
    CaseId, Page,
    crm::{Account, AccountStatus, Contact, Opportunity, OpportunityStatus, Pipeline, PipelineStage, RequirementSpec},
    quoting::QuoteAccepted,
};

#[test]
fn crm_14_an_opportunity_has_a_customer_a_need_and_a_source() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let account = account(&sales).await;
        let whole = json!({"account_id": account.id, "name": "二期", "need": "12 台泵", "source": "online"});
        let opportunities = format!("{BASE}/opportunities");
        for field in ["account_id", "need", "source", "name"] {
            let mut body = whole.clone();
            body.as_object_mut().unwrap().remove(field);
            sales.post(&opportunities, body).await.problem(422, "body.invalid");
        }
        let mut wrong = whole.clone();
        wrong["source"] = json!("moon");
        sales.post(&opportunities, &wrong).await.problem(422, "lead_source.unknown");
        let other = crate::account(&sales).await;
        let stranger: Contact =
            sales.post(&format!("{BASE}/contacts"), json!({"account_id": other.id, "name": "韩梅"})).await.created();
        let mut wrong = whole.clone();
        wrong["contact_id"] = json!(stranger.id);
        sales.post(&opportunities, &wrong).await.problem(422, "opportunity.contact");
        let one: Opportunity = sales.post(&opportunities, &whole).await.created();
        let two: Opportunity = sales.post(&opportunities, &whole).await.created();
        assert_ne!(one.case_id, two.case_id, "a second opportunity is a second case");
        assert_eq!(facts(yewu, one.id).await, "crm.opportunity.registered.v1");
        let mine: Page<Opportunity> = sales.get(&format!("{opportunities}?account_id={}", account.id)).await.ok();
        assert_eq!(mine.items.iter().map(|row| row.id).collect::<Vec<_>>(), [two.id, one.id]);
    });
}

#[test]
fn crm_15_stages_are_left_only_when_their_exit_criteria_are_met() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let all: Vec<Pipeline> = sales.get(&format!("{BASE}/pipelines")).await.ok();
        let default = all.iter().find(|pipeline| pipeline.is_default).unwrap();
        let stages: Vec<PipelineStage> = sales.get(&format!("{}/stages", path("pipelines", default.id))).await.ok();
        let keys: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
        assert_eq!(keys, ["research", "screen", "first_contact", "need_communication", "negotiation", "follow_up"]);
        let opportunity = opportunity(&sales).await;
        let at = path("opportunities", opportunity.id);
        assert_eq!(sales.act(&at, "advance", json!({})).await.ok::<Opportunity>().stage, "screen");
        let problem = sales.act(&at, "advance", json!({"to": "negotiation"})).await.problem(409, "gate.closed");
        let missing: Vec<&str> = problem.blocked_by.iter().map(|gate| gate.gate.as_str()).collect();
        assert_eq!(missing, ["contact", "expected_close", "amount", "spec_confirmed"]);
        let contact: Contact = sales
            .post(&format!("{BASE}/contacts"), json!({"account_id": opportunity.account_id, "name": "李雷"}))
            .await
            .created();
        let more = json!({"contact_id": contact.id, "expected_close": "2099-12-31", "amount": {"amount": "16102.50", "currency": "CNY"}});
        sales.patch(&at, &more).await.ok::<Opportunity>();
        patches(yewu, &sales, &at, &["contact_id", "expected_close", "amount"], &["name", "need"]).await;
        sales.patch(&at, more).await.ok::<Opportunity>();
        let problem = sales.act(&at, "advance", json!({"to": "negotiation"})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by.iter().map(|gate| gate.gate.as_str()).collect::<Vec<_>>(), ["spec_confirmed"]);
        let spec = spec(&sales, &opportunity).await;
        let spec_at = path("requirement-specs", spec.id);
        sales.act(&spec_at, "submit", json!({})).await.ok::<RequirementSpec>();
        sales.act(&spec_at, "confirm", evidence()).await.ok::<RequirementSpec>();
        let there: Opportunity = sales.act(&at, "advance", json!({"to": "negotiation"})).await.ok();
        let history: Vec<&str> = there.stage_history.iter().map(|entry| entry.stage.as_str()).collect();
        assert_eq!(
            (history, there.probability.to_string()),
            (vec!["research", "screen", "negotiation"], "0.7".to_owned())
        );
        sales.act(&at, "advance", json!({"to": "screen"})).await.problem(409, "opportunity.stage_order");
        assert_eq!(
            facts(yewu, opportunity.id).await,
            "crm.opportunity.registered.v1 crm.opportunity.stage_changed.v1 crm.opportunity.stage_changed.v1"
        );
    });
}

#[test]
fn crm_15_a_pipeline_of_ones_own() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let stage = |key: &str, probability: &str| json!({"key": key, "name_zh": "阶段", "name_en": "Stage", "probability": probability});
        let pipelines = format!("{BASE}/pipelines");
        let falling = json!({"name": "备件", "stages": [stage("a", "0.5"), stage("b", "0.4")]});
        assert_eq!(
            boss.post(&pipelines, falling).await.problem(422, "pipeline.probability").errors[0].pointer,
            "/stages/1/probability"
        );
        let body = json!({"name": "备件", "stages": [stage("a", "0.5"), stage("b", "0.6")]});
        sales.post(&pipelines, &body).await.problem(403, "permission.missing");
        let pipeline: Pipeline = boss.post(&pipelines, &body).await.created();
        let account = account(&sales).await;
        let new = json!({"account_id": account.id, "name": "备件", "need": "密封圈", "source": "online", "pipeline_id": pipeline.id});
        let opportunity: Opportunity = sales.post(&format!("{BASE}/opportunities"), new).await.created();
        let at = path("opportunities", opportunity.id);
        assert_eq!(sales.act(&at, "advance", json!({})).await.ok::<Opportunity>().stage, "b");
        sales.act(&at, "advance", json!({})).await.problem(409, "opportunity.last_stage");
        let fewer = json!({"stages": [stage("a", "0.5")]});
        boss.patch(&path("pipelines", pipeline.id), fewer).await.problem(409, "pipeline.stage_removed");
    });
}

#[test]
fn crm_02_opportunities_are_won_lost_and_reopened_with_a_reason() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let opportunity = opportunity(&sales).await;
        let at = path("opportunities", opportunity.id);
        sales.act(&at, "lose", json!({})).await.problem(422, "body.invalid");
        let lost: Opportunity = sales.act(&at, "lose", json!({"reason": "价格过高"})).await.ok();
        assert_eq!(
            (lost.status, lost.reason.as_deref(), lost.closed_at.is_some()),
            (OpportunityStatus::Lost, Some("价格过高"), true)
        );
        sales.act(&at, "reopen", json!({"reason": "客户回来了"})).await.problem(403, "permission.missing");
        let open: Opportunity = boss.act(&at, "reopen", json!({"reason": "客户回来了"})).await.ok();
        assert_eq!((open.status, open.closed_at), (OpportunityStatus::Open, None));
        sales.act(&at, "win", json!({"reason": "客户接受报价"})).await.ok::<Opportunity>();
        sales.patch(&at, json!({"name": "x"})).await.problem(409, "state.refused");
        let account: Account = sales.get(&path("accounts", opportunity.account_id)).await.ok();
        assert_eq!(account.status, AccountStatus::Active, "who buys is no prospect any more");
        let told =
            "crm.opportunity.registered.v1 crm.opportunity.lost.v1 crm.opportunity.reopened.v1 crm.opportunity.won.v1";
        assert_eq!(facts(yewu, opportunity.id).await, told);
    });
}

fn accepted(opportunity: Option<Uuid>, account: &Account) -> QuoteAccepted {
    let money = |amount: &str| json!({"amount": amount, "currency": "CNY"});
    let quote = json!({"quote_id": Uuid::now_v7(), "number": "QT-2026-000001", "revision": 1, "account_id": account.id, "account_name": account.name,
        "opportunity_id": opportunity, "lines": [], "totals": {"net": money("100.00"), "tax": money("13.00"), "gross": money("113.00")},
        "payment_terms": [], "delivery_date": null, "external_refs": [], "route": "order", "accepted_at": "2026-03-02T01:00:00Z"});
    serde_json::from_value(quote).expect("the shape of the event")
}

#[test]
fn crm_02_an_accepted_quote_wins_the_opportunity_that_it_names_once() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let open = opportunity(&sales).await;
        let account: Account = sales.get(&path("accounts", open.account_id)).await.ok();
        let event = accepted(Some(open.id.into()), &account);
        let envelope = yewu.envelope(&event, CaseId(open.case_id.into()));
        yewu.deliver(&envelope).await;
        yewu.deliver(&envelope).await;
        yewu.hear(&event).await;
        let won: Opportunity = sales.get(&path("opportunities", open.id)).await.ok();
        assert_eq!((won.status, won.quote_id, won.version), (OpportunityStatus::Won, Some(event.quote.quote_id), 2));
        let lost = opportunity(&sales).await;
        sales.act(&path("opportunities", lost.id), "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        yewu.hear(&accepted(Some(lost.id.into()), &account)).await;
        assert_eq!(
            sales.get(&path("opportunities", lost.id)).await.ok::<Opportunity>().status,
            OpportunityStatus::Lost
        );
        yewu.hear(&accepted(Some(Uuid::now_v7()), &account)).await;
        yewu.hear(&accepted(None, &account)).await;
        assert_eq!(unfinished(yewu).await, "0", "nothing waits, nothing is parked");
    });
}

async fn unfinished(yewu: &Yewu) -> String {
    yewu.sql("crm", "SELECT count(*) FROM inbox WHERE handler = 'win-opportunity' AND status <> 'done'").await
}

#[test]
fn crm_14_an_invalid_customer_has_no_new_opportunities() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let gone: Account = sales.post(&format!("{BASE}/accounts"), json!({"name": name()})).await.created();
        boss.act(&path("accounts", gone.id), "invalidate", json!({"reason": "已注销"})).await.ok::<Account>();
        let body = json!({"account_id": gone.id, "name": "二期", "need": "泵", "source": "online"});
        sales.post(&format!("{BASE}/opportunities"), body).await.problem(422, "opportunity.account");
    });
}
