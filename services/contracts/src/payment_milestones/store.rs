//! The only SQL of payment milestones.
use super::domain::PaymentMilestone;
use crate::schema::payment_milestones;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use uuid::Uuid;
use wire::{
    Day, PageQuery,
    contracts::{ContractId, PaymentMilestoneId, PaymentMilestoneQuery},
    orders::OrderId,
};

platform::store!(PaymentMilestone, payment_milestones);

/// Locks, always in the order of their ids, every milestone of every plan to which one of these belongs: whether a plan is
/// settled is decided under these locks.
pub async fn lock_plans_of(conn: &mut Conn, ids: &[PaymentMilestoneId]) -> QueryResult<Vec<PaymentMilestoneId>> {
    let named = payment_milestones::table.filter(payment_milestones::id.eq_any(ids));
    let plans: Vec<Uuid> = named.select(payment_milestones::plan_id).distinct().load(conn).await?;
    let all = payment_milestones::table.filter(payment_milestones::plan_id.eq_any(plans));
    let locked = all.order(payment_milestones::id).select(payment_milestones::id).for_update();
    locked.load(conn).await
}

/// A plan's milestones, first to last.
pub async fn plan(conn: &mut Conn, plan_id: Uuid) -> QueryResult<Vec<PaymentMilestone>> {
    let all = payment_milestones::table.filter(payment_milestones::plan_id.eq(plan_id));
    all.order(payment_milestones::position).select(PaymentMilestone::as_select()).load(conn).await
}

/// The milestones of an order, in the order in which rows are locked.
pub async fn of_order(conn: &mut Conn, order: OrderId) -> QueryResult<Vec<PaymentMilestoneId>> {
    let all = payment_milestones::table.filter(payment_milestones::order_id.eq(order));
    all.order(payment_milestones::id).select(payment_milestones::id).load(conn).await
}
/// The milestones of a contract that do not know their order yet, in the order in which rows are locked.
pub async fn unlinked(conn: &mut Conn, contract: ContractId) -> QueryResult<Vec<PaymentMilestoneId>> {
    let all = payment_milestones::table.filter(payment_milestones::contract_id.eq(contract));
    let unlinked = all.filter(payment_milestones::order_id.is_null());
    unlinked.order(payment_milestones::id).select(payment_milestones::id).load(conn).await
}

/// Milestones whose last day is over and that nobody has called overdue yet, a hundred at most.
pub async fn late(conn: &mut Conn, today: Day) -> QueryResult<Vec<PaymentMilestoneId>> {
    payment_milestones::table
        .filter(payment_milestones::status.eq_any(["due", "partially_paid"]))
        .filter(payment_milestones::overdue.eq(false))
        .filter(payment_milestones::due_on.lt(today))
        .order(payment_milestones::id)
        .limit(100)
        .select(payment_milestones::id)
        .load(conn)
        .await
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    filter: &PaymentMilestoneQuery,
    sight: &Sight,
) -> QueryResult<Vec<PaymentMilestone>> {
    let newest = payment_milestones::table.select(PaymentMilestone::as_select()).order(payment_milestones::id.desc());
    let mut query = newest.limit(page.fetch()).into_boxed();
    query = scoped!(query, payment_milestones, sight);
    if let Some(after) = page.after {
        query = query.filter(payment_milestones::id.lt(PaymentMilestoneId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(payment_milestones::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(payment_milestones::status.eq(status.clone()));
    }
    if let Some(contract) = filter.contract_id {
        query = query.filter(payment_milestones::contract_id.eq(contract));
    }
    if let Some(order) = filter.order_id {
        query = query.filter(payment_milestones::order_id.eq(order));
    }
    if let Some(account) = filter.account_id {
        query = query.filter(payment_milestones::account_id.eq(account));
    }
    if let Some(overdue) = filter.overdue {
        query = query.filter(payment_milestones::overdue.eq(overdue));
    }
    query.load(conn).await
}

platform::handed!(PaymentMilestone, payment_milestones; row: this, closed: ["paid", "waived"]);
