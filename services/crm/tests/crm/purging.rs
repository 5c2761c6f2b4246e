//! CRM-31: what is left of a customer that was purged, and CRM-42: of a registration that nobody wants any more.
use crate::{BASE, account, evidence, facts, name, new_lead, opportunity, path, qualified, run};
use serde_json::{Value, json};
use testkit::Client;
use wire::{
    Page,
    approval::Approval,
    crm::{
        Account, AccountStatus, Contact, ContactStatus, DataQualityTask, DataQualityTaskStatus, Inquiry, Lead,
        LeadStatus, OnboardingApplication, OnboardingStatus, Opportunity,
    },
};

async fn contact(client: &Client, account: &Account, name: &str) -> Contact {
    client.post(&format!("{BASE}/contacts"), json!({"account_id": account.id, "name": name})).await.created()
}
async fn task(client: &Client, account: &Account) -> DataQualityTask {
    client.post(&format!("{BASE}/data-quality-tasks"), json!({"account_id": account.id})).await.created()
}

#[test]
fn crm_31_of_a_purged_customer_id_and_number_remain() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let deal = opportunity(&sales).await;
        let at = path("accounts", deal.account_id);
        let account: Account = sales.patch(&at, json!({"phone": "021-5555 0101", "note": "老客户"})).await.ok();
        let person = contact(&sales, &account, "李雷").await;
        let task = task(&sales, &account).await;
        let tasks = format!("{BASE}/data-quality-tasks");
        sales.post(&tasks, json!({"account_id": account.id})).await.problem(409, "data_quality_task.open");
        let place = path("data-quality-tasks", task.id);
        let why = json!({"reason": "已注销"});
        sales.act(&place, "purge", &why).await.problem(403, "permission.missing");
        boss.act(&place, "purge", &why).await.problem(409, "account.opportunity_open");
        sales.act(&path("opportunities", deal.id), "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        let begun = json!({"account_id": account.id, "party_type": "org", "applicant_name": account.name});
        sales.post(&format!("{BASE}/onboarding-applications"), begun).await.created::<Value>();
        let done: DataQualityTask = boss.act(&place, "purge", why).await.ok();
        for table in ["accounts", "contacts", "opportunities", "onboarding_applications", "data_quality_tasks"] {
            let query = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{}%'", account.name);
            assert_eq!(yewu.sql("crm", &query).await, "0", "{table}");
        }
        assert_eq!(done.status, DataQualityTaskStatus::Purged);
        let gone: Account = sales.get(&at).await.ok();
        assert_eq!((gone.status, &gone.name, &gone.number), (AccountStatus::Purged, &account.number, &account.number));
        assert_eq!((gone.phone, gone.note), (None, None));
        let person: Contact = sales.get(&path("contacts", person.id)).await.ok();
        assert_eq!((person.status, person.name.as_str()), (ContactStatus::Left, "—"));
        let told = facts(yewu, account.id).await;
        assert!(told.ends_with("crm.account.updated.v1 crm.account.purged.v1"), "{told}");
        sales.post(&tasks, json!({"account_id": account.id})).await.problem(409, "data_quality_task.account");
        sales.act(&at, "activate", json!({})).await.problem(409, "state.refused");
    });
}

