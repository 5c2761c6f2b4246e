//! CRM-25: whose a lead, an opportunity or a customer is, and how it came there.
use crate::{BASE, account, facts, joins, lead, name, new_lead, opportunity, path, run, spec};
use serde_json::{Value, json};
use testkit::Client;
use wire::{
    Page,
    crm::{
        Account, Assignment, AssignmentBasis, AssignmentRule, AssignmentStatus, Contact, Lead, Opportunity,
        RequirementSpec,
    },
};

fn to(target: &str, id: impl std::fmt::Display, owner: Option<&str>) -> Value {
    json!({"target": target, "target_id": id.to_string(), "to": owner, "reason": "华东区域"})
}
async fn assign(boss: &Client, body: Value) -> Assignment {
    boss.post(&format!("{BASE}/assignments"), body).await.created()
}

#[test]
fn crm_25_a_lead_is_given_to_a_colleague_who_accepts_or_declines_with_a_reason() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let reference = joins(yewu, "sales_rep", "sales").await;
        let colleague = yewu.user("sales_rep", &reference, "sales", "sales");
        let lead = lead(&sales, new_lead(&name())).await;
        let at = path("leads", lead.id);
        let assignments = format!("{BASE}/assignments");
        let nobody = boss.post(&assignments, to("lead", lead.id, Some("nobody-known"))).await;
        assert_eq!(nobody.problem(422, "body.invalid").errors[0].pointer, "/to");
        sales.post(&assignments, to("lead", lead.id, Some(&reference))).await.problem(403, "permission.missing");
        let other = yewu.user("sales_manager", "other-boss", "sales", "west");
        let unseen = other.post(&assignments, to("lead", lead.id, Some(&reference))).await;
        assert_eq!(unseen.problem(422, "body.invalid").errors[0].pointer, "/target_id");

        let first = assign(&boss, to("lead", lead.id, Some(&reference))).await;
        assert_eq!((first.status, first.basis), (AssignmentStatus::Assigned, AssignmentBasis::Named));
        assert_eq!((first.from_owner.as_deref(), first.owner_id.as_ref()), (Some("sales_rep-1"), Some(&reference)));
        boss.post(&assignments, to("lead", lead.id, Some(&reference))).await.problem(409, "assignment.same");
        sales.get(&at).await.problem(404, "not_found");
        assert_eq!(colleague.get(&at).await.ok::<Lead>().owner_id.as_ref(), Some(&reference));
        let declined: Assignment =
            colleague.act(&path("assignments", first.id), "decline", json!({"reason": "负荷已满"})).await.ok();
        assert_eq!((declined.status, declined.answer.as_deref()), (AssignmentStatus::Declined, Some("负荷已满")));
        assert_eq!(sales.get(&at).await.ok::<Lead>().owner_id.as_deref(), Some("sales_rep-1"), "back to whose it was");
        let second = assign(&boss, to("lead", lead.id, Some(&reference))).await;
        let accepted: Assignment = colleague.act(&path("assignments", second.id), "accept", json!({})).await.ok();
        assert_eq!(accepted.status, AssignmentStatus::Accepted);
        colleague
            .act(&path("assignments", second.id), "decline", json!({"reason": "x"}))
            .await
            .problem(409, "state.refused");
        let told = "crm.assignment.changed.v1";
        assert_eq!(facts(yewu, first.id).await, format!("{told} {told}"));
        let history: Page<Assignment> =
            yewu.role("auditor").get(&format!("{assignments}?target_id={}", lead.id)).await.ok();
        let bases: Vec<_> = history.items.iter().map(|one| one.basis).collect();
        assert_eq!(bases, [AssignmentBasis::Named, AssignmentBasis::Declined, AssignmentBasis::Named], "newest first");
        sales.post(&assignments, json!({})).await.problem(403, "permission.missing");
    });
}

