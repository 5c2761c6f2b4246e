//! `/api/crm/v1/membership-cards`: parse, ask, answer.
use super::{domain::MembershipCard, store};
use crate::{accounts::domain::Account, onboarding_applications::domain::OnboardingApplication};
use actix_web::{
    get,
    http::StatusCode,
    post,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page,
    crm::{self as dto, AccountPageQuery, AccountStatus, MembershipCardId, OnboardingStatus},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_membership_card)
        .service(list_membership_cards)
        .service(get_membership_card)
        .service(produce_membership_card)
        .service(mail_membership_card)
        .service(receive_membership_card)
        .service(activate_membership_card)
        .service(lose_membership_card);
}

/// Ask for another card in the place of a lost one; the first is asked for by the approval.
#[utoipa::path(tag = "membership_card", responses((status = 201, description = "Asked for", body = dto::MembershipCard)))]
#[post("/membership-cards")]
async fn create_membership_card(cx: Cx, body: Json<dto::NewMembershipCard>) -> Reply<dto::MembershipCard> {
    cx.command(StatusCode::CREATED, async |tx| {
        let id = body.0.onboarding_application_id;
        let unknown = || ApiError::absent("/onboarding_application_id", "onboarding_application", id);
        let application: Option<OnboardingApplication> = tx.try_load(id).await?;
        let seen = application.filter(|application| cx.sight().sees(application.ownership().as_ref()));
        let application = seen.ok_or_else(unknown)?;
        let living = store::living_of(tx.conn(), id).await?;
        Ok(show(request(tx, &application, living).await?, cx.caller()))
    })
    .await
}

/// A card for a registration, whose row is locked; `living` = one that is not lost.
pub async fn request(tx: &mut Tx, of: &OnboardingApplication, living: Option<String>) -> Result<MembershipCard> {
    let number = tx.next_number("membership_card").await?;
    let change = MembershipCard::request(tx.id(), number, of, living, &tx.stamp())?;
    tx.create(change).await
}

/// Cards, newest first.
#[utoipa::path(tag = "membership_card", params(AccountPageQuery), responses((status = 200, description = "A page", body = Page<dto::MembershipCard>)))]
#[get("/membership-cards")]
async fn list_membership_cards(cx: Cx, query: Query<AccountPageQuery>) -> Reply<Page<dto::MembershipCard>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &query, cx.sight()).await?;
        Ok(query.page().page(rows, |card| card.id.into(), |card| show(card, cx.caller())))
    })
    .await
}

/// One card.
#[utoipa::path(tag = "membership_card", responses((status = 200, description = "The card", body = dto::MembershipCard)))]
#[get("/membership-cards/{id}")]
async fn get_membership_card(cx: Cx, id: Path<MembershipCardId>) -> Reply<dto::MembershipCard> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// The card is made.
#[utoipa::path(tag = "membership_card", responses((status = 200, description = "Made", body = dto::MembershipCard)))]
#[post("/membership-cards/{id}/produce")]
async fn produce_membership_card(cx: Cx, id: Path<MembershipCardId>) -> Reply<dto::MembershipCard> {
    cx.command(StatusCode::OK, async |tx| {
        let card: MembershipCard = tx.open(*id).await?;
        let change = card.produce(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The card is on its way.
#[utoipa::path(tag = "membership_card", responses((status = 200, description = "On its way", body = dto::MembershipCard)))]
#[post("/membership-cards/{id}/mail")]
async fn mail_membership_card(
    cx: Cx,
    id: Path<MembershipCardId>,
    body: Json<dto::MailMembershipCard>,
) -> Reply<dto::MembershipCard> {
    cx.command(StatusCode::OK, async |tx| {
        let card: MembershipCard = tx.open(*id).await?;
        let change = card.mail(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// The customer has it; say what shows it.
#[utoipa::path(tag = "membership_card", responses((status = 200, description = "Received", body = dto::MembershipCard)))]
#[post("/membership-cards/{id}/receive")]
async fn receive_membership_card(
    cx: Cx,
    id: Path<MembershipCardId>,
    body: Json<dto::ReceiveMembershipCard>,
) -> Reply<dto::MembershipCard> {
    cx.command(StatusCode::OK, async |tx| {
        let card: MembershipCard = tx.open(*id).await?;
        let change = card.receive(body.0.evidence.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Activate it: the registration is complete and the customer active.
#[utoipa::path(tag = "membership_card", responses((status = 200, description = "Active", body = dto::MembershipCard)))]
#[post("/membership-cards/{id}/activate")]
async fn activate_membership_card(cx: Cx, id: Path<MembershipCardId>) -> Reply<dto::MembershipCard> {
    cx.command(StatusCode::OK, async |tx| {
        let card: MembershipCard = tx.open(*id).await?;
        let stamp = tx.stamp();
        let card = tx.save(card.activate(&stamp)?).await?;
        let application: OnboardingApplication = tx.load(card.onboarding_application_id).await?;
        // A card that takes the place of a lost one completes nothing a second time.
        if application.status == OnboardingStatus::Approved {
            tx.save(application.complete(&stamp)?).await?;
        }
        let account: Account = tx.load(card.account_id).await?;
        if matches!(account.status, AccountStatus::Prospect | AccountStatus::Dormant) {
            tx.save(account.activate()?).await?;
        }
        Ok(show(card, cx.caller()))
    })
    .await
}

/// It is lost; say how.
#[utoipa::path(tag = "membership_card", responses((status = 200, description = "Lost", body = dto::MembershipCard)))]
#[post("/membership-cards/{id}/lose")]
async fn lose_membership_card(
    cx: Cx,
    id: Path<MembershipCardId>,
    body: Json<dto::Reason>,
) -> Reply<dto::MembershipCard> {
    cx.command(StatusCode::OK, async |tx| {
        let card: MembershipCard = tx.open(*id).await?;
        Ok(show(tx.save(card.lose(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

fn show(card: MembershipCard, caller: &Caller) -> dto::MembershipCard {
    let available_actions = card.available_actions(caller);
    // No `..`: a new column must be shown here or dropped here, knowingly.
    let MembershipCard {
        id,
        number,
        status,
        onboarding_application_id,
        account_id,
        holder_name,
        carrier,
        tracking_number,
        evidence,
        reason,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        produced_at,
        mailed_at,
        received_at,
        activated_at,
        version,
    } = card;
    let evidence = evidence.map(|kept| kept.0);
    dto::MembershipCard {
        id,
        number,
        status,
        onboarding_application_id,
        account_id,
        holder_name,
        carrier,
        tracking_number,
        evidence,
        reason,
        owner_id,
        created_at,
        produced_at,
        mailed_at,
        received_at,
        activated_at,
        version,
        available_actions,
    }
}
