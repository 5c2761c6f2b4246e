//! The rules of payment milestones (CON-20). Pure: no async, no clock, no SQL.
use crate::{contracts::split, schema::payment_milestones};
use diesel::prelude::*;
use jiff::Span;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Day, Moment, Money, Ownership,
    contracts::{
        ContractId, PaymentDue, PaymentMilestoneId, PaymentMilestoneStatus as Status, PaymentOverdue, PaymentWaived,
        ReceiptAllocated, ReceiptId, ReceiptReversed,
    },
    crm::AccountId,
    orders::OrderId,
    quoting::{PaymentTerm, PaymentTrigger},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_milestones, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct PaymentMilestone {
    pub id: PaymentMilestoneId,
    /// The contract's id, or the order's where there is no contract.
    pub plan_id: Uuid,
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub number: String,
    pub position: i32,
    pub label: String,
    pub trigger: PaymentTrigger,
    pub due_days: i32,
    pub status: Status,
    pub currency: Currency,
    pub amount: Amount,
    pub paid: Amount,
    pub due_on: Option<Day>,
    pub overdue: bool,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub reason: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub cause_event_id: Option<Uuid>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(PaymentMilestone, "payment_milestone", PaymentMilestoneId; row: this, case: some, owned);

platform::rules!(
    /// Why a payment is refused.
    PaymentRule {
        TooMuch { index: usize, number: String, open: Amount } => "payment.too_much", Conflict, "only {open} of {number} is open", "{number} 未付金额仅为 {open}", at "/allocations/{index}/amount";
        NotPositive { index: usize } => "payment.not_positive", Invalid, "the amount must be more than 0", "金额必须大于 0", at "/allocations/{index}/amount";
    }
);

impl Machine for PaymentMilestone {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "payment_milestone",
        transitions: &[
            Transition::automatic("fall_due", &["pending", "partially_paid"], &["due", "partially_paid"]),
            Transition::automatic("fall_overdue", &["due", "partially_paid"], &["due", "partially_paid"]),
            Transition::automatic("pay", &["pending", "due", "partially_paid"], &["partially_paid", "paid"]),
            Transition::automatic(
                "unpay",
                &["partially_paid", "paid", "waived"],
                &["pending", "due", "partially_paid", "waived"],
            ),
            Transition::new("waive", &["pending", "due", "partially_paid"], &["waived"]),
        ],
        labels: Status::labels(),
    };
}

/// What milestones are made of.
pub struct Plan {
    pub contract_id: Option<ContractId>,
    pub order_id: Option<OrderId>,
    pub plan_id: Uuid,
    pub number: String,
    pub gross: Money,
    pub terms: Vec<PaymentTerm>,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub owner: Ownership,
    pub cause_event_id: Option<Uuid>,
    /// When the contract was signed or the order confirmed: what is due with it is due at once.
    pub signed_at: Moment,
}

impl Plan {
    /// One milestone a term; together they are the gross to the cent. A part of nothing is paid from the start.
    pub fn milestones(&self, ids: impl Fn() -> PaymentMilestoneId, by: &Stamp) -> Vec<Change<PaymentMilestone>> {
        let amounts = split(self.gross.amount, self.gross.currency, &self.terms);
        let one = |(index, (term, amount)): (usize, (&PaymentTerm, Amount))| {
            let milestone = PaymentMilestone {
                id: ids(),
                plan_id: self.plan_id,
                contract_id: self.contract_id,
                order_id: self.order_id,
                number: self.number.clone(),
                position: i32::try_from(index + 1).unwrap_or(i32::MAX),
                label: term.label.to_string(),
                trigger: term.trigger,
                due_days: i32::from(term.due_days),
                status: if amount.get().is_zero() { Status::Paid } else { Status::Pending },
                currency: self.gross.currency,
                amount,
                paid: Amount::ZERO,
                due_on: None,
                overdue: false,
                case_id: self.case_id,
                account_id: self.account_id,
                account_name: self.account_name.clone(),
                reason: None,
                owner_id: self.owner.owner_id.clone(),
                team_id: self.owner.team_id.clone(),
                department_id: self.owner.department_id.clone(),
                cause_event_id: self.cause_event_id,
                created_at: by.at,
                version: 1,
            };
            if term.trigger == PaymentTrigger::Signed && milestone.status == Status::Pending {
                milestone.due("create", self.signed_at)
            } else {
                Change::new("create", milestone)
            }
        };
        self.terms.iter().zip(amounts).enumerate().map(one).collect()
    }
}

