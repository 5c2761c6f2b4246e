//! The rules of the pricing policy (QUO-05). Pure: no async, no clock, no SQL.
use crate::schema::pricing_policies;
use diesel::prelude::*;
use platform::{Change, Entity, Stamp};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    CaseId, Day, Moment, Ownership, Rate,
    crm::AccountTier,
    json::Kept,
    quoting::{
        GradeMargin, NewPricingPolicy, PricePolicyPublished, PricingPolicyId, PricingRule, PricingRuleKind as Kind,
    },
};

/// Rules a version holds at most.
pub const MOST_RULES: usize = 50;
/// Breaks of one rule at most.
pub const MOST_BREAKS: usize = 20;
/// Products that one rule names at most.
pub const MOST_SKUS: usize = 200;
/// How old a market price may be at most, in days.
pub const MOST_AGE_DAYS: u16 = 365;

/// A published version: the row is the whole of it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = pricing_policies, treat_none_as_default_value = false)]
pub struct PricingPolicy {
    pub id: PricingPolicyId,
    pub revision: i32,
    pub rules: Kept<Vec<PricingRule>>,
    pub margin_floors: Kept<Vec<GradeMargin>>,
    pub effective_from: Day,
    pub published_by: String,
    pub published_at: Moment,
    pub reason: String,
}

impl Entity for PricingPolicy {
    const KIND: &'static str = "pricing_policy";
    type Id = PricingPolicyId;
    fn id(&self) -> PricingPolicyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.revision
    }
    fn status(&self) -> &'static str {
        "published"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why a version is not published.
    PricingPolicyRule {
        Overtaken { revision: i32 } => "pricing_policy.overtaken", Conflict, "version {revision} was published meanwhile; read it, then publish the one that follows it", "版本 {revision} 已先行发布，请阅读后再发布其后续版本", at "/follows";
        Past => "pricing_policy.past", Invalid, "it cannot take effect in the past", "生效日期不得早于今天", at "/effective_from";
        BeforeNewest { revision: i32, from: Day } => "pricing_policy.before_newest", Invalid, "version {revision} takes effect on {from}; the next one not before it", "版本 {revision} 于 {from} 生效，新版本不得早于该日", at "/effective_from";
        Rules { count: usize } => "pricing_policy.rules", Invalid, "a pricing policy has at most 50 rules, not {count}", "定价策略最多 50 条规则，实际为 {count} 条", at "/rules";
        Missing { rule: usize, kind: &'static str, field: &'static str } => "pricing_policy.missing", Invalid, "a rule {kind} needs {field}", "规则 {kind} 须填写 {field}", at "/rules/{rule}/{field}";
        Stray { rule: usize, kind: &'static str, field: &'static str } => "pricing_policy.stray", Invalid, "a rule {kind} takes no {field}", "规则 {kind} 不应填写 {field}", at "/rules/{rule}/{field}";
        Choice { rule: usize } => "pricing_policy.minimum", Invalid, "a minimum price is either a share of the list price (rate) or a price (unit_price)", "最低价或为目录价的比例（rate），或为单价（unit_price），二者取一", at "/rules/{rule}";
        Breaks { rule: usize } => "pricing_policy.breaks", Invalid, "1 to 20 breaks, their quantities ascending", "应有 1 至 20 个档位，且数量递增", at "/rules/{rule}/breaks";
        Days { rule: usize } => "pricing_policy.days", Invalid, "the rule ends before it begins", "规则的结束日期早于开始日期", at "/rules/{rule}/last_day";
        Age { rule: usize } => "pricing_policy.most_age_days", Invalid, "a market price may be at most 365 days old", "市场价格最多取 365 天以内", at "/rules/{rule}/most_age_days";
        Skus { rule: usize } => "pricing_policy.skus", Invalid, "a rule names at most 200 products", "每条规则最多列出 200 个产品", at "/rules/{rule}/skus";
        Step { rule: usize } => "pricing_policy.step", Invalid, "the step must be more than 0", "取整步长必须大于 0", at "/rules/{rule}/step";
        Price { rule: usize } => "pricing_policy.unit_price", Invalid, "the minimum price must not be negative", "最低价不能为负", at "/rules/{rule}/unit_price";
        Floors => "pricing_policy.margin_floors", Invalid, "each grade has one margin floor at most", "每个等级最多一个毛利率下限", at "/margin_floors";
    }
);

