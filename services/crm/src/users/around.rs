//! People around those of whom a job has many to look at: a team and a department is asked for once, however many of its people are
//! late. No SQL.
use super::{
    domain::User,
    people::{manager_of, successor_of},
    store::{of_department, of_team},
};
use platform::{Conn, Result};
use std::collections::{HashMap, hash_map::Entry};
use wire::Ownership;

/// Teams and departments that were asked for.
#[derive(Debug, Default)]
pub struct Around {
    teams: HashMap<String, Vec<User>>,
    departments: HashMap<String, Vec<User>>,
}

impl Around {
    /// To whom the owner of a row answers; nobody, where nobody has it.
    pub async fn manager(&mut self, conn: &mut Conn, of: &Ownership) -> Result<Option<String>> {
        let Some(owner) = of.owner_id.as_deref() else { return Ok(None) };
        if let Some(leader) = manager_of(self.team(conn, of).await?, &[], owner) {
            return Ok(Some(leader.reference.clone()));
        }
        let Some(department) = of.department_id.as_deref() else { return Ok(None) };
        let there = match self.departments.entry(department.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(of_department(conn, Some(department)).await?),
        };
        let head = manager_of(&[], there, owner);
        Ok(head.map(|person| person.reference.clone()))
    }
    /// The colleague who takes over from the owner of a row.
    pub async fn successor(&mut self, conn: &mut Conn, of: &Ownership) -> Result<Option<Ownership>> {
        let Some(owner) = of.owner_id.as_deref() else { return Ok(None) };
        Ok(successor_of(self.team(conn, of).await?, owner).map(User::ownership))
    }
    async fn team(&mut self, conn: &mut Conn, of: &Ownership) -> Result<&[User]> {
        let Some(team) = of.team_id.as_deref() else { return Ok(&[]) };
        let there = match self.teams.entry(team.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(of_team(conn, team).await?),
        };
        Ok(there.as_slice())
    }
}
