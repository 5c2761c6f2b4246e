//! Who comes into a segment and who leaves it: the step that both the facts and the daily look take.
use super::{
    domain::{Candidate, Member, Segment},
    store::members,
};
use platform::{Result, Tx};
use std::collections::HashMap;
use uuid::Uuid;

/// Holds some candidates against a segment. Rows are looked at first and locked only where something changes.
pub async fn settle(tx: &mut Tx, segment: &Segment, candidates: &[Candidate]) -> Result<()> {
    let ids: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
    let known = members::of(tx.conn(), segment.id, &ids).await?;
    let mut known: HashMap<Uuid, Member> = known.into_iter().map(|member| (member.subject_id, member)).collect();
    let at = tx.stamp().at;
    for candidate in candidates {
        let fits = segment.fits(candidate);
        let nothing = match known.remove(&candidate.id) {
            Some(member) => member.follow(candidate, fits, at).is_none(),
            None => !fits,
        };
        if nothing {
            continue;
        }
        // A fact and the daily look may come together: the second sees what the first has done.
        tx.one_at_a_time(&format!("segment_member:{}:{}", segment.id, candidate.id)).await?;
        let now = members::of(tx.conn(), segment.id, &[candidate.id]).await?;
        match now.into_iter().next() {
            Some(member) => {
                let member: Member = tx.load(member.id).await?;
                if let Some(change) = member.follow(candidate, fits, at) {
                    tx.save(change).await?;
                }
            }
            None => drop(tx.create(Member::join(tx.id(), segment.id, candidate, at)).await?),
        }
    }
    Ok(())
}
