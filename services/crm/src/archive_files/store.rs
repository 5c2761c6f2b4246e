//! The only SQL of the archive.
use super::domain::ArchiveFile;
use crate::schema::archive_files;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page, search::found};
use wire::{
    PageQuery,
    crm::{AccountId, ArchiveFileId, ArchiveFileQuery},
};

platform::store!(ArchiveFile, archive_files);
platform::handed!(ArchiveFile, archive_files; row: this, closed: ["destroyed"]);

/// The number of the one with this barcode.
pub async fn with_barcode(conn: &mut Conn, barcode: &str) -> QueryResult<Option<String>> {
    let found = archive_files::table.filter(archive_files::barcode.eq(barcode));
    found.select(archive_files::number).first(conn).await.optional()
}

/// All of a customer.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<ArchiveFileId>> {
    let of_account = archive_files::table.filter(archive_files::account_id.eq(account));
    of_account.order(archive_files::id).select(archive_files::id).load(conn).await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    query: &ArchiveFileQuery,
    page: &PageQuery,
    sight: &Sight,
) -> QueryResult<Vec<ArchiveFile>> {
    let query = query.clone();
    let rows = page!(ArchiveFile, archive_files, page, sight; status = page.status, account_id = query.account_id, barcode = query.barcode);
    match found("archive_files", query.q.as_deref()) {
        Some(found) => rows.filter(found).load(conn).await,
        None => rows.load(conn).await,
    }
}
