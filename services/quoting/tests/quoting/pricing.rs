//! Prices: books, the policy, the market, rate cards, and what a quote keeps of them (QUO-05, 11).
use crate::{PRODUCTS, QUOTES, account, fresh_sku, on_sale, run, told};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    approval::Approval,
    crm::{AccountId, AccountSnapshot, AccountTier, AccountUpdated},
    quoting::{
        LineKind, MarketPrice, PriceBook, PriceBookEntry, PriceConcern, PricedQuote, PricingPolicy, Quote,
        QuotePriceTrace, RateCard,
    },
};

const BOOKS: &str = "/api/quoting/v1/price-books";
const POLICIES: &str = "/api/quoting/v1/pricing-policies";
const MARKET: &str = "/api/quoting/v1/market-prices";
const CARDS: &str = "/api/quoting/v1/rate-cards";
const PRICE: &str = "/api/quoting/v1/quotes/price";

/// A customer of this grade and region, as crm tells of it.
async fn graded(yewu: &Yewu, tier: AccountTier, region: &str) -> AccountId {
    let id = account(yewu).await;
    let (number, name, status) = ("AC-2026-000002".into(), "宏达机械".into(), "active".into());
    let (tier, region) = (Some(tier), Some(region.into()));
    yewu.hear(&AccountUpdated(AccountSnapshot { id, number, name, status, tier, region, version: 2 })).await;
    id
}
async fn book(yewu: &Yewu, changes: Value) -> PriceBook {
    let mut body = json!({"name": "2026", "currency": "CNY", "first_day": "2026-01-01"});
    let changes = changes.as_object().expect("changes are an object").clone();
    body.as_object_mut().expect("so is the body").extend(changes);
    let book: PriceBook = yewu.role("sales_manager").post(BOOKS, body).await.created();
    yewu.role("finance_manager").act(&format!("{BOOKS}/{}", book.id), "publish", json!({})).await.ok()
}
async fn asked(client: &Client, account: AccountId, sku: &str, quantity: &str) -> PricedQuote {
    let body = json!({"account_id": account, "currency": "CNY", "lines": [{"sku": sku, "quantity": quantity}]});
    client.post(PRICE, body).await.ok()
}
fn kinds(priced: &PricedQuote) -> String {
    priced.lines[0].pricing.trace.iter().map(|step| step.kind.as_str()).collect::<Vec<_>>().join(" ")
}
fn new_quote(account: AccountId, line: Value) -> Value {
    json!({"account_id": account, "currency": "CNY", "valid_until": "2099-12-31", "lines": [line]})
}

#[test]
fn quo_05_a_published_book_prices_by_quantity_for_whom_it_is_and_until_it_is_retired() {
    run(async |yewu| {
        let (sales, sku) = (yewu.role("sales_rep"), on_sale(yewu).await.sku);
        let (key, other) =
            (graded(yewu, AccountTier::Key, "华东").await, graded(yewu, AccountTier::Standard, "华东").await);
        assert_eq!(kinds(&asked(&sales, key, &sku, "10").await), "list_price");
        let entries =
            json!([{"sku": sku, "unit_price": "1200"}, {"sku": sku, "from_quantity": "10", "unit_price": "1150.5"}]);
        let book = book(yewu, json!({"tier": "key", "entries": entries})).await;
        let unit = async |account, quantity: &str| {
            asked(&sales, account, &sku, quantity).await.lines[0].pricing.unit_price.to_string()
        };
        let prices = [unit(key, "9").await, unit(key, "10").await, unit(key, "11").await, unit(other, "10").await];
        assert_eq!(prices, ["1200.00", "1150.50", "1150.50", "1250.00"]);
        let traced = asked(&sales, key, &sku, "10").await;
        let source = traced.lines[0].pricing.trace[0].source.clone().unwrap();
        assert_eq!((source.kind.as_str(), source.id, source.version), ("price_book", book.id.into(), 2));
        assert_eq!(
            (traced.total.to_string(), traced.concerns),
            ("11505.00 CNY".into(), vec![PriceConcern::CostUnknown])
        );
        // The customer's own book comes before the grade's.
        let entries = json!([{"sku": sku, "unit_price": "1100"}]);
        self::book(yewu, json!({"account_id": key, "entries": entries})).await;
        assert_eq!(unit(key, "10").await, "1100.00");
        let path = format!("{BOOKS}/{}/entries?sku={sku}", book.id);
        let page: Page<PriceBookEntry> = sales.get(&path).await.ok();
        assert_eq!(page.items.len(), 2);
        let finance = yewu.role("finance_manager");
        finance
            .act(&format!("{BOOKS}/{}", book.id), "retire", json!({"reason": "2027 follows"}))
            .await
            .ok::<PriceBook>();
        let third = graded(yewu, AccountTier::Key, "华北").await;
        assert_eq!(unit(third, "10").await, "1250.00");
    });
}

