//! Suppliers: who sells to us, and whether we may buy from them (PRO-10).
use super::{SupplierEvaluationId, SupplierId};
use crate::{
    Action, Code, Day, Email, ExternalRef, Label, Moment, Name, Patched, Reference, event::event, resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// The life of a supplier (PRO-10, PRO-13).
    SupplierStatus {
        Prospective => "prospective" "潜在" "Prospective",
        Qualified => "qualified" "合格" "Qualified",
        Probation => "probation" "试用观察" "On probation",
        Suspended => "suspended" "暂停合作" "Suspended",
        Eliminated => "eliminated" "已淘汰" "Eliminated",
    }
);
resource!(Supplier);

/// A supplier as it is asked for; an upsert replaces all of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "上海泵业有限公司",
    "contact": {"contact_name": "王芳", "phone": "021-55501234", "address": "南京西路 1 号", "city": "上海", "country": "CN"}})))]
pub struct NewSupplier {
    pub name: Name,
    #[serde(default)]
    pub contact: SupplierContact,
    /// What is there stays if absent.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub licences: Option<Vec<SupplierLicence>>,
    /// What is there stays if absent.
    #[serde(default)]
    pub bank: Option<SupplierBank>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// A paper that lets the supplier do business: a business licence, a permit, a certificate (PRO-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"kind": "营业执照", "number": "91310000MA1FL0XX0X", "valid_to": "2027-06-30"})))]
pub struct SupplierLicence {
    /// Which paper, in a word of yours: `business_licence`.
    pub kind: Code,
    /// The number on it.
    pub number: Reference,
    /// Its last day, in Asia/Shanghai.
    pub valid_to: Day,
}

/// Where the supplier's money goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierBank {
    /// Bank and branch.
    pub bank_name: Name,
    /// In whose name the account is.
    pub account_name: Name,
    /// Shown whole to purchasing, finance and whoever oversees them; to others only its end.
    pub account_number: Code,
}

/// Whom to ask and where to write to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierContact {
    #[serde(default)]
    pub contact_name: Option<Name>,
    /// What they are there.
    #[serde(default)]
    pub contact_title: Option<Name>,
    #[serde(default)]
    pub phone: Option<Code>,
    /// Fax number, as people write it.
    #[serde(default)]
    pub fax: Option<Code>,
    #[serde(default)]
    pub email: Option<Email>,
    /// Address of the supplier's pages.
    #[serde(default)]
    pub homepage: Option<Label>,
    /// In one line, as the post wants it.
    #[serde(default)]
    pub address: Option<Label>,
    /// City or county.
    #[serde(default)]
    pub city: Option<Code>,
    /// Province or state.
    #[serde(default)]
    pub region: Option<Code>,
    /// As the post of the country writes it.
    #[serde(default)]
    pub postal_code: Option<Code>,
    /// As the supplier writes it.
    #[serde(default)]
    pub country: Option<Code>,
}

/// Changes a supplier (RFC 7396): what is absent stays, `null` empties; the contact is replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact: Option<SupplierContact>,
    /// Replaced as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, nullable = false)]
    pub licences: Option<Vec<SupplierLicence>>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<SupplierBank>)]
    pub bank: Patched<SupplierBank>,
}

/// A supplier as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Supplier {
    pub id: SupplierId,
    pub number: String,
    pub name: String,
    pub status: SupplierStatus,
    pub contact: SupplierContact,
    pub licences: Vec<SupplierLicence>,
    pub bank: Option<SupplierBank>,
    /// Why it is on probation, suspended or eliminated.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Why we trust a supplier less, or stop buying there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierReason {
    pub reason: Label,
}

/// A licence ends within 30 days; told once a licence (PRO-10).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierLicenceExpiring {
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub licence: SupplierLicence,
}
event!(SupplierLicenceExpiring = "procurement.supplier.licence_expiring.v1");

/// We buy there no more; who comes back needs a new qualification (PRO-13).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierEliminated {
    pub supplier_id: SupplierId,
    pub number: String,
    pub name: String,
    pub reason: String,
    /// The evaluation that did it, if it was one.
    pub evaluation_id: Option<SupplierEvaluationId>,
}
event!(SupplierEliminated = "procurement.supplier.eliminated.v1");
