//! The rules of pipelines (CRM-15). Pure: no async, no clock, no SQL.
use crate::schema::pipelines;
use diesel::prelude::*;
use platform::{Change, Entity};
use serde::Serialize;
use std::collections::HashSet;
use wire::{
    CaseId, Ownership,
    crm::{NewPipeline, PipelineId, PipelinePatch, PipelineStage},
    json::Kept,
};

/// Stages of a pipeline at most.
const MOST_STAGES: usize = 20;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = pipelines, treat_none_as_default_value = false)]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: String,
    pub is_default: bool,
    pub stages: Kept<Vec<PipelineStage>>,
    pub version: i32,
}

/// By hand, because a pipeline has no life of its own.
impl Entity for Pipeline {
    const KIND: &'static str = "pipeline";
    type Id = PipelineId;
    fn id(&self) -> PipelineId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "active"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why a pipeline is refused.
    PipelineRule {
        Count { count: usize } => "pipeline.stages", Invalid, "a pipeline has 1 to 20 stages, not {count}", "销售管道应有 1 至 20 个阶段，实际为 {count} 个", at "/stages";
        Twice { index: usize } => "pipeline.key", Invalid, "the key stands twice", "阶段编码重复", at "/stages/{index}/key";
        Falling { index: usize } => "pipeline.probability", Invalid, "a later stage is not less likely to be won", "后一阶段的赢单率不能低于前一阶段", at "/stages/{index}/probability";
        Criteria { index: usize } => "pipeline.exit_criteria", Invalid, "a stage has at most 5 exit criteria", "每个阶段最多 5 项退出标准", at "/stages/{index}/exit_criteria";
        Removed { key: String } => "pipeline.stage_removed", Conflict, "stage {key} can't be removed: opportunities may stand in it", "阶段 {key} 不能删除，可能有商机处于该阶段", at "/stages";
    }
);

impl Pipeline {
    /// A new one, beside the default one.
    pub fn add(id: PipelineId, new: NewPipeline) -> Result<Change<Self>, PipelineRule> {
        let stages = Kept(in_order(new.stages)?);
        Ok(Change::new("create", Self { id, name: new.name.into_string(), is_default: false, stages, version: 1 }))
    }
    /// Another name, other stages; none may go.
    pub fn update(self, patch: PipelinePatch) -> Result<Change<Self>, PipelineRule> {
        let mut next = self;
        next.version += 1;
        next.name = patch.name.map_or(next.name, wire::Name::into_string);
        if let Some(stages) = patch.stages {
            let stages = in_order(stages)?;
            if let Some(gone) = next.stages.0.iter().find(|old| stages.iter().all(|stage| stage.key != old.key)) {
                return Err(PipelineRule::Removed { key: gone.key.to_string() });
            }
            next.stages = Kept(stages);
        }
        Ok(Change::new("update", next))
    }
    /// Where a stage stands.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.stages.0.iter().position(|stage| stage.key.as_str() == key)
    }
}

fn in_order(stages: Vec<PipelineStage>) -> Result<Vec<PipelineStage>, PipelineRule> {
    if stages.is_empty() || stages.len() > MOST_STAGES {
        return Err(PipelineRule::Count { count: stages.len() });
    }
    let mut keys = HashSet::new();
    for (index, stage) in stages.iter().enumerate() {
        if !keys.insert(stage.key.as_str()) {
            return Err(PipelineRule::Twice { index });
        }
        if stage.exit_criteria.len() > 5 {
            return Err(PipelineRule::Criteria { index });
        }
        if index > 0 && stage.probability < stages[index - 1].probability {
            return Err(PipelineRule::Falling { index });
        }
    }
    Ok(stages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(list: &[(&str, &str)]) -> Vec<PipelineStage> {
        let stage = |(key, probability): &(&str, &str)| PipelineStage {
            key: key.parse().unwrap(),
            name_zh: "阶段".parse().unwrap(),
            name_en: "Stage".parse().unwrap(),
            probability: probability.parse().unwrap(),
            exit_criteria: Vec::new(),
        };
        list.iter().map(stage).collect()
    }
    fn pipeline(list: &[(&str, &str)]) -> Result<Change<Pipeline>, PipelineRule> {
        let new = NewPipeline { name: "Spare parts".parse().unwrap(), stages: stages(list) };
        Pipeline::add(PipelineId(uuid::Uuid::nil()), new)
    }

    #[test]
    fn crm_15_likelihood_never_falls_along_a_pipeline() {
        assert_eq!(pipeline(&[("a", "0.50"), ("b", "0.49")]).unwrap_err(), PipelineRule::Falling { index: 1 });
        assert!(pipeline(&[("a", "0.50"), ("b", "0.50")]).is_ok());
        assert!(pipeline(&[("a", "0.50"), ("b", "0.51")]).is_ok());
        assert_eq!(pipeline(&[]).unwrap_err(), PipelineRule::Count { count: 0 });
        assert_eq!(pipeline(&[("a", "0"), ("a", "1")]).unwrap_err(), PipelineRule::Twice { index: 1 });
    }

    #[test]
    fn crm_15_stages_may_be_added_but_none_may_go() {
        let old = pipeline(&[("a", "0.1"), ("b", "0.2")]).unwrap().after().clone();
        let patch = |list| PipelinePatch { stages: Some(stages(list)), ..PipelinePatch::default() };
        assert!(old.clone().update(patch(&[("a", "0.1"), ("between", "0.1"), ("b", "0.2")])).is_ok());
        assert_eq!(
            old.update(patch(&[("a", "0.1"), ("c", "0.2")])).unwrap_err(),
            PipelineRule::Removed { key: "b".into() }
        );
    }
}