#[test]
fn quo_05_a_book_holds_from_its_first_through_its_last_day_and_whoever_made_it_does_not_publish_it() {
    run(async |yewu| {
        let (sales, sku, customer) = (yewu.role("sales_rep"), on_sale(yewu).await.sku, account(yewu).await);
        let entries = json!([{"sku": sku, "unit_price": "1"}]);
        book(yewu, json!({"entries": entries, "first_day": "2026-05-02", "last_day": "2026-05-04"})).await;
        for (day, price) in
            [("2026-05-01", "1250.00"), ("2026-05-02", "1.00"), ("2026-05-04", "1.00"), ("2026-05-05", "1250.00")]
        {
            let body = json!({"account_id": customer, "currency": "CNY", "day": day, "lines": [{"sku": sku, "quantity": "1"}]});
            let priced: PricedQuote = sales.post(PRICE, body).await.ok();
            assert_eq!(priced.lines[0].pricing.unit_price.to_string(), price, "{day}");
        }
        let finance = yewu.role("finance_manager");
        let body = json!({"name": "mine", "currency": "CNY", "first_day": "2026-01-01", "entries": entries});
        let draft: PriceBook = finance.post(BOOKS, body).await.created();
        let path = format!("{BOOKS}/{}", draft.id);
        finance.act(&path, "publish", json!({})).await.problem(403, "price_book.maker");
        assert_eq!(crate::blocked(&finance, &path, "publish").await, ["price_book.maker"], "and the button says so");
        assert!(crate::blocked(&yewu.role("finance_director"), &path, "publish").await.is_empty());
        let changed: PriceBook = finance.patch(&path, json!({"entries": [{"sku": sku, "unit_price": "2"}, {"sku": sku, "from_quantity": "5", "unit_price": "1"}]})).await.ok();
        assert_eq!((changed.entry_count, changed.version), (2, 2));
        yewu.role("sales_manager").act(&path, "publish", json!({})).await.problem(403, "permission.missing");
        yewu.role("finance_director").act(&path, "publish", json!({})).await.ok::<PriceBook>();
        finance.patch(&path, json!({"name": "other"})).await.problem(409, "state.refused");
        let unknown = json!({"name": "x", "currency": "CNY", "first_day": "2026-01-01", "entries": [{"sku": fresh_sku(), "unit_price": "1"}]});
        finance.post(BOOKS, unknown).await.problem(422, "price_book.sku");
    });
}

