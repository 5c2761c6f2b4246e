//! Numbering rules change from a day on; no number comes twice, none is left out that may not be (PLT-05).
use crate::setting::*;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Client, Yewu};
use wire::{contracts::Receipt, numbering::Numbering};

const RULES: &str = "/api/contracts/v1/numbering-rules";

/// On rules of its own.
fn alone<F: Future<Output = ()>>(test: impl FnOnce(Yewu) -> F) {
    testkit::alone(|| async { test(Yewu::start(&[contracts::SERVICE], |_| {}, false).await).await });
}
async fn rule(client: &Client, kind: &str) -> Numbering {
    let all: Vec<Numbering> = client.get(RULES).await.ok();
    all.into_iter().find(|rule| rule.kind == kind).expect("every kind has one")
}
async fn change(yewu: &Yewu, kind: &str, mut patch: Value) -> testkit::Response {
    patch["reason"] = json!("档案室要求");
    let ops = yewu.role("ops");
    let id = rule(&ops, kind).await.id;
    ops.patch(&format!("{RULES}/{id}"), patch).await
}
/// As a document would draw it on that day.
async fn draw(yewu: &Yewu, kind: &str, day: &str) -> String {
    yewu.sql("contracts", &format!("SELECT next_number('{kind}', DATE '{day}')")).await
}
async fn today(yewu: &Yewu) -> String {
    yewu.sql("contracts", "SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date").await
}

#[test]
fn plt_05_a_rule_is_shown_changed_from_a_day_on_and_audited() {
    alone(async |yewu| {
        let shown = rule(&yewu.role("sales_rep"), "receipt").await;
        assert_eq!((shown.version, shown.in_force, shown.versions.len()), (1, 1, 1));
        let path = format!("{RULES}/{}", shown.id);
        yewu.role("sales_rep")
            .patch(&path, json!({"prefix": "XX", "reason": "x"}))
            .await
            .problem(403, "permission.missing");
        change(&yewu, "receipt", json!({"prefix": "CT"})).await.problem(409, "numbering.prefix_taken");
        change(&yewu, "receipt", json!({"prefix": "rc"})).await.problem(422, "numbering.prefix");
        change(&yewu, "receipt", json!({"reset": "monthly"})).await.problem(422, "numbering.date_part");
        change(&yewu, "receipt", json!({"width": 13})).await.problem(422, "numbering.width");
        change(&yewu, "contract", json!({"gapless": false})).await.problem(409, "numbering.gapless_by_law");
        let past = json!({"prefix": "SK", "effective_from": "2026-01-01"});
        change(&yewu, "receipt", past).await.problem(422, "numbering.in_the_past");

        let tomorrow = yewu.sql("contracts", "SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date + 1").await;
        let later: Numbering =
            change(&yewu, "receipt", json!({"prefix": "SK", "width": 4, "effective_from": tomorrow})).await.ok();
        assert_eq!((later.version, later.in_force, later.versions.len()), (2, 1, 2));
        let (finance, account) = (yewu.role("finance_specialist"), account(&yewu).await);
        let receive = async || -> Receipt {
            let body = json!({"account_id": account, "amount": {"amount": "1.00", "currency": "CNY"}, "received_on": "2026-03-02", "channel": "bank_transfer"});
            finance.post(RECEIPTS, body).await.created()
        };
        let before = receive().await;
        yewu.node.clock.travel(jiff::SignedDuration::from_hours(24));
        let after = receive().await;
        assert!(before.number.starts_with("RC-") && before.number.ends_with("-000001"), "{}", before.number);
        assert!(
            after.number.starts_with("SK-") && after.number.ends_with("-0002"),
            "counting goes on: {}",
            after.number
        );
        let register: Value = yewu.role("archivist").get("/api/contracts/v1/document-register?kind=receipt").await.ok();
        let numbers: Vec<_> = register["items"].as_array().unwrap().iter().map(|entry| &entry["number"]).collect();
        assert_eq!(numbers, [&json!(after.number), &json!(before.number)]);
        let audit: Value = yewu.role("ops").get(&format!("/api/contracts/v1/audit?entity_id={}", later.id)).await.ok();
        assert_eq!(
            (&audit["items"][0]["actor"], &audit["items"][0]["reason"]),
            (&json!("user:ops-1"), &json!("档案室要求"))
        );
        assert_eq!(audit["items"][0]["changes"]["prefix"], json!(["RC", "SK"]));
    });
}

