//! What segments hear, and what time does to them. No SQL.
use super::{
    members::{one_at_a_time, settle},
    store,
};
use jiff::ToSpan;
use platform::{Result, Subscriptions, Tx};
use uuid::Uuid;
use wire::{
    CloudEvent, Event, Moment,
    crm::{
        AccountCreated, AccountUpdated, AssignmentChanged, AssignmentTarget, LeadClaimed, LeadConverted, LeadCreated,
        LeadDisqualified, LeadDuplicateDetected, LeadMerged, LeadPooled, LeadScored, LeadScreened, LeadUpdated,
        SegmentSubject,
    },
};

/// Leads and customers that are looked at in one transaction.
const BATCH: i64 = 200;
/// Everybody is looked at once more after so many hours.
const AGAIN_HOURS: i64 = 24;

/// Whatever may change who belongs.
pub fn consumers(on: &mut Subscriptions) {
    let leads = [
        LeadCreated::TYPE,
        LeadUpdated::TYPE,
        LeadDuplicateDetected::TYPE,
        LeadScreened::TYPE,
        LeadScored::TYPE,
        LeadPooled::TYPE,
        LeadClaimed::TYPE,
        LeadConverted::TYPE,
        LeadDisqualified::TYPE,
        LeadMerged::TYPE,
    ];
    on.on_every("segment-lead", leads, follow_lead);
    on.on_every("segment-account", [AccountCreated::TYPE, AccountUpdated::TYPE], follow_account);
    on.on::<AssignmentChanged>("segment-owner", follow_owner);
}

async fn follow_lead(tx: &mut Tx, event: CloudEvent) -> Result<()> {
    follow(tx, SegmentSubject::Lead, event.subject).await
}

async fn follow_account(tx: &mut Tx, event: CloudEvent) -> Result<()> {
    follow(tx, SegmentSubject::Account, event.subject).await
}

/// Another owner sees them from now on: handed over, given, or given back.
async fn follow_owner(tx: &mut Tx, event: AssignmentChanged) -> Result<()> {
    match event.target {
        AssignmentTarget::Lead => follow(tx, SegmentSubject::Lead, event.target_id).await,
        AssignmentTarget::Account => follow(tx, SegmentSubject::Account, event.target_id).await,
        AssignmentTarget::Opportunity => Ok(()),
    }
}

async fn follow(tx: &mut Tx, subject: SegmentSubject, id: Uuid) -> Result<()> {
    // Where there is no segment to come into, nobody waits for anybody.
    if store::active(tx.conn(), subject).await?.is_empty() {
        return Ok(());
    }
    one_at_a_time(tx).await?;
    let segments = store::active(tx.conn(), subject).await?;
    let candidate = store::candidate(tx.conn(), subject, id).await?;
    settle(tx, &segments, candidate.as_slice()).await
}

/// Looks at everybody, some hundred at a time: after a segment was activated, and once a day, for what no fact has told.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<()> {
    let since = Moment::new(now.timestamp().saturating_sub(AGAIN_HOURS.hours()).unwrap_or(now.timestamp()));
    if store::to_sweep(tx.conn(), since).await?.is_none() {
        return Ok(());
    }
    one_at_a_time(tx).await?;
    let Some((segment, after)) = store::to_sweep(tx.conn(), since).await? else { return Ok(()) };
    let candidates = store::candidates(tx.conn(), segment.subject, after, BATCH).await?;
    settle(tx, std::slice::from_ref(&segment), &candidates).await?;
    match candidates.last().filter(|_| i64::try_from(candidates.len()).is_ok_and(|count| count == BATCH)) {
        Some(last) => store::swept(tx.conn(), segment.id, Some(last.id), None).await?,
        None => store::swept(tx.conn(), segment.id, None, Some(now)).await?,
    }
    // Others may wait, and this one may have more.
    tx.again();
    Ok(())
}
