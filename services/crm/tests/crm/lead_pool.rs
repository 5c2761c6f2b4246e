//! CRM-01: the pool's limits, what comes back to it by itself, and who held what.
use crate::{BASE, facts, joins, lead, name, new_lead, path, run};
use jiff::SignedDuration;
use serde_json::json;
use testkit::{Client, Yewu};
use wire::{
    Page,
    crm::{Assignment, Lead, LeadHolding, LeadPoolRule, LeadStatus, PoolReason},
};

/// The limits of a department that no other test uses.
async fn limits(yewu: &Yewu, department: &str, most_held: i32, claims: i32, cooldown: i32) -> LeadPoolRule {
    let body = json!({"department": department, "most_held": most_held, "most_claims_a_day": claims, "cooldown_days": cooldown, "idle_days": 30, "warn_days": 5});
    yewu.role("department_head").post(&format!("{BASE}/lead-pool-rules"), body).await.created()
}
async fn pooled(client: &Client) -> Lead {
    let lead = lead(client, new_lead(&name())).await;
    client.act(&path("leads", lead.id), "pool", json!({"reason": "没有时间"})).await.ok()
}
async fn holdings(client: &Client, lead: &Lead) -> Vec<LeadHolding> {
    client.get(&format!("{}/holdings", path("leads", lead.id))).await.ok::<Page<LeadHolding>>().items
}

#[test]
fn crm_01_limits_are_rows_one_a_department_and_one_for_all_others() {
    run(async |yewu| {
        let (head, sales) = (yewu.role("department_head"), yewu.role("sales_rep"));
        let rules: Page<LeadPoolRule> = sales.get(&format!("{BASE}/lead-pool-rules")).await.ok();
        let others = rules.items.into_iter().find(|rule| rule.department.is_none()).unwrap();
        assert_eq!((others.most_held, others.idle_days, others.warn_days), (200, 30, 5));
        let own = limits(yewu, "legal", 10, 5, 7).await;
        let body = json!({"department": "legal", "most_held": 1, "most_claims_a_day": 1, "cooldown_days": 0, "idle_days": 1, "warn_days": 0});
        head.post(&format!("{BASE}/lead-pool-rules"), &body).await.problem(409, "lead_pool.department");
        let unknown = json!({"department": "moon", "most_held": 1, "most_claims_a_day": 1, "cooldown_days": 0, "idle_days": 1, "warn_days": 0});
        head.post(&format!("{BASE}/lead-pool-rules"), unknown).await.problem(422, "body.invalid");
        sales.post(&format!("{BASE}/lead-pool-rules"), body).await.problem(403, "permission.missing");
        let at = path("lead-pool-rules", own.id);
        assert_eq!(head.patch(&at, json!({"warn_days": 29})).await.ok::<LeadPoolRule>().version, 2);
        let refused = head.patch(&at, json!({"warn_days": 30})).await.problem(422, "lead_pool.limit");
        assert_eq!(refused.errors[0].pointer, "/warn_days");
    });
}

#[test]
fn crm_01_one_may_hold_so_many_and_claim_so_many_a_day() {
    run(async |yewu| {
        limits(yewu, "technical", 2, 3, 0).await;
        let giver = yewu.user("sales_rep", "giver-held", "technical", "t");
        let taker = yewu.user("sales_rep", "taker-held", "technical", "t");
        let mut leads = Vec::new();
        for _ in 0..4 {
            leads.push(path("leads", pooled(&giver).await.id));
        }
        taker.act(&leads[0], "claim", json!({})).await.ok::<Lead>();
        // The one below the limit, the one at it.
        taker.act(&leads[1], "claim", json!({})).await.ok::<Lead>();
        taker.act(&leads[2], "claim", json!({})).await.problem(409, "lead_pool.held");
        taker.act(&leads[0], "pool", json!({"reason": "x"})).await.ok::<Lead>();
        taker.act(&leads[2], "claim", json!({})).await.ok::<Lead>();
        taker.act(&leads[1], "pool", json!({"reason": "x"})).await.ok::<Lead>();
        taker.act(&leads[3], "claim", json!({})).await.problem(409, "lead_pool.claims");
        giver.act(&leads[3], "claim", json!({})).await.ok::<Lead>();
    });
}

#[test]
fn crm_01_of_many_claims_at_once_no_more_pass_than_may() {
    run(async |yewu| {
        limits(yewu, "product", 3, 100, 0).await;
        let giver = yewu.user("sales_rep", "giver-race", "product", "t");
        let taker = yewu.user("sales_rep", "taker-race", "product", "t");
        let mut leads = Vec::new();
        for _ in 0..6 {
            leads.push(path("leads", pooled(&giver).await.id));
        }
        let claims = leads.iter().map(|at| taker.act(at, "claim", json!({})));
        let answers = futures_util::future::join_all(claims).await;
        let claimed = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        let refused = answers.iter().filter(|answer| answer.status.as_u16() == 409).count();
        assert_eq!((claimed, refused), (3, 3), "{answers:?}");
    });
}

