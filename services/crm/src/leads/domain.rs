//! The rules of leads (CRM-01, 07, 08, 12, 13). Pure: no async, no clock, no SQL.
use crate::{
    lead_pool::domain::{Claimant, LeadPoolRule},
    names::{name_key, phone_key},
    schema::leads,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, unchanged};
use serde::Serialize;
use wire::{
    CaseId, EmailAddress, ExternalRef, Moment, Ownership, Phone,
    crm::{
        AccountId, ContactId, ContactLead, LeadClaimed, LeadClass, LeadContacted, LeadConverted, LeadCreated,
        LeadDisqualified, LeadDuplicateDetected, LeadId, LeadIdleWarned, LeadPatch, LeadPooled, LeadQualified,
        LeadScore, LeadScored, LeadScreened, LeadSnapshot, LeadStatus as Status, LeadTouch, LeadUpdated, NewLead,
        OpportunityId, PartyType, PoolReason, QualifyLead, ScoringModelId, ScreenLead, ScreeningResult,
    },
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = leads, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Lead {
    pub id: LeadId,
    pub number: String,
    pub status: Status,
    pub case_id: CaseId,
    pub party_type: PartyType,
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub phone_key: Option<String>,
    pub contact_email: Option<String>,
    pub region: Option<String>,
    pub source: String,
    pub referrer_account_id: Option<AccountId>,
    pub need: Option<String>,
    pub class: Option<LeadClass>,
    pub score: Option<Kept<LeadScore>>,
    pub scoring_model_id: Option<ScoringModelId>,
    pub touches: Kept<Vec<LeadTouch>>,
    pub reason: Option<String>,
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    pub opportunity_id: Option<OpportunityId>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub merged_into_id: Option<LeadId>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    /// When somebody worked on it last.
    pub touched_at: Moment,
    pub warned_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Lead, "lead", LeadId; row: this, case: some, owned);

platform::rules!(
    /// Why a lead is refused.
    LeadRule {
        Refs { count: usize } => "lead.external_refs", Invalid, "at most 20 references are kept, not {count}", "最多保存 20 个外部编号，实际为 {count} 个", at "/external_refs";
        Class => "lead.class", Invalid, "a lead that passes needs a class", "通过筛选的线索必须分类", at "/class";
        Reason => "lead.reason", Invalid, "a lead that is rejected needs a reason", "淘汰线索必须说明原因", at "/reason";
        Need => "lead.need", Invalid, "say what they need", "请填写需求", at "/need";
        Touches => "lead.touches", Conflict, "500 talks are kept at most", "最多保存 500 条沟通记录";
        Contact => "lead.contact", Invalid, "name whom to ask there", "请填写联系人", at "/contact_name";
        MergeSelf => "lead.merge_self", Invalid, "a lead cannot be merged into itself", "线索不能与自身合并", at "/into_id";
        MergeInto { number: String } => "lead.merge_into", Conflict, "{number} is not being worked on", "线索 {number} 不在跟进中", at "/into_id";
        PoolReason => "lead.pool_reason", Invalid, "idle is said by nobody but the clock", "idle 仅由系统按期限使用", at "/reason_code";
        Account => "lead.account", Conflict, "the customer is invalid", "该客户已失效", at "/account_id";
        AccountMerged { number: String, into: String } => "lead.account_merged", Conflict, "{number} was merged into {into}: name that one", "客户 {number} 已并入 {into}，请改选 {into}", at "/account_id";
        AccountPurged { number: String } => "lead.account_purged", Conflict, "what was known of {number} was purged: name another customer", "客户 {number} 的资料已清除，请改选其他客户", at "/account_id";
    }
);

/// Talks that a lead keeps at most.
pub(super) const MOST_TOUCHES: usize = 500;
/// References that a lead keeps at most.
pub(super) const MOST_REFS: usize = 20;
const OPEN: &[&str] = &["new", "screened", "contacted", "qualified"];

impl Machine for Lead {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "lead",
        transitions: &[
            Transition::new("update", OPEN, OPEN),
            Transition::new("score", OPEN, OPEN),
            Transition::new("screen", &["new"], &["screened", "disqualified"]),
            Transition::new("contact", &["screened", "contacted"], &["contacted"]),
            Transition::new("qualify", &["contacted"], &["qualified"]),
            Transition::new("convert", &["qualified"], &["converted"]),
            Transition::new("disqualify", &["new", "screened", "contacted", "qualified", "pooled"], &["disqualified"]),
            Transition::new("pool", OPEN, &["pooled"]),
            Transition::new("claim", &["pooled"], &["new"]),
            Transition::new("merge", &["new", "screened", "contacted", "qualified", "pooled"], &["merged"]),
            Transition::automatic("warn_idle", OPEN, OPEN),
        ],
        labels: Status::labels(),
    };
    /// So many talks are kept.
    fn admits(&self, action: &str, _actor: &str) -> platform::Result<()> {
        let full = action == "contact" && self.touches.0.len() >= MOST_TOUCHES;
        if full { Err(LeadRule::Touches.into()) } else { Ok(()) }
    }
}

