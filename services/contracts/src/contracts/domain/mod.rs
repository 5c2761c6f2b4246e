//! What a contract is, its machine, its gates and its refusals (CON-08, 10, 17). Pure: no async, no clock, no SQL.
mod commands;

use super::{
    clauses::{self, ClauseRow},
    content::{self, VersionRow},
    document::{self, Document},
    lines::{self, LineRow},
    signing::MismatchRow,
};
use crate::{schema::contracts, templates::domain::Template};
use diesel::prelude::*;
use platform::{Closed, Machine, MachineInfo, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Day, Moment, Ownership, Word,
    contracts::{
        Checklist, ClauseKind, ClausePatch, Condition, ContractId, ContractKind, ContractSnapshot,
        ContractStatus as Status, Party, Signature, TemplateId,
    },
    crm::{AccountId, AccountSnapshot},
    json::Kept,
    line::Totals,
    orders::OrderId,
    quoting::{PaymentTerm, QuoteId},
};

/// From this gross on, tax included, all four departments review (D-09, D-04: "以上" includes the number itself).
pub const FULL_REVIEW_FROM: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 2);

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contracts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: ContractId,
    pub number: String,
    pub kind: ContractKind,
    pub status: Status,
    pub revision: i32,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub quote_id: Option<QuoteId>,
    pub order_id: Option<OrderId>,
    pub template_id: TemplateId,
    pub currency: Currency,
    pub net: Amount,
    pub tax: Amount,
    pub gross: Amount,
    pub payment_terms: Kept<Vec<PaymentTerm>>,
    pub delivery_date: Option<Day>,
    pub conditions: Kept<Vec<Condition>>,
    pub checklist: Option<Kept<Checklist>>,
    pub signatures: Kept<Vec<Signature>>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<wire::ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub cause_event_id: Option<Uuid>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub signed_at: Option<Moment>,
    pub effective_at: Option<Moment>,
    pub version: i32,
}

/// A contract with its lines and clauses.
#[derive(Debug, Clone, Serialize)]
pub struct Contract {
    pub head: Head,
    pub lines: Vec<LineRow>,
    pub clauses: Vec<ClauseRow>,
    /// Reviewers' comments that are not yet verified.
    #[serde(skip)]
    pub comments: Comments,
    /// Lines are written anew on the next save.
    #[serde(skip)]
    pub lines_changed: bool,
    /// Clauses are written anew on the next save.
    #[serde(skip)]
    pub clauses_changed: bool,
    /// Written by the next save (CON-09).
    #[serde(skip)]
    pub frozen: Option<VersionRow>,
    /// Signatures that were not taken; all of them are written with the next save.
    pub mismatches: Vec<MismatchRow>,
}
platform::entity!(Contract, "contract", ContractId; row: head, case: some, owned);

/// How many comments of reviewers wait: for the drafter, and for the reviewer's second look (CON-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comments {
    pub open: i64,
    pub resolved: i64,
}

/// What a contract is drafted from: a template, and somebody's lines.
pub struct Seed<'a> {
    pub id: ContractId,
    pub case_id: CaseId,
    pub account: AccountSnapshot,
    pub template: &'a Template,
    pub quote_id: Option<QuoteId>,
    pub order_id: Option<OrderId>,
    pub currency: Currency,
    pub lines: Vec<LineRow>,
    pub payment_terms: Vec<PaymentTerm>,
    pub delivery_date: Option<Day>,
    pub conditions: Vec<wire::Label>,
    pub external_refs: Vec<wire::ExternalRef>,
    /// Changes to the template's clauses.
    pub clauses: Vec<ClausePatch>,
    /// Clauses that rest on what the customer has accepted already.
    pub agreed: &'a [ClauseKind],
    pub cause_event_id: Option<Uuid>,
}

