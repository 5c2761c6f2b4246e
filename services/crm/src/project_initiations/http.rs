//! `/api/crm/v1/project-initiations`: parse, ask, answer.
use super::{
    domain::{InitiationRule, ProjectInitiation},
    store,
};
use crate::{opportunities, project_scoring};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Caller, Cx, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, OpportunityPageQuery, ProjectInitiationId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_project_initiation)
        .service(list_project_initiations)
        .service(get_project_initiation)
        .service(update_project_initiation)
        .service(submit_project_initiation)
        .service(request_approval_project_initiation)
        .service(revise_project_initiation);
}

/// Draft an application for a project out of an open opportunity that has none; it may be completed later.
#[utoipa::path(tag = "project_initiation", responses((status = 201, description = "The draft", body = dto::ProjectInitiation)))]
#[post("/project-initiations")]
async fn create_project_initiation(cx: Cx, body: Json<dto::NewProjectInitiation>) -> Reply<dto::ProjectInitiation> {
    cx.command(StatusCode::CREATED, async |tx| {
        let dto::NewProjectInitiation { opportunity_id, application } = body.0.clone();
        let opportunity = opportunities::named_open(tx, &cx, opportunity_id).await?;
        if store::is_applied_for(tx.conn(), opportunity.id).await? {
            return Err(InitiationRule::Known.into());
        }
        check_team(tx, &application).await?;
        let applicant = cx.caller().user.clone();
        let change = ProjectInitiation::draft(tx.id(), applicant, application, &opportunity, &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Applications, newest first.
#[utoipa::path(tag = "project_initiation", params(OpportunityPageQuery), responses((status = 200, description = "A page", body = Page<dto::ProjectInitiation>)))]
#[get("/project-initiations")]
async fn list_project_initiations(cx: Cx, query: Query<OpportunityPageQuery>) -> Reply<Page<dto::ProjectInitiation>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One application.
#[utoipa::path(tag = "project_initiation", responses((status = 200, description = "The application", body = dto::ProjectInitiation)))]
#[get("/project-initiations/{id}")]
async fn get_project_initiation(cx: Cx, id: Path<ProjectInitiationId>) -> Reply<dto::ProjectInitiation> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft; the application is replaced as a whole.
#[utoipa::path(tag = "project_initiation", responses((status = 200, description = "The draft", body = dto::ProjectInitiation)))]
#[patch("/project-initiations/{id}")]
async fn update_project_initiation(
    cx: Cx,
    id: Path<ProjectInitiationId>,
    body: Json<dto::ProjectInitiationPatch>,
) -> Reply<dto::ProjectInitiation> {
    cx.command(StatusCode::OK, async |tx| {
        let initiation: ProjectInitiation = tx.open(*id).await?;
        check_team(tx, &body.0.application).await?;
        Ok(show(tx.save(initiation.update(body.0.application.clone())?).await?, cx.caller()))
    })
    .await
}

/// Hand it to the reviewers; whatever is missing is named, all of it.
#[utoipa::path(tag = "project_initiation", responses((status = 200, description = "Being scored", body = dto::ProjectInitiation)))]
#[post("/project-initiations/{id}/submit")]
async fn submit_project_initiation(cx: Cx, id: Path<ProjectInitiationId>) -> Reply<dto::ProjectInitiation> {
    cx.command(StatusCode::OK, async |tx| {
        let initiation: ProjectInitiation = tx.open(*id).await?;
        let policy = project_scoring::in_force(tx.conn()).await?;
        let change = initiation.submit(&policy, &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Ask whoever decides on a budget of this size; the score must reach the pass mark.
#[utoipa::path(tag = "project_initiation", responses((status = 200, description = "In approval", body = dto::ProjectInitiation)))]
#[post("/project-initiations/{id}/request-approval")]
async fn request_approval_project_initiation(cx: Cx, id: Path<ProjectInitiationId>) -> Reply<dto::ProjectInitiation> {
    cx.command(StatusCode::OK, async |tx| {
        let initiation: ProjectInitiation = tx.open(*id).await?;
        Ok(show(tx.save(initiation.request_approval()?).await?, cx.caller()))
    })
    .await
}

/// Take it back to the desk when it scored too low or was rejected; say why. The next round is scored anew.
#[utoipa::path(tag = "project_initiation", responses((status = 200, description = "A draft again", body = dto::ProjectInitiation)))]
#[post("/project-initiations/{id}/revise")]
async fn revise_project_initiation(
    cx: Cx,
    id: Path<ProjectInitiationId>,
    body: Json<dto::Reason>,
) -> Reply<dto::ProjectInitiation> {
    cx.command(StatusCode::OK, async |tx| {
        let initiation: ProjectInitiation = tx.open(*id).await?;
        Ok(show(tx.save(initiation.revise(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// A core team is made of people who work here.
async fn check_team(tx: &mut Tx, application: &dto::ProjectApplication) -> Result<()> {
    let people: Vec<&str> = application.core_team.iter().map(|member| member.person.as_str()).collect();
    let known = store::active(tx.conn(), &people).await?;
    match people.iter().position(|person| !known.iter().any(|here| here == person)) {
        Some(index) => Err(InitiationRule::Person { index, person: people[index].to_owned() }.into()),
        None => Ok(()),
    }
}

fn show(initiation: ProjectInitiation, caller: &Caller) -> dto::ProjectInitiation {
    let available_actions = initiation.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let ProjectInitiation {
        id,
        number,
        status,
        case_id,
        opportunity_id,
        opportunity_number,
        applicant,
        application,
        round,
        scoring_policy_id,
        pass_mark,
        score,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        submitted_at,
        decided_at,
        version,
    } = initiation;
    dto::ProjectInitiation {
        id,
        number,
        status,
        case_id,
        opportunity_id,
        opportunity_number,
        applicant,
        application: application.0,
        round,
        scoring_policy_id,
        pass_mark,
        score,
        reason,
        owner_id,
        created_at,
        submitted_at,
        decided_at,
        version,
        available_actions,
    }
}
