//! The machine of meetings on one screen, who is called, and how a series goes on.
use super::*;
use wire::{
    Ownership,
    crm::{DirectoryStatus, UserId},
};

fn at(text: &str) -> Stamp {
    let at = Moment::new(text.parse().unwrap());
    Stamp { at, actor: "user:bob".into(), ownership: Ownership::default() }
}
fn by() -> Stamp {
    at("2026-02-27T01:00:00Z")
}
fn person(reference: &str, role: &str) -> User {
    User {
        id: UserId(uuid::Uuid::nil()),
        reference: reference.into(),
        name: reference.into(),
        roles: Kept(vec![role.into()]),
        department: Some("sales".into()),
        team: None,
        status: DirectoryStatus::Active,
        created_at: by().at,
        version: 1,
    }
}
fn department() -> Vec<User> {
    vec![person("ann", "sales_rep"), person("bob", "sales_manager"), person("cat", "sales_rep")]
}
/// Monday, 2 March 2026, 09:00 in China, every Monday.
fn weekly() -> NewMeeting {
    NewMeeting {
        kind: Kind::Department,
        title: "weekly".parse().unwrap(),
        department: Some("sales".parse().unwrap()),
        chair: "bob".parse().unwrap(),
        members: Vec::new(),
        agenda: vec!["last week".parse().unwrap()],
        goal: None,
        link: None,
        starts_at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()),
        recurrence: Some("FREQ=WEEKLY;BYDAY=MO".parse().unwrap()),
    }
}
fn project() -> NewMeeting {
    let link = EntityLink { kind: "order".parse().unwrap(), id: uuid::Uuid::nil() };
    NewMeeting {
        kind: Kind::Project,
        department: None,
        members: ["ann", "sue", "tom", "pat"].map(|member| member.parse().unwrap()).to_vec(),
        goal: Some("ship in May".parse().unwrap()),
        link: Some(link),
        recurrence: None,
        ..weekly()
    }
}
fn sides() -> Vec<User> {
    vec![
        person("ann", "sales_rep"),
        person("sue", "customer_service"),
        person("tom", "technical"),
        person("pat", "production"),
    ]
}
fn call(new: NewMeeting, chair: &User, called: &[User]) -> platform::Result<Change<Meeting>> {
    let people = People { chair: Some(chair), called };
    Meeting::call(MeetingId(uuid::Uuid::nil()), "MT-1".into(), new, people, &Linked::default(), &by())
}
fn called(new: NewMeeting, chair: &User, people: &[User]) -> String {
    call(new, chair, people)
        .map_or_else(|error| error.code().to_owned(), |change| change.after().members.0.len().to_string())
}
fn meeting(status: Status) -> Meeting {
    let boss = person("bob", "sales_manager");
    Meeting { status, ..call(weekly(), &boss, &department()).unwrap().after().clone() }
}
fn report() -> ReportMeeting {
    ReportMeeting { last_week: "two visits".parse().unwrap(), problems: None, this_week: "an offer".parse().unwrap() }
}
fn minutes() -> MinuteMeeting {
    MinuteMeeting { minutes: "all well".parse().unwrap(), decisions: vec!["go on".parse().unwrap()] }
}

#[test]
fn crm_59_the_whole_life_on_one_screen() {
    let then = at("2026-03-02T02:00:00Z");
    let mut table: Vec<String> = Vec::new();
    for &from in Status::ALL {
        let one = || meeting(from);
        let cancel = CancelMeeting { reason: "holiday".parse().unwrap(), end_series: false };
        let steps = [
            ("report", one().report(report(), "ann", &then).ok()),
            ("hold", one().hold(HoldMeeting::default(), &then).ok()),
            ("minute", one().minute(minutes(), &then).ok()),
            ("close", one().close(&[], &then).ok()),
            ("cancel", one().cancel(cancel, &then).ok()),
        ];
        for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
            table.push(format!("{from} {command} {} {}", change.after().status, change.event_types().join(" ")));
        }
    }
    assert_eq!(
        table,
        [
            "scheduled report scheduled ",
            "scheduled hold held ",
            "scheduled cancel cancelled ",
            "held report held ",
            "held minute minuted crm.meeting.minuted.v1",
            "minuted close closed ",
        ]
    );
}

#[test]
fn crm_59_a_manager_leads_and_the_whole_department_is_called() {
    let boss = person("bob", "sales_manager");
    assert_eq!(called(weekly(), &boss, &department()), "3", "the chair once");
    assert_eq!(called(weekly(), &person("ann", "sales_rep"), &department()), "meeting.chair");
    assert_eq!(called(NewMeeting { department: None, ..weekly() }, &boss, &department()), "meeting.department");
    let picked = NewMeeting { members: vec!["ann".parse().unwrap()], ..weekly() };
    assert_eq!(called(picked, &boss, &department()), "meeting.members");
    let agenda = |lines: usize| NewMeeting { agenda: vec!["x".parse().unwrap(); lines], ..weekly() };
    for (lines, expected) in [(0, "meeting.agenda"), (1, "3"), (50, "3"), (51, "meeting.agenda")] {
        assert_eq!(called(agenda(lines), &boss, &department()), expected);
    }
    let now = NewMeeting { starts_at: by().at, ..weekly() };
    assert_eq!(called(now, &boss, &department()), "meeting.starts_at");
}

