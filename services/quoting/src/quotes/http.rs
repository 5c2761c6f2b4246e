//! `/api/quoting/v1/quotes`: parse, ask, answer.
use super::{
    domain::{Basis, Deal, Quote, QuoteRule},
    priced, store,
};
use crate::{
    cost_sheets, customers,
    margins::{self, Cost},
    pricing::approval,
    proposals::{
        document::{Standing, of_quote},
        pdf,
    },
};
use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Cx, Json, Machine, Reply, Result, Tx, approvals, replica};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    CaseId, Currency, Label, Page,
    attachment::FileBytes,
    crm::{AccountId, AccountSnapshot, OpportunitySnapshot, RequirementSpecId, RequirementSpecSnapshot},
    quoting::{self as dto, CostSheetId, CostSheetStatus, QuoteId, QuoteQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_quote)
        .service(list_quotes)
        .service(get_quote)
        .service(print_quote)
        .service(get_quote_price_trace)
        .service(get_quote_approval_preview)
        .service(update_quote)
        .service(submit_quote)
        .service(issue_quote)
        .service(negotiate_quote)
        .service(revise_quote)
        .service(accept_quote)
        .service(reject_quote)
        .service(withdraw_quote)
        .service(verify_quote);
}

/// Draft a quote for a customer. A line without a price gets that of the pricing policy.
#[utoipa::path(tag = "quote", responses((status = 201, description = "The draft", body = dto::Quote)))]
#[post("/quotes")]
async fn create_quote(cx: Cx, body: Json<dto::NewQuote>) -> Reply<dto::Quote> {
    cx.command(StatusCode::CREATED, async |tx| {
        let mut new = body.0.clone();
        let deal = deal(tx, &new).await?;
        let lines = priced::offered(tx, &deal.account, new.currency, std::mem::take(&mut new.lines)).await?;
        let number = tx.next_number("quote").await?;
        let change = Quote::draft(tx.id(), number, deal, new, lines, || tx.id(), &tx.stamp())?;
        let quote = tx.create(change).await?;
        tx.bind_refs("quote", quote.head.id, &quote.head.external_refs.0).await?;
        Ok(show(quote, &cx))
    })
    .await
}

/// Quotes, newest first.
#[utoipa::path(tag = "quote", params(QuoteQuery), responses((status = 200, description = "A page", body = Page<dto::Quote>)))]
#[get("/quotes")]
async fn list_quotes(cx: Cx, asked: Query<QuoteQuery>) -> Reply<Page<dto::Quote>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &asked, cx.sight()).await?;
        Ok(asked.page().page(rows, |quote| quote.head.id.into(), |quote| show(quote, &cx)))
    })
    .await
}

/// One quote.
#[utoipa::path(tag = "quote", responses((status = 200, description = "The quote", body = dto::Quote)))]
#[get("/quotes/{id}")]
async fn get_quote(cx: Cx, id: Path<QuoteId>) -> Reply<dto::Quote> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, &cx))).await
}

/// The quote as a PDF, in the language of `language` or else of the reader; what has not been sent yet, or is no longer
/// valid, says so.
#[utoipa::path(tag = "quote", params(dto::PrintQuery), responses((status = 200, description = "The document", content((FileBytes = "application/pdf")))))]
#[get("/quotes/{id}/pdf")]
async fn print_quote(cx: Cx, id: Path<QuoteId>, query: Query<dto::PrintQuery>) -> Result<HttpResponse> {
    let (language, today) = (pdf::language(&query, cx.caller()), pdf::today(&cx));
    let sheet = cx.look(async |conn| {
        let quote = cx.visible(*id, store::find(conn, *id).await?)?;
        pdf::sheet(conn, quote.head.account_id, of_quote(&quote, language, today), Standing::of_quote(&quote, today))
            .await
    });
    pdf::answer(&cx, sheet.await?).await
}

/// How the prices of its lines came about, step by step (QUO-05).
#[utoipa::path(tag = "quote", responses((status = 200, description = "Line by line", body = dto::QuotePriceTrace)))]
#[get("/quotes/{id}/price-trace")]
async fn get_quote_price_trace(cx: Cx, id: Path<QuoteId>) -> Reply<dto::QuotePriceTrace> {
    cx.read(async |conn| {
        let mut quote = cx.visible(*id, store::find(conn, *id).await?)?;
        quote.traces = store::traces(conn, *id).await?;
        Ok(quote.trace())
    })
    .await
}

