//! What was signed is the approved version, or the contract does not bind (CON-12).
use crate::setting::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::Yewu;
use uuid::Uuid;
use wire::contracts::{Contract, ContractStatus, ContractVersion, Party};

const REGISTER: &str = "/api/contracts/v1/document-register";

#[test]
fn con_12_the_document_of_a_version_is_the_same_for_ever_and_is_named_by_its_fingerprint() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "9000.00").await;
        let contract = approved(yewu, &contract).await;
        let sales = yewu.role("sales_rep");
        let place = format!("{}/document", path(&contract));
        let document = sales.get(&place).await;
        assert_eq!(document.status.as_u16(), 200);
        assert_eq!(format!("{:x}", Sha256::digest(&document.bytes)), contract.document_sha256);
        assert_eq!(document.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(document.etag(), format!("\"{}\"", contract.document_sha256));
        let name = format!("attachment; filename=\"{}-1.txt\"", contract.number);
        assert!(document.header("content-disposition").starts_with(&name), "{:?}", document.headers);
        for part in ["销售合同 / Sale of goods", "晨光泵业", "9000.00 CNY", "违约责任"] {
            assert!(document.text.contains(part), "{part}");
        }
        let versions: Vec<ContractVersion> = sales.get(&format!("{}/versions", path(&contract))).await.ok();
        assert_eq!(versions[0].document_sha256, contract.document_sha256);
        assert_eq!(sales.get(&format!("{place}?revision=1")).await.bytes, document.bytes);
        sales.get(&format!("{place}?revision=2")).await.problem(404, "not_found");
        yewu.user("sales_rep", "stranger", "sales", "west").get(&place).await.problem(404, "not_found");
    });
}

#[test]
fn con_12_a_file_that_the_signer_may_not_see_is_not_there_to_be_named() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "9000.00").await;
        let contract = approved(yewu, &contract).await;
        let stranger = yewu.user("sales_rep", "sales_rep-west", "west", "west");
        let theirs = customers_by_scan(&stranger, &contract).await;
        let manager = yewu.role("sales_manager");
        manager.act(&path(&contract), "sign", &theirs).await.problem(422, "body.invalid");
        let file = format!("/api/contracts/v1/attachments/{}", theirs["attachment_id"].as_str().unwrap());
        let kept: wire::attachment::Attachment = stranger.get(&file).await.ok();
        assert_eq!((kept.entity, kept.confirmed), (None, false), "still theirs");
        let own = customers_by_scan(&manager, &contract).await;
        manager.act(&path(&contract), "sign", &own).await.ok::<Contract>();
        let file = format!("/api/contracts/v1/attachments/{}", own["attachment_id"].as_str().unwrap());
        assert!(manager.get(&file).await.ok::<wire::attachment::Attachment>().confirmed);
    });
}

async fn mismatches(yewu: &Yewu, contract: &Contract) -> String {
    let about = format!("subject = '{}' AND kind = 'contracts.signature.mismatch.v1'", contract.id);
    yewu.sql("contracts", &format!("SELECT count(*) FROM outbox WHERE {about}")).await
}

