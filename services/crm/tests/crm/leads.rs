//! CRM-01, 06, 07, 08, 09, 13: leads from intake to conversion.
use crate::{BASE, account, converted, facts, lead, name, new_lead, path, qualified, run};
use serde_json::{Value, json};
use testkit::{Yewu, patches};
use uuid::Uuid;
use wire::{
    Page,
    crm::{
        Account, CandidateKind, Contact, DataQualityTask, Lead, LeadMatches, LeadSource, LeadStatus, Opportunity,
        ScoringModel, ScoringModelStatus,
    },
};

#[test]
fn crm_01_leads_are_owned_pooled_and_claimed() {
    run(async |yewu| {
        let ann = yewu.user("sales_rep", "ann-pool", "sales", "sales");
        let ben = yewu.user("sales_rep", "ben-pool", "sales", "west");
        let eve = yewu.user("sales_rep", "eve-pool", "retail", "sales");
        let lead = lead(&ann, new_lead(&name())).await;
        let at = path("leads", lead.id);
        assert!(lead.number.starts_with("LD-20"), "{}", lead.number);
        ben.get(&at).await.problem(404, "not_found");
        ann.act(&at, "pool", json!({"reason": "没有时间"})).await.ok::<Lead>();
        eve.get(&at).await.problem(404, "not_found");
        let pool: Page<Lead> = ben.get(&format!("{BASE}/leads/pooled?limit=200")).await.ok();
        assert!(pool.items.iter().any(|row| row.id == lead.id));
        let claimed: Lead = ben.act(&at, "claim", json!({})).await.ok();
        assert_eq!((claimed.status, claimed.owner_id.as_deref()), (LeadStatus::New, Some("ben-pool")));
        ann.get(&at).await.problem(404, "not_found");
        assert_eq!(facts(yewu, lead.id).await, "crm.lead.created.v1 crm.lead.pooled.v1 crm.lead.claimed.v1");
    });
}

#[test]
fn crm_06_sources_hold_on_their_days_and_referrals_name_the_referrer() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let leads = format!("{BASE}/leads");
        let mut referred = new_lead(&name());
        referred["source"] = json!("customer_referral");
        let problem = sales.post(&leads, &referred).await.problem(422, "lead_source.referrer");
        assert_eq!(problem.errors[0].pointer, "/referrer_account_id");
        referred["referrer_account_id"] = json!(Uuid::now_v7());
        sales.post(&leads, &referred).await.problem(422, "body.invalid");
        referred["referrer_account_id"] = json!(account(&sales).await.id);
        sales.post(&leads, &referred).await.created::<Lead>();
        let code = format!("fair-{}", Uuid::now_v7().simple());
        let fair = json!({"code": code, "kind": "exhibition", "name_zh": "广交会", "name_en": "Canton Fair", "effective_from": "2020-01-01"});
        sales.post(&format!("{BASE}/lead-sources"), &fair).await.problem(403, "permission.missing");
        let source: LeadSource = boss.post(&format!("{BASE}/lead-sources"), &fair).await.created();
        boss.post(&format!("{BASE}/lead-sources"), &fair).await.problem(409, "lead_source.code");
        let mut visitor = new_lead(&name());
        visitor["source"] = json!(code);
        sales.post(&leads, &visitor).await.created::<Lead>();
        boss.patch(&path("lead-sources", source.id), json!({"effective_until": "2020-01-05"})).await.ok::<LeadSource>();
        visitor["name"] = json!(name());
        sales.post(&leads, &visitor).await.problem(422, "lead_source.not_effective");
        visitor["source"] = json!("moon");
        assert_eq!(sales.post(&leads, &visitor).await.problem(422, "lead_source.unknown").errors[0].pointer, "/source");
        assert_eq!(facts(yewu, source.id).await, ["crm.lead_source.changed.v1"; 2].join(" "));
    });
}

