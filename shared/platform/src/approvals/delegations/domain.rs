//! The life of a delegation: `scheduled → active → ended`, or `revoked`; whom one may lend one's seats to. Pure.
use crate::{
    Change, Entity, Machine, MachineInfo, Refused, Stamp, Transition,
    auth::{Role, grants},
    calendar::Calendar,
    schema::delegations,
};
use diesel::prelude::*;
use jiff::Unit;
use serde::Serialize;
use wire::{
    CaseId, Code, Day, Moment, Ownership,
    delegation::{DelegationId, DelegationStatus as Status, NewDelegation},
    facts::{DelegationActivated, DelegationEnded},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = delegations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Delegation {
    pub id: DelegationId,
    pub from_user: String,
    pub to_user: String,
    pub first_day: Day,
    pub last_day: Day,
    pub policy_keys: Vec<String>,
    pub reason: String,
    pub status: Status,
    pub created_by: String,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
    pub version: i32,
}

impl Entity for Delegation {
    const KIND: &'static str = "delegation";
    type Id = DelegationId;
    fn id(&self) -> DelegationId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn status(&self) -> &'static str {
        self.status.as_str()
    }
    fn case_id(&self) -> Option<CaseId> {
        None
    }
    /// The absent person's.
    fn ownership(&self) -> Option<Ownership> {
        Some(Ownership { owner_id: Some(self.from_user.clone()), ..Ownership::default() })
    }
}

impl Machine for Delegation {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "delegation",
        transitions: &[
            Transition::automatic("activate", &["scheduled"], &["active"]),
            Transition::automatic("end", &["scheduled", "active"], &["ended"]),
            Transition::new("revoke", &["scheduled", "active"], &["revoked"]),
        ],
        labels: Status::labels(),
    };
}

