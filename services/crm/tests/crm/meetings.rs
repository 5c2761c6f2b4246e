//! CRM-59, 60: the department's meeting, the project's, and what they give people to do.
use crate::{BASE, facts, forward, joins, morning, opportunity, path, put, run};
use serde_json::{Value, json};
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    Page,
    crm::{ActionItem, ActionItemStatus, Department, Meeting, MeetingStatus, User},
};

/// A department of its own with a manager and a seller; their references.
async fn department(yewu: &Yewu) -> (String, String, String) {
    let (ops, code) = (yewu.role("integration"), format!("d{}", Uuid::now_v7().simple()));
    put(&ops, &format!("departments/by-ref/directory/{code}"), json!({"name_zh": "部", "name_en": "D"}))
        .await
        .created::<Department>();
    let mut people = Vec::new();
    for role in ["sales_manager", "sales_rep"] {
        let reference = format!("{role}-{code}");
        let person = json!({"name": reference, "roles": [role], "department": code, "team": code});
        put(&ops, &format!("users/by-ref/directory/{reference}"), person).await.created::<User>();
        people.push(reference);
    }
    let [chair, seller] = people.try_into().expect("two were made");
    (code, chair, seller)
}
fn weekly(code: &str, chair: &str, starts_at: impl std::fmt::Display) -> Value {
    json!({"kind": "department", "title": "周例会", "department": code, "chair": chair, "agenda": ["上周工作", "存在问题", "本周计划"],
        "starts_at": starts_at.to_string(), "recurrence": "FREQ=WEEKLY"})
}