#[test]
fn crm_07_what_is_known_of_a_lead_or_a_customer_can_be_taken_away() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let mut body = new_lead(&name());
        (body["region"], body["contact_email"]) = (json!("华东"), json!(format!("{}@example.com", Uuid::now_v7())));
        body["contact_phone"] = json!(format!("139{:08}", Uuid::now_v7().as_u128() % 100_000_000));
        let at = path("leads", lead(&sales, body.clone()).await.id);
        let fields = ["region", "contact_name", "contact_phone", "contact_email", "need"];
        patches(yewu, &sales, &at, &fields, &["name"]).await;
        body["name"] = json!(name());
        lead(&sales, body).await; // The phone leads to nobody any more.
        let account = account(&sales).await;
        let at = path("accounts", account.id);
        let said = json!({"phone": "021-5555 0199", "industry": "水务", "tax_number": "91310", "note": "x"});
        sales.patch(&at, said).await.ok::<Account>();
        let fields = ["phone", "industry", "tax_number", "note"];
        patches(yewu, &sales, &at, &fields, &["name", "address"]).await;
        let new = json!({"account_id": account.id, "name": "李雷", "title": "经理", "phone": "13900000000", "email": "l@example.com"});
        let contact: Contact = sales.post(&format!("{BASE}/contacts"), new).await.created();
        let at = path("contacts", contact.id);
        patches(yewu, &sales, &at, &["title", "phone", "email"], &["name", "roles", "primary"]).await;
    });
}

#[test]
fn crm_07_who_is_known_already_is_refused_with_the_candidates() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let leads = format!("{BASE}/leads");
        let unique = Uuid::now_v7().simple().to_string();
        let known = lead(&sales, new_lead(&format!("Acme {unique} Co., Ltd."))).await;
        let again = new_lead(&format!("ＡＣＭＥ　{unique} limited"));
        let before = yewu.sql("crm", "SELECT count(*) FROM leads").await;
        let problem = sales.post(&leads, &again).await.problem(409, "lead.duplicate");
        assert_eq!(problem.blocked_by[0].reference.as_deref(), Some(known.id.to_string().as_str()));
        assert_eq!(problem.blocked_by[0].gate, "duplicate_lead");
        assert!(yewu.sql("crm", "SELECT count(*) FROM leads").await >= before);
        let with = |word: &str| {
            let mut body = again.clone();
            (body["on_duplicate"], body["contact_phone"]) = (json!(word), json!(format!("139{}", &phone()[..8])));
            body
        };
        let merged: Lead = sales.post(&leads, with("merge")).await.ok();
        assert_eq!((merged.id, merged.version, merged.contact_phone.is_some()), (known.id, 2, true));
        let stranger = yewu.user("sales_rep", "stranger-merge", "sales", "west");
        stranger.post(&leads, with("merge")).await.problem(409, "lead.duplicate");
        let new: Lead = sales.post(&leads, with("create")).await.created();
        assert_ne!(new.id, known.id);
        assert_eq!(facts(yewu, new.id).await, "crm.lead.created.v1 crm.lead.duplicate_detected.v1");
        sales.post(&leads, with("merge")).await.problem(409, "lead.duplicate");
        let mut named = with("merge");
        named["duplicate_of"] = json!(new.id);
        assert_eq!(sales.post(&leads, named).await.ok::<Lead>().id, new.id);
    });
}

fn phone() -> String {
    let digits: String = Uuid::now_v7().as_u128().to_string().chars().rev().take(8).collect();
    format!("{digits}0000")
}

#[test]
fn crm_07_customers_and_their_people_are_known_too_and_a_lead_can_be_attached() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let account = account(&sales).await;
        let email = format!("{}@example.com", Uuid::now_v7().simple());
        let person = json!({"account_id": account.id, "name": "李雷", "email": email});
        sales.post(&format!("{BASE}/contacts"), person).await.created::<Contact>();
        let wanted = json!({"name": name(), "email": email.to_uppercase()});
        let found: LeadMatches =
            sales.send(reqwest::Method::POST, &format!("{BASE}/leads/match"), &[], Some(&wanted)).await.ok();
        let seen: Vec<_> = found.candidates.iter().map(|c| (c.kind, c.id, c.matched.clone())).collect();
        assert_eq!(seen, [(CandidateKind::Account, account.id.into(), vec!["email".to_owned()])]);
        assert_eq!(found.candidates[0].name.as_ref(), Some(&account.name));
        let stranger = yewu.user("sales_rep", "stranger-match", "retail", "retail");
        let found: LeadMatches =
            stranger.send(reqwest::Method::POST, &format!("{BASE}/leads/match"), &[], Some(&wanted)).await.ok();
        assert_eq!(found.candidates.len(), 1, "known to the company");
        assert_eq!(found.candidates[0].name, None, "but not by name to whom it is none of their business");
        let mut second = new_lead(&account.name);
        second["on_duplicate"] = json!("attach");
        let second = lead(&sales, second).await;
        assert_eq!(second.account_id, Some(account.id));
    });
}

