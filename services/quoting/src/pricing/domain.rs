//! How a price comes about (QUO-05). Pure: what it is made of is loaded before. Exact: each step is figured exactly and kept to 4
//! decimals, half to even, which is all that a unit price has; only a rule `rounding` rounds further.
use super::steps::{Why, percent, why};
use crate::{
    market_prices::MarketPoint, price_books::BookPrice, pricing_policies::PricingPolicy, products::Catalogue,
    rate_cards::RateCard,
};
use rust_decimal::{Decimal, RoundingStrategy};
use uuid::Uuid;
use wire::{
    Amount, Currency, Day, Quantity, Rate,
    crm::{AccountId, AccountTier},
    quoting::{
        self as dto, LinePricing, MarketBasis, PriceRounding, PriceSource, PriceStep, PriceStepKind as Step,
        PricingRuleKind as Kind,
    },
};

/// Who asks, in which currency, for which day.
#[derive(Debug, Clone)]
pub struct Asked {
    pub account_id: AccountId,
    /// The customer's grade; nothing where crm has not told us.
    pub tier: Option<AccountTier>,
    pub region: Option<String>,
    pub currency: Currency,
    pub day: Day,
}

/// What prices are made of: all that holds for this customer on this day.
#[derive(Debug, Clone)]
pub struct Sources {
    pub policy: PricingPolicy,
    /// Only books that hold for whoever asks.
    pub books: Vec<BookPrice>,
    /// By sku.
    pub products: Catalogue,
    /// Of each source the newest, not after the day.
    pub market: Vec<MarketPoint>,
}

platform::rules!(
    /// Why there is no price.
    PricingRule {
        Unpriced { line: usize, sku: String, currency: Currency } => "pricing.no_price", Invalid, "{sku} has no price in {currency}: neither a list price nor one in a price book; set one by hand", "{sku} 没有以 {currency} 计的目录价或价格手册价格，请手工填写单价", at "/lines/{line}/unit_price";
        Sku { line: usize, sku: String } => "pricing.sku", Invalid, "{sku} is no product on sale", "{sku} 不是在售产品", at "/lines/{line}/sku";
        Quantity { line: usize } => "pricing.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "pricing.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{line}/unit_price";
        Lines { count: usize } => "pricing.lines", Invalid, "1 to 500 lines, not {count}", "应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Large => "pricing.total", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        Sheet => "pricing.cost_sheet", Invalid, "there is no such cost sheet", "没有这份成本核算表", at "/cost_sheet_id";
    }
);

/// The price of `quantity` of a product, or the one that somebody sets by hand and how it stands to that. `None`: neither is there.
#[must_use]
pub fn priced(
    asked: &Asked,
    sources: &Sources,
    sku: &str,
    quantity: Quantity,
    by_hand: Option<Amount>,
) -> Option<LinePricing> {
    let mut made = Making::of(asked, sku, quantity);
    let policy_price = made.base(sources).map(|base| made.ruled(sources, base));
    if policy_price.is_none() {
        made.least_of_all(sources, None);
    }
    made.by_hand(policy_price, by_hand)
}

/// The price of an hour by its rate card, or the one that somebody sets by hand and how it stands to that (QUO-11). The policy's
/// least prices hold for it as for any line: what is sold by the hour is a product, too.
#[must_use]
pub fn priced_by_card(
    asked: &Asked,
    sources: &Sources,
    sku: &str,
    hours: Quantity,
    card: &RateCard,
    by_hand: Option<Amount>,
) -> LinePricing {
    let mut made = Making::of(asked, sku, hours);
    made.least_of_all(sources, Some(card.hourly_rate.get()));
    let source =
        PriceSource { kind: "rate_card".into(), id: card.id.into(), number: card.role.clone(), version: card.version };
    let said = why(
        format!("费率卡：{} 每小时 {} {}", card.role, card.hourly_rate, card.currency),
        format!("rate card: {} {} an hour of {}", card.hourly_rate, card.currency, card.role),
    );
    let step = PriceStep {
        step: 1,
        kind: Step::RateCard,
        source: Some(source),
        rule: None,
        before: None,
        after: card.hourly_rate,
        why: said,
    };
    made.trace.push(step);
    let prices = (by_hand.unwrap_or(card.hourly_rate), Some(card.hourly_rate));
    made.finished(prices, by_hand.is_some())
}

pub(super) struct Making<'a> {
    pub(super) asked: &'a Asked,
    sku: &'a str,
    quantity: Quantity,
    trace: Vec<PriceStep>,
    pub(super) floor: Option<Decimal>,
    pub(super) floor_unknown: bool,
}

impl<'a> Making<'a> {
    fn of(asked: &'a Asked, sku: &'a str, quantity: Quantity) -> Self {
        Self { asked, sku, quantity, trace: Vec::new(), floor: None, floor_unknown: false }
    }

