//! CRM-07: many leads at once from a table, each row done exactly once.
use crate::{BASE, account, name, new_lead, path, run};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Client, Environment, Response, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    crm::{Import, ImportRow, ImportRowStatus as Outcome, ImportStatus, Lead},
};

pub const CSV: &str = "text/csv";

pub async fn hand_in(client: &Client, query: &str, content_type: &str, bytes: impl Into<Vec<u8>>) -> Response {
    client.upload(&format!("{BASE}/imports?{query}"), content_type, bytes).await
}
pub async fn queued(client: &Client, query: &str, content_type: &str, bytes: impl Into<Vec<u8>>) -> Import {
    let answer = hand_in(client, query, content_type, bytes).await;
    assert!(answer.header("location").ends_with(answer.json()["id"].as_str().unwrap_or("?")), "{answer:?}");
    answer.status(202)
}
/// Works through everything that waits.
pub async fn done(yewu: &Yewu, client: &Client, import: &Import) -> Import {
    for _ in 0..1000 {
        let now: Import = client.get(&path("imports", import.id)).await.ok();
        if [ImportStatus::Done, ImportStatus::Cancelled].contains(&now.status) {
            return now;
        }
        yewu.node.run_jobs().await.expect("jobs run");
    }
    panic!("never done");
}
pub async fn rows(client: &Client, import: &Import, status: &str) -> Vec<ImportRow> {
    let page: Page<ImportRow> =
        client.get(&format!("{}/rows?limit=200&status={status}", path("imports", import.id))).await.ok();
    page.items
}
pub fn counts(import: &Import) -> [i32; 6] {
    [import.total, import.created, import.merged, import.attached, import.duplicates, import.failed]
}
fn table(names: impl IntoIterator<Item = String>) -> String {
    let rows = names.into_iter().map(|name| format!("{name},online,12 台泵"));
    let lines: Vec<String> = std::iter::once("name,source,need".to_owned()).chain(rows).collect();
    lines.join("\n") + "\n"
}
async fn lead_named(yewu: &Yewu, name: &str) -> String {
    yewu.sql("crm", &format!("SELECT string_agg(need, '|') FROM leads WHERE name = $${name}$$")).await
}

#[test]
fn crm_07_two_thousand_rows_survive_a_crash_and_each_is_done_once() {
    testkit::alone(async || {
        let environment = Environment::read();
        let database = testkit::fresh_database(&environment, &[crm::SERVICE]).await.unwrap();
        let first = Yewu::on(&environment, &database, &[crm::SERVICE], |_| {}, false).await;
        let sales = first.role("sales_rep");
        let row = |n: u32| match n {
            n if n % 400 == 0 => ",online,没有名称".to_owned(),
            n if n % 400 == 100 => format!("客户{n:05}号,moon,没有这个来源"),
            n if n % 400 == 200 => format!("客户{n:05}号,online,a,b"),
            n if n % 400 == 300 => format!("客户{:05}号,online,同一家", n - 1),
            n => format!("客户{n:05}号,online,{n} 台泵"),
        };
        let text: String = (0..2_000).map(|n| row(n) + "\n").collect();
        let import = queued(&sales, "kind=leads&format=csv", CSV, format!("name,source,need\n{text}")).await;
        assert_eq!((import.status, counts(&import)), (ImportStatus::Queued, [2_000, 0, 0, 0, 0, 0]));
        for _ in 0..2 {
            first.node.run_jobs().await.expect("jobs run");
        }
        let some: Import = sales.get(&path("imports", import.id)).await.ok();
        assert_eq!(
            (some.status, some.created + some.failed + some.duplicates),
            (ImportStatus::Running, 1_000),
            "{some:?}"
        );
        // Killed in the middle of a batch: the transaction is dropped as it stands.
        let killed = tokio::time::timeout(Duration::from_millis(60), async {
            loop {
                first.node.run_jobs().await.expect("jobs run");
            }
        });
        assert!(killed.await.is_err());
        drop(first);

        let second = Yewu::on(&environment, &database, &[crm::SERVICE], |_| {}, false).await;
        let sales = second.role("sales_rep");
        let after = done(&second, &sales, &import).await;
        assert_eq!(counts(&after), [2_000, 1_980, 0, 0, 5, 15]);
        let made = "SELECT count(*) || ' ' || count(DISTINCT name) || ' ' || count(DISTINCT number) FROM leads";
        assert_eq!(second.sql("crm", made).await, "1980 1980 1980");
        let told = "SELECT count(*) || ' ' || count(DISTINCT subject) FROM outbox WHERE kind = 'crm.lead.created.v1'";
        assert_eq!(second.sql("crm", told).await, "1980 1980", "each told once");
        let linked = "SELECT count(*) FROM import_rows r JOIN leads l ON l.id = r.lead_id WHERE r.status = 'created'";
        assert_eq!(second.sql("crm", linked).await, "1980");
        let who = "SELECT string_agg(DISTINCT actor, ' ') FROM audit_log WHERE entity = 'lead'";
        assert_eq!(second.sql("crm", who).await, "user:sales_rep-1");
        let owners = "SELECT string_agg(DISTINCT owner_id || ' ' || team_id, ',') FROM leads";
        assert_eq!(second.sql("crm", owners).await, "sales_rep-1 sales", "the importer's");
        let duplicates = rows(&sales, &after, "duplicate").await;
        assert_eq!((duplicates.len(), duplicates[0].line, duplicates[0].candidates.len()), (5, 302, 1));
        let codes = "SELECT string_agg(code || ' ' || n, ', ' ORDER BY code) FROM (SELECT code, count(*) n FROM import_rows WHERE status = 'failed' GROUP BY code) c";
        assert_eq!(second.sql("crm", codes).await, "body.invalid 5, import.row_fields 5, lead_source.unknown 5");
    });
}