#[test]
fn crm_07_two_reports_at_once_are_not_both_first() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (body, leads) = (new_lead(&name()), format!("{BASE}/leads"));
        let answers = futures_util::future::join_all((0..8).map(|_| sales.post(&leads, &body))).await;
        let made = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        let refused = answers.iter().filter(|answer| answer.status.as_u16() == 409).count();
        assert_eq!((made, made + refused), (1, 8));
    });
}

#[test]
fn crm_08_the_manager_screens_with_class_or_reason() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let lead = lead(&sales, new_lead(&name())).await;
        let at = path("leads", lead.id);
        sales.act(&at, "screen", json!({"result": "pass", "class": "a"})).await.problem(403, "permission.missing");
        sales.act(&at, "contact", json!({"channel": "phone", "outcome": "x"})).await.problem(409, "state.refused");
        boss.act(&at, "screen", json!({"result": "pass"})).await.problem(422, "lead.class");
        boss.act(&at, "screen", json!({"result": "reject"})).await.problem(422, "lead.reason");
        let out: Lead = boss.act(&at, "screen", json!({"result": "reject", "reason": "无此公司"})).await.ok();
        assert_eq!((out.status, out.reason.as_deref()), (LeadStatus::Disqualified, Some("无此公司")));
        yewu.user("sales_manager", "other-boss", "sales", "west").get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_09_a_lead_is_scored_with_an_explanation_and_anew_by_a_new_model() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[crm::SERVICE], |_| {}, false).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let lead = lead(&sales, new_lead(&name())).await;
        let at = path("leads", lead.id);
        let ratings = json!({"ratings": [{"criterion": "scale", "points": 80, "reason": "上市公司"}, {"criterion": "intent", "points": 55}]});
        let scored: Lead = sales.act(&at, "score", ratings).await.ok();
        let score = scored.score.unwrap();
        assert_eq!(score.total.to_string(), "40.50");
        let scale = score.lines.iter().find(|line| line.criterion == "scale").unwrap();
        assert_eq!(
            (scale.weight, scale.points, scale.contribution.to_string(), scale.reason.as_deref()),
            (30, Some(80), "24.00".into(), Some("上市公司"))
        );
        sales
            .act(&at, "score", json!({"ratings": [{"criterion": "luck", "points": 1}]}))
            .await
            .problem(422, "lead_score.criterion");

        let criterion =
            |key: &str, weight: i16| json!({"key": key, "name_zh": "项", "name_en": "Item", "weight": weight});
        let models = format!("{BASE}/scoring-models");
        let wrong = json!({"name": "2027", "criteria": [criterion("scale", 50), criterion("speed", 51)]});
        assert_eq!(boss.post(&models, wrong).await.problem(422, "scoring_model.sum").errors[0].pointer, "/criteria");
        let new = json!({"name": "2027", "criteria": [criterion("scale", 50), criterion("speed", 50)]});
        let model: ScoringModel = boss.post(&models, new).await.created();
        let model: ScoringModel = boss.act(&path("scoring-models", model.id), "activate", json!({})).await.ok();
        assert_eq!(model.status, ScoringModelStatus::Active);
        assert_eq!(yewu.sql("crm", "SELECT count(*) FROM scoring_models WHERE status = 'active'").await, "1");
        yewu.node.run_jobs().await.unwrap();
        let again: Lead = sales.get(&at).await.ok();
        let score = again.score.unwrap();
        assert_eq!((score.total.to_string(), score.scoring_model_id), ("40.00".into(), model.id));
        assert_eq!(facts(&yewu, lead.id).await, "crm.lead.created.v1 crm.lead.scored.v1 crm.lead.scored.v1");
        boss.act(&path("scoring-models", model.id), "retire", json!({})).await.ok::<ScoringModel>();
        sales
            .act(&at, "score", json!({"ratings": [{"criterion": "scale", "points": 1}]}))
            .await
            .problem(409, "lead_score.no_model");
    });
}

