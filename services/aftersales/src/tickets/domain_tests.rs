//! The machine of tickets on one screen; promises, warnings and breaches at every edge of the China calendar.
use super::*;
use crate::tickets::domain::{
    promise::{may_promise, warn_at},
    report::{Grounds, told},
};
use uuid::Uuid;
use wire::{
    EvidenceChannel,
    aftersales::{NewTicket, PromiseTicket},
    crm::{AccountSnapshot, ContactId, ContactSnapshot},
};

fn moment(text: &str) -> Moment {
    Moment::new(text.parse().unwrap())
}
fn at(now: Moment) -> Stamp {
    let ownership = wire::Ownership {
        owner_id: Some("eve".into()),
        team_id: Some("desk".into()),
        department_id: Some("service".into()),
    };
    Stamp { at: now, actor: "user:eve".into(), ownership }
}
/// Tuesday 3 March 2026, 10:00 in Shanghai.
fn by() -> Stamp {
    at(moment("2026-03-03T02:00:00Z"))
}
fn seconds(from: Moment, seconds: i64) -> Stamp {
    at(from.timestamp().checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap().into())
}
fn evidence() -> Evidence {
    let person = "李雷".parse().unwrap();
    Evidence { channel: EvidenceChannel::Phone, person, at: by().at, note: None, attachment_id: None }
}
fn new(kind: TicketKind) -> NewTicket {
    let body = serde_json::json!({"kind": kind, "channel": "phone", "severity": "normal", "account_id": Uuid::nil(),
        "contact": {"name": "李雷"}, "description": "设备无法联网", "wish": "尽快修复", "sku": "P-40"});
    serde_json::from_value(body).unwrap()
}
fn grounds() -> Grounds {
    let account = AccountSnapshot {
        id: AccountId(Uuid::nil()),
        number: "AC-1".into(),
        name: "晨光泵业".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    };
    Grounds { account, contact: None, order: None, shipped_for: None }
}
fn order(account: Uuid) -> KnownOrder {
    KnownOrder {
        order_id: OrderId(Uuid::from_u128(7)),
        number: "SO-1".into(),
        account_id: AccountId(account),
        case_id: Some(CaseId(Uuid::from_u128(8))),
        owner_id: Some("ann".into()),
        team_id: Some("east".into()),
    }
}
fn policy(first_response_minutes: i32, resolution_working_days: i32) -> Policy {
    let (kind, severity) = (TicketKind::Fault, TicketSeverity::Normal);
    Policy { kind, severity, first_response_minutes, resolution_working_days }
}
fn opened(kind: TicketKind) -> Ticket {
    let birth = Birth {
        id: TicketId(Uuid::nil()),
        number: "TK-1".into(),
        case_id: CaseId(Uuid::nil()),
        revisit_id: None,
        survey_id: None,
    };
    let told = told(new(kind), &grounds(), by().at).unwrap();
    let change = Ticket::open(birth, told, None, &policy(240, 3), None, &by());
    assert_eq!(change.event_types(), ["aftersales.ticket.opened.v1"]);
    change.after().clone()
}
fn ticket(status: Status) -> Ticket {
    let resolution = TicketResolution { cause: None, solution: "换新".into(), by: "user:eve".into(), at: by().at };
    let solved = matches!(status, Status::Resolved | Status::Confirmed | Status::Closed);
    Ticket { status, resolution: solved.then_some(Kept(resolution)), ..opened(TicketKind::Fault) }
}
fn person(role: &str, department: &str, active: bool) -> UserSnapshot {
    UserSnapshot {
        id: Uuid::nil().into(),
        reference: "tom".into(),
        name: "Tom".into(),
        roles: vec![role.into()],
        department: Some(department.into()),
        team: None,
        active,
        version: 1,
    }
}
fn tiers() -> Vec<Tier> {
    let tier = |(tier, role): (i32, &str)| Tier { tier, role: role.into() };
    [(0, "customer_service"), (1, "department_head"), (2, "vice_president"), (3, "general_manager")].map(tier).into()
}
fn to(department: &str) -> RouteTicket {
    RouteTicket { department: department.parse().unwrap(), reason: "需要技术支持".parse().unwrap() }
}
fn respond() -> RespondTicket {
    RespondTicket { channel: EvidenceChannel::Phone, text: "已受理".parse().unwrap() }
}
fn resolve(cause: Option<&str>) -> ResolveTicket {
    ResolveTicket { solution: "换新".parse().unwrap(), cause: cause.map(|cause| cause.parse().unwrap()) }
}
fn reopen() -> ReopenTicket {
    ReopenTicket { reason: "仍然无法联网".parse().unwrap(), evidence: evidence() }
}
fn promise(to: &str) -> PromiseTicket {
    PromiseTicket { promised_at: moment(to), reason: "等待备件".parse().unwrap(), notice: evidence() }
}
fn code(outcome: platform::Result<Change<Ticket>>) -> Result<(), String> {
    outcome.map(drop).map_err(|error| error.code().to_owned())
}

