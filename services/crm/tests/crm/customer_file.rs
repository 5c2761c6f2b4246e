//! CRM-11, 28, 30, 31, 32: the customer file in depth: profile, one customer out of two, archive, data that is right.
use crate::{BASE, account, facts, name, opportunity, path, put, run, spec};
use jiff::ToSpan;
use serde_json::{Value, json};
use testkit::Client;
use uuid::Uuid;
use wire::{
    CloudEvent, EventId, Page,
    attachment::Attachment,
    crm::{
        Account, AccountProfileShown, AccountStatus, AccountTier, ArchiveFile, ArchiveFileStatus, Contact,
        DataQualityRule, DataQualityTask, DataQualityTaskStatus, DecisionChain, Opportunity, RequirementSpec,
        TimelineEntry,
    },
};

async fn contact(client: &Client, account: &Account, name: &str) -> Contact {
    client.post(&format!("{BASE}/contacts"), json!({"account_id": account.id, "name": name})).await.created()
}

#[test]
fn crm_11_a_profile_says_what_is_missing_until_everything_is_known() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let account = account(&sales).await;
        let at = format!("{}/profile", path("accounts", account.id));
        let empty: AccountProfileShown = sales.get(&at).await.ok();
        assert_eq!((empty.completeness_percent, empty.missing.len(), empty.version), (0, 14, 1));
        let basics = json!({"founded_on": "2001-05-18", "legal_representative": "李雷", "employees": 120,
            "registered_capital": {"amount": "5000000.00", "currency": "CNY"}});
        let some: AccountProfileShown = sales.patch(&at, basics).await.ok();
        assert_eq!((some.completeness_percent, some.version), (28, 2), "4 of 14 parts");
        sales.patch(&at, json!({"decision_days": 0})).await.problem(422, "account.decision_days");
        let rest = json!({"main_business": "卧式泵", "main_products": "泵、阀", "markets": "华东", "credit": "月结 30 天",
            "annual_revenue": {"amount": "80000000.00", "currency": "CNY"}, "annual_purchases": {"amount": "9000000.00", "currency": "CNY"},
            "decision_process": "技术选型后总经理批准", "decision_days": 45, "budget_cycle": "每年 11 月"});
        let nearly: AccountProfileShown = sales.patch(&at, rest).await.ok();
        assert_eq!((nearly.completeness_percent, nearly.missing), (92, vec!["decision_chain".to_owned()]));
        assert_eq!(nearly.profile.employees, Some(120), "what is absent stays");
        let less: AccountProfileShown = sales.patch(&at, json!({"credit": null, "employees": 120})).await.ok();
        assert_eq!((less.profile.credit, less.profile.employees, less.version), (None, Some(120), nearly.version + 1));
        let again: AccountProfileShown = sales.patch(&at, json!({"credit": null})).await.ok();
        assert_eq!(again.version, less.version, "nothing changes, no version");
        sales.patch(&at, json!({"credit": "月结 30 天"})).await.ok::<AccountProfileShown>();
        let chain = format!("{}/decision-chain", path("accounts", account.id));
        let boss = contact(&sales, &account, "王总").await;
        let member = |id: Uuid, role: &str| json!({"contact_id": id, "role": role, "influence": "high", "attitude": "supporter"});
        let strange = json!({"members": [member(Uuid::now_v7(), "decider")]});
        sales.patch(&chain, strange).await.problem(422, "account.decision_chain");
        let twice = json!({"members": [member(boss.id.into(), "decider"), member(boss.id.into(), "buyer")]});
        sales.patch(&chain, twice).await.problem(422, "account.decision_chain");
        let user = json!({"members": [member(boss.id.into(), "user")]});
        sales.patch(&chain, user).await.ok::<DecisionChain>();
        assert!(!facts(yewu, account.id).await.contains("profile_completed"), "nobody decides yet");
        let whole = json!({"members": [member(boss.id.into(), "decider")]});
        let whole: DecisionChain = sales.patch(&chain, whole).await.ok();
        assert_eq!((whole.members.len(), whole.version), (1, 7));
        let done: AccountProfileShown = sales.get(&at).await.ok();
        assert_eq!((done.completeness_percent, done.missing.len()), (100, 0));
        sales.patch(&at, json!({"employees": 130})).await.ok::<AccountProfileShown>();
        let told = facts(yewu, account.id).await;
        assert_eq!(told.matches("crm.account.profile_completed.v1").count(), 1, "once: {told}");
        yewu.user("sales_rep", "stranger-profile", "sales", "west").get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_28_two_customers_become_one_and_the_other_points_there() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let deal = opportunity(&sales).await;
        let spec = spec(&sales, &deal).await;
        let at = path("accounts", deal.account_id);
        let (doubled, survivor): (Account, Account) = (sales.get(&at).await.ok(), account(&sales).await);
        let (first, second) = (contact(&sales, &doubled, "李雷").await, contact(&sales, &survivor, "韩梅").await);
        assert!(first.primary && second.primary);
        let into = |id: Uuid| json!({"into_id": id});
        sales.act(&at, "merge", into(survivor.id.into())).await.problem(403, "permission.missing");
        boss.act(&at, "merge", into(Uuid::now_v7())).await.problem(422, "body.invalid");
        boss.act(&at, "merge", into(doubled.id.into())).await.problem(422, "account.merge_itself");
        let foreign = account(&yewu.user("sales_rep", "rep-west", "sales", "west")).await;
        boss.act(&at, "merge", into(foreign.id.into())).await.problem(422, "body.invalid");
        let merged: Account = boss.act(&at, "merge", into(survivor.id.into())).await.ok();
        assert_eq!((merged.status, merged.merged_into_id), (AccountStatus::Merged, Some(survivor.id)));
        let tombstone: Account = sales.get(&at).await.ok();
        assert_eq!((tombstone.merged_into_id, tombstone.number), (Some(survivor.id), doubled.number));
        sales.patch(&at, json!({"note": "x"})).await.problem(409, "state.refused");
        let body = json!({"account_id": doubled.id, "name": "后来者"});
        sales.post(&format!("{BASE}/contacts"), body).await.problem(409, "contact.account_gone");
        let moved: Contact = sales.get(&path("contacts", first.id)).await.ok();
        assert_eq!((moved.account_id, moved.primary), (survivor.id, false), "one primary contact at most");
        let moved: Opportunity = sales.get(&path("opportunities", deal.id)).await.ok();
        assert_eq!((moved.account_id, moved.account_name), (survivor.id, survivor.name));
        let moved: RequirementSpec = sales.get(&path("requirement-specs", spec.id)).await.ok();
        assert_eq!(moved.account_id, survivor.id);
        let told = "crm.account.created.v1 crm.account.updated.v1 crm.account.merged.v1";
        assert_eq!(facts(yewu, doubled.id).await, told);
        assert!(facts(yewu, deal.id).await.ends_with("crm.opportunity.moved.v1"));
        let body = json!({"account_id": doubled.id, "name": "三期", "need": "阀", "source": "online"});
        sales.post(&format!("{BASE}/opportunities"), body).await.problem(422, "opportunity.account");
        // What happened before is in the survivor's timeline.
        yewu.settle().await;
        let timeline = format!("{}/timeline", path("accounts", survivor.id));
        let page: Page<TimelineEntry> = sales.get(&timeline).await.ok();
        assert!(page.items.iter().any(|entry| entry.case_id == deal.case_id));
    });
}

