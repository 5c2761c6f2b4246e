//! What suppliers answer (PRO-17): recorded by the buyer with evidence, in time or late, or declined. Pure, like `domain`.
use super::{Invitation, Rfq, RfqRule, Status, day_of};
use crate::rfqs::comparison::quote_total;
use platform::{Change, Machine, Stamp};
use std::collections::HashSet;
use wire::{
    Amount, Label, Money, Note, Quantity,
    json::Kept,
    procurement::{
        AdmitLateQuote, DeclineInvitation, RecordSupplierQuote, RfqInvitationStatus as Answer, RfqQuoteReceived,
        SupplierId, SupplierQuote, SupplierQuoteLine,
    },
};

/// Lines of one quote, at most.
const MOST_LINES: usize = 500;
/// Days from order to arrival, at most.
const MOST_LEAD_TIME_DAYS: u16 = 3650;

impl Rfq {
    /// Keeps a supplier's answer; one given after the due day is late.
    pub fn record_quote(self, said: RecordSupplierQuote, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("record_quote")?;
        let supplier = said.supplier_id;
        let late = day_of(said.evidence.at) > self.head.due_on;
        let quote = self.checked(said, by)?;
        let total = Money::new(quote_total(&quote), quote.currency);
        if total.amount.get() >= Amount::LIMIT {
            return Err(RfqRule::QuoteTotal.into());
        }
        let mut next = self.to(Status::Quoting);
        let (rfq_id, number) = (next.head.id, next.head.number.clone());
        let asked = next.asked(supplier)?;
        asked.status = if late { Answer::Late } else { Answer::Received };
        (asked.reason, asked.quote) = (None, Some(Kept(quote)));
        let event = RfqQuoteReceived {
            rfq_id,
            number,
            supplier_id: supplier,
            supplier_name: asked.supplier_name.clone(),
            status: asked.status,
            total,
        };
        Ok(Change::new("record_quote", next).emit(&event))
    }
    /// The supplier does not quote, or takes its quote back: what it said stays and does not count.
    pub fn decline(self, said: DeclineInvitation) -> platform::Result<Change<Self>> {
        self.may("decline")?;
        let status = self.head.status;
        let mut next = self.to(status);
        let asked = next.asked(said.supplier_id)?;
        if asked.status == Answer::Declined {
            return Err(RfqRule::NothingToDecline.into());
        }
        (asked.status, asked.reason) = (Answer::Declined, Some(said.reason.to_string()));
        Ok(Change::new("decline", next).because(said.reason.into_string()))
    }
    /// A late quote counts after all, and why.
    pub fn admit_quote(self, said: AdmitLateQuote) -> platform::Result<Change<Self>> {
        self.may("admit_quote")?;
        let mut next = self.to(Status::Quoting);
        let asked = next.asked(said.supplier_id)?;
        let waiting =
            asked.quote.as_mut().filter(|quote| asked.status == Answer::Late && quote.0.late_reason.is_none());
        let Some(quote) = waiting else { return Err(RfqRule::NotLate.into()) };
        quote.0.late_reason = Some(said.reason.to_string());
        Ok(Change::new("admit_quote", next).because(said.reason.into_string()))
    }

    fn asked(&mut self, id: SupplierId) -> Result<&mut Invitation, RfqRule> {
        self.invitations.iter_mut().find(|one| one.supplier_id == id).ok_or(RfqRule::NotInvited { id })
    }
    fn checked(&self, said: RecordSupplierQuote, by: &Stamp) -> Result<SupplierQuote, RfqRule> {
        let at = said.evidence.at;
        if by.at.is_well_before(at) || self.head.sent_at.is_some_and(|sent| at.is_well_before(sent)) {
            return Err(RfqRule::QuotedAt { at });
        }
        if said.valid_until < day_of(at) {
            return Err(RfqRule::ValidUntil { day: said.valid_until });
        }
        if !(1..=5).contains(&said.after_sales_score) {
            return Err(RfqRule::AfterSalesScore);
        }
        if said.quality_score.is_some_and(|score| !(1..=5).contains(&score)) {
            return Err(RfqRule::QualityScore);
        }
        self.fitting(&said.lines)?;
        Ok(SupplierQuote {
            currency: said.currency,
            lines: said.lines,
            after_sales: Note::into_string(said.after_sales),
            after_sales_score: said.after_sales_score,
            quality_score: said.quality_score,
            valid_until: said.valid_until,
            evidence: said.evidence,
            late_reason: said.late_reason.map(Label::into_string),
            recorded_by: by.actor.clone(),
            recorded_at: by.at,
        })
    }
    fn fitting(&self, lines: &[SupplierQuoteLine]) -> Result<(), RfqRule> {
        if lines.is_empty() || lines.len() > MOST_LINES {
            return Err(RfqRule::QuoteLines { count: lines.len() });
        }
        let mut seen = HashSet::new();
        for (index, line) in lines.iter().enumerate() {
            let wanted = self.lines.iter().any(|known| known.requisition_line_id == line.requisition_line_id);
            if !wanted || !seen.insert(line.requisition_line_id) {
                return Err(RfqRule::QuoteLine { index });
            }
            if line.quantity == Quantity::ZERO {
                return Err(RfqRule::QuoteQuantity { index });
            }
            if line.unit_price < Amount::ZERO {
                return Err(RfqRule::QuotePrice { index });
            }
            if line.lead_time_days > MOST_LEAD_TIME_DAYS {
                return Err(RfqRule::QuoteLead { index });
            }
        }
        Ok(())
    }
}
