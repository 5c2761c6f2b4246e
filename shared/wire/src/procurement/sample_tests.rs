//! Sample tests: what the technical side and the users make of a supplier's sample before it is bought (PRO-20).
use super::{RfqId, SampleTestId, SupplierId};
use crate::{
    Action, CaseId, Label, Moment, Name, Note, event::event, page::page_query, resource::resource, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// The life of a sample test (PRO-20).
    SampleTestStatus {
        Requested => "requested" "已申请" "Requested",
        Received => "received" "样品已到" "Sample received",
        Testing => "testing" "测试中" "Testing",
        Passed => "passed" "合格" "Passed",
        Failed => "failed" "不合格" "Failed",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
words!(
    /// In which role somebody tests a sample.
    TesterRole {
        Technical => "technical" "技术" "Technical",
        DepartmentHead => "department_head" "使用部门" "Using department",
        Quality => "quality" "质检" "Quality inspection",
    }
);
resource!(SampleTest);

/// Asks for a sample of what a supplier quoted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"rfq_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "supplier_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ac",
    "sample": "办公椅一把", "criteria": ["承重 150 kg", "气压杆升降 1000 次"]})))]
pub struct NewSampleTest {
    pub rfq_id: RfqId,
    pub supplier_id: SupplierId,
    /// What is to be sent in.
    pub sample: Label,
    /// What it has to stand.
    #[schema(min_items = 1, max_items = 30)]
    pub criteria: Vec<Label>,
}

/// Somebody who tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tester {
    pub name: Name,
    pub role: TesterRole,
}

/// One criterion's outcome, in the order of the criteria.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionResult {
    /// Did the sample stand it?
    pub passed: bool,
    #[serde(default)]
    pub note: Option<Label>,
}

/// The outcome: passed if every criterion is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteSampleTest {
    /// One for each criterion.
    #[schema(min_items = 1, max_items = 30)]
    pub results: Vec<CriterionResult>,
    #[schema(min_items = 1, max_items = 10)]
    pub testers: Vec<Tester>,
    #[serde(default)]
    pub note: Option<Note>,
}

/// Why it is not tested.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleTestReason {
    pub reason: Label,
}

/// A criterion as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SampleCriterion {
    /// What the sample has to stand.
    pub criterion: String,
    /// Absent until it was tested.
    pub passed: Option<bool>,
    pub note: Option<String>,
}

/// A sample test as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SampleTest {
    pub id: SampleTestId,
    pub number: String,
    pub status: SampleTestStatus,
    pub case_id: Option<CaseId>,
    pub rfq_id: RfqId,
    /// Number of the request for quotation that the supplier answered.
    pub rfq_number: String,
    pub supplier_id: SupplierId,
    pub supplier_name: String,
    /// What was asked to be sent in.
    pub sample: String,
    pub criteria: Vec<SampleCriterion>,
    pub testers: Vec<Tester>,
    pub note: Option<String>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    /// Who asked for the sample: `user:ann`.
    pub requested_by: String,
    pub created_at: Moment,
    pub received_at: Option<Moment>,
    pub completed_at: Option<Moment>,
    /// Who closed it: `user:ann`; absent until then.
    pub completed_by: Option<String>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

page_query!(
    /// Filters of the list.
    SampleTestQuery {
        /// Only of one request for quotation.
        #[param(value_type = Option<String>, format = Uuid)]
        rfq_id: Uuid,
    }
);

/// A sample passed or failed (PRO-20).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SampleTestCompleted {
    pub sample_test_id: SampleTestId,
    pub number: String,
    pub rfq_id: RfqId,
    pub supplier_id: SupplierId,
    /// Every criterion was met.
    pub passed: bool,
    pub criteria: Vec<SampleCriterion>,
    pub testers: Vec<Tester>,
}
event!(SampleTestCompleted = "procurement.sample_test.completed.v1");
