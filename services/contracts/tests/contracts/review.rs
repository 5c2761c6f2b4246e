//! Review: who is asked, what stands in the way, what a return leaves behind (CON-06, 07, 08, 09).
use crate::setting::*;
use serde_json::json;
use wire::{
    Page,
    approval::Approval,
    contracts::{Contract, ContractStatus, ContractVersion, ReviewComment},
};

#[test]
fn con_08_from_100_000_on_four_departments_review_side_by_side() {
    run(async |yewu| {
        for (gross, policy, steps) in [
            ("99999.99", "contracts.contract.standard", 2),
            ("100000.00", "contracts.contract.full", 1),
            ("100000.01", "contracts.contract.full", 1),
        ] {
            let (contract, _) = drafted(yewu, gross).await;
            let contract = submitted(yewu, &contract).await;
            let asked = approval(&yewu.role("legal"), &contract).await;
            assert_eq!(
                (contract.review_policy.as_str(), asked.policy_key.as_str(), asked.steps.len()),
                (policy, policy, steps),
                "{gross}"
            );
        }
        let (contract, _) = drafted(yewu, "500000.00").await;
        let contract = submitted(yewu, &contract).await;
        checked(yewu, &contract).await;
        for role in ["legal", "finance_manager", "technical"] {
            let open: Approval = vote(yewu, &contract, role, "approve").await.ok();
            assert_eq!(open.status.as_str(), "pending");
        }
        vote(yewu, &contract, "legal", "approve").await.problem(409, "approval.already_voted");
        let done: Approval = vote(yewu, &contract, "sales_manager", "approve").await.ok();
        assert_eq!(done.status.as_str(), "approved");
        let contract: Contract = yewu.role("sales_rep").get(&path(&contract)).await.ok();
        assert_eq!(contract.status, ContractStatus::Approved);
        assert!(contract.number.starts_with("CT-20"), "{}", contract.number);
    });
}

#[test]
fn con_06_the_managers_step_is_passed_with_four_answers_and_told() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "5000.00").await;
        let contract = submitted(yewu, &contract).await;
        vote(yewu, &contract, "legal", "approve").await.problem(403, "approval.not_eligible");
        let closed = vote(yewu, &contract, "sales_manager", "approve").await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "manager_checklist");
        yewu.role("sales_rep").act(&path(&contract), "check", json!({})).await.problem(403, "permission.missing");
        let doubt = json!({"company_interests": true, "business_needs": true, "risk_control": false, "legal_risks": true, "note": "账期过长"});
        let manager = yewu.role("sales_manager");
        let answered: Contract = manager.act(&path(&contract), "check", doubt).await.ok();
        assert_eq!(answered.checklist.map(|list| list.passed), Some(false));
        vote(yewu, &contract, "sales_manager", "approve").await.problem(409, "gate.closed");
        checked(yewu, &contract).await;
        vote(yewu, &contract, "sales_manager", "approve").await.ok::<Approval>();
        let facts = told(yewu, contract.case_id).await;
        assert!(facts.ends_with("version.created approval.requested review.manager_passed"), "{facts}");
        let pending: Contract = yewu.role("sales_rep").get(&path(&contract)).await.ok();
        assert_eq!(pending.status, ContractStatus::InReview);
    });
}

#[test]
fn con_07_legals_step_is_told_and_with_it_the_review_is_complete() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "5000.00").await;
        let contract = approved(yewu, &contract).await;
        let facts = told(yewu, contract.case_id).await;
        let review = "approval.requested review.manager_passed approval.decided review.legal_passed review.completed";
        assert!(facts.ends_with(review), "{facts}");
        let (joint, _) = drafted(yewu, "100000.00").await;
        let joint = approved(yewu, &joint).await;
        let facts = told(yewu, joint.case_id).await;
        let review = "approval.requested approval.decided review.manager_passed review.legal_passed review.completed";
        assert!(facts.ends_with(review), "side by side the step is passed by all at once: {facts}");
    });
}

#[test]
fn plt_03_a_contract_taken_back_in_review_leaves_no_question_behind() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "5000.00").await;
        let contract = submitted(yewu, &contract).await;
        let asked = approval(&yewu.role("legal"), &contract).await;
        let sales = yewu.role("sales_rep");
        let gone: Contract = sales.act(&path(&contract), "withdraw", json!({"reason": "客户取消"})).await.ok();
        assert_eq!(gone.status, ContractStatus::Withdrawn);
        let place = format!("/api/contracts/v1/approvals/{}", asked.id);
        let manager = yewu.role("sales_manager");
        let left: Approval = manager.get(&place).await.ok();
        assert_eq!((left.status.as_str(), left.my_seat, left.decided_at.is_some()), ("withdrawn", None, true));
        manager.act(&place, "approve", json!({})).await.problem(409, "state.refused");
        assert!(told(yewu, contract.case_id).await.ends_with("contract.withdrawn approval.withdrawn"));
    });
}

