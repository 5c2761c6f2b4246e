//! Lists: what they are narrowed by, the orders in which they come, and search for words of any language, by an index.
use crate::{PRODUCTS, QUOTES, account, encoded, fresh_sku, heard_opportunity, product, put_product, run};
use serde_json::json;
use wire::{
    Page,
    quoting::{Product, Quote},
};

#[test]
fn products_are_found_by_any_two_letters_whatever_their_width_and_case() {
    run(async |yewu| {
        let sku = fresh_sku();
        let mut body = product(&sku);
        (body["name"], body["name_en"]) = (json!("磁力隔膜泵 ＺＫ９_7%"), json!("Magnetic Diaphragm Pump"));
        put_product(yewu, &sku, &body).await.created::<Product>();
        let technical = yewu.role("technical");
        let found = async |asked: &str| {
            let q = encoded(asked);
            let page: Page<Product> = technical.get(&format!("{PRODUCTS}?q={q}&limit=200")).await.ok();
            page.items.iter().any(|found| found.sku == sku)
        };
        for asked in
            ["隔膜", "膜泵", "磁力 泵", "zk9", "ｚＫ９", "DIAPHRAGM", "magnetic 隔膜", &sku, "9_7%", "  隔膜　", "膜"]
        {
            assert!(found(asked).await, "{asked}");
        }
        for asked in ["力泵", "膜隔", "zk8", "9%7", "9_8", "diaphragms", "磁力 齿轮"] {
            assert!(!found(asked).await, "{asked}");
        }
    });
}

#[test]
fn quotes_are_found_by_number_customer_and_note_within_the_callers_sight() {
    run(async |yewu| {
        let ann = yewu.user("sales_rep", "ann-search", "sales", "search");
        let ben = yewu.user("sales_rep", "ben-search", "sales", "search");
        let mut body = crate::quotes::new_quote(account(yewu).await, "10.00");
        body["note"] = json!("朱雀大街交货，Plan Ｂ");
        let quote: Quote = ann.post(QUOTES, body).await.created();
        let found = async |client: &testkit::Client, asked: &str| {
            let q = encoded(asked);
            let page: Page<Quote> = client.get(&format!("{QUOTES}?q={q}&status=draft")).await.ok();
            page.items.iter().map(|quote| quote.id).collect::<Vec<_>>()
        };
        for asked in ["朱雀", &quote.number, &quote.number.to_lowercase(), "晨光 plan b", "雀大 交货"] {
            assert_eq!(found(&ann, asked).await, [quote.id], "{asked}");
        }
        assert!(found(&ann, "玄武").await.is_empty() && found(&ben, "朱雀").await.is_empty());
        ann.get(&format!("{QUOTES}?q={}", "x".repeat(201))).await.problem(400, "query.invalid");
    });
}

#[test]
fn quotes_come_in_the_order_that_is_asked_for_each_once() {
    run(async |yewu| {
        let ann = yewu.user("sales_rep", "ann-orders", "sales", "orders");
        let mut ids = Vec::new();
        for (price, day) in [("10.00", "2099-05-01"), ("30.00", "2099-01-01"), ("30.00", "2099-01-01")] {
            let mut body = crate::quotes::new_quote(account(yewu).await, price);
            body["valid_until"] = json!(day);
            ids.push(ann.post(QUOTES, body).await.created::<Quote>().id);
        }
        for (sort, places) in
            [("newest", [2, 1, 0]), ("oldest", [0, 1, 2]), ("gross", [2, 1, 0]), ("valid_until", [1, 2, 0])]
        {
            let (mut found, mut after) = (Vec::new(), String::new());
            for _ in 0..3 {
                let page: Page<Quote> = ann.get(&format!("{QUOTES}?limit=1&sort={sort}{after}")).await.ok();
                found.extend(page.items.iter().map(|quote| quote.id));
                after = page.next.map(|next| format!("&after={next}")).unwrap_or_default();
            }
            assert_eq!((found, after), (places.map(|place| ids[place]).to_vec(), String::new()), "{sort}");
        }
    });
}

#[test]
fn quo_06_quotes_are_listed_by_customer_opportunity_and_owner() {
    run(async |yewu| {
        let (sales, customer) = (yewu.user("sales_rep", "lister", "sales", "sales"), account(yewu).await);
        let deal = heard_opportunity(yewu, customer).await;
        let mut body = crate::quotes::new_quote(customer, "10.00");
        let bare: Quote = sales.post(QUOTES, &body).await.created();
        body["opportunity_id"] = json!(deal.id);
        let of_deal: Quote = sales.post(QUOTES, &body).await.created();
        let theirs = crate::quotes::drafted_for(yewu, customer).await;
        let all = yewu.role("auditor");
        for (filter, wanted) in [
            (format!("account_id={customer}"), vec![theirs.id, of_deal.id, bare.id]),
            (format!("opportunity_id={}", deal.id), vec![of_deal.id]),
            (format!("account_id={customer}&owner_id=lister"), vec![of_deal.id, bare.id]),
        ] {
            let page: Page<Quote> = all.get(&format!("{QUOTES}?{filter}")).await.ok();
            assert_eq!(page.items.iter().map(|quote| quote.id).collect::<Vec<_>>(), wanted, "{filter}");
        }
    });
}

#[test]
fn what_is_asked_is_taken_apart_into_pairs_of_each_word() {
    run(async |yewu| {
        let grams = yewu.sql("quoting", "SELECT search_wanted('离心泵  4 Ａb%')::text").await;
        assert_eq!(grams, "{4,ab,b%,心泵,离心}");
        let patterns = yewu.sql("quoting", "SELECT search_patterns('50%_ Ａ')::text").await;
        assert_eq!(patterns, r#"{"%50\\%\\_%",%a%}"#);
        let folded = yewu.sql("quoting", "SELECT search_fold('ＰＵＭＰ　４０')").await;
        assert_eq!(folded, "pump 40");
        let none = yewu
            .sql(
                "quoting",
                "SELECT (search_wanted(' ') = '{}' AND search_patterns(' ') = '{}' AND search_grams('') = '{}')::text",
            )
            .await;
        assert_eq!(none, "true");
    });
}
