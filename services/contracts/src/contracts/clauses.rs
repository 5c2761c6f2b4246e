//! The clauses of a contract (CON-01, 04, 05): proposed, agreed, locked; measured against the template. Pure.
use crate::schema::contract_clauses;
use diesel::prelude::*;
use platform::{Kind, Language, MachineInfo, Rule, Transition};
use serde::Serialize;
use wire::{
    Gate, Word,
    contracts::{
        AcceptanceTerms, Clause, ClauseKind, ClausePatch, ClauseStatus as Status, ClauseTerms, ContractId,
        ContractKind, TemplateClause,
    },
    json::Kept,
};

/// The life of a clause, for `/state-machines/clause`: it lives and is changed inside its contract.
pub const MACHINE: MachineInfo = MachineInfo {
    entity: "clause",
    transitions: &[
        Transition::automatic("propose", &["proposed", "agreed"], &["proposed"]),
        Transition::automatic("agree", &["proposed"], &["agreed"]),
        Transition::automatic("lock", &["agreed"], &["locked"]),
    ],
    labels: Status::labels(),
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_clauses, treat_none_as_default_value = false)]
pub struct ClauseRow {
    pub contract_id: ContractId,
    pub position: i32,
    pub kind: ClauseKind,
    pub status: Status,
    pub text: Option<String>,
    pub terms: Option<Kept<ClauseTerms>>,
    pub template_text: Option<String>,
    pub template_terms: Option<Kept<ClauseTerms>>,
}

platform::rules!(
    /// Why a clause is refused.
    ClauseRule {
        Twice { index: usize, kind: ClauseKind } => "clause.twice", Invalid, "clause {kind} stands twice", "条款 {kind} 重复", at "/clauses/{index}/kind";
        Misfit { index: usize, kind: ClauseKind } => "clause.terms", Invalid, "these terms do not fit a clause of kind {kind}", "该结构化条款与条款类型 {kind} 不符", at "/clauses/{index}/terms";
        Bounds { index: usize } => "clause.terms_bounds", Invalid, "acceptance needs 1 to 365 working days and 1 to 20 criteria; a warranty lasts at most 240 months, a duty of secrecy 600", "验收期限应为 1 至 365 个工作日，验收标准 1 至 20 条；质保期最长 240 个月，保密期最长 600 个月", at "/clauses/{index}/terms";
        Wordless { index: usize } => "clause.text", Invalid, "a new clause needs a text", "新增条款须有正文", at "/clauses/{index}/text";
    }
);

/// Mandatory clauses are missing (CON-04): all of them are named at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incomplete {
    pub missing: Vec<ClauseKind>,
}
impl Incomplete {
    /// For the documentation, as `rules!` does it.
    pub const CODES: platform::Codes = &[("contract.incomplete", "clauses are missing: {kinds}", "缺少条款：{kinds}")];
    fn name(kind: ClauseKind, language: Language) -> &'static str {
        let (chinese, english) = kind.label();
        language.pick(chinese, english)
    }
}
impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
impl std::error::Error for Incomplete {}
impl Rule for Incomplete {
    fn code(&self) -> &'static str {
        "contract.incomplete"
    }
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn text(&self, language: Language) -> String {
        let names: Vec<&str> = self.missing.iter().map(|kind| Self::name(*kind, language)).collect();
        language.pick(format!("缺少条款：{}", names.join("、")), format!("clauses are missing: {}", names.join(", ")))
    }
    fn pointer(&self) -> String {
        "/clauses".into()
    }
    fn gates(&self, language: Language) -> Vec<Gate> {
        let gate = |kind: &ClauseKind| {
            let name = Self::name(*kind, language);
            let how_to_clear = language
                .pick(format!("补充条款“{name}”"), format!("add the clause \"{name}\" (and terms, for acceptance)"));
            Gate { gate: "clause".into(), reference: Some(kind.to_string()), how_to_clear }
        };
        self.missing.iter().map(gate).collect()
    }
}

/// The clauses that a contract of this kind cannot do without.
pub fn mandatory(kind: ContractKind) -> &'static [ClauseKind] {
    use ClauseKind as K;
    match kind {
        ContractKind::Sale => ClauseKind::ALL,
        ContractKind::Service => &[
            K::Product,
            K::Price,
            K::Delivery,
            K::Quality,
            K::Acceptance,
            K::Payment,
            K::Breach,
            K::IntellectualProperty,
            K::Confidentiality,
            K::RightsAndDuties,
        ],
    }
}

/// Is everything said that must be said, by the kind and by what else is `demanded` (CON-18)? Acceptance needs its criteria
/// too: orders lives by them (CON-29).
pub fn complete(kind: ContractKind, demanded: &[ClauseKind], rows: &[ClauseRow]) -> Result<(), Incomplete> {
    let said = |kind: &ClauseKind| {
        let row = rows.iter().find(|row| row.kind == *kind && row.text.is_some());
        row.is_some_and(|row| *kind != ClauseKind::Acceptance || acceptance(std::slice::from_ref(row)).is_some())
    };
    let needed = |clause: &ClauseKind| mandatory(kind).contains(clause) || demanded.contains(clause);
    let missing: Vec<ClauseKind> =
        ClauseKind::ALL.iter().copied().filter(|clause| needed(clause) && !said(clause)).collect();
    if missing.is_empty() { Ok(()) } else { Err(Incomplete { missing }) }
}