#[test]
fn con_12_a_file_that_is_not_the_approved_version_is_held_against_the_contract_until_the_right_one_is_signed() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "9000.00").await;
        let contract = approved(yewu, &contract).await;
        let boss = yewu.role("general_manager");
        let document = yewu.role("sales_rep").get(&format!("{}/document", path(&contract))).await.bytes;
        let mut forged = document.clone();
        forged.extend_from_slice("另：付款期限延长一年。".as_bytes());
        let file = uploaded(&boss, "signed_document", "text/plain", &forged).await;
        let mut body = customers();
        body["method"] = json!("electronic");
        body["attachment_id"] = json!(file.id);
        let held: Contract = boss.act(&path(&contract), "sign", &body).await.ok();
        assert_eq!((held.status, held.signatures.len()), (ContractStatus::Approved, 0), "the signature was not taken");
        let mismatch = &held.signature_mismatches[0];
        assert_eq!(
            (mismatch.party, &mismatch.signed_sha256, &mismatch.approved_sha256, mismatch.attachment_id),
            (Party::Customer, &file.sha256, &contract.document_sha256, Some(file.id.into()))
        );
        assert_eq!(mismatches(yewu, &contract).await, "1");
        // The file is the contract's from now on: whoever sees the contract sees what was signed.
        let seen: wire::attachment::Attachment =
            yewu.role("sales_rep").get(&format!("/api/contracts/v1/attachments/{}", file.id)).await.ok();
        assert_eq!((seen.entity.as_deref(), seen.entity_id), (Some("contract"), Some(contract.id.into())));

        let ours: Contract = boss.act(&path(&contract), "sign", ours()).await.ok();
        assert_eq!((ours.status, ours.signature_mismatches.len()), (ContractStatus::Signing, 1));
        let file = uploaded(&boss, "signed_document", "text/plain", &document).await;
        body["attachment_id"] = json!(file.id);
        let signed: Contract = boss.act(&path(&contract), "sign", &body).await.ok();
        assert_eq!((signed.status, signed.signature_mismatches.len()), (ContractStatus::Signed, 0));
        assert_eq!(mismatches(yewu, &contract).await, "1");
        yewu.role("legal").act(&path(&contract), "activate", json!({})).await.ok::<Contract>();
    });
}

#[test]
fn con_12_a_scan_states_the_fingerprint_that_the_paper_bears() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "9000.00").await;
        let contract = approved(yewu, &contract).await;
        let boss = yewu.role("general_manager");
        let sign = async |body: &Value| boss.act(&path(&contract), "sign", body).await;
        assert_eq!(
            sign(&customers()).await.problem(422, "contract.signature_unproven").errors[0].pointer,
            "/attachment_id"
        );
        let mut body = customers_by_scan(&boss, &contract).await;
        let right = body["document_sha256"].take();
        sign(&body).await.problem(422, "contract.signature_unstated");
        body["document_sha256"] = json!("0".repeat(64));
        let held: Contract = sign(&body).await.ok();
        assert_eq!((held.status, held.signature_mismatches.len()), (ContractStatus::Approved, 1));
        body["document_sha256"] = right;
        let signed: Contract = sign(&body).await.ok();
        assert_eq!((signed.status, signed.signature_mismatches.len()), (ContractStatus::Signing, 0));

        let mut other = customers();
        other["attachment_id"] = json!(Uuid::now_v7());
        other["party"] = json!("ours");
        assert_eq!(sign(&other).await.problem(422, "body.invalid").errors[0].pointer, "/attachment_id");
        let (second, _) = drafted(yewu, "9000.00").await;
        let second = approved(yewu, &second).await;
        body["document_sha256"] = json!(second.document_sha256);
        let borrowed = boss.act(&path(&second), "sign", &body).await.problem(422, "body.invalid");
        assert_eq!(borrowed.errors[0].pointer, "/attachment_id", "another contract's scan");
    });
}

#[test]
fn plt_05_an_approved_contract_stands_in_the_register() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "9000.00").await;
        let none: Value = yewu.role("archivist").get(&format!("{REGISTER}?entity_id={}", contract.id)).await.ok();
        assert_eq!(none["items"], json!([]), "a draft has no number yet");
        let contract = approved(yewu, &contract).await;
        for filter in [
            format!("entity_id={}", contract.id),
            format!("kind=contract&number={}", contract.number),
            format!("case_id={}&status=registered", contract.case_id),
        ] {
            let page: Value = yewu.role("archivist").get(&format!("{REGISTER}?{filter}")).await.ok();
            assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{filter}");
            let entry = &page["items"][0];
            assert_eq!((entry["number"].as_str(), entry["kind"].as_str()), (Some(&*contract.number), Some("contract")));
            assert_eq!(entry["entity_id"], json!(contract.id));
        }
        let own: Value = yewu.role("sales_rep").get(&format!("{REGISTER}?entity_id={}", contract.id)).await.ok();
        assert_eq!(own["items"].as_array().map(Vec::len), Some(1), "its owner's");
        let stranger = yewu.user("sales_rep", "stranger", "sales", "west");
        let page: Value = stranger.get(&format!("{REGISTER}?entity_id={}", contract.id)).await.ok();
        assert_eq!(page["items"], json!([]));
    });
}
