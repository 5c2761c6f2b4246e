//! What is asked of Postgres costs the same however long the tables are: the suite works on tables whose statistics say that each
//! holds a million rows, Postgres notes the plan of every statement (`auto_explain`), and no plan may read a table from end to
//! end, or an index without knowing where. The statistics are made up, so no rows have to be; how long anything takes is the
//! bench's business.
use crate::{
    tools::{play, running_on},
    walk::{self, Words},
};
use diesel::{deserialize::QueryableByName, sql_types::Text};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::{StreamExt, stream};
use platform::{auth::Role, migrate::with_database};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use suite::demo::Source;
use testkit::{Environment, Yewu};

/// Tables that stay small: rules that somebody set, one row for each kind of document or each service.
const SMALL: &[&str] = &[
    "approval_policies",
    "assignment_rules",
    "contract_policies",
    "data_quality_rules",
    "decomposition_rules",
    "delegations",
    "departments",
    "escalation_ladders",
    "escalation_tiers",
    "handover_tasks",
    "heard",
    "lead_pool_rules",
    "lead_sources",
    "margin_policies",
    "market_share_points",
    "number_rules",
    "pg_database",
    "pipelines",
    "project_scoring_policies",
    "pricing_policies",
    "relay_lease",
    "scoring_models",
    "segment_sweeps",
    "segments",
    "sla_policies",
    "solution_review_policies",
];
/// Indexes of what is under way only, which may be read whole: it is as much as people are working on.
const UNDER_WAY: &[&str] = &[
    "acceptances_one_open",
    "account_plans_one_active",
    "approvals_one_pending",
    "assignments_one_open",
    "handovers_planned",
    "imports_waiting",
    "requirement_specs_one_open",
    "accounts_unkeyed",
    "accounts_unspelt",
    "contacts_unspelt",
    "data_quality_tasks_one_open",
    "approvals_pending",
    "delegations_living",
    "inbox_unfinished",
    "leads_unkeyed",
    "leads_unspelt",
    "meetings_followed",
    "negotiation_rounds_one_open",
    "opportunities_open_department",
    "opportunities_open_expected",
    "opportunities_open_owner",
    "opportunities_open_team",
    "questions_waiting",
    "shortages_one_open",
];
/// Indexes of what has one state, which may be the quicker way to a person's rows of that state or not: Postgres knows by how many
/// there are of each, which these statistics do not say.
const OF_ONE_STATE: &[&str] = &[
    "accounts_unverified",
    "leads_held",
    "proposals_solution_offered",
    "quotes_accepted",
    "quotes_due",
    "requirement_specs_one_confirmed",
    "sales_targets_one_standing",
];
/// Indexes along which a list is read in the order that was asked for, until its page is full: where few of their rows are in sight,
/// Postgres takes those and sorts them, for the same reason.
const ORDERS: &[&str] = &[
    "accounts_by_name",
    "leads_by_score",
    "opportunities_by_amount",
    "opportunities_by_expected_close",
    "quotes_by_gross",
    "quotes_by_valid_until",
];
/// A question that reads a table from end to end, asked to see that it is found.
const PLANTED: (&str, &str) = ("orders", "SELECT count(*) FROM orders WHERE account_name = 'planted'");
/// Filters that nearly every row passes, so that a few rows are soon found.
const LOOSE: &[&str] = &["(merged_into IS NULL)", "(overdue_at IS NULL)", "(breached_at IS NULL)", "(NOT overdue)"];
/// Known to read a whole table: the look for items below their reorder level.
const KNOWN: &[&str] = &["items"];

