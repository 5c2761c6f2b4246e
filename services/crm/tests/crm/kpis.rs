//! KPI-03, 06, 07, 14, 15, 17: figures, and exactly what was counted.
use crate::{BASE, account, order, path, put, run, told_at, worth};
use serde_json::json;
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, Page,
    contracts::ContractSigned,
    crm::{MarketSharePoint, Opportunity, PersonRating, SalesTarget},
    kpi::{Kpi, KpiDefinition, KpiRecord},
    orders::{AssignedWork, OrderCancelled, OrderDecomposed, WorkItemAcknowledged},
    quoting::{CostSheetLocked, QuoteAccepted},
};

/// A sales representative with a team and department of the same name.
fn rep(yewu: &Yewu, name: &str) -> Client {
    yewu.user("sales_rep", name, name, name)
}
async fn kpi(client: &Client, ask: &str) -> Kpi {
    client.get(&format!("{BASE}/kpis/{ask}")).await.ok()
}
/// Value and number of records; the drill-down must list exactly those, and they must add up.
async fn figure(client: &Client, ask: &str) -> (Option<String>, i64) {
    let kpi = kpi(client, ask).await;
    let records: Page<KpiRecord> = client.get(&kpi.drilldown).await.ok();
    assert_eq!(records.items.len(), usize::try_from(kpi.records).expect("a count"), "{ask}");
    let sum: rust_decimal::Decimal = records.items.iter().map(|record| record.numerator.get()).sum();
    assert_eq!(sum, kpi.numerator.get(), "{ask}");
    (kpi.value.map(|value| value.to_string()), kpi.records)
}
fn some(value: &str, records: i64) -> (Option<String>, i64) {
    (Some(value.to_owned()), records)
}
fn cancelled(yewu: &Yewu, order: &CloudEvent, at: &str) -> CloudEvent {
    let event = OrderCancelled { order_id: order.subject.into(), number: "x".into(), reason: "x".into() };
    told_at(yewu.envelope(&event, order.caseid.expect("a case")), order.subject, order.ownerid.as_deref(), at)
}

#[test]
fn kpi_03_new_customers_are_those_whose_first_order_lies_in_the_period() {
    run(async |yewu| {
        let sales = rep(yewu, "kpi-03");
        let (old, new, lost, late) =
            (account(&sales).await, account(&sales).await, account(&sales).await, account(&sales).await);
        let tell = async |customer, at| {
            let told = order(yewu, customer, "100.00", "CNY", at);
            yewu.deliver(&told).await;
            told
        };
        tell(&old, "2026-02-28T15:59:59Z").await;
        tell(&old, "2026-03-10T00:00:00Z").await;
        tell(&new, "2026-02-28T16:00:00Z").await;
        tell(&new, "2026-03-11T00:00:00Z").await;
        let first = tell(&lost, "2026-03-12T00:00:00Z").await;
        yewu.deliver(&cancelled(yewu, &first, "2026-03-13T00:00:00Z")).await;
        tell(&late, "2026-03-31T15:59:59Z").await;
        assert_eq!(
            figure(&sales, "new_customers?period=2026-03").await,
            some("2", 2),
            "midnight in China is the bound"
        );
        assert_eq!(figure(&sales, "new_customers?period=2026-02").await, some("1", 1));
        assert_eq!(figure(&sales, "new_customers?period=2026-04").await, some("0", 0));
        tell(&lost, "2026-03-31T16:00:00Z").await;
        assert_eq!(figure(&sales, "new_customers?period=2026-Q2").await, some("1", 1), "a cancelled order was none");
        assert_eq!(figure(&sales, "new_customers?period=2026&subject=user:kpi-03").await, some("4", 4));
        let auditor = yewu.role("auditor");
        assert_eq!(figure(&auditor, "new_customers?period=2026&subject=department:kpi-03").await, some("4", 4));
        assert_eq!(
            figure(&rep(yewu, "other-03"), "new_customers?period=2026&subject=user:kpi-03").await,
            some("0", 0),
            "not the caller's"
        );
    });
}