#[test]
fn svc_01_the_whole_life_on_one_screen() {
    let mut table = String::new();
    for &from in Status::ALL {
        let one = || ticket(from);
        let late = seconds(one().promised_at, 1);
        let steps = [
            ("triage", one().triage(TriageTicket::default()).map_err(Into::into)),
            ("route", one().route(to("tech"), &[person("technical", "tech", true)], &by())),
            ("assign", one().assign("tom", Some(&person("customer_service", "service", true)))),
            ("start", one().start(&by()).map_err(Into::into)),
            ("respond", one().respond(respond(), &by())),
            ("promise", one().promise(promise("2026-03-20T02:00:00Z"), &by())),
            ("resolve", one().resolve(resolve(None), &by())),
            ("confirm", one().confirm(ConfirmTicket { evidence: evidence() }, &by())),
            ("reopen", one().reopen(reopen(), &tiers(), &by())),
            ("close", one().close(&by()).map_err(Into::into)),
            ("cancel", one().cancel(CancelTicket { reason: "重复".parse().unwrap() }, &by()).map_err(Into::into)),
            ("miss_response", one().miss_response(&late)),
            ("warn", one().warn(&late)),
            ("breach", one().breach(&late)),
        ];
        for (command, outcome) in steps {
            let Ok(change) = outcome else { continue };
            let info = Ticket::MACHINE.transitions.iter().find(|t| t.action == command).unwrap();
            assert!(info.to.contains(&change.after().status.as_str()), "{command} leads where the table says");
            assert_eq!(change.after().version, 2, "{command} makes a version");
            let facts = change.event_types().join(" ").replace("aftersales.", "").replace(".v1", "");
            table += format!("{from} {command} {} {facts}", change.after().status).trim_end();
            table += "\n";
        }
    }
    assert_eq!(table, include_str!("life.txt"), "{table}");
}

#[test]
fn svc_03_each_kind_of_ticket_has_its_details() {
    let told = |new: NewTicket, grounds: &Grounds| {
        told(new, grounds, by().at).map(drop).map_err(|rule| platform::Rule::code(&rule).to_owned())
    };
    let bare = |kind| NewTicket { wish: None, sku: None, ..new(kind) };
    let with_order = Grounds { order: Some(order(Uuid::nil())), ..grounds() };
    assert_eq!(told(bare(TicketKind::Consult), &grounds()), Ok(()));
    assert_eq!(told(bare(TicketKind::Suggestion), &grounds()), Ok(()));
    assert_eq!(told(bare(TicketKind::Complaint), &grounds()), Err("ticket.wish".into()));
    assert_eq!(told(new(TicketKind::Complaint), &grounds()), Ok(()));
    assert_eq!(told(bare(TicketKind::Fault), &grounds()), Err("ticket.product".into()));
    assert_eq!(told(bare(TicketKind::Fault), &with_order), Ok(()), "an order");
    assert_eq!(told(new(TicketKind::Fault), &grounds()), Ok(()), "or a product");
    let others = Grounds { order: Some(order(Uuid::from_u128(1))), ..grounds() };
    assert_eq!(told(new(TicketKind::Fault), &others), Err("ticket.order".into()));
    let contact = ContactSnapshot {
        id: ContactId(Uuid::nil()),
        account_id: AccountId(Uuid::from_u128(1)),
        name: "x".into(),
        phone: None,
        email: None,
        primary: true,
        status: "active".into(),
        version: 1,
    };
    let stranger = Grounds { contact: Some(contact), ..grounds() };
    assert_eq!(told(new(TicketKind::Consult), &stranger), Err("ticket.contact".into()));
    let shipped = NewTicket { shipment_id: Some(Uuid::nil().into()), ..new(TicketKind::Fault) };
    assert_eq!(told(shipped.clone(), &with_order), Err("ticket.shipment".into()), "not delivered");
    let delivered = Grounds { shipped_for: Some(OrderId(Uuid::from_u128(7))), ..with_order };
    assert_eq!(told(shipped, &delivered), Ok(()));
    let heard = NewTicket { channel: TicketChannel::Revisit, ..new(TicketKind::Fault) };
    assert_eq!(told(heard, &grounds()), Err("ticket.revisit".into()));
}

