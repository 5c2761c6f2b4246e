//! CRM-42 … CRM-49: a customer is registered with papers, by several eyes, and gets a card.
use crate::{BASE, account, actions::blocked, evidence, facts, path, run};
use serde_json::{Value, json};
use testkit::{Client, Yewu};
use uuid::Uuid;
use wire::{
    Page,
    approval::Approval,
    attachment::Attachment,
    crm::{
        Account, AccountStatus, MembershipCard, MembershipCardStatus as Card, OnboardingApplication,
        OnboardingFault as Fault, OnboardingStatus as Status,
    },
};

const CODE: &str = "91350100M000100Y43";

async fn copy(client: &Client) -> Uuid {
    let bytes = format!("%PDF-1.7\n% {}\n%%EOF\n", Uuid::now_v7()).into_bytes();
    let at = format!("{BASE}/attachments?file_name=licence.pdf&kind=document");
    client.upload(&at, "application/pdf", bytes).await.created::<Attachment>().id.into()
}
async fn licence(client: &Client, holder: &str) -> Value {
    json!({"kind": "business_licence", "holder_name": holder, "number": CODE, "attachment_id": copy(client).await})
}
fn entry(name: &str) -> Value {
    json!({"name": name, "phone": "021-5555 0101", "address": "上海市张江路 1 号", "credit_code": CODE})
}
async fn begin(sales: &Client) -> (Account, String) {
    let account = account(sales).await;
    let body = json!({"account_id": account.id, "party_type": "org", "applicant_name": account.name});
    let begun: OnboardingApplication = sales.post(&format!("{BASE}/onboarding-applications"), body).await.created();
    (account, path("onboarding-applications", begun.id))
}
fn clerk(yewu: &Yewu) -> Client {
    yewu.user("customer_service", "clerk", "service", "service")
}
fn lawyer(yewu: &Yewu) -> Client {
    yewu.user("legal", "lawyer", "legal", "legal")
}
async fn entered(yewu: &Yewu, sales: &Client) -> (Account, String, OnboardingApplication) {
    let (account, at) = begin(sales).await;
    sales.act(&at, "add-document", licence(sales, &account.name).await).await.ok::<OnboardingApplication>();
    sales.act(&at, "submit", json!({})).await.ok::<OnboardingApplication>();
    let entered = clerk(yewu).act(&at, "enter", entry(&account.name)).await.ok();
    (account, at, entered)
}
pub async fn verified(yewu: &Yewu, sales: &Client) -> (Account, String, OnboardingApplication) {
    yewu.staff(&["sales_manager", "department_head"]).await;
    let (account, at, application) = entered(yewu, sales).await;
    clerk(yewu).act(&at, "request-review", json!({})).await.ok::<OnboardingApplication>();
    lawyer(yewu).act(&at, "review", json!({"passed": true})).await.ok::<OnboardingApplication>();
    let seen = json!({"document_id": application.documents[0].id, "original_seen": true, "number": CODE});
    let verified = lawyer(yewu).act(&at, "verify-document", seen).await.ok();
    (account, at, verified)
}
async fn decide(yewu: &Yewu, id: impl std::fmt::Display, verb: &str, body: Value) {
    let query = format!("{BASE}/approvals?subject_id={id}&status=pending");
    let approval = yewu.role("auditor").get(&query).await.ok::<Page<Approval>>().items.remove(0);
    yewu.role("sales_manager").act(&path("approvals", approval.id), verb, body).await.ok::<Approval>();
}
async fn card_of(yewu: &Yewu, account: &Account) -> MembershipCard {
    let query = format!("{BASE}/membership-cards?account_id={}", account.id);
    clerk(yewu).get(&query).await.ok::<Page<MembershipCard>>().items.remove(0)
}

#[test]
fn crm_42_papers_come_with_a_copy_and_their_numbers_are_never_shown_again() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (account, at) = begin(&sales).await;
        let open = json!({"account_id": account.id, "party_type": "org", "applicant_name": "x"});
        sales.post(&format!("{BASE}/onboarding-applications"), open).await.problem(409, "onboarding_application.open");
        sales.act(&at, "submit", json!({})).await.problem(409, "gate.closed");
        let mut none = licence(&sales, "x").await;
        none["attachment_id"] = json!(Uuid::now_v7());
        sales.act(&at, "add-document", none).await.problem(422, "body.invalid");
        // A number of its own: other tests say theirs in what they enter.
        let number = Uuid::now_v7().simple().to_string();
        let mut paper = licence(&sales, &account.name).await;
        paper["number"] = json!(number);
        let one = sales.act(&at, "add-document", paper).await;
        assert!(!one.text.contains(&number), "{}", one.text);
        let with: OnboardingApplication = one.ok();
        assert_eq!(with.documents[0].masked_number, format!("{}{}", "*".repeat(28), &number[28..]));
        for table in ["onboarding_applications", "audit_log", "outbox", "idempotency"] {
            let query = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{number}%'");
            assert_eq!(yewu.sql("crm", &query).await, "0", "{table}");
        }
        let gone = json!({"document_id": with.documents[0].id});
        let bare: OnboardingApplication = sales.act(&at, "remove-document", &gone).await.ok();
        assert!(bare.documents.is_empty());
        sales.act(&at, "remove-document", gone).await.problem(422, "onboarding_application.document");
        yewu.user("sales_rep", "stranger-ob", "sales", "west").get(&at).await.problem(404, "not_found");
    });
}

