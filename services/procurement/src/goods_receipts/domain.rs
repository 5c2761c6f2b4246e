//! The rules of goods receipts (PRO-27, 28). Pure: no async, no clock, no SQL.
use super::lines::{self, Finding, LineRow};
use crate::{purchase_orders::domain::PurchaseOrder, schema::goods_receipts};
use diesel::prelude::*;
use jiff::SignedDuration;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Result, Stamp, Transition, calendar::Calendar};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, ExternalRef, Moment, Quantity,
    json::Kept,
    procurement::{
        AcceptGoodsReceipt, GoodsReceiptAccepted, GoodsReceiptArrived, GoodsReceiptId, GoodsReceiptOrigin as Origin,
        GoodsReceiptOverdue, GoodsReceiptRejected, GoodsReceiptSnapshot, GoodsReceiptStatus as Status,
        ImportGoodsReceipt, InspectedLine, PurchaseOrderId, RejectGoodsReceipt, SupplierId,
    },
};

/// Working hours between arrival and the end of the inspection (PRO-27, D-12).
pub const INSPECTION: SignedDuration = SignedDuration::from_hours(4);
/// Photos of a receipt, at most.
pub const MOST_PHOTOS: usize = 20;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = goods_receipts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: GoodsReceiptId,
    pub number: String,
    pub status: Status,
    pub origin: Origin,
    pub purchase_order_id: PurchaseOrderId,
    pub purchase_order_number: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    pub case_id: Option<CaseId>,
    pub delivery_note_number: String,
    pub arrived_at: Moment,
    pub inspect_by_at: Moment,
    pub calendar_id: String,
    pub overdue_at: Option<Moment>,
    pub inspected_at: Option<Moment>,
    pub inspected_by: Option<String>,
    pub delivery_note_id: Option<Uuid>,
    pub photo_ids: Kept<Vec<Uuid>>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}

/// A receipt with its lines.
#[derive(Debug, Clone, Serialize)]
pub struct GoodsReceipt {
    pub head: Head,
    pub lines: Vec<LineRow>,
}
platform::entity!(GoodsReceipt, "goods_receipt", GoodsReceiptId; row: head, case: option, owned);

/// What a receipt has of its own when it is made.
#[derive(Debug, Clone)]
pub struct Birth {
    pub id: GoodsReceiptId,
    pub number: String,
    pub delivery_note_number: String,
    pub arrived_at: Moment,
    pub external_refs: Vec<ExternalRef>,
}