impl PaymentMilestone {
    /// What it waits for has happened; nothing if that was known, or nothing is left to pay.
    pub fn fall_due(self, happened: Moment) -> Result<Option<Change<Self>>, Refused> {
        if self.due_on.is_some() || self.settled() {
            return Ok(None);
        }
        self.may("fall_due")?;
        Ok(Some(self.next().due("fall_due", happened)))
    }
    /// The last day has passed.
    pub fn fall_overdue(self, due_on: Day) -> Result<Change<Self>, Refused> {
        self.may("fall_overdue")?;
        let mut next = self.next();
        next.overdue = true;
        let event = PaymentOverdue {
            payment_milestone_id: next.id,
            number: next.number.clone(),
            contract_id: next.contract_id,
            order_id: next.order_id,
            account_id: next.account_id,
            open: Money::new(next.open(), next.currency),
            due_on,
        };
        Ok(Change::new("fall_overdue", next).emit(&event))
    }
    /// Money for it; `index` is the allocation's place in the request, `others_settled` says that the rest of the plan is.
    pub fn pay(
        self,
        index: usize,
        amount: Amount,
        receipt_id: ReceiptId,
        others_settled: bool,
    ) -> platform::Result<Change<Self>> {
        if amount.get() <= Decimal::ZERO {
            return Err(PaymentRule::NotPositive { index }.into());
        }
        self.may("pay")?;
        if amount > self.open() {
            let open = self.open();
            return Err(PaymentRule::TooMuch { index, number: self.number, open }.into());
        }
        let mut next = self.next();
        next.paid = Amount::new(next.paid.get() + amount.get());
        next.status = next.standing();
        next.overdue = next.overdue && !next.settled();
        let event = ReceiptAllocated {
            receipt_id,
            number: next.number.clone(),
            contract_id: next.contract_id,
            order_id: next.order_id,
            amount: Money::new(amount, next.currency),
            settled: others_settled && next.settled(),
        };
        Ok(Change::new("pay", next).emit(&event))
    }
    /// The money was taken back. Whether it is late again, the next look of the job says; what was waived stays so.
    pub fn unpay(self, amount: Amount, receipt_id: ReceiptId, reason: String) -> Result<Change<Self>, Refused> {
        self.may("unpay")?;
        let mut next = self.next();
        next.paid = Amount::new(next.paid.get() - amount.get());
        let waived = next.status == Status::Waived;
        next.status = if waived { Status::Waived } else { next.standing() };
        let event = ReceiptReversed {
            receipt_id,
            number: next.number.clone(),
            contract_id: next.contract_id,
            order_id: next.order_id,
            amount: Money::new(amount, next.currency),
            reason: reason.clone(),
            waived,
        };
        Ok(Change::new("unpay", next).emit(&event).because(reason))
    }
    /// Nobody waits for the rest any more.
    pub fn waive(self, reason: String, others_settled: bool) -> Result<Change<Self>, Refused> {
        self.may("waive")?;
        let open = self.open();
        let mut next = self.next();
        (next.status, next.overdue, next.reason) = (Status::Waived, false, Some(reason.clone()));
        let event = PaymentWaived {
            payment_milestone_id: next.id,
            number: next.number.clone(),
            contract_id: next.contract_id,
            order_id: next.order_id,
            amount: Money::new(open, next.currency),
            reason: reason.clone(),
            settled: others_settled,
        };
        Ok(Change::new("waive", next).emit(&event).because(reason))
    }
    /// The order that its contract became is known.
    pub fn link(self, order: OrderId) -> Change<Self> {
        let mut next = self.next();
        next.order_id = Some(order);
        Change::new("link_order", next)
    }
    /// Is nothing left to pay?
    pub fn settled(&self) -> bool {
        matches!(self.status, Status::Paid | Status::Waived)
    }
    /// What is left to pay; nothing of what was waived.
    pub fn open(&self) -> Amount {
        if self.status == Status::Waived { Amount::ZERO } else { Amount::new(self.amount.get() - self.paid.get()) }
    }

    /// Where what was paid puts it.
    fn standing(&self) -> Status {
        match (self.open().get().is_zero(), self.paid.get().is_zero(), self.due_on) {
            (true, ..) => Status::Paid,
            (false, false, _) => Status::PartiallyPaid,
            (false, true, Some(_)) => Status::Due,
            (false, true, None) => Status::Pending,
        }
    }
    fn due(mut self, action: &'static str, happened: Moment) -> Change<Self> {
        let due_on = Day(Calendar::china().day(happened).0.saturating_add(Span::new().days(self.due_days)));
        self.due_on = Some(due_on);
        self.status = self.standing();
        let event = PaymentDue {
            payment_milestone_id: self.id,
            number: self.number.clone(),
            contract_id: self.contract_id,
            order_id: self.order_id,
            amount: Money::new(self.open(), self.currency),
            due_on,
        };
        Change::new(action, self).emit(&event)
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
