//! CRM-51: whoever leaves passes their work on, and gets back exactly what the deputy still has.
use crate::{
    BASE, account, actions::blocked, facts, forward, joins, lead, name, new_lead, opportunity, path, run, spec,
};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    crm::{
        Account, Assignment, AssignmentBasis, Handover, HandoverStatus, Lead, Opportunity, OpportunityMember,
        RequirementSpec, User,
    },
    handover::{HandoverMove, HandoverOutcome},
};

fn handover(from: &str, to: &str, scopes: &[&str], ends_at: Option<String>) -> Value {
    json!({"from": from, "to": to, "scopes": scopes, "starts_at": "2026-03-02T01:00:00Z", "ends_at": ends_at, "reason": "年假"})
}
/// Carries what was told and runs the jobs until every service has moved what it has.
async fn moved(yewu: &Yewu) {
    for _ in 0..12 {
        yewu.node.run_jobs().await.expect("the jobs run");
        yewu.settle().await;
    }
}
async fn merge(boss: &Client, lead: &Lead, into: &Lead) {
    let same = json!({"into_id": into.id, "reason": "同一家公司"});
    boss.act(&path("leads", lead.id), "merge", same).await.ok::<Lead>();
}
async fn moves(client: &Client, handover: &Handover) -> Vec<HandoverMove> {
    let page: Page<HandoverMove> = client.get(&format!("{BASE}/handover-moves?handover_id={}", handover.id)).await.ok();
    page.items
}

#[test]
fn crm_51_open_work_passes_on_for_a_window_and_exactly_that_goes_back() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let team = "leave";
        let (leaver, deputy) = (joins(&yewu, "sales_rep", team).await, joins(&yewu, "sales_rep", team).await);
        let third = joins(&yewu, "sales_rep", team).await;
        let boss = || yewu.user("sales_manager", "boss-leave", "sales", team);
        let (gone, here) =
            (|| yewu.user("sales_rep", &leaver, "sales", team), || yewu.user("sales_rep", &deputy, "sales", team));
        let (first, second, lost) = (
            lead(&gone(), new_lead(&name())).await,
            lead(&gone(), new_lead(&name())).await,
            lead(&gone(), new_lead(&name())).await,
        );
        gone().act(&path("leads", lost.id), "disqualify", json!({"reason": "无需求"})).await.ok::<Lead>();
        let chance = opportunity(&gone()).await;
        let spec = spec(&gone(), &chance).await;
        let customer: Account = gone().get(&path("accounts", chance.account_id)).await.ok();
        let ask = json!({"opportunity_id": chance.id, "role": "technical_support"});
        let seat: OpportunityMember = gone().post(&format!("{BASE}/opportunity-members"), ask).await.created();
        let double = lead(&gone(), new_lead(&name())).await;
        merge(&boss(), &double, &second).await;

        let ends_at = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(48);
        let plan = handover(&leaver, &deputy, &["leads", "opportunities"], Some(ends_at.to_string()));
        let made: Handover = boss().post(&format!("{BASE}/handovers"), plan).await.created();
        assert!(made.number.starts_with("HO-20") && made.status == HandoverStatus::Planned, "{made:?}");
        moved(&yewu).await;
        let at = path("handovers", made.id);
        let active: Handover = boss().get(&at).await.ok();
        assert_eq!((active.status, active.activated_at.is_some()), (HandoverStatus::Active, true));
        for id in [first.id, second.id] {
            assert_eq!(here().get(&path("leads", id)).await.ok::<Lead>().owner_id.as_ref(), Some(&deputy));
            gone().get(&path("leads", id)).await.problem(404, "not_found");
        }
        here().get(&path("opportunities", chance.id)).await.ok::<Opportunity>();
        here().get(&path("requirement-specs", spec.id)).await.ok::<RequirementSpec>();
        here().get(&path("opportunity-members", seat.id)).await.ok::<OpportunityMember>();
        gone().get(&path("leads", lost.id)).await.ok::<Lead>();
        gone().get(&path("leads", double.id)).await.ok::<Lead>();
        gone().get(&path("accounts", customer.id)).await.ok::<Account>();
        assert_eq!(moves(&boss(), &made).await.len(), 5, "two leads, the opportunity, its specification and its seat");
        let history: Page<Assignment> = boss().get(&format!("{BASE}/assignments?target_id={}", first.id)).await.ok();
        assert_eq!((history.items.len(), history.items[0].basis), (1, AssignmentBasis::Handover));

        // Someone else has the second lead by the time the leaver is back, and the first is closed.
        let body = json!({"target": "lead", "target_id": second.id, "to": third, "reason": "更熟悉客户"});
        boss().post(&format!("{BASE}/assignments"), body).await.created::<Assignment>();
        here().act(&path("leads", first.id), "disqualify", json!({"reason": "无需求"})).await.ok::<Lead>();
        forward(&yewu, active.ends_at.unwrap());
        moved(&yewu).await;
        assert_eq!(boss().get(&at).await.ok::<Handover>().status, HandoverStatus::Reverted);
        for (path, own) in [
            (path("leads", first.id), true),
            (path("leads", second.id), false),
            (path("opportunities", chance.id), true),
        ] {
            assert_eq!(gone().get(&path).await.status == 200, own, "{path}");
        }
        let lead: Lead = yewu.user("sales_rep", &third, "sales", team).get(&path("leads", second.id)).await.ok();
        assert_eq!(lead.owner_id.as_ref(), Some(&third));
        let outcomes = moves(&boss(), &made).await;
        let returned = outcomes.iter().filter(|one| one.outcome == HandoverOutcome::Returned).count();
        let stayed: Vec<_> = outcomes.iter().filter(|one| one.outcome == HandoverOutcome::Stayed).collect();
        assert_eq!((returned, stayed.len(), stayed[0].entity_id), (4, 1, second.id.into()));
        assert_eq!(facts(&yewu, made.id).await, "crm.handover.activated.v1 crm.handover.reverted.v1");
        let audited = yewu
            .sql("crm", &format!("SELECT string_agg(action || ' ' || coalesce(reason, ''), ', ' ORDER BY seq) FROM audit_log WHERE entity_id = '{}' AND actor = 'job:hand-work-over'", chance.id))
            .await;
        assert_eq!(audited, format!("hand_over {0}, give_back {0}", made.number));
    });
}

