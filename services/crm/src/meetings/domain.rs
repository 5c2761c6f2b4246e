//! The rules of meetings (CRM-59, 60). Pure: no async, no clock, no SQL.
use crate::{
    links::Linked,
    recurrence::{Recurrence, RecurrenceRule},
    schema::meetings,
    users::{
        domain::User,
        people::{has_role, is_leader},
    },
};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, auth::Role, calendar::Calendar};
use serde::Serialize;
use wire::{
    CaseId, Day, Label, Moment,
    crm::{
        ActionItemId, CancelMeeting, EntityLink, HoldMeeting, MeetingId, MeetingKind as Kind, MeetingMember,
        MeetingMinuted, MeetingReport, MeetingStatus as Status, MinuteMeeting, NewMeeting, ReportMeeting,
    },
    json::Kept,
};

/// People of one meeting at most.
const MOST_MEMBERS: usize = 500;
/// Lines of an agenda, and decisions, at most.
const MOST_LINES: usize = 50;
/// Who takes part in a project meeting: of each line somebody (CRM-60).
const PROJECT_SIDES: &[&[Role]] =
    &[&[Role::SalesRep, Role::SalesManager], &[Role::CustomerService], &[Role::Technical], &[Role::Production]];

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = meetings, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Meeting {
    pub id: MeetingId,
    pub number: String,
    pub status: Status,
    pub kind: Kind,
    pub title: String,
    pub chair: String,
    pub members: Kept<Vec<MeetingMember>>,
    pub agenda: Kept<Vec<Label>>,
    pub goal: Option<String>,
    pub link: Option<Kept<EntityLink>>,
    pub case_id: Option<CaseId>,
    pub starts_at: Moment,
    pub series_id: Option<MeetingId>,
    pub recurrence: Option<String>,
    pub series_starts_on: Option<Day>,
    pub next_starts_at: Option<Moment>,
    pub reports: Kept<Vec<MeetingReport>>,
    pub minutes: Option<String>,
    pub decisions: Kept<Vec<Label>>,
    pub reason: Option<String>,
    pub held_at: Option<Moment>,
    pub minuted_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Meeting, "meeting", MeetingId; row: this, case: option, owned);

platform::rules!(
    /// Why a meeting is refused.
    MeetingRule {
        Agenda { count: usize } => "meeting.agenda", Invalid, "an agenda has 1 to 50 lines, not {count}", "议程应有 1 至 50 项，实际为 {count} 项", at "/agenda";
        Decisions { count: usize } => "meeting.decisions", Invalid, "at most 50 decisions are kept, not {count}", "最多保存 50 项决议，实际为 {count} 项", at "/decisions";
        Past => "meeting.starts_at", Invalid, "a meeting starts in the future", "会议时间必须晚于当前时间", at "/starts_at";
        Department => "meeting.department", Invalid, "a department meeting names its department, and a project meeting none", "部门例会必须填写部门，项目会议不能填写", at "/department";
        Called => "meeting.members", Invalid, "a department meeting calls the whole department: name no members", "部门例会由全体部门人员参加，无需填写成员", at "/members";
        Chair { reference: String } => "meeting.chair", Invalid, "{reference} does not work here, or leads nobody: a manager leads the department's meeting", "{reference} 不在职或不是负责人；部门例会由经理主持", at "/chair";
        Member { reference: String } => "meeting.member", Invalid, "nobody active is called {reference} in the directory", "人员目录中没有在职人员 {reference}", at "/members";
        Many { count: usize } => "meeting.many", Invalid, "at most 500 people are called, not {count}", "最多通知 500 人，实际为 {count} 人", at "/members";
        Side { role: Role } => "meeting.side", Invalid, "a project meeting needs somebody of sales, customer service, technical and production: {role} is missing", "项目会议应有销售、客服、技术、生产人员参加，缺少 {role}", at "/members";
        Goal => "meeting.goal", Invalid, "a project meeting says what it is to reach", "项目会议必须填写目标", at "/goal";
        Link => "meeting.link", Invalid, "a project meeting says what it is about", "项目会议必须填写关联单据", at "/link";
        Early => "meeting.early", Conflict, "it has not begun yet", "会议尚未开始";
        Absent { reference: String } => "meeting.absent", Invalid, "{reference} was not called", "{reference} 不是参会人员", at "/absent";
        Nobody => "meeting.nobody", Invalid, "somebody must have been there", "至少应有一人出席", at "/absent";
        NotCalled => "meeting.not_called", Forbidden, "only who was called reports", "只有参会人员可以汇报";
    }
);