#[test]
fn crm_31_what_was_merged_into_it_became_it_or_is_filed_of_it_goes_too() {
    run(async |yewu| {
        let (sales, boss, keeper) = (yewu.role("sales_rep"), yewu.role("sales_manager"), yewu.role("archivist"));
        let (double, kept) = (account(&sales).await, account(&sales).await);
        let file = |of: &Account| json!({"account_id": of.id, "title": format!("{} 框架合同", of.name), "paper_location": "A-1"});
        for of in [&double, &kept] {
            keeper.post(&format!("{BASE}/archive-files"), file(of)).await.created::<Value>();
            let mut plan = json!({"account_id": of.id, "title": format!("{} 拓展", of.name)});
            plan["goals"] = json!([{"goal": "二期", "measure": "合同"}]);
            sales.post(&format!("{BASE}/account-plans"), plan).await.created::<Value>();
        }
        let asked = json!({"channel": "phone", "name": kept.name, "contact_name": kept.name, "account_id": kept.id, "text": kept.name});
        sales.post(&format!("{BASE}/inquiries"), asked).await.created::<Value>();
        boss.act(&path("accounts", double.id), "merge", json!({"into_id": kept.id})).await.ok::<Account>();
        // A lead that became it, and one that was the same lead.
        let mut same = new_lead(&name());
        same["contact_name"] = json!(kept.name);
        let (other, became) = (crate::lead(&sales, same).await, qualified(yewu, &sales).await);
        boss.act(&path("leads", other.id), "merge", json!({"into_id": became.id, "reason": "同一家"}))
            .await
            .ok::<Lead>();
        sales
            .patch(&path("leads", became.id), json!({"contact_name": kept.name, "need": kept.name}))
            .await
            .ok::<Lead>();
        let mut wish = json!({"account_id": kept.id, "opportunity_name": format!("{} 二期", kept.name)});
        wish["contact_name"] = json!("李雷");
        let became: Lead = sales.act(&path("leads", became.id), "convert", wish).await.ok();
        let deal = path("opportunities", became.opportunity_id.unwrap());
        let mut meant = evidence();
        meant["evidence"]["person"] = json!(kept.name);
        sales.act(&deal, "mark-intent", meant).await.ok::<Opportunity>();
        sales.act(&deal, "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        // One that may still become a deal.
        let mut waiting = new_lead(&kept.name);
        waiting["on_duplicate"] = json!("attach");
        let waiting = crate::lead(&sales, waiting).await;
        assert_eq!(waiting.account_id, Some(kept.id));
        let mut further = new_lead(&kept.name);
        further["on_duplicate"] = json!("merge");
        sales.post(&format!("{BASE}/leads"), further).await.ok::<Lead>();
        let place = path("data-quality-tasks", task(&sales, &kept).await.id);
        let why = json!({"reason": "已注销"});
        let refused = boss.act(&place, "purge", &why).await.problem(409, "account.lead_open");
        assert!(refused.detail.contains(&waiting.number), "{}", refused.detail);
        sales.act(&path("leads", waiting.id), "disqualify", json!({"reason": "无需求"})).await.ok::<Lead>();
        boss.act(&place, "purge", why).await.ok::<DataQualityTask>();
        for table in [
            "accounts",
            "account_plans",
            "contacts",
            "opportunities",
            "leads",
            "lead_reports",
            "archive_files",
            "inquiries",
            "membership_cards",
        ] {
            for known in [&double.name, &kept.name, &became.name, &other.name] {
                let query = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{known}%'");
                assert_eq!(yewu.sql("crm", &query).await, "0", "{table}");
            }
        }
        let tombstone: Account = sales.get(&path("accounts", double.id)).await.ok();
        assert_eq!(
            (tombstone.status, tombstone.name.as_str(), tombstone.merged_into_id),
            (AccountStatus::Merged, double.number.as_str(), Some(kept.id))
        );
        assert!(facts(yewu, double.id).await.ends_with("crm.account.updated.v1"), "others forget its name, too");
        let left: Lead = sales.get(&path("leads", became.id)).await.ok();
        assert_eq!((left.status, &left.name, left.touches.len()), (LeadStatus::Converted, &left.number, 0));
    });
}

#[test]
fn crm_31_an_inquiry_that_became_its_lead_or_its_deal_goes_too_though_it_names_no_customer() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let asker = name();
        let responded = async || -> String {
            let question = json!({"channel": "phone", "name": asker, "contact_name": asker, "text": asker});
            let inquiry: Inquiry = sales.post(&format!("{BASE}/inquiries"), question).await.created();
            let at = path("inquiries", inquiry.id);
            sales.act(&at, "respond", json!({"channel": "phone", "text": asker})).await.ok::<Inquiry>();
            at
        };
        let (first, second) = (responded().await, responded().await);
        let became: Inquiry = sales.act(&first, "convert", json!({"to": "lead", "source": "online"})).await.ok();
        let lead = path("leads", became.target_id.unwrap());
        boss.act(&lead, "screen", json!({"result": "pass", "class": "a"})).await.ok::<Lead>();
        sales.act(&lead, "contact", json!({"channel": "phone", "outcome": "有意向"})).await.ok::<Lead>();
        sales.act(&lead, "qualify", json!({})).await.ok::<Lead>();
        let lead: Lead = sales.act(&lead, "convert", json!({})).await.ok();
        let account: Account = sales.get(&path("accounts", lead.account_id.unwrap())).await.ok();
        let wish = json!({"to": "opportunity", "source": "online", "account_id": account.id});
        let chance: Inquiry = sales.act(&second, "convert", wish).await.ok();
        assert_eq!((became.account_id, chance.account_id), (None, None));
        for deal in [lead.opportunity_id.unwrap().0, chance.target_id.unwrap()] {
            sales.act(&path("opportunities", deal), "lose", json!({"reason": "x"})).await.ok::<Opportunity>();
        }
        let place = path("data-quality-tasks", task(&sales, &account).await.id);
        boss.act(&place, "purge", json!({"reason": "已注销"})).await.ok::<DataQualityTask>();
        for at in [&first, &second] {
            let left: Inquiry = sales.get(at).await.ok();
            assert_eq!((&left.name, left.contact_name, left.text.as_str()), (&left.number, None, "—"));
        }
        let query = format!("SELECT count(*) FROM inquiries t WHERE t::text LIKE '%{asker}%'");
        assert_eq!(yewu.sql("crm", &query).await, "0");
    });
}

