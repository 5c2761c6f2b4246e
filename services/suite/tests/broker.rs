//! The hop that everything stands on, over a real RabbitMQ: an accepted quote becomes exactly one drafted contract, whatever
//! dies on the way. Every test has a virtual host and a database of its own; they take turns, because some kill the broker.
use platform::{
    bus::{Parcel, rabbit},
    settings::{BusKind, Settings},
};
use serde_json::{Value, json};
use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};
use testkit::{Client, Environment, VirtualHost, Yewu, eventually, servers};
use uuid::Uuid;
use wire::{
    CaseId, CloudEvent, Event, Page,
    approval::Approval,
    crm::{AccountCreated, AccountId, AccountSnapshot, UserChanged, UserSnapshot},
    quoting::{ProductPublished, ProductSnapshot, Quote},
};

const QUOTES: &str = "/api/quoting/v1/quotes";
const PATIENCE: Duration = Duration::from_mins(1);

/// A database and a virtual host for one test.
struct Ground {
    environment: Environment,
    database: String,
    broker: VirtualHost,
}

impl Ground {
    async fn new() -> Self {
        let environment = Environment::read();
        let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
        let broker = environment.virtual_host(&database, suite::ALL).await;
        Self { environment, database, broker }
    }
    async fn node(&self, services: &[platform::Service]) -> Yewu {
        let adjust = |settings: &mut Settings| {
            settings.bus.kind = BusKind::Rabbit;
            settings.bus.url = Some(self.broker.url.clone().into());
        };
        Yewu::on(&self.environment, &self.database, services, adjust, true).await
    }
    /// The program in a process of its own, which can be killed; returns when it is ready.
    async fn process(&self, yewu: &Yewu, services: &str) -> (Child, String) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let jwks = yewu.settings.auth.jwks_file.clone().expect("keys");
        let child = Command::new(env!("CARGO_BIN_EXE_yewu"))
            .args(["run", "--services", services])
            .env("YEWU__PROFILE", "test")
            .env("YEWU__HTTP__BIND", format!("127.0.0.1:{port}"))
            .env("YEWU__DB__URL", &yewu.settings.db.url)
            .env("YEWU__DB__PASSWORD", yewu.settings.db.password.as_ref().map_or("", |p| p.reveal()))
            .env("YEWU__BUS__URL", &self.broker.url)
            .env("YEWU__BUS__PASSWORD", yewu.settings.bus.password.as_ref().map_or("", |p| p.reveal()))
            .env("YEWU__AUTH__ISSUER", &yewu.settings.auth.issuer)
            .env("YEWU__AUTH__JWKS_FILE", jwks)
            .env("YEWU__STORAGE__PATH", yewu.settings.storage.path.as_ref().expect("a folder of its own"))
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let base = format!("http://127.0.0.1:{port}");
        let client = Client::at(&base, None);
        eventually(PATIENCE, async || match client.try_send(reqwest::Method::GET, "/readyz", &[], None).await {
            Ok(answer) if answer.status.as_u16() == 200 => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
        (child, base)
    }
}

/// Tells everyone, over the broker, what crm and quoting would tell: a customer, a product, someone who approves.
async fn tell(ground: &Ground, events: &[CloudEvent]) {
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let publisher = rabbit::Publisher::start(&ground.broker.admin_url, "test", stopped);
    let parcel = |event: &CloudEvent| Parcel {
        id: event.id.into(),
        kind: event.kind.clone(),
        shard: platform::shard(event.partitionkey),
        mandatory: true,
        body: serde_json::to_vec(event).expect("plain data"),
        traceparent: None,
    };
    let ids: Vec<Uuid> = events.iter().map(|event| event.id.into()).collect();
    eventually(PATIENCE, async || {
        let window = publisher.publish(events.iter().map(parcel).collect()).await.map_err(|error| error.to_string())?;
        if ids.iter().all(|id| window.confirmed.contains(id)) { Ok(()) } else { Err(format!("{window:?}")) }
    })
    .await;
}
fn customer(id: AccountId) -> AccountCreated {
    AccountCreated(AccountSnapshot {
        id,
        number: "AC-2026-000001".into(),
        name: "晨光泵业".into(),
        status: "active".into(),
        tier: None,
        region: None,
        version: 1,
    })
}
fn manager(role: &str) -> UserChanged {
    let reference = format!("{role}-1");
    UserChanged(UserSnapshot {
        id: Uuid::now_v7().into(),
        name: reference.clone(),
        reference,
        roles: vec![role.into()],
        department: Some("sales".into()),
        team: Some("sales".into()),
        active: true,
        version: 1,
    })
}
fn envelope<E: Event>(yewu: &Yewu, event: &E) -> CloudEvent {
    yewu.envelope(event, CaseId(Uuid::now_v7()))
}

/// One deal's first half: a quote above the contract limit, approved, issued and accepted.
async fn accepted(sales: &Client, bosses: &[Client], account: AccountId) -> Quote {
    let body = json!({"account_id": account, "currency": "CNY", "valid_until": "2099-12-31",
        "lines": [{"sku": "PUMP-40", "quantity": "100", "unit_price": "1250.00", "tax_rate": "0.13"}]});
    let quote: Quote = eventually(PATIENCE, async || {
        let answer = sales.post(QUOTES, &body).await;
        if answer.status.as_u16() == 201 { Ok(answer.created()) } else { Err(answer.text) }
    })
    .await;
    let path = format!("{QUOTES}/{}", quote.id);
    eventually(PATIENCE, async || {
        let answer = sales.act(&path, "submit", json!({})).await;
        if answer.status.as_u16() == 200 { Ok(()) } else { Err(answer.text) }
    })
    .await;
    // Nobody knows what it costs, so finance is asked as well.
    for boss in bosses {
        let page: Page<Approval> =
            boss.get(&format!("/api/quoting/v1/approvals?subject_id={}&assignee=me", quote.id)).await.ok();
        let path = format!("/api/quoting/v1/approvals/{}", page.items[0].id);
        boss.act(&path, "approve", json!({})).await.ok::<Approval>();
    }
    sales.act(&path, "issue", json!({})).await.ok::<Quote>();
    let evidence = json!({"evidence": {"channel": "email", "person": "李雷", "at": "2026-03-02T01:00:00Z"}});
    sales.act(&path, "accept", evidence).await.ok()
}
/// How many contracts name these quotes, as `distinct/all`.
async fn contracts(yewu: &Yewu, quotes: &[Quote]) -> String {
    let ids: Vec<String> = quotes.iter().map(|quote| format!("'{}'", quote.id)).collect();
    let list = if ids.is_empty() { "NULL".into() } else { ids.join(",") };
    yewu.sql(
        "contracts",
        &format!("SELECT count(DISTINCT quote_id) || '/' || count(*) FROM contracts WHERE quote_id IN ({list})"),
    )
    .await
}
async fn all_arrive(yewu: &Yewu, quotes: &[Quote]) {
    let all = format!("{0}/{0}", quotes.len());
    eventually(PATIENCE, async || {
        let now = contracts(yewu, quotes).await;
        if now == all { Ok(()) } else { Err(now) }
    })
    .await;
}
async fn drained(yewu: &Yewu) {
    eventually(PATIENCE, async || {
        let waiting = yewu.sql("quoting", "SELECT count(*) FROM outbox WHERE published_at IS NULL").await;
        if waiting == "0" { Ok(()) } else { Err(waiting) }
    })
    .await;
}
/// Runs with the broker to itself.
fn turn(test: impl AsyncFnOnce(Ground)) {
    let _turn = testkit::broker_turn();
    testkit::alone(async || test(Ground::new().await).await);
}
async fn ready(ground: &Ground, yewu: &Yewu) -> (Client, Vec<Client>, AccountId) {
    let account = AccountId(Uuid::now_v7());
    let product = ProductSnapshot {
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
    tell(
        ground,
        &[
            envelope(yewu, &customer(account)),
            envelope(yewu, &manager("sales_manager")),
            envelope(yewu, &manager("finance_manager")),
            envelope(yewu, &ProductPublished(product)),
        ],
    )
    .await;
    (yewu.role("sales_rep"), vec![yewu.role("sales_manager"), yewu.role("finance_manager")], account)
}
/// Puts the product on sale where quotes look for it.
async fn product(yewu: &Client) {
    let body = json!({"sku": "PUMP-40", "name": "离心泵 40", "unit": "pc", "list_price": "1250.00", "currency": "CNY", "tax_rate": "0.13", "status": "active"});
    let answer = yewu
        .send(
            reqwest::Method::PUT,
            "/api/quoting/v1/products/by-ref/test/PUMP-40",
            &[("idempotency-key", &Uuid::now_v7().to_string())],
            Some(&body),
        )
        .await;
    assert!([200, 201, 404].contains(&answer.status.as_u16()), "{answer:?}");
}

#[test]
fn an_accepted_quote_becomes_one_contract_even_if_the_broker_is_killed() {
    turn(async |ground| {
        let yewu = ground.node(suite::ALL).await;
        let (sales, bosses, account) = ready(&ground, &yewu).await;
        product(&yewu.role("integration")).await;
        let mut quotes = vec![accepted(&sales, &bosses, account).await];
        all_arrive(&yewu, &quotes).await;
        servers(&["broker-kill"]);
        for _ in 0..10 {
            quotes.push(accepted(&sales, &bosses, account).await); // no write fails while the broker is away
        }
        assert_eq!(contracts(&yewu, &quotes).await, "1/1");
        servers(&["broker-start"]);
        all_arrive(&yewu, &quotes).await;
        drained(&yewu).await;
        yewu.stop().await;
    });
}

#[test]
fn a_relay_killed_at_any_moment_loses_and_doubles_nothing() {
    turn(async |ground| {
        let yewu = ground.node(&suite::ALL.iter().copied().filter(|s| s.name != "quoting").collect::<Vec<_>>()).await;
        let account = ready(&ground, &yewu).await.2;
        let (mut quotes, mut kills) = (Vec::new(), 0);
        for round in 0..5u64 {
            let (mut child, base) = ground.process(&yewu, "quoting").await;
            let nobody = Client::at(&base, None);
            let client = |role: &str| nobody.with_token(Some(yewu.token(role, &format!("{role}-1"), "sales", "sales")));
            product(&client("integration")).await;
            let (sales, bosses) = (client("sales_rep"), [client("sales_manager"), client("finance_manager")]);
            for _ in 0..3 {
                quotes.push(accepted(&sales, &bosses, account).await);
            }
            // From "right after the commit" to "somewhere between publish, confirm and mark".
            tokio::time::sleep(Duration::from_millis(round * 3)).await;
            child.kill().expect("SIGKILL");
            child.wait().expect("dead");
            kills += 1;
        }
        let (mut child, _) = ground.process(&yewu, "quoting").await;
        all_arrive(&yewu, &quotes).await;
        drained(&yewu).await;
        println!("{kills} kills, {} accepted quotes, {} contracts", quotes.len(), contracts(&yewu, &quotes).await);
        child.kill().expect("SIGKILL");
        child.wait().expect("dead");
        yewu.stop().await;
    });
}

#[test]
fn every_message_delivered_again_and_shuffled_changes_nothing() {
    turn(async |ground| {
        let yewu = ground.node(suite::ALL).await;
        let (sales, bosses, account) = ready(&ground, &yewu).await;
        product(&yewu.role("integration")).await;
        let mut quotes = Vec::new();
        for _ in 0..5 {
            quotes.push(accepted(&sales, &bosses, account).await);
        }
        all_arrive(&yewu, &quotes).await;
        drained(&yewu).await;
        let state = "SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM contracts c";
        let before = yewu.sql("contracts", state).await;
        let told = yewu
            .sql("quoting", "SELECT json_agg(envelope::json ORDER BY md5(id::text || 'shuffled')) FROM outbox")
            .await;
        let events: Vec<CloudEvent> = serde_json::from_str(&told).expect("envelopes");
        let heard: Vec<CloudEvent> =
            events.into_iter().filter(|event| yewu.node.manifest().hears(&event.kind)).collect();
        let done = "SELECT count(*) FROM inbox";
        let rows = yewu.sql("contracts", done).await;
        for _ in 0..3 {
            tell(&ground, &heard).await;
        }
        // A later fact of the same key comes after them, so when it is here, they have all been handled.
        let last = yewu.envelope(&customer(AccountId(Uuid::now_v7())), CaseId(heard[0].partitionkey));
        tell(&ground, std::slice::from_ref(&last)).await;
        eventually(PATIENCE, async || {
            let here =
                yewu.sql("contracts", &format!("SELECT count(*) FROM inbox WHERE event_id = '{}'", last.id)).await;
            if here == "1" { Ok(()) } else { Err(here) }
        })
        .await;
        assert_eq!(yewu.sql("contracts", state).await, before, "the contracts are what they were");
        assert_eq!(yewu.sql("contracts", done).await.parse::<u32>().unwrap(), rows.parse::<u32>().unwrap() + 1);
        yewu.stop().await;
    });
}

#[test]
fn a_quote_that_arrives_before_its_customer_waits_and_then_goes_on() {
    turn(async |ground| {
        let yewu = ground.node(suite::ALL).await;
        let (sales, bosses, account) = ready(&ground, &yewu).await;
        product(&yewu.role("integration")).await;
        let quote = accepted(&sales, &bosses, account).await;
        all_arrive(&yewu, std::slice::from_ref(&quote)).await;
        // The same acceptance, of a customer that contracts has never heard of.
        let told = yewu.sql("quoting", "SELECT envelope FROM outbox WHERE kind = 'quoting.quote.accepted.v1'").await;
        let mut early: CloudEvent = serde_json::from_str(&told).expect("an envelope");
        let stranger = AccountId(Uuid::now_v7());
        (early.id, early.subject, early.partitionkey) = (Uuid::now_v7().into(), Uuid::now_v7(), Uuid::now_v7());
        early.caseid = Some(CaseId(early.partitionkey));
        early.data["quote_id"] = Value::from(early.subject.to_string());
        early.data["account_id"] = Value::from(stranger.to_string());
        tell(&ground, std::slice::from_ref(&early)).await;
        let waits = format!(
            "SELECT status || ' ' || waiting_for FROM inbox WHERE event_id = '{}' AND handler = 'draft-from-accepted-quote'",
            early.id
        );
        let waiting = eventually(PATIENCE, async || {
            let row = yewu.sql("contracts", &waits).await;
            if row.is_empty() { Err("not there yet".to_owned()) } else { Ok(row) }
        })
        .await;
        assert_eq!(waiting, format!("waiting account:{stranger}"));
        tell(&ground, &[envelope(&yewu, &customer(stranger))]).await;
        let found = format!("SELECT count(*) FROM contracts WHERE quote_id = '{}'", early.subject);
        eventually(PATIENCE, async || {
            let count = yewu.sql("contracts", &found).await;
            if count == "1" { Ok(()) } else { Err(count) }
        })
        .await;
        yewu.stop().await;
    });
}
