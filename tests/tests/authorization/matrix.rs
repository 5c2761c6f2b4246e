//! Every operation × every role × every relation between caller and row, each cell against what the table of grants says:
//! 403 without the permission, 404 for a row outside the scope, anything else inside it. The operations are the document's.
//!
//! Cells that the table treats alike (the same operation, the same scope, the same relation) share a request. Whoever has the
//! permission asks in person, so that each role is seen to have it; those who lack it ask as one person of all their roles: if
//! one of these had it, that person would. Every scope, and the refusal, is asked in every relation. Nothing is changed by asking: what is asked inside the
//! scope comes with a stale `If-Match`, without its key, or with a body that nobody can read.
use super::{Ground, Person, ground, owners::Owned, owners::Owners};
use crate::walk::{PAGE, first_rows, items, list_paths, service_of};
use crate::{
    sample::sample,
    spec::{MERGED, guarded},
    sweep::{asked, filled},
};
use futures_util::{StreamExt, stream};
use platform::auth::{Role, Scope, grants};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Instant,
};
use uuid::Uuid;

/// How the caller stands to the row, from the nearest to the farthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    Own,
    SameTeam,
    SameDepartment,
    OtherDepartment,
    /// The row is nobody's, and the caller of no team and no department: nothing equals nothing, and yet is not the same.
    Unassigned,
    /// There is no row to stand to.
    Any,
}
use Relation::{Any, OtherDepartment, Own, SameDepartment, SameTeam, Unassigned};

/// How an operation is asked.
enum Ask {
    /// A row by its id.
    Row { path: String, id: String },
    /// A list; its rows are looked at.
    List,
    /// Something else: only the permission can be told.
    Other { path: String },
}

struct Operation {
    template: &'static str,
    method: Method,
    permission: &'static str,
    body: Option<Value>,
    ask: Ask,
    relations: Vec<Relation>,
    /// The one to whom callers are own, of the same team, and so on.
    whose: Person,
}

/// One request: someone of these roles, who has the permission as far as `scope` says, asks.
struct Probe<'a> {
    operation: &'a Operation,
    roles: String,
    scope: Option<Scope>,
    relation: Relation,
    /// The longest page to ask for, where a list is asked for.
    limit: usize,
}

/// Who asks for a list in which nothing is anybody's.
fn anybody() -> Person {
    Person::of("sales_rep-1", "sales", "sales")
}

fn every(ground: &Ground) -> Vec<Operation> {
    let lists: BTreeSet<&str> = list_paths().collect();
    guarded().map(|(template, method, operation)| Operation::of(ground, &lists, template, method, operation)).collect()
}

impl Operation {
    fn of(
        ground: &Ground,
        lists: &BTreeSet<&str>,
        template: &'static str,
        method: &str,
        operation: &'static Value,
    ) -> Self {
        let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let (ask, row) = if method == "get" && lists.contains(template) {
            let row = ground.rows(template).iter().find(|row| is_somebodys(ground, template, row));
            (Ask::List, row.and_then(|row| owned(&ground.owners, template, row)))
        } else {
            Ask::of(ground, template, &parameters)
        };
        let relations = match (&ask, row) {
            (Ask::Other { .. }, _) => vec![Any],
            // Master data: nobody's from the start.
            (Ask::Row { .. }, None) => vec![Unassigned],
            (Ask::Row { .. }, Some(row)) if !row.can_be_nobodys => vec![Own, SameTeam, SameDepartment, OtherDepartment],
            _ => vec![Own, SameTeam, SameDepartment, OtherDepartment, Unassigned],
        };
        Self {
            template,
            method: method.to_uppercase().parse().expect("a method"),
            permission: operation["x-permission"].as_str().unwrap_or(""),
            body: (!schema.is_null()).then(|| match ask {
                Ask::Row { .. } => sample(schema, &MERGED),
                _ => json!([]),
            }),
            ask,
            relations,
            whose: row.map_or_else(anybody, |row| Person(row.owner.clone())),
        }
    }
    /// The requests that tell its cells.
    fn probes(&self) -> Vec<Probe<'_>> {
        let mut classes = BTreeMap::<Option<Scope>, Vec<Role>>::new();
        for &role in Role::ALL {
            classes.entry(grants::grant(&[role], self.permission)).or_default().push(role);
        }
        let mut probes = Vec::new();
        for (scope, roles) in classes {
            let words: Vec<&str> = roles.into_iter().map(Role::as_str).collect();
            let askers =
                if scope.is_some() { words.iter().map(ToString::to_string).collect() } else { vec![words.join(" ")] };
            for turn in 0..askers.len().max(self.relations.len()) {
                let (roles, relation) =
                    (askers[turn % askers.len()].clone(), self.relations[turn % self.relations.len()]);
                // Another role of the same scope would get the same long page.
                let limit = if turn < self.relations.len() { PAGE } else { 1 };
                probes.push(Probe { operation: self, roles, scope, relation, limit });
            }
        }
        probes
    }
    fn cells(&self) -> usize {
        Role::ALL.len() * self.relations.len()
    }
    fn asker(&self, relation: Relation) -> Person {
        let row = &self.whose.0;
        match relation {
            Own | Any => self.whose.clone(),
            SameTeam => Person::of("matrix-colleague", &row.department, &row.team),
            SameDepartment => Person::of("matrix-neighbour", &row.department, "matrix-team"),
            OtherDepartment => Person::of("matrix-stranger", "matrix-department", "matrix-team"),
            Unassigned => Person::of("matrix-nobody", "", ""),
        }
    }
}

