//! The rules of suppliers (PRO-10, PRO-13). Pure: no async, no clock, no SQL.
use crate::{
    by_ref::{MOST_REFS, united},
    schema::suppliers,
};
use diesel::prelude::*;
use jiff::{ToSpan, civil::Date};
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::{Deserialize, Serialize};
use wire::{
    Day, ExternalRef, Moment, Name,
    json::Kept,
    procurement::{
        NewSupplier, SupplierBank, SupplierChanged, SupplierContact, SupplierEliminated, SupplierEvaluationId,
        SupplierId, SupplierLicence, SupplierLicenceExpiring, SupplierPatch, SupplierSnapshot,
        SupplierStatus as Status,
    },
};

/// A supplier, which is its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = suppliers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Supplier {
    pub id: SupplierId,
    pub number: String,
    pub name: String,
    pub status: Status,
    pub contact: Kept<SupplierContact>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub created_at: Moment,
    pub version: i32,
    pub licences: Kept<Vec<Licence>>,
    pub bank: Option<Kept<SupplierBank>>,
    /// The day on which the next licence has to be reminded of.
    pub licences_due_on: Option<Day>,
}

/// A licence, and whether its end was told of already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    #[serde(flatten)]
    pub paper: SupplierLicence,
    pub told: bool,
}

/// Days before its end that a licence is reminded of (PRO-10).
pub const REMIND_DAYS: i64 = 30;
/// Licences a supplier has at most.
const MOST_LICENCES: usize = 20;

platform::entity!(Supplier, "supplier", SupplierId; row: this, case: none, unowned);

platform::rules!(
    /// Why a supplier is refused.
    SupplierRule {
        NotQualified { pointer: &'static str, supplier: String, category: String } => "supplier.not_qualified", Invalid, "{supplier} is no qualified supplier ({category}); choose one from the directory", "{supplier} 不是合格供应商（{category}），请从合格供应商名录中选择", at "{pointer}";
        Licences => "supplier.licences", Invalid, "at most 20 licences", "证照最多 20 个", at "/licences";
        Refs => "supplier.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
    }
);

/// Every state but the last.
const KNOWN: [&str; 4] = ["prospective", "qualified", "probation", "suspended"];

impl Machine for Supplier {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "supplier",
        transitions: &[
            Transition::new("update", &KNOWN, &KNOWN),
            Transition::automatic("remind", &KNOWN, &KNOWN),
            Transition::new("qualify", &["prospective", "probation", "suspended"], &["qualified"]),
            Transition::new("place_on_probation", &["qualified"], &["probation"]),
            Transition::new("suspend", &["qualified", "probation"], &["suspended"]),
            Transition::new("eliminate", &KNOWN, &["eliminated"]),
            Transition::automatic("readmit", &["eliminated"], &["qualified"]),
        ],
        labels: Status::labels(),
    };
}

