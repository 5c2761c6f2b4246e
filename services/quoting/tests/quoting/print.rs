//! QUO-07: quotes and proposals as PDF, for us and for whoever holds a link.
use crate::{
    account,
    proposal_links::{contact, shared, url},
    proposals::path,
    quotes::new_quote,
    run,
};
use reqwest::Method;
use serde_json::json;
use testkit::{Client, Response, Yewu};
use uuid::Uuid;
use wire::{
    crm::{ContactSnapshot, ContactUpdated},
    quoting::Quote,
};

async fn pdf(client: &Client, at: &str, language: &str) -> Response {
    client.send(Method::GET, &format!("{at}/pdf?language={language}"), &[], None).await
}
/// What the file says of itself: it is a PDF, whole, in this language, to be saved under this name.
fn is_pdf(response: &Response, language: &str, name: &str) {
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(response.header("content-type"), "application/pdf");
    let saved = response.header("content-disposition");
    assert!(saved.starts_with("attachment") && saved.contains(&format!("{name}.pdf")), "{saved}");
    assert!(response.bytes.starts_with(b"%PDF-") && response.bytes.trim_ascii_end().ends_with(b"%%EOF"));
    assert!(response.text.contains(&format!("/Lang({language})")), "the document says its language");
    assert!(response.bytes.len() > 10_000, "fonts are embedded");
}

#[test]
fn quo_07_a_quote_is_printed_in_both_languages_for_whoever_sees_it() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let quote: Quote =
            sales.post("/api/quoting/v1/quotes", new_quote(account(yewu).await, "1250.00")).await.created();
        let at = format!("/api/quoting/v1/quotes/{}", quote.id);
        let (chinese, english) = (pdf(&sales, &at, "zh-CN").await, pdf(&sales, &at, "en").await);
        is_pdf(&chinese, "zh-CN", &quote.number);
        is_pdf(&english, "en", &quote.number);
        assert_ne!(chinese.bytes, english.bytes);
        assert_eq!(chinese.bytes, pdf(&sales, &at, "zh-CN").await.bytes, "the same document has the same bytes");
        // Whom it is for is their primary contact, as long as they are there.
        let primary = contact(yewu, quote.account_id).await;
        assert_ne!(chinese.bytes, pdf(&sales, &at, "zh-CN").await.bytes);
        let left = ContactSnapshot { status: "left".into(), version: 2, ..primary };
        yewu.hear(&ContactUpdated(left)).await;
        assert_eq!(chinese.bytes, pdf(&sales, &at, "zh-CN").await.bytes);
        pdf(&sales, &at, "fr").await.problem(400, "query.invalid");
        let stranger = yewu.user("sales_rep", "stranger-print", "sales", "west");
        pdf(&stranger, &at, "en").await.problem(404, "not_found");
        pdf(&yewu.role("warehouse"), &at, "en").await.problem(403, "permission.missing");
        let nobody = format!("/api/quoting/v1/quotes/{}", Uuid::now_v7());
        pdf(&sales, &nobody, "en").await.problem(404, "not_found");
    });
}

#[test]
fn quo_07_a_customer_prints_what_was_shared_and_nothing_once_the_link_is_revoked() {
    run(async |yewu| {
        let (proposal, _, link) = shared(yewu, &["1250.00", "990.00"]).await;
        let (sales, customer) = (yewu.role("sales_rep"), yewu.nobody());
        is_pdf(&pdf(&sales, &path(&proposal), "en").await, "en", &proposal.number);
        is_pdf(&pdf(&customer, &url(&link), "zh-CN").await, "zh-CN", &proposal.number);
        let at = format!("/api/quoting/v1/proposal-links/{}", link.id);
        let seen: wire::quoting::ProposalLink = sales.get(&at).await.ok();
        assert_eq!((seen.views, seen.version), (1, link.version), "who prints has looked");
        sales.act(&at, "revoke", json!({})).await.ok::<wire::quoting::ProposalLink>();
        pdf(&customer, &url(&link), "zh-CN").await.problem(404, "link.invalid");
    });
}

#[test]
fn quo_07_many_print_at_once_over_one_connection_that_nobody_keeps_while_drawing() {
    testkit::alone(async || {
        // All drawings together take longer than anybody waits for a connection.
        let narrow = |settings: &mut platform::Settings| {
            (settings.db.pool_size, settings.db.wait_milliseconds) = (1, 1_000);
        };
        let yewu = Yewu::start(&[quoting::SERVICE], narrow, false).await;
        let (proposal, _, link) = shared(&yewu, &["1250.00", "990.00"]).await;
        let (sales, customer) = (yewu.role("sales_rep"), yewu.nobody());
        let quote = format!("/api/quoting/v1/quotes/{}", proposal.variants[0].quote_id);
        for (client, at) in [(&sales, quote), (&sales, path(&proposal)), (&customer, url(&link))] {
            let answers = futures_util::future::join_all((0..16).map(|_| pdf(client, &at, "zh-CN"))).await;
            let told: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
            assert_eq!(told, [200; 16], "{at}");
        }
    });
}
