//! What a department is. Pure: no async, no clock, no SQL.
use crate::schema::departments;
use diesel::prelude::*;
use platform::{Change, Entity};
use serde::Serialize;
use wire::{
    CaseId, Code, Ownership,
    crm::{DepartmentId, DepartmentProfile},
};

/// The row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = departments, treat_none_as_default_value = false)]
pub struct Department {
    pub id: DepartmentId,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub version: i32,
}

/// By hand, because a department has no life of its own.
impl Entity for Department {
    const KIND: &'static str = "department";
    type Id = DepartmentId;
    fn id(&self) -> DepartmentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "active"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

impl Department {
    /// A new one.
    pub fn found(id: DepartmentId, code: Code, profile: DepartmentProfile) -> Change<Self> {
        let DepartmentProfile { name_zh, name_en } = profile;
        let (name_zh, name_en) = (name_zh.into_string(), name_en.into_string());
        Change::new("create", Self { id, code: code.into_string(), name_zh, name_en, version: 1 })
    }
    /// Another name; `None` where nothing is new.
    pub fn update(self, profile: DepartmentProfile) -> Option<Change<Self>> {
        let DepartmentProfile { name_zh, name_en } = profile;
        let next = Self { name_zh: name_zh.into_string(), name_en: name_en.into_string(), ..self.clone() };
        (next != self).then(|| Change::new("update", Self { version: self.version + 1, ..next }))
    }
}
