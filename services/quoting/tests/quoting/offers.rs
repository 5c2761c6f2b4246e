//! What the customer has of a proposal while it is being changed, and what a proposal may not become.
use crate::{
    QUOTES,
    proposal_links::{LINKS, contact, post, shared, url, yes},
    proposals::{PROPOSALS, accepts, new_proposal, path, quote, quote_status, submitted, variants},
    quotes::new_quote,
    run,
    solutions::{SOLUTIONS, approved, confirmed, path as solution_path},
};
use serde_json::{Value, json};
use testkit::Yewu;
use uuid::Uuid;
use wire::{
    crm::{AccountId, AccountMerged, AccountSnapshot, AccountUpdated, HandoverActivated, HandoverPerson},
    handover::HandoverScope,
    quoting::{Proposal, ProposalLink, Quote, QuoteStatus, SharedProposal, Solution, SolutionStatus},
};

/// The open question of a proposal is answered.
async fn answered(yewu: &Yewu, at: &str) -> Proposal {
    let sales = yewu.role("sales_rep");
    let question = sales.get(at).await.ok::<Proposal>().questions[0].id;
    sales.act(at, "answer", json!({"question_id": question, "answer": "可以"})).await.ok()
}

#[test]
fn quo_07_what_is_changed_is_not_the_customers_before_it_is_sent_again() {
    run(async |yewu| {
        let (proposal, _, link) = shared(yewu, &["1250.00", "990.00"]).await;
        let (sales, customer, at) = (yewu.role("sales_rep"), yewu.nobody(), path(&proposal));
        let before: SharedProposal = customer.get(&url(&link)).await.ok();
        assert_eq!((before.document.revision, proposal.revision), (1, 1));
        post(&customer, &url(&link), "ask", json!({"question": "能否优惠？"})).await.ok::<SharedProposal>();
        let mut swapped = proposal.variants.clone();
        swapped.reverse();
        (swapped[0].label, swapped[1].label) = ("A".parse().unwrap(), "B".parse().unwrap());
        let changes = json!({"title": "泵站改造（优惠）", "message": "新的报价", "variants": swapped});
        let edited: Proposal = sales.patch(&at, &changes).await.ok();
        let offered = edited.offered.expect("what the customer has");
        assert_eq!((offered.title.as_str(), offered.variants), ("泵站改造", proposal.variants.clone()));
        let still: SharedProposal = customer.get(&url(&link)).await.ok();
        assert_eq!(still.document, before.document, "not a letter of it");
        answered(yewu, &at).await;
        let again: Proposal = sales.act(&at, "submit", json!({})).await.ok();
        assert_eq!(again.revision, 2);
        // What they have on their screen is another thing by now.
        let problem = post(&customer, &url(&link), "accept", yes(&proposal)).await.problem(409, "proposal.changed");
        assert_eq!(problem.errors[0].pointer, "/revision");
        let now: SharedProposal = customer.get(&url(&link)).await.ok();
        assert_eq!((now.document.title.as_str(), now.document.revision), ("泵站改造（优惠）", 2));
        let other = json!({"number": "PP-0", "revision": 2, "variant": "B", "name": "李雷"});
        post(&customer, &url(&link), "accept", other).await.problem(409, "proposal.changed");
        post(&customer, &url(&link), "accept", json!({"variant": "B", "name": "李雷"}))
            .await
            .problem(422, "body.invalid");
        post(&customer, &url(&link), "accept", yes(&again)).await.ok::<SharedProposal>();
        assert_eq!(quote_status(yewu, proposal.variants[0].quote_id).await, QuoteStatus::Accepted);
    });
}

#[test]
fn quo_07_what_was_offered_can_be_accepted_while_it_is_being_changed() {
    run(async |yewu| {
        let (proposal, quotes, spec) = submitted(yewu, &["1250.00"]).await;
        let (sales, at) = (yewu.role("sales_rep"), path(&proposal));
        sales.act(&at, "ask", json!({"question": "能否优惠？", "person": "李雷"})).await.ok::<Proposal>();
        let better = quote(yewu, &spec, "1190.00").await;
        sales
            .patch(&at, &json!({"title": "x", "variants": variants(std::slice::from_ref(&better))}))
            .await
            .ok::<Proposal>();
        let done: Proposal = sales.act(&at, "accept", accepts("A")).await.ok();
        assert_eq!((done.accepted_quote_id, done.title.as_str()), (Some(quotes[0].id), "泵站改造"));
        assert_eq!(done.variants, proposal.variants);
        assert_eq!(quote_status(yewu, better.id).await, QuoteStatus::Approved, "nobody has seen that one");
    });
}

