//! Categories of suppliers: what the directory of qualified suppliers is kept by (PRO-11).
use crate::{Action, Code, Moment, Name, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A category of suppliers.
    SupplierCategoryId
);
words!(
    /// Is it in use?
    SupplierCategoryStatus {
        Active => "active" "启用" "Active",
        Retired => "retired" "停用" "Retired",
    }
);
resource!(SupplierCategory);

/// A category as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"code": "it_equipment", "name_zh": "IT设备", "name_en": "IT equipment", "min_active": 3})))]
pub struct NewSupplierCategory {
    /// Unique, and never changed.
    pub code: Code,
    pub name_zh: Name,
    pub name_en: Name,
    /// Qualified suppliers that we want at least.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub min_active: u16,
}

/// Changes a category (RFC 7396): what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierCategoryPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name_zh: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name_en: Option<Name>,
    /// Qualified suppliers that it should have at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1000, nullable = false)]
    pub min_active: Option<u16>,
}

/// A category as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierCategory {
    pub id: SupplierCategoryId,
    /// What requisitions and qualifications name it by; never changes.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub status: SupplierCategoryStatus,
    /// Qualified suppliers that it should have at least.
    pub min_active: i32,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
