//! Suppliers: who sells to us, and whether we may buy from them (PRO-10).
use super::SupplierId;
use crate::{Action, Code, Email, ExternalRef, Label, Moment, Name, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

words!(
    /// The life of a supplier (PRO-10, PRO-13).
    SupplierStatus {
        Prospective => "prospective" "潜在" "Prospective",
        Qualified => "qualified" "合格" "Qualified",
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
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Whom to ask and where to write to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierContact {
    #[serde(default)]
    pub contact_name: Option<Name>,
    #[serde(default)]
    pub contact_title: Option<Name>,
    #[serde(default)]
    pub phone: Option<Code>,
    #[serde(default)]
    pub fax: Option<Code>,
    #[serde(default)]
    pub email: Option<Email>,
    #[serde(default)]
    pub homepage: Option<Label>,
    #[serde(default)]
    pub address: Option<Label>,
    #[serde(default)]
    pub city: Option<Code>,
    #[serde(default)]
    pub region: Option<Code>,
    #[serde(default)]
    pub postal_code: Option<Code>,
    /// As the supplier writes it.
    #[serde(default)]
    pub country: Option<Code>,
}

/// Changes a supplier (RFC 7396): what is absent stays; the contact is replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<SupplierContact>,
}

/// A supplier as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Supplier {
    pub id: SupplierId,
    pub number: String,
    pub name: String,
    pub status: SupplierStatus,
    pub contact: SupplierContact,
    /// Why it was suspended or eliminated.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Why we stop buying there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierReason {
    pub reason: Label,
}
