//! Attachments, the same in every service: a file with its fingerprint, and what it shows. The bytes themselves travel bare,
//! as the body of `POST /attachments` and of `GET /attachments/{id}/content`, never inside JSON.
use crate::{CaseId, Code, Moment, Name, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};
use uuid::Uuid;

id!(
    /// A file and what it is about.
    AttachmentId
);
words!(
    /// What a file shows.
    AttachmentKind {
        Document => "document" "文件" "Document",
        Photo => "photo" "照片" "Photo",
        DeliveryNote => "delivery_note" "送货单" "Delivery note",
        SignedDocument => "signed_document" "电子签署文件" "Signed file",
        SignatureScan => "signature_scan" "签字盖章扫描件" "Scan of the signed paper",
        Waiver => "waiver" "例外申请附件" "Grounds of a waiver",
        Quotation => "quotation" "供应商报价单" "Supplier's quotation",
        Report => "report" "检验或测试报告" "Inspection or test report",
        Evidence => "evidence" "客户确认凭证" "Evidence of what the customer did",
    }
);
words!(
    /// The types of file that are kept. An upload says one in `Content-Type` and its bytes must be of it.
    FileType {
        Pdf => "application/pdf" "PDF 文件" "PDF",
        Png => "image/png" "PNG 图片" "PNG picture",
        Jpeg => "image/jpeg" "JPEG 图片" "JPEG picture",
        Webp => "image/webp" "WebP 图片" "WebP picture",
        Text => "text/plain" "文本文件" "Plain text",
        Csv => "text/csv" "CSV 表格" "CSV table",
        Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" "Excel 工作簿" "Excel workbook",
        Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document" "Word 文档" "Word document",
        Zip => "application/zip" "ZIP 压缩包" "ZIP archive",
    }
);
resource!(Attachment);

/// A file that was kept. It is never changed or deleted; a better one is another attachment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub id: AttachmentId,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits; the `ETag` of the content.
    pub sha256: String,
    /// At most 20 MiB.
    pub size_bytes: i64,
    pub content_type: FileType,
    /// The file's own name, without folders.
    pub file_name: String,
    pub kind: AttachmentKind,
    /// What it is about (`shipment`, `contract` …), where that was said.
    pub entity: Option<String>,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub entity_id: Option<Uuid>,
    pub case_id: Option<CaseId>,
    /// Has that document named the file? Until it has, what it is about and its deal are only what the uploader said.
    pub confirmed: bool,
    /// `user:ann`.
    pub uploaded_by: String,
    pub uploaded_at: Moment,
    pub version: i32,
}

/// What `POST /attachments` takes besides the bytes.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewAttachment {
    /// The file's own name, without folders, percent-encoded UTF-8.
    #[param(value_type = String, min_length = 1, max_length = 200, example = "送货单.pdf")]
    pub file_name: Name,
    /// What the file shows.
    pub kind: AttachmentKind,
    /// What it is about, one `snake_case` word; together with `entity_id`.
    #[param(value_type = Option<String>, min_length = 1, max_length = 64)]
    pub entity: Option<Code>,
    /// Which one; together with `entity`.
    #[param(value_type = Option<String>, format = Uuid)]
    pub entity_id: Option<Uuid>,
    /// The deal it belongs to.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
}

/// Filters.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AttachmentQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only of one thing.
    #[param(value_type = Option<String>, format = Uuid)]
    pub entity_id: Option<Uuid>,
    /// Only of one deal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub case_id: Option<Uuid>,
    /// Only of one kind.
    pub kind: Option<AttachmentKind>,
}

/// Bare bytes of a file, for the documentation only.
pub struct FileBytes;
impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        bytes(20, "The file, bare.", "品名,数量\n立式泵,12\n")
    }
}
impl ToSchema for FileBytes {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("FileBytes")
    }
}

/// Bare bytes of a table with very many rows, for the documentation only.
pub struct TableBytes;
impl PartialSchema for TableBytes {
    fn schema() -> RefOr<Schema> {
        bytes(
            256,
            "The table, bare: at most 256 MiB, where the setting `storage.largest_import_bytes` says nothing else.",
            "party_type,name,source,need\norg,晨光泵业有限公司,exhibition,12 台卧式泵\n",
        )
    }
}
impl ToSchema for TableBytes {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("TableBytes")
    }
}

fn bytes(most_mebibytes: usize, description: &str, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .max_length(Some(most_mebibytes * 1024 * 1024))
        .description(Some(description))
        .examples([example])
        .into()
}
