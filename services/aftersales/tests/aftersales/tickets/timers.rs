//! First answers and promises, on the working calendar (SVC-03, 04).
use super::*;

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
