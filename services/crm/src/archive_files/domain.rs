//! The rules of the archive (CRM-30). Pure: no async, no clock, no SQL.
use crate::{accounts::domain::Account, schema::archive_files};
use diesel::prelude::*;
use platform::{Change, Closed, Entity, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Moment,
    crm::{
        AccountId, ArchiveFileId, ArchiveFileStatus as Status, ArchiveFiled, ArchiveLoan, BorrowArchiveFile,
        NewArchiveFile, ReturnArchiveFile,
    },
    json::Kept,
};

/// Loans of one document that are kept.
const MOST_LOANS: usize = 500;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = archive_files, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ArchiveFile {
    pub id: ArchiveFileId,
    pub number: String,
    pub status: Status,
    pub account_id: AccountId,
    pub account_name: String,
    pub title: String,
    pub document_number: Option<String>,
    pub attachment_id: Option<Uuid>,
    pub paper_location: Option<String>,
    pub barcode: Option<String>,
    pub loans: Kept<Vec<ArchiveLoan>>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub destroyed_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(ArchiveFile, "archive_file", ArchiveFileId; row: this, case: none, owned);

platform::rules!(
    /// Why the archive refuses.
    ArchiveRule {
        Nothing => "archive_file.nothing", Invalid, "name the file, or the place of the paper", "请提供电子附件或纸质存放位置", at "/attachment_id";
        Barcode => "archive_file.barcode", Invalid, "a barcode is on paper: say where it lies", "有条码须填写纸质存放位置", at "/paper_location";
        Taken { number: String } => "archive_file.barcode_taken", Conflict, "{number} has this barcode", "条码已被 {number} 使用", at "/barcode";
        Due => "archive_file.due_on", Invalid, "the last day has passed", "归还日期已过", at "/due_on";
        Loans => "archive_file.loans", Conflict, "500 loans are kept at most", "最多保存 500 次借阅记录";
    }
);

impl Machine for ArchiveFile {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "archive_file",
        transitions: &[
            Transition::new("borrow", &["filed", "returned"], &["borrowed"]),
            Transition::new("return", &["borrowed"], &["returned"]),
            Transition::new("destroy", &["filed", "returned"], &["destroyed"]),
        ],
        labels: Status::labels(),
    };
    /// Only paper is borrowed; a file is downloaded.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let closed = || Closed::new("no_paper", "it is electronic: download it", "仅有电子文件，请直接下载");
        if action == "borrow" && self.paper_location.is_none() { vec![closed()] } else { Vec::new() }
    }
}

