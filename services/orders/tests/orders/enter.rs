//! How orders come to be: ORD-01, 02, 03.
use crate::world::*;
use serde_json::json;
use uuid::Uuid;
use wire::{
    ExternalRef,
    orders::{Order, OrderOrigin, OrderStatus},
    quoting::{ProductRetired, ProductSnapshot, QuoteId, Route},
};

#[test]
fn ord_01_an_effective_contract_creates_one_order_cent_by_cent() {
    run(async |yewu| {
        let people = people(yewu);
        let mut effective =
            contract(vec![line(1, "P-1", "3", "33333.335", "0.13"), line(2, "P-2", "0.5", "0.01", "0")]);
        effective.contract.external_refs =
            vec![ExternalRef { system: "northwind".parse().unwrap(), id: Uuid::now_v7().to_string().parse().unwrap() }];
        let fact = yewu.hear(&effective).await;
        yewu.deliver(&fact).await;
        let twin = yewu.envelope(&effective, fact.caseid.unwrap());
        yewu.deliver(&twin).await;
        let mut orders = orders_of(&people, fact.caseid).await;
        assert_eq!(orders.len(), 1, "told three times, made once");
        let order = orders.remove(0);
        let source = effective.contract;
        assert_eq!(
            (order.origin, order.contract_id, order.status),
            (OrderOrigin::Contract, Some(source.contract_id), OrderStatus::Draft)
        );
        assert_eq!(
            (order.totals, &order.acceptance_criteria, &order.external_refs),
            (source.totals, &source.acceptance_criteria, &source.external_refs)
        );
        for (ours, theirs) in order.lines.iter().zip(&source.lines) {
            let same = wire::line::Line { id: theirs.id, ..ours.line.clone() };
            assert_eq!(&same, theirs);
        }
        assert_eq!((order.owner_id.as_deref(), order.case_id), (Some("sales_rep-1"), fact.caseid.unwrap()));
        assert!(order.number.starts_with("SO-20"));
        assert_eq!(facts(yewu, &order).await, ["order.created"]);
        let problem = people
            .service
            .patch(
                &path(&order),
                json!({"lines": [{"sku": product(yewu, "piece").await, "quantity": "1", "unit_price": "1"}]}),
            )
            .await;
        problem.problem(409, "order.contract_lines");
    });
}

#[test]
fn ord_02_an_accepted_quote_becomes_an_order_only_on_the_order_route() {
    run(async |yewu| {
        let people = people(yewu);
        let mut accepted = quote(vec![line(1, "P-1", "12", "1250.00", "0.13")]);
        let fact = yewu.hear(&accepted).await;
        yewu.deliver(&yewu.envelope(&accepted, fact.caseid.unwrap())).await;
        let orders = orders_of(&people, fact.caseid).await;
        assert_eq!(
            (orders.len(), orders[0].origin, orders[0].quote_id),
            (1, OrderOrigin::Quote, Some(accepted.quote.quote_id))
        );
        assert_eq!((orders[0].totals, orders[0].entered_as.as_deref()), (accepted.quote.totals, None));
        (accepted.route, accepted.quote.quote_id) = (Route::Contract, QuoteId(Uuid::now_v7()));
        let fact = yewu.hear(&accepted).await;
        assert_eq!(orders_of(&people, fact.caseid).await.len(), 0, "contracts goes on from there");
    });
}

#[test]
fn ord_02_sales_and_customer_service_enter_orders_and_the_role_is_kept() {
    run(async |yewu| {
        let people = people(yewu);
        let (account, sku, reference) = (account(yewu).await, product(yewu, "piece").await, Uuid::now_v7().to_string());
        let body = json!({"account_id": account, "currency": "CNY", "delivery_date": "2099-12-31",
            "lines": [{"sku": sku, "quantity": "12", "unit_price": "1250.00", "discount_rate": "0.05", "tax_rate": "0.13"}],
            "external_refs": [{"system": "northwind", "id": reference}]});
        let order: Order = people.service.post(ORDERS, &body).await.created();
        assert_eq!(
            (order.origin, order.status, order.entered_as.as_deref()),
            (OrderOrigin::Direct, OrderStatus::Draft, Some("customer_service"))
        );
        assert_eq!(
            (order.totals.net.to_string(), order.totals.gross.to_string()),
            ("14250.00 CNY".into(), "16102.50 CNY".into())
        );
        assert_eq!((order.lines[0].line.description.as_str(), order.payment_terms.len()), ("离心泵", 1));
        assert_eq!(facts(yewu, &order).await, ["order.created"], "it opened a case of its own");
        people.sales.post(ORDERS, &body).await.problem(409, "external_ref.taken");
        let mut own = body.clone();
        own["external_refs"] = json!([]);
        let by_sales: Order = people.sales.post(ORDERS, &own).await.created();
        assert_eq!(by_sales.entered_as.as_deref(), Some("sales_rep"));
        people.warehouse.post(ORDERS, &own).await.problem(403, "permission.missing");
        people.sales.get(&path(&order)).await.problem(404, "not_found");
    });
}

