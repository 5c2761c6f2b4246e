//! The rules of discrepancies (PRO-31). Pure: no async, no clock, no SQL. What one moves when it is closed is said by
//! `outcome`; it is moved under the locks of the order and the stock.
use crate::{
    goods_receipts::domain::GoodsReceipt,
    purchase_orders::domain::{Outcome, Part},
    schema::receipt_discrepancies,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Result, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Quantity,
    json::Kept,
    procurement::{
        DiscrepancyClosed, DiscrepancyId, DiscrepancyKind as Kind, DiscrepancyNature as Nature, DiscrepancyOpened,
        DiscrepancyResolution as Resolution, DiscrepancySnapshot, DiscrepancyStatus as Status, GoodsReceiptId,
        NewDiscrepancy, PurchaseOrderId, ResolveDiscrepancy, SupplierId,
    },
};

/// Photos of a discrepancy, at most.
pub const MOST_PHOTOS: usize = 20;

/// A discrepancy, which is its row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = receipt_discrepancies, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Discrepancy {
    pub id: DiscrepancyId,
    pub number: String,
    pub status: Status,
    pub nature: Nature,
    pub kind: Kind,
    pub goods_receipt_id: GoodsReceiptId,
    pub goods_receipt_line_id: Option<Uuid>,
    pub purchase_order_id: PurchaseOrderId,
    pub purchase_order_number: String,
    pub purchase_order_line_id: Option<Uuid>,
    pub supplier_id: SupplierId,
    pub case_id: Option<CaseId>,
    pub sku: Option<String>,
    pub quantity: Quantity,
    pub description: Option<String>,
    pub attachment_ids: Kept<Vec<Uuid>>,
    pub contact_note: Option<String>,
    pub contacted_at: Option<Moment>,
    pub resolution: Option<Resolution>,
    pub resolution_note: Option<String>,
    pub resolved_by: Option<String>,
    pub resolved_at: Option<Moment>,
    pub opened_by: String,
    pub opened_at: Moment,
    pub closed_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
}
platform::entity!(Discrepancy, "discrepancy", DiscrepancyId; row: this, case: option, owned);

platform::rules!(
    /// Why a discrepancy is refused.
    DiscrepancyRule {
        UnknownReceipt => "discrepancy.unknown_receipt", Invalid, "there is no such goods receipt", "没有该收货单", at "/goods_receipt_id";
        UnknownLine => "discrepancy.unknown_line", Invalid, "no line of this receipt", "不是该收货单的行", at "/goods_receipt_line_id";
        Photo => "discrepancy.photo_required", Invalid, "attach at least one photo, at most 20", "请上传 1 至 20 张照片", at "/attachment_ids";
        NothingHere => "discrepancy.nothing_here", Invalid, "the goods are not here: they can neither go back nor be taken", "货物未到，无法退货或让步接收", at "/resolution";
        OwnRejection => "discrepancy.own_rejection", Forbidden, "you inspected these goods; someone else must decide to take them as they are (maker is not checker)", "您是验收人，让步接收须由他人决定";
    }
);

impl Machine for Discrepancy {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "discrepancy",
        transitions: &[
            Transition::new("contact", &["opened"], &["supplier_contacted"]),
            Transition::new(
                "resolve",
                &["supplier_contacted", "return", "exchange", "credit", "accept_as_is"],
                &["return", "exchange", "credit", "accept_as_is"],
            ),
            Transition::new("close", &["return", "exchange", "credit", "accept_as_is"], &["closed"]),
        ],
        labels: Status::labels(),
    };
}

/// What one is about.
struct About {
    nature: Nature,
    kind: Kind,
    line: Option<(Uuid, Uuid, String)>,
    quantity: Quantity,
    description: Option<String>,
    photos: Vec<Uuid>,
}

