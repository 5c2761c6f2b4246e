//! The rules of opportunities (CRM-02, 14, 15). Pure: no async, no clock, no SQL.
use super::rivals::{self, Closing};
use crate::{accounts::domain::Account, pipelines::domain::Pipeline, schema::opportunities};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use wire::{
    Amount, CaseId, Currency, Day, Evidence, ExternalRef, Moment, Money, Rate,
    crm::{
        AccountId, CloseReason, CompetitorId, ContactId, LeadId, NewOpportunity, OpportunityCompetitor, OpportunityId,
        OpportunityIntentAgreed, OpportunityInvalidated, OpportunityLost, OpportunityMoved, OpportunityPatch,
        OpportunityRegistered, OpportunityReopened, OpportunitySnapshot, OpportunityStageChanged,
        OpportunityStatus as Status, OpportunityWon, PipelineId, PipelineStage, StageEntry,
    },
    json::Kept,
    quoting::QuoteId,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = opportunities, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Opportunity {
    pub id: OpportunityId,
    pub number: String,
    pub status: Status,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub contact_id: Option<ContactId>,
    pub lead_id: Option<LeadId>,
    pub name: String,
    pub need: String,
    pub source: String,
    pub amount: Option<Amount>,
    pub currency: Option<Currency>,
    pub expected_close: Option<Day>,
    pub pipeline_id: PipelineId,
    pub stage: String,
    pub probability: Rate,
    pub stage_history: Kept<Vec<StageEntry>>,
    pub reason: Option<String>,
    pub quote_id: Option<QuoteId>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub intent: Option<Kept<Intent>>,
    pub competitors: Kept<Vec<OpportunityCompetitor>>,
    pub reason_code: Option<CloseReason>,
    pub competitor_id: Option<CompetitorId>,
    pub version: i32,
    pub is_new_business: bool,
}

/// Both sides mean it: since when, and what shows it (CRM-24).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Intent {
    pub at: Moment,
    pub evidence: Evidence,
}
/// Where an opportunity comes from: a lead and its case, or nowhere and a new case.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    pub case_id: CaseId,
    pub lead_id: Option<LeadId>,
}
platform::entity!(Opportunity, "opportunity", OpportunityId; row: this, case: some, owned);

platform::rules!(
    /// Why an opportunity is refused.
    OpportunityRule {
        Refs { count: usize } => "opportunity.external_refs", Invalid, "at most 20 references are kept, not {count}", "最多保存 20 个外部编号，实际为 {count} 个", at "/external_refs";
        Amount => "opportunity.amount", Invalid, "the amount must not be negative", "金额不能为负", at "/amount/amount";
        Contact => "opportunity.contact", Invalid, "the contact does not work at the customer", "联系人不属于该客户", at "/contact_id";
        Account => "opportunity.account", Invalid, "the customer is invalid", "该客户已失效", at "/account_id";
        Stage { key: String } => "opportunity.stage", Invalid, "the pipeline has no stage {key}", "销售管道没有阶段 {key}", at "/to";
        Forward { key: String } => "opportunity.stage_order", Conflict, "stage {key} is not ahead", "阶段 {key} 不在当前阶段之后", at "/to";
        LastStage => "opportunity.last_stage", Conflict, "it is in the last stage: win or lose it", "已处于最后阶段，请赢单或输单";
        Closed => "opportunity.closed", Conflict, "the opportunity is closed", "商机已关闭", at "/opportunity_id";
        Intent => "opportunity.intent", Conflict, "the intent was agreed before", "合作意向此前已达成";
        Competitors => "opportunity.competitors", Conflict, "20 competitors are kept at most", "最多保存 20 个竞争对手";
        Archived => "opportunity.competitor_archived", Invalid, "the competitor is archived", "该竞争对手已归档", at "/competitor_id";
        Rival { id: CompetitorId } => "opportunity.competitor", Invalid, "{id} is not among the competitors of this opportunity", "{id} 不在本商机的竞争对手之列", at "/competitor_id";
    }
);

impl Machine for Opportunity {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "opportunity",
        transitions: &[
            Transition::new("update", &["open"], &["open"]),
            Transition::new("advance", &["open"], &["open"]),
            Transition::new("mark_intent", &["open"], &["open"]),
            Transition::new("name_competitor", &["open"], &["open"]),
            Transition::new("drop_competitor", &["open"], &["open"]),
            Transition::automatic("change_team", &["open"], &["open"]),
            Transition::new("win", &["open"], &["won"]),
            Transition::new("lose", &["open"], &["lost"]),
            Transition::new("invalidate", &["open"], &["invalid"]),
            Transition::new("reopen", &["won", "lost", "invalid"], &["open"]),
        ],
        labels: Status::labels(),
    };
    /// That both sides mean it is said once.
    fn admits(&self, action: &str, _actor: &str) -> platform::Result<()> {
        let again = action == "mark_intent" && self.intent.is_some();
        if again { Err(OpportunityRule::Intent.into()) } else { Ok(()) }
    }
}

