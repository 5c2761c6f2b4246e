//! CRM-07: rows are taken in together to the same end as one after the other; workbooks; how large a file may be.
use crate::{
    BASE, account,
    imports::{CSV, counts, done, hand_in, queued, rows},
    name, path, run,
    workbook::workbook,
};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use wire::{
    Page,
    crm::{Import, ImportRow, Lead},
};

const JSONL: &str = "application/x-ndjson";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Draws that are the same each time.
struct Draws(usize);
impl Draws {
    fn of(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Rows that meet each other in every way: by name, phone, e-mail and reference, with every word about what then.
fn crowd(count: usize) -> Vec<Value> {
    let mut draws = Draws(7);
    let row = |n: usize| {
        let name = match draws.of(4) {
            0 => format!("泵业{}号有限公司", draws.of(12)),
            1 => format!("顾客{}号有限公司", draws.of(3)),
            _ => format!("新客{n}号"),
        };
        let mut row = json!({"party_type": "org", "name": name, "source": if draws.of(20) == 0 { "moon" } else { "online" }, "need": format!("{n} 台")});
        row["on_duplicate"] = json!(["refuse", "create", "attach", "merge"][draws.of(4)]);
        if draws.of(3) == 0 {
            row["contact_phone"] = json!(format!("1380000{:04}", draws.of(40)));
        }
        if draws.of(3) == 0 {
            row["contact_email"] = json!(format!("P{}@Example.com", draws.of(40)));
        }
        if draws.of(5) == 0 {
            row["external_refs"] = json!([{"system": "erp", "id": format!("{}", draws.of(30))}]);
        }
        row
    };
    (0..count).map(row).collect()
}
async fn customers(sales: &Client) {
    for n in 0..3 {
        let body = json!({"name": format!("顾客{n}号"), "phone": format!("1380000{n:04}")});
        sales.post(&format!("{BASE}/accounts"), body).await.created::<Value>();
    }
}
/// What became of a row by itself, in the words of an import.
async fn by_itself(sales: &Client, row: &Value) -> (String, Option<String>) {
    let answer = sales.post(&format!("{BASE}/leads"), row).await;
    let body = answer.json();
    let status = match answer.status.as_u16() {
        200 | 201 if body["version"] != 1 => "merged",
        200 | 201 if body["account_id"].is_null() => "created",
        200 | 201 => "attached",
        409 if body["code"] == "lead.duplicate" => "duplicate",
        _ => "failed",
    };
    (status.to_owned(), body["code"].as_str().map(str::to_owned))
}
const LEFT: &str = "SELECT string_agg(concat_ws(' ', name, contact_phone, contact_email, need, version, account_id IS NOT NULL, external_refs), E'\\n' ORDER BY name, need) FROM leads";
const TOLD: &str = "SELECT string_agg(k, ', ' ORDER BY k) FROM (SELECT kind || ' ' || count(*) AS k FROM outbox WHERE kind LIKE 'crm.lead.%' GROUP BY kind) t";
const NOTED: &str = "SELECT string_agg(a, ', ' ORDER BY a) FROM (SELECT action || ' ' || count(*) AS a FROM audit_log WHERE entity = 'lead' GROUP BY action) t";
const BOUND: &str = "SELECT count(*) || ' ' || count(DISTINCT entity_id) FROM external_refs WHERE kind = 'lead'";
const SOUND: &str = "SELECT count(*) FROM leads WHERE name_key IS NULL OR number IS NULL OR case_id IS NULL";

#[test]
fn crm_07_rows_together_come_to_the_same_end_as_one_after_the_other() {
    let crowd = crowd(700);
    let one_by_one = crowd.clone();
    let mut expected = (Vec::new(), Vec::new());
    let shared = std::sync::Mutex::new(&mut expected);
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let sales = yewu.role("sales_rep");
        customers(&sales).await;
        let mut outcomes = Vec::new();
        for row in &one_by_one {
            outcomes.push(by_itself(&sales, row).await);
        }
        let mut left = Vec::new();
        for query in [LEFT, TOLD, NOTED, BOUND, SOUND] {
            left.push(yewu.sql("crm", query).await);
        }
        **shared.lock().expect("no panic yet") = (outcomes, left);
    });
    let (outcomes, left) = expected;
    for word in ["created", "merged", "attached", "duplicate", "failed"] {
        assert!(outcomes.iter().any(|(status, _)| status == word), "the crowd has {word}");
    }
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let sales = yewu.role("sales_rep");
        customers(&sales).await;
        let lines: Vec<String> = crowd.iter().map(Value::to_string).collect();
        let import = done(&yewu, &sales, &queued(&sales, "", JSONL, lines.join("\n")).await).await;
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page: Page<ImportRow> =
                sales.get(&format!("{}/rows?limit=200{after}", path("imports", import.id))).await.ok();
            seen.extend(page.items.into_iter().map(|row| (row.status.to_string(), row.code)));
            let Some(next) = page.next else { break };
            after = format!("&after={next}");
        }
        for (line, (seen, expected)) in seen.iter().zip(&outcomes).enumerate() {
            assert_eq!(seen, expected, "line {}: {}", line + 1, crowd[line]);
        }
        assert_eq!(seen.len(), outcomes.len());
        for (query, expected) in [LEFT, TOLD, NOTED, BOUND, SOUND].into_iter().zip(left) {
            assert_eq!(yewu.sql("crm", query).await, expected, "{query}");
        }
    });
}

