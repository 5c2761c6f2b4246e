//! CRM-07, 28, 29, 30: leads, customers, contacts and files are found by a part of what is known of them, in Chinese, English and by sound.
use crate::{BASE, path, run};
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;
use wire::crm::{Account, ArchiveFile, Contact};

#[test]
fn crm_28_29_30_customers_people_and_files_are_found_by_parts_of_what_is_known() {
    run(async |yewu| {
        let (sales, keeper) = (yewu.role("sales_rep"), yewu.role("archivist"));
        let tag = Uuid::now_v7().simple().to_string();
        let phone = format!("1{:010}", digits(&tag));
        let body = json!({"name": format!("峻岭{tag}泵业有限公司"), "phone": phone, "tax_number": format!("91{tag}")});
        let account: Account = sales.post(&format!("{BASE}/accounts"), body).await.created();
        let person =
            json!({"account_id": account.id, "name": format!("欧阳{tag}"), "email": format!("{tag}@example.com")});
        let person: Contact = sales.post(&format!("{BASE}/contacts"), person).await.created();
        let file = json!({"account_id": account.id, "title": "框架合同", "paper_location": "A-1"});
        let file: ArchiveFile = keeper.post(&format!("{BASE}/archive-files"), file).await.created();
        let found = async |client: &Client, list: &str, q: &str| {
            let rows: Value = client.get(&format!("{BASE}/{list}?limit=200&q={}", encoded(q))).await.ok();
            let ids = rows["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().parse().unwrap());
            ids.collect::<Vec<Uuid>>()
        };
        let upper = tag.to_uppercase();
        for q in [
            format!("岭{tag}泵"),
            format!("{upper} 泵业"),
            format!("泵业 {tag}"),
            format!("junling{tag}bengye"),
            format!("jl{tag}by"),
            format!("91{tag}"),
            format!("{tag} {}", &phone[3..9]),
            format!("{tag} {}", account.number),
        ] {
            assert_eq!(found(&sales, "accounts", &q).await, [Uuid::from(account.id)], "{q}");
        }
        for q in [format!("{tag} 阀门"), format!("岭{tag}业"), format!("{tag}%泵"), format!("jl{tag}yb")] {
            assert!(found(&sales, "accounts", &q).await.is_empty(), "{q}");
        }
        let id = Uuid::from(person.id);
        for q in [format!("阳{tag}"), format!("ouyang{tag}"), format!("oy{tag}"), format!("{tag}@example")] {
            assert_eq!(found(&sales, "contacts", &q).await, [id], "{q}");
        }
        for q in [format!("岭{tag}泵"), format!("合同 {tag}"), format!("{tag} {}", file.number)] {
            assert_eq!(found(&keeper, "archive-files", &q).await, [Uuid::from(file.id)], "{q}");
        }
        let stranger = yewu.user("sales_rep", "stranger-search", "sales", "west");
        assert!(found(&stranger, "accounts", &tag).await.is_empty(), "what is out of sight is not found");
        sales.patch(&path("accounts", account.id), json!({"name": format!("秀水{tag}阀门")})).await.ok::<Account>();
        assert!(found(&sales, "accounts", &format!("junling{tag}")).await.is_empty());
        assert_eq!(found(&sales, "accounts", &format!("xiushui{tag}famen")).await, [Uuid::from(account.id)]);
        // A row from before there was a spelling gets one.
        let unspelt = format!("UPDATE accounts SET pinyin = NULL WHERE id = '{}'", account.id);
        yewu.as_owner("crm", &unspelt).await;
        assert!(found(&sales, "accounts", &format!("xiushui{tag}")).await.is_empty());
        let mut again = Vec::new();
        for _ in 0..20 {
            yewu.node.run_jobs().await.unwrap();
            again = found(&sales, "accounts", &format!("xiushui{tag}")).await;
            if !again.is_empty() {
                break;
            }
        }
        assert_eq!(again, [Uuid::from(account.id)]);
        assert_eq!(sales.get(&path("accounts", account.id)).await.ok::<Account>().version, 2, "it is no news");
    });
}

#[test]
fn crm_07_leads_are_found_by_parts_of_what_is_known() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let tag = Uuid::now_v7().simple().to_string();
        let phone = format!("139{:08}", digits(&tag) % 100_000_000);
        let mut body = crate::new_lead(&format!("峻岭{tag}泵业有限公司"));
        body["contact_name"] = json!(format!("欧阳{tag}"));
        (body["contact_phone"], body["contact_email"]) = (json!(phone), json!(format!("{tag}@example.com")));
        let lead = crate::lead(&sales, body).await;
        let found = async |client: &Client, list: &str, q: &str| {
            let rows: Value = client.get(&format!("{BASE}/{list}?limit=200&q={}", encoded(q))).await.ok();
            let ids = rows["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().parse().unwrap());
            ids.collect::<Vec<Uuid>>()
        };
        let sounds = async |q: &str| {
            // Another test may be running the same job just now, which is then left to it.
            for _ in 0..20 {
                yewu.node.run_jobs().await.unwrap();
                let ids = found(&sales, "leads", q).await;
                if !ids.is_empty() {
                    return ids;
                }
            }
            Vec::new()
        };
        let id = Uuid::from(lead.id);
        for q in [format!("岭{tag}泵"), format!("泵业 {}", tag.to_uppercase()), format!("阳{tag}")] {
            assert_eq!(found(&sales, "leads", &q).await, [id], "{q}");
        }
        for q in [format!("{tag} {}", &phone[3..9]), format!("{tag}@example"), format!("{tag} {}", lead.number)] {
            assert_eq!(found(&sales, "leads", &q).await, [id], "{q}");
        }
        assert_eq!(found(&sales, "leads", &phone).await, [id]);
        assert_eq!(sounds(&format!("junling{tag}bengye")).await, [id]);
        assert_eq!(found(&sales, "leads", &format!("jl{tag}by")).await, [id]);
        for q in [format!("{tag} 阀门"), format!("岭{tag}业"), format!("{tag}%泵")] {
            assert!(found(&sales, "leads", &q).await.is_empty(), "{q}");
        }
        let stranger = yewu.user("sales_rep", "stranger-leads", "sales", "west");
        assert!(found(&stranger, "leads", &tag).await.is_empty(), "what is out of sight is not found");
        let at = path("leads", lead.id);
        sales.patch(&at, json!({"name": format!("秀水{tag}阀门")})).await.ok::<Value>();
        assert!(found(&sales, "leads", &format!("junling{tag}")).await.is_empty(), "a new name sounds otherwise");
        assert_eq!(sounds(&format!("xiushui{tag}famen")).await, [id]);
        sales.act(&at, "pool", json!({"reason": "没有时间"})).await.ok::<Value>();
        assert_eq!(found(&stranger, "leads/pooled", &format!("xs{tag}")).await, [id]);
    });
}

