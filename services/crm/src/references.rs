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
        system: system.parse().map_err(|why| ApiError::unreadable("system", why))?,
        id: reference.parse().map_err(|why| ApiError::unreadable("reference", why))?,
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
/// for a team of nobody, and for one whose people are not all of one department: whose it is, the directory must say first.
pub async fn team_at(conn: &mut Conn, pointer: &str, team: &str) -> Result<Ownership> {
    let departments = users::departments_of(conn, team).await?;
    let department_id = match &departments[..] {
        [] => {
            let english = format!("nobody active in the directory is of team {team}");
            return Err(ApiError::field(pointer, english, format!("通讯录中团队 {team} 没有在职人员")));
        }
        [department] => department.clone(),
        _ => {
            let english = format!("the people of team {team} are not all of one department; mend it in the directory");
            return Err(ApiError::field(
                pointer,
                english,
                format!("团队 {team} 的人员分属不同部门，请先在通讯录中更正"),
            ));
        }
    };
    Ok(Ownership { owner_id: None, team_id: Some(team.to_owned()), department_id })
}

/// Whose rows those of a department as a whole are; 422 at `pointer` for one that is not in the directory.
pub async fn department_at(conn: &mut Conn, pointer: &str, code: &str) -> Result<Ownership> {
    if !departments::exists(conn, code).await? {
        return Err(ApiError::absent(pointer, "department", code));
    }
    Ok(Ownership { owner_id: None, team_id: None, department_id: Some(code.to_owned()) })
}

async fn active(conn: &mut Conn, pointer: &str, reference: &str) -> Result<User> {
    users::find_active(conn, reference).await?.ok_or_else(|| nobody(pointer, reference))
}

/// Whoever is named does not work here.
pub fn nobody(pointer: &str, reference: &str) -> ApiError {
    let english = format!("nobody active is called {reference} in the directory");
    ApiError::field(pointer, english, format!("通讯录中没有在职人员 {reference}"))
}
