//! Purchase orders of the set, each with one goods receipt for all that came of it. The columns of an order must agree with
//! each other to the last digit; what we make of it is refused by procurement if it comes to anything else.
//! The set has no day of arrival: the day of shipment stands for it.
use super::{
    CURRENCY, LINES, Names, ORDERS, SYSTEM,
    arithmetic::{Line, Sums},
};
use crate::{
    import::{
        intake::{Failure, Intake, Taken},
        rows::{Bad, Row, Tally},
    },
    rest::text,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use wire::{Currency, Day};

const PROCUREMENT: &str = "/api/procurement/v1";
/// What carriage is called; it is no goods, so nothing of it is received.
const FREIGHT: &str = "FREIGHT";
type Rows = [Result<Row, Bad>];
/// Each order's lines, or why one of them could not be read.
type Orders<'a> = HashMap<&'a str, Vec<Result<Line<'a>, Bad>>>;

/// What came of the headers, of the lines that no order took, and of the receipts.
pub(super) async fn orders(
    intake: &Intake<'_>,
    headers: &Rows,
    details: &Rows,
    names: &Names,
) -> anyhow::Result<[Tally; 3]> {
    let freight = json!({"sku": FREIGHT, "name": "运费 / freight", "unit": "shipment"});
    intake.integration.put(&format!("{PROCUREMENT}/items/by-ref/{SYSTEM}/{FREIGHT}"), &freight).await?;
    let mut lines = Tally::of(LINES.0);
    let orders = gathered(details, &mut lines);
    let mut ids = HashMap::new();
    let placed = intake.each(ORDERS.0, headers, async |header| {
        let (new, id) = order(intake, header, &orders, names).await?;
        ids.insert(header.line, id);
        let count = orders.get(header.needed("PurchaseOrderID")?).map_or(0, Vec::len);
        if new {
            lines.new += count;
        } else {
            lines.known += count;
        }
        Ok(new)
    });
    let placed = placed.await?;
    let mut received = Tally::of("goods receipts");
    for header in headers.iter().flatten() {
        let Some(id) = ids.get(&header.line) else { continue };
        let lines: Vec<&Line> = lines_of(header, &orders).iter().flatten().collect();
        if lines.iter().any(|line| line.has_come()) {
            intake.one(&mut received, header.line, async || receipt(intake, header, id, &lines).await).await?;
        }
    }
    Ok([placed, lines, received])
}

/// The lines by order, in the order of the file; those that contradict themselves are told in the tally.
fn gathered<'a>(details: &'a Rows, tally: &mut Tally) -> Orders<'a> {
    let mut orders = Orders::new();
    for row in details {
        let line = match row {
            Ok(row) => Line::read(row).map_err(|reason| Bad { line: row.line, reason }),
            Err(bad) => Err(bad.clone()),
        };
        tally.bad.extend(line.as_ref().err().cloned());
        let named = row.as_ref().ok().and_then(|row| row.given("PurchaseOrderID"));
        if let Some(order) = named {
            orders.entry(order).or_default().push(line);
        }
    }
    orders
}

fn lines_of<'a, 'b>(header: &Row, orders: &'b Orders<'a>) -> &'b [Result<Line<'a>, Bad>] {
    let id = header.given("PurchaseOrderID").unwrap_or_default();
    orders.get(id).map_or(&[], Vec::as_slice)
}

/// The order with its freight; its id here.
async fn order(
    intake: &Intake<'_>,
    header: &Row,
    orders: &Orders<'_>,
    names: &Names,
) -> Result<(bool, String), Failure> {
    let (id, supplier) = (header.needed("PurchaseOrderID")?, names.supplier(header.needed("VendorID")?)?);
    let mut lines = Vec::new();
    for line in lines_of(header, orders) {
        lines.push(line.as_ref().map_err(|bad| format!("{} line {}: {}", LINES.0, bad.line, bad.reason))?);
    }
    let currency: Currency = CURRENCY.parse().map_err(|why| format!("{CURRENCY}: {why}"))?;
    let sums = Sums::of(header, &lines, currency)?;
    let mut asked: Vec<Value> = Vec::new();
    for line in &lines {
        let due: Day = line.row.parsed("DueDate")?;
        asked.push(json!({"sku": names.sku(line.row.needed("ProductID")?)?, "quantity": line.quantity,
            "unit_price": line.unit_price, "tax_rate": sums.tax_rate, "due_on": due}));
    }
    if !sums.freight.get().is_zero() {
        asked.push(json!({"sku": FREIGHT, "quantity": "1", "unit_price": sums.freight}));
    }
    let ordered_on: Day = header.parsed("OrderDate")?;
    let body = json!({"supplier_id": supplier, "currency": CURRENCY, "ordered_on": ordered_on, "lines": asked,
        "total": sums.totals.gross});
    let (new, order) = intake.put(format!("{PROCUREMENT}/purchase-orders/by-ref/{SYSTEM}/{id}"), body).await?;
    Ok((new, text(&order, "id")?.to_owned()))
}

/// One receipt for all that came. Of an order that was completed or rejected nothing more is expected.
async fn receipt(intake: &Intake<'_>, header: &Row, order: &str, lines: &[&Line<'_>]) -> Taken {
    let (id, shipped): (&str, Day) = (header.needed("PurchaseOrderID")?, header.parsed("ShipDate")?);
    let came: Vec<Value> = (1..)
        .zip(lines)
        .filter(|(_, line)| line.has_come())
        .map(|(number, line): (u16, _)| {
            json!({"line_number": number, "accepted": line.stocked, "rejected": line.rejected})
        })
        .collect();
    let ended = ["3", "4"].contains(&header.needed("Status")?);
    let body = json!({"purchase_order_id": order, "delivery_note_number": format!("AW-{id}"),
        "arrived_at": format!("{shipped}T01:00:00Z"), "lines": came, "completes": ended});
    Ok(intake.put(format!("{PROCUREMENT}/goods-receipts/by-ref/{SYSTEM}/{id}"), body).await?.0)
}
