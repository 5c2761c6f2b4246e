//! The rules of templates (CON-03). Pure: no async, no clock, no SQL.
use crate::{contracts::clauses::check_terms, schema::templates};
use diesel::prelude::*;
use platform::{
    Change, Machine, MachineInfo, Stamp, Transition,
    makers::{self, Makers},
};
use serde::Serialize;
use wire::{
    Moment,
    contracts::{
        ClauseKind, ContractKind, NewTemplate, TemplateClause, TemplateId, TemplatePatch, TemplateStatus as Status,
    },
    json::Kept,
};

/// The code of the template that is taken where nobody names one.
pub const STANDARD: &str = "standard";

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = templates, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Template {
    pub id: TemplateId,
    pub kind: ContractKind,
    pub code: String,
    pub revision: i32,
    pub title: String,
    pub status: Status,
    pub clauses: Kept<Vec<TemplateClause>>,
    pub created_by: String,
    pub makers: Makers,
    pub created_at: Moment,
    pub approved_by: Option<String>,
    pub approved_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Template, "template", TemplateId; row: this, case: none, unowned);

platform::rules!(
    /// Why a template is refused.
    TemplateRule {
        Clauses { count: usize } => "template.clauses", Invalid, "a template has 1 to 11 clauses, not {count}", "模板应有 1 至 11 个条款，实际为 {count} 个", at "/clauses";
        Twice { index: usize, kind: ClauseKind } => "template.clause_twice", Invalid, "clause {kind} stands twice", "条款 {kind} 重复", at "/clauses/{index}/kind";
        Own => "template.own", Forbidden, "you wrote in it yourself; someone else must approve it (maker is not checker)", "本人参与起草的模板须由他人批准";
    }
);

impl Machine for Template {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "template",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("approve", &["draft"], &["approved"]),
            Transition::new("retire", &["draft", "approved"], &["retired"]),
        ],
        labels: Status::labels(),
    };
    /// Nobody passes what they wrote in. A draft that the program before this one began names its writer only as `created_by`.
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        let own = self.created_by == actor || makers::wrote(&self.makers, actor);
        if action == "approve" && own { Err(TemplateRule::Own.into()) } else { Ok(()) }
    }
}

impl Template {
    /// A draft at the next revision of its kind and code.
    pub fn draft(id: TemplateId, revision: i32, new: NewTemplate, by: &Stamp) -> platform::Result<Change<Self>> {
        let NewTemplate { kind, code, title, clauses } = new;
        let template = Self {
            id,
            kind,
            code: code.into_string(),
            revision,
            title: title.into_string(),
            status: Status::Draft,
            clauses: Kept(checked(clauses)?),
            created_by: by.actor.clone(),
            makers: makers::begun(by),
            created_at: by.at,
            approved_by: None,
            approved_at: None,
            version: 1,
        };
        Ok(Change::new("create", template))
    }
    /// Changes a draft; whoever does has a hand in it.
    pub fn update(self, patch: TemplatePatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let TemplatePatch { title, clauses } = patch;
        let (known, mut next) = (self.clone(), self.next());
        if let Some(title) = title {
            next.title = title.into_string();
        }
        if let Some(clauses) = clauses {
            next.clauses = Kept(checked(clauses)?);
        }
        next.makers = makers::patched(&known, &next, next.makers.clone(), by);
        Ok(Change::new("update", next))
    }
    /// Contracts can be drafted from it; the approved one before it has to be retired first, in the same transaction.
    pub fn approve(mut self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("approve")?;
        self.admits("approve", &by.actor)?;
        (self.status, self.approved_by, self.approved_at) = (Status::Approved, Some(by.actor.clone()), Some(by.at));
        Ok(Change::new("approve", self.next()))
    }
    /// Nothing new is drafted from it.
    pub fn retire(mut self) -> platform::Result<Change<Self>> {
        self.may("retire")?;
        self.status = Status::Retired;
        Ok(Change::new("retire", self.next()))
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn checked(clauses: Vec<TemplateClause>) -> platform::Result<Vec<TemplateClause>> {
    if clauses.is_empty() || clauses.len() > 11 {
        return Err(TemplateRule::Clauses { count: clauses.len() }.into());
    }
    for (index, clause) in clauses.iter().enumerate() {
        if clauses[..index].iter().any(|earlier| earlier.kind == clause.kind) {
            return Err(TemplateRule::Twice { index, kind: clause.kind }.into());
        }
        check_terms(index, clause.kind, clause.terms.as_ref())?;
    }
    Ok(clauses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Ownership;

    fn by(user: &str) -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: format!("user:{user}"), ownership: Ownership::default() }
    }
    fn clause(kind: ClauseKind) -> TemplateClause {
        TemplateClause { kind, text: "条款".parse().unwrap(), terms: None }
    }
    fn draft(clauses: Vec<TemplateClause>) -> platform::Result<Change<Template>> {
        let new =
            NewTemplate { kind: ContractKind::Sale, code: "x".parse().unwrap(), title: "T".parse().unwrap(), clauses };
        Template::draft(TemplateId(uuid::Uuid::nil()), 1, new, &by("lee"))
    }

    #[test]
    fn con_03_the_whole_life_on_one_screen() {
        let mut table = Vec::new();
        for &from in Status::ALL {
            let template = || {
                let template = draft(vec![clause(ClauseKind::Price)]).unwrap().after().clone();
                Template { status: from, ..template }
            };
            let steps = [
                ("update", template().update(TemplatePatch::default(), &by("lee"))),
                ("approve", template().approve(&by("gm"))),
                ("retire", template().retire()),
            ];
            for (command, outcome) in steps {
                if let Ok(change) = outcome {
                    table.push(format!("{from} {command} {}", change.after().status));
                    assert_eq!(change.after().version, 2, "{command} makes a version");
                }
            }
        }
        let life = ["draft update draft", "draft approve approved", "draft retire retired", "approved retire retired"];
        assert_eq!(table, life);
    }

    #[test]
    fn con_03_clauses_have_bounds_and_the_maker_does_not_approve() {
        let code = |clauses| draft(clauses).map(|_| ()).map_err(|error| error.code().to_owned());
        assert_eq!(code(Vec::new()), Err("template.clauses".into()));
        let all: Vec<TemplateClause> = ClauseKind::ALL.iter().map(|kind| clause(*kind)).collect();
        assert_eq!((all.len(), code(all.clone())), (11, Ok(())));
        assert_eq!(code([all, vec![clause(ClauseKind::Price)]].concat()), Err("template.clauses".into()));
        let twice = vec![clause(ClauseKind::Price), clause(ClauseKind::Price)];
        assert_eq!(code(twice), Err("template.clause_twice".into()));
        let own = draft(vec![clause(ClauseKind::Price)]).unwrap().after().clone().approve(&by("lee"));
        assert_eq!(own.unwrap_err().code(), "template.own");
        let title = || TemplatePatch { title: Some("新".parse().unwrap()), ..TemplatePatch::default() };
        let approved = |patch, writer: &str| {
            let draft = draft(vec![clause(ClauseKind::Price)]).unwrap().after().clone();
            draft.update(patch, &by(writer)).unwrap().after().clone().approve(&by("gm")).is_ok()
        };
        assert!(approved(title(), "ann") && approved(TemplatePatch::default(), "gm"));
        assert!(!approved(title(), "gm"), "who changed another's draft does not approve it either");
    }
}