impl Discrepancy {
    /// An inspection found it; the photos of the receipt are its evidence.
    pub fn find(
        id: DiscrepancyId,
        number: String,
        receipt: &GoodsReceipt,
        finding: crate::goods_receipts::Finding,
        by: &Stamp,
    ) -> Change<Self> {
        let crate::goods_receipts::Finding { line, nature, kind, quantity } = finding;
        let about = About {
            nature,
            kind,
            line: Some((line.id, line.purchase_order_line_id, line.sku)),
            quantity,
            description: line.remark,
            photos: receipt.head.photo_ids.0.clone(),
        };
        Self::open(id, number, receipt, about, by)
    }
    /// A person reports something else that is wrong; it moves no goods.
    pub fn report(
        id: DiscrepancyId,
        number: String,
        receipt: &GoodsReceipt,
        new: NewDiscrepancy,
        by: &Stamp,
    ) -> Result<Change<Self>, DiscrepancyRule> {
        let NewDiscrepancy { goods_receipt_id: _, goods_receipt_line_id, kind, description, attachment_ids } = new;
        if attachment_ids.is_empty() || attachment_ids.len() > MOST_PHOTOS {
            return Err(DiscrepancyRule::Photo);
        }
        let line = match goods_receipt_line_id {
            None => None,
            Some(id) => {
                let line = receipt.lines.iter().find(|line| line.id == id).ok_or(DiscrepancyRule::UnknownLine)?;
                Some((line.id, line.purchase_order_line_id, line.sku.clone()))
            }
        };
        let about = About {
            nature: Nature::Reported,
            kind,
            line,
            quantity: Quantity::ZERO,
            description: Some(description.into_string()),
            photos: attachment_ids,
        };
        Ok(Self::open(id, number, receipt, about, by))
    }
    /// What the supplier says to it.
    pub fn contact(self, note: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("contact")?;
        let mut next = self.to(Status::SupplierContacted);
        (next.contact_note, next.contacted_at) = (Some(note), Some(by.at));
        Ok(Change::new("contact", next))
    }
    /// What is to be done; may be decided anew until it is done. `inspector` inspected the goods and cannot wave them through.
    pub fn resolve(self, decision: ResolveDiscrepancy, inspector: Option<&str>, by: &Stamp) -> Result<Change<Self>> {
        self.may("resolve")?;
        let ResolveDiscrepancy { resolution, note } = decision;
        if self.nature == Nature::Missing && matches!(resolution, Resolution::Return | Resolution::AcceptAsIs) {
            return Err(DiscrepancyRule::NothingHere.into());
        }
        if resolution == Resolution::AcceptAsIs && inspector == Some(by.actor.as_str()) {
            return Err(DiscrepancyRule::OwnRejection.into());
        }
        let mut next = self.to(match resolution {
            Resolution::Return => Status::Return,
            Resolution::Exchange => Status::Exchange,
            Resolution::Credit => Status::Credit,
            Resolution::AcceptAsIs => Status::AcceptAsIs,
        });
        (next.resolution, next.resolution_note) = (Some(resolution), Some(note.to_string()));
        (next.resolved_by, next.resolved_at) = (Some(by.actor.clone()), Some(by.at));
        Ok(Change::new("resolve", next).because(note.into_string()))
    }
    /// It is done.
    pub fn close(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let resolution = self.resolution.map_or("", Resolution::as_str).to_owned();
        let mut next = self.to(Status::Closed);
        next.closed_at = Some(by.at);
        let event = DiscrepancyClosed { discrepancy: next.snapshot(), resolution };
        Ok(Change::new("close", next).emit(&event))
    }
    /// What its end means for the order: taken goods count, returned and credited ones are no longer expected, exchanged
    /// ones still are.
    pub fn outcome(&self) -> Outcome {
        let part = self.purchase_order_line_id.map(|line_id| Part { line_id, quantity: self.quantity });
        let part: Vec<Part> = part.filter(|part| part.quantity > Quantity::ZERO).into_iter().collect();
        match self.resolution {
            Some(Resolution::AcceptAsIs) => Outcome { taken: part, ..Outcome::default() },
            Some(Resolution::Return | Resolution::Credit) => Outcome { forgone: part, ..Outcome::default() },
            Some(Resolution::Exchange) | None => Outcome::default(),
        }
    }
    /// The line of the receipt whose rejected goods go into stock with it.
    pub fn takes(&self) -> Option<Uuid> {
        let takes = self.nature == Nature::Rejected && self.resolution == Some(Resolution::AcceptAsIs);
        self.goods_receipt_line_id.filter(|_| takes)
    }

    fn open(id: DiscrepancyId, number: String, receipt: &GoodsReceipt, about: About, by: &Stamp) -> Change<Self> {
        let About { nature, kind, line, quantity, description, photos } = about;
        let head = &receipt.head;
        let (goods_receipt_line_id, rest) = line.map(|(line, order, sku)| (line, (order, sku))).unzip();
        let (purchase_order_line_id, sku) = rest.unzip();
        let discrepancy = Self {
            id,
            number,
            status: Status::Opened,
            nature,
            kind,
            goods_receipt_id: head.id,
            goods_receipt_line_id,
            purchase_order_id: head.purchase_order_id,
            purchase_order_number: head.purchase_order_number.clone(),
            purchase_order_line_id,
            supplier_id: head.supplier_id,
            case_id: head.case_id,
            sku,
            quantity,
            description,
            attachment_ids: Kept(photos),
            contact_note: None,
            contacted_at: None,
            resolution: None,
            resolution_note: None,
            resolved_by: None,
            resolved_at: None,
            opened_by: by.actor.clone(),
            opened_at: by.at,
            closed_at: None,
            owner_id: head.owner_id.clone(),
            team_id: head.team_id.clone(),
            department_id: head.department_id.clone(),
            version: 1,
        };
        let event = DiscrepancyOpened { discrepancy: discrepancy.snapshot() };
        Change::new("open", discrepancy).emit(&event)
    }
    fn snapshot(&self) -> DiscrepancySnapshot {
        DiscrepancySnapshot {
            discrepancy_id: self.id,
            number: self.number.clone(),
            nature: self.nature.to_string(),
            kind: self.kind.to_string(),
            goods_receipt_id: self.goods_receipt_id,
            purchase_order_id: self.purchase_order_id,
            purchase_order_number: self.purchase_order_number.clone(),
            supplier_id: self.supplier_id,
            sku: self.sku.clone(),
            quantity: self.quantity,
        }
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
