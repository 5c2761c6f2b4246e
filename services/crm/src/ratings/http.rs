//! `/api/crm/v1/ratings`: parse, ask, answer.
use super::{
    domain::{Rater, Rating},
    store,
};
use crate::references;
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Reply, Sight};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, PersonRatingId, PersonRatingQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_rating).service(list_ratings).service(get_rating).service(update_rating);
}

/// Rate a colleague, with the reason: skill by their manager, teamwork by anyone.
#[utoipa::path(tag = "rating", responses((status = 201, description = "The rating", body = dto::PersonRating)))]
#[post("/ratings")]
async fn create_rating(cx: Cx, body: Json<dto::NewPersonRating>) -> Reply<dto::PersonRating> {
    cx.command(StatusCode::CREATED, async |tx| {
        let subject = body.0.subject.as_str();
        let owner = references::ownership_at(tx.conn(), "/subject", subject).await?;
        let user = cx.caller().user.clone();
        tx.one_at_a_time(&format!("rating:{user}:{subject}")).await?;
        let before = store::is_given(tx.conn(), &body.0, &user).await?;
        let rater = Rater { user, leads: leads(cx.caller(), &owner), before };
        let change = Rating::give(tx.id(), body.0.clone(), owner, rater, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller(), cx.sight()))
    })
    .await
}

/// Does somebody lead the person? Whoever sets targets for them does.
fn leads(caller: &Caller, owner: &wire::Ownership) -> bool {
    caller.sight("crm.sales_target.create").is_some_and(|sight| sight.sees(Some(owner)))
}

/// Ratings, newest first: of oneself, or of those whom one leads.
#[utoipa::path(tag = "rating", params(PersonRatingQuery), responses((status = 200, description = "A page", body = Page<dto::PersonRating>)))]
#[get("/ratings")]
async fn list_ratings(cx: Cx, query: Query<PersonRatingQuery>) -> Reply<Page<dto::PersonRating>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller(), cx.sight())))
    })
    .await
}

/// One rating.
#[utoipa::path(tag = "rating", responses((status = 200, description = "The rating", body = dto::PersonRating)))]
#[get("/ratings/{id}")]
async fn get_rating(cx: Cx, id: Path<PersonRatingId>) -> Reply<dto::PersonRating> {
    cx.read(async |conn| {
        let found = store::find(conn, *id).await?;
        let own = found.as_ref().is_some_and(|rating| rating.rater == cx.caller().user);
        let rating = if own { found } else { Some(cx.visible(*id, found)?) };
        let absent = || ApiError::NotFound { entity: Rating::KIND, id: id.to_string() };
        Ok(show(rating.ok_or_else(absent)?, cx.caller(), cx.sight()))
    })
    .await
}

/// Change one's own rating.
#[utoipa::path(tag = "rating", responses((status = 200, description = "The rating", body = dto::PersonRating)))]
#[patch("/ratings/{id}")]
async fn update_rating(
    cx: Cx,
    id: Path<PersonRatingId>,
    body: Json<dto::PersonRatingPatch>,
) -> Reply<dto::PersonRating> {
    cx.command(StatusCode::OK, async |tx| {
        let rating: Rating = tx.open(*id).await?;
        let change = rating.change(body.0.clone(), &cx.caller().user)?;
        Ok(show(tx.save(change).await?, cx.caller(), cx.sight()))
    })
    .await
}

/// Whoever is rated and leads nobody does not learn by whom.
fn show(rating: Rating, caller: &Caller, sight: &Sight) -> dto::PersonRating {
    let reader = caller.sight("crm.rating.read").unwrap_or_else(|| sight.clone());
    let Rating {
        id,
        subject,
        aspect,
        period,
        first_day: _,
        last_day: _,
        score,
        reason,
        rater,
        owner_id: _,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = rating;
    let told = rater == caller.user || (subject != caller.user && !matches!(reader, Sight::Own(_)));
    let rater = Some(rater).filter(|_| told);
    dto::PersonRating { id, subject, aspect, period, score, reason, rater, created_at, version }
}