/// The clauses of a fresh contract; those of `agreed` are what the customer has accepted already.
pub fn from_template(contract_id: ContractId, clauses: &[TemplateClause], agreed: &[ClauseKind]) -> Vec<ClauseRow> {
    let row = |clause: &TemplateClause| ClauseRow {
        contract_id,
        position: position(clause.kind),
        kind: clause.kind,
        status: if agreed.contains(&clause.kind) { Status::Agreed } else { Status::Proposed },
        text: Some(clause.text.to_string()),
        terms: clause.terms.clone().map(Kept),
        template_text: Some(clause.text.to_string()),
        template_terms: clause.terms.clone().map(Kept),
    };
    clauses.iter().map(row).collect()
}

/// Proposes changes; what they touch has to be agreed anew.
pub fn propose(
    rows: &mut Vec<ClauseRow>,
    contract_id: ContractId,
    patches: Vec<ClausePatch>,
) -> Result<(), ClauseRule> {
    let kinds: Vec<ClauseKind> = patches.iter().map(|patch| patch.kind).collect();
    for (index, patch) in patches.into_iter().enumerate() {
        let ClausePatch { kind, text, terms, strike } = patch;
        if kinds[..index].contains(&kind) {
            return Err(ClauseRule::Twice { index, kind });
        }
        check_terms(index, kind, terms.as_ref())?;
        if !rows.iter().any(|row| row.kind == kind) {
            rows.push(ClauseRow {
                contract_id,
                position: position(kind),
                kind,
                status: Status::Proposed,
                text: None,
                terms: None,
                template_text: None,
                template_terms: None,
            });
        }
        let Some(row) = rows.iter_mut().find(|row| row.kind == kind) else { continue };
        row.status = Status::Proposed;
        row.terms = terms.map(Kept).or(row.terms.take());
        row.text = if strike { None } else { text.map(wire::Note::into_string).or(row.text.take()) };
        if row.text.is_none() && !strike {
            return Err(ClauseRule::Wordless { index });
        }
    }
    rows.sort_by_key(|row| row.position);
    Ok(())
}

/// What these clauses rest on has changed.
pub fn reopen(rows: &mut [ClauseRow], kinds: &[ClauseKind]) {
    set(rows, kinds, Status::Agreed, Status::Proposed);
}
/// The parties agree; returns the kinds that were not agreed before.
pub fn agree(rows: &mut [ClauseRow], kinds: &[ClauseKind]) -> Vec<ClauseKind> {
    let kinds = if kinds.is_empty() { ClauseKind::ALL } else { kinds };
    let open: Vec<ClauseKind> = open(rows).into_iter().filter(|kind| kinds.contains(kind)).collect();
    set(rows, &open, Status::Proposed, Status::Agreed);
    open
}
/// The review has passed: nobody changes them any more.
pub fn lock(rows: &mut [ClauseRow]) {
    for row in rows {
        row.status = Status::Locked;
    }
}
/// Proposed and not yet agreed.
pub fn open(rows: &[ClauseRow]) -> Vec<ClauseKind> {
    rows.iter().filter(|row| row.status == Status::Proposed).map(|row| row.kind).collect()
}
/// Does it differ from the template's? Where the goods go is every deal's own and no deviation.
pub fn deviates(row: &ClauseRow) -> bool {
    row.text != row.template_text || (row.kind != ClauseKind::Delivery && row.terms != row.template_terms)
}
/// The acceptance terms, where the clause stands and has any.
pub fn acceptance(rows: &[ClauseRow]) -> Option<&AcceptanceTerms> {
    let row = rows.iter().find(|row| row.kind == ClauseKind::Acceptance && row.text.is_some())?;
    match row.terms.as_ref().map(|kept| &kept.0) {
        Some(ClauseTerms::Acceptance(terms)) => Some(terms),
        _ => None,
    }
}
/// As the wire shows it.
pub fn show(row: ClauseRow) -> Clause {
    let deviates = deviates(&row);
    let ClauseRow { contract_id: _, position: _, kind, status, text, terms, template_text, template_terms: _ } = row;
    let template_text = if deviates { template_text } else { None };
    Clause { kind, status, text, terms: terms.map(|kept| kept.0), deviates, template_text }
}

/// Do structured terms fit their clause, and are they in bounds?
pub fn check_terms(index: usize, kind: ClauseKind, terms: Option<&ClauseTerms>) -> Result<(), ClauseRule> {
    let Some(terms) = terms else { return Ok(()) };
    let (fits, bounded) = match terms {
        ClauseTerms::Delivery(_) => (ClauseKind::Delivery, true),
        ClauseTerms::Quality(terms) => (ClauseKind::Quality, terms.warranty_months <= 240),
        ClauseTerms::Acceptance(terms) => {
            let days = (1..=365).contains(&terms.within_working_days);
            (ClauseKind::Acceptance, days && (1..=20).contains(&terms.criteria.len()))
        }
        ClauseTerms::Breach(_) => (ClauseKind::Breach, true),
        ClauseTerms::Confidentiality(terms) => (ClauseKind::Confidentiality, terms.months <= 600),
    };
    if fits != kind {
        return Err(ClauseRule::Misfit { index, kind });
    }
    if bounded { Ok(()) } else { Err(ClauseRule::Bounds { index }) }
}

fn set(rows: &mut [ClauseRow], kinds: &[ClauseKind], from: Status, to: Status) {
    for row in rows.iter_mut().filter(|row| row.status == from && kinds.contains(&row.kind)) {
        row.status = to;
    }
}

/// The order in which clauses stand in a document: that of their words.
fn position(kind: ClauseKind) -> i32 {
    let index = ClauseKind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
    i32::try_from(index + 1).unwrap_or(i32::MAX)
}

#[cfg(test)]
#[path = "clauses_tests.rs"]
mod tests;
