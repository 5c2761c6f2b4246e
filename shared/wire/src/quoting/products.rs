//! Products: what we sell (QUO-13, 14).
use crate::{
    Action, Amount, Code, Currency, ExternalRef, Label, Moment, Name, Note, Patched, Rate, Snapshot, id::id,
    resource::resource, snapshot::snapshots, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A product.
    ProductId,
    /// A product that may take another's place.
    AlternativeId,
);
words!(
    /// The life of a product (QUO-13).
    ProductStatus {
        Draft => "draft" "草稿" "Draft",
        Active => "active" "在售" "On sale",
        Retired => "retired" "已停售" "No longer sold",
    }
);
words!(
    /// The life of a suggestion (QUO-14).
    AlternativeStatus {
        Active => "active" "有效" "Active",
        Retired => "retired" "已撤销" "Retired",
    }
);
resource!(Product, Alternative);

/// A product as it is asked for; with a PUT also what an existing one shall become.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"sku": "PUMP-40", "name": "离心泵 40", "name_en": "Centrifugal pump 40",
    "specification": "40 m³/h, 32 m", "unit": "piece", "list_price": "1250.00", "currency": "CNY", "tax_rate": "0.13",
    "positioning": "中端市场, 替代进口", "status": "active"})))]
pub struct NewProduct {
    /// Ours for ever: other services know the product by it.
    pub sku: Code,
    /// As documents show it.
    pub name: Name,
    #[serde(default)]
    pub name_en: Option<Name>,
    /// What it is, for customers.
    #[serde(default)]
    pub description: Option<Note>,
    /// Model and technical data in one line.
    #[serde(default)]
    pub specification: Option<Label>,
    /// What one of it is: `piece`, `kg`, `hour`.
    pub unit: Code,
    /// Net, for one unit.
    pub list_price: Amount,
    pub currency: Currency,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
    /// Whom it is for and against what it stands (产品定位).
    #[serde(default)]
    pub positioning: Option<Note>,
    /// `active` publishes it at once; `draft`, or nothing, leaves that to somebody.
    #[serde(default)]
    pub status: Option<ProductStatus>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

/// Changes a product (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub name_en: Patched<Name>,
    /// What it is, for customers.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub description: Patched<Note>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Label>)]
    pub specification: Patched<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unit: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub list_price: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub currency: Option<Currency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tax_rate: Option<Rate>,
    /// Whom it is for and against what it stands (产品定位).
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Note>)]
    pub positioning: Patched<Note>,
}

/// A product as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Product {
    pub id: ProductId,
    pub sku: String,
    pub name: String,
    pub name_en: Option<String>,
    /// What it is, for customers.
    pub description: Option<String>,
    pub specification: Option<String>,
    pub unit: String,
    pub list_price: Amount,
    pub currency: Currency,
    pub tax_rate: Rate,
    /// Whom it is for and against what it stands (产品定位).
    pub positioning: Option<String>,
    pub status: ProductStatus,
    /// Why it was retired.
    pub reason: Option<String>,
    pub external_refs: Vec<ExternalRef>,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
    pub retired_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// What the list of products takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProductQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only rows in this state.
    #[param(max_length = 64)]
    pub status: Option<String>,
    /// Exactly this sku.
    #[param(max_length = 64)]
    pub sku: Option<String>,
    /// Words, each of them found in the sku or in either name, whatever its case and width.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

/// Suggests a product in another's place (QUO-14).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"sku": "PUMP-50", "rank": 1, "reason": "同扬程, 流量更大, 现货充足"})))]
pub struct NewAlternative {
    /// The product to take instead.
    pub sku: Code,
    /// 1 is offered first.
    #[schema(minimum = 1, maximum = 100)]
    pub rank: u8,
    pub reason: Label,
}

/// Changes a suggestion.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlternativePatch {
    /// 1 is offered first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    pub rank: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<Label>,
}

/// A suggestion as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Alternative {
    pub id: AlternativeId,
    /// What is asked for.
    pub product_id: ProductId,
    pub sku: String,
    /// What may be offered instead.
    pub alternative_id: ProductId,
    /// What may be offered instead.
    pub alternative_sku: String,
    /// 1 is offered first.
    pub rank: i32,
    pub reason: String,
    pub status: AlternativeStatus,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A product at one version; other services know it by its sku.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProductSnapshot {
    pub id: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub list_price: Amount,
    pub currency: Currency,
    pub tax_rate: Rate,
    /// Its state then, a word of its state machine.
    pub status: String,
    pub version: i32,
}
impl Snapshot for ProductSnapshot {
    const KIND: &'static str = "product";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn key(&self) -> Option<String> {
        Some(self.sku.clone())
    }
}
snapshots!(ProductSnapshot =>
    /// It can be sold, or changed while it can (QUO-13).
    ProductPublished = "quoting.product.published.v1",
    /// It is no longer sold.
    ProductRetired = "quoting.product.retired.v1",
);

/// A suggestion at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AlternativeSnapshot {
    pub id: AlternativeId,
    pub product_id: ProductId,
    pub sku: String,
    pub alternative_id: ProductId,
    /// What may be offered instead.
    pub alternative_sku: String,
    /// 1 is offered first.
    pub rank: i32,
    pub reason: String,
    pub status: AlternativeStatus,
    pub version: i32,
}
impl Snapshot for AlternativeSnapshot {
    const KIND: &'static str = "alternative";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(AlternativeSnapshot =>
    /// A product got a substitute, or lost or re-ranked one (QUO-14).
    AlternativesChanged = "quoting.product.alternatives_changed.v1",
);
