//! The only SQL of links.
use super::domain::ProposalLink;
use crate::{
    proposals::domain::Proposal,
    schema::{proposal_links, proposals},
};
use diesel::{
    prelude::*,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Stamp, handover::Handed, page};
use uuid::Uuid;
use wire::{
    Moment, Ownership,
    crm::ContactId,
    quoting::{ProposalId, ProposalLinkId, ProposalLinkQuery},
};

platform::store!(ProposalLink, proposal_links);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &ProposalLinkQuery, sight: &Sight) -> QueryResult<Vec<ProposalLink>> {
    let page = query.page();
    page!(ProposalLink, proposal_links, page, sight; proposal_id = query.proposal_id).load(conn).await
}

/// The link that a contact has already.
pub async fn open_one(
    conn: &mut Conn,
    proposal: ProposalId,
    contact: ContactId,
) -> QueryResult<Option<ProposalLinkId>> {
    proposal_links::table
        .filter(proposal_links::proposal_id.eq(proposal))
        .filter(proposal_links::contact_id.eq(contact))
        .filter(proposal_links::status.eq("open"))
        .select(proposal_links::id)
        .first(conn)
        .await
        .optional()
}

/// The link of a token, locked: who revokes it meanwhile waits, or was first.
pub async fn lock_by_digest(conn: &mut Conn, digest: &str) -> QueryResult<Option<ProposalLink>> {
    let opened = proposal_links::table.filter(proposal_links::token_digest.eq(digest));
    opened.select(ProposalLink::as_select()).for_update().first(conn).await.optional()
}

/// Somebody has looked. No new version of the link: whoever is about to revoke it need not know.
pub async fn viewed(conn: &mut Conn, link: ProposalLinkId, at: Moment) -> QueryResult<usize> {
    let looked = "UPDATE proposal_links SET views = views + 1, last_viewed_at = $2, \
                  first_viewed_at = coalesce(first_viewed_at, $2) WHERE id = $1";
    diesel::sql_query(looked).bind::<SqlUuid, _>(link).bind::<Timestamptz, _>(at).execute(conn).await
}

/// By hand: what else ends a link is a time and the end of its proposal, which is the proposal's to know.
impl Handed for ProposalLink {
    const CLOSED: &'static [&'static str] = &["revoked"];
    fn given_to(self, to: Ownership, _: &Stamp) -> Self {
        let Ownership { owner_id, team_id, department_id } = to;
        Self { owner_id, team_id, department_id, version: self.version + 1, ..self }
    }
    async fn open_of(conn: &mut Conn, owner: &str, after: Uuid, limit: i64, at: Moment) -> QueryResult<Vec<Uuid>> {
        let undecided =
            proposals::table.filter(proposals::status.ne_all(<Proposal as Handed>::CLOSED)).select(proposals::id);
        proposal_links::table
            .filter(proposal_links::owner_id.eq(owner))
            .filter(proposal_links::status.ne_all(Self::CLOSED))
            .filter(proposal_links::expires_at.gt(at))
            .filter(proposal_links::proposal_id.eq_any(undecided))
            .filter(proposal_links::id.gt(ProposalLinkId(after)))
            .order(proposal_links::id)
            .limit(limit)
            .select(proposal_links::id)
            .load(conn)
            .await
    }
}