impl Opportunity {
    /// Registers a chance in its first stage.
    pub fn register(
        id: OpportunityId,
        number: String,
        origin: Origin,
        new: NewOpportunity,
        account: &Account,
        pipeline: &Pipeline,
        by: &Stamp,
    ) -> Result<Change<Self>, OpportunityRule> {
        let NewOpportunity {
            account_id: _,
            contact_id,
            name,
            need,
            source,
            amount,
            expected_close,
            pipeline_id: _,
            external_refs,
            is_new_business,
        } = new;
        if external_refs.len() > 20 {
            return Err(OpportunityRule::Refs { count: external_refs.len() });
        }
        if !account.is_alive() {
            return Err(OpportunityRule::Account);
        }
        let (amount, currency) = split(positive(amount)?);
        let first = pipeline.stages.0.first().ok_or(OpportunityRule::LastStage)?;
        let opportunity = Self {
            id,
            number,
            status: Status::Open,
            case_id: origin.case_id,
            account_id: account.id,
            account_name: account.name.clone(),
            contact_id,
            lead_id: origin.lead_id,
            name: name.into_string(),
            need: need.into_string(),
            source: source.into_string(),
            amount,
            currency,
            expected_close,
            pipeline_id: pipeline.id,
            stage: first.key.to_string(),
            probability: first.probability,
            stage_history: Kept(vec![entry(first, by)]),
            reason: None,
            quote_id: None,
            external_refs: Kept(external_refs),
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            closed_at: None,
            intent: None,
            competitors: Kept(Vec::new()),
            reason_code: None,
            competitor_id: None,
            version: 1,
            is_new_business,
        };
        let event = OpportunityRegistered(opportunity.snapshot());
        Ok(Change::new("create", opportunity).emit(&event))
    }

    /// Changes what the patch names.
    pub fn update(self, patch: OpportunityPatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let OpportunityPatch { name, need, contact_id, amount, expected_close, is_new_business } = patch;
        let mut next = self.next();
        let known = next.amount.zip(next.currency).map(|(amount, currency)| Money { amount, currency });
        (next.amount, next.currency) = split(positive(amount.or(known))?);
        next.name = name.map_or(next.name, wire::Name::into_string);
        next.need = need.map_or(next.need, wire::Note::into_string);
        next.contact_id = contact_id.or(next.contact_id);
        next.expected_close = expected_close.or(next.expected_close);
        next.is_new_business = is_new_business.unwrap_or(next.is_new_business);
        Ok(Change::new("update", next))
    }