#[test]
fn crm_28_references_and_older_tombstones_follow_the_survivor() {
    run(async |yewu| {
        let erp = yewu.user("integration sales_manager", "both", "sales", "sales");
        let known = async |name: String| {
            let at = format!("accounts/by-ref/erp/{}", Uuid::now_v7().simple());
            (put(&erp, &at, json!({"name": name})).await.created::<Account>(), at)
        };
        let ((first, at_first), (second, _), (third, _)) =
            (known(name()).await, known(name()).await, known(name()).await);
        let merge = async |from: &Account, into: &Account| {
            erp.act(&path("accounts", from.id), "merge", json!({"into_id": into.id})).await.ok::<Account>()
        };
        merge(&first, &second).await;
        merge(&second, &third).await;
        let oldest: Account = erp.get(&path("accounts", first.id)).await.ok();
        assert_eq!(oldest.merged_into_id, Some(third.id), "it points to where there is something");
        let survivor: Account = erp.get(&path("accounts", third.id)).await.ok();
        assert_eq!(survivor.external_refs.len(), 3);
        // The next nightly synchronisation of the first one's reference finds the survivor.
        let synced: Account = put(&erp, &at_first, json!({"name": third.name})).await.ok();
        assert_eq!(synced.id, third.id);
        let again = json!({"into_id": third.id});
        erp.act(&path("accounts", first.id), "merge", again).await.problem(409, "state.refused");
    });
}

