//! Walls between the services: each runs alone, and no database role sees another's tables (ruling 12).
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use platform::settings::BusKind;
use std::time::Duration;
use testkit::{Environment, Yewu, eventually};

async fn session(yewu: &Yewu, role: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(&yewu.settings.database_url(role, &[])).await.expect("a session")
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
        for service in suite::ALL {
            let rabbit = |settings: &mut platform::Settings| settings.bus.kind = BusKind::Rabbit;
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

#[test]
fn no_service_reads_or_writes_in_the_schema_of_another() {
    testkit::run(suite::ALL, async |yewu| {
        for service in suite::ALL {
            let mut conn = session(yewu, service.name).await;
            assert_eq!(refusal(&mut conn, "SELECT count(*) FROM outbox").await, "", "{} reads its own", service.name);
            for other in suite::ALL.iter().filter(|other| other.name != service.name) {
                for statement in
                    ["SELECT count(*) FROM {}.outbox", "DELETE FROM {}.inbox", "SET ROLE {}", "SET ROLE {}_owner"]
                {
                    let statement = statement.replace("{}", other.name);
                    let refusal = refusal(&mut conn, &statement).await;
                    assert!(refusal.contains("permission denied"), "{}: {statement}: {refusal:?}", service.name);
                }
            }
        }
    });
}

#[test]
fn a_service_makes_no_tables_and_leaves_the_audit_log_alone() {
    testkit::run(suite::ALL, async |yewu| {
        for service in suite::ALL {
            let mut conn = session(yewu, service.name).await;
            for statement in [
                "CREATE TABLE here (id int)",
                "CREATE TABLE public.here (id int)",
                "UPDATE audit_log SET actor = 'nobody'",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log",
                "DELETE FROM audit_seals",
                "DROP TABLE outbox",
            ] {
                let refusal = refusal(&mut conn, statement).await;
                let kept = refusal.contains("permission denied") || refusal.contains("must be owner");
                assert!(kept, "{}: {statement}: {refusal:?}", service.name);
            }
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
