//! The rules of receipts (CON-27). Pure: no async, no clock, no SQL.
use crate::{
    payment_milestones::domain::{PaymentMilestone, PaymentRule},
    schema::{receipt_allocations, receipts},
};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Refused, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, Currency, Day, ExternalRef, Moment,
    contracts::{
        AllocationId, NewAllocation, NewReceipt, PaymentMilestoneId, ReceiptChannel, ReceiptId, ReceiptStatus as Status,
    },
    crm::{AccountId, AccountSnapshot},
    json::Kept,
};

/// Allocations one request can ask for.
const MOST_ALLOCATIONS: usize = 100;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = receipts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: ReceiptId,
    pub number: String,
    pub status: Status,
    pub account_id: AccountId,
    pub account_name: String,
    pub currency: Currency,
    pub amount: Amount,
    pub allocated: Amount,
    pub received_on: Day,
    pub channel: ReceiptChannel,
    pub reference: Option<String>,
    pub reason: Option<String>,
    pub external_refs: Kept<Vec<ExternalRef>>,
    pub created_by: String,
    pub created_at: Moment,
    pub version: i32,
}

/// A part that paid a milestone.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = receipt_allocations, treat_none_as_default_value = false)]
pub struct AllocationRow {
    pub id: AllocationId,
    pub receipt_id: ReceiptId,
    pub payment_milestone_id: PaymentMilestoneId,
    pub amount: Amount,
    pub at: Moment,
    pub by: String,
}

/// A receipt with what it paid.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    pub head: Head,
    pub allocations: Vec<AllocationRow>,
    /// How many of them are stored.
    #[serde(skip)]
    pub stored: usize,
}
platform::entity!(Receipt, "receipt", ReceiptId; row: head, case: none, unowned);

platform::rules!(
    /// Why a receipt is refused.
    ReceiptRule {
        Amount => "receipt.amount", Invalid, "the amount must be more than 0, in whole minor units", "金额必须大于 0，且不得小于最小货币单位", at "/amount/amount";
        Future { received_on: Day } => "receipt.received_on", Invalid, "{received_on} is in the future", "{received_on} 晚于今天", at "/received_on";
        Count { count: usize } => "receipt.allocations", Invalid, "1 to 100 allocations, not {count}", "应有 1 至 100 条分配，实际为 {count} 条", at "/allocations";
        Twice { index: usize } => "receipt.allocated_twice", Invalid, "the milestone stands twice", "付款节点重复", at "/allocations/{index}/payment_milestone_id";
        Unknown { index: usize } => "receipt.milestone_unknown", Invalid, "no such payment milestone", "没有该付款节点", at "/allocations/{index}/payment_milestone_id";
        OtherAccount { index: usize } => "receipt.other_account", Invalid, "the milestone is another customer's", "该付款节点属于其他客户", at "/allocations/{index}/payment_milestone_id";
        OtherCurrency { index: usize } => "receipt.other_currency", Invalid, "the milestone is in another currency", "该付款节点的币种不同", at "/allocations/{index}/payment_milestone_id";
        TooMuch { left: Amount } => "receipt.too_much", Conflict, "only {left} of the receipt is left", "收款余额仅为 {left}", at "/allocations";
    }
);

impl Machine for Receipt {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "receipt",
        transitions: &[
            Transition::new("allocate", &["recorded"], &["recorded", "allocated"]),
            Transition::new("reverse", &["recorded", "allocated"], &["reversed"]),
        ],
        labels: Status::labels(),
    };
}

