//! `/api/crm/v1/imports`: parse, ask, answer.
use super::{
    consume::BATCH,
    domain::Import,
    lines::Line,
    report,
    show::{show, show_row},
    source::{Declared, Source},
    store::{self, Piece},
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{StatusCode, header},
    post,
    web::{Path, Payload, Query, block},
};
use platform::{ApiError, Cx, Reply, Result, Tx};
use std::sync::Arc;
use tokio::sync::mpsc;
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    attachment::{FileBytes, TableBytes},
    crm::{self as dto, ImportId, NewImport},
    json::Kept,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_import)
        .service(list_imports)
        .service(get_import)
        .service(list_import_rows)
        .service(download_import_failed)
        .service(cancel_import);
}

/// Take in many leads at once, from a table or from JSON lines.
///
/// A table has a header (`party_type, name, contact_name, contact_phone, contact_email, region, source,
/// referrer_account_id, need, external_system, external_id`, or their Chinese labels; `name` and `source` are needed) and
/// is CSV (UTF-8 or GB 18030) or the first sheet of a workbook (XLSX). JSON lines have an object a line, as `POST /leads`
/// takes it. At most 1000000 rows, 64 KiB each, 256 MiB together where the setting `storage.largest_import_bytes` says
/// nothing else; a workbook 20 MiB, 512 MiB unpacked.
///
/// The body is the file itself: `curl --data-binary @leads.csv -H 'Content-Type: text/csv'`, `fetch(url, {method: "POST",
/// body: file, headers: {"Content-Type": "text/csv"}})`, with `Idempotency-Key`. The answer comes when the file is
/// looked through and kept; its rows are taken in afterwards: ask for the import until it is `done`, then for its rows with
/// `status=failed`.
#[utoipa::path(
    tag = "import",
    params(NewImport),
    request_body(description = "The file, bare", content(
        (TableBytes = "text/csv"),
        (TableBytes = "application/x-ndjson", example = json!("{\"party_type\": \"org\", \"name\": \"晨光泵业有限公司\", \"source\": \"exhibition\"}\n")),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = json!("PK… (the bytes of leads.xlsx)")),
    )),
    responses(
        (status = 202, description = "Its rows wait", body = dto::Import),
        (status = 413, description = "Larger than 256 MiB, or than `storage.largest_import_bytes`"),
        (status = 422, description = "None of these media types, not what `format` says, not readable, without rows or with too many, or a wrong column"),
    ),
)]
#[post("/imports")]
async fn create_import(cx: Cx, request: HttpRequest, how: Query<NewImport>, payload: Payload) -> Reply<dto::Import> {
    cx.keyed()?;
    let declared = Declared::of(&request, how.format)?;
    let upload = cx.upload_of(&request, payload, cx.app().largest_import_bytes).await?;
    let _place = cx.app().long_files.acquire().await.map_err(ApiError::internal)?;
    // Looked through as a whole before the transaction begins, and again while its rows are kept; where nobody waits for it.
    let (source, counted) = block(move || Source::open(upload, declared)).await.map_err(ApiError::internal)??;
    let source = Arc::new(source);
    cx.command(StatusCode::ACCEPTED, async |tx| {
        let (columns, total) = (counted.columns.clone(), counted.total);
        let queued = Import::queue(tx.id(), &how, declared.format, columns, total, cx.caller(), &tx.stamp())?;
        let import = tx.create(queued).await?;
        keep_pieces(tx, import.id, &source).await?;
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

/// Its rows that were looked at and what became of each, in the order of the file.
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
#[utoipa::path(tag = "import", responses((status = 200, description = "The table", content((TableBytes = "text/csv")))))]
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
        let import = tx.save(change).await?;
        store::drop_pieces(tx.conn(), import.id).await?;
        Ok(show(import, cx.caller()))
    })
    .await
}

fn page(query: &dto::ImportQuery) -> PageQuery {
    PageQuery { limit: query.limit, after: query.after, case_id: None, status: query.status.clone() }
}

/// Keeps the rows, a piece a statement, while the next piece is read elsewhere.
async fn keep_pieces(tx: &mut Tx, import: ImportId, source: &Arc<Source>) -> Result<()> {
    let (send, mut batches) = mpsc::channel::<Vec<Line>>(1);
    let source = source.clone();
    let reading = block(move || {
        let mut batch = Vec::with_capacity(BATCH);
        let gone = || ApiError::internal("nobody keeps the rows any more");
        source.each(&mut |line| {
            batch.push(line);
            if batch.len() < BATCH {
                return Ok(());
            }
            send.blocking_send(std::mem::take(&mut batch)).map_err(|_| gone())
        })?;
        if batch.is_empty() { Ok(()) } else { send.blocking_send(batch).map_err(|_| gone()) }
    });
    let keeping = async {
        let mut place = 0;
        while let Some(rows) = batches.recv().await {
            store::keep_piece(tx.shared(), &Piece { import_id: import, place, rows: Kept(rows) }).await?;
            place += 1;
        }
        Ok::<_, ApiError>(())
    };
    let kept = keeping.await;
    drop(batches);
    let read = reading.await.map_err(ApiError::internal)?;
    kept.and(read)
}
