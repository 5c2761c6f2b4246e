//! The rules of work items (ORD-11). Pure: no async, no clock, no SQL.
use crate::{
    orders::domain::Order,
    schema::{decomposition_rules, work_items},
};
use diesel::prelude::*;
use jiff::SignedDuration;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use wire::{
    CaseId, Moment,
    json::Kept,
    orders::{AssignedWork, OrderId, WantedLine, WorkItemAcknowledged, WorkItemId, WorkItemStatus as Status, WorkKind},
};

/// Which department gets what (a table row; the rules of a deployment are data).
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = decomposition_rules)]
pub struct Rule {
    pub kind: WorkKind,
    pub department_id: String,
    /// Only for lines of products sold by this unit; all lines if absent.
    pub product_unit: Option<String>,
    /// Work of this kind comes first.
    pub after: Option<WorkKind>,
    pub due_working_days: i32,
}

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = work_items, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct WorkItem {
    pub id: WorkItemId,
    pub kind: WorkKind,
    pub status: Status,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub predecessor_id: Option<WorkItemId>,
    /// Its predecessor is not done.
    pub waiting: bool,
    pub lines: Kept<Vec<WantedLine>>,
    pub requirements: Option<String>,
    pub due_at: Moment,
    pub calendar_id: String,
    /// Final inspections and nonconformities that are open: 0 for all but the inspection of the goods.
    pub open_inspections: i32,
    pub block_reason: Option<String>,
    pub result: Option<String>,
    pub acknowledged_by: Option<String>,
    pub acknowledged_at: Option<Moment>,
    pub started_at: Option<Moment>,
    pub done_at: Option<Moment>,
    /// The order's owner, who may look.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    /// The department that does it, whose people may act.
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(WorkItem, "work_item", WorkItemId; row: this, case: some, owned);

/// A department has seen its work within so much working time, as whoever complains is answered in (D-12); later is late (KPI-07).
const ACKNOWLEDGED_WITHIN: SignedDuration = SignedDuration::from_hours(4);

const BEFORE_DONE: &[&str] = &["assigned", "acknowledged", "in_progress", "blocked"];

impl Machine for WorkItem {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "work_item",
        transitions: &[
            Transition::new("acknowledge", &["assigned"], &["acknowledged"]),
            Transition::new("start", &["acknowledged"], &["in_progress"]),
            Transition::new("block", &["acknowledged", "in_progress"], &["blocked"]),
            Transition::new("unblock", &["blocked"], &["acknowledged", "in_progress"]),
            Transition::new("complete", &["in_progress"], &["done"]),
            Transition::automatic(
                "ready",
                &["assigned", "acknowledged", "blocked"],
                &["assigned", "acknowledged", "blocked"],
            ),
            Transition::automatic("inspect", BEFORE_DONE, BEFORE_DONE),
            Transition::automatic("cancel", BEFORE_DONE, &["cancelled"]),
        ],
        labels: Status::labels(),
    };

    fn gates(&self, action: &str) -> Vec<Closed> {
        match (action, self.predecessor_id) {
            ("start", Some(first)) if self.waiting => {
                vec![Closed::new("predecessor", "another work item comes first", "前置工作尚未完成").on(first)]
            }
            ("complete", _) if self.open_inspections > 0 => vec![
                Closed::new(
                    "inspection",
                    "final inspections or nonconformities are open; all must have passed",
                    "尚有最终检验未完成或不合格未处理",
                )
                .on(self.open_inspections),
            ],
            _ => Vec::new(),
        }
    }
}

/// One work item a rule that fits the order, in the rules' order; `units` names the unit of each product by sku.
pub fn decompose(
    order: &Order,
    rules: &[Rule],
    units: &BTreeMap<String, String>,
    mut ids: impl FnMut() -> WorkItemId,
    by: &Stamp,
) -> Vec<Change<WorkItem>> {
    let mut made: HashMap<&'static str, WorkItemId> = HashMap::new();
    let mut items = Vec::new();
    for rule in rules {
        let fits =
            |line: &WantedLine| rule.product_unit.is_none() || units.get(&line.sku) == rule.product_unit.as_ref();
        let lines: Vec<WantedLine> = order.goods().into_iter().filter(fits).collect();
        if lines.is_empty() {
            continue;
        }
        let predecessor = rule.after.and_then(|kind| made.get(kind.as_str()).copied());
        let item = WorkItem::assign(ids(), order, rule, lines, predecessor, by);
        made.insert(rule.kind.as_str(), item.id);
        items.push(Change::new("create", item));
    }
    items
}

