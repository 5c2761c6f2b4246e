//! From the draft that the accepted quote became to a contract that binds: contracts.
use super::{play::Play, receiving::PHOTO, selling::Sold};
use crate::rest::text;
use serde_json::json;

const CONTRACTS: &str = "/api/contracts/v1/contracts";

impl Play<'_> {
    pub(super) async fn contract(&self, sold: &Sold) -> anyhow::Result<()> {
        let seller = self.step("agree_contract")?;
        let draft = seller.first(&format!("{CONTRACTS}?case_id={}", sold.case_id)).await?;
        let id = text(&draft, "id")?;
        let path = format!("{CONTRACTS}/{id}");
        seller.act(&path, "agree", &json!({"evidence": self.evidence("meeting")})).await?;
        self.step("submit_contract")?.act(&path, "submit", &json!({})).await?;
        let checklist =
            json!({"company_interests": true, "business_needs": true, "risk_control": true, "legal_risks": true});
        self.step("check_contract")?.act(&path, "check", &checklist).await?;
        self.approve("contracts", id).await?;
        let ours = json!({"party": "ours", "signer": "王总", "authority": "法定代表人", "method": "seal"});
        let signer = self.step("sign_contract")?;
        let approved = signer.act(&path, "sign", &ours).await?;
        // The paper bears the fingerprint of the approved document; its scan shows signature and seal.
        let scan = signer.upload("contracts", ("signature_scan", "contract.png"), "image/png", PHOTO).await?;
        let theirs = json!({"party": "customer", "signer": self.deal.customer.person, "authority": "法定代表人", "method": "seal",
            "attachment_id": scan, "document_sha256": text(&approved, "document_sha256")?,
            "evidence": self.evidence("document")});
        self.step("sign_contract")?.act(&path, "sign", &theirs).await?;
        self.step("activate_contract")?.act(&path, "activate", &json!({})).await?;
        Ok(())
    }
}
