//! `/api/crm/v1/imports`: parse, ask, answer.
use super::{
    domain::{Import, ImportRule, MOST_ROWS},
    encoding::{self, Decoded},
    lines::{Line, Lines},
    report,
    show::{show, show_row},
    store::{self, Row},
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, get,
    http::{StatusCode, header},
    post,
    web::{Path, Payload, Query},
};
use encoding_rs::Encoding;
use platform::{ApiError, Cx, Language, Reply, Result, Rule, Tx, Upload};
use std::fs::File;
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    attachment::FileBytes,
    crm::{self as dto, ImportFormat, ImportId, ImportRowStatus, NewImport},
    json::Kept,
};

/// Rows kept in one statement.
const BATCH: usize = 500;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_import)
        .service(list_imports)
        .service(get_import)
        .service(list_import_rows)
        .service(download_import_failed)
        .service(cancel_import);
}

/// Take in many leads at once: a table with a header (`party_type, name, contact_name, contact_phone, contact_email,
/// region, source, referrer_account_id, need, external_system, external_id`, or their Chinese labels; `name` and `source`
/// are needed), UTF-8 or GB 18030, or one JSON object a line as `POST /leads` takes it. At most 20 MiB and 100000 rows. The
/// answer comes when the rows are kept; they are taken in afterwards.
#[utoipa::path(
    tag = "import",
    params(NewImport),
    request_body(description = "The file, bare", content((FileBytes = "text/csv"), (FileBytes = "application/x-ndjson"))),
    responses((status = 202, description = "Its rows wait", body = dto::Import)),
)]
#[post("/imports")]
async fn create_import(cx: Cx, request: HttpRequest, how: Query<NewImport>, payload: Payload) -> Reply<dto::Import> {
    let upload = cx.upload(&request, payload).await?;
    let (format, charset) = format(&request, how.format)?;
    let text = text(&upload, charset)?;
    // Looked through as a whole before the transaction begins, and again while its rows are kept.
    let counted = count(format, text()?)?;
    cx.command(StatusCode::ACCEPTED, async |tx| {
        let (total, failed, columns) = counted.clone();
        let queued = Import::queue(tx.id(), &how, format, columns, cx.caller(), &tx.stamp());
        let import = tx.create(queued.counted(total, failed)?).await?;
        keep_rows(tx, import.id, open(format, text()?)?.0).await?;
        Ok(show(import, cx.caller()))
    })
    .await
}

/// Imports, newest first.
#[utoipa::path(tag = "import", params(dto::ImportQuery), responses((status = 200, description = "A page", body = Page<dto::Import>)))]
#[get("/imports")]
async fn list_imports(cx: Cx, query: Query<dto::ImportQuery>) -> Reply<Page<dto::Import>> {
    let page = page(&query);
    cx.read(async |conn| {
        let rows = store::list(conn, &query, page.fetch(), cx.sight()).await?;
        Ok(page.page(rows, |import| import.id.into(), |import| show(import, cx.caller())))
    })
    .await
}

/// One import and how far it is.
#[utoipa::path(tag = "import", responses((status = 200, description = "The import", body = dto::Import)))]
#[get("/imports/{id}")]
async fn get_import(cx: Cx, id: Path<ImportId>) -> Reply<dto::Import> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Its rows and what became of each, in the order of the file.
#[utoipa::path(tag = "import", params(dto::ImportQuery), responses((status = 200, description = "A page", body = Page<dto::ImportRow>)))]
#[get("/imports/{id}/rows")]
async fn list_import_rows(cx: Cx, id: Path<ImportId>, query: Query<dto::ImportQuery>) -> Reply<Page<dto::ImportRow>> {
    let page = page(&query);
    cx.read(async |conn| {
        let import: Import = cx.visible(*id, store::find(conn, *id).await?)?;
        let rows = store::rows_of(conn, import.id, &query, page.fetch()).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show_row(row, cx.caller().language)))
    })
    .await
}

