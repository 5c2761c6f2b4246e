//! Quotes: from a draft to the customer's yes.
use crate::{QUOTES, SHEETS, account, lock_sheet, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    approval::Approval,
    crm::{AccountId, HandoverActivated, HandoverPerson},
    handover::HandoverScope,
    quoting::{CostSheet, Quote, QuoteDiff, QuoteStatus, QuoteVersion},
};

pub fn new_quote(account: AccountId, price: &str) -> Value {
    json!({"account_id": account, "currency": "CNY", "valid_until": "2099-12-31",
        "lines": [{"sku": "PUMP-40", "quantity": "12", "unit_price": price, "discount_rate": "0.05", "tax_rate": "0.13"}]})
}
pub async fn drafted(yewu: &Yewu, sales: &Client) -> Quote {
    sales.post(QUOTES, new_quote(account(yewu).await, "1250.00")).await.created()
}
/// A draft for a particular customer.
pub async fn drafted_for(yewu: &Yewu, account: AccountId) -> Quote {
    yewu.role("sales_rep").post(QUOTES, new_quote(account, "1250.00")).await.created()
}
/// The same quote, resting on a locked cost sheet that leaves all of its price: only the usual people are asked about it.
pub async fn costed(yewu: &Yewu, sales: &Client, quote: &Quote) -> Quote {
    let costs = json!({"quote_id": quote.id, "currency": "CNY",
        "lines": [{"kind": "other", "description": "库存", "quantity": "1", "unit_cost": "0"}]});
    let sheet: CostSheet = yewu.role("technical").post(SHEETS, costs).await.created();
    lock_sheet(yewu, &sheet).await;
    sales.patch(&format!("{QUOTES}/{}", quote.id), json!({"cost_sheet_id": sheet.id})).await.ok()
}
async fn issued(yewu: &Yewu, sales: &Client) -> Quote {
    yewu.staff(&["sales_manager", "finance_manager"]).await;
    let quote = drafted(yewu, sales).await;
    let path = format!("{QUOTES}/{}", quote.id);
    sales.act(&path, "submit", json!({})).await.ok::<Quote>();
    approve(yewu, quote.id.into()).await;
    sales.act(&path, "issue", json!({})).await.ok()
}
/// Everybody who is asked says yes.
pub async fn approve(yewu: &Yewu, subject: Uuid) {
    let auditor = yewu.role("auditor");
    let about = format!("/api/quoting/v1/approvals?subject_id={subject}&status=pending");
    let asked = auditor.get(&about).await.ok::<wire::Page<Approval>>().items.remove(0);
    let path = format!("/api/quoting/v1/approvals/{}", asked.id);
    for step in asked.steps {
        yewu.role(&step.roles[0]).act(&path, "approve", json!({"comment": "fine"})).await.ok::<Approval>();
    }
    assert_eq!(auditor.get(&path).await.ok::<Approval>().status.as_str(), "approved");
}
fn evidence() -> Value {
    json!({"evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})
}

#[test]
fn quo_06_a_quote_goes_from_draft_to_accepted_with_exact_totals() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let quote = issued(yewu, &sales).await;
        assert_eq!(
            (quote.status, quote.totals.net.to_string(), quote.totals.tax.to_string(), quote.totals.gross.to_string()),
            (QuoteStatus::Issued, "14250.00 CNY".into(), "1852.50 CNY".into(), "16102.50 CNY".into())
        );
        let path = format!("{QUOTES}/{}", quote.id);
        let mut late = evidence();
        late["evidence"]["at"] = json!("2099-01-01T00:00:00Z");
        let problem = sales.act(&path, "accept", late).await.problem(422, "evidence.future");
        assert_eq!(problem.errors[0].pointer, "/evidence/at");
        let accepted: Quote = sales.act(&path, "accept", evidence()).await.ok();
        assert_eq!(
            (accepted.status, accepted.route.map(wire::quoting::Route::as_str)),
            (QuoteStatus::Accepted, Some("order"))
        );
        let facts = yewu
            .sql(
                "quoting",
                &format!("SELECT string_agg(kind, ' ' ORDER BY seq) FROM outbox WHERE subject = '{}'", quote.id),
            )
            .await;
        assert_eq!(facts, "quoting.quote.issued.v1 quoting.quote.accepted.v1");
        sales.act(&path, "accept", evidence()).await.problem(409, "state.refused");
    });
}

