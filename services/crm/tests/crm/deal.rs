//! CRM-04, 20, 22, 23, 24, 50: what surrounds an opportunity.
use crate::{BASE, evidence, facts, opportunity, path, put, run};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Response, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    crm::{
        Competitor, CompetitorOutcome, CompetitorStatus, CustomerQuestion, NegotiationRound, NegotiationStatus,
        Opportunity, OpportunityCompetitor, OpportunityMember, OpportunityMemberStatus, OpportunityStatus, Pipeline,
        QuestionStatus, User,
    },
};

fn all(collection: &str) -> String {
    format!("{BASE}/{collection}")
}
/// Somebody new in the directory.
pub async fn employee(yewu: &Yewu, role: &str) -> String {
    let reference = format!("{role}-{}", Uuid::now_v7().simple());
    let body = json!({"name": "王芳", "roles": [role], "department": "sales", "team": "west"});
    put(&yewu.role("ops"), &format!("users/by-ref/directory/{reference}"), body).await.created::<User>();
    reference
}
/// A sales representative whom nobody of the others knows.
fn stranger(yewu: &Yewu) -> Client {
    yewu.user("sales_rep", &format!("stranger-{}", Uuid::now_v7().simple()), "sales", "west")
}
/// Takes a seat that the caller need not see.
async fn join(client: &Client, seat: &OpportunityMember) -> Response {
    let (key, etag) = (Uuid::now_v7().to_string(), format!("\"{}\"", seat.version));
    let headers = [("idempotency-key", key.as_str()), ("if-match", etag.as_str())];
    let at = format!("{}/join", path("opportunity-members", seat.id));
    client.send(Method::POST, &at, &headers, Some(&json!({}))).await
}

/// Evidence of so many seconds from now.
fn dated(yewu: &Yewu, seconds: i64) -> Value {
    let at = yewu.node.clock.now().timestamp() + jiff::SignedDuration::from_secs(seconds);
    json!({"evidence": {"channel": "email", "person": "李雷", "at": at.to_string()}})
}

#[test]
fn crm_19_22_24_what_the_customer_did_is_not_dated_in_the_future() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let deal = opportunity(&sales).await;
        let specified = path("requirement-specs", crate::spec(&sales, &deal).await.id);
        sales.act(&specified, "submit", json!({})).await.ok::<Value>();
        let body = json!({"opportunity_id": deal.id, "text": "质保期？", "asked_by": "李雷", "due_on": "2099-12-31"});
        let question: CustomerQuestion = sales.post(&all("questions"), body).await.created();
        let asked = path("questions", question.id);
        technician.act(&asked, "answer", json!({"answer": "三年"})).await.ok::<CustomerQuestion>();
        for (at, verb) in [(path("opportunities", deal.id), "mark-intent"), (specified, "confirm"), (asked, "accept")] {
            let problem = sales.act(&at, verb, dated(yewu, 120)).await.problem(422, "evidence.future");
            assert_eq!(problem.errors[0].pointer, "/evidence/at", "{verb}");
            // A clock that is a little ahead of ours is not the future.
            sales.act(&at, verb, dated(yewu, 50)).await.ok::<Value>();
        }
    });
}