impl Receipt {
    /// Money has come in.
    pub fn record(
        id: ReceiptId,
        number: String,
        account: AccountSnapshot,
        new: NewReceipt,
        by: &Stamp,
    ) -> Result<Change<Self>, ReceiptRule> {
        let NewReceipt { account_id: _, amount, received_on, channel, reference, external_refs } = new;
        if amount.amount.get() <= Decimal::ZERO || !whole_minor_units(amount.amount, amount.currency) {
            return Err(ReceiptRule::Amount);
        }
        if received_on > by.today() {
            return Err(ReceiptRule::Future { received_on });
        }
        let head = Head {
            id,
            number,
            status: Status::Recorded,
            account_id: account.id,
            account_name: account.name,
            currency: amount.currency,
            amount: amount.amount,
            allocated: Amount::ZERO,
            received_on,
            channel,
            reference: reference.map(wire::Reference::into_string),
            reason: None,
            external_refs: Kept(external_refs),
            created_by: by.actor.clone(),
            created_at: by.at,
            version: 1,
        };
        Ok(Change::new("create", Self { head, allocations: Vec::new(), stored: 0 }))
    }

    /// Pays milestones. Gives the receipt's change and each milestone's, all of one transaction; `plans` are all milestones,
    /// locked, of the plans that these milestones belong to.
    pub fn allocate(
        self,
        asked: &[NewAllocation],
        mut plans: Vec<PaymentMilestone>,
        ids: impl Fn() -> AllocationId,
        by: &Stamp,
    ) -> platform::Result<(Change<Self>, Vec<Change<PaymentMilestone>>)> {
        self.may("allocate")?;
        if asked.is_empty() || asked.len() > MOST_ALLOCATIONS {
            return Err(ReceiptRule::Count { count: asked.len() }.into());
        }
        let mut next = self.next();
        let mut payments = Vec::new();
        for (index, NewAllocation { payment_milestone_id, amount }) in asked.iter().enumerate() {
            if asked[..index].iter().any(|earlier| earlier.payment_milestone_id == *payment_milestone_id) {
                return Err(ReceiptRule::Twice { index }.into());
            }
            let place = plans.iter().position(|milestone| milestone.id == *payment_milestone_id);
            let place = place.ok_or(ReceiptRule::Unknown { index })?;
            let milestone = plans[place].clone();
            if milestone.account_id != next.head.account_id {
                return Err(ReceiptRule::OtherAccount { index }.into());
            }
            if milestone.currency != next.head.currency {
                return Err(ReceiptRule::OtherCurrency { index }.into());
            }
            if !whole_minor_units(*amount, next.head.currency) {
                return Err(PaymentRule::NotPositive { index }.into());
            }
            let mut others =
                plans.iter().filter(|other| other.plan_id == milestone.plan_id && other.id != milestone.id);
            let others_settled = others.all(PaymentMilestone::settled);
            let payment = milestone.pay(index, *amount, next.head.id, others_settled)?;
            plans[place] = payment.after().clone();
            payments.push(payment);
            next.add(AllocationRow {
                id: ids(),
                receipt_id: next.head.id,
                payment_milestone_id: *payment_milestone_id,
                amount: *amount,
                at: by.at,
                by: by.actor.clone(),
            })?;
        }
        if next.unallocated().get().is_zero() {
            next.head.status = Status::Allocated;
        }
        Ok((Change::new("allocate", next), payments))
    }

    /// The money was not there after all; what it had paid is open again, by `allocations`.
    pub fn reverse(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("reverse")?;
        let mut next = self.next();
        (next.head.status, next.head.allocated, next.head.reason) =
            (Status::Reversed, Amount::ZERO, Some(reason.clone()));
        Ok(Change::new("reverse", next).because(reason))
    }

    /// What is left to allocate; nothing of what was reversed.
    pub fn unallocated(&self) -> Amount {
        if self.head.status == Status::Reversed {
            Amount::ZERO
        } else {
            Amount::new(self.head.amount.get() - self.head.allocated.get())
        }
    }
    fn add(&mut self, allocation: AllocationRow) -> Result<(), ReceiptRule> {
        let left = self.unallocated();
        if allocation.amount > left {
            return Err(ReceiptRule::TooMuch { left });
        }
        self.head.allocated = Amount::new(self.head.allocated.get() + allocation.amount.get());
        self.allocations.push(allocation);
        Ok(())
    }
    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

/// Nobody pays fractions of a cent.
fn whole_minor_units(amount: Amount, currency: Currency) -> bool {
    currency.round(amount.get()) == amount.get()
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
