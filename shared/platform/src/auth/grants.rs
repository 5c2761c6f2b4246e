//! Who may do what: the table of `grants.txt`, parsed once. Deny by default: what is not in the table, nobody may do.
//! Not the decision about one row: the caller compares the scope with the row's owner, team and department.
use super::roles::Role;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::OnceLock,
};

/// How far a permission reaches (ruling 17). Ordered: a wider scope holds every row of a narrower one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Rows whose `owner_id` is the caller.
    Own,
    /// Rows of the caller's team.
    Team,
    /// Rows of the caller's department.
    Department,
    /// Every row; the only scope that reaches rows without an owner (master data).
    All,
}

impl Scope {
    /// From the narrowest to the widest: the columns of the table.
    pub const ALL: [Scope; 4] = [Scope::Own, Scope::Team, Scope::Department, Scope::All];
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Department => "department",
            Self::All => "all",
        })
    }
}

/// Who acts at one step of the chain from lead to revisit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The operation's id, e.g. `submit_quote` (ruling 4).
    pub step: &'static str,
    /// The role that acts.
    pub role: Role,
    /// The permission that the step asks for; the role holds it.
    pub permission: &'static str,
}

type Cells = Vec<(Role, Scope)>;

/// A row `*.entity.verb` holds in each of these (ruling 1).
const SERVICES: [&str; 6] = ["crm", "quoting", "contracts", "orders", "procurement", "aftersales"];

#[derive(Debug)]
struct Table {
    grants: BTreeMap<String, Cells>,
    public: BTreeSet<&'static str>,
    chain: Vec<Step>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        parse(include_str!("grants.txt")).expect("grants.txt is compiled in and a test of this file parses it")
    })
}

/// The widest scope that the caller's roles have for this permission; `None` is a refusal.
pub fn grant(roles: &[Role], permission: &str) -> Option<Scope> {
    let cells = table().grants.get(permission)?;
    cells.iter().filter(|(role, _)| roles.contains(role)).map(|&(_, scope)| scope).max()
}

/// Is it anybody's, without an account? What a link opens, its token decides.
pub fn is_public(permission: &str) -> bool {
    table().public.contains(permission)
}

/// Every permission of the table that is somebody's, in alphabetical order.
pub fn permissions() -> impl Iterator<Item = &'static str> {
    table().grants.keys().map(String::as_str)
}

/// Who holds a permission and how far, in the order of the roles; empty when nobody does.
pub fn who(permission: &str) -> &'static [(Role, Scope)] {
    table().grants.get(permission).map_or(&[], Vec::as_slice)
}

/// Who acts at each step of the chain, from the lead to the revisit.
pub fn chain() -> &'static [Step] {
    &table().chain
}

/// Reads the table; its format stands at the head of `grants.txt`. The error names the line, counted from 1.
fn parse(text: &'static str) -> Result<Table, String> {
    let mut groups = HashMap::new();
    let mut table = Table { grants: BTreeMap::new(), public: BTreeSet::new(), chain: Vec::new() };
    for (number, line) in (1..).zip(text.lines()) {
        parse_line(line.trim(), &mut groups, &mut table).map_err(|what| format!("line {number}: {what}"))?;
    }
    Ok(table)
}

fn parse_line(
    line: &'static str,
    groups: &mut HashMap<&'static str, Vec<Role>>,
    table: &mut Table,
) -> Result<(), String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    if let Some((name, members)) = line.split_once('=') {
        let members = roles_of(members, groups)?;
        let name = name.trim();
        if !name.starts_with('@') || groups.insert(name, members).is_some() {
            return Err(format!("{name} is no group's name, or stands twice"));
        }
        return Ok(());
    }
    let columns: Vec<&'static str> = line.split('|').map(str::trim).collect();
    match columns[..] {
        [permission, own, team, department, all] => {
            let cells = cells_of([own, team, department, all], groups)?;
            for permission in expand(permission)? {
                if table.grants.insert(permission.clone(), cells.clone()).is_some() {
                    return Err(format!("{permission} stands twice"));
                }
            }
        }
        [permission, "public"] if !permission.starts_with('*') => {
            expand(permission)?;
            if !table.public.insert(permission) {
                return Err(format!("{permission} stands twice"));
            }
        }
        [step, role, permission] if is_word(step) => {
            let role = role.parse::<Role>().map_err(|unknown| unknown.to_string())?;
            expand(permission)?;
            table.chain.push(Step { step, role, permission });
        }
        _ => return Err("a grant has five columns, a step of the chain three".into()),
    }
    match table.public.iter().find(|permission| table.grants.contains_key(**permission)) {
        Some(permission) => Err(format!("{permission} is public, and somebody's")),
        None => Ok(()),
    }
}

