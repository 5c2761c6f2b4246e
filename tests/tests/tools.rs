//! The program's tools against a whole running suite: the demo, the imports, parked messages. What they print is tested
//! beside them.
use platform::{
    Settings,
    parked::{self, Decision},
};
use serde_json::{Value, json};
use std::{fs, net::TcpListener, path::PathBuf};
use suite::{
    demo::{self, Options, Source},
    import::northwind,
};
use testkit::{Environment, Yewu};
use uuid::Uuid;
use wire::{CaseId, quoting::ProductRetired};

/// Everything running in the background, as in the program; with the settings that the tools would be given.
pub async fn running() -> (Yewu, Settings) {
    let environment = Environment::read();
    let database = testkit::fresh_database(&environment, suite::ALL).await.expect("a database");
    running_on(&environment, &database).await
}

/// The same on a database that exists.
pub async fn running_on(environment: &Environment, database: &str) -> (Yewu, Settings) {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let bind = |settings: &mut Settings| settings.http.bind = free.to_string();
    let yewu = Yewu::on(environment, database, suite::ALL, bind, true).await;
    let mut settings = yewu.settings.clone();
    let keys = settings.auth.jwks_file.clone().expect("the tests' keys");
    settings.auth.development_key_file = Some(keys.with_file_name(platform::auth::keys::PRIVATE_FILE));
    (yewu, settings)
}

/// Lines of the audit log and facts told, over all services: what a change leaves behind.
async fn traces(yewu: &Yewu) -> Vec<String> {
    let mut all = Vec::new();
    for service in suite::ALL {
        let counts = "SELECT (SELECT count(*) FROM audit_log) || ' ' || (SELECT count(*) FROM outbox)";
        all.push(format!("{} {}", service.name, yewu.sql(service.name, counts).await));
    }
    all
}

pub async fn play(settings: &Settings, from: Source) -> Value {
    let options = Options::new(from, 3);
    let played = demo::run(settings, &options).await.expect("the stage is set");
    let shown: Value = serde_json::from_str(&played.json().expect("plain data")).expect("JSON");
    assert!(played.all_satisfied(), "{shown:#}");
    shown
}

#[test]
fn the_demo_ends_with_satisfied_customers_on_both_routes() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let shown = play(&settings, Source::Sample { cases: 4 }).await;
        let cases = shown["cases"].as_array().expect("cases");
        let storylines: Vec<&str> = cases.iter().filter_map(|case| case["storyline"].as_str()).collect();
        assert_eq!(storylines, ["order", "shortage", "unhappy", "contract"]);
        for case in cases {
            let graph: Value = yewu
                .role("auditor")
                .get(&format!("/api/crm/v1/cases/{}", case["case_id"].as_str().unwrap()))
                .await
                .ok();
            assert_eq!((&graph["status"], &case["status"]), (&json!("satisfied"), &json!("satisfied")));
            let documents = case["documents"].as_array().expect("documents");
            let of = |service: &str, kind: &str| {
                documents.iter().filter(|d| d["service"] == service && d["kind"] == kind).count()
            };
            let contracts = usize::from(case["storyline"] == "contract");
            assert_eq!(
                (of("crm", "lead"), of("quoting", "quote"), of("contracts", "contract"), of("orders", "order")),
                (1, 1, contracts, 1)
            );
            assert!(case["elapsed_ms"].as_u64().is_some_and(|elapsed| elapsed > 0));
            assert_eq!(case["external_ref"], Value::Null);
        }
        for service in suite::ALL {
            let unfinished = yewu.sql(service.name, "SELECT count(*) FROM inbox WHERE status <> 'done'").await;
            assert_eq!(unfinished, "0", "{}", service.name);
        }
        // Again on the same data: the stage stands already, the deals are new.
        play(&settings, Source::Sample { cases: 1 }).await;
        yewu.node.stop().await;
    });
}

/// A data set of the same columns, with what goes wrong in real ones.
fn fixture() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("yewu-northwind-{}", Uuid::now_v7()));
    fs::create_dir_all(&folder).expect("a folder");
    let write = |file: &str, lines: &[&str]| fs::write(folder.join(file), lines.join("\n") + "\n").expect("written");
    write(
        "customers.csv",
        &[
            "CustomerID,CompanyName,ContactName,ContactTitle,Address,City,Region,PostalCode,Country,Phone,Fax",
            "AAAAA,\"Kontor, Müller & Co\",Ute Müller,Owner,Gasse 1,Köln,,50667,Germany,0221-10001,",
            "BBBBB,,Nobody,Owner,Street 2,Town,,2,UK,020 22222,",
            "CCCCC,Third Ltd,Carl Third,Buyer,Street 3,Town,,3,UK,030 33333,",
        ],
    );
    write(
        "suppliers.csv",
        &[
            "SupplierID,CompanyName,ContactName,ContactTitle,Address,City,Region,PostalCode,Country,Phone,Fax,HomePage",
            "1,Maker,Mia Maker,Sales,Road 1,Town,,1,UK,1,,",
        ],
    );
    write(
        "products.csv",
        &[
            "ProductID,ProductName,SupplierID,CategoryID,QuantityPerUnit,UnitPrice,UnitsInStock,UnitsOnOrder,ReorderLevel,Discontinued",
            "1,Tea,1,1,10 boxes,18,39,0,10,0",
            "2,Rice,9,1,1 bag,3.5,5,0,0,0",
            "3,Salt,1,1,1 bag,0.335,5,0,0,1",
        ],
    );
    write("orders.csv", &["OrderID,CustomerID,Freight", "7001,AAAAA,12.5", "7002,CCCCC,0"]);
    // 3 × 0.335 = 1.005 → 1.00 (half to even); 12 × 18 × 0.95 = 205.20
    write(
        "order_details.csv",
        &[
            "OrderID,ProductID,UnitPrice,Quantity,Discount",
            "7001,3,0.335,3,0",
            "7001,1,18,12,0.05",
            "7002,1,17.95,100,0",
        ],
    );
    folder
}

