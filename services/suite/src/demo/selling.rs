//! From the lead to the customer's yes: crm and quoting.
use super::play::Play;
use crate::rest::text;
use serde_json::{Value, json};
use wire::line::NewLine;

/// What selling leaves behind.
pub(super) struct Sold {
    pub case_id: String,
    pub account_id: String,
}

const CRM: &str = "/api/crm/v1";
const QUOTING: &str = "/api/quoting/v1";

impl Play<'_> {
    pub(super) async fn sell(&self) -> anyhow::Result<Sold> {
        let lead = self.win_over().await?;
        let sold =
            Sold { case_id: text(&lead, "case_id")?.to_owned(), account_id: text(&lead, "account_id")?.to_owned() };
        let opportunity = text(&lead, "opportunity_id")?;
        let specification = self.specify(opportunity).await?;
        let cost_sheet = self.cost(opportunity).await?;
        self.quote(&sold, opportunity, &specification, &cost_sheet).await?;
        Ok(sold)
    }

    /// A lead, until it is converted.
    async fn win_over(&self) -> anyhow::Result<Value> {
        let customer = &self.deal.customer;
        let mut new = json!({"party_type": "org", "name": customer.name, "contact_name": customer.person,
            "source": "exhibition", "need": self.deal.need, "on_duplicate": "attach", "duplicate_of": customer.account_id});
        if !customer.phone.is_empty() {
            new["contact_phone"] = json!(customer.phone);
        }
        let lead = self.step("create_lead")?.create(&format!("{CRM}/leads"), &new).await?;
        let path = format!("{CRM}/leads/{}", text(&lead, "id")?);
        self.step("screen_lead")?.act(&path, "screen", &json!({"result": "pass", "class": "a"})).await?;
        let talk = json!({"channel": "phone", "outcome": "客户确认近期采购 wants to buy soon"});
        self.step("contact_lead")?.act(&path, "contact", &talk).await?;
        self.step("qualify_lead")?.act(&path, "qualify", &json!({"need": self.deal.need})).await?;
        let opportunity = json!({"opportunity_name": format!("{} – {}", customer.name, self.deal.storyline),
            "amount": self.deal.gross().gross, "expected_close": self.day(30)?});
        self.step("convert_lead")?.act(&path, "convert", &opportunity).await
    }

    /// The specification, clarified and confirmed by the customer.
    async fn specify(&self, opportunity: &str) -> anyhow::Result<String> {
        let items: Value = self.deal.lines.iter().map(|line| {
            json!({"field": "quantity", "priority": "must", "text": line.name, "sku": line.sku, "quantity": line.line.quantity})
        }).collect();
        let new = json!({"opportunity_id": opportunity, "title": self.deal.need, "items": items});
        let made = self.step("create_requirement_spec")?.create(&format!("{CRM}/requirement-specs"), &new).await?;
        let path = format!("{CRM}/requirement-specs/{}", text(&made, "id")?);
        self.step("submit_requirement_spec")?.act(&path, "submit", &json!({})).await?;
        let question = json!({"question": "交货地点是否可以卸货？ Can the site unload?", "answer": "可以，有行车 Yes, there is a crane"});
        self.step("clarify_requirement_spec")?.act(&path, "clarify", &question).await?;
        self.step("submit_requirement_spec")?.act(&path, "submit", &json!({})).await?;
        let yes = json!({"evidence": self.evidence("email")});
        self.step("confirm_requirement_spec")?.act(&path, "confirm", &yes).await?;
        Ok(text(&made, "id")?.to_owned())
    }

    /// What it will cost us, verified by finance and locked.
    async fn cost(&self, opportunity: &str) -> anyhow::Result<String> {
        let material = |line: &NewLine| {
            let unit_cost = (line.unit_price.get() * rust_decimal::Decimal::new(6, 1)).round_dp(2);
            json!({"kind": "material", "sku": line.sku, "description": line.sku, "quantity": line.quantity,
                "unit_cost": unit_cost.to_string()})
        };
        let mut lines: Vec<Value> = self.deal.lines.iter().map(|line| material(&line.line)).collect();
        lines.push(json!({"kind": "labor", "description": "包装 packing", "quantity": "1.5", "unit_cost": "20.00"}));
        let new = json!({"opportunity_id": opportunity, "currency": self.deal.currency, "lines": lines});
        let sheet = self.step("create_cost_sheet")?.create(&format!("{QUOTING}/cost-sheets"), &new).await?;
        let path = format!("{QUOTING}/cost-sheets/{}", text(&sheet, "id")?);
        self.step("submit_cost_sheet")?.act(&path, "submit", &json!({})).await?;
        self.step("verify_cost_sheet")?.act(&path, "verify", &json!({})).await?;
        self.step("lock_cost_sheet")?.act(&path, "lock", &json!({})).await?;
        Ok(text(&sheet, "id")?.to_owned())
    }

    /// The quote, until the customer says yes.
    async fn quote(&self, sold: &Sold, opportunity: &str, specification: &str, cost_sheet: &str) -> anyhow::Result<()> {
        let new = json!({"account_id": sold.account_id, "opportunity_id": opportunity, "requirement_spec_id": specification,
            "cost_sheet_id": cost_sheet, "currency": self.deal.currency, "lines": self.deal.lines(),
            "payment_terms": self.deal.payment_terms(), "valid_until": self.day(60)?, "delivery_date": self.day(90)?,
            "external_refs": self.deal.external_refs()});
        let quote = self.step("create_quote")?.create(&format!("{QUOTING}/quotes"), &new).await?;
        let id = text(&quote, "id")?;
        let path = format!("{QUOTING}/quotes/{id}");
        self.step("submit_quote")?.act(&path, "submit", &json!({})).await?;
        self.approve("quoting", id).await?;
        self.step("issue_quote")?.act(&path, "issue", &json!({})).await?;
        let yes = json!({"evidence": self.evidence("email")});
        let accepted = self.step("accept_quote")?.act(&path, "accept", &yes).await?;
        let wanted = if self.deal.storyline == "contract" { "contract" } else { "order" };
        anyhow::ensure!(accepted["route"] == wanted, "{path} took the route {}, not {wanted}", accepted["route"]);
        Ok(())
    }
}
