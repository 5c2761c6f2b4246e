//! How meetings are called: who is asked to come, and what time does to a series. No SQL.
use super::{
    domain::{Meeting, People},
    store,
};
use crate::{
    links,
    users::{self, domain::User},
};
use platform::{Caller, Result, Tx};
use wire::{
    Moment,
    crm::{MeetingKind, NewMeeting},
};

/// Calls a meeting, or the first one of a series.
pub async fn call(tx: &mut Tx, caller: &Caller, new: NewMeeting) -> Result<Meeting> {
    let linked = links::linked(tx, caller, new.link.as_ref()).await?;
    let chair = users::find_active(tx.conn(), new.chair.as_str()).await?;
    let invited = if let Some(department) = &new.department {
        users::of_department(tx.conn(), Some(department.as_str())).await?
    } else {
        let names: Vec<&str> = new.members.iter().map(wire::Reference::as_str).collect();
        users::named(tx.conn(), &names).await?
    };
    let number = tx.next_number("meeting").await?;
    let people = People { chair: chair.as_ref(), called: &invited };
    let change = Meeting::call(tx.id(), number, new, people, &linked, &tx.stamp())?;
    tx.create(change).await
}

/// Calls the next meeting of each series whose last one has begun, a hundred at a time.
pub async fn call_next(tx: &mut Tx, now: Moment) -> Result<()> {
    let stamp = tx.stamp();
    let due = store::to_follow(tx.conn(), now).await?;
    for id in &due {
        let meeting: Meeting = tx.load(*id).await?;
        if meeting.next_starts_at.is_none() {
            continue;
        }
        let here = people(tx, &meeting).await?;
        let number = tx.next_number("meeting").await?;
        if let Some(change) = meeting.follow(tx.id(), number, &here, &stamp)? {
            tx.create(change).await?;
        }
        tx.save(meeting.followed()).await?;
    }
    if !due.is_empty() {
        tx.again();
    }
    Ok(())
}

/// A series ends with this one, also where the job has called those after it already. While this waits for one that the job holds, a
/// further one is called: they are looked for until there are none. An ended one is not found again and nothing follows it, so that the
/// looking ends.
pub async fn end_series(tx: &mut Tx, last: &Meeting) -> Result<()> {
    let (Some(series), stamp) = (last.series_id, tx.stamp()) else { return Ok(()) };
    loop {
        let all = store::later_of(tx.conn(), series, last.starts_at).await?;
        if all.is_empty() {
            return Ok(());
        }
        for id in all {
            let later: Meeting = tx.load(id).await?;
            let change = later.end_series(last.reason.clone().unwrap_or_default(), &stamp);
            tx.save(change).await?;
        }
    }
}

/// Those of a meeting who work here now, the chair first; of a department's also who has joined it since.
async fn people(tx: &mut Tx, meeting: &Meeting) -> Result<Vec<User>> {
    let names: Vec<&str> = meeting.members.0.iter().map(|member| member.reference.as_str()).collect();
    let mut here = users::named(tx.conn(), &names).await?;
    if meeting.kind == MeetingKind::Department {
        here.retain(|person| person.reference == meeting.chair);
        here.extend(users::of_department(tx.conn(), meeting.department_id.as_deref()).await?);
    }
    here.sort_by_key(|person| (person.reference != meeting.chair, person.reference.clone()));
    here.dedup_by(|one, other| one.reference == other.reference);
    Ok(here)
}
