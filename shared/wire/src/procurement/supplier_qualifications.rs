//! Qualifications: which supplier may be bought from in which category, until when; those in force are the directory of
//! qualified suppliers, 合格供应商名录 (PRO-11).
use super::SupplierId;
use crate::{Action, Code, Day, Label, Moment, Note, event::event, id::id, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A supplier's qualification in a category.
    SupplierQualificationId
);
words!(
    /// The life of a qualification (PRO-11).
    SupplierQualificationStatus {
        Applied => "applied" "待审核" "Applied for",
        Qualified => "qualified" "合格" "Qualified",
        Expired => "expired" "已失效" "Expired",
        Rejected => "rejected" "未通过" "Rejected",
    }
);
impl crate::Shown for SupplierQualification {
    fn id(&self) -> Option<uuid::Uuid> {
        Some(self.id.into())
    }
    fn version(&self) -> Option<i32> {
        Some(self.version)
    }
    /// Applied for under the supplier, and then one of all.
    fn place(&self) -> Option<String> {
        Some(format!("supplier-qualifications/{}", self.id))
    }
}

/// A qualification as a buyer applies for it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"category": "it_equipment", "valid_to": "2027-12-31", "justification": "原厂授权，样品合格 / authorised dealer, sample passed"})))]
pub struct NewSupplierQualification {
    /// The code of a supplier category in use.
    pub category: Code,
    /// Its last day, in Asia/Shanghai; not in the past.
    pub valid_to: Day,
    /// What speaks for it.
    pub justification: Note,
}

/// Why it is not granted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierQualificationReason {
    pub reason: Label,
}

/// A qualification as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierQualification {
    pub id: SupplierQualificationId,
    pub supplier_id: SupplierId,
    pub category: String,
    pub status: SupplierQualificationStatus,
    pub valid_to: Day,
    /// What speaks for it.
    pub justification: String,
    /// Why it was rejected, or ended before its time.
    pub reason: Option<String>,
    /// Who applied: `user:ann`; somebody else decides.
    pub applied_by: String,
    /// Who granted or rejected it: `user:ann`.
    pub decided_by: Option<String>,
    pub created_at: Moment,
    pub decided_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Which qualifications.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupplierQualificationQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// `qualified`: the directory.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// Only in the category of this code.
    #[param(max_length = 64)]
    pub category: Option<String>,
    /// Only rows of one supplier.
    #[param(value_type = Option<String>, format = Uuid)]
    pub supplier_id: Option<Uuid>,
}

/// We may buy there in this category (PRO-11).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierQualified {
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub category: String,
    pub valid_to: Day,
}
event!(SupplierQualified = "procurement.supplier.qualified.v1");

/// A qualification's last day is over.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierQualificationExpired {
    pub supplier_id: SupplierId,
    pub category: String,
    pub valid_to: Day,
}
event!(SupplierQualificationExpired = "procurement.supplier_qualification.expired.v1");
