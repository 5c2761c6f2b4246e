//! CRM-34, 35: targets with what is reached of them, and plans.
use crate::{BASE, facts, joins, path, put, run, worth};
use serde_json::{Value, json};
use testkit::Client;
use wire::crm::{Attainment, Opportunity, SalesPlan, SalesPlanStatus, SalesTarget, SalesTargetStatus, User};

/// This year in China.
pub fn year(yewu: &testkit::Yewu) -> String {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone");
    yewu.node.clock.now().timestamp().to_zoned(zone).year().to_string()
}
async fn target(client: &Client, body: Value) -> SalesTarget {
    client.post(&format!("{BASE}/sales-targets"), body).await.created()
}
async fn reached(client: &Client, target: &SalesTarget) -> (Option<String>, Option<String>) {
    let attainment: Attainment = client.get(&format!("{}/attainment", path("sales-targets", target.id))).await.ok();
    (attainment.attained.map(|value| value.to_string()), attainment.percent.map(|value| value.to_string()))
}

#[test]
fn crm_34_a_target_is_approved_by_another_and_its_attainment_is_counted() {
    run(async |yewu| {
        let (boss, head) = (yewu.role("sales_manager"), yewu.role("department_head"));
        put(
            &yewu.role("ops"),
            "users/by-ref/directory/hunter",
            json!({"name": "猎人", "roles": ["sales_rep"], "department": "sales", "team": "sales"}),
        )
        .await;
        let hunter = yewu.user("sales_rep", "hunter", "sales", "sales");
        let year = year(yewu);
        let body = json!({"metric": "revenue", "period": year, "subject_kind": "user", "subject": "hunter", "value": "1000.00", "currency": "CNY"});
        let target = target(&boss, body.clone()).await;
        let at = path("sales-targets", target.id);
        assert_eq!((target.status, target.number.starts_with("TG-")), (SalesTargetStatus::Draft, true));
        assert_eq!(
            hunter.get(&at).await.ok::<SalesTarget>().value.to_string(),
            "1000.00",
            "whoever is to reach it sees it"
        );
        yewu.user("sales_rep", "other-34", "sales", "sales").get(&at).await.problem(404, "not_found");
        boss.act(&at, "approve", json!({})).await.problem(403, "permission.missing");
        head.act(&at, "approve", json!({})).await.ok::<SalesTarget>();
        assert_eq!(facts(yewu, target.id).await, "crm.target.approved.v1");
        boss.act(&at, "activate", json!({})).await.ok::<SalesTarget>();

        assert_eq!(reached(&hunter, &target).await, (Some("0.00".into()), Some("0.00".into())));
        for amount in ["999.99", "0.01"] {
            let won = worth(&hunter, amount).await;
            hunter.act(&path("opportunities", won.id), "win", json!({"reason": "报价"})).await.ok::<Opportunity>();
        }
        worth(&hunter, "5000.00").await;
        let elsewhere = worth(&yewu.role("sales_rep"), "5000.00").await;
        yewu.role("sales_rep")
            .act(&path("opportunities", elsewhere.id), "win", json!({"reason": "x"}))
            .await
            .ok::<Opportunity>();
        assert_eq!(reached(&hunter, &target).await, (Some("1000.00".into()), Some("100.00".into())));

        let twin: SalesTarget = boss.post(&format!("{BASE}/sales-targets"), &body).await.created();
        head.act(&path("sales-targets", twin.id), "approve", json!({})).await.problem(409, "sales_target.standing");
        let closed: SalesTarget = boss.act(&at, "close", json!({})).await.ok();
        assert_eq!(closed.attained.map(|value| value.to_string()).as_deref(), Some("1000.00"));
        head.act(&path("sales-targets", twin.id), "approve", json!({})).await.ok::<SalesTarget>();
    });
}

