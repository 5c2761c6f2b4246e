//! The rules of channels (CRM-06). Pure: no async, no clock, no SQL.
use crate::schema::lead_sources;
use diesel::prelude::*;
use platform::{ApiError, Change, Entity};
use serde::Serialize;
use wire::{
    CaseId, Day, Ownership,
    crm::{AccountId, LeadSourceChanged, LeadSourceId, LeadSourceKind as Kind, LeadSourcePatch, NewLeadSource},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = lead_sources, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LeadSource {
    pub id: LeadSourceId,
    pub code: String,
    pub kind: Kind,
    pub name_zh: String,
    pub name_en: String,
    pub effective_from: Day,
    pub effective_until: Option<Day>,
    pub version: i32,
}

/// By hand, because a channel has days instead of a status.
impl Entity for LeadSource {
    const KIND: &'static str = "lead_source";
    type Id = LeadSourceId;
    fn id(&self) -> LeadSourceId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        "effective"
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    fn ownership(&self) -> Option<Ownership> {
        None
    }
}

platform::rules!(
    /// Why a channel is refused, or a lead that names it.
    LeadSourceRule {
        Days => "lead_source.days", Invalid, "effective_until is before effective_from", "失效日早于生效日", at "/effective_until";
        Code { code: String } => "lead_source.code", Conflict, "{code} is taken", "编码 {code} 已被使用", at "/code";
        Unknown { code: String } => "lead_source.unknown", Invalid, "there is no channel {code}", "没有渠道 {code}", at "/source";
        NotEffective { code: String, day: Day } => "lead_source.not_effective", Invalid, "channel {code} is not in effect on {day}", "渠道 {code} 在 {day} 无效", at "/source";
        Referrer { code: String } => "lead_source.referrer", Invalid, "a lead that came by {code} must name who referred it", "来源为 {code} 的线索必须注明推荐客户", at "/referrer_account_id";
    }
);

impl LeadSource {
    /// A new channel.
    pub fn add(id: LeadSourceId, new: NewLeadSource) -> Result<Change<Self>, LeadSourceRule> {
        let NewLeadSource { code, kind, name_zh, name_en, effective_from, effective_until } = new;
        let (code, name_zh, name_en) = (code.into_string(), name_zh.into_string(), name_en.into_string());
        Self { id, code, kind, name_zh, name_en, effective_from, effective_until, version: 1 }.told("create")
    }
    /// Other names, or a last day.
    pub fn update(self, patch: LeadSourcePatch) -> Result<Change<Self>, LeadSourceRule> {
        let LeadSourcePatch { name_zh, name_en, effective_until } = patch;
        let mut next = self;
        next.name_zh = name_zh.map_or(next.name_zh, wire::Name::into_string);
        next.name_en = name_en.map_or(next.name_en, wire::Name::into_string);
        next.effective_until = effective_until.or(next.effective_until);
        next.version += 1;
        next.told("update")
    }
    /// Must leads of it name who referred them?
    pub fn referral(&self) -> bool {
        matches!(self.kind, Kind::CustomerReferral | Kind::PartnerReferral)
    }
    /// May a lead of this day and referrer name it?
    pub fn accepts(&self, day: Day, referrer: Option<AccountId>) -> Result<(), LeadSourceRule> {
        let code = self.code.clone();
        if day < self.effective_from || self.effective_until.is_some_and(|until| day > until) {
            return Err(LeadSourceRule::NotEffective { code, day });
        }
        if self.referral() && referrer.is_none() { Err(LeadSourceRule::Referrer { code }) } else { Ok(()) }
    }
    fn told(self, action: &'static str) -> Result<Change<Self>, LeadSourceRule> {
        if self.effective_until.is_some_and(|until| until < self.effective_from) {
            return Err(LeadSourceRule::Days);
        }
        let Self { id, code, kind, effective_from, effective_until, version, .. } = self.clone();
        let event = LeadSourceChanged { id, code, kind, effective_from, effective_until, version };
        Ok(Change::new(action, self).emit(&event))
    }
}

/// May a lead of this day name this channel and this referrer? The channel where there is one of this `code`; the referrer with
/// whether there is such a customer.
pub fn check(
    source: Option<&LeadSource>,
    code: &str,
    referrer: Option<(AccountId, bool)>,
    day: Day,
) -> platform::Result<()> {
    let source = source.ok_or_else(|| LeadSourceRule::Unknown { code: code.to_owned() })?;
    source.accepts(day, referrer.map(|(id, _)| id))?;
    match referrer {
        Some((id, false)) => Err(ApiError::absent("/referrer_account_id", "account", id)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Patched;

    fn source(kind: Kind, until: Option<&str>) -> Result<Change<LeadSource>, LeadSourceRule> {
        let new = NewLeadSource {
            code: "x".parse().unwrap(),
            kind,
            name_zh: "渠道".parse().unwrap(),
            name_en: "Channel".parse().unwrap(),
            effective_from: "2026-03-02".parse().unwrap(),
            effective_until: until.map(|day| day.parse().unwrap()),
        };
        LeadSource::add(LeadSourceId(uuid::Uuid::nil()), new)
    }

    #[test]
    fn crm_06_a_channel_holds_from_its_first_day_to_its_last() {
        let source = source(Kind::Online, Some("2026-03-04")).unwrap().after().clone();
        let on = |day: &str| source.accepts(day.parse().unwrap(), None).is_ok();
        assert_eq!(["2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05"].map(on), [false, true, true, false]);
    }

    #[test]
    fn crm_06_days_are_in_order_and_changes_are_told() {
        assert_eq!(source(Kind::Online, Some("2026-03-01")).unwrap_err(), LeadSourceRule::Days);
        let one_day = source(Kind::Online, Some("2026-03-02")).unwrap();
        assert_eq!(one_day.event_types(), ["crm.lead_source.changed.v1"]);
        let patch = LeadSourcePatch {
            effective_until: Patched::New("2026-03-01".parse().unwrap()),
            ..LeadSourcePatch::default()
        };
        assert_eq!(one_day.after().clone().update(patch).unwrap_err(), LeadSourceRule::Days);
    }

    #[test]
    fn crm_06_referrals_name_who_referred() {
        let day: Day = "2026-03-02".parse().unwrap();
        for &kind in Kind::ALL {
            let source = source(kind, None).unwrap().after().clone();
            let referral = matches!(kind.as_str(), "customer_referral" | "partner_referral");
            assert_eq!(source.accepts(day, None).is_err(), referral, "{kind}");
            assert!(source.accepts(day, Some(AccountId(uuid::Uuid::nil()))).is_ok(), "{kind}");
        }
    }
}
