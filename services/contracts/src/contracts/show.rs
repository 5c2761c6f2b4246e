//! A contract as the wire shows it.
use super::{
    clauses,
    content::VersionRow,
    document,
    domain::{Contract, Head},
    signing::MismatchRow,
};
use platform::{Caller, Machine, Result};
use wire::contracts as dto;

/// With its buttons for this caller.
#[expect(clippy::too_many_lines, reason = "a line for each field")]
pub fn contract(contract: Contract, caller: &Caller) -> dto::Contract {
    let (available_actions, totals) = (contract.available_actions(caller), contract.totals());
    let (review_policy, content_hash) = (contract.policy().to_owned(), contract.content_hash());
    let document_sha256 = contract.document().sha256;
    let mismatches = contract.mismatches.into_iter().filter(MismatchRow::stands).map(MismatchRow::show).collect();
    let clauses = contract.clauses.into_iter().map(clauses::show).collect();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Head {
        id,
        number,
        kind,
        status,
        revision,
        case_id,
        account_id,
        account_name,
        quote_id,
        order_id,
        template_id,
        currency: _,
        net: _,
        tax: _,
        gross: _,
        payment_terms,
        delivery_date,
        conditions,
        checklist,
        signatures,
        reason,
        external_refs,
        owner_id,
        team_id: _,
        department_id: _,
        cause_event_id: _,
        created_at,
        submitted_at,
        approved_at,
        signed_at,
        effective_at,
        version,
    } = contract.head;
    dto::Contract {
        id,
        number,
        kind,
        status,
        revision,
        content_hash,
        document_sha256,
        case_id,
        account_id,
        account_name,
        quote_id,
        order_id,
        template_id,
        lines: contract.lines.into_iter().map(Into::into).collect(),
        totals,
        payment_terms: payment_terms.0,
        delivery_date,
        clauses,
        conditions: conditions.0,
        review_policy,
        checklist: checklist.map(|kept| kept.0),
        signatures: signatures.0,
        signature_mismatches: mismatches,
        reason,
        external_refs: external_refs.0,
        owner_id,
        created_at,
        submitted_at,
        approved_at,
        signed_at,
        effective_at,
        version,
        available_actions,
    }
}

/// A frozen version.
pub fn version(row: VersionRow) -> Result<dto::ContractVersion> {
    let VersionRow { contract_id: _, revision, hash, content, created_at, created_by } = row;
    let document_sha256 = document::of_version(revision, &content)?.sha256;
    Ok(dto::ContractVersion { revision, hash, document_sha256, content, created_at, created_by })
}

/// How the customer accepts (CON-29).
pub fn acceptance(contract: &Contract) -> dto::AcceptanceTermsShown {
    let clause = contract.clauses.iter().find(|row| row.kind == dto::ClauseKind::Acceptance);
    dto::AcceptanceTermsShown {
        locked: clause.is_some_and(|row| row.status == dto::ClauseStatus::Locked),
        text: clause.and_then(|row| row.text.clone()),
        terms: clauses::acceptance(&contract.clauses).cloned(),
    }
}
