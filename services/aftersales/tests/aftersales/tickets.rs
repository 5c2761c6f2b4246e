//! SVC-01 to 05, 08, 09, 14: tickets until the customer is satisfied.
use crate::{answers, contacted, delivery, of_order, path, run, told};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, Page,
    aftersales::{Revisit, ServiceLevels, Survey, Ticket, TicketKind, TicketOutcome, TicketStatus},
    crm::{AccountCreated, AccountId, AccountSnapshot, ContactCreated, UserChanged, UserSnapshot},
    orders::{OrderCreated, OrderId},
};

async fn account(yewu: &Yewu) -> AccountId {
    let id = AccountId(Uuid::now_v7());
    let (number, name) = ("AC-2026-000001".into(), "晨光泵业".into());
    yewu.hear(&AccountCreated(AccountSnapshot { id, number, name, status: "active".into(), version: 1 })).await;
    id
}
async fn employee(yewu: &Yewu, reference: &str, role: &str, department: &str) -> Client {
    let user = UserSnapshot {
        id: Uuid::now_v7().into(),
        reference: reference.into(),
        name: reference.into(),
        roles: vec![role.into()],
        department: Some(department.into()),
        team: Some(department.into()),
        active: true,
        version: 1,
    };
    yewu.hear(&UserChanged(user)).await;
    yewu.user(role, reference, department, department)
}
fn order(id: OrderId, account: AccountId) -> OrderCreated {
    let money = json!({"amount": "0.00", "currency": "CNY"});
    serde_json::from_value(json!({"order_id": id, "number": "SO-2026-000001", "origin": "direct", "contract_id": null, "quote_id": null,
        "account_id": account, "account_name": "晨光泵业", "lines": [], "totals": {"net": money, "tax": money, "gross": money},
        "payment_terms": [], "delivery_date": null, "external_refs": []}))
    .expect("the shape of the event")
}
fn new(kind: &str, account: AccountId) -> Value {
    json!({"kind": kind, "channel": "phone", "severity": "normal", "account_id": account,
        "contact": {"name": "李雷", "phone": "138 0013 8000"}, "description": "设备无法联网", "wish": "尽快修复", "sku": "P-40"})
}
fn evidence(yewu: &Yewu) -> Value {
    json!({"channel": "phone", "person": "李雷", "at": yewu.node.clock.now()})
}
async fn open(yewu: &Yewu, service: &Client, kind: &str) -> (String, Ticket) {
    let ticket: Ticket = service.post(&path("tickets"), new(kind, account(yewu).await)).await.created();
    (path(format!("tickets/{}", ticket.id)), ticket)
}
/// From triage to the solution.
async fn solve(service: &Client, at: &str) -> Ticket {
    if service.get(at).await.ok::<Ticket>().status == TicketStatus::New {
        service.act(at, "triage", json!({})).await.ok::<Ticket>();
        service.act(at, "assign", json!({"assignee": "customer_service-1"})).await.ok::<Ticket>();
    }
    service.act(at, "start", json!({})).await.ok::<Ticket>();
    service.act(at, "resolve", json!({"cause": "固件过旧", "solution": "已升级固件"})).await.ok()
}
fn actions(ticket: &Ticket) -> Vec<&str> {
    ticket.available_actions.iter().filter(|action| action.allowed).map(|action| action.action.as_str()).collect()
}