    /// On along the pipeline: to the named stage, or the next. Whatever stages are left on the way must be finished.
    pub fn advance(
        self,
        pipeline: &Pipeline,
        to: Option<&str>,
        spec_confirmed: bool,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("advance")?;
        let from = self.place(pipeline)?;
        let target = match to {
            Some(key) => pipeline.position(key).ok_or_else(|| OpportunityRule::Stage { key: key.to_owned() })?,
            None => from + 1,
        };
        let stage = pipeline.stages.0.get(target).ok_or(OpportunityRule::LastStage)?;
        if target <= from {
            return Err(OpportunityRule::Forward { key: stage.key.to_string() }.into());
        }
        let next = self.next().enter(pipeline, (from, target), spec_confirmed, "advance", by)?;
        let event = OpportunityStageChanged(next.snapshot());
        Ok(Change::new("advance", next).emit(&event))
    }
    /// Both sides mean it (CRM-24), once. A pipeline that has a stage for that has it entered, if it is still ahead; whatever
    /// stages are left on the way must be finished.
    pub fn mark_intent(
        self,
        pipeline: &Pipeline,
        evidence: Evidence,
        spec_confirmed: bool,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("mark_intent")?;
        self.admits("mark_intent", &by.actor)?;
        not_to_come("evidence", &evidence, by)?;
        let (from, ahead) = self.way_to_intent(pipeline)?;
        let mut next = self.next();
        if let Some(target) = ahead {
            next = next.enter(pipeline, (from, target), spec_confirmed, "mark_intent", by)?;
        }
        next.intent = Some(Kept(Intent { at: by.at, evidence }));
        let event = OpportunityIntentAgreed {
            opportunity_id: next.id,
            number: next.number.clone(),
            account_id: next.account_id,
            stage: next.stage.clone(),
        };
        let moved = ahead.map(|_| OpportunityStageChanged(next.snapshot()));
        let change = Change::new("mark_intent", next).emit(&event);
        Ok(match moved {
            Some(moved) => change.emit(&moved),
            None => change,
        })
    }
    /// We have the deal; `quote` is the one the customer accepted, where that is how we know.
    pub fn win(self, why: Closing, quote: Option<QuoteId>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("win")?;
        let reason = why.reason.clone();
        let mut next = self.close(Status::Won, Decimal::ONE, why, by);
        next.quote_id = quote.or(next.quote_id);
        let event = OpportunityWon(next.snapshot());
        Ok(Change::new("win", next).emit(&event).because(reason))
    }
    /// Someone else has it, or nobody.
    pub fn lose(self, why: Closing, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("lose")?;
        let reason = why.reason.clone();
        let next = self.close(Status::Lost, Decimal::ZERO, why, by);
        let event = OpportunityLost(next.snapshot());
        Ok(Change::new("lose", next).emit(&event).because(reason))
    }
    /// It never was one.
    pub fn invalidate(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("invalidate")?;
        let next = self.close(Status::Invalid, Decimal::ZERO, reason.as_str().into(), by);
        let event = OpportunityInvalidated(next.snapshot());
        Ok(Change::new("invalidate", next).emit(&event).because(reason))
    }
    /// It is open again, in the stage where it was.
    pub fn reopen(self, pipeline: &Pipeline, reason: String) -> Result<Change<Self>, Refused> {
        self.may("reopen")?;
        let stage = pipeline.position(&self.stage).and_then(|at| pipeline.stages.0.get(at));
        let mut next = self.next();
        next.probability = stage.map_or(Rate::ZERO, |stage| stage.probability);
        (next.status, next.closed_at, next.quote_id, next.reason) = (Status::Open, None, None, Some(reason.clone()));
        (next.reason_code, next.competitor_id) = (None, None);
        rivals::tag(&mut next.competitors.0, Status::Open, None);
        let event = OpportunityReopened(next.snapshot());
        Ok(Change::new("reopen", next).emit(&event).because(reason))
    }
    /// It is another customer's: two were found to be one (CRM-28). Also where it is closed: the file is read whole.
    pub fn move_to(self, account: &Account) -> Change<Self> {
        let next = Self { account_id: account.id, account_name: account.name.clone(), ..self.next() };
        let event = OpportunityMoved(next.snapshot());
        Change::new("move", next).emit(&event)
    }
    /// Nothing is known of the customer any more (CRM-31).
    pub fn scrub(self, account: &Account) -> Change<Self> {
        let mut next = self.next();
        (next.account_name, next.name, next.need) = (account.name.clone(), next.number.clone(), "—".to_owned());
        if let (Some(Kept(intent)), Ok(nobody)) = (&mut next.intent, "—".parse()) {
            (intent.evidence.person, intent.evidence.note) = (nobody, None);
        }
        Change::new("purge", next)
    }
    /// As other services keep it.
    pub fn snapshot(&self) -> OpportunitySnapshot {
        let Self { id, number, case_id, account_id, name, stage, status, version, .. } = self.clone();
        OpportunitySnapshot { id, number, case_id, account_id, name, stage, status: status.to_string(), version }
    }
    /// What it may be worth.
    pub fn money(&self) -> Option<Money> {
        Some(Money::new(self.amount?, self.currency?))
    }

    fn close(self, status: Status, probability: Decimal, why: Closing, by: &Stamp) -> Self {
        let mut next = Self { status, probability: Rate::new(probability), closed_at: Some(by.at), ..self.next() };
        let Closing { reason, code, rival } = why;
        (next.reason, next.reason_code) = (Some(reason), code);
        next.competitor_id = rival.as_ref().map(|(id, _)| *id);
        rivals::tag(&mut next.competitors.0, status, rival);
        next
    }
    pub(super) fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

pub(super) fn entry(stage: &PipelineStage, by: &Stamp) -> StageEntry {
    StageEntry { stage: stage.key.to_string(), entered_at: by.at, by: by.actor.clone() }
}

fn positive(amount: Option<Money>) -> Result<Option<Money>, OpportunityRule> {
    match amount {
        Some(money) if money.amount.get() < Decimal::ZERO => Err(OpportunityRule::Amount),
        other => Ok(other),
    }
}

fn split(amount: Option<Money>) -> (Option<Amount>, Option<Currency>) {
    (amount.map(|money| money.amount), amount.map(|money| money.currency))
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
