//! One deal being played: who takes the next step (the table of grants says so), what the customer's people said, how far
//! it is. The steps themselves are in the files beside.
use super::{deal::Deal, progress::Progress};
use crate::rest::{Caller, Rest, text};
use anyhow::{Context, ensure};
use jiff::{ToSpan, tz::TimeZone};
use platform::auth::{Role, grants};
use serde_json::{Value, json};

pub(super) struct Play<'a> {
    pub rest: &'a Rest,
    pub deal: &'a Deal,
    pub progress: &'a Progress,
}

impl Play<'_> {
    /// Who takes this step of the chain; where several roles do, each in its own department, the first.
    pub(super) fn step(&self, step: &'static str) -> anyhow::Result<Caller<'_>> {
        let found = grants::chain().iter().find(|known| known.step == step);
        let role = found.with_context(|| format!("{step} is no step of the chain in grants.txt"))?.role;
        self.step_of(step, role)
    }
    /// The same by a certain role.
    pub(super) fn step_of(&self, step: &'static str, role: Role) -> anyhow::Result<Caller<'_>> {
        let named = grants::chain().iter().any(|known| known.step == step && known.role == role);
        ensure!(named, "the chain in grants.txt does not name {role} for {step}");
        self.progress.step(step);
        Ok(self.rest.person(role))
    }
    /// What shows that the customer's person did it, just now.
    pub(super) fn evidence(&self, channel: &str) -> Value {
        json!({"channel": channel, "person": self.deal.customer.person, "at": self.rest.now()})
    }
    /// The day that is so many days away, in Asia/Shanghai.
    pub(super) fn day(&self, days_ahead: i32) -> anyhow::Result<String> {
        let today = self.rest.now().timestamp().to_zoned(TimeZone::get("Asia/Shanghai")?).date();
        Ok(today.checked_add(days_ahead.days())?.to_string())
    }
    /// Carries an approval through its frozen steps: every seat is taken by the role that the chain names for it.
    pub(super) async fn approve(&self, service: &str, subject: &str) -> anyhow::Result<()> {
        let approvals = format!("/api/{service}/v1/approvals");
        // Who reads everything and decides nothing.
        let auditor = self.rest.person(Role::Auditor);
        let pending = format!("{approvals}?subject_id={subject}&status=pending");
        let mut approval = auditor.first(&pending).await?;
        let path = format!("{approvals}/{}", text(&approval, "id")?);
        while approval["status"] == "pending" {
            let role: Role = next_seat(&approval).with_context(|| format!("nobody is asked by {path}"))?.parse()?;
            let permission = format!("{service}.approval.approve");
            let step = grants::chain().iter().find(|step| step.permission == permission && step.role == role);
            let step = step.with_context(|| format!("{path} asks for {role}, whom the chain does not name"))?.step;
            let person = self.seated(self.step(step)?, &path).await?;
            person.act(&path, "approve", &json!({"comment": "同意 agreed"})).await?;
            approval = auditor.get(&path).await?;
        }
        ensure!(approval["status"] == "approved", "{path} is {}", approval["status"]);
        Ok(())
    }
}

impl<'a> Play<'a> {
    /// Who of a role may decide: not the maker, and someone in whose department the document is.
    async fn seated(&self, first: Caller<'a>, path: &str) -> anyhow::Result<Caller<'a>> {
        for person in first.with_colleagues() {
            if person.find(path).await?.is_some_and(|approval| approval["my_seat"].is_string()) {
                return Ok(person);
            }
        }
        anyhow::bail!("nobody of {} may decide {path}", first.reference())
    }
}

/// A role of the current step that has not spoken.
fn next_seat(approval: &Value) -> Option<&str> {
    let current = usize::try_from(approval["current_step"].as_u64()?).ok()?;
    let votes = || approval["votes"].as_array().into_iter().flatten();
    let roles = approval["steps"][current]["roles"].as_array()?.iter().filter_map(Value::as_str);
    roles.into_iter().find(|role| !votes().any(|vote| vote["step"] == current && vote["role"] == *role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seats_of_a_step_are_taken_in_turn() {
        let steps = json!([{"roles": ["sales_manager"]}, {"roles": ["legal", "technical"]}]);
        let mut votes = vec![json!({"step": 0, "role": "sales_manager"})];
        for role in ["legal", "technical"] {
            let approval = json!({"current_step": 1, "steps": steps, "votes": votes});
            assert_eq!(next_seat(&approval), Some(role));
            votes.push(json!({"step": 1, "role": role}));
        }
        assert_eq!(next_seat(&json!({"current_step": 1, "steps": steps, "votes": votes})), None);
    }
}