#[test]
fn kpi_14_a_department_adds_up_revenue_profit_and_contracts() {
    run(async |yewu| {
        let (sales, head) = (rep(yewu, "kpi-14"), yewu.user("department_head", "head-14", "kpi-14", "kpi-14"));
        let customer = account(&sales).await;
        for (net, currency) in [("1000.10", "CNY"), ("0.05", "CNY"), ("7.00", "USD")] {
            yewu.deliver(&order(yewu, &customer, net, currency, "2026-03-10T00:00:00Z")).await;
        }
        assert_eq!(figure(&head, "sales_revenue?period=2026-03&subject=team:kpi-14").await, some("1000.15", 2));
        assert_eq!(kpi(&head, "sales_revenue?period=2026-03").await.left_out, 1, "what is in another currency");
        assert_eq!(figure(&head, "sales_revenue?period=2026-03&currency=USD").await, some("7", 1));

        let signed = ContractSigned {
            contract_id: Uuid::now_v7().into(),
            number: "SC-1".into(),
            signed_at: yewu.node.clock.now(),
        };
        for (sent_back, at) in [(false, "2026-03-10T00:00:00Z"), (true, "2026-03-11T00:00:00Z")] {
            let (case, contract) = (CaseId(Uuid::now_v7()), Uuid::now_v7());
            if sent_back {
                let mut rejected = yewu.envelope(&signed, case);
                rejected.kind = "contracts.approval.rejected.v1".into();
                rejected.data = json!({"approval_id": Uuid::now_v7(), "entity": "contract", "subject_id": contract, "number": "SC-1", "by": "x", "reason": "x", "round": 1});
                yewu.deliver(&told_at(rejected, Uuid::now_v7(), Some("kpi-14"), at)).await;
            }
            yewu.deliver(&told_at(yewu.envelope(&signed, case), contract, Some("kpi-14"), at)).await;
        }
        assert_eq!(figure(&head, "contracts_signed?period=2026-Q1").await, some("2", 2));
        assert_eq!(figure(&head, "first_pass_contracts?period=2026-Q1").await, some("0.5", 2));

        let money = |amount: &str| json!({"amount": amount, "currency": "CNY"});
        for costs in [Some("60.00"), None] {
            let (case, quote_id) = (CaseId(Uuid::now_v7()), Uuid::now_v7());
            let quote = json!({"quote_id": quote_id, "number": "QT-1", "revision": 1, "account_id": customer.id, "account_name": "x",
                "opportunity_id": null, "lines": [], "totals": {"net": money("100.00"), "tax": money("13.00"), "gross": money("113.00")},
                "payment_terms": [], "delivery_date": null, "external_refs": [], "route": "order", "accepted_at": "2026-03-02T01:00:00Z"});
            let accepted: QuoteAccepted = serde_json::from_value(quote).unwrap();
            yewu.deliver(&told_at(yewu.envelope(&accepted, case), quote_id, Some("kpi-14"), "2026-03-02T01:00:00Z"))
                .await;
            if let Some(total) = costs {
                let sheet = json!({"cost_sheet_id": Uuid::now_v7(), "number": "CS-1", "account_id": customer.id, "opportunity_id": null, "quote_id": quote_id,
                    "totals": {"material": money(total), "labor": money("0.00"), "overhead": money("0.00"), "other": money("0.00"), "total": money(total)},
                    "locked_at": "2026-03-01T01:00:00Z"});
                let locked: CostSheetLocked = serde_json::from_value(sheet).unwrap();
                yewu.deliver(&told_at(
                    yewu.envelope(&locked, case),
                    Uuid::now_v7(),
                    Some("kpi-14"),
                    "2026-03-01T01:00:00Z",
                ))
                .await;
            }
        }
        assert_eq!(figure(&head, "sales_profit?period=2026-03").await, some("40", 1));
        assert_eq!(kpi(&head, "sales_profit?period=2026-03").await.left_out, 1, "a quote without a locked cost");
    });
}