#[test]
fn plt_05_numbers_are_unique_and_a_refused_draft_is_no_draft() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (one, two) = (drafted(yewu, &sales).await, drafted(yewu, &sales).await);
        assert!(one.number.starts_with("QT-20") && one.number < two.number, "{} {}", one.number, two.number);
        let account = account(yewu).await;
        let before = yewu.sql("quoting", "SELECT count(*) FROM quotes").await;
        let problem = sales.post(QUOTES, new_quote(account, "-1")).await.problem(422, "quote.unit_price");
        assert_eq!(problem.errors[0].pointer, "/lines/0/unit_price");
        let unknown = sales.post(QUOTES, new_quote(AccountId(Uuid::now_v7()), "1")).await.problem(422, "body.invalid");
        assert_eq!(unknown.errors[0].pointer, "/account_id");
        assert!(yewu.sql("quoting", "SELECT count(*) FROM quotes").await >= before);
    });
}

#[test]
fn a_repeated_key_is_done_once_and_answered_byte_for_byte() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let body = new_quote(account(yewu).await, "10.00");
        let key = Uuid::now_v7().to_string();
        let post = async |client: &Client, body: &Value| {
            client.send(reqwest::Method::POST, QUOTES, &[("idempotency-key", &key)], Some(body)).await
        };
        let (first, again) = (post(&sales, &body).await, post(&sales, &body).await);
        assert_eq!(
            (first.status.as_u16(), first.header("idempotency-replayed"), again.header("idempotency-replayed")),
            (201, "", "true")
        );
        assert_eq!(
            (&first.text, first.header("etag"), first.header("location")),
            (&again.text, again.header("etag"), again.header("location"))
        );
        let mut other = body.clone();
        other["note"] = json!("another");
        post(&sales, &other).await.problem(422, "idempotency.key_reused");
        let stranger = yewu.user("sales_rep", "someone-else", "sales", "sales");
        assert_ne!(
            post(&stranger, &body).await.created::<Quote>().id,
            first.created::<Quote>().id,
            "a key belongs to its caller"
        );
        sales.send(reqwest::Method::POST, QUOTES, &[], Some(&body)).await.problem(400, "idempotency.key_missing");
        sales
            .send(reqwest::Method::POST, QUOTES, &[("idempotency-key", "a b")], Some(&body))
            .await
            .problem(400, "idempotency.key_malformed");
    });
}

#[test]
fn fifty_at_once_with_one_key_have_one_effect() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let account = account(yewu).await;
        let (body, key) = (new_quote(account, "10.00"), Uuid::now_v7().to_string());
        let headers = [("idempotency-key", key.as_str())];
        let requests = (0..50).map(|_| sales.send(reqwest::Method::POST, QUOTES, &headers, Some(&body)));
        let answers = futures_util::future::join_all(requests).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
        assert!(statuses.contains(&201));
        let made = yewu.sql("quoting", &format!("SELECT count(*) FROM quotes WHERE account_id = '{account}'")).await;
        assert_eq!(made, "1");
    });
}

