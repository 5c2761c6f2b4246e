//! The rules of quotes (QUO-06, 09, 10, 15). Pure: no async, no clock, no SQL.
use crate::schema::{quote_lines, quotes};
use diesel::prelude::*;
use platform::{Ask, Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;
use wire::{
    Amount, CaseId, Currency, Day, Evidence, Moment, Quantity, Rate,
    crm::{AccountId, AccountSnapshot, OpportunityId, RequirementSpecId},
    json::Kept,
    line::{self, NewLine, Totals},
    quoting::{
        CostSheetId, LineVerified, LinesVerified, NewQuote, PaymentTerm, PaymentTrigger, QuoteAccepted, QuoteClosed, QuoteId, QuoteIssued, QuotePatch, QuoteRevised, QuoteSnapshot,
        QuoteStatus as Status, Route,
    },
};

/// Lines a document holds at most.
pub const MOST_LINES: usize = 500;
/// Above this gross, tax included, a contract comes first (CON-18, D-04: "超过" excludes the number itself).
pub const CONTRACT_LIMIT: Decimal = Decimal::from_parts(10_000_000, 0, 0, false, 2);

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quotes, treat_none_as_null = true)]
pub struct Head {
    pub id: QuoteId,
    pub number: String,
    pub revision: i32,
    pub status: Status,
    pub case_id: CaseId,
    pub account_id: AccountId,
    pub account_name: String,
    pub opportunity_id: Option<OpportunityId>,
    pub requirement_spec_id: Option<RequirementSpecId>,
    pub cost_sheet_id: Option<CostSheetId>,
    pub currency: Currency,
    pub net: Amount,
    pub tax: Amount,
    pub gross: Amount,
    pub payment_terms: Kept<Vec<PaymentTerm>>,
    pub valid_until: Day,
    pub delivery_date: Option<Day>,
    pub route: Option<Route>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub evidence: Option<Kept<Evidence>>,
    pub external_refs: Kept<Vec<wire::ExternalRef>>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub submitted_at: Option<Moment>,
    pub issued_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub version: i32,
}

/// A line's row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = quote_lines)]
pub struct LineRow {
    pub id: Uuid,
    pub quote_id: QuoteId,
    pub line_number: i32,
    pub sku: String,
    pub description: String,
    pub quantity: Quantity,
    pub unit_price: Amount,
    pub discount_rate: Rate,
    pub tax_rate: Rate,
    pub net: Amount,
    pub tax: Amount,
}

/// A quote with its lines.
#[derive(Debug, Clone, Serialize)]
pub struct Quote {
    pub head: Head,
    pub lines: Vec<LineRow>,
    /// Lines are written anew on the next save.
    #[serde(skip)]
    pub lines_changed: bool,
}
platform::entity!(Quote, "quote", QuoteId; row: head, case: some, owned);

platform::rules!(
    /// Why a quote is refused.
    QuoteRule {
        Lines { count: usize } => "quote.lines", Invalid, "a quote has 1 to 500 lines, not {count}", "报价单应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Quantity { line: usize } => "quote.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "quote.unit_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{line}/unit_price";
        Shares { sum: Decimal } => "quote.payment_terms", Invalid, "the shares of the payment terms add up to {sum}, not to 1", "付款比例合计为 {sum}，应为 1", at "/payment_terms";
        Terms => "quote.payment_terms_bounds", Invalid, "at most 20 payment terms, each due within 365 days", "付款条款最多 20 条，每条期限不超过 365 天", at "/payment_terms";
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
            Transition::new("negotiate", &["issued"], &["negotiating"]),
            Transition::new("revise", &["issued", "negotiating"], &["superseded"]),
            Transition::new("accept", &["issued", "negotiating"], &["accepted"]),
            Transition::new("reject", &["issued", "negotiating"], &["rejected"]),
            Transition::new("withdraw", &["draft", "approved", "issued", "negotiating"], &["withdrawn"]),
            Transition::automatic("expire", &["issued", "negotiating"], &["expired"]),
        ],
        labels: Status::labels(),
    };
}

