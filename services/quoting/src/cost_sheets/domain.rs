//! The rules of cost sheets (QUO-04). Pure: no async, no clock, no SQL.
use crate::schema::cost_sheets;
use diesel::prelude::*;
use platform::{
    Change, Machine, MachineInfo, Refused, Stamp, Transition,
    makers::{self, Makers},
    unchanged,
};
use rust_decimal::Decimal;
use serde::Serialize;
use wire::{
    Amount, CaseId, Code, Currency, Label, Moment, Money, Note,
    crm::{AccountId, OpportunityId},
    json::Kept,
    quoting::{
        CostKind, CostLine, CostSheetId, CostSheetLocked, CostSheetPatch, CostSheetStatus as Status, CostTotals,
        NewCostLine, NewCostSheet, QuoteId,
    },
};

/// Lines a sheet holds at most.
pub const MOST_LINES: usize = 500;

/// A cost sheet: the row is the whole of it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cost_sheets, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct CostSheet {
    pub id: CostSheetId,
    pub number: String,
    pub status: Status,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub opportunity_id: Option<OpportunityId>,
    pub quote_id: Option<QuoteId>,
    pub currency: Currency,
    pub lines: Kept<Vec<CostLine>>,
    pub material: Amount,
    pub labor: Amount,
    pub overhead: Amount,
    pub other: Amount,
    pub total: Amount,
    pub note: Option<String>,
    pub reason: Option<String>,
    /// Everybody who had a hand in it: none of them may verify or lock it.
    pub makers: Makers,
    pub verified_by: Option<String>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub verified_at: Option<Moment>,
    pub locked_at: Option<Moment>,
    pub version: i32,
}
platform::entity!(CostSheet, "cost_sheet", CostSheetId; row: this, case: some, owned);

platform::rules!(
    /// Why a cost sheet is refused.
    CostRule {
        Subject => "cost_sheet.subject", Invalid, "a cost sheet is for one opportunity or for one quote", "成本核算表须对应一个商机或一份报价单，二者取一", at "/opportunity_id";
        Quote => "cost_sheet.quote", Invalid, "there is no such quote", "没有这份报价单", at "/quote_id";
        Lines { count: usize } => "cost_sheet.lines", Invalid, "a cost sheet has 1 to 500 lines, not {count}", "成本核算表应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Quantity { line: usize } => "cost_sheet.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Cost { line: usize } => "cost_sheet.unit_cost", Invalid, "the unit cost must not be negative", "单位成本不能为负", at "/lines/{line}/unit_cost";
        Large => "cost_sheet.total", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        Maker => "cost_sheet.maker", Forbidden, "you had a hand in this sheet; someone else verifies and locks it", "您参与了该表的编制，须由他人核实和锁定";
    }
);

impl Machine for CostSheet {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "cost_sheet",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["submitted"]),
            Transition::new("verify", &["submitted"], &["finance_verified"]),
            Transition::new("return", &["submitted", "finance_verified"], &["draft"]),
            Transition::new("lock", &["finance_verified"], &["locked"]),
        ],
        labels: Status::labels(),
    };
    fn admits(&self, action: &str, actor: &str) -> platform::Result<()> {
        if matches!(action, "verify" | "lock") {
            self.not_by_a_maker(actor)?;
        }
        Ok(())
    }
}

/// The deal that a sheet belongs to, from the opportunity or the quote it is for.
#[derive(Debug, Clone, Copy)]
pub struct Deal {
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub opportunity_id: Option<OpportunityId>,
    pub quote_id: Option<QuoteId>,
}

impl CostSheet {
    /// A new sheet of a deal.
    pub fn draft(
        id: CostSheetId,
        number: String,
        deal: Deal,
        new: NewCostSheet,
        by: &Stamp,
    ) -> Result<Change<Self>, CostRule> {
        let NewCostSheet { opportunity_id: _, quote_id: _, currency, lines, note } = new;
        let Deal { case_id, account_id, opportunity_id, quote_id } = deal;
        let sheet = Self {
            id,
            number,
            status: Status::Draft,
            case_id,
            account_id,
            opportunity_id,
            quote_id,
            currency,
            lines: Kept(Vec::new()),
            material: Amount::ZERO,
            labor: Amount::ZERO,
            overhead: Amount::ZERO,
            other: Amount::ZERO,
            total: Amount::ZERO,
            note: note.map(Note::into_string),
            reason: None,
            makers: makers::begun(by),
            verified_by: None,
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            submitted_at: None,
            verified_at: None,
            locked_at: None,
            version: 1,
        };
        Ok(Change::new("create", sheet.counted(lines)?))
    }