#[test]
fn crm_59_the_weekly_meeting_of_a_department_is_held_reported_and_minuted() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (code, chair, seller) = department(&yewu).await;
        let boss = || yewu.user("sales_manager", &chair, &code, &code);
        let rep = || yewu.user("sales_rep", &seller, &code, &code);
        let starts_at = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(1);
        let meetings = format!("{BASE}/meetings");
        boss().post(&meetings, weekly(&code, &seller, starts_at)).await.problem(422, "meeting.chair");
        let mut wrong = weekly(&code, &chair, starts_at);
        wrong["recurrence"] = json!("FREQ=YEARLY");
        boss().post(&meetings, wrong).await.problem(422, "recurrence.frequency");
        let called: Meeting = boss().post(&meetings, weekly(&code, &chair, starts_at)).await.created();
        assert!(called.number.starts_with("MT-20"), "{}", called.number);
        let names: Vec<&str> = called.members.iter().map(|member| member.reference.as_str()).collect();
        assert_eq!(names, [chair.as_str(), seller.as_str()], "all attend");
        let at = path("meetings", called.id);
        boss().act(&at, "hold", json!({})).await.problem(409, "meeting.early");
        let report = json!({"last_week": "拜访两家", "problems": "交期", "this_week": "报价"});
        rep().act(&at, "report", &report).await.ok::<Meeting>();
        yewu.user("sales_rep", "uncalled", &code, &code)
            .act(&at, "report", &report)
            .await
            .problem(403, "meeting.not_called");
        yewu.node.run_jobs().await.unwrap();
        forward(&yewu, called.starts_at);
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let series: Page<Meeting> = boss().get(&format!("{meetings}?series_id={}", called.id)).await.ok();
        assert_eq!(series.items.len(), 2, "the next one is called once, when this one begins");
        assert_eq!(Some(series.items[0].starts_at), called.next_starts_at);
        boss().act(&at, "hold", json!({"absent": []})).await.ok::<Meeting>();
        let minutes = json!({"minutes": "一切正常", "decisions": ["继续"]});
        let refused = boss().act(&at, "minute", &minutes).await.problem(409, "gate.closed");
        assert_eq!(refused.blocked_by[0].reference.as_ref(), Some(&chair));
        boss().act(&at, "report", &report).await.ok::<Meeting>();
        let written: Meeting = boss().act(&at, "minute", &minutes).await.ok();
        assert_eq!((written.status, written.reports.len()), (MeetingStatus::Minuted, 2));
        assert_eq!(facts(&yewu, called.id).await, "crm.meeting.minuted.v1");

        let next = path("meetings", series.items[0].id);
        let off: Meeting = boss().act(&next, "cancel", json!({"reason": "合并", "end_series": true})).await.ok();
        assert_eq!((off.status, off.next_starts_at), (MeetingStatus::Cancelled, None));
        yewu.user("finance_specialist", "elsewhere", "finance", "finance").get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_60_a_project_meeting_gives_people_something_to_do_and_closes_when_it_is_done() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let opportunity = opportunity(&sales).await;
        let mut people = Vec::new();
        for role in ["sales_rep", "customer_service", "technical", "production"] {
            people.push(joins(yewu, role, "sales").await);
        }
        let mut body = json!({"kind": "project", "title": "二期项目会", "chair": people[0], "members": people, "agenda": ["进度"],
            "goal": "五月交付", "link": {"kind": "opportunity", "id": opportunity.id}, "starts_at": "2099-03-02T01:00:00Z"});
        let meetings = format!("{BASE}/meetings");
        body["members"] = json!(people[..3]);
        sales.post(&meetings, &body).await.problem(422, "meeting.side");
        body["members"] = json!(people);
        body["goal"] = Value::Null;
        sales.post(&meetings, &body).await.problem(422, "meeting.goal");
        body["goal"] = json!("五月交付");
        let meeting: Meeting = sales.post(&meetings, &body).await.created();
        assert_eq!((meeting.members.len(), meeting.case_id), (4, Some(opportunity.case_id)));

        let items = format!("{BASE}/action-items");
        let boss = yewu.role("sales_manager");
        let item = json!({"title": "确认交货期", "owner": people[2], "due_on": "2099-03-06", "meeting_id": meeting.id});
        sales.post(&items, &item).await.problem(403, "action_item.reach");
        let made: ActionItem = boss.post(&items, &item).await.created();
        assert_eq!((made.status, made.case_id), (ActionItemStatus::Open, Some(opportunity.case_id)));
        let mut past = item.clone();
        past["due_on"] = json!("2026-01-05");
        boss.post(&items, past).await.problem(422, "action_item.due_on");
        let technician = yewu.user("technical", &people[2], "sales", "sales");
        let theirs: Page<ActionItem> = technician.get(&format!("{items}?meeting_id={}", meeting.id)).await.ok();
        assert_eq!(theirs.items.iter().map(|item| item.id).collect::<Vec<_>>(), [made.id]);
        // The clock of this node stands where it is: the meeting is put into the past behind the service's back.
        yewu.as_owner(
            "crm",
            &format!("UPDATE meetings SET starts_at = '2026-03-02T01:00:00Z' WHERE id = '{}'", meeting.id),
        )
        .await;
        let at = path("meetings", meeting.id);
        sales.act(&at, "hold", json!({"absent": [people[3]]})).await.ok::<Meeting>();
        sales.act(&at, "minute", json!({"minutes": "按计划"})).await.ok::<Meeting>();
        let refused = sales.act(&at, "close", json!({})).await.problem(409, "gate.closed");
        assert_eq!(refused.blocked_by[0].reference, Some(made.id.to_string()));
        technician
            .act(&path("action-items", made.id), "complete", json!({"result": "5 月 8 日"}))
            .await
            .ok::<ActionItem>();
        assert_eq!(sales.act(&at, "close", json!({})).await.ok::<Meeting>().status, MeetingStatus::Closed);
        let late = boss.post(&items, &item).await.problem(409, "action_item.meeting");
        assert_eq!((late.errors[0].pointer.as_str(), late.detail.contains(&meeting.number)), ("/meeting_id", true));
    });
}

