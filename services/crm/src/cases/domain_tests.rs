//! How facts add up to a case, in every order of meaning that matters.
use super::*;
use platform::auth::{Role, grants};
use serde_json::json;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}
/// A fact of `kind` about `subject`, `second` seconds into the case.
fn fact(kind: &str, subject: u128, second: i64, data: Value) -> Fact {
    let event = CloudEvent {
        specversion: "1.0".into(),
        id: EventId(Uuid::from_u64_pair(u64::try_from(second).unwrap(), 7)),
        source: "/x".into(),
        kind: format!("{kind}.v1"),
        subject: id(subject),
        time: at(second),
        datacontenttype: "application/json".into(),
        partitionkey: id(1),
        actor: "user:ann".into(),
        caseid: Some(CaseId(id(1))),
        causeid: None,
        ownerid: Some("ann".into()),
        teamid: Some("east".into()),
        departmentid: Some("sales".into()),
        traceparent: None,
        data,
    };
    Fact::of(event).unwrap()
}
fn at(second: i64) -> Moment {
    Moment::new(jiff::Timestamp::from_second(1_800_000_000 + second).unwrap())
}
fn caller(user: &str, roles: &[Role]) -> Caller {
    let department = Some("sales".into());
    Caller {
        service: "crm",
        user: user.into(),
        roles: roles.to_vec(),
        department,
        team: Some("west".into()),
        language: platform::Language::English,
    }
}
fn case(status: CaseStatus) -> Case {
    Case {
        case_id: CaseId(id(1)),
        account_id: None,
        status,
        started_at: at(0),
        last_at: at(90),
        merged_into: None,
        has_aliases: false,
    }
}

#[test]
fn every_fact_of_the_suite_is_shown_to_somebody() {
    for kind in wire::events().iter().flat_map(|(_, list)| list.iter().map(|info| info.kind)) {
        let words: Vec<&str> = kind.split('.').collect();
        let permission = permission(words[0], words[1]);
        assert!(!grants::who(&permission).is_empty(), "{kind}: nobody holds {permission}");
    }
}

#[test]
fn ruling_18_a_fact_is_shown_by_the_read_permission_of_its_own_service() {
    let quote = fact("quoting.quote.issued", 2, 0, json!({}));
    let due = fact("contracts.payment.due", 3, 0, json!({}));
    assert_eq!(
        (quote.permission(), due.permission()),
        ("quoting.quote.read".into(), "contracts.payment_milestone.read".into())
    );
    // An answer about goods is of the order's hold, not of the stock that everybody may ask for.
    assert_eq!(fact("procurement.availability.answered", 4, 0, json!({})).permission(), "procurement.hold.read");
    let shown = |fact: &Fact, user: &str, role: Role| fact.shown_to(&caller(user, &[role]));
    assert!(shown(&quote, "ann", Role::SalesRep), "the owner");
    assert!(!shown(&quote, "ben", Role::SalesRep), "a colleague");
    assert!(!shown(&quote, "eve", Role::SalesManager), "the manager of another team");
    assert!(shown(&quote, "dan", Role::DepartmentHead));
    assert!(shown(&quote, "x", Role::Auditor));
    assert!(!shown(&quote, "x", Role::Warehouse), "who may not read quotes sees none here either");
    let nobodys = Fact { owner_id: None, team_id: None, department_id: None, ..quote };
    assert!(shown(&nobodys, "ben", Role::SalesRep), "what belongs to nobody is seen by every holder of the permission");
}

#[test]
fn a_case_without_a_case_id_is_none() {
    let envelope = |case: Option<CaseId>| {
        let value = json!({"specversion": "1.0", "id": id(1), "source": "/crm", "type": "crm.user.changed.v1", "subject": id(2), "time": "2026-03-02T01:00:00Z",
            "datacontenttype": "application/json", "partitionkey": id(2), "actor": "user:x", "caseid": case, "data": {}});
        serde_json::from_value::<CloudEvent>(value).unwrap()
    };
    assert!(Fact::of(envelope(None)).is_none());
    assert!(Fact::of(envelope(Some(CaseId(id(1))))).is_some());
}

#[test]
fn ruling_15_how_a_deal_stands() {
    let closed = |satisfied: bool| ("aftersales.revisit.closed", json!({"satisfied": satisfied}));
    let (completed, lost) = (("orders.order.completed", json!({})), ("crm.opportunity.lost", json!({})));
    let reopened = ("crm.opportunity.reopened", json!({}));
    let lead = |status: &str| ("crm.lead.screened", json!({"status": status}));
    let after = |list: &[&(&str, Value)]| {
        let facts: Vec<Fact> = list.iter().zip(0..).map(|((kind, data), n)| fact(kind, 2, n, data.clone())).collect();
        standing(&facts)
    };
    assert_eq!(after(&[]), CaseStatus::Open);
    assert_eq!(after(&[&completed]), CaseStatus::Open, "completed is not yet satisfied");
    assert_eq!(after(&[&closed(true)]), CaseStatus::Open, "satisfied is not yet completed");
    assert_eq!(after(&[&completed, &closed(true)]), CaseStatus::Satisfied);
    assert_eq!(after(&[&closed(true), &completed]), CaseStatus::Satisfied, "in either order");
    assert_eq!(after(&[&completed, &closed(false)]), CaseStatus::Open);
    assert_eq!(after(&[&completed, &closed(false), &closed(true)]), CaseStatus::Satisfied, "the last revisit counts");
    assert_eq!(after(&[&lost]), CaseStatus::Lost);
    assert_eq!(after(&[&lost, &reopened]), CaseStatus::Open);
    assert_eq!(after(&[&lead("disqualified")]), CaseStatus::Lost);
    assert_eq!(after(&[&lead("screened")]), CaseStatus::Open);
    assert_eq!(after(&[&lost, &completed, &closed(true)]), CaseStatus::Satisfied, "a finished sale is not lost");
}

