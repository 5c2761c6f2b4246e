//! Who else could see to a piece of work: the manager, the next colleague. Pure: the directory's people are passed in.
use super::domain::User;

/// Roles that lead a team or a department, nearest first.
const LEADING: &[&str] =
    &["sales_manager", "procurement_manager", "finance_manager", "finance_director", "department_head"];

/// The one to whom `owner` answers: a leader of the team, otherwise a head among the department's people.
#[must_use]
pub fn manager_of<'a>(team: &'a [User], department: &'a [User], owner: &str) -> Option<&'a User> {
    let others = |people: &'a [User]| people.iter().filter(move |person| person.reference != owner);
    let leading = LEADING.iter().find_map(|role| others(team).find(|person| has_role(person, role)));
    leading.or_else(|| others(department).find(|person| has_role(person, "department_head")))
}

/// The colleague of the team who takes over from `owner`: the next after them by reference, in a circle, of those who share a
/// role with them; any who sells, where the directory does not know `owner`.
#[must_use]
pub fn successor_of<'a>(team: &'a [User], owner: &str) -> Option<&'a User> {
    let known = team.iter().find(|person| person.reference == owner);
    let roles: Vec<&str> =
        known.map_or(vec!["sales_rep"], |person| person.roles.0.iter().map(String::as_str).collect());
    let mut able: Vec<&User> = team.iter().filter(|person| person.reference != owner).collect();
    able.retain(|person| roles.iter().any(|role| has_role(person, role)));
    able.sort_by(|one, other| one.reference.cmp(&other.reference));
    able.iter().find(|person| person.reference.as_str() > owner).or(able.first()).copied()
}

/// Does someone have a role that leads others?
#[must_use]
pub fn is_leader(person: &User) -> bool {
    let above = ["general_manager", "vice_president", "ceo"];
    LEADING.iter().chain(&above).any(|role| has_role(person, role))
}

/// Does someone have this role?
#[must_use]
pub fn has_role(person: &User, role: &str) -> bool {
    person.roles.0.iter().any(|known| known == role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::{
        Moment,
        crm::{DirectoryStatus, UserId},
        json::Kept,
    };

    fn person(reference: &str, role: &str) -> User {
        User {
            id: UserId(uuid::Uuid::nil()),
            reference: reference.into(),
            name: reference.into(),
            roles: Kept(vec![role.into()]),
            department: None,
            team: None,
            status: DirectoryStatus::Active,
            created_at: Moment::new("2026-03-02T01:00:00Z".parse().unwrap()),
            version: 1,
        }
    }
    fn name(found: Option<&User>) -> &str {
        found.map_or("", |person| person.reference.as_str())
    }

    #[test]
    fn crm_26_the_manager_is_the_teams_otherwise_the_departments_head() {
        let team = [person("ann", "sales_rep"), person("bob", "sales_manager")];
        let department = [person("ann", "sales_rep"), person("eve", "department_head")];
        assert_eq!(name(manager_of(&team, &department, "ann")), "bob");
        assert_eq!(name(manager_of(&team, &department, "bob")), "eve", "nobody answers to themselves");
        assert_eq!(name(manager_of(&team[..1], &department[..1], "ann")), "");
        assert!(is_leader(&team[1]) && !is_leader(&team[0]) && is_leader(&person("zoe", "ceo")));
    }

    #[test]
    fn crm_26_the_next_colleague_takes_over_in_a_circle() {
        let team = [
            person("cat", "sales_rep"),
            person("ann", "sales_rep"),
            person("bob", "sales_manager"),
            person("dan", "sales_rep"),
        ];
        assert_eq!(name(successor_of(&team, "ann")), "cat", "a manager is no colleague");
        assert_eq!(name(successor_of(&team, "dan")), "ann");
        assert_eq!(name(successor_of(&team, "gone")), "ann", "who has left shares no role, so any who sells");
        assert_eq!(name(successor_of(&team, "bob")), "");
        assert_eq!(name(successor_of(&team[1..2], "ann")), "");
    }
}
