//! `/api/crm/v1/campaigns`: parse, ask, answer.
use super::{
    domain::Campaign,
    show::{self, campaign as show},
    store, touchpoints,
};
use crate::lead_sources::{self, domain::LeadSourceRule};
use actix_web::{
    get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{Cx, Json, Reply, Sight};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    Page, PageQuery,
    crm::{self as dto, CampaignId},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_campaign)
        .service(list_campaigns)
        .service(get_campaign)
        .service(list_campaign_touchpoints)
        .service(get_campaign_results)
        .service(touch_campaign)
        .service(update_campaign)
        .service(approve_campaign)
        .service(start_campaign)
        .service(spend_campaign)
        .service(close_campaign);
}

/// Draft a campaign with its budget.
#[utoipa::path(tag = "campaign", responses((status = 201, description = "The draft", body = dto::Campaign)))]
#[post("/campaigns")]
async fn create_campaign(cx: Cx, body: Json<dto::NewCampaign>) -> Reply<dto::Campaign> {
    cx.command(StatusCode::CREATED, async |tx| {
        let code = body.0.channel.as_str();
        let source = lead_sources::by_code(tx.conn(), code).await?;
        source.ok_or_else(|| LeadSourceRule::Unknown { code: code.to_owned() })?;
        let number = tx.next_number("campaign").await?;
        let change = Campaign::draft(tx.id(), number, body.0.clone(), &tx.stamp())?;
        Ok(show(tx.create(change).await?, cx.caller()))
    })
    .await
}

/// Campaigns, newest first.
#[utoipa::path(tag = "campaign", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Campaign>)))]
#[get("/campaigns")]
async fn list_campaigns(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Campaign>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |row| row.id.into(), |row| show(row, cx.caller())))
    })
    .await
}

/// One campaign.
#[utoipa::path(tag = "campaign", responses((status = 200, description = "The campaign", body = dto::Campaign)))]
#[get("/campaigns/{id}")]
async fn get_campaign(cx: Cx, id: Path<CampaignId>) -> Reply<dto::Campaign> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Whom it reached, newest first.
#[utoipa::path(tag = "campaign", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Touchpoint>)))]
#[get("/campaigns/{id}/touchpoints")]
async fn list_campaign_touchpoints(
    cx: Cx,
    id: Path<CampaignId>,
    page: Query<PageQuery>,
) -> Reply<Page<dto::Touchpoint>> {
    cx.read(async |conn| {
        let campaign = cx.visible(*id, store::find(conn, *id).await?)?;
        let mut rows = store::touchpoints::list(conn, campaign.id, &page).await?;
        // Whoever sees the campaign learns that a lead came by it; which one, only those who may read leads.
        if cx.caller().sight("crm.lead.read").is_none() {
            for row in &mut rows {
                row.lead_id = None;
            }
        }
        Ok(page.page(rows, |row| row.id.into(), show::touchpoint))
    })
    .await
}

/// What came of it: leads, customers, won amounts, cost by lead.
#[utoipa::path(tag = "campaign_result", responses((status = 200, description = "Its figures", body = dto::CampaignResults)))]
#[get("/campaigns/{id}/results")]
async fn get_campaign_results(cx: Cx, id: Path<CampaignId>) -> Reply<dto::CampaignResults> {
    cx.read(async |conn| {
        let campaign = cx.visible(*id, store::find(conn, *id).await?)?;
        let rows = store::results(conn, campaign.id).await?;
        Ok(show::results(&campaign, &rows))
    })
    .await
}

/// Record somebody whom a running campaign reached. The first touchpoint that names a lead says by which campaign it came.
#[utoipa::path(tag = "campaign", responses((status = 201, description = "The touchpoint", body = dto::Touchpoint)))]
#[post("/campaigns/{id}/touch")]
async fn touch_campaign(cx: Cx, id: Path<CampaignId>, body: Json<dto::NewTouchpoint>) -> Reply<dto::Touchpoint> {
    cx.command(StatusCode::CREATED, async |tx| {
        let leads = cx.caller().sight("crm.lead.read").unwrap_or_else(|| Sight::Own(cx.caller().user.clone()));
        let touchpoint = touchpoints::record(tx, *id, body.0.clone(), &leads).await?;
        Ok(show::touchpoint(touchpoint))
    })
    .await
}

/// Change a draft.
#[utoipa::path(tag = "campaign", responses((status = 200, description = "The campaign", body = dto::Campaign)))]
#[patch("/campaigns/{id}")]
async fn update_campaign(cx: Cx, id: Path<CampaignId>, body: Json<dto::CampaignPatch>) -> Reply<dto::Campaign> {
    cx.command(StatusCode::OK, async |tx| {
        let campaign: Campaign = tx.open(*id).await?;
        Ok(show(tx.save(campaign.update(body.0.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Let its budget be spent; by another than whoever drafted or changed it.
#[utoipa::path(tag = "campaign", responses((status = 200, description = "Approved", body = dto::Campaign)))]
#[post("/campaigns/{id}/approve")]
async fn approve_campaign(cx: Cx, id: Path<CampaignId>) -> Reply<dto::Campaign> {
    cx.command(StatusCode::OK, async |tx| {
        let campaign: Campaign = tx.open(*id).await?;
        let change = campaign.approve(&tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It runs from now on.
#[utoipa::path(tag = "campaign", responses((status = 200, description = "Running", body = dto::Campaign)))]
#[post("/campaigns/{id}/start")]
async fn start_campaign(cx: Cx, id: Path<CampaignId>) -> Reply<dto::Campaign> {
    cx.command(StatusCode::OK, async |tx| {
        let campaign: Campaign = tx.open(*id).await?;
        let change = campaign.start()?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Money was spent on it, or came back. More than the budget is not refused: `over_budget` warns.
#[utoipa::path(tag = "campaign", responses((status = 200, description = "The campaign", body = dto::Campaign)))]
#[post("/campaigns/{id}/spend")]
async fn spend_campaign(cx: Cx, id: Path<CampaignId>, body: Json<dto::SpendOnCampaign>) -> Reply<dto::Campaign> {
    cx.command(StatusCode::OK, async |tx| {
        let campaign: Campaign = tx.open(*id).await?;
        let change = campaign.spend(body.0.clone(), &tx.stamp())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// It is over; say what came of it.
#[utoipa::path(tag = "campaign", responses((status = 200, description = "Closed", body = dto::Campaign)))]
#[post("/campaigns/{id}/close")]
async fn close_campaign(cx: Cx, id: Path<CampaignId>, body: Json<dto::CloseCampaign>) -> Reply<dto::Campaign> {
    cx.command(StatusCode::OK, async |tx| {
        let campaign: Campaign = tx.open(*id).await?;
        let change = campaign.close(body.0.result.to_string())?;
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}
