//! Inspections of an order's goods and the reports on them: bodies, words and facts (ORD-17, 18).
use crate::{
    Action, CaseId, Code, Label, Measure, Moment, Name,
    event::event,
    id::id,
    orders::{NonconformityId, OrderId},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A look at samples of an order's goods.
    InspectionId,
    /// 质量检验报告.
    InspectionReportId,
);
words!(
    /// When in the making of the goods it is done.
    InspectionStage {
        InProcess => "in_process" "过程检验" "In process",
        Final => "final" "最终检验" "Final",
    }
);
words!(
    /// The life of an inspection (ORD-17).
    InspectionStatus {
        Planned => "planned" "已计划" "Planned",
        Done => "done" "已完成" "Done",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// What came of it.
    InspectionResult {
        Pass => "pass" "合格" "Passed",
        Fail => "fail" "不合格" "Failed",
    }
);
words!(
    /// The life of a report: once issued it stays as it is.
    InspectionReportStatus {
        Issued => "issued" "已签发" "Issued",
    }
);
resource!(Inspection);
impl crate::Shown for InspectionReport {
    fn id(&self) -> Option<uuid::Uuid> {
        Some(self.id.into())
    }
    fn version(&self) -> Option<i32> {
        Some(self.version)
    }
    /// An inspection has one report.
    fn place(&self) -> Option<String> {
        Some(format!("inspections/{}/report", self.inspection_id))
    }
}

/// How many pieces are looked at, and how many of them may be bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplePlan {
    /// Pieces in the lot, at most the line's quantity.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub lot_size: u32,
    /// Pieces looked at: 1 to 500, at most the lot.
    #[schema(minimum = 1, maximum = 500)]
    pub sample_size: u32,
    /// The lot passes with up to so many bad pieces; less than the sample.
    #[schema(minimum = 0, maximum = 499)]
    pub acceptance_number: u32,
}

/// An inspection to be made of one line of an order that is confirmed and not shipped whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"order_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "line_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ac",
    "stage": "final", "plan": {"lot_size": 12, "sample_size": 3, "acceptance_number": 0}})))]
pub struct NewInspection {
    pub order_id: OrderId,
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub stage: InspectionStage,
    pub plan: SamplePlan,
}

/// One characteristic of one sample as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReading {
    /// Which of the samples: 1 to the sample size.
    #[schema(minimum = 1, maximum = 500)]
    pub sample: u32,
    /// What is measured or looked at: 流量, appearance.
    pub characteristic: Name,
    /// Of the measures: `mm`, `m³/h`.
    #[serde(default)]
    pub unit: Option<Code>,
    #[serde(default)]
    pub nominal: Option<Measure>,
    #[serde(default)]
    pub lower: Option<Measure>,
    #[serde(default)]
    pub upper: Option<Measure>,
    /// Needed where there is a limit.
    #[serde(default)]
    pub measured: Option<Measure>,
    /// Needed where there is no limit; with limits it follows from them, both ends included.
    #[serde(default)]
    pub ok: Option<bool>,
}

/// What was read; every sample at least once. Whether the lot passes follows from it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"readings": [{"sample": 1, "characteristic": "出口压力", "unit": "bar", "nominal": "6", "lower": "5.8", "upper": "6.2", "measured": "6.05"}]})))]
pub struct CompleteInspection {
    #[schema(min_items = 1, max_items = 1000)]
    pub readings: Vec<NewReading>,
    #[serde(default)]
    pub note: Option<Label>,
}

/// Why it is not made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelInspection {
    pub reason: Label,
}

/// A reading with its judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reading {
    /// Which of the samples: 1 to the sample size.
    pub sample: u32,
    /// What is measured or looked at: 流量, appearance.
    pub characteristic: String,
    /// Of the measures: `mm`, `m³/h`.
    pub unit: Option<String>,
    pub nominal: Option<Measure>,
    pub lower: Option<Measure>,
    pub upper: Option<Measure>,
    pub measured: Option<Measure>,
    /// Within its limits, or looked at and found good.
    pub ok: bool,
}

/// An inspection as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Inspection {
    pub id: InspectionId,
    pub number: String,
    pub status: InspectionStatus,
    pub stage: InspectionStage,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    #[schema(value_type = String, format = Uuid)]
    pub line_id: Uuid,
    pub sku: String,
    pub plan: SamplePlan,
    /// What it inspects again, after rework.
    pub nonconformity_id: Option<NonconformityId>,
    pub readings: Vec<Reading>,
    /// Samples with a reading that is not ok; absent until it is done.
    pub defects: Option<i32>,
    pub result: Option<InspectionResult>,
    pub note: Option<String>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    pub inspected_by: Option<String>,
    pub inspected_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Who signs the report.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"signer": "王质检"})))]
pub struct IssueInspectionReport {
    /// Whose name stands under it.
    pub signer: Name,
}

/// 质量检验报告 (ORD-18): what it says, fixed by its hash.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InspectionReport {
    pub id: InspectionReportId,
    pub number: String,
    pub status: InspectionReportStatus,
    pub inspection_id: InspectionId,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    /// The report as canonical JSON: exactly these bytes are hashed.
    pub content: String,
    /// SHA-256 of `content`, hexadecimal.
    pub sha256: String,
    /// Whose name stands under it.
    pub signer: String,
    /// Who had it signed: `user:ann`.
    pub issued_by: String,
    pub issued_at: Moment,
    pub version: i32,
}

/// An inspection is done (ORD-17).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InspectionCompleted {
    pub inspection_id: InspectionId,
    /// The inspection's own.
    pub number: String,
    pub order_id: OrderId,
    pub order_number: String,
    pub stage: InspectionStage,
    pub sku: String,
    pub result: InspectionResult,
    /// Samples that were bad.
    pub defects: i32,
}
event!(InspectionCompleted = "orders.inspection.completed.v1");

/// A report is signed (ORD-18).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InspectionReportIssued {
    pub report_id: InspectionReportId,
    /// The report's own.
    pub number: String,
    pub inspection_id: InspectionId,
    pub order_id: OrderId,
    pub order_number: String,
    /// Whose name stands under it.
    pub signer: String,
    /// SHA-256 of what the report says, hexadecimal.
    pub sha256: String,
}
event!(InspectionReportIssued = "orders.inspection_report.issued.v1");
