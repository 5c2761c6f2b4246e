//! The rules of holds (ruling 9, PRO-39). Pure: no async, no clock, no SQL; what is free is handed in, what moves is
//! handed back, and both are done under the locks of one transaction.
use super::plan::{Free, Issues, Moves, allot, covered, ship, take_back};
use crate::schema::{hold_lines, hold_places, holds};
use diesel::prelude::*;
use platform::{Change, Machine, MachineInfo, Stamp, Transition};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use uuid::Uuid;
use wire::{
    CaseId, Moment, Quantity,
    orders::{AvailabilityRequested, OrderCancelled, OrderId, WantedLine},
    procurement::{AnsweredLine, AvailabilityAnswered, HoldClosed, HoldId, HoldStatus as Status, StockId},
};

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = holds, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Head {
    pub id: HoldId,
    pub number: String,
    pub status: Status,
    pub case_id: Option<CaseId>,
    pub order_id: OrderId,
    pub order_number: String,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub cause_event_id: Option<Uuid>,
    pub version: i32,
}

/// What the order asks for in one of its lines.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = hold_lines, treat_none_as_default_value = false)]
pub struct Line {
    pub hold_id: HoldId,
    pub line_id: Uuid,
    pub line_number: i32,
    pub sku: String,
    pub requested: Quantity,
}

/// What is set aside for a line in one place, and what of it has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = hold_places, treat_none_as_default_value = false)]
pub struct Place {
    pub hold_id: HoldId,
    pub line_id: Uuid,
    pub stock_id: StockId,
    pub held: Quantity,
    pub issued: Quantity,
}

/// A hold with its lines and places.
#[derive(Debug, Clone, Serialize)]
pub struct Hold {
    pub head: Head,
    pub lines: Vec<Line>,
    pub places: Vec<Place>,
}
platform::entity!(Hold, "hold", HoldId; row: head, case: option, owned);

/// What a hold has of its own before anything is set aside.
#[derive(Debug, Clone)]
pub struct Birth {
    pub id: HoldId,
    pub number: String,
    pub case_id: Option<CaseId>,
    pub cause_event_id: Option<Uuid>,
}

platform::rules!(
    /// Why a fact about an order is refused here, and waits for a person.
    HoldRule {
        LineTwice { line_id: Uuid } => "hold.line_twice", Invalid, "line {line_id} stands twice in the request", "行 {line_id} 在请求中重复出现";
        OtherSku { line_id: Uuid } => "hold.other_sku", Invalid, "line {line_id} was held under another sku", "行 {line_id} 的物料编号与已占用的不同";
        MoreThanHeld { line_id: Uuid, missing: Decimal } => "hold.more_than_held", Conflict, "{missing} more of line {line_id} was shipped than is held; book it in and try again", "行 {line_id} 的发货量比占用量多 {missing}，请补登库存后重试";
        MoreThanShipped { line_id: Uuid, more: Decimal } => "hold.more_than_shipped", Conflict, "{more} more of line {line_id} came back than left this place", "行 {line_id} 的退回量比该库位出库量多 {more}";
    }
);

impl Machine for Hold {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "hold",
        transitions: &[
            Transition::automatic("top_up", &["short", "held"], &["short", "held"]),
            Transition::automatic("ship", &["short", "held"], &["short", "held", "shipped"]),
            Transition::automatic("scrap", &["short", "held"], &["short", "held"]),
            Transition::automatic(
                "take_back",
                &["short", "held", "shipped", "released"],
                &["short", "held", "released"],
            ),
            Transition::automatic("release", &["short", "held"], &["released"]),
        ],
        labels: Status::labels(),
    };
}

