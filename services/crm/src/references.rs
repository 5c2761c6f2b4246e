//! References that come with a request: a row by another system's id, a colleague by their name in the directory.
use crate::{
    departments,
    users::{self, domain::User},
};
use platform::{ApiError, Conn, Result};
use wire::{ExternalRef, Ownership};

/// `{system}/{reference}` of a path.
pub fn parse((system, reference): (String, String)) -> Result<ExternalRef> {
    Ok(ExternalRef {
        system: system.parse().map_err(|why: String| ApiError::field("system", why))?,
        id: reference.parse().map_err(|why: String| ApiError::field("reference", why))?,
    })
}

/// The references of a body with that of the path first, none twice.
#[must_use]
pub fn with_path(reference: ExternalRef, mut others: Vec<ExternalRef>) -> Vec<ExternalRef> {
    others.retain(|other| *other != reference);
    others.insert(0, reference);
    others
}

/// Someone of the directory who works here; 422 at `pointer` for anybody else.
pub async fn colleague(conn: &mut Conn, pointer: &str, reference: &str) -> Result<()> {
    active(conn, pointer, reference).await.map(drop)
}

/// Whose rows a named colleague's are; 422 at `pointer`, the field that names them, for someone who is not in the directory or has
/// left.
pub async fn ownership_at(conn: &mut Conn, pointer: &str, reference: &str) -> Result<Ownership> {
    Ok(active(conn, pointer, reference).await?.ownership())
}

/// Whose rows those of a team as a whole are: the team's, in the department in which the directory has its people. 422 at `pointer`
/// for a team of nobody, and for one whose people are of several departments: whose it is, the directory must say first.
pub async fn team_at(conn: &mut Conn, pointer: &str, team: &str) -> Result<Ownership> {
    let departments = users::departments_of(conn, team).await?;
    let department_id = match &departments[..] {
        [] => return Err(ApiError::field(pointer, format!("nobody active in the directory is of team {team}"))),
        [department] => department.clone(),
        _ => {
            let message = format!("the people of team {team} are of several departments; mend it in the directory");
            return Err(ApiError::field(pointer, message));
        }
    };
    Ok(Ownership { owner_id: None, team_id: Some(team.to_owned()), department_id })
}

/// Whose rows those of a department as a whole are; 422 at `pointer` for one that is not in the directory.
pub async fn department_at(conn: &mut Conn, pointer: &str, code: &str) -> Result<Ownership> {
    if !departments::exists(conn, code).await? {
        return Err(ApiError::field(pointer, format!("there is no department {code} in the directory")));
    }
    Ok(Ownership { owner_id: None, team_id: None, department_id: Some(code.to_owned()) })
}

async fn active(conn: &mut Conn, pointer: &str, reference: &str) -> Result<User> {
    let nobody = || ApiError::field(pointer, format!("nobody active is called {reference} in the directory"));
    users::find_active(conn, reference).await?.ok_or_else(nobody)
}
