//! `yewu import adventureworks` over HTTP against a whole running suite: what contradicts itself is told by its line and left
//! out, the rest comes in to the last digit, and a second import leaves no trace.
use platform::{Language, Settings, auth::keys};
use rust_decimal::{Decimal, RoundingStrategy};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};
use suite::{
    import::{
        adventureworks,
        rows::{self, Row, Tally},
    },
    verify,
};
use testkit::{Yewu, eventually};
use uuid::Uuid;

/// The suite at work, with the settings that the program would be given.
async fn running() -> (Yewu, Settings) {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let yewu = Yewu::start(suite::ALL, |settings| settings.http.bind = free.to_string(), true).await;
    let mut settings = yewu.settings.clone();
    let jwks = settings.auth.jwks_file.clone().expect("the tests' keys");
    settings.auth.development_key_file = Some(jwks.with_file_name(keys::PRIVATE_FILE));
    (yewu, settings)
}

/// New, known and left out, by file.
fn counts(tallies: &[Tally]) -> Vec<(&str, usize, usize, usize)> {
    tallies.iter().map(|tally| (tally.file.as_str(), tally.new, tally.known, tally.left_out())).collect()
}

/// What importing and its consequences leave behind.
async fn traces(yewu: &Yewu) -> String {
    let mut before = String::new();
    eventually(Duration::from_secs(20), async || {
        let query = "SELECT (SELECT count(*) FROM audit_log) || ' ' || (SELECT count(*) FROM outbox) || ' ' \
            || (SELECT count(*) FROM outbox WHERE published_at IS NULL) || ' ' || (SELECT count(*) FROM inbox)";
        let now = yewu.sql("procurement", query).await;
        let same = now == before;
        before.clone_from(&now);
        if same { Ok(now) } else { Err(now) }
    })
    .await
}

