//! The catalogue: life, upsert by another system, lists, substitutes.
use crate::{PRODUCTS, fresh_sku, on_sale, product, put_product, run, told};
use serde_json::{Value, json};
use testkit::patches;
use uuid::Uuid;
use wire::{
    Page,
    quoting::{Alternative, Product, ProductStatus},
};

#[test]
fn quo_13_a_product_goes_on_sale_is_changed_and_retired_and_every_step_is_told() {
    run(async |yewu| {
        let (technical, sku) = (yewu.role("technical"), fresh_sku());
        let mut body = product(&sku);
        body.as_object_mut().unwrap().remove("status");
        body["positioning"] = json!("中端市场, 替代进口");
        (body["description"], body["specification"]) = (json!("立式单级"), json!("40 m³/h, 32 m"));
        let draft: Product = technical.post(PRODUCTS, &body).await.created();
        assert_eq!((draft.status, draft.positioning.as_deref()), (ProductStatus::Draft, Some("中端市场, 替代进口")));
        assert_eq!(told(yewu, draft.id).await, "", "a draft is nobody else's business");
        let path = format!("{PRODUCTS}/{}", draft.id);
        technical.act(&path, "retire", json!({"reason": "never sold"})).await.problem(409, "state.refused");
        technical.patch(&path, json!({"list_price": "1300.00"})).await.ok::<Product>();
        technical.patch(&path, json!({"list_price": "1300.00"})).await.ok::<Product>();
        technical.act(&path, "publish", json!({})).await.ok::<Product>();
        let changed: Product = technical.patch(&path, json!({"list_price": "1280.00"})).await.ok();
        assert_eq!((changed.list_price.to_string(), changed.version), ("1280.00".into(), 4));
        let snapshots = format!(
            "SELECT string_agg((envelope::jsonb #>> '{{data,version}}') || ' ' || (envelope::jsonb #>> '{{data,list_price}}'), ', ' ORDER BY seq) FROM outbox WHERE subject = '{}'",
            draft.id
        );
        assert_eq!(yewu.sql("quoting", &snapshots).await, "3 1300.00, 4 1280.00");
        let fields = ["name_en", "description", "specification", "positioning"];
        let bare = patches(yewu, &technical, &path, &fields, &["name", "unit", "currency"]).await;
        assert_eq!(bare["version"], 5);
        technical.patch(&path, json!({"list_price": "-1"})).await.problem(422, "product.list_price");
        let retired: Product = technical.act(&path, "retire", json!({"reason": "新型号替代"})).await.ok();
        assert_eq!((retired.status, retired.reason.as_deref()), (ProductStatus::Retired, Some("新型号替代")));
        technical.patch(&path, json!({"name": "x"})).await.problem(409, "state.refused");
        let published = "quoting.product.published.v1";
        assert_eq!(
            told(yewu, draft.id).await,
            format!("{published} {published} {published} quoting.product.retired.v1")
        );
    });
}

#[test]
fn quo_13_an_integration_upserts_by_its_own_reference_and_repeats_change_nothing() {
    run(async |yewu| {
        let sku = fresh_sku();
        let first = put_product(yewu, &sku, &product(&sku)).await;
        let location = first.header("location").to_owned();
        let first: Product = first.created();
        assert_eq!(location, format!("{PRODUCTS}/{}", first.id), "beside its reference");
        assert_eq!(
            (first.status, first.version, first.external_refs[0].id.as_str()),
            (ProductStatus::Active, 1, sku.as_str())
        );
        let again: Product = put_product(yewu, &sku, &product(&sku)).await.ok();
        assert_eq!((again.id, again.version), (first.id, 1));
        let mut dearer = product(&sku);
        dearer["list_price"] = json!("1250.01");
        let changed: Product = put_product(yewu, &sku, &dearer).await.ok();
        assert_eq!((changed.id, changed.version, changed.list_price.to_string()), (first.id, 2, "1250.01".into()));
        assert_eq!(told(yewu, first.id).await, "quoting.product.published.v1 quoting.product.published.v1");
        let renamed = product(&fresh_sku());
        assert_eq!(put_product(yewu, &sku, &renamed).await.problem(422, "product.sku_fixed").errors[0].pointer, "/sku");
        let other = format!("{PRODUCTS}/by-ref/test/other-{sku}");
        let integration = yewu.role("integration");
        let taken = integration.send(reqwest::Method::PUT, &other, &[], Some(&product(&sku))).await;
        taken.problem(409, "product.sku_taken");
        let known = format!("SELECT count(*) FROM external_refs WHERE reference = 'other-{sku}'");
        assert_eq!(yewu.sql("quoting", &known).await, "0", "a refusal binds nothing");
        let sales = yewu.role("sales_rep").send(reqwest::Method::PUT, &other, &[], Some(&product(&sku))).await;
        sales.problem(403, "permission.missing");
    });
}

#[test]
fn quo_13_twenty_who_create_the_same_product_at_once_make_one() {
    run(async |yewu| {
        let sku = fresh_sku();
        let body = product(&sku);
        let answers = futures_util::future::join_all((0..20).map(|_| put_product(yewu, &sku, &body))).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert!(statuses.iter().all(|status| [200, 201, 503].contains(status)), "{statuses:?}");
        assert_eq!(yewu.sql("quoting", &format!("SELECT count(*) FROM products WHERE sku = '{sku}'")).await, "1");
        let technical = yewu.role("technical");
        let taken = technical.post(PRODUCTS, &body).await.problem(409, "product.sku_taken");
        assert_eq!(taken.errors[0].pointer, "/sku");
    });
}