platform::rules!(
    /// Why a goods receipt is refused.
    GoodsReceiptRule {
        UnknownOrder => "goods_receipt.unknown_order", Invalid, "there is no such purchase order", "没有该采购订单", at "/purchase_order_id";
        Future => "goods_receipt.arrived_at", Invalid, "it cannot have arrived in the future, nor before it was ordered", "到货时间不能晚于当前时间或早于下单", at "/arrived_at";
        NoteTaken { number: String } => "goods_receipt.note_taken", Conflict, "delivery note {number} of this order was recorded already", "该订单的送货单 {number} 已登记", at "/delivery_note_number";
        NothingExpected => "goods_receipt.nothing_expected", Conflict, "nothing of this order is expected any more", "该订单已无待收货物", at "/lines";
        OrderLine { line: usize } => "goods_receipt.order_line", Invalid, "no line of the purchase order, or it stands here twice", "不是该采购订单的行，或重复出现", at "/lines/{line}/purchase_order_line_id";
        LineNumber { line: usize } => "goods_receipt.line_number", Invalid, "no line of the purchase order, or it stands here twice", "不是该采购订单的行，或重复出现", at "/lines/{line}/line_number";
        Noted { line: usize } => "goods_receipt.noted", Invalid, "the delivery note lists more than 0", "送货单数量必须大于 0", at "/lines/{line}/noted";
        AllLines { count: usize } => "goods_receipt.all_lines", Invalid, "say what was found in each of the {count} lines", "请逐行填写全部 {count} 行的验收结果", at "/lines";
        ReceiptLine { line: usize } => "goods_receipt.receipt_line", Invalid, "no line of this receipt, or it stands here twice", "不是该收货单的行，或重复出现", at "/lines/{line}/line_id";
        Sum { line: usize } => "goods_receipt.sum", Invalid, "accepted and rejected add up to what was counted", "合格数量与拒收数量之和应等于清点数量", at "/lines/{line}/accepted";
        QuantityOk { line: usize, noted: Quantity } => "goods_receipt.quantity_ok", Invalid, "the quantity is right if, and only if, {noted} were counted", "仅当清点数量为 {noted} 时数量才相符", at "/lines/{line}/quantity_ok";
        FaultAccepted { line: usize } => "goods_receipt.fault_accepted", Invalid, "what is damaged or not as specified must be rejected first; whether it is taken as it is, others decide", "外观或规格不符的货物须先拒收，是否让步接收另行决定", at "/lines/{line}/rejected";
        NothingAccepted => "goods_receipt.nothing_accepted", Conflict, "nothing passed; reject the receipt instead", "没有合格货物，请拒收";
        SomethingAccepted => "goods_receipt.something_accepted", Conflict, "some goods passed; accept the receipt instead", "有合格货物，请办理验收";
        DeliveryNote => "goods_receipt.delivery_note_required", Invalid, "attach the signed delivery note", "请上传签字的送货单", at "/delivery_note_id";
        Photo => "goods_receipt.photo_required", Invalid, "attach at least one photo, at most 20", "请上传 1 至 20 张照片", at "/photo_ids";
        Booked => "goods_receipt.booked", Conflict, "it was imported already, with other contents, and is booked", "该收货单已导入并入账，内容不同，不能覆盖";
        NotRejected => "goods_receipt.not_rejected", Conflict, "no more of this line was rejected", "该行没有更多的拒收数量";
    }
);

impl Machine for GoodsReceipt {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "goods_receipt",
        transitions: &[
            Transition::new("inspect", &["arrived"], &["inspecting"]),
            Transition::new("record", &["inspecting"], &["inspecting"]),
            Transition::new("accept", &["inspecting"], &["accepted", "partially_accepted"]),
            Transition::new("reject", &["inspecting"], &["rejected"]),
            Transition::automatic("mark_overdue", &["arrived", "inspecting"], &["arrived", "inspecting"]),
            Transition::automatic("take", &["partially_accepted", "rejected"], &["accepted", "partially_accepted"]),
        ],
        labels: Status::labels(),
    };
    fn gates(&self, action: &str) -> Vec<Closed> {
        let recorded = self.lines.iter().all(|line| line.counted.is_some());
        if recorded || !matches!(action, "accept" | "reject") {
            return Vec::new();
        }
        vec![Closed::new("inspection_recorded", "record what the inspection found first", "请先登记验收结果")]
    }
}

