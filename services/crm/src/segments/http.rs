//! `/api/crm/v1/segments`: parse, ask, answer.
use super::{
    domain::{Member, Segment},
    store,
};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Conn, Cx, Json, Machine, Reply, Result};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Moment, Page, PageQuery,
    crm::{self as dto, SegmentId, SegmentMemberQuery, SegmentSubject},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_segment)
        .service(list_segments)
        .service(get_segment)
        .service(list_segment_members)
        .service(update_segment)
        .service(activate_segment)
        .service(retire_segment);
}

/// Draft a segment: a rule over leads or customers.
#[utoipa::path(tag = "segment", responses((status = 201, description = "The draft", body = dto::Segment)))]
#[post("/segments")]
async fn create_segment(cx: Cx, body: Json<dto::NewSegment>) -> Reply<dto::Segment> {
    cx.command(StatusCode::CREATED, async |tx| {
        let change = Segment::draft(tx.id(), body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, None, cx.caller()))
    })
    .await
}

/// Segments, newest first.
#[utoipa::path(tag = "segment", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Segment>)))]
#[get("/segments")]
async fn list_segments(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Segment>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        let ids: Vec<SegmentId> = rows.iter().map(|row| row.id).collect();
        let sweeps = store::computed_at(conn, &ids).await?;
        let computed = |id| sweeps.iter().find(|(segment, _)| *segment == id).and_then(|(_, at)| *at);
        let show_one = |row: Segment| {
            let at = computed(row.id);
            show(row, at, cx.caller())
        };
        Ok(page.page(rows, |row| row.id.into(), show_one))
    })
    .await
}

/// One segment.
#[utoipa::path(tag = "segment", responses((status = 200, description = "The segment", body = dto::Segment)))]
#[get("/segments/{id}")]
async fn get_segment(cx: Cx, id: Path<SegmentId>) -> Reply<dto::Segment> {
    cx.read(async |conn| {
        let segment = cx.visible(*id, store::find(conn, *id).await?)?;
        let computed_at = computed(conn, &segment).await?;
        Ok(show(segment, computed_at, cx.caller()))
    })
    .await
}

/// Who belongs, the latest first, as far as the caller may see leads or customers.
#[utoipa::path(tag = "segment", params(SegmentMemberQuery), responses((status = 200, description = "A page", body = Page<dto::SegmentMember>)))]
#[get("/segments/{id}/members")]
async fn list_segment_members(
    cx: Cx,
    id: Path<SegmentId>,
    query: Query<SegmentMemberQuery>,
) -> Reply<Page<dto::SegmentMember>> {
    cx.read(async |conn| {
        let segment = cx.visible(*id, store::find(conn, *id).await?)?;
        let page = PageQuery { limit: query.limit, after: query.after, ..PageQuery::default() };
        let permission = match segment.subject {
            SegmentSubject::Lead => "crm.lead.read",
            SegmentSubject::Account => "crm.account.read",
        };
        let rows = match cx.caller().sight(permission) {
            Some(sight) => store::members_seen(conn, &segment, &sight, (page.after, page.fetch())).await?,
            None => Vec::new(),
        };
        Ok(page.page(rows, |row| row.id.into(), show_member))
    })
    .await
}

/// Change a segment; its rule only until it is activated.
#[utoipa::path(tag = "segment", responses((status = 200, description = "The segment", body = dto::Segment)))]
#[patch("/segments/{id}")]
async fn update_segment(cx: Cx, id: Path<SegmentId>, body: Json<dto::SegmentPatch>) -> Reply<dto::Segment> {
    cx.command(StatusCode::OK, async |tx| {
        let segment: Segment = tx.open(*id).await?;
        let computed_at = computed(tx.conn(), &segment).await?;
        Ok(show(tx.save(segment.update(body.0.clone())?).await?, computed_at, cx.caller()))
    })
    .await
}

/// Compute its members from now on, beginning with everybody that there is.
#[utoipa::path(tag = "segment", responses((status = 200, description = "Active", body = dto::Segment)))]
#[post("/segments/{id}/activate")]
async fn activate_segment(cx: Cx, id: Path<SegmentId>) -> Reply<dto::Segment> {
    cx.command(StatusCode::OK, async |tx| {
        let segment: Segment = tx.open(*id).await?;
        let change = segment.activate()?;
        let at = tx.stamp().at;
        store::begin_sweep(tx.conn(), change.after().id, at).await?;
        Ok(show(tx.save(change).await?, None, cx.caller()))
    })
    .await
}

/// Compute them no more; it keeps those that it has.
#[utoipa::path(tag = "segment", responses((status = 200, description = "Retired", body = dto::Segment)))]
#[post("/segments/{id}/retire")]
async fn retire_segment(cx: Cx, id: Path<SegmentId>) -> Reply<dto::Segment> {
    cx.command(StatusCode::OK, async |tx| {
        let segment: Segment = tx.open(*id).await?;
        let computed_at = computed(tx.conn(), &segment).await?;
        Ok(show(tx.save(segment.retire()?).await?, computed_at, cx.caller()))
    })
    .await
}

/// When the members were last computed.
async fn computed(conn: &mut Conn, segment: &Segment) -> Result<Option<Moment>> {
    let sweeps = store::computed_at(conn, &[segment.id]).await?;
    Ok(sweeps.into_iter().find_map(|(_, at)| at))
}

fn show_member(member: Member) -> dto::SegmentMember {
    let Member {
        id,
        segment_id: _,
        status: _,
        subject,
        subject_id,
        name,
        since,
        owner_id: _,
        team_id: _,
        department_id: _,
        version: _,
    } = member;
    dto::SegmentMember { id, subject, subject_id, name, since }
}

fn show(segment: Segment, computed_at: Option<Moment>, caller: &Caller) -> dto::Segment {
    let available_actions = segment.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let Segment { id, status, name, description, subject: _, rule, created_by, created_at, version } = segment;
    dto::Segment {
        id,
        status,
        name,
        description,
        rule: rule.0,
        created_by,
        created_at,
        version,
        computed_at,
        available_actions,
    }
}
