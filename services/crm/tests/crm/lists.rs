//! The filters of leads, opportunities and customers: each finds what it names, and nothing else; and the orders in which they come.
use crate::{BASE, account, joins, lead, name, new_lead, opportunity, path, run};
use jiff::SignedDuration;
use platform::calendar::Calendar;
use serde::Deserialize;
use serde_json::json;
use testkit::Client;
use uuid::Uuid;
use wire::{
    Day, Page,
    crm::{Account, Lead, Opportunity},
};

/// What every row shows.
#[derive(Deserialize)]
struct Row {
    id: Uuid,
}

/// The ids that a list shows.
async fn found(client: &Client, list: &str, query: &str) -> Vec<String> {
    let page: Page<Row> = client.get(&format!("{BASE}/{list}?{query}")).await.ok();
    page.items.iter().map(|row| row.id.to_string()).collect()
}

#[test]
fn crm_01_leads_are_found_by_channel_class_and_person() {
    run(async |yewu| {
        let owner = joins(yewu, "sales_rep", "filters").await;
        let (sales, boss) = (
            yewu.user("sales_rep", &owner, "sales", "filters"),
            yewu.user("sales_manager", "boss-filters", "sales", "filters"),
        );
        let other = yewu.user("sales_rep", &joins(yewu, "sales_rep", "filters").await, "sales", "filters");
        let fair = lead(&sales, new_lead(&name())).await;
        let mut online = new_lead(&name());
        online["source"] = json!("online");
        let online = lead(&sales, online).await;
        let theirs = lead(&other, new_lead(&name())).await;
        boss.act(&path("leads", fair.id), "screen", json!({"result": "pass", "class": "a"})).await.ok::<Lead>();
        let [fair, online, theirs] = [fair, online, theirs].map(|lead| lead.id.to_string());
        let of = format!("owner_id={owner}");
        assert_eq!(found(&boss, "leads", &of).await, [online.clone(), fair.clone()]);
        assert_eq!(found(&boss, "leads", &format!("{of}&source=online")).await, [online]);
        assert_eq!(found(&boss, "leads", &format!("{of}&class=a")).await, [fair.as_str()]);
        assert!(found(&boss, "leads", &format!("{of}&class=b")).await.is_empty());
        assert_eq!(found(&boss, "leads", "source=exhibition").await, [theirs, fair]);
    });
}

#[test]
fn crm_01_leads_are_found_by_the_days_of_china_on_which_they_came_in() {
    run(async |yewu| {
        let owner = joins(yewu, "sales_rep", "days").await;
        let sales = yewu.user("sales_rep", &owner, "sales", "days");
        let lead = lead(&sales, new_lead(&name())).await;
        let id = lead.id.to_string();
        let today = Calendar::china().day(lead.created_at);
        let (begins, ends) = Calendar::china().moments(today, today);
        let day = |days: i64| Day(today.0.checked_add(SignedDuration::from_hours(24 * days)).unwrap());
        let is_found = async |query: String| found(&sales, "leads", &query).await == [id.clone()];
        assert!(is_found(format!("created_from={today}&created_to={today}")).await);
        assert!(is_found(format!("created_from={}&created_to={}", day(-1), day(1))).await);
        assert!(!is_found(format!("created_from={}", day(1))).await);
        assert!(!is_found(format!("created_to={}", day(-1))).await);
        // To the microsecond: just below, exactly, just above.
        for (moment, microseconds, query, expected) in [
            (begins, -1, "created_from", false),
            (begins, 0, "created_from", true),
            (begins, 1, "created_from", true),
            (ends, -1, "created_to", true),
            (ends, 0, "created_to", false),
            (ends, 1, "created_to", false),
        ] {
            let at = moment.timestamp() + SignedDuration::from_micros(microseconds);
            yewu.as_owner("crm", &format!("UPDATE leads SET created_at = '{at}' WHERE id = '{id}'")).await;
            assert_eq!(is_found(format!("{query}={today}")).await, expected, "{query} {microseconds}");
        }
        assert_eq!(sales.get(&format!("{BASE}/leads?created_from=yesterday")).await.status, 400);
    });
}