#[test]
fn svc_03_nobody_answered_in_time_is_what_comes_after_the_due_moment() {
    let new = opened(TicketKind::Fault);
    assert_eq!(new.first_response_due_at, moment("2026-03-03T07:00:00Z"), "four working hours, the lunch left out");
    let due = new.first_response_due_at;
    let missed = |second| code(new.clone().miss_response(&seconds(due, second)));
    assert_eq!(
        [missed(-1), missed(0), missed(1)],
        [Err("ticket.not_due".into()), Err("ticket.not_due".into()), Ok(())]
    );
    let marked = new.clone().miss_response(&seconds(due, 1)).unwrap().after().clone();
    assert_eq!(code(marked.miss_response(&seconds(due, 2))), Err("ticket.not_due".into()), "once");
    let answered = new.respond(respond(), &by()).unwrap().after().clone();
    assert_eq!(code(answered.clone().miss_response(&seconds(due, 1))), Err("ticket.not_due".into()));
    assert_eq!(code(answered.respond(respond(), &by())), Err("ticket.responded".into()));
}

#[test]
fn svc_04_the_default_promise_follows_the_working_calendar() {
    let clocks = |from: &str| Clocks::start(&policy(240, 3), None, moment(from));
    let shown = |clocks: Clocks| {
        [clocks.first_response_due_at, clocks.promised_at, clocks.warn_at].map(|moment| moment.to_string())
    };
    assert_eq!(
        shown(clocks("2026-03-03T10:00:00+08:00")),
        ["2026-03-03T07:00:00Z", "2026-03-06T10:00:00Z", "2026-03-06T01:15:00Z"],
        "31 working hours; three quarters of them are gone on Friday at 9:15"
    );
    assert_eq!(
        shown(clocks("2026-02-13T10:00:00+08:00")),
        ["2026-02-13T07:00:00Z", "2026-02-25T10:00:00Z", "2026-02-25T01:15:00Z"],
        "the make-up workday of the 14th counts, the Spring Festival from the 15th to the 23rd does not"
    );
    assert_eq!(
        shown(clocks("2026-02-14T16:00:00+08:00")),
        ["2026-02-24T03:00:00Z", "2026-02-26T10:00:00Z", "2026-02-26T02:30:00Z"],
        "two hours before the festival, two after it"
    );
    assert_eq!(
        shown(clocks("2026-09-30T17:00:00+08:00")),
        ["2026-10-08T04:00:00Z", "2026-10-10T10:00:00Z", "2026-10-10T02:45:00Z"],
        "the National Day week; Saturday the 10th is worked"
    );
    let agreed = moment("2026-03-07T02:00:00Z");
    let clocks = Clocks::start(&policy(240, 3), Some(agreed), by().at);
    assert_eq!((clocks.promised_at, clocks.calendar_id), (agreed, "cn"), "what was agreed instead");
    let night = (moment("2026-03-03T12:00:00Z"), moment("2026-03-03T14:00:00Z"));
    assert_eq!(warn_at(night.0, night.1), night.1, "no working time in between: never after the promise");
}