#[test]
fn crm_43_44_what_is_entered_is_checked_at_once_and_comes_back_with_reasons() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (account, at) = begin(&sales).await;
        sales.act(&at, "add-document", licence(&sales, &account.name).await).await.ok::<OnboardingApplication>();
        let handed: OnboardingApplication = sales.act(&at, "submit", json!({})).await.ok();
        assert_eq!((handed.status, handed.round), (Status::Submitted, 1));
        sales.act(&at, "enter", entry(&account.name)).await.problem(403, "permission.missing");
        let mut wrong = entry(&account.name);
        wrong["credit_code"] = json!("91350100M000100Y44");
        let back: OnboardingApplication = clerk(yewu).act(&at, "enter", wrong).await.ok();
        assert_eq!((back.status, back.reason.as_deref()), (Status::Returned, Some("credit_code_invalid")));
        assert_eq!(back.checks[0].reasons[0].fault, Fault::CreditCodeInvalid);
        assert_eq!((back.maker.as_deref(), back.maker_department.as_deref()), (Some("user:clerk"), Some("service")));
        sales.act(&at, "correct", json!({})).await.ok::<OnboardingApplication>();
        sales.act(&at, "resubmit", json!({})).await.ok::<OnboardingApplication>();
        let good: OnboardingApplication = clerk(yewu).act(&at, "enter", entry(&account.name)).await.ok();
        assert_eq!((good.status, good.round, good.checks.len()), (Status::AutoChecked, 2, 2));
        let told = "crm.onboarding.submitted.v1 crm.onboarding.entered.v1 crm.onboarding.auto_checked.v1";
        assert_eq!(facts(yewu, good.id).await, format!("{told} {told}"));
    });
}

#[test]
fn crm_45_a_different_department_reviews() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (_, at, _) = entered(yewu, &sales).await;
        let clerk = clerk(yewu);
        clerk.act(&at, "request-review", json!({})).await.ok::<OnboardingApplication>();
        clerk.act(&at, "review", json!({"passed": true})).await.problem(403, "onboarding_application.maker");
        assert_eq!(blocked(&clerk, &at, "review").await, ["onboarding_application.maker"]);
        let colleague = yewu.user("customer_service", "colleague", "service", "service");
        colleague
            .act(&at, "review", json!({"passed": true}))
            .await
            .problem(403, "onboarding_application.same_department");
        assert_eq!(blocked(&colleague, &at, "review").await, ["onboarding_application.same_department"]);
        let lawyer = lawyer(yewu);
        assert!(blocked(&lawyer, &at, "review").await.is_empty());
        lawyer.act(&at, "review", json!({"passed": false})).await.problem(422, "onboarding_application.comment");
        let back: OnboardingApplication =
            lawyer.act(&at, "review", json!({"passed": false, "comment": "地址不符"})).await.ok();
        assert_eq!((back.status, back.reason.as_deref()), (Status::Returned, Some("地址不符")));
        let (_, at, application) = entered(yewu, &sales).await;
        clerk.act(&at, "request-review", json!({})).await.ok::<OnboardingApplication>();
        let passed: OnboardingApplication = lawyer.act(&at, "review", json!({"passed": true})).await.ok();
        assert_eq!((passed.status, passed.reviews[0].department.as_str()), (Status::CrossChecked, "legal"));
        assert!(facts(yewu, application.id).await.ends_with("crm.onboarding.cross_checked.v1"));
    });
}

