//! The rules of products (QUO-13). Pure: no async, no clock, no SQL.
use crate::schema::products;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use wire::{
    Amount, Currency, ExternalRef, Moment, Rate, Text,
    json::Kept,
    quoting::{
        NewProduct, ProductId, ProductPatch, ProductPublished, ProductRetired, ProductSnapshot, ProductStatus as Status,
    },
};

/// Names a product may have in other systems.
pub const MOST_REFS: usize = 20;

/// A product: the row is the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Product {
    pub id: ProductId,
    pub sku: String,
    pub name: String,
    pub name_en: Option<String>,
    pub description: Option<String>,
    pub specification: Option<String>,
    pub unit: String,
    pub list_price: Amount,
    pub currency: Currency,
    pub tax_rate: Rate,
    pub positioning: Option<String>,
    pub status: Status,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
    pub retired_at: Option<Moment>,
    pub version: i32,
}
/// What a quote asks of a product on sale.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct Listed {
    pub id: ProductId,
    pub name: String,
    pub version: i32,
    pub list_price: Amount,
    pub currency: Currency,
}
platform::entity!(Product, "product", ProductId; row: this, case: none, unowned);

platform::rules!(
    /// Why a product is refused.
    ProductRule {
        Taken { sku: String } => "product.sku_taken", Conflict, "{sku} is another product's sku", "编码 {sku} 已被其他产品使用", at "/sku";
        Fixed { sku: String } => "product.sku_fixed", Invalid, "the sku of this product is {sku} and stays so", "该产品的编码为 {sku}，不可更改", at "/sku";
        Price => "product.list_price", Invalid, "the list price must not be negative", "目录价不能为负", at "/list_price";
        Beginning { status: Status } => "product.status", Invalid, "a product begins as draft or active, not as {status}", "新产品的状态应为 draft 或 active，不能为 {status}", at "/status";
        Refs => "product.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
    }
);

impl Machine for Product {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "product",
        transitions: &[
            Transition::new("update", &["draft", "active"], &["draft", "active"]),
            Transition::new("publish", &["draft"], &["active"]),
            Transition::new("retire", &["active"], &["retired"]),
        ],
        labels: Status::labels(),
    };
}

impl Product {
    /// A new product, on sale at once where that was asked for.
    pub fn create(id: ProductId, new: NewProduct, by: &Stamp) -> platform::Result<Change<Self>> {
        let status = new.status.unwrap_or(Status::Draft);
        if status == Status::Retired {
            return Err(ProductRule::Beginning { status }.into());
        }
        let (publish, external_refs) = (status == Status::Active, Kept(new.external_refs.clone()));
        let product = Self { external_refs, ..of(id, new, by) }.checked()?;
        Ok(if publish { product.on_sale("create", by) } else { Change::new("create", product) })
    }

    /// Makes it what `new` says; `None` where it is that already. References are added, never taken away.
    pub fn put(self, new: NewProduct, by: &Stamp) -> platform::Result<Option<Change<Self>>> {
        if new.sku.as_str() != self.sku {
            return Err(ProductRule::Fixed { sku: self.sku }.into());
        }
        let wanted = new.status.unwrap_or(self.status);
        if wanted == Status::Retired && self.status != Status::Retired {
            return Err(ProductRule::Beginning { status: wanted }.into());
        }
        let mut refs = self.external_refs.clone();
        refs.0.extend(new.external_refs.iter().filter(|new| !self.external_refs.0.contains(new)).cloned());
        let Self { status, created_at, published_at, retired_at, version, .. } = self;
        let reason = self.reason.clone();
        let same_life = Self { status, reason, created_at, published_at, retired_at, version, ..of(self.id, new, by) };
        let next = Self { external_refs: refs, ..same_life }.checked()?;
        if wanted == Status::Active && self.status != Status::Active {
            self.may("publish")?;
            return Ok(Some(next.next().on_sale("publish", by)));
        }
        if next == self {
            return Ok(None);
        }
        self.may("update")?;
        Ok(Some(next.next().told("update")))
    }

    /// Changes what is named; a product on sale tells the others (a replica takes the higher version).
    pub fn update(self, patch: ProductPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let ProductPatch {
            name,
            name_en,
            description,
            specification,
            unit,
            list_price,
            currency,
            tax_rate,
            positioning,
        } = patch;
        let mut next = self.next();
        next.name = name.map_or(next.name, Text::into_string);
        next.name_en = name_en.over(next.name_en, Text::into_string);
        next.description = description.over(next.description, Text::into_string);
        next.specification = specification.over(next.specification, Text::into_string);
        next.unit = unit.map_or(next.unit, Text::into_string);
        next.list_price = list_price.unwrap_or(next.list_price);
        next.currency = currency.unwrap_or(next.currency);
        next.tax_rate = tax_rate.unwrap_or(next.tax_rate);
        next.positioning = positioning.over(next.positioning, Text::into_string);
        Ok(next.checked()?.told("update"))
    }

    /// Puts it on sale.
    pub fn publish(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("publish")?;
        Ok(self.next().on_sale("publish", by))
    }

    /// Takes it off sale, for ever: documents keep it, new ones are refused.
    pub fn retire(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("retire")?;
        let mut next = self.next();
        (next.status, next.retired_at, next.reason) = (Status::Retired, Some(by.at), Some(reason.clone()));
        let event = ProductRetired(next.snapshot());
        Ok(Change::new("retire", next).emit(&event).because(reason))
    }

    /// What the other services keep of it.
    pub fn snapshot(&self) -> ProductSnapshot {
        let Self { id, sku, name, unit, list_price, currency, tax_rate, status, version, .. } = self.clone();
        ProductSnapshot { id, sku, name, unit, list_price, currency, tax_rate, status: status.to_string(), version }
    }

    fn checked(self) -> Result<Self, ProductRule> {
        if self.list_price.get() < rust_decimal::Decimal::ZERO {
            return Err(ProductRule::Price);
        }
        if self.external_refs.0.len() > MOST_REFS { Err(ProductRule::Refs) } else { Ok(self) }
    }
    fn on_sale(mut self, action: &'static str, by: &Stamp) -> Change<Self> {
        (self.status, self.published_at) = (Status::Active, Some(by.at));
        self.told(action)
    }
    /// The others hear of it only while it is on sale.
    fn told(self, action: &'static str) -> Change<Self> {
        let event = (self.status == Status::Active).then(|| ProductPublished(self.snapshot()));
        let change = Change::new(action, self);
        match event {
            Some(event) => change.emit(&event),
            None => change,
        }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// A fresh draft.
fn of(id: ProductId, new: NewProduct, by: &Stamp) -> Product {
    let NewProduct {
        sku,
        name,
        name_en,
        description,
        specification,
        unit,
        list_price,
        currency,
        tax_rate,
        positioning,
        status: _,
        external_refs: _,
    } = new;
    Product {
        id,
        sku: sku.into_string(),
        name: name.into_string(),
        name_en: text(name_en),
        description: text(description),
        specification: text(specification),
        unit: unit.into_string(),
        list_price,
        currency,
        tax_rate,
        positioning: text(positioning),
        status: Status::Draft,
        reason: None,
        external_refs: Kept(Vec::new()),
        created_at: by.at,
        published_at: None,
        retired_at: None,
        version: 1,
    }
}

fn text<const MOST: usize>(text: Option<Text<MOST>>) -> Option<String> {
    text.map(Text::into_string)
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