#[test]
fn ord_02_what_cannot_be_ordered_is_named_by_its_field() {
    run(async |yewu| {
        let people = people(yewu);
        let (account, sku) = (account(yewu).await, product(yewu, "piece").await);
        let body = |change: fn(&mut serde_json::Value)| {
            let mut body = json!({"account_id": account, "currency": "CNY", "delivery_date": "2099-12-31",
                "lines": [{"sku": sku, "quantity": "1", "unit_price": "1"}]});
            change(&mut body);
            body
        };
        let refused = async |body: serde_json::Value, code: &str, pointer: &str| {
            let problem = people.service.post(ORDERS, body).await.problem(422, code);
            assert_eq!(problem.errors[0].pointer, pointer);
        };
        refused(body(|b| b["account_id"] = json!(Uuid::now_v7())), "body.invalid", "/account_id").await;
        refused(body(|b| b["lines"] = json!([])), "order.lines", "/lines").await;
        refused(body(|b| b["lines"][0]["sku"] = json!("NOWHERE")), "order.product", "/lines/0/sku").await;
        refused(body(|b| b["lines"][0]["quantity"] = json!("0")), "order.quantity", "/lines/0/quantity").await;
        refused(body(|b| b["lines"][0]["unit_price"] = json!("-0.01")), "order.unit_price", "/lines/0/unit_price")
            .await;
        let dear = |b: &mut serde_json::Value| {
            b["lines"][0]["unit_price"] = json!("99999999999999.9999");
            b["lines"][0]["quantity"] = json!("999999999999.9999");
        };
        refused(body(dear), "order.too_large", "/lines").await;
        let half = json!([{"label": "half", "trigger": "signed", "share": "0.5"}]);
        let mut unpaid = body(|_| ());
        unpaid["payment_terms"] = half;
        refused(unpaid, "order.payment_terms", "/payment_terms").await;
    });
}

#[test]
fn ord_03_an_order_says_what_departments_need_and_by_when() {
    run(async |yewu| {
        let people = people(yewu);
        let mut effective = contract(vec![line(1, "P-1", "3", "100.00", "0.13")]);
        effective.contract.delivery_date = None;
        let fact = yewu.hear(&effective).await;
        let order = orders_of(&people, fact.caseid).await.remove(0);
        let problem = people.service.act(&path(&order), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(problem.blocked_by[0].gate, "delivery_date");
        let delivery = json!({"recipient": "韩梅梅", "phone": "13800000000", "address": "上海市浦东新区 1 号"});
        let patch = json!({"delivery_date": "2099-11-30", "requirements": "防潮包装", "delivery": delivery});
        people.service.patch(&path(&order), &patch).await.ok::<Order>();
        let fields = ["delivery_date", "requirements", "delivery"];
        testkit::patches(yewu, &people.service, &path(&order), &fields, &["lines"]).await;
        let order: Order = people.service.patch(&path(&order), patch).await.ok();
        assert_eq!(
            (order.delivery_date.unwrap().to_string(), order.requirements.as_deref()),
            ("2099-11-30".into(), Some("防潮包装"))
        );
        assert_eq!(order.delivery.as_ref().unwrap().recipient.as_str(), "韩梅梅");
        let submitted: Order = people.service.act(&path(&order), "submit", json!({})).await.ok();
        people.service.patch(&path(&submitted), json!({"requirements": "太晚"})).await.problem(409, "state.refused");
    });
}

#[test]
fn ord_02_what_is_no_longer_sold_is_not_ordered() {
    run(async |yewu| {
        let people = people(yewu);
        let (account, sku) = (account(yewu).await, product(yewu, "piece").await);
        let id = Uuid::parse_str(sku.strip_prefix("SKU-").unwrap()).unwrap();
        let retired = ProductSnapshot {
            id: id.into(),
            sku: sku.clone(),
            name: "离心泵".into(),
            unit: "piece".into(),
            list_price: "1".parse().unwrap(),
            currency: wire::Currency::CNY,
            tax_rate: "0.13".parse().unwrap(),
            status: "retired".into(),
            version: 2,
        };
        yewu.hear(&ProductRetired(retired)).await;
        let body = json!({"account_id": account, "currency": "CNY", "delivery_date": "2099-12-31", "lines": [{"sku": sku, "quantity": "1", "unit_price": "1"}]});
        people.service.post(ORDERS, body).await.problem(422, "order.product_retired");
    });
}
