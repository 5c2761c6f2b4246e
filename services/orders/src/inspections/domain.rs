//! The rules of inspections (ORD-17). Pure: no async, no clock, no SQL. Whether a lot passes follows from its readings and
//! its plan; nobody may say otherwise.
use crate::{orders::domain::Order, schema::inspections};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Result, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Quantity,
    json::Kept,
    orders::{
        CompleteInspection, InspectionCompleted, InspectionId, InspectionResult, InspectionStage,
        InspectionStatus as Status, NewInspection, NewReading, NonconformityId, OrderId, Reading, SamplePlan,
    },
};

/// Samples of one inspection.
const MOST_SAMPLES: u32 = 500;
/// Pieces of one lot.
const LARGEST_LOT: u32 = 1_000_000;
/// Readings of one inspection.
const MOST_READINGS: usize = 1000;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = inspections, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Inspection {
    pub id: InspectionId,
    pub number: String,
    pub status: Status,
    pub stage: InspectionStage,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub line_id: Uuid,
    pub sku: String,
    pub plan: Kept<SamplePlan>,
    /// What it inspects again.
    pub nonconformity_id: Option<NonconformityId>,
    pub readings: Kept<Vec<Reading>>,
    pub defects: Option<i32>,
    pub result: Option<InspectionResult>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub inspected_by: Option<String>,
    pub inspected_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Inspection, "inspection", InspectionId; row: this, case: some, owned);

platform::rules!(
    /// Why an inspection is refused.
    InspectionRule {
        Line => "inspection.line", Invalid, "the order has no such line", "订单中没有该行", at "/line_id";
        Lot { most: Quantity } => "inspection.lot_size", Invalid, "a lot has 1 piece up to the line's {most}", "批量应为 1 至该行数量 {most}", at "/plan/lot_size";
        Samples => "inspection.sample_size", Invalid, "1 to 500 samples, at most the lot", "抽样数应为 1 至 500，且不超过批量", at "/plan/sample_size";
        AcceptanceNumber => "inspection.acceptance_number", Invalid, "the acceptance number must be less than the samples", "合格判定数必须小于抽样数", at "/plan/acceptance_number";
        Readings { count: usize } => "inspection.readings", Invalid, "1 to 1000 readings, not {count}", "读数应为 1 至 1000 条，实际为 {count} 条", at "/readings";
        Sample { reading: usize } => "inspection.sample", Invalid, "the plan has no such sample", "抽样方案中没有该样品", at "/readings/{reading}/sample";
        Limits { reading: usize } => "inspection.limits", Invalid, "the lower limit is above the upper one", "下限高于上限", at "/readings/{reading}/lower";
        Measured { reading: usize } => "inspection.measured", Invalid, "there is a limit: say what was measured", "有界限值时须填写实测值", at "/readings/{reading}/measured";
        Judgement { reading: usize } => "inspection.judgement", Invalid, "without limits say whether it is ok; with limits it follows from them", "无界限值时须填写是否合格；有界限值时结论以界限为准", at "/readings/{reading}/ok";
        Unread { sample: u32 } => "inspection.unread", Invalid, "sample {sample} was not read", "样品 {sample} 没有读数", at "/readings";
    }
);