#[test]
fn an_import_names_its_bad_rows_and_twice_changes_nothing() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let folder = fixture();
        let tallies = northwind::import(&settings, None, &folder, None).await.expect("imported");
        let counts: Vec<_> =
            tallies.iter().map(|tally| (tally.file.as_str(), tally.new, tally.known, tally.left_out())).collect();
        assert_eq!(
            counts,
            [("customers.csv", 2, 0, 1), ("suppliers.csv", 1, 0, 0), ("products.csv", 2, 0, 1), ("stock", 2, 0, 0)]
        );
        assert_eq!((tallies[0].bad[0].line, tallies[0].bad[0].reason.as_str()), (3, "CompanyName is empty"));
        assert_eq!((tallies[2].bad[0].line, tallies[2].bad[0].reason.as_str()), (3, "SupplierID 9 was not imported"));
        let before = traces(&yewu).await;
        let again = northwind::import(&settings, None, &folder, None).await.expect("imported again");
        assert_eq!(again.iter().map(|tally| tally.new).sum::<usize>(), 0);
        assert_eq!(traces(&yewu).await, before, "a second import leaves no trace");
        let stock: Value = yewu.role("warehouse").get("/api/procurement/v1/availability?sku=NW-1").await.ok();
        assert_eq!(stock["on_hand"], "39");
        yewu.node.stop().await;
    });
}

#[test]
fn orders_of_a_data_set_come_to_the_cent_and_are_played_once() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let folder = fixture();
        let shown = play(&settings, Source::Northwind { folder: folder.clone(), orders: 5 }).await;
        let totals: Vec<(&str, &str, &str)> = shown["cases"]
            .as_array()
            .expect("cases")
            .iter()
            .map(|case| {
                let total = &case["order_total"];
                (
                    case["external_ref"].as_str().unwrap(),
                    total["amount"].as_str().unwrap(),
                    total["currency"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(totals, [("7001", "206.20", "USD"), ("7002", "1795.00", "USD")]);
        let orders: Value = yewu.role("auditor").get("/api/orders/v1/orders").await.ok();
        let named: Vec<&Value> =
            orders["items"].as_array().unwrap().iter().map(|order| &order["external_refs"][0]["id"]).collect();
        assert!(named.contains(&&json!("7001")) && named.contains(&&json!("7002")), "{named:?}");
        let again = play(&settings, Source::Northwind { folder, orders: 5 }).await;
        assert_eq!(again["cases"], json!([]), "played already");
        yewu.node.stop().await;
    });
}

#[test]
fn real_orders_come_to_the_cent() {
    let Some(folder) = testkit::data_folder("northwind") else { return };
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let shown = play(&settings, Source::Northwind { folder, orders: 3 }).await;
        let totals: Vec<&str> =
            shown["cases"].as_array().unwrap().iter().filter_map(|c| c["order_total"]["amount"].as_str()).collect();
        assert_eq!(totals, ["440.00", "1863.40", "1552.60"]);
        yewu.node.stop().await;
    });
}

#[test]
fn a_parked_message_is_given_up_or_tried_again_by_the_program() {
    testkit::run(suite::ALL, async |yewu| {
        let orders = yewu.node.apps.iter().find(|app| app.name == "orders").expect("orders runs here");
        let mut broken = yewu.envelope(&retired(), CaseId(Uuid::now_v7()));
        broken.data = json!({"colour": "red"});
        yewu.deliver(&broken).await;
        let event = Uuid::from(broken.id);
        let found = parked::list(&mut orders.readers.get().await.unwrap()).await.unwrap();
        let message = found.iter().find(|message| message.event_id == event).expect("it is parked");
        assert!(
            message.error.as_ref().is_some_and(|error| error.contains("event.malformed") || error.contains("data")),
            "{message:?}"
        );
        let again = parked::decide(orders, "program:test", &message.handler, event, Decision::Retry).await.unwrap();
        assert_eq!(again.status, "waiting");
        yewu.settle().await;
        let gone =
            parked::decide(orders, "program:test", &message.handler, event, Decision::Discard("a test")).await.unwrap();
        assert_eq!(gone.status, "discarded");
        assert!(
            parked::decide(orders, "program:test", &message.handler, event, Decision::Retry).await.is_err(),
            "it is over"
        );
        let lines = yewu.sql("orders", &format!("SELECT string_agg(action || ' ' || actor || ' ' || coalesce(reason, ''), ', ' ORDER BY seq) FROM audit_log WHERE entity_id = '{event}'")).await;
        assert_eq!(lines, "retry program:test , discard program:test a test");
    });
}

fn retired() -> ProductRetired {
    let snapshot = json!({"id": Uuid::now_v7(), "sku": "OLD-1", "name": "old", "unit": "piece", "list_price": "1.00", "currency": "CNY",
        "tax_rate": "0", "status": "retired", "version": 1});
    serde_json::from_value(snapshot).expect("a product")
}
