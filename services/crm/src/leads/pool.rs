//! Into the pool, out of it and past it (CRM-01): a lead, its holder's time with it, and the limits of its department together.
use super::domain::Lead;
use crate::{
    assignments,
    lead_pool::{
        self, Ending,
        domain::{Claimant, Idle, LeadPoolRule},
    },
};
use platform::{Conn, Result, Stamp, Tx, handover::Handed};
use wire::{Moment, Ownership, crm::PoolReason};

/// Leads of one department's limits a run of the job.
const BITE: i64 = 100;

/// Gives it to the department's pool.
pub async fn give_back(tx: &mut Tx, lead: Lead, code: PoolReason, reason: String) -> Result<Lead> {
    let change = lead.clone().pool(code, reason.clone())?;
    let (id, stamp) = (tx.id(), tx.stamp());
    let ending = Ending { code: Some(code), reason: &reason };
    lead_pool::end_holding(tx.conn(), id, &lead, lead.owner_id.as_deref(), ending, &stamp).await?;
    tx.save(change).await
}

/// Takes it out of the pool for whoever asks.
pub async fn claim(tx: &mut Tx, lead: Lead) -> Result<Lead> {
    let stamp = tx.stamp();
    // Of two claims of one person at once the second counts the first.
    tx.one_at_a_time(&format!("claims of {}", stamp.actor)).await?;
    let (limits, claimant) = asked(tx.conn(), &lead, &stamp).await?;
    let lead = tx.save(lead.claim(&limits, &claimant, &stamp)?).await?;
    // The program of before gives a lead back and leaves the time of whoever had it open.
    close(tx, &lead, "已易手 / it changed hands").await?;
    begin(tx, &lead, true).await?;
    Ok(lead)
}

/// Would its limits let this person take it out of the pool?
pub async fn may_claim(conn: &mut Conn, lead: &Lead, by: &Stamp) -> Result<()> {
    let (limits, claimant) = asked(conn, lead, by).await?;
    Ok(limits.admit(&claimant, by.at)?)
}

async fn asked(conn: &mut Conn, lead: &Lead, by: &Stamp) -> Result<(LeadPoolRule, Claimant)> {
    let limits = lead_pool::rule_of(conn, lead.department_id.as_deref()).await?;
    let claimant = lead_pool::claimant(conn, lead.id, &limits, by).await?;
    Ok((limits, claimant))
}

/// It went from one to another past the pool: the time of the one with it ends, whoever that is (the program of before leaves some
/// open), and that of the other begins.
pub async fn pass_on(tx: &mut Tx, lead: &Lead, before: &Ownership, why: &str) -> Result<()> {
    // A closed one is held by nobody, whosever it is.
    if lead.owner_id == before.owner_id || Lead::CLOSED.contains(&lead.status.as_str()) {
        return Ok(());
    }
    let (id, stamp) = (tx.id(), tx.stamp());
    let ending = Ending { code: None, reason: why };
    lead_pool::end_holding(tx.conn(), id, lead, before.owner_id.as_deref(), ending, &stamp).await?;
    begin(tx, lead, false).await
}

/// A handover has passed it on or given it back.
pub async fn handed(tx: &mut Tx, lead: &Lead, before: Ownership, why: &str) -> Result<()> {
    pass_on(tx, lead, &before, why).await?;
    assignments::keep_history(tx, lead, before, why).await
}

/// Whoever held it does so no more: it is closed, or goes to another.
pub async fn close(tx: &mut Tx, lead: &Lead, why: &str) -> Result<()> {
    let stamp = tx.stamp();
    lead_pool::close_holding(tx.conn(), lead.id, Ending { code: None, reason: why }, &stamp).await?;
    Ok(())
}

async fn begin(tx: &mut Tx, lead: &Lead, claimed: bool) -> Result<()> {
    let Some(holder) = lead.owner_id.clone() else { return Ok(()) };
    let (id, stamp) = (tx.id(), tx.stamp());
    Ok(lead_pool::begin_holding(tx.conn(), id, lead.id, (holder, claimed), &stamp).await?)
}

/// Warns holders of leads that they have not worked on for long, and gives back what they have not worked on for too long.
pub async fn return_idle(tx: &mut Tx, now: Moment) -> Result<()> {
    let rules = lead_pool::rules(tx.conn()).await?;
    let special: Vec<String> = rules.iter().filter_map(|rule| rule.department.clone()).collect();
    for rule in &rules {
        let whose = || rule.department.clone().map_or((false, special.clone()), |one| (true, vec![one]));
        let over = lead_pool::idle(tx.conn(), whose(), rule.over_before(now), false, BITE).await?;
        let due = match rule.due_before(now) {
            Some(before) => lead_pool::idle(tx.conn(), whose(), before, true, BITE).await?,
            None => Vec::new(),
        };
        if over.len().max(due.len()) == usize::try_from(BITE).unwrap_or(usize::MAX) {
            tx.again();
        }
        let mut ids = [over, due].concat();
        ids.sort_by_key(|id| id.0);
        ids.dedup();
        for id in ids {
            let lead: Lead = tx.load(id).await?;
            match rule.idle(lead.touched_at, now) {
                Idle::Over if lead.owner_id.is_some() => {
                    let reason = format!("{0} 天无人跟进 / nobody worked on it for {0} days", rule.idle_days);
                    give_back(tx, lead, PoolReason::Idle, reason).await?;
                }
                Idle::Due(at) if lead.warned_at.is_none() => {
                    let change = lead.warn_idle(at, &tx.stamp())?;
                    tx.save(change).await?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}
