//! Messages that are handed over together: one transaction where all is plain, and never another result than one by one.
use super::{case, cups, poured, run, status};
use platform::bus::{Arrival, Receiver, Settled};
use testkit::Yewu;
use wire::CloudEvent;

fn arrivals(events: &[&CloudEvent]) -> Vec<Arrival> {
    let arrival = |event: &&CloudEvent| Arrival {
        body: serde_json::to_vec(event).expect("plain data"),
        message_id: None,
        kind: None,
        deaths: 0,
    };
    events.iter().map(arrival).collect()
}

/// Whose cups they are, by name: of different cases none has to be before another, and one that takes its time is overtaken.
async fn cups_by_name(yewu: &Yewu, events: &[&CloudEvent]) -> String {
    let cups = cups(yewu, events).await;
    let mut names: Vec<&str> = cups.split(' ').collect();
    names.sort_unstable();
    names.join(" ")
}

async fn transactions(yewu: &Yewu, events: &[&CloudEvent]) -> String {
    let ids: Vec<String> = events.iter().map(|event| format!("'{}'", event.id)).collect();
    let query = format!("SELECT count(DISTINCT xmin::text) FROM inbox WHERE event_id IN ({})", ids.join(","));
    yewu.sql("aftersales", &query).await
}

#[test]
fn all_in_one_transaction_in_their_order_and_a_double_among_them_once() {
    run(async |yewu| {
        let (one, other) = (case(), case());
        let known = poured(yewu, one, "known");
        yewu.deliver(&known).await;
        let fresh = [(other, "b"), (one, "c"), (one, "d"), (other, "e")].map(|(key, note)| poured(yewu, key, note));
        let [second, third, fourth, fifth] = &fresh;
        let come = [&known, second, third, second, fourth, fifth, third];
        let words = yewu.node.apps[0].receive_some(arrivals(&come)).await;
        assert_eq!(words, vec![Settled::Kept; 7]);
        assert_eq!(cups(yewu, &[&known, second, third, fourth, fifth]).await, "known b c d e");
        assert_eq!(transactions(yewu, &[second, third, fourth, fifth]).await, "1");
        assert_eq!(transactions(yewu, &[&known, second]).await, "2", "it had come before");
    });
}

#[test]
fn one_that_is_refused_or_fails_or_panics_takes_no_other_with_it() {
    run(async |yewu| {
        let (one, other) = (case(), case());
        for (trouble, becomes) in [("refuse", "parked"), ("panic", "waiting")] {
            let [before, bad] = [poured(yewu, one, "before"), poured(yewu, other, trouble)];
            let [behind, aside] = [poured(yewu, other, "behind"), poured(yewu, one, "aside")];
            let words = yewu.node.apps[0].receive_some(arrivals(&[&before, &bad, &behind, &aside])).await;
            assert_eq!(words, vec![Settled::Kept; 4]);
            assert_eq!(cups(yewu, &[&before, &bad, &behind, &aside]).await, "before aside");
            assert_eq!((status(yewu, &bad).await.as_str(), status(yewu, &behind).await.as_str()), (becomes, "waiting"));
            // Nobody gets past those that wait by coming in company.
            let [late, fresh] = [poured(yewu, other, "late"), poured(yewu, one, "fresh")];
            yewu.node.apps[0].receive_some(arrivals(&[&late, &fresh])).await;
            assert_eq!((status(yewu, &late).await.as_str(), status(yewu, &fresh).await.as_str()), ("waiting", "done"));
            let free = format!("DELETE FROM inbox WHERE partition_key = '{}'", bad.partitionkey);
            yewu.as_owner("aftersales", &free).await;
        }
        let [fails, fine] = [poured(yewu, one, "fails-twice"), poured(yewu, one, "fine")];
        yewu.node.apps[0].receive_some(arrivals(&[&fails, &fine])).await;
        assert_eq!(cups(yewu, &[&fails, &fine]).await, "fails-twice fine", "tried again one by one");
    });
}

#[test]
fn what_is_no_event_is_told_from_its_neighbours_and_what_cannot_be_kept_ends_the_round() {
    testkit::alone(async || {
        let yewu = Yewu::start(super::SERVICES, |_| {}, false).await;
        let [a, b, c] = ["a", "b", "c"].map(|note| poured(&yewu, case(), note));
        let mut some = arrivals(&[&a, &b]);
        some.insert(1, Arrival { body: b"{}".to_vec(), ..some[0].clone() });
        let words = yewu.node.apps[0].receive_some(some).await;
        assert_eq!(words, [Settled::Kept, Settled::Hopeless, Settled::Kept]);
        yewu.as_owner("aftersales", "ALTER TABLE inbox RENAME TO elsewhere").await;
        assert_eq!(yewu.node.apps[0].receive_some(arrivals(&[&c, &a])).await, [Settled::Again]);
        yewu.as_owner("aftersales", "ALTER TABLE elsewhere RENAME TO inbox").await;
        assert_eq!(yewu.node.apps[0].receive_some(arrivals(&[&c, &a])).await, [Settled::Kept; 2]);
        assert_eq!(cups(&yewu, &[&a, &b, &c]).await, "a b c");
    });
}

#[test]
fn what_the_shards_bring_meanwhile_is_the_next_transaction() {
    run(async |yewu| {
        let app = &yewu.node.apps[0];
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|note| poured(yewu, case(), note));
        let bring = |event| app.receive_some(arrivals(&[event]));
        // Polled in this order: the first begins before the others have come.
        let (first, second, third, fourth) = tokio::join!(bring(&a), bring(&b), bring(&c), bring(&d));
        for words in [first, second, third, fourth] {
            assert_eq!(words, [Settled::Kept]);
        }
        assert_eq!(cups_by_name(yewu, &[&a, &b, &c, &d]).await, "a b c d");
        assert_eq!(transactions(yewu, &[&b, &c, &d]).await, "1");
        assert_eq!(transactions(yewu, &[&a, &b]).await, "2");
    });
}

#[test]
fn one_shard_that_brings_what_fails_harms_no_other() {
    run(async |yewu| {
        let app = &yewu.node.apps[0];
        let [a, bad, c] = ["a", "refuse", "c"].map(|note| poured(yewu, case(), note));
        let bring = |event| app.receive_some(arrivals(&[event]));
        let (first, second, third) = tokio::join!(bring(&a), bring(&bad), bring(&c));
        assert_eq!([first, second, third].concat(), [Settled::Kept; 3]);
        assert_eq!(cups_by_name(yewu, &[&a, &bad, &c]).await, "a c");
        assert_eq!(status(yewu, &bad).await, "parked");
        yewu.as_owner("aftersales", &format!("DELETE FROM inbox WHERE event_id = '{}'", bad.id)).await;
    });
}
