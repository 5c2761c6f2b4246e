//! The only SQL of segments.
use super::domain::{Candidate, Member, Segment};
use crate::{
    accounts::domain::Account,
    leads::domain::Lead,
    schema::{accounts, leads, segment_members, segment_sweeps, segments},
};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, StoreAll, page, rows, scoped};
use uuid::Uuid;
use wire::{
    Moment, PageQuery,
    crm::{AccountId, LeadId, SegmentId, SegmentMemberId, SegmentSubject},
};

platform::store!(Segment, segments);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<Segment>> {
    page!(Segment, segments, query, all; status = query.status).load(conn).await
}

/// The active ones over leads or over customers: a company has few.
pub async fn active(conn: &mut Conn, subject: SegmentSubject) -> QueryResult<Vec<Segment>> {
    let active = segments::table.filter(segments::status.eq("active")).filter(segments::subject.eq(subject));
    active.order(segments::id).select(Segment::as_select()).load(conn).await
}

/// Members.
pub mod members {
    use super::{
        Conn, ExpressionMethods, Member, QueryDsl, QueryResult, RunQueryDsl, SegmentId, SelectableHelper, StoreAll,
        Uuid, rows, segment_members,
    };

    platform::store!(Member, segment_members);

    impl StoreAll for Member {
        async fn insert_all(conn: &Conn, members: &[&Self]) -> QueryResult<()> {
            rows::insert(conn, "segment_members", members).await
        }
    }

    /// These subjects of these segments, members or not any more.
    pub async fn of(conn: &mut Conn, segments: &[SegmentId], subjects: &[Uuid]) -> QueryResult<Vec<Member>> {
        let rows = segment_members::table.filter(segment_members::segment_id.eq_any(segments));
        rows.filter(segment_members::subject_id.eq_any(subjects)).select(Member::as_select()).load(conn).await
    }
}

/// Members whose lead or customer a caller may see now. Not by the member's own row: that is as old as the last look, and of a
/// retired segment nobody looks any more.
macro_rules! seen {
    ($subjects:ident, $segment:expr, $sight:expr) => {{
        let same = $subjects::id.eq(segment_members::subject_id);
        let rows = segment_members::table.inner_join($subjects::table.on(same));
        let rows = rows.filter(segment_members::segment_id.eq($segment.id));
        let rows = rows.filter(segment_members::status.eq("member")).into_boxed::<Pg>();
        scoped!(rows, $subjects, $sight)
    }};
}

/// A page of the members whom a caller may see, the latest first.
pub async fn members_seen(
    conn: &mut Conn,
    segment: &Segment,
    sight: &Sight,
    (after, limit): (Option<Uuid>, i64),
) -> QueryResult<Vec<Member>> {
    let before = segment_members::id.lt(SegmentMemberId(after.unwrap_or(Uuid::max())));
    let (newest, whole) = (segment_members::id.desc(), Member::as_select());
    match segment.subject {
        SegmentSubject::Lead => {
            seen!(leads, segment, sight).filter(before).order(newest).limit(limit).select(whole).load(conn).await
        }
        SegmentSubject::Account => {
            seen!(accounts, segment, sight).filter(before).order(newest).limit(limit).select(whole).load(conn).await
        }
    }
}

/// How many these are.
pub async fn count_seen(conn: &mut Conn, segment: &Segment, sight: &Sight) -> QueryResult<i64> {
    match segment.subject {
        SegmentSubject::Lead => seen!(leads, segment, sight).count().get_result(conn).await,
        SegmentSubject::Account => seen!(accounts, segment, sight).count().get_result(conn).await,
    }
}

/// A look at everybody begins.
pub async fn begin_sweep(conn: &mut Conn, segment: SegmentId, at: Moment) -> QueryResult<()> {
    let begun = (
        segment_sweeps::segment_id.eq(segment),
        segment_sweeps::after_id.eq(None::<Uuid>),
        segment_sweeps::begun_at.eq(at),
        segment_sweeps::finished_at.eq(None::<Moment>),
    );
    diesel::insert_into(segment_sweeps::table).values(begun).execute(conn).await.map(drop)
}

/// It has come so far, or to its end. The next one begins where nothing is left off.
pub async fn swept(
    conn: &mut Conn,
    segment: SegmentId,
    after: Option<Uuid>,
    finished_at: Option<Moment>,
) -> QueryResult<()> {
    let far = (segment_sweeps::after_id.eq(after), segment_sweeps::finished_at.eq(finished_at));
    Steady(diesel::update(segment_sweeps::table.find(segment)).set(far)).execute(conn).await.map(drop)
}

/// An active segment whose look at everybody is under way, or ended before `since`; with how far it has come.
pub async fn to_sweep(conn: &mut Conn, since: Moment) -> QueryResult<Option<(Segment, Option<Uuid>)>> {
    let due = segment_sweeps::finished_at.is_null().or(segment_sweeps::finished_at.lt(since));
    let rows = segments::table.inner_join(segment_sweeps::table.on(segment_sweeps::segment_id.eq(segments::id)));
    let rows = rows.filter(segments::status.eq("active")).filter(due).order(segments::id);
    rows.select((Segment::as_select(), segment_sweeps::after_id)).first(conn).await.optional()
}

/// When the last look at everybody ended.
pub async fn computed_at(conn: &mut Conn, ids: &[SegmentId]) -> QueryResult<Vec<(SegmentId, Option<Moment>)>> {
    let sweeps = segment_sweeps::table.filter(segment_sweeps::segment_id.eq_any(ids));
    sweeps.select((segment_sweeps::segment_id, segment_sweeps::finished_at)).load(conn).await
}

/// One lead or customer, as it stands.
pub async fn candidate(conn: &mut Conn, subject: SegmentSubject, id: Uuid) -> QueryResult<Option<Candidate>> {
    Ok(match subject {
        SegmentSubject::Lead => crate::leads::find(conn, LeadId(id)).await?.map(Candidate::from),
        SegmentSubject::Account => crate::accounts::find(conn, AccountId(id)).await?.map(Candidate::from),
    })
}

/// Some hundred leads or customers in the order of their ids.
pub async fn candidates(
    conn: &mut Conn,
    subject: SegmentSubject,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Candidate>> {
    let after = after.unwrap_or_default();
    match subject {
        SegmentSubject::Lead => {
            let rows = leads::table.filter(leads::id.gt(LeadId(after))).order(leads::id).limit(limit);
            let rows: Vec<Lead> = rows.select(Lead::as_select()).load(conn).await?;
            Ok(rows.into_iter().map(Candidate::from).collect())
        }
        SegmentSubject::Account => {
            let rows = accounts::table.filter(accounts::id.gt(AccountId(after))).order(accounts::id).limit(limit);
            let rows: Vec<Account> = rows.select(Account::as_select()).load(conn).await?;
            Ok(rows.into_iter().map(Candidate::from).collect())
        }
    }
}