fn owned<'a>(owners: &'a Owners, template: &str, row: &Value) -> Option<&'a Owned> {
    owners.of(service_of(template), row["id"].as_str()?)
}

/// Has it an owner, a team and a department?
fn is_somebodys(ground: &Ground, template: &str, row: &Value) -> bool {
    let owner = owned(&ground.owners, template, row).map(|owned| &owned.owner);
    owner.is_some_and(|owner| [&owner.user, &owner.team, &owner.department].iter().all(|part| !part.is_empty()))
}

impl Ask {
    /// A row of the list that the path begins with: one that is somebody's in every way, if there is such a one.
    fn of<'a>(ground: &'a Ground, template: &str, parameters: &[&Value]) -> (Self, Option<&'a Owned>) {
        let query = asked(parameters);
        let list = template.split("/{id}").next().unwrap_or("");
        let rows = if template.matches('{').count() == 1 { ground.rows(list) } else { &[] };
        let whose = rows.iter().find(|row| is_somebodys(ground, template, row));
        let Some(row) = whose.or(rows.first()).filter(|_| template.contains("{id}")) else {
            return (Self::Other { path: filled(template, parameters) + &query }, None);
        };
        let id = row["id"].as_str().unwrap_or("").to_owned();
        (Self::Row { path: template.replace("{id}", &id) + &query, id }, owned(&ground.owners, template, row))
    }
}

impl fmt::Display for Probe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, roles, relation, .. } = self;
        write!(f, "{} {} as {roles}, {relation:?}", operation.method, operation.template)
    }
}

impl Probe<'_> {
    /// What is wrong with the answer, if anything is.
    async fn check(&self, ground: &Ground, owners: &Owners) -> Result<(), String> {
        let Operation { template, method, body, ask, .. } = self.operation;
        let asker = self.operation.asker(self.relation);
        let client = asker.client(&ground.yewu, &self.roles);
        let key = Uuid::now_v7().to_string();
        let answer = match ask {
            Ask::List => first_rows(&client, template, self.limit).await,
            Ask::Row { path, .. } => {
                let headers = [("if-match", "\"999999\""), ("idempotency-key", key.as_str())];
                client.send(method.clone(), path, &headers, body.as_ref()).await
            }
            Ask::Other { path } => client.send(method.clone(), path, &[], body.as_ref()).await,
        };
        let status = answer.status.as_u16();
        let code = serde_json::from_str::<wire::Problem>(&answer.text).map(|problem| problem.code).unwrap_or_default();
        let judged = match (self.scope, ask) {
            _ if status >= 500 || status == 401 => Err("an answer".to_owned()),
            (None, _) if code == "permission.missing" && status == 403 => Ok(()),
            (None, _) => Err("403 permission.missing".to_owned()),
            (Some(_), _) if code == "permission.missing" => Err("no refusal: the role has the permission".to_owned()),
            (Some(_), Ask::Other { .. }) => Ok(()),
            (Some(scope), Ask::Row { id, .. }) => {
                let row = owners.of(service_of(template), id).map(|owned| &owned.owner);
                match (asker.reaches(scope, row), status == 404 && code == "not_found") {
                    (true, true) => Err("the row: it is in the scope".to_owned()),
                    (false, false) => Err("404 not_found: the row is outside the scope".to_owned()),
                    _ => Ok(()),
                }
            }
            (Some(_), Ask::List) if status != 200 => Err("a list".to_owned()),
            (Some(scope), Ask::List) => self.check_list(ground, owners, &asker, scope, &items(&answer.text)),
        };
        judged.map_err(|wanted| format!("{self}: {status} {code} instead of {wanted}"))
    }

    /// Nothing outside the scope is in the list, and what is inside it is there as the auditor sees it.
    fn check_list(
        &self,
        ground: &Ground,
        owners: &Owners,
        asker: &Person,
        scope: Scope,
        shown: &[Value],
    ) -> Result<(), String> {
        let template = self.operation.template;
        let owner = |row: &Value| owned(owners, template, row).map(|owned| &owned.owner);
        let all = ground.rows(template);
        let has_owners = all.iter().any(|row| owner(row).is_some());
        for row in shown {
            if has_owners && owner(row).is_none() {
                return Err(format!("a list without {}: nobody knows whose it is", row["id"]));
            }
            if !asker.reaches(scope, owner(row)) {
                return Err(format!("a list without {}", row["id"]));
            }
        }
        let mut inside = all.iter().filter(|row| owner(row).is_some() && asker.reaches(scope, owner(row)));
        let missing = inside.find(|row| shown.len() < self.limit && !shown.iter().any(|one| one["id"] == row["id"]));
        missing.map_or(Ok(()), |row| Err(format!("a list with {}", row["id"])))
    }
}