#[test]
fn svc_04_three_quarters_and_the_promise_to_the_second() {
    let new = opened(TicketKind::Fault);
    let warned = |second| code(new.clone().warn(&seconds(new.warn_at, second)));
    assert_eq!([warned(-1), warned(0), warned(1)], [Err("ticket.not_due".into()), Ok(()), Ok(())]);
    let broken = |second| code(new.clone().breach(&seconds(new.promised_at, second)));
    assert_eq!(
        [broken(-1), broken(0), broken(1)],
        [Err("ticket.not_due".into()), Err("ticket.not_due".into()), Ok(())]
    );
    let late = seconds(new.promised_at, 1);
    let marked = new.clone().warn(&late).unwrap().after().clone().breach(&late).unwrap().after().clone();
    assert_eq!(code(marked.clone().warn(&late)), Err("ticket.not_due".into()), "warned once");
    assert_eq!(code(marked.clone().breach(&late)), Err("ticket.not_due".into()), "broken once");
    let told = PromiseTicket { notice: Evidence { at: late.at, ..evidence() }, ..promise("2026-03-20T02:00:00Z") };
    let anew = marked.promise(told, &late).unwrap();
    assert_eq!(anew.event_types(), ["aftersales.ticket.promise_changed.v1"]);
    let anew = anew.after().clone();
    assert_eq!((anew.warned_at, anew.breached_at), (None, None), "the new promise has clocks of its own");
    let log = &anew.history.0.promises[0];
    assert_eq!(
        (log.from, log.breached_at, log.to),
        (new.promised_at, Some(late.at), anew.promised_at),
        "nothing is forgotten"
    );
    assert!(anew.clone().warn(&seconds(anew.warn_at, 0)).is_ok() && anew.responded_at.is_some());
}

#[test]
fn svc_04_a_promise_lies_ahead_and_the_customer_was_told_already() {
    let now = by().at;
    let may = |to: Stamp| may_promise(to.at, now);
    let year = promise::MOST_DAYS * 24 * 3600;
    assert_eq!([may(seconds(now, -1)), may(seconds(now, 0)), may(seconds(now, 1))], [false, false, true]);
    assert_eq!(
        [may(seconds(now, year - 1)), may(seconds(now, year)), may(seconds(now, year + 1))],
        [true, true, false]
    );
    let noticed = |second| {
        let notice = Evidence { at: seconds(now, second).at, ..evidence() };
        code(ticket(Status::New).promise(PromiseTicket { notice, ..promise("2026-03-20T02:00:00Z") }, &by()))
    };
    assert_eq!([noticed(59), noticed(60), noticed(61)], [Ok(()), Ok(()), Err("evidence.future".into())]);
    assert_eq!(
        code(ticket(Status::New).promise(promise("2026-03-03T02:00:00Z"), &by())),
        Err("ticket.promised_at".into())
    );
}

#[test]
fn svc_08_a_complaint_says_its_cause_and_the_customer_has_the_last_word() {
    let complaint = || Ticket { status: Status::InProgress, ..opened(TicketKind::Complaint) };
    assert_eq!(code(complaint().resolve(resolve(None), &by())), Err("ticket.cause".into()));
    let resolved = complaint().resolve(resolve(Some("发错型号")), &by()).unwrap().after().clone();
    assert_eq!(code(resolved.clone().close(&by()).map_err(Into::into)), Err("state.refused".into()));
    let minute_later = seconds(by().at, 60);
    let evidence_of = |second| Evidence { at: seconds(by().at, second).at, ..evidence() };
    let said = |second| code(resolved.clone().confirm(ConfirmTicket { evidence: evidence_of(second) }, &minute_later));
    assert_eq!([said(119), said(120), said(121)], [Ok(()), Ok(()), Err("evidence.future".into())]);
    assert_eq!([said(-61), said(-60), said(-59)], [Err("ticket.evidence_early".into()), Ok(()), Ok(())]);
    let again = |second| {
        let said = ReopenTicket { evidence: evidence_of(second), ..reopen() };
        code(resolved.clone().reopen(said, &tiers(), &minute_later))
    };
    assert_eq!(
        [again(-61), again(-60), again(121)],
        [Err("ticket.evidence_early".into()), Ok(()), Err("evidence.future".into())]
    );
}

