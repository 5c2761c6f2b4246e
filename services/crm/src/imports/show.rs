//! Imports and their rows as the wire shows them.
use super::{domain::Import, store::Row};
use platform::{Caller, Language, Machine};
use wire::crm as dto;

/// No `..`: a new column must be shown here or dropped here, knowingly.
pub fn show(import: Import, caller: &Caller) -> dto::Import {
    let available_actions = import.available_actions(caller);
    let Import {
        id,
        status,
        kind,
        format,
        on_duplicate,
        dry_run,
        header,
        reached: _,
        total,
        created,
        merged,
        attached,
        duplicates,
        failed,
        created_by,
        roles: _,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        started_at,
        finished_at,
        version,
    } = import;
    dto::Import {
        id,
        status,
        kind,
        format,
        on_duplicate,
        dry_run,
        columns: header.0,
        total,
        created,
        merged,
        attached,
        duplicates,
        failed,
        created_by,
        created_at,
        started_at,
        finished_at,
        version,
        available_actions,
    }
}

/// The reason in the reader's language.
pub fn show_row(row: Row, language: Language) -> dto::ImportRow {
    let Row {
        id,
        import_id: _,
        line,
        status,
        data: _,
        attempts: _,
        lead_id,
        pointer,
        code,
        message_zh,
        message_en,
        candidates,
    } = row;
    let message = language.pick(message_zh, message_en);
    dto::ImportRow { id, line, status, lead_id, pointer, code, message, candidates: candidates.0 }
}
