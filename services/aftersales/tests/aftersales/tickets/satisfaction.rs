//! From department to department until the customer says that they are satisfied (SVC-05, 08, 09, 14).
use super::*;

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
            service.act(&at, "confirm", future).await.problem(422, "evidence.future").errors[0].pointer,
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
