//! The rules of quotes (QUO-06, 09, 10, 15). Pure: no async, no clock, no SQL.
pub use super::row::{Basis, Deal, Head, Quote};

use super::lines::{LineRow, Offered, compare, rows, totals};
use super::traces::traced_anew;
use crate::{margins::Floor, pricing::approval};
use platform::{Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, evidence::not_to_come};
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{
    Amount, Currency, Day, Evidence, Money,
    contracts::CONTRACT_LIMIT,
    json::Kept,
    line::{self, NewLine, Totals},
    quoting::{
        LinesVerified, NewQuote, QuoteAccepted, QuoteClosed, QuoteId, QuoteIssued, QuotePatch, QuoteRevised,
        QuoteSnapshot, QuoteStatus as Status, Route,
    },
};

platform::rules!(
    /// Why a quote is refused.
    QuoteRule {
        Lines { count: usize } => "quote.lines", Invalid, "a quote has 1 to 500 lines, not {count}", "报价单应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Quantity { line: usize } => "quote.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "quote.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{line}/unit_price";
        Shares { sum: Decimal } => "quote.payment_terms", Invalid, "the shares of the payment terms add up to {sum}, not to 1", "付款比例合计为 {sum}，应为 1", at "/payment_terms";
        Terms => "quote.payment_terms_bounds", Invalid, "at most 20 payment terms, each due within 365 days", "付款条款最多 20 条，每条期限不超过 365 天", at "/payment_terms";
        NoPrice { line: usize, sku: String, currency: Currency } => "quote.no_price", Invalid, "{sku} has no price in {currency}: neither a list price nor one in a price book; set one by hand", "{sku} 没有以 {currency} 计的目录价或价格手册价格，请手工填写单价", at "/lines/{line}/unit_price";
        Kind { line: usize } => "quote.line_kind", Invalid, "a line of kind service, and no other, has a service estimate", "仅 service 类型的行须有且只有服务估算", at "/lines/{line}/service";
        Hours { line: usize } => "quote.service_quantity", Invalid, "the quantity of a service is its hours, its price the rate of one", "服务行的数量即预估工时，单价即费率", at "/lines/{line}/service";
        Card { line: usize } => "quote.rate_card", Invalid, "there is no such rate card in force in this currency", "没有以该币种计的有效费率卡", at "/lines/{line}/service/rate_card_id";
        Deviation { line: usize, rate: Amount } => "quote.rate_deviation", Invalid, "an hour costs {rate} by the rate card; say why it costs another amount here", "费率卡为每小时 {rate}，偏离须说明原因", at "/lines/{line}/service/deviation_reason";
        Sku { line: usize, sku: String } => "quote.sku", Invalid, "{sku} is no product on sale", "{sku} 不是在售产品", at "/lines/{line}/sku";
        Large => "quote.total", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        Refs => "quote.external_refs", Invalid, "at most 20 external references", "外部编号最多 20 个", at "/external_refs";
        Opportunity => "quote.opportunity", Invalid, "the opportunity is another customer's", "该商机属于其他客户", at "/opportunity_id";
        Spec => "quote.requirement_spec", Invalid, "the specification is another customer's", "该需求说明书属于其他客户", at "/requirement_spec_id";
        Sheet => "quote.cost_sheet", Invalid, "there is no such cost sheet", "没有这份成本核算表", at "/cost_sheet_id";
        SheetElsewhere => "quote.cost_sheet_case", Invalid, "the cost sheet belongs to another deal", "该成本核算表属于另一笔业务", at "/cost_sheet_id";
        Proposed => "quote.proposed", Conflict, "it is offered in another proposal", "该报价单已在其他建议书中提交";
        NotProposed => "quote.not_proposed", Conflict, "it has not been submitted with this proposal yet", "该报价单尚未随本建议书提交";
        Past { valid_until: Day } => "quote.valid_until", Invalid, "valid_until {valid_until} is in the past", "有效期 {valid_until} 已过", at "/valid_until";
    }
);

impl Machine for Quote {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "quote",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["pending_approval"]),
            Transition::automatic("approve", &["pending_approval"], &["approved"]),
            Transition::automatic("return", &["pending_approval"], &["draft"]),
            Transition::new("issue", &["approved"], &["issued"]),
            Transition::automatic("offer", &["issued", "negotiating"], &["issued", "negotiating"]),
            Transition::new("negotiate", &["issued"], &["negotiating"]),
            // What was approved and lies too long is revised, too, rather than withdrawn and begun anew.
            Transition::new("revise", &["approved", "issued", "negotiating"], &["superseded"]),
            Transition::new("accept", &["issued", "negotiating"], &["accepted"]),
            Transition::new("reject", &["issued", "negotiating"], &["rejected"]),
            Transition::new(
                "withdraw",
                &["draft", "pending_approval", "approved", "issued", "negotiating"],
                &["withdrawn"],
            ),
            Transition::automatic("expire", &["issued", "negotiating"], &["expired"]),
        ],
        labels: Status::labels(),
    };
    fn gates(&self, action: &str) -> Vec<Closed> {
        self.closed_gates(action)
    }
}

