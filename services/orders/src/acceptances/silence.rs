//! What happens while the customer is silent (ORD-36, D-12, D-13): reminders, overdue, escalation, by the policy under which
//! they were invited. Pure. It accepts nothing but where that policy says so in so many words.
use super::domain::Acceptance;
use crate::acceptance_policies::domain::AcceptancePolicy;
use platform::{Change, Machine, Refused, Stamp, calendar::Calendar};
use wire::{
    Moment,
    orders::{
        AcceptanceEscalated, AcceptanceOverdue, AcceptanceReminded, AcceptanceSnapshot, AcceptanceStatus as Status,
        AcceptanceStep, AcceptanceStepKind as Kind, OnSilence,
    },
};

/// The steps of an invitation of so many working days, in time. A reminder goes out at the opening of its day, none before
/// the first; the time is over after the closing of the last.
pub fn steps(invited_at: Moment, working_days: u32, policy: &AcceptancePolicy) -> Vec<AcceptanceStep> {
    let calendar = Calendar::china();
    let closing = |days: u32| calendar.add_working_days(invited_at.timestamp(), days).at;
    let opening = |days: u32| {
        let day = closing(days).to_zoned(calendar.zone().clone()).date();
        let opens = calendar
            .hours()
            .first()
            .map_or_else(|| day.to_datetime(jiff::civil::Time::MIN), |hours| day.to_datetime(hours.opens));
        opens.to_zoned(calendar.zone().clone()).map_or_else(|_| closing(days), |at| at.timestamp())
    };
    let step = |kind, at: jiff::Timestamp| AcceptanceStep { kind, due_at: at.into(), done_at: None };
    let before = policy.remind_working_days_before.0.iter().filter(|days| **days < working_days);
    let mut steps: Vec<_> = before.map(|days| step(Kind::Remind, opening(working_days - days))).collect();
    steps.push(step(Kind::Overdue, closing(working_days)));
    match policy.on_silence {
        OnSilence::Remind => {
            let after = u32::try_from(policy.escalate_after_working_days).unwrap_or(0);
            steps.push(step(Kind::Remind, closing(working_days)));
            steps.push(step(Kind::Escalate, closing(working_days + after)));
        }
        OnSilence::Escalate => steps.push(step(Kind::Escalate, closing(working_days))),
        OnSilence::DeemedAccepted => {}
    }
    steps
}

/// The moment of the next step that was not taken.
pub fn next_step_at(steps: &[AcceptanceStep]) -> Option<Moment> {
    steps.iter().filter(|step| step.done_at.is_none()).map(|step| step.due_at).min()
}

impl Acceptance {
    /// Takes every step whose moment has passed, each once. Where the policy says so the end of the time is an acceptance.
    pub fn chase(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("chase")?;
        let status = self.status;
        let mut next = self.to(status);
        let mut taken = Vec::new();
        for step in next.steps.0.iter_mut().filter(|step| step.done_at.is_none() && step.due_at < by.at) {
            step.done_at = Some(by.at);
            taken.push(step.kind);
        }
        next.next_step_at = next_step_at(&next.steps.0);
        if taken.contains(&Kind::Overdue) {
            next.overdue_at = Some(by.at);
            if next.on_silence == OnSilence::DeemedAccepted {
                (next.status, next.deemed_accepted, next.decided_at) = (Status::Accepted, true, Some(by.at));
            }
        }
        if taken.contains(&Kind::Escalate) {
            next.escalated_at = Some(by.at);
        }
        let (acceptance, on_silence) = (next.silent(), next.on_silence);
        let mut change = Change::new("chase", next);
        for kind in taken {
            let acceptance = acceptance.clone();
            change = match kind {
                Kind::Remind => change.emit(&AcceptanceReminded { acceptance }),
                Kind::Overdue => change.emit(&AcceptanceOverdue { on_silence, acceptance }),
                Kind::Escalate => change.emit(&AcceptanceEscalated { acceptance }),
            };
        }
        Ok(change)
    }

    fn silent(&self) -> AcceptanceSnapshot {
        AcceptanceSnapshot {
            acceptance_id: self.id,
            number: self.number.clone(),
            order_id: self.order_id,
            order_number: self.order_number.clone(),
            due_at: self.due_at,
        }
    }
}
