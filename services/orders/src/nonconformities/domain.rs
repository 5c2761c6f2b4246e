//! The rules of nonconformities (ORD-19). Pure: no async, no clock, no SQL.
use crate::{inspections::domain::Inspection, schema::nonconformities};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Result, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Quantity,
    orders::{
        InspectionId, InspectionStage, NewInspection, NonconformityClosed, NonconformityId, NonconformityOpened,
        NonconformityScrapped, NonconformitySnapshot, NonconformityStatus as Status, OrderId, ScrapNonconformity,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = nonconformities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Nonconformity {
    pub id: NonconformityId,
    pub number: String,
    pub status: Status,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub inspection_id: InspectionId,
    pub stage: InspectionStage,
    pub line_id: Uuid,
    pub sku: String,
    pub lot_size: i32,
    pub defects: i32,
    pub loops: i32,
    pub instructions: Option<String>,
    pub reinspection_id: Option<InspectionId>,
    pub reason: Option<String>,
    pub scrapped: Option<Quantity>,
    pub closed_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Nonconformity, "nonconformity", NonconformityId; row: this, case: some, owned);

platform::rules!(
    /// Why a step is refused.
    NonconformityRule {
        Quantity { lot: i32 } => "nonconformity.quantity", Invalid, "scrap more than 0 and at most the lot of {lot}", "报废数量应大于 0 且不超过批量 {lot}", at "/quantity";
    }
);

impl Machine for Nonconformity {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "nonconformity",
        transitions: &[
            Transition::new("rework", &["open"], &["rework"]),
            Transition::new("reinspect", &["rework"], &["reinspection"]),
            Transition::automatic("close", &["reinspection"], &["closed"]),
            Transition::automatic("reopen", &["reinspection"], &["open"]),
            Transition::new("scrap", &["open", "rework"], &["scrapped"]),
            Transition::automatic("cancel", &["open", "rework", "reinspection"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
}

impl Nonconformity {
    /// Of a failed inspection.
    pub fn open(ids: (NonconformityId, String), failed: &Inspection, by: &Stamp) -> Change<Self> {
        let nonconformity = Self {
            id: ids.0,
            number: ids.1,
            status: Status::Open,
            order_id: failed.order_id,
            order_number: failed.order_number.clone(),
            case_id: failed.case_id,
            inspection_id: failed.id,
            stage: failed.stage,
            line_id: failed.line_id,
            sku: failed.sku.clone(),
            lot_size: i32::try_from(failed.plan.0.lot_size).unwrap_or(i32::MAX),
            defects: failed.defects.unwrap_or_default(),
            loops: 0,
            instructions: None,
            reinspection_id: None,
            reason: None,
            scrapped: None,
            closed_at: None,
            owner_id: failed.owner_id.clone(),
            team_id: failed.team_id.clone(),
            department_id: failed.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        let event = NonconformityOpened { nonconformity: nonconformity.snapshot() };
        Change::new("create", nonconformity).emit(&event)
    }
    /// It is mended: one loop more.
    pub fn rework(self, instructions: String) -> Result<Change<Self>, Refused> {
        self.may("rework")?;
        let mut next = self.to(Status::Rework);
        next.loops += 1;
        next.instructions = Some(instructions.clone());
        Ok(Change::new("rework", next).because(instructions))
    }
    /// It is looked at again, by the plan of the first look.
    pub fn reinspect(self, inspection: InspectionId) -> Result<Change<Self>, Refused> {
        self.may("reinspect")?;
        let mut next = self.to(Status::Reinspection);
        next.reinspection_id = Some(inspection);
        Ok(Change::new("reinspect", next))
    }
    /// The second look passed.
    pub fn close(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let mut next = self.to(Status::Closed);
        next.closed_at = Some(by.at);
        let event = NonconformityClosed { nonconformity: next.snapshot() };
        Ok(Change::new("close", next).emit(&event))
    }
    /// The second look failed: back to the start, and production hears of it again.
    pub fn reopen(self, failed: &Inspection) -> Result<Change<Self>, Refused> {
        self.may("reopen")?;
        let mut next = self.to(Status::Open);
        next.defects = failed.defects.unwrap_or_default();
        let event = NonconformityOpened { nonconformity: next.snapshot() };
        Ok(Change::new("reopen", next).emit(&event))
    }
    /// It cannot be mended.
    pub fn scrap(self, word: ScrapNonconformity, by: &Stamp) -> Result<Change<Self>> {
        self.may("scrap")?;
        let ScrapNonconformity { reason, quantity } = word;
        if quantity.get().is_zero() || quantity.get() > Decimal::from(self.lot_size) {
            return Err(NonconformityRule::Quantity { lot: self.lot_size }.into());
        }
        let mut next = self.to(Status::Scrapped);
        (next.reason, next.scrapped) = (Some(reason.to_string()), Some(quantity));
        next.closed_at = Some(by.at);
        let event = NonconformityScrapped { quantity, reason: reason.to_string(), nonconformity: next.snapshot() };
        Ok(Change::new("scrap", next).emit(&event).because(reason.into_string()))
    }
    /// The order was cancelled.
    pub fn cancel(self) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        Ok(Change::new("cancel", self.to(Status::Cancelled)))
    }
    /// The look that follows a rework.
    pub fn again(&self, first: &Inspection) -> NewInspection {
        NewInspection { order_id: self.order_id, line_id: self.line_id, stage: self.stage, plan: first.plan.0 }
    }

    fn snapshot(&self) -> NonconformitySnapshot {
        NonconformitySnapshot {
            nonconformity_id: self.id,
            number: self.number.clone(),
            order_id: self.order_id,
            order_number: self.order_number.clone(),
            inspection_id: self.reinspection_id.unwrap_or(self.inspection_id),
            line_id: self.line_id,
            sku: self.sku.clone(),
            defects: self.defects,
            loops: self.loops,
        }
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}
