//! Ruling 20: a command costs a fixed number of round trips to Postgres. Counted on the wire, not timed.
use testkit::{Environment, Yewu};
use tests::{
    proxy,
    sample::{account, new_order, round_trips},
};

#[test]
fn ruling_20_creating_an_order_with_five_lines_goes_to_postgres_four_times() {
    testkit::alone(async || {
        let environment = Environment::read();
        let proxy = proxy::start(&environment.host_port).await;
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let yewu = Yewu::on(&environment, &database, suite::ALL, |_| {}, false).await;
        let body = new_order(account(&yewu).await);
        drop(yewu);
        // Begin and claim the key; customer, products and number; order and lines; facts, audit, answer and commit.
        // The fraction is the background: jobs and the relay share the proxy.
        let trips = round_trips(&environment, &database, &proxy, &body).await;
        assert!((3.0..4.5).contains(&trips), "{trips} round trips");
    });
}
