//! Pricing policies: the ordered rules between a list price and what a customer is offered (QUO-05).
use crate::{
    Amount, Code, Day, Moment, Money, Name, Note, Quantity, Rate, crm::AccountTier, event::event, id::id, words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// One published version of the pricing policy.
    PricingPolicyId
);
words!(
    /// What a rule does to a price.
    PricingRuleKind {
        GradeDiscount => "grade_discount" "客户等级折扣" "Discount of the customer's grade",
        VolumeDiscount => "volume_discount" "数量折扣" "Volume discount",
        Promotion => "promotion" "促销" "Promotion",
        MarketAlignment => "market_alignment" "市场对标" "Alignment with the market",
        MinimumPrice => "minimum_price" "最低价" "Minimum price",
        Rounding => "rounding" "取整" "Rounding",
    }
);
words!(
    /// Which of the market's prices counts.
    MarketBasis {
        Lowest => "lowest" "最低" "The lowest",
        Average => "average" "平均" "The average",
    }
);
words!(
    /// Where a price goes that lies between two steps.
    PriceRounding {
        HalfEven => "half_even" "四舍六入五成双" "To the nearer one, half to even",
        Up => "up" "向上" "Up",
        Down => "down" "向下" "Down",
    }
);

/// From this quantity on, itself included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VolumeBreak {
    pub from_quantity: Quantity,
    /// Share taken off.
    pub rate: Rate,
}

/// A rule: for whom, for what and when it holds, and what it does; each kind takes the fields that it names and no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PricingRule {
    pub kind: PricingRuleKind,
    /// As the trace shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Only for customers of this grade; a `grade_discount` names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<AccountTier>,
    /// Only for these products; for all if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub skus: Vec<Code>,
    /// First and last day on which it holds, Asia/Shanghai; a `promotion` names both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Day>,
    /// Of `grade_discount` and `promotion`: the share taken off. Of `market_alignment`: by how much the market may be exceeded.
    /// Of `minimum_price`: the least share of the list price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Of `volume_discount`, ascending: that of the greatest quantity not above the line's counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub breaks: Vec<VolumeBreak>,
    /// Of `market_alignment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<MarketBasis>,
    /// Of `market_alignment`: how old a market price may be, in days, that day included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 365)]
    pub most_age_days: Option<u16>,
    /// Of `minimum_price`, instead of `rate`: the least price itself, for quotes in its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// Of `rounding`: to multiples of this; of the currency's minor unit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Amount>,
    /// Of `rounding`; `half_even` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<PriceRounding>,
}

/// The least margin for customers of a grade, in place of the margin policy's (QUO-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeMargin {
    pub tier: AccountTier,
    /// Share of the net price that needs no further approver; itself included.
    pub floor: Rate,
}

/// The next version; published at once and never edited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"follows": 1, "reason": "年度价格政策", "rules": [
    {"kind": "grade_discount", "tier": "key", "rate": "0.05"},
    {"kind": "volume_discount", "breaks": [{"from_quantity": "10", "rate": "0.02"}, {"from_quantity": "100", "rate": "0.06"}]},
    {"kind": "promotion", "name": "周年庆", "skus": ["PUMP-40"], "rate": "0.1", "first_day": "2026-10-01", "last_day": "2026-10-07"},
    {"kind": "market_alignment", "basis": "lowest", "rate": "0.05", "most_age_days": 90},
    {"kind": "minimum_price", "rate": "0.8"}, {"kind": "rounding", "step": "0.1"}]})))]
pub struct NewPricingPolicy {
    /// The newest version that its author has seen: two authors cannot overwrite each other.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub follows: i32,
    /// Applied in this order.
    #[schema(max_items = 50)]
    pub rules: Vec<PricingRule>,
    #[serde(default)]
    #[schema(max_items = 10)]
    pub margin_floors: Vec<GradeMargin>,
    /// First day on which it holds, Asia/Shanghai: not in the past, not before a version that waits already; today if absent.
    #[serde(default)]
    pub effective_from: Option<Day>,
    pub reason: Note,
}

/// A published version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PricingPolicy {
    pub id: PricingPolicyId,
    /// 1, 2, 3 …; the greatest that has come into effect holds.
    pub revision: i32,
    pub rules: Vec<PricingRule>,
    pub margin_floors: Vec<GradeMargin>,
    pub effective_from: Day,
    pub published_by: String,
    pub published_at: Moment,
    /// Why it was changed.
    pub reason: String,
}
impl crate::Shown for PricingPolicy {
    fn id(&self) -> Option<Uuid> {
        Some(self.id.into())
    }
    fn version(&self) -> Option<i32> {
        Some(self.revision)
    }
}

/// What the list of versions takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PricingPolicyQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
}

/// Quotes of `effective_from` and later are priced by these rules.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PricePolicyPublished {
    pub pricing_policy_id: PricingPolicyId,
    pub revision: i32,
    pub effective_from: Day,
    /// How many rules it has.
    pub rule_count: i32,
    pub published_by: String,
    pub reason: String,
}
event!(PricePolicyPublished = "quoting.price_policy.published.v1");