#[test]
fn crm_22_a_question_is_answered_until_the_customer_is_content() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let deal = opportunity(&sales).await;
        let body =
            |due_on: &str| json!({"opportunity_id": deal.id, "text": "质保期？", "asked_by": "李雷", "due_on": due_on});
        let past = sales.post(&all("questions"), body("2020-01-01")).await.problem(422, "question.due_on");
        assert_eq!(past.errors[0].pointer, "/due_on");
        let foreign = stranger(yewu).post(&all("questions"), body("2099-12-31")).await.problem(422, "body.invalid");
        assert_eq!(foreign.errors[0].pointer, "/opportunity_id");
        let question: CustomerQuestion = sales.post(&all("questions"), body("2099-12-31")).await.created();
        assert_eq!((question.case_id, question.owner_id.as_deref()), (deal.case_id, Some("sales_rep-1")));
        let at = path("questions", question.id);
        stranger(yewu).get(&at).await.problem(404, "not_found");
        sales.act(&at, "accept", evidence()).await.problem(409, "state.refused");
        technician.act(&at, "answer", json!({"answer": "三年"})).await.ok::<CustomerQuestion>();
        let again: CustomerQuestion = sales.act(&at, "reopen", json!({"reason": "含易损件吗"})).await.ok();
        assert_eq!(
            (again.status, again.reopened, again.answer.as_deref()),
            (QuestionStatus::Reopened, 1, Some("三年"))
        );
        technician.act(&at, "answer", json!({"answer": "不含易损件"})).await.ok::<CustomerQuestion>();
        sales.act(&at, "accept", json!({})).await.problem(422, "body.invalid");
        let done: CustomerQuestion = sales.act(&at, "accept", evidence()).await.ok();
        assert_eq!((done.status, done.evidence.is_some()), (QuestionStatus::Accepted, true));
        assert_eq!(facts(yewu, question.id).await, ["crm.question.answered.v1"; 2].join(" "));
        sales.act(&path("opportunities", deal.id), "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        sales.post(&all("questions"), body("2099-12-31")).await.problem(409, "opportunity.closed");
    });
}

#[test]
fn crm_22_what_waits_beyond_its_last_day_is_visible() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let body = json!({"opportunity_id": deal.id, "text": "交期？", "due_on": "2099-12-31"});
        let late: CustomerQuestion = sales.post(&all("questions"), &body).await.created();
        let fine: CustomerQuestion = sales.post(&all("questions"), &body).await.created();
        yewu.as_owner("crm", &format!("UPDATE questions SET due_on = '2020-01-01' WHERE id = '{}'", late.id)).await;
        assert!(sales.get(&path("questions", late.id)).await.ok::<CustomerQuestion>().overdue);
        assert!(!sales.get(&path("questions", fine.id)).await.ok::<CustomerQuestion>().overdue);
        let about = |overdue: bool| format!("{}?opportunity_id={}&overdue={overdue}", all("questions"), deal.id);
        let both: Page<CustomerQuestion> = sales.get(&about(false)).await.ok();
        assert_eq!(both.items.iter().map(|row| row.id).collect::<Vec<_>>(), [fine.id, late.id], "`false` asks nothing");
        let overdue: Page<CustomerQuestion> = sales.get(&about(true)).await.ok();
        assert_eq!(overdue.items.iter().map(|row| row.id).collect::<Vec<_>>(), [late.id]);
        sales.act(&path("questions", late.id), "answer", json!({"answer": "三周"})).await.ok::<CustomerQuestion>();
        assert!(sales.get(&about(true)).await.ok::<Page<CustomerQuestion>>().items.is_empty());
    });
}

#[test]
fn crm_23_a_round_is_agreed_when_every_term_has_an_agreed_position() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let terms = ["cooperation", "price", "payment", "delivery", "service"];
        let position = |term: &str, agreed: bool| json!({"term": term, "ours": "我方", "theirs": "对方", "agreed": agreed.then_some("一致")});
        let round = |positions: Vec<Value>| json!({"opportunity_id": deal.id, "positions": positions});
        let twice = round(vec![position("price", false), position("price", false)]);
        sales.post(&all("negotiation-rounds"), twice).await.problem(422, "negotiation_round.term");
        let one = round(vec![position("price", false)]);
        let first: NegotiationRound = sales.post(&all("negotiation-rounds"), &one).await.created();
        sales.post(&all("negotiation-rounds"), &one).await.problem(409, "negotiation_round.open");
        let at = path("negotiation-rounds", first.id);
        sales.act(&at, "fail", json!({"reason": "价格差距过大"})).await.ok::<NegotiationRound>();
        let second: NegotiationRound = sales.post(&all("negotiation-rounds"), &one).await.created();
        assert_eq!((first.round, second.round), (1, 2));
        let at = path("negotiation-rounds", second.id);
        let four: Vec<Value> = terms.iter().map(|term| position(term, *term != "service")).collect();
        sales.patch(&at, json!({"positions": four})).await.ok::<NegotiationRound>();
        let problem = sales.act(&at, "agree", evidence()).await.problem(409, "gate.closed");
        let open: Vec<_> = problem.blocked_by.iter().map(|gate| gate.reference.as_deref()).collect();
        assert_eq!(open, [Some("service")]);
        let five: Vec<Value> = terms.iter().map(|term| position(term, true)).collect();
        sales.patch(&at, json!({"positions": five})).await.ok::<NegotiationRound>();
        let done: NegotiationRound = sales.act(&at, "agree", evidence()).await.ok();
        assert_eq!((done.status, done.closed_at.is_some()), (NegotiationStatus::Agreed, true));
        sales.patch(&at, json!({"note": "x"})).await.problem(409, "state.refused");
        assert_eq!(facts(yewu, second.id).await, "crm.negotiation.round_closed.v1");
        let about = format!("{}?opportunity_id={}&status=failed", all("negotiation-rounds"), deal.id);
        assert_eq!(sales.get(&about).await.ok::<Page<NegotiationRound>>().items[0].id, first.id);
    });
}

