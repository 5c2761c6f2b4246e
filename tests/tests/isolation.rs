//! Walls between the services: each runs alone, and no database role sees another's tables (ruling 12).
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use platform::settings::BusKind;
use std::time::Duration;
use testkit::{Environment, Yewu, eventually};

async fn session(yewu: &Yewu, role: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(&yewu.settings.database_url(role, &[]).expect("a password")).await.expect("a session")
}

/// The error's text; empty if it worked.
async fn refusal(conn: &mut AsyncPgConnection, statement: &str) -> String {
    conn.batch_execute(statement).await.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn each_service_runs_alone_on_the_database_and_broker_of_all() {
    testkit::alone(async || {
        let environment = Environment::read();
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let _turn = testkit::broker_turn();
        let broker = environment.virtual_host(&database, suite::ALL).await;
        for service in suite::ALL {
            let rabbit = |settings: &mut platform::Settings| {
                settings.bus.kind = BusKind::Rabbit;
                settings.bus.url = Some(broker.url.clone().into());
            };
            let yewu = Yewu::on(&environment, &database, &[*service], rabbit, true).await;
            eventually(Duration::from_secs(10), async || {
                let ready = yewu.nobody().get("/readyz").await;
                if ready.status == 200 { Ok(()) } else { Err(ready.text) }
            })
            .await;
            let own = yewu.role("ceo").get(&format!("/api/{}/v1/enums", service.name)).await;
            assert_eq!(own.status, 200, "{}: {}", service.name, own.text);
            for other in suite::ALL.iter().filter(|other| other.name != service.name) {
                let foreign = yewu.role("ceo").get(&format!("/api/{}/v1/enums", other.name)).await;
                assert_eq!(foreign.status, 404, "{} answers for {}", service.name, other.name);
            }
            yewu.node.stop().await;
        }
    });
}

#[test]
fn a_node_without_all_services_refuses_the_memory_bus() {
    testkit::alone(async || {
        let environment = Environment::read();
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let mut settings = environment.settings(&database, &std::env::temp_dir());
        settings.bus.kind = BusKind::Memory;
        let refused = platform::Node::build(&settings, &[quoting_alone()]).await.err().map(|error| error.to_string());
        assert!(refused.as_ref().is_some_and(|text| text.contains("needs all services")), "{refused:?}");
    });
}
fn quoting_alone() -> platform::Service {
    *suite::ALL.iter().find(|service| service.name == "quoting").expect("one of ours")
}

/// Every statement is run, each behind a savepoint of its own; what was not refused as 42501 (`insufficient_privilege`) is told.
async fn all_refused(yewu: &Yewu, role: &str, statements: &[String]) {
    let list = statements.iter().map(|statement| format!("'{}'", statement.replace('\'', "''"))).collect::<Vec<_>>();
    let trial = format!(
        "DO $$ DECLARE statement text; refused int := 0; passed text := ''; BEGIN
           FOREACH statement IN ARRAY ARRAY[{}]::text[] LOOP
             BEGIN
               EXECUTE statement; passed := passed || statement || ': was done; ';
             EXCEPTION WHEN insufficient_privilege THEN refused := refused + 1;
                       WHEN OTHERS THEN passed := passed || statement || ': ' || SQLSTATE || ' ' || SQLERRM || '; ';
             END;
           END LOOP;
           RAISE EXCEPTION '% refused; %', refused, passed;
         END $$",
        list.join(", ")
    );
    let told = refusal(&mut session(yewu, role).await, &trial).await;
    assert_eq!(told, format!("{} refused; ", statements.len()), "{role}");
}

/// `(name, first column, is it a sequence)` of everything in a schema that holds rows.
async fn relations(yewu: &Yewu, schema: &str) -> Vec<(String, String, bool)> {
    let query = format!(
        "SELECT string_agg(c.relname || '|' || a.attname || '|' || (c.relkind = 'S'), ' ' ORDER BY c.relname) FROM pg_class c \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1 \
         WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')"
    );
    let text = yewu.sql(schema, &query).await;
    let parts = |one: &str| {
        let mut parts = one.split('|').map(str::to_owned);
        let mut next = || parts.next().expect("three parts");
        (next(), next(), next() == "true")
    };
    text.split(' ').map(parts).collect()
}

fn attempts(schema: &str, relations: &[(String, String, bool)]) -> Vec<String> {
    let each = |(name, column, sequence): &(String, String, bool)| {
        let at = format!("{schema}.{name}");
        if *sequence {
            return vec![format!("SELECT nextval('{at}')"), format!("SELECT * FROM {at}")];
        }
        vec![
            format!("SELECT {column} FROM {at}"),
            format!("INSERT INTO {at} DEFAULT VALUES"),
            format!("UPDATE {at} SET {column} = {column}"),
            format!("DELETE FROM {at}"),
            format!("TRUNCATE {at}"),
        ]
    };
    relations.iter().flat_map(each).collect()
}

#[test]
fn every_service_is_refused_by_every_table_of_every_other() {
    testkit::run(suite::ALL, async |yewu| {
        let mut tried = 0;
        for other in suite::ALL {
            let there = relations(yewu, other.name).await;
            assert!(there.len() > 15, "{} has {there:?}", other.name);
            let mut statements = attempts(other.name, &there);
            statements.extend([format!("SET ROLE {}", other.name), format!("SET ROLE {}_owner", other.name)]);
            for service in suite::ALL.iter().filter(|service| service.name != other.name) {
                all_refused(yewu, service.name, &statements).await;
                tried += statements.len();
            }
        }
        assert!(tried > 3_000, "{tried} statements");
    });
}

#[test]
fn a_service_makes_no_tables_empties_none_and_leaves_the_audit_log_alone() {
    testkit::run(suite::ALL, async |yewu| {
        for service in suite::ALL {
            let own = relations(yewu, service.name).await;
            let own: Vec<&str> =
                own.iter().filter(|(_, _, sequence)| !sequence).map(|(name, ..)| name.as_str()).collect();
            let mut statements = [
                "CREATE TABLE here (id int)",
                "CREATE TABLE public.here (id int)",
                "CREATE SCHEMA here",
                "UPDATE audit_log SET actor = 'nobody'",
                "DELETE FROM audit_log",
                "UPDATE audit_seals SET hash = hash",
                "DELETE FROM audit_seals",
                "CREATE ROLE here",
                "ALTER ROLE yewu_verify PASSWORD 'x'",
            ]
            .map(str::to_owned)
            .to_vec();
            statements.extend(own.iter().map(|name| format!("TRUNCATE {name}")));
            statements.extend(own.iter().map(|name| format!("DROP TABLE {name}")));
            statements.extend(own.iter().map(|name| format!("ALTER TABLE {name} DISABLE TRIGGER ALL")));
            all_refused(yewu, service.name, &statements).await;
            assert_eq!(
                yewu.sql(service.name, "SELECT count(*) >= 0 FROM outbox").await,
                "true",
                "{} reads its own",
                service.name
            );
        }
    });
}

#[test]
fn no_role_is_more_than_it_must_be() {
    testkit::run(suite::ALL, async |yewu| {
        let attributes = "SELECT string_agg(concat_ws(' ', rolname, rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls \
                          OR rolreplication, (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)), ', ' ORDER BY rolname) FROM pg_roles r";
        for service in suite::ALL {
            let query = format!("{attributes} WHERE rolname IN ('{0}', '{0}_owner')", service.name);
            let expected = format!("{0} t f 0, {0}_owner f f 0", service.name);
            assert_eq!(yewu.sql(service.name, &query).await, expected);
        }
        let verifier = format!("{attributes} WHERE rolname = 'yewu_verify'");
        assert_eq!(yewu.sql("crm", &verifier).await, "yewu_verify t f 0");
        let strangers = "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' \
                         AND table_schema NOT IN ('pg_catalog', 'information_schema')";
        for service in suite::ALL {
            assert_eq!(yewu.sql(service.name, strangers).await, "0", "{}", service.name);
        }
    });
}

#[test]
fn the_verifier_reads_everywhere_and_writes_nowhere() {
    testkit::run(suite::ALL, async |yewu| {
        let mut conn = session(yewu, "yewu_verify").await;
        for service in suite::ALL {
            let (read, write) = (
                format!("SELECT count(*) FROM {}.outbox", service.name),
                format!("DELETE FROM {}.inbox", service.name),
            );
            assert_eq!(refusal(&mut conn, &read).await, "", "{read}");
            assert!(refusal(&mut conn, &write).await.contains("permission denied"), "{write}");
        }
    });
}