impl Quote {
    /// A first revision. `case_id` is the opportunity's, or a new one.
    pub fn draft(id: QuoteId, number: String, case_id: CaseId, account: AccountSnapshot, new: NewQuote, line_ids: impl FnMut() -> Uuid, by: &Stamp) -> Result<Change<Self>, QuoteRule> {
        let NewQuote { account_id: _, opportunity_id, requirement_spec_id, cost_sheet_id, currency, lines, payment_terms, valid_until, delivery_date, note, external_refs } = new;
        let lines = rows(id, lines, currency, line_ids)?;
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
            payment_terms: Kept(terms(payment_terms)?),
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
            version: 1,
        };
        Ok(Change::new("create", Self { head, lines, lines_changed: true }))
    }

    /// Changes a draft; totals follow.
    pub fn update(self, patch: QuotePatch, line_ids: impl FnMut() -> Uuid, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let QuotePatch { lines, payment_terms, valid_until, delivery_date, note } = patch;
        let mut next = self.next();
        if let Some(lines) = lines {
            next.lines = rows(next.head.id, lines, next.head.currency, line_ids)?;
            next.lines_changed = true;
            let totals = totals(&next.lines, next.head.currency);
            (next.head.net, next.head.tax, next.head.gross) = (totals.net.amount, totals.tax.amount, totals.gross.amount);
        }
        if let Some(list) = payment_terms {
            next.head.payment_terms = Kept(terms(list)?);
        }
        if let Some(day) = valid_until {
            next.head.valid_until = in_future(day, by)?;
        }
        next.head.delivery_date = delivery_date.or(next.head.delivery_date);
        next.head.note = note.map(wire::Note::into_string).or(next.head.note);
        Ok(Change::new("update", next))
    }

    /// Asks for approval by the policy in force.
    pub fn submit(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let ask = Ask { policy: "quoting.quote", number: self.head.number.clone() };
        let mut next = self.to(Status::PendingApproval);
        (next.head.submitted_at, next.head.reason) = (Some(by.at), None);
        Ok(Change::new("submit", next).ask(ask))
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
        self.in_time("issue", by)?;
        let mut next = self.to(Status::Issued);
        next.head.issued_at = Some(by.at);
        let event = QuoteIssued { quote: next.snapshot(), valid_until: next.head.valid_until };
        Ok(Change::new("issue", next).emit(&event))
    }
    /// The customer wants to talk.
    pub fn negotiate(self) -> Result<Change<Self>, Refused> {
        self.may("negotiate")?;
        Ok(Change::new("negotiate", self.to(Status::Negotiating)))
    }
    /// Steps aside for a new draft with the same number (QUO-10). The two changes belong into one transaction, this one first.
    pub fn revise(self, id: QuoteId, mut line_ids: impl FnMut() -> Uuid, by: &Stamp) -> Result<(Change<Self>, Change<Self>), Refused> {
        self.may("revise")?;
        let revision = self.head.revision + 1;
        let event = QuoteRevised { quote_id: id, number: self.head.number.clone(), revision, superseded_id: self.head.id.into() };
        let lines = self.lines.iter().map(|line| LineRow { id: line_ids(), quote_id: id, ..line.clone() }).collect();
        let head = Head { id, revision, status: Status::Draft, created_at: by.at, submitted_at: None, issued_at: None, reason: None, version: 1, ..self.head.clone() };
        let fresh = Change::new("create", Self { head, lines, lines_changed: true }).emit(&event);
        Ok((Change::new("revise", self.to(Status::Superseded)), fresh))
    }
    /// The customer's yes; the route is chosen here and nowhere else (ruling 13).
    pub fn accept(self, evidence: Evidence, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.in_time("accept", by)?;
        let route = if self.head.gross.get() > CONTRACT_LIMIT { Route::Contract } else { Route::Order };
        let mut next = self.to(Status::Accepted);
        (next.head.route, next.head.evidence, next.head.decided_at) = (Some(route), Some(Kept(evidence)), Some(by.at));
        let event = QuoteAccepted { quote: next.snapshot(), route, accepted_at: by.at };
        Ok(Change::new("accept", next).emit(&event))
    }
    /// The customer's no.
    pub fn reject(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.close("reject", Status::Rejected, Some(reason), by)
    }
    /// Our own no.
    pub fn withdraw(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.close("withdraw", Status::Withdrawn, Some(reason), by)
    }
    /// `valid_until` has passed.
    pub fn expire(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.close("expire", Status::Expired, None, by)
    }

    /// Compares lines that someone is about to order with what was quoted: sku, quantity, price, discount, tax (QUO-15).
    pub fn verify(&self, asked: &[NewLine]) -> LinesVerified {
        let count = self.lines.len().max(asked.len());
        let lines: Vec<LineVerified> = (0..count).map(|i| compare(i, self.lines.get(i), asked.get(i))).collect();
        LinesVerified { matches: lines.iter().all(|line| line.matches), lines }
    }
    /// What the next service needs.
    pub fn snapshot(&self) -> QuoteSnapshot {
        let Head { id, number, revision, account_id, account_name, opportunity_id, payment_terms, delivery_date, external_refs, .. } = self.head.clone();
        let lines = self.lines.iter().cloned().map(Into::into).collect();
        QuoteSnapshot { quote_id: id, number, revision, account_id, account_name, opportunity_id, lines, totals: self.totals(), payment_terms: payment_terms.0, delivery_date, external_refs: external_refs.0 }
    }
    /// Header sums.
    pub fn totals(&self) -> Totals {
        totals(&self.lines, self.head.currency)
    }

    fn close(self, action: &'static str, status: Status, reason: Option<String>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may(action)?;
        let event = QuoteClosed { quote_id: self.head.id, number: self.head.number.clone(), status, reason: reason.clone() };
        let mut next = self.to(status);
        (next.head.reason, next.head.decided_at) = (reason.clone(), Some(by.at));
        let change = Change::new(action, next).emit(&event);
        Ok(match reason {
            Some(reason) => change.because(reason),
            None => change,
        })
    }
    /// `may`, and the quote is still valid on the day in Asia/Shanghai.
    fn in_time(&self, action: &'static str, by: &Stamp) -> Result<(), Refused> {
        self.may(action)?;
        if self.head.valid_until.0 >= today(by) {
            return Ok(());
        }
        let until = self.head.valid_until;
        let closed = Closed::new("validity", format!("it was valid until {until}; revise it with a later date"), format!("报价有效期至 {until}，请修订后重新发出")).on(until);
        Err(Refused::Gates { entity: "quote", action, closed: vec![closed] })
    }
    fn to(self, status: Status) -> Self {
        let mut next = self.next();
        next.head.status = status;
        next
    }
    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

