//! The `RabbitMQ` end of the bus against a real broker, with real faults.
//!
//! It refuses to pass without a broker: `tests/run` starts a private one and sets `YEWU_AMQP_URL`, `YEWU_SERVERS` (the
//! script that starts and hurts servers) and `YEWU_STATE` (their directory). The tests share that broker and some kill
//! it, so that they run one at a time; each has a service and event types of its own.
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use lapin::{
    options::{BasicGetOptions, QueueDeclareOptions, QueueDeleteOptions},
    types::FieldTable,
};
use platform::bus::{
    BusError, DEAD_EXCHANGE, EXCHANGE, Manifest, Parcel, Settled,
    rabbit::{State, declare},
};
use tokio::{sync::watch, time::sleep};

use bench::{Alarm, Answer, Bench, Ear, PATIENCE, broker_remembers, number, raw_channel, servers, variable, within};

#[path = "rabbit/bench.rs"]
mod bench;
#[path = "rabbit/walls.rs"]
mod walls;

#[tokio::test(flavor = "multi_thread")]
async fn round_trip_keeps_order_and_properties() {
    let bench = Bench::new("round").await;
    let ear = Arc::new(Ear::default());
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    let publisher = bench.publisher().await;
    let parcels: Vec<Parcel> = (0..400).map(|number| bench.parcel(number)).collect();
    let window = publisher.publish(parcels.clone()).await.unwrap();
    assert_eq!(window.confirmed.len(), 400);
    ear.wait_for(400).await;
    assert_eq!(ear.numbers().len(), 400, "nothing came twice");
    ear.assert_complete_and_ordered(400);
    let heard = ear.heard.lock().unwrap().clone();
    for arrival in heard {
        let parcel = &parcels[number(&arrival)];
        assert_eq!(arrival.message_id, Some(parcel.id.to_string()));
        assert_eq!(arrival.kind.as_deref(), Some(bench.kind.as_str()));
        assert_eq!(arrival.deaths, 0);
    }
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unroutable_parcels_are_named_exactly() {
    let bench = Bench::new("lost").await;
    let publisher = bench.publisher().await;
    for window in 0..100 {
        let mut parcels: Vec<Parcel> = (0..64).map(|number| bench.parcel(number)).collect();
        let mut expected = Vec::new();
        for (place, parcel) in parcels.iter_mut().enumerate() {
            match (place + window) % 10 {
                3 | 7 => {
                    "nobody.hears.this.v1".clone_into(&mut parcel.kind);
                    expected.push(parcel.id);
                }
                // Without `mandatory` nobody is asked whether it arrived: a confirm is all there is.
                5 => {
                    "nobody.hears.this.v1".clone_into(&mut parcel.kind);
                    parcel.mandatory = false;
                }
                _ => {}
            }
        }
        let outcome = publisher.publish(parcels.clone()).await.unwrap();
        assert_eq!(outcome.unroutable, expected, "window {window}");
        assert_eq!(outcome.confirmed.len(), 64 - expected.len(), "window {window}");
    }
    bench.finish([]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_window_does_not_spoil_the_next() {
    let bench = Bench::new("drop").await;
    let publisher = bench.publisher().await;
    let mut large = bench.parcel(0);
    large.body = vec![b'0'; 200_000];
    large.mandatory = false;
    let abandoned = tokio::time::timeout(Duration::from_millis(2), publisher.publish(vec![large; 64])).await;
    assert!(abandoned.is_err(), "64 times 200 kB do not pass in 2 ms");
    let refused = publisher.publish(vec![bench.parcel(0)]).await;
    assert!(matches!(refused, Err(BusError::Away(_))), "its late confirms would be taken for ours: {refused:?}");
    bench.relay(&publisher, 0..64).await;
    bench.finish([]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_broker_loses_nothing_confirmed() {
    let bench = Bench::new("kill").await;
    let ear = Ear::slow(Duration::from_millis(2));
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    let publisher = bench.publisher().await;
    broker_remembers().await;
    let (retries, ()) = tokio::join!(bench.relay(&publisher, 0..4000), async {
        sleep(Duration::from_millis(600)).await;
        servers("broker-kill", &[]).await;
        let meanwhile = publisher.publish(vec![bench.parcel(0)]).await;
        servers("broker-start", &[]).await;
        assert!(matches!(meanwhile, Err(BusError::Away(_))), "{meanwhile:?}");
    });
    assert!(retries > 0, "the kill came while publishing");
    ear.wait_for(4000).await;
    ear.assert_complete_and_ordered(4000);
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_connections_come_back() {
    let bench = Bench::new("close").await;
    let ear = Ear::slow(Duration::from_millis(1));
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    let publisher = bench.publisher().await;
    tokio::join!(bench.relay(&publisher, 0..3000), async {
        for _ in 0..3 {
            sleep(Duration::from_millis(300)).await;
            servers("broker-ctl", &["close_all_connections", "test"]).await;
        }
    });
    ear.wait_for(3000).await;
    ear.assert_complete_and_ordered(3000);
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_queue_is_noticed_and_heard_again_once_declared() {
    let bench = Bench::new("gone").await;
    let ear = Arc::new(Ear::default());
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    let publisher = bench.publisher().await;
    let (_connection, channel) = raw_channel().await;
    let queue = format!("{}.s0", bench.service);
    channel.queue_delete(queue.as_str().into(), QueueDeleteOptions::default()).await.unwrap();
    within(PATIENCE, "loss noticed", || (consuming.state() == State::Connecting).then_some(())).await;
    let parcel = bench.parcel(0);
    let window = publisher.publish(vec![parcel.clone()]).await.unwrap();
    assert_eq!(window.unroutable, [parcel.id], "a missing queue is not taken for success");
    declare(&variable("YEWU_AMQP_URL"), &bench.manifest()).await.unwrap();
    within(PATIENCE, "heard again", || (consuming.state() == State::Running).then_some(())).await;
    bench.relay(&publisher, 0..40).await;
    ear.wait_for(40).await;
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_blocks_publishing_only_and_ends_by_itself() {
    let bench = Bench::new("alarm").await;
    let ear = Ear::slow(Duration::from_millis(20));
    let publisher = bench.publisher().await;
    bench.relay(&publisher, 0..80).await;
    let alarm = Alarm::raise().await;
    let started = Instant::now();
    let mut refused = None;
    while started.elapsed() < Duration::from_secs(10) && !matches!(refused, Some(BusError::Blocked)) {
        refused = publisher.publish(vec![bench.parcel(0)]).await.err();
    }
    let state = publisher.state();
    let at_once = Instant::now();
    let again = publisher.publish(vec![bench.parcel(0)]).await;
    let at_once = at_once.elapsed();
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    ear.wait_for(80).await;
    drop(alarm);
    assert!(matches!(refused, Some(BusError::Blocked)), "{refused:?}");
    assert_eq!(state, State::Blocked);
    assert!(matches!(again, Err(BusError::Blocked)) && at_once < Duration::from_millis(50), "{again:?} {at_once:?}");
    bench.relay(&publisher, 80..120).await;
    ear.wait_for(120).await;
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_stored_is_held_in_its_place() {
    let bench = Bench::new("hold").await;
    let ear = Ear::answering([(8, vec![Answer::Say(Settled::Again); 3])]);
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    let publisher = bench.publisher().await;
    bench.relay(&publisher, 0..120).await;
    ear.wait_for(120).await;
    let shard: Vec<usize> = ear.numbers().into_iter().filter(|number| number % 4 == 0).collect();
    assert_eq!(shard[..7], [0, 4, 8, 8, 8, 8, 12], "tried in place, successors wait");
    assert!(ear.heard.lock().unwrap().iter().all(|arrival| arrival.deaths == 0), "a hold is not a death");
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deaths_are_counted_for_the_culprit_alone() {
    let bench = Bench::new("death").await;
    let ear = Ear::answering([(8, vec![Answer::Die; 3])]);
    let publisher = bench.publisher().await;
    bench.relay(&publisher, 0..400).await;
    // Two processes' worth: with each death the other becomes active, and must begin with what the dead one held.
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    let standby = bench.hear(&ear, bench.stop.subscribe()).await;
    ear.wait_for(400).await;
    ear.assert_complete_and_ordered(400);
    let deaths_of = |wanted: usize| -> Vec<u32> {
        ear.heard.lock().unwrap().iter().filter(|one| number(one) == wanted).map(|one| one.deaths).collect()
    };
    // It died in company first; from then on it came alone, and stood first the next time.
    assert!(ear.most.load(Ordering::Relaxed) > 1, "they came together");
    assert_eq!(deaths_of(8)[2..], [2, 3]);
    let behind = (0..400).step_by(4).filter(|number| *number != 8);
    let innocent: Vec<u32> = behind.flat_map(deaths_of).filter(|deaths| *deaths > 0).collect();
    assert!(innocent.len() <= 1 && innocent.iter().all(|deaths| *deaths == 1), "{innocent:?}");
    assert_eq!(deaths_of(12), [0], "prefetched behind it each time, and innocent");
    bench.finish([consuming, standby]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hopeless_message_goes_to_the_dead_letters() {
    let bench = Bench::new("dead").await;
    let ear = Ear::answering([(5, vec![Answer::Say(Settled::Hopeless)])]);
    let publisher = bench.publisher().await;
    let parcel = bench.parcel(5);
    publisher.publish(vec![bench.parcel(1), parcel.clone(), bench.parcel(9), bench.parcel(13)]).await.unwrap();
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    ear.wait_for(4).await;
    let (_connection, channel) = raw_channel().await;
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < PATIENCE, "not in the dead-letter queue");
        match channel.basic_get(DEAD_EXCHANGE.into(), BasicGetOptions { no_ack: true }).await.unwrap() {
            Some(dead)
                if dead.properties.message_id().as_ref().is_some_and(|id| id.as_str() == parcel.id.to_string()) =>
            {
                break;
            }
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_keeps_order() {
    let bench = Bench::new("roll").await;
    let ear = Ear::slow(Duration::from_millis(3));
    let publisher = bench.publisher().await;
    let relay = bench.relay(&publisher, 0..2000);
    let rolls = async {
        let mut stop = watch::Sender::new(false);
        let mut active = bench.hear(&ear, stop.subscribe()).await;
        for _ in 0..4 {
            let next_stop = watch::Sender::new(false);
            let next = bench.hear(&ear, next_stop.subscribe()).await;
            sleep(Duration::from_millis(150)).await;
            stop.send_replace(true);
            active.task.await.unwrap();
            (stop, active) = (next_stop, next);
        }
        ear.wait_for(2000).await;
        stop.send_replace(true);
        active.task.await.unwrap();
    };
    tokio::join!(relay, rolls);
    ear.assert_complete_and_ordered(2000);
    assert_eq!(ear.numbers().len(), 2000, "a graceful stop finishes what it has in hand, so that nothing comes twice");
    bench.finish([]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_binding_is_healed_on_connecting() {
    let bench = Bench::new("bind").await;
    let (_connection, channel) = raw_channel().await;
    let (queue, key) = (format!("{}.s0", bench.service), format!("{}.0", bench.kind));
    channel
        .queue_unbind(queue.as_str().into(), EXCHANGE.into(), key.as_str().into(), FieldTable::default())
        .await
        .unwrap();
    let publisher = bench.publisher().await;
    let parcel = bench.parcel(0);
    assert_eq!(publisher.publish(vec![parcel.clone()]).await.unwrap().unroutable, [parcel.id]);
    let ear = Arc::new(Ear::default());
    let consuming = bench.hear(&ear, bench.stop.subscribe()).await;
    assert_eq!(publisher.publish(vec![parcel.clone()]).await.unwrap().confirmed, [parcel.id]);
    ear.wait_for(1).await;
    bench.finish([consuming]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_with_other_properties_is_refused_with_advice() {
    let bench = Bench::new("clash").await;
    let other = format!("{}x", bench.service);
    let (_connection, channel) = raw_channel().await;
    let queue = format!("{other}.s0");
    channel.queue_declare(queue.as_str().into(), QueueDeclareOptions::durable(), FieldTable::default()).await.unwrap();
    let manifest = Manifest { services: vec![(other, vec![])] };
    let Err(BusError::Topology(text)) = declare(&variable("YEWU_AMQP_URL"), &manifest).await else {
        panic!("a mismatch must be refused");
    };
    assert!(text.contains(&queue) && text.contains("drain"), "{text}");
    channel.queue_delete(queue.as_str().into(), QueueDeleteOptions::default()).await.unwrap();
    bench.finish([]).await;
}
