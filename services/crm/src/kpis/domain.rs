//! What each key figure means. Pure: no async, no clock, no SQL.
use crate::figures::{Basis, Counted};
use rust_decimal::{Decimal, RoundingStrategy};
use wire::{
    Figure, Moment,
    kpi::{KpiCount, KpiDefinition, KpiUnit},
};

platform::rules!(
    /// Why a figure is refused.
    KpiRule {
        Subject => "kpi.subject", Invalid, "say whose: this figure is of one person, team or department", "请指明对象：该指标只针对一个人员、团队或部门", at "/subject";
    }
);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// What these add up to.
    Sum(Basis),
    /// What these add up to, by what they weigh.
    Ratio(Basis),
    /// The mean of how far targets are.
    Targets,
}

/// A figure.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    pub key: &'static str,
    /// The row of the role's list of figures.
    row: &'static str,
    pub unit: KpiUnit,
    pub source: Source,
    /// zh-CN, en
    name: (&'static str, &'static str),
    formula: (&'static str, &'static str),
}

/// Grows with each change of a formula.
const VERSION: i32 = 1;

const fn figure(
    key: &'static str,
    row: &'static str,
    unit: KpiUnit,
    source: Source,
    name: (&'static str, &'static str),
    formula: (&'static str, &'static str),
) -> Definition {
    Definition { key, row, unit, source, name, formula }
}

/// All of them.
pub const DEFINITIONS: &[Definition] = &[
    figure(
        "new_customers",
        "KPI-03",
        KpiUnit::Count,
        Source::Sum(Basis::FirstOrders),
        ("新客户开发数量", "New customers"),
        ("期间内首次确认订单的客户数", "customers whose first order was confirmed in the period"),
    ),
    figure(
        "business_skill",
        "KPI-06",
        KpiUnit::Points,
        Source::Ratio(Basis::SkillRatings),
        ("业务能力", "Business skill"),
        (
            "上级对市场分析、洽谈、合同签订的评分平均值",
            "mean of the managers' ratings of market analysis, negotiation and signing contracts",
        ),
    ),
    figure(
        "win_rate",
        "KPI-06",
        KpiUnit::Share,
        Source::Ratio(Basis::Closed),
        ("赢单率", "Win rate"),
        ("赢单数 ÷（赢单数 + 输单数）", "opportunities won ÷ opportunities won or lost"),
    ),
    figure(
        "sales_cycle_days",
        "KPI-06",
        KpiUnit::Days,
        Source::Ratio(Basis::CycleDays),
        ("销售周期", "Sales cycle"),
        ("赢单商机从登记到赢单的平均天数", "mean of the days from registration to winning, of opportunities won"),
    ),
    figure(
        "first_pass_contracts",
        "KPI-06",
        KpiUnit::Share,
        Source::Ratio(Basis::FirstPassContracts),
        ("合同一次通过率", "First-pass contracts"),
        ("审核中未被退回的合同 ÷ 已签订合同", "contracts that no review sent back ÷ contracts signed"),
    ),
    figure(
        "teamwork",
        "KPI-07",
        KpiUnit::Points,
        Source::Ratio(Basis::TeamworkRatings),
        ("团队协作", "Teamwork"),
        ("同事对团队协作的评分平均值", "mean of the colleagues' ratings of teamwork"),
    ),
    figure(
        "acknowledged_in_time",
        "KPI-07",
        KpiUnit::Share,
        Source::Ratio(Basis::Acknowledgements),
        ("工作项按时接收率", "Work acknowledged in time"),
        (
            "期间内应接收的订单工作项中，四个工作小时内接收的比例（订单在到期前取消且尚未接收的除外）",
            "parts of orders that the departments acknowledged within four working hours ÷ those that were to be acknowledged in the period, without those whose order was cancelled before they were due and acknowledged",
        ),
    ),
    figure(
        "loyalty_change",
        "KPI-13",
        KpiUnit::Points,
        Source::Ratio(Basis::LoyaltyChange),
        ("客户忠诚度提升", "Growth of loyalty"),
        (
            "客户忠诚度指数较上期末的平均变化",
            "mean change of the customers' loyalty index since the end of the period before",
        ),
    ),
    figure(
        "sales_revenue",
        "KPI-14",
        KpiUnit::Money,
        Source::Sum(Basis::Orders),
        ("销售额", "Sales revenue"),
        (
            "期间内确认且未取消订单的不含税金额合计",
            "net of the orders that were confirmed in the period and not cancelled",
        ),
    ),
    figure(
        "won_revenue",
        "KPI-14",
        KpiUnit::Money,
        Source::Sum(Basis::Won),
        ("赢单金额", "Won amount"),
        ("期间内赢单商机的预计金额合计", "amounts of the opportunities that were won in the period"),
    ),
    figure(
        "sales_profit",
        "KPI-14",
        KpiUnit::Money,
        Source::Sum(Basis::Profit),
        ("销售利润", "Sales profit"),
        ("期间内被接受报价的不含税金额减锁定成本", "net of the quotes accepted in the period less their locked costs"),
    ),
    figure(
        "contracts_signed",
        "KPI-14",
        KpiUnit::Count,
        Source::Sum(Basis::SignedContracts),
        ("签约数量", "Contracts signed"),
        ("期间内签订的合同数", "contracts signed in the period"),
    ),
    figure(
        "target_attainment",
        "KPI-15",
        KpiUnit::Share,
        Source::Targets,
        ("目标达成率", "Attainment of targets"),
        ("期间内各目标达成比例的平均值", "mean of attained ÷ target of the period's approved targets"),
    ),
    figure(
        "market_share_growth",
        "KPI-17",
        KpiUnit::Share,
        Source::Ratio(Basis::ShareGrowth),
        ("市场份额增长", "Growth of market share"),
        ("各市场份额较上期的平均变化", "mean change of our share of each market since the period before"),
    ),
    figure(
        "new_business_revenue",
        "KPI-17",
        KpiUnit::Money,
        Source::Sum(Basis::WonNewBusiness),
        ("新业务拓展", "New business"),
        ("期间内赢单的新业务商机金额合计", "amounts of the opportunities of new business that were won in the period"),
    ),
];