impl PricingPolicy {
    /// The version after `newest`.
    pub fn publish(
        id: PricingPolicyId,
        newest: &Self,
        new: NewPricingPolicy,
        by: &Stamp,
    ) -> Result<Change<Self>, PricingPolicyRule> {
        let NewPricingPolicy { follows, rules, margin_floors, effective_from, reason } = new;
        if follows != newest.revision {
            return Err(PricingPolicyRule::Overtaken { revision: newest.revision });
        }
        let effective_from = effective_from.unwrap_or_else(|| by.today().max(newest.effective_from));
        if effective_from < by.today() {
            return Err(PricingPolicyRule::Past);
        }
        if effective_from < newest.effective_from {
            return Err(PricingPolicyRule::BeforeNewest { revision: newest.revision, from: newest.effective_from });
        }
        if rules.len() > MOST_RULES {
            return Err(PricingPolicyRule::Rules { count: rules.len() });
        }
        rules.iter().enumerate().try_for_each(|(index, rule)| checked(index, rule))?;
        let once = |floor: &GradeMargin| margin_floors.iter().filter(|other| other.tier == floor.tier).count() == 1;
        if !margin_floors.iter().all(once) {
            return Err(PricingPolicyRule::Floors);
        }
        let policy = Self {
            id,
            revision: newest.revision + 1,
            rules: Kept(rules),
            margin_floors: Kept(margin_floors),
            effective_from,
            published_by: by.actor.clone(),
            published_at: by.at,
            reason: reason.into_string(),
        };
        let event = PricePolicyPublished {
            pricing_policy_id: id,
            revision: policy.revision,
            effective_from,
            rule_count: i32::try_from(policy.rules.0.len()).unwrap_or(i32::MAX),
            published_by: policy.published_by.clone(),
            reason: policy.reason.clone(),
        };
        let reason = policy.reason.clone();
        Ok(Change::new("publish", policy).emit(&event).because(reason))
    }

    /// The least margin for customers of this grade, where the policy names one (QUO-18).
    pub fn margin_floor(&self, tier: Option<AccountTier>) -> Option<Rate> {
        let tier = tier?;
        self.margin_floors.0.iter().find(|floor| floor.tier == tier).map(|floor| floor.floor)
    }
    /// How old a market price may be that any of its rules looks at; nothing where none does.
    pub fn market_age_days(&self) -> Option<u16> {
        self.rules.0.iter().filter_map(|rule| rule.most_age_days).max()
    }
}

/// Each kind takes the fields that it names and no others.
fn checked(index: usize, rule: &PricingRule) -> Result<(), PricingPolicyRule> {
    let PricingRule {
        kind,
        name: _,
        tier,
        skus,
        first_day,
        last_day,
        rate,
        breaks,
        basis,
        most_age_days,
        unit_price,
        step,
        rounding,
    } = rule;
    let kind = *kind;
    let needs = |kinds: &[Kind], field: &'static str, there: bool| match (kinds.contains(&kind), there) {
        (true, false) => Err(PricingPolicyRule::Missing { rule: index, kind: kind.as_str(), field }),
        (false, true) => Err(PricingPolicyRule::Stray { rule: index, kind: kind.as_str(), field }),
        _ => Ok(()),
    };
    if kind == Kind::GradeDiscount {
        needs(&[Kind::GradeDiscount], "tier", tier.is_some())?;
    }
    if kind == Kind::Promotion {
        needs(&[Kind::Promotion], "first_day", first_day.is_some())?;
        needs(&[Kind::Promotion], "last_day", last_day.is_some())?;
    }
    if kind == Kind::MinimumPrice {
        if rate.is_some() == unit_price.is_some() {
            return Err(PricingPolicyRule::Choice { rule: index });
        }
        if unit_price.is_some_and(|price| price.amount.get() < Decimal::ZERO) {
            return Err(PricingPolicyRule::Price { rule: index });
        }
    } else {
        needs(&[Kind::GradeDiscount, Kind::Promotion, Kind::MarketAlignment], "rate", rate.is_some())?;
        needs(&[], "unit_price", unit_price.is_some())?;
    }
    needs(&[Kind::VolumeDiscount], "breaks", !breaks.is_empty())?;
    needs(&[Kind::MarketAlignment], "basis", basis.is_some())?;
    needs(&[Kind::MarketAlignment], "most_age_days", most_age_days.is_some())?;
    if kind != Kind::Rounding {
        needs(&[], "step", step.is_some())?;
        needs(&[], "rounding", rounding.is_some())?;
    }
    let ascending = breaks.windows(2).all(|pair| pair[0].from_quantity < pair[1].from_quantity);
    if breaks.len() > MOST_BREAKS || !ascending {
        return Err(PricingPolicyRule::Breaks { rule: index });
    }
    if most_age_days.is_some_and(|days| days > MOST_AGE_DAYS) {
        return Err(PricingPolicyRule::Age { rule: index });
    }
    if skus.len() > MOST_SKUS {
        return Err(PricingPolicyRule::Skus { rule: index });
    }
    if step.is_some_and(|step| step.get() <= Decimal::ZERO) {
        return Err(PricingPolicyRule::Step { rule: index });
    }
    match (first_day, last_day) {
        (Some(first), Some(last)) if last < first => Err(PricingPolicyRule::Days { rule: index }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
