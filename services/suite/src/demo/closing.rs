//! Money and satisfaction: contracts' milestones are paid, aftersales asks the customer.
use super::play::Play;
use super::selling::Sold;
use crate::rest::{text, until};
use anyhow::Context;
use platform::auth::Role;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use wire::Amount;

const CONTRACTS: &str = "/api/contracts/v1";
const AFTERSALES: &str = "/api/aftersales/v1";

impl Play<'_> {
    /// All milestones are due by now: one receipt pays them.
    pub(super) async fn pay(&self, sold: &Sold) -> anyhow::Result<()> {
        let finance = self.step("create_receipt")?;
        let list = format!("{CONTRACTS}/payment-milestones?case_id={}", sold.case_id);
        let milestones = until(&format!("all of {list} due"), async || {
            let found = finance.get(&list).await?["items"].as_array().cloned().unwrap_or_default();
            let all_due = !found.is_empty() && found.iter().all(|milestone| milestone["status"] != "pending");
            Ok(Some(found).filter(|_| all_due))
        })
        .await?;
        let mut sum = Decimal::ZERO;
        let mut allocations = Vec::new();
        for milestone in &milestones {
            let open: Amount = text(milestone, "open")?.parse().map_err(|why| anyhow::anyhow!("{why}"))?;
            sum += open.get();
            allocations.push(json!({"payment_milestone_id": milestone["id"], "amount": open}));
        }
        let receipt = json!({"account_id": sold.account_id, "received_on": self.day(0)?, "channel": "bank_transfer",
            "amount": {"amount": sum.to_string(), "currency": self.deal.currency}, "reference": format!("FT-{}", sold.case_id)});
        let receipt = finance.create(&format!("{CONTRACTS}/receipts"), &receipt).await?;
        let path = format!("{CONTRACTS}/receipts/{}", text(&receipt, "id")?);
        self.step("allocate_receipt")?.act(&path, "allocate", &json!({"allocations": allocations})).await?;
        Ok(())
    }

    /// The revisit with its survey, until the customer has said that they are satisfied.
    pub(super) async fn revisit(&self, order: &str) -> anyhow::Result<()> {
        let service = self.step("contact_revisit")?;
        let revisit = service.first(&format!("{AFTERSALES}/revisits?order_id={order}")).await?;
        let path = format!("{AFTERSALES}/revisits/{}", text(&revisit, "id")?);
        let reached = json!({"reached": true, "channel": "phone", "person": self.deal.customer.person});
        let contacted = service.act(&path, "contact", &reached).await?;
        let survey = format!("{AFTERSALES}/surveys/{}", text(&contacted, "survey_id")?);
        let scores: Value = (1..=5)
            .map(|question| json!({"question": question, "score": if question % 2 == 0 { 4 } else { 5 }}))
            .collect();
        let answers = json!({"answers": scores, "evidence": self.evidence("phone")});
        self.step("answer_survey")?.act(&survey, "answer", &answers).await?;
        let closed = self.step("close_revisit")?.act(&path, "close", &json!({})).await?;
        anyhow::ensure!(closed["satisfied"] == true, "{path} ended with satisfied = {}", closed["satisfied"]);
        Ok(())
    }

    /// The case as the graph tells it, once it says that the customer is satisfied.
    pub(super) async fn satisfied(&self, case_id: &str) -> anyhow::Result<Value> {
        let reader = self.rest.person(Role::Auditor);
        let path = format!("/api/crm/v1/cases/{case_id}");
        until(&format!("{path} satisfied"), async || {
            Ok(Some(reader.get(&path).await?).filter(|graph| graph["status"] == "satisfied"))
        })
        .await
        .context("the case graph does not say so")
    }
}
