//! Rulings 15, 18: a deal from end to end, as each reader may see it.
use crate::{BASE, account, converted, opportunity, path, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, EventId, Page,
    aftersales::RevisitClosed,
    crm::{AccountId, CaseGraph, CaseStatus, CaseSummary, Opportunity, TimelineEntry},
    orders::OrderCompleted,
    quoting::QuoteIssued,
};

async fn case(yewu: &Yewu, role: &str, case: CaseId) -> CaseGraph {
    yewu.role(role).get(&path("cases", case)).await.ok()
}
fn completed(order: Uuid) -> OrderCompleted {
    serde_json::from_value(
        json!({"order_id": order, "number": "SO-2026-000001", "completed_at": "2026-03-02T01:00:00Z"}),
    )
    .expect("the shape of the event")
}
fn closed(order: Uuid, account: AccountId, satisfied: bool) -> RevisitClosed {
    let value = json!({"revisit_id": Uuid::now_v7(), "number": "RV-2026-000001", "order_id": order, "account_id": account, "satisfied": satisfied});
    serde_json::from_value(value).expect("the shape of the event")
}
fn issued(account: AccountId, opportunity: Option<Uuid>) -> QuoteIssued {
    let money = |amount: &str| json!({"amount": amount, "currency": "CNY"});
    let quote = json!({"quote_id": Uuid::now_v7(), "number": "QT-2026-000009", "revision": 1, "account_id": account, "account_name": "x",
        "opportunity_id": opportunity, "lines": [], "totals": {"net": money("100.00"), "tax": money("13.00"), "gross": money("113.00")},
        "payment_terms": [], "delivery_date": null, "external_refs": [], "valid_until": "2099-12-31"});
    serde_json::from_value(quote).expect("the shape of the event")
}
fn told_about(subject: Uuid, envelope: CloudEvent) -> CloudEvent {
    CloudEvent { subject, ..envelope }
}

#[test]
fn ruling_15_a_lead_opens_the_case_that_everything_after_it_belongs_to() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let lead = converted(yewu, &sales).await;
        yewu.settle().await;
        let account = lead.account_id.unwrap();
        let quote = issued(account, lead.opportunity_id.map(Into::into));
        let quote_id: Uuid = quote.quote.quote_id.into();
        let envelope = told_about(quote_id, yewu.envelope(&quote, lead.case_id));
        yewu.deliver(&envelope).await;
        yewu.deliver(&envelope).await;
        let graph = case(yewu, "sales_rep", lead.case_id).await;
        let nodes: Vec<(&str, &str)> =
            graph.nodes.iter().map(|node| (node.kind.as_str(), node.status.as_str())).collect();
        assert_eq!(nodes, [("lead", "converted"), ("opportunity", "registered"), ("quote", "issued")]);
        assert_eq!(
            (graph.account_id, graph.account_name.as_deref(), graph.status),
            (Some(account), Some(lead.name.as_str()), CaseStatus::Open)
        );
        let links: Vec<(Uuid, Uuid)> = graph.links.iter().map(|link| (link.from, link.to)).collect();
        let opportunity: Uuid = lead.opportunity_id.unwrap().into();
        assert_eq!(links, [(lead.id.into(), opportunity), (opportunity, quote_id)]);
        assert_eq!(graph.events.len(), 7, "six of crm, and the quote once");
        assert!(graph.events.is_sorted_by_key(|event| event.entry.at));
        assert_eq!((graph.events[0].elapsed_ms, graph.events[0].entry.fact.as_str()), (0, "created"));
        assert_eq!(graph.nodes[2].amount.unwrap().to_string(), "113.00 CNY");
        yewu.role("sales_rep").get(&path("cases", Uuid::now_v7())).await.problem(404, "not_found");
    });
}

#[test]
fn ruling_18_everyone_sees_the_nodes_that_they_may_read() {
    run(async |yewu| {
        let lead = converted(yewu, &yewu.role("sales_rep")).await;
        yewu.settle().await;
        let quote = issued(lead.account_id.unwrap(), None);
        yewu.deliver(&told_about(quote.quote.quote_id.into(), yewu.envelope(&quote, lead.case_id))).await;
        let kinds = |graph: CaseGraph| graph.nodes.iter().map(|node| node.kind.clone()).collect::<Vec<_>>();
        assert_eq!(kinds(case(yewu, "auditor", lead.case_id).await), ["lead", "opportunity", "quote"]);
        assert_eq!(kinds(case(yewu, "finance_manager", lead.case_id).await), ["opportunity", "quote"]);
        let warehouse = case(yewu, "warehouse", lead.case_id).await;
        assert!(!warehouse.events.iter().any(|event| event.entry.service == "quoting"), "{warehouse:?}");
        let colleague: CaseGraph =
            yewu.user("sales_rep", "colleague-case", "sales", "sales").get(&path("cases", lead.case_id)).await.ok();
        assert_eq!((colleague.nodes.len(), colleague.events.len()), (0, 0));
        assert_eq!((colleague.account_id, colleague.account_name), (None, None));
        let customers = async |client: Client| {
            let page: Page<CaseSummary> = client.get(&format!("{BASE}/cases?case_id={}", lead.case_id)).await.ok();
            page.items.iter().map(|case| case.account_id).collect::<Vec<_>>()
        };
        assert_eq!(customers(yewu.role("sales_rep")).await, [lead.account_id]);
        assert_eq!(customers(yewu.user("sales_rep", "colleague-case", "sales", "sales")).await, [None]);
        assert_eq!(customers(yewu.role("production")).await, [None], "a role that reads no customers");
        yewu.nobody().get(&path("cases", lead.case_id)).await.problem(401, "token.missing");
    });
}

