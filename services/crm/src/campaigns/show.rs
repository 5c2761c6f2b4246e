//! Campaigns and touchpoints as the wire shows them.
use super::{
    domain::{Campaign, Touchpoint},
    store::ResultRow,
};
use platform::{Caller, Machine};
use rust_decimal::Decimal;
use wire::{Amount, Money, crm as dto};

pub fn campaign(campaign: Campaign, caller: &Caller) -> dto::Campaign {
    let available_actions = campaign.available_actions(caller);
    let over_budget = campaign.over_budget();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Campaign {
        id,
        number,
        status,
        name,
        kind,
        channel,
        starts_on,
        ends_on,
        budget,
        currency,
        spent,
        resources,
        expenses,
        result,
        created_by,
        makers: _,
        approved_by,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = campaign;
    dto::Campaign {
        id,
        number,
        status,
        name,
        kind,
        channel,
        starts_on,
        ends_on,
        budget: Money::new(budget, currency),
        spent: Money::new(spent, currency),
        over_budget,
        resources,
        expenses: expenses.0,
        result,
        created_by,
        approved_by,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}

pub fn touchpoint(touchpoint: Touchpoint) -> dto::Touchpoint {
    let Touchpoint { id, campaign_id, what, at, lead_id, case_id: _, attributed, created_by, version } = touchpoint;
    dto::Touchpoint { id, campaign_id, what, at, lead_id, attributed, created_by, version }
}

/// A campaign's figures: what each currency has, added up.
pub fn results(campaign: &Campaign, rows: &[ResultRow]) -> dto::CampaignResults {
    let sum = |of: fn(&ResultRow) -> i64| rows.iter().map(of).sum::<i64>();
    let leads = sum(|row| row.leads);
    let cost = campaign.spent.get().checked_div(Decimal::from(leads)).map(|cost| campaign.currency.round(cost));
    let revenue = |row: &ResultRow| Some(Money::new(Amount::new(row.revenue), row.currency?));
    dto::CampaignResults {
        campaign_id: campaign.id,
        touchpoints: sum(|row| row.touchpoints),
        leads,
        converted: sum(|row| row.converted),
        won: sum(|row| row.won),
        revenue: rows.iter().filter_map(revenue).collect(),
        cost_per_lead: cost.map(|cost| campaign.money(Amount::new(cost))),
    }
}
