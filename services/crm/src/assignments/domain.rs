//! The rules of assignments (CRM-25). Pure: no async, no clock, no SQL.
use crate::schema::assignments;
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Ownership,
    crm::{
        AssignmentBasis as Basis, AssignmentChanged, AssignmentId, AssignmentRuleId, AssignmentStatus as Status,
        AssignmentTarget,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = assignments, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Assignment {
    pub id: AssignmentId,
    pub status: Status,
    pub target: AssignmentTarget,
    pub target_id: Uuid,
    pub target_number: String,
    pub case_id: Option<CaseId>,
    pub from_owner: Option<String>,
    pub from_team: Option<String>,
    pub from_department: Option<String>,
    pub basis: Basis,
    pub rule_id: Option<AssignmentRuleId>,
    pub reason: String,
    pub answer: Option<String>,
    pub assigned_by: String,
    /// Whose the target is since; so the row is theirs to answer.
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub answered_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(Assignment, "assignment", AssignmentId; row: this, case: option, owned);

platform::rules!(
    /// Why an assignment is refused.
    AssignRule {
        Same => "assignment.same", Conflict, "it is theirs already", "已由该人员负责", at "/to";
        NoRule => "assignment.no_rule", Conflict, "no active rule finds anyone for it; name somebody", "没有规则能选出负责人，请指定人员", at "/to";
        Closed { status: (&'static str, &'static str) } => "assignment.closed", Conflict, "nobody works on it any more: it is {status}", "该对象状态为 {status}，已无需分配", at "/target_id";
        NotYours => "assignment.not_yours", Forbidden, "only whom it was assigned to can answer", "只有被分配的人员可以答复";
    }
);

/// What has another owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub kind: AssignmentTarget,
    pub id: Uuid,
    pub number: String,
    pub case_id: Option<CaseId>,
    /// Whose it was.
    pub before: Ownership,
}

/// How the new owner was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub to: Ownership,
    pub basis: Basis,
    pub rule_id: Option<AssignmentRuleId>,
    pub reason: String,
}

impl Machine for Assignment {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "assignment",
        transitions: &[
            Transition::new("accept", &["assigned"], &["accepted"]),
            Transition::new("decline", &["assigned"], &["declined"]),
            Transition::automatic("supersede", &["assigned"], &["superseded"]),
        ],
        labels: Status::labels(),
    };
    /// Its answer is the word of whom it was given to.
    fn admits(&self, _action: &str, actor: &str) -> platform::Result<()> {
        let theirs = self.owner_id.as_ref().is_some_and(|owner| actor == format!("user:{owner}"));
        if theirs { Ok(()) } else { Err(AssignRule::NotYours.into()) }
    }
}

impl Assignment {
    /// A change of owner. Whoever was chosen answers; what only goes back or is handed over needs no answer.
    pub fn of(id: AssignmentId, target: Target, choice: Choice, by: &Stamp) -> Change<Self> {
        let Target { kind, id: target_id, number, case_id, before } = target;
        let Choice { to, basis, rule_id, reason } = choice;
        let settled = matches!(basis, Basis::Declined | Basis::Handover);
        let assignment = Self {
            id,
            status: if settled { Status::Accepted } else { Status::Assigned },
            target: kind,
            target_id,
            target_number: number,
            case_id,
            from_owner: before.owner_id,
            from_team: before.team_id,
            from_department: before.department_id,
            basis,
            rule_id,
            reason: reason.clone(),
            answer: None,
            assigned_by: by.actor.clone(),
            owner_id: to.owner_id,
            team_id: to.team_id,
            department_id: to.department_id,
            created_at: by.at,
            answered_at: settled.then_some(by.at),
            version: 1,
        };
        let event = assignment.changed();
        Change::new("create", assignment).emit(&event).because(reason)
    }
    /// They take it.
    pub fn accept(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.answered("accept", Status::Accepted, None, by)
    }
    /// They do not; it goes back.
    pub fn decline(self, reason: String, by: &Stamp) -> platform::Result<Change<Self>> {
        Ok(self.answered("decline", Status::Declined, Some(reason.clone()), by)?.because(reason))
    }
    /// Someone else was chosen before they answered.
    pub fn supersede(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("supersede")?;
        Ok(Change::new("supersede", Self { status: Status::Superseded, answered_at: Some(by.at), ..self.next() }))
    }
    /// Whose it was before.
    pub fn before(&self) -> Ownership {
        let Self { from_owner, from_team, from_department, .. } = self.clone();
        Ownership { owner_id: from_owner, team_id: from_team, department_id: from_department }
    }