#[test]
fn crm_28_29_a_name_that_the_program_of_before_gives_sounds_as_it_is() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let tag = Uuid::now_v7().simple().to_string();
        let account: Account =
            sales.post(&format!("{BASE}/accounts"), json!({"name": format!("峻岭{tag}")})).await.created();
        let person = json!({"account_id": account.id, "name": format!("欧阳{tag}")});
        let person: Contact = sales.post(&format!("{BASE}/contacts"), person).await.created();
        for (table, id) in [("accounts", Uuid::from(account.id)), ("contacts", person.id.into())] {
            let rename = format!("UPDATE {table} SET name = '秀水{tag}', version = version + 1 WHERE id = '{id}'");
            yewu.as_owner("crm", &rename).await;
        }
        let spelt = format!(
            "SELECT string_agg(coalesce(pinyin, '-'), ',') FROM (SELECT pinyin FROM accounts WHERE id = '{}' \
             UNION ALL SELECT pinyin FROM contacts WHERE id = '{}') p",
            account.id, person.id
        );
        let as_it_is = format!("xiushui{tag} xs{tag}");
        for _ in 0..20 {
            yewu.node.run_jobs().await.unwrap();
            if !yewu.sql("crm", &spelt).await.contains('-') {
                break;
            }
        }
        assert_eq!(yewu.sql("crm", &spelt).await, format!("{as_it_is},{as_it_is}"));
    });
}

/// Ten digits out of a tag.
fn digits(tag: &str) -> u64 {
    tag.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 10_000_000_000)
}
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| format!("{out}%{byte:02X}"))
}