/// One permission, or the same one in each service.
fn expand(permission: &str) -> Result<Vec<String>, String> {
    let parts: Vec<_> = permission.split('.').collect();
    match parts[..] {
        ["*", entity, verb] if is_word(entity) && is_word(verb) => {
            Ok(SERVICES.iter().map(|service| format!("{service}.{entity}.{verb}")).collect())
        }
        [service, entity, verb] if SERVICES.contains(&service) && is_word(entity) && is_word(verb) => {
            Ok(vec![permission.to_owned()])
        }
        _ => Err(format!("{permission} is not service.entity.verb")),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// The four cells of a row, in the order of the roles. A role stands in one cell; `*` is every role not named in another.
fn cells_of(columns: [&str; 4], groups: &HashMap<&'static str, Vec<Role>>) -> Result<Cells, String> {
    let mut cells = BTreeMap::new();
    let mut rest = None;
    for (column, scope) in columns.into_iter().zip(Scope::ALL) {
        if column == "*" {
            if rest.replace(scope).is_some() {
                return Err("* stands twice".into());
            }
            continue;
        }
        for role in roles_of(column, groups)? {
            if cells.insert(role, scope).is_some() {
                return Err(format!("{role} stands twice"));
            }
        }
    }
    if let Some(scope) = rest {
        for &role in Role::ALL {
            cells.entry(role).or_insert(scope);
        }
    }
    if cells.is_empty() {
        return Err("granted to nobody".into());
    }
    Ok(cells.into_iter().collect())
}

fn roles_of(words: &str, groups: &HashMap<&'static str, Vec<Role>>) -> Result<Vec<Role>, String> {
    let mut roles = Vec::new();
    for word in words.split_whitespace() {
        if word.starts_with('@') {
            roles.extend(groups.get(word).ok_or_else(|| format!("unknown group: {word}"))?);
        } else {
            roles.push(word.parse::<Role>().map_err(|unknown| unknown.to_string())?);
        }
    }
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Auditor, Ceo, CustomerService, DepartmentHead, Ops, SalesManager, SalesRep, Warehouse};

    #[test]
    fn the_table_is_well_formed_and_every_role_is_in_it() {
        let table = parse(include_str!("grants.txt")).unwrap();
        for &role in Role::ALL {
            let named = table
                .grants
                .values()
                .any(|cells| cells.len() < Role::ALL.len() && cells.iter().any(|(held, _)| *held == role));
            assert!(named, "{role} holds nothing of its own");
        }
        for service in SERVICES {
            for generic in [
                "approval.approve",
                "approval.reject",
                "policy.publish",
                "policy.simulate",
                "delegation.create",
                "audit.read",
                "parked.retry",
                "calendar.read",
                "state_machine.read",
                "numbering.update",
            ] {
                assert!(!who(&format!("{service}.{generic}")).is_empty(), "{service}.{generic}");
            }
        }
    }

    #[test]
    fn what_is_not_in_the_table_nobody_may_do() {
        assert_eq!(grant(Role::ALL, "crm.lead.destroy"), None);
        assert_eq!(grant(Role::ALL, "*.audit.read"), None);
        assert_eq!(grant(Role::ALL, ""), None);
        assert_eq!(grant(&[], "crm.calendar.read"), None);
        assert_eq!(grant(&[Warehouse], "quoting.quote.issue"), None);
        assert!(who("crm.lead.destroy").is_empty());
    }

    #[test]
    fn what_is_public_is_no_roles_and_lies_behind_a_link() {
        let public: Vec<&str> = table().public.iter().copied().collect();
        let verbs = ["accept", "ask", "decline", "read"].map(|verb| format!("quoting.shared_proposal.{verb}"));
        assert_eq!(public, verbs);
        assert!(public.iter().all(|permission| who(permission).is_empty() && is_public(permission)));
        assert!(!is_public("quoting.proposal.read") && !is_public(""));
    }

    #[test]
    fn the_widest_scope_of_all_roles_wins() {
        assert_eq!(grant(&[SalesRep], "crm.lead.read"), Some(Scope::Own));
        assert_eq!(grant(&[SalesRep, SalesManager], "crm.lead.read"), Some(Scope::Team));
        assert_eq!(grant(&[DepartmentHead, SalesRep], "crm.lead.read"), Some(Scope::Department));
        assert_eq!(grant(&[SalesRep, Ceo, SalesManager], "crm.lead.read"), Some(Scope::All));
        assert!(Scope::Own < Scope::Team && Scope::Team < Scope::Department && Scope::Department < Scope::All);
    }

    #[test]
    fn the_auditor_reads_all_and_changes_nothing() {
        for permission in permissions() {
            let reads = permission.rsplit_once('.').is_some_and(|(_, verb)| verb == "read");
            assert_eq!(grant(&[Auditor], permission), reads.then_some(Scope::All), "{permission}");
        }
    }

    #[test]
    fn maker_and_checker_are_different_roles() {
        let pairs = [
            ("quoting.cost_sheet.create", "quoting.cost_sheet.verify"),
            ("orders.order.create", "orders.finance_review.complete"),
            ("contracts.receipt.allocate", "contracts.receipt.reverse"),
            ("contracts.template.create", "contracts.template.approve"),
        ];
        for (make, check) in pairs {
            for &role in Role::ALL {
                assert!(
                    grant(&[role], make).is_none() || grant(&[role], check).is_none(),
                    "{role}: {make} and {check}"
                );
            }
        }
        assert_eq!(grant(&[Ops], "crm.policy.publish"), None);
        assert_eq!(grant(&[CustomerService], "quoting.approval.approve"), None);
    }

    #[test]
    fn each_step_of_the_chain_is_taken_by_a_role_that_may() {
        assert!(chain().len() > 30);
        for Step { step, role, permission } in chain() {
            assert!(grant(&[*role], permission).is_some(), "{step}: {role} lacks {permission}");
        }
        assert_eq!(chain()[0].step, "create_lead");
    }

    #[test]
    fn a_malformed_table_is_refused_with_its_line() {
        let refused = [
            ("crm.lead.read | ceo | | |\ncrm.lead.read | | ceo | |", "line 2: crm.lead.read stands twice"),
            ("crm.lead.read | boss | | |", "line 1: unknown role: boss"),
            ("crm.lead.read | @friends | | |", "line 1: unknown group: @friends"),
            ("crm.lead.read | ceo | ceo | |", "line 1: ceo stands twice"),
            ("crm.lead.read | * | | | *", "line 1: * stands twice"),
            ("crm.lead.read | | | |", "line 1: granted to nobody"),
            ("crm.lead | ceo | | |", "line 1: crm.lead is not service.entity.verb"),
            ("hr.lead.read | ceo | | |", "line 1: hr.lead.read is not service.entity.verb"),
            ("crm.Lead.read | ceo | | |", "line 1: crm.Lead.read is not service.entity.verb"),
            ("crm.lead.read | ceo", "line 1: a grant has five columns, a step of the chain three"),
            ("*.audit.read | ceo | | |\norders.audit.read | ceo | | |", "line 2: orders.audit.read stands twice"),
            ("crm.lead.read | public\ncrm.lead.read | public", "line 2: crm.lead.read stands twice"),
            ("crm.lead.read | ceo | | |\ncrm.lead.read | public", "line 2: crm.lead.read is public, and somebody's"),
            ("*.lead.read | public", "line 1: a grant has five columns, a step of the chain three"),
            ("crm.lead | public", "line 1: crm.lead is not service.entity.verb"),
            ("boss = ceo", "line 1: boss is no group's name, or stands twice"),
        ];
        for (text, error) in refused {
            assert_eq!(parse(text).unwrap_err(), error, "{text}");
        }
        let table = parse("@top = ceo\n*.audit.read | * | | | @top auditor").unwrap();
        assert_eq!(table.grants.len(), SERVICES.len());
        assert_eq!(table.grants["crm.audit.read"].iter().filter(|(_, scope)| *scope == Scope::All).count(), 2);
    }
}