#[test]
fn crm_07_gb_18030_marks_quotes_and_line_breaks() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let [gb, guessed, marked] = [name(), name(), name()];
        let need = "12 台\n卧式泵, \"急\"";
        let text =
            |name: &str| format!("名称,来源,需求,联系人\r\n{name},online,\"12 台\n卧式泵, \"\"急\"\"\",李雷\r\n");
        let encoded = |name: &str| encoding_rs::GB18030.encode(&text(name)).0.into_owned();
        let imports = [
            queued(&sales, "", "text/csv; charset=gb18030", encoded(&gb)).await,
            queued(&sales, "format=csv", CSV, encoded(&guessed)).await,
            queued(&sales, "", "text/csv; charset=utf-8", format!("\u{feff}{}", text(&marked))).await,
        ];
        for (import, name) in imports.iter().zip([gb, guessed, marked]) {
            assert_eq!(counts(&done(yewu, &sales, import).await), [1, 1, 0, 0, 0, 0]);
            assert_eq!(lead_named(yewu, &name).await, need);
        }
        let refused = [
            ("", "text/csv; charset=utf-8", encoded("x"), "import.encoding"),
            ("", "text/csv; charset=klingon", b"name,source\nA,online\n".to_vec(), "import.encoding"),
            ("", CSV, b"name,source\n\xff\xff,online\n".to_vec(), "import.encoding"),
            ("", CSV, b"name,source\n".to_vec(), "import.empty"),
            ("", CSV, b"name\nA\n".to_vec(), "import.column_missing"),
            ("", CSV, b"name,source,colour\nA,online,red\n".to_vec(), "import.column"),
            ("", "application/json", b"[]".to_vec(), "import.media_type"),
            ("format=jsonl", CSV, b"name,source\nA,online\n".to_vec(), "import.media_type"),
        ];
        for (query, content_type, bytes, code) in refused {
            hand_in(&sales, query, content_type, bytes).await.problem(422, code);
        }
        yewu.role("warehouse").upload(&format!("{BASE}/imports"), CSV, "x").await.problem(403, "permission.missing");
    });
}

#[test]
fn crm_07_what_is_known_is_refused_merged_or_attached_as_the_file_says() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (known, customer, fresh) = (name(), account(&sales).await, name());
        let lead: Lead = sales.post(&format!("{BASE}/leads"), new_lead(&known)).await.created();
        let file =
            || format!("name,source,region\n{known},online,华东\n{},online,华东\n{fresh},online,华东\n", customer.name);
        let refuse = queued(&sales, "on_duplicate=refuse&dry_run=true", CSV, file()).await;
        let refuse = done(yewu, &sales, &refuse).await;
        assert_eq!((counts(&refuse), refuse.dry_run), ([3, 1, 0, 0, 2, 0], true));
        assert_eq!(lead_named(yewu, &fresh).await, "", "nothing was made");
        let duplicates = rows(&sales, &refuse, "duplicate").await;
        assert_eq!(
            (duplicates[0].code.as_deref(), duplicates[0].candidates[0].id),
            (Some("lead.duplicate"), lead.id.into())
        );
        let merge = queued(&sales, "on_duplicate=merge", CSV, file()).await;
        let merge = done(yewu, &sales, &merge).await;
        assert_eq!(counts(&merge), [3, 1, 1, 0, 1, 0], "a customer is no lead to add to");
        assert_eq!(sales.get(&path("leads", lead.id)).await.ok::<Lead>().region.as_deref(), Some("华东"));
        let attach = queued(&sales, "on_duplicate=attach", CSV, file()).await;
        let attach = done(yewu, &sales, &attach).await;
        assert_eq!(counts(&attach), [3, 0, 0, 1, 2, 0], "a lead is no customer to attach to");
        let attached = rows(&sales, &attach, "attached").await[0].lead_id.unwrap();
        assert_eq!(sales.get(&path("leads", attached)).await.ok::<Lead>().account_id, Some(customer.id));
        let stranger = yewu.user("sales_rep", "import-stranger", "sales", "west");
        let theirs = queued(&stranger, "on_duplicate=merge", CSV, format!("name,source\n{known},online\n")).await;
        assert_eq!(
            counts(&done(yewu, &stranger, &theirs).await),
            [1, 0, 0, 0, 1, 0],
            "a colleague's lead is not ours to write into"
        );
        sales.get(&path("imports", theirs.id)).await.problem(404, "not_found");
        sales.get(&format!("{}/rows", path("imports", theirs.id))).await.problem(404, "not_found");
        sales.get(&format!("{}/failed", path("imports", theirs.id))).await.problem(404, "not_found");
    });
}

