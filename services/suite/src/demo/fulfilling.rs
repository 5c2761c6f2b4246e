//! From the order's draft to the customer's acceptance: orders (procurement holds and issues the goods by itself).
use super::play::Play;
use crate::rest::{text, until};
use anyhow::Context;
use platform::auth::Role;
use serde_json::{Value, json};

const ORDERS: &str = "/api/orders/v1";

impl Play<'_> {
    /// The order that quote or contract became; its id.
    pub(super) async fn fulfil(&self, case_id: &str) -> anyhow::Result<String> {
        let clerk = self.step("submit_order")?;
        let order = clerk.first(&format!("{ORDERS}/orders?case_id={case_id}")).await?;
        let id = text(&order, "id")?.to_owned();
        let path = format!("{ORDERS}/orders/{id}");
        clerk.act(&path, "submit", &json!({})).await?;
        self.supply(&id).await?;
        let finance = self.step("complete_finance_review")?;
        let review = finance.first(&format!("{ORDERS}/finance-reviews?order_id={id}")).await?;
        let review = format!("{ORDERS}/finance-reviews/{}", text(&review, "id")?);
        finance.act(&review, "complete", &json!({"result": "approved_to_invoice"})).await?;
        self.step("confirm_order")?.act(&path, "confirm", &json!({})).await?;
        self.work(&id).await?;
        self.step("release_order")?.act(&path, "release", &json!({})).await?;
        self.ship(&id).await?;
        self.accept(&id).await?;
        Ok(id)
    }

    /// Every department does its part.
    async fn work(&self, order: &str) -> anyhow::Result<()> {
        let list = format!("{ORDERS}/work-items?order_id={order}");
        let reader = self.rest.person(Role::CustomerService);
        reader.first(&list).await?;
        let mut items = reader.get(&list).await?["items"].as_array().cloned().unwrap_or_default();
        // Goods are inspected once they are prepared.
        items.sort_by_key(|item| item["kind"] == "inspect_goods");
        for item in &items {
            let path = format!("{ORDERS}/work-items/{}", text(item, "id")?);
            let department = text(item, "department_id")?;
            let role = role_of(department).with_context(|| format!("who works in {department}?"))?;
            for (step, verb, body) in [
                ("acknowledge_work_item", "acknowledge", json!({})),
                ("start_work_item", "start", json!({})),
                ("complete_work_item", "complete", json!({"result": "合格 ok"})),
            ] {
                self.step_of(step, role)?.act(&path, verb, &body).await?;
            }
        }
        Ok(())
    }

    async fn ship(&self, order: &str) -> anyhow::Result<()> {
        let new = json!({"order_id": order});
        let shipment = self.step("create_shipment")?.create(&format!("{ORDERS}/shipments"), &new).await?;
        let number = text(&shipment, "number")?;
        let path = format!("{ORDERS}/shipments/{}", text(&shipment, "id")?);
        let label = json!({"carrier": "SF", "tracking_number": format!("SF-{number}")});
        self.step("pick_shipment")?.act(&path, "pick", &json!({})).await?;
        self.step("pack_shipment")?.act(&path, "pack", &json!({})).await?;
        self.step("label_shipment")?.act(&path, "label", &label).await?;
        self.step("hand_over_shipment")?.act(&path, "hand-over", &json!({})).await?;
        let notice = json!({"expected_on": self.day(3)?, "signing_requirements": "预约上门 by appointment"});
        self.step("notify_shipment")?.act(&path, "notify", &notice).await?;
        let signed = json!({"signer": self.deal.customer.person});
        self.step("deliver_shipment")?.act(&path, "deliver", &signed).await?;
        Ok(())
    }

    async fn accept(&self, order: &str) -> anyhow::Result<()> {
        let new = json!({"order_id": order});
        let invited = self.step("invite_acceptance")?.create(&format!("{ORDERS}/acceptances"), &new).await?;
        let path = format!("{ORDERS}/acceptances/{}", text(&invited, "id")?);
        let yes = json!({"evidence": self.evidence("document")});
        self.step("accept_acceptance")?.act(&path, "accept", &yes).await?;
        Ok(())
    }

    /// The order as it ends: delivered, accepted, paid.
    pub(super) async fn completed(&self, order: &str) -> anyhow::Result<Value> {
        let path = format!("{ORDERS}/orders/{order}");
        let reader = self.rest.person(Role::Auditor);
        until(&format!("{path} completed"), async || {
            Ok(Some(reader.get(&path).await?).filter(|order| order["status"] == "completed"))
        })
        .await
    }
}

fn role_of(department: &str) -> Option<Role> {
    let working = [Role::Warehouse, Role::Quality, Role::Technical, Role::Production, Role::Buyer];
    working.into_iter().find(|role| crate::people::department(*role) == department)
}