#[test]
fn crm_07_a_workbook_is_a_table_whose_numbers_and_days_are_text() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (first, second, customer) = (name(), name(), account(&sales).await);
        let text = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let sheet = format!(
            "<row r=\"1\">{}{}{}{}</row>\
             <row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c>{}<c r=\"C2\"><v>13912345678</v></c><c r=\"D2\" s=\"1\"><v>46084</v></c></row>\
             <row r=\"4\">{}{}</row><row r=\"5\">{}<c r=\"B5\" t=\"e\"><v>#N/A</v></c></row><row r=\"6\">{}{}</row>",
            text("A1", "名称"),
            text("B1", "来源"),
            text("C1", "电话"),
            text("D1", "需求"),
            text("B2", "online"),
            text("A4", &second),
            text("B4", "moon"),
            text("A5", &name()),
            text("A6", &customer.name),
            text("B6", "online"),
        );
        let import = queued(&sales, "format=xlsx", XLSX, workbook(&sheet, &[&first])).await;
        assert_eq!(import.columns, ["名称", "来源", "电话", "需求"]);
        let import = done(yewu, &sales, &import).await;
        assert_eq!(counts(&import), [4, 1, 0, 0, 1, 2]);
        let made: Lead =
            sales.get(&path("leads", rows(&sales, &import, "created").await[0].lead_id.unwrap())).await.ok();
        assert_eq!(
            (made.name, made.contact_phone.as_deref(), made.need.as_deref()),
            (first, Some("13912345678"), Some("2026-03-03"))
        );
        let failed: Vec<_> =
            rows(&sales, &import, "failed").await.into_iter().map(|row| (row.line, row.code.unwrap())).collect();
        assert_eq!(
            failed,
            [(4, "lead_source.unknown".to_owned()), (5, "import.row_cell".into())],
            "by the numbers of the sheet"
        );
        let table = sales.get(&format!("{}/failed", path("imports", import.id))).await;
        assert!(table.text.contains(&format!(",{second},,moon,\n")), "{}", table.text);
        hand_in(&sales, "", XLSX, "name,source\nA,online\n").await.problem(422, "import.workbook");
        hand_in(&sales, "", XLSX, workbook("", &[])).await.problem(422, "import.empty");
        hand_in(&sales, "format=csv", XLSX, workbook(&sheet, &["x"])).await.problem(422, "import.media_type");
    });
}

#[test]
fn crm_07_a_file_is_as_large_as_the_setting_says_and_no_larger() {
    testkit::alone(async || {
        let yewu =
            Yewu::start(&[crm::SERVICE], |settings| settings.storage.largest_import_bytes = 1024 * 1024, false).await;
        let sales = yewu.role("sales_rep");
        let file = |bytes: usize| {
            let mut text = format!("name,source\n{},online\n", name()).into_bytes();
            text.resize(bytes, b'\n');
            text
        };
        queued(&sales, "", CSV, file(1024 * 1024 - 1)).await;
        let exactly = queued(&sales, "", CSV, file(1024 * 1024)).await;
        assert_eq!(counts(&done(&yewu, &sales, &exactly).await), [1, 1, 0, 0, 0, 0]);
        let problem = hand_in(&sales, "", CSV, file(1024 * 1024 + 1)).await.problem(413, "attachment.too_large");
        assert!(problem.detail.contains("1 MiB"), "{problem:?}");
        let imports: Page<Import> = sales.get(&format!("{BASE}/imports")).await.ok();
        assert_eq!(imports.items.len(), 2);
    });
}

#[test]
fn crm_07_a_row_that_the_database_refuses_holds_up_no_other() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let sales = yewu.role("sales_rep");
        let refusal = "CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$";
        yewu.as_owner("crm", refusal).await;
        let on = "CREATE TRIGGER refuse BEFORE INSERT ON leads FOR EACH ROW WHEN (NEW.name = 'poison') EXECUTE FUNCTION refuse()";
        yewu.as_owner("crm", on).await;
        let row = |n: usize| if n == 29 { "poison,online\n".to_owned() } else { format!("客户{n}号,online\n") };
        let text: String = (0..60).map(row).collect();
        let import = queued(&sales, "", CSV, format!("name,source\n{text}")).await;
        yewu.node.run_jobs().await.expect("jobs run");
        let soon: Import = sales.get(&path("imports", import.id)).await.ok();
        assert_eq!(counts(&soon), [60, 59, 0, 0, 0, 0], "the others are in, it waits");
        let after = done(&yewu, &sales, &import).await;
        assert_eq!(counts(&after), [60, 59, 0, 0, 0, 1]);
        let failed = rows(&sales, &after, "failed").await;
        assert_eq!((failed[0].line, failed[0].code.as_deref()), (31, Some("internal")));
        let told = "SELECT count(*) || ' ' || count(DISTINCT subject) FROM outbox WHERE kind = 'crm.lead.created.v1'";
        assert_eq!(yewu.sql("crm", told).await, "59 59");
    });
}