impl Hold {
    /// The first request: holds as much as there is.
    pub fn place(
        birth: Birth,
        request: &AvailabilityRequested,
        free: &mut [Free],
        by: &Stamp,
    ) -> Result<(Change<Self>, Moves), HoldRule> {
        let hold = Self::of(birth, request.order_id, request.number.clone(), Status::Short, by);
        hold.ask("create", &request.lines, free)
    }
    /// A repeated request: takes what was short, gives back what is no longer wanted.
    pub fn top_up(self, request: &AvailabilityRequested, free: &mut [Free]) -> platform::Result<(Change<Self>, Moves)> {
        self.may("top_up")?;
        Ok(self.next().ask("top_up", &request.lines, free)?)
    }
    /// The order ended before it asked: remembered, so that a request that comes late holds nothing.
    pub fn stillborn(birth: Birth, cancelled: &OrderCancelled, by: &Stamp) -> Change<Self> {
        let mut hold = Self::of(birth, cancelled.order_id, cancelled.number.clone(), Status::Released, by);
        hold.head.closed_at = Some(by.at);
        Change::new("create", hold).because(cancelled.reason.clone())
    }
    /// Goods are on their way; the last of them closes the hold.
    pub fn ship(self, shipped: &[WantedLine], by: &Stamp) -> platform::Result<(Change<Self>, Issues)> {
        self.may("ship")?;
        let mut next = self.next();
        let mut issues = Issues::new();
        for line in shipped {
            ship(line.line_id, line.quantity.get(), &mut next.places, &mut issues)
                .map_err(|missing| HoldRule::MoreThanHeld { line_id: line.line_id, missing })?;
        }
        let all = next.lines.iter().all(|line| next.issued(line.line_id) >= line.requested.get());
        Ok((if all { next.close("ship", Status::Shipped, by) } else { Change::new("ship", next) }, issues))
    }
    /// Quality gave goods of a line up: they are gone as if shipped, and what takes their place is asked for, so that this
    /// never closes the hold (ORD-19).
    pub fn scrap(self, lost: &WantedLine) -> platform::Result<(Change<Self>, Issues)> {
        self.may("scrap")?;
        let mut next = self.next();
        let mut issues = Issues::new();
        ship(lost.line_id, lost.quantity.get(), &mut next.places, &mut issues)
            .map_err(|missing| HoldRule::MoreThanHeld { line_id: lost.line_id, missing })?;
        Ok((Change::new("scrap", next), issues))
    }
    /// A shipment came back: its goods lie where they lay and are set aside again, so that they can be shipped once more;
    /// of an order that was cancelled meanwhile they are free.
    pub fn take_back(self, back: &Issues) -> platform::Result<Change<Self>> {
        self.may("take_back")?;
        let mut next = self.next();
        let held = next.head.status != Status::Released;
        for (stock_id, parts) in back {
            for (line_id, quantity) in parts {
                take_back(*line_id, *stock_id, *quantity, held, &mut next.places)
                    .map_err(|more| HoldRule::MoreThanShipped { line_id: *line_id, more })?;
            }
        }
        if held {
            next.head.status = if next.answer().complete { Status::Held } else { Status::Short };
            next.head.closed_at = None;
        }
        Ok(Change::new("take_back", next))
    }
    /// The order was cancelled: what is still here is free again.
    pub fn release(self, reason: &str, by: &Stamp) -> platform::Result<(Change<Self>, Moves)> {
        self.may("release")?;
        let mut next = self.next();
        let mut moves = Moves::new();
        for place in next.places.iter_mut().filter(|place| place.held > Quantity::ZERO) {
            *moves.entry(place.stock_id).or_default() -= place.held.get();
            place.held = Quantity::ZERO;
        }
        Ok((next.close("release", Status::Released, by).because(reason), moves))
    }
    /// Over: nothing is held any more.
    pub fn is_closed(&self) -> bool {
        matches!(self.head.status, Status::Shipped | Status::Released)
    }
    /// Set aside now for a line.
    pub fn held(&self, line_id: Uuid) -> Decimal {
        self.of_line(line_id).map(|place| place.held.get()).sum()
    }
    /// Shipped already of a line, or lost.
    pub fn issued(&self, line_id: Uuid) -> Decimal {
        self.of_line(line_id).map(|place| place.issued.get()).sum()
    }
    /// Where a line's goods lie or lay.
    pub fn of_line(&self, line_id: Uuid) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.line_id == line_id)
    }
    /// What the order asked for last.
    pub fn request(&self) -> AvailabilityRequested {
        let wanted =
            |line: &Line| WantedLine { line_id: line.line_id, sku: line.sku.clone(), quantity: line.requested };
        AvailabilityRequested {
            order_id: self.head.order_id,
            number: self.head.order_number.clone(),
            lines: self.lines.iter().map(wanted).collect(),
        }
    }
    /// What a line is short of now; none where it is no line of this hold.
    pub fn short_of(&self, line_id: Uuid) -> Option<Quantity> {
        self.lines.iter().find(|line| line.line_id == line_id).map(|line| self.answered(line).short)
    }
    /// Is there something that one of its lines is short of?
    pub fn wants(&self, free: &[Free]) -> bool {
        let short = |line: &&Line| covered(&self.places, line.line_id) < line.requested.get();
        let mut wanted = self.lines.iter().filter(short);
        wanted.any(|line| free.iter().any(|source| source.sku == line.sku && source.quantity > Decimal::ZERO))
    }
    /// Each sku once.
    pub fn skus(&self) -> HashSet<&str> {
        self.lines.iter().map(|line| line.sku.as_str()).collect()
    }

    fn of(birth: Birth, order_id: OrderId, order_number: String, status: Status, by: &Stamp) -> Self {
        let Birth { id, number, case_id, cause_event_id } = birth;
        let wire::Ownership { owner_id, team_id, department_id } = by.ownership.clone();
        let head = Head {
            id,
            number,
            status,
            case_id,
            order_id,
            order_number,
            owner_id,
            team_id,
            department_id,
            created_at: by.at,
            closed_at: None,
            cause_event_id,
            version: 1,
        };
        Self { head, lines: Vec::new(), places: Vec::new() }
    }
    fn ask(
        mut self,
        action: &'static str,
        wanted: &[WantedLine],
        free: &mut [Free],
    ) -> Result<(Change<Self>, Moves), HoldRule> {
        self.lines = self.wanted(wanted)?;
        let moves = allot(self.head.id, &self.lines, &mut self.places, free);
        self.lines
            .retain(|line| line.requested > Quantity::ZERO || covered(&self.places, line.line_id) > Decimal::ZERO);
        let answer = self.answer();
        self.head.status = if answer.complete { Status::Held } else { Status::Short };
        Ok((Change::new(action, self).emit(&answer), moves))
    }
    /// The lines asked for; of those that are asked for no more, what has left already.
    fn wanted(&self, wanted: &[WantedLine]) -> Result<Vec<Line>, HoldRule> {
        let mut seen = HashSet::new();
        let mut lines = Vec::with_capacity(wanted.len());
        let mut push = |line_id, sku: &str, requested| {
            let line_number = i32::try_from(lines.len() + 1).unwrap_or(i32::MAX);
            lines.push(Line { hold_id: self.head.id, line_id, line_number, sku: sku.to_owned(), requested });
        };
        for line in wanted {
            if !seen.insert(line.line_id) {
                return Err(HoldRule::LineTwice { line_id: line.line_id });
            }
            if self.lines.iter().any(|known| known.line_id == line.line_id && known.sku != line.sku) {
                return Err(HoldRule::OtherSku { line_id: line.line_id });
            }
            push(line.line_id, &line.sku, line.quantity);
        }
        for gone in self.lines.iter().filter(|known| !seen.contains(&known.line_id)) {
            push(gone.line_id, &gone.sku, Quantity::new(self.issued(gone.line_id)));
        }
        Ok(lines)
    }
    fn answer(&self) -> AvailabilityAnswered {
        let lines: Vec<AnsweredLine> = self.lines.iter().map(|line| self.answered(line)).collect();
        AvailabilityAnswered {
            order_id: self.head.order_id,
            hold_id: self.head.id,
            number: self.head.number.clone(),
            complete: lines.iter().all(|line| line.short == Quantity::ZERO),
            lines,
        }
    }
    fn answered(&self, line: &Line) -> AnsweredLine {
        let held = covered(&self.places, line.line_id);
        let short = Quantity::new(line.requested.get() - held);
        AnsweredLine {
            line_id: line.line_id,
            sku: line.sku.clone(),
            requested: line.requested,
            held: Quantity::new(held),
            short,
        }
    }
    fn close(mut self, action: &'static str, status: Status, by: &Stamp) -> Change<Self> {
        (self.head.status, self.head.closed_at) = (status, Some(by.at));
        let event = HoldClosed {
            hold_id: self.head.id,
            number: self.head.number.clone(),
            order_id: self.head.order_id,
            status: status.to_string(),
        };
        Change::new(action, self).emit(&event)
    }
    fn next(mut self) -> Self {
        self.head.version += 1;
        self
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