#[test]
fn crm_07_a_trial_finds_the_doubles_within_the_file_as_the_real_run_does() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (twice, once) = (name(), name());
        let text = table([twice.clone(), once.clone(), twice.clone()]);
        let trial = queued(&sales, "on_duplicate=refuse&dry_run=true", CSV, text.clone()).await;
        let trial = done(yewu, &sales, &trial).await;
        let double = rows(&sales, &trial, "duplicate").await.remove(0);
        assert_eq!((double.line, double.candidates.len(), double.lead_id), (4, 0, None), "it was never made");
        assert_eq!(lead_named(yewu, &twice).await + &lead_named(yewu, &once).await, "");
        let told = format!("SELECT count(*)::text FROM outbox WHERE envelope LIKE '%{twice}%'");
        assert_eq!(yewu.sql("crm", &told).await, "0");
        let real = queued(&sales, "on_duplicate=refuse", CSV, text).await;
        let real = done(yewu, &sales, &real).await;
        assert_eq!((counts(&trial), counts(&real)), ([3, 2, 0, 0, 1, 0], [3, 2, 0, 0, 1, 0]));
        assert_eq!(rows(&sales, &real, "duplicate").await[0].candidates.len(), 1);
    });
}

#[test]
fn crm_07_the_same_file_again_is_answered_again_or_made_of_duplicates() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let text = table([name(), name()]);
        let key = Uuid::now_v7().to_string();
        let send = async |bytes: &str| sales.upload_as(&key, &format!("{BASE}/imports"), CSV, bytes).await;
        let first = send(&text).await;
        let again = send(&text).await;
        assert_eq!((again.header("idempotency-replayed"), &again.text), ("true", &first.text));
        send(&table([name()])).await.problem(422, "idempotency.key_reused");
        let import: Import = first.status(202);
        assert_eq!(counts(&done(yewu, &sales, &import).await), [2, 2, 0, 0, 0, 0]);
        let second = queued(&sales, "", CSV, text.clone()).await;
        assert_eq!(counts(&done(yewu, &sales, &second).await), [2, 0, 0, 0, 2, 0]);
        assert_eq!(again.status::<Import>(202).id, import.id);
    });
}

#[test]
fn crm_07_json_lines_and_the_table_of_what_was_refused_which_can_be_mended() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (good, mended) = (name(), name());
        let object = |name: &str, source: &str| json!({"party_type": "org", "name": name, "source": source, "external_refs": [{"system": "crm-old", "id": name}]});
        let lines = format!("{}\n\nnonsense\n{}\n", object(&good, "online"), object(&good, "moon"));
        let import = queued(&sales, "", "application/x-ndjson", lines).await;
        let import = done(yewu, &sales, &import).await;
        assert_eq!(counts(&import), [3, 1, 0, 0, 0, 2]);
        let failed = rows(&sales, &import, "failed").await;
        let seen: Vec<_> =
            failed.iter().map(|row| (row.line, row.code.as_deref().unwrap(), row.pointer.as_deref())).collect();
        assert_eq!(seen, [(3, "import.row_no_object", None), (4, "lead_source.unknown", Some("/source"))]);
        let bound = format!("SELECT count(*) FROM external_refs WHERE kind = 'lead' AND reference = $${good}$$");
        assert_eq!(yewu.sql("crm", &bound).await, "1");

        let text = format!("line,name,source,need\n9,{mended},moon,\"a\nb\"\n,,online,x\n");
        let import = queued(&sales, "", CSV, text).await;
        let import = done(yewu, &sales, &import).await;
        assert_eq!(
            (counts(&import), rows(&sales, &import, "failed").await[0].status),
            ([2, 0, 0, 0, 0, 2], Outcome::Failed)
        );
        let table = sales.get(&format!("{}/failed", path("imports", import.id))).await;
        assert_eq!((table.status.as_u16(), table.header("content-type")), (200, "text/csv; charset=utf-8"));
        let expected = "\u{feff}line,pointer,code,message,candidates,name,source,need\n2,/source,lead_source.unknown,";
        assert!(table.text.starts_with(expected), "{}", table.text);
        let mended_text = table.text.replace("moon", "online");
        let fixed = mended_text.lines().take(3).collect::<Vec<_>>().join("\n") + "\n";
        let again = queued(&sales, "", CSV, fixed).await;
        assert_eq!(counts(&done(yewu, &sales, &again).await), [1, 1, 0, 0, 0, 0]);
        assert_eq!(lead_named(yewu, &mended).await, "a\nb");
    });
}