impl GoodsReceipt {
    /// Goods are at the gate.
    pub fn arrive(birth: Birth, order: &PurchaseOrder, lines: Vec<LineRow>, by: &Stamp) -> Result<Change<Self>> {
        let receipt = Self::of(birth, order, lines, Origin::Recorded, by)?;
        let event = GoodsReceiptArrived { goods_receipt: receipt.snapshot() };
        Ok(Change::new("create", receipt).emit(&event))
    }
    /// Inspected by another system.
    pub fn import(birth: Birth, order: &PurchaseOrder, lines: Vec<LineRow>, by: &Stamp) -> Result<Change<Self>> {
        let receipt = Self::of(birth, order, lines, Origin::Imported, by)?;
        let arrived_at = receipt.head.arrived_at;
        let outcome = receipt.outcome();
        let mut next = receipt;
        next.head.status = outcome;
        (next.head.inspected_at, next.head.inspected_by) = (Some(arrived_at), Some(by.actor.clone()));
        if outcome == Status::Rejected {
            let (goods_receipt, reason) = (next.snapshot(), "系统导入 / imported".to_owned());
            let event = GoodsReceiptRejected { goods_receipt, reason, inspected_at: arrived_at };
            return Ok(Change::new("import", next).emit(&event));
        }
        let event = next.accepted(arrived_at);
        Ok(Change::new("import", next).emit(&event))
    }
    /// Somebody begins to count.
    pub fn inspect(self) -> Result<Change<Self>, Refused> {
        self.may("inspect")?;
        Ok(Change::new("inspect", self.to(Status::Inspecting)))
    }
    /// What was found, line by line; who says so is the inspector, whoever signs in the end.
    pub fn record(self, found: Vec<InspectedLine>, by: &Stamp) -> Result<Change<Self>> {
        self.may("record")?;
        let mut next = self.next();
        next.lines = lines::inspected(next.lines, found)?;
        next.head.inspected_by = Some(by.actor.clone());
        Ok(Change::new("record", next))
    }
    /// What passed may go into stock: the delivery note is signed, the photos are taken (PRO-28).
    pub fn accept(self, proof: AcceptGoodsReceipt, by: &Stamp) -> Result<Change<Self>> {
        self.may("accept")?;
        if self.outcome() == Status::Rejected {
            return Err(GoodsReceiptRule::NothingAccepted.into());
        }
        let AcceptGoodsReceipt { delivery_note_id, photo_ids } = proof;
        let delivery_note_id = delivery_note_id.ok_or(GoodsReceiptRule::DeliveryNote)?;
        let status = self.outcome();
        let mut next = self.to(status);
        next.head.delivery_note_id = Some(delivery_note_id);
        next.head.photo_ids = Kept(photos(photo_ids)?);
        next.head.inspected_at = Some(by.at);
        let event = next.accepted(by.at);
        Ok(Change::new("accept", next).emit(&event))
    }
    /// Nothing passed.
    pub fn reject(self, proof: RejectGoodsReceipt, by: &Stamp) -> Result<Change<Self>> {
        self.may("reject")?;
        if self.outcome() != Status::Rejected {
            return Err(GoodsReceiptRule::SomethingAccepted.into());
        }
        let RejectGoodsReceipt { reason, photo_ids } = proof;
        let mut next = self.to(Status::Rejected);
        next.head.photo_ids = Kept(photos(photo_ids)?);
        next.head.reason = Some(reason.to_string());
        next.head.inspected_at = Some(by.at);
        let goods_receipt = next.snapshot();
        let event = GoodsReceiptRejected { goods_receipt, reason: reason.to_string(), inspected_at: by.at };
        Ok(Change::new("reject", next).emit(&event).because(reason.into_string()))
    }
    /// The four hours are over; said once.
    pub fn mark_overdue(self, by: &Stamp) -> Result<Option<Change<Self>>, Refused> {
        self.may("mark_overdue")?;
        if self.head.overdue_at.is_some() || by.at <= self.head.inspect_by_at {
            return Ok(None);
        }
        let mut next = self.next();
        next.head.overdue_at = Some(by.at);
        let event = GoodsReceiptOverdue { goods_receipt: next.snapshot() };
        Ok(Some(Change::new("mark_overdue", next).emit(&event)))
    }
    /// Rejected goods are taken as they are after all (PRO-31); a delivery note must be signed by then.
    pub fn take(self, line_id: Uuid, quantity: Quantity, delivery_note_id: Option<Uuid>) -> Result<Change<Self>> {
        self.may("take")?;
        let mut next = self.next();
        let line = next.lines.iter_mut().find(|line| line.id == line_id && line.rejected >= quantity);
        let line = line.ok_or(GoodsReceiptRule::NotRejected)?;
        line.accepted = Quantity::new(line.accepted.get() + quantity.get());
        line.rejected = Quantity::new(line.rejected.get() - quantity.get());
        next.head.delivery_note_id = next.head.delivery_note_id.or(delivery_note_id);
        if next.head.delivery_note_id.is_none() && next.head.origin == Origin::Recorded {
            return Err(GoodsReceiptRule::DeliveryNote.into());
        }
        next.head.status = next.outcome();
        Ok(Change::new("take", next))
    }
    /// Imported again: the same, or refused, because it is booked.
    pub fn known(self, again: &ImportGoodsReceipt, order: &PurchaseOrder) -> Result<Self, GoodsReceiptRule> {
        let head = &self.head;
        let number = |line: &LineRow| {
            order.lines.iter().find(|one| one.id == line.purchase_order_line_id).map(|one| one.line_number)
        };
        let same = head.purchase_order_id == again.purchase_order_id
            && head.delivery_note_number == again.delivery_note_number.as_str()
            && head.arrived_at == again.arrived_at
            && self.lines.len() == again.lines.len()
            && self.lines.iter().zip(&again.lines).all(|(line, one)| {
                number(line) == Some(i32::from(one.line_number))
                    && line.location == lines::place(one.location.clone())
                    && (line.accepted, line.rejected) == (one.accepted, one.rejected)
            });
        if same { Ok(self) } else { Err(GoodsReceiptRule::Booked) }
    }
    /// What the inspection found wrong.
    pub fn findings(&self) -> Vec<Finding> {
        self.lines.iter().flat_map(LineRow::findings).collect()
    }