/// Who would decide about it if it were submitted as it stands now, and why more people than usual where they are; the margin
/// itself is shown at `…/margin`.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Step by step", body = dto::QuoteApprovalPreview)))]
#[get("/quotes/{id}/approval-preview")]
async fn get_quote_approval_preview(cx: Cx, id: Path<QuoteId>) -> Reply<dto::QuoteApprovalPreview> {
    let now = cx.app().clock.now();
    cx.read(async |conn| {
        let quote = cx.visible(*id, store::find(conn, *id).await?)?;
        let concerns = quote.concerns(margins::floor_for(conn, quote.head.account_id, now).await?);
        let (quote_id, number, revision) = (quote.head.id, quote.head.number.clone(), quote.head.revision);
        let (ask, usual) = approval::question(&concerns, number.clone(), quote.totals().gross);
        let approval_steps = approvals::foreseen(conn, &ask, usual, now).await?;
        let approval_required = !concerns.is_empty();
        Ok(dto::QuoteApprovalPreview { quote_id, number, revision, approval_required, concerns, approval_steps })
    })
    .await
}

/// Change a draft.
#[utoipa::path(tag = "quote", responses((status = 200, description = "The draft", body = dto::Quote)))]
#[patch("/quotes/{id}")]
async fn update_quote(cx: Cx, id: Path<QuoteId>, body: Json<dto::QuotePatch>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let mut patch = body.0.clone();
        let (spec, sheet) = (patch.requirement_spec_id, patch.cost_sheet_id);
        let basis = if spec.is_absent() && sheet.is_absent() {
            quote.basis
        } else {
            let head = &quote.head;
            let spec = spec.or(head.requirement_spec_id);
            let sheet = sheet.or(head.cost_sheet_id);
            basis(tx, head.account_id, head.case_id, head.currency, (spec, sheet)).await?
        };
        let (account, currency) = (quote.head.account_id, quote.head.currency);
        let lines = match patch.lines.take() {
            Some(lines) => Some(priced::offered_to(tx, account, currency, lines).await?),
            None => None,
        };
        let change = quote.update(patch, lines, basis, || tx.id(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Ask for approval.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Waiting for approval", body = dto::Quote)))]
#[post("/quotes/{id}/submit")]
async fn submit_quote(cx: Cx, id: Path<QuoteId>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let stamp = tx.stamp();
        let floor = margins::floor_for(tx.conn(), quote.head.account_id, stamp.at).await?;
        let change = quote.submit(floor, &stamp)?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Send an approved quote to the customer.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Issued", body = dto::Quote)))]
#[post("/quotes/{id}/issue")]
async fn issue_quote(cx: Cx, id: Path<QuoteId>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let change = quote.issue(&tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// The customer wants to talk about it; say about what, if they told.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Negotiating", body = dto::Quote)))]
#[post("/quotes/{id}/negotiate")]
async fn negotiate_quote(cx: Cx, id: Path<QuoteId>, body: Json<dto::OptionalReason>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let reason = body.0.reason.clone().map(Label::into_string);
        Ok(show(tx.save(quote.negotiate(reason)?).await?, &cx))
    })
    .await
}

/// Replace it by a new draft with the same number and the next revision; the answer is the new draft.
#[utoipa::path(tag = "quote", responses((status = 201, description = "The new draft", body = dto::Quote)))]
#[post("/quotes/{id}/revise")]
async fn revise_quote(cx: Cx, id: Path<QuoteId>) -> Reply<dto::Quote> {
    cx.command(StatusCode::CREATED, async |tx| {
        let mut quote: Quote = tx.open(*id).await?;
        customers::alive(tx, quote.head.account_id, "/account_id").await?;
        quote.traces = store::traces(tx.conn(), *id).await?;
        let (old, new) = quote.revise(tx.id(), || tx.id(), &tx.stamp())?;
        tx.save(old).await?;
        Ok(show(tx.create(new).await?, &cx))
    })
    .await
}

/// Record the customer's yes, with the evidence of it.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Accepted", body = dto::Quote)))]
#[post("/quotes/{id}/accept")]
async fn accept_quote(cx: Cx, id: Path<QuoteId>, body: Json<dto::AcceptQuote>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let change = quote.accept(body.0.evidence.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Record the customer's no, and why.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Rejected", body = dto::Quote)))]
#[post("/quotes/{id}/reject")]
async fn reject_quote(cx: Cx, id: Path<QuoteId>, body: Json<dto::Reason>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let change = quote.reject(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Take it back ourselves, and say why.
#[utoipa::path(tag = "quote", responses((status = 200, description = "Withdrawn", body = dto::Quote)))]
#[post("/quotes/{id}/withdraw")]
async fn withdraw_quote(cx: Cx, id: Path<QuoteId>, body: Json<dto::Reason>) -> Reply<dto::Quote> {
    cx.command(StatusCode::OK, async |tx| {
        let quote: Quote = tx.open(*id).await?;
        let change = quote.withdraw(body.0.reason.to_string(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, &cx))
    })
    .await
}

/// Do these lines say what the quote says? Changes nothing.
#[utoipa::path(tag = "quote", extensions(("x-pure" = json!(true))), responses((status = 200, description = "Line by line", body = dto::LinesVerified)))]
#[post("/quotes/{id}/verify")]
async fn verify_quote(cx: Cx, id: Path<QuoteId>, body: Json<dto::VerifyLines>) -> Reply<dto::LinesVerified> {
    cx.read(async |conn| Ok(cx.visible(*id, store::find(conn, *id).await?)?.verify(&body.0.lines))).await
}

/// Whose deal it is: the opportunity's, or a new one of the customer.
async fn deal(tx: &mut Tx, new: &dto::NewQuote) -> Result<Deal> {
    let account: AccountSnapshot = tx.named_replica("/account_id", new.account_id.into()).await?;
    customers::is_alive(tx, &account, "/account_id").await?;
    let case_id = match new.opportunity_id {
        None => tx.id(),
        Some(id) => {
            let opportunity: OpportunitySnapshot = tx.named_replica("/opportunity_id", id.into()).await?;
            if opportunity.account_id != account.id {
                return Err(QuoteRule::Opportunity.into());
            }
            opportunity.case_id
        }
    };
    let basis = basis(tx, account.id, case_id, new.currency, (new.requirement_spec_id, new.cost_sheet_id)).await?;
    Ok(Deal { case_id, account, basis })
}

/// How far the documents are that a quote of this customer and deal may rest on. A specification of which nobody has
/// told us yet may still be a draft: it is not confirmed.
async fn basis(
    tx: &mut Tx,
    account: AccountId,
    case: CaseId,
    currency: Currency,
    (spec, sheet): (Option<RequirementSpecId>, Option<CostSheetId>),
) -> Result<Basis> {
    let mut basis =
        Basis { spec_confirmed: true, cost_locked: true, cost: Cost::Unknown, in_hands_of: None, today: None };
    if let Some(id) = spec {
        let known: Option<RequirementSpecSnapshot> = replica::find(tx.conn(), id.into()).await?;
        if known.as_ref().is_some_and(|spec| spec.account_id != account) {
            return Err(QuoteRule::Spec.into());
        }
        basis.spec_confirmed = known.is_some_and(|spec| spec.status == "confirmed");
    }
    if let Some(id) = sheet {
        let sheet = cost_sheets::find(tx.conn(), id).await?.ok_or(QuoteRule::Sheet)?;
        if sheet.case_id != case {
            return Err(QuoteRule::SheetElsewhere.into());
        }
        basis.cost_locked = sheet.status == CostSheetStatus::Locked;
        basis.cost = Cost::of(basis.cost_locked.then_some((sheet.total, sheet.currency)), currency);
    }
    Ok(basis)
}

fn show(quote: Quote, cx: &Cx) -> dto::Quote {
    let quote = quote.on(pdf::today(cx));
    let (available_actions, totals) = (quote.available_actions(cx.caller()), quote.totals());
    let lines = quote.lines.into_iter().map(Into::into).collect();
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let super::domain::Head {
        id,
        number,
        revision,
        status,
        case_id,
        account_id,
        account_name,
        opportunity_id,
        requirement_spec_id,
        cost_sheet_id,
        currency: _,
        net: _,
        tax: _,
        gross: _,
        payment_terms,
        valid_until,
        delivery_date,
        route,
        note,
        reason,
        evidence,
        external_refs,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        issued_at,
        decided_at,
        proposal_id,
        version,
    } = quote.head;
    dto::Quote {
        id,
        number,
        revision,
        status,
        case_id,
        account_id,
        account_name,
        opportunity_id,
        requirement_spec_id,
        cost_sheet_id,
        lines,
        totals,
        payment_terms: payment_terms.0,
        valid_until,
        delivery_date,
        route,
        note,
        reason,
        evidence: evidence.map(|kept| kept.0),
        external_refs: external_refs.0,
        owner_id,
        created_at,
        submitted_at,
        issued_at,
        decided_at,
        proposal_id,
        version,
        available_actions,
    }
}
