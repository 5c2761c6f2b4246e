//! CRM-07, ruling 15: two leads that are one, and names that only sound alike.
use crate::{BASE, account, facts, lead, name, new_lead, path, run};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    Page,
    crm::{CaseGraph, CaseStatus, CaseSummary, Lead, LeadMatches, LeadStatus},
};

#[test]
fn crm_07_a_merged_lead_gives_what_it_has_and_its_deal_is_one_with_the_others() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let reference = Uuid::now_v7().to_string();
        let mut first = new_lead(&name());
        first["external_refs"] = json!([{"system": "erp", "id": reference}]);
        let (from, into) = (lead(&sales, first).await, lead(&sales, new_lead(&name())).await);
        for one in [&from, &into] {
            boss.act(&path("leads", one.id), "screen", json!({"result": "pass", "class": "a"})).await.ok::<Lead>();
            sales
                .act(&path("leads", one.id), "contact", json!({"channel": "phone", "outcome": one.number}))
                .await
                .ok::<Lead>();
        }
        let (at, wish) = (path("leads", from.id), json!({"into_id": into.id, "reason": "同一家公司"}));
        sales.act(&at, "merge", &wish).await.problem(403, "permission.missing");
        boss.act(&at, "merge", json!({"into_id": from.id, "reason": "x"})).await.problem(422, "lead.merge_self");
        boss.act(&at, "merge", json!({"into_id": Uuid::now_v7(), "reason": "x"})).await.problem(422, "body.invalid");
        let west = yewu.user("sales_rep", "west-merge", "sales", "west");
        let foreign = lead(&west, new_lead(&name())).await;
        let problem =
            boss.act(&at, "merge", json!({"into_id": foreign.id, "reason": "x"})).await.problem(422, "body.invalid");
        assert_eq!(problem.errors[0].pointer, "/into_id", "whose team's it is, is not there for others");

        let merged: Lead = boss.act(&at, "merge", &wish).await.ok();
        assert_eq!(
            (merged.status, merged.merged_into_id, merged.reason.as_deref()),
            (LeadStatus::Merged, Some(into.id), Some("同一家公司"))
        );
        let survivor: Lead = sales.get(&path("leads", into.id)).await.ok();
        let said: Vec<&str> = survivor.touches.iter().map(|touch| touch.outcome.as_str()).collect();
        assert_eq!((said, survivor.external_refs.len()), (vec![from.number.as_str(), into.number.as_str()], 1));
        let bound = format!("SELECT entity_id FROM external_refs WHERE kind = 'lead' AND reference = '{reference}'");
        assert_eq!(yewu.sql("crm", &bound).await, into.id.to_string());
        assert!(facts(yewu, from.id).await.ends_with("crm.case.merged.v1 crm.lead.merged.v1"));
        boss.act(&at, "merge", &wish).await.problem(409, "state.refused");
        boss.act(&path("leads", into.id), "merge", json!({"into_id": from.id, "reason": "x"}))
            .await
            .problem(409, "lead.merge_into");

        yewu.settle().await;
        let by_either = [from.case_id, into.case_id].map(|case| path("cases", case));
        for at in by_either {
            let graph: CaseGraph = boss.get(&at).await.ok();
            assert_eq!((graph.case_id, graph.aliases.as_slice()), (into.case_id, [from.case_id].as_slice()));
            let nodes: Vec<_> = graph.nodes.iter().map(|node| (node.id, node.status.as_str())).collect();
            assert_eq!(nodes, [(from.id.into(), "merged"), (into.id.into(), "contacted")]);
            let ends = (Uuid::from(from.id), Uuid::from(into.id));
            assert!(graph.links.iter().any(|link| (link.from, link.to) == ends));
        }
        let list = async |case: wire::CaseId| -> Page<CaseSummary> {
            boss.get(&format!("{BASE}/cases?case_id={case}")).await.ok()
        };
        assert_eq!(list(from.case_id).await.items[0].merged_into, Some(into.case_id));
        sales.act(&path("leads", into.id), "disqualify", json!({"reason": "x"})).await.ok::<Lead>();
        yewu.settle().await;
        for case in [from.case_id, into.case_id] {
            assert_eq!(list(case).await.items[0].status, CaseStatus::Lost, "both names stand as the deal does");
        }
        let all: Page<CaseSummary> = boss.get(&format!("{BASE}/cases?limit=200")).await.ok();
        let listed = |case| all.items.iter().any(|row| row.case_id == case);
        assert_eq!((listed(from.case_id), listed(into.case_id)), (false, true));
    });
}

