//! `/api/contracts/v1/payment-milestones`: parse, ask, answer.
use super::{domain::PaymentMilestone, store};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Money, Page,
    contracts::{self as dto, PaymentMilestoneId},
    quoting::Reason,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_payment_milestones).service(get_payment_milestone).service(waive_payment_milestone);
}

/// Payment milestones, newest first.
#[utoipa::path(tag = "payment_milestone", params(dto::PaymentMilestoneQuery), responses((status = 200, description = "A page", body = Page<dto::PaymentMilestone>)))]
#[get("/payment-milestones")]
async fn list_payment_milestones(
    cx: Cx,
    query: Query<dto::PaymentMilestoneQuery>,
) -> Reply<Page<dto::PaymentMilestone>> {
    let page = query.page();
    cx.read(async |conn| {
        let rows = store::list(conn, &page, &query, cx.sight()).await?;
        Ok(page.page(rows, |milestone| milestone.id.into(), |milestone| show(milestone, cx.caller())))
    })
    .await
}

/// One milestone.
#[utoipa::path(tag = "payment_milestone", responses((status = 200, description = "The milestone", body = dto::PaymentMilestone)))]
#[get("/payment-milestones/{id}")]
async fn get_payment_milestone(cx: Cx, id: Path<PaymentMilestoneId>) -> Reply<dto::PaymentMilestone> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Do without what is still open, and say why.
#[utoipa::path(tag = "payment_milestone", responses((status = 200, description = "Waived", body = dto::PaymentMilestone)))]
#[post("/payment-milestones/{id}/waive")]
async fn waive_payment_milestone(
    cx: Cx,
    id: Path<PaymentMilestoneId>,
    body: Json<Reason>,
) -> Reply<dto::PaymentMilestone> {
    cx.command(StatusCode::OK, async |tx| {
        store::lock_plans_of(tx.conn(), &[*id]).await?;
        let milestone: PaymentMilestone = tx.open(*id).await?;
        let plan = store::plan(tx.conn(), milestone.plan_id).await?;
        let others_settled = plan.iter().filter(|other| other.id != *id).all(PaymentMilestone::settled);
        let change = milestone.waive(body.0.reason.to_string(), others_settled)?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(milestone: PaymentMilestone, caller: &Caller) -> dto::PaymentMilestone {
    let (available_actions, open) = (milestone.available_actions(caller), milestone.open());
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let PaymentMilestone {
        id,
        plan_id: _,
        contract_id,
        order_id,
        number,
        position,
        label,
        trigger,
        due_days,
        status,
        currency,
        amount,
        paid,
        due_on,
        overdue,
        case_id,
        account_id,
        account_name,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        cause_event_id: _,
        created_at,
        version,
    } = milestone;
    dto::PaymentMilestone {
        id,
        contract_id,
        order_id,
        number,
        position,
        label,
        trigger,
        due_days,
        status,
        amount: Money::new(amount, currency),
        paid,
        open,
        due_on,
        overdue,
        case_id,
        account_id,
        account_name,
        reason,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
