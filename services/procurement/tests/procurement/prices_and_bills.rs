//! What suppliers ask, and what items are put together from.
use super::{fresh, new_item, path, put, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    procurement::{BillOfMaterial, Item, Supplier, SupplierPrice},
};

async fn item(client: &Client) -> String {
    client.post(&path("items"), new_item(&fresh("SKU"))).await.created::<Item>().sku
}
async fn supplier(client: &Client) -> Supplier {
    client.post(&path("suppliers"), json!({"name": "上海泵业", "contact": {}})).await.created()
}
fn price(supplier: &Supplier, sku: &str) -> Value {
    json!({"supplier_id": supplier.id, "sku": sku, "price": {"amount": "47.8712", "currency": "USD"}, "unit": "箱",
        "lead_time_days": 17, "min_order_quantity": "1", "max_order_quantity": "5"})
}
fn bill(sku: &str, components: &[&str]) -> Value {
    let line = |sku: &&str| json!({"sku": sku, "quantity": "2.5", "unit": "只", "effective_from": "2026-01-01"});
    json!({"sku": sku, "lines": components.iter().map(line).collect::<Vec<_>>()})
}
async fn traces(yewu: &Yewu, id: impl std::fmt::Display) -> String {
    yewu.sql(
        "procurement",
        &format!("SELECT string_agg(action, ' ' ORDER BY seq) FROM audit_log WHERE entity_id = '{id}'"),
    )
    .await
}

#[test]
fn pro_10_a_supplier_asks_one_price_for_an_item_at_a_time() {
    run(async |yewu| {
        let (buyer, integration) = (yewu.role("buyer"), yewu.role("integration"));
        let (supplier, sku) = (supplier(&buyer).await, item(&buyer).await);
        let at = format!("supplier-prices/by-ref/erp/{}", fresh("p"));
        let stated: SupplierPrice = put(&integration, &at, price(&supplier, &sku)).await.created();
        assert_eq!((stated.price.amount.to_string(), stated.lead_time_days), ("47.8712".into(), 17));
        let same: SupplierPrice = put(&integration, &at, price(&supplier, &sku)).await.ok();
        assert_eq!((same.id, same.version), (stated.id, 1), "no difference, no version");
        let mut slower = price(&supplier, &sku);
        slower["lead_time_days"] = json!(30);
        assert_eq!(put(&integration, &at, slower).await.ok::<SupplierPrice>().version, 2);
        let again = buyer.post(&path("supplier-prices"), price(&supplier, &sku)).await;
        again.problem(409, "supplier_price.taken");
        let one = path(format!("supplier-prices/{}", stated.id));
        let patch = json!({"price": {"amount": "48.00", "currency": "USD"}});
        assert_eq!(buyer.patch(&one, patch).await.ok::<SupplierPrice>().price.amount.to_string(), "48.00");
        buyer.act(&one, "retire", json!({})).await.problem(403, "permission.missing");
        yewu.role("procurement_manager").act(&one, "retire", json!({})).await.ok::<SupplierPrice>();
        assert_eq!(traces(yewu, stated.id).await, "create upsert update retire");
        let next: SupplierPrice = buyer.post(&path("supplier-prices"), price(&supplier, &sku)).await.created();
        let found: Page<SupplierPrice> =
            buyer.get(&path(format!("supplier-prices?supplier_id={}&sku={sku}&status=active", supplier.id))).await.ok();
        assert_eq!(found.items.iter().map(|price| price.id).collect::<Vec<_>>(), [next.id]);
    });
}

#[test]
fn pro_10_a_price_names_a_supplier_and_an_item_that_are_there() {
    run(async |yewu| {
        let buyer = yewu.role("buyer");
        let (known, sku) = (supplier(&buyer).await, item(&buyer).await);
        let mut body = price(&known, &sku);
        body["supplier_id"] = json!(Uuid::now_v7());
        let refused = buyer.post(&path("supplier-prices"), &body).await.problem(422, "body.invalid");
        assert_eq!(refused.errors[0].pointer, "/supplier_id");
        let refused =
            buyer.post(&path("supplier-prices"), price(&known, &fresh("NONE"))).await.problem(422, "body.invalid");
        assert_eq!(refused.errors[0].pointer, "/sku");
        let list = path("supplier-prices");
        let asked = (0..2).map(|_| buyer.post(&list, price(&known, &sku)));
        let mut answers: Vec<u16> =
            futures_util::future::join_all(asked).await.iter().map(|answer| answer.status.as_u16()).collect();
        answers.sort_unstable();
        assert_eq!(answers, [201, 409], "two at once: one is stated");
        let sales = yewu.role("sales_rep").get(&path("supplier-prices")).await;
        sales.problem(403, "permission.missing");
    });
}

#[test]
fn quo_04_a_bill_is_upserted_listed_by_component_and_never_closes_a_ring() {
    run(async |yewu| {
        let (integration, technical) = (yewu.role("integration"), yewu.role("technical"));
        let [bike, wheel, spoke] = [item(&integration).await, item(&integration).await, item(&integration).await];
        let at = format!("bills-of-material/by-ref/erp/{}", fresh("b"));
        let drawn: BillOfMaterial = put(&integration, &at, bill(&bike, &[&wheel])).await.created();
        let same: BillOfMaterial = put(&integration, &at, bill(&bike, &[&wheel])).await.ok();
        assert_eq!((same.id, same.version, same.lines.len()), (drawn.id, 1, 1));
        let changed: BillOfMaterial = put(&integration, &at, bill(&bike, &[&wheel, &spoke])).await.ok();
        assert_eq!((changed.version, changed.lines.len()), (2, 2));
        assert_eq!(traces(yewu, drawn.id).await, "create upsert");
        let new = path("bills-of-material");
        technical.post(&new, bill(&bike, &[])).await.problem(409, "bill_of_material.taken");
        technical.post(&new, bill(&wheel, &[&spoke])).await.created::<BillOfMaterial>();
        let ring = technical.post(&new, bill(&spoke, &[&bike])).await.problem(409, "bill_of_material.cycle");
        assert_eq!(ring.errors[0].pointer, "/lines/0/sku");
        let unknown = technical.post(&new, bill(&spoke, &[&fresh("NONE")])).await;
        unknown.problem(422, "bill_of_material.unknown_item");
        let used: Page<BillOfMaterial> =
            technical.get(&path(format!("bills-of-material?component={wheel}"))).await.ok();
        assert_eq!(used.items.iter().map(|bill| bill.id).collect::<Vec<_>>(), [drawn.id]);
        let one = path(format!("bills-of-material/{}", drawn.id));
        yewu.role("production").act(&one, "retire", json!({})).await.ok::<BillOfMaterial>();
        technical.post(&new, bill(&spoke, &[&bike])).await.created::<BillOfMaterial>();
    });
}