#[test]
fn crm_34_a_target_is_set_only_for_those_whom_one_leads() {
    run(async |yewu| {
        let (boss, head, ceo) =
            (yewu.role("sales_manager"), yewu.role("department_head"), yewu.role("general_manager"));
        let body = |kind: &str, subject: &str| json!({"metric": "new_customers", "period": "2026-Q3", "subject_kind": kind, "subject": subject, "value": "12"});
        let targets = format!("{BASE}/sales-targets");
        boss.post(&targets, body("team", "west")).await.problem(422, "body.invalid");
        boss.post(&targets, body("department", "sales")).await.problem(422, "body.invalid");
        let refused = boss.post(&targets, body("user", "nobody-at-all")).await.problem(422, "body.invalid");
        assert_eq!(refused.errors[0].pointer, "/subject");
        joins(yewu, "sales_rep", "sales").await;
        let team = target(&boss, body("team", "sales")).await;
        let elsewhere = json!({"name": "财务", "roles": ["sales_rep"], "department": "finance", "team": "books-34"});
        put(&yewu.role("ops"), "users/by-ref/directory/books-34", elsewhere).await.created::<User>();
        for (kind, subject) in [("team", "books-34"), ("team", "nobody-34"), ("department", "no-such-34")] {
            let refused = head.post(&targets, body(kind, subject)).await.problem(422, "body.invalid");
            assert_eq!(refused.errors[0].pointer, "/subject", "{kind} {subject}: not the department of whoever asks");
        }
        let theirs = target(&ceo, body("team", "books-34")).await;
        let columns =
            format!("SELECT concat_ws(' ', team_id, department_id) FROM sales_targets WHERE id = '{}'", theirs.id);
        assert_eq!(yewu.sql("crm", &columns).await, "books-34 finance", "as the directory knows the team");
        let of_department = target(&head, body("department", "sales")).await;
        head.act(&path("sales-targets", of_department.id), "approve", json!({}))
            .await
            .problem(403, "sales_target.maker");
        ceo.act(&path("sales-targets", of_department.id), "approve", json!({})).await.ok::<SalesTarget>();
        assert_eq!(reached(&boss, &team).await.1.as_deref(), Some("0.00"));
        let mut wrong = body("team", "sales");
        wrong["period"] = json!("2026-Q5");
        boss.post(&targets, wrong).await.problem(422, "body.invalid");
        let share = json!({"metric": "market_share", "period": "1999-Q1", "subject_kind": "team", "subject": "sales", "value": "15"});
        let share = target(&boss, share).await;
        assert_eq!(reached(&boss, &share).await, (None, None), "no point of market share is known");
        let point = json!({"market": "水务泵", "period": "1999-Q1", "share": "0.1200", "source": "协会"});
        boss.post(&format!("{BASE}/market-share-points"), point).await.created::<wire::crm::MarketSharePoint>();
        assert_eq!(reached(&boss, &share).await, (Some("12.00".into()), Some("80.00".into())));
    });
}

#[test]
fn crm_35_a_plan_is_approved_by_another_carried_out_and_reviewed() {
    run(async |yewu| {
        let (boss, head, sales) = (yewu.role("sales_manager"), yewu.role("department_head"), yewu.role("sales_rep"));
        let body = json!({"title": "三季度", "period": "2026-Q3", "strategy": "泵站改造", "channels": ["展会", "经销商"],
            "actions": [{"what": "拜访设计院", "due_on": "2026-08-31"}]});
        let plans = format!("{BASE}/sales-plans");
        sales.post(&plans, &body).await.problem(403, "permission.missing");
        let plan: SalesPlan = boss.post(&plans, &body).await.created();
        let at = path("sales-plans", plan.id);
        boss.act(&at, "start", json!({})).await.problem(409, "state.refused");
        head.act(&at, "approve", json!({})).await.ok::<SalesPlan>();
        assert_eq!(facts(yewu, plan.id).await, "crm.sales_plan.approved.v1");
        boss.patch(&at, json!({"strategy": "另一种"})).await.problem(409, "sales_plan.settled");
        boss.act(&at, "start", json!({})).await.ok::<SalesPlan>();
        let done = json!({"actions": [{"what": "拜访设计院", "due_on": "2026-08-31", "done": true}]});
        assert!(boss.patch(&at, done).await.ok::<SalesPlan>().actions[0].done);
        boss.act(&at, "review", json!({})).await.problem(422, "body.invalid");
        let reviewed: SalesPlan = boss.act(&at, "review", json!({"result": "展会最有效"})).await.ok();
        assert_eq!((reviewed.status, reviewed.result.as_deref()), (SalesPlanStatus::Reviewed, Some("展会最有效")));
        assert_eq!(sales.get(&at).await.ok::<SalesPlan>().title, "三季度", "the team knows its plan");
    });
}
