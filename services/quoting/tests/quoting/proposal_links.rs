//! What a customer does over a link, without an account; and what nobody does over any.
use crate::{
    proposals::{path, quote_status, solution_status, submitted},
    run, told,
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Response, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    crm::{AccountId, ContactCreated, ContactId, ContactSnapshot, ContactUpdated},
    quoting::{
        Proposal, ProposalLink, ProposalLinkStatus, ProposalStatus, QuoteStatus, SharedProposal, SolutionStatus,
    },
};

pub const LINKS: &str = "/api/quoting/v1/proposal-links";

pub async fn contact(yewu: &Yewu, account_id: AccountId) -> ContactSnapshot {
    let contact = ContactSnapshot {
        id: ContactId(Uuid::now_v7()),
        account_id,
        name: "李雷".into(),
        phone: None,
        email: None,
        primary: true,
        status: "active".into(),
        version: 1,
    };
    yewu.hear(&ContactCreated(contact.clone())).await;
    contact
}
pub async fn share(yewu: &Yewu, proposal: &Proposal, contact: &ContactSnapshot) -> ProposalLink {
    yewu.role("sales_rep").act(&path(proposal), "share", json!({"contact_id": contact.id})).await.created()
}
/// A proposal with the customer, and a link to it.
pub async fn shared(yewu: &Yewu, prices: &[&str]) -> (Proposal, ContactSnapshot, ProposalLink) {
    let (proposal, ..) = submitted(yewu, prices).await;
    let contact = contact(yewu, proposal.account_id).await;
    let link = share(yewu, &proposal, &contact).await;
    (proposal, contact, link)
}
pub fn url(link: &ProposalLink) -> String {
    link.url.clone().expect("a link that was just shared")
}
/// The token, as it stands in the path.
fn token(link: &ProposalLink) -> String {
    url(link).rsplit('/').next().unwrap_or_default().to_owned()
}
/// Posts as the customer's page does: under a key, without a token and without a version.
pub async fn post(client: &Client, url: &str, verb: &str, body: Value) -> Response {
    post_as(client, &Uuid::now_v7().to_string(), url, verb, &body).await
}
async fn post_as(client: &Client, key: &str, url: &str, verb: &str, body: &Value) -> Response {
    client.send(Method::POST, &format!("{url}/{verb}"), &[("idempotency-key", key)], Some(body)).await
}
/// To variant B, as it stood when it was shared.
pub fn yes(read: &Proposal) -> Value {
    json!({"number": read.number, "revision": read.revision, "variant": "B", "name": "李雷", "evidence": "PO-4711"})
}

#[test]
fn quo_07_a_customer_reads_asks_and_accepts_without_an_account() {
    run(async |yewu| {
        let (proposal, contact, link) = shared(yewu, &["1250.00", "990.00"]).await;
        let (customer, sales) = (yewu.nobody(), yewu.role("sales_rep"));
        let answer = customer.send(Method::GET, &url(&link), &[("accept-language", "zh-CN")], None).await;
        let cache = answer.header("cache-control").to_owned();
        let page: SharedProposal = answer.ok();
        assert_eq!((cache.as_str(), page.open, page.status), ("no-store", true, ProposalStatus::Submitted));
        assert_eq!((page.document.customer.as_str(), page.document.contact.as_deref()), ("晨光泵业", Some("李雷")));
        let titles: Vec<&str> = page.document.sections.iter().map(|section| section.title.as_str()).collect();
        assert_eq!(titles, ["产品选型", "技术实现路径", "服务内容", "项目实施计划"]);
        let totals: Vec<String> =
            page.document.variants.iter().map(|one| format!("{} {}", one.label, one.totals.gross)).collect();
        assert_eq!(totals, ["A 16950.00 CNY", "B 13424.40 CNY"]);
        let asked: SharedProposal = post(&customer, &url(&link), "ask", json!({"question": "含运费吗？"})).await.ok();
        assert_eq!((asked.status, asked.questions[0].person.as_str()), (ProposalStatus::UnderClarification, "李雷"));
        let reply = json!({"question_id": asked.questions[0].id, "answer": "含运费"});
        sales.act(&path(&proposal), "answer", reply).await.ok::<Proposal>();
        let read: SharedProposal = customer.get(&url(&link)).await.ok();
        assert_eq!(read.questions[0].answer.as_deref(), Some("含运费"));
        let done: SharedProposal = post(&customer, &url(&link), "accept", yes(&proposal)).await.ok();
        assert_eq!((done.status, done.open), (ProposalStatus::Accepted, false));
        let accepted: Vec<_> = done.document.variants.iter().map(|one| (one.label.as_str(), one.accepted)).collect();
        assert_eq!(accepted, [("A", false), ("B", true)]);
        assert_eq!(quote_status(yewu, proposal.variants[1].quote_id).await, QuoteStatus::Accepted);
        assert_eq!(quote_status(yewu, proposal.variants[0].quote_id).await, QuoteStatus::Rejected);
        assert_eq!(solution_status(yewu, &proposal).await, SolutionStatus::Accepted);
        let evidence = sales.get(&path(&proposal)).await.ok::<Proposal>().evidence.unwrap();
        let said = (evidence.channel.as_str(), evidence.person.to_string(), evidence.note.map(|note| note.to_string()));
        assert_eq!(said, ("portal", "李雷".into(), Some("PO-4711".into())));
        let actors = format!(
            "SELECT DISTINCT envelope::jsonb ->> 'actor' FROM outbox WHERE subject IN ('{}', '{}') AND kind LIKE '%accepted%'",
            proposal.id, proposal.variants[1].quote_id
        );
        assert_eq!(
            yewu.sql("quoting", &format!("SELECT string_agg(a, ' ') FROM ({actors}) t (a)")).await,
            format!("customer:{}", contact.id)
        );
        let audit: Value =
            yewu.role("auditor").get(&format!("/api/quoting/v1/audit?entity_id={}", proposal.id)).await.ok();
        assert_eq!(audit["items"][0]["actor"], format!("customer:{}", contact.id));
    });
}

