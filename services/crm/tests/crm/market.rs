//! CRM-03, 33, 36, 37, 52: the market, what is heard of it, and campaigns in it.
use crate::{BASE, account, facts, lead, name, new_lead, path, run};
use serde_json::json;
use uuid::Uuid;
use wire::{
    Page,
    crm::{
        Campaign, CampaignResults, Lead, MarketFeedback, MarketFeedbackStatus, MarketReport, MarketReportStatus,
        MarketSharePoint, Opportunity, Touchpoint,
    },
};

#[test]
fn crm_03_a_report_is_reviewed_by_another_and_superseded_by_a_later_one() {
    run(async |yewu| {
        let (author, boss) = (yewu.role("sales_manager"), yewu.role("department_head"));
        let section = |kind: &str| json!({"kind": kind, "title": "一", "text": "二"});
        let reports = format!("{BASE}/market-reports");
        let some = json!({"title": "华东", "period": "2026-Q3", "sections": [section("trend"), section("segment")]});
        let first: MarketReport = author.post(&reports, &some).await.created();
        let at = path("market-reports", first.id);
        let problem = author.act(&at, "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].reference.as_deref(), Some("competitor"));
        let all = json!({"sections": [section("trend"), section("competitor"), section("segment")]});
        author.patch(&at, &all).await.ok::<MarketReport>();
        author.act(&at, "submit", json!({})).await.ok::<MarketReport>();
        author.act(&at, "publish", json!({})).await.problem(403, "market_report.reviewer");
        boss.act(&at, "return", json!({"reason": "数据过旧"})).await.ok::<MarketReport>();
        author.act(&at, "submit", json!({})).await.ok::<MarketReport>();
        boss.act(&at, "publish", json!({})).await.ok::<MarketReport>();
        assert_eq!(facts(yewu, first.id).await, "crm.market_report.published.v1");
        let later =
            json!({"title": "华东", "period": "2026-Q4", "sections": all["sections"], "supersedes_id": first.id});
        let second: MarketReport = author.post(&reports, &later).await.created();
        let next = path("market-reports", second.id);
        author.act(&next, "submit", json!({})).await.ok::<MarketReport>();
        boss.act(&next, "publish", json!({})).await.ok::<MarketReport>();
        assert_eq!(yewu.role("buyer").get(&at).await.ok::<MarketReport>().status, MarketReportStatus::Superseded);
        author.post(&reports, &later).await.problem(422, "market_report.supersedes");
    });
}

#[test]
fn crm_33_what_sales_people_hear_is_triaged_and_used() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let customer = account(&sales).await;
        let items = format!("{BASE}/market-feedback");
        let body = json!({"kind": "need_change", "title": "不锈钢", "text": "三家都问", "account_id": customer.id});
        yewu.user("sales_rep", "stranger-33", "x", "x").post(&items, &body).await.problem(422, "body.invalid");
        let heard: MarketFeedback = sales.post(&items, &body).await.created();
        assert_eq!(facts(yewu, heard.id).await, "crm.market_feedback.created.v1");
        let at = path("market-feedback", heard.id);
        boss.act(&at, "use", json!({"note": "x"})).await.problem(409, "state.refused");
        boss.act(&at, "triage", json!({"note": "请产品部看"})).await.ok::<MarketFeedback>();
        let used: MarketFeedback = boss.act(&at, "use", json!({"note": "已列入新品"})).await.ok();
        assert_eq!((used.status, used.result.as_deref()), (MarketFeedbackStatus::Used, Some("已列入新品")));
        let mine: Page<MarketFeedback> = sales.get(&format!("{items}?account_id={}", customer.id)).await.ok();
        assert_eq!(mine.items.len(), 1);
        yewu.user("sales_rep", "other-33", "sales", "sales").get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_36_a_campaign_spends_its_budget_and_warns_above_it() {
    run(async |yewu| {
        let (boss, head) = (yewu.role("sales_manager"), yewu.role("department_head"));
        let body = json!({"name": "秋展", "kind": "promotion", "channel": "exhibition", "starts_on": "2026-09-01", "ends_on": "2026-09-30",
            "budget": {"amount": "50000.00", "currency": "CNY"}});
        let campaigns = format!("{BASE}/campaigns");
        let mut wrong = body.clone();
        wrong["channel"] = json!("moon");
        boss.post(&campaigns, wrong).await.problem(422, "lead_source.unknown");
        let campaign: Campaign = boss.post(&campaigns, &body).await.created();
        let at = path("campaigns", campaign.id);
        let spend = async |amount: &str| boss.act(&at, "spend", json!({"amount": amount, "what": "展位"})).await;
        spend("1.00").await.problem(409, "state.refused");
        head.act(&at, "approve", json!({})).await.ok::<Campaign>();
        boss.act(&at, "start", json!({})).await.ok::<Campaign>();
        assert!(!spend("49999.99").await.ok::<Campaign>().over_budget);
        assert!(!spend("0.01").await.ok::<Campaign>().over_budget, "exactly the budget");
        let over: Campaign = spend("0.01").await.ok();
        assert_eq!((over.over_budget, over.spent.amount.to_string()), (true, "50000.01".to_owned()));
        spend("-50000.02").await.problem(422, "campaign.taken_back");
        let closed: Campaign = boss.act(&at, "close", json!({"result": "三十条线索"})).await.ok();
        assert_eq!(closed.expenses.len(), 3);
        assert_eq!(facts(yewu, campaign.id).await, "crm.campaign.closed.v1");
    });
}

#[test]
fn crm_37_the_first_touchpoint_says_by_which_campaign_a_lead_came() {
    run(async |yewu| {
        let (sales, boss, head) = (yewu.role("sales_rep"), yewu.role("sales_manager"), yewu.role("department_head"));
        let mut running = Vec::new();
        for title in ["广告", "路演"] {
            let body = json!({"name": title, "kind": "advertising", "channel": "online", "starts_on": "2026-09-01", "ends_on": "2026-09-30",
                "budget": {"amount": "100.00", "currency": "CNY"}});
            let campaign: Campaign = boss.post(&format!("{BASE}/campaigns"), body).await.created();
            let at = path("campaigns", campaign.id);
            let touch = json!({"what": "点击", "at": yewu.node.clock.now()});
            sales.act(&at, "touch", touch).await.problem(409, "state.refused");
            head.act(&at, "approve", json!({})).await.ok::<Campaign>();
            boss.act(&at, "start", json!({})).await.ok::<Campaign>();
            boss.act(&at, "spend", json!({"amount": "30.00", "what": "投放"})).await.ok::<Campaign>();
            running.push(at);
        }
        let one = lead(&sales, new_lead(&name())).await;
        let touch = |lead: Uuid| json!({"what": "点击", "at": yewu.node.clock.now(), "lead_id": lead});
        let touches = |at: &str| format!("{at}/touchpoints");
        let stranger = yewu.user("sales_rep", "stranger-37", "sales", "sales");
        stranger.act(&running[0], "touch", touch(one.id.into())).await.problem(422, "body.invalid");
        let first: Touchpoint = sales.act(&running[0], "touch", touch(one.id.into())).await.created();
        let second: Touchpoint = sales.act(&running[1], "touch", touch(one.id.into())).await.created();
        assert_eq!((first.attributed, second.attributed), (true, false));
        let nobody = json!({"what": "来展台", "at": yewu.node.clock.now()});
        sales.act(&running[0], "touch", nobody).await.created::<Touchpoint>();
        assert_eq!(
            (facts(yewu, first.id).await.as_str(), facts(yewu, second.id).await.as_str()),
            ("crm.campaign.lead_attributed.v1", "")
        );
        let in_case = format!("SELECT case_id FROM outbox WHERE subject = '{}'", first.id);
        assert_eq!(yewu.sql("crm", &in_case).await, one.case_id.to_string(), "the fact belongs to the lead's case");

        boss.act(&path("leads", one.id), "screen", json!({"result": "pass", "class": "a"})).await.ok::<Lead>();
        sales
            .act(&path("leads", one.id), "contact", json!({"channel": "phone", "outcome": "有意向"}))
            .await
            .ok::<Lead>();
        sales.act(&path("leads", one.id), "qualify", json!({})).await.ok::<Lead>();
        let amount = json!({"amount": {"amount": "900.00", "currency": "CNY"}});
        let converted: Lead = sales.act(&path("leads", one.id), "convert", amount).await.ok();
        let won = path("opportunities", converted.opportunity_id.unwrap());
        sales.act(&won, "win", json!({"reason": "报价"})).await.ok::<Opportunity>();
        let results: CampaignResults = boss.get(&format!("{}/results", running[0])).await.ok();
        assert_eq!((results.touchpoints, results.leads, results.converted, results.won), (2, 1, 1, 1));
        assert_eq!(
            (results.revenue[0].to_string(), results.cost_per_lead.unwrap().to_string()),
            ("900.00 CNY".into(), "30.00 CNY".into())
        );
        sales.get(&format!("{}/results", running[0])).await.problem(403, "permission.missing");
        let other: CampaignResults = boss.get(&format!("{}/results", running[1])).await.ok();
        assert_eq!((other.leads, other.won, other.revenue.len(), other.cost_per_lead), (0, 0, 0, None));
        let listed: Page<Touchpoint> = sales.get(&touches(&running[0])).await.ok();
        assert_eq!(listed.items.len(), 2);
    });
}

#[test]
fn crm_52_a_market_has_one_point_a_period() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let points = format!("{BASE}/market-share-points");
        let body = json!({"market": name(), "period": "2025-Q3", "share": "0.123", "source": "协会"});
        yewu.role("sales_rep").post(&points, &body).await.problem(403, "permission.missing");
        let point: MarketSharePoint = boss.post(&points, &body).await.created();
        boss.post(&points, &body).await.problem(409, "market_share_point.twice");
        let mut too_much = body.clone();
        too_much["share"] = json!("1.0001");
        boss.post(&points, too_much).await.problem(422, "body.invalid");
        let at = path("market-share-points", point.id);
        let better: MarketSharePoint = boss.patch(&at, json!({"share": "0.125", "source": "年报"})).await.ok();
        assert_eq!((better.version, better.share.to_string().as_str()), (2, "0.125"));
        assert_eq!(facts(yewu, point.id).await, "crm.market_share.recorded.v1 crm.market_share.recorded.v1");
    });
}

#[test]
fn crm_52_an_opportunity_says_whether_it_is_new_business() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let customer = account(&sales).await;
        let body = json!({"account_id": customer.id, "name": "海外", "need": "泵", "source": "online", "is_new_business": true});
        let new: Opportunity = sales.post(&format!("{BASE}/opportunities"), body).await.created();
        assert!(new.is_new_business);
        let at = path("opportunities", new.id);
        assert!(!sales.patch(&at, json!({"is_new_business": false})).await.ok::<Opportunity>().is_new_business);
        assert!(!crate::opportunity(&sales).await.is_new_business, "not unless somebody says so");
    });
}
