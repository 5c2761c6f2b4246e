//! Takes the rows of imports in, a batch a transaction: a row's result is written with its lead, so that each is done exactly
//! once. No SQL.
use super::{
    domain::{Import, MOST_ATTEMPTS, Tally},
    lines::{Line, Wrong},
    store::{self, Row},
};
use crate::leads::{Duplicate, domain::Lead, take_in, take_in_all};
use futures_util::future::BoxFuture;
use platform::{ApiError, Entity, Language, Result, Sight, Tx};
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    Moment,
    crm::{ImportCandidate, ImportId, ImportRowId, ImportRowStatus as Outcome, NewLead},
    json::Kept,
};

/// Rows a transaction: whoever takes the same company in by hand meanwhile waits for it, well below a second.
pub const BATCH: usize = 500;

/// The next batch of the import that has had the fewest. Whoever cancels it meanwhile undoes this batch.
pub async fn take_rows_in(tx: &mut Tx, _: Moment) -> Result<()> {
    let Some(import) = store::waiting(tx.conn()).await? else { return Ok(()) };
    tx.act_for(&import.created_by, import.ownership().unwrap_or_default());
    let piece = store::next_piece(tx.conn(), import.id).await?;
    let place = piece.as_ref().map(|piece| piece.place);
    let (rows, reached) = match piece {
        Some(piece) => (piece.rows.0.into_iter().map(|line| row(tx, import.id, line)).collect(), import.reached),
        None => left(tx, &import).await?,
    };
    let (wrong, rows) = rows.into_iter().partition::<Vec<Row>, _>(|row| row.status == Outcome::Failed);
    // Trying keeps each row until the whole batch is undone: a later row of it finds what an earlier one would have made.
    let trial = if import.dry_run { Some(tx.part().await?) } else { None };
    let mut done = take_all(tx, &import, rows).await?;
    if let Some(trial) = trial {
        tx.undo(trial).await?;
        forget_leads(&mut done);
    }
    done.extend(wrong);
    let mut tally = Tally::default();
    for row in &done {
        tally.count(row.status);
    }
    store::record(tx.shared(), &done).await?;
    let import: Import = tx.load(import.id).await?;
    let change = import.progress(tally, reached, &tx.stamp())?;
    let import = tx.save(change).await?;
    // Behind the lock on the import, as cancelling does it: the other way round the two could wait for each other.
    if let Some(place) = place {
        store::drop_piece(tx.conn(), import.id, place).await?;
    }
    // Where nothing moved, an error of ours is in the way: it has a second to heal.
    if import.left() > 0 && (tally != Tally::default() || reached.is_some()) {
        tx.again();
    }
    Ok(())
}

/// All pieces are taken in: rows that an error of ours has left, and where to look for the next of them.
async fn left(tx: &mut Tx, import: &Import) -> Result<(Vec<Row>, Option<ImportRowId>)> {
    let most = i64::try_from(BATCH).map_err(ApiError::internal)?;
    let rows = store::pending(tx.conn(), import.id, import.reached, most).await?;
    // Behind the last of them: back to the first, if there is one.
    let reached = rows.last().filter(|_| rows.len() == BATCH).map(|row| row.id);
    Ok((rows, reached))
}

fn row(tx: &Tx, import_id: ImportId, line: Line) -> Row {
    let Line { number, data, wrong } = line;
    let status = if wrong.is_some() { Outcome::Failed } else { Outcome::Pending };
    let wrong = wrong.map(|Wrong { code, chinese, english }| (Some(code), Some(chinese), Some(english)));
    let (code, message_zh, message_en) = wrong.unwrap_or_default();
    Row {
        id: tx.id(),
        import_id,
        line: number,
        status,
        data,
        attempts: 0,
        lead_id: None,
        pointer: None,
        code,
        message_zh,
        message_en,
        candidates: Kept(Vec::new()),
    }
}

/// All of them together; where that fails, halves of them, down to the one row that is in the way.
fn take_all<'a>(tx: &'a mut Tx, import: &'a Import, rows: Vec<Row>) -> BoxFuture<'a, Result<Vec<Row>>> {
    Box::pin(async move {
        let part = tx.part().await?;
        let error = match take_together(tx, import, rows.clone()).await {
            Ok(done) => {
                tx.keep(part).await?;
                return Ok(done);
            }
            Err(error) => error,
        };
        tx.undo(part).await?;
        tracing::warn!(rows = rows.len(), error = format!("{error:?}"), "rows are taken in by halves");
        let mut first = rows;
        if first.len() < 2 {
            let mut done = Vec::new();
            for row in first {
                done.push(take_one(tx, import, row).await?);
            }
            return Ok(done);
        }
        let second = first.split_off(first.len() / 2);
        let mut done = take_all(tx, import, first).await?;
        done.extend(take_all(tx, import, second).await?);
        Ok(done)
    })
}

async fn take_together(tx: &mut Tx, import: &Import, rows: Vec<Row>) -> Result<Vec<Row>> {
    let sight = sight(import)?;
    let (mut done, mut places, mut news): (Vec<Row>, Vec<usize>, Vec<NewLead>) = Default::default();
    for (place, row) in rows.into_iter().enumerate() {
        match import.lead(row.data.as_ref().unwrap_or_default()) {
            Ok(new) => {
                places.push(place);
                news.push(new);
                done.push(row);
            }
            Err(error) => done.push(refused(row, &error)),
        }
    }
    for (place, outcome) in places.into_iter().zip(take_in_all(tx, news, &sight).await?) {
        let row = done[place].clone();
        done[place] = match outcome {
            Ok(lead) => taken(row, &lead),
            Err(error) => refused(row, &error),
        };
    }
    Ok(done)
}

/// A row by itself: whatever keeps it from being taken in leaves no trace of it but the reason.
async fn take_one(tx: &mut Tx, import: &Import, row: Row) -> Result<Row> {
    let part = tx.part().await?;
    let outcome = async {
        let new = import.lead(row.data.as_ref().unwrap_or_default())?;
        take_in(tx, new, &sight(import)?).await
    };
    match outcome.await {
        Ok(lead) => {
            tx.keep(part).await?;
            Ok(taken(row, &lead))
        }
        Err(error) => {
            tx.undo(part).await?;
            Ok(refused(row, &error))
        }
    }
}

fn sight(import: &Import) -> Result<Sight> {
    import.importer().require("crm.lead.create")
}

/// A lead that was just made is at its first version, and belongs to a customer only where it was attached to one.
fn taken(row: Row, lead: &Lead) -> Row {
    let status = match (lead.version, lead.account_id) {
        (1, None) => Outcome::Created,
        (1, Some(_)) => Outcome::Attached,
        _ => Outcome::Merged,
    };
    Row { status, lead_id: Some(lead.id), ..row }
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
