//! The rules of purchase orders (PRO-24, 25, 29, 31). Pure: no async, no clock, no SQL. Here: the row, the refusals, the
//! machine; what leads to the supplier stands in `order`, what comes back from it in `deliver`.
mod deliver;
mod order;

pub use deliver::{Outcome, Part};
pub use order::{Leave, Seed};

use super::lines::{self, LineRow};
use crate::schema::purchase_orders;
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, CaseId, Currency, Day, ExternalRef, Moment, Money, Quantity,
    json::Kept,
    line::Totals,
    procurement::{
        PromiseMade, PurchaseOrderId, PurchaseOrderOrigin as Origin, PurchaseOrderSnapshot,
        PurchaseOrderStatus as Status, PurchasedLine, RequisitionId, RfqId, SourcingWaiverId, SupplierId,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = purchase_orders, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: PurchaseOrderId,
    pub number: String,
    pub status: Status,
    pub origin: Origin,
    pub case_id: Option<CaseId>,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub rfq_id: Option<RfqId>,
    pub waiver_id: Option<SourcingWaiverId>,
    pub currency: Currency,
    pub net: Amount,
    pub tax: Amount,
    pub gross: Amount,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub ordered_on: Option<Day>,
    pub promises: Kept<Vec<PromiseMade>>,
    /// Deliveries that have come.
    pub arrivals: i32,
    /// Those of them whose inspection is over.
    pub inspections: i32,
    pub open_discrepancies: i32,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub approved_at: Option<Moment>,
    pub sent_at: Option<Moment>,
    pub acknowledged_at: Option<Moment>,
    pub received_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub version: i32,
}

/// A purchase order with its lines.
#[derive(Debug, Clone, Serialize)]
pub struct PurchaseOrder {
    pub head: Head,
    pub lines: Vec<LineRow>,
    /// The lines are others than those that are stored.
    #[serde(skip)]
    pub lines_replaced: bool,
}
platform::entity!(PurchaseOrder, "purchase_order", PurchaseOrderId; row: head, case: option, owned);

platform::rules!(
    /// Why a purchase order is refused.
    PurchaseOrderRule {
        Lines { count: usize } => "purchase_order.lines", Invalid, "a purchase order has 1 to 500 lines, not {count}", "采购订单应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Quantity { line: usize } => "purchase_order.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "purchase_order.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{line}/unit_price";
        Large => "purchase_order.total_too_large", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        LeadTime { line: usize } => "purchase_order.lead_time", Invalid, "the lead time is at most 3650 days", "交货期最长 3650 天", at "/lines/{line}/lead_time_days";
        Refs => "purchase_order.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
        UnknownItem { line: usize, sku: String } => "purchase_order.unknown_item", Invalid, "{sku} is no item that we buy", "{sku} 不是在用物料", at "/lines/{line}";
        UnknownSupplier => "purchase_order.unknown_supplier", Invalid, "there is no such supplier", "没有该供应商", at "/supplier_id";
        Source => "purchase_order.source", Invalid, "name the request for quotation that the supplier won, or an approved waiver: one of the two", "请指明供应商中标的询价单或已批准的询价豁免，二者择一", at "/rfq_id";
        NoAward => "purchase_order.no_award", Invalid, "this request for quotation was not awarded to this supplier", "该询价单未定标给此供应商", at "/rfq_id";
        LinesOfAward => "purchase_order.lines_of_award", Invalid, "an award has its own lines, prices and currency; leave them out", "定标的订单行、价格与币种以定标结果为准，请勿填写", at "/lines";
        NoWaiver => "purchase_order.no_waiver", Invalid, "there is no such approved waiver", "没有该已批准的询价豁免", at "/waiver_id";
        OtherSupplier => "purchase_order.other_supplier", Invalid, "the waiver is for another supplier", "该询价豁免适用于其他供应商", at "/supplier_id";
        NotWaived { line: usize } => "purchase_order.not_waived", Invalid, "no open line of the waiver's requisitions, or it stands here twice", "该行不属于豁免范围内的未订采购申请，或重复出现", at "/lines/{line}/requisition_line_id";
        MoreThanWanted { line: usize, left: Decimal } => "purchase_order.more_than_wanted", Invalid, "only {left} of it is left to order", "可订数量仅剩 {left}", at "/lines/{line}/quantity";
        OtherCurrency { currency: Currency } => "purchase_order.other_currency", Invalid, "the waiver was approved in {currency}", "该询价豁免的批准币种为 {currency}", at "/currency";
        AboveWaiver { left: Decimal } => "purchase_order.above_waiver", Invalid, "only {left} of what was approved with the waiver is left, tax included", "询价豁免的批准金额仅剩 {left}（含税）", at "/lines";
        NotWanted { sku: String, left: Decimal } => "purchase_order.not_wanted", Conflict, "only {left} of {sku} is still wanted: it is ordered already, or its requisition does not stand any more", "{sku} 的待采购数量仅剩 {left}：已下单，或采购申请已失效";
        NoCurrency => "purchase_order.currency", Invalid, "name the currency of the prices", "请指明价格币种", at "/currency";
        AlreadyOrdered => "purchase_order.already_ordered", Conflict, "this is ordered already", "已存在对应的采购订单";
        TotalDiffers { computed: Money } => "purchase_order.total_differs", Invalid, "the lines come to {computed}, tax included", "订单行合计（含税）为 {computed}", at "/total";
        OrderedInFuture => "purchase_order.ordered_on", Invalid, "it cannot have been ordered in the future", "下单日期不能晚于今天", at "/ordered_on";
        Underway => "purchase_order.underway", Conflict, "it has moved on since it was imported and cannot be replaced", "导入后已有后续业务，不能覆盖";
        NotImported => "purchase_order.not_imported", Conflict, "it was made here; another system cannot replace it", "该订单由本系统创建，外部系统不能覆盖";
        PromisedPast { day: Day } => "purchase_order.promised_on", Invalid, "{day} is in the past", "承诺交期 {day} 已过", at "/promised_on";
        MoreThanOrdered { sku: String, open: Decimal } => "purchase_order.more_than_ordered", Conflict, "only {open} of {sku} is still expected; reject what is too much", "{sku} 待收数量仅 {open}，多到部分请拒收";
    }
);