#[test]
fn crm_51_more_than_a_batch_moves_past_what_cannot_and_a_permanent_handover_stays() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let team = "batch";
        let (leaver, deputy) = (joins(&yewu, "sales_rep", team).await, joins(&yewu, "sales_rep", team).await);
        let gone = yewu.user("sales_rep", &leaver, "sales", team);
        let stuck = account(&gone).await;
        for _ in 0..100 {
            account(&gone).await;
        }
        let wall = format!("CHECK (id <> '{}' OR owner_id <> '{deputy}')", stuck.id);
        yewu.as_owner("crm", &format!("ALTER TABLE accounts ADD CONSTRAINT stuck {wall}")).await;
        let boss = yewu.user("sales_manager", "boss-batch", "sales", team);
        let plan = handover(&leaver, &deputy, &["accounts"], None);
        let made: Handover = boss.post(&format!("{BASE}/handovers"), plan).await.created();
        let at = path("handovers", made.id);
        boss.act(&at, "activate", json!({})).await.ok::<Handover>();
        assert_eq!(blocked(&boss, &at, "make_permanent").await, ["handover.moving"]);
        let early = boss.act(&at, "make-permanent", json!({"reason": "已离职"})).await;
        early.problem(409, "handover.moving");
        moved(&yewu).await;
        assert!(blocked(&boss, &at, "make_permanent").await.is_empty());
        let of = async |who: &str| {
            yewu.sql("crm", &format!("SELECT count(*)::text FROM accounts WHERE owner_id = '{who}'")).await
        };
        assert_eq!((of(&leaver).await.as_str(), of(&deputy).await.as_str()), ("1", "100"));
        let refused: Page<HandoverMove> = boss.get(&format!("{BASE}/handover-moves?outcome=refused")).await.ok();
        let refused: Vec<_> = refused.items.iter().map(|one| one.entity_id).collect();
        assert_eq!(refused, [uuid::Uuid::from(stuck.id)], "it holds up nobody else, and is known");
        let kept: Handover = boss.act(&at, "make-permanent", json!({"reason": "已离职"})).await.ok();
        assert_eq!(kept.status, HandoverStatus::Permanent);
        boss.act(&at, "revert", json!({})).await.problem(409, "state.refused");
        moved(&yewu).await;
        assert_eq!(of(&deputy).await, "100");
        assert_eq!(facts(&yewu, made.id).await, "crm.handover.activated.v1");
    });
}