platform::rules!(
    /// Why a contract is refused.
    ContractRule {
        Lines { count: usize } => "contract.lines", Invalid, "a contract has 1 to 500 lines, not {count}", "合同应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Quantity { line: usize } => "contract.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "contract.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{line}/unit_price";
        TooLarge => "contract.total", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        Shares { sum: Decimal } => "contract.payment_terms", Invalid, "the shares of the payment terms add up to {sum}, not to 1", "付款比例合计为 {sum}，应为 1", at "/payment_terms";
        Terms => "contract.payment_terms_bounds", Invalid, "at most 20 payment terms, each due within 365 days", "付款条款最多 20 条，每条期限不超过 365 天", at "/payment_terms";
        Conditions => "contract.conditions", Invalid, "at most 20 conditions, each once", "生效条件最多 20 条，且不得重复", at "/conditions";
        NoCondition => "contract.condition_unknown", Invalid, "the contract has no such condition", "合同没有该生效条件", at "/label";
        LinesElsewhere => "contract.lines_of_origin", Conflict, "its lines are those of the quote or order it came from; change them there", "合同明细来自报价或订单，请在原单据修改", at "/lines";
        NoTemplate { kind: ContractKind } => "contract.no_template", Conflict, "there is no approved standard template for contracts of kind {kind}", "没有已批准的 {kind} 标准合同模板";
        TemplateMisfit => "contract.template", Invalid, "this template is not approved, or is of another kind", "该模板未批准或类型不符", at "/template_id";
        NothingToAgree => "contract.nothing_to_agree", Conflict, "none of these clauses is waiting for agreement", "所选条款均无待商定内容";
        Kinds => "contract.kinds", Invalid, "name each kind of clause once", "条款类型不得重复", at "/kinds";
        SignedAlready { party: Party } => "contract.signed_already", Conflict, "{party} has signed already", "{party} 已签署", at "/party";
        NoEvidence => "contract.evidence", Invalid, "the customer's signature needs evidence", "客户签署须附证据", at "/evidence";
        Fingerprint => "contract.document_sha256", Invalid, "a SHA-256 is 64 hexadecimal digits, a to f small", "SHA-256 应为 64 位小写十六进制数字", at "/document_sha256";
        Unproven => "contract.signature_unproven", Invalid, "upload the signed file, or a scan of the signed paper, and name it: what the customer signed must be held against the approved version", "请上传已签署的电子文件或签字盖章扫描件并填写其编号，以便核对客户所签版本", at "/attachment_id";
        Unstated => "contract.signature_unstated", Invalid, "a scan does not show what was signed: state the SHA-256 that is printed on the paper", "扫描件无法核对内容，请填写纸质文件上的 SHA-256", at "/document_sha256";
        Contradiction => "contract.signature_contradiction", Invalid, "the stated SHA-256 is not that of the signed file", "填写的 SHA-256 与所附电子文件不符", at "/document_sha256";
        AttachmentKind => "contract.signature_attachment", Invalid, "a signature is shown by a signed_document or a signature_scan", "签署凭证应为 signed_document 或 signature_scan 类附件", at "/attachment_id";
    }
);

impl Machine for Contract {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "contract",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("agree", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["in_review"]),
            Transition::new("check", &["in_review"], &["in_review"]),
            Transition::automatic("pass_review", &["in_review"], &["in_review"]),
            Transition::automatic("approve", &["in_review"], &["approved"]),
            Transition::automatic("return", &["in_review"], &["draft"]),
            Transition::new("sign", &["approved", "signing"], &["signing", "signed"]),
            Transition::automatic("mismatch", &["approved", "signing"], &["approved", "signing"]),
            Transition::new("meet_condition", &["approved", "signing", "signed"], &["approved", "signing", "signed"]),
            Transition::new("activate", &["signed"], &["effective"]),
            Transition::new("withdraw", &["draft", "in_review", "approved", "signing"], &["withdrawn"]),
        ],
        labels: Status::labels(),
    };

    fn gates(&self, action: &str) -> Vec<Closed> {
        match action {
            "submit" => self.submit_gates(),
            "approve" => self.approve_gates(),
            "activate" => self.activate_gates(),
            _ => Vec::new(),
        }
    }
}