#[test]
fn plt_05_no_number_comes_twice_however_the_rules_change() {
    alone(async |yewu| {
        let day = today(&yewu).await;
        let shapes = [
            json!({"reset": "monthly", "date_part": "month"}),
            json!({"reset": "never", "date_part": "year"}),
            json!({"gapless": true}),
            json!({"reset": "yearly", "date_part": "month"}),
            json!({"prefix": "SK"}),
            json!({"prefix": "RC", "reset": "monthly", "gapless": false}),
            json!({"reset": "never", "date_part": "none"}),
            json!({"reset": "yearly", "date_part": "year", "width": 2}),
            json!({"reset": "never", "date_part": "year", "width": 6}),
        ];
        for kind in ["receipt", "contract"] {
            let mut all = Vec::new();
            for _ in 0..3 {
                all.push(draw(&yewu, kind, &day).await);
            }
            for shape in &shapes {
                let mut patch = shape.clone();
                if kind == "contract" {
                    patch.as_object_mut().unwrap().remove("gapless");
                    patch.as_object_mut().unwrap().remove("prefix");
                }
                if patch != json!({}) {
                    change(&yewu, kind, patch).await.ok::<Numbering>();
                }
                for _ in 0..2 {
                    all.push(draw(&yewu, kind, &day).await);
                }
            }
            let distinct: BTreeSet<&String> = all.iter().collect();
            assert_eq!(distinct.len(), all.len(), "{all:?}");
            // Counting goes on through every change: 1, 2, 3 … without a gap.
            let counted: Vec<usize> =
                all.iter().map(|number| number.rsplit('-').next().unwrap().parse().unwrap()).collect();
            assert_eq!(counted, (1..=all.len()).collect::<Vec<_>>(), "{all:?}");
        }
    });
}

#[test]
fn plt_05_counting_starts_anew_with_the_month_and_the_first_who_draw_at_once_get_different_numbers() {
    alone(async |yewu| {
        for _ in 0..5 {
            draw(&yewu, "contract", &today(&yewu).await).await;
        }
        change(&yewu, "contract", json!({"reset": "monthly", "date_part": "month", "width": 3}))
            .await
            .ok::<Numbering>();
        let day = today(&yewu).await;
        // Those who come first by the new rule come at once; the series is begun by one of them.
        let at_once = join_all((0..8).map(|_| draw(&yewu, "contract", &day))).await;
        let tail: BTreeSet<String> = at_once.iter().map(|number| number.rsplit('-').next().unwrap().into()).collect();
        assert_eq!(tail, (6..=13).map(|n| format!("{n:03}")).collect());
        assert_eq!(draw(&yewu, "contract", "2099-01-31").await, "CT-209901-001");
        assert_eq!(draw(&yewu, "contract", "2099-01-31").await, "CT-209901-002");
        assert_eq!(draw(&yewu, "contract", "2099-02-01").await, "CT-209902-001");
        // What a transaction did not keep, the next one gets: gapless.
        yewu.as_owner("contracts", "BEGIN; SELECT next_number('contract', DATE '2099-02-01'); ROLLBACK").await;
        assert_eq!(draw(&yewu, "contract", "2099-02-01").await, "CT-209902-002");
    });
}

#[test]
fn plt_05_a_late_draw_across_the_midnight_of_a_change_gives_no_number_again() {
    alone(async |yewu| {
        assert_eq!(draw(&yewu, "receipt", "2098-12-31").await, "RC-2098-000001");
        let gapless = json!({"gapless": true, "effective_from": "2099-01-01"});
        change(&yewu, "receipt", gapless).await.ok::<Numbering>();
        assert_eq!(draw(&yewu, "receipt", "2098-12-31").await, "RC-2098-000002");
        assert_eq!(draw(&yewu, "receipt", "2099-01-01").await, "RC-2099-000001");
        // Someone whose clock is still before midnight.
        assert_eq!(draw(&yewu, "receipt", "2098-12-31").await, "RC-2099-000002");
        assert_eq!(draw(&yewu, "receipt", "2099-01-01").await, "RC-2099-000003");
    });
}

#[test]
fn plt_05_of_kinds_that_ask_for_one_prefix_at_once_one_gets_it() {
    alone(async |yewu| {
        let ops = yewu.role("ops");
        let all: Vec<Numbering> = ops.get(RULES).await.ok();
        assert!(all.len() > 1, "two kinds at least");
        for prefix in ["ZA", "ZB", "ZC", "ZD", "ZE"] {
            let ask = |rule: &Numbering| {
                let path = format!("{RULES}/{}", rule.id);
                let ops = &ops;
                async move { ops.patch(&path, json!({"prefix": prefix, "reason": "档案室要求"})).await.status.as_u16() }
            };
            let mut answers = join_all(all.iter().map(ask)).await;
            answers.sort_unstable();
            let mut expected = vec![409; all.len()];
            expected[0] = 200;
            assert_eq!(answers, expected, "{prefix}");
        }
    });
}
