//! What an order is short of is bought: decided by the order's people, asked for, approved by its tiers, then bought. The
//! sample asks three suppliers; a data set's goods have one supplier each and are bought under a waiver (ruling 11, D-06).
use super::{play::Play, receiving::PHOTO};
use crate::rest::{text, until};
use anyhow::Context;
use platform::auth::Role;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const ORDERS: &str = "/api/orders/v1";
pub(super) const PROCUREMENT: &str = "/api/procurement/v1";

impl Play<'_> {
    /// Buys until procurement holds everything that the order wants. Other deals may be faster to take what came in, so
    /// that the same order may be short again.
    pub(super) async fn supply(&self, order: &str) -> anyhow::Result<()> {
        while let Some(shortage) = self.shortage(order).await? {
            let path = format!("{ORDERS}/shortages/{}", text(&shortage, "id")?);
            let decision = json!({"decision": "expedite", "note": "客户急用 the customer is in a hurry"});
            let decided = self.step("decide_shortage")?.act_if(&path, "decide", &decision).await?;
            if decided.is_none() {
                continue;
            }
            for requisition in self.requisitions(order).await? {
                self.buy(&requisition).await?;
            }
        }
        Ok(())
    }

    /// What is short and undecided; nothing once the order has been checked.
    async fn shortage(&self, order: &str) -> anyhow::Result<Option<Value>> {
        let reader = self.rest.person(Role::Auditor);
        until(&format!("stock for order {order}"), async || {
            if reader.get(&format!("{ORDERS}/orders/{order}")).await?["status"] != "submitted" {
                return Ok(Some(None));
            }
            let open = reader.get(&format!("{ORDERS}/shortages?order_id={order}&status=open")).await?;
            Ok(open["items"].get(0).cloned().map(Some))
        })
        .await
    }

    /// The requisitions that were drafted for the shortage.
    async fn requisitions(&self, order: &str) -> anyhow::Result<Vec<Value>> {
        let buyer = self.step("submit_requisition")?;
        let list = format!("{PROCUREMENT}/requisitions?order_id={order}&status=draft");
        buyer.first(&list).await?;
        Ok(buyer.get(&list).await?["items"].as_array().cloned().unwrap_or_default())
    }

    async fn buy(&self, requisition: &Value) -> anyhow::Result<()> {
        let id = text(requisition, "id")?;
        let path = format!("{PROCUREMENT}/requisitions/{id}");
        let buyer = self.step("submit_requisition")?;
        let lines = self.estimated(requisition)?;
        // Lines that are written anew are new lines.
        let priced = if lines.is_empty() { None } else { Some(buyer.patch(&path, &json!({"lines": lines})).await?) };
        let requisition = priced.as_ref().unwrap_or(requisition);
        buyer.act(&path, "submit", &json!({})).await?;
        self.approve("procurement", id).await?;
        let purchase_order = if self.deal.external_ref.is_some() {
            self.order_under_waiver(requisition).await?
        } else {
            self.order_by_quotes(requisition).await?
        };
        self.purchase(&purchase_order).await
    }

    /// The lines anew where one has no price: a purchase costs six tenths of the sale, as on the cost sheet.
    fn estimated(&self, requisition: &Value) -> anyhow::Result<Vec<Value>> {
        let lines = requisition["lines"].as_array().context("a requisition has lines")?;
        let priced = |line: &Value| {
            line["estimated_unit_price"]
                .as_str()
                .and_then(|price| price.parse().ok())
                .is_some_and(|price: Decimal| !price.is_zero())
        };
        if lines.iter().all(priced) {
            return Ok(Vec::new());
        }
        let line = |line: &Value| {
            Ok(json!({"sku": line["sku"], "quantity": line["quantity"], "purpose": line["purpose"],
                "needed_on": line["needed_on"], "order_line_id": line["order_line_id"], "tax_rate": line["tax_rate"],
                "estimated_unit_price": self.cost_of(line)?.to_string()}))
        };
        lines.iter().map(line).collect()
    }
    fn cost_of(&self, line: &Value) -> anyhow::Result<Decimal> {
        let sku = text(line, "sku")?;
        let sold = self.deal.lines.iter().find(|sold| sold.sku == sku);
        let sold = sold.with_context(|| format!("{sku} is no line of the deal"))?;
        Ok((sold.line.unit_price.get() * Decimal::new(6, 1)).round_dp(2).max(Decimal::new(1, 2)))
    }

    /// Three quotes, the rule of 5 %, a sample where it wants one, the award (PRO-16 to 21).
    async fn order_by_quotes(&self, requisition: &Value) -> anyhow::Result<Value> {
        let suppliers = &self.deal.suppliers;
        let invited: Vec<Value> = suppliers.iter().map(|supplier| json!({"supplier_id": supplier})).collect();
        let new = json!({"requisition_ids": [requisition["id"]], "currency": self.deal.currency, "due_on": self.day(3)?,
            "inquiry": "请报产品规格、单价、交货期及售后服务承诺 Please quote details, price, delivery and service", "suppliers": invited});
        let rfq = self.step("create_rfq")?.create(&format!("{PROCUREMENT}/rfqs"), &new).await?;
        let path = format!("{PROCUREMENT}/rfqs/{}", text(&rfq, "id")?);
        self.step("send_rfq")?.act(&path, "send", &json!({})).await?;
        for (position, supplier) in suppliers.iter().enumerate() {
            let quote = self.supplier_quote(&rfq, supplier, position)?;
            self.step("record_quote_rfq")?.act(&path, "record-quote", &quote).await?;
        }
        self.step("close_rfq")?.act(&path, "close", &json!({})).await?;
        let evaluated = self.step("evaluate_rfq")?.act(&path, "evaluate", &json!({})).await?;
        let basis = text(&evaluated["ruling"], "basis")?;
        let winner = &suppliers[0];
        if basis == "sample_test" {
            self.test_sample(&rfq, winner).await?;
        }
        let comparison = self.rest.person(Role::ProcurementManager).get(&format!("{path}/comparison")).await?;
        let mut award = json!({"supplier_id": winner, "basis": basis});
        if comparison["recommended_supplier_id"] != json!(winner) {
            award["reason"] = json!("性价比最优 best value for money");
        }
        self.step("award_rfq")?.act(&path, "award", &award).await?;
        Ok(json!({"supplier_id": winner, "rfq_id": rfq["id"]}))
    }

    /// The first supplier is the cheapest; the second comes within 5 % of it or stays above, by the deal.
    fn supplier_quote(&self, rfq: &Value, supplier: &str, position: usize) -> anyhow::Result<Value> {
        let above = [0, if self.deal.close_quotes { 3 } else { 8 }, 15][position.min(2)];
        let line = |line: &Value| {
            let price = self.cost_of(line)? * Decimal::from(100 + above) / Decimal::ONE_HUNDRED;
            Ok(json!({"requisition_line_id": line["requisition_line_id"], "unit_price": price.round_dp(2).to_string(),
                "tax_rate": "0.13", "quantity": line["quantity"], "lead_time_days": 3 + position}))
        };
        let lines = rfq["lines"].as_array().context("a request for quotation has lines")?;
        let lines = lines.iter().map(line).collect::<anyhow::Result<Vec<Value>>>()?;
        Ok(
            json!({"supplier_id": supplier, "currency": self.deal.currency, "lines": lines, "after_sales": "一年质保，两日内上门 One year, on site in two days",
            "after_sales_score": 5 - position, "quality_score": 5 - position, "valid_until": self.day(30)?,
            "evidence": {"channel": "email", "person": "销售部 sales", "at": self.rest.now()}}),
        )
    }

    async fn test_sample(&self, rfq: &Value, supplier: &str) -> anyhow::Result<()> {
        let new = json!({"rfq_id": rfq["id"], "supplier_id": supplier, "sample": "一件样品 one piece",
            "criteria": ["运行 8 小时 runs for 8 hours", "噪声合格 not too loud"]});
        let test = self.step("create_sample_test")?.create(&format!("{PROCUREMENT}/sample-tests"), &new).await?;
        let path = format!("{PROCUREMENT}/sample-tests/{}", text(&test, "id")?);
        self.step("receive_sample_test")?.act(&path, "receive", &json!({})).await?;
        self.step("start_sample_test")?.act(&path, "start", &json!({})).await?;
        let tester = self.step("complete_sample_test")?;
        let result = json!({"results": [{"passed": true}, {"passed": true}],
            "testers": [{"name": tester.reference(), "role": "technical"}]});
        tester.act(&path, "complete", &result).await?;
        Ok(())
    }

    /// The product's own supplier, with leave to ask nobody else.
    async fn order_under_waiver(&self, requisition: &Value) -> anyhow::Result<Value> {
        let buyer = self.step("create_sourcing_waiver")?;
        let item = text(&requisition["lines"][0], "sku")?;
        let item = buyer.first(&format!("{PROCUREMENT}/items?sku={item}")).await?;
        let supplier = text(&item, "preferred_supplier_id")?;
        let grounds = buyer.upload("procurement", ("waiver", "sole-source.png"), "image/png", PHOTO).await?;
        let new = json!({"reason_code": "sole_source", "justification": "该产品仅此一家供应 its only supplier",
            "supplier_id": supplier, "requisition_ids": [requisition["id"]], "attachment_id": grounds});
        let waiver = buyer.create(&format!("{PROCUREMENT}/sourcing-waivers"), &new).await?;
        let id = text(&waiver, "id")?;
        let path = format!("{PROCUREMENT}/sourcing-waivers/{id}");
        self.step("submit_sourcing_waiver")?.act(&path, "submit", &json!({})).await?;
        self.approve("procurement", id).await?;
        let line = |line: &Value| {
            json!({"requisition_line_id": line["id"], "quantity": line["quantity"],
                "unit_price": line["estimated_unit_price"], "tax_rate": line["tax_rate"], "lead_time_days": 3})
        };
        let lines = requisition["lines"].as_array().context("a requisition has lines")?;
        let lines: Vec<Value> = lines.iter().map(line).collect();
        // What was approved with the waiver is what may be spent under it, in its currency.
        let currency = &waiver["total"]["currency"];
        Ok(json!({"supplier_id": supplier, "waiver_id": id, "currency": currency, "lines": lines}))
    }
}