    fn of(birth: Birth, order: &PurchaseOrder, lines: Vec<LineRow>, origin: Origin, by: &Stamp) -> Result<Self> {
        let Birth { id, number, delivery_note_number, arrived_at, external_refs } = birth;
        let zone = Calendar::china().zone().clone();
        let arrived_on = arrived_at.timestamp().to_zoned(zone).date();
        if by.at.is_well_before(arrived_at) || order.head.ordered_on.is_some_and(|ordered_on| arrived_on < ordered_on.0)
        {
            return Err(GoodsReceiptRule::Future.into());
        }
        let due = Calendar::china().add_working_time(arrived_at.timestamp(), INSPECTION);
        let head = Head {
            id,
            number,
            status: Status::Arrived,
            origin,
            purchase_order_id: order.head.id,
            purchase_order_number: order.head.number.clone(),
            supplier_id: order.head.supplier_id,
            supplier_name: order.head.supplier_name.clone(),
            case_id: order.head.case_id,
            delivery_note_number,
            arrived_at,
            inspect_by_at: due.at.into(),
            calendar_id: due.calendar_id.to_owned(),
            overdue_at: None,
            inspected_at: None,
            inspected_by: None,
            delivery_note_id: None,
            photo_ids: Kept(Vec::new()),
            reason: None,
            external_refs: Kept(external_refs),
            owner_id: order.head.owner_id.clone(),
            team_id: order.head.team_id.clone(),
            department_id: order.head.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Self { head, lines })
    }
    /// What the quantities come to.
    fn outcome(&self) -> Status {
        let sum = |part: fn(&LineRow) -> Quantity| self.lines.iter().map(|line| part(line).get()).sum::<Decimal>();
        match (sum(|line| line.accepted).is_zero(), sum(|line| line.rejected).is_zero()) {
            (true, _) => Status::Rejected,
            (false, true) => Status::Accepted,
            (false, false) => Status::PartiallyAccepted,
        }
    }
    fn accepted(&self, inspected_at: Moment) -> GoodsReceiptAccepted {
        GoodsReceiptAccepted { goods_receipt: self.snapshot(), status: self.head.status.to_string(), inspected_at }
    }
    fn snapshot(&self) -> GoodsReceiptSnapshot {
        let Head {
            id,
            number,
            purchase_order_id,
            purchase_order_number,
            supplier_id,
            delivery_note_number,
            arrived_at,
            inspect_by_at,
            calendar_id,
            ..
        } = self.head.clone();
        GoodsReceiptSnapshot {
            goods_receipt_id: id,
            number,
            purchase_order_id,
            purchase_order_number,
            supplier_id,
            delivery_note_number,
            arrived_at,
            inspect_by_at,
            calendar_id,
            lines: self.lines.iter().map(LineRow::told).collect(),
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

fn photos(ids: Vec<Uuid>) -> Result<Vec<Uuid>, GoodsReceiptRule> {
    if ids.is_empty() || ids.len() > MOST_PHOTOS { Err(GoodsReceiptRule::Photo) } else { Ok(ids) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