/// States in which goods may come.
const UNDERWAY: &[&str] = &["sent", "acknowledged", "partially_received", "received", "pending_action"];

impl Machine for PurchaseOrder {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "purchase_order",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["in_approval"]),
            Transition::automatic("approve", &["in_approval"], &["approved"]),
            Transition::automatic("return", &["in_approval"], &["draft"]),
            Transition::new("send", &["approved"], &["sent"]),
            Transition::new("acknowledge", &["sent"], &["acknowledged"]),
            Transition::new(
                "promise",
                &["acknowledged", "partially_received", "pending_action"],
                &["acknowledged", "partially_received", "pending_action"],
            ),
            Transition::automatic("replace", &["sent"], &["sent"]),
            Transition::automatic(
                "arrive",
                &["sent", "acknowledged", "partially_received", "pending_action"],
                &["sent", "acknowledged", "partially_received", "pending_action"],
            ),
            Transition::automatic(
                "take_in",
                UNDERWAY,
                &["sent", "acknowledged", "partially_received", "received", "pending_action", "cancelled"],
            ),
            Transition::automatic("dispute", UNDERWAY, &["pending_action"]),
            Transition::automatic(
                "settle",
                &["pending_action"],
                &["sent", "acknowledged", "partially_received", "received", "pending_action", "cancelled"],
            ),
            Transition::new("cancel", &["draft", "approved", "sent", "acknowledged"], &["cancelled"]),
            Transition::new("close", &["received"], &["closed"]),
        ],
        labels: Status::labels(),
    };
    fn gates(&self, action: &str) -> Vec<Closed> {
        match action {
            "cancel" if self.head.arrivals > 0 => vec![
                Closed::new("nothing_arrived", "goods have arrived; settle them instead", "已有到货，请按收货流程处理")
                    .on(self.head.arrivals),
            ],
            "close" if self.head.inspections < self.head.arrivals => vec![
                Closed::new("all_inspected", "a delivery is still to be inspected", "仍有到货尚未验收")
                    .on(self.head.arrivals - self.head.inspections),
            ],
            _ => Vec::new(),
        }
    }
}

impl PurchaseOrder {
    /// What its facts carry.
    pub fn snapshot(&self) -> PurchaseOrderSnapshot {
        let Head { id, number, supplier_id, supplier_name, .. } = self.head.clone();
        let mut requisition_ids: Vec<RequisitionId> =
            self.lines.iter().filter_map(|line| line.requisition_id).collect();
        requisition_ids.sort_unstable();
        requisition_ids.dedup();
        let line = |line: &LineRow| PurchasedLine {
            line_id: line.id,
            sku: line.sku.clone(),
            ordered: line.quantity,
            received: line.received,
            requisition_line_id: line.requisition_line_id,
        };
        PurchaseOrderSnapshot {
            purchase_order_id: id,
            number,
            supplier_id,
            supplier_name,
            requisition_ids,
            lines: self.lines.iter().map(line).collect(),
            total: Money::new(self.head.gross, self.head.currency),
        }
    }
    /// Header sums.
    pub fn totals(&self) -> Totals {
        lines::totals(&self.lines, self.head.currency)
    }

    fn refused(action: &'static str, closed: Closed) -> platform::ApiError {
        Refused::Gates { entity: "purchase_order", action, closed: vec![closed] }.into()
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

#[cfg(test)]
#[path = "../domain_tests.rs"]
pub(super) mod tests;
