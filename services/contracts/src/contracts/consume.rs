//! What contracts hear, and what the last vote does to them. No SQL.
use super::{
    domain::{Contract, ContractRule, Seed},
    lines, store,
};
use crate::{payment_milestones, requirements, templates};
use platform::{Decided, Machine, Passed, Result, Subscriptions, Tx};
use wire::{
    CaseId, Day, ExternalRef,
    approval::Verdict,
    contracts::{ClauseKind, ContractId, ContractKind, ContractRequired},
    crm::{AccountCreated, AccountId, AccountSnapshot, AccountUpdated},
    line::{Line, Totals},
    orders::{HoldKind, HoldPlaced, HoldReleased, OrderCancelled, OrderCreated, OrderId, OrderSnapshot},
    quoting::{PaymentTerm, QuoteAccepted, QuoteId, QuoteSnapshot, Route},
};

/// Replicas of customers; drafts from quotes and for held orders, withdrawn when those need none; the orders that contracts became.
pub fn consumers(on: &mut Subscriptions) {
    on.replicate::<AccountCreated, AccountSnapshot>("keep-account-created");
    on.replicate::<AccountUpdated, AccountSnapshot>("keep-account-updated");
    on.on::<QuoteAccepted>("draft-from-accepted-quote", draft_from_accepted_quote);
    // One handler for three facts: a draft that waits for its customer holds back the news that nobody needs it any more.
    on.on::<HoldPlaced>(FOR_HELD_ORDER, draft_for_held_order);
    on.on::<HoldReleased>(FOR_HELD_ORDER, withdraw_for_released_order);
    on.on::<OrderCancelled>(FOR_HELD_ORDER, withdraw_for_cancelled_order);
    on.on::<OrderCreated>("link-order", link_order);
}

const FOR_HELD_ORDER: &str = "draft-for-held-order";

/// What the customer has said yes to with the quote or the order.
const AGREED: &[ClauseKind] =
    &[ClauseKind::Product, ClauseKind::Quantity, ClauseKind::Price, ClauseKind::Delivery, ClauseKind::Payment];

/// What a quote and an order have in common.
struct Origin {
    quote_id: Option<QuoteId>,
    order_id: Option<OrderId>,
    account_id: AccountId,
    lines: Vec<Line>,
    totals: Totals,
    payment_terms: Vec<PaymentTerm>,
    delivery_date: Option<Day>,
    external_refs: Vec<ExternalRef>,
}

/// The contract route of ruling 13: the accepted quote becomes a draft, to the cent.
async fn draft_from_accepted_quote(tx: &mut Tx, event: QuoteAccepted) -> Result<()> {
    let QuoteSnapshot { quote_id, account_id, lines, totals, payment_terms, delivery_date, external_refs, .. } =
        event.quote;
    if event.route != Route::Contract || store::of_quote(tx.conn(), quote_id).await?.is_some() {
        return Ok(());
    }
    draft(
        tx,
        Origin {
            quote_id: Some(quote_id),
            order_id: None,
            account_id,
            lines,
            totals,
            payment_terms,
            delivery_date,
            external_refs,
        },
        None,
    )
    .await
}

/// An order above the limit waits for its contract (ruling 13, CON-18).
async fn draft_for_held_order(tx: &mut Tx, event: HoldPlaced) -> Result<()> {
    let OrderSnapshot {
        order_id,
        number,
        quote_id,
        account_id,
        lines,
        totals,
        payment_terms,
        delivery_date,
        external_refs,
        ..
    } = event.order;
    if event.hold != HoldKind::ContractRequired || store::of_order(tx.conn(), order_id).await?.is_some() {
        return Ok(());
    }
    // A quote has one living contract; where it has one already, this one is the order's alone.
    let quote_id = match quote_id {
        Some(quote) if store::of_quote(tx.conn(), quote).await?.is_none() => Some(quote),
        _ => None,
    };
    draft(
        tx,
        Origin {
            quote_id,
            order_id: Some(order_id),
            account_id,
            lines,
            totals,
            payment_terms,
            delivery_date,
            external_refs,
        },
        Some(number),
    )
    .await
}