impl Lead {
    /// A new lead, which opens the case `case_id`. `account` = the known customer it belongs to; `known` = it looks like
    /// one that is known and is taken in nevertheless.
    pub fn open(
        id: LeadId,
        number: String,
        case_id: CaseId,
        new: NewLead,
        account: Option<AccountId>,
        known: bool,
        by: &Stamp,
    ) -> Result<Change<Self>, LeadRule> {
        let NewLead {
            party_type,
            name,
            contact_name,
            contact_phone,
            contact_email,
            region,
            source,
            referrer_account_id,
            need,
            external_refs,
            on_duplicate: _,
            duplicate_of: _,
        } = new;
        if external_refs.len() > MOST_REFS {
            return Err(LeadRule::Refs { count: external_refs.len() });
        }
        let lead = Self {
            id,
            number,
            status: Status::New,
            case_id,
            party_type,
            name_key: name_key(name.as_str()),
            name: name.into_string(),
            contact_name: contact_name.map(wire::Name::into_string),
            phone_key: contact_phone.as_ref().and_then(|phone| phone_key(phone.as_str())),
            contact_phone: contact_phone.map(Phone::into_string),
            contact_email: contact_email.map(EmailAddress::into_string),
            region: region.map(wire::Name::into_string),
            source: source.into_string(),
            referrer_account_id,
            need: need.map(wire::Note::into_string),
            class: None,
            score: None,
            scoring_model_id: None,
            touches: Kept(Vec::new()),
            reason: None,
            account_id: account,
            contact_id: None,
            opportunity_id: None,
            external_refs: Kept(external_refs),
            merged_into_id: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            touched_at: by.at,
            warned_at: None,
            version: 1,
        };
        let created = LeadCreated(lead.snapshot());
        let detected = LeadDuplicateDetected(lead.snapshot());
        let change = Change::new("create", lead).emit(&created);
        Ok(if known { change.emit(&detected) } else { change })
    }

