//! As whom a caller may speak: for themselves, and for those who are absent and lent them their seats (PLT-29).
use super::{Approval, delegations, permission, rules::Voter};
use crate::{Caller, Conn, Entity, Language, Result, Sight, auth::Role, replica};
use wire::{Moment, crm::UserSnapshot};

/// One person's standing.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    /// Who speaks.
    pub user: String,
    /// For whom, if not for themselves.
    pub on_behalf_of: Option<String>,
    pub roles: Vec<Role>,
    /// How far the principal's right to decide reaches.
    pub sight: Sight,
    /// Of these policies only; empty: of all.
    pub policy_keys: Vec<String>,
}

impl Stand {
    /// Whose seat it is.
    pub fn principal(&self) -> &str {
        self.on_behalf_of.as_deref().unwrap_or(&self.user)
    }
    /// For the rules.
    pub fn voter(&self) -> Voter<'_> {
        Voter { user: &self.user, on_behalf_of: self.on_behalf_of.as_deref(), roles: &self.roles }
    }
    /// Does this standing reach the document in question?
    pub fn reaches(&self, approval: &Approval) -> bool {
        let lent = self.policy_keys.is_empty() || self.policy_keys.contains(&approval.policy_key);
        lent && self.sight.sees(approval.ownership().as_ref())
    }
}

/// All standings of a caller at an instant, their own first; none of who decides nothing.
pub(super) async fn of(conn: &mut Conn, caller: &Caller, at: Moment) -> Result<Vec<Stand>> {
    let permission = permission(caller.service);
    let own = caller.sight(&permission).map(|sight| Stand {
        user: caller.user.clone(),
        on_behalf_of: None,
        roles: caller.roles.clone(),
        sight,
        policy_keys: Vec::new(),
    });
    let mut stands: Vec<Stand> = own.into_iter().collect();
    let lent = delegations::to(conn, &caller.user, at).await?;
    if lent.is_empty() {
        return Ok(stands);
    }
    let absent: Vec<&str> = lent.iter().map(|delegation| delegation.from_user.as_str()).collect();
    let people: Vec<UserSnapshot> = replica::find_by_keys(conn, &absent).await?;
    for delegation in &lent {
        let Some(person) = people.iter().find(|person| person.active && person.reference == delegation.from_user)
        else {
            continue;
        };
        let absent = person_of(caller.service, person.clone());
        let Some(sight) = absent.sight(&permission) else { continue };
        stands.push(Stand {
            user: caller.user.clone(),
            on_behalf_of: Some(absent.user),
            roles: absent.roles,
            sight,
            policy_keys: delegation.policy_keys.clone(),
        });
    }
    Ok(stands)
}

/// Someone of the directory, as one service would see them.
#[must_use]
pub fn person_of(service: &'static str, user: UserSnapshot) -> Caller {
    Caller {
        service,
        user: user.reference,
        roles: user.roles.iter().filter_map(|role| role.parse().ok()).collect(),
        department: user.department,
        team: user.team,
        language: Language::default(),
    }
}
