//! What makes a version of a policy publishable: tiers without gap or overlap, roles that somebody holds, a date that is
//! not past (PLT-02, D-01, D-04). Pure.
use crate::{
    Change, Entity, Stamp,
    approvals::{
        rules::Step,
        tiers::{Bound, Tier, Tiers},
    },
    auth::{Role, grants},
    schema::approval_policies,
};
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeSet;
use wire::{
    CaseId, Moment, Ownership,
    facts::PolicyPublished,
    json::Kept,
    policy::{NewPolicyStep, NewPolicyTier, PolicyBound, PolicyId},
};

/// A published version.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval_policies, treat_none_as_default_value = false)]
pub struct Policy {
    pub id: PolicyId,
    pub key: String,
    pub version: i32,
    /// One chain for every amount; empty where there are tiers.
    pub steps: Kept<Vec<Step>>,
    pub tiers: Kept<Vec<Tier>>,
    pub cumulative: bool,
    pub effective_from: Moment,
    pub published_by: String,
    pub reason: String,
}

impl Entity for Policy {
    const KIND: &'static str = "policy";
    type Id = PolicyId;
    fn id(&self) -> PolicyId {
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

crate::rules!(
    /// Why a version is not published.
    PolicyRule {
        Tiers { count: usize } => "policy.tiers", Invalid, "a policy has 1 to 20 tiers, not {count}", "审批策略应有 1 至 20 个区间，实际为 {count} 个", at "/tiers";
        Start => "policy.start", Invalid, "the lowest tier starts at 0", "最低区间应从 0 开始", at "/tiers/0/from";
        Gap { tier: usize, amounts: String } => "policy.gap", Invalid, "nobody decides on the amounts {amounts}", "金额 {amounts} 无人审批", at "/tiers/{tier}";
        Overlap { tier: usize, amounts: String } => "policy.overlap", Invalid, "the amounts {amounts} belong to two tiers", "金额 {amounts} 同属两个区间", at "/tiers/{tier}/from";
        Nothing { tier: usize } => "policy.empty_tier", Invalid, "this tier holds no amount", "该区间不含任何金额", at "/tiers/{tier}/to";
        Steps { tier: usize, count: usize } => "policy.steps", Invalid, "a tier has 1 to 10 steps, not {count}", "每个区间应有 1 至 10 个步骤，实际为 {count} 个", at "/tiers/{tier}/steps";
        Roles { tier: usize, step: usize } => "policy.roles", Invalid, "a step names 1 to 10 roles, each once", "每个步骤应有 1 至 10 个角色，且不得重复", at "/tiers/{tier}/steps/{step}/roles";
        UnknownRole { tier: usize, step: usize, at: usize, role: String } => "policy.unknown_role", Invalid, "there is no role {role}", "没有角色 {role}", at "/tiers/{tier}/steps/{step}/roles/{at}";
        MayNot { tier: usize, step: usize, at: usize, role: String } => "policy.role_may_not", Invalid, "the role {role} may not decide approvals here", "角色 {role} 在此无审批权限", at "/tiers/{tier}/steps/{step}/roles/{at}";
        NobodyHolds { tier: usize, step: usize, at: usize, role: String } => "policy.nobody_holds", Invalid, "nobody active holds the role {role}; add someone to the directory", "通讯录中没有在职人员担任 {role}，请先补充", at "/tiers/{tier}/steps/{step}/roles/{at}";
        Past => "policy.past", Invalid, "it cannot take effect in the past", "生效时间不得早于现在", at "/effective_from";
        BeforeNewest { version: i32, from: Moment } => "policy.before_newest", Invalid, "version {version} takes effect on {from}; the next one not before it", "版本 {version} 于 {from} 生效，新版本不得早于该时间", at "/effective_from";
        Overtaken { version: i32 } => "policy.overtaken", Conflict, "version {version} was published meanwhile; read it, then publish the one that follows it", "版本 {version} 已先行发布，请阅读后再发布其后续版本", at "/follows";
    }
);

/// What is to be published.
pub struct Draft {
    pub tiers: Tiers,
    pub follows: i32,
    pub effective_from: Option<Moment>,
    pub reason: String,
}

impl Policy {
    /// The next version after `newest`; `held` are the roles of everybody active.
    pub fn publish(
        id: PolicyId,
        newest: &Self,
        draft: Draft,
        held: &BTreeSet<Role>,
        service: &str,
        by: &Stamp,
    ) -> Result<Change<Self>, PolicyRule> {
        let Draft { tiers, follows, effective_from, reason } = draft;
        if follows != newest.version {
            return Err(PolicyRule::Overtaken { version: newest.version });
        }
        resolvable(&tiers, held, service)?;
        let effective_from = effective_from.unwrap_or(by.at);
        if effective_from < by.at {
            return Err(PolicyRule::Past);
        }
        if effective_from < newest.effective_from {
            return Err(PolicyRule::BeforeNewest { version: newest.version, from: newest.effective_from });
        }
        let policy = Self {
            id,
            key: newest.key.clone(),
            version: newest.version + 1,
            steps: Kept(Vec::new()),
            tiers: Kept(tiers.tiers),
            cumulative: tiers.cumulative,
            effective_from,
            published_by: by.actor.clone(),
            reason: reason.clone(),
        };
        let published = PolicyPublished {
            policy_id: id,
            key: policy.key.clone(),
            version: policy.version,
            effective_from,
            published_by: policy.published_by.clone(),
            reason: reason.clone(),
        };
        Ok(Change::new("publish", policy).tell(service, &published).because(reason))
    }
    /// As it decides.
    pub fn tiers(&self) -> Tiers {
        Tiers::read(self.steps.0.clone(), self.tiers.0.clone(), self.cumulative)
    }
}

/// Checks what was sent: every amount above 0 belongs to exactly one tier, every role is a word we know.
pub fn tiers(new: Vec<NewPolicyTier>, cumulative: bool) -> Result<Tiers, PolicyRule> {
    if !(1..=20).contains(&new.len()) {
        return Err(PolicyRule::Tiers { count: new.len() });
    }
    let mut tiers = Vec::with_capacity(new.len());
    for (index, NewPolicyTier { from, to, steps }) in new.into_iter().enumerate() {
        if !(1..=10).contains(&steps.len()) {
            return Err(PolicyRule::Steps { tier: index, count: steps.len() });
        }
        let named = steps.into_iter().enumerate();
        let steps = named.map(|(at, new)| step(index, at, new)).collect::<Result<_, _>>()?;
        tiers.push(Tier { from: from.into(), to: to.map(Into::into), steps });
    }
    covered(&tiers)?;
    Ok(Tiers { tiers, cumulative })
}

fn step(tier: usize, step: usize, new: NewPolicyStep) -> Result<Step, PolicyRule> {
    let NewPolicyStep { name, mode, roles: words } = new;
    let mut roles = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let unknown = |_| PolicyRule::UnknownRole { tier, step, at, role: word.to_string() };
        roles.push(word.as_str().parse::<Role>().map_err(unknown)?);
    }
    let different: BTreeSet<_> = roles.iter().collect();
    if !(1..=10).contains(&roles.len()) || different.len() < roles.len() {
        return Err(PolicyRule::Roles { tier, step });
    }
    Ok(Step { name: name.into_string(), mode, roles })
}

/// From 0 without limit, each tier where the one before it ends.
fn covered(tiers: &[Tier]) -> Result<(), PolicyRule> {
    let zero = Bound { amount: Decimal::ZERO.into(), included: true };
    let mut before: Option<Option<Bound>> = None;
    for (index, tier) in tiers.iter().enumerate() {
        let from = tier.from;
        match before {
            None if from.amount < zero.amount => return Err(PolicyRule::Start),
            None if from.amount > zero.amount => {
                let amounts = interval(Bound { included: false, ..zero }, Some(beyond(from)));
                return Err(PolicyRule::Gap { tier: index, amounts });
            }
            None => {}
            Some(None) => return Err(PolicyRule::Overlap { tier: index, amounts: interval(from, None) }),
            Some(Some(end)) => {
                let meet = end.amount == from.amount;
                if end.amount < from.amount || (meet && !end.included && !from.included) {
                    let amounts = interval(beyond(end), Some(beyond(from)));
                    return Err(PolicyRule::Gap { tier: index, amounts });
                }
                if end.amount > from.amount || (meet && end.included && from.included) {
                    return Err(PolicyRule::Overlap { tier: index, amounts: interval(from, Some(end)) });
                }
            }
        }
        if let Some(to) = tier.to {
            let point = to.amount == from.amount && to.included && from.included;
            if to.amount <= from.amount && !point {
                return Err(PolicyRule::Nothing { tier: index });
            }
        }
        before = Some(tier.to);
    }
    match before.flatten() {
        None => Ok(()),
        Some(end) => {
            let amounts = interval(beyond(end), None);
            Err(PolicyRule::Gap { tier: tiers.len() - 1, amounts })
        }
    }
}

/// Somebody active holds every role, and every role may decide here at all.
fn resolvable(tiers: &Tiers, held: &BTreeSet<Role>, service: &str) -> Result<(), PolicyRule> {
    let permission = crate::approvals::permission(service);
    for (tier, list) in tiers.tiers.iter().enumerate() {
        for (step, named) in list.steps.iter().enumerate() {
            for (at, role) in named.roles.iter().enumerate() {
                let word = || role.as_str().to_owned();
                if grants::grant(&[*role], &permission).is_none() {
                    return Err(PolicyRule::MayNot { tier, step, at, role: word() });
                }
                if !held.contains(role) {
                    return Err(PolicyRule::NobodyHolds { tier, step, at, role: word() });
                }
            }
        }
    }
    Ok(())
}

/// The other side of an end.
fn beyond(bound: Bound) -> Bound {
    Bound { included: !bound.included, ..bound }
}

/// `(1000.00, 1200.00]`
fn interval(from: Bound, to: Option<Bound>) -> String {
    let opens = if from.included { '[' } else { '(' };
    match to {
        None => format!("{opens}{}, ∞)", from.amount),
        Some(to) => format!("{opens}{}, {}{}", from.amount, to.amount, if to.included { ']' } else { ')' }),
    }
}

impl From<PolicyBound> for Bound {
    fn from(bound: PolicyBound) -> Self {
        Self { amount: bound.amount, included: bound.included }
    }
}
impl From<Bound> for PolicyBound {
    fn from(bound: Bound) -> Self {
        Self { amount: bound.amount, included: bound.included }
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
