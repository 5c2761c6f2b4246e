//! The rules of finance reviews (ORD-08). Pure: no async, no clock, no SQL.
use crate::{orders::domain::Order, schema::finance_reviews};
use diesel::prelude::*;
use platform::{Change, Closed, Machine, MachineInfo, Refused, Result, Stamp, Transition, calendar::Calendar};
use serde::Serialize;
use wire::{
    CaseId, Moment,
    json::Kept,
    orders::{
        CompleteReview, FinanceReviewCompleted, FinanceReviewId, Finding, FindingKind, OrderId, ReviewResult,
        ReviewStatus as Status,
    },
};

/// Working days finance has (ORD-08).
pub const WORKING_DAYS: u32 = 1;
/// Findings of one review.
const MOST_FINDINGS: usize = 50;

/// The row.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = finance_reviews, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct FinanceReview {
    pub id: FinanceReviewId,
    pub status: Status,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    pub round: i32,
    pub price_matches: bool,
    pub findings: Kept<Vec<Finding>>,
    pub due_at: Moment,
    pub calendar_id: String,
    pub overdue_at: Option<Moment>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<Moment>,
    pub owner_id: Option<String>,
    pub team_id: Option<String>,
    pub department_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
}
platform::entity!(FinanceReview, "finance_review", FinanceReviewId; row: this, case: some, owned);

platform::rules!(
    /// Why a review is refused.
    ReviewRule {
        NoFinding => "finance_review.findings", Invalid, "say what is to be adjusted", "请说明需要调整的内容", at "/findings";
        TooMany => "finance_review.findings_bounds", Invalid, "at most 50 findings", "最多 50 条审核意见", at "/findings";
    }
);

impl Machine for FinanceReview {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "finance_review",
        transitions: &[
            Transition::new("complete", &["pending"], &["approved_to_invoice", "price_adjust_required"]),
            Transition::new("resubmit", &["price_adjust_required"], &["pending"]),
            Transition::automatic("mark_overdue", &["pending"], &["pending"]),
            Transition::automatic("cancel", &["pending", "price_adjust_required"], &["cancelled"]),
        ],
        labels: Status::labels(),
    };
}

impl FinanceReview {
    /// For an order that was just checked.
    pub fn open(id: FinanceReviewId, order: &Order, by: &Stamp) -> Change<Self> {
        let head = &order.head;
        let (due_at, calendar_id) = due(by);
        let review = Self {
            id,
            status: Status::Pending,
            order_id: head.id,
            order_number: head.number.clone(),
            case_id: head.case_id,
            round: 1,
            price_matches: order.priced_as_agreed(),
            findings: Kept(order.substitute_findings()),
            due_at,
            calendar_id,
            overdue_at: None,
            reviewed_by: None,
            reviewed_at: None,
            owner_id: head.owner_id.clone(),
            team_id: head.team_id.clone(),
            department_id: head.department_id.clone(),
            created_at: by.at,
            version: 1,
        };
        Change::new("create", review)
    }
    /// Finance's word; nothing is approved whose price is not the quote's. What the machine found (another model than was
    /// quoted) stays beside it.
    pub fn complete(self, word: CompleteReview, by: &Stamp) -> Result<Change<Self>> {
        self.may("complete")?;
        let CompleteReview { result, findings } = word;
        if findings.len() > MOST_FINDINGS {
            return Err(ReviewRule::TooMany.into());
        }
        let status = match result {
            ReviewResult::ApprovedToInvoice => self.priced_right()?,
            ReviewResult::PriceAdjustRequired if findings.is_empty() => return Err(ReviewRule::NoFinding.into()),
            ReviewResult::PriceAdjustRequired => Status::PriceAdjustRequired,
        };
        let mut next = self.to(status);
        next.findings.0.retain(|finding| finding.kind == FindingKind::Substitute);
        next.findings.0.extend(findings);
        (next.reviewed_by, next.reviewed_at) = (Some(by.actor.clone()), Some(by.at));
        let event = FinanceReviewCompleted {
            order_id: next.order_id,
            number: next.order_number.clone(),
            result: result.as_str().to_owned(),
        };
        Ok(Change::new("complete", next).emit(&event))
    }
    /// Before finance again, with another working day; the findings stay to be compared with.
    pub fn resubmit(self, order: &Order, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("resubmit")?;
        let mut next = self.to(Status::Pending);
        next.round += 1;
        next.price_matches = order.priced_as_agreed();
        next.findings.0.retain(|finding| finding.kind != FindingKind::Substitute);
        next.findings.0.extend(order.substitute_findings());
        (next.due_at, next.calendar_id) = due(by);
        (next.overdue_at, next.reviewed_by, next.reviewed_at) = (None, None, None);
        Ok(Change::new("resubmit", next))
    }
    /// Its time is over.
    pub fn mark_overdue(self, by: &Stamp) -> Result<Change<Self>, Refused> {
        self.may("mark_overdue")?;
        let mut next = self.to(Status::Pending);
        next.overdue_at = Some(by.at);
        Ok(Change::new("mark_overdue", next))
    }
    /// The order was cancelled.
    pub fn cancel(self) -> Result<Change<Self>, Refused> {
        self.may("cancel")?;
        Ok(Change::new("cancel", self.to(Status::Cancelled)))
    }

    fn priced_right(&self) -> Result<Status, Refused> {
        if self.price_matches {
            return Ok(Status::ApprovedToInvoice);
        }
        let closed = Closed::new(
            "price",
            "the order's prices are not those of the accepted quote; ask for an adjustment",
            "订单价格与客户已接受的报价不一致，请要求调整价格",
        )
        .on(&self.order_number);
        Err(Refused::Gates { entity: "finance_review", action: "complete", closed: vec![closed] })
    }
    fn to(mut self, status: Status) -> Self {
        self.version += 1;
        self.status = status;
        self
    }
}

fn due(by: &Stamp) -> (Moment, String) {
    let due = Calendar::china().add_working_days(by.at.timestamp(), WORKING_DAYS);
    (due.at.into(), due.calendar_id.to_owned())
}