#[test]
fn crm_25_what_belongs_to_it_goes_with_it_and_who_has_not_answered_need_not() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (one, two) = (joins(yewu, "sales_rep", "sales").await, joins(yewu, "sales_rep", "sales").await);
        let opportunity = opportunity(&sales).await;
        let spec = spec(&sales, &opportunity).await;
        let first = assign(&boss, to("opportunity", opportunity.id, Some(&one))).await;
        let second = assign(&boss, to("opportunity", opportunity.id, Some(&two))).await;
        let before: Assignment = boss.get(&path("assignments", first.id)).await.ok();
        assert_eq!((before.status, second.from_owner.as_ref()), (AssignmentStatus::Superseded, Some(&one)));
        let now = yewu.user("sales_rep", &two, "sales", "sales");
        now.get(&path("opportunities", opportunity.id)).await.ok::<Opportunity>();
        now.get(&path("requirement-specs", spec.id)).await.ok::<RequirementSpec>();
        let won = json!({"reason": "客户已签约"});
        now.act(&path("opportunities", opportunity.id), "win", won).await.ok::<Opportunity>();
        let closed = boss.post(&format!("{BASE}/assignments"), to("opportunity", opportunity.id, Some(&one))).await;
        closed.problem(409, "assignment.closed");

        let customer = account(&sales).await;
        let person = json!({"account_id": customer.id, "name": "李雷"});
        let contact: Contact = sales.post(&format!("{BASE}/contacts"), person).await.created();
        assign(&boss, to("account", customer.id, Some(&one))).await;
        let now = yewu.user("sales_rep", &one, "sales", "sales");
        assert_eq!(now.get(&path("accounts", customer.id)).await.ok::<Account>().owner_id.as_ref(), Some(&one));
        now.get(&path("contacts", contact.id)).await.ok::<Contact>();
        sales.get(&path("contacts", contact.id)).await.problem(404, "not_found");
    });
}

#[test]
fn crm_25_rules_choose_by_region_first_and_in_turn() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (one, two) = (joins(yewu, "sales_rep", "sales").await, joins(yewu, "sales_rep", "sales").await);
        let (rules, region) = (format!("{BASE}/assignment-rules"), format!("区域{one}"));
        let rule = |kind: &str, region: Option<&str>, members: &[&String]| json!({"name": "x", "kind": kind, "region": region, "members": members, "priority": 1});
        boss.post(&rules, rule("territory", None, &[&one])).await.problem(422, "assignment_rule.region");
        let gone = "nobody-known".to_owned();
        let wrong = boss.post(&rules, rule("round_robin", None, &[&one, &gone])).await;
        assert_eq!(wrong.problem(422, "assignment_rule.member").errors[0].pointer, "/members/1");
        let made: AssignmentRule = boss.post(&rules, rule("territory", Some(&region), &[&one, &two])).await.created();
        let mut chosen = Vec::new();
        for _ in 0..3 {
            let body = |region: &str| {
                let mut body = new_lead(&name());
                body["region"] = json!(region);
                body
            };
            let lead = lead(&sales, body(&region)).await;
            let given = assign(&boss, to("lead", lead.id, None)).await;
            assert_eq!((given.basis, given.rule_id), (AssignmentBasis::Territory, Some(made.id)));
            chosen.push(given.owner_id.unwrap());
        }
        assert_eq!(chosen, [one.clone(), two, one.clone()]);
        let elsewhere = lead(&sales, new_lead(&name())).await;
        boss.post(&format!("{BASE}/assignments"), to("lead", elsewhere.id, None))
            .await
            .problem(409, "assignment.no_rule");
        let kept: AssignmentRule = boss.get(&path("assignment-rules", made.id)).await.ok();
        assert_eq!(kept.last_member.as_ref(), Some(&one));
        let at = path("assignment-rules", made.id);
        boss.patch(&at, json!({"priority": 0})).await.problem(422, "assignment_rule.priority");
        boss.act(&at, "retire", json!({})).await.ok::<AssignmentRule>();
        boss.patch(&at, json!({"priority": 2})).await.problem(409, "state.refused");
    });
}