#[test]
fn quo_05_a_published_policy_prices_quotes_with_a_trace_and_finance_decides_below_its_floor() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let (sales, boss) = (yewu.role("sales_rep"), yewu.role("finance_director"));
        let customer = graded(&yewu, AccountTier::Key, "华东").await;
        let sku = on_sale(&yewu).await.sku;
        let rival = json!({"sku": sku, "kind": "competitor", "source": "南方泵业", "unit_price": {"amount": "1050", "currency": "CNY"}, "day": "2026-01-02"});
        let seen: MarketPrice = sales.post(MARKET, &rival).await.created();
        let rules = json!([{"kind": "grade_discount", "tier": "key", "rate": "0.1"},
            {"kind": "market_alignment", "basis": "lowest", "rate": "0", "most_age_days": 365},
            {"kind": "minimum_price", "rate": "0.88"}, {"kind": "rounding"}]);
        let body = json!({"follows": 1, "rules": rules, "reason": "年度价格政策"});
        sales.post(POLICIES, &body).await.problem(403, "permission.missing");
        let policy: PricingPolicy = boss.post(POLICIES, &body).await.created();
        assert_eq!(told(&yewu, policy.id).await, "quoting.price_policy.published.v1");
        boss.post(POLICIES, &body).await.problem(409, "pricing_policy.overtaken");
        let listed: Page<PricingPolicy> = sales.get(POLICIES).await.ok();
        assert_eq!(listed.items.iter().map(|policy| policy.revision).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(sales.get(&format!("{POLICIES}/{}", policy.id)).await.ok::<PricingPolicy>().revision, 2);
        // 1250 − 10 % = 1125, the market's 1050 is less, the floor of 88 % is 1100.
        let today = seen.created_at.to_string()[..10].to_owned();
        let fresh = rival_of(&rival, &today);
        sales.post(MARKET, &fresh).await.created::<MarketPrice>();
        let priced = asked(&sales, customer, &sku, "2").await;
        assert_eq!(kinds(&priced), "list_price grade_discount market_alignment minimum_price");
        assert_eq!((priced.total.to_string(), priced.pricing_policy_revision), ("2200.00 CNY".into(), 2));

        // A quote without a price is priced by it, and keeps how.
        let quote: Quote = sales
            .post(QUOTES, new_quote(customer, json!({"sku": sku, "quantity": "2", "tax_rate": "0.13"})))
            .await
            .created();
        let line = &quote.lines[0];
        assert_eq!(
            (line.line.unit_price.to_string(), line.manual, line.price_floor.unwrap().to_string()),
            ("1100.00".into(), false, "1100.00".into())
        );
        let path = format!("{QUOTES}/{}", quote.id);
        let trace: QuotePriceTrace = sales.get(&format!("{path}/price-trace")).await.ok();
        assert_eq!(trace.lines[0].pricing.as_ref().unwrap().trace, priced.lines[0].pricing.trace);
        // By hand: a cent below the floor asks finance as well, the floor itself does not.
        for (price, policy, deviation) in [
            ("1099.99", "quoting.quote.low_margin", "-0.01"),
            ("1100.00", "quoting.quote", "0.00"),
            ("1100.01", "quoting.quote", "0.01"),
        ] {
            let body = new_quote(customer, json!({"sku": sku, "quantity": "1", "unit_price": price}));
            let quote: Quote = sales.post(QUOTES, body).await.created();
            let path = format!("{QUOTES}/{}", quote.id);
            let trace: QuotePriceTrace = sales.get(&format!("{path}/price-trace")).await.ok();
            let pricing = trace.lines[0].pricing.as_ref().unwrap();
            assert_eq!(
                (pricing.deviation.unwrap().to_string(), pricing.trace.last().unwrap().kind.as_str()),
                (deviation.into(), "manual")
            );
            crate::quotes::costed(&yewu, &sales, &quote).await;
            sales.act(&path, "submit", json!({})).await.ok::<Quote>();
            let approvals = format!("/api/quoting/v1/approvals?subject_id={}", quote.id);
            let page: Page<Approval> = yewu.role("auditor").get(&approvals).await.ok();
            assert_eq!(page.items[0].policy_key, policy, "{price}");
        }
        anew(&yewu, &quote, &sku).await;
        // A mistake is withdrawn, and no price follows it any more.
        let mistake = format!("{MARKET}/{}", seen.id);
        let reason = json!({"reason": "typing error"});
        yewu.role("sales_manager").act(&mistake, "withdraw", reason).await.ok::<MarketPrice>();
        let left: Page<MarketPrice> = sales.get(&format!("{MARKET}?sku={sku}&status=recorded")).await.ok();
        assert_eq!(left.items.len(), 1);
    });
}
/// New lines of a draft are priced anew; a revision keeps the trace.
async fn anew(yewu: &Yewu, quote: &Quote, sku: &str) {
    let (sales, path) = (yewu.role("sales_rep"), format!("{QUOTES}/{}", quote.id));
    let patched: Quote = sales.patch(&path, json!({"lines": [{"sku": sku, "quantity": "3"}]})).await.ok();
    assert_eq!((patched.lines.len(), patched.totals.net.to_string()), (1, "3300.00 CNY".into()));
    let trace: QuotePriceTrace = sales.get(&format!("{path}/price-trace")).await.ok();
    assert_eq!(trace.lines.len(), 1);
    sales.act(&path, "submit", json!({})).await.ok::<Quote>();
    crate::quotes::approve(yewu, quote.id.into()).await;
    sales.act(&path, "issue", json!({})).await.ok::<Quote>();
    let revised: Quote = sales.act(&path, "revise", json!({})).await.created();
    let trace: QuotePriceTrace = sales.get(&format!("{QUOTES}/{}/price-trace", revised.id)).await.ok();
    assert!(trace.lines[0].pricing.is_some());
}
fn rival_of(rival: &Value, day: &str) -> Value {
    let mut rival = rival.clone();
    rival["day"] = json!(day);
    rival
}

