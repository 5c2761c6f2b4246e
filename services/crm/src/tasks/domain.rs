//! The rules of tasks (CRM-61). Pure: no async, no clock, no SQL.
use crate::{links::Linked, schema::tasks};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Ownership,
    crm::{
        EntityLink, EvaluateTask, NewTask, PlanTask, TaskAccepted, TaskId, TaskSource, TaskStatus as Status, TaskStep,
    },
    json::Kept,
};

/// Steps of a plan at most.
const MOST_STEPS: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tasks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Task {
    pub id: TaskId,
    pub number: String,
    pub status: Status,
    pub title: String,
    pub source: TaskSource,
    pub description: String,
    pub deadline: Moment,
    pub link_kind: Option<String>,
    pub link_id: Option<Uuid>,
    pub case_id: Option<CaseId>,
    pub understanding: Option<String>,
    pub steps: Kept<Vec<TaskStep>>,
    pub evaluation: Option<String>,
    pub adjustment: Option<String>,
    pub result: Option<String>,
    pub review: Option<String>,
    pub reviewed_by: Option<String>,
    pub return_count: i32,
    pub summary: Option<String>,
    pub assigned_by: String,
    pub submitted_at: Option<Moment>,
    pub archived_at: Option<Moment>,
    /// Who does it.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Task, "task", TaskId; row: this, case: option, owned);

platform::rules!(
    /// Why a task is refused.
    TaskRule {
        Deadline => "task.deadline", Invalid, "a deadline lies in the future", "截止时间必须晚于当前时间", at "/deadline";
        Reach => "task.reach", Forbidden, "only a leader gives others tasks", "只有负责人可以为他人分派任务", at "/assignee";
        Steps { count: usize } => "task.steps", Invalid, "a plan has 1 to 50 steps, not {count}", "计划应有 1 至 50 步，实际为 {count} 步", at "/steps";
        Own => "task.own", Forbidden, "who did a task does not judge it", "不能验收自己完成的任务";
    }
);

impl Machine for Task {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "task",
        transitions: &[
            Transition::new("understand", &["received"], &["understood"]),
            Transition::new("plan", &["understood", "planned"], &["planned"]),
            Transition::new("start", &["planned", "returned"], &["in_progress"]),
            Transition::new("evaluate", &["in_progress", "evaluated"], &["evaluated"]),
            Transition::new("submit", &["evaluated"], &["submitted"]),
            Transition::new("accept", &["submitted"], &["accepted"]),
            Transition::new("return", &["submitted"], &["returned"]),
            Transition::new("archive", &["accepted", "returned"], &["archived"]),
        ],
        labels: Status::labels(),
    };
    /// Whoever did it does not judge it.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let judges = ["accept", "return"].contains(&action);
        let own = self.owner_id.as_ref().is_some_and(|owner| actor == format!("user:{owner}"));
        if judges && own { Err(TaskRule::Own.into()) } else { Ok(()) }
    }
}

