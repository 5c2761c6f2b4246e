//! `/api/quoting/v1/proposals/{id}/share` and `/proposal-links`: parse, ask, answer.
use super::{domain::ProposalLink, store};
use crate::proposals::domain::Proposal;
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, guest};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Label, Page,
    crm::ContactSnapshot,
    quoting::{self as dto, ProposalId, ProposalLinkId, ProposalLinkQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(share_proposal)
        .service(list_proposal_links)
        .service(get_proposal_link)
        .service(revoke_proposal_link);
}

/// Share it with a contact of the customer: the answer has the link, this once. A link that the contact has already is revoked.
#[utoipa::path(tag = "proposal", responses((status = 201, description = "The link", body = dto::ProposalLink)))]
#[post("/proposals/{id}/share")]
async fn share_proposal(cx: Cx, id: Path<ProposalId>, body: Json<dto::ShareProposal>) -> Reply<dto::ProposalLink> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::ShareProposal { contact_id, valid_days } = body.0.clone();
        // Of two who share with one person at once, the second sees what the first has done.
        tx.one_at_a_time(&format!("proposal_link {} {contact_id}", *id)).await?;
        // The link before the proposal: in this order its holder locks them, too.
        let before: Option<ProposalLink> = match store::open_one(tx.conn(), *id, contact_id).await? {
            Some(open) => tx.try_load(open).await?,
            None => None,
        };
        let proposal: Proposal = tx.open(*id).await?;
        let contact: ContactSnapshot = tx.named_replica("/contact_id", contact_id.into()).await?;
        let (token, stamp) = (guest::token(), tx.stamp());
        let change = ProposalLink::share(tx.id(), guest::digest(&token), &proposal, &contact, valid_days, &stamp)?;
        if let Some(before) = before.filter(|before| before.may("revoke").is_ok()) {
            tx.save(before.revoke(None, &stamp)?).await?;
        }
        let url = Some(format!("{}/public/proposals/{token}", cx.app().service.base()));
        Ok(dto::ProposalLink { url, ..show(tx.create(change).await?, cx.caller()) })
    })
    .await
}

/// Links to proposals, newest first.
#[utoipa::path(tag = "proposal_link", params(ProposalLinkQuery), responses((status = 200, description = "A page", body = Page<dto::ProposalLink>)))]
#[get("/proposal-links")]
async fn list_proposal_links(cx: Cx, query: Query<ProposalLinkQuery>) -> Reply<Page<dto::ProposalLink>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |link| link.id.into(), |link| show(link, cx.caller())))
    })
    .await
}

/// One link: when it ends, and whether anybody has looked.
#[utoipa::path(tag = "proposal_link", responses((status = 200, description = "The link", body = dto::ProposalLink)))]
#[get("/proposal-links/{id}")]
async fn get_proposal_link(cx: Cx, id: Path<ProposalLinkId>) -> Reply<dto::ProposalLink> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Let it open nothing any more, from now on; say why, if there is a reason.
#[utoipa::path(tag = "proposal_link", responses((status = 200, description = "Revoked", body = dto::ProposalLink)))]
#[post("/proposal-links/{id}/revoke")]
async fn revoke_proposal_link(
    cx: Cx,
    id: Path<ProposalLinkId>,
    body: Json<dto::OptionalReason>,
) -> Reply<dto::ProposalLink> {
    cx.command(StatusCode::OK, async |tx| {
        let link: ProposalLink = tx.open(*id).await?;
        let reason = body.0.reason.clone().map(Label::into_string);
        let change = link.revoke(reason, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

fn show(link: ProposalLink, caller: &Caller) -> dto::ProposalLink {
    let available_actions = link.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let ProposalLink {
        id,
        status,
        case_id,
        proposal_id,
        contact_id,
        contact_name,
        token_digest: _,
        expires_at,
        first_viewed_at,
        last_viewed_at,
        views,
        created_by,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        revoked_at,
        version,
    } = link;
    dto::ProposalLink {
        id,
        status,
        case_id,
        proposal_id,
        contact_id,
        contact_name,
        expires_at,
        url: None,
        first_viewed_at,
        last_viewed_at,
        views,
        created_at,
        created_by,
        revoked_at,
        version,
        available_actions,
    }
}
