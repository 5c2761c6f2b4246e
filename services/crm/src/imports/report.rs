//! The table of rows that were not taken in: the reason, then the fields as they came. Written page by page while it is read.
use super::{
    domain::{COLUMNS, Import, REASONS},
    store::{self, Row},
};
use actix_web::web::Bytes;
use futures_util::{Stream, stream};
use platform::{ApiError, Language, Result, app::App};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;
use wire::crm::ImportFormat;

/// Rows a page.
const PAGE: i64 = 500;

/// Where the writing is.
struct State {
    app: Arc<App>,
    import: Import,
    language: Language,
    /// The last row written; `None` at the end.
    after: Option<Uuid>,
    begun: bool,
}

/// The table, UTF-8 with a byte order mark so that Excel knows.
pub fn table(app: Arc<App>, import: Import, language: Language) -> impl Stream<Item = Result<Bytes>> {
    let state = State { app, import, language, after: Some(Uuid::nil()), begun: false };
    stream::try_unfold(state, async |mut state: State| match next(&mut state).await? {
        Some(piece) => Ok(Some((piece, state))),
        None => Ok(None),
    })
}

async fn next(state: &mut State) -> Result<Option<Bytes>> {
    let Some(after) = state.after else { return Ok(None) };
    let rows = {
        let mut conn = state.app.readers.get().await?;
        store::not_taken(&mut conn, state.import.id, after, PAGE).await?
    };
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE);
    state.after = rows.last().filter(|_| full).map(|row| row.id.into());
    let first = !std::mem::replace(&mut state.begun, true);
    let fields = fields(&state.import);
    let mut writer = csv::Writer::from_writer(if first { "\u{feff}".as_bytes().to_vec() } else { Vec::new() });
    if first {
        writer.write_record(REASONS.iter().chain(&fields)).map_err(ApiError::internal)?;
    }
    for row in rows {
        writer.write_record(record(&row, &fields, state.language)).map_err(ApiError::internal)?;
    }
    Ok(Some(writer.into_inner().map_err(|error| ApiError::internal(error.error()))?.into()))
}

/// The columns that the table had, by their names; of JSON lines, the line.
fn fields(import: &Import) -> Vec<&'static str> {
    if import.format == ImportFormat::Jsonl {
        return vec!["data"];
    }
    let had = |column: &&(&'static str, &'static str)| {
        import.header.0.iter().any(|name| name.to_lowercase() == column.0 || name == column.1)
    };
    COLUMNS.iter().filter(had).map(|(column, _)| *column).collect()
}

fn record(row: &Row, fields: &[&str], language: Language) -> Vec<String> {
    let message = language.pick(&row.message_zh, &row.message_en).clone();
    let candidates: Vec<&str> = row.candidates.0.iter().map(|candidate| candidate.number.as_str()).collect();
    let reasons = [
        row.line.to_string(),
        row.pointer.clone().unwrap_or_default(),
        row.code.clone().unwrap_or_default(),
        message.unwrap_or_default(),
        candidates.join(" "),
    ];
    let field = |name: &&str| match (&row.data, *name) {
        (Some(Value::String(text)), "data") => text.clone(),
        (Some(data), "data") => data.to_string(),
        (Some(data), name) => data[name].as_str().unwrap_or_default().to_owned(),
        (None, _) => String::new(),
    };
    reasons.into_iter().chain(fields.iter().map(field)).collect()
}
