//! `/api/contracts/v1/receipts`: parse, ask, answer.
use super::{
    domain::{AllocationRow, Head, Receipt},
    store,
};
use crate::payment_milestones::{self, domain::PaymentMilestone};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Money, Page, PageQuery,
    contracts::{self as dto, PaymentMilestoneId, ReceiptId},
    crm::AccountSnapshot,
    quoting::Reason,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_receipt)
        .service(list_receipts)
        .service(get_receipt)
        .service(allocate_receipt)
        .service(reverse_receipt);
}

/// Record money that came in.
#[utoipa::path(tag = "receipt", responses((status = 201, description = "Recorded", body = dto::Receipt)))]
#[post("/receipts")]
async fn create_receipt(cx: Cx, body: Json<dto::NewReceipt>) -> Reply<dto::Receipt> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let account: AccountSnapshot = tx.named_replica("/account_id", new.account_id.into()).await?;
        let number = tx.next_number("receipt").await?;
        let (id, refs) = (tx.id::<ReceiptId>(), new.external_refs.clone());
        let receipt = tx.create(Receipt::record(id, number, account, new, &tx.stamp())?).await?;
        tx.bind_refs("receipt", id, &refs).await?;
        Ok(show(receipt, cx.caller()))
    })
    .await
}

/// Receipts, newest first; `case_id` gives those that paid something of that deal.
#[utoipa::path(tag = "receipt", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Receipt>)))]
#[get("/receipts")]
async fn list_receipts(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Receipt>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |receipt| receipt.head.id.into(), |receipt| show(receipt, cx.caller())))
    })
    .await
}

/// One receipt, with what it paid.
#[utoipa::path(tag = "receipt", responses((status = 200, description = "The receipt", body = dto::Receipt)))]
#[get("/receipts/{id}")]
async fn get_receipt(cx: Cx, id: Path<ReceiptId>) -> Reply<dto::Receipt> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Pay milestones with it: never more than is open, never more than is left.
#[utoipa::path(tag = "receipt", responses((status = 200, description = "Allocated", body = dto::Receipt)))]
#[post("/receipts/{id}/allocate")]
async fn allocate_receipt(cx: Cx, id: Path<ReceiptId>, body: Json<dto::AllocateReceipt>) -> Reply<dto::Receipt> {
    cx.command(StatusCode::OK, async |tx| {
        let receipt: Receipt = tx.open(*id).await?;
        let wanted: Vec<PaymentMilestoneId> = body.0.allocations.iter().map(|one| one.payment_milestone_id).collect();
        let plans = locked_plans(tx, &wanted).await?;
        let (receipt, payments) = receipt.allocate(&body.0.allocations, plans, || tx.id(), &tx.stamp())?;
        for payment in payments {
            tx.save(payment).await?;
        }
        Ok(show(tx.save(receipt).await?, cx.caller()))
    })
    .await
}

/// Every milestone of the plans that these belong to, locked.
async fn locked_plans(tx: &mut Tx, ids: &[PaymentMilestoneId]) -> Result<Vec<PaymentMilestone>> {
    let mut milestones = Vec::new();
    for id in payment_milestones::lock_plans_of(tx.conn(), ids).await? {
        milestones.push(tx.load(id).await?);
    }
    Ok(milestones)
}

/// Take it back: a bounced bill, a wrong entry. What it had paid is open again.
#[utoipa::path(tag = "receipt", responses((status = 200, description = "Reversed", body = dto::Receipt)))]
#[post("/receipts/{id}/reverse")]
async fn reverse_receipt(cx: Cx, id: Path<ReceiptId>, body: Json<Reason>) -> Reply<dto::Receipt> {
    cx.command(StatusCode::OK, async |tx| {
        let receipt: Receipt = tx.open(*id).await?;
        let reason = body.0.reason.to_string();
        let allocations = receipt.allocations.clone();
        let receipt = tx.save(receipt.reverse(reason.clone())?).await?;
        let paid: Vec<PaymentMilestoneId> = allocations.iter().map(|one| one.payment_milestone_id).collect();
        payment_milestones::lock_plans_of(tx.conn(), &paid).await?;
        for allocation in allocations {
            let milestone: PaymentMilestone = tx.load(allocation.payment_milestone_id).await?;
            tx.save(milestone.unpay(allocation.amount, *id, reason.clone())?).await?;
        }
        Ok(show(receipt, cx.caller()))
    })
    .await
}

fn show(receipt: Receipt, caller: &Caller) -> dto::Receipt {
    let (available_actions, unallocated) = (receipt.available_actions(caller), receipt.unallocated());
    let allocation = |row: AllocationRow| {
        let AllocationRow { id, receipt_id: _, payment_milestone_id, amount, at, by } = row;
        dto::Allocation { id, payment_milestone_id, amount, at, by }
    };
    let allocations = receipt.allocations.into_iter().map(allocation).collect();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Head {
        id,
        number,
        status,
        account_id,
        account_name,
        currency,
        amount,
        allocated,
        received_on,
        channel,
        reference,
        reason,
        external_refs,
        created_by,
        created_at,
        version,
    } = receipt.head;
    dto::Receipt {
        id,
        number,
        status,
        account_id,
        account_name,
        amount: Money::new(amount, currency),
        allocated,
        unallocated,
        received_on,
        channel,
        reference,
        allocations,
        reason,
        external_refs: external_refs.0,
        created_by,
        created_at,
        version,
        available_actions,
    }
}
