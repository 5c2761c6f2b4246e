//! CRM-05, 10, 38: target groups by rule, lists of those to be developed, plans for single customers.
use crate::{BASE, account, facts, joins, lead, name, new_lead, path, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    crm::{Account, AccountPlan, Assignment, Lead, Segment, SegmentMember, TargetList, TargetMember},
};

async fn members(client: &Client, segment: &Segment) -> Vec<String> {
    let page: Page<SegmentMember> = client.get(&format!("{}/members", path("segments", segment.id))).await.ok();
    page.items.into_iter().map(|member| member.name).collect()
}
fn from(region: &str, name: &str) -> Value {
    let mut new = new_lead(name);
    new["region"] = json!(region);
    new
}

#[test]
fn crm_05_members_follow_the_rule_as_leads_and_customers_change() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let first = lead(&sales, from("上海", "晨光泵业")).await;
        let second = lead(&sales, from("北京", "大河水务")).await;
        let segments = format!("{BASE}/segments");
        let rule = |subject: &str, field: &str, text: &str| json!({"subject": subject, "conditions": [{"field": field, "one_of": [text]}]});
        let wrong = json!({"name": "x", "rule": rule("lead", "industry", "水务")});
        assert_eq!(
            boss.post(&segments, wrong).await.problem(422, "segment.field").errors[0].pointer,
            "/rule/conditions/0/field"
        );
        let segment: Segment =
            boss.post(&segments, json!({"name": "上海", "rule": rule("lead", "region", "上海")})).await.created();
        let at = path("segments", segment.id);
        boss.act(&at, "activate", json!({})).await.ok::<Segment>();
        assert!(members(&sales, &segment).await.is_empty(), "nobody was looked at yet");
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(members(&sales, &segment).await, ["晨光泵业"]);
        assert!(boss.get(&at).await.ok::<Segment>().computed_at.is_some());

        sales.patch(&path("leads", second.id), json!({"region": "上海"})).await.ok::<Lead>();
        lead(&sales, from(" 上海 ", "长江泵站")).await;
        yewu.settle().await;
        assert_eq!(members(&sales, &segment).await, ["长江泵站", "大河水务", "晨光泵业"]);
        sales.act(&path("leads", first.id), "disqualify", json!({"reason": "已注销"})).await.ok::<Lead>();
        yewu.settle().await;
        assert_eq!(members(&sales, &segment).await, ["长江泵站", "大河水务"], "what is closed leaves");
        yewu.node.run_jobs().await.unwrap();
        yewu.settle().await;
        let told = "SELECT count(*) FROM outbox WHERE kind = 'crm.segment.membership_changed.v1'";
        assert_eq!(yewu.sql("crm", told).await, "4", "three came and one left; nothing is told twice");
        assert!(
            members(&yewu.user("sales_rep", "ben", "sales", "west"), &segment).await.is_empty(),
            "not of colleagues' leads"
        );
        boss.patch(&at, json!({"rule": rule("lead", "region", "北京")})).await.problem(409, "segment.settled");

        let keys: Segment =
            boss.post(&segments, json!({"name": "重要", "rule": rule("account", "tier", "key")})).await.created();
        boss.act(&path("segments", keys.id), "activate", json!({})).await.ok::<Segment>();
        let customer = account(&sales).await;
        boss.act(&path("accounts", customer.id), "set-tier", json!({"tier": "key"})).await.ok::<Account>();
        yewu.settle().await;
        assert_eq!(members(&sales, &keys).await, [customer.name]);

        let list = json!({"name": "出自细分", "segment_id": segment.id});
        let lists = format!("{BASE}/target-lists");
        let made: TargetList = sales.post(&lists, &list).await.created();
        assert_eq!(made.member_count, 2);
        yewu.as_owner("crm", "UPDATE leads SET region = '北京' WHERE name = '大河水务'").await;
        let made: TargetList = sales.post(&lists, &list).await.created();
        assert_eq!(made.member_count, 1, "whom the rule does not fit any more is not put on a list");
        boss.act(&at, "retire", json!({})).await.ok::<Segment>();
        lead(&sales, from("上海", "后来者")).await;
        yewu.settle().await;
        assert_eq!(members(&sales, &segment).await.len(), 2, "a retired one keeps the members that it had");
        let refused = sales.post(&lists, &list).await.problem(409, "target_list.segment");
        assert_eq!(refused.errors[0].pointer, "/segment_id");
    });
}

