//! CRM-28, 29: customers and the people there.
use crate::{BASE, account, facts, name, path, put, run};
use serde_json::json;
use uuid::Uuid;
use wire::{
    Page,
    crm::{Account, AccountStatus, AccountTier, Contact, ContactStatus, User},
};

#[test]
fn crm_28_customers_are_kept_up_to_date_by_reference() {
    run(async |yewu| {
        let erp = yewu.role("integration");
        let rep = format!("rep-{}", Uuid::now_v7());
        let user = json!({"name": "Ann", "roles": ["sales_rep"], "department": "sales", "team": "east"});
        put(&erp, &format!("users/by-ref/directory/{rep}"), user).await.created::<User>();
        let at = format!("accounts/by-ref/northwind/{}", Uuid::now_v7().simple());
        let body = json!({"name": name(), "phone": "030-0074321", "address": {"country": "Germany", "city": "Berlin"}, "owner": rep});
        let opened: Account = put(&erp, &at, body.clone()).await.created();
        assert_eq!(
            (opened.status, opened.owner_id.as_deref(), opened.external_refs.len()),
            (AccountStatus::Prospect, Some(rep.as_str()), 1)
        );
        let same: Account = put(&erp, &at, body.clone()).await.ok();
        assert_eq!((same.id, same.version), (opened.id, 1));
        let mut moved = body.clone();
        moved["address"]["city"] = json!("München");
        let moved: Account = put(&erp, &at, moved).await.ok();
        assert_eq!((moved.id, moved.version), (opened.id, 2));
        assert_eq!(facts(yewu, opened.id).await, "crm.account.created.v1 crm.account.updated.v1");
        yewu.user("sales_rep", &rep, "sales", "east").get(&path("accounts", opened.id)).await.ok::<Account>();
        yewu.user("sales_rep", "another", "sales", "east")
            .get(&path("accounts", opened.id))
            .await
            .problem(404, "not_found");
        let mut unknown = body;
        unknown["owner"] = json!("nobody-such");
        assert_eq!(put(&erp, &at, unknown).await.problem(422, "body.invalid").errors[0].pointer, "/owner");
    });
}

#[test]
fn crm_28_a_reference_names_one_customer() {
    run(async |yewu| {
        let erp = yewu.role("integration");
        let reference = json!({"system": "erp", "id": Uuid::now_v7().to_string()});
        let body = |name: String| json!({"name": name, "external_refs": [reference]});
        erp.post(&format!("{BASE}/accounts"), body(name())).await.created::<Account>();
        erp.post(&format!("{BASE}/accounts"), body(name())).await.problem(409, "external_ref.taken");
    });
}

#[test]
fn crm_28_customers_wake_sleep_and_end_and_key_accounts_are_the_managers() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let account = account(&sales).await;
        let at = path("accounts", account.id);
        assert!(account.number.starts_with("AC-20"), "{}", account.number);
        sales.act(&at, "set-tier", json!({"tier": "key"})).await.problem(403, "permission.missing");
        assert_eq!(boss.act(&at, "set-tier", json!({"tier": "key"})).await.ok::<Account>().tier, AccountTier::Key);
        assert_eq!(sales.act(&at, "activate", json!({})).await.ok::<Account>().status, AccountStatus::Active);
        let asleep: Account = boss.act(&at, "deactivate", json!({"reason": "一年未下单"})).await.ok();
        assert_eq!((asleep.status, asleep.reason.as_deref()), (AccountStatus::Dormant, Some("一年未下单")));
        let renamed: Account = sales.patch(&at, json!({"industry": "水务"})).await.ok();
        assert_eq!(renamed.industry.as_deref(), Some("水务"));
        boss.act(&at, "invalidate", json!({"reason": "已注销"})).await.ok::<Account>();
        sales.patch(&at, json!({"industry": "x"})).await.problem(409, "state.refused");
        let list: Page<Account> = sales.get(&format!("{BASE}/accounts?status=invalid&limit=200")).await.ok();
        assert!(list.items.iter().any(|row| row.id == account.id));
        assert!(list.items.iter().all(|row| row.status == AccountStatus::Invalid));
    });
}

#[test]
fn crm_29_a_customer_has_one_primary_contact() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let account = account(&sales).await;
        let contacts = format!("{BASE}/contacts");
        let new = |name: &str, primary: bool| json!({"account_id": account.id, "name": name, "roles": ["user", "decision_maker"], "primary": primary});
        let first: Contact = sales.post(&contacts, new("李雷", false)).await.created();
        assert!(first.primary, "the first one is primary anyhow");
        let second: Contact = sales.post(&contacts, new("韩梅", true)).await.created();
        assert!(second.primary);
        assert!(!sales.get(&path("contacts", first.id)).await.ok::<Contact>().primary);
        sales.patch(&path("contacts", second.id), json!({"primary": false})).await.problem(422, "contact.primary");
        sales.patch(&path("contacts", first.id), json!({"primary": true})).await.ok::<Contact>();
        let there: Page<Contact> = sales.get(&format!("{}/contacts", path("accounts", account.id))).await.ok();
        assert_eq!(there.items.iter().filter(|contact| contact.primary).map(|c| c.id).collect::<Vec<_>>(), [first.id]);
        let left: Contact = sales.act(&path("contacts", first.id), "deactivate", json!({})).await.ok();
        assert_eq!((left.status, left.primary), (ContactStatus::Left, false));
        assert_eq!(facts(yewu, second.id).await, "crm.contact.created.v1 crm.contact.updated.v1");
    });
}

#[test]
fn crm_29_contacts_are_kept_up_to_date_by_reference_and_stay_with_their_customer() {
    run(async |yewu| {
        let erp = yewu.role("integration");
        let (one, other) = (account(&erp).await, account(&erp).await);
        let at = format!("contacts/by-ref/northwind/{}", Uuid::now_v7().simple());
        let body = json!({"account_id": one.id, "name": "Maria Anders", "phone": "030-0074321"});
        let met: Contact = put(&erp, &at, body.clone()).await.created();
        assert_eq!(put(&erp, &at, body).await.ok::<Contact>().version, 1);
        let titled: Contact =
            put(&erp, &at, json!({"account_id": one.id, "name": "Maria Anders", "title": "Owner"})).await.ok();
        assert_eq!((titled.id, titled.version, titled.phone), (met.id, 2, None));
        put(&erp, &at, json!({"account_id": other.id, "name": "Maria Anders"})).await.problem(409, "contact.account");
        let nowhere = json!({"account_id": Uuid::now_v7(), "name": "Nobody"});
        let problem = erp.post(&format!("{BASE}/contacts"), nowhere).await.problem(422, "body.invalid");
        assert_eq!(problem.errors[0].pointer, "/account_id");
    });
}
