//! What a row offers its reader is what its commands do: no action that is then refused, and none refused that would be done.
use crate::{BASE, account, joins, lead, name, new_lead, opportunity, path, plans::year, put, run, spec};
use serde_json::{Value, json};
use testkit::Client;
use wire::crm::{AccountPlan, Contact, DataQualityTask, Lead, Opportunity, RequirementSpec, SalesTarget, Task, User};

/// The gates that stand in the way of an action, as its reader is told; none: it is allowed.
pub async fn blocked(client: &Client, at: &str, action: &str) -> Vec<String> {
    let row: Value = client.get(at).await.ok();
    let mut actions = row["available_actions"].as_array().expect("actions").iter();
    let found = actions.find(|one| one["action"] == action).unwrap_or_else(|| panic!("{at} knows no {action}"));
    let gates = found["blocked_by"].as_array().expect("gates").iter();
    let gates: Vec<String> = gates.map(|gate| gate["gate"].as_str().expect("a code").to_owned()).collect();
    assert_eq!(found["allowed"], gates.is_empty(), "{found}");
    gates
}

#[test]
fn crm_15_an_opportunity_names_the_exit_criteria_that_keep_it_from_going_on() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let opportunity = opportunity(&sales).await;
        let at = path("opportunities", opportunity.id);
        assert!(blocked(&sales, &at, "advance").await.is_empty());
        sales.act(&at, "advance", json!({})).await.ok::<Opportunity>();
        assert_eq!(blocked(&sales, &at, "advance").await, ["contact"]);
        sales.act(&at, "advance", json!({})).await.problem(409, "gate.closed");
        let person = json!({"account_id": opportunity.account_id, "name": "李雷"});
        let contact: Contact = sales.post(&format!("{BASE}/contacts"), person).await.created();
        sales.patch(&at, json!({"contact_id": contact.id})).await.ok::<Opportunity>();
        assert!(blocked(&sales, &at, "advance").await.is_empty());
        sales.act(&at, "mark-intent", crate::evidence()).await.ok::<Opportunity>();
        assert_eq!(blocked(&sales, &at, "mark_intent").await, ["opportunity.intent"]);
        let page: Value = sales.get(&format!("{BASE}/opportunities?account_id={}", opportunity.account_id)).await.ok();
        let listed = page["items"][0]["available_actions"].as_array().unwrap();
        let intent = listed.iter().find(|one| one["action"] == "mark_intent").unwrap();
        assert_eq!(intent["allowed"], false, "what the row says is said in lists, too");
    });
}

#[test]
fn crm_01_whoever_gave_a_lead_back_is_told_that_they_must_wait() {
    run(async |yewu| {
        let (ann, ben) = (joins(yewu, "sales_rep", "rest").await, joins(yewu, "sales_rep", "rest").await);
        let [ann, ben] = [ann, ben].map(|user| yewu.user("sales_rep", &user, "sales", "rest"));
        let at = path("leads", lead(&ann, new_lead(&name())).await.id);
        ann.act(&at, "pool", json!({"reason": "没有时间"})).await.ok::<Lead>();
        assert_eq!(blocked(&ann, &at, "claim").await, ["lead_pool.cooldown"]);
        ann.act(&at, "claim", json!({})).await.problem(409, "lead_pool.cooldown");
        assert!(blocked(&ben, &at, "claim").await.is_empty());
        ben.act(&at, "claim", json!({})).await.ok::<Lead>();
        assert!(blocked(&ben, &at, "score").await.is_empty(), "there is a model");
    });
}

#[test]
fn crm_34_nobody_approves_what_they_are_to_reach_and_one_of_a_kind_stands() {
    run(async |yewu| {
        let (boss, other) = (yewu.role("sales_manager"), yewu.role("ceo"));
        let person = joins(yewu, "department_head", "sales").await;
        let own = yewu.user("department_head", &person, "sales", "sales");
        let body = json!({"metric": "revenue", "period": year(yewu), "subject_kind": "user", "subject": person, "value": "1000.00",
            "currency": "CNY"});
        let targets = format!("{BASE}/sales-targets");
        let (one, twin): (SalesTarget, SalesTarget) =
            (boss.post(&targets, &body).await.created(), boss.post(&targets, &body).await.created());
        let at = path("sales-targets", one.id);
        assert_eq!(blocked(&own, &at, "approve").await, ["sales_target.own"]);
        let problem = own.act(&at, "approve", json!({})).await.problem(403, "sales_target.own");
        assert!(problem.detail.contains("reach themselves"), "{problem:?}");
        assert!(blocked(&other, &at, "approve").await.is_empty());
        other.act(&at, "approve", json!({})).await.ok::<SalesTarget>();
        assert_eq!(blocked(&other, &path("sales-targets", twin.id), "approve").await, ["sales_target.standing"]);
    });
}

