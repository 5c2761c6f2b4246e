//! Proposals: a solution and its quotes, together.
use crate::{
    QUOTES, blocked,
    quotes::approve,
    run,
    solutions::{SOLUTIONS, approved, confirmed, path as solution_path},
    told,
};
use serde_json::{Value, json};
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    Page,
    crm::RequirementSpecSnapshot,
    numbering::RegisterEntry,
    quoting::{Proposal, ProposalQuestion, ProposalStatus, Quote, QuoteId, QuoteStatus, Solution, SolutionStatus},
};

pub const PROPOSALS: &str = "/api/quoting/v1/proposals";

/// A quote of the specification's deal, approved.
pub async fn quote(yewu: &Yewu, spec: &RequirementSpecSnapshot, price: &str) -> Quote {
    yewu.staff(&["sales_manager", "finance_manager"]).await;
    let sales = yewu.role("sales_rep");
    let body = json!({"account_id": spec.account_id, "opportunity_id": spec.opportunity_id, "requirement_spec_id": spec.id,
        "currency": "CNY", "valid_until": "2099-12-31", "note": "our floor is 900.00",
        "lines": [{"sku": "PUMP-40", "quantity": "12", "unit_price": price, "tax_rate": "0.13"}]});
    let quote: Quote = sales.post(QUOTES, body).await.created();
    sales.act(&at_quote(quote.id), "submit", json!({})).await.ok::<Quote>();
    approve(yewu, quote.id.into()).await;
    sales.get(&at_quote(quote.id)).await.ok()
}
pub fn at_quote(id: QuoteId) -> String {
    format!("{QUOTES}/{id}")
}
pub fn path(proposal: &Proposal) -> String {
    format!("{PROPOSALS}/{}", proposal.id)
}
pub fn variants(quotes: &[Quote]) -> Value {
    let variant = |(label, quote): (&str, &Quote)| json!({"label": label, "title": format!("方案 {label}"), "quote_id": quote.id});
    ["A", "B", "C"].into_iter().zip(quotes).map(variant).collect()
}
pub fn new_proposal(solution: &Solution, quotes: &[Quote]) -> Value {
    json!({"title": "泵站改造", "message": "请审阅", "solution_id": solution.id, "variants": variants(quotes)})
}
/// With the customer: a solution and as many variants as there are prices.
pub async fn submitted(yewu: &Yewu, prices: &[&str]) -> (Proposal, Vec<Quote>, RequirementSpecSnapshot) {
    let spec = confirmed(yewu).await;
    let solution = approved(yewu, &spec).await;
    let mut quotes = Vec::new();
    for price in prices {
        quotes.push(quote(yewu, &spec, price).await);
    }
    let sales = yewu.role("sales_rep");
    let draft: Proposal = sales.post(PROPOSALS, new_proposal(&solution, &quotes)).await.created();
    let proposal = sales.act(&path(&draft), "submit", json!({})).await.ok();
    (proposal, quotes, spec)
}
pub async fn quote_status(yewu: &Yewu, id: QuoteId) -> QuoteStatus {
    yewu.role("sales_rep").get(&at_quote(id)).await.ok::<Quote>().status
}
pub async fn solution_status(yewu: &Yewu, proposal: &Proposal) -> SolutionStatus {
    yewu.role("sales_rep").get(&format!("{SOLUTIONS}/{}", proposal.solution_id)).await.ok::<Solution>().status
}
pub fn accepts(variant: &str) -> Value {
    json!({"variant": variant, "evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})
}

#[test]
fn quo_07_solution_and_quotes_are_submitted_and_accepted_together() {
    run(async |yewu| {
        let (proposal, quotes, spec) = submitted(yewu, &["1250.00", "990.00"]).await;
        assert_eq!((proposal.status, proposal.case_id), (ProposalStatus::Submitted, spec.case_id));
        assert_eq!(solution_status(yewu, &proposal).await, SolutionStatus::Submitted);
        for quote in &quotes {
            let now: Quote = yewu.role("sales_rep").get(&at_quote(quote.id)).await.ok();
            assert_eq!((now.status, now.proposal_id), (QuoteStatus::Issued, Some(proposal.id)));
        }
        let sales = yewu.role("sales_rep");
        assert_eq!(blocked(&sales, &at_quote(quotes[0].id), "accept").await, ["part_of_proposal"]);
        let by_itself = json!({"evidence": accepts("A")["evidence"]});
        sales.act(&at_quote(quotes[0].id), "accept", by_itself).await.problem(409, "gate.closed");
        sales.act(&at_quote(quotes[0].id), "reject", json!({"reason": "x"})).await.problem(409, "gate.closed");
        let late =
            json!({"variant": "B", "evidence": {"channel": "email", "person": "李雷", "at": "2099-01-01T00:00:00Z"}});
        let problem = sales.act(&path(&proposal), "accept", late).await.problem(422, "evidence.future");
        assert_eq!(problem.errors[0].pointer, "/evidence/at");
        let listed: Page<Proposal> = sales.get(&format!("{PROPOSALS}?solution_id={}", proposal.solution_id)).await.ok();
        assert_eq!(listed.items.iter().map(|one| one.id).collect::<Vec<_>>(), [proposal.id]);
        let done: Proposal = sales.act(&path(&proposal), "accept", accepts("B")).await.ok();
        assert_eq!((done.status, done.accepted_quote_id), (ProposalStatus::Accepted, Some(quotes[1].id)));
        assert_eq!(solution_status(yewu, &proposal).await, SolutionStatus::Accepted);
        assert_eq!(quote_status(yewu, quotes[1].id).await, QuoteStatus::Accepted);
        assert_eq!(quote_status(yewu, quotes[0].id).await, QuoteStatus::Rejected);
        sales.act(&path(&proposal), "accept", accepts("A")).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_07_one_refusal_keeps_all_of_it_as_it_was() {
    run(async |yewu| {
        let (proposal, quotes, _) = submitted(yewu, &["1250.00", "990.00"]).await;
        let sales = yewu.role("sales_rep");
        sales.act(&at_quote(quotes[0].id), "withdraw", json!({"reason": "calculated wrongly"})).await.ok::<Quote>();
        sales.act(&path(&proposal), "accept", accepts("A")).await.problem(409, "state.refused");
        sales.act(&path(&proposal), "accept", accepts("C")).await.problem(422, "proposal.variant");
        assert_eq!(sales.get(&path(&proposal)).await.ok::<Proposal>().status, ProposalStatus::Submitted);
        assert_eq!(solution_status(yewu, &proposal).await, SolutionStatus::Submitted);
        assert_eq!(quote_status(yewu, quotes[1].id).await, QuoteStatus::Issued);
        assert!(!told(yewu, proposal.id).await.contains("accepted"));
        sales.act(&path(&proposal), "accept", accepts("B")).await.ok::<Proposal>();
        assert_eq!(quote_status(yewu, quotes[0].id).await, QuoteStatus::Withdrawn, "what had ended stays so");
    });
}

#[test]
fn quo_07_two_at_once_accept_one_variant_and_the_table_holds_two_against_none() {
    run(async |yewu| {
        let (proposal, ..) = submitted(yewu, &["1250.00", "990.00", "890.00"]).await;
        let sales = yewu.role("sales_rep");
        let tag = sales.get(&path(&proposal)).await.etag();
        let accept = async |variant: &str| {
            let key = Uuid::now_v7().to_string();
            let headers = [("idempotency-key", key.as_str()), ("if-match", &tag)];
            let at = format!("{}/accept", path(&proposal));
            sales.send(reqwest::Method::POST, &at, &headers, Some(&accepts(variant))).await.status.as_u16()
        };
        let outcomes = futures_util::future::join_all(["A", "B", "C"].map(accept)).await;
        assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
        let accepted =
            format!("SELECT count(*) FROM quotes WHERE proposal_id = '{}' AND status = 'accepted'", proposal.id);
        assert_eq!(yewu.sql("quoting", &accepted).await, "1");
        let force = format!("UPDATE quotes SET status = 'accepted' WHERE proposal_id = '{}'", proposal.id);
        let wall = format!("DO $$ BEGIN {force}; EXCEPTION WHEN unique_violation THEN RETURN; END $$");
        yewu.as_owner("quoting", &wall).await;
        assert_eq!(yewu.sql("quoting", &accepted).await, "1", "the last wall");
    });
}

#[test]
fn quo_07_only_approved_documents_of_one_deal_are_bundled() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let (solution, sales) = (approved(yewu, &spec).await, yewu.role("sales_rep"));
        let (mine, elsewhere) = (quote(yewu, &spec, "10.00").await, quote(yewu, &confirmed(yewu).await, "10.00").await);
        let create = async |body: Value| sales.post(PROPOSALS, body).await;
        create(new_proposal(&solution, &[])).await.problem(422, "proposal.variants");
        let problem =
            create(new_proposal(&solution, &[mine.clone(), elsewhere])).await.problem(422, "proposal.quote_case");
        assert_eq!(problem.errors[0].pointer, "/variants/1/quote_id");
        let draft = crate::quotes::drafted(yewu, &sales).await;
        create(new_proposal(&solution, &[draft])).await.problem(422, "proposal.quote_case");
        let unknown =
            json!({"title": "x", "solution_id": Uuid::now_v7(), "variants": variants(std::slice::from_ref(&mine))});
        assert_eq!(create(unknown).await.problem(422, "body.invalid").errors[0].pointer, "/solution_id");
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        let foreign = new_proposal(&solution, std::slice::from_ref(&mine));
        assert_eq!(
            stranger.post(PROPOSALS, &foreign).await.problem(422, "body.invalid").errors[0].pointer,
            "/solution_id"
        );
        let made: Proposal = create(foreign).await.created();
        stranger.get(&path(&made)).await.problem(404, "not_found");
        yewu.role("technical").act(&solution_path(&solution), "revise", json!({})).await.created::<Solution>();
        sales.act(&path(&made), "submit", json!({})).await.problem(409, "state.refused");
        assert_eq!(quote_status(yewu, mine.id).await, QuoteStatus::Approved, "nothing was issued by halves");
        create(new_proposal(&solution, &[mine])).await.problem(409, "proposal.solution_status");
    });
}

#[test]
fn quo_07_a_solution_is_with_the_customer_in_one_proposal_at_a_time() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let (solution, sales) = (approved(yewu, &spec).await, yewu.role("sales_rep"));
        let mut drafts = Vec::new();
        for price in ["10.00", "11.00"] {
            let quote = quote(yewu, &spec, price).await;
            drafts.push(sales.post(PROPOSALS, new_proposal(&solution, &[quote])).await.created::<Proposal>());
        }
        sales.act(&path(&drafts[0]), "submit", json!({})).await.ok::<Proposal>();
        sales.act(&path(&drafts[1]), "submit", json!({})).await.problem(409, "proposal.solution_taken");
        sales.act(&path(&drafts[0]), "decline", json!({"reason": "预算取消"})).await.ok::<Proposal>();
        assert_eq!(solution_status(yewu, &drafts[0]).await, SolutionStatus::Rejected);
        assert_eq!(quote_status(yewu, drafts[0].variants[0].quote_id).await, QuoteStatus::Rejected);
        sales.act(&path(&drafts[1]), "submit", json!({})).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_07_while_it_is_clarified_a_better_quote_takes_the_place_of_another() {
    run(async |yewu| {
        let (proposal, quotes, spec) = submitted(yewu, &["1250.00", "990.00"]).await;
        let (sales, at) = (yewu.role("sales_rep"), path(&proposal));
        let better = quote(yewu, &spec, "1190.00").await;
        let swap = json!({"variants": variants(&[better.clone(), quotes[1].clone()])});
        sales.patch(&at, &swap).await.problem(409, "state.refused");
        sales.act(&at, "ask", json!({"question": "能否优惠？", "person": "李雷"})).await.ok::<Proposal>();
        sales.patch(&at, &swap).await.ok::<Proposal>();
        assert_eq!(quote_status(yewu, quotes[0].id).await, QuoteStatus::Issued, "the customer has it still");
        let question = sales.get(&at).await.ok::<Proposal>().questions[0].id;
        sales.act(&at, "answer", json!({"question_id": question, "answer": "可以"})).await.ok::<Proposal>();
        sales.act(&at, "submit", json!({})).await.ok::<Proposal>();
        assert_eq!(quote_status(yewu, better.id).await, QuoteStatus::Issued);
        assert_eq!(quote_status(yewu, quotes[0].id).await, QuoteStatus::Withdrawn);
        let done: Proposal = sales.act(&at, "accept", accepts("A")).await.ok();
        assert_eq!(done.accepted_quote_id, Some(better.id));
    });
}

#[test]
fn quo_08_doubts_are_asked_answered_and_accepted() {
    run(async |yewu| {
        let (proposal, ..) = submitted(yewu, &["1250.00"]).await;
        let (sales, at) = (yewu.role("sales_rep"), path(&proposal));
        let asked: Proposal = yewu
            .role("customer_service")
            .act(&at, "ask", json!({"question": "单价含运费吗？", "person": "韩梅梅"}))
            .await
            .ok();
        assert_eq!(asked.status, ProposalStatus::UnderClarification);
        let question = asked.questions[0].id;
        let problem = sales.act(&at, "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].reference.as_deref(), Some(question.to_string().as_str()));
        let accept = json!({"question_id": question});
        sales.act(&at, "accept-answer", &accept).await.problem(422, "proposal.question");
        let answer = json!({"question_id": question, "answer": "含运费"});
        yewu.role("technical").act(&at, "answer", &answer).await.ok::<Proposal>();
        sales.act(&at, "answer", &answer).await.problem(422, "proposal.question");
        sales.act(&at, "accept-answer", &accept).await.ok::<Proposal>();
        let shown: Vec<ProposalQuestion> = sales.get(&format!("{at}/questions")).await.ok();
        let one = &shown[0];
        assert_eq!((one.status.as_str(), one.person.as_str()), ("accepted", "韩梅梅"));
        assert_eq!((one.answer.as_deref(), one.answered_by.as_deref()), (Some("含运费"), Some("user:technical-1")));
        let facts = told(yewu, proposal.id).await;
        assert_eq!(facts, "quoting.proposal.submitted.v1 quoting.proposal.question_answered.v1");
        let again: Proposal = sales.act(&at, "submit", json!({})).await.ok();
        assert_eq!(again.status, ProposalStatus::Submitted);
    });
}

#[test]
fn quo_16_only_the_accepted_proposal_leads_to_a_contract() {
    run(async |yewu| {
        let (proposal, quotes, _) = submitted(yewu, &["99999.00"]).await;
        let accepted = "quoting.quote.accepted.v1";
        assert!(!told(yewu, quotes[0].id).await.contains(accepted));
        let sales = yewu.role("sales_rep");
        sales.act(&path(&proposal), "accept", accepts("A")).await.ok::<Proposal>();
        assert_eq!(told(yewu, quotes[0].id).await, format!("quoting.quote.issued.v1 {accepted}"));
        assert_eq!(told(yewu, proposal.id).await, "quoting.proposal.submitted.v1 quoting.proposal.accepted.v1");
        let same = format!(
            "SELECT count(DISTINCT xmin::text) FROM outbox WHERE kind IN ('{accepted}', 'quoting.proposal.accepted.v1') AND subject IN ('{}', '{}')",
            quotes[0].id, proposal.id
        );
        assert_eq!(yewu.sql("quoting", &same).await, "1", "both are told in one transaction");
        let done: Quote = sales.get(&at_quote(quotes[0].id)).await.ok();
        assert_eq!(done.route.map(wire::quoting::Route::as_str), Some("contract"));
        assert_eq!(done.evidence.map(|evidence| evidence.person.to_string()).as_deref(), Some("李雷"));
    });
}

#[test]
fn quo_17_proposals_are_numbered_and_registered() {
    run(async |yewu| {
        let (proposal, ..) = submitted(yewu, &["10.00"]).await;
        assert!(proposal.number.starts_with("PP-20"), "{}", proposal.number);
        let register = format!("/api/quoting/v1/document-register?number={}", proposal.number);
        let page: Page<RegisterEntry> = yewu.role("auditor").get(&register).await.ok();
        let entries: Vec<_> = page.items.iter().map(|one| (one.kind.as_str(), one.entity_id)).collect();
        assert_eq!(entries, [("proposal", proposal.id.into())]);
    });
}