impl Machine for Inspection {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "inspection",
        transitions: &[
            Transition::new("complete", &["planned"], &["done"]),
            Transition::new("cancel", &["planned"], &["cancelled"]),
            Transition::automatic("give_up", &["planned"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };

    fn gates(&self, action: &str) -> Vec<Closed> {
        match (action, self.nonconformity_id) {
            ("cancel", Some(of)) => {
                vec![Closed::new("nonconformity", "what was reworked must be inspected", "返工后必须复检").on(of)]
            }
            _ => Vec::new(),
        }
    }
}

impl Inspection {
    /// Of goods that have not all left.
    pub fn plan(
        ids: (InspectionId, String),
        order: &Order,
        new: NewInspection,
        again: Option<NonconformityId>,
        by: &Stamp,
    ) -> Result<Change<Self>> {
        order.may(if again.is_some() { "inspect" } else { "plan_inspection" })?;
        let NewInspection { order_id: _, line_id, stage, plan } = new;
        let line = order.lines.iter().find(|line| line.id == line_id).ok_or(InspectionRule::Line)?;
        let SamplePlan { lot_size, sample_size, acceptance_number } = plan;
        let most = line.quantity.get().ceil().min(Decimal::from(LARGEST_LOT));
        if lot_size == 0 || Decimal::from(lot_size) > most {
            return Err(InspectionRule::Lot { most: Quantity::new(most) }.into());
        }
        if sample_size == 0 || sample_size > lot_size.min(MOST_SAMPLES) {
            return Err(InspectionRule::Samples.into());
        }
        if acceptance_number >= sample_size {
            return Err(InspectionRule::AcceptanceNumber.into());
        }
        let head = &order.head;
        let inspection = Self {
            id: ids.0,
            number: ids.1,
            status: Status::Planned,
            stage,
            order_id: head.id,
            order_number: head.number.clone(),
            case_id: head.case_id,
            line_id,
            sku: line.sku.clone(),
            plan: Kept(plan),
            nonconformity_id: again,
            readings: Kept(Vec::new()),
            defects: None,
            result: None,
            note: None,
            reason: None,
            inspected_by: None,
            inspected_at: None,
            owner_id: head.owner_id.clone(),
            team_id: head.team_id.clone(),
            department_id: head.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", inspection))
    }
    /// What was read, and what follows from it.
    pub fn complete(self, read: CompleteInspection, by: &Stamp) -> Result<Change<Self>> {
        self.may("complete")?;
        let CompleteInspection { readings, note } = read;
        let readings = self.judged(readings)?;
        let bad: HashSet<u32> = readings.iter().filter(|reading| !reading.ok).map(|reading| reading.sample).collect();
        let most = usize::try_from(self.plan.0.acceptance_number).unwrap_or(usize::MAX);
        let result = if bad.len() <= most { InspectionResult::Pass } else { InspectionResult::Fail };
        let defects = i32::try_from(bad.len()).unwrap_or(i32::MAX);
        let mut next = self.to(Status::Done);
        next.readings = Kept(readings);
        (next.defects, next.result) = (Some(defects), Some(result));
        next.note = note.map(wire::Label::into_string);
        (next.inspected_by, next.inspected_at) = (Some(by.actor.clone()), Some(by.at));
        let event = InspectionCompleted {
            inspection_id: next.id,
            number: next.number.clone(),
            order_id: next.order_id,
            order_number: next.order_number.clone(),
            stage: next.stage,
            sku: next.sku.clone(),
            result,
            defects,
        };
        Ok(Change::new("complete", next).emit(&event))
    }
    /// It is not made.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let mut next = self.to(Status::Cancelled);
        next.reason = Some(reason.clone());
        Ok(Change::new("cancel", next).because(reason))
    }
    /// The order was cancelled.
    pub fn give_up(self) -> Result<Change<Self>, Refused> {
        self.may("give_up")?;
        Ok(Change::new("give_up", self.to(Status::Cancelled)))
    }

    fn judged(&self, readings: Vec<NewReading>) -> Result<Vec<Reading>, InspectionRule> {
        if readings.is_empty() || readings.len() > MOST_READINGS {
            return Err(InspectionRule::Readings { count: readings.len() });
        }
        let samples = 1..=self.plan.0.sample_size;
        let judge = |(index, new): (usize, NewReading)| {
            if samples.contains(&new.sample) {
                judge(index, new)
            } else {
                Err(InspectionRule::Sample { reading: index })
            }
        };
        let readings = readings.into_iter().enumerate().map(judge).collect::<Result<Vec<_>, _>>()?;
        let read: HashSet<u32> = readings.iter().map(|reading| reading.sample).collect();
        match samples.clone().find(|sample| !read.contains(sample)) {
            Some(sample) => Err(InspectionRule::Unread { sample }),
            None => Ok(readings),
        }
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

/// A reading within its limits is ok, both ends included; one without limits is what the inspector says.
fn judge(index: usize, new: NewReading) -> Result<Reading, InspectionRule> {
    let NewReading { sample, characteristic, unit, nominal, lower, upper, measured, ok } = new;
    let follows = match (lower, upper, measured) {
        (None, None, _) => None,
        (_, _, None) => return Err(InspectionRule::Measured { reading: index }),
        (Some(lower), Some(upper), _) if lower > upper => return Err(InspectionRule::Limits { reading: index }),
        (lower, upper, Some(value)) => {
            Some(lower.is_none_or(|lower| value >= lower) && upper.is_none_or(|upper| value <= upper))
        }
    };
    let ok = match (follows, ok) {
        (Some(follows), None) => follows,
        (Some(follows), Some(said)) if follows == said => follows,
        (None, Some(said)) => said,
        _ => return Err(InspectionRule::Judgement { reading: index }),
    };
    let (characteristic, unit) = (characteristic.into_string(), unit.map(wire::Code::into_string));
    Ok(Reading { sample, characteristic, unit, nominal, lower, upper, measured, ok })
}