#[test]
fn svc_01_a_ticket_lives_from_the_call_to_the_customers_word() {
    run(async |yewu| {
        yewu.staff(&["customer_service"]).await;
        let service = yewu.role("customer_service");
        let (at, ticket) = open(yewu, &service, "complaint").await;
        assert_eq!(
            (ticket.status, ticket.kind, ticket.account_name.as_str()),
            (TicketStatus::New, TicketKind::Complaint, "晨光泵业")
        );
        assert!(ticket.number.starts_with("TK-20"), "{}", ticket.number);
        assert_eq!(actions(&ticket), ["triage", "respond", "promise", "cancel"]);
        service.act(&at, "resolve", json!({"solution": "x"})).await.problem(409, "state.refused");
        let triaged: Ticket = service.act(&at, "triage", json!({"severity": "high"})).await.ok();
        assert_eq!(
            (triaged.severity.as_str(), triaged.promised_at),
            ("high", ticket.promised_at),
            "the promise is the customer's"
        );
        let nobody = service.act(&at, "assign", json!({"assignee": "no-such-person"})).await;
        assert_eq!(nobody.problem(422, "ticket.assignee").errors[0].pointer, "/assignee");
        let solved = solve_from_triage(&service, &at).await;
        assert_eq!(solved.status, TicketStatus::Resolved);
        service.act(&at, "close", json!({})).await.problem(409, "state.refused");
        let confirmed: Ticket = service.act(&at, "confirm", json!({"evidence": evidence(yewu)})).await.ok();
        let closed: Ticket = service.act(&at, "close", json!({})).await.ok();
        assert_eq!(
            (confirmed.status, closed.status, actions(&closed).len()),
            (TicketStatus::Confirmed, TicketStatus::Closed, 0)
        );
        assert!(closed.closed_at.is_some() && closed.confirmation.is_some_and(|said| said.person.as_str() == "李雷"));
        let facts = told(yewu, Some(ticket.case_id)).await;
        let expected = ["opened", "assigned", "resolved", "confirmed", "closed"]
            .map(|fact| format!("aftersales.ticket.{fact}.v1"));
        assert_eq!(facts, expected.join(" "));
    });
}
async fn solve_from_triage(service: &Client, at: &str) -> Ticket {
    service.act(at, "assign", json!({"assignee": "customer_service-1"})).await.ok::<Ticket>();
    service.act(at, "start", json!({})).await.ok::<Ticket>();
    assert_eq!(
        service.act(at, "resolve", json!({"solution": "已换新"})).await.problem(422, "ticket.cause").errors[0].pointer,
        "/cause"
    );
    service.act(at, "resolve", json!({"cause": "发错型号", "solution": "已换新"})).await.ok()
}

#[test]
fn svc_01_what_a_ticket_names_must_be_known_and_the_customers_own() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let (mine, other, id) = (account(yewu).await, account(yewu).await, OrderId(Uuid::now_v7()));
        let case = CaseId(Uuid::now_v7());
        let told = yewu.envelope(&order(id, mine), case);
        let refused = async |change: &[(&str, Value)], code: &str, pointer: &str| {
            let mut body = new("fault", mine);
            for (field, value) in change {
                body[*field] = value.clone();
            }
            let problem = service.post(&path("tickets"), &body).await.problem(422, code);
            assert_eq!(problem.errors[0].pointer, pointer);
        };
        refused(&[("account_id", json!(Uuid::now_v7()))], "body.invalid", "/account_id").await;
        refused(&[("order_id", json!(id))], "body.invalid", "/order_id").await;
        yewu.deliver(&told).await;
        yewu.deliver(&told).await;
        refused(&[("order_id", json!(id)), ("account_id", json!(other))], "ticket.order", "/order_id").await;
        refused(&[("order_id", json!(id)), ("shipment_id", json!(Uuid::now_v7()))], "ticket.shipment", "/shipment_id")
            .await;
        refused(&[("revisit_id", json!(Uuid::now_v7()))], "body.invalid", "/revisit_id").await;
        refused(&[("channel", json!("revisit"))], "ticket.revisit", "/revisit_id").await;
        refused(&[("sku", Value::Null)], "ticket.product", "/order_id").await;
        refused(&[("promised_at", json!("2026-01-01T00:00:00Z"))], "ticket.promised_at", "/promised_at").await;
        refused(&[("description", json!(" "))], "body.invalid", "/description").await;
        let contact = Uuid::now_v7();
        let person = json!({"id": contact, "account_id": other, "name": "韩梅梅", "phone": null, "email": null, "primary": true, "status": "active", "version": 1});
        yewu.hear(&serde_json::from_value::<ContactCreated>(person).unwrap()).await;
        refused(&[("contact", json!({"contact_id": contact, "name": "x"}))], "ticket.contact", "/contact/contact_id")
            .await;
        let mut body = new("fault", mine);
        (body["order_id"], body["sku"]) = (json!(id), Value::Null);
        let ticket: Ticket = service.post(&path("tickets"), &body).await.created();
        assert_eq!(
            (ticket.case_id, ticket.order_id, ticket.owner_id.as_deref()),
            (case, Some(id), Some("sales_rep-1")),
            "the deal's, and the seller's"
        );
        let ours: Page<Ticket> = yewu.role("sales_rep").get(&path(format!("tickets?order_id={id}"))).await.ok();
        assert_eq!(ours.items.len(), 1);
        let at = path(format!("tickets/{}", ticket.id));
        yewu.user("sales_rep", "someone-else", "sales", "west").get(&at).await.problem(404, "not_found");
        yewu.role("sales_rep").act(&at, "triage", json!({})).await.problem(403, "permission.missing");
        yewu.role("sales_rep").post(&path("tickets"), &body).await.problem(403, "permission.missing");
    });
}

