//! Imports: many leads at once from a table (CRM-07). A file is taken in whole, then worked through row by row.
use crate::{
    Action, Moment,
    crm::{CandidateKind, LeadId, OnDuplicate},
    id::id,
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A file that is taken in.
    ImportId,
    /// One of its rows.
    ImportRowId,
);
words!(
    /// What the rows are.
    ImportKind {
        Leads => "leads" "线索" "Leads",
    }
);
words!(
    /// How the rows are written.
    ImportFormat {
        Csv => "csv" "CSV 表格" "CSV with a header",
        Jsonl => "jsonl" "JSON 行" "One JSON object a line",
        Xlsx => "xlsx" "Excel 工作簿" "The first sheet of a workbook, with a header",
    }
);
words!(
    /// How far it is.
    ImportStatus {
        Queued => "queued" "排队中" "Queued",
        Running => "running" "处理中" "Running",
        Done => "done" "已完成" "Done",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// What became of a row.
    ImportRowStatus {
        Pending => "pending" "待处理" "Pending",
        Created => "created" "已新建" "A lead was made",
        Merged => "merged" "已并入" "Added to a lead that was known",
        Attached => "attached" "已归入客户" "A lead of a known customer was made",
        Duplicate => "duplicate" "重复" "Known already, not taken in",
        Failed => "failed" "失败" "Refused",
    }
);
resource!(Import);

/// How a file is to be taken in.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// Leads, if not said.
    #[serde(default = "leads")]
    #[param(required = false)]
    pub kind: ImportKind,
    /// By the `Content-Type`, if not said.
    pub format: Option<ImportFormat>,
    /// What to do with a row that is known already, unless it says so itself; refused, if not said.
    #[serde(default = "refuse")]
    #[param(required = false)]
    pub on_duplicate: OnDuplicate,
    /// Only say what would become of each row; nothing is made. Rows of the file are compared with each other
    /// within each five hundred, as they are taken in; a double of an earlier five hundred is found only when it is real.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
}
fn leads() -> ImportKind {
    ImportKind::Leads
}
fn refuse() -> OnDuplicate {
    OnDuplicate::Refuse
}

/// An import as it stands. Every row of `total` is in one of the other numbers once it is done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Import {
    pub id: ImportId,
    pub status: ImportStatus,
    pub kind: ImportKind,
    pub format: ImportFormat,
    pub on_duplicate: OnDuplicate,
    /// It only says what would become of each row.
    pub dry_run: bool,
    /// Columns of the table, in its order; none for JSON lines.
    pub columns: Vec<String>,
    /// Rows of the file, the header left out.
    pub total: i32,
    /// Rows that became leads.
    pub created: i32,
    /// Rows that were added to a lead that was known.
    pub merged: i32,
    /// Rows that became leads of a customer who was known.
    pub attached: i32,
    /// Rows that were known already and not taken in.
    pub duplicates: i32,
    /// Rows that were refused; `GET …/failed` is a table of them.
    pub failed: i32,
    pub created_by: String,
    pub created_at: Moment,
    pub started_at: Option<Moment>,
    pub finished_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// One who may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportCandidate {
    pub kind: CandidateKind,
    /// The lead's or the customer's id, as `kind` says.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub number: String,
}

/// What became of a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ImportRow {
    pub id: ImportRowId,
    /// Where the row begins in the file, counted from 1.
    pub line: i32,
    pub status: ImportRowStatus,
    /// The lead it made or was added to.
    pub lead_id: Option<LeadId>,
    /// The field that was refused (RFC 6901); of a table: its column.
    pub pointer: Option<String>,
    /// Why it was not taken in.
    pub code: Option<String>,
    /// The same for people, in the caller's language.
    pub message: Option<String>,
    pub candidates: Vec<ImportCandidate>,
}

/// Which imports.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only in this state: of an import, or of a row.
    #[param(max_length = 64)]
    pub status: Option<String>,
}