#[test]
fn crm_51_a_plan_names_whom_it_may_and_no_work_twice() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let (leaver, deputy) = (joins(yewu, "sales_rep", "sales").await, joins(yewu, "sales_rep", "sales").await);
        let elsewhere = joins(yewu, "sales_rep", "west").await;
        let handovers = format!("{BASE}/handovers");
        let later = |from: &str, to: &str, scopes: &[&str]| {
            let mut body = handover(from, to, scopes, None);
            body["starts_at"] = json!("2099-03-02T01:00:00Z");
            body
        };
        boss.post(&handovers, later(&leaver, &leaver, &["leads"])).await.problem(422, "handover.same");
        boss.post(&handovers, later(&elsewhere, &deputy, &["leads"])).await.problem(422, "handover.from");
        boss.post(&handovers, later(&leaver, "nobody-known", &["leads"])).await.problem(422, "handover.to");
        yewu.role("sales_rep")
            .post(&handovers, later(&leaver, &deputy, &["leads"]))
            .await
            .problem(403, "permission.missing");
        let made: Handover = boss.post(&handovers, later(&leaver, &deputy, &["leads", "orders"])).await.created();
        boss.post(&handovers, later(&leaver, &deputy, &["orders"])).await.problem(409, "handover.taken");
        let own = yewu.user("sales_rep", &leaver, "sales", "sales");
        own.get(&path("handovers", made.id)).await.ok::<Handover>();
        let seen = async |client: &Client| {
            let page: Page<Handover> = client.get(&handovers).await.ok();
            page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        // The deputy may be of any team; a colleague who is neither sees nothing of it.
        let receives = yewu.user("sales_rep", &deputy, "sales", "sales");
        receives.get(&path("handovers", made.id)).await.ok::<Handover>();
        assert_eq!((seen(&own).await, seen(&receives).await), (vec![made.id], vec![made.id]));
        let others = yewu.user("sales_rep", &elsewhere, "sales", "west");
        others.get(&path("handovers", made.id)).await.problem(404, "not_found");
        assert!(seen(&others).await.is_empty());
        let head = yewu.role("department_head");
        head.get(&path("handovers", made.id)).await.ok::<Handover>();
        assert!(seen(&head).await.contains(&made.id));
        let of_deputy = format!("{handovers}?to={deputy}&from={leaver}&status=planned");
        assert_eq!(receives.get(&of_deputy).await.ok::<Page<Handover>>().items.len(), 1);
        assert!(receives.get(&format!("{handovers}?to={leaver}")).await.ok::<Page<Handover>>().items.is_empty());
        boss.act(&path("handovers", made.id), "cancel", json!({"reason": "不休假了"})).await.ok::<Handover>();
        boss.post(&handovers, later(&leaver, &deputy, &["orders"])).await.created::<Handover>();
    });
}

