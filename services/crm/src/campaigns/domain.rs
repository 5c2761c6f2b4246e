//! The rules of campaigns (CRM-36, 37). Pure: no async, no clock, no SQL.
use crate::schema::{campaign_touchpoints, campaigns};
use diesel::prelude::*;
use platform::{
    Change, Entity, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, CaseId, Currency, Day, Moment, Money, Ownership,
    crm::{
        CampaignClosed, CampaignExpense, CampaignId, CampaignKind, CampaignLeadAttributed, CampaignPatch,
        CampaignStatus as Status, LeadId, NewCampaign, NewTouchpoint, SpendOnCampaign, TouchpointId,
    },
    json::Kept,
};

/// Expenses of a campaign at most.
const MOST_EXPENSES: usize = 500;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = campaigns, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Campaign {
    pub id: CampaignId,
    pub number: String,
    pub status: Status,
    pub name: String,
    pub kind: CampaignKind,
    pub channel: String,
    pub starts_on: Day,
    pub ends_on: Day,
    pub budget: Amount,
    pub currency: Currency,
    pub spent: Amount,
    pub resources: Option<String>,
    pub expenses: Kept<Vec<CampaignExpense>>,
    pub result: Option<String>,
    pub created_by: String,
    /// Who wrote in it: none of them approves it.
    pub makers: Makers,
    pub approved_by: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Campaign, "campaign", CampaignId; row: this, case: none, owned);

platform::rules!(
    /// Why a campaign or a touchpoint is refused.
    CampaignRule {
        Days => "campaign.days", Invalid, "the last day is before the first", "结束日期早于开始日期", at "/ends_on";
        Budget => "campaign.budget", Invalid, "a budget is not negative", "预算不能为负", at "/budget/amount";
        Currency => "campaign.currency", Invalid, "the currency of a budget stays", "预算币种不能更改", at "/budget/currency";
        Expenses => "campaign.expenses", Conflict, "500 expenses are kept at most", "最多保存 500 笔支出";
        Nothing => "campaign.nothing_spent", Invalid, "an amount of 0 is nothing", "金额不能为 0", at "/amount";
        TakenBack => "campaign.taken_back", Invalid, "more would be taken back than was spent", "退回金额超过已支出金额", at "/amount";
        Maker => "campaign.maker", Forbidden, "whoever drafted or changed a campaign does not approve it", "活动的制定人和修改人不能批准该活动";
        Future => "touchpoint.future", Invalid, "it is in the future", "时间不能晚于现在", at "/at";
    }
);

impl Machine for Campaign {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "campaign",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("approve", &["draft"], &["approved"]),
            Transition::new("start", &["approved"], &["running"]),
            Transition::new("spend", &["approved", "running"], &["approved", "running"]),
            Transition::new("touch", &["running"], &["running"]),
            Transition::new("close", &["running"], &["closed"]),
        ],
        labels: Status::labels(),
    };
    /// Nobody passes what they wrote in.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let own = action == "approve" && makers::wrote(&self.makers, actor);
        if own { Err(CampaignRule::Maker.into()) } else { Ok(()) }
    }
}