#[test]
fn quo_05_whoever_may_know_costs_sees_the_margin_and_others_do_not() {
    run(async |yewu| {
        let customer = account(yewu).await;
        let deal = crate::heard_opportunity(yewu, customer).await;
        let sheet = crate::sheet(yewu, deal.id).await;
        let body = json!({"account_id": customer, "currency": "CNY", "cost_sheet_id": sheet.id,
            "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": "10"}]});
        yewu.role("warehouse").post(PRICE, &body).await.problem(403, "permission.missing");
        let boss = yewu.role("sales_manager");
        let open: PricedQuote = boss.post(PRICE, &body).await.ok();
        assert_eq!((open.margin, open.concerns), (None, vec![PriceConcern::CostUnknown]), "nothing is locked yet");
        crate::lock_sheet(yewu, &sheet).await;
        for role in ["sales_manager", "department_head", "finance_manager"] {
            let known: PricedQuote = yewu.role(role).post(PRICE, &body).await.ok();
            assert_eq!(
                (known.margin.unwrap().cost.to_string(), known.concerns),
                (sheet.totals.total.to_string(), vec![PriceConcern::LowMargin])
            );
        }
        // Others do not see the figures, and are told all the same who would decide.
        let rep: PricedQuote = yewu.role("sales_rep").post(PRICE, &body).await.ok();
        assert_eq!((rep.margin, rep.approval_required), (None, true));
        let deciding: Vec<&str> = rep.approval_steps.iter().map(|step| step.roles[0].code.as_str()).collect();
        assert_eq!(deciding, ["sales_manager", "finance_manager"]);
        let mut elsewhere = body.clone();
        elsewhere["account_id"] = json!(account(yewu).await);
        yewu.role("sales_rep").post(PRICE, elsewhere).await.problem(422, "pricing.cost_sheet");
        let stranger = yewu.user("sales_manager", "far", "other", "other");
        stranger.post(PRICE, &body).await.problem(422, "pricing.cost_sheet");
        let nobody =
            json!({"account_id": Uuid::now_v7(), "currency": "CNY", "lines": [{"sku": "PUMP-40", "quantity": "1"}]});
        boss.post(PRICE, nobody).await.problem(422, "body.invalid");
        let dollars =
            json!({"account_id": customer, "currency": "USD", "lines": [{"sku": "PUMP-40", "quantity": "1"}]});
        assert_eq!(
            boss.post(PRICE, dollars).await.problem(422, "pricing.no_price").errors[0].pointer,
            "/lines/0/unit_price"
        );
    });
}

#[test]
fn quo_18_a_grade_may_have_a_margin_floor_of_its_own() {
    testkit::alone(async || {
        let yewu = Yewu::start(&[quoting::SERVICE], |_| {}, false).await;
        yewu.staff(&["sales_manager", "finance_manager"]).await;
        let floors = json!({"follows": 1, "rules": [], "margin_floors": [{"tier": "key", "floor": "0.2"}], "reason": "key accounts"});
        yewu.role("finance_director").post(POLICIES, floors).await.created::<PricingPolicy>();
        let customer = graded(&yewu, AccountTier::Key, "华东").await;
        let deal = crate::heard_opportunity(&yewu, customer).await;
        let costs = json!({"opportunity_id": deal.id, "currency": "CNY", "lines": [{"kind": "other", "description": "外购", "quantity": "1", "unit_cost": "800.00"}]});
        let sheet: wire::quoting::CostSheet = yewu.role("technical").post(crate::SHEETS, costs).await.created();
        crate::lock_sheet(&yewu, &sheet).await;
        let sales = yewu.role("sales_rep");
        for (net, policy) in
            [("999.99", "quoting.quote.low_margin"), ("1000.00", "quoting.quote"), ("1000.01", "quoting.quote")]
        {
            let body = json!({"account_id": customer, "opportunity_id": deal.id, "cost_sheet_id": sheet.id, "currency": "CNY",
                "valid_until": "2099-12-31", "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": net}]});
            let quote: Quote = sales.post(QUOTES, body).await.created();
            sales.act(&format!("{QUOTES}/{}", quote.id), "submit", json!({})).await.ok::<Quote>();
            let approvals = format!("/api/quoting/v1/approvals?subject_id={}", quote.id);
            let page: Page<Approval> = yewu.role("auditor").get(&approvals).await.ok();
            assert_eq!(page.items[0].policy_key, policy, "{net}");
            let margin: wire::quoting::QuoteMargin =
                yewu.role("sales_manager").get(&format!("{QUOTES}/{}/margin", quote.id)).await.ok();
            assert_eq!((margin.floor.to_string(), margin.pricing_policy_revision), ("0.2".into(), Some(2)));
        }
    });
}

