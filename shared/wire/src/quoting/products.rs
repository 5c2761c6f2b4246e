//! Products: what we sell (QUO-13, 14).
use crate::{Amount, Currency, Rate, Snapshot, id::id, snapshot::snapshots};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A product.
    ProductId
);

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