#[test]
fn if_match_is_required_and_the_stale_are_told() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let quote = drafted(yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        let send = async |method, path: &str, tag: Option<&str>| {
            let key = Uuid::now_v7().to_string();
            let mut headers = vec![("idempotency-key", key.as_str())];
            headers.extend(tag.map(|tag| ("if-match", tag)));
            sales.send(method, path, &headers, Some(&json!({}))).await
        };
        send(reqwest::Method::POST, &format!("{path}/submit"), None).await.problem(428, "if_match.required");
        send(reqwest::Method::PATCH, &path, Some("\"7\"")).await.problem(412, "version.stale");
        send(reqwest::Method::POST, &format!("{QUOTES}/{}/submit", Uuid::now_v7()), None)
            .await
            .problem(404, "not_found");
        let changed: Quote = sales.patch(&path, json!({"note": "更快交货"})).await.ok();
        assert_eq!((changed.version, changed.note.as_deref()), (2, Some("更快交货")));
        let fresh = sales.send(reqwest::Method::GET, &path, &[("if-none-match", "\"2\"")], None).await;
        assert_eq!((fresh.status.as_u16(), fresh.text.as_str()), (304, ""));
        let sheet = crate::new_sheet(json!({"quote_id": quote.id}));
        let sheet: CostSheet = yewu.role("technical").post(SHEETS, sheet).await.created();
        let more = json!({"delivery_date": "2099-11-30", "cost_sheet_id": sheet.id});
        sales.patch(&path, more).await.ok::<Quote>();
        let (fields, kept) = (["note", "delivery_date", "cost_sheet_id"], ["lines", "valid_until", "payment_terms"]);
        testkit::patches(yewu, &sales, &path, &fields, &kept).await;
    });
}

#[test]
fn the_wrong_field_is_named_in_the_readers_language() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let mut body = new_quote(account(yewu).await, "10.00");
        body["lines"][0]["quantity"] = json!(12);
        let key = Uuid::now_v7().to_string();
        let headers = [("idempotency-key", key.as_str()), ("accept-language", "zh-CN,zh;q=0.9")];
        let problem =
            sales.send(reqwest::Method::POST, QUOTES, &headers, Some(&body)).await.problem(422, "body.invalid");
        assert_eq!(problem.errors[0].pointer, "/lines/0/quantity");
        assert!(problem.detail.contains("字段") && !problem.trace_id.is_empty(), "{problem:?}");
        body["lines"][0]["quantity"] = json!("12");
        body["colour"] = json!("red");
        assert_eq!(sales.post(QUOTES, &body).await.problem(422, "body.invalid").errors[0].pointer, "/colour");
    });
}

#[test]
fn plt_12_rows_of_others_do_not_exist() {
    run(async |yewu| {
        let ann = yewu.user("sales_rep", "ann-scope", "sales", "east");
        let ben = yewu.user("sales_rep", "ben-scope", "sales", "west");
        let quote = drafted(yewu, &ann).await;
        let path = format!("{QUOTES}/{}", quote.id);
        ben.get(&path).await.problem(404, "not_found");
        let mine: wire::Page<Quote> = ben.get(&format!("{QUOTES}?limit=200")).await.ok();
        assert!(mine.items.iter().all(|q| q.owner_id.as_deref() == Some("ben-scope")));
        let (key, tag) = (Uuid::now_v7().to_string(), ann.get(&path).await.etag());
        ben.send(
            reqwest::Method::POST,
            &format!("{path}/submit"),
            &[("idempotency-key", &key), ("if-match", &tag)],
            Some(&json!({})),
        )
        .await
        .problem(404, "not_found");
        yewu.role("auditor").get(&path).await.ok::<Quote>();
        yewu.nobody().get(&path).await.problem(401, "token.missing");
        let problem = yewu.role("warehouse").post(QUOTES, json!({})).await.problem(403, "permission.missing");
        assert_eq!(problem.blocked_by[0].reference.as_deref(), Some("quoting.quote.create"));
    });
}

#[test]
fn quo_10_a_revision_supersedes_and_only_one_is_alive() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let quote = issued(yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        let revised: Quote = sales.act(&path, "revise", json!({})).await.created();
        assert_eq!((&revised.number, revised.revision, revised.case_id), (&quote.number, 2, quote.case_id));
        assert_eq!(sales.get(&path).await.ok::<Quote>().status, QuoteStatus::Superseded);
        sales.act(&path, "accept", evidence()).await.problem(409, "state.refused");
    });
}