#[test]
fn quo_13_the_list_finds_by_sku_by_either_name_and_by_state() {
    run(async |yewu| {
        let mark = Uuid::now_v7().simple().to_string();
        for (sku, name, name_en) in [("A", "循环泵", "Circulator"), ("B", "100%_阀", "Valve"), ("C", "阀门", "Gate")]
        {
            let mut body = product(&format!("{sku}-{mark}"));
            body["name"] = json!(format!("{name} {mark}"));
            body["name_en"] = json!(format!("{name_en} {mark}"));
            put_product(yewu, &format!("{sku}-{mark}"), &body).await.created::<Product>();
        }
        let sales = yewu.role("sales_rep");
        let find = async |query: &str| -> Vec<String> {
            let page: Page<Product> = sales.get(&format!("{PRODUCTS}?{query}")).await.ok();
            page.items.iter().map(|product| product.sku[..1].to_owned()).collect()
        };
        assert_eq!(find(&format!("q={mark}")).await, ["C", "B", "A"], "newest first");
        assert_eq!(find(&format!("q=%E5%BE%AA%E7%8E%AF%E6%B3%B5%20{mark}")).await, ["A"], "循环泵");
        assert_eq!(find(&format!("q=cIRCulator%20{mark}")).await, ["A"]);
        assert_eq!(find(&format!("q=100%25_%E9%98%80%20{mark}")).await, ["B"], "wildcards are themselves");
        assert_eq!(find(&format!("q=%25{mark}")).await, Vec::<String>::new());
        assert_eq!(find(&format!("q=b-{mark}")).await, ["B"]);
        assert_eq!(find(&format!("sku=B-{mark}")).await, ["B"]);
        assert_eq!(find(&format!("q={mark}&status=draft")).await, Vec::<String>::new());
        let first: Page<Product> = sales.get(&format!("{PRODUCTS}?q={mark}&limit=2")).await.ok();
        assert_eq!(find(&format!("q={mark}&limit=2&after={}", first.next.unwrap())).await, ["A"]);
        sales.get(&format!("{PRODUCTS}?colour=red")).await.problem(400, "query.invalid");
    });
}

#[test]
fn quo_14_alternatives_are_ranked_reasoned_and_only_those_on_sale_are_offered() {
    run(async |yewu| {
        let technical = yewu.role("technical");
        let (wanted, near, far) = (on_sale(yewu).await, on_sale(yewu).await, on_sale(yewu).await);
        let path = format!("{PRODUCTS}/{}/alternatives", wanted.id);
        let suggest = async |sku: &str, rank: u8| {
            technical.post(&path, json!({"sku": sku, "rank": rank, "reason": "现货充足"})).await
        };
        let second: Alternative = suggest(&far.sku, 2).await.created();
        let answer = suggest(&near.sku, 1).await;
        let (location, first): (String, Alternative) = (answer.header("location").to_owned(), answer.created());
        assert_eq!(yewu.role("sales_rep").get(&location).await.ok::<Alternative>().id, first.id);
        let offers = async || -> Vec<String> {
            let page: Page<Alternative> = yewu.role("warehouse").get(&path).await.ok();
            page.items.iter().map(|offer| offer.alternative_sku.clone()).collect()
        };
        assert_eq!(offers().await, [near.sku.clone(), far.sku.clone()]);
        assert_eq!(suggest(&near.sku, 3).await.problem(409, "alternative.twice").errors[0].pointer, "/sku");
        suggest(&wanted.sku, 3).await.problem(422, "alternative.itself");
        suggest("no-such-sku", 3).await.problem(422, "alternative.sku");
        let third = on_sale(yewu).await;
        for (rank, fits) in [(0, false), (101, false), (100, true)] {
            let answer = suggest(&third.sku, rank).await;
            assert_eq!(answer.status.as_u16() == 201, fits, "{rank}: {}", answer.text);
        }
        technical.patch(&format!("{path}/{}", first.id), json!({"rank": 3})).await.ok::<Alternative>();
        assert_eq!(offers().await, [far.sku.clone(), near.sku.clone(), third.sku.clone()]);
        technical.act(&format!("{path}/{}", second.id), "retire", json!({})).await.ok::<Alternative>();
        technical.act(&format!("{PRODUCTS}/{}", near.id), "retire", json!({"reason": "end"})).await.ok::<Product>();
        assert_eq!(offers().await, [third.sku]);
        let others = format!("{PRODUCTS}/{}/alternatives", far.id);
        let body = json!({"sku": near.sku, "rank": 4, "reason": "gone"});
        technical.post(&others, body).await.problem(409, "alternative.retired");
        let changed = "quoting.product.alternatives_changed.v1";
        assert_eq!(told(yewu, first.id).await, format!("{changed} {changed}"));
        let elsewhere = format!("{PRODUCTS}/{}/alternatives/{}", far.id, first.id);
        technical.get(&elsewhere).await.problem(404, "not_found");
        technical.get(&format!("{PRODUCTS}/{}/alternatives", Uuid::now_v7())).await.problem(404, "not_found");
        yewu.role("sales_rep").post(&path, json!({})).await.problem(403, "permission.missing");
    });
}

#[test]
fn quo_13_what_may_be_done_is_shown_to_each_by_role() {
    run(async |yewu| {
        let product = on_sale(yewu).await;
        let path = format!("{PRODUCTS}/{}", product.id);
        let allowed = async |role: &str| -> Vec<(String, bool)> {
            let shown: Value = yewu.role(role).get(&path).await.ok();
            let actions = shown["available_actions"].as_array().unwrap().clone();
            actions.iter().map(|a| (a["action"].as_str().unwrap().into(), a["allowed"].as_bool().unwrap())).collect()
        };
        assert_eq!(allowed("technical").await, [("update".into(), true), ("retire".into(), true)]);
        assert_eq!(allowed("sales_rep").await, [("update".into(), false), ("retire".into(), false)]);
    });
}