impl WorkItem {
    fn assign(
        id: WorkItemId,
        order: &Order,
        rule: &Rule,
        lines: Vec<WantedLine>,
        predecessor_id: Option<WorkItemId>,
        by: &Stamp,
    ) -> Self {
        let days = u32::try_from(rule.due_working_days).unwrap_or(0);
        let due = Calendar::china().add_working_days(by.at.timestamp(), days);
        Self {
            id,
            kind: rule.kind,
            status: Status::Assigned,
            order_id: order.head.id,
            order_number: order.head.number.clone(),
            case_id: order.head.case_id,
            predecessor_id,
            waiting: predecessor_id.is_some(),
            lines: Kept(lines),
            requirements: order.head.requirements.clone(),
            due_at: due.at.into(),
            calendar_id: due.calendar_id.to_owned(),
            open_inspections: 0,
            block_reason: None,
            result: None,
            acknowledged_by: None,
            acknowledged_at: None,
            started_at: None,
            done_at: None,
            owner_id: order.head.owner_id.clone(),
            team_id: order.head.team_id.clone(),
            department_id: Some(rule.department_id.clone()),
            created_at: by.at,
            version: 1,
        }
    }
    /// The department has seen it.
    pub fn acknowledge(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("acknowledge")?;
        let mut next = self.to(Status::Acknowledged);
        (next.acknowledged_by, next.acknowledged_at) = (Some(by.actor.clone()), Some(by.at));
        let event = WorkItemAcknowledged {
            work_item_id: next.id,
            order_id: next.order_id,
            order_number: next.order_number.clone(),
            department_id: next.department_id.clone(),
            acknowledged_by: by.actor.clone(),
            acknowledged_at: by.at,
            acknowledge_until: next.acknowledge_until(),
        };
        Ok(Change::new("acknowledge", next).emit(&event))
    }
    /// Until when the department is to have seen it.
    pub fn acknowledge_until(&self) -> Moment {
        Calendar::china().add_working_time(self.created_at.timestamp(), ACKNOWLEDGED_WITHIN).at.into()
    }
    /// As the order tells it.
    pub fn told(&self) -> Option<AssignedWork> {
        let acknowledge_until = self.acknowledge_until();
        let department_id = self.department_id.clone()?;
        Some(AssignedWork { work_item_id: self.id, department_id, acknowledge_until })
    }
    /// Work begins.
    pub fn start(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("start")?;
        let mut next = self.to(Status::InProgress);
        next.started_at = Some(by.at);
        Ok(Change::new("start", next))
    }
    /// It cannot go on.
    pub fn block(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("block")?;
        let mut next = self.to(Status::Blocked);
        next.block_reason = Some(reason.clone());
        Ok(Change::new("block", next).because(reason))
    }
    /// It can go on where it stood.
    pub fn unblock(self) -> Result<Change<Self>, Refused> {
        self.may("unblock")?;
        let status = if self.started_at.is_some() { Status::InProgress } else { Status::Acknowledged };
        let mut next = self.to(status);
        next.block_reason = None;
        Ok(Change::new("unblock", next))
    }
    /// Done.
    pub fn complete(self, result: Option<String>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("complete")?;
        let mut next = self.to(Status::Done);
        (next.result, next.done_at) = (result, Some(by.at));
        Ok(Change::new("complete", next))
    }
    /// What came before it is done.
    pub fn ready(self) -> Result<Change<Self>, Refused> {
        self.may("ready")?;
        let status = self.status;
        let mut next = self.to(status);
        next.waiting = false;
        Ok(Change::new("ready", next))
    }
    /// So many final inspections and nonconformities are open (ORD-17, 19).
    pub fn inspect(self, open: i32) -> Result<Change<Self>, Refused> {
        self.may("inspect")?;
        let status = self.status;
        let mut next = self.to(status);
        next.open_inspections = open;
        Ok(Change::new("inspect", next))
    }
    /// The order was cancelled.
    pub fn cancel(self) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        Ok(Change::new("cancel", self.to(Status::Cancelled)))
    }

    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn item(created_at: &str) -> WorkItem {
        let created_at = Moment::new(created_at.parse().unwrap());
        WorkItem {
            id: WorkItemId(Uuid::nil()),
            kind: WorkKind::PrepareGoods,
            status: Status::Assigned,
            order_id: OrderId(Uuid::nil()),
            order_number: "SO-1".into(),
            case_id: CaseId(Uuid::nil()),
            predecessor_id: None,
            waiting: false,
            lines: Kept(Vec::new()),
            requirements: None,
            due_at: created_at,
            calendar_id: "cn".into(),
            open_inspections: 0,
            block_reason: None,
            result: None,
            acknowledged_by: None,
            acknowledged_at: None,
            started_at: None,
            done_at: None,
            owner_id: Some("ann".into()),
            team_id: None,
            department_id: Some("warehouse".into()),
            created_at,
            version: 1,
        }
    }

    #[test]
    fn ord_12_a_department_sees_its_work_within_four_working_hours() {
        // Friday 10:00 in China, and Friday 16:00: over a break, and over a weekend.
        for (created, until) in
            [("2026-03-06T02:00:00Z", "2026-03-06T07:00:00Z"), ("2026-03-06T08:00:00Z", "2026-03-09T03:00:00Z")]
        {
            let told = item(created).told().unwrap();
            assert_eq!(
                (told.department_id.as_str(), told.acknowledge_until.to_string()),
                ("warehouse", until.to_owned())
            );
        }
    }

    #[test]
    fn ord_12_who_has_seen_it_and_when_is_told() {
        let at = Moment::new("2026-03-06T07:00:00Z".parse().unwrap());
        let by = Stamp { at, actor: "user:wh-1".into(), ownership: wire::Ownership::default() };
        let seen = item("2026-03-06T02:00:00Z").acknowledge(&by).unwrap();
        assert_eq!(seen.event_types(), ["orders.work_item.acknowledged.v1"]);
        assert!(seen.after().clone().acknowledge(&by).is_err(), "once");
    }
}
