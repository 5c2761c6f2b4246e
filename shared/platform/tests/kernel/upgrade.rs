//! A database of the first release is brought up to date, and one that was made in between stays as it is.
use super::SERVICES;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use platform::migrate;
use std::time::Duration;
use testkit::Yewu;
use uuid::Uuid;

const UP: &str = include_str!("../../migrations/00000000000006_open_seats/up.sql");
const DOWN: &str = include_str!("../../migrations/00000000000006_open_seats/down.sql");

#[test]
fn what_the_first_release_has_kept_can_be_decided_and_seen_by_its_circle_afterwards() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        yewu.as_owner("aftersales", DOWN).await;
        let (asked, done, subject) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let vote = r#"[{"step": 0, "role": "legal", "approver": "ann", "verdict": "approved", "comment": null, "at": "2026-01-01T00:00:00Z"}]"#;
        let steps = r#"[{"name": "both", "mode": "all", "roles": ["legal", "finance_manager"]}]"#;
        let approval = |id: Uuid, subject: Uuid, status: &str| {
            format!(
                "INSERT INTO approvals (id, entity, subject_id, subject_number, policy_key, policy_version, steps, votes, current_step, maker, status, asked_at, version) \
                 VALUES ('{id}', 'cup', '{subject}', 'CUP-1', 'aftersales.cup', 1, '{steps}', '{vote}', 0, 'ben', '{status}', now(), 2);"
            )
        };
        let fact = |owner: &str| {
            format!(
                "INSERT INTO outbox (id, kind, subject, partition_key, shard, envelope, at) VALUES (gen_random_uuid(), 'x', '{subject}', '{subject}', 0, \
                 '{{\"ownerid\": \"{owner}\", \"teamid\": \"west\"}}', now());"
            )
        };
        let kept =
            [approval(asked, subject, "pending"), approval(done, Uuid::now_v7(), "approved"), fact("ann"), fact("ben")];
        yewu.as_owner("aftersales", &kept.concat()).await;
        let after = format!(
            "SELECT string_agg(concat_ws(' ', status, open_roles, owner_id, team_id, votes #>> '{{0,held}}'), '; ' ORDER BY status DESC) FROM approvals WHERE id IN ('{asked}', '{done}')"
        );
        let expected = "pending {finance_manager} ben west [\"legal\"]; approved {} [\"legal\"]";
        for time in ["of the first release", "made in between"] {
            yewu.as_owner("aftersales", UP).await;
            assert_eq!(yewu.sql("aftersales", &after).await, expected, "{time}");
        }
        let shown: wire::approval::Approval =
            yewu.role("auditor").get(&format!("/api/aftersales/v1/approvals/{asked}")).await.ok();
        assert_eq!((shown.votes.len(), shown.status.as_str()), (1, "pending"));
    });
}

/// Without a limit the reader would wait behind the migration, which waits behind the holder.
#[test]
fn a_migration_that_waits_for_a_table_lets_others_pass_and_comes_again() {
    testkit::alone(async || {
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let undo = format!("{DOWN} DELETE FROM __diesel_schema_migrations WHERE version = '00000000000006'");
        yewu.as_owner("aftersales", &undo).await;
        let settings = yewu.settings.clone();
        let database = settings.db.url.rsplit('/').next().expect("a name").to_owned();
        let admin = settings.db.admin_url.clone().expect("the tests' administrator");
        let url = migrate::with_database(admin.reveal(), &database).expect("a URL");
        let mut holder = AsyncPgConnection::establish(&url).await.expect("a connection");
        holder.batch_execute("BEGIN; LOCK TABLE aftersales.approvals IN ACCESS SHARE MODE").await.expect("a lock");
        let migration = tokio::spawn(async move { migrate::schemas(&url, SERVICES).await });
        let waiting = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'approvals'::regclass)";
        while yewu.sql("aftersales", waiting).await != "true" {
            assert!(!migration.is_finished(), "it did not wait");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let read = yewu.sql("aftersales", "SELECT count(*) FROM approvals");
        let read = tokio::time::timeout(Duration::from_secs(30), read).await;
        assert!(read.is_ok(), "a reader was held up by a migration that waits");
        holder.batch_execute("COMMIT").await.expect("the end of the lock");
        migration.await.expect("an end").expect("the migration came again");
        let column = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'aftersales' AND table_name = 'approvals' AND column_name = 'open_roles'";
        assert_eq!(yewu.sql("aftersales", column).await, "1");
    });
}
