//! Items and suppliers.
use super::{fresh, new_item, path, put, run};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{
    Page,
    procurement::{Item, Supplier},
};

#[test]
fn ruling_9_an_item_is_upserted_by_reference_and_tells_of_itself() {
    run(async |yewu| {
        let integration = yewu.role("integration");
        let supplier: Supplier = put(
            &integration,
            &format!("suppliers/by-ref/northwind/{}", fresh("s")),
            json!({"name": "Exotic Liquids", "contact": {"city": "London"}}),
        )
        .await
        .created();
        assert!(supplier.number.starts_with("SU-20"), "{}", supplier.number);
        let (sku, at) = (fresh("NW"), format!("items/by-ref/northwind/{}", fresh("i")));
        let mut body = new_item(&sku);
        body["preferred_supplier_id"] = json!(supplier.id);
        let item: Item = put(&integration, &at, body.clone()).await.created();
        let same: Item = put(&integration, &at, body.clone()).await.ok();
        assert_eq!(
            (same.id, same.version, same.purchase_price.unwrap().to_string()),
            (item.id, 1, "820.00 CNY".into()),
            "no difference, no version"
        );
        body["name"] = json!("离心泵 40");
        let changed: Item = put(&integration, &at, body.clone()).await.ok();
        assert_eq!(
            (changed.id, changed.version, changed.name.as_str(), changed.external_refs.len()),
            (item.id, 2, "离心泵 40", 1)
        );
        let facts = yewu
            .sql("procurement", &format!("SELECT string_agg(kind, ' ') FROM outbox WHERE subject = '{}'", item.id))
            .await;
        assert_eq!(facts, "procurement.item.changed.v1 procurement.item.changed.v1");
        let found: Page<Item> =
            integration.get(&path(format!("items?supplier_id={}&status=active", supplier.id))).await.ok();
        assert_eq!(found.items.iter().map(|i| i.id).collect::<Vec<_>>(), [item.id]);
        body["sku"] = json!("ANOTHER");
        put(&integration, &at, body).await.problem(422, "item.sku_fixed");
    });
}

#[test]
fn ruling_9_three_who_upsert_one_supplier_at_once_make_one() {
    run(async |yewu| {
        let integration = yewu.role("integration");
        let at = format!("suppliers/by-ref/northwind/{}", fresh("s"));
        let ask = || put(&integration, &at, json!({"name": "Exotic Liquids", "contact": {"city": "London"}}));
        let (one, two, three) = futures_util::future::join3(ask(), ask(), ask()).await;
        let mut statuses = [&one, &two, &three].map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 201]);
        let ids = [one, two, three].map(|answer| answer.json()["id"].clone());
        assert!(ids[0] == ids[1] && ids[1] == ids[2], "{ids:?}");
    });
}

#[test]
fn ruling_9_masters_are_refused_with_the_field_to_mend() {
    run(async |yewu| {
        let buyer = yewu.role("buyer");
        let sku = fresh("SKU");
        let item: Item = buyer.post(&path("items"), new_item(&sku)).await.created();
        assert_eq!(
            buyer.post(&path("items"), new_item(&sku)).await.problem(409, "item.sku_taken").errors[0].pointer,
            "/sku"
        );
        let mut body = new_item(&fresh("SKU"));
        body["preferred_supplier_id"] = json!(Uuid::now_v7());
        assert_eq!(
            buyer.post(&path("items"), &body).await.problem(422, "body.invalid").errors[0].pointer,
            "/preferred_supplier_id"
        );
        body["preferred_supplier_id"] = Value::Null;
        body["purchase_price"] = json!({"amount": "-0.01", "currency": "CNY"});
        assert_eq!(
            buyer.post(&path("items"), &body).await.problem(422, "item.purchase_price").errors[0].pointer,
            "/purchase_price/amount"
        );
        put(&buyer, "items/by-ref/erp/1", new_item(&sku)).await.problem(403, "permission.missing");
        yewu.role("sales_rep").post(&path("items"), new_item(&fresh("SKU"))).await.problem(403, "permission.missing");
        let at = path(format!("items/{}", item.id));
        let supplier: Supplier = buyer.post(&path("suppliers"), json!({"name": fresh("商")})).await.created();
        let more = json!({"reorder_level": "12.5", "product_sku": "PUMP-40", "preferred_supplier_id": supplier.id});
        buyer.patch(&at, more).await.ok::<Item>();
        let (fields, kept) = (["product_sku", "preferred_supplier_id", "purchase_price"], ["name", "reorder_level"]);
        testkit::patches(yewu, &buyer, &at, &fields, &kept).await;
        let boss = yewu.role("procurement_manager");
        assert_eq!(boss.act(&at, "retire", json!({})).await.ok::<Item>().status.as_str(), "retired");
        buyer.patch(&at, json!({"name": "x"})).await.problem(409, "state.refused");
        let taken =
            json!({"sku": fresh("SKU"), "name": "x", "unit": "kg", "external_refs": [{"system": "erp", "id": &sku}]});
        buyer.post(&path("items"), &taken).await.created::<Item>();
        let mut twin = taken.clone();
        twin["sku"] = json!(fresh("SKU"));
        assert_eq!(
            buyer.post(&path("items"), twin).await.problem(409, "external_ref.taken").errors[0].pointer,
            "/external_refs/0"
        );
    });
}

#[test]
fn pro_10_a_supplier_is_qualified_suspended_and_eliminated() {
    run(async |yewu| {
        let (buyer, boss) = (yewu.role("buyer"), yewu.role("procurement_manager"));
        let supplier: Supplier = buyer
            .post(&path("suppliers"), json!({"name": "上海泵业", "contact": {"phone": "021-5550"}}))
            .await
            .created();
        let at = path(format!("suppliers/{}", supplier.id));
        buyer.act(&at, "qualify", json!({})).await.problem(403, "permission.missing");
        boss.act(&at, "suspend", json!({"reason": "x"})).await.problem(409, "state.refused");
        boss.act(&at, "qualify", json!({})).await.ok::<Supplier>();
        boss.act(&at, "suspend", json!({})).await.problem(422, "body.invalid");
        let gone: Supplier = boss.act(&at, "eliminate", json!({"reason": "59 分"})).await.ok();
        assert_eq!((gone.status.as_str(), gone.reason.as_deref(), gone.version), ("eliminated", Some("59 分"), 3));
        assert!(gone.available_actions.is_empty());
        buyer.patch(&at, json!({"name": "y"})).await.problem(409, "state.refused");
    });
}
