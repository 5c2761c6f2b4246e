//! Real orders of the Northwind data set as deals: same customers, prices, quantities and discounts; no tax, freight left
//! out (ruling 7). The order's number there is its `external_ref` here.
use super::{
    deal::{Customer, Deal, DealLine},
    stage,
};
use crate::{
    import::{
        northwind::{self as import, SYSTEM, sku},
        rows::{self, Row},
    },
    people,
    rest::{Rest, text},
};
use anyhow::{Context, anyhow};
use platform::auth::Role;
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};
use wire::{Currency, Rate, line::NewLine};

/// The first orders that were not played yet, with masters imported. The data set's stock runs out in the order of its
/// orders; what is short is bought from the product's own supplier (ruling 11).
pub(super) async fn deals(rest: &Rest, folder: &Path, orders: usize) -> anyhow::Result<Vec<Deal>> {
    let tallies = import::all(rest, folder, Some(&people::reference(Role::SalesRep, 1))).await?;
    for tally in tallies.iter().filter(|tally| tally.left_out() > 0) {
        eprintln!("{tally}");
    }
    let mut suppliers = Vec::new();
    each(rest, "/api/procurement/v1/suppliers", |supplier| {
        suppliers.extend(reference(supplier).and(supplier["id"].as_str().map(str::to_owned)));
    })
    .await?;
    for supplier in &suppliers {
        stage::qualify(rest, supplier).await?;
    }
    let played = played(rest).await?;
    let wanted = rows::read(&folder.join("orders.csv"), &["OrderID", "CustomerID"])?;
    let wanted = wanted.into_iter().filter_map(Result::ok);
    let wanted: Vec<Row> =
        wanted.filter(|row| row.given("OrderID").is_some_and(|id| !played.contains(id))).take(orders).collect();
    let customers = customers(rest, folder).await?;
    let names = names(folder)?;
    let mut details = details(folder)?;
    let mut deals = Vec::new();
    for row in &wanted {
        let id = row.needed("OrderID").map_err(|why| anyhow!(why))?;
        let rows = details.remove(id).with_context(|| format!("order {id} has no lines"))?;
        let customer = row.needed("CustomerID").map_err(|why| anyhow!(why))?;
        let customer =
            customers.get(customer).with_context(|| format!("order {id}: customer {customer} was not imported"))?;
        let lines = rows.iter().map(|row| line(row, &names)).collect::<Result<Vec<_>, String>>();
        deals.push(Deal {
            storyline: SYSTEM,
            customer: customer.clone(),
            need: format!("Northwind order {id}, {} lines", rows.len()),
            currency: import::CURRENCY.parse::<Currency>().map_err(|why| anyhow!(why))?,
            lines: lines.map_err(|why| anyhow!("order {id}: {why}"))?,
            external_ref: Some((SYSTEM, id.to_owned())),
            suppliers: Vec::new(),
            close_quotes: false,
        });
    }
    Ok(deals)
}

fn line(row: &Row, names: &HashMap<String, String>) -> Result<DealLine, String> {
    let product = row.needed("ProductID")?;
    let line = NewLine {
        sku: sku(product).parse().map_err(|why| format!("ProductID {product:?}: {why}"))?,
        description: None,
        quantity: row.parsed("Quantity")?,
        unit_price: row.parsed("UnitPrice")?,
        discount_rate: row.parsed("Discount")?,
        tax_rate: Rate::ZERO,
    };
    let name = names.get(product).ok_or_else(|| format!("product {product} is unknown"))?;
    Ok(DealLine { sku: sku(product), name: name.clone(), line })
}

fn names(folder: &Path) -> anyhow::Result<HashMap<String, String>> {
    let rows = rows::read(&folder.join("products.csv"), &["ProductID", "ProductName"])?;
    let named = |row: &Row| Some((row.given("ProductID")?.to_owned(), row.given("ProductName")?.to_owned()));
    Ok(rows.iter().filter_map(|row| named(row.as_ref().ok()?)).collect())
}

/// Lines by order.
fn details(folder: &Path) -> anyhow::Result<HashMap<String, Vec<Row>>> {
    let mut by_order = HashMap::<String, Vec<Row>>::new();
    let rows =
        rows::read(&folder.join("order_details.csv"), &["OrderID", "ProductID", "UnitPrice", "Quantity", "Discount"])?;
    for row in rows.into_iter().filter_map(Result::ok) {
        if let Some(id) = row.given("OrderID") {
            by_order.entry(id.to_owned()).or_default().push(row);
        }
    }
    Ok(by_order)
}

/// The data set's customers as crm knows them, by their id there.
async fn customers(rest: &Rest, folder: &Path) -> anyhow::Result<HashMap<String, Customer>> {
    let mut ids = HashMap::new();
    each(rest, "/api/crm/v1/accounts", |account| {
        if let (Some(reference), Ok(id)) = (reference(account), text(account, "id")) {
            ids.insert(reference, id.parse());
        }
    })
    .await?;
    let mut customers = HashMap::new();
    for row in rows::read(&folder.join("customers.csv"), &["CustomerID", "CompanyName", "ContactName", "Phone"])?
        .into_iter()
        .flatten()
    {
        let words = ["CustomerID", "CompanyName", "ContactName"].map(|column| row.given(column).map(str::to_owned));
        let [Some(id), Some(name), Some(person)] = words else { continue };
        if let Some(account_id) = ids.remove(&id) {
            let phone = row.given("Phone").unwrap_or("").to_owned();
            customers.insert(id, Customer { account_id: account_id?, name, person, phone });
        }
    }
    Ok(customers)
}

/// The orders that have a quote already: a second quote of the same reference would be refused.
async fn played(rest: &Rest) -> anyhow::Result<HashSet<String>> {
    let mut played = HashSet::new();
    each(rest, "/api/quoting/v1/quotes", |quote| played.extend(reference(quote))).await?;
    Ok(played)
}

/// A resource's id in the data set.
fn reference(resource: &Value) -> Option<String> {
    let references = resource["external_refs"].as_array()?;
    let ours = references.iter().find(|reference| reference["system"] == SYSTEM)?;
    ours["id"].as_str().map(str::to_owned)
}

/// Every row of a list, page by page, as someone who sees them all.
async fn each(rest: &Rest, list: &str, mut take: impl FnMut(&Value)) -> anyhow::Result<()> {
    let reader = rest.person(Role::Auditor);
    let mut path = format!("{list}?limit=200");
    loop {
        let page = reader.get(&path).await?;
        page["items"].as_array().into_iter().flatten().for_each(&mut take);
        let Some(next) = page["next"].as_str() else { return Ok(()) };
        path = format!("{list}?limit=200&after={next}");
    }
}