#[test]
fn crm_13_a_qualified_lead_becomes_customer_contact_and_opportunity_at_once_and_once() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let lead = converted(yewu, &sales).await;
        let at = path("leads", lead.id);
        assert_eq!(lead.status, LeadStatus::Converted);
        let account: Account = sales.get(&path("accounts", lead.account_id.unwrap())).await.ok();
        let contact: Contact = sales.get(&path("contacts", lead.contact_id.unwrap())).await.ok();
        let opportunity: Opportunity = sales.get(&path("opportunities", lead.opportunity_id.unwrap())).await.ok();
        assert_eq!((account.name.as_str(), contact.name.as_str(), contact.primary), (lead.name.as_str(), "李雷", true));
        assert_eq!(
            (opportunity.case_id, opportunity.lead_id, opportunity.account_id),
            (lead.case_id, Some(lead.id), account.id)
        );
        assert_eq!(
            (opportunity.need.as_str(), opportunity.source.as_str(), opportunity.stage.as_str()),
            ("12 台卧式泵", "exhibition", "research")
        );
        let again: Lead = sales.act(&at, "convert", json!({})).await.ok();
        assert_eq!((again.version, again.opportunity_id), (lead.version, lead.opportunity_id));
        let made =
            yewu.sql("crm", &format!("SELECT count(*) FROM opportunities WHERE case_id = '{}'", lead.case_id)).await;
        assert_eq!(made, "1");
        let told = yewu
            .sql(
                "crm",
                &format!("SELECT string_agg(kind, ' ' ORDER BY seq) FROM outbox WHERE case_id = '{}'", lead.case_id),
            )
            .await;
        assert_eq!(
            told,
            "crm.lead.created.v1 crm.lead.screened.v1 crm.lead.contacted.v1 crm.lead.qualified.v1 crm.opportunity.registered.v1 crm.lead.converted.v1"
        );
    });
}

#[test]
fn crm_13_what_can_not_be_converted_leaves_nothing_behind() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let early = lead(&sales, new_lead(&name())).await;
        sales.act(&path("leads", early.id), "convert", json!({})).await.problem(409, "state.refused");
        let ready = qualified(yewu, &sales).await;
        let at = path("leads", ready.id);
        let nobody = Uuid::now_v7();
        sales.act(&at, "convert", json!({"account_id": nobody})).await.problem(422, "body.invalid");
        let negative = json!({"amount": {"amount": "-0.01", "currency": "CNY"}});
        sales.act(&at, "convert", negative).await.problem(422, "opportunity.amount");
        let made = yewu.sql("crm", &format!("SELECT count(*) FROM accounts WHERE name = '{}'", ready.name)).await;
        assert_eq!(made, "0", "all or nothing");
        let account = account(&sales).await;
        let done: Lead = sales.act(&at, "convert", json!({"account_id": account.id})).await.ok();
        assert_eq!(done.account_id, Some(account.id));
    });
}

#[test]
fn crm_13_a_lead_becomes_nobody_who_was_merged_or_purged() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let (double, survivor, purged) = (account(&sales).await, account(&sales).await, account(&sales).await);
        let into = json!({"into_id": survivor.id});
        boss.act(&path("accounts", double.id), "merge", into).await.ok::<Account>();
        let task = json!({"account_id": purged.id});
        let task: DataQualityTask = sales.post(&format!("{BASE}/data-quality-tasks"), task).await.created();
        let at = path("data-quality-tasks", task.id);
        boss.act(&at, "purge", json!({"reason": "已注销"})).await.ok::<DataQualityTask>();
        let at = path("leads", qualified(yewu, &sales).await.id);
        let as_one_of = |account: &Account| json!({"account_id": account.id});
        let refused = sales.act(&at, "convert", as_one_of(&double)).await.problem(409, "lead.account_merged");
        assert!(refused.detail.contains(&survivor.number), "{}", refused.detail);
        assert_eq!(refused.errors[0].pointer, "/account_id");
        sales.act(&at, "convert", as_one_of(&purged)).await.problem(409, "lead.account_purged");
        let done: Lead = sales.act(&at, "convert", as_one_of(&survivor)).await.ok();
        assert_eq!(done.account_id, Some(survivor.id));
        // Nor is a new lead taken for one of them.
        lead(&sales, new_lead(&double.name)).await;
    });
}

#[test]
fn crm_01_buttons_follow_state_and_role() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let lead = lead(&sales, new_lead(&name())).await;
        let seen: Value = sales.get(&path("leads", lead.id)).await.ok();
        let buttons: Vec<(&str, bool)> = seen["available_actions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|b| (b["action"].as_str().unwrap(), b["allowed"].as_bool().unwrap()))
            .collect();
        assert_eq!(
            buttons,
            [
                ("update", true),
                ("score", true),
                ("screen", false),
                ("disqualify", true),
                ("pool", true),
                ("merge", false)
            ]
        );
    });
}