#[test]
fn crm_60_an_action_item_that_is_late_goes_to_its_owner_then_the_manager() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        morning(&yewu);
        let (owner, manager) = (joins(&yewu, "sales_rep", "late").await, joins(&yewu, "sales_manager", "late").await);
        let boss = || yewu.user("sales_manager", &manager, "sales", "late");
        let due_on = platform::calendar::Calendar::china().day(yewu.node.clock.now());
        let opportunity = opportunity(&yewu.user("sales_rep", &owner, "sales", "late")).await;
        let body = json!({"title": "寄样品", "owner": owner, "due_on": due_on, "link": {"kind": "opportunity", "id": opportunity.id}});
        let item: ActionItem = boss().post(&format!("{BASE}/action-items"), body).await.created();
        let at = path("action-items", item.id);
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(boss().get(&at).await.ok::<ActionItem>().status, ActionItemStatus::Open);
        forward(&yewu, item.next_level_at.unwrap());
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let late: ActionItem = boss().get(&at).await.ok();
        assert_eq!((late.status, late.told_to.as_ref()), (ActionItemStatus::Overdue, Some(&owner)));
        forward(&yewu, late.next_level_at.unwrap());
        yewu.node.run_jobs().await.unwrap();
        let escalated: ActionItem = boss().get(&at).await.ok();
        assert_eq!((escalated.status, escalated.told_to.as_ref()), (ActionItemStatus::Escalated, Some(&manager)));
        assert_eq!(escalated.next_level_at, None);
        let told = "crm.action_item.overdue.v1";
        assert_eq!(facts(&yewu, item.id).await, format!("{told} {told}"));
        let off: ActionItem = boss().act(&at, "cancel", json!({"reason": "客户已自取"})).await.ok();
        assert_eq!(off.status, ActionItemStatus::Cancelled);
    });
}

#[test]
fn crm_59_a_series_that_ends_with_an_earlier_meeting_ends_with_those_that_were_called_since() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (code, chair, seller) = department(&yewu).await;
        let boss = || yewu.user("sales_manager", &chair, &code, &code);
        let starts_at = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(1);
        let meetings = format!("{BASE}/meetings");
        let first: Meeting = boss().post(&meetings, weekly(&code, &chair, starts_at)).await.created();
        let other: Meeting = boss().post(&meetings, weekly(&code, &chair, starts_at)).await.created();
        forward(&yewu, first.starts_at);
        yewu.node.run_jobs().await.unwrap();
        let series = async |of: &Meeting| -> Vec<Meeting> {
            boss().get(&format!("{meetings}?series_id={}", of.id)).await.ok::<Page<Meeting>>().items
        };
        let second = series(&first).await.remove(0);
        assert_eq!((second.status, second.next_starts_at.is_some()), (MeetingStatus::Scheduled, true));
        let end = json!({"reason": "合并到月会", "end_series": true});
        boss().act(&path("meetings", first.id), "cancel", end).await.ok::<Meeting>();
        let ended: Meeting = boss().get(&path("meetings", second.id)).await.ok();
        assert_eq!(
            (ended.status, ended.next_starts_at, ended.reason.as_deref()),
            (MeetingStatus::Cancelled, None, Some("合并到月会"))
        );
        let item = json!({"title": "x", "owner": seller, "due_on": "2099-03-06", "meeting_id": ended.id});
        boss().post(&format!("{BASE}/action-items"), item).await.problem(409, "action_item.meeting");
        // One alone is cancelled, and its series goes on.
        let only = json!({"reason": "放假"});
        boss().act(&path("meetings", other.id), "cancel", only).await.ok::<Meeting>();
        forward(&yewu, second.starts_at);
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(series(&first).await.len(), 2, "nothing follows");
        let goes_on = series(&other).await;
        let states: Vec<_> = goes_on.iter().map(|one| one.status).collect();
        assert_eq!(states, [MeetingStatus::Scheduled, MeetingStatus::Scheduled, MeetingStatus::Cancelled]);
        // One that took place stays held, and nothing follows it.
        let (third, second) = (path("meetings", goes_on[0].id), path("meetings", goes_on[1].id));
        forward(&yewu, goes_on[0].starts_at);
        let held: Meeting = boss().act(&third, "hold", json!({})).await.ok();
        assert!(held.next_starts_at.is_some());
        let end = json!({"reason": "合并到月会", "end_series": true});
        boss().act(&second, "cancel", end).await.ok::<Meeting>();
        let held: Meeting = boss().get(&third).await.ok();
        assert_eq!((held.status, held.next_starts_at, held.reason), (MeetingStatus::Held, None, None));
        let last = format!("SELECT action FROM audit_log WHERE entity_id = '{}' ORDER BY seq DESC LIMIT 1", held.id);
        assert_eq!(yewu.sql("crm", &last).await, "follow", "the end of its series changes no state of it");
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(series(&other).await.len(), 3);
    });
}
