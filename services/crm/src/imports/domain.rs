//! The rules of imports (CRM-07). Pure: no async, no clock, no SQL.
use crate::schema::imports;
use diesel::prelude::*;
use platform::{
    ApiError, Caller, Change, Language, Machine, MachineInfo, Refused, Stamp, Transition, auth::Role, parse,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use wire::{
    Moment, Ownership,
    crm::{
        ImportFormat, ImportId, ImportKind, ImportRowId, ImportRowStatus as Outcome, ImportStatus as Status, NewImport,
        NewLead, OnDuplicate,
    },
    json::Kept,
};

/// Rows of one file.
pub const MOST_ROWS: usize = 1_000_000;
/// Times that a row is tried which an error of ours keeps from being done.
pub const MOST_ATTEMPTS: i32 = 5;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = imports, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Import {
    pub id: ImportId,
    pub status: Status,
    pub kind: ImportKind,
    pub format: ImportFormat,
    pub on_duplicate: OnDuplicate,
    pub dry_run: bool,
    /// The columns as the table calls them.
    pub header: Kept<Vec<String>>,
    /// Of the rows that an error of ours kept from being done: the last one that was tried again.
    pub reached: Option<ImportRowId>,
    pub total: i32,
    pub created: i32,
    pub merged: i32,
    pub attached: i32,
    pub duplicates: i32,
    pub failed: i32,
    pub created_by: String,
    pub roles: Kept<Vec<Role>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub started_at: Option<Moment>,
    pub finished_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Import, "import", ImportId; row: this, case: none, owned);

platform::rules!(
    /// Why a file or one of its rows is refused.
    ImportRule {
        MediaType => "import.media_type", Invalid, "send text/csv, application/x-ndjson or an XLSX workbook, as the format says", "请以 text/csv、application/x-ndjson 或 XLSX 工作簿发送，并与 format 一致";
        Encoding => "import.encoding", Invalid, "the text is neither UTF-8 nor GB 18030, or not of the declared charset", "文件编码不是 UTF-8 或 GB 18030，或与声明的编码不符";
        Empty => "import.empty", Invalid, "there are no rows", "文件没有数据行";
        TooMany => "import.too_many_rows", Invalid, "a file has at most 1000000 rows", "每个文件最多 1000000 行";
        Workbook => "import.workbook", Invalid, "the file is no workbook (XLSX) that can be read", "文件不是可读取的 XLSX 工作簿";
        WorkbookTooLarge => "import.workbook_too_large", Invalid, "a workbook has at most 20 MiB, and 512 MiB unpacked; send more as CSV", "工作簿不得超过 20 MiB（解压后 512 MiB），更多数据请使用 CSV";
        RowCell => "import.row_cell", Invalid, "a cell of the row holds an error", "该行有单元格为错误值";
        Column { name: String } => "import.column", Invalid, "there is no column {name}", "没有名为 {name} 的列";
        ColumnTwice { name: String } => "import.column_twice", Invalid, "column {name} stands there twice", "列 {name} 重复";
        ColumnMissing { name: &'static str } => "import.column_missing", Invalid, "column {name} is missing", "缺少列 {name}";
        RowFields { fields: usize, columns: usize } => "import.row_fields", Invalid, "{fields} fields for {columns} columns", "该行有 {fields} 个字段，应为 {columns} 个";
        RowNoObject => "import.row_no_object", Invalid, "a line is one JSON object", "每行应为一个 JSON 对象";
        RowTooLarge => "import.row_too_large", Invalid, "a row has at most 64 KiB", "每行最多 64 KiB";
        RowCharacters => "import.row_characters", Invalid, "a row holds no NUL", "该行含有 NUL 字符";
        RowReference => "import.row_reference", Invalid, "a reference needs the system and its id", "外部编号须同时填写系统与编号", at "/external_id";
    }
);

impl Machine for Import {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "import",
        transitions: &[
            Transition::new("cancel", &["queued", "running"], &["cancelled"]),
            Transition::automatic("progress", &["queued", "running"], &["running", "done"]),
        ],
        labels: Status::labels(),
    };
}

/// What a column means; `None` is one that a download of refused rows adds, which is passed over.
pub type Column = Option<&'static str>;

/// Columns of a table of leads: name, and label in Chinese tables.
pub const COLUMNS: &[(&str, &str)] = &[
    ("party_type", "类型"),
    ("name", "名称"),
    ("contact_name", "联系人"),
    ("contact_phone", "电话"),
    ("contact_email", "邮箱"),
    ("region", "地区"),
    ("source", "来源"),
    ("referrer_account_id", "推荐客户"),
    ("need", "需求"),
    ("external_system", "外部系统"),
    ("external_id", "外部编号"),
];
/// What a download of refused rows adds before the columns of the table.
pub const REASONS: &[&str] = &["line", "pointer", "code", "message", "candidates"];
const NEEDED: &[&str] = &["name", "source"];

/// What the names of a header mean; case and surrounding blanks do not matter.
pub fn columns(header: &[String]) -> Result<Vec<Column>, ImportRule> {
    let mut known: Vec<Column> = Vec::new();
    for name in header {
        let lower = name.to_lowercase();
        let found = COLUMNS.iter().find(|(column, label)| *column == lower || *label == name);
        let column = found.map(|(column, _)| *column);
        if column.is_none() && !REASONS.contains(&lower.as_str()) {
            return Err(ImportRule::Column { name: name.clone() });
        }
        if column.is_some() && known.contains(&column) {
            return Err(ImportRule::ColumnTwice { name: name.clone() });
        }
        known.push(column);
    }
    match NEEDED.iter().find(|needed| !known.contains(&Some(**needed))) {
        Some(name) => Err(ImportRule::ColumnMissing { name }),
        None => Ok(known),
    }
}

/// How many rows became what, in one batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub created: i32,
    pub merged: i32,
    pub attached: i32,
    pub duplicates: i32,
    pub failed: i32,
}
impl Tally {
    /// One more.
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Pending => {}
            Outcome::Created => self.created += 1,
            Outcome::Merged => self.merged += 1,
            Outcome::Attached => self.attached += 1,
            Outcome::Duplicate => self.duplicates += 1,
            Outcome::Failed => self.failed += 1,
        }
    }
}

