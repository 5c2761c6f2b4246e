//! `/api/crm/v1/opportunity-members`: parse, ask, answer.
use super::{
    domain::{OpportunityMember, Person, TeamRule},
    store,
};
use crate::{
    actions::{admitted, refuse},
    opportunities::{self, domain::Opportunity},
    references, users,
};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Change, Conn, Cx, Entity, Json, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, OpportunityId, OpportunityMemberId, OpportunityMemberQuery, TeamRole},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_opportunity_member)
        .service(list_opportunity_members)
        .service(get_opportunity_member)
        .service(join_opportunity_member)
        .service(release_opportunity_member);
}

/// Ask for somebody to help with an open opportunity; a colleague of customer service is there at once.
#[utoipa::path(tag = "opportunity_member", responses((status = 201, description = "The seat", body = dto::OpportunityMember)))]
#[post("/opportunity-members")]
async fn create_opportunity_member(cx: Cx, body: Json<dto::NewOpportunityMember>) -> Reply<dto::OpportunityMember> {
    cx.command(StatusCode::CREATED, async |tx| {
        let new = body.0.clone();
        let opportunity = opportunities::named_open(tx, &cx, new.opportunity_id).await?;
        let person = match &new.person {
            Some(reference) => Some(known(tx, reference.as_str()).await?),
            None => None,
        };
        if let Some(person) = &person {
            free(tx.conn(), opportunity.id, &person.reference).await?;
        }
        let change = OpportunityMember::request(tx.id(), new, person, &opportunity, &tx.stamp())?;
        let member = tx.create(change).await?;
        // Of a collaborator their own fact is told, of others that the team has changed.
        if member.role != TeamRole::CustomerService {
            tell(tx, &member, opportunity).await?;
        }
        Ok(show(member, cx.caller()))
    })
    .await
}

/// Seats, newest first: of opportunities that the caller may see, or the caller's own.
#[utoipa::path(tag = "opportunity_member", params(OpportunityMemberQuery), responses((status = 200, description = "A page", body = Page<dto::OpportunityMember>)))]
#[get("/opportunity-members")]
async fn list_opportunity_members(cx: Cx, query: Query<OpportunityMemberQuery>) -> Reply<Page<dto::OpportunityMember>> {
    cx.read(async |conn| {
        let person = query.mine.filter(|mine| *mine).map(|_| cx.caller().user.clone());
        let rows = store::list(conn, &query, person, cx.sight()).await?;
        Ok(query.page().page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One seat; its actions also say where the opportunity is closed or one is in its team already, which those of lists do not.
#[utoipa::path(tag = "opportunity_member", responses((status = 200, description = "The seat", body = dto::OpportunityMember)))]
#[get("/opportunity-members/{id}")]
async fn get_opportunity_member(cx: Cx, id: Path<OpportunityMemberId>) -> Reply<dto::OpportunityMember> {
    cx.read(async |conn| {
        let member = cx.visible(*id, store::find(conn, *id).await?)?;
        let opportunity = opportunities::find(conn, member.opportunity_id).await?;
        let free = match member.person {
            None => free(conn, member.opportunity_id, &cx.caller().user).await,
            Some(_) => Ok(()),
        };
        let mut shown = show(member, cx.caller());
        refuse(&mut shown.available_actions, "join", cx.caller(), free)?;
        for action in ["join", "release"] {
            let open = opportunity.as_ref().map_or(Ok(()), Opportunity::takes_more).map_err(ApiError::from);
            refuse(&mut shown.available_actions, action, cx.caller(), open)?;
        }
        Ok(shown)
    })
    .await
}

/// Take the seat oneself: if one was asked for by name, or nobody was.
#[utoipa::path(tag = "opportunity_member", responses((status = 200, description = "Joined", body = dto::OpportunityMember)))]
#[post("/opportunity-members/{id}/join")]
async fn join_opportunity_member(cx: Cx, id: Path<OpportunityMemberId>) -> Reply<dto::OpportunityMember> {
    cx.command(StatusCode::OK, async |tx| {
        let (opportunity, member) = seat(tx, *id).await?;
        let user = &cx.caller().user;
        if member.person.is_none() {
            free(tx.conn(), member.opportunity_id, user).await?;
        }
        let change = member.join(user, &cx.caller().roles, &tx.stamp())?;
        changed(tx, &cx, change, opportunity).await
    })
    .await
}

/// Give the seat up, or take the request back; say why.
#[utoipa::path(tag = "opportunity_member", responses((status = 200, description = "Released", body = dto::OpportunityMember)))]
#[post("/opportunity-members/{id}/release")]
async fn release_opportunity_member(
    cx: Cx,
    id: Path<OpportunityMemberId>,
    body: Json<dto::Reason>,
) -> Reply<dto::OpportunityMember> {
    cx.command(StatusCode::OK, async |tx| {
        let (opportunity, member) = seat(tx, *id).await?;
        let change = member.release(body.0.reason.to_string(), &tx.stamp())?;
        changed(tx, &cx, change, opportunity).await
    })
    .await
}

/// The seat that the URL names, behind its opportunity: in this order whoever gives that to somebody else locks the two.
async fn seat(tx: &mut Tx, id: OpportunityMemberId) -> Result<(Opportunity, OpportunityMember)> {
    let unknown = || ApiError::NotFound { entity: OpportunityMember::KIND, id: id.to_string() };
    let named = store::find(tx.conn(), id).await?.ok_or_else(unknown)?;
    let opportunity: Opportunity = tx.load(named.opportunity_id).await?;
    Ok((opportunity, tx.open(id).await?))
}

/// Writes the seat, and the opportunity tells of it, which must be open.
async fn changed(
    tx: &mut Tx,
    cx: &Cx,
    change: Change<OpportunityMember>,
    opportunity: Opportunity,
) -> Result<dto::OpportunityMember> {
    let member = tx.save(change).await?;
    tell(tx, &member, opportunity).await?;
    Ok(show(member, cx.caller()))
}

async fn tell(tx: &mut Tx, member: &OpportunityMember, opportunity: Opportunity) -> Result<()> {
    let event = member.told(&opportunity);
    tx.save(opportunity.change_team(&event)?).await.map(drop)
}

/// Somebody who works here; 422 for anybody else.
async fn known(tx: &mut Tx, reference: &str) -> Result<Person> {
    let user = users::find_active(tx.conn(), reference).await?;
    let user = user.ok_or_else(|| references::nobody("/person", reference))?;
    let customer_service = user.roles.0.iter().any(|role| role == "customer_service");
    Ok(Person { reference: user.reference, customer_service })
}

/// A person is in a team once.
async fn free(conn: &mut Conn, opportunity: OpportunityId, person: &str) -> Result<()> {
    if store::is_seated(conn, opportunity, person).await? {
        return Err(TeamRule::Twice { person: person.to_owned() }.into());
    }
    Ok(())
}

fn show(member: OpportunityMember, caller: &Caller) -> dto::OpportunityMember {
    let available_actions = admitted(&member, caller, |action| member.permits(action, &caller.user, &caller.roles));
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let OpportunityMember {
        id,
        status,
        case_id,
        opportunity_id,
        role,
        person,
        note,
        from_day: from,
        until_day: until,
        requested_by,
        joined_at,
        released_at,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = member;
    dto::OpportunityMember {
        id,
        status,
        case_id,
        opportunity_id,
        role,
        person,
        note,
        from,
        until,
        requested_by,
        joined_at,
        released_at,
        reason,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
