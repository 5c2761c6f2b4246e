//! The rules of shortages (ORD-07). Pure: no async, no clock, no SQL. A decision can be changed only forward, because what
//! procurement has begun for it is not undone from here.
use crate::{
    orders::domain::{LineRow, Order},
    schema::shortages,
};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Result, Stamp, Transition, evidence::not_to_come};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    CaseId, Day, Moment,
    json::Kept,
    line::MOST_LINES,
    orders::{
        DecideShortage, OrderId, OrderShortage, ShortLine, ShortageDecided, ShortageDecision as Decision,
        ShortageDetected, ShortageId, ShortageLine, ShortageSnapshot, ShortageStatus as Status, ShortageStep,
    },
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = shortages, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Shortage {
    pub id: ShortageId,
    pub number: String,
    pub status: Status,
    pub decision: Option<Decision>,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub needed_on: Option<Day>,
    pub lines: Kept<Vec<ShortageLine>>,
    pub decisions: Kept<Vec<ShortageStep>>,
    pub resolved_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub cause_event_id: Option<Uuid>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(Shortage, "shortage", ShortageId; row: this, case: some, owned);

platform::rules!(
    /// Why a decision is refused.
    ShortageRule {
        Backward { from: Decision, to: Decision } => "shortage.backward", Conflict, "{from} cannot become {to}: what was begun for it is not undone", "已决定 {from}，不能改为 {to}", at "/decision";
        Substitutes => "shortage.substitutes", Invalid, "name 1 to 500 other models with `substitute`, and none without", "选择替代型号时须填写 1 至 500 个替代行，其他决定不得填写", at "/substitutes";
        Evidence => "shortage.evidence", Invalid, "the customer must agree to another model: say how they did", "替代型号须经客户同意，请填写依据", at "/evidence";
    }
);

const UNRESOLVED: &[&str] = &["open", "decided"];

impl Machine for Shortage {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "shortage",
        transitions: &[
            Transition::new("decide", UNRESOLVED, &["decided"]),
            Transition::new("recheck", UNRESOLVED, UNRESOLVED),
            Transition::automatic("update", UNRESOLVED, UNRESOLVED),
            Transition::automatic("resolve", UNRESOLVED, &["resolved"]),
            Transition::automatic("cancel", UNRESOLVED, &["cancelled"]),
        ],
        labels: Status::labels(),
    };

    fn gates(&self, action: &str) -> Vec<Closed> {
        match (action, self.decision) {
            ("decide", Some(Decision::Substitute)) => vec![Closed::new(
                "answer",
                "procurement has not yet said whether there is enough of the other model",
                "采购尚未答复替代型号的库存",
            )],
            _ => Vec::new(),
        }
    }
}

impl Shortage {
    /// What the answer leaves short.
    pub fn detect(
        ids: (ShortageId, String),
        order: &Order,
        lines: Vec<ShortageLine>,
        cause: Option<Uuid>,
        by: &Stamp,
    ) -> Change<Self> {
        let head = &order.head;
        let shortage = Self {
            id: ids.0,
            number: ids.1,
            status: Status::Open,
            decision: None,
            order_id: head.id,
            order_number: head.number.clone(),
            case_id: head.case_id,
            needed_on: head.delivery_date,
            lines: Kept(lines),
            decisions: Kept(Vec::new()),
            resolved_at: None,
            owner_id: head.owner_id.clone(),
            team_id: head.team_id.clone(),
            department_id: head.department_id.clone(),
            cause_event_id: cause,
            created_at: by.at,
            version: 1,
        };
        let event = ShortageDetected { shortage: shortage.snapshot() };
        Change::new("create", shortage).emit(&event)
    }
    /// A later short answer.
    pub fn update(self, lines: Vec<ShortageLine>) -> Result<Change<Self>, Refused> {
        self.may("update")?;
        let status = self.status;
        let mut next = self.to(status);
        next.lines = Kept(lines);
        Ok(Change::new("update", next))
    }
    /// What is done about it.
    pub fn decide(self, asked: DecideShortage, by: &Stamp) -> Result<Change<Self>> {
        self.may("decide")?;
        let DecideShortage { decision, note, substitutes, evidence } = asked;
        if let Some(from) = self.decision.filter(|from| !forward(*from, decision)) {
            return Err(ShortageRule::Backward { from, to: decision }.into());
        }
        let other = decision == Decision::Substitute;
        if other == substitutes.is_empty() || substitutes.len() > MOST_LINES {
            return Err(ShortageRule::Substitutes.into());
        }
        if other && evidence.is_none() {
            return Err(ShortageRule::Evidence.into());
        }
        not_to_come("evidence", evidence.as_ref(), by)?;
        let mut next = self.to(Status::Decided);
        next.decision = Some(decision);
        let (decided_by, decided_at) = (by.actor.clone(), by.at);
        next.decisions.0.push(ShortageStep {
            decision,
            note: note.clone(),
            substitutes,
            evidence,
            decided_by,
            decided_at,
        });
        let event = ShortageDecided { decision, shortage: next.snapshot() };
        let change = Change::new("decide", next).emit(&event);
        Ok(match note {
            Some(note) => change.because(note.into_string()),
            None => change,
        })
    }
    /// Procurement is asked again.
    pub fn recheck(self) -> Result<Change<Self>, Refused> {
        self.may("recheck")?;
        let status = self.status;
        Ok(Change::new("recheck", self.to(status)))
    }
    /// Is it about lines that another model has taken the place of? Then the next answer ends it.
    pub fn is_replaced(&self) -> bool {
        self.decision == Some(Decision::Substitute)
    }
    /// Everything is held, or another model has taken the place of what was short.
    pub fn resolve(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("resolve")?;
        let mut next = self.to(Status::Resolved);
        next.resolved_at = Some(by.at);
        Ok(Change::new("resolve", next))
    }
    /// The order was cancelled.
    pub fn cancel(self) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        Ok(Change::new("cancel", self.to(Status::Cancelled)))
    }
    /// As its order shows it.
    pub fn brief(&self) -> OrderShortage {
        OrderShortage { id: self.id, number: self.number.clone(), status: self.status, decision: self.decision }
    }

    fn snapshot(&self) -> ShortageSnapshot {
        let short = |line: &ShortageLine| ShortLine {
            line_id: line.line_id,
            sku: line.sku.clone(),
            requested: line.requested,
            short: line.short,
        };
        ShortageSnapshot {
            shortage_id: self.id,
            number: self.number.clone(),
            order_id: self.order_id,
            order_number: self.order_number.clone(),
            needed_on: self.needed_on,
            lines: self.lines.0.iter().map(short).collect(),
        }
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

/// Waiting can become hurry, either can become parts or another model; for parts the rest can be hurried. Hurry can be said
/// again: more may be short by now, or buying was refused; procurement buys only what is not on its way yet.
fn forward(from: Decision, to: Decision) -> bool {
    matches!(
        (from, to),
        (Decision::Backorder | Decision::Expedite, Decision::Expedite | Decision::Split | Decision::Substitute)
            | (Decision::Split, Decision::Expedite)
    )
}

/// The lines that are short.
pub fn short_lines(rows: &[LineRow]) -> Vec<ShortageLine> {
    let line = |row: &LineRow| ShortageLine {
        line_id: row.id,
        line_number: row.line_number,
        sku: row.sku.clone(),
        requested: row.quantity,
        held: row.held.unwrap_or_default(),
        short: row.short.unwrap_or_default(),
    };
    rows.iter().filter(|row| row.is_short()).map(line).collect()
}