impl Import {
    /// A file was handed in; its `total` rows wait.
    pub fn queue(
        id: ImportId,
        how: &NewImport,
        format: ImportFormat,
        header: Vec<String>,
        total: usize,
        caller: &Caller,
        by: &Stamp,
    ) -> Result<Change<Self>, ImportRule> {
        if total == 0 {
            return Err(ImportRule::Empty);
        }
        let total = i32::try_from(total).map_err(|_| ImportRule::TooMany)?;
        let Ownership { owner_id, team_id, department_id } = by.ownership.clone();
        let queued = Self {
            id,
            status: Status::Queued,
            kind: how.kind,
            format,
            on_duplicate: how.on_duplicate,
            dry_run: how.dry_run,
            header: Kept(header),
            reached: None,
            total,
            created: 0,
            merged: 0,
            attached: 0,
            duplicates: 0,
            failed: 0,
            created_by: by.actor.clone(),
            roles: Kept(caller.roles.clone()),
            owner_id,
            team_id,
            department_id,
            created_at: by.at,
            started_at: None,
            finished_at: None,
            version: 1,
        };
        Ok(Change::new("create", queued))
    }
    /// A batch is done; with the last one all of it is. `reached`: where the next look for rows that an error of ours left begins;
    /// `None` is at the first of them.
    pub fn progress(self, tally: Tally, reached: Option<ImportRowId>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("progress")?;
        let mut next = self.next();
        next.created += tally.created;
        next.merged += tally.merged;
        next.attached += tally.attached;
        next.duplicates += tally.duplicates;
        next.failed += tally.failed;
        next.reached = reached;
        next.started_at.get_or_insert(by.at);
        next.status = Status::Running;
        if next.left() == 0 {
            (next.status, next.finished_at) = (Status::Done, Some(by.at));
        }
        Ok(Change::new("progress", next))
    }
    /// What is not done is left; what is done stays.
    pub fn cancel(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let mut next = self.next();
        (next.status, next.finished_at) = (Status::Cancelled, Some(by.at));
        Ok(Change::new("cancel", next))
    }
    /// Rows that wait.
    pub fn left(&self) -> i32 {
        self.total - self.created - self.merged - self.attached - self.duplicates - self.failed
    }
    /// Who handed it in, with the roles they had then: what these may do now is what the rows may.
    pub fn importer(&self) -> Caller {
        Caller {
            service: "crm",
            user: self.owner_id.clone().unwrap_or_default(),
            roles: self.roles.0.clone(),
            department: self.department_id.clone(),
            team: self.team_id.clone(),
            language: Language::default(),
        }
    }
    /// A row as a lead that comes in. A row of a table is an organisation if it does not say; what a row says about
    /// duplicates overrules the file.
    pub fn lead(&self, data: &Value) -> platform::Result<NewLead> {
        let mut fields = data.as_object().cloned().unwrap_or_default();
        if self.format != ImportFormat::Jsonl {
            fields.entry("party_type").or_insert_with(|| json!("org"));
            reference(&mut fields)?;
        }
        fields.entry("on_duplicate").or_insert_with(|| json!(self.on_duplicate));
        parse(&Value::Object(fields))
    }

    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// Two columns of a table are one reference.
fn reference(fields: &mut Map<String, Value>) -> Result<(), ApiError> {
    match (fields.remove("external_system"), fields.remove("external_id")) {
        (None, None) => Ok(()),
        (Some(system), Some(id)) => {
            fields.insert("external_refs".into(), json!([{"system": system, "id": id}]));
            Ok(())
        }
        _ => Err(ImportRule::RowReference.into()),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
