//! What a price is made of: the ordered steps from a list price to what is offered (QUO-05).
use super::{PricingPolicyId, PricingRuleKind, QuoteId};
use crate::{
    Amount, Code, Currency, Day, Money, Quantity, Rate,
    approval::ForeseenStep,
    crm::{AccountId, AccountTier},
    quoting::CostSheetId,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// What a step of a price is.
    PriceStepKind {
        ListPrice => "list_price" "目录价" "List price",
        PriceBook => "price_book" "价格手册" "Price book",
        RateCard => "rate_card" "工时费率卡" "Rate card",
        GradeDiscount => "grade_discount" "客户等级折扣" "Discount of the customer's grade",
        VolumeDiscount => "volume_discount" "数量折扣" "Volume discount",
        Promotion => "promotion" "促销" "Promotion",
        MarketAlignment => "market_alignment" "市场对标" "Alignment with the market",
        MinimumPrice => "minimum_price" "最低价" "Minimum price",
        Rounding => "rounding" "取整" "Rounding",
        Manual => "manual" "手工调整" "Manual adjustment",
    }
);
impl From<PricingRuleKind> for PriceStepKind {
    fn from(kind: PricingRuleKind) -> Self {
        match kind {
            PricingRuleKind::GradeDiscount => Self::GradeDiscount,
            PricingRuleKind::VolumeDiscount => Self::VolumeDiscount,
            PricingRuleKind::Promotion => Self::Promotion,
            PricingRuleKind::MarketAlignment => Self::MarketAlignment,
            PricingRuleKind::MinimumPrice => Self::MinimumPrice,
            PricingRuleKind::Rounding => Self::Rounding,
        }
    }
}
words!(
    /// Why a price needs an approver more.
    PriceConcern {
        BelowFloor => "below_floor" "低于最低价" "A line is below its least price",
        FloorUnknown => "floor_unknown" "最低价无从计算" "Nobody knows the least price of a line",
        LowMargin => "low_margin" "毛利率低于下限" "The margin is below its floor",
        CostElsewhere => "cost_elsewhere" "成本为其他币种" "The costs are in another currency",
        CostUnknown => "cost_unknown" "成本未知" "Nobody knows the costs",
    }
);

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// For readers of Chinese.
    #[serde(rename = "zh-CN")]
    pub chinese: String,
    /// For readers of English.
    #[serde(rename = "en")]
    pub english: String,
}

/// The document that a step follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceSource {
    /// `product`, `price_book`, `pricing_policy`, `rate_card`.
    pub kind: String,
    /// The id of that product, book, policy or card.
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    /// Its number, sku or name.
    pub number: String,
    /// Its version; of the pricing policy its revision.
    pub version: i32,
}

/// One adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceStep {
    /// 1, 2, 3 …
    pub step: i32,
    pub kind: PriceStepKind,
    /// Absent where a person did it.
    pub source: Option<PriceSource>,
    /// Which rule of the source, from 1.
    pub rule: Option<i32>,
    pub before: Option<Amount>,
    pub after: Amount,
    pub why: Why,
}

/// How the price of a line came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinePricing {
    /// The day whose prices they are, Asia/Shanghai.
    pub day: Day,
    /// Net, for one unit: what the line says.
    pub unit_price: Amount,
    /// What policy and books say; absent where they have no price in this currency.
    pub policy_unit_price: Option<Amount>,
    /// Somebody set it by hand.
    pub manual: bool,
    /// By how much the set price differs from the policy's, per unit.
    pub deviation: Option<Amount>,
    /// The same as a share of the policy's price, 4 decimals.
    pub deviation_rate: Option<Amount>,
    /// The least unit price, discount of the line taken off, that needs no further approver.
    pub floor: Option<Amount>,
    /// The policy sets a least price as a share of the list price, and there is none in this currency: a further approver is needed.
    pub floor_unknown: bool,
    pub trace: Vec<PriceStep>,
}

/// A line whose price is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceLine {
    pub sku: Code,
    /// More than 0.
    pub quantity: Quantity,
    /// What somebody would set by hand, to see how it stands to the policy.
    #[serde(default)]
    pub unit_price: Option<Amount>,
    /// Share taken off the net, 0 if absent.
    #[serde(default)]
    pub discount_rate: Rate,
    /// VAT, 0 if absent.
    #[serde(default)]
    pub tax_rate: Rate,
}

/// What would this customer be offered? Changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "currency": "CNY", "lines": [{"sku": "PUMP-40", "quantity": "12"}]})))]
pub struct PriceQuote {
    pub account_id: AccountId,
    pub currency: Currency,
    /// The day whose prices are asked, Asia/Shanghai; today if absent.
    #[serde(default)]
    pub day: Option<Day>,
    /// The customer's cost sheet that the margin is figured by once it is locked; without one nobody knows the costs.
    #[serde(default)]
    pub cost_sheet_id: Option<CostSheetId>,
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<PriceLine>,
}

/// A line with its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PricedLine {
    pub line_number: i32,
    pub sku: String,
    pub quantity: Quantity,
    /// quantity × unit price × (1 − discount), rounded half to even to the minor unit.
    pub net: Amount,
    /// net × tax rate, rounded likewise.
    pub tax: Amount,
    /// The price is so low that somebody more has to approve it.
    pub below_floor: bool,
    pub pricing: LinePricing,
}

/// Costs against the price, for those who may know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PricedMargin {
    pub cost: Money,
    pub margin: Money,
    /// Share of the net price, 4 decimals.
    pub margin_rate: Option<Amount>,
    /// The least share that needs no further approver.
    pub floor: Rate,
}

/// What this customer would be offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PricedQuote {
    pub account_id: AccountId,
    /// The customer's grade; absent where crm has not told us.
    pub tier: Option<AccountTier>,
    pub currency: Currency,
    pub day: Day,
    pub pricing_policy_id: PricingPolicyId,
    /// The revision of the pricing policy that the prices follow.
    pub pricing_policy_revision: i32,
    pub lines: Vec<PricedLine>,
    /// Net: the sum of the lines'.
    pub total: Money,
    /// The same with tax: what the tiers of the approval look at.
    pub gross: Money,
    /// Absent where no locked sheet in this currency is named, and for those who may not know costs.
    pub margin: Option<PricedMargin>,
    /// Would more people be asked than the usual ones?
    pub approval_required: bool,
    /// Why.
    pub concerns: Vec<PriceConcern>,
    /// Who would decide about such a quote: the usual ones, and more where it is required.
    pub approval_steps: Vec<ForeseenStep>,
}
impl crate::Shown for PricedQuote {}

/// Who would decide about a quote if it were submitted as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteApprovalPreview {
    pub quote_id: QuoteId,
    pub number: String,
    pub revision: i32,
    /// Would more people be asked than the usual ones?
    pub approval_required: bool,
    /// Why.
    pub concerns: Vec<PriceConcern>,
    pub approval_steps: Vec<ForeseenStep>,
}
impl crate::Shown for QuoteApprovalPreview {}

/// How the prices of a quote came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuotePriceTrace {
    pub quote_id: QuoteId,
    pub number: String,
    pub revision: i32,
    pub lines: Vec<QuoteLineTrace>,
}
impl crate::Shown for QuotePriceTrace {}

/// How the price of one line of a quote came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuoteLineTrace {
    pub line_number: i32,
    pub sku: String,
    /// Absent of quotes made before prices were traced.
    pub pricing: Option<LinePricing>,
}
