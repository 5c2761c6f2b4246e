//! Who comes into a segment and who leaves it: the step that both the facts and the daily look take.
use super::{
    domain::{Candidate, Member, Segment},
    store::members,
};
use platform::{Result, Tx};
use std::collections::HashMap;
use uuid::Uuid;
use wire::crm::SegmentId;

/// Whoever settles members waits for it before anything is read: a fact and the daily look may come together, and of two who
/// settle the same lead the second must see it, and what the first has done, as they stand then. One turn for all members, because
/// facts of several leads share a transaction in the order in which they came: turns of their own would be taken in any order.
pub async fn one_at_a_time(tx: &mut Tx) -> Result<()> {
    tx.one_at_a_time("segment members").await
}

/// Holds some candidates against some segments. Rows are locked only where something changes.
pub async fn settle(tx: &mut Tx, segments: &[Segment], candidates: &[Candidate]) -> Result<()> {
    let subjects: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
    let ids: Vec<SegmentId> = segments.iter().map(|segment| segment.id).collect();
    let known = members::of(tx.conn(), &ids, &subjects).await?;
    let key = |member: Member| ((member.segment_id, member.subject_id), member);
    let mut known: HashMap<(SegmentId, Uuid), Member> = known.into_iter().map(key).collect();
    let at = tx.stamp().at;
    let mut new = Vec::new();
    for segment in segments {
        for candidate in candidates {
            let fits = segment.fits(candidate);
            match known.remove(&(segment.id, candidate.id)) {
                Some(member) if member.clone().follow(candidate, fits, at).is_some() => {
                    let member: Member = tx.load(member.id).await?;
                    if let Some(change) = member.follow(candidate, fits, at) {
                        tx.save(change).await?;
                    }
                }
                None if fits => new.push(Member::join(tx.id(), segment.id, candidate, at)),
                _ => {}
            }
        }
    }
    tx.create_all(new).await.map(drop)
}