#[test]
fn kpi_06_skill_is_rated_by_managers_with_evidence_beside_it() {
    run(async |yewu| {
        let ops = yewu.role("ops");
        let person = json!({"name": "能手", "roles": ["sales_rep"], "department": "sales", "team": "sales"});
        put(&ops, "users/by-ref/directory/skilled", person).await;
        let (skilled, boss) = (yewu.user("sales_rep", "skilled", "sales", "sales"), yewu.role("sales_manager"));
        let rate = |aspect: &str, score: &str| json!({"subject": "skilled", "aspect": aspect, "period": "2026-Q3", "score": score, "reason": "因为"});
        let ratings = format!("{BASE}/ratings");
        yewu.role("sales_rep").post(&ratings, rate("negotiation", "80")).await.problem(403, "rating.manager");
        skilled.post(&ratings, rate("teamwork", "100")).await.problem(403, "rating.oneself");
        let given: PersonRating = boss.post(&ratings, rate("negotiation", "80")).await.created();
        boss.post(&ratings, rate("negotiation", "90")).await.problem(409, "rating.twice");
        boss.post(&ratings, rate("contract_signing", "85")).await.created::<PersonRating>();
        assert_eq!(figure(&skilled, "business_skill?period=2026-Q3&subject=user:skilled").await, some("82.5", 2));
        assert_eq!(figure(&skilled, "business_skill?period=2026").await, some("82.5", 2), "a year has its quarters");
        assert_eq!(figure(&skilled, "business_skill?period=2026-07").await, (None, 0), "a month has not its quarter");
        let at = path("ratings", given.id);
        boss.patch(&at, json!({"score": "90", "reason": "更好"})).await.ok::<PersonRating>();
        assert_eq!(figure(&skilled, "business_skill?period=2026-Q3").await, some("87.5", 2));
        assert_eq!(
            skilled.get(&at).await.ok::<PersonRating>().rater,
            None,
            "by whom, those who are rated do not learn"
        );
        assert_eq!(boss.get(&at).await.ok::<PersonRating>().rater.as_deref(), Some("sales_manager-1"));

        for verb in ["win", "lose", "lose"] {
            let one = worth(&skilled, "10.00").await;
            skilled.act(&path("opportunities", one.id), verb, json!({"reason": "x"})).await.ok::<Opportunity>();
        }
        let year = crate::plans::year(yewu);
        assert_eq!(figure(&skilled, &format!("win_rate?period={year}")).await, some("0.3333", 3));
        assert_eq!(figure(&skilled, &format!("sales_cycle_days?period={year}")).await.1, 1);
        let none: Kpi = kpi(&rep(yewu, "other-06"), &format!("win_rate?period={year}")).await;
        assert_eq!((none.value, none.denominator.to_string().as_str()), (None, "0"));
    });
}

#[test]
fn kpi_07_teamwork_is_rated_by_anyone_else() {
    run(async |yewu| {
        let person = json!({"name": "队友", "roles": ["sales_rep"], "department": "sales", "team": "sales"});
        put(&yewu.role("ops"), "users/by-ref/directory/mate", person).await;
        let rate = |score: &str| json!({"subject": "mate", "aspect": "teamwork", "period": "2026-03", "score": score, "reason": "互相帮助"});
        let ratings = format!("{BASE}/ratings");
        for (role, score) in [("warehouse", "100"), ("sales_rep", "90"), ("legal", "85")] {
            yewu.role(role).post(&ratings, rate(score)).await.created::<PersonRating>();
        }
        let boss = yewu.role("sales_manager");
        assert_eq!(figure(&boss, "teamwork?period=2026-03&subject=user:mate").await, some("91.6667", 3));
        let mine: Page<PersonRating> = yewu.role("warehouse").get(&ratings).await.ok();
        assert!(mine.items.is_empty(), "of ratings one sees one's own and those of one's people");
        boss.post(&ratings, json!({"subject": "no-such-person", "aspect": "teamwork", "period": "2026-03", "score": "1", "reason": "x"}))
            .await
            .problem(422, "body.invalid");
    });
}