#[test]
fn ruling_15_a_case_is_satisfied_when_the_order_is_completed_and_the_revisit_closed_well() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let opened = opportunity(&sales).await;
        yewu.settle().await;
        let (case_id, order) = (opened.case_id, Uuid::now_v7());
        let status = async || case(yewu, "auditor", case_id).await.status;
        // Producers are not ordered among each other: the revisit may be heard before the order.
        yewu.deliver(&yewu.envelope(&closed(order, opened.account_id, false), case_id)).await;
        yewu.deliver(&told_about(order, yewu.envelope(&completed(order), case_id))).await;
        assert_eq!(status().await, CaseStatus::Open);
        yewu.deliver(&yewu.envelope(&closed(order, opened.account_id, true), case_id)).await;
        assert_eq!(status().await, CaseStatus::Satisfied);
        let listed = format!("{BASE}/cases?status=satisfied&account_id={}", opened.account_id);
        let page: Page<CaseSummary> = sales.get(&listed).await.ok();
        assert_eq!(page.items.iter().map(|case| case.case_id).collect::<Vec<_>>(), [case_id]);
    });
}

#[test]
fn ruling_15_a_lost_opportunity_loses_the_case_until_it_is_reopened() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let opened = opportunity(&sales).await;
        let at = path("opportunities", opened.id);
        sales.act(&at, "lose", json!({"reason": "价格过高"})).await.ok::<Opportunity>();
        yewu.settle().await;
        assert_eq!(case(yewu, "sales_rep", opened.case_id).await.status, CaseStatus::Lost);
        boss.act(&at, "reopen", json!({"reason": "客户回来了"})).await.ok::<Opportunity>();
        yewu.settle().await;
        assert_eq!(case(yewu, "sales_rep", opened.case_id).await.status, CaseStatus::Open);
    });
}

#[test]
fn facts_that_come_late_or_twice_change_the_start_not_the_count() {
    run(async |yewu| {
        let (case_id, account) = (CaseId(Uuid::now_v7()), account(&yewu.role("sales_rep")).await.id);
        let second = yewu.envelope(&issued(account, None), case_id);
        let hour = jiff::SignedDuration::from_hours(1);
        let earlier = second.time.timestamp().checked_sub(hour).unwrap().into();
        let first = CloudEvent { id: EventId(Uuid::now_v7()), time: earlier, causeid: None, ..second.clone() };
        for envelope in [&second, &first, &second] {
            yewu.deliver(envelope).await;
        }
        let graph = case(yewu, "auditor", case_id).await;
        assert_eq!((graph.events.len(), graph.elapsed_ms, graph.started_at), (2, 3_600_000, earlier));
        assert_eq!(graph.events[0].entry.event_id, first.id);
    });
}

#[test]
fn crm_28_the_timeline_of_a_customer_merges_the_facts_of_all_its_deals() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let lead = converted(yewu, &sales).await;
        let account = lead.account_id.unwrap();
        let body = json!({"account_id": account, "name": "三期", "need": "阀门", "source": "online"});
        let second: Opportunity = sales.post(&format!("{BASE}/opportunities"), body).await.created();
        yewu.settle().await;
        let quote = issued(account, Some(second.id.into()));
        yewu.deliver(&told_about(quote.quote.quote_id.into(), yewu.envelope(&quote, second.case_id))).await;
        let at = format!("{}/timeline", path("accounts", account));
        let mut seen: Vec<TimelineEntry> = Vec::new();
        let mut next = format!("{at}?limit=3");
        loop {
            let page: Page<TimelineEntry> = sales.get(&next).await.ok();
            seen.extend(page.items);
            let Some(after) = page.next else { break };
            next = format!("{at}?limit=3&after={after}");
        }
        let entities: Vec<String> = seen.iter().map(|entry| format!("{}.{}", entry.entity, entry.fact)).collect();
        let expected = [
            "quote.issued",
            "opportunity.registered",
            "lead.converted",
            "opportunity.registered",
            "lead.qualified",
            "lead.contacted",
            "lead.screened",
            "lead.created",
        ];
        assert_eq!(entities, expected);
        let other = yewu.user("sales_rep", "other-timeline", "sales", "west");
        other.get(&at).await.problem(404, "not_found");
        let finance: Value = yewu.role("finance_manager").get(&at).await.ok();
        assert!(finance["items"].as_array().unwrap().iter().all(|entry| entry["entity"] != "lead"));
    });
}
