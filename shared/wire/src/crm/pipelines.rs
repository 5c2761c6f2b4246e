//! Pipelines: the steps in which customers are developed (CRM-15).
use crate::{Code, Name, Rate, id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// A pipeline.
    PipelineId
);
words!(
    /// What must be there before a stage is left.
    ExitCriterion {
        Need => "need" "需求概要" "Need in short",
        Contact => "contact" "联系人" "Contact",
        ExpectedClose => "expected_close" "预计成交日" "Expected close",
        Amount => "amount" "预计金额" "Amount",
        SpecConfirmed => "spec_confirmed" "需求说明书已确认" "Confirmed specification",
    }
);
resource!(Pipeline);

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineStage {
    /// What opportunities name it by; unique within the pipeline.
    pub key: Code,
    pub name_zh: Name,
    pub name_en: Name,
    /// Likelihood that an opportunity in this stage is won, 0 to 1.
    pub probability: Rate,
    /// All must be met before the stage is left.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub exit_criteria: Vec<ExitCriterion>,
}

/// A pipeline as it is added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "Spare parts", "stages": [{"key": "offer", "name_zh": "报价", "name_en": "Offer", "probability": "0.5", "exit_criteria": ["amount"]}]})))]
pub struct NewPipeline {
    pub name: Name,
    #[schema(min_items = 1, max_items = 20)]
    pub stages: Vec<PipelineStage>,
}

/// Changes a pipeline; stages may be mended and added, not removed: opportunities stand in them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelinePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    pub stages: Option<Vec<PipelineStage>>,
}

/// A pipeline.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: String,
    /// Do opportunities take it unless they name another?
    pub is_default: bool,
    pub stages: Vec<PipelineStage>,
    pub version: i32,
}
