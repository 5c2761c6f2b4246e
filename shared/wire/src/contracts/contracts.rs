//! Contracts: bodies and words (CON-01, 03, 04, 08, 09, 10, 17).
use super::{Checklist, Clause, ClausePatch, Condition, ContractId, ContractKind, TemplateId};
use crate::{
    Action, Amount, CaseId, Currency, Day, Evidence, ExternalRef, Label, Moment, Money, Name, Patched, Rate,
    crm::AccountId,
    line::{Line, NewLine, Totals},
    orders::OrderId,
    quoting::{PaymentTerm, QuoteId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

words!(
    /// The life of a contract (CON-08, 10, 17).
    ContractStatus {
        Draft => "draft" "草稿" "Draft",
        InReview => "in_review" "评审中" "In review",
        Approved => "approved" "评审通过" "Approved",
        Signing => "signing" "签署中" "Signing",
        Signed => "signed" "已签署" "Signed",
        Effective => "effective" "已生效" "Effective",
        Withdrawn => "withdrawn" "已撤回" "Withdrawn",
    }
);
words!(
    /// Who signs.
    Party {
        Ours => "ours" "我方" "Us",
        Customer => "customer" "客户" "The customer",
    }
);
words!(
    /// How a signature was given.
    SignatureMethod {
        WetInk => "wet_ink" "手写签字" "Ink",
        Seal => "seal" "签字并盖章" "Signature and seal",
        Electronic => "electronic" "电子签名" "Electronic",
    }
);
resource!(Contract);

/// A contract as it is asked for, from a template (CON-03).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "kind": "sale", "currency": "CNY",
    "delivery_date": "2026-12-31", "lines": [{"sku": "PUMP-40", "quantity": "12", "unit_price": "1250.00", "tax_rate": "0.13"}]})))]
pub struct NewContract {
    pub account_id: AccountId,
    pub kind: ContractKind,
    /// The standard template of the kind if absent.
    #[serde(default)]
    pub template_id: Option<TemplateId>,
    pub currency: Currency,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewLine>,
    /// All due within 30 days of acceptance if absent.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub payment_terms: Vec<PaymentTerm>,
    #[serde(default)]
    pub delivery_date: Option<Day>,
    /// Changes to the template's clauses.
    #[serde(default)]
    #[schema(max_items = 11)]
    pub clauses: Vec<ClausePatch>,
    /// What must have happened before it binds.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub conditions: Vec<Label>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes a draft (RFC 7396): what is absent stays, `null` empties; lines, terms and conditions are replaced as a whole, clauses one by one.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractPatch {
    /// Not of a contract that came from a quote or an order: its lines are theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub lines: Option<Vec<NewLine>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub payment_terms: Option<Vec<PaymentTerm>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Day>)]
    pub delivery_date: Patched<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 11, nullable = false)]
    pub clauses: Option<Vec<ClausePatch>>,
    /// What must have happened before it binds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub conditions: Option<Vec<Label>>,
}

/// A contract as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Contract {
    pub id: ContractId,
    /// `CT-…`, gapless, from its approval on; a provisional `DRAFT-…` before (ruling 10).
    pub number: String,
    pub kind: ContractKind,
    pub status: ContractStatus,
    /// 1, 2, 3 …: one more whenever a review sends it back (CON-09).
    pub revision: i32,
    /// SHA-256 of what the contract says, hexadecimal; a frozen version carries the same.
    pub content_hash: String,
    /// SHA-256 of the readable document (`GET …/document`), hexadecimal: what is signed must be this.
    pub document_sha256: String,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub quote_id: Option<QuoteId>,
    pub order_id: Option<OrderId>,
    pub template_id: TemplateId,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: Vec<PaymentTerm>,
    pub delivery_date: Option<Day>,
    pub clauses: Vec<Clause>,
    pub conditions: Vec<Condition>,
    /// The approval policy that `submit` takes, by amount and deviations (D-09).
    pub review_policy: String,
    pub checklist: Option<Checklist>,
    pub signatures: Vec<Signature>,
    /// Signatures that were not taken and not yet replaced: the contract does not bind while one stands.
    pub signature_mismatches: Vec<SignatureMismatch>,
    /// Why it was returned or withdrawn.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub signed_at: Option<Moment>,
    pub effective_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What was submitted, for ever (CON-09).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContractVersion {
    pub revision: i32,
    /// SHA-256 of `content`, hexadecimal.
    pub hash: String,
    /// SHA-256 of the readable document, hexadecimal.
    pub document_sha256: String,
    /// The canonical content, exactly as it was hashed: JSON.
    pub content: String,
    pub created_at: Moment,
    pub created_by: String,
}

/// Which version's document.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DocumentQuery {
    /// One that was submitted; what the contract says now if absent.
    #[param(minimum = 1, maximum = 1_000_000)]
    pub revision: Option<i32>,
}

/// One party's signature (CON-10); the customer's with evidence (ruling 16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"party": "customer", "signer": "李雷", "authority": "法定代表人", "method": "seal",
    "attachment_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "evidence": {"channel": "document", "person": "李雷", "at": "2026-03-02T01:00:00Z"}})))]
pub struct NewSignature {
    pub party: Party,
    /// Who signed.
    pub signer: Name,
    /// By what right: legal representative, power of attorney no. …
    pub authority: Label,
    pub method: SignatureMethod,
    /// The signed file (kind `signed_document`: its bytes must be the approved document's), or the scan of the signed paper
    /// (kind `signature_scan`: say `document_sha256` too). The customer's signature needs one of them (CON-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<Uuid>,
    /// The SHA-256 of the document that was signed, as it is printed on the paper. Another one than the approved version's is
    /// recorded as a mismatch, and the signature is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub document_sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A signature as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    pub party: Party,
    /// Who signed.
    pub signer: String,
    /// By what right: legal representative, power of attorney no. …
    pub authority: String,
    pub method: SignatureMethod,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<Uuid>,
    /// The document that was signed: the approved version's, where it was said.
    #[serde(default, alias = "file_hash")]
    pub document_sha256: Option<String>,
    pub evidence: Option<Evidence>,
    pub recorded_by: String,
    pub recorded_at: Moment,
}

/// A party signed something else than the approved version (CON-12); cleared by the party's matching signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignatureMismatch {
    pub party: Party,
    /// Who signed.
    pub signer: String,
    /// SHA-256 of the approved version's document, hexadecimal.
    pub approved_sha256: String,
    /// SHA-256 of what was signed, hexadecimal.
    pub signed_sha256: String,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<Uuid>,
    pub recorded_by: String,
    pub recorded_at: Moment,
}

/// A line of the register of contracts, 合同台账 (CON-16).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LedgerRow {
    pub contract_id: ContractId,
    pub number: String,
    pub kind: ContractKind,
    pub status: ContractStatus,
    /// 签订时间
    pub signed_at: Moment,
    /// 客户名称
    pub account_name: String,
    /// 合同金额, tax included.
    pub amount: Money,
    /// 履行期限
    pub delivery_date: Option<Day>,
    pub effective_at: Option<Moment>,
    pub paid: Amount,
    /// paid ÷ amount, rounded down: 1 only when all is paid.
    pub paid_rate: Rate,
}