#[test]
fn crm_46_the_original_of_every_paper_is_seen() {
    run(async |yewu| {
        yewu.staff(&["sales_manager", "department_head"]).await;
        let sales = yewu.role("sales_rep");
        let (_, at, application) = entered(yewu, &sales).await;
        let (clerk, lawyer) = (clerk(yewu), lawyer(yewu));
        clerk.act(&at, "request-review", json!({})).await.ok::<OnboardingApplication>();
        lawyer.act(&at, "review", json!({"passed": true})).await.ok::<OnboardingApplication>();
        let seen = |original: bool, number: &str| json!({"document_id": application.documents[0].id, "original_seen": original, "number": number});
        clerk.act(&at, "verify-document", seen(true, CODE)).await.problem(403, "permission.missing");
        lawyer.act(&at, "verify-document", seen(false, CODE)).await.problem(422, "onboarding_application.original");
        lawyer
            .act(&at, "verify-document", seen(true, "91310115MA1K35J12U"))
            .await
            .problem(422, "onboarding_application.number_differs");
        let done: OnboardingApplication = lawyer.act(&at, "verify-document", seen(true, CODE)).await.ok();
        let verification = done.documents[0].verification.as_ref().unwrap();
        assert_eq!((done.status, verification.by.as_str()), (Status::DocumentsVerified, "user:lawyer"));
        let told = facts(yewu, done.id).await;
        assert!(told.ends_with("crm.onboarding.documents_verified.v1"), "{told}");
    });
}

#[test]
fn crm_47_a_rejection_says_why_and_can_be_mended() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (account, at, application) = verified(yewu, &sales).await;
        decide(yewu, application.id, "reject", json!({"comment": "执照复印件不清晰"})).await;
        let rejected: OnboardingApplication = sales.get(&at).await.ok();
        assert_eq!((rejected.status, rejected.reason.as_deref()), (Status::Rejected, Some("执照复印件不清晰")));
        sales.act(&at, "resubmit", json!({})).await.problem(409, "state.refused");
        sales.act(&at, "correct", json!({})).await.ok::<OnboardingApplication>();
        sales.patch(&at, json!({"applicant_name": account.name})).await.ok::<OnboardingApplication>();
        let again: OnboardingApplication = sales.act(&at, "resubmit", json!({})).await.ok();
        assert_eq!((again.status, again.round, again.reason), (Status::Submitted, 2, None));
        let told = facts(yewu, application.id).await;
        assert!(told.ends_with("crm.onboarding.rejected.v1 crm.onboarding.submitted.v1"), "{told}");
    });
}

#[test]
fn crm_48_49_the_card_is_made_mailed_received_and_its_activation_completes_the_registration() {
    run(async |yewu| {
        let sales = yewu.role("sales_rep");
        let (account, at, application) = verified(yewu, &sales).await;
        decide(yewu, application.id, "approve", json!({})).await;
        assert_eq!(sales.get(&at).await.ok::<OnboardingApplication>().status, Status::Approved);
        let card = card_of(yewu, &account).await;
        assert_eq!((card.status, card.onboarding_application_id), (Card::Requested, application.id));
        let another = json!({"onboarding_application_id": application.id});
        let cards = format!("{BASE}/membership-cards");
        clerk(yewu).post(&cards, &another).await.problem(409, "membership_card.living");
        let clerk = clerk(yewu);
        let place = path("membership-cards", card.id);
        clerk.act(&place, "activate", json!({})).await.problem(409, "state.refused");
        clerk.act(&place, "produce", json!({})).await.ok::<MembershipCard>();
        clerk.act(&place, "mail", json!({})).await.problem(422, "body.invalid");
        let how = json!({"carrier": "SF", "tracking_number": "SF1234567890"});
        let mailed: MembershipCard = clerk.act(&place, "mail", &how).await.ok();
        assert_eq!(mailed.tracking_number.as_deref(), Some("SF1234567890"));
        let lost: MembershipCard = clerk.act(&place, "lose", json!({"reason": "寄丢"})).await.ok();
        assert_eq!((lost.status, lost.reason.as_deref()), (Card::Lost, Some("寄丢")));
        assert_eq!(sales.get(&at).await.ok::<OnboardingApplication>().status, Status::Approved);
        let second: MembershipCard = clerk.post(&cards, another).await.created();
        let place = path("membership-cards", second.id);
        clerk.act(&place, "produce", json!({})).await.ok::<MembershipCard>();
        clerk.act(&place, "mail", how).await.ok::<MembershipCard>();
        let to_come = json!({"evidence": {"channel": "email", "person": "李雷", "at": "2199-03-02T01:00:00Z"}});
        clerk.act(&place, "receive", to_come).await.problem(422, "evidence.future");
        clerk.act(&place, "receive", evidence()).await.ok::<MembershipCard>();
        let active: MembershipCard = clerk.act(&place, "activate", json!({})).await.ok();
        assert_eq!((active.status, active.activated_at.is_some()), (Card::Activated, true));
        let done: OnboardingApplication = sales.get(&at).await.ok();
        assert_eq!((done.status, done.completed_at.is_some()), (Status::Completed, true));
        let customer: Account = sales.get(&path("accounts", account.id)).await.ok();
        assert_eq!(customer.status, AccountStatus::Active);
        assert_eq!(facts(yewu, second.id).await, "crm.card.activated.v1");
        assert!(facts(yewu, application.id).await.ends_with("crm.onboarding.approved.v1 crm.onboarding.completed.v1"));
    });
}