#[test]
fn crm_51_what_somebody_is_at_just_now_is_tried_again_and_what_was_decided_stays() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let team = "busy";
        let (leaver, deputy) = (joins(&yewu, "sales_rep", team).await, joins(&yewu, "sales_rep", team).await);
        let gone = yewu.user("sales_rep", &leaver, "sales", team);
        let (first, second) = (lead(&gone, new_lead(&name())).await, lead(&gone, new_lead(&name())).await);
        // A question that was decided, and one that waits: what they are about does not matter here.
        for (number, status) in [(1, "approved"), (2, "pending")] {
            let of = "entity, subject_id, subject_number, policy_key, policy_version, steps, votes, current_step, open_roles, maker, status, asked_at, owner_id, version";
            let row = format!(
                "gen_random_uuid(), 'lead', '{}', '{number}', 'x', 1, '[]', '[]', 0, '{{}}', 'x', '{status}', now(), '{leaver}', 1",
                first.id
            );
            yewu.as_owner("crm", &format!("INSERT INTO approvals (id, {of}) VALUES ({row})")).await;
        }
        let busy = format!(
            "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'canceling statement due to lock timeout'; END $$; \
             CREATE TRIGGER busy BEFORE UPDATE ON leads FOR EACH ROW WHEN (NEW.id = '{}') EXECUTE FUNCTION busy()",
            second.id
        );
        yewu.as_owner("crm", &busy).await;
        let boss = yewu.user("sales_manager", "boss-busy", "sales", team);
        let plan = handover(&leaver, &deputy, &["leads"], None);
        let made: Handover = boss.post(&format!("{BASE}/handovers"), plan).await.created();
        boss.act(&path("handovers", made.id), "activate", json!({})).await.ok::<Handover>();
        yewu.settle().await;
        assert_eq!(yewu.node.run_jobs().await.map_err(|error| error.code().to_owned()), Err("overloaded".to_owned()));
        assert!(moves(&boss, &made).await.is_empty(), "nothing counts as refused");
        yewu.as_owner("crm", "DROP TRIGGER busy ON leads").await;
        moved(&yewu).await;
        let outcomes: Vec<_> = moves(&boss, &made).await.iter().map(|one| one.outcome).collect();
        assert_eq!(outcomes, [HandoverOutcome::Moved; 2]);
        let of = format!(
            "SELECT string_agg(owner_id, ' ' ORDER BY subject_number) FROM approvals WHERE subject_id = '{}'",
            first.id
        );
        assert_eq!(yewu.sql("crm", &of).await, format!("{leaver} {deputy}"));
    });
}

#[test]
fn crm_51_one_that_cannot_begin_any_more_is_cancelled_and_says_why() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let team = "late";
        let (leaver, deputy) = (joins(&yewu, "sales_rep", team).await, joins(&yewu, "sales_rep", team).await);
        let boss = || yewu.user("sales_manager", "boss-late", "sales", team);
        let hours =
            |hours: i64| (yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(hours)).to_string();
        let plan = async |scope: &str, starts: i64, ends: i64| {
            let mut body = handover(&leaver, &deputy, &[scope], Some(hours(ends)));
            body["starts_at"] = json!(hours(starts));
            boss().post(&format!("{BASE}/handovers"), body).await.created::<Handover>()
        };
        // The service stands still through the whole of the first window.
        let (missed, deserted) = (plan("leads", 1, 2).await, plan("orders", 4, 8).await);
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(3));
        moved(&yewu).await;
        let users: Page<User> = boss().get(&format!("{BASE}/users?limit=200")).await.ok();
        let gone = users.items.iter().find(|user| user.reference == deputy).unwrap();
        yewu.role("integration").act(&path("users", gone.id), "deactivate", json!({})).await.ok::<User>();
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(2));
        moved(&yewu).await;
        for (made, why) in [(&missed, "its window is over"), (&deserted, "works here no more")] {
            let seen: Handover = boss().get(&path("handovers", made.id)).await.ok();
            assert_eq!((seen.status, seen.activated_at), (HandoverStatus::Cancelled, None), "{why}");
            let said = format!(
                "SELECT string_agg(reason, '') FROM audit_log WHERE entity_id = '{}' AND action = 'cancel'",
                made.id
            );
            let said = yewu.sql("crm", &said).await;
            assert!(said.contains(why) && said.contains(" / "), "{said}");
            assert_eq!(facts(&yewu, made.id).await, "");
        }
    });
}