impl Quote {
    /// A first revision.
    pub fn draft(
        id: QuoteId,
        number: String,
        deal: Deal,
        new: NewQuote,
        lines: Vec<Offered>,
        line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, QuoteRule> {
        let Deal { case_id, account, basis } = deal;
        let NewQuote {
            account_id: _,
            opportunity_id,
            requirement_spec_id,
            cost_sheet_id,
            currency,
            lines: _,
            payment_terms,
            valid_until,
            delivery_date,
            note,
            external_refs,
        } = new;
        if external_refs.len() > 20 {
            return Err(QuoteRule::Refs);
        }
        let (lines, traces) = rows(id, lines, currency, line_ids)?;
        let totals = totals(&lines, currency);
        let head = Head {
            id,
            number,
            revision: 1,
            status: Status::Draft,
            case_id,
            account_id: account.id,
            account_name: account.name,
            opportunity_id,
            requirement_spec_id,
            cost_sheet_id,
            currency,
            net: totals.net.amount,
            tax: totals.tax.amount,
            gross: totals.gross.amount,
            payment_terms: Kept(line::terms(payment_terms)?),
            valid_until: in_future(valid_until, by)?,
            delivery_date,
            route: None,
            note: note.map(wire::Note::into_string),
            reason: None,
            evidence: None,
            external_refs: Kept(external_refs),
            owner_id: by.ownership.owner_id.clone(),
            team_id: by.ownership.team_id.clone(),
            department_id: by.ownership.department_id.clone(),
            created_at: by.at,
            submitted_at: None,
            issued_at: None,
            decided_at: None,
            proposal_id: None,
            version: 1,
        };
        Ok(Change::new("create", Self { head, lines, lines_changed: true, traces, basis }))
    }

    /// Changes a draft; totals follow. `basis` is that of the documents it names then, `lines` those of the patch with their prices.
    pub fn update(
        self,
        patch: QuotePatch,
        lines: Option<Vec<Offered>>,
        basis: Basis,
        line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let QuotePatch {
            requirement_spec_id,
            cost_sheet_id,
            lines: _,
            payment_terms,
            valid_until,
            delivery_date,
            note,
        } = patch;
        let mut next = self.next();
        next.basis = basis;
        next.head.requirement_spec_id = requirement_spec_id.or(next.head.requirement_spec_id);
        next.head.cost_sheet_id = cost_sheet_id.or(next.head.cost_sheet_id);
        if let Some(lines) = lines {
            (next.lines, next.traces) = rows(next.head.id, lines, next.head.currency, line_ids)?;
            next.lines_changed = true;
            let totals = totals(&next.lines, next.head.currency);
            (next.head.net, next.head.tax, next.head.gross) =
                (totals.net.amount, totals.tax.amount, totals.gross.amount);
        }
        if let Some(list) = payment_terms {
            next.head.payment_terms = Kept(line::terms(list).map_err(QuoteRule::from)?);
        }
        if let Some(day) = valid_until {
            next.head.valid_until = in_future(day, by)?;
        }
        next.head.delivery_date = delivery_date.or(next.head.delivery_date);
        next.head.note = note.over(next.head.note, wire::Note::into_string);
        Ok(Change::new("update", next))
    }

    /// Asks for approval by the policy in force; below the margin's floor, below a line's least price, or where nobody knows that
    /// price or the margin, finance decides too (QUO-05, 18).
    pub fn submit(self, floor: Floor, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let breach = self.breach(floor);
        let gross = Money::new(self.head.gross, self.head.currency);
        let (ask, usual) = approval::question(&self.concerns(floor), self.head.number.clone(), gross);
        let mut next = self.to(Status::PendingApproval);
        (next.head.submitted_at, next.head.reason) = (Some(by.at), None);
        let change = Change::new("submit", next);
        let change = match usual {
            Some(usual) => change.ask_beyond(usual, ask),
            None => change.ask(ask),
        };
        Ok(match breach {
            Some(event) => change.emit(&event),
            None => change,
        })
    }
    /// The last yes.
    pub fn approve(self) -> Result<Change<Self>, Refused> {
        self.may("approve")?;
        Ok(Change::new("approve", self.to(Status::Approved)))
    }
    /// Sent back to be mended; the reason stays visible (PLT-03).
    pub fn returned(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("return")?;
        let mut next = self.to(Status::Draft);
        next.head.reason = Some(reason.clone());
        Ok(Change::new("return", next).because(reason))
    }
    /// Sends it to the customer.
    pub fn issue(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        let this = self.on(by.today());
        this.may("issue")?;
        let mut next = this.to(Status::Issued);
        next.head.issued_at = Some(by.at);
        let event = QuoteIssued { quote: next.snapshot(), valid_until: next.head.valid_until };
        Ok(Change::new("issue", next).emit(&event))
    }
    /// The customer wants to talk, and may have said why.
    pub fn negotiate(self, reason: Option<String>) -> Result<Change<Self>, Refused> {
        self.may("negotiate")?;
        Ok(Change::new("negotiate", self.to(Status::Negotiating)).because_said(reason))
    }
    /// Steps aside for a new draft with the same number (QUO-10), which takes over how prices came about, if that was read. The
    /// two changes belong into one transaction, this one first.
    pub fn revise(
        self,
        id: QuoteId,
        mut line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<(Change<Self>, Change<Self>), Refused> {
        self.may("revise")?;
        let revision = self.head.revision + 1;
        let event = QuoteRevised {
            quote_id: id,
            number: self.head.number.clone(),
            revision,
            superseded_id: self.head.id.into(),
        };
        let lines: Vec<_> =
            self.lines.iter().map(|line| LineRow { id: line_ids(), quote_id: id, ..line.clone() }).collect();
        let traces = traced_anew(&self.traces, &self.lines, &lines);
        let head = Head {
            id,
            revision,
            status: Status::Draft,
            created_at: by.at,
            submitted_at: None,
            issued_at: None,
            reason: None,
            proposal_id: None,
            version: 1,
            ..self.head.clone()
        };
        let fresh =
            Change::new("create", Self { head, lines, lines_changed: true, traces, basis: self.basis }).emit(&event);
        Ok((Change::new("revise", self.to(Status::Superseded)), fresh))
    }
    /// The customer's yes; the route is chosen here and nowhere else (ruling 13).
    pub fn accept(self, evidence: Evidence, by: &Stamp) -> platform::Result<Change<Self>> {
        let this = self.on(by.today());
        this.may("accept")?;
        not_to_come("evidence", &evidence, by)?;
        let route = if this.head.gross.get() > CONTRACT_LIMIT { Route::Contract } else { Route::Order };
        let mut next = this.to(Status::Accepted);
        (next.head.route, next.head.evidence, next.head.decided_at) = (Some(route), Some(Kept(evidence)), Some(by.at));
        let event = QuoteAccepted { quote: next.snapshot(), route, accepted_at: by.at };
        Ok(Change::new("accept", next).emit(&event))
    }
    /// The customer's no.
    pub fn reject(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.close("reject", Status::Rejected, Some(reason), by)
    }
    /// Our own no; who was asked to approve it need not any more.
    pub fn withdraw(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        Ok(self.close("withdraw", Status::Withdrawn, Some(reason), by)?.withdraw_ask())
    }
    /// `valid_until` has passed.
    pub fn expire(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.close("expire", Status::Expired, None, by)
    }

    /// Compares lines that someone is about to order with what was quoted: sku, quantity, price, discount, tax (QUO-15).
    pub fn verify(&self, asked: &[NewLine]) -> LinesVerified {
        let count = self.lines.len().max(asked.len());
        let lines: Vec<_> = (0..count).map(|i| compare(i, self.lines.get(i), asked.get(i))).collect();
        LinesVerified { matches: lines.iter().all(|line| line.matches), lines }
    }
    /// What the next service needs.
    pub fn snapshot(&self) -> QuoteSnapshot {
        let Head {
            id,
            number,
            revision,
            account_id,
            account_name,
            opportunity_id,
            payment_terms,
            delivery_date,
            external_refs,
            ..
        } = self.head.clone();
        let lines = self.lines.iter().cloned().map(Into::into).collect();
        QuoteSnapshot {
            quote_id: id,
            number,
            revision,
            account_id,
            account_name,
            opportunity_id,
            lines,
            totals: self.totals(),
            payment_terms: payment_terms.0,
            delivery_date,
            external_refs: external_refs.0,
        }
    }
    /// Header sums.
    pub fn totals(&self) -> Totals {
        totals(&self.lines, self.head.currency)
    }

    fn close(
        self,
        action: &'static str,
        status: Status,
        reason: Option<String>,
        by: &Stamp,
    ) -> Result<Change<Self>, Refused> {
        self.may(action)?;
        let event =
            QuoteClosed { quote_id: self.head.id, number: self.head.number.clone(), status, reason: reason.clone() };
        let mut next = self.to(status);
        (next.head.reason, next.head.decided_at) = (reason.clone(), Some(by.at));
        Ok(Change::new(action, next).emit(&event).because_said(reason))
    }
    fn to(self, status: Status) -> Self {
        let mut next = self.next();
        next.head.status = status;
        next
    }
    pub(super) fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

fn in_future(day: Day, by: &Stamp) -> Result<Day, QuoteRule> {
    if day >= by.today() { Ok(day) } else { Err(QuoteRule::Past { valid_until: day }) }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