#[test]
fn crm_28_the_timeline_holds_all_six_services_and_is_asked_by_service_and_time() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let deal = opportunity(&sales).await;
        yewu.settle().await;
        let kinds = [
            "quoting.quote.issued.v1",
            "contracts.contract.signed.v1",
            "orders.order.confirmed.v1",
            "procurement.stock.changed.v1",
            "aftersales.ticket.opened.v1",
        ];
        let begun = yewu.node.clock.now().timestamp();
        for (hours, kind) in (1_i64..).zip(kinds) {
            let known = wire::crm::AccountUpdated(wire::crm::AccountSnapshot {
                id: deal.account_id,
                number: "AC-1".into(),
                name: "x".into(),
                status: "active".into(),
                version: 9,
                tier: None,
                region: None,
            });
            let time = begun.checked_add(hours.hours()).unwrap().into();
            let data = json!({"account_id": deal.account_id});
            let like = yewu.envelope(&known, deal.case_id);
            let envelope = CloudEvent { id: EventId(Uuid::now_v7()), kind: kind.into(), time, data, ..like };
            yewu.deliver(&envelope).await;
        }
        let at = format!("{}/timeline", path("accounts", deal.account_id));
        let auditor = yewu.role("auditor");
        let services = async |query: &str| {
            let page: Page<TimelineEntry> = auditor.get(&format!("{at}{query}")).await.ok();
            page.items.into_iter().map(|entry| entry.service).collect::<Vec<_>>()
        };
        let all = ["aftersales", "procurement", "orders", "contracts", "quoting", "crm"];
        assert_eq!(services("").await, all);
        assert_eq!(services("?service=orders").await, ["orders"]);
        let at_hour = |hours: i64| begun.checked_add(hours.hours()).unwrap().to_string();
        let (two, four) = (at_hour(2), at_hour(4));
        assert_eq!(services(&format!("?from={two}&to={four}")).await, ["orders", "contracts"], "to is not within");
        assert_eq!(services(&format!("?from={four}")).await, ["aftersales", "procurement"]);
        assert_eq!(auditor.get(&format!("{at}?from=yesterday")).await.status, 400);
    });
}

