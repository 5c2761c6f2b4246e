//! The Northwind data set: customers, suppliers, products and stock, put in under its own ids (`by-ref/northwind/{id}`),
//! so that a second import changes nothing. Its orders are the demo's to play, not masters to import.
use super::{
    intake::{Failure, Intake, Taken},
    rows::{self, Row, Tally},
};
use crate::{
    demo,
    rest::{Rest, text},
};
use platform::Settings;
use serde_json::{Value, json};
use std::{collections::HashMap, path::Path};

/// The name of the other system.
pub const SYSTEM: &str = "northwind";
/// The currency of its prices.
pub const CURRENCY: &str = "USD";

const CUSTOMERS: (&str, &[&str]) = (
    "customers.csv",
    &[
        "CustomerID",
        "CompanyName",
        "ContactName",
        "ContactTitle",
        "Address",
        "City",
        "Region",
        "PostalCode",
        "Country",
        "Phone",
    ],
);
const SUPPLIERS: (&str, &[&str]) = (
    "suppliers.csv",
    &[
        "SupplierID",
        "CompanyName",
        "ContactName",
        "ContactTitle",
        "Address",
        "City",
        "Region",
        "PostalCode",
        "Country",
        "Phone",
        "Fax",
        "HomePage",
    ],
);
const PRODUCTS: (&str, &[&str]) = (
    "products.csv",
    &[
        "ProductID",
        "ProductName",
        "SupplierID",
        "QuantityPerUnit",
        "UnitPrice",
        "UnitsInStock",
        "ReorderLevel",
        "Discontinued",
    ],
);

/// Our sku of one of its products.
pub fn sku(product_id: &str) -> String {
    format!("NW-{product_id}")
}

/// Imports everything; `owner` is who looks after new customers.
///
/// # Errors
/// A file cannot be read or the suite does not answer. What is wrong with single rows is told in the tallies.
pub async fn import(
    settings: &Settings,
    base_url: Option<&str>,
    folder: &Path,
    owner: Option<&str>,
) -> anyhow::Result<Vec<Tally>> {
    all(&Rest::open(settings, base_url)?, folder, owner).await
}

pub(crate) async fn all(rest: &Rest, folder: &Path, owner: Option<&str>) -> anyhow::Result<Vec<Tally>> {
    let files = [CUSTOMERS, SUPPLIERS, PRODUCTS].map(|(file, columns)| rows::read(&folder.join(file), columns));
    let [customers, suppliers, products] = files;
    let (customers, suppliers, products) = (customers?, suppliers?, products?);
    let intake = Intake::new(rest, customers.len() + suppliers.len() + 2 * products.len());
    let import = Import { intake, owner };
    let mut suppliers_by_id = HashMap::new();
    let mut tallies = vec![import.intake.each(CUSTOMERS.0, &customers, async |row| import.customer(row).await).await?];
    tallies.push(
        import
            .intake
            .each(SUPPLIERS.0, &suppliers, async |row| {
                let (new, id) = import.supplier(row).await?;
                suppliers_by_id.insert(row.needed("SupplierID")?.to_owned(), id);
                Ok(new)
            })
            .await?,
    );
    tallies.push(
        import.intake.each(PRODUCTS.0, &products, async |row| import.product(row, &suppliers_by_id).await).await?,
    );
    let mut stock = import.intake.each("stock", &products, async |row| import.stock(row).await).await?;
    // What is wrong with a product's row was said above.
    let said: Vec<u64> = tallies[2].bad.iter().map(|bad| bad.line).collect();
    stock.bad.retain(|bad| !said.contains(&bad.line));
    tallies.push(stock);
    import.intake.done();
    Ok(tallies)
}

struct Import<'a> {
    intake: Intake<'a>,
    owner: Option<&'a str>,
}

impl Import<'_> {
    async fn customer(&self, row: &Row) -> Taken {
        let (id, person) = (row.needed("CustomerID")?, row.needed("ContactName")?);
        let address = json!({"country": row.given("Country"), "region": row.given("Region"), "city": row.given("City"),
            "street": row.given("Address"), "postal_code": row.given("PostalCode")});
        let account = json!({"name": row.needed("CompanyName")?, "phone": row.given("Phone"), "address": address, "owner": self.owner});
        let (new, _) =
            demo::customer(self.intake.rest, SYSTEM, id, &account, person, row.given("ContactTitle")).await?;
        Ok(new)
    }

    /// With the supplier's id here, for the items.
    async fn supplier(&self, row: &Row) -> Result<(bool, String), Failure> {
        let columns = [
            ("contact_name", "ContactName"),
            ("contact_title", "ContactTitle"),
            ("phone", "Phone"),
            ("fax", "Fax"),
            ("homepage", "HomePage"),
            ("address", "Address"),
            ("city", "City"),
            ("region", "Region"),
            ("postal_code", "PostalCode"),
            ("country", "Country"),
        ];
        let contact: serde_json::Map<String, Value> = columns
            .iter()
            .filter_map(|(field, column)| Some(((*field).to_owned(), json!(row.given(column)?))))
            .collect();
        let id = row.needed("SupplierID")?;
        let body = json!({"name": row.needed("CompanyName")?, "contact": contact});
        let (new, supplier) =
            self.intake.put(format!("/api/procurement/v1/suppliers/by-ref/{SYSTEM}/{id}"), body).await?;
        Ok((new, text(&supplier, "id")?.to_owned()))
    }

    /// What we sell and what lies in stock, under one sku.
    async fn product(&self, row: &Row, suppliers: &HashMap<String, String>) -> Taken {
        let (id, name, unit) =
            (row.needed("ProductID")?, row.needed("ProductName")?, row.given("QuantityPerUnit").unwrap_or("unit"));
        let price: wire::Amount = row.parsed("UnitPrice")?;
        let reorder: wire::Quantity = row.parsed("ReorderLevel")?;
        let supplier = row.needed("SupplierID")?;
        let supplier = suppliers.get(supplier).ok_or_else(|| format!("SupplierID {supplier} was not imported"))?;
        // Discontinued by its supplier, and still in orders: it stays on sale here, and says so.
        let description = (row.needed("Discontinued")? == "1").then_some("discontinued by the supplier");
        let product = json!({"sku": sku(id), "name": name, "name_en": name, "unit": unit, "list_price": price, "currency": CURRENCY,
            "tax_rate": "0", "description": description, "status": "active"});
        let (new, _) = self.intake.put(format!("/api/quoting/v1/products/by-ref/{SYSTEM}/{id}"), product).await?;
        let item = json!({"sku": sku(id), "name": name, "unit": unit, "product_sku": sku(id), "preferred_supplier_id": supplier,
            "reorder_level": reorder});
        let (new_item, _) = self.intake.put(format!("/api/procurement/v1/items/by-ref/{SYSTEM}/{id}"), item).await?;
        Ok(new || new_item)
    }

    /// The opening balance, each product's under a reference of its own: a row that is mended later comes in by itself.
    async fn stock(&self, row: &Row) -> Taken {
        let id = row.needed("ProductID")?;
        let quantity: wire::Quantity = row.parsed("UnitsInStock")?;
        let before = self.intake.integration.get(&format!("/api/procurement/v1/stock?sku={}", sku(id))).await?;
        let known = before["items"].as_array().is_some_and(|rows| !rows.is_empty());
        let opening = json!({"reference": {"system": SYSTEM, "id": format!("opening-{id}")}, "entries": [{"sku": sku(id), "quantity": quantity}]});
        self.intake.integration.post("/api/procurement/v1/stock/open", &opening).await?;
        Ok(!known)
    }
}