#[test]
fn quo_11_a_service_line_is_hours_times_the_cards_rate() {
    run(async |yewu| {
        let (sales, customer, sku) = (yewu.role("sales_rep"), account(yewu).await, on_sale(yewu).await.sku);
        let finance = yewu.role("finance_manager");
        let card = json!({"role": "高级工程师", "hourly_rate": "380.00", "currency": "CNY", "first_day": "2026-01-01"});
        sales.post(CARDS, &card).await.problem(403, "permission.missing");
        let card: RateCard = finance.post(CARDS, &card).await.created();
        let line = |service: Value| {
            let mut line = json!({"kind": "service", "sku": sku, "tax_rate": "0.06", "service": {"rate_card_id": card.id, "est_hours": "16.5"}});
            line["service"].as_object_mut().unwrap().extend(service.as_object().unwrap().clone());
            new_quote(customer, line)
        };
        let quote: Quote = sales.post(QUOTES, line(json!({}))).await.created();
        let shown = &quote.lines[0];
        assert_eq!(
            (shown.kind, shown.line.net.to_string(), shown.line.tax.to_string()),
            (LineKind::Service, "6270.00".into(), "376.20".into())
        );
        assert_eq!(shown.service.as_ref().unwrap().rate.to_string(), "380.00");
        let problem = sales.post(QUOTES, line(json!({"rate": "379.99"}))).await.problem(422, "quote.rate_deviation");
        assert_eq!(problem.errors[0].pointer, "/lines/0/service/deviation_reason");
        let by_hand: Quote =
            sales.post(QUOTES, line(json!({"rate": "379.99", "deviation_reason": "框架协议"}))).await.created();
        assert!(by_hand.lines[0].manual);
        let trace: QuotePriceTrace = sales.get(&format!("{QUOTES}/{}/price-trace", by_hand.id)).await.ok();
        let kinds: Vec<&str> =
            trace.lines[0].pricing.as_ref().unwrap().trace.iter().map(|step| step.kind.as_str()).collect();
        assert_eq!(kinds, ["rate_card", "manual"]);
        finance.act(&format!("{CARDS}/{}", card.id), "retire", json!({"reason": "new rates"})).await.ok::<RateCard>();
        sales.post(QUOTES, line(json!({}))).await.problem(422, "quote.rate_card");
        assert_eq!(sales.get(&format!("{CARDS}?status=retired")).await.ok::<Page<RateCard>>().items[0].id, card.id);
    });
}

#[test]
fn quo_05_a_product_without_a_price_in_the_currency_is_priced_by_hand_only() {
    run(async |yewu| {
        let (sales, customer) = (yewu.role("sales_rep"), account(yewu).await);
        let mut body = new_quote(customer, json!({"sku": "PUMP-40", "quantity": "1"}));
        body["currency"] = json!("USD");
        sales.post(QUOTES, &body).await.problem(422, "quote.no_price");
        body["lines"][0]["unit_price"] = json!("180.00");
        let quote: Quote = sales.post(QUOTES, &body).await.created();
        assert_eq!((quote.lines[0].manual, quote.lines[0].price_floor), (true, None));
        assert!(yewu.role("auditor").get(&format!("{PRODUCTS}?sku=PUMP-40")).await.status.is_success());
    });
}