#[test]
fn kpi_07_work_is_acknowledged_in_time_or_late_or_never() {
    run(async |yewu| {
        let (head, worker) = (yewu.user("department_head", "head-07", "kpi-07", "kpi-07"), rep(yewu, "worker-07"));
        let until = "2026-03-10T07:00:00Z";
        let fact = |kind: &str, case: CaseId, subject: Uuid, data: serde_json::Value, at: &str| {
            let any = OrderCancelled { order_id: Uuid::now_v7().into(), number: "x".into(), reason: "x".into() };
            let envelope = CloudEvent { kind: kind.to_owned(), data, ..yewu.envelope(&any, case) };
            told_at(envelope, subject, Some("seller-07"), at)
        };
        // Of each order one part: what became of it.
        let part = async |seen: Option<&str>, gone: Option<&str>, until: &str| {
            let (case, order, work) = (CaseId(Uuid::now_v7()), Uuid::now_v7(), Uuid::now_v7());
            let told = OrderDecomposed {
                order_id: order.into(),
                number: "SO-7".into(),
                departments: vec!["kpi-07".into()],
                work_items: vec![AssignedWork {
                    work_item_id: work.into(),
                    department_id: "kpi-07".into(),
                    acknowledge_until: wire::Moment::new(until.parse().unwrap()),
                }],
            };
            let told = serde_json::to_value(told).unwrap();
            yewu.deliver(&fact("orders.order.decomposed.v1", case, order, told, "2026-03-10T02:00:00Z")).await;
            if let Some(at) = seen {
                let seen = json!({"work_item_id": work, "order_id": order, "order_number": "SO-7", "department_id": "kpi-07",
                    "acknowledged_by": "user:worker-07", "acknowledged_at": at, "acknowledge_until": until});
                let _: WorkItemAcknowledged = serde_json::from_value(seen.clone()).expect("the shape of the event");
                yewu.deliver(&fact("orders.work_item.acknowledged.v1", case, work, seen, at)).await;
            }
            if let Some(at) = gone {
                let gone = OrderCancelled { order_id: order.into(), number: "SO-7".into(), reason: "x".into() };
                yewu.deliver(&fact("orders.order.cancelled.v1", case, order, serde_json::to_value(gone).unwrap(), at))
                    .await;
            }
        };
        let before = json!({"order_id": Uuid::now_v7(), "number": "SO-6", "departments": ["kpi-07"]});
        let parsed: OrderDecomposed = serde_json::from_value(before.clone()).expect("what the program of before tells");
        assert!(parsed.work_items.is_empty());
        yewu.deliver(&fact("orders.order.decomposed.v1", CaseId(Uuid::now_v7()), Uuid::now_v7(), before, until)).await;
        part(Some("2026-03-10T06:59:59Z"), None, until).await;
        part(Some(until), None, until).await;
        part(Some("2026-03-10T07:00:01Z"), None, until).await;
        part(None, None, until).await;
        part(None, Some("2026-03-10T06:59:59Z"), until).await;
        part(None, None, "2026-03-31T15:59:59Z").await;
        part(None, None, "2026-03-31T16:00:00Z").await;
        part(None, None, "2099-03-10T07:00:00Z").await;
        let ask = |period: &str| format!("acknowledged_in_time?period={period}");
        assert_eq!(
            figure(&head, &ask("2026-03")).await,
            some("0.4", 5),
            "two of five; the order of the sixth was cancelled"
        );
        assert_eq!(figure(&head, &ask("2026-04")).await, some("0", 1), "midnight in China is the bound");
        assert_eq!(figure(&head, &ask("2099-03")).await, (None, 0), "there is time yet");
        assert_eq!(figure(&worker, &ask("2026-03")).await, some("0.6667", 3), "theirs who acknowledged them");
        assert_eq!(figure(&rep(yewu, "seller-07"), &ask("2026-03")).await, (None, 0), "the seller has no part in it");
    });
}

#[test]
fn kpi_15_attainment_is_the_mean_of_the_targets() {
    run(async |yewu| {
        let (sales, head, ceo) =
            (rep(yewu, "kpi-15"), yewu.user("department_head", "head-15", "kpi-15", "kpi-15"), yewu.role("ceo"));
        let year = crate::plans::year(yewu);
        let department = json!({"name_zh": "部", "name_en": "D"});
        put(&yewu.role("ops"), "departments/by-ref/directory/kpi-15", department).await;
        for (metric, value, currency) in [
            ("revenue", "1000.00", json!("CNY")),
            ("new_customers", "4", json!(null)),
            ("market_share", "10", json!(null)),
        ] {
            let body = json!({"metric": metric, "period": year, "subject_kind": "department", "subject": "kpi-15", "value": value, "currency": currency});
            let target: SalesTarget = head.post(&format!("{BASE}/sales-targets"), body).await.created();
            ceo.act(&path("sales-targets", target.id), "approve", json!({})).await.ok::<SalesTarget>();
        }
        let won = worth(&sales, "500.00").await;
        sales.act(&path("opportunities", won.id), "win", json!({"reason": "x"})).await.ok::<Opportunity>();
        let customer = account(&sales).await;
        let now = yewu.node.clock.now().to_string();
        yewu.deliver(&order(yewu, &customer, "1.00", "CNY", &now)).await;
        let ask = format!("target_attainment?period={year}&subject=department:kpi-15");
        assert_eq!(figure(&head, &ask).await, some("0.375", 2), "(500 of 1000 + 1 of 4) ÷ 2");
        assert_eq!(kpi(&head, &ask).await.left_out, 1, "of market share nothing is known");
        head.get(&format!("{BASE}/kpis/target_attainment?period={year}")).await.problem(422, "kpi.subject");
    });
}

