//! Whom a request puts on a list: named ones, and the members of a segment; of both only those whom the caller may see.
use super::{domain::MOST_MEMBERS, store};
use crate::segments;
use platform::{ApiError, Caller, Conn, Result, Tx};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wire::crm::{CandidateKind, NewTargetMember, SegmentId, SegmentSubject, TargetMember};

/// As they stand on the list; 422 at the first one that is not there, or not for this caller.
pub async fn named(
    tx: &mut Tx,
    caller: &Caller,
    wanted: &[NewTargetMember],
    segment: Option<SegmentId>,
) -> Result<Vec<TargetMember>> {
    let mut wanted = wanted.to_vec();
    let leads_sight = caller.sight("crm.lead.read");
    let accounts_sight = caller.sight("crm.account.read");
    let by_name = wanted.len();
    if let Some(id) = segment {
        let unknown = || ApiError::field("/segment_id", format!("there is no segment {id}"));
        let segment = segments::find(tx.conn(), id).await?.ok_or_else(unknown)?;
        let (kind, sight) = match segment.subject {
            SegmentSubject::Lead => (CandidateKind::Lead, &leads_sight),
            SegmentSubject::Account => (CandidateKind::Account, &accounts_sight),
        };
        let most = i64::try_from(MOST_MEMBERS).unwrap_or(i64::MAX);
        if let Some(sight) = sight {
            let members = segments::members_seen(tx.conn(), id, sight, (None, most)).await?;
            let ids = members.into_iter().map(|member| member.subject_id);
            let more: Vec<Uuid> = ids.filter(|id| wanted.iter().all(|member| member.id != *id)).collect();
            wanted.extend(more.into_iter().map(|id| NewTargetMember { kind, id, note: None }));
        }
    }
    let of =
        |kind| -> Vec<Uuid> { wanted.iter().filter(|member| member.kind == kind).map(|member| member.id).collect() };
    let mut known: HashMap<Uuid, (CandidateKind, String, String)> = HashMap::new();
    if let Some(sight) = leads_sight {
        let leads = store::leads_seen(tx.conn(), &of(CandidateKind::Lead), &sight).await?;
        known.extend(leads.into_iter().map(|lead| (lead.id.into(), (CandidateKind::Lead, lead.number, lead.name))));
    }
    if let Some(sight) = accounts_sight {
        let accounts = store::accounts_seen(tx.conn(), &of(CandidateKind::Account), &sight).await?;
        let entry = |account: crate::accounts::domain::Account| {
            (account.id.into(), (CandidateKind::Account, account.number, account.name))
        };
        known.extend(accounts.into_iter().map(entry));
    }
    let mut members = Vec::with_capacity(wanted.len());
    for (index, NewTargetMember { kind, id, note }) in wanted.into_iter().enumerate() {
        match known.get(&id) {
            Some((known, number, name)) if *known == kind => {
                let (number, name, note) = (number.clone(), name.clone(), note.map(wire::Label::into_string));
                members.push(TargetMember { kind, id, number, name, note });
            }
            // Out of the segment: it has changed hands since.
            _ if index >= by_name => {}
            _ => return Err(ApiError::field(format!("/members/{index}/id"), format!("there is no {kind} {id}"))),
        }
    }
    Ok(members)
}

/// Those of a list's members whom the caller may see: a list is a team's, leads and customers need not be.
pub async fn seen(conn: &mut Conn, caller: &Caller, mut members: Vec<TargetMember>) -> Result<Vec<TargetMember>> {
    let of =
        |kind| -> Vec<Uuid> { members.iter().filter(|member| member.kind == kind).map(|member| member.id).collect() };
    let (leads, accounts) = (of(CandidateKind::Lead), of(CandidateKind::Account));
    let mut known: HashSet<Uuid> = HashSet::new();
    if let Some(sight) = caller.sight("crm.lead.read") {
        known.extend(store::leads_seen(conn, &leads, &sight).await?.into_iter().map(|lead| lead.id.0));
    }
    if let Some(sight) = caller.sight("crm.account.read") {
        known.extend(store::accounts_seen(conn, &accounts, &sight).await?.into_iter().map(|account| account.id.0));
    }
    members.retain(|member| known.contains(&member.id));
    Ok(members)
}