#[test]
fn quo_07_a_solution_that_is_offered_is_no_other_proposals() {
    run(async |yewu| {
        let (first, _, spec) = submitted(yewu, &["10.00"]).await;
        let (second, mine) = (approved(yewu, &spec).await, quote(yewu, &spec, "11.00").await);
        let sales = yewu.role("sales_rep");
        let made: Proposal = sales.post(PROPOSALS, new_proposal(&second, &[mine])).await.created();
        let at = path(&made);
        sales.act(&at, "submit", json!({})).await.ok::<Proposal>();
        sales.act(&at, "ask", json!({"question": "?", "person": "李雷"})).await.ok::<Proposal>();
        let taken = json!({"solution_id": first.solution_id});
        sales.patch(&at, &taken).await.ok::<Proposal>();
        answered(yewu, &at).await;
        sales.act(&at, "submit", json!({})).await.problem(409, "proposal.solution_taken");
        // The one that the customer has is not free either, though another one is to take its place.
        let third = approved(yewu, &spec).await;
        sales.patch(&at, &json!({"solution_id": third.id})).await.ok::<Proposal>();
        let draft = new_proposal(&second, &[quote(yewu, &spec, "12.00").await]);
        let draft: Proposal = sales.post(PROPOSALS, draft).await.created();
        sales.act(&path(&draft), "submit", json!({})).await.problem(409, "proposal.solution_taken");
        sales.act(&at, "submit", json!({})).await.ok::<Proposal>();
        let status = |solution: &Solution| format!("{SOLUTIONS}/{}", solution.id);
        let now =
            [sales.get(&status(&second)).await.ok::<Solution>(), sales.get(&status(&third)).await.ok::<Solution>()];
        assert_eq!(now.map(|one| one.status), [SolutionStatus::Rejected, SolutionStatus::Submitted]);
    });
}

#[test]
fn quo_07_quotes_of_two_currencies_are_no_proposal() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let (solution, sales) = (approved(yewu, &spec).await, yewu.role("sales_rep"));
        let yuan = quote(yewu, &spec, "10.00").await;
        let body = json!({"account_id": spec.account_id, "opportunity_id": spec.opportunity_id, "currency": "USD",
            "valid_until": "2099-12-31", "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": "9.00"}]});
        let dollars: Quote = sales.post(QUOTES, body).await.created();
        let both = new_proposal(&solution, &[yuan, dollars]);
        let problem = sales.post(PROPOSALS, both).await.problem(422, "proposal.currency");
        assert_eq!(problem.errors[0].pointer, "/variants/1/quote_id");
    });
}

#[test]
fn quo_07_two_who_share_at_once_leave_one_link_and_nobody_an_error_of_ours() {
    run(async |yewu| {
        let (proposal, ..) = submitted(yewu, &["10.00"]).await;
        let (contact, sales) = (contact(yewu, proposal.account_id).await, yewu.role("sales_rep"));
        let tag = sales.get(&path(&proposal)).await.etag();
        let share = async |_: usize| {
            let key = Uuid::now_v7().to_string();
            let headers = [("idempotency-key", key.as_str()), ("if-match", &tag)];
            let at = format!("{}/share", path(&proposal));
            let body = json!({"contact_id": contact.id});
            sales.send(reqwest::Method::POST, &at, &headers, Some(&body)).await
        };
        let answers = futures_util::future::join_all((0..6).map(share)).await;
        let told: Vec<(u16, String)> =
            answers.iter().map(|answer| (answer.status.as_u16(), answer.text.clone())).collect();
        assert!(told.iter().all(|(status, _)| *status == 201), "one after the other: {told:?}");
        let open =
            format!("SELECT count(*) FROM proposal_links WHERE proposal_id = '{}' AND status = 'open'", proposal.id);
        assert_eq!(yewu.sql("quoting", &open).await, "1");
    });
}

