//! What segments hear, and what time does to them. No SQL.
use super::{domain::Candidate, members::settle, store};
use crate::{accounts, leads};
use jiff::ToSpan;
use platform::{Result, Subscriptions, Tx};
use wire::{
    CloudEvent, Event, Moment,
    crm::{
        AccountCreated, AccountId, AccountUpdated, LeadClaimed, LeadConverted, LeadCreated, LeadDisqualified,
        LeadDuplicateDetected, LeadId, LeadPooled, LeadScored, LeadScreened, LeadUpdated, SegmentSubject,
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
    ];
    on.on_every("segment-lead", leads, follow_lead);
    on.on_every("segment-account", [AccountCreated::TYPE, AccountUpdated::TYPE], follow_account);
}

async fn follow_lead(tx: &mut Tx, event: CloudEvent) -> Result<()> {
    let lead = leads::find(tx.conn(), LeadId(event.subject)).await?;
    follow(tx, SegmentSubject::Lead, lead.map(Candidate::from)).await
}

async fn follow_account(tx: &mut Tx, event: CloudEvent) -> Result<()> {
    let account = accounts::find(tx.conn(), AccountId(event.subject)).await?;
    follow(tx, SegmentSubject::Account, account.map(Candidate::from)).await
}

async fn follow(tx: &mut Tx, subject: SegmentSubject, candidate: Option<Candidate>) -> Result<()> {
    let Some(candidate) = candidate else { return Ok(()) };
    for segment in store::active(tx.conn(), subject).await? {
        settle(tx, &segment, std::slice::from_ref(&candidate)).await?;
    }
    Ok(())
}

/// Looks at everybody, some hundred at a time: after a segment was activated, and once a day, for what no fact has told.
pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<()> {
    let since = Moment::new(now.timestamp().saturating_sub(AGAIN_HOURS.hours()).unwrap_or(now.timestamp()));
    let Some((segment, after)) = store::to_sweep(tx.conn(), since).await? else { return Ok(()) };
    let candidates = store::candidates(tx.conn(), segment.subject, after, BATCH).await?;
    settle(tx, &segment, &candidates).await?;
    match candidates.last().filter(|_| i64::try_from(candidates.len()).is_ok_and(|count| count == BATCH)) {
        Some(last) => store::swept(tx.conn(), segment.id, Some(last.id), None).await?,
        None => store::swept(tx.conn(), segment.id, None, Some(now)).await?,
    }
    // Others may wait, and this one may have more.
    tx.again();
    Ok(())
}