async fn nothing_is_wrong(settings: &Settings) {
    let report = verify::run(settings, Language::English, Duration::from_mins(1)).await.expect("it can be read");
    assert_eq!(report.violated(), 0, "{}", report.table(Language::English));
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("yewu-adventureworks-{}", Uuid::now_v7()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A data set of the same columns, with what could go wrong in a real one.
fn fixture() -> PathBuf {
    let folder = folder();
    let write = |file: &str, lines: &[&str]| fs::write(folder.join(file), lines.join("\n") + "\n").expect("written");
    write(
        "Vendor.csv",
        &[
            "BusinessEntityID,AccountNumber,Name,CreditRating,PreferredVendorStatus,ActiveFlag,PurchasingWebServiceURL,ModifiedDate",
            "10,ACME0001,Acme Bikes,1,1,1,,2022-01-01",
            "11,,Nobody,1,1,1,,2022-01-01",
        ],
    );
    write(
        "Product.csv",
        &[
            "ProductID,Name,ProductNumber,ReorderPoint",
            "1,Frame,FR-1,0",
            "2,Wheel,WH-2,0",
            "3,Bike,BK-3,0",
            "4,Bell,,0",
        ],
    );
    write(
        "ProductVendor.csv",
        &[
            "ProductID,BusinessEntityID,AverageLeadTime,StandardPrice,LastReceiptCost,LastReceiptDate,MinOrderQty,MaxOrderQty,OnOrderQty,UnitMeasureCode",
            "1,10,17,47.8712,50.2635,2022-08-28,1,5,3,CS",
            "2,11,17,47.87,,,1,5,,CS",
            "2,10,17,47.87,,,6,5,,CS",
        ],
    );
    write(
        "BillOfMaterials.csv",
        &[
            "BillOfMaterialsID,ProductAssemblyID,ComponentID,StartDate,EndDate,UnitMeasureCode,BOMLevel,PerAssemblyQty",
            "1,,3,2021-01-01,,EA,0,1.00",
            "2,3,1,2021-01-01,,EA,1,1.00",
            "3,3,2,2021-01-01,2021-06-30,EA,1,2.00",
            "4,3,4,2021-01-01,,EA,1,1.00",
        ],
    );
    // 3 × 33.3333 = 99.9999; + 2 × 10.005 = 20.01; 8 % of 120.0099 = 9.6008 in four places; freight 3.0002.
    write(
        "PurchaseOrderHeader.csv",
        &[
            "PurchaseOrderID,RevisionNumber,Status,EmployeeID,VendorID,ShipMethodID,OrderDate,ShipDate,SubTotal,TaxAmt,Freight,TotalDue",
            "1,5,4,258,10,3,2022-04-15,2022-04-24,120.0099,9.6008,3.0002,132.6109",
            "2,5,4,258,10,3,2022-04-15,2022-04-24,10.0000,0.8000,0.2500,11.0600",
            "3,5,4,258,10,3,2022-04-15,2022-04-24,10.0000,0.8000,0.2500,11.0500",
            "4,5,3,258,10,3,2022-04-15,2022-04-24,10.0000,0.8000,0.2500,11.0500",
            "5,5,2,258,11,3,2022-04-15,2022-04-24,10.0000,0.8000,0.2500,11.0500",
        ],
    );
    write(
        "PurchaseOrderDetail.csv",
        &[
            "PurchaseOrderID,PurchaseOrderDetailID,DueDate,OrderQty,ProductID,UnitPrice,LineTotal,ReceivedQty,RejectedQty,StockedQty",
            "1,1,2022-04-29,3,1,33.3333,99.9999,2.00,1.00,1.00",
            "1,2,2022-04-29,2,2,10.0050,20.0100,2.00,.00,2.00",
            "2,3,2022-04-29,1,1,10.0000,10.0000,1.00,.00,1.00",
            "3,4,2022-04-29,1,1,10.0000,10.0001,1.00,.00,1.00",
            "4,5,2022-04-29,1,1,10.0000,10.0000,1.00,1.00,.00",
            "5,6,2022-04-29,1,1,10.0000,10.0000,1.00,.00,1.00",
        ],
    );
    folder
}

#[test]
fn what_contradicts_itself_is_told_by_its_line_and_the_rest_comes_in() {
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let folder = fixture();
        let tallies = adventureworks::import(&settings, None, &folder).await.expect("imported");
        assert_eq!(
            counts(&tallies),
            [
                ("Vendor.csv", 1, 0, 1),
                ("Product.csv", 3, 0, 1),
                ("ProductVendor.csv", 1, 0, 2),
                ("BillOfMaterials.csv", 3, 0, 1),
                ("PurchaseOrderHeader.csv", 2, 0, 3),
                ("PurchaseOrderDetail.csv", 3, 0, 1),
                ("goods receipts", 2, 0, 0),
            ],
            "{}",
            tallies.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        );
        let reasons: Vec<String> = tallies
            .iter()
            .flat_map(|tally| tally.bad.iter().map(|bad| format!("{} {}", bad.line, bad.reason)))
            .collect();
        assert_eq!(
            reasons[..3],
            ["3 AccountNumber is empty", "5 ProductNumber is empty", "3 vendor 11 was not imported"]
        );
        assert!(reasons[3].starts_with("4 supplier_price.quantities"), "{}", reasons[3]);
        assert_eq!(
            reasons[4..],
            [
                "5 product 4 was not imported",
                "3 TotalDue 11.0600 is not SubTotal + TaxAmt + Freight = 11.0500",
                "4 PurchaseOrderDetail.csv line 5: LineTotal 10.0001 is not OrderQty × UnitPrice = 10.0000",
                "6 vendor 11 was not imported",
                "5 LineTotal 10.0001 is not OrderQty × UnitPrice = 10.0000",
            ]
        );
        // 100.00 + 20.01 + 3.00 and 8.00 + 1.60: each line rounded, then summed (ruling 7).
        let orders = "SELECT string_agg(net || ' ' || tax || ' ' || status, ', ' ORDER BY number) FROM purchase_orders";
        let expected = "123.0100 9.6000 received, 10.2500 0.8000 cancelled";
        assert_eq!(yewu.sql("procurement", orders).await, expected, "all of the second was rejected");
        let stock = "SELECT string_agg(sku || ' ' || on_hand, ', ' ORDER BY sku) FROM stock";
        assert_eq!(yewu.sql("procurement", stock).await, "FR-1 1.0000, WH-2 2.0000");
        let before = traces(&yewu).await;
        let again = adventureworks::import(&settings, None, &folder).await.expect("imported again");
        assert_eq!(again.iter().map(|tally| tally.new).sum::<usize>(), 0);
        assert_eq!(again.iter().map(|tally| tally.known).sum::<usize>(), 15);
        assert_eq!(traces(&yewu).await, before, "a second import leaves no trace");
        nothing_is_wrong(&settings).await;
        yewu.stop().await;
    });
}

