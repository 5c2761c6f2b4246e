//! The rules of target lists (CRM-10). Pure: no async, no clock, no SQL.
use crate::schema::target_lists;
use diesel::prelude::*;
use platform::{
    Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    Moment,
    crm::{
        NewTargetList, SegmentId, SegmentStatus, TargetListApproved, TargetListId, TargetListStatus as Status,
        TargetMember, TargetSubjectId,
    },
    json::Kept,
};

/// Members of a list at most.
pub const MOST_MEMBERS: usize = 500;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = target_lists, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct TargetList {
    pub id: TargetListId,
    pub number: String,
    pub status: Status,
    pub name: String,
    pub segment_id: Option<SegmentId>,
    pub members: Kept<Vec<TargetMember>>,
    pub created_by: String,
    /// Who wrote in it: none of them approves it.
    pub makers: Makers,
    pub approved_by: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(TargetList, "target_list", TargetListId; row: this, case: none, owned);

platform::rules!(
    /// Why a list is refused.
    TargetListRule {
        Members { count: usize } => "target_list.members", Invalid, "a list has at most 500 members, not {count}", "名单最多 500 个成员，实际为 {count} 个", at "/members";
        Segment { status: SegmentStatus } => "target_list.segment", Conflict, "the segment is {status}: a list takes the members of an active one", "细分状态为 {status}，名单只能取自已启用的细分", at "/segment_id";
        SegmentMembers { count: i64 } => "target_list.segment_members", Invalid, "the segment has {count} members whom you may see, a list at most 500: narrow the segment, or name them", "细分中您可见的成员有 {count} 个，名单最多 500 个，请缩小细分范围或逐一指定", at "/segment_id";
        Twice { id: Uuid } => "target_list.twice", Invalid, "{id} stands on the list already", "{id} 已在名单中", at "/members";
        Absent { id: Uuid } => "target_list.absent", Invalid, "{id} does not stand on the list", "{id} 不在名单中", at "/ids";
        Maker => "target_list.maker", Forbidden, "whoever drafted or changed a list does not approve it", "名单的制定人和修改人不能批准该名单";
    }
);

impl Machine for TargetList {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "target_list",
        transitions: &[
            Transition::new("add_members", &["draft"], &["draft"]),
            Transition::new("remove_members", &["draft"], &["draft"]),
            Transition::new("approve", &["draft"], &["approved"]),
            Transition::new("activate", &["approved"], &["active"]),
            Transition::new("close", &["active"], &["closed"]),
        ],
        labels: Status::labels(),
    };
    /// Nobody approves an empty list.
    fn gates(&self, action: &str) -> Vec<Closed> {
        let empty = action == "approve" && self.members.0.is_empty();
        let closed = || Closed::new("no_members", "put somebody on the list", "请先添加成员");
        empty.then(closed).into_iter().collect()
    }
    /// Nobody passes what they wrote in.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let own = action == "approve" && makers::wrote(&self.makers, actor);
        if own { Err(TargetListRule::Maker.into()) } else { Ok(()) }
    }
}

impl TargetList {
    /// A draft.
    pub fn draft(
        id: TargetListId,
        number: String,
        new: NewTargetList,
        members: Vec<TargetMember>,
        by: &Stamp,
    ) -> Result<Change<Self>, TargetListRule> {
        let list = Self {
            id,
            number,
            status: Status::Draft,
            name: new.name.into_string(),
            segment_id: new.segment_id,
            members: Kept(once(members)?),
            created_by: by.actor.clone(),
            makers: makers::begun(by),
            approved_by: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", list))
    }
    /// More on a draft.
    pub fn put_on(self, members: Vec<TargetMember>, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("add_members")?;
        let mut next = self.next();
        next.members = Kept(once([next.members.0, members].concat())?);
        next.makers = makers::joined(next.makers, by);
        Ok(Change::new("add_members", next))
    }
    /// Fewer on a draft.
    pub fn take_off(self, ids: &[TargetSubjectId], by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("remove_members")?;
        let mut next = self.next();
        let absent = ids.iter().find(|id| next.members.0.iter().all(|member| member.id != id.0));
        if let Some(id) = absent {
            return Err(TargetListRule::Absent { id: id.0 }.into());
        }
        next.members.0.retain(|member| !ids.contains(&TargetSubjectId(member.id)));
        next.makers = makers::joined(next.makers, by);
        Ok(Change::new("remove_members", next))
    }
    /// It is settled; by another than whoever drafted or changed it.
    pub fn approve(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("approve")?;
        self.admits("approve", &by.actor)?;
        let next = Self { approved_by: Some(by.actor.clone()), ..self.to(Status::Approved) };
        let (number, name, member_count) = (next.number.clone(), next.name.clone(), next.members.0.len());
        let event = TargetListApproved { target_list_id: next.id, number, name, member_count };
        Ok(Change::new("approve", next).emit(&event))
    }
    /// It is worked on.
    pub fn activate(self) -> Result<Change<Self>, Refused> {
        self.may("activate")?;
        Ok(Change::new("activate", self.to(Status::Active)))
    }
    /// No longer.
    pub fn close(self) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        Ok(Change::new("close", self.to(Status::Closed)))
    }

    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn once(members: Vec<TargetMember>) -> Result<Vec<TargetMember>, TargetListRule> {
    if members.len() > MOST_MEMBERS {
        return Err(TargetListRule::Members { count: members.len() });
    }
    let mut known = HashSet::new();
    match members.iter().find(|member| !known.insert(member.id)) {
        Some(member) => Err(TargetListRule::Twice { id: member.id }),
        None => Ok(members),
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
