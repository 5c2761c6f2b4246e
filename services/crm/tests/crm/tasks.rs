//! CRM-61: a task from being received to being filed.
use crate::{BASE, facts, joins, path, run};
use serde_json::json;
use wire::crm::{Task, TaskStatus};

#[test]
fn crm_61_a_task_is_understood_planned_done_judged_by_another_and_filed() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let reference = joins(yewu, "sales_rep", "sales").await;
        let worker = yewu.user("sales_rep", &reference, "sales", "sales");
        let body = json!({"title": "整理客户清单", "source": "meeting", "description": "按行业", "assignee": reference, "deadline": "2099-03-06T10:00:00Z"});
        let tasks = format!("{BASE}/tasks");
        let mut past = body.clone();
        past["deadline"] = json!("2026-01-01T00:00:00Z");
        boss.post(&tasks, past).await.problem(422, "task.deadline");
        yewu.role("sales_rep").post(&tasks, &body).await.problem(403, "task.reach");
        let task: Task = boss.post(&tasks, &body).await.created();
        assert!(task.number.starts_with("TA-20"), "{}", task.number);
        let at = path("tasks", task.id);
        worker.act(&at, "start", json!({})).await.problem(409, "state.refused");
        boss.act(&at, "understand", json!({"understanding": "x"})).await.problem(404, "not_found");
        worker.act(&at, "understand", json!({"understanding": "一张表"})).await.ok::<Task>();
        worker.act(&at, "plan", json!({"steps": []})).await.problem(422, "task.steps");
        worker
            .act(&at, "plan", json!({"steps": [{"text": "导出", "until": "2099-03-04"}, {"text": "归类"}]}))
            .await
            .ok::<Task>();
        worker.act(&at, "start", json!({})).await.ok::<Task>();
        worker.act(&at, "evaluate", json!({"evaluation": "数据不全", "adjustment": "补充电话核实"})).await.ok::<Task>();
        let handed_in: Task = worker.act(&at, "submit", json!({"result": "见附件"})).await.ok();
        assert_eq!((handed_in.status, handed_in.late), (TaskStatus::Submitted, Some(false)));
        worker.act(&at, "accept", json!({"review": "x"})).await.problem(403, "permission.missing");
        let back: Task = boss.act(&at, "return", json!({"review": "缺少联系人"})).await.ok();
        assert_eq!((back.status, back.return_count), (TaskStatus::Returned, 1));
        worker.act(&at, "start", json!({})).await.ok::<Task>();
        worker.act(&at, "evaluate", json!({"evaluation": "已补齐"})).await.ok::<Task>();
        worker.act(&at, "submit", json!({"result": "见附件二"})).await.ok::<Task>();
        let accepted: Task = boss.act(&at, "accept", json!({"review": "完整"})).await.ok();
        assert_eq!(
            (accepted.status, accepted.reviewed_by.as_deref()),
            (TaskStatus::Accepted, Some("user:sales_manager-1"))
        );
        let filed: Task = worker.act(&at, "archive", json!({"summary": "先核实再归类"})).await.ok();
        assert_eq!((filed.status, filed.archived_at.is_some()), (TaskStatus::Archived, true));
        assert_eq!(facts(yewu, task.id).await, "crm.task.accepted.v1");
    });
}

#[test]
fn crm_61_who_leads_does_not_judge_their_own_task() {
    run(async |yewu| {
        let boss = yewu.role("sales_manager");
        let body = json!({"title": "季度总结", "source": "email", "description": "销售部", "deadline": "2099-03-06T10:00:00Z"});
        let task: Task = boss.post(&format!("{BASE}/tasks"), body).await.created();
        let at = path("tasks", task.id);
        for (verb, said) in [
            ("understand", json!({"understanding": "一页"})),
            ("plan", json!({"steps": [{"text": "写"}]})),
            ("start", json!({})),
            ("evaluate", json!({"evaluation": "顺利"})),
            ("submit", json!({"result": "完成"})),
        ] {
            boss.act(&at, verb, said).await.ok::<Task>();
        }
        boss.act(&at, "accept", json!({"review": "好"})).await.problem(403, "task.own");
        yewu.role("general_manager").act(&at, "accept", json!({"review": "好"})).await.ok::<Task>();
    });
}