#[test]
fn svc_02_every_channel_can_bring_a_ticket() {
    run(async |yewu| {
        let desk = yewu.role("integration");
        let mine = account(yewu).await;
        for channel in ["phone", "email", "online", "visit"] {
            let mut body = new("consult", mine);
            body["channel"] = json!(channel);
            let ticket: Ticket = desk.post(&path("tickets"), &body).await.created();
            assert_eq!(ticket.channel.as_str(), channel);
        }
        let (at, revisit) = contacted(yewu, &yewu.role("customer_service")).await;
        let id = revisit.account_id;
        let snapshot =
            AccountSnapshot { id, number: "AC-2".into(), name: "晨光".into(), status: "active".into(), version: 1 };
        yewu.hear(&AccountCreated(snapshot)).await;
        let mut body = new("fault", id);
        (body["channel"], body["revisit_id"]) = (json!("revisit"), json!(revisit.id));
        let service = yewu.role("customer_service");
        let ticket: Ticket = service.post(&path("tickets"), &body).await.created();
        assert_eq!((ticket.order_id, Some(ticket.case_id)), (Some(revisit.order_id), revisit.case_id));
        service.act(&at, "close", json!({"note": "x"})).await.problem(409, "gate.closed");
        service.act(&path(format!("tickets/{}", ticket.id)), "cancel", json!({"reason": "误报"})).await.ok::<Ticket>();
        service.act(&at, "close", json!({"note": "不愿作答"})).await.ok::<Revisit>();
        service.post(&path("tickets"), &body).await.problem(409, "state.refused");
    });
}

#[test]
fn svc_03_a_ticket_that_nobody_answers_is_found_once() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[aftersales::SERVICE], |_| {}, false).await;
        let service = yewu.role("customer_service");
        let (at, late) = open(&yewu, &service, "consult").await;
        let (answered_at, answered) = open(&yewu, &service, "consult").await;
        let said = json!({"channel": "phone", "text": "已受理"});
        let answer: Ticket = service.act(&answered_at, "respond", &said).await.ok();
        assert_eq!(answer.response.unwrap().text, "已受理");
        service.act(&answered_at, "respond", &said).await.problem(409, "ticket.responded");
        yewu.node.run_jobs().await.unwrap();
        assert_eq!(service.get(&at).await.ok::<Ticket>().first_response_breached_at, None);
        let wait = late.first_response_due_at.timestamp().duration_since(yewu.node.clock.now().timestamp());
        yewu.node.clock.travel(wait + jiff::SignedDuration::from_secs(1));
        yewu.node.run_jobs().await.unwrap();
        yewu.node.run_jobs().await.unwrap();
        let service = yewu.role("customer_service");
        let found: Ticket = service.get(&at).await.ok();
        assert!(found.first_response_breached_at.is_some_and(|found| found > late.first_response_due_at));
        let facts = told(&yewu, Some(late.case_id)).await;
        assert_eq!(facts, "aftersales.ticket.opened.v1 aftersales.ticket.first_response_breached.v1");
        assert_eq!(told(&yewu, Some(answered.case_id)).await, "aftersales.ticket.opened.v1");
    });
}