/// Every table has a page at least (of an empty one Postgres knows that it is empty), and is said to hold a million rows.
const GROWN: &str = "
DO $$ DECLARE t RECORD; part TEXT; BEGIN
    FOR t IN SELECT c.oid, c.oid::regclass::text AS name, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', t.name);
        IF pg_relation_size(t.oid) = 0 THEN
            BEGIN
                FOR part IN SELECT format('DROP CONSTRAINT IF EXISTS %I CASCADE', conname) FROM pg_constraint WHERE conrelid = t.oid
                            UNION ALL SELECT 'DISABLE TRIGGER USER' LOOP
                    EXECUTE format('ALTER TABLE %s %s', t.name, part);
                END LOOP;
                FOR part IN SELECT attname FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND attnotnull AND attidentity = '' AND NOT attisdropped LOOP
                    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', t.name, part);
                END LOOP;
                EXECUTE format('INSERT INTO %s DEFAULT VALUES', t.name);
                RAISE EXCEPTION 'the row is not wanted, only its page';
            EXCEPTION WHEN raise_exception THEN NULL;
            END;
        END IF;
        -- Ids of other things come twenty times each; of the rest nothing is known.
        DELETE FROM pg_statistic WHERE starelid = t.oid;
        INSERT INTO pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct, stakind1, stakind2, stakind3, stakind4, stakind5,
            staop1, staop2, staop3, staop4, staop5, stacoll1, stacoll2, stacoll3, stacoll4, stacoll5)
            SELECT attrelid, attnum, FALSE, 0, 16, -0.05, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM pg_attribute
            WHERE attrelid = t.oid AND attnum > 0 AND (atttypid = 'uuid'::regtype OR attname = 'sku') AND NOT attisdropped;
        UPDATE pg_class SET reltuples = 1000000, relpages = pg_relation_size(t.oid) / current_setting('block_size')::int WHERE oid = t.oid;
    END LOOP;
END $$";

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    text: String,
}

async fn text(conn: &mut AsyncPgConnection, query: &str) -> String {
    diesel::sql_query(format!("SELECT ({query})::text AS text")).get_result::<Answer>(conn).await.expect("a text").text
}

#[test]
fn no_statement_reads_a_table_from_end_to_end() {
    testkit::alone(async || {
        let environment = Environment::read();
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let (yewu, settings) = running_on(&environment, &database).await;
        play(&settings, Source::Sample { cases: 4 }).await;
        yewu.node.stop().await;

        let url = with_database(&environment.admin_url, &database).expect("a URL");
        let mut admin = AsyncPgConnection::establish(&url).await.expect("the administrator");
        admin.batch_execute(GROWN).await.expect("grown");
        for setting in [
            "session_preload_libraries = auto_explain",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_format = json",
        ] {
            admin.batch_execute(&format!("ALTER DATABASE {database} SET {setting}")).await.expect("a setting");
        }
        let log = "current_setting('data_directory') || '/../log/postgres.log'";
        let begun = text(&mut admin, &format!("(pg_stat_file({log})).size")).await;
        let (yewu, settings) = running_on(&environment, &database).await;
        play(&settings, Source::Sample { cases: 4 }).await;
        yewu.node.run_jobs().await.expect("the jobs");
        let asked = ask_everything(&yewu).await;
        yewu.sql(PLANTED.0, PLANTED.1).await;
        yewu.node.stop().await;
        let log = text(&mut admin, &format!("pg_read_file({log}, {begun}, 1000000000)")).await;

        let (mut statements, mut wrong) = (BTreeSet::new(), BTreeMap::<String, String>::new());
        for plan in plans(&log, &database) {
            let query = plan["Query Text"].as_str().unwrap_or("").to_owned();
            for fault in faults(&plan["Plan"], false) {
                wrong.entry(without_values(&fault)).or_insert_with(|| query.clone());
            }
            statements.insert(query);
        }
        println!("plans: {asked} questions, {} statements", statements.len());
        assert!(asked > 1000 && statements.len() > 500, "{asked} questions, {} statements", statements.len());
        let planted = wrong.extract_if(.., |_, query| query.contains(PLANTED.1)).count();
        assert_eq!(planted, 1, "the planted question was not found");
        let wrong: Vec<String> = wrong.iter().map(|(fault, query)| format!("{fault}\n      {query}")).collect();
        assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// Every GET operation with every filter, as people who see everything, their department's, their team's and their own, and every
/// list as everybody; returns how many answers there were. Of lists the first page, and in each of their orders a later one.
async fn ask_everything(yewu: &Yewu) -> usize {
    let lists = walk::lists(&yewu.role("auditor")).await;
    let words = Words::of(&lists, ["PUMP-40".to_owned(), "SO-2026-000001".to_owned()].into_iter());
    let paths = walk::paths(&lists, &words);
    let mut asked = 0;
    for role in Role::ALL.iter().map(|role| role.as_str()) {
        let client = &yewu.role(role);
        // Those who see all, their department's, their team's and their own ask everything; the others only for lists.
        let everything = ["auditor", "department_head", "sales_manager", "sales_rep"].contains(&role);
        let paths: Vec<_> =
            paths.iter().filter(|(path, put)| everything || put.is_empty() && !path.contains('?')).collect();
        let answers = stream::iter(paths).map(|(path, put)| async move {
            let ordered = path.contains("?sort=");
            let first = client.get(path).await;
            let last =
                walk::items(&first.text).into_iter().next().and_then(|row| row["id"].as_str().map(str::to_owned));
            let last = last.filter(|_| everything && (ordered || put.is_empty()));
            let later = last.map(|id| format!("{path}{}after={id}", if ordered { '&' } else { '?' }));
            let mut statuses = vec![first.status.as_u16()];
            if let Some(path) = later {
                statuses.push(client.get(&path).await.status.as_u16());
            }
            statuses
        });
        let statuses: Vec<Vec<u16>> = answers.buffer_unordered(8).collect().await;
        let statuses = statuses.concat();
        assert!(statuses.iter().all(|status| *status < 500), "{role}: {statuses:?}");
        asked += statuses.iter().filter(|status| **status == 200).count();
    }
    asked
}

/// What Postgres has noted of this database.
fn plans<'a>(log: &'a str, database: &'a str) -> impl Iterator<Item = Value> + 'a {
    let mut lines = log.lines().peekable();
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            if !(line.contains(&format!("@{database} ")) && line.ends_with(" plan:")) {
                continue;
            }
            let mut json = String::new();
            while let Some(more) = lines.next_if(|line| line.starts_with('\t')) {
                json.push_str(more);
            }
            return Some(serde_json::from_str(&json).expect("a plan is JSON"));
        }
    })
}

