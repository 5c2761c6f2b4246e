//! The rules of requirement items (CRM-17). Pure: no async, no clock, no SQL.
use crate::{
    opportunities::domain::Opportunity, requirement_specs::domain::RequirementSpec, schema::requirement_items,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment,
    crm::{
        NewRequirementItem, OpportunityId, RequirementItemChanged, RequirementItemId, RequirementItemKind,
        RequirementItemPatch, RequirementItemStatus as Status, RequirementSpecId, SpecPriority,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requirement_items, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RequirementItem {
    pub id: RequirementItemId,
    pub status: Status,
    pub case_id: CaseId,
    pub opportunity_id: OpportunityId,
    pub kind: RequirementItemKind,
    pub priority: SpecPriority,
    pub text: String,
    pub how: Option<String>,
    pub requirement_spec_id: Option<RequirementSpecId>,
    pub spec_item_id: Option<Uuid>,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(RequirementItem, "requirement_item", RequirementItemId; row: this, case: some, owned);

platform::rules!(
    /// Why an item is refused.
    RequirementItemRule {
        Half => "requirement_item.spec_item", Invalid, "name specification and item together, or neither", "需求说明书与条目应同时填写或同时省略", at "/spec_item_id";
        Elsewhere => "requirement_item.spec", Invalid, "the specification is another opportunity's", "该需求说明书属于其他商机", at "/requirement_spec_id";
        Unknown { item: Uuid } => "requirement_item.unknown_spec_item", Invalid, "the specification has no item {item}", "需求说明书没有条目 {item}", at "/spec_item_id";
    }
);

impl Machine for RequirementItem {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "requirement_item",
        transitions: &[
            Transition::new("update", &["open"], &["open"]),
            Transition::new("address", &["open"], &["addressed"]),
            Transition::new("drop", &["open"], &["dropped"]),
        ],
        labels: Status::labels(),
    };
}

impl RequirementItem {
    /// An item of an opportunity, of its case and owner.
    pub fn note(id: RequirementItemId, new: NewRequirementItem, opportunity: &Opportunity, by: &Stamp) -> Change<Self> {
        let NewRequirementItem { opportunity_id: _, kind, priority, text } = new;
        let item = Self {
            id,
            status: Status::Open,
            case_id: opportunity.case_id,
            opportunity_id: opportunity.id,
            kind,
            priority,
            text: text.into_string(),
            how: None,
            requirement_spec_id: None,
            spec_item_id: None,
            reason: None,
            owner_id: opportunity.owner_id.clone(),
            team_id: opportunity.team_id.clone(),
            department_id: opportunity.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        item.changed("create")
    }
    /// Changes an open one.
    pub fn update(self, patch: RequirementItemPatch) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let RequirementItemPatch { kind, priority, text } = patch;
        let mut next = self.next();
        next.kind = kind.unwrap_or(next.kind);
        next.priority = priority.unwrap_or(next.priority);
        next.text = text.map_or(next.text, wire::Note::into_string);
        Ok(next.changed("update"))
    }
    /// It is met: how, and by which item of which specification where one says it.
    pub fn address(self, how: String, by_item: Option<(&RequirementSpec, Uuid)>) -> platform::Result<Change<Self>> {
        self.may("address")?;
        if let Some((spec, item)) = by_item {
            if spec.opportunity_id != self.opportunity_id {
                return Err(RequirementItemRule::Elsewhere.into());
            }
            if !spec.has(item) {
                return Err(RequirementItemRule::Unknown { item }.into());
            }
        }
        let mut next = self.to(Status::Addressed);
        next.how = Some(how);
        (next.requirement_spec_id, next.spec_item_id) = by_item.map(|(spec, item)| (spec.id, item)).unzip();
        Ok(next.changed("address"))
    }
    /// Nothing is done about it.
    pub fn drop(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("drop")?;
        let next = Self { reason: Some(reason.clone()), ..self.to(Status::Dropped) };
        Ok(next.changed("drop").because(reason))
    }

    fn changed(self, action: &'static str) -> Change<Self> {
        let event = RequirementItemChanged {
            requirement_item_id: self.id,
            opportunity_id: self.opportunity_id,
            kind: self.kind,
            priority: self.priority,
            status: self.status,
        };
        Change::new(action, self).emit(&event)
    }
    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::{by, opportunity};

    fn item() -> RequirementItem {
        let new = NewRequirementItem {
            opportunity_id: opportunity().id,
            kind: RequirementItemKind::Pain,
            priority: SpecPriority::Must,
            text: "停机".parse().unwrap(),
        };
        let noted = RequirementItem::note(RequirementItemId(Uuid::nil()), new, &opportunity(), &by());
        assert_eq!(noted.event_types(), ["crm.requirement_item.changed.v1"]);
        noted.after().clone()
    }

    #[test]
    fn crm_17_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let item = || RequirementItem { status: from, ..item() };
            let steps = [
                ("update", item().update(RequirementItemPatch::default()).ok()),
                ("address", item().address("备用泵".into(), None).ok()),
                ("drop", item().drop("预算不足".into()).ok()),
            ];
            for (command, outcome) in steps {
                if let Some(change) = outcome {
                    assert_eq!(change.after().version, 2, "{command} makes a version");
                    assert_eq!(change.event_types(), ["crm.requirement_item.changed.v1"]);
                    table.push(format!("{from} {command} {}", change.after().status));
                }
            }
        }
        assert_eq!(table, ["open update open", "open address addressed", "open drop dropped"]);
    }
}