#[test]
fn crm_18_38_another_revision_or_plan_in_the_way_is_named() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let at = path("requirement-specs", spec(&sales, &deal).await.id);
        sales.act(&at, "submit", json!({})).await.ok::<RequirementSpec>();
        sales.act(&at, "confirm", crate::evidence()).await.ok::<RequirementSpec>();
        assert!(blocked(&sales, &at, "revise").await.is_empty());
        sales.act(&at, "revise", json!({})).await.created::<RequirementSpec>();
        assert_eq!(blocked(&sales, &at, "revise").await, ["requirement_spec.revision_open"]);

        let boss = yewu.role("sales_manager");
        let body =
            json!({"account_id": deal.account_id, "title": "深耕", "goals": [{"goal": "二期", "measure": "合同"}]});
        let plans = format!("{BASE}/account-plans");
        let plan: AccountPlan = boss.post(&plans, &body).await.created();
        let second: AccountPlan = boss.post(&plans, &body).await.created();
        boss.act(&path("account-plans", plan.id), "activate", json!({})).await.ok::<AccountPlan>();
        assert_eq!(blocked(&boss, &path("account-plans", second.id), "activate").await, ["account_plan.active"]);
    });
}

#[test]
fn crm_31_a_customer_with_an_open_deal_is_not_offered_to_be_purged() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let deal = opportunity(&sales).await;
        let tasks = format!("{BASE}/data-quality-tasks");
        let busy: DataQualityTask = sales.post(&tasks, json!({"account_id": deal.account_id})).await.created();
        let idle: DataQualityTask = sales.post(&tasks, json!({"account_id": account(&sales).await.id})).await.created();
        let at = |task: &DataQualityTask| path("data-quality-tasks", task.id);
        assert_eq!(blocked(&boss, &at(&busy), "purge").await, ["account.opportunity_open"]);
        assert!(blocked(&boss, &at(&idle), "purge").await.is_empty());
        assert!(blocked(&boss, &at(&busy), "verify").await.is_empty());
    });
}

#[test]
fn crm_25_61_whose_word_it_is_not_is_told_so() {
    run(async |yewu| {
        let boss = yewu.user("sales_manager", "boss-words", "sales", "words");
        let [ann, ben] = [joins(yewu, "sales_rep", "words").await, joins(yewu, "sales_rep", "words").await];
        let given = lead(&yewu.user("sales_rep", &ann, "sales", "words"), new_lead(&name())).await;
        let body = json!({"target": "lead", "target_id": given.id, "to": ben, "reason": "更熟悉客户"});
        let assignment: Value = boss.post(&format!("{BASE}/assignments"), body).await.created();
        let at = path("assignments", assignment["id"].as_str().unwrap());
        assert!(blocked(&yewu.user("sales_rep", &ben, "sales", "words"), &at, "accept").await.is_empty());
        assert_eq!(blocked(&boss, &at, "accept").await, ["permission"], "who may not at all is told that alone");

        let leader = joins(yewu, "sales_manager", "words").await;
        let own = yewu.user("sales_manager", &leader, "sales", "words");
        let body =
            json!({"title": "季度总结", "source": "email", "description": "x", "deadline": "2099-03-06T10:00:00Z"});
        let task: Task = own.post(&format!("{BASE}/tasks"), body).await.created();
        let at = path("tasks", task.id);
        for (verb, said) in [
            ("understand", json!({"understanding": "x"})),
            ("plan", json!({"steps": [{"text": "x"}]})),
            ("start", json!({})),
            ("evaluate", json!({"evaluation": "x"})),
            ("submit", json!({"result": "x"})),
        ] {
            own.act(&at, verb, said).await.ok::<Task>();
        }
        assert_eq!(blocked(&own, &at, "accept").await, ["task.own"]);
        own.act(&at, "accept", json!({"review": "x"})).await.problem(403, "task.own");
        assert!(blocked(&boss, &at, "accept").await.is_empty());
    });
}

#[test]
fn crm_20_a_seat_is_offered_to_its_trade_alone() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let deal = opportunity(&sales).await;
        let ask = json!({"opportunity_id": deal.id, "role": "technical_support"});
        let seat: Value = sales.post(&format!("{BASE}/opportunity-members"), ask).await.created();
        let at = path("opportunity-members", seat["id"].as_str().unwrap());
        assert!(blocked(&technician, &at, "join").await.is_empty());
        assert!(blocked(&sales, &at, "join").await.contains(&"opportunity_member.role".to_owned()));
        sales.act(&path("opportunities", deal.id), "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        assert_eq!(blocked(&technician, &at, "join").await, ["opportunity.closed"]);
    });
}

#[test]
fn crm_51_a_deputy_who_has_left_is_in_the_way_of_a_handover() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let (leaver, deputy) = (joins(yewu, "sales_rep", "sales").await, joins(yewu, "sales_rep", "sales").await);
        let plan = json!({"from": leaver, "to": deputy, "scopes": ["leads"], "starts_at": "2099-03-02T01:00:00Z", "reason": "年假"});
        let made: Value = boss.post(&format!("{BASE}/handovers"), plan).await.created();
        let at = path("handovers", made["id"].as_str().unwrap());
        assert!(blocked(&boss, &at, "activate").await.is_empty());
        let body = json!({"name": deputy, "roles": ["sales_rep"], "department": "sales", "team": "sales"});
        let person: User = put(&yewu.role("integration"), &format!("users/by-ref/directory/{deputy}"), body).await.ok();
        yewu.role("integration").act(&path("users", person.id), "deactivate", json!({})).await.ok::<User>();
        assert_eq!(blocked(&boss, &at, "activate").await, ["handover.gone"]);
    });
}
