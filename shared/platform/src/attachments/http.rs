//! `/attachments` of every service. An upload is the file itself as the body (`fetch(url, {body: file})`, `curl --data-binary`):
//! its type is the `Content-Type`, everything else stands in the query. It is never whole in memory.
use super::{Attachment, MOST_BYTES, files, store};
use crate::{ApiError, Change, Cx, Reply, Result, json::Canonical};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::SizedStream,
    get,
    http::{
        StatusCode,
        header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
    },
    post,
    web::{Path, Payload, Query},
};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    attachment::{self as dto, AttachmentId, AttachmentQuery, FileBytes, FileType, NewAttachment},
};

/// Mounted by the platform in every service.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(create_attachment).service(list_attachments).service(get_attachment).service(download_attachment);
}

/// Upload a file of at most 20 MiB; the bytes must be of the declared type. A repeated key must come with the same bytes.
#[utoipa::path(
    tag = "attachment",
    params(NewAttachment),
    request_body(description = "The file, bare", content(
        (FileBytes = "application/pdf"), (FileBytes = "image/png"), (FileBytes = "image/jpeg"), (FileBytes = "image/webp"),
        (FileBytes = "text/plain"), (FileBytes = "text/csv"), (FileBytes = "application/zip"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    )),
    responses(
        (status = 201, description = "Kept", body = dto::Attachment),
        (status = 413, description = "Larger than 20 MiB"),
        (status = 415, description = "A type that is not kept, or bytes of another type"),
    ),
)]
#[post("/attachments")]
async fn create_attachment(
    cx: Cx,
    request: HttpRequest,
    query: Query<NewAttachment>,
    payload: Payload,
) -> Reply<dto::Attachment> {
    cx.keyed()?;
    let about = query.into_inner();
    well_formed(&about)?;
    let content_type = declared(&request)?;
    files::announced(&request, MOST_BYTES)?;
    let app = cx.app().clone();
    let incoming = app.files.receive(app.clock.id(), content_type, payload).await?;
    // The fingerprint of the request under its key: the bytes themselves.
    request.extensions_mut().insert(Canonical(format!("{content_type} {}", incoming.sha256)));
    cx.command(StatusCode::CREATED, async |tx| {
        let stamp = tx.stamp();
        let row = Attachment {
            id: tx.id(),
            sha256: incoming.sha256.clone(),
            size_bytes: incoming.size_bytes,
            content_type,
            file_name: about.file_name.to_string(),
            kind: about.kind,
            entity: about.entity.as_ref().map(ToString::to_string),
            entity_id: about.entity_id,
            case_id: about.case_id.map(Into::into),
            uploaded_by: stamp.actor,
            uploaded_at: stamp.at,
            owner_id: stamp.ownership.owner_id,
            team_id: stamp.ownership.team_id,
            department_id: stamp.ownership.department_id,
            version: 1,
        };
        tx.hold_file(&row.sha256).await?;
        app.files.keep(incoming).await?;
        Ok(show(tx.create(Change::new("create", row)).await?))
    })
    .await
}

/// Attachments, newest first.
#[utoipa::path(tag = "attachment", params(AttachmentQuery), responses((status = 200, description = "A page", body = Page<dto::Attachment>)))]
#[get("/attachments")]
async fn list_attachments(cx: Cx, query: Query<AttachmentQuery>) -> Reply<Page<dto::Attachment>> {
    let page = PageQuery { limit: query.limit, ..PageQuery::default() };
    cx.read(async |conn| {
        let rows = store::list(conn, &query, page.fetch(), cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), show))
    })
    .await
}

/// What a file is; its bytes lie at `content` beside it.
#[utoipa::path(tag = "attachment", responses((status = 200, description = "The attachment", body = dto::Attachment)))]
#[get("/attachments/{id}")]
async fn get_attachment(cx: Cx, id: Path<AttachmentId>) -> Reply<dto::Attachment> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?))).await
}