impl Contract {
    /// Whom `submit` asks: all four departments from the limit on, for any deviation, and where the currency is not the
    /// limit's own (contracts knows no rates, and too many eyes are the safe side).
    pub fn policy(&self) -> &'static str {
        let deviates = self.clauses.iter().any(clauses::deviates);
        let full = self.head.gross.get() >= FULL_REVIEW_FROM || deviates || self.head.currency != Currency::CNY;
        if full { "contracts.contract.full" } else { "contracts.contract.standard" }
    }
    /// SHA-256 of what it says.
    pub fn content_hash(&self) -> String {
        content::hash(&content::canonical(self))
    }
    /// What people read and sign.
    pub fn document(&self) -> Document {
        document::render(self.head.revision, &content::of(self))
    }
    /// What the next service needs.
    pub fn snapshot(&self) -> ContractSnapshot {
        let Head {
            id,
            number,
            order_id,
            quote_id,
            account_id,
            account_name,
            payment_terms,
            delivery_date,
            external_refs,
            ..
        } = self.head.clone();
        let acceptance = clauses::acceptance(&self.clauses);
        let criteria = acceptance.map(|terms| terms.criteria.iter().map(ToString::to_string).collect());
        ContractSnapshot {
            contract_id: id,
            number,
            order_id,
            quote_id,
            account_id,
            account_name,
            lines: self.lines.iter().cloned().map(Into::into).collect(),
            totals: self.totals(),
            payment_terms: payment_terms.0,
            delivery_date,
            acceptance_criteria: criteria.unwrap_or_default(),
            acceptance_working_days: acceptance.map(|terms| terms.within_working_days),
            external_refs: external_refs.0,
        }
    }
    /// Header sums.
    pub fn totals(&self) -> Totals {
        lines::totals(&self.lines, self.head.currency)
    }
    /// Whose it is: its milestones are theirs too.
    pub fn owner(&self) -> Ownership {
        let Head { owner_id, team_id, department_id, .. } = self.head.clone();
        Ownership { owner_id, team_id, department_id }
    }

    fn submit_gates(&self) -> Vec<Closed> {
        let open = clauses::open(&self.clauses).into_iter();
        let mut closed: Vec<Closed> = open
            .map(|kind| {
                let (chinese, english) = kind.label();
                Closed::new(
                    "clause_agreed",
                    format!("agree the clause \"{english}\" with the customer"),
                    format!("请与客户商定条款“{chinese}”"),
                )
                .on(kind)
            })
            .collect();
        if self.comments.open > 0 {
            let count = self.comments.open;
            closed.push(Closed::new(
                "comments_resolved",
                format!("resolve {count} open review comments"),
                format!("请处理 {count} 条评审意见"),
            ));
        }
        closed
    }
    /// The manager's step is passed with four answers, all of them yes (CON-06).
    pub(super) fn checklist_gate(&self) -> Vec<Closed> {
        if self.head.checklist.as_ref().is_some_and(|kept| kept.0.passed) {
            return Vec::new();
        }
        vec![Closed::new(
            "manager_checklist",
            "the sales manager answers the four questions with yes (POST …/check)",
            "请销售经理完成四项审核清单（POST …/check）",
        )]
    }
    fn approve_gates(&self) -> Vec<Closed> {
        let mut closed = self.checklist_gate();
        let waiting = self.comments.open + self.comments.resolved;
        if waiting > 0 {
            closed.push(Closed::new(
                "comments_verified",
                format!("verify {waiting} review comments"),
                format!("尚有 {waiting} 条评审意见未核实"),
            ));
        }
        closed
    }
    fn activate_gates(&self) -> Vec<Closed> {
        let unmet = self.unmet().map(|label| {
            let (english, chinese) =
                (format!("record that this is met: {label}"), format!("请登记生效条件已满足：{label}"));
            Closed::new("condition", english, chinese).on(label)
        });
        unmet.collect()
    }
    fn unmet(&self) -> impl Iterator<Item = &wire::Label> {
        self.head.conditions.0.iter().filter(|condition| condition.met_at.is_none()).map(|condition| &condition.label)
    }
    /// The next version, in another state.
    pub(super) fn to(self, status: Status) -> Self {
        let mut next = self.next();
        next.head.status = status;
        next
    }
    /// The next version.
    pub(super) fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "../domain_tests.rs"]
pub(super) mod tests;