/// The same fault with other values is the same.
fn without_values(fault: &str) -> String {
    fault.split('\'').enumerate().map(|(number, part)| if number % 2 == 0 { part } else { "…" }).collect()
}

/// What in a plan grows with a table. `limited`: whoever asks takes a few rows and stops.
fn faults(node: &Value, limited: bool) -> Vec<String> {
    let of = |name: &str| node[name].as_str().unwrap_or("");
    let (kind, table) = (of("Node Type"), of("Relation Name"));
    let mut found = Vec::new();
    let soon = limited && (node["Filter"].is_null() || LOOSE.contains(&of("Filter")));
    let index = of("Index Name");
    let known = UNDER_WAY.contains(&index) || OF_ONE_STATE.contains(&index) || limited && ORDERS.contains(&index);
    let lost = node["Index Cond"].is_null() && !soon && !known;
    let allowed = SMALL.contains(&table) || KNOWN.contains(&table);
    match kind {
        "Seq Scan" if !allowed => {
            found.push(format!("{table}: from end to end, for {}", of("Filter")));
        }
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" if lost && !allowed => {
            found.push(format!("{table}: all of {}, for {}", of("Index Name"), of("Filter")));
        }
        _ => {}
    }
    let limited = match kind {
        "Limit" => true,
        // These take all that there is below them before they give anything.
        "Sort" | "Aggregate" | "Hash" | "Materialize" | "SetOp" | "WindowAgg" => false,
        _ => limited,
    };
    for below in node["Plans"].as_array().into_iter().flatten() {
        // What is looked up for each row, or once, is no part of what is limited.
        let own = matches!(below["Parent Relationship"].as_str(), Some("Outer" | "Member" | "Subquery"));
        found.extend(faults(below, limited && own));
    }
    found
}
