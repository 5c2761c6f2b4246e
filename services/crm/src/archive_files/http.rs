//! `/api/crm/v1/archive-files`: parse, ask, answer.
use super::{domain::ArchiveFile, store};
use crate::{accounts::domain::Account, references};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, ArchiveFileId, ArchiveFileQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_archive_file)
        .service(list_archive_files)
        .service(get_archive_file)
        .service(borrow_archive_file)
        .service(return_archive_file)
        .service(destroy_archive_file);
}

/// File a document of a customer.
#[utoipa::path(tag = "archive_file", responses((status = 201, description = "Filed", body = dto::ArchiveFile)))]
#[post("/archive-files")]
async fn create_archive_file(cx: Cx, body: Json<dto::NewArchiveFile>) -> Reply<dto::ArchiveFile> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let unknown = ApiError::absent("/account_id", "account", new.account_id);
        let account: Option<Account> = tx.try_load(new.account_id).await?;
        let account = account.filter(|account| cx.sight().sees(account.ownership().as_ref())).ok_or(unknown)?;
        let taken = match &new.barcode {
            Some(barcode) => store::with_barcode(tx.conn(), barcode.as_str()).await?,
            None => None,
        };
        let number = tx.next_number("archive_file").await?;
        let change = ArchiveFile::file(tx.id(), number, new, &account, taken, &tx.stamp())?;
        if let Some(attachment) = change.after().attachment_id {
            tx.attach("/attachment_id", attachment, change.after()).await?;
        }
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// The archive, newest first.
#[utoipa::path(tag = "archive_file", params(ArchiveFileQuery), responses((status = 200, description = "A page", body = Page<dto::ArchiveFile>)))]
#[get("/archive-files")]
async fn list_archive_files(cx: Cx, query: Query<ArchiveFileQuery>) -> Reply<Page<dto::ArchiveFile>> {
    let page =
        PageQuery { limit: query.limit, after: query.after, status: query.status.clone(), ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = store::list(conn, &query, &page, cx.sight()).await?;
        Ok(page.page(rows, |file| file.id.into(), |file| show(file, cx.caller())))
    })
    .await
}

/// One document of the archive.
#[utoipa::path(tag = "archive_file", responses((status = 200, description = "The document", body = dto::ArchiveFile)))]
#[get("/archive-files/{id}")]
async fn get_archive_file(cx: Cx, id: Path<ArchiveFileId>) -> Reply<dto::ArchiveFile> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// A colleague takes the paper with them.
#[utoipa::path(tag = "archive_file", responses((status = 200, description = "Borrowed", body = dto::ArchiveFile)))]
#[post("/archive-files/{id}/borrow")]
async fn borrow_archive_file(
    cx: Cx,
    id: Path<ArchiveFileId>,
    body: Json<dto::BorrowArchiveFile>,
) -> Reply<dto::ArchiveFile> {
    cx.command(StatusCode::OK, async |tx| {
        let file: ArchiveFile = tx.open(*id).await?;
        references::colleague(tx.conn(), "/borrower", body.0.borrower.as_str()).await?;
        let change = file.borrow(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It is back.
#[utoipa::path(tag = "archive_file", responses((status = 200, description = "Back", body = dto::ArchiveFile)))]
#[post("/archive-files/{id}/return")]
async fn return_archive_file(
    cx: Cx,
    id: Path<ArchiveFileId>,
    body: Json<dto::ReturnArchiveFile>,
) -> Reply<dto::ArchiveFile> {
    cx.command(StatusCode::OK, async |tx| {
        let file: ArchiveFile = tx.open(*id).await?;
        let change = file.give_back(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The paper is destroyed; say why.
#[utoipa::path(tag = "archive_file", responses((status = 200, description = "Destroyed; the record remains", body = dto::ArchiveFile)))]
#[post("/archive-files/{id}/destroy")]
async fn destroy_archive_file(cx: Cx, id: Path<ArchiveFileId>, body: Json<dto::Reason>) -> Reply<dto::ArchiveFile> {
    cx.command(StatusCode::OK, async |tx| {
        let file: ArchiveFile = tx.open(*id).await?;
        let change = file.destroy(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(file: ArchiveFile, caller: &Caller) -> dto::ArchiveFile {
    let available_actions = file.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let ArchiveFile {
        id,
        number,
        status,
        account_id,
        account_name,
        title,
        document_number,
        attachment_id,
        paper_location,
        barcode,
        loans,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        destroyed_at,
        version,
    } = file;
    let loans = loans.0;
    dto::ArchiveFile {
        id,
        number,
        status,
        account_id,
        account_name,
        title,
        document_number,
        attachment_id,
        paper_location,
        barcode,
        loans,
        reason,
        owner_id,
        created_at,
        destroyed_at,
        version,
        available_actions,
    }
}
