//! The rules of action items (CRM-60). Pure: no async, no clock, no SQL.
use crate::{
    escalations::domain::{EscalationLadder, closing},
    links::Linked,
    schema::action_items,
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Day, Moment, Ownership,
    crm::{
        ActionItemId, ActionItemOverdue, ActionItemStatus as Status, CompleteActionItem, EntityLink, MeetingId,
        NewActionItem,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = action_items, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ActionItem {
    pub id: ActionItemId,
    pub status: Status,
    pub title: String,
    pub meeting_id: Option<MeetingId>,
    pub link_kind: Option<String>,
    pub link_id: Option<Uuid>,
    pub case_id: Option<CaseId>,
    pub due_on: Day,
    pub due_at: Moment,
    pub calendar_id: String,
    pub level: i32,
    pub next_level_at: Option<Moment>,
    pub told_to: Option<String>,
    pub result: Option<String>,
    pub reason: Option<String>,
    pub done_by: Option<String>,
    pub ended_at: Option<Moment>,
    pub created_by: String,
    /// Who has to do it.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(ActionItem, "action_item", ActionItemId; row: this, case: option, owned);

platform::rules!(
    /// Why an action item is refused.
    ActionItemRule {
        Reach => "action_item.reach", Forbidden, "only a leader gives others something to do", "只有负责人可以为他人指派行动项", at "/owner";
        Past => "action_item.due_on", Invalid, "it is due today or later", "到期日不能早于今天", at "/due_on";
        Meeting { number: String } => "action_item.meeting", Conflict, "{number} is closed or cancelled: name one that is not, or none", "会议 {number} 已关闭或取消，请改选其他会议或不填", at "/meeting_id";
    }
);

const OPEN: &[&str] = &["open", "overdue", "escalated"];

impl Machine for ActionItem {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "action_item",
        transitions: &[
            Transition::new("complete", OPEN, &["done"]),
            Transition::new("cancel", OPEN, &["cancelled"]),
            Transition::automatic("escalate", OPEN, &["overdue", "escalated"]),
        ],
        labels: Status::labels(),
    };
}

impl ActionItem {
    /// Gives it to `owner`, due by closing time of its day or of the next working day.
    pub fn give(
        id: ActionItemId,
        new: NewActionItem,
        owner: Ownership,
        linked: &Linked,
        ladder: &EscalationLadder,
        by: &Stamp,
    ) -> Result<Change<Self>, ActionItemRule> {
        let NewActionItem { title, owner: _, due_on, meeting_id, link } = new;
        if due_on < by.today() {
            return Err(ActionItemRule::Past);
        }
        let due = closing(due_on).ok_or(ActionItemRule::Past)?;
        let due_at = Moment::new(due.at);
        let (link_kind, link_id) = link.map(|link| (link.kind.into_string(), link.id)).unzip();
        let item = Self {
            id,
            status: Status::Open,
            title: title.into_string(),
            meeting_id,
            link_kind,
            link_id,
            case_id: linked.case_id,
            due_on,
            due_at,
            calendar_id: due.calendar_id.to_owned(),
            level: 0,
            next_level_at: ladder.reached_at(due_at, 1),
            told_to: None,
            result: None,
            reason: None,
            done_by: None,
            ended_at: None,
            created_by: by.actor.clone(),
            owner_id: owner.owner_id,
            team_id: owner.team_id,
            department_id: owner.department_id,
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", item))
    }
    /// It was done, late or not.
    pub fn complete(self, said: CompleteActionItem, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("complete")?;
        let mut next = self.ended(Status::Done, by);
        (next.result, next.done_by) = (Some(said.result.into_string()), Some(by.actor.clone()));
        Ok(Change::new("complete", next))
    }
    /// Nobody needs it any more.
    pub fn cancel(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let next = Self { reason: Some(reason.clone()), ..self.ended(Status::Cancelled, by) };
        Ok(Change::new("cancel", next).because(reason))
    }
    /// One rung up, once its time is over: the owner hears of it, then the manager.
    pub fn escalate(
        self,
        manager: Option<String>,
        ladder: &EscalationLadder,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("escalate")?;
        let (level, next_level_at) = ladder.climb((self.level, self.next_level_at), self.due_at, by.at)?;
        let mut next = Self { level, next_level_at, ..self.next() };
        (next.status, next.told_to) =
            if level == 1 { (Status::Overdue, next.owner_id.clone()) } else { (Status::Escalated, manager) };
        let event = ActionItemOverdue {
            action_item_id: next.id,
            meeting_id: next.meeting_id,
            link: next.link(),
            due_at: next.due_at,
            level,
            told_to: next.told_to.clone(),
        };
        Ok(Change::new("escalate", next).emit(&event))
    }
    /// What it is about.
    pub fn link(&self) -> Option<EntityLink> {
        let kind = self.link_kind.as_ref()?.parse().ok()?;
        Some(EntityLink { kind, id: self.link_id? })
    }
    fn ended(self, status: Status, by: &Stamp) -> Self {
        Self { status, next_level_at: None, ended_at: Some(by.at), ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Rule;
    use wire::{
        crm::{EscalationLadderId, LadderKind},
        json::Kept,
    };

    fn at(text: &str) -> Stamp {
        let at = Moment::new(text.parse().unwrap());
        Stamp { at, actor: "user:bob".into(), ownership: Ownership::default() }
    }
    fn ladder() -> EscalationLadder {
        let id = EscalationLadderId(Uuid::nil());
        EscalationLadder { id, kind: LadderKind::ActionItem, after_working_minutes: Kept(vec![0, 960]), version: 1 }
    }
    fn give(due_on: &str) -> Result<ActionItem, ActionItemRule> {
        let new = NewActionItem {
            title: "ask for the date".parse().unwrap(),
            owner: "ann".parse().unwrap(),
            due_on: due_on.parse().unwrap(),
            meeting_id: None,
            link: None,
        };
        let owner = Ownership { owner_id: Some("ann".into()), ..Ownership::default() };
        let change = ActionItem::give(
            ActionItemId(Uuid::nil()),
            new,
            owner,
            &Linked::default(),
            &ladder(),
            &at("2026-03-06T01:00:00Z"),
        );
        change.map(|change| change.after().clone())
    }

    #[test]
    fn crm_60_the_whole_life_on_one_screen() {
        let late = at("2026-04-01T01:00:00Z");
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let one = || ActionItem { status: from, ..give("2026-03-06").unwrap() };
            let done = CompleteActionItem { result: "told".parse().unwrap() };
            let steps = [
                ("complete", one().complete(done, &late).ok()),
                ("cancel", one().cancel("settled".into(), &late).ok()),
                ("escalate", one().escalate(None, &ladder(), &late).ok()),
            ];
            for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
                table.push(format!("{from} {command} {}", change.after().status));
            }
        }
        let from = |state: &str| {
            [format!("{state} complete done"), format!("{state} cancel cancelled"), format!("{state} escalate overdue")]
        };
        assert_eq!(table, [from("open"), from("overdue"), from("escalated")].concat());
    }

    #[test]
    fn crm_60_it_is_due_today_or_later() {
        assert_eq!(give("2026-03-05").unwrap_err().code(), "action_item.due_on");
        assert_eq!(give("2026-03-06").unwrap().due_at.to_string(), "2026-03-06T10:00:00Z");
        assert_eq!(give("2026-03-07").unwrap().due_at.to_string(), "2026-03-09T10:00:00Z", "Saturday counts on Monday");
    }

    #[test]
    fn crm_60_the_ladder_is_climbed_after_each_rungs_time_not_at_it() {
        let due = give("2026-03-06").unwrap();
        let step = |item: &ActionItem, text: &str| item.clone().escalate(Some("bob".into()), &ladder(), &at(text));
        assert_eq!(step(&due, "2026-03-06T10:00:00Z").unwrap_err().code(), "escalation_ladder.not_yet");
        let overdue = step(&due, "2026-03-06T10:00:00.000001Z").unwrap();
        assert_eq!(overdue.event_types(), ["crm.action_item.overdue.v1"]);
        let overdue = overdue.after().clone();
        assert_eq!((overdue.status, overdue.told_to.as_deref()), (Status::Overdue, Some("ann")));
        // Two working days on: Tuesday, 18:00 in China.
        assert!(step(&overdue, "2026-03-10T10:00:00Z").is_err());
        let escalated = step(&overdue, "2026-03-10T10:00:00.000001Z").unwrap().after().clone();
        assert_eq!((escalated.status, escalated.told_to.as_deref()), (Status::Escalated, Some("bob")));
        assert_eq!((escalated.level, escalated.next_level_at), (2, None), "the top");
    }
}