crate::rules!(
    /// Why a delegation is refused.
    DelegationRule {
        Others => "delegation.not_yours", Forbidden, "you lend your own seats; operations does it for others", "只能委托本人的审批权；代他人委托由系统运维办理", at "/from";
        Oneself => "delegation.oneself", Invalid, "nobody is their own delegate", "不能委托给本人", at "/to";
        ToOneself => "delegation.to_yourself", Forbidden, "nobody lends themselves another's seat; someone else of operations does it", "不得将他人的审批权委托给自己，请由其他运维人员办理", at "/to";
        Unknown { pointer: &'static str, person: String } => "delegation.unknown_person", Invalid, "nobody active in the directory is called {person}", "通讯录中没有在职人员 {person}", at "/{pointer}";
        MayNot { pointer: &'static str, person: String } => "delegation.may_not_decide", Invalid, "{person} decides no approvals here", "{person} 在此无审批权限", at "/{pointer}";
        Window { most: i32 } => "delegation.window", Invalid, "the last day is not before the first and at most {most} days after it", "结束日不得早于开始日，且最多相隔 {most} 天", at "/last_day";
        Past => "delegation.past", Invalid, "the first day is past", "开始日已过", at "/first_day";
        Keys => "delegation.policy_keys", Invalid, "at most 20 policies, each once", "审批策略最多 20 个，且不得重复", at "/policy_keys";
        UnknownKey { at: usize, key: String } => "delegation.unknown_policy", Invalid, "there is no policy {key} here", "没有审批策略 {key}", at "/policy_keys/{at}";
    }
);

/// Days that a delegation lasts at most.
const MOST_DAYS: i32 = 366;

/// Someone of the directory.
pub struct Person {
    pub reference: String,
    pub roles: Vec<Role>,
}

/// Who takes part, as far as the directory knows them.
pub struct Parties {
    pub from: Option<Person>,
    pub to: Option<Person>,
    /// The policies that there are.
    pub known_keys: Vec<String>,
}

impl Delegation {
    /// Lends seats from a day on. `from` = whose.
    pub fn lend(
        id: DelegationId,
        from: String,
        new: NewDelegation,
        parties: &Parties,
        service: &str,
        by: &Stamp,
    ) -> Result<Change<Self>, DelegationRule> {
        let NewDelegation { from: _, to, first_day, last_day, policy_keys, reason } = new;
        let to = to.into_string();
        if from == to {
            return Err(DelegationRule::Oneself);
        }
        if by.actor.strip_prefix("user:") == Some(&to) {
            return Err(DelegationRule::ToOneself);
        }
        let permission = crate::approvals::permission(service);
        decides("from", &from, parties.from.as_ref(), &permission)?;
        decides("to", &to, parties.to.as_ref(), &permission)?;
        let today = by.today();
        if first_day < today {
            return Err(DelegationRule::Past);
        }
        let length = first_day.0.until((Unit::Day, last_day.0)).map_or(i32::MAX, |span| span.get_days());
        if !(0..=MOST_DAYS).contains(&length) {
            return Err(DelegationRule::Window { most: MOST_DAYS });
        }
        let delegation = Self {
            id,
            from_user: from,
            to_user: to,
            first_day,
            last_day,
            policy_keys: keys(policy_keys, &parties.known_keys)?,
            reason: reason.into_string(),
            status: if first_day == today { Status::Active } else { Status::Scheduled },
            created_by: by.actor.clone(),
            created_at: by.at,
            ended_at: None,
            version: 1,
        };
        let (active, activated) = (delegation.status == Status::Active, delegation.activated());
        let change = Change::new("create", delegation).because(activated.reason.clone());
        Ok(if active { change.tell(service, &activated) } else { change })
    }

    /// What the days have made of it.
    pub fn turn(self, service: &str, now: Moment) -> Result<Change<Self>, Refused> {
        if self.last_day < Calendar::china().day(now) {
            self.may("end")?;
            let ended = self.ended(false);
            return Ok(Change::new("end", self.closed(Status::Ended, now)).tell(service, &ended));
        }
        self.may("activate")?;
        let activated = self.activated();
        let next = Self { status: Status::Active, version: self.version + 1, ..self };
        Ok(Change::new("activate", next).tell(service, &activated))
    }

    /// Taken back before the time.
    pub fn revoke(self, reason: String, service: &str, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("revoke")?;
        let ended = self.ended(true);
        Ok(Change::new("revoke", self.closed(Status::Revoked, by.at)).tell(service, &ended).because(reason))
    }

    fn closed(self, status: Status, at: Moment) -> Self {
        Self { status, ended_at: Some(at), version: self.version + 1, ..self }
    }
    fn activated(&self) -> DelegationActivated {
        DelegationActivated {
            delegation_id: self.id,
            from: self.from_user.clone(),
            to: self.to_user.clone(),
            policy_keys: self.policy_keys.clone(),
            reason: self.reason.clone(),
        }
    }
    fn ended(&self, revoked: bool) -> DelegationEnded {
        DelegationEnded { delegation_id: self.id, from: self.from_user.clone(), to: self.to_user.clone(), revoked }
    }
}

/// Both sides are in the directory and decide approvals here.
fn decides(pointer: &'static str, name: &str, person: Option<&Person>, permission: &str) -> Result<(), DelegationRule> {
    let Some(person) = person else { return Err(DelegationRule::Unknown { pointer, person: name.to_owned() }) };
    if grants::grant(&person.roles, permission).is_none() {
        return Err(DelegationRule::MayNot { pointer, person: person.reference.clone() });
    }
    Ok(())
}

fn keys(wanted: Vec<Code>, known: &[String]) -> Result<Vec<String>, DelegationRule> {
    let wanted: Vec<String> = wanted.into_iter().map(Code::into_string).collect();
    let twice = wanted.iter().enumerate().any(|(at, key)| wanted[..at].contains(key));
    if wanted.len() > 20 || twice {
        return Err(DelegationRule::Keys);
    }
    match wanted.iter().position(|key| !known.contains(key)) {
        Some(at) => Err(DelegationRule::UnknownKey { at, key: wanted[at].clone() }),
        None => Ok(wanted),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