#[test]
fn crm_24_an_intent_is_marked_once_with_its_letter() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let at = path("opportunities", deal.id);
        sales.act(&at, "mark-intent", json!({})).await.problem(422, "body.invalid");
        let upload = format!("{BASE}/attachments?file_name=loi.pdf&kind=document");
        let letter: wire::attachment::Attachment =
            sales.upload(&upload, "application/pdf", b"%PDF-1.7 letter of intent".to_vec()).await.created();
        let mut signed = evidence();
        signed["evidence"]["attachment_id"] = json!(letter.id);
        let meant: Opportunity = sales.act(&at, "mark-intent", &signed).await.ok();
        assert_eq!((meant.stage.as_str(), meant.intent_at.is_some()), ("research", true), "no stage of that key here");
        let kept: wire::attachment::Attachment = sales.get(&path("attachments", letter.id)).await.ok();
        assert_eq!(kept.entity_id, Some(deal.id.into()));
        sales.act(&at, "mark-intent", &signed).await.problem(409, "opportunity.intent");
        assert_eq!(facts(yewu, deal.id).await, "crm.opportunity.registered.v1 crm.opportunity.intent_agreed.v1");
    });
}

#[test]
fn crm_24_a_pipeline_with_a_stage_for_it_has_the_stage_entered() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let stage = |key: &str, probability: &str, exit: &[&str]| json!({"key": key, "name_zh": "阶段", "name_en": "Stage", "probability": probability, "exit_criteria": exit});
        let stages = [stage("talk", "0.2", &["expected_close"]), stage("intent", "0.7", &[])];
        let pipeline: Pipeline =
            boss.post(&all("pipelines"), json!({"name": "意向", "stages": stages})).await.created();
        let account = crate::account(&sales).await;
        let new = json!({"account_id": account.id, "name": "二期", "need": "泵", "source": "online", "pipeline_id": pipeline.id});
        let deal: Opportunity = sales.post(&all("opportunities"), new).await.created();
        let at = path("opportunities", deal.id);
        let closed = sales.act(&at, "mark-intent", evidence()).await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "expected_close");
        sales.patch(&at, json!({"expected_close": "2099-12-31"})).await.ok::<Opportunity>();
        let meant: Opportunity = sales.act(&at, "mark-intent", evidence()).await.ok();
        assert_eq!((meant.stage.as_str(), meant.probability.to_string()), ("intent", "0.7".to_owned()));
        assert_eq!(
            facts(yewu, deal.id).await,
            "crm.opportunity.registered.v1 crm.opportunity.intent_agreed.v1 crm.opportunity.stage_changed.v1"
        );
    });
}

async fn competitor(client: &Client) -> Competitor {
    let body = json!({"name": format!("蓝海{}泵业有限公司", Uuid::now_v7().simple()), "strengths": "交货快", "weaknesses": "无售后网点",
        "prices": [{"product": "卧式泵 40", "price": {"amount": "1180.00", "currency": "CNY"}, "seen_on": "2026-03-02"}]});
    client.post(&all("competitors"), body).await.created()
}