    fn answered(
        self,
        action: &'static str,
        status: Status,
        answer: Option<String>,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may(action)?;
        self.admits(action, &by.actor)?;
        let next = Self { status, answer, answered_at: Some(by.at), ..self.next() };
        let event = next.changed();
        Ok(Change::new(action, next).emit(&event))
    }
    fn changed(&self) -> AssignmentChanged {
        let Self { id, target, target_id, target_number, from_owner, owner_id, basis, status, .. } = self.clone();
        AssignmentChanged {
            assignment_id: id,
            target,
            target_id,
            number: target_number,
            from_owner,
            to_owner: owner_id,
            basis,
            status,
        }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(user: &str) -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: format!("user:{user}"), ownership: Ownership::default() }
    }
    fn owner(user: &str) -> Ownership {
        Ownership { owner_id: Some(user.into()), team_id: Some("east".into()), department_id: None }
    }
    fn assigned(basis: Basis) -> Change<Assignment> {
        let target = Target {
            kind: AssignmentTarget::Lead,
            id: Uuid::nil(),
            number: "LD-1".into(),
            case_id: None,
            before: owner("ann"),
        };
        let choice = Choice { to: owner("cat"), basis, rule_id: None, reason: "east".into() };
        Assignment::of(AssignmentId(Uuid::nil()), target, choice, &by("bob"))
    }

    #[test]
    fn crm_25_the_whole_life_on_one_screen() {
        let mut table: Vec<String> = Vec::new();
        for &from in Status::ALL {
            let one = || Assignment { status: from, ..assigned(Basis::Named).after().clone() };
            let steps = [
                ("accept", one().accept(&by("cat")).ok()),
                ("decline", one().decline("too far".into(), &by("cat")).ok()),
                ("supersede", one().supersede(&by("bob")).ok()),
            ];
            for (command, change) in steps.into_iter().filter_map(|(command, change)| Some((command, change?))) {
                table.push(format!("{from} {command} {} {}", change.after().status, change.event_types().len()));
            }
        }
        assert_eq!(
            table,
            ["assigned accept accepted 1", "assigned decline declined 1", "assigned supersede superseded 0"]
        );
    }

    #[test]
    fn crm_25_only_whom_it_was_assigned_to_answers() {
        let one = assigned(Basis::Territory);
        assert_eq!(one.event_types(), ["crm.assignment.changed.v1"]);
        let refused = one.after().clone().accept(&by("bob")).unwrap_err();
        assert_eq!(refused.code(), "assignment.not_yours");
        let declined = one.after().clone().decline("too far".into(), &by("cat")).unwrap();
        assert_eq!((declined.after().answer.as_deref(), declined.after().before()), (Some("too far"), owner("ann")));
    }

    #[test]
    fn crm_25_what_goes_back_or_is_handed_over_needs_no_answer() {
        for (basis, status) in [
            (Basis::Named, Status::Assigned),
            (Basis::RoundRobin, Status::Assigned),
            (Basis::Territory, Status::Assigned),
            (Basis::Declined, Status::Accepted),
            (Basis::Handover, Status::Accepted),
        ] {
            assert_eq!(assigned(basis).after().status, status, "{basis}");
        }
    }
}