/// The figure of a key.
pub fn definition(key: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.key == key)
}

impl Definition {
    /// As the wire shows it.
    pub fn show(&self) -> KpiDefinition {
        KpiDefinition {
            key: self.key.to_owned(),
            row: self.row.to_owned(),
            unit: self.unit,
            definition_version: VERSION,
            name_chinese: self.name.0.to_owned(),
            name_english: self.name.1.to_owned(),
            formula_chinese: self.formula.0.to_owned(),
            formula_english: self.formula.1.to_owned(),
        }
    }
    /// Does a record weigh in the denominator?
    pub fn is_ratio(&self) -> bool {
        !matches!(self.source, Source::Sum(_))
    }
    /// The figure of what was counted.
    pub fn counted(&self, counted: Counted, left_out: i64, as_of: Moment) -> KpiCount {
        KpiCount {
            unit: self.unit,
            numerator: Figure::new(rounded(counted.sum)),
            denominator: Figure::new(if self.is_ratio() { counted.weight } else { Decimal::ONE }),
            records: counted.count,
            left_out,
            as_of,
            definition_version: VERSION,
        }
    }
}

/// Four decimals, half to even.
pub fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(4, RoundingStrategy::MidpointNearestEven)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_figure_has_a_key_of_its_own_and_both_languages() {
        let keys: HashSet<&str> = DEFINITIONS.iter().map(|definition| definition.key).collect();
        assert_eq!(keys.len(), DEFINITIONS.len());
        for definition in DEFINITIONS {
            assert!(!definition.name.0.is_ascii() && definition.name.1.is_ascii(), "{}", definition.key);
        }
        assert!(definition("new_customers").is_some() && definition("luck").is_none());
    }

    #[test]
    fn a_sum_is_itself_and_a_ratio_is_by_what_it_weighs() {
        let counted = Counted { count: 3, sum: Decimal::TEN, weight: Decimal::from(3) };
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        let sum = definition("new_customers").unwrap().counted(counted, 0, at);
        assert_eq!((sum.denominator.get(), sum.records), (Decimal::ONE, 3));
        assert_eq!(definition("win_rate").unwrap().counted(counted, 0, at).denominator.get(), Decimal::from(3));
    }
}