#[test]
fn quo_10_the_versions_of_a_quote_are_listed_and_compared_field_by_field() {
    run(async |yewu| {
        let sales = yewu.user("sales_rep", "differ", "sales", "sales");
        let quote = issued(yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        let revised: Quote = sales.act(&path, "revise", json!({})).await.created();
        let new = format!("{QUOTES}/{}", revised.id);
        let lines = json!([{"sku": "PUMP-40", "quantity": "12", "unit_price": "1200.00", "discount_rate": "0.05", "tax_rate": "0.13"},
            {"sku": "PUMP-40", "quantity": "1", "unit_price": "5.00"}]);
        sales.patch(&new, json!({"lines": lines, "valid_until": "2099-12-30"})).await.ok::<Quote>();
        for any in [&path, &new] {
            let versions: Vec<QuoteVersion> = sales.get(&format!("{any}/versions")).await.ok();
            let shown: Vec<_> = versions.iter().map(|v| (v.revision, v.quote_id, v.line_count)).collect();
            assert_eq!(shown, [(1, quote.id, 1), (2, revised.id, 2)]);
        }
        let diff: QuoteDiff = sales.get(&format!("{new}/versions/1/diff/2")).await.ok();
        let fields: Vec<_> = diff.lines.iter().map(|l| (l.change.as_str(), l.fields.len())).collect();
        assert_eq!(fields[0], ("changed", 3), "price, net, tax");
        assert_eq!((fields[1].0, diff.fields[0].field.as_str(), diff.totals.len()), ("added", "/valid_until", 3));
        let back: QuoteDiff = sales.get(&format!("{path}/versions/2/diff/1")).await.ok();
        assert_eq!((back.lines[0].change.as_str(), back.from.revision), ("removed", 2));
        sales.get(&format!("{path}/versions/1/diff/3")).await.problem(404, "not_found");
        let stranger = yewu.user("sales_rep", "no-differ", "other", "other");
        stranger.get(&format!("{path}/versions")).await.problem(404, "not_found");
        stranger.get(&format!("{path}/versions/1/diff/2")).await.problem(404, "not_found");
    });
}

#[test]
fn quo_06_what_nobody_accepts_in_time_expires() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        let sales = yewu.role("sales_rep");
        let quote = issued(&yewu, &sales).await;
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24 * 366 * 80));
        let sales = yewu.role("sales_rep");
        yewu.node.run_jobs().await.unwrap();
        let expired: Quote = sales.get(&format!("{QUOTES}/{}", quote.id)).await.ok();
        assert_eq!(expired.status, QuoteStatus::Expired);
    });
}

#[test]
fn quo_10_what_the_customer_wants_to_talk_about_is_kept_and_nothing_that_was_sent_is_dropped() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let quote = issued(yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        let unknown = sales.act(&path, "negotiate", json!({"discount": "0.1"})).await.problem(422, "body.invalid");
        assert_eq!(unknown.errors[0].pointer, "/discount");
        let talking: Quote = sales.act(&path, "negotiate", json!({"reason": "付款期太短"})).await.ok();
        assert_eq!(talking.status, QuoteStatus::Negotiating);
        let audit: Value =
            yewu.role("auditor").get(&format!("/api/quoting/v1/audit?entity_id={}", quote.id)).await.ok();
        let line = &audit["items"][0];
        assert_eq!((&line["action"], &line["reason"]), (&json!("negotiate"), &json!("付款期太短")));
    });
}

#[test]
fn quo_09_an_approved_quote_whose_last_day_is_over_is_not_issued_and_its_button_says_so() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let sales = yewu.role("sales_rep");
        let quote = drafted(&yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        sales.act(&path, "submit", json!({})).await.ok::<Quote>();
        approve(&yewu, quote.id.into()).await;
        assert!(crate::blocked(&sales, &path, "issue").await.is_empty());
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24 * 366 * 80));
        let sales = yewu.role("sales_rep");
        assert_eq!(crate::blocked(&sales, &path, "issue").await, ["validity"]);
        sales.act(&path, "issue", json!({})).await.problem(409, "gate.closed");
    });
}