impl ArchiveFile {
    /// Files a document of a customer, whose owner sees it; `taken` = the number of one with the same barcode.
    pub fn file(
        id: ArchiveFileId,
        number: String,
        new: NewArchiveFile,
        account: &Account,
        taken: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>, ArchiveRule> {
        let NewArchiveFile { account_id: _, title, document_number, attachment_id, paper_location, barcode } = new;
        if attachment_id.is_none() && paper_location.is_none() && barcode.is_none() {
            return Err(ArchiveRule::Nothing);
        }
        if barcode.is_some() && paper_location.is_none() {
            return Err(ArchiveRule::Barcode);
        }
        if let Some(number) = taken {
            return Err(ArchiveRule::Taken { number });
        }
        let owner = account.ownership().unwrap_or_default();
        let file = Self {
            id,
            number,
            status: Status::Filed,
            account_id: account.id,
            account_name: account.name.clone(),
            title: title.into_string(),
            document_number: document_number.map(wire::Code::into_string),
            attachment_id,
            paper_location: paper_location.map(wire::Name::into_string),
            barcode: barcode.map(wire::Code::into_string),
            loans: Kept(Vec::new()),
            reason: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            destroyed_at: None,
            version: 1,
        };
        let event = ArchiveFiled {
            archive_file_id: file.id,
            number: file.number.clone(),
            account_id: file.account_id,
            title: file.title.clone(),
            on_paper: file.paper_location.is_some(),
        };
        Ok(Change::new("create", file).emit(&event))
    }
    /// Somebody takes the paper with them.
    pub fn borrow(self, loan: BorrowArchiveFile, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("borrow")?;
        if loan.due_on < by.today() {
            return Err(ArchiveRule::Due.into());
        }
        if self.loans.0.len() >= MOST_LOANS {
            return Err(ArchiveRule::Loans.into());
        }
        let BorrowArchiveFile { borrower, purpose, due_on } = loan;
        let mut next = self.to(Status::Borrowed);
        next.loans.0.push(ArchiveLoan {
            borrower: borrower.into_string(),
            purpose: purpose.into_string(),
            due_on,
            borrowed_at: by.at,
            returned_at: None,
        });
        Ok(Change::new("borrow", next))
    }
    /// It is back, where it was or elsewhere.
    pub fn give_back(self, place: ReturnArchiveFile, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let mut next = self.to(Status::Returned);
        next.paper_location = place.paper_location.map(wire::Name::into_string).or(next.paper_location);
        if let Some(loan) = next.loans.0.last_mut() {
            loan.returned_at = Some(by.at);
        }
        Ok(Change::new("return", next))
    }
    /// The paper is gone for good; what it was stays on record.
    pub fn destroy(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("destroy")?;
        let mut next = self.to(Status::Destroyed);
        (next.reason, next.destroyed_at) = (Some(reason.clone()), Some(by.at));
        Ok(Change::new("destroy", next).because(reason))
    }

    /// Nothing is known of the customer any more (CRM-31); what was filed is destroyed by whoever keeps it.
    pub fn scrub(self, account: &Account) -> Change<Self> {
        let (account_name, title, version) = (account.name.clone(), self.number.clone(), self.version + 1);
        Change::new("purge", Self { account_name, title, version, ..self })
    }

    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        Self { status, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Ownership;

    fn by() -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: "user:keeper".into(), ownership: Ownership::default() }
    }
    fn filed(more: serde_json::Value) -> Result<ArchiveFile, ArchiveRule> {
        let mut body = serde_json::json!({"account_id": Uuid::nil(), "title": "框架合同"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let profile = serde_json::from_value(serde_json::json!({"name": "晨光泵业"})).unwrap();
        let account =
            Account::open(AccountId(Uuid::nil()), "AC-1".into(), profile, Ownership::default(), &by()).unwrap();
        let new = serde_json::from_value(body).unwrap();
        let id = ArchiveFileId(Uuid::nil());
        ArchiveFile::file(id, "AF-1".into(), new, account.after(), None, &by()).map(|change| change.after().clone())
    }
    fn paper(status: Status) -> ArchiveFile {
        ArchiveFile { status, ..filed(serde_json::json!({"paper_location": "A-3-2", "barcode": "690"})).unwrap() }
    }
    fn loan(due_on: &str) -> BorrowArchiveFile {
        let (borrower, purpose) = ("ann".parse().unwrap(), "续签".parse().unwrap());
        BorrowArchiveFile { borrower, purpose, due_on: due_on.parse().unwrap() }
    }

    #[test]
    fn crm_30_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let steps = [
                ("borrow", paper(from).borrow(loan("2026-03-09"), &by())),
                ("return", paper(from).give_back(ReturnArchiveFile::default(), &by()).map_err(Into::into)),
                ("destroy", paper(from).destroy("期满".into(), &by()).map_err(Into::into)),
            ];
            let done = steps.into_iter().filter_map(|(command, outcome)| Some((command, outcome.ok()?)));
            table.extend(done.map(|(command, change)| format!("{from} {command} {}", change.after().status)));
        }
        assert_eq!(
            table,
            [
                "filed borrow borrowed",
                "filed destroy destroyed",
                "borrowed return returned",
                "returned borrow borrowed",
                "returned destroy destroyed",
            ]
        );
    }

    #[test]
    fn crm_30_something_is_filed_and_a_barcode_is_on_paper() {
        assert_eq!(filed(serde_json::json!({})).unwrap_err(), ArchiveRule::Nothing);
        assert_eq!(filed(serde_json::json!({"barcode": "690"})).unwrap_err(), ArchiveRule::Barcode);
        let electronic = filed(serde_json::json!({"attachment_id": Uuid::nil()})).unwrap();
        assert!(electronic.borrow(loan("2026-03-09"), &by()).is_err(), "there is no paper to take");
        // It is 2026-03-02 in China.
        assert!(paper(Status::Filed).borrow(loan("2026-03-01"), &by()).is_err());
        assert!(paper(Status::Filed).borrow(loan("2026-03-02"), &by()).is_ok());
        assert!(paper(Status::Filed).borrow(loan("2026-03-03"), &by()).is_ok());
    }
}