#[test]
fn crm_01_what_was_given_back_rests_and_who_held_it_stays_to_be_seen() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        // A token is good for a day.
        let (ann, ben) =
            (|| yewu.user("sales_rep", "ann", "sales", "east"), || yewu.user("sales_rep", "ben", "sales", "east"));
        let lead = lead(&ann(), new_lead(&name())).await;
        let at = path("leads", lead.id);
        ann().act(&at, "pool", json!({"reason": "x", "reason_code": "idle"})).await.problem(422, "lead.pool_reason");
        ann().act(&at, "pool", json!({"reason": "打不通", "reason_code": "unreachable"})).await.ok::<Lead>();
        let problem = ann().act(&at, "claim", json!({})).await.problem(409, "lead_pool.cooldown");
        assert!(problem.detail.contains('Z'), "{problem:?}");
        ben().act(&at, "claim", json!({})).await.ok::<Lead>();
        ben().act(&at, "pool", json!({"reason": "暂无需求", "reason_code": "no_need"})).await.ok::<Lead>();
        yewu.node.clock.travel(SignedDuration::from_hours(24 * 7) - SignedDuration::from_secs(60));
        ben().act(&at, "claim", json!({})).await.problem(409, "lead_pool.cooldown");
        yewu.node.clock.travel(SignedDuration::from_secs(61));
        ann().act(&at, "claim", json!({})).await.ok::<Lead>();
        let seen: Vec<_> = holdings(&ann(), &lead)
            .await
            .into_iter()
            .map(|one| (one.holder, one.claimed, one.reason_code, one.ended_by))
            .collect();
        assert_eq!(
            seen,
            [
                ("ann".to_owned(), true, None, None),
                ("ben".into(), true, Some(PoolReason::NoNeed), Some("user:ben".into())),
                ("ann".into(), false, Some(PoolReason::Unreachable), Some("user:ann".into())),
            ]
        );
        ben().get(&format!("{at}/holdings")).await.problem(404, "not_found");
        let told = "SELECT string_agg(concat_ws(' ', envelope::json->'data'->>'reason_code', envelope::json->'data'->>'holder'), ', ' ORDER BY seq) FROM outbox WHERE kind = 'crm.lead.pooled.v1'";
        assert_eq!(yewu.sql("crm", told).await, "unreachable ann, no_need ben");
    });
}

#[test]
fn crm_01_leads_nobody_works_on_are_warned_of_and_go_back() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        // A token is good for a day.
        let head = || yewu.role("department_head");
        limits(&yewu, "technical", 10, 10, 7).await;
        let rules: Page<LeadPoolRule> = head().get(&format!("{BASE}/lead-pool-rules")).await.ok();
        let technical = rules.items.iter().find(|rule| rule.department.is_some()).unwrap();
        head().patch(&path("lead-pool-rules", technical.id), json!({"idle_days": 60})).await.ok::<LeadPoolRule>();
        let (sales, other) = (yewu.role("sales_rep"), yewu.user("sales_rep", "tech", "technical", "t"));
        let (idle, busy, long) = (
            lead(&sales, new_lead(&name())).await,
            lead(&sales, new_lead(&name())).await,
            lead(&other, new_lead(&name())).await,
        );
        let days = |days: i64, seconds: i64| SignedDuration::from_hours(24 * days) + SignedDuration::from_secs(seconds);
        let now = async || {
            yewu.node.run_jobs().await.expect("jobs run");
            let idle: Lead = head().get(&path("leads", idle.id)).await.ok();
            (idle.status, idle.warned_at.is_some())
        };
        yewu.node.clock.travel(days(25, -60));
        assert_eq!(now().await, (LeadStatus::New, false));
        yewu.role("sales_rep").patch(&path("leads", busy.id), json!({"region": "华东"})).await.ok::<Lead>();
        yewu.node.clock.travel(days(0, 61));
        assert_eq!(now().await, (LeadStatus::New, true));
        assert_eq!(now().await, (LeadStatus::New, true));
        yewu.node.clock.travel(days(5, -61));
        assert_eq!(now().await, (LeadStatus::New, true));
        yewu.node.clock.travel(days(0, 61));
        assert_eq!(now().await, (LeadStatus::Pooled, false));
        assert_eq!(facts(&yewu, idle.id).await, "crm.lead.created.v1 crm.lead.idle_warned.v1 crm.lead.pooled.v1");
        let kept = |lead: &Lead| (lead.status, lead.owner_id.clone());
        assert_eq!(
            kept(&yewu.role("sales_rep").get(&path("leads", busy.id)).await.ok()),
            (LeadStatus::New, Some("sales_rep-1".into()))
        );
        assert_eq!(
            kept(&yewu.user("sales_rep", "tech", "technical", "t").get(&path("leads", long.id)).await.ok()),
            (LeadStatus::New, Some("tech".into())),
            "longer there"
        );
        let first = &holdings(&head(), &idle).await[0];
        assert_eq!(
            (first.holder.as_str(), first.reason_code, first.ended_by.as_deref(), first.since),
            ("sales_rep-1", Some(PoolReason::Idle), Some("job:return-idle-leads"), idle.created_at)
        );
        let told = "SELECT envelope::json->'data'->>'reason_code' FROM outbox WHERE kind = 'crm.lead.pooled.v1'";
        assert_eq!(yewu.sql("crm", told).await, "idle");
    });
}