#[test]
fn crm_04_competitors_are_known_once_and_archived() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let rival = competitor(&sales).await;
        let same = json!({"name": rival.name.replace("有限公司", "")});
        sales.post(&all("competitors"), same).await.problem(409, "competitor.known");
        let at = path("competitors", rival.id);
        let more: Competitor = sales.patch(&at, json!({"weaknesses": "质量不稳定"})).await.ok();
        assert_eq!((more.weaknesses.as_deref(), more.prices.len()), (Some("质量不稳定"), 1));
        sales.act(&at, "archive", json!({})).await.problem(403, "permission.missing");
        let gone: Competitor = boss.act(&at, "archive", json!({})).await.ok();
        assert_eq!(gone.status, CompetitorStatus::Archived);
        let deal = path("opportunities", opportunity(&sales).await.id);
        let name = json!({"competitor_id": rival.id});
        sales.act(&deal, "name-competitor", &name).await.problem(422, "opportunity.competitor_archived");
        boss.act(&at, "restore", json!({})).await.ok::<Competitor>();
        sales.act(&deal, "name-competitor", &name).await.ok::<Opportunity>();
        assert_eq!(facts(yewu, rival.id).await, ["crm.competitor.updated.v1"; 4].join(" "));
    });
}

#[test]
fn crm_04_a_closed_deal_says_why_and_who_got_it() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (cheap, near) = (competitor(&sales).await, competitor(&sales).await);
        let at = path("opportunities", opportunity(&sales).await.id);
        let named =
            json!({"competitor_id": cheap.id, "price": {"amount": "14000.00", "currency": "CNY"}, "note": "含运费"});
        sales.act(&at, "name-competitor", named).await.ok::<Opportunity>();
        sales.act(&at, "name-competitor", json!({"competitor_id": near.id})).await.ok::<Opportunity>();
        let nobody = json!({"reason": "x", "competitor_id": Uuid::now_v7()});
        assert_eq!(
            sales.act(&at, "lose", nobody).await.problem(422, "body.invalid").errors[0].pointer,
            "/competitor_id"
        );
        let why = json!({"reason": "低价中标", "reason_code": "price", "competitor_id": cheap.id});
        let lost: Opportunity = sales.act(&at, "lose", why).await.ok();
        assert_eq!((lost.status, lost.competitor_id), (OpportunityStatus::Lost, Some(cheap.id)));
        assert_eq!(lost.reason_code.map(wire::crm::CloseReason::as_str), Some("price"));
        let rivals: Vec<OpportunityCompetitor> = sales.get(&format!("{at}/competitors")).await.ok();
        let tags: Vec<_> = rivals.iter().map(|rival| rival.outcome).collect();
        assert_eq!(tags, [Some(CompetitorOutcome::Won), Some(CompetitorOutcome::Lost)]);
        let about = format!("{}?competitor_id={}&status=lost", all("opportunities"), cheap.id);
        assert_eq!(sales.get(&about).await.ok::<Page<Opportunity>>().items[0].id, lost.id);
        let open: Opportunity = boss.act(&at, "reopen", json!({"reason": "重新招标"})).await.ok();
        assert_eq!((open.reason_code, open.competitor_id, open.competitors[0].outcome), (None, None, None));
        sales.act(&at, "drop-competitor", json!({"competitor_id": near.id})).await.ok::<Opportunity>();
        let again = json!({"competitor_id": near.id});
        sales.act(&at, "drop-competitor", again).await.problem(422, "opportunity.competitor");
        let won: Opportunity =
            sales.act(&at, "win", json!({"reason": "服务更好", "reason_code": "service"})).await.ok();
        assert_eq!(won.competitors[0].outcome, Some(CompetitorOutcome::Lost));
    });
}

