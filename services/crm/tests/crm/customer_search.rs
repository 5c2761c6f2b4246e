//! CRM-28, 29, 30: customers, contacts and files are found by a part of what is known of them, in Chinese, English and by sound.
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

/// Ten digits out of a tag.
fn digits(tag: &str) -> u64 {
    tag.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 10_000_000_000)
}
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| format!("{out}%{byte:02X}"))
}
