//! The rules of qualifications (PRO-11, PRO-13, PRO-15). Pure: no async, no clock, no SQL.
use crate::{schema::supplier_qualifications, suppliers::domain::Supplier};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Day, Moment,
    procurement::{
        NewSupplierQualification, SupplierId, SupplierQualificationExpired, SupplierQualificationId,
        SupplierQualificationStatus as Status, SupplierQualified, SupplierStatus,
    },
};

/// A qualification, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = supplier_qualifications, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SupplierQualification {
    pub id: SupplierQualificationId,
    pub supplier_id: SupplierId,
    pub category: String,
    pub status: Status,
    pub valid_to: Day,
    pub justification: String,
    pub reason: Option<String>,
    pub applied_by: String,
    pub decided_by: Option<String>,
    pub created_at: Moment,
    pub decided_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(SupplierQualification, "supplier_qualification", SupplierQualificationId; row: this, case: none, unowned);

platform::rules!(
    /// Why a qualification is refused.
    SupplierQualificationRule {
        Category { category: String } => "supplier_qualification.category", Invalid, "there is no supplier category {category} in use", "没有启用的供应商类别 {category}", at "/category";
        Past { valid_to: Day } => "supplier_qualification.valid_to", Invalid, "valid_to {valid_to} is in the past", "有效期 {valid_to} 已过", at "/valid_to";
        Applied { category: String } => "supplier_qualification.applied", Conflict, "this supplier's application for {category} waits for its decision already", "该供应商对 {category} 类别的申请正在审核中", at "/category";
        Own => "supplier_qualification.own", Forbidden, "you applied for it yourself; someone else must decide", "本人提交的申请须由他人审核";
    }
);

impl Machine for SupplierQualification {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "supplier_qualification",
        transitions: &[
            Transition::new("qualify", &["applied"], &["qualified"]),
            Transition::new("reject", &["applied"], &["rejected"]),
            Transition::automatic("expire", &["qualified"], &["expired"]),
            Transition::automatic("lapse", &["applied", "qualified"], &["rejected", "expired"]),
        ],
        labels: Status::labels(),
    };
}

impl SupplierQualification {
    /// A buyer applies for it.
    pub fn apply(
        id: SupplierQualificationId,
        supplier: SupplierId,
        new: NewSupplierQualification,
        by: &Stamp,
    ) -> Result<Change<Self>, SupplierQualificationRule> {
        let NewSupplierQualification { category, valid_to, justification } = new;
        if valid_to < by.today() {
            return Err(SupplierQualificationRule::Past { valid_to });
        }
        let qualification = Self {
            id,
            supplier_id: supplier,
            category: category.into_string(),
            status: Status::Applied,
            valid_to,
            justification: justification.into_string(),
            reason: None,
            applied_by: by.actor.clone(),
            decided_by: None,
            created_at: by.at,
            decided_at: None,
            version: 1,
        };
        Ok(Change::new("create", qualification))
    }
    /// Granted by someone else than who applied; refused while a paper of the supplier has run out, it is suspended, or the
    /// last day asked for is over.
    pub fn qualify(self, supplier: &Supplier, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("qualify")?;
        self.not_own(by)?;
        supplier.licences_valid("qualify", by.today().0)?;
        self.open_gates(supplier, by)?;
        let mut next = self.decided(Status::Qualified, by);
        next.reason = None;
        let event = SupplierQualified {
            supplier_id: next.supplier_id,
            supplier_name: supplier.name.clone(),
            category: next.category.clone(),
            valid_to: next.valid_to,
        };
        Ok(Change::new("qualify", next).emit(&event))
    }
    /// Not granted.
    pub fn reject(self, reason: String, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("reject")?;
        self.not_own(by)?;
        let mut next = self.decided(Status::Rejected, by);
        next.reason = Some(reason.clone());
        Ok(Change::new("reject", next).because(reason))
    }
    /// Its last day is over.
    pub fn expire(self) -> Result<Change<Self>, Refused> {
        self.may("expire")?;
        let event = SupplierQualificationExpired {
            supplier_id: self.supplier_id,
            category: self.category.clone(),
            valid_to: self.valid_to,
        };
        let mut next = self.next();
        next.status = Status::Expired;
        Ok(Change::new("expire", next).emit(&event))
    }
    /// The supplier was eliminated: what it has ends, what it applied for is not granted.
    pub fn lapse(self, reason: &str) -> Result<Change<Self>, Refused> {
        self.may("lapse")?;
        let mut next = self.next();
        next.status = if next.status == Status::Applied { Status::Rejected } else { Status::Expired };
        next.reason = Some(reason.to_owned());
        Ok(Change::new("lapse", next).because(reason))
    }

    fn not_own(&self, by: &Stamp) -> Result<(), SupplierQualificationRule> {
        if self.applied_by == by.actor { Err(SupplierQualificationRule::Own) } else { Ok(()) }
    }
    fn open_gates(&self, supplier: &Supplier, by: &Stamp) -> Result<(), Refused> {
        let mut closed = Vec::new();
        if supplier.status == SupplierStatus::Suspended {
            let gate = Closed::new("supplier_active", "the supplier is suspended", "该供应商已暂停合作");
            closed.push(gate.on(self.supplier_id));
        }
        if self.valid_to < by.today() {
            let gate = Closed::new("validity", "the last day asked for is over", "申请的有效期已过");
            closed.push(gate.on(self.valid_to));
        }
        if closed.is_empty() {
            Ok(())
        } else {
            Err(Refused::Gates { entity: "supplier_qualification", action: "qualify", closed })
        }
    }
    fn decided(self, status: Status, by: &Stamp) -> Self {
        let mut next = self.next();
        (next.status, next.decided_by, next.decided_at) = (status, Some(by.actor.clone()), Some(by.at));
        next
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
