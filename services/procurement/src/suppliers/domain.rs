//! The rules of suppliers (PRO-10, PRO-13). Pure: no async, no clock, no SQL.
use crate::{
    by_ref::{MOST_REFS, united},
    schema::suppliers,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    ExternalRef, Moment, Name,
    json::Kept,
    procurement::{
        NewSupplier, SupplierChanged, SupplierContact, SupplierId, SupplierPatch, SupplierSnapshot,
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
}
platform::entity!(Supplier, "supplier", SupplierId; row: this, case: none, unowned);

platform::rules!(
    /// Why a supplier is refused.
    SupplierRule {
        NotQualified { pointer: &'static str, supplier: String, category: String } => "supplier.not_qualified", Invalid, "{supplier} is no qualified supplier ({category}); choose one from the directory", "{supplier} 不是合格供应商（{category}），请从合格供应商名录中选择", at "{pointer}";
        Refs => "supplier.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
    }
);

impl Machine for Supplier {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "supplier",
        transitions: &[
            Transition::new(
                "update",
                &["prospective", "qualified", "suspended"],
                &["prospective", "qualified", "suspended"],
            ),
            Transition::new("qualify", &["prospective", "suspended"], &["qualified"]),
            Transition::new("suspend", &["qualified"], &["suspended"]),
            Transition::new("eliminate", &["prospective", "qualified", "suspended"], &["eliminated"]),
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
        let NewSupplier { name, contact, external_refs } = new;
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
        };
        let event = supplier.changed();
        Ok(Change::new("create", supplier).emit(&event))
    }
    /// Changes what the patch names.
    pub fn update(self, patch: SupplierPatch) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let mut next = self.next();
        next.name = patch.name.map_or(next.name, Name::into_string);
        next.contact = patch.contact.map_or(next.contact, Kept);
        let event = next.changed();
        Ok(Change::new("update", next).emit(&event))
    }
    /// An upsert of a supplier that is there: all of it is replaced; `None` if that changes nothing.
    pub fn replace(self, new: NewSupplier) -> platform::Result<Option<Change<Self>>> {
        let NewSupplier { name, contact, external_refs } = new;
        let wanted = Self {
            name: name.into_string(),
            contact: Kept(contact),
            external_refs: Kept(bounded(united(self.external_refs.0.clone(), external_refs))?),
            ..self.clone()
        };
        if wanted == self {
            return Ok(None);
        }
        self.may("update")?;
        let next = wanted.next();
        let event = next.changed();
        Ok(Some(Change::new("upsert", next).emit(&event)))
    }
    /// We may buy there.
    pub fn qualify(self) -> Result<Change<Self>, Refused> {
        self.to("qualify", Status::Qualified, None)
    }
    /// Not for now.
    pub fn suspend(self, reason: String) -> Result<Change<Self>, Refused> {
        self.to("suspend", Status::Suspended, Some(reason))
    }
    /// Never again: who comes back is a new supplier (PRO-13).
    pub fn eliminate(self, reason: String) -> Result<Change<Self>, Refused> {
        self.to("eliminate", Status::Eliminated, Some(reason))
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

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
