//! Templates: versioned, written by legal, approved by management (CON-03).
use crate::setting::*;
use serde_json::json;
use uuid::Uuid;
use wire::{
    Page,
    contracts::{Contract, Template, TemplateStatus},
};

#[test]
fn con_03_a_template_is_drafted_approved_and_replaced_by_its_next_revision() {
    run(async |yewu| {
        let (legal, boss) = (yewu.role("legal"), yewu.role("general_manager"));
        let code = format!("special-{}", Uuid::now_v7());
        let body = json!({"kind": "sale", "code": code, "title": "销售合同（特殊）", "clauses": [{"kind": "product", "text": "产品见明细。"}]});
        let first: Template = legal.post(TEMPLATES, &body).await.created();
        assert_eq!((first.revision, first.status), (1, TemplateStatus::Draft));
        let place = |template: &Template| format!("{TEMPLATES}/{}", template.id);
        yewu.role("sales_rep").post(TEMPLATES, &body).await.problem(403, "permission.missing");
        legal.act(&place(&first), "approve", json!({})).await.problem(403, "permission.missing");
        legal.patch(&place(&first), json!({"title": "销售合同（特殊条款）"})).await.ok::<Template>();
        boss.act(&place(&first), "approve", json!({})).await.ok::<Template>();
        legal.patch(&place(&first), json!({"title": "改不了"})).await.problem(409, "state.refused");
        let second: Template = legal.post(TEMPLATES, &body).await.created();
        boss.act(&place(&second), "approve", json!({})).await.ok::<Template>();
        assert_eq!(
            (second.revision, legal.get(&place(&first)).await.ok::<Template>().status),
            (2, TemplateStatus::Retired)
        );
        let page: Page<Template> = legal.get(&format!("{TEMPLATES}?kind=sale&status=approved&limit=200")).await.ok();
        assert_eq!(page.items.iter().filter(|template| template.code == code).count(), 1);
        // What it does not say, the contract lacks, and the review is not opened (CON-04).
        let sales = yewu.role("sales_rep");
        let contract = json!({"account_id": account(yewu).await, "kind": "sale", "template_id": second.id, "currency": "CNY",
            "lines": [{"sku": "PUMP-40", "quantity": "1", "unit_price": "1.00"}]});
        let drafted: Contract = sales.post(CONTRACTS, &contract).await.created();
        let problem = sales.act(&path(&drafted), "submit", json!({})).await.problem(422, "contract.incomplete");
        assert_eq!(problem.blocked_by.len(), 10);
        let mut old = contract.clone();
        old["template_id"] = json!(first.id);
        sales.post(CONTRACTS, &old).await.problem(422, "contract.template");
    });
}
