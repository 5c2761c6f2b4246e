//! The rules of orders (ORD-01 to 03, 05, 06, 08 to 10, 20, 21). Pure: no async, no clock, no SQL.
//! `enter` makes and changes drafts, `check` brings them to finance, `goods` follows stock and quality, `fulfil` goes from
//! confirmation to the end; `life` says which steps there are and what stands in their way.
mod check;
mod enter;
mod fulfil;
mod goods;
mod life;

pub use enter::{Entry, Products};

use crate::schema::{order_holds, order_lines, orders};
use diesel::prelude::*;
use platform::{Change, Refused};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Day, Event, ExternalRef, Moment, Quantity, Rate,
    contracts::ContractId,
    crm::AccountId,
    json::Kept,
    line::{self, Line, Totals},
    orders::{
        AvailabilityStatus, DeliveryAddress, HoldKind, OrderId, OrderMoments, OrderOrigin, OrderShortage,
        OrderSnapshot, OrderStatus as Status, ReviewStatus, WantedLine,
    },
    procurement::HoldId,
    quoting::{PaymentTerm, QuoteId},
};

/// The state of its goods: what procurement has said so far, what is missing, what quality has open,
/// how long the customer may look at them. Orders from before
/// shortages and inspections have neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goods {
    pub status: AvailabilityStatus,
    pub hold_id: Option<HoldId>,
    pub answered_at: Option<Moment>,
    /// Oldest first.
    #[serde(default)]
    pub shortages: Vec<OrderShortage>,
    #[serde(default)]
    pub quality: Quality,
    /// Working days that the contract gives the customer to accept them.
    #[serde(default)]
    pub acceptance_working_days: Option<u16>,
}

/// What keeps goods from leaving (ORD-20).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// Final inspections that are planned.
    pub inspections: i32,
    /// Neither closed nor scrapped.
    pub nonconformities: i32,
}

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = orders, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: OrderId,
    pub number: String,
    pub status: Status,
    pub origin: OrderOrigin,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub contract_id: Option<ContractId>,
    pub quote_id: Option<QuoteId>,
    /// What the customer accepted: the price check compares with it (QUO-15).
    pub quoted_lines: Option<Kept<Vec<Line>>>,
    pub currency: Currency,
    pub net: Amount,
    pub tax: Amount,
    pub gross: Amount,
    pub payment_terms: Kept<Vec<PaymentTerm>>,
    pub delivery_date: Option<Day>,
    pub delivery: Option<Kept<DeliveryAddress>>,
    pub requirements: Option<String>,
    pub acceptance_criteria: Kept<Vec<String>>,
    #[diesel(column_name = availability)]
    pub goods: Kept<Goods>,
    pub finance_status: Option<ReviewStatus>,
    pub open_work_items: i32,
    pub entered_as: Option<String>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub cause_event_id: Option<Uuid>,
    pub created_at: Moment,
    pub moments: Kept<OrderMoments>,
    pub version: i32,
}

/// A line's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    pub id: Uuid,
    pub order_id: OrderId,
    pub line_number: i32,
    pub sku: String,
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub discount_rate: Rate,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
    pub held: Option<Quantity>,
    pub short: Option<Quantity>,
    /// The product whose place it took (ORD-07).
    pub substituted_for: Option<String>,
    /// Lost to bad quality and asked for again (ORD-19).
    pub scrapped: Quantity,
    pub planned: Quantity,
    pub shipped: Quantity,
    pub delivered: Quantity,
}

/// A hold's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = order_holds, treat_none_as_default_value = false)]
pub struct HoldRow {
    pub id: Uuid,
    pub order_id: OrderId,
    pub kind: HoldKind,
    pub reason: Option<String>,
    pub placed_by: String,
    pub placed_at: Moment,
    pub released_by: Option<String>,
    pub released_at: Option<Moment>,
}

/// An order with its lines and holds.
#[derive(Debug, Clone, Serialize)]
pub struct Order {
    pub head: Head,
    pub lines: Vec<LineRow>,
    pub holds: Vec<HoldRow>,
    /// Lines or holds are written on the next save, too.
    #[serde(skip)]
    pub parts_changed: bool,
}
platform::entity!(Order, "order", OrderId; row: head, case: some, owned);

