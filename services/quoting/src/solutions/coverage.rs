//! What a solution covers of the specification it answers (QUO-03): a row for each item, covered by elements that its sections
//! name, or waived with a reason. Pure, like `domain`.
use super::domain::{Solution, SolutionRule};
use platform::{Change, Machine, Stamp};
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    crm::{RequirementSpecSnapshot, SpecItem, SpecPriority},
    quoting::{
        CoverSolution, CoverageRow, CoverageStatus, ItemCoverage, SolutionCoverage, SolutionCoverageChanged,
        WaiveSolution,
    },
};

/// The matrix of a specification: what `known` says of an item still holds, by the item's id.
pub(super) fn matrix(spec: &RequirementSpecSnapshot, known: &[CoverageRow]) -> Vec<CoverageRow> {
    let row = |item: &SpecItem| {
        let item_id = item.id?;
        let SpecItem { field, priority, text, .. } = item;
        let before = known.iter().find(|row| row.item_id == item_id).cloned();
        let fresh = CoverageRow {
            item_id,
            field: *field,
            priority: *priority,
            text: text.to_string(),
            status: CoverageStatus::Uncovered,
            elements: Vec::new(),
            waived_reason: None,
            waived_by: None,
        };
        Some(match before {
            None => fresh,
            Some(CoverageRow { status, elements, waived_reason, waived_by, .. }) => {
                CoverageRow { status, elements, waived_reason, waived_by, ..fresh }
            }
        })
    };
    spec.items.iter().filter_map(row).collect()
}

/// The matrix where only these elements are left.
pub(super) fn keep(mut rows: Vec<CoverageRow>, keys: &HashSet<&str>) -> Vec<CoverageRow> {
    for row in &mut rows {
        row.elements.retain(|key| keys.contains(key.as_str()));
        if row.status == CoverageStatus::Covered && row.elements.is_empty() {
            row.status = CoverageStatus::Uncovered;
        }
    }
    rows
}

/// The items that must be dealt with and are not.
pub(super) fn open(rows: &[CoverageRow]) -> impl Iterator<Item = &CoverageRow> {
    rows.iter().filter(|row| row.priority == SpecPriority::Must && row.status == CoverageStatus::Uncovered)
}

impl Solution {
    /// Says which elements cover these items; a waiver falls where they do.
    pub fn cover(self, said: CoverSolution, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("cover")?;
        let before = self.coverage_told();
        let mut rows = self.coverage.0.clone();
        let keys: HashSet<&str> = self.elements().collect();
        for (index, ItemCoverage { item_id, elements }) in said.items.into_iter().enumerate() {
            let row = row_of(&mut rows, item_id, format!("/items/{index}/item_id"))?;
            let mut seen = HashSet::new();
            let elements: Vec<String> = elements.into_iter().map(wire::Code::into_string).collect();
            if let Some((place, key)) = elements.iter().enumerate().find(|(_, key)| !keys.contains(key.as_str())) {
                let place = format!("/items/{index}/elements/{place}");
                return Err(SolutionRule::Element { key: key.clone(), place }.into());
            }
            row.elements = elements.into_iter().filter(|key| seen.insert(key.clone())).collect();
            row.status = if row.elements.is_empty() { CoverageStatus::Uncovered } else { CoverageStatus::Covered };
            (row.waived_reason, row.waived_by) = (None, None);
        }
        let mut next = self.next().made_by(by);
        next.coverage.0 = rows;
        Ok(next.changed("cover", before))
    }

    /// Says why an item need not be covered; what covered it does so no more.
    pub fn waive(self, said: WaiveSolution, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("waive")?;
        let before = self.coverage_told();
        let mut next = self.next().made_by(by);
        let reason = said.reason.into_string();
        let row = row_of(&mut next.coverage.0, said.item_id, "/item_id".to_owned())?;
        (row.status, row.elements) = (CoverageStatus::Waived, Vec::new());
        (row.waived_reason, row.waived_by) = (Some(reason.clone()), Some(by.actor.clone()));
        Ok(next.changed("waive", before).because(reason))
    }

    /// The matrix, and how much of it is still to do.
    pub fn coverage(&self) -> SolutionCoverage {
        let rows = self.coverage.0.clone();
        SolutionCoverage {
            solution_id: self.id,
            requirement_spec_id: self.requirement_spec_id,
            must: rows.iter().filter(|row| row.priority == SpecPriority::Must).count(),
            must_open: open(&rows).count(),
            rows,
        }
    }

    /// What others are told of it.
    pub(super) fn coverage_told(&self) -> SolutionCoverageChanged {
        let ids = |status| {
            let rows = self.coverage.0.iter().filter(move |row| row.status == status);
            rows.map(|row| row.item_id).collect()
        };
        self.coverage_of(ids(CoverageStatus::Covered), ids(CoverageStatus::Waived))
    }
    pub(super) fn coverage_of(&self, covered: Vec<Uuid>, waived: Vec<Uuid>) -> SolutionCoverageChanged {
        let Self { requirement_spec_id, id: solution_id, number, .. } = self.clone();
        SolutionCoverageChanged { requirement_spec_id, solution_id, number, covered, waived }
    }
    /// A change that tells what is covered now, if that is not what was.
    pub(super) fn changed(self, action: &'static str, before: SolutionCoverageChanged) -> Change<Self> {
        let now = self.coverage_told();
        let change = Change::new(action, self);
        if now == before { change } else { change.emit(&now) }
    }
}

fn row_of(rows: &mut [CoverageRow], id: Uuid, place: String) -> Result<&mut CoverageRow, SolutionRule> {
    rows.iter_mut().find(|row| row.item_id == id).ok_or(SolutionRule::Item { id, place })
}