#[test]
fn svc_04_a_promise_is_warned_of_then_broken_each_once_and_changed_only_with_a_notice() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[aftersales::SERVICE], |_| {}, false).await;
        let service = yewu.role("customer_service");
        let (at, ticket) = open(&yewu, &service, "fault").await;
        let forward = |to: wire::Moment| {
            let wait = to.timestamp().duration_since(yewu.node.clock.now().timestamp());
            yewu.node.clock.travel(wait + jiff::SignedDuration::from_secs(1));
        };
        let run = async || {
            yewu.node.run_jobs().await.unwrap();
            yewu.node.run_jobs().await.unwrap();
            yewu.role("customer_service").get(&at).await.ok::<Ticket>()
        };
        assert_eq!((run().await.warned_at, ticket.calendar_id.as_str()), (None, "cn"));
        forward(ticket.warn_at);
        let warned = run().await;
        assert_eq!((warned.warned_at.is_some(), warned.breached_at), (true, None));
        let service = yewu.role("customer_service");
        let later = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_hours(24 * 30);
        service
            .act(&at, "promise", json!({"promised_at": later, "reason": "等待备件"}))
            .await
            .problem(422, "body.invalid");
        let notice = json!({"promised_at": later, "reason": "等待备件", "notice": evidence(&yewu)});
        let promised: Ticket = service.act(&at, "promise", notice).await.ok();
        assert_eq!((promised.promises[0].from, promised.warned_at), (ticket.promised_at, None));
        forward(ticket.promised_at);
        assert_eq!(run().await.breached_at, None, "the old promise no longer counts");
        forward(promised.promised_at);
        let broken = run().await;
        assert!(broken.warned_at.is_some() && broken.breached_at.is_some());
        let facts = told(&yewu, Some(ticket.case_id)).await.replace("aftersales.", "").replace(".v1", "");
        let expected =
            "ticket.opened ticket.first_response_breached sla.warning ticket.promise_changed sla.warning sla.breached";
        assert_eq!(facts.split(' ').collect::<std::collections::BTreeSet<_>>(), expected.split(' ').collect());
        assert_eq!(facts.split(' ').count(), 6, "{facts}");
        let late: Page<Ticket> = yewu.role("quality").get(&path("tickets?breached=true")).await.ok();
        assert_eq!(late.items.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [ticket.id]);
        let levels: ServiceLevels = yewu.role("quality").get(&path("service-levels")).await.ok();
        assert_eq!((levels.policies.len(), levels.tiers.len()), (16, 4), "a level for every kind and severity");
    });
}

#[test]
fn svc_05_another_department_sees_it_once_it_has_it() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let tom = employee(yewu, "tom-tech", "technical", "tech").await;
        let (at, ticket) = open(yewu, &service, "fault").await;
        tom.get(&at).await.problem(404, "not_found");
        service.act(&at, "triage", json!({})).await.ok::<Ticket>();
        let to = |department: &str| json!({"department": department, "reason": "需要技术支持"});
        service.act(&at, "route", to("nowhere")).await.problem(422, "ticket.department");
        let routed: Ticket = service.act(&at, "route", to("tech")).await.ok();
        assert_eq!((routed.department.as_deref(), routed.routes[0].from.as_deref()), (Some("tech"), Some("sales")));
        service.act(&at, "assign", json!({"assignee": "tom-tech"})).await.ok::<Ticket>();
        tom.act(&at, "start", json!({})).await.ok::<Ticket>();
        let solved: Ticket = tom.act(&at, "resolve", json!({"solution": "已升级固件"})).await.ok();
        assert_eq!(solved.resolution.unwrap().by, "user:tom-tech");
        tom.act(&at, "confirm", json!({"evidence": evidence(yewu)})).await.problem(403, "permission.missing");
        assert!(told(yewu, Some(ticket.case_id)).await.contains("aftersales.ticket.routed.v1"));
    });
}

