//! CRM-03, 10, 34, 35, 36: maker is not checker, whoever began a draft and whoever only changed it.
use crate::{BASE, actions::blocked, lead, name, new_lead, path, run};
use serde_json::{Value, json};
use testkit::{Client, Response};
use uuid::Uuid;

/// The id of what was drafted.
async fn drafted(client: &Client, collection: &str, body: Value) -> Uuid {
    let made: Value = client.post(&format!("{BASE}/{collection}"), body).await.created();
    made["id"].as_str().expect("an id").parse().expect("a UUID")
}
/// Both who wrote are refused by `verb`, and a third is not.
async fn third_pair_of_eyes(at: &str, verb: &str, writers: [&Client; 2], third: &Client, code: &str) {
    for writer in writers {
        assert_eq!(blocked(writer, at, verb).await, [code], "their reader is told so");
        writer.act(at, verb, json!({})).await.problem(403, code);
    }
    assert!(blocked(third, at, verb).await.is_empty());
    third.act(at, verb, json!({})).await.ok::<Value>();
}
fn done(response: &Response) {
    assert_eq!(response.status, 200);
}

#[test]
fn crm_34_35_36_neither_who_drafted_nor_who_changed_it_approves_it() {
    run(async |yewu| {
        let (head, ceo) = (yewu.role("department_head"), yewu.role("ceo"));
        let other = yewu.user("department_head", "other-head", "sales", "sales");
        let budget = |amount: &str| json!({"amount": amount, "currency": "CNY"});
        let target = json!({"metric": "revenue", "period": "2026-Q3", "subject_kind": "department", "subject": "sales", "value": "1000.00", "currency": "CNY"});
        let plan = json!({"title": "三季度", "period": "2026-Q3", "strategy": "泵站改造", "channels": ["展会"]});
        let campaign = json!({"name": "秋展", "kind": "promotion", "channel": "exhibition", "starts_on": "2026-09-01", "ends_on": "2026-09-30",
            "budget": budget("1.00")});
        let kinds = [
            ("sales-targets", target, json!({"value": "9000.00"}), "sales_target.maker"),
            ("sales-plans", plan, json!({"strategy": "另一种"}), "sales_plan.maker"),
            ("campaigns", campaign, json!({"budget": budget("9000.00")}), "campaign.maker"),
        ];
        for (collection, body, patch, code) in kinds {
            let at = path(collection, drafted(&head, collection, body).await);
            done(&other.patch(&at, patch).await);
            third_pair_of_eyes(&at, "approve", [&head, &other], &ceo, code).await;
        }
    });
}

#[test]
fn crm_10_neither_who_drafted_a_list_nor_who_changed_it_approves_it() {
    run(async |yewu| {
        let (boss, head) = (yewu.role("sales_manager"), yewu.role("department_head"));
        let (one, two) = (lead(&boss, new_lead(&name())).await, lead(&boss, new_lead(&name())).await);
        let body = json!({"name": "重点", "members": [{"kind": "lead", "id": one.id}]});
        let more = json!({"members": [{"kind": "lead", "id": two.id}]});
        let added = path("target-lists", drafted(&boss, "target-lists", body.clone()).await);
        done(&head.act(&added, "add-members", more.clone()).await);
        third_pair_of_eyes(&added, "approve", [&boss, &head], &yewu.role("ceo"), "target_list.maker").await;
        let mut both = body;
        both["members"].as_array_mut().expect("members").push(more["members"][0].clone());
        let removed = path("target-lists", drafted(&boss, "target-lists", both).await);
        done(&head.act(&removed, "remove-members", json!({"ids": [two.id]})).await);
        third_pair_of_eyes(&removed, "approve", [&boss, &head], &yewu.role("ceo"), "target_list.maker").await;
    });
}

#[test]
fn crm_03_neither_who_began_a_report_nor_who_wrote_in_it_publishes_it() {
    run(async |yewu| {
        let (boss, head) = (yewu.role("sales_manager"), yewu.role("department_head"));
        let section = |kind: &str| json!({"kind": kind, "title": "一", "text": "二"});
        let sections = json!(["trend", "competitor", "segment"].map(section));
        let body = json!({"title": "华东", "period": "2026-Q3", "sections": sections});
        let at = path("market-reports", drafted(&boss, "market-reports", body).await);
        done(&head.patch(&at, json!({"title": "华北"})).await);
        done(&boss.act(&at, "submit", json!({})).await);
        done(&yewu.role("ceo").act(&at, "return", json!({"reason": "数据过旧"})).await);
        done(&boss.act(&at, "submit", json!({})).await);
        third_pair_of_eyes(&at, "publish", [&boss, &head], &yewu.role("ceo"), "market_report.reviewer").await;
    });
}
