//! How a requisition comes about: someone asks, or goods are missing (PRO-02, 08, 09). Pure, like `domain`.
use super::{
    domain::{Head, Requisition, RequisitionRule, act_by},
    lines::{Asked, rows, totals},
};
use platform::{Change, Stamp};
use uuid::Uuid;
use wire::{
    CaseId, Currency,
    orders::{OrderId, ShortageId},
    procurement::{
        RequisitionAutoCreated, RequisitionId, RequisitionPriority as Priority, RequisitionSource as Source,
        RequisitionStatus as Status, SupplierId,
    },
};

/// What a new requisition has of its own.
#[derive(Debug, Clone)]
pub struct Birth {
    pub id: RequisitionId,
    pub number: String,
    pub case_id: CaseId,
}

/// What it asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    pub source: Source,
    pub priority: Priority,
    pub category: String,
    pub currency: Currency,
    pub lines: Vec<Asked>,
    pub recommended_supplier_id: Option<SupplierId>,
    pub recommendation_reason: Option<String>,
    pub plan_reference: Option<String>,
}

/// What it is born of, where nobody asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin {
    pub order_id: Option<OrderId>,
    pub shortage_id: Option<ShortageId>,
    /// The event, and which of the requisitions it drafts this is.
    pub cause: Option<(Uuid, i32)>,
}

impl Requisition {
    /// Someone asks.
    pub fn draft(
        birth: Birth,
        wish: Wish,
        line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, RequisitionRule> {
        if !matches!(wish.source, Source::Manual | Source::Plan) {
            return Err(RequisitionRule::Source);
        }
        if (wish.source == Source::Plan) != wish.plan_reference.is_some() {
            return Err(RequisitionRule::Plan);
        }
        Ok(Change::new("create", Self::of(birth, wish, Origin::default(), line_ids, by)?))
    }
    /// Goods are short, or stock ran low: nobody had to ask (PRO-08), and the clock runs already (PRO-09).
    pub fn auto_draft(
        birth: Birth,
        wish: Wish,
        origin: Origin,
        line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Change<Self>, RequisitionRule> {
        let mut requisition = Self::of(birth, wish, origin, line_ids, by)?;
        requisition.head.act_by_at = Some(act_by(requisition.head.priority, by.at));
        let event = RequisitionAutoCreated { requisition: requisition.snapshot() };
        let accepted = requisition.accepted();
        let change = Change::new("create", requisition).emit(&event);
        Ok(match accepted {
            Some(accepted) => change.emit(&accepted),
            None => change,
        })
    }
    fn of(
        birth: Birth,
        wish: Wish,
        origin: Origin,
        line_ids: impl FnMut() -> Uuid,
        by: &Stamp,
    ) -> Result<Self, RequisitionRule> {
        let Birth { id, number, case_id } = birth;
        let Wish {
            source,
            priority,
            category,
            currency,
            lines,
            recommended_supplier_id,
            recommendation_reason,
            plan_reference,
        } = wish;
        reasoned(recommended_supplier_id, recommendation_reason.as_deref())?;
        if source != Source::Order {
            covers_only(&lines, &[])?;
        }
        let lines = rows(id, lines, currency, line_ids)?;
        let wire::Ownership { owner_id, team_id, department_id } = by.ownership.clone();
        let head = Head {
            id,
            number,
            status: Status::Draft,
            source,
            priority,
            case_id,
            category,
            currency,
            total: totals(&lines, currency).gross.amount,
            recommended_supplier_id,
            recommendation_reason,
            order_id: origin.order_id,
            shortage_id: origin.shortage_id,
            plan_reference,
            reason: None,
            rolling_window: None,
            resubmitted_from_id: None,
            resubmitted_as_id: None,
            requester: owner_id.clone(),
            owner_id,
            team_id,
            department_id,
            created_at: by.at,
            submitted_at: None,
            decided_at: None,
            act_by_at: None,
            overdue: false,
            cause_event_id: origin.cause.map(|(event, _)| event),
            cause_part: origin.cause.map(|(_, part)| part),
            version: 1,
        };
        Ok(Self { head, lines, covered: Vec::new(), lines_changed: true, covered_changed: false })
    }
}

/// A recommendation is no award, and never goes without its reason (PRO-02).
pub(super) fn reasoned(supplier: Option<SupplierId>, reason: Option<&str>) -> Result<(), RequisitionRule> {
    if supplier.is_some() && reason.is_none() { Err(RequisitionRule::Why) } else { Ok(()) }
}

pub(super) fn covers_only(lines: &[Asked], known: &[Uuid]) -> Result<(), RequisitionRule> {
    let stranger = lines.iter().position(|line| line.order_line_id.is_some_and(|id| !known.contains(&id)));
    stranger.map_or(Ok(()), |line| Err(RequisitionRule::OrderLine { line }))
}