#[test]
fn kpi_17_growth_of_market_share_and_new_business() {
    run(async |yewu| {
        let (sales, boss) = (rep(yewu, "kpi-17"), yewu.user("sales_manager", "boss-17", "kpi-17", "kpi-17"));
        for (market, period, share) in [
            ("一", "1996-Q4", "0.1"),
            ("一", "1997-Q1", "0.125"),
            ("二", "1996-Q4", "0.3"),
            ("二", "1997-Q1", "0.2950"),
            ("三", "1997-Q1", "0.5"),
        ] {
            let body =
                json!({"market": format!("kpi-17 {market}"), "period": period, "share": share, "source": "协会"});
            let recorder = yewu.role("sales_manager");
            recorder.post(&format!("{BASE}/market-share-points"), body).await.created::<MarketSharePoint>();
        }
        assert_eq!(
            figure(&boss, "market_share_growth?period=1997-Q1").await,
            some("0.01", 2),
            "markets that have both points"
        );
        let customer = account(&sales).await;
        for (new, amount) in [(true, "300.00"), (false, "5.00")] {
            let body = json!({"account_id": customer.id, "name": "x", "need": "x", "source": "online", "is_new_business": new,
                "amount": {"amount": amount, "currency": "CNY"}});
            let one: Opportunity = sales.post(&format!("{BASE}/opportunities"), body).await.created();
            sales.act(&path("opportunities", one.id), "win", json!({"reason": "x"})).await.ok::<Opportunity>();
        }
        let year = crate::plans::year(yewu);
        assert_eq!(figure(&boss, &format!("new_business_revenue?period={year}")).await, some("300", 1));
        assert_eq!(figure(&boss, &format!("won_revenue?period={year}")).await, some("305", 2));
    });
}

#[test]
fn kpi_03_figures_are_known_by_key_and_asked_for_a_period() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let all: Vec<KpiDefinition> = sales.get(&format!("{BASE}/kpis")).await.ok();
        for definition in &all {
            let ask = format!("{}?period=2026-Q3&subject=user:sales_rep-1", definition.key);
            assert_eq!(kpi(&sales, &ask).await.definition_version, definition.definition_version);
        }
        assert!(all.iter().any(|definition| definition.row == "KPI-17"));
        sales.get(&format!("{BASE}/kpis/luck?period=2026")).await.problem(404, "not_found");
        sales.get(&format!("{BASE}/kpis/win_rate")).await.problem(400, "query.invalid");
        sales.get(&format!("{BASE}/kpis/win_rate?period=2026-Q5")).await.problem(400, "query.invalid");
        yewu.role("warehouse")
            .get(&format!("{BASE}/kpis/win_rate?period=2026"))
            .await
            .problem(403, "permission.missing");
        let mut seen = Vec::new();
        let customer = account(&rep(yewu, "kpi-pages")).await;
        for _ in 0..3 {
            yewu.deliver(&order(yewu, &customer, "1.00", "CNY", "2026-03-10T00:00:00Z")).await;
        }
        let (owner, mut next) = (rep(yewu, "kpi-pages"), String::new());
        loop {
            let page: Page<KpiRecord> =
                owner.get(&format!("{BASE}/kpis/sales_revenue/records?period=2026-03&limit=2{next}")).await.ok();
            seen.extend(page.items.iter().map(|record| record.id));
            match page.next {
                Some(after) => next = format!("&after={after}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 3);
        assert!(seen.is_sorted_by(|one, other| one > other));
    });
}
