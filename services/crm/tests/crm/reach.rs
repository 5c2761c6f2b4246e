//! CRM-07, 29, 40: telephone numbers and e-mail addresses are looked at as they come in; what was stored before stays readable.
use crate::{
    BASE, account,
    imports::{CSV, counts, done, queued, rows},
    lead, name, new_lead, path, qualified, run,
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;
use wire::{
    Page,
    crm::{Contact, ImportRow, Lead, LeadReport},
};

/// What further reports of a lead said, the last first.
async fn reports(client: &Client, at: &str) -> Vec<LeadReport> {
    client.get(&format!("{at}/reports")).await.ok::<Page<LeadReport>>().items
}
async fn needs(client: &Client, at: &str) -> Vec<String> {
    reports(client, at).await.into_iter().filter_map(|report| report.need).collect()
}

#[test]
fn crm_29_what_is_no_way_to_reach_a_person_is_refused_by_its_field_in_both_languages() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let customer = account(&sales).await;
        let person = |field: &str, text: &str| json!({"account_id": customer.id, "name": "李雷", field: text});
        let asked = |field: &str, text: &str| json!({"channel": "phone", "name": "x", "text": "x", field: text});
        let report = |field: &str, text: &str| {
            let mut body = new_lead(&name());
            body[field] = json!(text);
            body
        };
        for (list, body, field) in [
            ("contacts", person("phone", "打不通"), "/phone"),
            ("contacts", person("email", "li.lei"), "/email"),
            ("inquiries", asked("contact_phone", "1234"), "/contact_phone"),
            ("inquiries", asked("contact_email", "li lei@example.com"), "/contact_email"),
            ("leads", report("contact_phone", "unknown"), "/contact_phone"),
            ("leads", report("contact_email", "@example.com"), "/contact_email"),
        ] {
            let problem = sales.post(&format!("{BASE}/{list}"), &body).await.problem(422, "body.invalid");
            assert_eq!(problem.errors[0].pointer, field);
            assert!(problem.errors[0].message.starts_with("must be "), "{problem:?}");
            let key = Uuid::now_v7().to_string();
            let headers = [("accept-language", "zh-CN"), ("idempotency-key", key.as_str())];
            let answer = sales.send(Method::POST, &format!("{BASE}/{list}"), &headers, Some(&body)).await;
            let problem = answer.problem(422, "body.invalid");
            assert!(problem.errors[0].message.starts_with('应'), "{problem:?}");
        }
    });
}

#[test]
fn crm_29_what_a_chinese_keyboard_types_is_written_narrow_and_old_rows_stay_readable() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let customer = account(&sales).await;
        let typed = json!({"account_id": customer.id, "name": "李雷", "phone": "（０２１）５５５５　０１０１转８０１", "email": "li．lei＠example。com"});
        let contact: Contact = sales.post(&format!("{BASE}/contacts"), typed).await.created();
        let kept = (contact.phone.as_deref(), contact.email.as_deref());
        assert_eq!(kept, (Some("(021)5555 0101转801"), Some("li.lei@example.com")));
        let at = path("contacts", contact.id);
        let old = format!("UPDATE contacts SET phone = '总机', email = '见名片' WHERE id = '{}'", contact.id);
        yewu.as_owner("crm", &old).await;
        let changed: Contact = sales.patch(&at, json!({"title": "经理"})).await.ok();
        assert_eq!((changed.phone.as_deref(), changed.email.as_deref()), (Some("总机"), Some("见名片")));
        sales.patch(&at, json!({"phone": "总机"})).await.problem(422, "body.invalid");

        let lead = qualified(yewu, &sales).await;
        let old = format!("UPDATE leads SET contact_phone = '总机', contact_email = '见名片' WHERE id = '{}'", lead.id);
        yewu.as_owner("crm", &old).await;
        let converted: Lead = sales.act(&path("leads", lead.id), "convert", json!({})).await.ok();
        let person: Contact = sales.get(&path("contacts", converted.contact_id.unwrap())).await.ok();
        assert_eq!((person.phone.as_deref(), person.email.as_deref()), (Some("总机"), Some("见名片")));
    });
}

