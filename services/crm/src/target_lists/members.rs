//! Whom a request puts on a list: named ones, and the members of a segment; of both only those whom the caller may see.
use super::{
    domain::{MOST_MEMBERS, TargetListRule},
    store,
};
use crate::segments::{
    self,
    domain::{Candidate, Segment},
};
use platform::{ApiError, Caller, Conn, Result, Sight, Tx};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wire::crm::{CandidateKind, NewTargetMember, SegmentId, SegmentStatus, SegmentSubject, TargetMember};

/// Somebody who could stand on it.
struct Known {
    kind: CandidateKind,
    number: String,
    name: String,
    /// Does the segment's rule fit, as they stand now?
    fits: bool,
}

/// As they stand on the list; 422 at the first one that is not there, or not for this caller, and where the segment has more of
/// them than a list holds: which of them to leave out is for whoever makes the list to say.
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
    let segment = match segment {
        Some(id) => {
            let unknown = || ApiError::absent("/segment_id", "segment", id);
            Some(segments::find(tx.conn(), id).await?.ok_or_else(unknown)?)
        }
        None => None,
    };
    if let Some(segment) = &segment {
        let (kind, sight) = match segment.subject {
            SegmentSubject::Lead => (CandidateKind::Lead, &leads_sight),
            SegmentSubject::Account => (CandidateKind::Account, &accounts_sight),
        };
        let ids = match sight {
            Some(sight) => out_of(tx, segment, sight).await?,
            None => Vec::new(),
        };
        let more: Vec<Uuid> = ids.into_iter().filter(|id| wanted.iter().all(|member| member.id != *id)).collect();
        wanted.extend(more.into_iter().map(|id| NewTargetMember { kind, id, note: None }));
    }
    let of =
        |kind| -> Vec<Uuid> { wanted.iter().filter(|member| member.kind == kind).map(|member| member.id).collect() };
    let fits = |candidate: Candidate| segment.as_ref().is_some_and(|segment| segment.fits(&candidate));
    let mut known: HashMap<Uuid, Known> = HashMap::new();
    if let Some(sight) = leads_sight {
        let leads = store::leads_seen(tx.conn(), &of(CandidateKind::Lead), &sight).await?;
        known.extend(leads.into_iter().map(|lead| {
            let (kind, number, name) = (CandidateKind::Lead, lead.number.clone(), lead.name.clone());
            (lead.id.into(), Known { kind, number, name, fits: fits(lead.into()) })
        }));
    }
    if let Some(sight) = accounts_sight {
        let accounts = store::accounts_seen(tx.conn(), &of(CandidateKind::Account), &sight).await?;
        known.extend(accounts.into_iter().map(|account| {
            let (kind, number, name) = (CandidateKind::Account, account.number.clone(), account.name.clone());
            (account.id.into(), Known { kind, number, name, fits: fits(account.into()) })
        }));
    }
    let mut members = Vec::with_capacity(wanted.len());
    for (index, NewTargetMember { kind, id, note }) in wanted.into_iter().enumerate() {
        match known.get(&id) {
            Some(known) if known.kind == kind && (index < by_name || known.fits) => {
                let (number, name, note) =
                    (known.number.clone(), known.name.clone(), note.map(wire::Label::into_string));
                members.push(TargetMember { kind, id, number, name, note });
            }
            // Out of the segment: it has changed, or changed hands, since that was computed.
            _ if index >= by_name => {}
            _ => return Err(ApiError::absent(format!("/members/{index}/id"), kind.as_str(), id)),
        }
    }
    Ok(members)
}

/// The members of a segment whom a caller may see. All of them: a list is never silently shorter than its segment.
async fn out_of(tx: &mut Tx, segment: &Segment, sight: &Sight) -> Result<Vec<Uuid>> {
    if segment.status != SegmentStatus::Active {
        return Err(TargetListRule::Segment { status: segment.status }.into());
    }
    let count = segments::count_seen(tx.conn(), segment, sight).await?;
    let most = i64::try_from(MOST_MEMBERS).unwrap_or(i64::MAX);
    if count > most {
        return Err(TargetListRule::SegmentMembers { count }.into());
    }
    let members = segments::members_seen(tx.conn(), segment, sight, (None, most)).await?;
    Ok(members.into_iter().map(|member| member.subject_id).collect())
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