#[test]
fn crm_51_links_pass_to_the_deputy_with_their_proposal() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        let (proposal, contact, link) = shared(&yewu, &["10.00"]).await;
        let revoked = format!("{LINKS}/{}", link.id);
        yewu.role("sales_rep").act(&revoked, "revoke", json!({})).await.ok::<ProposalLink>();
        let body = json!({"contact_id": contact.id});
        let open: ProposalLink = yewu.role("sales_rep").act(&path(&proposal), "share", body).await.created();
        // Links that open nothing any more, or nothing that is still to be decided, are nobody's work.
        let (decided, _, of_decided) = shared(&yewu, &["10.00"]).await;
        let no = json!({"reason": "预算取消"});
        yewu.role("sales_rep").act(&path(&decided), "decline", no).await.ok::<Proposal>();
        let (.., expired) = shared(&yewu, &["10.00"]).await;
        let over = "UPDATE proposal_links SET created_at = created_at - interval '9 days', expires_at = created_at - interval '1 day'";
        yewu.as_owner("quoting", &format!("{over} WHERE id = '{}'", expired.id)).await;
        let here = yewu.user("sales_rep", "deputy", "sales", "sales");
        let to =
            HandoverPerson { reference: "deputy".into(), team: Some("sales".into()), department: Some("sales".into()) };
        let (handover_id, number) = (Uuid::now_v7().into(), "HO-2026-000001".into());
        let scopes = vec![HandoverScope::Quotes];
        yewu.hear(&HandoverActivated { handover_id, number, from: "sales_rep-1".into(), to, scopes }).await;
        for _ in 0..8 {
            yewu.node.run_jobs().await.unwrap();
        }
        here.get(&path(&proposal)).await.ok::<Proposal>();
        let at = format!("{LINKS}/{}", open.id);
        assert_eq!(here.get(&at).await.ok::<ProposalLink>().version, open.version + 1);
        here.get(&revoked).await.problem(404, "not_found");
        for closed in [of_decided.id, expired.id] {
            here.get(&format!("{LINKS}/{closed}")).await.problem(404, "not_found");
        }
        // It opens as before, and who is there now can end it.
        yewu.nobody().get(&url(&open)).await.ok::<SharedProposal>();
        here.act(&at, "revoke", json!({})).await.ok::<ProposalLink>();
        yewu.nobody().get(&url(&open)).await.problem(404, "link.invalid");
    });
}

/// crm has merged a customer into another one, and told of it.
async fn merged(yewu: &Yewu, account_id: AccountId, into: (AccountId, &str)) {
    let (number, name, status) = ("AC-2026-000001".to_owned(), "晨光泵业".into(), "merged".into());
    let gone =
        AccountSnapshot { id: account_id, number: number.clone(), name, status, tier: None, region: None, version: 9 };
    yewu.hear(&AccountUpdated(gone)).await;
    let (into_account_id, into_number) = (into.0, into.1.to_owned());
    let into_name = "晨光集团".to_owned();
    yewu.hear(&AccountMerged { account_id, number, into_account_id, into_number, into_name }).await;
}

#[test]
fn crm_28_nothing_new_is_made_for_a_customer_who_was_merged_and_the_refusal_names_the_survivor() {
    run(async |yewu| {
        let spec = confirmed(yewu).await;
        let (solution, mine) = (approved(yewu, &spec).await, quote(yewu, &spec, "10.00").await);
        let [second, third] = [AccountId(Uuid::now_v7()), AccountId(Uuid::now_v7())];
        merged(yewu, spec.account_id, (second, "AC-2026-000002")).await;
        let (sales, technical) = (yewu.role("sales_rep"), yewu.role("technical"));
        let refused = async |survivor: &str| {
            let proposal = sales.post(PROPOSALS, new_proposal(&solution, std::slice::from_ref(&mine))).await;
            let body: Value = json!({"requirement_spec_id": spec.id, "title": "x", "sections": []});
            let made = [
                (sales.post(QUOTES, new_quote(spec.account_id, "10.00")).await, "/account_id"),
                (technical.post(SOLUTIONS, body).await, "/requirement_spec_id"),
                (proposal, "/solution_id"),
            ];
            for (answer, place) in made {
                let problem = answer.problem(409, "customer.merged");
                assert_eq!(problem.errors[0].pointer, place);
                assert!(problem.detail.contains(survivor), "{problem:?}");
            }
        };
        refused(&format!("AC-2026-000002 晨光集团 ({second})")).await;
        // Who took over was merged, too.
        yewu.hear(&AccountMerged {
            account_id: second,
            number: "AC-2026-000002".into(),
            into_account_id: third,
            into_number: "AC-2026-000003".into(),
            into_name: "晨光集团".into(),
        })
        .await;
        refused(&format!("({third})")).await;
        sales.get(&solution_path(&solution)).await.ok::<Solution>();
        let purged = crate::account(yewu).await;
        let (number, name, status) = ("AC-2026-000004".to_owned(), "AC-2026-000004".into(), "purged".into());
        yewu.hear(&AccountUpdated(AccountSnapshot {
            id: purged,
            number,
            name,
            status,
            tier: None,
            region: None,
            version: 2,
        }))
        .await;
        sales.post(QUOTES, new_quote(purged, "10.00")).await.problem(409, "customer.gone");
    });
}