    /// Changes a draft; sums follow.
    pub fn update(self, patch: CostSheetPatch, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let CostSheetPatch { lines, note } = patch;
        let (known, mut next) = (self.clone(), self.next());
        next.note = note.over(next.note, Note::into_string);
        if let Some(lines) = lines {
            next = next.counted(lines)?;
        }
        Ok(Change::new("update", if unchanged(&known, &next) { next } else { next.made_by(by) }))
    }

    /// Hands it to finance.
    pub fn submit(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let mut next = self.to(Status::Submitted).made_by(by);
        (next.submitted_at, next.reason) = (Some(by.at), None);
        Ok(Change::new("submit", next))
    }

    /// Finance agrees with every figure.
    pub fn verify(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("verify")?;
        self.not_by_a_maker(&by.actor)?;
        let mut next = self.to(Status::FinanceVerified);
        (next.verified_at, next.verified_by) = (Some(by.at), Some(by.actor.clone()));
        Ok(Change::new("verify", next))
    }

    /// Sent back to be mended; what was verified is so no more.
    pub fn returned(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let mut next = self.to(Status::Draft);
        (next.verified_at, next.verified_by, next.reason) = (None, None, Some(reason.clone()));
        Ok(Change::new("return", next).because(reason))
    }

    /// From here on nobody changes it, and quotes may rest on it.
    pub fn lock(self, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("lock")?;
        self.not_by_a_maker(&by.actor)?;
        let mut next = self.to(Status::Locked);
        next.locked_at = Some(by.at);
        let event = CostSheetLocked {
            cost_sheet_id: next.id,
            number: next.number.clone(),
            account_id: next.account_id,
            opportunity_id: next.opportunity_id,
            quote_id: next.quote_id,
            totals: next.totals(),
            locked_at: by.at,
        };
        Ok(Change::new("lock", next).emit(&event))
    }

    /// The sums.
    pub fn totals(&self) -> CostTotals {
        let money = |amount| Money::new(amount, self.currency);
        CostTotals {
            material: money(self.material),
            labor: money(self.labor),
            overhead: money(self.overhead),
            other: money(self.other),
            total: money(self.total),
        }
    }

    fn counted(mut self, lines: Vec<NewCostLine>) -> Result<Self, CostRule> {
        if lines.is_empty() || lines.len() > MOST_LINES {
            return Err(CostRule::Lines { count: lines.len() });
        }
        let numbered = lines.into_iter().enumerate();
        self.lines.0 = numbered.map(|(index, new)| line(index, new, self.currency)).collect::<Result<_, _>>()?;
        let lines = &self.lines.0;
        let sum = |kind| lines.iter().filter(|line| line.kind == kind).map(|line| line.amount.get()).sum::<Decimal>();
        let sums = [CostKind::Material, CostKind::Labor, CostKind::Overhead, CostKind::Other].map(sum);
        let total: Decimal = sums.iter().sum();
        if total >= Amount::LIMIT {
            return Err(CostRule::Large);
        }
        [self.material, self.labor, self.overhead, self.other] = sums.map(Amount::new);
        self.total = Amount::new(total);
        Ok(self)
    }
    fn not_by_a_maker(&self, actor: &str) -> Result<(), CostRule> {
        if makers::wrote(&self.makers, actor) { Err(CostRule::Maker) } else { Ok(()) }
    }
    fn made_by(mut self, by: &Stamp) -> Self {
        self.makers = makers::joined(self.makers, by);
        self
    }
    fn to(self, status: Status) -> Self {
        Self { status, ..self.next() }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

fn line(index: usize, new: NewCostLine, currency: Currency) -> Result<CostLine, CostRule> {
    let NewCostLine { kind, sku, description, quantity, unit, unit_cost } = new;
    if quantity.get().is_zero() {
        return Err(CostRule::Quantity { line: index });
    }
    if unit_cost.get() < Decimal::ZERO {
        return Err(CostRule::Cost { line: index });
    }
    let hours = (kind == CostKind::Labor).then(|| "hour".to_owned());
    Ok(CostLine {
        line_number: i32::try_from(index + 1).unwrap_or(i32::MAX),
        kind,
        sku: sku.map(Code::into_string),
        description: Label::into_string(description),
        quantity,
        unit: unit.map(Code::into_string).or(hours),
        unit_cost,
        amount: Amount::new(currency.round(quantity.get() * unit_cost.get())),
    })
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
