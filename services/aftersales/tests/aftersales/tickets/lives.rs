//! What a ticket is opened with and the states it goes through (SVC-01, 02).
use super::*;

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
        let snapshot = AccountSnapshot {
            id,
            number: "AC-2".into(),
            name: "晨光".into(),
            status: "active".into(),
            tier: None,
            region: None,
            version: 1,
        };
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