#[test]
fn crm_59_minutes_hold_the_report_of_everybody_who_was_there() {
    let then = at("2026-03-02T01:00:00Z");
    assert_eq!(
        meeting(Status::Scheduled).hold(HoldMeeting::default(), &at("2026-03-02T00:59:59Z")).unwrap_err().code(),
        "meeting.early"
    );
    let absent = |names: &[&str]| HoldMeeting { absent: names.iter().map(|name| name.parse().unwrap()).collect() };
    assert_eq!(meeting(Status::Scheduled).hold(absent(&["eve"]), &then).unwrap_err().code(), "meeting.absent");
    assert_eq!(
        meeting(Status::Scheduled).hold(absent(&["ann", "bob", "cat"]), &then).unwrap_err().code(),
        "meeting.nobody"
    );
    let held = meeting(Status::Scheduled).hold(absent(&["cat"]), &then).unwrap().after().clone();
    assert_eq!(held.clone().report(report(), "eve", &then).unwrap_err().code(), "meeting.not_called");
    assert_eq!(held.clone().minute(minutes(), &then).unwrap_err().code(), "gate.closed");
    let one = held.report(report(), "ann", &then).unwrap().after().clone();
    let missing: Vec<_> = one.gates("minute").into_iter().map(|gate| gate.reference.unwrap()).collect();
    assert_eq!(missing, ["bob"], "who was not there need not report");
    let all = one.report(report(), "bob", &then).unwrap().after().clone().report(report(), "bob", &then).unwrap();
    assert_eq!(all.after().reports.0.len(), 2, "a second report takes the place of the first");
    assert!(all.after().clone().minute(minutes(), &then).is_ok());
    let many = MinuteMeeting { decisions: vec!["x".parse().unwrap(); 51], ..minutes() };
    assert_eq!(all.after().clone().minute(many, &then).unwrap_err().code(), "meeting.decisions");
}

#[test]
fn crm_59_a_series_goes_on_at_the_same_hour_on_working_days() {
    let first = meeting(Status::Scheduled);
    assert_eq!(first.next_starts_at.unwrap().to_string(), "2026-03-09T01:00:00Z");
    let second = first.follow(MeetingId(uuid::Uuid::max()), "MT-2".into(), &department()[..2], &by()).unwrap().unwrap();
    let second = second.after().clone();
    assert_eq!((second.starts_at.to_string().as_str(), second.members.0.len()), ("2026-03-09T01:00:00Z", 2));
    assert_eq!(
        (second.series_id, second.next_starts_at.unwrap().to_string().as_str()),
        (Some(first.id), "2026-03-16T01:00:00Z")
    );
    // Monday, 6 April 2026 is a day off (Tomb-Sweeping Day): the next is a week later.
    let before = next_of(
        "FREQ=WEEKLY;BYDAY=MO",
        "2026-03-02".parse().unwrap(),
        Moment::new("2026-03-30T01:00:00Z".parse().unwrap()),
    );
    assert_eq!(before.unwrap().unwrap().to_string(), "2026-04-13T01:00:00Z");
    let last = NewMeeting { recurrence: Some("FREQ=WEEKLY;COUNT=1".parse().unwrap()), ..weekly() };
    let last = call(last, &person("bob", "sales_manager"), &department()).unwrap().after().clone();
    assert_eq!(last.next_starts_at, None);
    assert!(last.follow(last.id, "MT-2".into(), &[], &by()).unwrap().is_none());
    let ended = CancelMeeting { reason: "over".parse().unwrap(), end_series: true };
    assert_eq!(meeting(Status::Scheduled).cancel(ended, &by()).unwrap().after().next_starts_at, None);
    assert_eq!(meeting(Status::Scheduled).followed().after().next_starts_at, None);
    for &status in Status::ALL {
        let after = meeting(status).end_series("over".into(), &by()).after().clone();
        let cancelled = status == Status::Scheduled;
        assert_eq!(after.status, if cancelled { Status::Cancelled } else { status }, "what has been stays");
        assert_eq!((after.next_starts_at, after.reason.is_some()), (None, cancelled), "{status}");
    }
}

#[test]
fn crm_60_a_project_meeting_has_all_sides_a_goal_and_something_that_it_is_about() {
    let chair = person("ann", "sales_rep");
    assert_eq!(called(project(), &chair, &sides()), "4", "whoever answers for the project leads it");
    for missing in 1..4 {
        let mut some = sides();
        let gone = some.remove(missing);
        let new = NewMeeting { members: some.iter().map(|one| one.reference.parse().unwrap()).collect(), ..project() };
        assert_eq!(called(new, &chair, &some), "meeting.side", "without {}", gone.reference);
    }
    assert_eq!(called(project(), &chair, &sides()[..3]), "meeting.member");
    assert_eq!(called(NewMeeting { goal: None, ..project() }, &chair, &sides()), "meeting.goal");
    assert_eq!(called(NewMeeting { link: None, ..project() }, &chair, &sides()), "meeting.link");
    let named = NewMeeting { department: Some("sales".parse().unwrap()), ..project() };
    assert_eq!(called(named, &chair, &sides()), "meeting.department");
}

#[test]
fn crm_60_it_closes_when_all_that_it_gave_to_do_is_done() {
    let open = [ActionItemId(uuid::Uuid::nil())];
    assert!(matches!(meeting(Status::Minuted).close(&open, &by()), Err(Refused::Gates { .. })));
    assert!(meeting(Status::Minuted).close(&[], &by()).is_ok());
}
