//! The clocks of a ticket: a new promise (SVC-04), and what time does to it, each once (SVC-03, SVC-04).
use super::{Ticket, TicketRule, promise, room};
use platform::{Change, Machine, Stamp, evidence::not_to_come};
use wire::aftersales::{
    PromiseTicket, SlaBreached, SlaWarning, TicketFirstResponseBreached, TicketPromise, TicketPromiseChanged,
};

impl Ticket {
    /// Another time is promised, and the customer was told. The clocks of the promise start anew; the old one is kept,
    /// with whether it was broken. Whoever was told was answered.
    pub fn promise(self, said: PromiseTicket, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("promise")?;
        room(self.history.0.promises.len())?;
        let PromiseTicket { promised_at, reason, notice } = said;
        if !promise::may_promise(promised_at, by.at) {
            return Err(TicketRule::Promise.into());
        }
        not_to_come("notice", &notice, by)?;
        let mut next = self.next();
        let (from, reason) = (next.promised_at, reason.into_string());
        next.promised_at = promised_at;
        next.warn_at = promise::warn_at(next.created_at, promised_at);
        next.warned_at = None;
        let breached_at = next.breached_at.take();
        next.responded_at.get_or_insert(by.at);
        next.history.0.promises.push(TicketPromise {
            from,
            to: promised_at,
            reason: reason.clone(),
            notice,
            breached_at,
            by: by.actor.clone(),
            at: by.at,
        });
        let event = TicketPromiseChanged { from, reason: reason.clone(), ticket: next.snapshot() };
        Ok(Change::new("promise", next).emit(&event).because(reason))
    }
    /// Nobody has answered by `first_response_due_at`: late is what comes after it.
    pub fn miss_response(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("miss_response")?;
        let marked = self.responded_at.is_some() || self.response_breached_at.is_some();
        if marked || by.at <= self.first_response_due_at {
            return Err(TicketRule::NotDue.into());
        }
        let mut next = self.next();
        next.response_breached_at = Some(by.at);
        let event = TicketFirstResponseBreached {
            first_response_due_at: next.first_response_due_at,
            assignee: next.assignee.clone(),
            ticket: next.snapshot(),
        };
        Ok(Change::new("miss_response", next).emit(&event))
    }
    /// Three quarters of the promised time are gone: at `warn_at` they are.
    pub fn warn(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("warn")?;
        if self.warned_at.is_some() || by.at < self.warn_at {
            return Err(TicketRule::NotDue.into());
        }
        let mut next = self.next();
        next.warned_at = Some(by.at);
        let event = SlaWarning { warn_at: next.warn_at, assignee: next.assignee.clone(), ticket: next.snapshot() };
        Ok(Change::new("warn", next).emit(&event))
    }
    /// It is not solved by `promised_at`: broken is what comes after it.
    pub fn breach(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("breach")?;
        if self.breached_at.is_some() || by.at <= self.promised_at {
            return Err(TicketRule::NotDue.into());
        }
        let mut next = self.next();
        next.breached_at = Some(by.at);
        let event = SlaBreached { assignee: next.assignee.clone(), ticket: next.snapshot() };
        Ok(Change::new("breach", next).emit(&event))
    }
}