impl Machine for Meeting {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "meeting",
        transitions: &[
            Transition::new("report", &["scheduled", "held"], &["scheduled", "held"]),
            Transition::new("hold", &["scheduled"], &["held"]),
            Transition::new("minute", &["held"], &["minuted"]),
            Transition::new("close", &["minuted"], &["closed"]),
            Transition::new("cancel", &["scheduled"], &["cancelled"]),
            Transition::automatic("end_series", &["scheduled"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
    /// Minutes of a department's meeting hold the report of everybody who was there.
    fn gates(&self, action: &str) -> Vec<Closed> {
        if action != "minute" || self.kind != Kind::Department {
            return Vec::new();
        }
        let there = self.members.0.iter().filter(|member| member.attended == Some(true));
        let silent = there.filter(|member| !self.reports.0.iter().any(|report| report.member == member.reference));
        let closed = |member: &MeetingMember| {
            let (english, chinese) = (format!("{} has not reported", member.name), format!("{} 尚未汇报", member.name));
            Closed::new("report_missing", english, chinese).on(&member.reference)
        };
        silent.map(closed).collect()
    }
}

/// Who is called, as the directory knows them: the chair, and the department or the named members.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    pub chair: Option<&'a User>,
    pub called: &'a [User],
}

impl Meeting {
    /// Calls a meeting, or the first one of a series.
    pub fn call(
        id: MeetingId,
        number: String,
        new: NewMeeting,
        people: People<'_>,
        linked: &Linked,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        let members = members(&new, people)?;
        let NewMeeting { kind, title, department, chair, members: _, agenda, goal, link, starts_at, recurrence } = new;
        if agenda.is_empty() || agenda.len() > MOST_LINES {
            return Err(MeetingRule::Agenda { count: agenda.len() }.into());
        }
        if starts_at <= by.at {
            return Err(MeetingRule::Past.into());
        }
        if kind == Kind::Project {
            goal.as_ref().ok_or(MeetingRule::Goal)?;
            link.as_ref().ok_or(MeetingRule::Link)?;
        }
        let recurrence = recurrence.map(wire::Label::into_string);
        let series_starts_on = recurrence.as_ref().map(|_| Calendar::china().day(starts_at));
        let next_starts_at = match (&recurrence, series_starts_on) {
            (Some(rule), Some(first)) => next_of(rule, first, starts_at)?,
            _ => None,
        };
        let meeting = Self {
            id,
            number,
            status: Status::Scheduled,
            kind,
            title: title.into_string(),
            chair: chair.into_string(),
            members: Kept(members),
            agenda: Kept(agenda),
            goal: goal.map(wire::Note::into_string),
            link: link.map(Kept),
            case_id: linked.case_id,
            starts_at,
            series_id: recurrence.as_ref().map(|_| id),
            recurrence,
            series_starts_on,
            next_starts_at,
            reports: Kept(Vec::new()),
            minutes: None,
            decisions: Kept(Vec::new()),
            reason: None,
            held_at: None,
            minuted_at: None,
            ended_at: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            // A department's meeting is the department's, whoever calls it.
            department_id: department.map(wire::Code::into_string).or(by.ownership.department_id.clone()),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", meeting))
    }
    /// The next of the series, with those of its people who still work here; `None` where it has none.
    pub fn follow(
        &self,
        id: MeetingId,
        number: String,
        here: &[User],
        by: &Stamp,
    ) -> platform::Result<Option<Change<Self>>> {
        let (Some(starts_at), Some(rule), Some(first)) = (self.next_starts_at, &self.recurrence, self.series_starts_on)
        else {
            return Ok(None);
        };
        let members = here.iter().map(member).collect();
        let next = Self {
            id,
            number,
            status: Status::Scheduled,
            members: Kept(members),
            starts_at,
            next_starts_at: next_of(rule, first, starts_at)?,
            reports: Kept(Vec::new()),
            minutes: None,
            decisions: Kept(Vec::new()),
            reason: None,
            held_at: None,
            minuted_at: None,
            ended_at: None,
            created_at: by.at,
            version: 1,
            ..self.clone()
        };
        Ok(Some(Change::new("create", next)))
    }
    /// Nothing is to follow it any more: the next one is there, or the series has ended.
    pub fn followed(self) -> Change<Self> {
        Change::new("follow", Self { next_starts_at: None, ..self.next() })
    }
    /// Whoever was called reports, and what has not begun was not held.
    pub fn permits(&self, action: &str, user: &str, now: Moment) -> Result<(), MeetingRule> {
        let called = || self.members.0.iter().any(|member| member.reference == user);
        match action {
            "report" if !called() => Err(MeetingRule::NotCalled),
            "hold" if now < self.starts_at => Err(MeetingRule::Early),
            _ => Ok(()),
        }
    }
    /// What one of those called reports; a second time takes the place of the first.
    pub fn report(self, said: ReportMeeting, user: &str, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("report")?;
        self.permits("report", user, by.at)?;
        let ReportMeeting { last_week, problems, this_week } = said;
        let mut next = self.next();
        next.reports.0.retain(|report| report.member != user);
        next.reports.0.push(MeetingReport {
            member: user.to_owned(),
            last_week: last_week.into_string(),
            problems: problems.map(wire::Note::into_string),
            this_week: this_week.into_string(),
            at: by.at,
        });
        Ok(Change::new("report", next))
    }
    /// It took place; whoever is not named absent was there.
    pub fn hold(self, said: HoldMeeting, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("hold")?;
        self.permits("hold", &by.actor, by.at)?;
        let absent: Vec<String> = said.absent.into_iter().map(wire::Reference::into_string).collect();
        let called = |reference: &String| self.members.0.iter().any(|member| member.reference == *reference);
        if let Some(reference) = absent.iter().find(|reference| !called(reference)) {
            return Err(MeetingRule::Absent { reference: reference.clone() }.into());
        }
        let mut next = Self { status: Status::Held, held_at: Some(by.at), ..self.next() };
        for member in &mut next.members.0 {
            member.attended = Some(!absent.contains(&member.reference));
        }
        if next.attended().is_empty() {
            return Err(MeetingRule::Nobody.into());
        }
        Ok(Change::new("hold", next))
    }
    /// What was said and decided.
    pub fn minute(self, said: MinuteMeeting, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("minute")?;
        let MinuteMeeting { minutes, decisions } = said;
        if decisions.len() > MOST_LINES {
            return Err(MeetingRule::Decisions { count: decisions.len() }.into());
        }
        let mut next = Self { status: Status::Minuted, minuted_at: Some(by.at), ..self.next() };
        (next.minutes, next.decisions) = (Some(minutes.into_string()), Kept(decisions));
        let event = MeetingMinuted {
            meeting_id: next.id,
            number: next.number.clone(),
            kind: next.kind,
            chair: next.chair.clone(),
            attended: next.attended(),
            decisions: next.decisions.0.clone(),
        };
        Ok(Change::new("minute", next).emit(&event))
    }
    /// Refuses while what it gave people to do is `open`.
    pub fn is_done_with(&self, open: &[ActionItemId]) -> Result<(), Refused> {
        let gate = |id: &ActionItemId| {
            Closed::new("action_item_open", "an action item of it is not done", "会议行动项尚未完成").on(id)
        };
        if open.is_empty() {
            return Ok(());
        }
        Err(Refused::Gates { entity: "meeting", action: "close", closed: open.iter().map(gate).collect() })
    }
    /// All that it gave people to do is done or cancelled (`open`: what is not).
    pub fn close(self, open: &[ActionItemId], by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        self.is_done_with(open)?;
        Ok(Change::new("close", Self { status: Status::Closed, ended_at: Some(by.at), ..self.next() }))
    }
    /// It will not take place, and those that would follow do not either if so said.
    pub fn cancel(self, said: CancelMeeting, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let reason = said.reason.into_string();
        let next_starts_at = self.next_starts_at.filter(|_| !said.end_series);
        let mut next = Self { status: Status::Cancelled, ended_at: Some(by.at), next_starts_at, ..self.next() };
        next.reason = Some(reason.clone());
        Ok(Change::new("cancel", next).because(reason))
    }
    /// The series ends with an earlier one: it does not take place if it was still to come, and nothing follows it.
    pub fn end_series(self, reason: String, by: &Stamp) -> Change<Self> {
        if self.may("end_series").is_err() {
            return self.followed().because(reason);
        }
        let mut next = Self { status: Status::Cancelled, ended_at: Some(by.at), next_starts_at: None, ..self.next() };
        next.reason = Some(reason.clone());
        Change::new("end_series", next).because(reason)
    }
    /// Can somebody still be given something to do by it?
    pub fn gives_work(&self) -> bool {
        !matches!(self.status, Status::Closed | Status::Cancelled)
    }
    /// Who was there.
    fn attended(&self) -> Vec<String> {
        let there = self.members.0.iter().filter(|member| member.attended == Some(true));
        there.map(|member| member.reference.clone()).collect()
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// When the meeting after that of `starts_at` begins: at the same hour in China, on a working day.
fn next_of(rule: &str, first: Day, starts_at: Moment) -> Result<Option<Moment>, RecurrenceRule> {
    let (rule, calendar) = (rule.parse::<Recurrence>()?, Calendar::china());
    let start = starts_at.timestamp().to_zoned(calendar.zone().clone());
    let mut days = rule.days(first.0).filter(|day| *day > start.date());
    let day = days.find(|day| calendar.is_working_day(*day));
    let begins = day.and_then(|day| day.to_datetime(start.time()).to_zoned(calendar.zone().clone()).ok());
    Ok(begins.map(|begins| Moment::new(begins.timestamp())))
}

fn member(person: &User) -> MeetingMember {
    MeetingMember {
        reference: person.reference.clone(),
        name: person.name.clone(),
        department: person.department.clone(),
        attended: None,
    }
}

fn members(new: &NewMeeting, people: People<'_>) -> Result<Vec<MeetingMember>, MeetingRule> {
    let department = new.kind == Kind::Department;
    if department != new.department.is_some() {
        return Err(MeetingRule::Department);
    }
    if department && !new.members.is_empty() {
        return Err(MeetingRule::Called);
    }
    let leads = |person: &&User| !department || is_leader(person);
    let chair = people.chair.filter(leads).ok_or_else(|| MeetingRule::Chair { reference: new.chair.to_string() })?;
    let known = |reference: &str| people.called.iter().any(|person| person.reference == reference);
    if let Some(stranger) = new.members.iter().find(|member| !known(member.as_str())) {
        return Err(MeetingRule::Member { reference: stranger.to_string() });
    }
    let mut all = vec![chair];
    all.extend(people.called.iter().filter(|person| person.reference != chair.reference));
    if all.len() > MOST_MEMBERS {
        return Err(MeetingRule::Many { count: all.len() });
    }
    if !department {
        let missing =
            |side: &&&[Role]| !all.iter().any(|person| side.iter().any(|role| has_role(person, role.as_str())));
        if let Some(role) = PROJECT_SIDES.iter().find(missing).and_then(|side| side.first()) {
            return Err(MeetingRule::Side { role: *role });
        }
    }
    Ok(all.into_iter().map(member).collect())
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
