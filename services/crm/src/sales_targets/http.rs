//! `/api/crm/v1/sales-targets`: parse, ask, answer.
use super::{
    domain::{SalesTarget, SalesTargetRule},
    store,
};
use crate::{actions::refuse, figures, references};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Conn, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Ownership, Page, PageQuery,
    crm::{self as dto, SalesTargetId, SalesTargetStatus, SubjectKind},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_sales_target)
        .service(list_sales_targets)
        .service(get_sales_target)
        .service(get_sales_target_attainment)
        .service(update_sales_target)
        .service(approve_sales_target)
        .service(activate_sales_target)
        .service(close_sales_target);
}

/// Draft what somebody is to reach.
#[utoipa::path(tag = "sales_target", responses((status = 201, description = "The draft", body = dto::SalesTarget)))]
#[post("/sales-targets")]
async fn create_sales_target(cx: Cx, body: Json<dto::NewSalesTarget>) -> Reply<dto::SalesTarget> {
    cx.command(StatusCode::CREATED, async |tx| {
        let owner = owner(tx, body.0.subject_kind, body.0.subject.as_str()).await?;
        if !cx.sight().sees(Some(&owner)) {
            return Err(ApiError::field(
                "/subject",
                "it is not of those whose targets you set",
                "不在您可设定目标的范围内",
            ));
        }
        let number = tx.next_number("sales_target").await?;
        let change = SalesTarget::draft(tx.id(), number, body.0.clone(), owner, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Whose row a target is: the person's, or the team's and department's as a whole, as the directory knows them.
async fn owner(tx: &mut Tx, kind: SubjectKind, subject: &str) -> Result<Ownership> {
    match kind {
        SubjectKind::User => references::ownership_at(tx.conn(), "/subject", subject).await,
        SubjectKind::Team => references::team_at(tx.conn(), "/subject", subject).await,
        SubjectKind::Department => references::department_at(tx.conn(), "/subject", subject).await,
    }
}

/// Targets, newest first.
#[utoipa::path(tag = "sales_target", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::SalesTarget>)))]
#[get("/sales-targets")]
async fn list_sales_targets(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::SalesTarget>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One target; its actions also say where another one stands for the same period, which those of lists do not.
#[utoipa::path(tag = "sales_target", responses((status = 200, description = "The target", body = dto::SalesTarget)))]
#[get("/sales-targets/{id}")]
async fn get_sales_target(cx: Cx, id: Path<SalesTargetId>) -> Reply<dto::SalesTarget> {
    cx.read(async |conn| {
        let target = cx.visible(*id, store::find(conn, *id).await?)?;
        let alone = match target.status {
            SalesTargetStatus::Draft => stands_alone(conn, &target).await,
            _ => Ok(()),
        };
        let mut shown = show(target, cx.caller());
        refuse(&mut shown.available_actions, "approve", cx.caller(), alone)?;
        Ok(shown)
    })
    .await
}

/// How far it is, counted now; of a closed one, how far it came.
#[utoipa::path(tag = "sales_target", responses((status = 200, description = "How far it is", body = dto::Attainment)))]
#[get("/sales-targets/{id}/attainment")]
async fn get_sales_target_attainment(cx: Cx, id: Path<SalesTargetId>) -> Reply<dto::Attainment> {
    cx.read(async |conn| {
        let target = cx.visible(*id, store::find(conn, *id).await?)?;
        let attained = figures::attained(conn, &target).await?;
        Ok(target.attainment(attained, cx.app().clock.now()))
    })
    .await
}

/// Change a draft.
#[utoipa::path(tag = "sales_target", responses((status = 200, description = "The draft", body = dto::SalesTarget)))]
#[patch("/sales-targets/{id}")]
async fn update_sales_target(
    cx: Cx,
    id: Path<SalesTargetId>,
    body: Json<dto::SalesTargetPatch>,
) -> Reply<dto::SalesTarget> {
    cx.command(StatusCode::OK, async |tx| {
        let target: SalesTarget = tx.open(*id).await?;
        Ok(show(tx.save(target.update(body.0.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Let it stand; by another than whoever drafted or changed it or is to reach it, and one of a kind for a period.
#[utoipa::path(tag = "sales_target", responses((status = 200, description = "Approved", body = dto::SalesTarget)))]
#[post("/sales-targets/{id}/approve")]
async fn approve_sales_target(cx: Cx, id: Path<SalesTargetId>) -> Reply<dto::SalesTarget> {
    cx.command(StatusCode::OK, async |tx| {
        let target: SalesTarget = tx.open(*id).await?;
        let change = target.clone().approve(&tx.stamp())?;
        tx.one_at_a_time(&format!("sales_target:{}:{}", target.subject, target.period)).await?;
        stands_alone(tx.conn(), &target).await?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// One of a kind for a period.
async fn stands_alone(conn: &mut Conn, target: &SalesTarget) -> Result<()> {
    let others = store::of_subject(conn, (target.subject_kind, &target.subject), &target.period).await?;
    let standing = others.into_iter().find(|other| {
        other.status != SalesTargetStatus::Closed && (other.metric, other.currency) == (target.metric, target.currency)
    });
    standing.map_or(Ok(()), |other| Err(SalesTargetRule::Standing { number: other.number }.into()))
}

/// Begin with it.
#[utoipa::path(tag = "sales_target", responses((status = 200, description = "Active", body = dto::SalesTarget)))]
#[post("/sales-targets/{id}/activate")]
async fn activate_sales_target(cx: Cx, id: Path<SalesTargetId>) -> Reply<dto::SalesTarget> {
    cx.command(StatusCode::OK, async |tx| {
        let target: SalesTarget = tx.open(*id).await?;
        Ok(show(tx.save(target.activate()?).await?, cx.caller()))
    })
    .await
}

/// It is over: what was reached is counted and kept.
#[utoipa::path(tag = "sales_target", responses((status = 200, description = "Closed", body = dto::SalesTarget)))]
#[post("/sales-targets/{id}/close")]
async fn close_sales_target(cx: Cx, id: Path<SalesTargetId>) -> Reply<dto::SalesTarget> {
    cx.command(StatusCode::OK, async |tx| {
        let target: SalesTarget = tx.open(*id).await?;
        target.may("close")?;
        let attained = figures::attained(tx.conn(), &target).await?;
        Ok(show(tx.save(target.close(attained)?).await?, cx.caller()))
    })
    .await
}

fn show(target: SalesTarget, caller: &Caller) -> dto::SalesTarget {
    let available_actions = target.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let SalesTarget {
        id,
        number,
        status,
        metric,
        period,
        subject_kind,
        subject,
        value,
        currency,
        attained,
        created_by,
        makers: _,
        approved_by,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = target;
    dto::SalesTarget {
        id,
        number,
        status,
        metric,
        period,
        subject_kind,
        subject,
        value,
        currency,
        attained,
        created_by,
        approved_by,
        created_at,
        version,
        available_actions,
    }
}