#[test]
fn crm_31_42_a_registration_is_withdrawn_by_hand_or_by_a_purge_and_nobody_decides_on_it_any_more() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "department_head"]).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let pending = async |id: &str| {
            let query = format!("{BASE}/approvals?subject_id={id}&status=pending");
            yewu.role("auditor").get(&query).await.ok::<Page<Approval>>().items.len()
        };
        let (account, at, waiting) = crate::onboarding::verified(yewu, &sales).await;
        assert_eq!(pending(&waiting.id.to_string()).await, 1);
        yewu.role("archivist").act(&at, "withdraw", json!({"reason": "x"})).await.problem(403, "permission.missing");
        let off: OnboardingApplication = sales.act(&at, "withdraw", json!({"reason": "客户放弃"})).await.ok();
        assert_eq!((off.status, off.reason.as_deref()), (OnboardingStatus::Withdrawn, Some("客户放弃")));
        assert_eq!(pending(&waiting.id.to_string()).await, 0);
        assert!(facts(yewu, off.id).await.ends_with("crm.onboarding.withdrawn.v1"));
        sales.act(&at, "withdraw", json!({"reason": "x"})).await.problem(409, "state.refused");
        sales.act(&at, "correct", json!({})).await.problem(409, "state.refused");
        let again = json!({"account_id": account.id, "party_type": "org", "applicant_name": account.name});
        sales.post(&format!("{BASE}/onboarding-applications"), again).await.created::<Value>();

        let (account, at, waiting) = crate::onboarding::verified(yewu, &sales).await;
        let place = path("data-quality-tasks", task(&sales, &account).await.id);
        boss.act(&place, "purge", json!({"reason": "已注销"})).await.ok::<DataQualityTask>();
        assert_eq!(pending(&waiting.id.to_string()).await, 0);
        let left: OnboardingApplication = sales.get(&at).await.ok();
        assert_eq!((left.status, &left.applicant_name), (OnboardingStatus::Withdrawn, &left.number));
        assert!(left.documents.is_empty() && left.entry.is_none() && left.reason.is_none());
    });
}