impl Supplier {
    /// Someone we might buy from.
    pub fn register(
        id: SupplierId,
        number: String,
        new: NewSupplier,
        by: &Stamp,
    ) -> Result<Change<Self>, SupplierRule> {
        let NewSupplier { name, contact, licences, bank, external_refs } = new;
        let supplier = Self {
            id,
            number,
            name: name.into_string(),
            status: Status::Prospective,
            contact: Kept(contact),
            reason: None,
            external_refs: Kept(bounded(external_refs)?),
            created_at: by.at,
            version: 1,
            licences: Kept(Vec::new()),
            bank: bank.map(Kept),
            licences_due_on: None,
        }
        .licensed(licences)?;
        let event = supplier.changed();
        Ok(Change::new("create", supplier).emit(&event))
    }
    /// Changes what the patch names.
    pub fn update(self, patch: SupplierPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let SupplierPatch { name, contact, licences, bank } = patch;
        let mut next = self.next().licensed(licences)?;
        next.name = name.map_or(next.name, Name::into_string);
        next.contact = contact.map_or(next.contact, Kept);
        next.bank = bank.over(next.bank, Kept);
        let event = next.changed();
        Ok(Change::new("update", next).emit(&event))
    }
    /// An upsert of a supplier that is there: all of it is replaced; `None` if that changes nothing.
    pub fn replace(self, new: NewSupplier) -> platform::Result<Option<Change<Self>>> {
        let NewSupplier { name, contact, licences, bank, external_refs } = new;
        let wanted = Self {
            name: name.into_string(),
            contact: Kept(contact),
            bank: bank.map(Kept).or_else(|| self.bank.clone()),
            external_refs: Kept(bounded(united(self.external_refs.0.clone(), external_refs))?),
            ..self.clone()
        }
        .licensed(licences)?;
        if wanted == self {
            return Ok(None);
        }
        self.may("update")?;
        let next = wanted.next();
        let event = next.changed();
        Ok(Some(Change::new("upsert", next).emit(&event)))
    }
    /// We may buy there, unless one of its papers has run out.
    pub fn qualify(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("qualify")?;
        self.licences_valid("qualify", by.today().0)?;
        self.to("qualify", Status::Qualified, None)
    }
    /// We may, but look closely.
    pub fn place_on_probation(self, reason: String) -> Result<Change<Self>, Refused> {
        self.to("place_on_probation", Status::Probation, Some(reason))
    }
    /// Not for now.
    pub fn suspend(self, reason: String) -> Result<Change<Self>, Refused> {
        self.to("suspend", Status::Suspended, Some(reason))
    }
    /// Never again, unless it qualifies anew (PRO-13). `evaluation`: the one that did it.
    pub fn eliminate(self, reason: String, evaluation: Option<SupplierEvaluationId>) -> Result<Change<Self>, Refused> {
        let event = SupplierEliminated {
            supplier_id: self.id,
            number: self.number.clone(),
            name: self.name.clone(),
            reason: reason.clone(),
            evaluation_id: evaluation,
        };
        Ok(self.to("eliminate", Status::Eliminated, Some(reason))?.emit(&event))
    }
    /// Back by a new qualification (PRO-13).
    pub fn readmit(self) -> Result<Change<Self>, Refused> {
        self.to("readmit", Status::Qualified, None)
    }
    /// Tells of licences that end within 30 days, each once; `None` if there is none to tell of.
    pub fn remind(self, by: &Stamp) -> Result<Option<Change<Self>>, Refused> {
        self.may("remind")?;
        let day = by.today().0;
        let due = |licence: &Licence| !licence.told && remind_on(licence).0 <= day;
        if !self.licences.0.iter().any(due) {
            return Ok(None);
        }
        let mut next = self.next();
        let mut events = Vec::new();
        for licence in next.licences.0.iter_mut().filter(|licence| due(licence)) {
            licence.told = true;
            events.push(licence.paper.clone());
        }
        next.licences_due_on = next.next_reminder();
        let (supplier_id, supplier_name) = (next.id, next.name.clone());
        let told = |change: Change<Self>, licence| {
            change.emit(&SupplierLicenceExpiring { supplier_id, supplier_name: supplier_name.clone(), licence })
        };
        Ok(Some(events.into_iter().fold(Change::new("remind", next), told)))
    }
    /// Refuses `action` while a paper has run out (PRO-10: 合法合规性).
    pub fn licences_valid(&self, action: &'static str, day: Date) -> Result<(), Refused> {
        let Some(ended) = self.licences.0.iter().find(|licence| licence.paper.valid_to.0 < day) else { return Ok(()) };
        let SupplierLicence { kind, number, valid_to } = &ended.paper;
        let closed = Closed::new(
            "licences_valid",
            format!("licence {kind} {number} ended on {valid_to}; enter the new one"),
            format!("证照 {kind} {number} 已于 {valid_to} 到期，请先更新"),
        )
        .on(number);
        Err(Refused::Gates { entity: "supplier", action, closed: vec![closed] })
    }

    /// With these licences instead of its own; what was told of one stays told.
    fn licensed(mut self, papers: Option<Vec<SupplierLicence>>) -> Result<Self, SupplierRule> {
        let Some(papers) = papers else { return Ok(self) };
        if papers.len() > MOST_LICENCES {
            return Err(SupplierRule::Licences);
        }
        let known = std::mem::take(&mut self.licences.0);
        let told = |paper: &SupplierLicence| known.iter().any(|licence| licence.paper == *paper && licence.told);
        self.licences.0 = papers.into_iter().map(|paper| Licence { told: told(&paper), paper }).collect();
        self.licences_due_on = self.next_reminder();
        Ok(self)
    }
    fn next_reminder(&self) -> Option<Day> {
        self.licences.0.iter().filter(|licence| !licence.told).map(remind_on).min()
    }
    fn to(self, action: &'static str, status: Status, reason: Option<String>) -> Result<Change<Self>, Refused> {
        self.may(action)?;
        let mut next = self.next();
        (next.status, next.reason) = (status, reason.clone());
        let event = next.changed();
        let change = Change::new(action, next).emit(&event);
        Ok(match reason {
            Some(reason) => change.because(reason),
            None => change,
        })
    }
    fn changed(&self) -> SupplierChanged {
        let Self { id, number, name, status, version, .. } = self.clone();
        SupplierChanged(SupplierSnapshot { id, number, name, status: status.to_string(), version })
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn bounded(refs: Vec<ExternalRef>) -> Result<Vec<ExternalRef>, SupplierRule> {
    if refs.len() <= MOST_REFS { Ok(refs) } else { Err(SupplierRule::Refs) }
}

fn remind_on(licence: &Licence) -> Day {
    let last = licence.paper.valid_to.0;
    Day(last.checked_sub(REMIND_DAYS.days()).unwrap_or(last))
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
