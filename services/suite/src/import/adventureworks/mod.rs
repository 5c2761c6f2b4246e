//! The `AdventureWorks` data set: vendors, parts with their vendors' prices and bills of material, and purchase orders with
//! what of them was received and rejected, put in under its own ids (`by-ref/adventureworks/{id}`), so that a second import
//! changes nothing. Sales, people and production of the set are left where they are.
mod arithmetic;
mod masters;
mod purchases;

use super::{intake::Intake, rows, rows::Tally};
use crate::rest::Rest;
use platform::Settings;
use std::{collections::HashMap, path::Path};

/// The name of the other system.
pub const SYSTEM: &str = "adventureworks";
/// The currency of its prices.
pub const CURRENCY: &str = "USD";

const VENDORS: (&str, &[&str]) =
    ("Vendor.csv", &["BusinessEntityID", "AccountNumber", "Name", "PurchasingWebServiceURL"]);
const PRODUCTS: (&str, &[&str]) = ("Product.csv", &["ProductID", "Name", "ProductNumber", "ReorderPoint"]);
const PRICES: (&str, &[&str]) = (
    "ProductVendor.csv",
    &[
        "ProductID",
        "BusinessEntityID",
        "AverageLeadTime",
        "StandardPrice",
        "LastReceiptCost",
        "LastReceiptDate",
        "MinOrderQty",
        "MaxOrderQty",
        "UnitMeasureCode",
    ],
);
const BILLS: (&str, &[&str]) = (
    "BillOfMaterials.csv",
    &["ProductAssemblyID", "ComponentID", "StartDate", "EndDate", "UnitMeasureCode", "PerAssemblyQty"],
);
const ORDERS: (&str, &[&str]) = (
    "PurchaseOrderHeader.csv",
    &["PurchaseOrderID", "Status", "VendorID", "OrderDate", "ShipDate", "SubTotal", "TaxAmt", "Freight", "TotalDue"],
);
const LINES: (&str, &[&str]) = (
    "PurchaseOrderDetail.csv",
    &[
        "PurchaseOrderID",
        "PurchaseOrderDetailID",
        "DueDate",
        "OrderQty",
        "ProductID",
        "UnitPrice",
        "LineTotal",
        "ReceivedQty",
        "RejectedQty",
        "StockedQty",
    ],
);

/// Our names of its things: supplier ids by vendor, skus by product.
#[derive(Debug, Default)]
struct Names {
    suppliers: HashMap<String, String>,
    skus: HashMap<String, String>,
}

impl Names {
    fn supplier(&self, vendor: &str) -> Result<&str, String> {
        self.suppliers.get(vendor).map(String::as_str).ok_or_else(|| format!("vendor {vendor} was not imported"))
    }
    fn sku(&self, product: &str) -> Result<&str, String> {
        self.skus.get(product).map(String::as_str).ok_or_else(|| format!("product {product} was not imported"))
    }
}

/// Imports everything.
///
/// # Errors
/// A file cannot be read or the suite does not answer. What is wrong with single rows is told in the tallies.
pub async fn import(settings: &Settings, base_url: Option<&str>, folder: &Path) -> anyhow::Result<Vec<Tally>> {
    let rest = Rest::open(settings, base_url)?;
    let read = |(file, columns): (&str, &[&str])| rows::read(&folder.join(file), columns);
    let (vendors, products, prices) = (read(VENDORS)?, read(PRODUCTS)?, read(PRICES)?);
    let (bills, orders, lines) = (read(BILLS)?, read(ORDERS)?, read(LINES)?);
    let all = [&vendors, &products, &prices, &bills, &orders, &orders].iter().map(|rows| rows.len()).sum();
    let intake = Intake::new(&rest, all);
    let mut names = Names::default();
    let tallies = vec![
        masters::vendors(&intake, &vendors, &mut names).await?,
        masters::products(&intake, &products, &mut names).await?,
        masters::prices(&intake, &prices, &names).await?,
        masters::bills(&intake, &bills, &names).await?,
    ];
    let purchases = purchases::orders(&intake, &orders, &lines, &names).await?;
    intake.done();
    Ok(tallies.into_iter().chain(purchases).collect())
}