#[test]
fn crm_30_the_archive_keeps_files_and_paper_and_knows_who_has_it() {
    run(async |yewu| {
        let (sales, keeper) = (yewu.role("sales_rep"), yewu.role("archivist"));
        let reader = format!("reader-{}", Uuid::now_v7());
        let user = json!({"name": "Ann", "roles": ["sales_rep"], "department": "sales", "team": "sales"});
        put(&yewu.role("integration"), &format!("users/by-ref/directory/{reader}"), user).await.created::<Value>();
        let account = account(&sales).await;
        let files = format!("{BASE}/archive-files");
        let barcode = Uuid::now_v7().simple().to_string();
        let paper = json!({"account_id": account.id, "title": "2026 年度框架合同", "document_number": "SC-2026-000042",
            "paper_location": "A 区 3 柜 2 层", "barcode": barcode});
        let paper_file: ArchiveFile = keeper.post(&files, &paper).await.created();
        assert_eq!(
            (paper_file.status, paper_file.account_name.as_str()),
            (ArchiveFileStatus::Filed, account.name.as_str())
        );
        keeper.post(&files, &paper).await.problem(409, "archive_file.barcode_taken");
        let nothing = json!({"account_id": account.id, "title": "x"});
        keeper.post(&files, nothing).await.problem(422, "archive_file.nothing");
        let bytes = format!("%PDF-1.7\n% {}\n%%EOF\n", Uuid::now_v7()).into_bytes();
        let upload = format!("{BASE}/attachments?file_name=minutes.pdf&kind=document");
        let minutes: Attachment = sales.upload(&upload, "application/pdf", bytes).await.created();
        let electronic = json!({"account_id": account.id, "title": "会谈纪要", "attachment_id": minutes.id});
        let electronic: ArchiveFile = sales.post(&files, electronic).await.created();
        let loan = json!({"borrower": reader, "purpose": "续签", "due_on": "2999-01-01"});
        keeper.act(&path("archive-files", electronic.id), "borrow", &loan).await.problem(409, "gate.closed");
        let at = path("archive-files", paper_file.id);
        let nobody = json!({"borrower": "nobody-such", "purpose": "x", "due_on": "2999-01-01"});
        keeper.act(&at, "borrow", nobody).await.problem(422, "body.invalid");
        sales.act(&at, "borrow", &loan).await.problem(403, "permission.missing");
        let lent: ArchiveFile = keeper.act(&at, "borrow", &loan).await.ok();
        assert_eq!((lent.status, lent.loans[0].borrower.as_str()), (ArchiveFileStatus::Borrowed, reader.as_str()));
        keeper.act(&at, "destroy", json!({"reason": "x"})).await.problem(409, "state.refused");
        let back: ArchiveFile = keeper.act(&at, "return", json!({"paper_location": "B 区 1 柜"})).await.ok();
        assert_eq!((back.paper_location.as_deref(), back.loans[0].returned_at.is_some()), (Some("B 区 1 柜"), true));
        let gone: ArchiveFile = keeper.act(&at, "destroy", json!({"reason": "保管期满"})).await.ok();
        assert_eq!((gone.status, gone.destroyed_at.is_some()), (ArchiveFileStatus::Destroyed, true));
        let of = async |query: String| {
            let page: Page<ArchiveFile> = keeper.get(&format!("{files}?{query}")).await.ok();
            page.items.into_iter().map(|file| file.id).collect::<Vec<_>>()
        };
        assert_eq!(of(format!("account_id={}", account.id)).await, [electronic.id, paper_file.id]);
        assert_eq!(of(format!("barcode={barcode}")).await, [paper_file.id]);
        assert_eq!(facts(yewu, paper_file.id).await, "crm.archive.filed.v1");
        yewu.user("sales_rep", "stranger-archive", "sales", "west").get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_31_who_was_not_looked_at_for_too_long_is_looked_at() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let rules: Page<DataQualityRule> = boss.get(&format!("{BASE}/data-quality-rules?status=active")).await.ok();
        let rule = rules.items.iter().find(|rule| rule.tier == AccountTier::Standard).unwrap();
        assert_eq!(rule.max_age_days, 365);
        let twice = json!({"tier": "standard", "max_age_days": 30});
        boss.post(&format!("{BASE}/data-quality-rules"), twice).await.problem(409, "data_quality_rule.tier");
        let mut aged = Vec::new();
        for days in [364, 365, 366] {
            let account = account(&sales).await;
            // A minute more or less than the days keeps the test from racing the clock.
            let minutes = i32::from(days == 365);
            let old = format!(
                "UPDATE accounts SET created_at = now() - interval '{days} days {minutes} minutes' WHERE id = '{}'",
                account.id
            );
            yewu.as_owner("crm", &old).await;
            aged.push(account);
        }
        let mut found = Vec::new();
        // Another test may be running the same job just now, which is then left to it.
        for _ in 0..20 {
            yewu.node.run_jobs().await.unwrap();
            found.clear();
            for account in &aged {
                let at = format!("{BASE}/data-quality-tasks?status=open&account_id={}", account.id);
                found.push(sales.get(&at).await.ok::<Page<DataQualityTask>>().items);
            }
            if found.iter().filter(|tasks| !tasks.is_empty()).count() > 1 {
                break;
            }
        }
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 1], "one each, however often the job runs");
        let task = &found[1][0];
        assert_eq!(task.rule_id, Some(rule.id));
        let at = path("data-quality-tasks", task.id);
        let done: DataQualityTask = sales.act(&at, "verify", json!({"note": "电话核实"})).await.ok();
        assert_eq!((done.status, done.note.as_deref()), (DataQualityTaskStatus::Verified, Some("电话核实")));
        let verified: Account = sales.get(&path("accounts", aged[1].id)).await.ok();
        assert!(verified.last_verified_at.is_some());
        assert!(facts(yewu, aged[1].id).await.ends_with("crm.account.verified.v1"));
        let dismissed = path("data-quality-tasks", found[2][0].id);
        boss.act(&dismissed, "dismiss", json!({"reason": "季节性客户"})).await.ok::<DataQualityTask>();
        yewu.node.run_jobs().await.unwrap();
        let open = async |account: &Account| {
            let at = format!("{BASE}/data-quality-tasks?status=open&account_id={}", account.id);
            sales.get(&at).await.ok::<Page<DataQualityTask>>().items.len()
        };
        assert_eq!(open(&aged[1]).await, 0, "looked at just now");
        assert_eq!(open(&aged[2]).await, 0, "somebody said that there is nothing to look at");
        // Looked at since, and not for too long again.
        let seen = format!(
            "UPDATE accounts SET last_verified_at = now() - interval '365 days 1 minute' WHERE id = '{}'",
            aged[2].id
        );
        yewu.as_owner("crm", &seen).await;
        for _ in 0..20 {
            yewu.node.run_jobs().await.unwrap();
            if open(&aged[2]).await > 0 {
                break;
            }
        }
        assert_eq!(open(&aged[2]).await, 1);
    });
}

#[test]
fn crm_32_only_a_manager_says_which_customers_are_key() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let account = account(&sales).await;
        let at = path("accounts", account.id);
        let key = json!({"tier": "key"});
        for role in ["sales_rep", "customer_service", "integration"] {
            yewu.role(role).act(&at, "set-tier", &key).await.problem(403, "permission.missing");
        }
        // The manager of another team does not see the row.
        let tag = sales.get(&at).await.etag();
        let headers = [("idempotency-key", "crm-32-other"), ("if-match", tag.as_str())];
        let other = yewu.user("sales_manager", "other-boss", "sales", "west");
        let answer = other.send(reqwest::Method::POST, &format!("{at}/set-tier"), &headers, Some(&key)).await;
        answer.problem(404, "not_found");
        assert_eq!(boss.act(&at, "set-tier", key).await.ok::<Account>().tier, AccountTier::Key);
        let told = facts(yewu, account.id).await;
        assert_eq!(told, "crm.account.created.v1 crm.account.updated.v1 crm.account.tier_changed.v1");
        let back: Account = boss.act(&at, "set-tier", json!({"tier": "standard"})).await.ok();
        assert_eq!(back.tier, AccountTier::Standard);
    });
}