impl Campaign {
    /// A draft.
    pub fn draft(id: CampaignId, number: String, new: NewCampaign, by: &Stamp) -> Result<Change<Self>, CampaignRule> {
        let NewCampaign { name, kind, channel, starts_on, ends_on, budget, resources } = new;
        let campaign = Self {
            id,
            number,
            status: Status::Draft,
            name: name.into_string(),
            kind,
            channel: channel.into_string(),
            starts_on,
            ends_on,
            budget: budget.amount,
            currency: budget.currency,
            spent: Amount::ZERO,
            resources: resources.map(wire::Note::into_string),
            expenses: Kept(Vec::new()),
            result: None,
            created_by: by.actor.clone(),
            makers: makers::begun(by),
            approved_by: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", campaign.possible()?))
    }
    /// Changes a draft.
    pub fn update(self, patch: CampaignPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let CampaignPatch { name, ends_on, budget, resources } = patch;
        let known = self.clone();
        let mut next = self.next();
        if let Some(budget) = budget {
            if budget.currency != next.currency {
                return Err(CampaignRule::Currency.into());
            }
            next.budget = budget.amount;
        }
        next.name = name.map_or(next.name, wire::Name::into_string);
        next.ends_on = ends_on.unwrap_or(next.ends_on);
        next.resources = resources.over(next.resources, wire::Note::into_string);
        next.makers = makers::patched(&known, &next, next.makers.clone(), by);
        Ok(Change::new("update", next.possible()?))
    }
    /// Its budget may be spent; by another than whoever drafted or changed it.
    pub fn approve(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("approve")?;
        self.admits("approve", &by.actor)?;
        let next = Self { approved_by: Some(by.actor.clone()), ..self.to(Status::Approved) };
        Ok(Change::new("approve", next))
    }
    /// It runs.
    pub fn start(self) -> Result<Change<Self>, Refused> {
        self.may("start")?;
        Ok(Change::new("start", self.to(Status::Running)))
    }
    /// Money was spent, or came back. Beyond the budget too: `over_budget` tells.
    pub fn spend(self, said: SpendOnCampaign, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("spend")?;
        if self.expenses.0.len() >= MOST_EXPENSES {
            return Err(CampaignRule::Expenses.into());
        }
        if said.amount.get().is_zero() {
            return Err(CampaignRule::Nothing.into());
        }
        let mut next = self.next();
        next.spent = Amount::new(next.spent.get() + said.amount.get());
        if next.spent.get() < Decimal::ZERO {
            return Err(CampaignRule::TakenBack.into());
        }
        let what = said.what.into_string();
        next.expenses.0.push(CampaignExpense { amount: said.amount, what, by: by.actor.clone(), at: by.at });
        Ok(Change::new("spend", next))
    }
    /// It is over.
    pub fn close(self, result: String) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let next = Self { result: Some(result), ..self.to(Status::Closed) };
        let (budget, spent) = (next.money(next.budget), next.money(next.spent));
        let event = CampaignClosed { campaign_id: next.id, number: next.number.clone(), budget, spent };
        Ok(Change::new("close", next).emit(&event))
    }
    /// Was more spent than there is?
    pub fn over_budget(&self) -> bool {
        self.spent > self.budget
    }
    /// In its currency.
    pub fn money(&self, amount: Amount) -> Money {
        Money::new(amount, self.currency)
    }

    fn possible(self) -> Result<Self, CampaignRule> {
        if self.ends_on < self.starts_on {
            return Err(CampaignRule::Days);
        }
        if self.budget < Amount::ZERO { Err(CampaignRule::Budget) } else { Ok(self) }
    }
    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// Somebody whom a campaign reached; never changed.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = campaign_touchpoints, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Touchpoint {
    pub id: TouchpointId,
    pub campaign_id: CampaignId,
    pub what: String,
    pub at: Moment,
    pub lead_id: Option<LeadId>,
    pub case_id: Option<CaseId>,
    pub attributed: bool,
    pub created_by: String,
    pub version: i32,
}

/// By hand, because a touchpoint has no life. What it tells is the lead's case's.
impl Entity for Touchpoint {
    const KIND: &'static str = "touchpoint";
    type Id = TouchpointId;
    fn id(&self) -> TouchpointId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "recorded"
    }
    fn case_id(&self) -> Option<CaseId> {
        self.case_id
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

impl Touchpoint {
    /// A running campaign reached somebody. `lead` is the lead that is named, with its case; the `first` touchpoint of a lead
    /// says by which campaign it came.
    pub fn record(
        id: TouchpointId,
        campaign: &Campaign,
        new: NewTouchpoint,
        lead: Option<(LeadId, CaseId)>,
        first: bool,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        campaign.may("touch")?;
        if by.at.is_well_before(new.at) {
            return Err(CampaignRule::Future.into());
        }
        let (lead_id, case_id) = lead.unzip();
        let touchpoint = Self {
            id,
            campaign_id: campaign.id,
            what: new.what.into_string(),
            at: new.at,
            lead_id,
            case_id,
            attributed: first && lead.is_some(),
            created_by: by.actor.clone(),
            version: 1,
        };
        let attributed = lead.filter(|_| first).map(|(lead_id, case_id)| CampaignLeadAttributed {
            touchpoint_id: id,
            campaign_id: campaign.id,
            lead_id,
            case_id,
        });
        let change = Change::new("create", touchpoint);
        Ok(match attributed {
            Some(event) => change.emit(&event),
            None => change,
        })
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