impl Task {
    /// Somebody gets it to do.
    pub fn receive(
        id: TaskId,
        number: String,
        new: NewTask,
        owner: Ownership,
        linked: &Linked,
        by: &Stamp,
    ) -> Result<Change<Self>, TaskRule> {
        let NewTask { title, source, description, assignee: _, deadline, link } = new;
        if deadline <= by.at {
            return Err(TaskRule::Deadline);
        }
        let (link_kind, link_id) = link.map(|link| (link.kind.into_string(), link.id)).unzip();
        let task = Self {
            id,
            number,
            status: Status::Received,
            title: title.into_string(),
            source,
            description: description.into_string(),
            deadline,
            link_kind,
            link_id,
            case_id: linked.case_id,
            understanding: None,
            steps: Kept(Vec::new()),
            evaluation: None,
            adjustment: None,
            result: None,
            review: None,
            reviewed_by: None,
            return_count: 0,
            summary: None,
            assigned_by: by.actor.clone(),
            submitted_at: None,
            archived_at: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", task))
    }
    /// How it is understood.
    pub fn understand(self, understanding: String) -> Result<Change<Self>, Refused> {
        self.may("understand")?;
        let next = Self { understanding: Some(understanding), ..self.to(Status::Understood) };
        Ok(Change::new("understand", next))
    }
    /// How it will be done.
    pub fn plan(self, said: PlanTask) -> platform::Result<Change<Self>> {
        self.may("plan")?;
        let count = said.steps.len();
        if count == 0 || count > MOST_STEPS {
            return Err(TaskRule::Steps { count }.into());
        }
        Ok(Change::new("plan", Self { steps: Kept(said.steps), ..self.to(Status::Planned) }))
    }
    /// It is being done, or done again.
    pub fn start(self) -> Result<Change<Self>, Refused> {
        self.may("start")?;
        Ok(Change::new("start", self.to(Status::InProgress)))
    }
    /// How it goes, and what is done otherwise from now on.
    pub fn evaluate(self, said: EvaluateTask) -> Result<Change<Self>, Refused> {
        self.may("evaluate")?;
        let mut next = self.to(Status::Evaluated);
        next.evaluation = Some(said.evaluation.into_string());
        next.adjustment = said.adjustment.map(wire::Note::into_string);
        Ok(Change::new("evaluate", next))
    }
    /// What came of it goes to whoever judges it.
    pub fn submit(self, result: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let next = Self { result: Some(result), submitted_at: Some(by.at), ..self.to(Status::Submitted) };
        Ok(Change::new("submit", next))
    }
    /// It was done well.
    pub fn accept(self, review: String, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("accept")?;
        let next = self.judged("accept", Status::Accepted, review, by)?;
        let event = TaskAccepted {
            task_id: next.id,
            number: next.number.clone(),
            by: by.actor.clone(),
            late: next.late().unwrap_or_default(),
            return_count: next.return_count,
        };
        Ok(Change::new("accept", next).emit(&event))
    }
    /// It has to be done again, or given up.
    pub fn send_back(self, review: String, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("return")?;
        let mut next = self.judged("return", Status::Returned, review.clone(), by)?;
        next.return_count += 1;
        Ok(Change::new("return", next).because(review))
    }
    /// It is filed with what is to be learned from it.
    pub fn archive(self, summary: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("archive")?;
        let next = Self { summary: Some(summary), archived_at: Some(by.at), ..self.to(Status::Archived) };
        Ok(Change::new("archive", next))
    }
    /// Was it submitted after the deadline? `None` until it is.
    pub fn late(&self) -> Option<bool> {
        self.submitted_at.map(|at| at > self.deadline)
    }
    /// What it is about.
    pub fn link(&self) -> Option<EntityLink> {
        let kind = self.link_kind.as_ref()?.parse().ok()?;
        Some(EntityLink { kind, id: self.link_id? })
    }

    fn judged(self, action: &str, status: Status, review: String, by: &Stamp) -> platform::Result<Self> {
        self.admits(action, &by.actor)?;
        Ok(Self { review: Some(review), reviewed_by: Some(by.actor.clone()), ..self.to(status) })
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        Self { status, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        let at = Moment::new(text.parse().unwrap());
        Stamp { at, actor: "user:bob".into(), ownership: Ownership::default() }
    }
    fn boss() -> Stamp {
        at("2026-03-02T01:00:00Z")
    }
    fn receive(deadline: &str) -> Result<Task, TaskRule> {
        let new = NewTask {
            title: "list customers".parse().unwrap(),
            source: TaskSource::Meeting,
            description: "by industry".parse().unwrap(),
            assignee: None,
            deadline: at(deadline).at,
            link: None,
        };
        let owner = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
        let change = Task::receive(TaskId(Uuid::nil()), "TA-1".into(), new, owner, &Linked::default(), &boss());
        change.map(|change| change.after().clone())
    }
    fn task(status: Status) -> Task {
        Task { status, ..receive("2026-03-06T10:00:00Z").unwrap() }
    }
    fn plan(steps: usize) -> PlanTask {
        PlanTask { steps: vec![TaskStep { text: "ask around".parse().unwrap(), until: None }; steps] }
    }
    fn evaluation() -> EvaluateTask {
        EvaluateTask { evaluation: "slow".parse().unwrap(), adjustment: None }
    }

    #[test]
    fn crm_61_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let one = || task(from);
            let steps = [
                ("understand", one().understand("clear".into()).ok()),
                ("plan", one().plan(plan(1)).ok()),
                ("start", one().start().ok()),
                ("evaluate", one().evaluate(evaluation()).ok()),
                ("submit", one().submit("a list".into(), &boss()).ok()),
                ("accept", one().accept("good".into(), &boss()).ok()),
                ("return", one().send_back("half of it".into(), &boss()).ok()),
                ("archive", one().archive("ask earlier".into(), &boss()).ok()),
            ];
            for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
                table.push(format!("{from} {command} {} {}", change.after().status, change.event_types().join(" ")));
            }
        }
        assert_eq!(
            table,
            [
                "received understand understood ",
                "understood plan planned ",
                "planned plan planned ",
                "planned start in_progress ",
                "in_progress evaluate evaluated ",
                "evaluated evaluate evaluated ",
                "evaluated submit submitted ",
                "submitted accept accepted crm.task.accepted.v1",
                "submitted return returned ",
                "accepted archive archived ",
                "returned start in_progress ",
                "returned archive archived ",
            ]
        );
    }

    #[test]
    fn crm_61_bounds_of_deadline_and_plan() {
        assert_eq!(receive("2026-03-02T01:00:00Z").unwrap_err(), TaskRule::Deadline);
        assert!(receive("2026-03-02T01:00:00.000001Z").is_ok());
        for (steps, fits) in [(0, false), (1, true), (50, true), (51, false)] {
            assert_eq!(task(Status::Understood).plan(plan(steps)).is_ok(), fits, "{steps}");
        }
        let submitted = |text| task(Status::Evaluated).submit("a list".into(), &at(text)).unwrap().after().late();
        assert_eq!(
            (submitted("2026-03-06T10:00:00Z"), submitted("2026-03-06T10:00:00.000001Z")),
            (Some(false), Some(true))
        );
    }

    #[test]
    fn crm_61_who_did_it_does_not_judge_it() {
        let own = Stamp { actor: "user:ann".into(), ..boss() };
        assert_eq!(task(Status::Submitted).accept("good".into(), &own).unwrap_err().code(), "task.own");
        assert_eq!(task(Status::Submitted).send_back("bad".into(), &own).unwrap_err().code(), "task.own");
        let back = task(Status::Submitted).send_back("half of it".into(), &boss()).unwrap();
        assert_eq!((back.after().return_count, back.after().reviewed_by.as_deref()), (1, Some("user:bob")));
    }
}