#[test]
fn crm_07_rows_that_reach_nobody_are_bad_rows_with_the_reason() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let names = [name(), name(), name()];
        // Nobody else's: 139 and eight digits, typed at full width.
        let digits = format!("139{:08}", Uuid::now_v7().as_u128() % 100_000_000);
        let wide: String = digits.chars().filter_map(|c| char::from_u32(u32::from(c) + 0xfee0)).collect();
        let person = Uuid::now_v7().simple();
        let table = format!(
            "name,source,contact_phone,contact_email\n{},online,总机,\n{},online,,li.lei\n{},online,{wide},{person}＠example.com\n",
            names[0], names[1], names[2]
        );
        let import = queued(&sales, "on_duplicate=refuse", CSV, table).await;
        assert_eq!(counts(&done(yewu, &sales, &import).await), [3, 1, 0, 0, 0, 2]);
        let failed = rows(&sales, &import, "failed").await;
        let told = |row: &ImportRow| (row.code.clone().unwrap(), row.pointer.clone().unwrap());
        let told: Vec<_> = failed.iter().map(told).collect();
        assert_eq!(told, ["/contact_phone", "/contact_email"].map(|at| ("body.invalid".to_owned(), at.to_owned())));
        let page: Value = sales
            .send(
                Method::GET,
                &format!("{}/rows?status=failed", path("imports", import.id)),
                &[("accept-language", "zh-CN")],
                None,
            )
            .await
            .ok();
        assert!(
            page["items"][0]["message"].as_str().unwrap().starts_with("字段 /contact_phone：应为 5 至 20 位"),
            "{page}"
        );
        let kept = format!("SELECT contact_phone || ' ' || contact_email FROM leads WHERE name = $${}$$", names[2]);
        assert_eq!(yewu.sql("crm", &kept).await, format!("{digits} {person}@example.com"));
    });
}

#[test]
fn crm_07_what_a_further_report_says_is_kept_whatever_was_known() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (leads, company) = (format!("{BASE}/leads"), name());
        let known = lead(&sales, new_lead(&company)).await;
        let reference = json!({"system": "website", "id": Uuid::now_v7()});
        let again = json!({"party_type": "person", "name": company, "contact_name": "韩梅", "contact_phone": format!("139{:08}", Uuid::now_v7().as_u128() % 100_000_000),
            "region": "华东", "source": "online", "need": "另要 3 台消防泵", "external_refs": [reference], "on_duplicate": "merge"});
        let merged: Lead = sales.post(&leads, &again).await.ok();
        assert_eq!(
            (merged.id, merged.need.as_deref(), merged.region.as_deref()),
            (known.id, Some("12 台卧式泵"), Some("华东"))
        );
        let at = path("leads", known.id);
        let said = serde_json::to_value(&reports(&sales, &at).await[0]).unwrap();
        for field in ["party_type", "name", "contact_name", "contact_phone", "region", "source", "need"] {
            assert_eq!(said[field], again[field], "{field}");
        }
        assert_eq!((said["taken_by"].as_str(), merged.external_refs.len()), (Some("user:sales_rep-1"), 1));
        let mut more = again.clone();
        more["need"] = json!("急");
        assert_eq!(sales.post(&leads, &more).await.ok::<Lead>().external_refs.len(), 1, "the same reference once");
        assert_eq!(needs(&sales, &at).await, ["急", "另要 3 台消防泵"]);

        let other = lead(&sales, new_lead(&name())).await;
        let mut taken = again.clone();
        (taken["name"], taken["duplicate_of"]) = (json!(other.name), json!(other.id));
        sales.post(&leads, &taken).await.problem(409, "external_ref.taken");
        assert!(needs(&sales, &path("leads", other.id)).await.is_empty(), "all or nothing");
        let boss = yewu.role("sales_manager");
        let into = json!({"into_id": other.id, "reason": "同一家公司"});
        let gone: Lead = boss.act(&path("leads", known.id), "merge", into).await.ok();
        assert_eq!(gone.merged_into_id, Some(other.id));
        assert!(needs(&boss, &at).await.is_empty());
        assert_eq!(needs(&sales, &path("leads", other.id)).await, ["急", "另要 3 台消防泵"]);
    });
}