#[test]
fn plt_24_every_change_has_its_audit_line_and_the_buttons_follow_the_state() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let quote = drafted(yewu, &sales).await;
        let path = format!("{QUOTES}/{}", quote.id);
        let buttons: Vec<(String, bool)> =
            quote.available_actions.iter().map(|a| (a.action.clone(), a.allowed)).collect();
        assert_eq!(buttons, [("update".into(), true), ("submit".into(), true), ("withdraw".into(), true)]);
        sales.act(&path, "withdraw", json!({"reason": "a test"})).await.ok::<Quote>();
        let audit: Value =
            yewu.role("auditor").get(&format!("/api/quoting/v1/audit?entity_id={}", quote.id)).await.ok();
        let lines: Vec<(&str, &str, i64)> = audit["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| (l["action"].as_str().unwrap(), l["actor"].as_str().unwrap(), l["version"].as_i64().unwrap()))
            .collect();
        assert_eq!(lines, [("withdraw", "user:sales_rep-1", 2), ("create", "user:sales_rep-1", 1)]);
        assert_eq!(audit["items"][0]["reason"], "a test");
        assert_eq!(audit["items"][0]["changes"]["head"][0]["status"], "draft");
        let same = yewu.sql("quoting", &format!("SELECT count(*) FROM audit_log a JOIN quotes q ON q.id = a.entity_id AND q.xmin = a.xmin WHERE q.id = '{}'", quote.id)).await;
        assert_eq!(same, "1", "the audit line is of the row's own transaction");
    });
}

#[test]
fn pages_continue_where_the_last_one_ended() {
    run(async |yewu| {
        let sales = yewu.user("sales_rep", "pager", "sales", "sales");
        for _ in 0..5 {
            drafted(yewu, &sales).await;
        }
        let mut seen = Vec::new();
        let mut path = format!("{QUOTES}?limit=2");
        loop {
            let answer = sales.get(&path).await;
            let link = answer.header("link").to_owned();
            let page: wire::Page<Quote> = answer.ok();
            seen.extend(page.items.iter().map(|quote| quote.id));
            let Some(next) = page.next else { break };
            assert_eq!(link, format!("<{QUOTES}?limit=2&after={next}>; rel=\"next\""));
            path = format!("{QUOTES}?limit=2&after={next}");
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
        sales.get(&format!("{QUOTES}?colour=red")).await.problem(400, "query.invalid");
        sales.get(&format!("{QUOTES}/not-a-uuid")).await.problem(400, "path.invalid");
    });
}

#[test]
fn crm_51_a_quote_passes_to_the_deputy_with_what_is_asked_about_it() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let (gone, here) =
            (yewu.user("sales_rep", "leaver", "sales", "sales"), yewu.user("sales_rep", "deputy", "sales", "sales"));
        let (quote, withdrawn) = (drafted(&yewu, &gone).await, drafted(&yewu, &gone).await);
        let at = format!("{QUOTES}/{}", quote.id);
        let asked: Quote = gone.act(&at, "submit", json!({})).await.ok();
        let closed = format!("{QUOTES}/{}", withdrawn.id);
        gone.act(&closed, "withdraw", json!({"reason": "x"})).await.ok::<Quote>();
        let to =
            HandoverPerson { reference: "deputy".into(), team: Some("sales".into()), department: Some("sales".into()) };
        let (handover_id, number) = (Uuid::now_v7().into(), "HO-2026-000001".into());
        let scopes = vec![HandoverScope::Quotes];
        yewu.hear(&HandoverActivated { handover_id, number, from: "leaver".into(), to, scopes }).await;
        for _ in 0..4 {
            yewu.node.run_jobs().await.unwrap();
        }
        let theirs: Quote = here.get(&at).await.ok();
        assert_eq!((theirs.owner_id.as_deref(), theirs.version), (Some("deputy"), asked.version + 1));
        assert_eq!(theirs.lines.len(), asked.lines.len());
        let approvals = format!("/api/quoting/v1/approvals?subject_id={}", quote.id);
        assert_eq!(here.get(&approvals).await.ok::<wire::Page<Approval>>().items.len(), 1);
        gone.get(&at).await.problem(404, "not_found");
        gone.get(&closed).await.ok::<Quote>();
    });
}
