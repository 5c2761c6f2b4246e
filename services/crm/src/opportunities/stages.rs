//! How an opportunity goes on along its pipeline (CRM-15, 24): a stage is left when its exit criteria are met, and what is missing is
//! known before anybody asks. Pure, like `domain`.
use super::domain::{Opportunity, OpportunityRule, entry};
use crate::pipelines::domain::Pipeline;
use platform::{Closed, Refused, Stamp};
use wire::crm::{ExitCriterion, PipelineStage};

/// The key of the stage that a pipeline may have for a deal that both sides mean (CRM-24).
const INTENT: &str = "intent";

impl Opportunity {
    /// Would `action`, which moves it along the pipeline, be refused where nobody says how far?
    pub fn can_go_on(&self, action: &'static str, pipeline: &Pipeline, spec_confirmed: bool) -> platform::Result<()> {
        let (from, target) = match action {
            "mark_intent" => self.way_to_intent(pipeline)?,
            _ => (self.place(pipeline)?, Some(self.place(pipeline)? + 1)),
        };
        let Some(target) = target else { return Ok(()) };
        if target >= pipeline.stages.0.len() {
            return Err(OpportunityRule::LastStage.into());
        }
        Ok(self.may_leave(pipeline, (from, target), spec_confirmed, action)?)
    }
    /// Where it stands, and the stage for a deal that both sides mean, if the pipeline has it ahead.
    pub(super) fn way_to_intent(&self, pipeline: &Pipeline) -> Result<(usize, Option<usize>), OpportunityRule> {
        let from = self.place(pipeline)?;
        Ok((from, pipeline.position(INTENT).filter(|target| *target > from)))
    }
    /// Where it stands.
    pub(super) fn place(&self, pipeline: &Pipeline) -> Result<usize, OpportunityRule> {
        pipeline.position(&self.stage).ok_or_else(|| OpportunityRule::Stage { key: self.stage.clone() })
    }
    /// In a later stage, if every stage that is left is finished.
    pub(super) fn enter(
        mut self,
        pipeline: &Pipeline,
        (from, target): (usize, usize),
        spec_confirmed: bool,
        action: &'static str,
        by: &Stamp,
    ) -> Result<Self, Refused> {
        self.may_leave(pipeline, (from, target), spec_confirmed, action)?;
        let stage = &pipeline.stages.0[target];
        self.stage_history.0.push(entry(stage, by));
        (self.stage, self.probability) = (stage.key.to_string(), stage.probability);
        Ok(self)
    }
    /// Is every stage that would be left finished?
    fn may_leave(
        &self,
        pipeline: &Pipeline,
        (from, target): (usize, usize),
        spec_confirmed: bool,
        action: &'static str,
    ) -> Result<(), Refused> {
        let left = &pipeline.stages.0[from..target];
        let closed: Vec<Closed> = left.iter().flat_map(|stage| self.unfinished(stage, spec_confirmed)).collect();
        if closed.is_empty() { Ok(()) } else { Err(Refused::Gates { entity: "opportunity", action, closed }) }
    }
    /// The exit criteria of a stage that are not met.
    fn unfinished(&self, stage: &PipelineStage, spec_confirmed: bool) -> Vec<Closed> {
        let missing = |criterion: &&ExitCriterion| match criterion {
            ExitCriterion::Need => self.need.is_empty(),
            ExitCriterion::Contact => self.contact_id.is_none(),
            ExitCriterion::ExpectedClose => self.expected_close.is_none(),
            ExitCriterion::Amount => self.amount.is_none(),
            ExitCriterion::SpecConfirmed => !spec_confirmed,
        };
        let closed = |criterion: &ExitCriterion| {
            let word = criterion.as_str();
            let label = ExitCriterion::labels().iter().find(|(code, _, _)| *code == word);
            let (chinese, english) = label.map_or((word, word), |(_, chinese, english)| (*chinese, *english));
            let english = format!("stage {} is left with: {english}", stage.key);
            Closed::new(word, english, format!("离开阶段“{}”前需要：{chinese}", stage.name_zh)).on(&stage.key)
        };
        stage.exit_criteria.iter().filter(missing).map(closed).collect()
    }
}