/// The bytes of a file, to be saved under its name.
#[utoipa::path(tag = "attachment", responses((status = 200, description = "The file, bare", headers(("ETag" = String, description = "The SHA-256 of the bytes, quoted")), content(
    (FileBytes = "application/pdf"), (FileBytes = "image/png"), (FileBytes = "image/jpeg"), (FileBytes = "image/webp"),
    (FileBytes = "text/plain"), (FileBytes = "text/csv"), (FileBytes = "application/zip"),
    (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (FileBytes = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
))))]
#[get("/attachments/{id}/content")]
async fn download_attachment(cx: Cx, request: HttpRequest, id: Path<AttachmentId>) -> Result<HttpResponse> {
    let found = cx.look(async |conn| Ok(store::find(conn, *id).await?)).await?;
    let row = cx.visible(*id, found)?;
    let tag = format!("\"{}\"", row.sha256);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
    if known.split(',').any(|known| [tag.as_str(), "*"].contains(&known.trim().trim_start_matches("W/"))) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    let content = cx.app().files.content(&row.sha256).await?;
    let content = content.ok_or_else(|| ApiError::internal(format!("file {} of {id} is missing", row.sha256)))?;
    let size = u64::try_from(row.size_bytes).unwrap_or(0);
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, tag))
        .insert_header((header::CONTENT_TYPE, row.content_type.as_str()))
        .insert_header(disposition(&row.file_name))
        .body(SizedStream::new(size, content)))
}

/// To be saved, never shown in place. RFC 6266: an ASCII name for old clients, the real one as RFC 8187 UTF-8.
pub fn disposition(name: &str) -> ContentDisposition {
    let plain = |c: char| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' };
    let real = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    let parameters =
        vec![DispositionParam::Filename(name.chars().map(plain).collect()), DispositionParam::FilenameExt(real)];
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

/// The type without its parameters (`text/csv; charset=utf-8`); Windows has a word of its own for ZIP.
fn declared(request: &HttpRequest) -> Result<FileType> {
    let sent = request.content_type().to_ascii_lowercase();
    if sent == "application/x-zip-compressed" {
        return Ok(FileType::Zip);
    }
    sent.parse().map_err(|_| files::type_not_kept(&sent))
}

fn well_formed(about: &NewAttachment) -> Result<()> {
    let name = about.file_name.as_str();
    if name.contains(['/', '\\', '\n', '\t']) || [".", ".."].contains(&name) {
        return Err(ApiError::field("/file_name", "a file's own name, without folders", "应为文件名本身，不含文件夹"));
    }
    match (&about.entity, about.entity_id) {
        (Some(entity), Some(_)) if entity.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => Ok(()),
        (None, None) => Ok(()),
        (Some(_), Some(_)) => Err(ApiError::field(
            "/entity",
            "one snake_case word: shipment, contract …",
            "应为一个小写英文单词（可含下划线），如 shipment、contract",
        )),
        _ => Err(ApiError::field(
            "/entity_id",
            "entity and entity_id are said together or not at all",
            "entity 与 entity_id 应同时填写或同时省略",
        )),
    }
}

fn show(row: Attachment) -> dto::Attachment {
    let confirmed = row.is_confirmed();
    let Attachment {
        id,
        sha256,
        size_bytes,
        content_type,
        file_name,
        kind,
        entity,
        entity_id,
        case_id,
        uploaded_by,
        uploaded_at,
        owner_id: _,
        team_id: _,
        department_id: _,
        version,
    } = row;
    dto::Attachment {
        id,
        sha256,
        size_bytes,
        content_type,
        file_name,
        kind,
        entity,
        entity_id,
        case_id,
        confirmed,
        uploaded_by,
        uploaded_at,
        version,
    }
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_travels_in_both_spellings_and_breaks_out_of_neither() {
        assert_eq!(
            disposition("送货单 \"1\".pdf").to_string(),
            "attachment; filename=\"___ _1_.pdf\"; filename*=UTF-8''%E9%80%81%E8%B4%A7%E5%8D%95%20%221%22.pdf"
        );
    }
}