#[test]
fn crm_01_whoever_is_given_a_lead_begins_anew_and_it_is_known_who_had_it() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let new = joins(&yewu, "sales_rep", "sales").await;
        // A token is good for a day.
        let head = || yewu.role("sales_manager");
        let given = lead(&yewu.role("sales_rep"), new_lead(&name())).await;
        let at = path("leads", given.id);
        yewu.node.clock.travel(SignedDuration::from_hours(24 * 29));
        yewu.node.run_jobs().await.expect("jobs run");
        assert!(head().get(&at).await.ok::<Lead>().warned_at.is_some());
        let body = json!({"target": "lead", "target_id": given.id, "to": new, "reason": "更熟悉客户"});
        head().post(&format!("{BASE}/assignments"), body).await.created::<Assignment>();
        yewu.node.clock.travel(SignedDuration::from_hours(24 * 2));
        yewu.node.run_jobs().await.expect("jobs run");
        let kept: Lead = head().get(&at).await.ok();
        assert_eq!((kept.status, kept.owner_id.as_ref(), kept.warned_at), (LeadStatus::New, Some(&new), None));
        let seen: Vec<_> = holdings(&head(), &given)
            .await
            .into_iter()
            .map(|one| (one.holder, one.claimed, one.until.is_some(), one.reason_code, one.reason))
            .collect();
        assert_eq!(
            seen,
            [
                (new.clone(), false, false, None, None),
                ("sales_rep-1".into(), false, true, None, Some("更熟悉客户".into())),
            ]
        );
        // Who gave nothing back need not wait.
        let own = yewu.user("sales_rep", &new, "sales", "sales");
        own.act(&at, "pool", json!({"reason": "没有时间"})).await.ok::<Lead>();
        yewu.role("sales_rep").act(&at, "claim", json!({})).await.ok::<Lead>();
    });
}

#[test]
fn crm_01_a_lead_that_is_closed_is_held_by_nobody() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let claimed = async |lead: &Lead| {
            let at = path("leads", lead.id);
            sales.act(&at, "pool", json!({"reason": "x"})).await.ok::<Lead>();
            yewu.user("sales_rep", "closer", "sales", "sales").act(&at, "claim", json!({})).await.ok::<Lead>();
        };
        let closer = yewu.user("sales_rep", "closer", "sales", "sales");
        let mut leads = Vec::new();
        for _ in 0..4 {
            let one = lead(&sales, new_lead(&name())).await;
            claimed(&one).await;
            leads.push(one);
        }
        let [lost, rejected, merged, won] = leads.try_into().unwrap();
        closer.act(&path("leads", lost.id), "disqualify", json!({"reason": "无需求"})).await.ok::<Lead>();
        let no = json!({"result": "reject", "reason": "无此公司"});
        boss.act(&path("leads", rejected.id), "screen", no).await.ok::<Lead>();
        let same = json!({"into_id": won.id, "reason": "同一家公司"});
        boss.act(&path("leads", merged.id), "merge", same).await.ok::<Lead>();
        let at = path("leads", won.id);
        boss.act(&at, "screen", json!({"result": "pass", "class": "a"})).await.ok::<Lead>();
        closer.act(&at, "contact", json!({"channel": "phone", "outcome": "有意向"})).await.ok::<Lead>();
        closer.act(&at, "qualify", json!({})).await.ok::<Lead>();
        closer.act(&at, "convert", json!({})).await.ok::<Lead>();
        for (lead, why) in
            [(lost, "无需求"), (rejected, "无此公司"), (merged, "同一家公司"), (won, "已转化 / converted")]
        {
            let held = holdings(&boss, &lead).await.remove(0);
            assert_eq!((held.holder.as_str(), held.claimed, held.reason_code), ("closer", true, None), "{why}");
            assert!(held.until.is_some() && held.reason.as_deref() == Some(why), "{held:?}");
        }
    });
}