    /// Changes what the patch names.
    pub fn update(self, patch: LeadPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let LeadPatch { name, contact_name, contact_phone, contact_email, region, need } = patch;
        let (known, mut next) = (self.clone(), self.next());
        if let Some(name) = name {
            next.name_key = name_key(name.as_str());
            next.name = name.into_string();
        }
        next.contact_phone = contact_phone.over(next.contact_phone, Phone::into_string);
        next.phone_key = next.contact_phone.as_deref().and_then(phone_key);
        next.contact_name = contact_name.over(next.contact_name, wire::Name::into_string);
        next.contact_email = contact_email.over(next.contact_email, EmailAddress::into_string);
        next.region = region.over(next.region, wire::Name::into_string);
        next.need = need.over(next.need, wire::Note::into_string);
        if next.status == Status::Qualified && next.need.is_none() {
            return Err(LeadRule::Need.into());
        }
        if !unchanged(&known, &next) {
            // Nothing said is no work done.
            (next.touched_at, next.warned_at) = (by.at, None);
        }
        let event = LeadUpdated(next.snapshot());
        Ok(Change::new("update", next).emit(&event))
    }
    /// The first look (CRM-08).
    pub fn screen(self, said: ScreenLead, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("screen")?;
        let reason = said.reason.map(wire::Label::into_string);
        let status = self.status;
        let mut next = self.worked_on(status, by);
        next.reason.clone_from(&reason);
        match said.result {
            ScreeningResult::Pass => {
                (next.status, next.class) = (Status::Screened, Some(said.class.ok_or(LeadRule::Class)?));
            }
            ScreeningResult::Reject => {
                reason.as_ref().ok_or(LeadRule::Reason)?;
                (next.status, next.class) = (Status::Disqualified, said.class);
            }
        }
        let event = LeadScreened(next.snapshot());
        let change = Change::new("screen", next).emit(&event);
        Ok(match reason {
            Some(reason) => change.because(reason),
            None => change,
        })
    }
    /// Its rating by the active model, or by a new one.
    pub fn score(self, score: LeadScore) -> Result<Change<Self>, Refused> {
        self.may("score")?;
        let mut next = self.next();
        (next.scoring_model_id, next.score) = (Some(score.scoring_model_id), Some(Kept(score)));
        let event = LeadScored(next.snapshot());
        Ok(Change::new("score", next).emit(&event))
    }
    /// A talk took place (CRM-12).
    pub fn contact(self, talk: ContactLead, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("contact")?;
        self.admits("contact", &by.actor)?;
        let mut next = self.worked_on(Status::Contacted, by);
        next.touches.0.push(LeadTouch {
            channel: talk.channel,
            outcome: talk.outcome.into_string(),
            by: by.actor.clone(),
            at: by.at,
        });
        let event = LeadContacted(next.snapshot());
        Ok(Change::new("contact", next).emit(&event))
    }
    /// The need is clear and meant.
    pub fn qualify(self, said: QualifyLead, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("qualify")?;
        let mut next = self.worked_on(Status::Qualified, by);
        next.need = said.need.map(wire::Note::into_string).or(next.need);
        next.need.as_ref().ok_or(LeadRule::Need)?;
        let event = LeadQualified(next.snapshot());
        Ok(Change::new("qualify", next).emit(&event))
    }
    /// It became these (CRM-13).
    pub fn convert(
        self,
        account: AccountId,
        contact: ContactId,
        opportunity: OpportunityId,
    ) -> Result<Change<Self>, Refused> {
        self.may("convert")?;
        let mut next = self.to(Status::Converted);
        (next.account_id, next.contact_id, next.opportunity_id) = (Some(account), Some(contact), Some(opportunity));
        let event = LeadConverted(next.snapshot());
        Ok(Change::new("convert", next).emit(&event))
    }
    /// Nothing will come of it.
    pub fn disqualify(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("disqualify")?;
        let mut next = self.to(Status::Disqualified);
        next.reason = Some(reason.clone());
        let event = LeadDisqualified(next.snapshot());
        Ok(Change::new("disqualify", next).emit(&event).because(reason))
    }
    /// Nobody works on it: the department's pool has it.
    pub fn pool(self, reason_code: PoolReason, reason: String) -> Result<Change<Self>, Refused> {
        self.may("pool")?;
        let mut next = self.to(Status::Pooled);
        let holder = next.owner_id.take();
        (next.team_id, next.warned_at, next.reason) = (None, None, Some(reason.clone()));
        let event = LeadPooled { lead: next.snapshot(), reason_code, holder };
        Ok(Change::new("pool", next).emit(&event).because(reason))
    }
    /// Its holder has until `due_at` to work on it.
    pub fn warn_idle(self, due_at: Moment, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("warn_idle")?;
        let next = Self { warned_at: Some(by.at), ..self.next() };
        let Self { id, number, owner_id: holder, version, .. } = next.clone();
        Ok(Change::new("warn_idle", next).emit(&LeadIdleWarned { id, number, holder, due_at, version }))
    }
    /// Out of the pool, as far as its limits let this person: it is theirs, and begins anew.
    pub fn claim(self, limits: &LeadPoolRule, who: &Claimant, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("claim")?;
        limits.admit(who, by.at)?;
        let Ownership { owner_id, team_id, department_id } = by.ownership.clone();
        let next = Self { owner_id, team_id, department_id, reason: None, ..self.worked_on(Status::New, by) };
        let event = LeadClaimed(next.snapshot());
        Ok(Change::new("claim", next).emit(&event))
    }
    /// What others need of it.
    pub fn snapshot(&self) -> LeadSnapshot {
        let Self {
            id,
            number,
            case_id,
            name,
            source,
            status,
            class,
            score,
            account_id,
            contact_id,
            opportunity_id,
            version,
            ..
        } = self.clone();
        let score = score.map(|kept| kept.0.total);
        LeadSnapshot {
            id,
            number,
            case_id,
            name,
            source,
            status: status.to_string(),
            class,
            score,
            account_id,
            contact_id,
            opportunity_id,
            version,
        }
    }

    /// Somebody else has it from now on: their time to work on it begins now, and nobody has warned them.
    pub fn begin_anew(&mut self, by: &Stamp) {
        (self.touched_at, self.warned_at) = (by.at, None);
    }
    fn worked_on(self, status: Status, by: &Stamp) -> Self {
        Self { touched_at: by.at, warned_at: None, ..self.to(status) }
    }
    pub(super) fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    pub(super) fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