#[test]
fn con_07_a_comment_is_opened_resolved_and_verified_by_another() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "5000.00").await;
        let (legal, sales) = (yewu.role("legal"), yewu.role("sales_rep"));
        let comment = json!({"contract_id": contract.id, "clause": "breach", "text": "违约金上限应为 5%"});
        legal.post(COMMENTS, &comment).await.problem(409, "review_comment.not_in_review");
        let contract = submitted(yewu, &contract).await;
        sales.post(COMMENTS, &comment).await.problem(403, "permission.missing");
        let made: ReviewComment = legal.post(COMMENTS, &comment).await.created();
        // No contract has the id of a comment.
        let nowhere = json!({"contract_id": made.id, "text": "无此合同"});
        legal.post(COMMENTS, &nowhere).await.problem(422, "body.invalid");
        let place = format!("{COMMENTS}/{}", made.id);
        vote(yewu, &contract, "sales_manager", "reject").await.ok::<Approval>();
        let blocked = sales.act(&path(&contract), "submit", json!({})).await.problem(409, "gate.closed");
        assert_eq!(blocked.blocked_by[0].gate, "comments_resolved");
        legal.act(&place, "verify", json!({})).await.problem(409, "state.refused");
        sales.act(&place, "resolve", json!({"resolution": "已改为 5%"})).await.ok::<ReviewComment>();
        let contract: Contract = sales.act(&path(&contract), "submit", json!({})).await.ok();
        checked(yewu, &contract).await;
        vote(yewu, &contract, "sales_manager", "approve").await.ok::<Approval>();
        let closed = vote(yewu, &contract, "legal", "approve").await.problem(409, "gate.closed");
        assert_eq!(closed.blocked_by[0].gate, "comments_verified");
        let verified: ReviewComment = legal.act(&place, "verify", json!({})).await.ok();
        assert_eq!((verified.status.as_str(), verified.revision), ("verified", 1));
        vote(yewu, &contract, "legal", "approve").await.ok::<Approval>();
        let open: Page<ReviewComment> =
            sales.get(&format!("{COMMENTS}?contract_id={}&status=open", contract.id)).await.ok();
        assert!(open.items.is_empty());
    });
}

#[test]
fn con_07_who_resolved_a_comment_does_not_verify_it() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "5000.00").await;
        let contract = submitted(yewu, &contract).await;
        let (manager, legal) = (yewu.role("sales_manager"), yewu.role("legal"));
        let made: ReviewComment =
            legal.post(COMMENTS, json!({"contract_id": contract.id, "text": "请补充附件"})).await.created();
        let place = format!("{COMMENTS}/{}", made.id);
        manager.act(&place, "resolve", json!({"resolution": "已补充"})).await.ok::<ReviewComment>();
        manager.act(&place, "verify", json!({})).await.problem(403, "review_comment.own_resolution");
        let reopened: ReviewComment = legal.act(&place, "reopen", json!({"reason": "附件不全"})).await.ok();
        assert_eq!(reopened.status.as_str(), "open");
    });
}

#[test]
fn con_09_a_returned_contract_is_the_next_revision_and_every_version_keeps_its_hash() {
    run(async |yewu| {
        let (contract, _) = drafted(yewu, "150000.00").await;
        let contract = submitted(yewu, &contract).await;
        let first = contract.content_hash.clone();
        vote(yewu, &contract, "finance_manager", "reject").await.ok::<Approval>();
        let sales = yewu.role("sales_rep");
        let back: Contract = sales.get(&path(&contract)).await.ok();
        assert_eq!((back.status, back.revision, back.reason.as_deref()), (ContractStatus::Draft, 2, Some("同意")));
        assert!(back.number.starts_with("DRAFT-"), "a number is for what is approved");
        sales.patch(&path(&contract), json!({"delivery_date": "2027-01-31"})).await.ok::<Contract>();
        approved(yewu, &back).await;
        let versions: Vec<ContractVersion> = sales.get(&format!("{}/versions", path(&contract))).await.ok();
        assert_eq!(versions.iter().map(|version| version.revision).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(versions[0].hash, first);
        assert_ne!(versions[1].hash, first);
        for version in &versions {
            let sql = format!(
                "SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM contract_versions WHERE contract_id = '{}' AND revision = {}",
                contract.id, version.revision
            );
            assert_eq!(yewu.sql("contracts", &sql).await, version.hash, "anybody can hash it again");
        }
    });
}

#[test]
fn con_08_numbers_of_approved_contracts_have_no_gaps() {
    run(async |yewu| {
        for gross in ["1000.00", "2000.00", "3000.00"] {
            let (contract, _) = drafted(yewu, gross).await;
            approved(yewu, &contract).await;
        }
        let gaps = "SELECT count(*) = max(right(number, 6)::int) AND min(right(number, 6)::int) = 1 FROM contracts WHERE number LIKE 'CT-%'";
        assert_eq!(yewu.sql("contracts", gaps).await, "true");
    });
}
