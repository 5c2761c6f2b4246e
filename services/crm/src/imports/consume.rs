//! Takes the rows of imports in, a batch a transaction: a row's result is written with its lead, so that each is done exactly
//! once. No SQL.
use super::{
    domain::{Import, MOST_ATTEMPTS, Tally},
    store::{self, Row},
};
use crate::leads::{Duplicate, take_in};
use platform::{ApiError, Entity, Language, Result, Tx};
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    Moment,
    crm::{ImportCandidate, ImportRowStatus as Outcome, LeadId},
    json::Kept,
};

/// Rows a transaction.
const BATCH: i64 = 100;

/// The next batch of the import that has waited longest. Whoever cancels it meanwhile undoes this batch.
pub async fn take_rows_in(tx: &mut Tx, _: Moment) -> Result<()> {
    let Some(import) = store::waiting(tx.conn()).await? else { return Ok(()) };
    tx.act_for(&import.created_by, import.ownership().unwrap_or_default());
    let rows = store::pending(tx.conn(), import.id, BATCH).await?;
    let (mut tally, mut done) = (Tally::default(), Vec::with_capacity(rows.len()));
    // Trying keeps each row until the whole batch is undone: a later row of it finds what an earlier one would have made.
    let trial = if import.dry_run { Some(tx.part().await?) } else { None };
    for row in rows {
        let row = take_row_in(tx, &import, row).await?;
        tally.count(row.status);
        done.push(row);
    }
    if let Some(trial) = trial {
        tx.undo(trial).await?;
        forget_leads(&mut done);
    }
    store::record(tx.conn(), &done).await?;
    let import: Import = tx.load(import.id).await?;
    let change = import.progress(tally, &tx.stamp())?;
    let import = tx.save(change).await?;
    // Where nothing moved, an error of ours is in the way: it has a second to heal.
    if import.left() > 0 && tally != Tally::default() {
        tx.again();
    }
    Ok(())
}

/// A row by itself: whatever keeps it from being taken in leaves no trace of it but the reason.
async fn take_row_in(tx: &mut Tx, import: &Import, row: Row) -> Result<Row> {
    let part = tx.part().await?;
    match lead_of(tx, import, &row).await {
        Ok((status, lead)) => {
            tx.keep(part).await?;
            Ok(Row { status, lead_id: Some(lead), ..row })
        }
        Err(error) => {
            tx.undo(part).await?;
            Ok(refused(row, &error))
        }
    }
}

/// What was made to be looked at is no more: nothing points at it.
fn forget_leads(rows: &mut [Row]) {
    let made = rows.iter().filter(|row| matches!(row.status, Outcome::Created | Outcome::Attached));
    let made: HashSet<Uuid> = made.filter_map(|row| row.lead_id).map(Into::into).collect();
    for row in rows {
        row.lead_id = None;
        row.candidates.0.retain(|candidate| !made.contains(&candidate.id));
    }
}

async fn lead_of(tx: &mut Tx, import: &Import, row: &Row) -> Result<(Outcome, LeadId)> {
    let new = import.lead(row.data.as_ref().unwrap_or_default())?;
    let sight = import.importer().require("crm.lead.create")?;
    let lead = take_in(tx, new, &sight).await?;
    // A lead that was just made is at its first version, and belongs to a customer only where it was attached to one.
    let outcome = match (lead.version, lead.account_id) {
        (1, None) => Outcome::Created,
        (1, Some(_)) => Outcome::Attached,
        _ => Outcome::Merged,
    };
    Ok((outcome, lead.id))
}

/// Why a row is not taken in. An error of ours is none until it has happened too often.
fn refused(row: Row, error: &ApiError) -> Row {
    let attempts = row.attempts + i32::from(error.is_transient());
    if error.is_transient() && attempts < MOST_ATTEMPTS {
        tracing::warn!(row = %row.id, error = format!("{error:?}"), "a row waits");
        return Row { attempts, ..row };
    }
    let candidates = match error {
        ApiError::Rule(rule) => {
            let rule: &(dyn std::error::Error + 'static) = &**rule;
            rule.downcast_ref::<Duplicate>().map(|duplicate| duplicate.candidates.as_slice()).unwrap_or_default()
        }
        _ => &[],
    };
    let status = if candidates.is_empty() { Outcome::Failed } else { Outcome::Duplicate };
    let candidates =
        candidates.iter().map(|one| ImportCandidate { kind: one.kind, id: one.id, number: one.number.clone() });
    let [chinese, english] =
        [Language::Chinese, Language::English].map(|language| error.problem(language, String::new()));
    let pointer = english.errors.into_iter().next().map(|field| field.pointer);
    Row {
        status,
        attempts,
        pointer,
        code: Some(english.code),
        message_zh: Some(chinese.detail),
        message_en: Some(english.detail),
        candidates: Kept(candidates.collect()),
        ..row
    }
}