#[test]
fn svc_08_a_word_from_before_the_solution_makes_no_broken_promise_kept() {
    let promised = ticket(Status::InProgress).promised_at;
    let late = seconds(promised, 60);
    let resolved = ticket(Status::InProgress).resolve(resolve(None), &late).unwrap().after().clone();
    let said = |second| ConfirmTicket { evidence: Evidence { at: seconds(promised, second).at, ..evidence() } };
    assert_eq!(code(resolved.clone().confirm(said(-1), &late)), Err("ticket.evidence_early".into()));
    // Within what clocks differ it is taken for a word about the solution, which came too late.
    assert!(!resolved.in_time(said(0).evidence.at) && resolved.confirm(said(0), &late).is_ok());
}

#[test]
fn svc_09_each_loop_goes_one_tier_higher_and_back_to_the_desk() {
    let mut one = ticket(Status::Triaged);
    one = one.route(to("tech"), &[person("technical", "tech", true)], &by()).unwrap().after().clone();
    one = one.assign("tom", Some(&person("technical", "tech", true))).unwrap().after().clone();
    let mut seen = Vec::new();
    for _ in 0..5 {
        one = one.start(&by()).unwrap().after().clone();
        one = one.resolve(resolve(None), &by()).unwrap().after().clone();
        one = one.reopen(reopen(), &tiers(), &by()).unwrap().after().clone();
        seen.push((one.loop_count, one.escalation_tier(), one.escalated_to.clone().unwrap()));
    }
    let role = |loops, tier, role: &str| (loops, tier, role.to_owned());
    let expected = [
        role(1, 1, "department_head"),
        role(2, 2, "vice_president"),
        role(3, 3, "general_manager"),
        role(4, 3, "general_manager"),
        role(5, 3, "general_manager"),
    ];
    assert_eq!(seen, expected);
    assert_eq!((one.department_id.as_deref(), one.history.0.loops.len()), (Some("service"), 5));
    assert_eq!(one.history.0.loops[0].resolution.solution, "换新", "what did not help is kept");
    assert_eq!(one.resolution, None);
}

#[test]
fn svc_05_only_a_department_that_can_work_on_it_gets_it() {
    let route =
        |department: &str, people: &[UserSnapshot]| code(ticket(Status::Triaged).route(to(department), people, &by()));
    assert_eq!(route("tech", &[person("technical", "tech", true)]), Ok(()));
    assert_eq!(route("tech", &[person("technical", "tech", false)]), Err("ticket.department".into()), "left");
    assert_eq!(route("tech", &[person("sales_rep", "tech", true)]), Err("ticket.department".into()));
    assert_eq!(route("tech", &[person("technical", "lab", true)]), Err("ticket.department".into()));
    assert_eq!(route("service", &[person("customer_service", "service", true)]), Err("ticket.same_department".into()));
    let assign = |person: Option<&UserSnapshot>| code(ticket(Status::Triaged).assign("tom", person));
    assert_eq!(assign(Some(&person("customer_service", "service", true))), Ok(()));
    for unfit in [
        person("technical", "tech", true),
        person("customer_service", "service", false),
        person("sales_rep", "service", true),
    ] {
        assert_eq!(assign(Some(&unfit)), Err("ticket.assignee".into()));
    }
    assert_eq!(assign(None), Err("ticket.assignee".into()));
}

#[test]
fn svc_01_a_ticket_about_an_order_belongs_to_its_deal_and_seller() {
    let birth = Birth {
        id: TicketId(Uuid::nil()),
        number: "TK-1".into(),
        case_id: CaseId(Uuid::nil()),
        revisit_id: None,
        survey_id: None,
    };
    let told = told(new(TicketKind::Fault), &grounds(), by().at).unwrap();
    let order = order(Uuid::nil());
    let about = Ticket::open(birth, told, Some(&order), &policy(240, 3), None, &by()).after().clone();
    assert_eq!(
        (about.case_id, about.owner_id.as_deref(), about.team_id.as_deref()),
        (CaseId(Uuid::from_u128(8)), Some("ann"), Some("east"))
    );
    assert_eq!(about.department_id.as_deref(), Some("service"), "the desk has it");
    let orphan = opened(TicketKind::Fault);
    assert_eq!((orphan.case_id, orphan.owner_id.as_deref()), (CaseId(Uuid::nil()), Some("eve")));
}