impl From<LineRow> for line::Line {
    fn from(row: LineRow) -> Self {
        let LineRow { id, quote_id: _, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax } = row;
        Self { id, line_number, sku, description, quantity, unit_price, discount_rate, tax_rate, net, tax }
    }
}

fn rows(quote_id: QuoteId, lines: Vec<NewLine>, currency: Currency, mut ids: impl FnMut() -> Uuid) -> Result<Vec<LineRow>, QuoteRule> {
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(QuoteRule::Lines { count: lines.len() });
    }
    let row = |(index, new): (usize, NewLine)| {
        let NewLine { sku, description, quantity, unit_price, discount_rate, tax_rate } = new;
        if quantity.get().is_zero() {
            return Err(QuoteRule::Quantity { line: index });
        }
        if unit_price.get().is_sign_negative() {
            return Err(QuoteRule::Price { line: index });
        }
        let net = line::line_net(quantity, unit_price, discount_rate, currency);
        let tax = line::line_tax(net, tax_rate, currency);
        let description = description.map_or_else(|| sku.to_string(), wire::Label::into_string);
        let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
        Ok(LineRow { id: ids(), quote_id, line_number, sku: sku.into_string(), description, quantity, unit_price, discount_rate, tax_rate, net, tax })
    };
    lines.into_iter().enumerate().map(row).collect()
}

fn totals(lines: &[LineRow], currency: Currency) -> Totals {
    line::totals(lines.iter().map(|line| (line.net, line.tax)), currency)
}

fn terms(list: Vec<PaymentTerm>) -> Result<Vec<PaymentTerm>, QuoteRule> {
    if list.is_empty() {
        let label = "验收后付款 / on acceptance".parse().map_err(|_| QuoteRule::Terms)?;
        return Ok(vec![PaymentTerm { label, trigger: PaymentTrigger::Accepted, share: Rate::new(Decimal::ONE), due_days: 30 }]);
    }
    if list.len() > 20 || list.iter().any(|term| term.due_days > 365) {
        return Err(QuoteRule::Terms);
    }
    let sum: Decimal = list.iter().map(|term| term.share.get()).sum();
    if sum == Decimal::ONE { Ok(list) } else { Err(QuoteRule::Shares { sum }) }
}

fn in_future(day: Day, by: &Stamp) -> Result<Day, QuoteRule> {
    if day.0 >= today(by) { Ok(day) } else { Err(QuoteRule::Past { valid_until: day }) }
}

/// The day in Asia/Shanghai.
pub fn today(by: &Stamp) -> jiff::civil::Date {
    by.at.timestamp().to_zoned(Calendar::china().zone().clone()).date()
}

fn compare(index: usize, quoted: Option<&LineRow>, asked: Option<&NewLine>) -> LineVerified {
    let line_number = i32::try_from(index + 1).unwrap_or(i32::MAX);
    let sku = quoted.map(|q| q.sku.clone()).or(asked.map(|a| a.sku.to_string())).unwrap_or_default();
    let differences: Vec<String> = match (quoted, asked) {
        (Some(q), Some(a)) => [
            ("sku", q.sku == a.sku.as_str()),
            ("quantity", q.quantity == a.quantity),
            ("unit_price", q.unit_price == a.unit_price),
            ("discount_rate", q.discount_rate == a.discount_rate),
            ("tax_rate", q.tax_rate == a.tax_rate),
        ]
        .into_iter()
        .filter_map(|(field, same)| (!same).then(|| field.to_owned()))
        .collect(),
        (Some(_), None) => vec!["missing".into()],
        (None, _) => vec!["not_quoted".into()],
    };
    LineVerified { line_number, sku, matches: differences.is_empty(), differences }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