/// The order waits no more: another contract covers it, or it has come below the limit.
async fn withdraw_for_released_order(tx: &mut Tx, event: HoldReleased) -> Result<()> {
    if event.hold != HoldKind::ContractRequired {
        return Ok(());
    }
    let reason = format!("订单 {0} 不再需要本合同 / order {0} does not need it any more", event.number);
    withdraw_for(tx, event.order_id, reason).await
}
async fn withdraw_for_cancelled_order(tx: &mut Tx, event: OrderCancelled) -> Result<()> {
    let OrderCancelled { order_id, number, reason } = event;
    withdraw_for(tx, order_id, format!("订单 {number} 已取消 / order {number} was cancelled: {reason}")).await
}

/// Nobody is to sign what nobody ordered; what both have signed stands, and people decide what becomes of it.
async fn withdraw_for(tx: &mut Tx, order: OrderId, reason: String) -> Result<()> {
    let Some(id) = store::of_order(tx.conn(), order).await? else { return Ok(()) };
    let contract: Contract = tx.load(id).await?;
    if contract.may("withdraw").is_ok() {
        tx.save(contract.withdraw(reason)?).await?;
    }
    Ok(())
}

/// On the standard template; the row inherits case and owner of its cause.
/// `waiting` is the number of the order that waits for it.
async fn draft(tx: &mut Tx, origin: Origin, waiting: Option<String>) -> Result<()> {
    let Origin { quote_id, order_id, account_id, lines, totals, payment_terms, delivery_date, external_refs } = origin;
    let account: AccountSnapshot = tx.await_replica(account_id.into()).await?;
    let template = templates::standard(tx.conn(), ContractKind::Sale).await?;
    let template = template.ok_or(ContractRule::NoTemplate { kind: ContractKind::Sale })?;
    let id: ContractId = tx.id();
    let seed = Seed {
        id,
        case_id: tx.cause_case().unwrap_or_else(|| tx.id::<CaseId>()),
        account,
        template: &template,
        quote_id,
        order_id,
        currency: totals.gross.currency,
        lines: lines::taken_over(id, lines, || tx.id()),
        payment_terms,
        delivery_date,
        conditions: Vec::new(),
        external_refs,
        clauses: Vec::new(),
        agreed: AGREED,
        cause_event_id: tx.cause_event().map(Into::into),
    };
    let mut change = Contract::draft(seed, &tx.stamp())?;
    if let (Some(order_id), Some(number)) = (order_id, waiting) {
        let policy = requirements::in_force(tx).await?;
        change = change.emit(&ContractRequired {
            order_id,
            number,
            account_id,
            order_total: totals.gross,
            limit: policy.limit(),
            policy_revision: policy.revision,
            contract_id: id,
        });
    }
    tx.create(change).await.map(drop)
}

/// The effective contract has become an order: the contract and its milestones learn its id. The order learns that it is
/// paid, where that came before it.
async fn link_order(tx: &mut Tx, event: OrderCreated) -> Result<()> {
    let Some(contract_id) = event.order.contract_id else { return Ok(()) };
    let contract: Contract = tx.await_row(contract_id).await?;
    let settled = payment_milestones::link(tx, contract_id, event.order.order_id).await?;
    if contract.head.order_id.is_none() {
        tx.save(contract.link_order(event.order.order_id, settled)).await?;
    }
    Ok(())
}

/// In the transaction of the last vote; a final number is given only to what is approved (ruling 10).
pub async fn approval_decided(tx: &mut Tx, decided: Decided) -> Result<()> {
    let contract: Contract = tx.load(ContractId(decided.subject)).await?;
    let change = match decided.verdict {
        Verdict::Approved => {
            let number = tx.next_number("contract").await?;
            contract.approve(number, &tx.stamp())?
        }
        Verdict::Rejected => contract.returned(decided.comment.unwrap_or_default())?,
    };
    tx.save(change).await.map(drop)
}

/// In the transaction of the vote that completes a step: the manager's and legal's word are facts of their own.
pub async fn step_passed(tx: &mut Tx, passed: Passed) -> Result<()> {
    let contract: Contract = tx.load(ContractId(passed.subject)).await?;
    let change = contract.pass_review(&passed, &tx.stamp())?;
    tx.save(change).await.map(drop)
}
