//! `/api/procurement/v1/rfqs`: parse, ask, answer.
use super::{
    domain::{Birth, Guest, Rfq, RfqRule},
    show::show,
    store,
};
use crate::{
    requisitions,
    sourcing_waivers::{self, domain::SourcingWaiver},
    suppliers,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    procurement::{self as dto, InvitedSupplier, RequisitionId, RfqId, SourcingWaiverId, SupplierId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_rfq)
        .service(list_rfqs)
        .service(get_rfq)
        .service(get_rfq_comparison)
        .service(update_rfq)
        .service(invite_rfq)
        .service(send_rfq)
        .service(record_quote_rfq)
        .service(decline_rfq)
        .service(admit_quote_rfq)
        .service(close_rfq)
        .service(evaluate_rfq)
        .service(award_rfq)
        .service(cancel_rfq);
}

/// Draft a request for quotation for open lines of approved requisitions.
#[utoipa::path(tag = "rfq", responses((status = 201, description = "The draft", body = dto::Rfq)))]
#[post("/rfqs")]
async fn create_rfq(cx: Cx, body: Json<dto::NewRfq>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::CREATED, async |tx| {
        let (new, by) = (body.0.clone(), tx.stamp());
        let category = new.category.as_ref().map(wire::Code::as_str);
        let guests = guests(tx, category, &new.requisition_ids, &new.suppliers).await?;
        let waived = waived(tx, new.sourcing_waiver_id, &new.requisition_ids).await?;
        let wanted = requisitions::store::approved(tx.conn(), &new.requisition_ids).await?;
        let weights = store::weights(tx.conn(), by.at).await?;
        let number = tx.next_number("rfq").await?;
        let birth = Birth { id: tx.id(), number, weights, waived };
        let change = Rfq::draft(birth, new, wanted, guests, &by)?;
        let lines: Vec<_> = change.after().lines.iter().map(|line| line.requisition_line_id).collect();
        if let Some(number) = store::wanting(tx.conn(), &lines).await? {
            return Err(RfqRule::LineTaken { number }.into());
        }
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Requests for quotation, newest first.
#[utoipa::path(tag = "rfq", params(dto::RfqQuery), responses((status = 200, description = "A page", body = Page<dto::Rfq>)))]
#[get("/rfqs")]
async fn list_rfqs(cx: Cx, query: Query<dto::RfqQuery>) -> Reply<Page<dto::Rfq>> {
    let page = query.page();
    let dto::RfqQuery { requisition_id, supplier_id, .. } = query.into_inner();
    let (requisition, supplier) = (requisition_id.map(RequisitionId), supplier_id.map(SupplierId));
    cx.read(async |conn| {
        let rows = store::list(conn, &page, requisition, supplier, cx.sight()).await?;
        Ok(page.page(rows, |rfq| rfq.head.id.into(), |rfq| show(rfq, cx.caller())))
    })
    .await
}

/// One request for quotation, with what was answered.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "The request", body = dto::Rfq)))]
#[get("/rfqs/{id}")]
async fn get_rfq(cx: Cx, id: Path<RfqId>) -> Reply<dto::Rfq> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// All quotes side by side: price, quality, delivery, after-sales, the best of each line, and what the rule says.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "The comparison", body = dto::RfqComparison)))]
#[get("/rfqs/{id}/comparison")]
async fn get_rfq_comparison(cx: Cx, id: Path<RfqId>) -> Reply<dto::RfqComparison> {
    cx.read(async |conn| Ok(super::comparison::compare(&cx.visible(*id, store::find(conn, *id).await?)?)?)).await
}

/// Change a draft.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "The draft", body = dto::Rfq)))]
#[patch("/rfqs/{id}")]
async fn update_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::RfqPatch>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        let patch = body.0.clone();
        let asked = patch.suppliers.clone().or_else(|| (!patch.category.is_absent()).then(|| rfq.asked_suppliers()));
        let guests = match asked {
            None => None,
            Some(asked) => {
                let category = patch.category.clone().over(rfq.head.category.clone(), wire::Code::into_string);
                Some(guests(tx, category.as_deref(), &rfq.requisition_ids(), &asked).await?)
            }
        };
        let leave = patch.sourcing_waiver_id.or(rfq.head.sourcing_waiver_id);
        let waived = waived(tx, leave, &rfq.requisition_ids()).await?;
        let change = rfq.update(patch, guests, waived, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask more suppliers.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Asked", body = dto::Rfq)))]
#[post("/rfqs/{id}/invite")]
async fn invite_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::InviteSuppliers>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        let category = rfq.head.category.clone();
        let guests = guests(tx, category.as_deref(), &rfq.requisition_ids(), &body.0.suppliers).await?;
        Ok(show(tx.save(rfq.invite(guests)?).await?, cx.caller()))
    })
    .await
}