/// The rows that were not taken in, as a table with the reason before the fields: mended, it can be handed in again.
#[utoipa::path(tag = "import", responses((status = 200, description = "The table", content((FileBytes = "text/csv")))))]
#[get("/imports/{id}/failed")]
async fn download_import_failed(cx: Cx, id: Path<ImportId>) -> Result<HttpResponse> {
    let found = {
        let mut conn = cx.app().readers.get().await?;
        store::find(&mut conn, *id).await?
    };
    let import = cx.visible(*id, found)?;
    let name = format!("attachment; filename=\"import-{}-failed.csv\"", import.id);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(report::table(cx.app().clone(), import, cx.caller().language)))
}

/// Leave the rest of the rows; what is done stays.
#[utoipa::path(tag = "import", responses((status = 200, description = "Cancelled", body = dto::Import)))]
#[post("/imports/{id}/cancel")]
async fn cancel_import(cx: Cx, id: Path<ImportId>) -> Reply<dto::Import> {
    cx.command(StatusCode::OK, async |tx| {
        let import: Import = tx.open(*id).await?;
        let change = import.cancel(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn page(query: &dto::ImportQuery) -> PageQuery {
    PageQuery { limit: query.limit, after: query.after, case_id: None, status: query.status.clone() }
}

/// The format, and the charset where one is declared.
fn format(request: &HttpRequest, said: Option<ImportFormat>) -> Result<(ImportFormat, Option<&'static Encoding>)> {
    let sent = match request.content_type().to_ascii_lowercase().as_str() {
        "text/csv" => Some(ImportFormat::Csv),
        "application/x-ndjson" | "application/jsonl" => Some(ImportFormat::Jsonl),
        _ => None,
    };
    let format = sent.filter(|sent| said.is_none_or(|said| said == *sent)).ok_or(ImportRule::MediaType)?;
    let full = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let declared = full.split(';').find_map(|part| part.trim().strip_prefix("charset="));
    let charset =
        declared.map(|label| Encoding::for_label(label.trim_matches('"').as_bytes()).ok_or(ImportRule::Encoding));
    Ok((format, charset.transpose()?))
}

/// The file as text, from its beginning each time it is asked for.
fn text(upload: &Upload, charset: Option<&'static Encoding>) -> Result<impl Fn() -> Result<Decoded<File>>> {
    let open = || upload.open().map_err(std::io::Error::other);
    let encoding = encoding::find(charset, open).map_err(ApiError::internal)?.ok_or(ImportRule::Encoding)?;
    Ok(move || Ok(Decoded::new(upload.open()?, encoding)))
}

/// Keeps the rows, a batch a statement.
async fn keep_rows(tx: &mut Tx, import: ImportId, mut lines: Lines<File>) -> Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(line) = lines.next_line()? {
        batch.push(row(tx, import, line));
        if batch.len() == BATCH {
            store::keep(tx.conn(), &batch).await?;
            batch.clear();
        }
    }
    Ok(store::keep(tx.conn(), &batch).await?)
}

fn open(format: ImportFormat, text: Decoded<File>) -> Result<(Lines<File>, Vec<String>)> {
    match format {
        ImportFormat::Csv => Lines::csv(text),
        ImportFormat::Jsonl => Ok((Lines::jsonl(text), Vec::new())),
    }
}

/// Rows, those of them that are none, and the columns.
fn count(format: ImportFormat, text: Decoded<File>) -> Result<(usize, usize, Vec<String>)> {
    let (mut lines, columns) = open(format, text)?;
    let (mut total, mut failed) = (0, 0);
    while let Some(line) = lines.next_line()? {
        total += 1;
        failed += usize::from(line.wrong.is_some());
        if total > MOST_ROWS {
            return Err(ImportRule::TooMany.into());
        }
    }
    Ok((total, failed, columns))
}

fn row(tx: &Tx, import_id: ImportId, line: Line) -> Row {
    let Line { number, data, wrong } = line;
    let status = if wrong.is_some() { ImportRowStatus::Failed } else { ImportRowStatus::Pending };
    Row {
        id: tx.id(),
        import_id,
        line: number,
        status,
        data,
        attempts: 0,
        lead_id: None,
        pointer: None,
        code: wrong.as_ref().map(|rule| rule.code().to_owned()),
        message_zh: wrong.as_ref().map(|rule| rule.text(Language::Chinese)),
        message_en: wrong.as_ref().map(|rule| rule.text(Language::English)),
        candidates: Kept(Vec::new()),
    }
}
