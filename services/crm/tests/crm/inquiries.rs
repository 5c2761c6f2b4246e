//! CRM-40, 41: someone asks, is answered and asked back, and becomes a lead, an opportunity or a ticket.
use crate::{BASE, account, facts, name, path, run, ticket};
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;
use wire::{
    CaseId,
    crm::{Inquiry, InquiryClarification, InquiryStatus, InquiryTarget, Lead, Opportunity},
};

fn asked(name: &str) -> Value {
    let phone = format!("139{:08}", Uuid::now_v7().as_u128() % 100_000_000);
    json!({"channel": "phone", "name": name, "contact_name": "李雷", "contact_phone": phone, "text": "卧式泵多少钱？"})
}
async fn responded(client: &Client, body: Value) -> (String, Inquiry) {
    let inquiry: Inquiry = client.post(&format!("{BASE}/inquiries"), body).await.created();
    let at = path("inquiries", inquiry.id);
    (at.clone(), client.act(&at, "respond", json!({"channel": "phone", "text": "今天报价"})).await.ok())
}

#[test]
fn crm_40_an_inquiry_is_answered_in_time_and_makes_a_lead_with_its_case() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let company = name();
        let (at, inquiry) = responded(&service, asked(&company)).await;
        assert!(inquiry.number.starts_with("IQ-20"), "{}", inquiry.number);
        assert_eq!(
            (inquiry.status, inquiry.late, inquiry.calendar_id.as_str()),
            (InquiryStatus::Responded, Some(false), "cn")
        );
        assert!(inquiry.first_response_due_at > inquiry.created_at);
        let missing = service.act(&at, "convert", json!({"to": "lead"})).await.problem(422, "inquiry.source");
        assert_eq!(missing.errors[0].pointer, "/source");
        let converted: Inquiry = service.act(&at, "convert", json!({"to": "lead", "source": "online"})).await.ok();
        assert_eq!((converted.status, converted.converted_to), (InquiryStatus::Converted, Some(InquiryTarget::Lead)));
        let lead: Lead = service.get(&path("leads", converted.target_id.unwrap())).await.ok();
        assert_eq!((Some(lead.case_id), lead.need.as_deref()), (converted.case_id, Some("卧式泵多少钱？")));
        assert_eq!((lead.name, lead.contact_name.as_deref()), (company.clone(), Some("李雷")));
        assert_eq!(facts(yewu, inquiry.id).await, "crm.inquiry.received.v1");
        assert_eq!(facts(yewu, lead.id).await, "crm.lead.created.v1");
        let (at, _) = responded(&service, asked(&company)).await;
        service.act(&at, "convert", json!({"to": "lead", "source": "online"})).await.problem(409, "lead.duplicate");
        let still: Inquiry = service.get(&at).await.ok();
        assert_eq!((still.status, still.version), (InquiryStatus::Responded, 2), "all or nothing");
        let closed: Inquiry = service.act(&at, "close", json!({"reason": "重复咨询"})).await.ok();
        assert_eq!((closed.status, closed.ended_at.is_some()), (InquiryStatus::Closed, true));
    });
}

#[test]
fn crm_40_it_becomes_an_opportunity_or_the_ticket_that_aftersales_opened() {
    run(async |yewu| {
        let (sales, service) = (yewu.role("sales_rep"), yewu.role("customer_service"));
        let customer = account(&sales).await;
        let mut known = asked("晨光");
        known["account_id"] = json!(customer.id);
        let (at, _) = responded(&sales, asked("晨光")).await;
        sales
            .act(&at, "convert", json!({"to": "opportunity", "source": "online"}))
            .await
            .problem(422, "inquiry.account");
        let (at, _) = responded(&sales, known.clone()).await;
        let converted: Inquiry = sales.act(&at, "convert", json!({"to": "opportunity", "source": "online"})).await.ok();
        let chance: Opportunity = sales.get(&path("opportunities", converted.target_id.unwrap())).await.ok();
        assert_eq!((chance.account_id, Some(chance.case_id)), (customer.id, converted.case_id));

        let (at, _) = responded(&service, known.clone()).await;
        service
            .act(&at, "convert", json!({"to": "opportunity", "source": "online"}))
            .await
            .problem(403, "permission.missing");
        service.act(&at, "convert", json!({"to": "ticket"})).await.problem(422, "inquiry.ticket");
        let unknown = json!({"to": "ticket", "ticket_id": Uuid::now_v7()});
        assert_eq!(
            service.act(&at, "convert", unknown).await.problem(422, "body.invalid").errors[0].pointer,
            "/ticket_id"
        );
        let case = CaseId(Uuid::now_v7());
        let id = ticket(yewu, customer.id, case).await;
        let converted: Inquiry = service.act(&at, "convert", json!({"to": "ticket", "ticket_id": id})).await.ok();
        assert_eq!((converted.target_id, converted.case_id), (Some(id), Some(case)));
        let stranger = yewu.user("sales_rep", "stranger-inquiry", "sales", "west");
        assert_eq!(
            stranger.post(&format!("{BASE}/inquiries"), known).await.problem(422, "body.invalid").errors[0].pointer,
            "/account_id"
        );
        stranger.get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_41_supplementary_questions_make_the_need_clear() {
    run(async |yewu| {
        let service = yewu.role("customer_service");
        let inquiry: Inquiry = service.post(&format!("{BASE}/inquiries"), asked(&name())).await.created();
        let at = path("inquiries", inquiry.id);
        service.act(&at, "convert", json!({"to": "lead", "source": "online"})).await.problem(409, "state.refused");
        let with: Inquiry = service.act(&at, "ask", json!({"question": "电压？"})).await.ok();
        let answer = json!({"clarification_id": with.clarifications[0].id, "answer": "380 V"});
        service.act(&at, "answer", &answer).await.ok::<Inquiry>();
        service.act(&at, "answer", &answer).await.problem(422, "inquiry.question");
        service.act(&at, "respond", json!({"channel": "email", "text": "已报价"})).await.ok::<Inquiry>();
        let all: Vec<InquiryClarification> = service.get(&format!("{at}/clarifications")).await.ok();
        assert_eq!(all[0].answer.as_deref(), Some("380 V"));
        let converted: Inquiry = service.act(&at, "convert", json!({"to": "lead", "source": "online"})).await.ok();
        let lead: Lead = service.get(&path("leads", converted.target_id.unwrap())).await.ok();
        assert_eq!(lead.need.as_deref(), Some("卧式泵多少钱？\n电压？ 380 V"));
        assert_eq!(facts(yewu, inquiry.id).await, "crm.inquiry.received.v1 crm.inquiry.clarified.v1");
    });
}
