//! The rules of inspection reports (ORD-18). Pure: no async, no clock, no SQL.
use crate::{inspections::domain::Inspection, schema::inspection_reports};
use diesel::prelude::*;
use platform::{Change, Result, Stamp, hexadecimal};
use serde::Serialize;
use sha2::{Digest, Sha256};
use wire::{
    CaseId, Moment,
    orders::{
        InspectionId, InspectionReportId, InspectionReportIssued, InspectionReportStatus as Status, InspectionResult,
        InspectionStage, OrderId, Reading, SamplePlan,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = inspection_reports, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct InspectionReport {
    pub id: InspectionReportId,
    pub number: String,
    pub status: Status,
    pub inspection_id: InspectionId,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub content: String,
    pub sha256: String,
    pub signer: String,
    pub issued_by: String,
    pub issued_at: Moment,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
}
platform::entity!(InspectionReport, "inspection_report", InspectionReportId; row: this, case: some, owned);

platform::rules!(
    /// Why a report is refused.
    ReportRule {
        NotPassed { number: String } => "inspection_report.not_passed", Conflict, "inspection {number} has not passed: there is nothing to certify", "检验 {number} 未合格，不能签发报告";
        Issued { number: String } => "inspection_report.issued", Conflict, "report {number} is issued already", "检验报告 {number} 已签发";
    }
);

/// Fields in this order, always.
#[derive(Serialize)]
struct Content<'a> {
    number: &'a str,
    inspection: &'a str,
    order: &'a str,
    sku: &'a str,
    stage: InspectionStage,
    plan: SamplePlan,
    readings: &'a [Reading],
    defects: i32,
    result: InspectionResult,
    note: Option<&'a str>,
    inspected_by: Option<&'a str>,
    inspected_at: Option<Moment>,
    signer: &'a str,
    issued_at: Moment,
}

impl InspectionReport {
    /// On an inspection that passed; `known` is the number of one that was issued before.
    pub fn issue(
        ids: (InspectionReportId, String),
        passed: &Inspection,
        signer: String,
        known: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>> {
        let (Some(InspectionResult::Pass), Some(defects)) = (passed.result, passed.defects) else {
            return Err(ReportRule::NotPassed { number: passed.number.clone() }.into());
        };
        if let Some(number) = known {
            return Err(ReportRule::Issued { number }.into());
        }
        let (id, number) = ids;
        let content = Content {
            number: &number,
            inspection: &passed.number,
            order: &passed.order_number,
            sku: &passed.sku,
            stage: passed.stage,
            plan: passed.plan.0,
            readings: &passed.readings.0,
            defects,
            result: InspectionResult::Pass,
            note: passed.note.as_deref(),
            inspected_by: passed.inspected_by.as_deref(),
            inspected_at: passed.inspected_at,
            signer: &signer,
            issued_at: by.at,
        };
        let content = serde_json::to_string(&content).expect("plain data with string keys");
        let sha256 = hash(&content);
        let event = InspectionReportIssued {
            report_id: id,
            number: number.clone(),
            inspection_id: passed.id,
            order_id: passed.order_id,
            order_number: passed.order_number.clone(),
            signer: signer.clone(),
            sha256: sha256.clone(),
        };
        let report = Self {
            id,
            number,
            status: Status::Issued,
            inspection_id: passed.id,
            order_id: passed.order_id,
            order_number: passed.order_number.clone(),
            case_id: passed.case_id,
            content,
            sha256,
            signer,
            issued_by: by.actor.clone(),
            issued_at: by.at,
            owner_id: passed.owner_id.clone(),
            team_id: passed.team_id.clone(),
            department_id: passed.department_id.clone(),
            version: 1,
        };
        Ok(Change::new("issue", report).emit(&event))
    }
}

/// SHA-256, hexadecimal.
fn hash(content: &str) -> String {
    hexadecimal(&Sha256::digest(content))
}
