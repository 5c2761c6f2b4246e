//! Search: words of any language in quotes and products, and by an index.
use crate::{PRODUCTS, QUOTES, account, encoded, fresh_sku, product, put_product, run};
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