#[test]
fn crm_14_28_opportunities_are_found_by_stage_and_person_and_customers_by_grade_and_person() {
    run(async |yewu| {
        let owner = joins(yewu, "sales_rep", "stages").await;
        let (sales, boss) = (
            yewu.user("sales_rep", &owner, "sales", "stages"),
            yewu.user("sales_manager", "boss-stages", "sales", "stages"),
        );
        let (first, second) = (opportunity(&sales).await, opportunity(&sales).await);
        sales.act(&path("opportunities", second.id), "advance", json!({})).await.ok::<Opportunity>();
        let of = format!("owner_id={owner}");
        assert_eq!(found(&boss, "opportunities", &of).await, [second.id.to_string(), first.id.to_string()]);
        assert_eq!(found(&boss, "opportunities", &format!("{of}&stage=screen")).await, [second.id.to_string()]);
        assert!(found(&boss, "opportunities", "owner_id=nobody-known").await.is_empty());
        let key = account(&sales).await;
        boss.act(&path("accounts", key.id), "set-tier", json!({"tier": "key"})).await.ok::<Account>();
        assert_eq!(found(&boss, "accounts", &format!("{of}&tier=key")).await, [key.id.to_string()]);
        assert_eq!(found(&boss, "accounts", &of).await.len(), 3);
    });
}

/// The ids of a list, page by page, two rows at a time.
async fn walked(client: &Client, list: &str, query: &str) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    loop {
        let page: Page<Row> = client.get(&format!("{BASE}/{list}?limit=2&{query}{after}")).await.ok();
        ids.extend(page.items.iter().map(|row| row.id.to_string()));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return ids,
        }
    }
}

#[test]
fn lists_come_in_the_order_that_is_asked_for_each_row_once() {
    run(async |yewu| {
        let owner = joins(yewu, "sales_rep", "orders").await;
        let sales = yewu.user("sales_rep", &owner, "sales", "orders");
        let (mut deals, mut leads, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
        // Two that are equal, and one of which nothing is known.
        let worth = ["100", "NULL", "300", "300", "50"];
        let days = ["'2030-05-01'", "NULL", "'2030-01-01'", "'2030-01-01'", "'2030-09-01'"];
        let names = [("乙", "yi"), ("Beta", ""), ("甲", "jia"), ("甲", "jia"), ("alpha", "")];
        for ((amount, day), (said, pinyin)) in worth.iter().zip(days).zip(names) {
            let deal = opportunity(&sales).await;
            let (id, account) = (deal.id.to_string(), deal.account_id.to_string());
            let lead = lead(&sales, new_lead(&name())).await.id.to_string();
            let of = |table: &str, set: String, id: &str| format!("UPDATE {table} SET {set} WHERE id = '{id}'");
            for change in [
                of(
                    "opportunities",
                    format!(
                        "amount = {amount}, currency = CASE WHEN ({amount})::numeric IS NOT NULL THEN 'CNY' END, expected_close = {day}"
                    ),
                    &id,
                ),
                of(
                    "leads",
                    format!(
                        "score = jsonb_build_object('total', ({amount})::text, 'scoring_model_id', gen_random_uuid(), 'lines', '[]'::jsonb)"
                    ),
                    &lead,
                ),
                of("accounts", format!("name = '{said}', pinyin = '{pinyin}'"), &account),
            ] {
                yewu.as_owner("crm", &change).await;
            }
            if *amount == "NULL" {
                yewu.as_owner("crm", &of("leads", "score = NULL".into(), &lead)).await;
            }
            (deals, leads, accounts) =
                ([deals, vec![id]].concat(), [leads, vec![lead]].concat(), [accounts, vec![account]].concat());
        }
        let expected = |ids: &[String], places: [usize; 5]| places.map(|place| ids[place].clone()).to_vec();
        for (list, ids, sort, places) in [
            ("opportunities", &deals, "newest", [4, 3, 2, 1, 0]),
            ("opportunities", &deals, "oldest", [0, 1, 2, 3, 4]),
            ("opportunities", &deals, "amount", [3, 2, 0, 4, 1]),
            ("opportunities", &deals, "expected_close", [2, 3, 0, 4, 1]),
            ("leads", &leads, "newest", [4, 3, 2, 1, 0]),
            ("leads", &leads, "oldest", [0, 1, 2, 3, 4]),
            ("leads", &leads, "score", [3, 2, 0, 4, 1]),
            ("accounts", &accounts, "newest", [4, 3, 2, 1, 0]),
            ("accounts", &accounts, "oldest", [0, 1, 2, 3, 4]),
            ("accounts", &accounts, "name", [4, 1, 2, 3, 0]),
        ] {
            let query = format!("owner_id={owner}&sort={sort}");
            assert_eq!(walked(&sales, list, &query).await, expected(ids, places), "{list} {sort}");
        }
        for (query, words) in [("sort=dearest", "newest, oldest, score"), ("status=asleep", "new, screened")] {
            let refused = sales.get(&format!("{BASE}/leads?{query}")).await.problem(400, "query.invalid");
            assert!(refused.detail.contains(words), "{}", refused.detail);
        }
    });
}