#[test]
fn crm_20_technical_support_is_asked_for_joins_and_is_released() {
    run(async |yewu| {
        let (sales, technician) = (yewu.role("sales_rep"), yewu.role("technical"));
        let deal = opportunity(&sales).await;
        let ask = |role: &str, person: Option<&str>| json!({"opportunity_id": deal.id, "role": role, "person": person});
        let members = all("opportunity-members");
        let nobody = sales.post(&members, ask("legal", Some("nobody"))).await.problem(422, "body.invalid");
        assert_eq!(nobody.errors[0].pointer, "/person");
        let seat: OpportunityMember = sales.post(&members, ask("technical_support", None)).await.created();
        let at = path("opportunity-members", seat.id);
        join(&stranger(yewu), &seat).await.problem(403, "opportunity_member.role");
        let joined: OpportunityMember = technician.act(&at, "join", json!({})).await.ok();
        assert_eq!((joined.status, joined.person.as_deref()), (OpportunityMemberStatus::Joined, Some("technical-1")));
        let twice: OpportunityMember = sales.post(&members, ask("technical_support", None)).await.created();
        technician
            .act(&path("opportunity-members", twice.id), "join", json!({}))
            .await
            .problem(409, "opportunity_member.twice");
        let mine: Page<OpportunityMember> =
            technician.get(&format!("{members}?mine=true&opportunity_id={}", deal.id)).await.ok();
        assert_eq!(mine.items.iter().map(|row| row.id).collect::<Vec<_>>(), [seat.id]);
        let gone: OpportunityMember = sales.act(&at, "release", json!({"reason": "选型完成"})).await.ok();
        assert_eq!((gone.status, gone.released_at.is_some()), (OpportunityMemberStatus::Released, true));
        let told = "crm.opportunity.team_changed.v1";
        assert_eq!(facts(yewu, deal.id).await, format!("crm.opportunity.registered.v1 {told} {told} {told} {told}"));
    });
}

#[test]
fn crm_20_whoever_has_joined_reads_the_opportunity_and_no_more() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let name = employee(yewu, "sales_rep").await;
        let colleague = yewu.user("sales_rep", &name, "sales", "west");
        let at = path("opportunities", deal.id);
        colleague.get(&at).await.problem(404, "not_found");
        let ask = json!({"opportunity_id": deal.id, "role": "negotiator", "person": name});
        let seat: OpportunityMember = sales.post(&all("opportunity-members"), &ask).await.created();
        sales.post(&all("opportunity-members"), &ask).await.problem(409, "opportunity_member.twice");
        colleague.get(&at).await.problem(404, "not_found");
        join(&stranger(yewu), &seat).await.problem(403, "opportunity_member.reserved");
        join(&colleague, &seat).await.ok::<OpportunityMember>();
        assert_eq!(colleague.get(&at).await.ok::<Opportunity>().id, deal.id);
        let etag = colleague.get(&at).await.etag();
        let patch = colleague.send(Method::PATCH, &at, &[("if-match", &etag)], Some(&json!({"name": "x"}))).await;
        patch.problem(404, "not_found");
        let seat = path("opportunity-members", seat.id);
        sales.act(&seat, "release", json!({"reason": "完成"})).await.ok::<OpportunityMember>();
        colleague.get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_50_customer_service_helps_at_once() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        let (service, other) = (employee(yewu, "customer_service").await, employee(yewu, "technical").await);
        let add =
            |person: Option<&str>| json!({"opportunity_id": deal.id, "role": "customer_service", "person": person});
        let members = all("opportunity-members");
        sales.post(&members, add(None)).await.problem(422, "opportunity_member.person");
        sales.post(&members, add(Some(&other))).await.problem(422, "opportunity_member.not_service");
        let added: OpportunityMember = sales.post(&members, add(Some(&service))).await.created();
        assert_eq!((added.status, added.joined_at.is_some()), (OpportunityMemberStatus::Joined, true));
        assert_eq!(facts(yewu, added.id).await, "crm.collaborator.added.v1");
        assert_eq!(facts(yewu, deal.id).await, "crm.opportunity.registered.v1");
        let at = path("opportunity-members", added.id);
        sales.act(&at, "release", json!({"reason": "完成"})).await.ok::<OpportunityMember>();
        assert_eq!(facts(yewu, deal.id).await, "crm.opportunity.registered.v1 crm.opportunity.team_changed.v1");
    });
}
