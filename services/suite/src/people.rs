//! The people of a development instance: who has which role, in which department and team. The same for tokens that are
//! printed and for those that the demo uses, so that a row made by one can be seen by the other. Not a directory: crm is.
use platform::auth::{Claims, Role};

/// How many people have each role: an approval needs someone besides its maker.
pub const PEOPLE_A_ROLE: usize = 2;

/// The department (and team) that a role belongs to.
#[must_use]
pub const fn department(role: Role) -> &'static str {
    match role {
        Role::SalesRep | Role::SalesManager | Role::DepartmentHead => "sales",
        Role::CustomerService => "customer_service",
        Role::Technical => "technical",
        Role::FinanceSpecialist | Role::FinanceManager | Role::FinanceDirector => "finance",
        Role::Legal | Role::Archivist => "legal",
        Role::Buyer | Role::ProcurementManager => "purchasing",
        Role::Warehouse => "warehouse",
        Role::Quality => "quality",
        Role::Production => "production",
        Role::GeneralManager | Role::VicePresident | Role::Ceo | Role::Auditor => "management",
        Role::Ops | Role::Integration => "it",
    }
}

/// Where the n-th person of a role sits: the second department head is purchasing's.
#[must_use]
pub const fn place(role: Role, number: usize) -> &'static str {
    match (role, number) {
        (Role::DepartmentHead, 2) => department(Role::Buyer),
        _ => department(role),
    }
}

/// The reference (`sub`) of the n-th person of a role, counted from 1.
#[must_use]
pub fn reference(role: Role, number: usize) -> String {
    format!("{role}-{number}")
}

/// What the token of the n-th person of these roles says; the first role decides on name and place.
#[must_use]
pub fn claims(roles: &[Role], number: usize) -> Claims {
    let first = roles.first().copied();
    let place = first.map(|role| place(role, number).to_owned());
    Claims {
        sub: first.map_or_else(|| format!("nobody-{number}"), |role| reference(role, number)),
        roles: roles.to_vec(),
        department: place.clone(),
        team: place,
        name: first.map(|role| format!("{} {number}", role.label_zh_cn())),
    }
}