/// The rows that are asked for lose their owners, as rows do whose owner left.
async fn disown(ground: &Ground, operations: &[Operation]) -> Owners {
    let mut statements = BTreeMap::<&str, String>::new();
    for operation in operations {
        if let Ask::Row { id, .. } = &operation.ask
            && let Some(row) = ground.owners.of(service_of(operation.template), id).filter(|row| row.can_be_nobodys)
        {
            let statement = format!(
                "UPDATE {} SET owner_id = NULL, team_id = NULL, department_id = NULL WHERE id = '{id}';",
                row.table
            );
            let statements = statements.entry(service_of(operation.template)).or_default();
            if !statements.contains(&statement) {
                statements.push_str(&statement);
            }
        }
    }
    for (service, statements) in statements {
        ground.yewu.as_owner(service, &statements).await;
    }
    Owners::read(&ground.yewu).await
}

/// Asks all of these, and returns what is wrong with the answers.
async fn ask(ground: &Ground, owners: &Owners, probes: &[Probe<'_>]) -> Vec<String> {
    let asked = stream::iter(probes).map(|probe| probe.check(ground, owners)).buffer_unordered(8);
    asked.collect::<Vec<_>>().await.into_iter().filter_map(Result::err).collect()
}

#[test]
fn every_operation_answers_every_role_as_the_grants_say() {
    testkit::alone(async || {
        let ground = ground().await;
        let begun = Instant::now();
        let operations = every(ground);
        let probes = operations.iter().flat_map(Operation::probes);
        let (unassigned, assigned): (Vec<_>, Vec<_>) = probes.partition(|probe| probe.relation == Unassigned);
        let mut wrong = ask(ground, &ground.owners, &assigned).await;
        let owners = disown(ground, &operations).await;
        wrong.extend(ask(ground, &owners, &unassigned).await);

        let count = |these: fn(&Ask) -> bool| {
            let operations: Vec<_> = operations.iter().filter(|operation| these(&operation.ask)).collect();
            (operations.len(), operations.iter().map(|operation| operation.cells()).sum::<usize>())
        };
        let (by_row, in_lists) = (count(|ask| matches!(ask, Ask::Row { .. })), count(|ask| matches!(ask, Ask::List)));
        let gate = count(|ask| matches!(ask, Ask::Other { .. }));
        let cells = by_row.1 + in_lists.1 + gate.1;
        println!("authorization matrix: {} operations x {} roles x 5 relations", operations.len(), Role::ALL.len());
        println!("  by row          {:>4} operations {:>6} cells", by_row.0, by_row.1);
        println!("  in lists        {:>4} operations {:>6} cells", in_lists.0, in_lists.1);
        println!("  at the gate     {:>4} operations {:>6} cells", gate.0, gate.1);
        println!(
            "  asserted        {cells} cells by {} requests in {:.1?}",
            assigned.len() + unassigned.len(),
            begun.elapsed()
        );
        let rowless: Vec<_> = operations
            .iter()
            .filter(|one| matches!(one.ask, Ask::Other { .. }) && one.template.contains("{id}"))
            .map(|one| one.template)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        println!("  no row of       {}", rowless.join(" "));
        wrong.sort();
        assert!(wrong.is_empty(), "{} of {cells}:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(operations.len(), guarded().count());
        assert!(by_row.0 >= 240 && cells >= 30_000, "{} operations by row, {cells} cells", by_row.0);
    });
}
