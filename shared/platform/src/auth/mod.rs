//! Who is asking and what they may see. Tokens are proved in `jwt`, the table of grants is `grants.txt`.
//! Deny by default: a permission that is not in the table is nobody's.
pub mod grants;
mod jwks;
mod jwt;
pub mod keys;
mod leavers;
mod roles;
mod unauthorized;

pub use grants::Scope;
pub use jwt::{AuthSettings, Claims, Unauthorized, Verifier, bearer};
pub(crate) use leavers::Leavers;
pub use roles::Role;

use crate::{ApiError, Language};
use wire::Ownership;

/// A signed-in caller, as one service sees them.
#[derive(Debug, Clone)]
pub struct Caller {
    pub service: &'static str,
    pub user: String,
    pub roles: Vec<Role>,
    pub department: Option<String>,
    pub team: Option<String>,
    pub language: Language,
}

/// No claim and no row can say this: control characters are refused in both. (Postgres would refuse a NUL in turn.)
const NOBODY: &str = "\u{1}nobody";

impl Caller {
    /// Someone without an account: of no role, and the owner of nothing.
    pub(crate) fn guest(service: &'static str, language: Language) -> Self {
        Self { service, user: NOBODY.to_owned(), roles: Vec::new(), department: None, team: None, language }
    }
    /// What a permission lets this caller see: `None` = nothing.
    #[must_use]
    pub fn sight(&self, permission: &str) -> Option<Sight> {
        let nobody = || NOBODY.to_owned();
        grants::grant(&self.roles, permission).map(|scope| match scope {
            Scope::All => Sight::All,
            Scope::Department => Sight::Department(self.department.clone().unwrap_or_else(nobody)),
            Scope::Team => Sight::Team(self.team.clone().unwrap_or_else(nobody)),
            Scope::Own => Sight::Own(self.user.clone()),
        })
    }
    /// Refuses (403) whoever lacks it.
    pub fn require(&self, permission: &str) -> Result<Sight, ApiError> {
        self.sight(permission).ok_or_else(|| ApiError::Forbidden(permission.to_owned()))
    }
    /// What the audit log calls them.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("user:{}", self.user)
    }
    /// Whose rows this caller makes.
    #[must_use]
    pub fn ownership(&self) -> Ownership {
        Ownership {
            owner_id: Some(self.user.clone()),
            team_id: self.team.clone(),
            department_id: self.department.clone(),
        }
    }
}

/// The rows a permission opens: every list filters by it, every addressed row is checked against it (404 if outside).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    All,
    Department(String),
    Team(String),
    Own(String),
}

impl Sight {
    /// `None` = a kind that belongs to nobody. A row that lost its owner is seen by scope `all` only, as in lists.
    #[must_use]
    pub fn sees(&self, row: Option<&Ownership>) -> bool {
        let Some(row) = row else { return true };
        match self {
            Self::All => true,
            Self::Department(department) => row.department_id.as_ref() == Some(department),
            Self::Team(team) => row.team_id.as_ref() == Some(team),
            Self::Own(user) => row.owner_id.as_ref() == Some(user),
        }
    }
}

/// Adds the row scope to a boxed query over a table with `owner_id`, `team_id`, `department_id`.
#[macro_export]
macro_rules! scoped {
    ($query:expr, $table:ident, $sight:expr) => {
        match $sight {
            $crate::Sight::All => $query,
            $crate::Sight::Department(department) => $query.filter($table::department_id.eq(department.clone())),
            $crate::Sight::Team(team) => $query.filter($table::team_id.eq(team.clone())),
            $crate::Sight::Own(user) => $query.filter($table::owner_id.eq(user.clone())),
        }
    };
}