#[test]
fn quo_07_a_customer_declines_over_the_link() {
    run(async |yewu| {
        let (proposal, _, link) = shared(yewu, &["10.00"]).await;
        let no = json!({"name": "李雷", "reason": "预算取消"});
        let done: SharedProposal = post(&yewu.nobody(), &url(&link), "decline", no.clone()).await.ok();
        assert_eq!((done.status, done.open), (ProposalStatus::Declined, false));
        let kept: Proposal = yewu.role("sales_rep").get(&path(&proposal)).await.ok();
        assert_eq!(kept.reason.as_deref(), Some("李雷: 预算取消"));
        assert_eq!(quote_status(yewu, proposal.variants[0].quote_id).await, QuoteStatus::Rejected);
        post(&yewu.nobody(), &url(&link), "decline", no).await.problem(409, "state.refused");
        post(&yewu.nobody(), &url(&link), "ask", json!({"question": "?"})).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_07_a_link_shows_no_costs_no_notes_and_none_of_our_people() {
    run(async |yewu| {
        let (proposal, _, link) = shared(yewu, &["1250.00"]).await;
        let sales = yewu.role("sales_rep");
        sales.act(&path(&proposal), "ask", json!({"question": "电压？", "person": "李雷"})).await.ok::<Proposal>();
        let question = sales.get(&path(&proposal)).await.ok::<Proposal>().questions[0].id;
        let reply = json!({"question_id": question, "answer": "380 V"});
        sales.act(&path(&proposal), "answer", reply).await.ok::<Proposal>();
        let shown = yewu.nobody().get(&url(&link)).await;
        assert!(shown.text.contains("380 V"), "{}", shown.text);
        let case = proposal.case_id.to_string();
        for secret in [
            "floor",
            "cost",
            "margin",
            "user:",
            "sales_rep",
            "technical-1",
            "owner",
            "waived",
            "客户自行安排",
            &case,
            &token(&link),
        ] {
            assert!(!shown.text.contains(secret), "{secret}: {}", shown.text);
        }
        let fields: Vec<String> = shown.json().as_object().unwrap().keys().cloned().collect();
        let mut known = vec![
            "number",
            "revision",
            "title",
            "customer",
            "contact",
            "date",
            "valid_until",
            "sections",
            "variants",
            "note",
            "language",
            "status",
            "open",
            "questions",
            "expires_at",
        ];
        known.sort_unstable();
        let mut fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, known, "what is new is shown knowingly");
    });
}

#[test]
fn quo_07_what_is_done_twice_under_one_key_is_done_once() {
    run(async |yewu| {
        let (proposal, _, link) = shared(yewu, &["10.00", "20.00"]).await;
        let (customer, key) = (yewu.nobody(), Uuid::now_v7().to_string());
        let (first, again) = (
            post_as(&customer, &key, &url(&link), "accept", &yes(&proposal)).await,
            post_as(&customer, &key, &url(&link), "accept", &yes(&proposal)).await,
        );
        assert_eq!((first.status.as_u16(), again.header("idempotency-replayed")), (200, "true"));
        assert_eq!(first.text, again.text);
        assert_eq!(told(yewu, proposal.id).await.matches("proposal.accepted").count(), 1);
        let other = json!({"number": proposal.number, "revision": 1, "variant": "A", "name": "李雷"});
        post_as(&customer, &key, &url(&link), "accept", &other).await.problem(422, "idempotency.key_reused");
        customer
            .send(Method::POST, &format!("{}/accept", url(&link)), &[], Some(&yes(&proposal)))
            .await
            .problem(400, "idempotency.key_missing");
        // The same key of another link is another key, and a revoked link gets no stored answer either.
        let (elsewhere, _, theirs) = shared(yewu, &["10.00", "20.00"]).await;
        post_as(&customer, &key, &url(&theirs), "accept", &yes(&elsewhere)).await.ok::<SharedProposal>();
        assert_eq!(told(yewu, elsewhere.id).await.matches("proposal.accepted").count(), 1);
        yewu.role("sales_rep").act(&format!("{LINKS}/{}", link.id), "revoke", json!({})).await.ok::<ProposalLink>();
        post_as(&customer, &key, &url(&link), "accept", &yes(&proposal)).await.problem(404, "link.invalid");
    });
}

#[test]
fn quo_07_forged_revoked_and_foreign_links_open_nothing() {
    run(async |yewu| {
        let (proposal, contact, link) = shared(yewu, &["10.00", "20.00"]).await;
        let (customer, sales) = (yewu.nobody(), yewu.role("sales_rep"));
        let good = token(&link);
        let last = if good.ends_with('0') { "1" } else { "0" };
        let kept =
            yewu.sql("quoting", &format!("SELECT token_digest FROM proposal_links WHERE id = '{}'", link.id)).await;
        let tampered = format!("{}{last}", &good[..63]);
        let ids = [
            link.id.to_string(),
            proposal.id.to_string(),
            "0".repeat(64),
            good.to_uppercase(),
            good[..63].to_owned(),
            format!("{good}0"),
            tampered,
            kept,
        ];
        for forged in ids {
            let url = format!("/api/quoting/v1/public/proposals/{forged}");
            let refused = customer.get(&url).await;
            assert_eq!(refused.status, 404, "{forged}: {}", refused.text);
            let problem = refused.problem(404, "link.invalid");
            assert!(!problem.detail.contains(&forged) && !problem.detail.contains(&proposal.number), "{problem:?}");
            for (verb, body) in [
                ("accept", yes(&proposal)),
                ("ask", json!({"question": "?"})),
                ("decline", json!({"name": "x", "reason": "x"})),
            ] {
                post(&customer, &url, verb, body).await.problem(404, "link.invalid");
            }
        }
        // Another proposal's link decides about that one only.
        let (other, _, theirs) = shared(yewu, &["10.00", "20.00"]).await;
        post(&customer, &url(&theirs), "accept", yes(&other)).await.ok::<SharedProposal>();
        assert_eq!(sales.get(&path(&proposal)).await.ok::<Proposal>().status, ProposalStatus::Submitted);
        assert_eq!(sales.get(&path(&other)).await.ok::<Proposal>().status, ProposalStatus::Accepted);
        // A link is no key to anything else, and no account opens a link's door.
        yewu.nobody().with_token(Some(good.clone())).get(&path(&proposal)).await.problem(401, "token.malformed");
        customer.get(&path(&proposal)).await.problem(401, "token.missing");
        yewu.role("auditor").get("/api/quoting/v1/public/proposals/x").await.problem(404, "link.invalid");
        // Whoever left the customer does not decide for them.
        let left = ContactSnapshot { status: "left".into(), version: 2, ..contact.clone() };
        yewu.hear(&ContactUpdated(left)).await;
        post(&customer, &url(&link), "accept", yes(&proposal)).await.problem(404, "link.invalid");
        yewu.hear(&ContactUpdated(ContactSnapshot { version: 3, ..contact })).await;
        customer.get(&url(&link)).await.ok::<SharedProposal>();
        let at = format!("{LINKS}/{}", link.id);
        sales.act(&at, "revoke", json!({"why": "x"})).await.problem(422, "body.invalid");
        let revoked: ProposalLink = sales.act(&at, "revoke", json!({"reason": "发错联系人"})).await.ok();
        let audit: Value = yewu.role("auditor").get(&format!("/api/quoting/v1/audit?entity_id={}", link.id)).await.ok();
        assert_eq!(audit["items"][0]["reason"], "发错联系人");
        assert_eq!(
            (revoked.status, revoked.url, revoked.revoked_at.is_some()),
            (ProposalLinkStatus::Revoked, None, true)
        );
        customer.get(&url(&link)).await.problem(404, "link.invalid");
        post(&customer, &url(&link), "accept", yes(&proposal)).await.problem(404, "link.invalid");
        sales.act(&format!("{LINKS}/{}", link.id), "revoke", json!({})).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_07_a_contact_has_one_open_link_and_looking_is_noted() {
    run(async |yewu| {
        let (proposal, contact, first) = shared(yewu, &["10.00"]).await;
        let (customer, sales) = (yewu.nobody(), yewu.role("sales_rep"));
        for _ in 0..2 {
            customer.get(&url(&first)).await.ok::<SharedProposal>();
        }
        let seen: ProposalLink = sales.get(&format!("{LINKS}/{}", first.id)).await.ok();
        assert_eq!((seen.views, seen.version, seen.url), (2, 1, None), "said once, and never again");
        assert!(seen.first_viewed_at.is_some() && seen.first_viewed_at < seen.last_viewed_at);
        let second = share(yewu, &proposal, &contact).await;
        customer.get(&url(&first)).await.problem(404, "link.invalid");
        customer.get(&url(&second)).await.ok::<SharedProposal>();
        let page: Page<ProposalLink> = sales.get(&format!("{LINKS}?proposal_id={}", proposal.id)).await.ok();
        let shown: Vec<_> = page.items.iter().map(|link| (link.id, link.status)).collect();
        assert_eq!(shown, [(second.id, ProposalLinkStatus::Open), (first.id, ProposalLinkStatus::Revoked)]);
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        stranger.get(&format!("{LINKS}/{}", second.id)).await.problem(404, "not_found");
        let force = format!("UPDATE proposal_links SET status = 'open', revoked_at = NULL WHERE id = '{}'", first.id);
        let wall = format!("DO $$ BEGIN {force}; EXCEPTION WHEN unique_violation THEN RETURN; END $$");
        yewu.as_owner("quoting", &wall).await;
        customer.get(&url(&first)).await.problem(404, "link.invalid");
        let kept =
            format!("SELECT count(*) FROM proposal_links WHERE proposal_links::text LIKE '%{}%'", token(&second));
        assert_eq!(yewu.sql("quoting", &kept).await, "0", "the token itself is in no row of it");
        let logged = format!("SELECT count(*) FROM audit_log WHERE audit_log::text LIKE '%{}%'", token(&second));
        assert_eq!(yewu.sql("quoting", &logged).await, "0");
        let elsewhere =
            ContactSnapshot { id: ContactId(Uuid::now_v7()), account_id: AccountId(Uuid::now_v7()), ..contact };
        yewu.hear(&ContactCreated(elsewhere.clone())).await;
        let body = json!({"contact_id": elsewhere.id});
        sales.act(&path(&proposal), "share", body).await.problem(422, "proposal_link.contact");
        sales
            .act(&path(&proposal), "share", json!({"contact_id": second.contact_id, "valid_days": 91}))
            .await
            .problem(422, "proposal_link.valid_days");
    });
}

#[test]
fn quo_07_a_link_ends_when_it_was_said_to() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        let (proposal, _, link) = shared(&yewu, &["10.00", "20.00"]).await;
        let customer = yewu.nobody();
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24 * 14) - jiff::SignedDuration::from_mins(5));
        customer.get(&url(&link)).await.ok::<SharedProposal>();
        yewu.node.clock.travel(jiff::SignedDuration::from_mins(5));
        customer.get(&url(&link)).await.problem(404, "link.invalid");
        post(&customer, &url(&link), "accept", yes(&proposal)).await.problem(404, "link.invalid");
    });
}

#[test]
fn quo_07_a_link_that_is_used_too_often_waits_and_the_others_do_not() {
    run(async |yewu| {
        let (_, _, link) = shared(yewu, &["10.00"]).await;
        let customer = yewu.nobody();
        let (url, ask) = (url(&link), |url: String| {
            let customer = customer.clone();
            async move { customer.get(&url).await }
        });
        let answers = futures_util::future::join_all((0..60).map(|_| ask(url.clone()))).await;
        let refused: Vec<&Response> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert!(!refused.is_empty() && refused.len() <= 30, "{} of 60", refused.len());
        assert!(
            refused.iter().all(|answer| answer.header("retry-after") == "1" && answer.text.contains("link.too_often"))
        );
        let (.., other) = shared(yewu, &["10.00"]).await;
        customer.get(&other.url.unwrap()).await.ok::<SharedProposal>();
    });
}
