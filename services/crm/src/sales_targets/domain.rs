//! The rules of sales targets (CRM-34). Pure: no async, no clock, no SQL.
use crate::schema::sales_targets;
use diesel::prelude::*;
use platform::{
    Change, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use wire::{
    Amount, Currency, Moment, Ownership,
    crm::{
        Attainment, NewSalesTarget, SalesMetric, SalesTargetId, SalesTargetPatch, SalesTargetStatus as Status,
        SubjectKind, TargetApproved,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sales_targets, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SalesTarget {
    pub id: SalesTargetId,
    pub number: String,
    pub status: Status,
    pub metric: SalesMetric,
    pub period: String,
    pub subject_kind: SubjectKind,
    pub subject: String,
    pub value: Amount,
    pub currency: Option<Currency>,
    pub attained: Option<Amount>,
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
platform::entity!(SalesTarget, "sales_target", SalesTargetId; row: this, case: none, owned);

platform::rules!(
    /// Why a target is refused.
    SalesTargetRule {
        Value => "sales_target.value", Invalid, "a target is more than 0", "目标值必须大于 0", at "/value";
        Share => "sales_target.share", Invalid, "a market share is at most 100 percent", "市场份额不能超过 100%", at "/value";
        Currency => "sales_target.currency", Invalid, "revenue and profit need a currency, other targets have none", "销售额和利润目标需要币种，其他目标不填币种", at "/currency";
        Maker => "sales_target.maker", Forbidden, "whoever drafted or changed a target does not approve it", "目标的制定人和修改人不能批准该目标";
        Own => "sales_target.own", Forbidden, "nobody approves a target that they are to reach themselves", "不能批准由本人完成的目标";
        Standing { number: String } => "sales_target.standing", Conflict, "{number} stands for the same period already", "同一期间已有目标 {number}";
    }
);

impl Machine for SalesTarget {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "sales_target",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("approve", &["draft"], &["approved"]),
            Transition::new("activate", &["approved"], &["active"]),
            Transition::new("close", &["active"], &["closed"]),
        ],
        labels: Status::labels(),
    };
    /// Nobody passes what they wrote in, or what they are to reach themselves.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let approves = action == "approve";
        if approves && makers::wrote(&self.makers, actor) {
            return Err(SalesTargetRule::Maker.into());
        }
        let theirs = self.subject_kind == SubjectKind::User && actor == format!("user:{}", self.subject);
        if approves && theirs { Err(SalesTargetRule::Own.into()) } else { Ok(()) }
    }
}

impl SalesTarget {
    /// A draft; `owner` is whoever is to reach it.
    pub fn draft(
        id: SalesTargetId,
        number: String,
        new: NewSalesTarget,
        owner: Ownership,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        let NewSalesTarget { metric, period, subject_kind, subject, value, currency } = new;
        let target = Self {
            id,
            number,
            status: Status::Draft,
            metric,
            period: period.to_string(),
            subject_kind,
            subject: subject.into_string(),
            value: possible(metric, value)?,
            currency,
            attained: None,
            created_by: by.actor.clone(),
            makers: makers::begun(by),
            approved_by: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        let of_money = matches!(metric, SalesMetric::Revenue | SalesMetric::Profit);
        if currency.is_some() == of_money {
            Ok(Change::new("create", target))
        } else {
            Err(SalesTargetRule::Currency.into())
        }
    }
    /// Another value of a draft.
    pub fn update(self, patch: SalesTargetPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let known = self.clone();
        let mut next = self.next();
        next.value = possible(next.metric, patch.value.unwrap_or(next.value))?;
        next.makers = makers::patched(&known, &next, next.makers.clone(), by);
        Ok(Change::new("update", next))
    }
    /// It stands; by another than whoever drafted or changed it, or is to reach it.
    pub fn approve(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("approve")?;
        self.admits("approve", &by.actor)?;
        let next = Self { approved_by: Some(by.actor.clone()), ..self.to(Status::Approved) };
        let event = TargetApproved {
            sales_target_id: next.id,
            number: next.number.clone(),
            metric: next.metric,
            period: next.period.clone(),
            subject_kind: next.subject_kind,
            subject: next.subject.clone(),
            value: next.value,
            currency: next.currency,
        };
        Ok(Change::new("approve", next).emit(&event))
    }
    /// The period has begun.
    pub fn activate(self) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        Ok(Change::new("activate", self.to(Status::Active)))
    }
    /// It is over; what was reached is written down.
    pub fn close(self, attained: Option<Decimal>) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let next = Self { attained: attained.map(Amount::new), ..self.to(Status::Closed) };
        Ok(Change::new("close", next))
    }
    /// How far it is; of a closed one, how far it came.
    pub fn attainment(&self, attained: Option<Decimal>, as_of: Moment) -> Attainment {
        let attained = self.attained.map(Amount::get).or(attained);
        Attainment {
            sales_target_id: self.id,
            value: self.value,
            attained: attained.map(Amount::new),
            percent: attained.map(|attained| Amount::new(percent(attained, self.value.get()))),
            as_of,
        }
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// Percent of a value that is more than 0, two decimals.
pub fn percent(part: Decimal, of: Decimal) -> Decimal {
    let percent = (part * Decimal::ONE_HUNDRED).checked_div(of).unwrap_or_default();
    percent.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven)
}

fn possible(metric: SalesMetric, value: Amount) -> Result<Amount, SalesTargetRule> {
    match value.get() {
        value if value <= Decimal::ZERO => Err(SalesTargetRule::Value),
        value if metric == SalesMetric::MarketShare && value > Decimal::ONE_HUNDRED => Err(SalesTargetRule::Share),
        _ => Ok(value),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