#[test]
fn svc_08_only_the_customers_word_confirms_it() {
    run(async |yewu| {
        yewu.staff(&["customer_service"]).await;
        let service = yewu.role("customer_service");
        let (at, _) = open(yewu, &service, "complaint").await;
        service.act(&at, "confirm", json!({"evidence": evidence(yewu)})).await.problem(409, "state.refused");
        solve(&service, &at).await;
        service.act(&at, "confirm", json!({})).await.problem(422, "body.invalid");
        let future = json!({"evidence": {"channel": "phone", "person": "李雷", "at": "2099-01-01T00:00:00Z"}});
        assert_eq!(
            service.act(&at, "confirm", future).await.problem(422, "ticket.evidence_at").errors[0].pointer,
            "/evidence/at"
        );
        let said = json!({"evidence": evidence(yewu)});
        let (one, two) =
            futures_util::future::join(service.act(&at, "confirm", &said), service.act(&at, "confirm", &said)).await;
        let statuses = [one.status.as_u16(), two.status.as_u16()];
        assert!(statuses.contains(&200) && statuses.iter().any(|status| [409, 412].contains(status)), "{statuses:?}");
        service
            .act(&at, "reopen", json!({"reason": "x", "evidence": evidence(yewu)}))
            .await
            .problem(409, "state.refused");
    });
}

#[test]
fn svc_09_redone_until_the_customer_is_satisfied_one_tier_higher_each_time() {
    run(async |yewu| {
        yewu.staff(&["customer_service"]).await;
        let service = yewu.role("customer_service");
        let (at, ticket) = open(yewu, &service, "complaint").await;
        for (lap, role) in [(1, "department_head"), (2, "vice_president")] {
            solve(&service, &at).await;
            service.act(&at, "reopen", json!({"evidence": evidence(yewu)})).await.problem(422, "body.invalid");
            let again: Ticket =
                service.act(&at, "reopen", json!({"reason": "仍然无法联网", "evidence": evidence(yewu)})).await.ok();
            assert_eq!(
                (again.status, again.loop_count, again.escalation_tier, again.escalated_to.as_deref()),
                (TicketStatus::Reopened, lap, lap, Some(role))
            );
            assert_eq!(
                (again.resolution, again.loops.last().unwrap().resolution.solution.as_str()),
                (None, "已升级固件")
            );
            let seen: Page<Ticket> =
                yewu.role(role).get(&path(format!("tickets?escalated_to={role}&limit=200"))).await.ok();
            assert!(seen.items.iter().any(|row| row.id == ticket.id), "{role} sees it");
        }
        yewu.user("department_head", "other-head", "lab", "lab").get(&at).await.problem(404, "not_found");
        solve(&service, &at).await;
        service.act(&at, "confirm", json!({"evidence": evidence(yewu)})).await.ok::<Ticket>();
        let facts = told(yewu, Some(ticket.case_id)).await;
        assert_eq!(facts.matches("aftersales.ticket.reopened.v1").count(), 2);
        let query = format!(
            "SELECT string_agg(envelope::json->'data'->>'loop_count', ' ' ORDER BY seq) FROM outbox WHERE case_id = '{}' AND kind = 'aftersales.ticket.reopened.v1'",
            ticket.case_id
        );
        assert_eq!(yewu.sql("aftersales", &query).await, "1 2");
    });
}

