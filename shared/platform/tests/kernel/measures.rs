//! What the monitoring is told of a service: ages of what is unfinished, connections taken, clocks that differ.
use super::SERVICES;
use diesel_async::SimpleAsyncConnection;
use testkit::Yewu;

/// The value of a gauge of the service, which must be there.
fn gauge(rendered: &str, name: &str, labels: &str) -> f64 {
    let start = format!("{name}{{{labels}}} ");
    let line = rendered.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("no {start} in {rendered}")).parse().expect("a number")
}

#[test]
fn ages_are_of_what_is_unfinished_and_nobody_behind_a_parked_message_is_late() {
    testkit::alone(async || {
        platform::telemetry::start("off", true).unwrap();
        let yewu = Yewu::start(SERVICES, |_| {}, false).await;
        let app = &yewu.node.apps[0];
        let labels = format!("service=\"{}\"", app.name);
        let told = |name: &str| gauge(&platform::telemetry::render(), name, &labels);
        platform::measures::look(app).await.unwrap();
        for name in [
            "yewu_outbox_oldest_unpublished_seconds",
            "yewu_inbox_waiting_oldest_seconds",
            "yewu_parked_messages",
            "yewu_audit_oldest_unsealed_seconds",
        ] {
            assert!(told(name).abs() < f64::EPSILON, "{name} of an empty service: {}", told(name));
        }
        assert!(told("yewu_clock_offset_seconds").abs() < 5.0, "the same machine");

        let mut held = app.writers.get().await.unwrap();
        // Two keys: in the first, one waits behind a parked one; in the second, one waits for itself.
        held.batch_execute(
            "INSERT INTO outbox (id, kind, subject, partition_key, shard, envelope, at, published_at)
                  SELECT gen_random_uuid(), 'x', gen_random_uuid(), gen_random_uuid(), 0, '{}', now() - old, published
                    FROM (VALUES (interval '900 s', now()), (interval '300 s', NULL), (interval '1 s', NULL)) AS rows (old, published);
             INSERT INTO inbox (handler, event_id, partition_key, kind, status, arrived_at)
                  SELECT 'h', gen_random_uuid(), key::uuid, 'x', status, now() - old
                    FROM (VALUES ('00000000-0000-0000-0000-00000000000a', 'done', interval '9000 s'),
                                 ('00000000-0000-0000-0000-00000000000a', 'parked', interval '800 s'),
                                 ('00000000-0000-0000-0000-00000000000a', 'waiting', interval '700 s'),
                                 ('00000000-0000-0000-0000-00000000000b', 'waiting', interval '60 s')) AS rows (key, status, old);
             INSERT INTO audit_log (at, actor, action, entity, entity_id, version, status, changes, trace_id)
                  VALUES (now() - interval '120 s', 'a', 'b', 'c', gen_random_uuid(), 1, 'd', '{}', 'e')",
        )
        .await
        .unwrap();
        platform::measures::look(app).await.unwrap();
        for (name, expected) in [
            ("yewu_outbox_oldest_unpublished_seconds", 300.0),
            ("yewu_inbox_waiting_oldest_seconds", 60.0),
            ("yewu_parked_messages", 1.0),
            ("yewu_audit_oldest_unsealed_seconds", 120.0),
        ] {
            let seen = told(name);
            assert!((expected..expected + 30.0).contains(&seen), "{name}: {seen}, not {expected}");
        }
        let used = |pool: &str| {
            gauge(
                &platform::telemetry::render(),
                "yewu_database_connections_used",
                &format!("{labels},pool=\"{pool}\""),
            )
        };
        assert!((used("write") - 1.0).abs() < f64::EPSILON, "the one that is held here: {}", used("write"));
        assert!(told("yewu_measured_timestamp_seconds") > 1.7e9);
    });
}
