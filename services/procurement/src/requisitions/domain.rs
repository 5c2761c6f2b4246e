//! The rules of requisitions (PRO-02, 04, 08, 09; D-01, D-14). Pure: no async, no clock, no SQL.
pub use super::{
    birth::{Birth, Origin, Wish},
    row::{Covered, Head, Progress, Requisition},
};

use super::{
    birth::{covers_only, reasoned},
    lines::{Asked, LineRow, rows, totals, unpriced},
};
use jiff::SignedDuration;
use platform::{Ask, Change, Closed, Machine, MachineInfo, Refused, Stamp, Transition, calendar::Calendar};
use rust_decimal::Decimal;
use uuid::Uuid;
use wire::{
    Amount, Moment, Money, Note, Patched,
    json::Kept,
    line::Totals,
    procurement::{
        CountedRequisition, ExpediteAccepted, RequisitionApproved, RequisitionOverdue, RequisitionPriority as Priority,
        RequisitionSnapshot, RequisitionStatus as Status, RequisitionSubmitted, RollingWindow, SupplierId,
    },
};

/// How far back requisitions count together (D-14).
pub const WINDOW_DAYS: u16 = 30;
/// An urgent requisition is ordered within these hours of the calendar: the four hours that the documents give whoever
/// must act at once (D-12).
pub const URGENT_HOURS: i64 = 4;
/// Any other one within these working days (D-12).
pub const NORMAL_DAYS: u32 = 3;

platform::rules!(
    /// Why a requisition is refused.
    RequisitionRule {
        Lines { count: usize } => "requisition.lines", Invalid, "a requisition has 1 to 500 lines, not {count}", "采购申请单应有 1 至 500 行，实际为 {count} 行", at "/lines";
        Sku { line: usize, sku: String } => "requisition.sku", Invalid, "there is no active item {sku}; leave the sku out and describe what is wanted", "没有启用的物料 {sku}；可不填编号，改为描述所需物品", at "/lines/{line}/sku";
        Named { line: usize } => "requisition.name", Invalid, "a line without a sku needs name, specification and unit", "未填物料编号的行须写明名称、规格型号和单位", at "/lines/{line}/name";
        Quantity { line: usize } => "requisition.quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{line}/quantity";
        Price { line: usize } => "requisition.estimated_unit_price", Invalid, "the estimated unit price must not be negative", "预估单价不能为负", at "/lines/{line}/estimated_unit_price";
        OrderLine { line: usize } => "requisition.order_line", Invalid, "the requisition was not drafted for this line of an order", "该采购申请并非为此订单行生成", at "/lines/{line}/order_line_id";
        Large => "requisition.total", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        Category { category: String } => "requisition.category", Invalid, "there is no supplier category {category} in use", "没有启用的供应商类别 {category}", at "/category";
        Supplier => "requisition.recommended_supplier", Invalid, "there is no such supplier, or we buy there no more", "没有该供应商，或已不再合作", at "/recommended_supplier_id";
        Why => "requisition.recommendation_reason", Invalid, "say why this supplier is recommended", "推荐供应商须说明理由", at "/recommendation_reason";
        Source => "requisition.source", Invalid, "a person asks with source manual or plan", "人工申请的来源只能是 manual 或 plan", at "/source";
        Plan => "requisition.plan_reference", Invalid, "source plan goes with the plan's number, no other source does", "来源为 plan 时须填计划编号，其他来源不可填", at "/plan_reference";
    }
);