#[test]
fn svc_09_a_case_with_an_open_ticket_is_not_satisfied() {
    let pleased = [
        fact("orders.order.completed", 2, 0, json!({})),
        fact("aftersales.revisit.closed", 3, 1, json!({"satisfied": true})),
    ];
    let after = |tickets: &[(&str, u128)]| {
        let told = tickets
            .iter()
            .zip(2..)
            .map(|((what, id), n)| fact(&format!("aftersales.ticket.{what}"), *id, n, json!({})));
        standing(&pleased.iter().cloned().chain(told).collect::<Vec<_>>())
    };
    assert_eq!(after(&[]), CaseStatus::Satisfied);
    assert_eq!(after(&[("opened", 4)]), CaseStatus::Open);
    assert_eq!(after(&[("opened", 4), ("resolved", 4)]), CaseStatus::Open, "our word is not the customer's");
    assert_eq!(after(&[("opened", 4), ("resolved", 4), ("reopened", 4)]), CaseStatus::Open);
    assert_eq!(after(&[("opened", 4), ("opened", 5), ("confirmed", 4)]), CaseStatus::Open, "the other one is open");
    assert_eq!(after(&[("opened", 4), ("opened", 5), ("confirmed", 4), ("cancelled", 5)]), CaseStatus::Satisfied);
    assert_eq!(after(&[("opened", 4), ("confirmed", 4), ("closed", 4)]), CaseStatus::Satisfied);
}

#[test]
fn documents_links_and_times_are_read_from_the_facts() {
    let money = |amount: &str| json!({"totals": {"gross": {"amount": amount, "currency": "CNY"}}});
    let lead = fact("crm.lead.created", 10, 0, json!({"number": "LD-1"}));
    let opportunity = fact("crm.opportunity.registered", 11, 5, json!({"number": "OP-1"}));
    let converted = fact("crm.lead.converted", 10, 5, json!({"number": "LD-1", "opportunity_id": id(11)}));
    let quote = fact(
        "quoting.quote.accepted",
        12,
        65,
        json!({"number": "QT-1", "quote_id": id(12), "opportunity_id": id(11), "totals": money("113.00")["totals"]}),
    );
    let order = Fact {
        cause_id: Some(quote.event_id),
        ..fact("orders.order.created", 13, 66, json!({"number": "SO-1", "quote_id": id(12), "account_id": "no uuid"}))
    };
    let review = fact("orders.finance_review.completed", 13, 90, json!({"number": "SO-1", "order_id": id(13)}));
    let graph =
        graph(case(CaseStatus::Open), Vec::new(), None, vec![lead, opportunity, converted, quote, order, review]);
    let nodes: Vec<String> = graph
        .nodes
        .iter()
        .map(|n| format!("{}.{} {} {}", n.service, n.kind, n.number.as_deref().unwrap_or("-"), n.status))
        .collect();
    assert_eq!(
        nodes,
        [
            "crm.lead LD-1 converted",
            "crm.opportunity OP-1 registered",
            "quoting.quote QT-1 accepted",
            "orders.order SO-1 finance_review_completed"
        ]
    );
    let labels = graph.nodes.iter().map(|n| (n.status_label.chinese.as_str(), n.status_label.english.as_str()));
    let labels: Vec<_> = labels.skip(2).collect();
    assert_eq!(labels, [("已接受", "accepted"), ("财务审核：已完成", "finance review: completed")]);
    assert_eq!(graph.nodes[2].amount.unwrap().to_string(), "113.00 CNY");
    let links: Vec<(u128, u128, &str)> =
        graph.links.iter().map(|l| (l.from.as_u128(), l.to.as_u128(), l.reason.as_str())).collect();
    assert_eq!(links, [(12, 13, "caused"), (10, 11, "named"), (11, 12, "named")], "each pair once, the older first");
    let times: Vec<(i64, i64)> = graph.events.iter().map(|e| (e.elapsed_ms, e.since_previous_ms)).collect();
    assert_eq!(times, [(0, 0), (5000, 5000), (5000, 0), (65_000, 60_000), (66_000, 1000), (90_000, 24_000)]);
    assert_eq!(graph.elapsed_ms, 90_000);
}