/// The set with its first orders only, and as many rows of its larger masters.
fn subset(real: &Path, orders: usize) -> PathBuf {
    let folder = folder();
    let text = |file: &str| fs::read_to_string(real.join(file)).expect("a file of the set");
    for (file, most) in [
        ("Vendor.csv", usize::MAX),
        ("Product.csv", usize::MAX),
        ("ProductVendor.csv", 100),
        ("BillOfMaterials.csv", 200),
        ("PurchaseOrderHeader.csv", orders),
    ] {
        let whole = text(file);
        let kept: Vec<&str> = whole.lines().take(most.saturating_add(1)).collect();
        fs::write(folder.join(file), kept.join("\n") + "\n").expect("written");
    }
    let ids: BTreeSet<String> =
        all(&folder, "PurchaseOrderHeader.csv").iter().map(|row| said(row, "PurchaseOrderID")).collect();
    let details = text("PurchaseOrderDetail.csv");
    let kept = details
        .lines()
        .enumerate()
        .filter(|(index, line)| *index == 0 || line.split(',').next().is_some_and(|id| ids.contains(id)));
    let kept: Vec<&str> = kept.map(|(_, line)| line).collect();
    fs::write(folder.join("PurchaseOrderDetail.csv"), kept.join("\n") + "\n").expect("written");
    folder
}
fn all(folder: &Path, file: &str) -> Vec<Row> {
    rows::read(&folder.join(file), &[]).expect("readable").into_iter().map(|row| row.expect("a good row")).collect()
}
fn said(row: &Row, column: &str) -> String {
    row.given(column).unwrap_or_default().to_owned()
}
fn number(row: &Row, column: &str) -> Decimal {
    said(row, column).parse().expect("a number")
}

#[test]
fn real_purchases_come_in_to_the_last_digit_and_once() {
    let Some(real) = testkit::data_folder("adventureworks") else { return };
    testkit::alone(async || {
        let (yewu, settings) = running().await;
        let folder = subset(&real, 60);
        let (lines, bills) = (all(&folder, "PurchaseOrderDetail.csv"), all(&folder, "BillOfMaterials.csv"));
        let tallies = adventureworks::import(&settings, None, &folder).await.expect("imported");
        let expected = [
            ("Vendor.csv", 104, 0, 0),
            ("Product.csv", 504, 0, 0),
            ("ProductVendor.csv", 100, 0, 0),
            ("BillOfMaterials.csv", 200, 0, 0),
            ("PurchaseOrderHeader.csv", 60, 0, 0),
            ("PurchaseOrderDetail.csv", lines.len(), 0, 0),
            ("goods receipts", 60, 0, 0),
        ];
        assert_eq!(counts(&tallies), expected);
        let query = async |text: &str| yewu.sql("procurement", text).await;
        // Every order: what it comes to is the sum of what its own columns say, each line rounded to the cent.
        let cent = |value: Decimal| value.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
        let goods: Decimal = lines.iter().map(|row| cent(number(row, "LineTotal"))).sum();
        let net = query("SELECT sum(net) FROM purchase_order_lines WHERE sku <> 'FREIGHT'").await;
        assert_eq!(net.parse(), Ok(goods));
        let freight: Decimal =
            all(&folder, "PurchaseOrderHeader.csv").iter().map(|row| cent(number(row, "Freight"))).sum();
        assert_eq!(query("SELECT sum(net) FROM purchase_order_lines WHERE sku = 'FREIGHT'").await.parse(), Ok(freight));
        // Every part: what is in stock is what was stocked.
        let mut stocked: BTreeMap<String, Decimal> = BTreeMap::new();
        for row in &lines {
            *stocked.entry(said(row, "ProductID")).or_default() += number(row, "StockedQty");
        }
        let on_hand = query("SELECT string_agg(r.reference || ' ' || s.on_hand, ',') FROM stock s JOIN external_refs r ON r.kind = 'item' AND r.entity_id = s.item_id").await;
        let on_hand: BTreeMap<String, Decimal> = on_hand
            .split(',')
            .filter_map(|pair| pair.split_once(' '))
            .map(|(id, quantity)| (id.to_owned(), quantity.parse().expect("a number")))
            .collect();
        stocked.retain(|_, quantity| !quantity.is_zero());
        assert_eq!(on_hand, stocked);
        let rejected: Decimal = lines.iter().map(|row| number(row, "RejectedQty")).sum();
        assert_eq!(query("SELECT sum(rejected) FROM goods_receipt_lines").await.parse(), Ok(rejected));
        let prices: Decimal = all(&folder, "ProductVendor.csv").iter().map(|row| number(row, "StandardPrice")).sum();
        assert_eq!(query("SELECT sum(price) FROM supplier_prices").await.parse(), Ok(prices));
        let built: Decimal = bills.iter().map(|row| number(row, "PerAssemblyQty")).sum();
        let kept = "SELECT (SELECT coalesce(sum(quantity), 0) FROM bill_lines) + (SELECT coalesce(sum(jsonb_array_length(sold)), 0) FROM bills_of_material)";
        assert_eq!(query(kept).await.parse(), Ok(built));
        let before = traces(&yewu).await;
        let again = adventureworks::import(&settings, None, &folder).await.expect("imported again");
        assert_eq!(again.iter().map(|tally| tally.new).sum::<usize>(), 0);
        assert_eq!(traces(&yewu).await, before, "a second import leaves no trace");
        nothing_is_wrong(&settings).await;
        yewu.stop().await;
    });
}
