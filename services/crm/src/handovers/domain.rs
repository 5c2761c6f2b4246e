//! The rules of handovers (CRM-51). Pure: no async, no clock, no SQL.
use crate::{schema::handovers, users::domain::User};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use std::collections::HashSet;
use wire::{
    Moment,
    crm::{
        DirectoryStatus, HandoverActivated, HandoverPerson, HandoverReverted, HandoverStatus as Status, NewHandover,
    },
    handover::{HandoverId, HandoverScope},
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = handovers, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Handover {
    pub id: HandoverId,
    pub number: String,
    pub status: Status,
    pub from_user: String,
    pub to_user: String,
    pub scopes: Kept<Vec<HandoverScope>>,
    pub starts_at: Moment,
    pub ends_at: Option<Moment>,
    pub reason: String,
    pub created_by: String,
    pub created_at: Moment,
    pub activated_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    /// The leaver, in their team and department.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub version: i32,
}
platform::entity!(Handover, "handover", HandoverId; row: this, case: none, owned);

platform::rules!(
    /// Why a handover is refused.
    HandoverRule {
        Same => "handover.same", Invalid, "nobody hands over to themselves", "不能移交给本人", at "/to";
        From { reference: String } => "handover.from", Invalid, "the directory does not know {reference}", "人员目录中没有 {reference}", at "/from";
        To { reference: String } => "handover.to", Invalid, "nobody active is called {reference} in the directory", "人员目录中没有在职人员 {reference}", at "/to";
        Scopes => "handover.scopes", Invalid, "name 1 to 9 scopes, each once", "请填写 1 至 9 个移交范围，不可重复", at "/scopes";
        Window => "handover.window", Invalid, "the window ends after it starts, and in the future", "结束时间必须晚于开始时间和当前时间", at "/ends_at";
        Taken { number: String } => "handover.taken", Conflict, "{number} passes some of this work on already", "{number} 已移交其中部分工作", at "/scopes";
        Gone { reference: String } => "handover.gone", Conflict, "{reference} works here no more", "{reference} 已不在职";
        Moving => "handover.moving", Conflict, "its work has not passed on yet: make it permanent when it has", "工作尚未移交完成，完成后才能改为永久移交";
        Over => "handover.over", Conflict, "its window is over: plan another one", "移交时段已过，请重新计划";
    }
);

impl Machine for Handover {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "handover",
        transitions: &[
            Transition::new("activate", &["planned"], &["active"]),
            Transition::new("cancel", &["planned"], &["cancelled"]),
            Transition::new("revert", &["active"], &["reverted"]),
            Transition::new("make_permanent", &["active"], &["permanent"]),
        ],
        labels: Status::labels(),
    };
}

impl Handover {
    /// Plans one. `from` may have left already; `others` are their handovers that are planned or active.
    pub fn plan(
        id: HandoverId,
        number: String,
        new: NewHandover,
        (from, to): (&User, &User),
        others: &[Self],
        by: &Stamp,
    ) -> Result<Change<Self>, HandoverRule> {
        let NewHandover { from: _, to: _, scopes, starts_at, ends_at, reason } = new;
        if from.reference == to.reference {
            return Err(HandoverRule::Same);
        }
        if to.status != DirectoryStatus::Active {
            return Err(HandoverRule::To { reference: to.reference.clone() });
        }
        let distinct: HashSet<HandoverScope> = scopes.iter().copied().collect();
        if scopes.is_empty() || distinct.len() != scopes.len() {
            return Err(HandoverRule::Scopes);
        }
        if ends_at.is_some_and(|end| end <= starts_at || end <= by.at) {
            return Err(HandoverRule::Window);
        }
        if let Some(other) = others.iter().find(|other| other.scopes.0.iter().any(|scope| distinct.contains(scope))) {
            return Err(HandoverRule::Taken { number: other.number.clone() });
        }
        let owner = from.ownership();
        let handover = Self {
            id,
            number,
            status: Status::Planned,
            from_user: from.reference.clone(),
            to_user: to.reference.clone(),
            scopes: Kept(scopes),
            starts_at,
            ends_at,
            reason: reason.into_string(),
            created_by: by.actor.clone(),
            created_at: by.at,
            activated_at: None,
            ended_at: None,
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            version: 1,
        };
        Ok(Change::new("create", handover))
    }
    /// It begins: every service passes on what it has. `to` is the deputy as the directory knows them now.
    pub fn activate(self, to: &User, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("activate")?;
        self.can_begin(to, by)?;
        let next = Self { status: Status::Active, activated_at: Some(by.at), ..self.next() };
        let event = HandoverActivated {
            handover_id: next.id,
            number: next.number.clone(),
            from: next.from_user.clone(),
            to: HandoverPerson {
                reference: to.reference.clone(),
                team: to.team.clone(),
                department: to.department.clone(),
            },
            scopes: next.scopes.0.clone(),
        };
        Ok(Change::new("activate", next).emit(&event))
    }
    /// What has come in the way since it was planned. No other handover has: none is planned that shares a scope with it.
    pub fn can_begin(&self, to: &User, by: &Stamp) -> Result<(), HandoverRule> {
        if to.status != DirectoryStatus::Active {
            return Err(HandoverRule::Gone { reference: to.reference.clone() });
        }
        if self.ends_at.is_some_and(|end| end <= by.at) {
            return Err(HandoverRule::Over);
        }
        Ok(())
    }
    /// They are back, or the window is over: what the deputy still has goes back.
    pub fn revert(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("revert")?;
        let next = self.ended(Status::Reverted, by);
        let Self { id, number, from_user, to_user, .. } = next.clone();
        let event = HandoverReverted { handover_id: id, number, from: from_user, to: to_user };
        Ok(Change::new("revert", next).emit(&event))
    }
    /// What has not passed on cannot stay there: `passed_on` = crm's part of the work has. The other services begin when crm does.
    pub fn can_stay(passed_on: bool) -> Result<(), HandoverRule> {
        if passed_on { Ok(()) } else { Err(HandoverRule::Moving) }
    }
    /// They will not come back: the work stays where it is.
    pub fn make_permanent(self, reason: String, passed_on: bool, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("make_permanent")?;
        Self::can_stay(passed_on)?;
        Ok(Change::new("make_permanent", self.ended(Status::Permanent, by)).because(reason))
    }
    /// It will not begin.
    pub fn cancel(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        Ok(Change::new("cancel", self.ended(Status::Cancelled, by)).because(reason))
    }
    fn ended(self, status: Status, by: &Stamp) -> Self {
        Self { status, ended_at: Some(by.at), ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