impl Machine for Requisition {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "requisition",
        transitions: &[
            Transition::new("update", &["draft"], &["draft"]),
            Transition::new("submit", &["draft"], &["in_approval"]),
            Transition::automatic("approve", &["in_approval"], &["approved"]),
            Transition::automatic("reject", &["in_approval"], &["rejected"]),
            Transition::new("resubmit", &["rejected"], &["rejected"]),
            Transition::new("cancel", &["draft", "approved"], &["cancelled"]),
            Transition::automatic("order", &["approved", "ordered"], &["approved", "ordered", "closed"]),
            Transition::new("close", &["approved", "ordered"], &["closed"]),
            Transition::automatic(
                "expedite",
                &["draft", "in_approval", "approved"],
                &["draft", "in_approval", "approved"],
            ),
            Transition::automatic(
                "mark_overdue",
                &["draft", "in_approval", "approved"],
                &["draft", "in_approval", "approved"],
            ),
        ],
        labels: Status::labels(),
    };
    fn gates(&self, action: &str) -> Vec<Closed> {
        let closed = match action {
            "submit" => unpriced(&self.lines).map(|line| {
                Closed::new(
                    "estimated_price",
                    format!("line {line} needs an estimated unit price, because the approvers are chosen by the total"),
                    format!("第 {line} 行须填写预估单价，审批人按合计金额确定"),
                )
                .on(line)
            }),
            "resubmit" => self
                .head
                .resubmitted_as_id
                .map(|id| Closed::new("resubmitted", "it was asked for again already", "已重新提交").on(id)),
            "cancel" => self.live().next().map(|part| {
                Closed::new(
                    "nothing_ordered",
                    "a part of it is ordered: close it, or cancel the purchase order first",
                    "部分已下单：请关闭该申请，或先取消采购订单",
                )
                .on(part.purchase_order_id)
            }),
            _ => None,
        };
        closed.into_iter().collect()
    }
}

/// What of a draft is to be different; what is `None` or absent stays.
#[derive(Debug, Clone, Default)]
pub struct Amendment {
    pub priority: Option<Priority>,
    pub category: Option<String>,
    pub lines: Option<Vec<Asked>>,
    pub recommended_supplier_id: Patched<SupplierId>,
    pub recommendation_reason: Patched<Note>,
}