#[test]
fn crm_05_a_daily_look_finds_what_no_fact_has_told() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let boss = yewu.role("sales_manager");
        for n in 0..203 {
            lead(&boss, from("上海", &format!("客户{n:03}号"))).await;
        }
        let rule = json!({"subject": "lead", "conditions": [{"field": "region", "one_of": ["上海"]}]});
        let segment: Segment =
            boss.post(&format!("{BASE}/segments"), json!({"name": "上海", "rule": rule})).await.created();
        boss.act(&path("segments", segment.id), "activate", json!({})).await.ok::<Segment>();
        let count =
            format!("SELECT count(*) FROM segment_members WHERE segment_id = '{}' AND status = 'member'", segment.id);
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(yewu.sql("crm", &count).await, "200", "a batch a transaction");
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(yewu.sql("crm", &count).await, "203");
        yewu.as_owner("crm", "UPDATE leads SET region = '北京' WHERE name = '客户007号'").await;
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(yewu.sql("crm", &count).await, "203", "not before a day is over");
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(25));
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(yewu.sql("crm", &count).await, "202");
    });
}

#[test]
fn crm_05_a_merged_lead_and_customer_leave_and_members_are_seen_as_their_leads_are() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let boss = yewu.role("sales_manager");
        let third = joins(&yewu, "sales_rep", "sales").await;
        let (sales, other) = (yewu.role("sales_rep"), yewu.user("sales_rep", &third, "sales", "sales"));
        let segment = async |subject: &str, field: &str, text: &str| {
            let rule = json!({"subject": subject, "conditions": [{"field": field, "one_of": [text]}]});
            let made: Segment =
                boss.post(&format!("{BASE}/segments"), json!({"name": text, "rule": rule})).await.created();
            boss.act(&path("segments", made.id), "activate", json!({})).await.ok::<Segment>()
        };
        let (leads, customers) =
            (segment("lead", "region", "上海").await, segment("account", "tier", "standard").await);
        let one = lead(&sales, from("上海", "晨光泵业")).await;
        let two = lead(&sales, from("上海", "长江泵站")).await;
        let (first, second) = (account(&sales).await, account(&sales).await);
        yewu.settle().await;
        assert_eq!((members(&sales, &leads).await.len(), members(&sales, &customers).await.len()), (2, 2));

        let into = json!({"into_id": one.id, "reason": "同一家"});
        boss.act(&path("leads", two.id), "merge", into).await.ok::<Lead>();
        boss.act(&path("accounts", second.id), "merge", json!({"into_id": first.id})).await.ok::<Account>();
        yewu.settle().await;
        assert_eq!(members(&sales, &leads).await, ["晨光泵业"], "a merged lead is in no segment");
        assert_eq!(members(&sales, &customers).await, [first.name], "nor is a merged customer");

        boss.act(&path("segments", leads.id), "retire", json!({})).await.ok::<Segment>();
        for (target, id) in [("lead", one.id.0), ("account", first.id.0)] {
            let body = json!({"target": target, "target_id": id, "to": third, "reason": "更熟悉客户"});
            boss.post(&format!("{BASE}/assignments"), body).await.created::<Assignment>();
        }
        for segment in [&leads, &customers] {
            assert!(members(&sales, segment).await.is_empty(), "not theirs any more, at once and in a retired one too");
            assert_eq!(members(&other, segment).await.len(), 1);
        }
        yewu.settle().await;
        let of = "SELECT owner_id FROM segment_members WHERE subject = 'account' AND status = 'member'";
        assert_eq!(yewu.sql("crm", of).await, third, "and the row says whose they are");
    });
}

#[test]
fn crm_10_a_segment_of_more_than_500_is_refused_with_its_number() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let boss = yewu.role("sales_manager");
        let first = lead(&boss, from("上海", "第一家")).await;
        // Every column but those that are worked out.
        let copies = format!(
            "DO $$ DECLARE kept text; BEGIN \
             SELECT string_agg(attname, ', ') INTO kept FROM pg_attribute \
             WHERE attrelid = 'leads'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''; \
             EXECUTE format('INSERT INTO leads (%1$s) SELECT %1$s FROM (SELECT (jsonb_populate_record(l, jsonb_build_object( \
             ''id'', gen_random_uuid(), ''number'', ''X'' || n, ''case_id'', gen_random_uuid()))).* \
             FROM leads l, generate_series(1, 499) n WHERE l.id = ''{}'') copies', kept); END $$",
            first.id
        );
        yewu.as_owner("crm", &copies).await;
        let rule = json!({"subject": "lead", "conditions": [{"field": "region", "one_of": ["上海"]}]});
        let segment: Segment =
            boss.post(&format!("{BASE}/segments"), json!({"name": "上海", "rule": rule})).await.created();
        boss.act(&path("segments", segment.id), "activate", json!({})).await.ok::<Segment>();
        for _ in 0..3 {
            yewu.node.run_jobs().await.unwrap();
        }
        let (lists, body) = (format!("{BASE}/target-lists"), json!({"name": "全部", "segment_id": segment.id}));
        let list: TargetList = boss.post(&lists, &body).await.created();
        assert_eq!(list.member_count, 500);
        lead(&boss, from("上海", "第五百零一家")).await;
        yewu.settle().await;
        let refused = boss.post(&lists, &body).await.problem(422, "target_list.segment_members");
        assert_eq!(refused.errors[0].pointer, "/segment_id");
        assert!(refused.errors[0].message.contains("501"), "{refused:?}");
    });
}