#[test]
fn crm_07_a_merged_lead_is_no_candidate_and_chains_of_merges_are_one_deal() {
    run(async |yewu| {
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("sales_manager"));
        let mut leads = Vec::new();
        for _ in 0..3 {
            leads.push(lead(&sales, new_lead(&name())).await);
        }
        for (from, into) in [(0, 1), (1, 2)] {
            let wish = json!({"into_id": leads[into].id, "reason": "同一家"});
            boss.act(&path("leads", leads[from].id), "merge", wish).await.ok::<Lead>();
        }
        yewu.settle().await;
        for one in &leads {
            let graph: CaseGraph = boss.get(&path("cases", one.case_id)).await.ok();
            assert_eq!((graph.case_id, graph.aliases.len(), graph.nodes.len()), (leads[2].case_id, 2, 3));
        }
        lead(&sales, new_lead(&leads[0].name)).await;
    });
}

#[test]
fn crm_07_how_a_name_sounds_is_shown_and_refuses_nothing() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let unique: String =
            Uuid::now_v7().simple().to_string().chars().rev().filter(char::is_ascii_alphabetic).take(8).collect();
        let (chinese, english) =
            (format!("北京晨光{unique}泵业有限公司"), format!("Beijing Chenguang {unique} Pump Co., Ltd"));
        let known = lead(&sales, new_lead(&chinese)).await;
        let candidates = async |name: &str| {
            let answer = sales
                .send(reqwest::Method::POST, &format!("{BASE}/leads/match"), &[], Some(&json!({"name": name})))
                .await;
            answer.ok::<LeadMatches>().candidates
        };
        yewu.node.run_jobs().await.expect("jobs run");
        let found = candidates(&english).await;
        assert_eq!(
            found.iter().map(|one| (one.id, one.matched.join(" "))).collect::<Vec<_>>(),
            [(known.id.into(), "pinyin".into())]
        );
        let second = lead(&sales, new_lead(&english)).await;
        assert_ne!(second.id, known.id, "it is taken in");
        yewu.node.run_jobs().await.expect("jobs run");
        let found: Vec<_> = candidates(&chinese).await.into_iter().map(|one| (one.id, one.matched.join(" "))).collect();
        assert_eq!(
            found,
            [(known.id.into(), "name".to_owned()), (second.id.into(), "pinyin".into())],
            "the weaker last"
        );
        sales.patch(&path("leads", second.id), json!({"name": name()})).await.ok::<Lead>();
        yewu.node.run_jobs().await.expect("jobs run");
        assert_eq!(candidates(&chinese).await.len(), 1, "a new name sounds otherwise");
    });
}

#[test]
fn crm_07_names_that_older_rules_worked_out_are_worked_out_anew() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (customer, known) = (account(&sales).await, lead(&sales, new_lead(&name())).await);
        for (table, id) in [("accounts", Uuid::from(customer.id)), ("leads", known.id.into())] {
            yewu.as_owner("crm", &format!("UPDATE {table} SET name_key = 'old', name_latin = NULL WHERE id = '{id}'"))
                .await;
        }
        yewu.node.run_jobs().await.expect("jobs run");
        for (of, table) in [(&customer.name, "accounts"), (&known.name, "leads")] {
            let group = of.replace("有限公司", "（集团）股份有限公司");
            let found: Value = sales
                .send(reqwest::Method::POST, &format!("{BASE}/leads/match"), &[], Some(&json!({"name": group})))
                .await
                .ok();
            assert_eq!(found["candidates"][0]["matched"], json!(["name"]), "{table}");
        }
        assert_eq!(sales.get(&path("leads", known.id)).await.ok::<Lead>().version, 1, "nobody has changed it");
    });
}
