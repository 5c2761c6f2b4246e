//! Vendors, products, prices and bills of material of the set.
use super::{BILLS, CURRENCY, Names, PRICES, PRODUCTS, SYSTEM, VENDORS, arithmetic::figure};
use crate::{
    import::{
        intake::{Failure, Intake, Taken},
        rows::{Bad, Row, Tally},
    },
    rest::text,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wire::{Amount, Day, Quantity};

const PROCUREMENT: &str = "/api/procurement/v1";
type Rows = [Result<Row, Bad>];

/// Each vendor is a supplier.
pub(super) async fn vendors(intake: &Intake<'_>, rows: &Rows, names: &mut Names) -> anyhow::Result<Tally> {
    intake
        .each(VENDORS.0, rows, async |row| {
            let id = row.needed("BusinessEntityID")?;
            let account = json!({"system": format!("{SYSTEM}.account"), "id": row.needed("AccountNumber")?});
            let body = json!({"name": row.needed("Name")?, "contact": {"homepage": row.given("PurchasingWebServiceURL")},
                "external_refs": [account]});
            let (new, supplier) = intake.put(format!("{PROCUREMENT}/suppliers/by-ref/{SYSTEM}/{id}"), body).await?;
            names.suppliers.insert(id.to_owned(), text(&supplier, "id")?.to_owned());
            Ok(new)
        })
        .await
}

/// Each product is an item under its own number. Vendors count in units of their own, which stand with their prices.
pub(super) async fn products(intake: &Intake<'_>, rows: &Rows, names: &mut Names) -> anyhow::Result<Tally> {
    intake
        .each(PRODUCTS.0, rows, async |row| {
            let (id, sku) = (row.needed("ProductID")?, row.needed("ProductNumber")?);
            let reorder: Quantity = figure(row, "ReorderPoint")?;
            let body = json!({"sku": sku, "name": row.needed("Name")?, "unit": "EA", "reorder_level": reorder});
            let (new, _) = intake.put(format!("{PROCUREMENT}/items/by-ref/{SYSTEM}/{id}"), body).await?;
            names.skus.insert(id.to_owned(), sku.to_owned());
            Ok(new)
        })
        .await
}

/// What each vendor asks for what, how soon it comes, in which quantities.
pub(super) async fn prices(intake: &Intake<'_>, rows: &Rows, names: &Names) -> anyhow::Result<Tally> {
    intake.each(PRICES.0, rows, async |row| price(intake, row, names).await).await
}

async fn price(intake: &Intake<'_>, row: &Row, names: &Names) -> Taken {
    let (product, vendor) = (row.needed("ProductID")?, row.needed("BusinessEntityID")?);
    let money = |column| figure::<Amount>(row, column).map(|amount| json!({"amount": amount, "currency": CURRENCY}));
    let last_cost = row.given("LastReceiptCost").map(|_| money("LastReceiptCost")).transpose()?;
    let last_received_on = row.given("LastReceiptDate").map(|_| row.parsed::<Day>("LastReceiptDate")).transpose()?;
    let (least, most): (Quantity, Quantity) = (figure(row, "MinOrderQty")?, figure(row, "MaxOrderQty")?);
    let lead_time: u16 = row.parsed("AverageLeadTime")?;
    let body = json!({"supplier_id": names.supplier(vendor)?, "sku": names.sku(product)?, "price": money("StandardPrice")?,
        "unit": row.needed("UnitMeasureCode")?, "lead_time_days": lead_time, "min_order_quantity": least,
        "max_order_quantity": most, "last_cost": last_cost, "last_received_on": last_received_on});
    let path = format!("{PROCUREMENT}/supplier-prices/by-ref/{SYSTEM}/{product}-{vendor}");
    Ok(intake.put(path, body).await?.0)
}

/// A bill, gathered from the rows of its assembly.
#[derive(Default)]
struct Bill<'a> {
    lines: Vec<Value>,
    /// A row without an assembly says when its product was sold as it is.
    sold: Vec<Value>,
    rows: Vec<&'a Row>,
}

/// The rows of an assembly are one bill. All of them count as new if it is.
pub(super) async fn bills(intake: &Intake<'_>, rows: &Rows, names: &Names) -> anyhow::Result<Tally> {
    let mut tally = Tally::of(BILLS.0);
    let mut bills: BTreeMap<&str, Bill> = BTreeMap::new();
    for row in rows {
        let gathered = match row {
            Ok(row) => gather(row, names, &mut bills).map_err(|reason| Bad { line: row.line, reason }),
            Err(bad) => Err(bad.clone()),
        };
        tally.bad.extend(gathered.err());
    }
    for (assembly, bill) in bills {
        let new = match bill_of(intake, assembly, &bill, names).await {
            Ok(new) => Ok(new),
            Err(Failure::Row(reason)) => Err(reason),
            Err(Failure::Suite(error)) => return Err(error),
        };
        for row in bill.rows {
            let taken = new.clone();
            intake.one(&mut tally, row.line, async move || Ok(taken?)).await?;
        }
    }
    tally.bad.sort_by_key(|bad| bad.line);
    Ok(tally)
}

fn gather<'a>(row: &'a Row, names: &Names, bills: &mut BTreeMap<&'a str, Bill<'a>>) -> Result<(), String> {
    let component = row.needed("ComponentID")?;
    let (from, until): (Day, Option<Day>) =
        (row.parsed("StartDate")?, row.given("EndDate").map(|_| row.parsed("EndDate")).transpose()?);
    let quantity: Quantity = figure(row, "PerAssemblyQty")?;
    let sku = names.sku(component)?;
    let Some(assembly) = row.given("ProductAssemblyID") else {
        let bill = bills.entry(component).or_default();
        bill.sold.push(json!({"from": from, "until": until}));
        bill.rows.push(row);
        return Ok(());
    };
    names.sku(assembly)?;
    let bill = bills.entry(assembly).or_default();
    bill.lines.push(json!({"sku": sku, "quantity": quantity, "unit": row.needed("UnitMeasureCode")?,
        "effective_from": from, "effective_until": until}));
    bill.rows.push(row);
    Ok(())
}

async fn bill_of(intake: &Intake<'_>, assembly: &str, bill: &Bill<'_>, names: &Names) -> Taken {
    let body = json!({"sku": names.sku(assembly)?, "lines": bill.lines, "sold": bill.sold});
    Ok(intake.put(format!("{PROCUREMENT}/bills-of-material/by-ref/{SYSTEM}/{assembly}"), body).await?.0)
}