impl Requisition {
    /// Changes a draft; the total follows.
    pub fn update(self, amendment: Amendment, line_ids: impl FnMut() -> Uuid) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let Amendment { priority, category, lines, recommended_supplier_id, recommendation_reason } = amendment;
        let known: Vec<Uuid> = self.lines.iter().filter_map(|line| line.order_line_id).collect();
        let mut next = self.next();
        if let Some(lines) = lines {
            covers_only(&lines, &known)?;
            next.lines = rows(next.head.id, lines, next.head.currency, line_ids)?;
            next.lines_changed = true;
            next.head.total = next.totals().gross.amount;
        }
        let recommended = recommended_supplier_id.or(next.head.recommended_supplier_id);
        if recommended != next.head.recommended_supplier_id {
            // The reason was about another supplier.
            (next.head.recommended_supplier_id, next.head.recommendation_reason) = (recommended, None);
        }
        next.head.recommendation_reason =
            recommendation_reason.over(next.head.recommendation_reason, Note::into_string);
        reasoned(next.head.recommended_supplier_id, next.head.recommendation_reason.as_deref())?;
        next.head.priority = priority.unwrap_or(next.head.priority);
        next.head.category = category.unwrap_or(next.head.category);
        Ok(Change::new("update", next))
    }
    /// Asks for approval. The tiers look at what was asked for lately and this together (D-14): `counted`, oldest first.
    pub fn submit(self, counted: Vec<CountedRequisition>, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("submit")?;
        let others: Decimal = counted.iter().map(|other| other.total.get()).sum();
        let total = Amount::new(self.head.total.get() + others);
        let mut next = self.to(Status::InApproval);
        let head = &mut next.head;
        head.rolling_window = Some(Kept(RollingWindow {
            days: WINDOW_DAYS,
            total: Money::new(total, head.currency),
            requisitions: counted,
        }));
        head.submitted_at = Some(by.at);
        head.act_by_at.get_or_insert(act_by(head.priority, by.at));
        let ask = Ask {
            policy: "procurement.requisition",
            number: head.number.clone(),
            amount: Some(Money::new(total, head.currency)),
        };
        let event = RequisitionSubmitted { requisition: next.snapshot() };
        Ok(Change::new("submit", next).emit(&event).ask(ask))
    }
    /// Nobody asked for it, so whoever submits it does: it becomes theirs, and their department decides.
    #[must_use]
    pub fn adopted(mut self, by: &Stamp) -> Self {
        if self.head.requester.is_none() {
            let wire::Ownership { owner_id, team_id, department_id } = by.ownership.clone();
            self.head.requester.clone_from(&owner_id);
            (self.head.owner_id, self.head.team_id, self.head.department_id) = (owner_id, team_id, department_id);
        }
        self
    }
    /// The last yes.
    pub fn approve(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("approve")?;
        let mut next = self.to(Status::Approved);
        next.head.decided_at = Some(by.at);
        let event = RequisitionApproved { requisition: next.snapshot() };
        Ok(Change::new("approve", next).emit(&event))
    }
    /// A no; it can be asked for again.
    pub fn reject(self, reason: String, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("reject")?;
        let mut next = self.to(Status::Rejected);
        (next.head.decided_at, next.head.reason) = (Some(by.at), Some(reason.clone()));
        Ok(Change::new("reject", next).because(reason))
    }
    /// Asks again for what was rejected: a new draft that knows the old one. Both changes belong into one transaction,
    /// this one first.
    pub fn resubmit(
        self,
        birth: Birth,
        mut line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<(Change<Self>, Change<Self>), Refused> {
        self.may("resubmit")?;
        let Birth { id, number, case_id } = birth;
        let lines = self.lines.iter().map(|line| LineRow { id: line_ids(), requisition_id: id, ..line.clone() });
        let head = Head {
            id,
            number,
            case_id,
            status: Status::Draft,
            reason: None,
            rolling_window: None,
            resubmitted_from_id: Some(self.head.id),
            created_at: by.at,
            submitted_at: None,
            decided_at: None,
            act_by_at: None,
            overdue: false,
            cause_event_id: None,
            cause_part: None,
            version: 1,
            ..self.head.clone()
        };
        let fresh =
            Self { head, lines: lines.collect(), covered: Vec::new(), lines_changed: true, covered_changed: false };
        let mut old = self.next();
        old.head.resubmitted_as_id = Some(id);
        Ok((Change::new("resubmit", old), Change::new("create", fresh)))
    }
    /// Nobody wants it any more.
    pub fn cancel(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        let mut next = self.to(Status::Cancelled);
        next.head.reason = Some(reason.clone());
        Ok(Change::new("cancel", next).because(reason))
    }
    /// What is not ordered yet will not be.
    pub fn close(self, reason: String) -> Result<Change<Self>, Refused> {
        self.may("close")?;
        let mut next = self.to(Status::Closed);
        next.head.reason = Some(reason.clone());
        Ok(Change::new("close", next).because(reason))
    }
    /// A normal requisition of a shortage turns out to be urgent (PRO-09); `None` if it is already, or past hurrying.
    pub fn expedite(self, by: &Stamp) -> Result<Option<Change<Self>>, Refused> {
        if self.head.priority == Priority::Urgent || self.may("expedite").is_err() {
            return Ok(None);
        }
        let mut next = self.next();
        next.head.priority = Priority::Urgent;
        let sooner = act_by(Priority::Urgent, by.at);
        next.head.act_by_at = Some(next.head.act_by_at.map_or(sooner, |at| at.min(sooner)));
        let accepted = next.accepted();
        let change = Change::new("expedite", next);
        Ok(Some(match accepted {
            Some(accepted) => change.emit(&accepted),
            None => change,
        }))
    }
    /// It should have been ordered by now; told once.
    pub fn mark_overdue(self) -> Result<Change<Self>, Refused> {
        self.may("mark_overdue")?;
        let mut next = self.next();
        next.head.overdue = true;
        let event = RequisitionOverdue { requisition: next.snapshot() };
        Ok(Change::new("mark_overdue", next).emit(&event))
    }
    /// Net, tax and gross.
    pub fn totals(&self) -> Totals {
        totals(&self.lines, self.head.currency)
    }

    pub(super) fn accepted(&self) -> Option<ExpediteAccepted> {
        let act_by_at = self.head.act_by_at?;
        (self.head.priority == Priority::Urgent).then(|| ExpediteAccepted { requisition: self.snapshot(), act_by_at })
    }
    pub(super) fn snapshot(&self) -> RequisitionSnapshot {
        let Head { id, number, source, priority, order_id, total, currency, .. } = &self.head;
        RequisitionSnapshot {
            requisition_id: *id,
            number: number.clone(),
            source: source.to_string(),
            priority: priority.to_string(),
            order_id: *order_id,
            total: Money::new(*total, *currency),
        }
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

/// When it should be ordered, counted from `at` by the China calendar.
pub fn act_by(priority: Priority, at: Moment) -> Moment {
    let calendar = Calendar::china();
    Moment::new(match priority {
        Priority::Urgent => calendar.add_working_time(at.timestamp(), SignedDuration::from_hours(URGENT_HOURS)).at,
        Priority::Normal => calendar.add_working_days(at.timestamp(), NORMAL_DAYS).at,
    })
}

#[cfg(test)]
#[path = "domain_tests.rs"]
pub(super) mod tests;
