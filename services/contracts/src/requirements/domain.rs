//! The policy and what it says of an amount (D-04, D-15). Pure: rates and contracts are given.
use crate::schema::contract_policies;
use diesel::prelude::*;
use platform::{Change, Entity, Stamp};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, CaseId, Currency, Day, Moment, Money, Ownership,
    contracts::{CONTRACT_LIMIT, ClauseKind, ContractPolicy, ContractPolicyId, NewContractPolicy},
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = contract_policies, treat_none_as_default_value = false)]
pub struct Policy {
    pub id: ContractPolicyId,
    pub revision: i32,
    pub amount: Amount,
    pub currency: Currency,
    pub clauses: Kept<Vec<ClauseKind>>,
    pub effective_from: Day,
    pub reason: String,
    pub published_by: String,
    pub published_at: Moment,
    pub version: i32,
}

impl Entity for Policy {
    const KIND: &'static str = "contract_policy";
    type Id = ContractPolicyId;
    fn id(&self) -> ContractPolicyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
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
    /// Why a policy or a question about an order is refused.
    RequirementRule {
        NoRate { date: Day, currency: Currency } => "contract_requirement.no_rate", Invalid, "there is no rate of {currency} for {date}; finance states it: PUT /exchange-rates/{date}/{currency}", "{date} 没有 {currency} 的汇率，请财务登记：PUT /exchange-rates/{date}/{currency}", at "/order_total/currency";
        Negative => "contract_requirement.order_total", Invalid, "an order's total is not negative", "订单金额不能为负", at "/order_total/amount";
        ContractElsewhere => "contract_requirement.contract", Invalid, "this account has no such effective contract", "该客户没有此生效合同", at "/contract_id";
        Limit => "contract_policy.limit", Invalid, "the limit is 100 000.00 CNY: quotes and orders are judged by no other figure", "限额应为 100000.00 元：报价与订单仅按此金额判断", at "/limit";
        Clauses => "contract_policy.clauses", Invalid, "1 to 11 kinds of clause, each once", "条款类型应为 1 至 11 种，且不得重复", at "/clauses";
        Past { today: Day } => "contract_policy.in_the_past", Invalid, "a policy holds from today ({today}) or later", "策略最早自今日（{today}）起生效", at "/effective_from";
    }
);

impl Policy {
    /// The next one; it holds from its day on, and the one before until then.
    pub fn publish(
        id: ContractPolicyId,
        revision: i32,
        new: NewContractPolicy,
        today: Day,
        by: &Stamp,
    ) -> Result<Change<Self>, RequirementRule> {
        let NewContractPolicy { limit, clauses, effective_from, reason } = new;
        // A figure that the gates of quoting and orders do not read would be a control on paper only.
        if limit.amount.get() != CONTRACT_LIMIT || limit.currency != Currency::CNY {
            return Err(RequirementRule::Limit);
        }
        let twice = clauses.iter().enumerate().any(|(index, kind)| clauses[..index].contains(kind));
        if clauses.is_empty() || twice {
            return Err(RequirementRule::Clauses);
        }
        if effective_from < today {
            return Err(RequirementRule::Past { today });
        }
        let policy = Self {
            id,
            revision,
            amount: limit.amount,
            currency: limit.currency,
            clauses: Kept(clauses),
            effective_from,
            reason: reason.to_string(),
            published_by: by.actor.clone(),
            published_at: by.at,
            version: 1,
        };
        Ok(Change::new("publish", policy).because(reason.to_string()))
    }

    pub fn limit(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
    /// Does an order of so much, tax included and in the limit's currency, need a contract? The limit itself does not (D-04).
    pub fn requires(&self, total: Decimal) -> bool {
        total > self.amount.get()
    }
    /// The clauses that a contract of so much must have; where nobody can tell how much it is, they are wanted too.
    pub fn demands(&self, total: Option<Decimal>) -> &[ClauseKind] {
        if total.is_none_or(|total| self.requires(total)) { &self.clauses.0 } else { &[] }
    }
    pub fn show(self) -> ContractPolicy {
        let limit = self.limit();
        let Self {
            id,
            revision,
            amount: _,
            currency: _,
            clauses,
            effective_from,
            reason,
            published_by,
            published_at,
            version,
        } = self;
        ContractPolicy {
            id,
            revision,
            limit,
            clauses: clauses.0,
            effective_from,
            reason,
            published_by,
            published_at,
            version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn publish(body: serde_json::Value) -> Result<Policy, RequirementRule> {
        let at: jiff::Timestamp = "2026-07-01T01:00:00Z".parse().unwrap();
        let by = Stamp { at: at.into(), actor: "user:cfo".into(), ownership: Ownership::default() };
        let new = serde_json::from_value(body).unwrap();
        let id = uuid::Uuid::now_v7().into();
        Policy::publish(id, 2, new, "2026-07-01".parse().unwrap(), &by).map(|change| change.after().clone())
    }
    fn body() -> serde_json::Value {
        json!({"limit": {"amount": "100000.00", "currency": "CNY"}, "clauses": ["delivery", "payment", "breach"],
            "effective_from": "2026-07-01", "reason": "内控"})
    }

    #[test]
    fn con_18_the_limit_itself_needs_no_contract_a_cent_more_does() {
        let policy = publish(body()).unwrap();
        for (total, required) in [("99999.99", false), ("100000.00", false), ("100000.01", true)] {
            let total: Decimal = total.parse().unwrap();
            assert_eq!(policy.requires(total), required, "{total}");
            assert_eq!(policy.demands(Some(total)).len(), if required { 3 } else { 0 }, "{total}");
        }
        assert_eq!(policy.demands(None), [ClauseKind::Delivery, ClauseKind::Payment, ClauseKind::Breach]);
    }

    #[test]
    fn con_18_a_policy_that_cannot_be_followed_is_not_published() {
        let with = |key: &str, value: serde_json::Value| {
            let mut changed = body();
            changed[key] = value;
            publish(changed)
        };
        let limit = |amount: &str, currency: &str| with("limit", json!({"amount": amount, "currency": currency})).err();
        let refused = Some(RequirementRule::Limit);
        assert_eq!([limit("99999.99", "CNY"), limit("100000.01", "CNY")], [refused.clone(), refused.clone()]);
        assert_eq!([limit("100000.00", "CNY"), limit("100000.00", "USD")], [None, refused]);
        assert_eq!(with("clauses", json!([])).unwrap_err(), RequirementRule::Clauses);
        assert_eq!(with("clauses", json!(["breach", "breach"])).unwrap_err(), RequirementRule::Clauses);
        let yesterday = with("effective_from", json!("2026-06-30"));
        assert_eq!(yesterday.unwrap_err(), RequirementRule::Past { today: "2026-07-01".parse().unwrap() });
    }
}