#[test]
fn svc_14_an_unhappy_answer_opens_one_ticket_and_the_revisit_waits_for_it() {
    run(async |yewu| {
        yewu.staff(&["customer_service"]).await;
        let service = yewu.role("customer_service");
        let (at, revisit) = contacted(yewu, &service).await;
        let survey_at = path(format!("surveys/{}", revisit.survey_id.unwrap()));
        let said = answers(&[5, 5, 1, 5, 5]);
        let (one, two) = futures_util::future::join(
            service.act(&survey_at, "answer", &said),
            service.act(&survey_at, "answer", &said),
        )
        .await;
        assert!([one.status.as_u16(), two.status.as_u16()].contains(&200));
        let shown: Revisit = service.get(&at).await.ok();
        assert_eq!((shown.tickets.len(), shown.tickets[0].outcome, shown.satisfied), (1, None, Some(false)));
        let close = shown.available_actions.iter().find(|action| action.action == "close").unwrap();
        assert_eq!(
            (close.allowed, close.blocked_by[0].reference.as_deref()),
            (false, Some(shown.tickets[0].number.as_str()))
        );
        let ticket_at = path(format!("tickets/{}", shown.tickets[0].ticket_id));
        let ticket: Ticket = service.get(&ticket_at).await.ok();
        assert_eq!(
            (ticket.channel.as_str(), ticket.kind, ticket.severity.as_str()),
            ("revisit", TicketKind::Complaint, "high")
        );
        assert_eq!(
            (ticket.revisit_id, ticket.survey_id, ticket.order_id),
            (Some(revisit.id), revisit.survey_id, Some(revisit.order_id))
        );
        assert_eq!((Some(ticket.case_id), ticket.owner_id.as_deref()), (revisit.case_id, Some("sales_rep-1")));
        assert!(ticket.description.contains("1/5"), "{}", ticket.description);
        let source = format!(
            "SELECT string_agg(envelope::json->'data'->>'source', ' ') FROM outbox WHERE case_id = '{}' AND kind = 'aftersales.ticket.opened.v1'",
            ticket.case_id
        );
        assert_eq!(yewu.sql("aftersales", &source).await, "revisit", "one ticket a survey");
        solve(&service, &ticket_at).await;
        service.act(&at, "close", json!({})).await.problem(409, "gate.closed");
        service.act(&ticket_at, "reopen", json!({"reason": "不满意", "evidence": evidence(yewu)})).await.ok::<Ticket>();
        service.act(&at, "close", json!({})).await.problem(409, "gate.closed");
        solve(&service, &ticket_at).await;
        service.act(&ticket_at, "confirm", json!({"evidence": evidence(yewu)})).await.ok::<Ticket>();
        assert_eq!(service.get(&at).await.ok::<Revisit>().tickets[0].outcome, Some(TicketOutcome::Confirmed));
        let closed: Revisit = service.act(&at, "close", json!({})).await.ok();
        assert_eq!(closed.satisfied, Some(true), "made happy in the end");
    });
}

#[test]
fn svc_14_at_2_a_ticket_is_opened_at_3_none_and_trouble_that_is_told_opens_one_whatever_the_scores() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        for (score, problem, count) in [(1, None, 1), (2, None, 1), (3, None, 0), (5, Some("设备无法联网"), 1)] {
            let (order, event) = delivery(yewu, "2026-03-02T02:00:00Z");
            yewu.deliver(&event).await;
            let at = path(format!("revisits/{}", of_order(yewu, order).await.id));
            let reached = json!({"reached": true, "channel": "phone", "person": "李雷"});
            let revisit: Revisit = service.act(&at, "contact", reached).await.ok();
            let survey_at = path(format!("surveys/{}", revisit.survey_id.unwrap()));
            let mut said = answers(&[5, 5, 5, 5, score]);
            said["problem_reported"] = json!(problem);
            let survey: Survey = service.act(&survey_at, "answer", said).await.ok();
            assert_eq!(survey.problem_reported.as_deref(), problem);
            let tickets: Page<Ticket> = service.get(&path(format!("tickets?order_id={order}"))).await.ok();
            assert_eq!(tickets.items.len(), count, "{score} {problem:?}");
            if let Some(problem) = problem {
                assert_eq!(
                    (tickets.items[0].kind, tickets.items[0].description.as_str()),
                    (TicketKind::Fault, problem)
                );
            }
            let closed = service.act(&at, "close", json!({})).await;
            assert_eq!(closed.status.as_u16(), if count == 0 { 200 } else { 409 });
        }
    });
}