platform::rules!(
    /// Why an order is refused.
    OrderRule {
        Lines { count: usize } => "order.lines", Invalid, "an order has 1 to 500 lines, not {count}", "订单应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Quantity { line: usize } => "order.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "order.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{line}/unit_price";
        TooLarge => "order.too_large", Invalid, "the order comes to more than can be kept", "订单总额超出可记录范围", at "/lines";
        Product { line: usize, sku: String } => "order.product", Invalid, "{sku} is no product known here (yet); check the sku, or try again shortly", "未找到产品 {sku}，请检查编码或稍后重试", at "/lines/{line}/sku";
        Retired { line: usize, sku: String } => "order.product_retired", Invalid, "{sku} is no longer sold", "产品 {sku} 已停售", at "/lines/{line}/sku";
        Shares { sum: Decimal } => "order.payment_terms", Invalid, "the shares of the payment terms add up to {sum}, not to 1", "付款比例合计为 {sum}，应为 1", at "/payment_terms";
        Terms => "order.payment_terms_bounds", Invalid, "at most 20 payment terms, each due within 365 days", "付款条款最多 20 条，每条期限不超过 365 天", at "/payment_terms";
        References => "order.external_refs", Invalid, "at most 20 references to other systems", "外部系统编号最多 20 个", at "/external_refs";
        ContractLines => "order.contract_lines", Conflict, "the lines are those of the contract; change the contract", "订单行以合同为准，请变更合同", at "/lines";
        ContractAsked => "order.contract_asked", Conflict, "a contract over these lines was asked for: withdraw the contract first", "已按这些订单行发起合同，请先撤回该合同", at "/lines";
        GoodsHeld => "order.goods_held", Conflict, "goods are held for these lines: products and quantities stay, only prices can change", "已为订单行预留货物：产品与数量不可更改，仅可调整价格", at "/lines";
        ContractTooSmall { contract: Amount, order: Amount } => "order.contract_too_small", Conflict, "the contract over {contract} does not cover the order over {order}", "合同金额 {contract} 不足以覆盖订单金额 {order}";
        OtherContract => "order.other_contract", Conflict, "another contract covers this order already", "该订单已由另一合同覆盖";
        DeliveryDate => "order.delivery_date", Invalid, "a checked order keeps a delivery date: name a day", "已核对的订单必须有交货期，请填写日期", at "/delivery_date";
        UnknownLine { line: usize } => "order.unknown_line", Invalid, "the order has no such line", "订单中没有该行", at "/lines/{line}/line_id";
        ShippedQuantity { line: usize } => "order.shipped_quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        MoreThanOpen { line: usize, open: Quantity } => "order.more_than_open", Invalid, "only {open} of this line are not in a shipment yet", "该行仅剩 {open} 未安排发货", at "/lines/{line}/quantity";
        MoreThanHeld { line: usize, ready: Quantity } => "order.more_than_held", Conflict, "only {ready} of this line are held and in no shipment; the rest ships when it has come", "该行可发数量仅 {ready}，其余到货后再发", at "/lines/{line}/quantity";
        NothingReady => "order.nothing_ready", Conflict, "nothing that is held is without a shipment; the rest ships when it has come", "已到货部分均已安排发货，其余到货后再发";
        NothingHeld => "order.nothing_held", Conflict, "nothing is held yet: there is no part to ship first", "尚无任何到货，无法分批发货", at "/decision";
        NotShort { line: usize } => "order.not_short", Invalid, "the order has no such line that is short, or it is named twice", "订单中没有该缺货行，或重复指定", at "/substitutes/{line}/line_id";
        Substitute { line: usize, sku: String } => "order.substitute", Invalid, "{sku} is no other product that is sold", "{sku} 不是可售的其他产品", at "/substitutes/{line}/sku";
        SubstitutePrice { line: usize } => "order.substitute_price", Invalid, "name a unit price in the order's currency that is not negative", "请填写订单币种的单价，且不得为负", at "/substitutes/{line}/unit_price";
        ScrapMore { ready: Quantity } => "order.scrap_more", Conflict, "only {ready} of the line are held and in no shipment; cancel its shipments first", "该行未安排发货的到货数量仅 {ready}，请先取消相关发货单", at "/quantity";
        NothingOpen => "order.nothing_open", Conflict, "all goods of the order are in shipments already", "订单货物均已安排发货";
    }
);

impl Order {
    /// Is there an active hold of this kind?
    pub fn holds_now(&self, kind: HoldKind) -> bool {
        self.holds.iter().any(|hold| hold.kind == kind && hold.released_at.is_none())
    }
    /// Is all of it paid? What costs nothing is.
    pub fn settled(&self) -> bool {
        self.head.moments.0.settled_at.is_some() || self.head.gross.get().is_zero()
    }
    /// Header sums.
    pub fn totals(&self) -> Totals {
        line::totals(self.lines.iter().map(|line| (line.net, line.tax)), self.head.currency)
    }
    /// All lines as goods.
    pub fn goods(&self) -> Vec<WantedLine> {
        self.lines.iter().map(|line| line.of(line.quantity)).collect()
    }
    /// What the next service needs.
    pub fn snapshot(&self) -> OrderSnapshot {
        let head = self.head.clone();
        OrderSnapshot {
            order_id: head.id,
            number: head.number,
            origin: head.origin,
            contract_id: head.contract_id,
            quote_id: head.quote_id,
            account_id: head.account_id,
            account_name: head.account_name,
            lines: self.lines.iter().cloned().map(Into::into).collect(),
            totals: self.totals(),
            payment_terms: head.payment_terms.0,
            delivery_date: head.delivery_date,
            external_refs: head.external_refs.0,
        }
    }
    fn to(self, status: Status) -> Self {
        let mut next = self.next();
        next.head.status = status;
        next
    }
    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

impl LineRow {
    /// So much of it.
    pub fn of(&self, quantity: Quantity) -> WantedLine {
        WantedLine { line_id: self.id, sku: self.sku.clone(), quantity }
    }
    /// Not in a shipment yet.
    pub fn open(&self) -> Quantity {
        Quantity::new(self.quantity.get() - self.planned.get())
    }
}
impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        let LineRow {
            id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax, ..
        } = row;
        Self { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax }
    }
}

/// Adds a fact that need not follow.
fn and<E: Event>(change: Change<Order>, event: Option<E>) -> Change<Order> {
    match event {
        Some(event) => change.emit(&event),
        None => change,
    }
}

/// A guard's refusal or a rule's, whichever came first.
type Answer<T> = platform::Result<T>;
/// Commands that only the machine can refuse.
type Guarded = Result<Change<Order>, Refused>;

#[cfg(test)]
#[path = "../goods_tests.rs"]
mod goods_tests;
#[cfg(test)]
#[path = "../domain_tests.rs"]
pub(crate) mod tests;