#[test]
fn crm_25_what_hangs_on_an_opportunity_and_is_not_done_goes_with_it() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let new = joins(yewu, "sales_rep", "sales").await;
        let own = joins(yewu, "sales_rep", "sales").await;
        let deal = opportunity(&yewu.user("sales_rep", &own, "sales", "sales")).await;
        let on = |mut body: Value| {
            body["opportunity_id"] = json!(deal.id);
            body
        };
        let owner = yewu.user("sales_rep", &own, "sales", "sales");
        let make = async |collection: &str, body: Value| -> String {
            let made: Value = owner.post(&format!("{BASE}/{collection}"), on(body)).await.created();
            format!("{BASE}/{collection}/{}", made["id"].as_str().unwrap())
        };
        let item = json!({"kind": "pain", "priority": "must", "text": "停机"});
        let person = joins(yewu, "technical", "sales").await;
        let project =
            json!({"application": {"name": "二期泵站", "core_team": [{"person": person, "role": "技术负责人"}]}});
        let mut hanging = vec![
            make("questions", json!({"text": "质保期？", "due_on": "2099-12-31"})).await,
            make("negotiation-rounds", json!({"positions": [{"term": "price", "ours": "我方", "theirs": "对方"}]}))
                .await,
            make("requirement-surveys", json!({"method": "meeting", "planned_on": "2026-12-31"})).await,
            make("requirement-items", item.clone()).await,
            make("opportunity-members", json!({"role": "technical_support"})).await,
            make("project-initiations", project).await,
        ];
        let action = |who: &str| json!({"title": "寄样品", "owner": who, "due_on": "2099-12-31", "link": {"kind": "opportunity", "id": deal.id}});
        let theirs: Value = boss.post(&format!("{BASE}/action-items"), action(&own)).await.created();
        let others: Value = boss.post(&format!("{BASE}/action-items"), action(&person)).await.created();
        hanging.push(path("action-items", theirs["id"].as_str().unwrap()));
        let done = make("requirement-items", item).await;
        owner.act(&done, "drop", json!({"reason": "不再需要"})).await.ok::<Value>();
        assign(&boss, to("opportunity", deal.id, Some(&new))).await;
        let now = yewu.user("sales_rep", &new, "sales", "sales");
        for at in hanging {
            assert_eq!(now.get(&at).await.ok::<Value>()["owner_id"], json!(new), "{at}");
        }
        owner.get(&done).await.ok::<Value>();
        now.get(&path("action-items", others["id"].as_str().unwrap())).await.problem(404, "not_found");
    });
}

#[test]
fn crm_25_answers_and_new_assignments_at_once_do_not_wait_for_each_other_in_a_ring() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (one, two) = (joins(yewu, "sales_rep", "sales").await, joins(yewu, "sales_rep", "sales").await);
        let (answers, all) = (yewu.user("sales_rep", &one, "sales", "sales"), format!("{BASE}/assignments"));
        for _ in 0..6 {
            let lead = lead(&sales, new_lead(&name())).await;
            let first = assign(&boss, to("lead", lead.id, Some(&one))).await;
            let at = path("assignments", first.id);
            let decline = answers.act(&at, "decline", json!({"reason": "负荷已满"}));
            let again = boss.post(&all, to("lead", lead.id, Some(&two)));
            let (declined, assigned) = futures_util::future::join(decline, again).await;
            assert!([200, 409, 412].contains(&declined.status.as_u16()), "{declined:?}");
            assert_eq!(assigned.status.as_u16(), 201, "{assigned:?}");
            let lead = yewu.user("sales_rep", &two, "sales", "sales").get(&path("leads", lead.id)).await.ok::<Lead>();
            assert_eq!(lead.owner_id.as_ref(), Some(&two), "whoever was named last has it");
        }
    });
}
