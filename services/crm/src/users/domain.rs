//! The rules of the directory. Pure: no async, no clock, no SQL.
use crate::schema::users;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, auth::Role};
use serde::Serialize;
use wire::{
    Moment, Ownership,
    crm::{DirectoryStatus as Status, UserChanged, UserId, UserProfile, UserSnapshot},
    json::Kept,
};

/// The row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct User {
    pub id: UserId,
    pub reference: String,
    pub name: String,
    pub roles: Kept<Vec<String>>,
    pub department: Option<String>,
    pub team: Option<String>,
    pub status: Status,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(User, "user", UserId; row: this, case: none, unowned);

platform::rules!(
    /// Why a person is refused.
    UserRule {
        Roles { count: usize } => "user.roles", Invalid, "a person has 1 to 21 roles, not {count}", "人员应有 1 至 21 个角色，实际为 {count} 个", at "/roles";
        Role { index: usize, role: String } => "user.role", Invalid, "{role} is no role", "{role} 不是有效角色", at "/roles/{index}";
    }
);

impl Machine for User {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "user",
        transitions: &[
            Transition::new("deactivate", &["active"], &["inactive"]),
            Transition::automatic("update", &["active", "inactive"], &["active"]),
        ],
        labels: Status::labels(),
    };
}

impl User {
    /// Someone joins.
    pub fn join(id: UserId, reference: String, profile: UserProfile, by: &Stamp) -> Result<Change<Self>, UserRule> {
        let UserProfile { name, roles, department, team } = profile;
        let user = Self {
            id,
            reference,
            name: name.into_string(),
            roles: Kept(known(roles)?),
            department: department.map(wire::Code::into_string),
            team: team.map(wire::Code::into_string),
            status: Status::Active,
            created_at: by.at,
            version: 1,
        };
        let event = UserChanged(user.snapshot());
        Ok(Change::new("create", user).emit(&event))
    }
    /// They moved, took other roles, or came back; `None` where nothing is new.
    pub fn update(self, profile: UserProfile) -> Result<Option<Change<Self>>, UserRule> {
        let UserProfile { name, roles, department, team } = profile;
        let next = Self {
            name: name.into_string(),
            roles: Kept(known(roles)?),
            department: department.map(wire::Code::into_string),
            team: team.map(wire::Code::into_string),
            status: Status::Active,
            ..self.clone()
        };
        if next == self {
            return Ok(None);
        }
        Ok(Some(next.told("update")))
    }
    /// They left: nobody asks them any more.
    pub fn deactivate(self) -> Result<Change<Self>, Refused> {
        self.may("deactivate")?;
        Ok(Self { status: Status::Inactive, ..self }.told("deactivate"))
    }
    /// Whose rows are theirs.
    pub fn ownership(&self) -> Ownership {
        let Self { reference, team, department, .. } = self.clone();
        Ownership { owner_id: Some(reference), team_id: team, department_id: department }
    }
    /// As other services keep them.
    pub fn snapshot(&self) -> UserSnapshot {
        let Self { id, reference, name, roles, department, team, status, created_at: _, version } = self.clone();
        UserSnapshot {
            id,
            reference,
            name,
            roles: roles.0,
            department,
            team,
            active: status == Status::Active,
            version,
        }
    }
    fn told(mut self, action: &'static str) -> Change<Self> {
        self.version += 1;
        let event = UserChanged(self.snapshot());
        Change::new(action, self).emit(&event)
    }
}

/// Only words of the grants' table, sorted, none twice.
fn known(roles: Vec<wire::Code>) -> Result<Vec<String>, UserRule> {
    if roles.is_empty() || roles.len() > Role::ALL.len() {
        return Err(UserRule::Roles { count: roles.len() });
    }
    for (index, role) in roles.iter().enumerate() {
        if role.as_str().parse::<Role>().is_err() {
            return Err(UserRule::Role { index, role: role.to_string() });
        }
    }
    let mut words: Vec<String> = roles.into_iter().map(wire::Code::into_string).collect();
    words.sort_unstable();
    words.dedup();
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by() -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: "user:ops".into(), ownership: Ownership::default() }
    }
    fn profile(roles: &[&str]) -> UserProfile {
        let roles = roles.iter().map(|role| role.parse().unwrap()).collect();
        UserProfile { name: "王芳".parse().unwrap(), roles, department: None, team: None }
    }
    fn joined(roles: &[&str]) -> Result<Change<User>, UserRule> {
        User::join(UserId(uuid::Uuid::nil()), "wang".into(), profile(roles), &by())
    }

    #[test]
    fn plt_23_the_whole_life_on_one_screen() {
        let user = joined(&["sales_rep"]).unwrap();
        assert_eq!(user.event_types(), ["crm.user.changed.v1"]);
        let user = user.after().clone();
        assert!(user.clone().update(profile(&["sales_rep"])).unwrap().is_none(), "the same again is no change");
        let moved = user.clone().update(profile(&["sales_manager", "sales_rep", "sales_rep"])).unwrap().unwrap();
        assert_eq!((moved.after().version, moved.after().roles.0.len()), (2, 2));
        let left = user.deactivate().unwrap().after().clone();
        assert!(!left.snapshot().active);
        assert!(left.clone().deactivate().is_err());
        let back = left.update(profile(&["sales_rep"])).unwrap().unwrap();
        assert!(back.after().snapshot().active, "who is upserted again is back");
        let known = |transition: &&Transition| transition.action == "update" && transition.from.contains(&"inactive");
        assert!(User::MACHINE.transitions.iter().any(|transition| known(&transition)), "and the machine knows it");
    }

    #[test]
    fn plt_23_roles_are_words_of_the_table() {
        assert_eq!(joined(&[]).unwrap_err(), UserRule::Roles { count: 0 });
        assert_eq!(joined(&["sales_rep", "king"]).unwrap_err(), UserRule::Role { index: 1, role: "king".into() });
        assert!(joined(&["sales_rep"; 21]).is_ok());
        assert_eq!(joined(&["sales_rep"; 22]).unwrap_err(), UserRule::Roles { count: 22 });
    }
}