/// Send the inquiry: to at least three suppliers that are qualified today, or under an approved waiver, which is used up.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Sent", body = dto::Rfq)))]
#[post("/rfqs/{id}/send")]
async fn send_rfq(cx: Cx, id: Path<RfqId>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        let category = rfq.head.category.clone();
        qualified(tx, category.as_deref(), &rfq.requisition_ids(), &rfq.supplier_ids(), "/suppliers").await?;
        let waiver = rfq.head.sourcing_waiver_id.filter(|_| rfq.rests_on_waiver());
        let change = rfq.send(&tx.stamp())?;
        if let Some(waiver) = waiver {
            let waiver: SourcingWaiver = tx.load(waiver).await?;
            if !change.after().supplier_ids().contains(&waiver.head.supplier_id) {
                return Err(RfqRule::Waiver.into());
            }
            tx.save(waiver.use_up(&tx.stamp())?).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record what a supplier answered, with the evidence of it; recorded again, it replaces the answer before.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Recorded", body = dto::Rfq)))]
#[post("/rfqs/{id}/record-quote")]
async fn record_quote_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::RecordSupplierQuote>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        if let Some(attachment) = body.0.evidence.attachment_id {
            tx.attach("/evidence/attachment_id", attachment, &rfq).await?;
        }
        let change = rfq.record_quote(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Note that a supplier does not quote, or takes its quote back.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Noted", body = dto::Rfq)))]
#[post("/rfqs/{id}/decline")]
async fn decline_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::DeclineInvitation>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        Ok(show(tx.save(rfq.decline(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Let a late quote count, and say why.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "It counts", body = dto::Rfq)))]
#[post("/rfqs/{id}/admit-quote")]
async fn admit_quote_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::AdmitLateQuote>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        Ok(show(tx.save(rfq.admit_quote(body.0.clone())?).await?, cx.caller()))
    })
    .await
}

/// Take no more quotes.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Closed", body = dto::Rfq)))]
#[post("/rfqs/{id}/close")]
async fn close_rfq(cx: Cx, id: Path<RfqId>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        let change = rfq.close(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Hold the two lowest quotes against the rule of 5 %.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Evaluated", body = dto::Rfq)))]
#[post("/rfqs/{id}/evaluate")]
async fn evaluate_rfq(cx: Cx, id: Path<RfqId>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        Ok(show(tx.save(rfq.evaluate()?).await?, cx.caller()))
    })
    .await
}

/// Choose one supplier for all, or one for each line, and say on which basis.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Awarded", body = dto::Rfq)))]
#[post("/rfqs/{id}/award")]
async fn award_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::AwardRfq>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        let (category, requisitions) = (rfq.head.category.clone(), rfq.requisition_ids());
        let change = rfq.award(body.0.clone(), &tx.stamp())?;
        let award = change.after().head.award.clone();
        let chosen: Vec<SupplierId> = award.into_iter().flat_map(|kept| kept.0.suppliers()).collect();
        qualified(tx, category.as_deref(), &requisitions, &chosen, "/supplier_id").await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Give it up, and say why; its lines can be asked for anew.
#[utoipa::path(tag = "rfq", responses((status = 200, description = "Cancelled", body = dto::Rfq)))]
#[post("/rfqs/{id}/cancel")]
async fn cancel_rfq(cx: Cx, id: Path<RfqId>, body: Json<dto::RfqReason>) -> Reply<dto::Rfq> {
    cx.command(StatusCode::OK, async |tx| {
        let rfq: Rfq = tx.open(*id).await?;
        Ok(show(tx.save(rfq.cancel(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// The suppliers that may be asked (PRO-15), each with the recommendation of a requisition or of the buyer (PRO-37).
async fn guests(
    tx: &mut Tx,
    category: Option<&str>,
    requisitions: &[RequisitionId],
    asked: &[InvitedSupplier],
) -> Result<Vec<Guest>> {
    let ids: Vec<SupplierId> = asked.iter().map(|one| one.supplier_id).collect();
    let names = qualified(tx, category, requisitions, &ids, "/suppliers").await?;
    let recommended = store::recommended(tx.conn(), requisitions).await?;
    let guest = |(one, name): (&InvitedSupplier, String)| Guest {
        supplier_id: one.supplier_id,
        name,
        recommendation: recommended
            .get(&one.supplier_id)
            .cloned()
            .or_else(|| one.recommendation.as_ref().map(ToString::to_string)),
    };
    Ok(asked.iter().zip(names).map(guest).collect())
}

/// The names of these suppliers, if each of them is qualified today for all that is asked for: in the categories of the
/// requisitions, and in the one that the request names beside them (PRO-13, PRO-15).
async fn qualified(
    tx: &mut Tx,
    category: Option<&str>,
    requisitions: &[RequisitionId],
    ids: &[SupplierId],
    pointer: &'static str,
) -> Result<Vec<String>> {
    let mut categories = store::categories(tx.conn(), requisitions).await?;
    categories.extend(category.map(str::to_owned));
    let mut names = Vec::with_capacity(ids.len());
    for id in ids {
        names.push(suppliers::must_be_qualified(tx, *id, None, pointer).await?);
        for category in &categories {
            suppliers::must_be_qualified(tx, *id, Some(category), pointer).await?;
        }
    }
    Ok(names)
}

/// Is the waiver that a request names approved? One that does not cover all of its requisitions is refused.
async fn waived(tx: &mut Tx, id: Option<SourcingWaiverId>, requisitions: &[RequisitionId]) -> Result<bool> {
    let Some(id) = id else { return Ok(false) };
    let waiver = sourcing_waivers::store::find(tx.conn(), id).await?.ok_or(RfqRule::Waiver)?;
    if !requisitions.iter().all(|id| waiver.requisition_ids.contains(id)) {
        return Err(RfqRule::Waiver.into());
    }
    Ok(waiver.is_approved())
}
