//! CRM-51: what else passes on with a person's work, beside what is sold: customers' papers, plans, campaigns, what was heard.
use crate::{BASE, account, joins, lead, name, new_lead, path, projects};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::crm::{Handover, ProjectInitiation, ProjectScorecard};

/// A leaver's work of these kinds is a deputy's from now on.
async fn handed_over(yewu: &Yewu, (leaver, deputy): (&str, &str), scopes: &[&str]) {
    let boss = yewu.user("department_head", "head-of-kinds", "sales", "kinds");
    let plan = json!({"from": leaver, "to": deputy, "scopes": scopes, "starts_at": "2026-03-02T01:00:00Z", "reason": "已离职"});
    let made: Handover = boss.post(&format!("{BASE}/handovers"), plan).await.created();
    boss.act(&path("handovers", made.id), "activate", json!({})).await.ok::<Handover>();
    for _ in 0..20 {
        yewu.node.run_jobs().await.expect("the jobs run");
        yewu.settle().await;
    }
}
async fn made(client: &Client, collection: &str, body: Value) -> Uuid {
    let made: Value = client.post(&format!("{BASE}/{collection}"), body).await.created();
    made["id"].as_str().expect("an id").parse().expect("a UUID")
}
async fn owner(yewu: &Yewu, table: &str, id: Uuid) -> String {
    yewu.sql("crm", &format!("SELECT concat_ws(' ', owner_id, team_id, version) FROM {table} WHERE id = '{id}'")).await
}

#[test]
fn crm_51_plans_campaigns_papers_and_what_was_heard_pass_on_while_they_are_open() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (leaver, deputy) = (joins(&yewu, "sales_rep", "kinds").await, joins(&yewu, "sales_rep", "kinds").await);
        let sales = yewu.user("sales_rep", &leaver, "sales", "kinds");
        let boss = yewu.user("sales_manager", &leaver, "sales", "kinds");
        let customer = account(&sales).await;
        let one = lead(&sales, new_lead(&name())).await;
        let campaign = json!({"name": "秋展", "kind": "promotion", "channel": "exhibition", "starts_on": "2026-09-01", "ends_on": "2026-09-30",
            "budget": {"amount": "1.00", "currency": "CNY"}});
        let plan = json!({"title": "三季度", "period": "2026-Q3", "strategy": "泵站改造", "channels": ["展会"]});
        let list = json!({"name": "重点", "members": [{"kind": "lead", "id": one.id}]});
        let heard = json!({"kind": "need_change", "title": "不锈钢", "text": "三家都问"});
        let begun = json!({"account_id": customer.id, "party_type": "org", "applicant_name": customer.name});
        let paper = json!({"account_id": customer.id, "title": "框架合同", "paper_location": "A 区 3 柜"});
        let kinds = [
            ("campaigns", made(&boss, "campaigns", campaign).await),
            ("sales_plans", made(&boss, "sales-plans", plan).await),
            ("target_lists", made(&sales, "target-lists", list).await),
            ("market_feedback", made(&sales, "market-feedback", heard.clone()).await),
            ("onboarding_applications", made(&sales, "onboarding-applications", begun).await),
            ("archive_files", made(&sales, "archive-files", paper).await),
            ("data_quality_tasks", made(&sales, "data-quality-tasks", json!({"account_id": customer.id})).await),
        ];
        let settled = made(&sales, "market-feedback", heard).await;
        boss.act(&path("market-feedback", settled), "close", json!({"note": "已知"})).await.ok::<Value>();
        for (table, id) in kinds {
            assert_eq!(owner(&yewu, table, id).await, format!("{leaver} kinds 1"), "{table}");
        }
        handed_over(&yewu, (&leaver, &deputy), &["accounts", "activities"]).await;
        for (table, id) in kinds {
            assert_eq!(owner(&yewu, table, id).await, format!("{deputy} kinds 2"), "{table}");
        }
        assert_eq!(owner(&yewu, "market_feedback", settled).await, format!("{leaver} kinds 2"), "what is closed stays");
    });
}

#[test]
fn crm_51_scorecards_are_seen_by_whoever_has_the_application() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (leaver, deputy) = (joins(&yewu, "sales_rep", "kinds").await, joins(&yewu, "sales_rep", "kinds").await);
        let client = |who: &str| yewu.user("sales_rep", who, "sales", "kinds");
        let (gone, here) = (client(&leaver), client(&deputy));
        let initiation: ProjectInitiation = projects::drafted(&yewu, &gone, "480000.00").await;
        gone.act(&path("project-initiations", initiation.id), "submit", json!({})).await.ok::<ProjectInitiation>();
        let [hr, ..] = projects::reviewers(&yewu);
        let body = projects::card(&initiation, "72.25");
        let card: ProjectScorecard = hr.post(&format!("{BASE}/project-scorecards"), body).await.created();
        let at = path("project-scorecards", card.id);
        gone.get(&at).await.ok::<ProjectScorecard>();
        here.get(&at).await.problem(404, "not_found");
        handed_over(&yewu, (&leaver, &deputy), &["opportunities"]).await;
        gone.get(&at).await.problem(404, "not_found");
        let seen: ProjectScorecard = here.get(&at).await.ok();
        assert_eq!((seen.total, seen.version), (card.total, 1), "what it says was written once");
        let touched =
            "DO $$ BEGIN UPDATE project_scorecards SET total = 1; EXCEPTION WHEN raise_exception THEN RETURN; END $$";
        yewu.as_owner("crm", touched).await;
        let total = "SELECT trim_scale(total)::text FROM project_scorecards";
        assert_eq!(yewu.sql("crm", total).await, "72.25", "nobody changes what a card says");
    });
}
