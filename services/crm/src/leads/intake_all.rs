//! How many leads come in together (CRM-07): to the same end as one after the other by [`take_in`], with as many statements as for
//! one. Only plain ones are made together: whatever meets something that is known, or another one of them, goes by itself. It
//! refuses to know what they come from.
use super::{domain::Lead, intake::Duplicate, store, take_in};
use crate::{
    accounts,
    lead_sources::{self, domain::LeadSource},
    names::{name_key, phone_key},
};
use platform::{Entity, Result, Sight, Tx};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use wire::{
    CaseId, ExternalRef,
    crm::{AccountId, LeadCandidate, NewLead, OnDuplicate},
};

/// What became of each, in their order. An error of one leaves nothing of it behind; an error of all of them leaves it to the
/// caller to undo what was done so far.
pub async fn take_in_all(tx: &mut Tx, news: Vec<NewLead>, sight: &Sight) -> Result<Vec<Result<Lead>>> {
    let known = Known::ask(tx, &news).await?;
    let (mut met, mut plain) = (Met::default(), Vec::new());
    let mut done: Vec<Option<Result<Lead>>> = news.iter().map(|_| None).collect();
    for (place, new) in news.into_iter().enumerate() {
        if let Err(error) = known.check_source(tx, &new) {
            done[place] = Some(Err(error));
            continue;
        }
        let candidates = known.candidates.get(&place).map(Vec::as_slice).unwrap_or_default();
        let (double, strange_refs) = (met.agrees(&new), known.binds(&new) || met.binds(&new));
        let by_itself = match new.on_duplicate {
            _ if strange_refs || new.external_refs.len() > 20 => true,
            // Met is also what was refused: only a look tells whether this one is known.
            OnDuplicate::Create => double,
            OnDuplicate::Refuse if !double && !candidates.is_empty() => {
                done[place] = Some(Err(Duplicate { candidates: candidates.to_vec() }.into()));
                continue;
            }
            _ => double || !candidates.is_empty(),
        };
        met.note(&new);
        if !by_itself {
            plain.push((place, new, !candidates.is_empty()));
            continue;
        }
        make(tx, &mut plain, &mut done).await?;
        let part = tx.part().await?;
        let outcome = take_in(tx, new, sight).await;
        if outcome.is_ok() {
            tx.keep(part).await?;
        } else {
            tx.undo(part).await?;
        }
        done[place] = Some(outcome);
    }
    make(tx, &mut plain, &mut done).await?;
    Ok(done.into_iter().flatten().collect())
}

/// Makes those that are plain; the third of each says whether it is known and comes in nevertheless.
async fn make(tx: &mut Tx, plain: &mut Vec<(usize, NewLead, bool)>, done: &mut [Option<Result<Lead>>]) -> Result<()> {
    if plain.is_empty() {
        return Ok(());
    }
    let (numbers, stamp) = (tx.next_numbers("lead", plain.len()).await?, tx.stamp());
    let (mut places, mut changes) = (Vec::with_capacity(plain.len()), Vec::with_capacity(plain.len()));
    for ((place, new, known), number) in std::mem::take(plain).into_iter().zip(numbers) {
        places.push(place);
        changes.push(Lead::open(tx.id(), number, tx.id::<CaseId>(), new, None, known, &stamp)?);
    }
    let leads = tx.create_all(changes).await?;
    let refs = leads.iter().flat_map(|lead| lead.external_refs.0.iter().map(move |one| (Uuid::from(lead.id), one)));
    tx.bind_new_refs(Lead::KIND, &refs.collect::<Vec<_>>()).await?;
    for (place, lead) in places.into_iter().zip(leads) {
        done[place] = Some(Ok(lead));
    }
    Ok(())
}

/// What the database says of all of them, asked once.
struct Known {
    sources: HashMap<String, LeadSource>,
    referrers: HashSet<AccountId>,
    candidates: HashMap<usize, Vec<LeadCandidate>>,
    refs: HashSet<(String, String)>,
}

impl Known {
    async fn ask(tx: &mut Tx, news: &[NewLead]) -> Result<Self> {
        let sources = lead_sources::list(tx.conn()).await?;
        let referrers: Vec<AccountId> = news.iter().filter_map(|new| new.referrer_account_id).collect();
        let referrers =
            if referrers.is_empty() { Vec::new() } else { accounts::existing(tx.conn(), &referrers).await? };
        let refs: Vec<ExternalRef> = news.iter().flat_map(|new| new.external_refs.clone()).collect();
        let refs = if refs.is_empty() { refs } else { tx.bound_refs(Lead::KIND, &refs).await? };
        // Two reports of one company can't both be the first.
        tx.one_at_a_time_each(news.iter().map(|new| format!("lead:{}", name_key(new.name.as_str())))).await?;
        Ok(Self {
            sources: sources.into_iter().map(|source| (source.code.clone(), source)).collect(),
            referrers: referrers.into_iter().collect(),
            candidates: store::candidates_of_all(tx.conn(), news).await?,
            refs: refs.into_iter().map(pair).collect(),
        })
    }
    fn check_source(&self, tx: &Tx, new: &NewLead) -> Result<()> {
        let source = self.sources.get(new.source.as_str());
        let referrer = new.referrer_account_id.map(|id| (id, self.referrers.contains(&id)));
        lead_sources::check(source, new.source.as_str(), referrer, tx.stamp().today())
    }
    fn binds(&self, new: &NewLead) -> bool {
        !self.refs.is_empty() && new.external_refs.iter().cloned().map(pair).any(|one| self.refs.contains(&one))
    }
}

/// What those before had that a later one may agree with: what they made, or what they may have added to one that was known.
#[derive(Default)]
struct Met {
    names: HashSet<String>,
    phones: HashSet<String>,
    emails: HashSet<String>,
    refs: HashSet<(String, String)>,
}

impl Met {
    fn note(&mut self, new: &NewLead) {
        let (name, phone, email) = keys(new);
        self.names.insert(name);
        self.phones.extend(phone);
        self.emails.extend(email);
        self.refs.extend(new.external_refs.iter().cloned().map(pair));
    }
    fn agrees(&self, new: &NewLead) -> bool {
        let (name, phone, email) = keys(new);
        self.names.contains(&name)
            || phone.is_some_and(|phone| self.phones.contains(&phone))
            || email.is_some_and(|email| self.emails.contains(&email))
    }
    fn binds(&self, new: &NewLead) -> bool {
        new.external_refs.iter().cloned().map(pair).any(|one| self.refs.contains(&one))
    }
}

/// Name, phone and e-mail as they are compared.
fn keys(new: &NewLead) -> (String, Option<String>, Option<String>) {
    let phone = new.contact_phone.as_ref().and_then(|phone| phone_key(phone.as_str()));
    (name_key(new.name.as_str()), phone, new.contact_email.as_ref().map(|email| email.as_str().to_lowercase()))
}

fn pair(reference: ExternalRef) -> (String, String) {
    (reference.system.into_string(), reference.id.into_string())
}
