//! The customer archive: documents under a customer's name, electronic and on paper (CRM-30).
use crate::{
    Action, Code, Day, Label, Moment, Name, Reference, crm::AccountId, event::event, id::id, resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A document in the archive.
    ArchiveFileId
);
words!(
    /// The life of an archived document (CRM-30).
    ArchiveFileStatus {
        Filed => "filed" "已归档" "Filed",
        Borrowed => "borrowed" "已借出" "Borrowed",
        Returned => "returned" "已归还" "Returned",
        Destroyed => "destroyed" "已销毁" "Destroyed",
    }
);
resource!(ArchiveFile);

/// A document as it is filed: with its file, or with the place and barcode of the paper, or both.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "title": "2026 年度框架合同", "document_number": "SC-2026-000042",
    "paper_location": "A 区 3 柜 2 层", "barcode": "6901234567892"})))]
pub struct NewArchiveFile {
    pub account_id: AccountId,
    pub title: Name,
    /// The document's own number.
    #[serde(default)]
    pub document_number: Option<Code>,
    /// The electronic document, uploaded before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<Uuid>,
    /// Where the paper lies.
    #[serde(default)]
    pub paper_location: Option<Name>,
    /// On the paper's folder; needs a place.
    #[serde(default)]
    pub barcode: Option<Code>,
}

/// Who takes the paper, and for how long.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BorrowArchiveFile {
    /// A reference of the directory.
    pub borrower: Reference,
    /// What they take the paper for.
    pub purpose: Label,
    /// The last day, in China: today or later.
    pub due_on: Day,
}

/// Where it lies now, if not where it did.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnArchiveFile {
    /// Where the paper lies: room, shelf, box.
    #[serde(default)]
    pub paper_location: Option<Name>,
}

/// A loan of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArchiveLoan {
    /// A reference of the directory.
    pub borrower: String,
    /// What they take the paper for.
    pub purpose: String,
    pub due_on: Day,
    pub borrowed_at: Moment,
    pub returned_at: Option<Moment>,
}

/// Filters of the archive.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ArchiveFileQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// Only rows of one customer.
    #[param(value_type = Option<String>, format = Uuid)]
    pub account_id: Option<Uuid>,
    /// Only the paper with this barcode.
    #[param(max_length = 64)]
    pub barcode: Option<String>,
    /// Words of the customer's name, the title or the numbers, in any order; parts of words too.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

/// A document in the archive.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ArchiveFile {
    pub id: ArchiveFileId,
    pub number: String,
    pub status: ArchiveFileStatus,
    pub account_id: AccountId,
    /// As it was when the document was filed.
    pub account_name: String,
    pub title: String,
    /// The document's own number.
    pub document_number: Option<String>,
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<Uuid>,
    /// Where the paper lies: room, shelf, box.
    pub paper_location: Option<String>,
    /// On the paper's folder.
    pub barcode: Option<String>,
    /// Oldest first; the last one is under way while it is borrowed.
    pub loans: Vec<ArchiveLoan>,
    /// Why it was destroyed.
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub destroyed_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A document was filed (CRM-30).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ArchiveFiled {
    pub archive_file_id: ArchiveFileId,
    pub number: String,
    pub account_id: AccountId,
    pub title: String,
    /// Is there paper, and not only a file?
    pub on_paper: bool,
}
event!(ArchiveFiled = "crm.archive.filed.v1");