#[test]
fn crm_07_a_row_that_is_refused_late_leaves_nothing_behind() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (taken, late) = (format!("ref-{}", Uuid::now_v7()), name());
        let mut first = new_lead(&name());
        first["external_refs"] = json!([{"system": "erp", "id": taken}]);
        sales.post(&format!("{BASE}/leads"), first).await.created::<Lead>();
        let text = format!("name,source,external_system,external_id\n{late},online,erp,{taken}\n{},online,,\n", name());
        let import = queued(&sales, "", CSV, text).await;
        assert_eq!(counts(&done(yewu, &sales, &import).await), [2, 1, 0, 0, 0, 1]);
        let failed = rows(&sales, &import, "failed").await;
        assert_eq!((failed[0].code.as_deref(), failed[0].lead_id), (Some("external_ref.taken"), None));
        assert_eq!(lead_named(yewu, &late).await, "", "the lead was written before its reference was refused");
        let told = format!("SELECT count(*) FROM outbox WHERE envelope::json->'data'->>'name' = $${late}$$");
        assert_eq!(yewu.sql("crm", &told).await, "0");
    });
}

#[test]
fn crm_07_the_rest_of_an_import_can_be_left() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let sales = yewu.role("sales_rep");
        let import = queued(&sales, "", CSV, table((0..700).map(|n| format!("{}{n}", name())))).await;
        yewu.node.run_jobs().await.expect("jobs run");
        let half: Import = sales.get(&path("imports", import.id)).await.ok();
        assert_eq!((half.status, half.created), (ImportStatus::Running, 500));
        let left: Import = sales.act(&path("imports", import.id), "cancel", json!({})).await.ok();
        assert_eq!((left.status, left.created), (ImportStatus::Cancelled, 500));
        yewu.node.run_jobs().await.expect("jobs run");
        assert_eq!(yewu.sql("crm", "SELECT count(*) FROM leads").await, "500", "what is done stays, the rest is left");
        sales.act(&path("imports", import.id), "cancel", json!({})).await.problem(409, "state.refused");
        let page: Page<Import> = sales.get(&format!("{BASE}/imports?status=cancelled")).await.ok();
        assert_eq!(page.items.len(), 1);
    });
}

#[test]
fn crm_07_a_short_file_does_not_wait_for_a_long_one() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let sales = yewu.role("sales_rep");
        let file = |rows: usize| table((0..rows).map(|n| format!("{}{n}", name())));
        let long = queued(&sales, "", CSV, file(1_600)).await;
        yewu.node.run_jobs().await.expect("jobs run");
        let short = queued(&sales, "", CSV, file(3)).await;
        yewu.node.run_jobs().await.expect("jobs run");
        let now = async |import: &Import| sales.get(&path("imports", import.id)).await.ok::<Import>();
        assert_eq!((now(&long).await.created, now(&short).await.status), (500, ImportStatus::Done));
        assert_eq!(counts(&done(&yewu, &sales, &long).await), [1_600, 1_600, 0, 0, 0, 0]);
    });
}

#[test]
fn crm_07_an_import_is_worked_through_in_the_background() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, true).await;
        let sales = yewu.role("sales_rep");
        let import = queued(&sales, "", CSV, table((0..1200).map(|n| format!("{}{n}", name())))).await;
        let started = std::time::Instant::now();
        let done = testkit::eventually(Duration::from_secs(20), async || {
            let now: Import = sales.get(&path("imports", import.id)).await.ok();
            if now.status == ImportStatus::Done { Ok(now) } else { Err(format!("{now:?}")) }
        });
        assert_eq!(done.await.created, 1200);
        assert!(started.elapsed() < Duration::from_secs(20));
        let value: Value = sales.get(&path("imports", import.id)).await.ok();
        assert!(value["finished_at"].is_string());
        yewu.stop().await;
    });
}
