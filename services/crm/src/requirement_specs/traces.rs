//! By what items of a specification are covered (CRM-16, 17). Pure: no async, no clock, no SQL.
//! It believes what it is told of documents that live in other services: whether a quote's line is there is quoting's business.
use super::domain::{RequirementSpec, SpecRule};
use crate::schema::requirement_traces;
use diesel::prelude::*;
use platform::{Change, Stamp};
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Moment,
    crm::{
        CoverageQuery, ItemCoverage, ItemTrace, RequirementSpecId, RequirementTraceId, SpecItem, SpecPriority,
        TraceKind, TraceRequirementSpec, TraceStatus as Status,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requirement_traces, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Trace {
    pub id: RequirementTraceId,
    pub status: Status,
    pub case_id: CaseId,
    pub requirement_spec_id: RequirementSpecId,
    pub spec_item_id: Uuid,
    pub kind: TraceKind,
    pub subject_id: Uuid,
    pub label: Option<String>,
    pub reason: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Trace, "requirement_trace", RequirementTraceId; row: this, case: some, unowned);

/// All that a subject says of a specification.
#[derive(Debug, Clone)]
pub struct Told {
    pub kind: TraceKind,
    pub subject_id: Uuid,
    pub label: Option<String>,
    pub covered: Vec<Uuid>,
    pub waived: Vec<Uuid>,
    pub reason: Option<String>,
}
impl Told {
    /// What a solution covers, as quoting tells it.
    pub fn by_solution(solution: Uuid, label: Option<String>, covered: Vec<Uuid>, waived: Vec<Uuid>) -> Self {
        Self { kind: TraceKind::SolutionElement, subject_id: solution, label, covered, waived, reason: None }
    }
    /// Nothing any more.
    pub fn nothing(kind: TraceKind, subject_id: Uuid) -> Self {
        Self { kind, subject_id, label: None, covered: Vec::new(), waived: Vec::new(), reason: None }
    }
    /// What somebody says by hand: of items that the specification has, and with a reason for what is waived.
    pub fn by_hand(said: TraceRequirementSpec, spec: &RequirementSpec) -> Result<Self, SpecRule> {
        let TraceRequirementSpec { kind, subject_id, label, covered, waived, reason } = said;
        for (field, ids) in [("covered", &covered), ("waived", &waived)] {
            if let Some(index) = ids.iter().position(|id| !spec.has(*id)) {
                return Err(SpecRule::Traced { field, index });
            }
        }
        if !waived.is_empty() && reason.is_none() {
            return Err(SpecRule::Waived);
        }
        let (label, reason) = (label.map(wire::Label::into_string), reason.map(wire::Label::into_string));
        Ok(Self { kind, subject_id, label, covered, waived, reason })
    }
}

/// Rows that are new, and rows that say something else now.
#[derive(Debug)]
pub struct Reconciled {
    pub fresh: Vec<Change<Trace>>,
    pub changed: Vec<Change<Trace>>,
}

/// What has to be written so that `known`, the rows of the subject, say what it says now. Items that the specification does not
/// have are passed over; one that is both covered and waived is covered.
pub fn reconcile(
    spec: &RequirementSpec,
    known: Vec<Trace>,
    told: &Told,
    mut ids: impl FnMut() -> RequirementTraceId,
    by: &Stamp,
) -> Reconciled {
    let stands = |item: &Uuid| match (told.covered.contains(item), told.waived.contains(item)) {
        (true, _) => Status::Covered,
        (false, true) => Status::Waived,
        (false, false) => Status::Removed,
    };
    let rows: HashSet<Uuid> = known.iter().map(|trace| trace.spec_item_id).collect();
    let mut changed = Vec::new();
    for trace in known {
        let status = stands(&trace.spec_item_id);
        let reason = told.reason.clone().filter(|_| status == Status::Waived);
        let label = told.label.clone().or_else(|| trace.label.clone());
        if (status, &reason, &label) != (trace.status, &trace.reason, &trace.label) {
            let version = trace.version + 1;
            changed.push(Change::new("update", Trace { status, label, reason, version, ..trace }));
        }
    }
    let new = spec.items.0.iter().filter_map(|item| item.id).filter(|id| !rows.contains(id));
    let named = new.map(|item| (item, stands(&item))).filter(|(_, status)| *status != Status::Removed);
    let row = |(spec_item_id, status): (Uuid, Status)| Trace {
        id: ids(),
        status,
        case_id: spec.case_id,
        requirement_spec_id: spec.id,
        spec_item_id,
        kind: told.kind,
        subject_id: told.subject_id,
        label: told.label.clone(),
        reason: told.reason.clone().filter(|_| status == Status::Waived),
        created_at: by.at,
        version: 1,
    };
    Reconciled { fresh: named.map(row).map(|trace| Change::new("create", trace)).collect(), changed }
}

/// Item by item, in the order of the specification.
pub fn coverage(items: &[SpecItem], traces: &[Trace], query: &CoverageQuery) -> Vec<ItemCoverage> {
    let counts = |trace: &&Trace| trace.status != Status::Removed && query.kind.is_none_or(|kind| kind == trace.kind);
    let of_item = |item: &SpecItem| {
        let own = traces.iter().filter(counts).filter(|trace| Some(trace.spec_item_id) == item.id);
        let traces: Vec<ItemTrace> = own.map(shown).collect();
        ItemCoverage { item: item.clone(), covered: !traces.is_empty(), traces }
    };
    let missing = |row: &ItemCoverage| !row.covered && row.item.priority == SpecPriority::Must;
    let all = items.iter().map(of_item);
    if query.uncovered == Some(true) { all.filter(missing).collect() } else { all.collect() }
}

fn shown(trace: &Trace) -> ItemTrace {
    let Trace { kind, status, subject_id, label, reason, .. } = trace.clone();
    ItemTrace { kind, status, subject_id, label, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, opportunity};
    use wire::crm::{NewRequirementSpec, SpecField};

    const SOLUTION: Uuid = Uuid::from_u128(99);

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }
    /// Items 1 and 2 are a must, 3 is not.
    fn spec() -> RequirementSpec {
        let item = |priority| SpecItem {
            id: None,
            field: SpecField::Function,
            priority,
            text: "x".parse().unwrap(),
            sku: None,
            quantity: None,
        };
        let items = [SpecPriority::Must, SpecPriority::Must, SpecPriority::Should].map(item).into();
        let new = NewRequirementSpec { opportunity_id: opportunity().id, title: "x".parse().unwrap(), items };
        let mut last = 0;
        let ids = || {
            last += 1;
            id(last)
        };
        let spec = RequirementSpec::draft(RequirementSpecId(id(50)), "RS-1".into(), new, &opportunity(), ids, &by());
        spec.unwrap().after().clone()
    }
    /// The rows of a subject after it has told, as they would stand in the table.
    fn after(known: Vec<Trace>, told: &Told) -> (Vec<Trace>, usize, usize) {
        let written = reconcile(&spec(), known.clone(), told, || RequirementTraceId(Uuid::nil()), &by());
        let (fresh, changed) = (written.fresh.len(), written.changed.len());
        let mut rows = known;
        for change in written.changed {
            let row = rows.iter_mut().find(|row| row.spec_item_id == change.after().spec_item_id).unwrap();
            assert_eq!(change.after().version, row.version + 1);
            *row = change.after().clone();
        }
        rows.extend(written.fresh.into_iter().map(|change| change.after().clone()));
        (rows, fresh, changed)
    }
    fn told(covered: &[u128], waived: &[u128]) -> Told {
        let ids = |list: &[u128]| list.iter().map(|n| id(*n)).collect();
        Told::by_solution(SOLUTION, Some("SL-1".into()), ids(covered), ids(waived))
    }
    fn stands(rows: &[Trace]) -> Vec<(u128, &'static str)> {
        rows.iter().map(|row| (row.spec_item_id.as_u128(), row.status.as_str())).collect()
    }

    #[test]
    fn crm_17_what_a_subject_says_now_takes_the_place_of_what_it_said() {
        let (rows, ..) = after(Vec::new(), &told(&[1, 3, 77], &[2]));
        assert_eq!(stands(&rows), [(1, "covered"), (2, "waived"), (3, "covered")], "77 is no item of it");
        let (rows, fresh, changed) = after(rows, &told(&[1, 2], &[2]));
        assert_eq!(stands(&rows), [(1, "covered"), (2, "covered"), (3, "removed")]);
        assert_eq!((fresh, changed), (0, 2), "what says the same is not written");
        let (rows, ..) = after(rows, &told(&[3], &[]));
        assert_eq!(stands(&rows), [(1, "removed"), (2, "removed"), (3, "covered")]);
        let (rows, fresh, changed) = after(rows, &Told::nothing(TraceKind::SolutionElement, SOLUTION));
        assert!(rows.iter().all(|row| row.status == Status::Removed));
        assert_eq!((fresh, changed), (0, 1));
    }

    #[test]
    fn crm_17_must_have_items_that_nothing_covers_are_named_by_kind() {
        let spec = spec();
        let (mut rows, ..) = after(Vec::new(), &told(&[1], &[]));
        let line = Told { kind: TraceKind::QuoteLine, subject_id: id(98), ..told(&[], &[2]) };
        rows.extend(after(Vec::new(), &line).0);
        let missing = |kind| {
            let query = CoverageQuery { kind, uncovered: Some(true) };
            let rows = coverage(&spec.items.0, &rows, &query);
            rows.iter().map(|row| row.item.id.unwrap().as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(missing(Some(TraceKind::SolutionElement)), [2], "3 is no must");
        assert_eq!(missing(Some(TraceKind::QuoteLine)), [1], "a waived one is settled");
        assert_eq!(missing(Some(TraceKind::Acceptance)), [1, 2]);
        assert!(missing(None).is_empty());
        let all = coverage(&spec.items.0, &rows, &CoverageQuery::default());
        let counts: Vec<(bool, usize)> = all.iter().map(|row| (row.covered, row.traces.len())).collect();
        assert_eq!(counts, [(true, 1), (true, 1), (false, 0)]);
    }
}
