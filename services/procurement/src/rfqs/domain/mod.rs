//! The rules of requests for quotation (PRO-15, 16, 37; D-06). Pure: no async, no clock, no SQL. What suppliers answer is
//! `quotes`, the choice is `award`, what the answers come to is `super::comparison`.
mod award;
mod draft;
mod quotes;
mod rules;

pub use super::row::{Basis, Head, Invitation, LineRow, Rfq};
pub use draft::{Birth, Guest};
pub use rules::RfqRule;

use super::comparison::{compare, ruling};
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use wire::{
    Day, Moment,
    json::Kept,
    procurement::{RfqRuleApplied, RfqSent, RfqStatus as Status},
};

/// Qualified suppliers that are asked at least, unless a waiver is approved (PRO-16).
pub const LEAST_SUPPLIERS: usize = 3;

impl Machine for Rfq {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "rfq",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("invite", &["draft", "sent", "quoting"], &["draft", "sent", "quoting"]),
            Transition::new("send", &["draft"], &["sent"]),
            Transition::new("record_quote", &["sent", "quoting"], &["quoting"]),
            Transition::new("decline", &["sent", "quoting"], &["sent", "quoting"]),
            Transition::new("admit_quote", &["quoting"], &["quoting"]),
            Transition::new("close", &["quoting"], &["closed"]),
            Transition::new("evaluate", &["closed"], &["evaluated"]),
            Transition::new("award", &["evaluated"], &["awarded"]),
            Transition::new("cancel", &["draft", "sent", "quoting", "closed", "evaluated"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
    fn gates(&self, action: &str) -> Vec<Closed> {
        let asked = self.invitations.len();
        match action {
            "send" if asked == 0 || asked < LEAST_SUPPLIERS && !self.basis.waived => vec![
                Closed::new(
                    "three_suppliers",
                    format!("ask at least 3 qualified suppliers (now {asked}), or name an approved sourcing waiver"),
                    format!("应邀请至少 3 家合格供应商（现有 {asked} 家），或关联已批准的询价豁免"),
                )
                .on(self.head.sourcing_waiver_id.map_or_else(|| asked.to_string(), |id| id.to_string())),
            ],
            "award" if self.needs_sample() && self.basis.passed.is_empty() => vec![Self::sample_gate()],
            _ => Vec::new(),
        }
    }
}

impl Rfq {
    /// To the suppliers. Whoever calls has made sure that each is still qualified.
    pub fn send(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("send")?;
        draft::due(self.head.due_on, by)?;
        let mut next = self.to(Status::Sent);
        next.head.sent_at = Some(by.at);
        let event = RfqSent {
            rfq_id: next.head.id,
            number: next.head.number.clone(),
            category: next.head.category.clone(),
            due_on: next.head.due_on,
            requisition_ids: next.requisition_ids(),
            supplier_ids: next.supplier_ids(),
            sourcing_waiver_id: next.head.sourcing_waiver_id.filter(|_| next.rests_on_waiver()),
        };
        Ok(Change::new("send", next).emit(&event))
    }
    /// Asks more suppliers.
    pub fn invite(self, guests: Vec<Guest>) -> platform::Result<Change<Self>> {
        self.may("invite")?;
        let status = self.head.status;
        let mut next = self.to(status);
        draft::seat(next.head.id, guests, &mut next.invitations)?;
        Ok(Change::new("invite", next))
    }
    /// No more quotes; refused while one that counts is in another currency.
    pub fn close(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("close")?;
        compare(&self)?;
        let mut next = self.to(Status::Closed);
        next.head.closed_at = Some(by.at);
        Ok(Change::new("close", next))
    }
    /// Holds the two lowest compliant quotes against the rule of 5 % (PRO-19); every line must be on offer.
    pub fn evaluate(self) -> platform::Result<Change<Self>> {
        self.may("evaluate")?;
        let comparison = compare(&self)?;
        for (line, compared) in self.lines.iter().zip(&comparison.lines) {
            if compared.offers.is_empty() {
                return Err(RfqRule::NotCovered { line: line.line_number }.into());
            }
        }
        let ruling = ruling(&comparison.suppliers);
        let event = RfqRuleApplied {
            rfq_id: self.head.id,
            number: self.head.number.clone(),
            currency: self.head.currency,
            ruling: ruling.clone(),
        };
        let applied = ruling.second.is_some();
        let mut next = self.to(Status::Evaluated);
        next.head.ruling = Some(Kept(ruling));
        let change = Change::new("evaluate", next);
        Ok(if applied { change.emit(&event) } else { change })
    }
    /// Nothing is bought this way.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let mut next = self.to(Status::Cancelled);
        next.head.reason = Some(reason.clone());
        Ok(Change::new("cancel", next).because(reason))
    }
    /// Fewer than three are asked.
    pub fn rests_on_waiver(&self) -> bool {
        self.invitations.len() < LEAST_SUPPLIERS
    }
    /// May its lines be wanted by no other request?
    pub fn is_open(&self) -> bool {
        !matches!(self.head.status, Status::Awarded | Status::Cancelled)
    }
    /// Did the rule ask for a sample test?
    fn needs_sample(&self) -> bool {
        self.head.ruling.as_ref().is_some_and(|ruling| ruling.0.basis == wire::procurement::AwardBasis::SampleTest)
    }
    fn sample_gate() -> Closed {
        Closed::new(
            "sample_test",
            "the quotes differ by 5 % or more: a sample of the chosen supplier must first pass a test",
            "报价差异达到或超过 5%：须先由技术或使用部门完成样品测试且合格",
        )
    }
    fn to(mut self, status: Status) -> Self {
        self.head.version += 1;
        self.head.status = status;
        let open = self.is_open();
        for line in &mut self.lines {
            line.open = open;
        }
        self
    }
}

/// The day in Asia/Shanghai.
pub fn day_of(at: Moment) -> Day {
    Day(at.timestamp().to_zoned(Calendar::china().zone().clone()).date())
}

#[cfg(test)]
#[path = "../domain_tests.rs"]
mod tests;