    /// The book's price that fits best, or else the list price in this currency.
    fn base(&mut self, sources: &Sources) -> Option<Decimal> {
        let currency = self.asked.currency;
        if let Some(price) = self.of_a_book(&sources.books) {
            let (from, after) = (price.from_quantity, price.unit_price);
            let source = PriceSource {
                kind: "price_book".into(),
                id: price.book_id.into(),
                number: price.number.clone(),
                version: price.version,
            };
            let why = why(
                format!("价格手册 {}，数量自 {from} 起：{after} {currency}", price.number),
                format!("price book {}, from a quantity of {from}: {after} {currency}", price.number),
            );
            self.step(Step::PriceBook, Some(source), None, None, after.get(), why);
            return Some(after.get());
        }
        let product = sources.products.get(self.sku).filter(|product| product.currency == currency)?;
        let after = product.list_price;
        let source = PriceSource {
            kind: "product".into(),
            id: product.id.into(),
            number: self.sku.to_owned(),
            version: product.version,
        };
        let why = why(format!("目录价 {after} {currency}"), format!("list price {after} {currency}"));
        self.step(Step::ListPrice, Some(source), None, None, after.get(), why);
        Some(after.get())
    }

    /// Of the books that have a price from this quantity or a smaller one, the most particular; of equals the one that began
    /// last. In it the price of the greatest such quantity.
    fn of_a_book<'s>(&self, books: &'s [BookPrice]) -> Option<&'s BookPrice> {
        let fitting = books.iter().filter(|price| price.sku == self.sku && price.from_quantity <= self.quantity);
        fitting.max_by_key(|price| {
            let particular = (
                price.account_id.is_some(),
                price.tier.is_some() && price.region.is_some(),
                price.tier.is_some(),
                price.region.is_some(),
            );
            (particular, price.first_day, Uuid::from(price.book_id), price.from_quantity)
        })
    }

    /// The list price, if there is one in this currency.
    pub(super) fn list(&self, sources: &Sources) -> Option<Decimal> {
        let product = sources.products.get(self.sku).filter(|product| product.currency == self.asked.currency)?;
        Some(product.list_price.get())
    }

    fn ruled(&mut self, sources: &Sources, base: Decimal) -> Decimal {
        let list = self.list(sources).unwrap_or(base);
        let mut price = base;
        for (index, rule) in sources.policy.rules.0.iter().enumerate() {
            if !self.concerned(rule) {
                continue;
            }
            let Some((after, why)) = self.ruling(rule, price, list, &sources.market) else { continue };
            let after = kept(after);
            if after != price {
                let policy = &sources.policy;
                let source = PriceSource {
                    kind: "pricing_policy".into(),
                    id: policy.id.into(),
                    number: rule.name.as_ref().map_or_else(|| rule.kind.to_string(), ToString::to_string),
                    version: policy.revision,
                };
                let rule_number = i32::try_from(index + 1).ok();
                self.step(rule.kind.into(), Some(source), rule_number, Some(price), after, why);
                price = after;
            }
        }
        price
    }

    pub(super) fn concerned(&self, rule: &dto::PricingRule) -> bool {
        let day = self.asked.day;
        rule.tier.is_none_or(|tier| self.asked.tier == Some(tier))
            && (rule.skus.is_empty() || rule.skus.iter().any(|sku| sku.as_str() == self.sku))
            && rule.first_day.is_none_or(|first| first <= day)
            && rule.last_day.is_none_or(|last| day <= last)
    }

    /// What a rule makes of a price, and why; nothing where it has nothing to say.
    fn ruling(
        &mut self,
        rule: &dto::PricingRule,
        price: Decimal,
        list: Decimal,
        market: &[MarketPoint],
    ) -> Option<(Decimal, Why)> {
        let currency = self.asked.currency;
        let off = |rate: Rate| price * (Decimal::ONE - rate.get());
        match rule.kind {
            Kind::GradeDiscount => {
                let (rate, tier) = (rule.rate?, rule.tier?);
                let said = why(
                    format!("客户等级 {tier} 优惠 {}", percent(rate)),
                    format!("{} off for customers of grade {tier}", percent(rate)),
                );
                Some((off(rate), said))
            }
            Kind::Promotion => {
                let (rate, from, to) = (rule.rate?, rule.first_day?, rule.last_day?);
                let said = why(
                    format!("促销（{from} 至 {to}）优惠 {}", percent(rate)),
                    format!("{} off by a promotion from {from} to {to}", percent(rate)),
                );
                Some((off(rate), said))
            }
            Kind::VolumeDiscount => {
                let reached = rule.breaks.iter().filter(|step| step.from_quantity <= self.quantity);
                let step = reached.max_by_key(|step| step.from_quantity)?;
                let (rate, from) = (step.rate, step.from_quantity);
                let said = why(
                    format!("数量 {} 达到 {from}，优惠 {}", self.quantity, percent(rate)),
                    format!("{} off from a quantity of {from}, asked are {}", percent(rate), self.quantity),
                );
                Some((off(rate), said))
            }
            Kind::MarketAlignment => {
                let (market, of) = self.market(rule, market)?;
                let most = market * (Decimal::ONE + rule.rate?.get());
                let said = why(
                    format!("不高于市场价 {}（{of}）的 {}", Amount::new(market), percent_over(rule.rate?)),
                    format!("not above {} of the market's {} ({of})", percent_over(rule.rate?), Amount::new(market)),
                );
                Some((price.min(most), said))
            }
            Kind::MinimumPrice => {
                let least = self.least(rule, Some(list))?;
                self.lift_floor(least);
                let said = why(format!("最低价 {}", Amount::new(least)), format!("not below {}", Amount::new(least)));
                Some((price.max(least), said))
            }
            Kind::Rounding => {
                let unit = Decimal::new(1, currency.minor_digits());
                let step = rule.step.map_or(unit, Amount::get);
                let mode = rule.rounding.unwrap_or(PriceRounding::HalfEven);
                let said = why(
                    format!("按 {} 取整", Amount::new(step)),
                    format!("rounded to multiples of {}", Amount::new(step)),
                );
                Some((rounded(price, step, mode), said))
            }
        }
    }

    /// What the market asks, and of how many sources.
    fn market(&self, rule: &dto::PricingRule, points: &[MarketPoint]) -> Option<(Decimal, usize)> {
        let oldest = oldest(self.asked.day, rule.most_age_days?);
        let prices =
            points.iter().filter(|point| point.sku == self.sku && (oldest..=self.asked.day).contains(&point.day));
        let prices: Vec<Decimal> = prices.map(|point| point.unit_price.get()).collect();
        let lowest = prices.iter().min().copied()?;
        let count = prices.len();
        Some(match rule.basis? {
            MarketBasis::Lowest => (lowest, count),
            MarketBasis::Average => (kept(prices.iter().sum::<Decimal>() / Decimal::from(count)), count),
        })
    }

    fn step(
        &mut self,
        kind: Step,
        source: Option<PriceSource>,
        rule: Option<i32>,
        before: Option<Decimal>,
        after: Decimal,
        why: Why,
    ) {
        let step = i32::try_from(self.trace.len() + 1).unwrap_or(i32::MAX);
        self.trace.push(PriceStep {
            step,
            kind,
            source,
            rule,
            before: before.map(Amount::new),
            after: Amount::new(after),
            why,
        });
    }

    fn by_hand(self, policy_price: Option<Decimal>, by_hand: Option<Amount>) -> Option<LinePricing> {
        let policy = policy_price.map(Amount::new);
        let unit_price = by_hand.or(policy)?;
        Some(self.finished((unit_price, policy), by_hand.is_some()))
    }

    /// With the price that somebody set, if they did.
    fn finished(self, (unit_price, policy): (Amount, Option<Amount>), by_hand: bool) -> LinePricing {
        let Self { asked, sku: _, quantity: _, mut trace, floor, floor_unknown } = self;
        let deviation = policy.filter(|_| by_hand).map(|policy| unit_price.get() - policy.get());
        let rate = deviation.zip(policy).and_then(|(deviation, policy)| deviation.checked_div(policy.get())).map(kept);
        if by_hand {
            let step = i32::try_from(trace.len() + 1).unwrap_or(i32::MAX);
            let differs = rate.map_or_else(String::new, |rate| percent(Rate::new(rate)));
            let said = match deviation {
                None => {
                    why("手工定价；无政策价格可比".into(), "set by hand; there is no price to compare it with".into())
                }
                Some(by) if by.is_zero() => {
                    why("手工定价，与政策价格一致".into(), "set by hand, the same as the policy's".into())
                }
                Some(by) => why(
                    format!("手工定价，偏离政策价格 {}（{differs}）", Amount::new(by)),
                    format!("set by hand, {} from the policy's price ({differs})", Amount::new(by)),
                ),
            };
            trace.push(PriceStep {
                step,
                kind: Step::Manual,
                source: None,
                rule: None,
                before: policy,
                after: unit_price,
                why: said,
            });
        }
        LinePricing {
            day: asked.day,
            unit_price,
            policy_unit_price: policy,
            manual: by_hand,
            deviation: deviation.map(Amount::new),
            deviation_rate: rate.filter(|rate| rate.abs() < Amount::LIMIT).map(Amount::new),
            floor: floor.map(Amount::new),
            floor_unknown,
            trace,
        }
    }
}

/// The first day of those that are at most so many days before this one.
#[must_use]
pub fn oldest(day: Day, most_age_days: u16) -> Day {
    use jiff::ToSpan;
    Day(day.0.checked_sub(i64::from(most_age_days).days()).unwrap_or(jiff::civil::Date::MIN))
}

/// To the 4 decimals of a unit price, half to even.
pub(super) fn kept(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(4, RoundingStrategy::MidpointNearestEven)
}

fn rounded(price: Decimal, step: Decimal, mode: PriceRounding) -> Decimal {
    let steps = price / step;
    let whole = match mode {
        PriceRounding::HalfEven => steps.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven),
        PriceRounding::Up => steps.ceil(),
        PriceRounding::Down => steps.floor(),
    };
    whole * step
}

fn percent_over(rate: Rate) -> String {
    percent(Rate::new(Decimal::ONE + rate.get()))
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
