//! One order with five lines, and how often making it goes to Postgres and back. Asserts nothing: the bench prints, a test judges.
use crate::proxy::Proxy;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use testkit::{Client, Environment, Yewu};
use uuid::Uuid;
use wire::crm::{AccountCreated, AccountId, AccountSnapshot};

pub const ORDERS: &str = "/api/orders/v1/orders";

/// A customer, and the product that the order wants.
pub async fn account(yewu: &Yewu) -> AccountId {
    let id = AccountId(Uuid::now_v7());
    yewu.hear(&AccountCreated(AccountSnapshot {
        id,
        number: "AC-1".into(),
        name: "Bench".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    }))
    .await;
    let product = wire::quoting::ProductSnapshot {
        id: Uuid::now_v7().into(),
        sku: "PUMP-40".into(),
        name: "泵".into(),
        unit: "pc".into(),
        list_price: "1250".parse().expect("a price"),
        currency: wire::Currency::CNY,
        tax_rate: wire::Rate::ZERO,
        status: "active".into(),
        version: 1,
    };
    yewu.hear(&wire::quoting::ProductPublished(product)).await;
    id
}

/// The body.
#[must_use]
pub fn new_order(account: AccountId) -> Value {
    let line = json!({"sku": "PUMP-40", "quantity": "12", "unit_price": "1250.00", "discount_rate": "0.05", "tax_rate": "0.13"});
    json!({"account_id": account, "currency": "CNY", "delivery_date": "2099-12-31", "lines": vec![line; 5]})
}

/// One order and nothing else: [`Client::post`] would go and see whether it is there.
pub async fn create(client: &Client, body: &Value) -> Value {
    let key = Uuid::now_v7().to_string();
    client.send(reqwest::Method::POST, ORDERS, &[("idempotency-key", &key)], Some(body)).await.created()
}

/// A node on `database` that has one connection to write and one to read, both through the proxy.
pub async fn through(environment: &Environment, database: &str, proxy: &Proxy) -> Yewu {
    let adjust = |settings: &mut platform::Settings| {
        settings.db.url = settings.db.url.replace(&environment.host_port, &proxy.address);
        settings.db.pool_size = 1;
    };
    Yewu::on(environment, database, suite::ALL, adjust, false).await
}

/// How often the direction turns between the node and Postgres for one operation, on average of so many one after the other.
pub async fn turns(proxy: &Proxy, times: u32, operation: impl AsyncFn()) -> f64 {
    operation().await; // statements are prepared
    let before = proxy.turns.load(Ordering::Relaxed);
    for _ in 0..times {
        operation().await;
    }
    f64::from(proxy.turns.load(Ordering::Relaxed) - before) / f64::from(times)
}