#[test]
fn crm_10_a_list_names_whom_its_maker_may_see_and_another_approves_it() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (one, customer) = (lead(&sales, new_lead(&name())).await, account(&sales).await);
        let lists = format!("{BASE}/target-lists");
        let body = json!({"name": "重点", "members": [{"kind": "lead", "id": one.id, "note": "扩建"}]});
        let stranger = yewu.user("sales_rep", "stranger-10", "sales", "sales");
        assert_eq!(stranger.post(&lists, &body).await.problem(422, "body.invalid").errors[0].pointer, "/members/0/id");
        let list: TargetList = sales.post(&lists, &body).await.created();
        let at = path("target-lists", list.id);
        let wrong_kind = json!({"members": [{"kind": "lead", "id": customer.id}]});
        sales.act(&at, "add-members", wrong_kind).await.problem(422, "body.invalid");
        let more = json!({"members": [{"kind": "account", "id": customer.id}]});
        assert_eq!(sales.act(&at, "add-members", &more).await.ok::<TargetList>().member_count, 2);
        sales.act(&at, "add-members", &more).await.problem(422, "target_list.twice");
        let gone: TargetList = sales.act(&at, "remove-members", json!({"ids": [customer.id]})).await.ok();
        assert_eq!(gone.member_count, 1);
        let members: Vec<TargetMember> = sales.get(&format!("{at}/members")).await.ok();
        assert_eq!((members[0].number.as_str(), members[0].note.as_deref()), (one.number.as_str(), Some("扩建")));
        let colleague: Vec<TargetMember> = stranger.get(&format!("{at}/members")).await.ok();
        assert!(colleague.is_empty(), "a colleague of the team sees the list, not leads that are not theirs");
        sales.act(&at, "approve", json!({})).await.problem(403, "permission.missing");
        boss.act(&at, "approve", json!({})).await.ok::<TargetList>();
        assert_eq!(facts(yewu, list.id).await, "crm.target_list.approved.v1");
        sales.act(&at, "add-members", &more).await.problem(409, "state.refused");
        sales.act(&at, "activate", json!({})).await.ok::<TargetList>();
        sales.act(&at, "close", json!({})).await.ok::<TargetList>();
        let own: TargetList = boss.post(&lists, json!({"name": "空"})).await.created();
        boss.act(&path("target-lists", own.id), "approve", json!({})).await.problem(409, "gate.closed");
    });
}

#[test]
fn crm_38_a_customer_has_one_plan_that_is_carried_out() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let customer = account(&sales).await;
        let body = json!({"account_id": customer.id, "title": "拓展", "goals": [{"goal": "二期", "measure": "合同"}]});
        let plans = format!("{BASE}/account-plans");
        yewu.user("sales_rep", "stranger-38", "sales", "sales").post(&plans, &body).await.problem(422, "body.invalid");
        let first: AccountPlan = boss.post(&plans, &body).await.created();
        assert_eq!(
            first.owner_id.as_deref(),
            Some("sales_rep-1"),
            "the customer's owner's, also where the manager drafts it"
        );
        let second: AccountPlan = sales.post(&plans, &body).await.created();
        let at = path("account-plans", first.id);
        sales.act(&at, "activate", json!({})).await.ok::<AccountPlan>();
        assert_eq!(facts(yewu, first.id).await, "crm.account_plan.activated.v1");
        sales.act(&path("account-plans", second.id), "activate", json!({})).await.problem(409, "account_plan.active");
        let actions = json!({"actions": [{"what": "拜访", "done": true}]});
        assert!(sales.patch(&at, actions).await.ok::<AccountPlan>().actions[0].done);
        sales.patch(&at, json!({"title": "别的"})).await.problem(409, "account_plan.settled");
        sales.act(&at, "close", json!({"result": "已签"})).await.ok::<AccountPlan>();
        sales.act(&path("account-plans", second.id), "activate", json!({})).await.ok::<AccountPlan>();
        let both: Page<AccountPlan> = sales.get(&format!("{plans}?account_id={}", customer.id)).await.ok();
        assert_eq!(both.items.len(), 2);
    });
}
