//! The only SQL of campaigns.
use super::domain::{Campaign, Touchpoint};
use crate::schema::{campaign_touchpoints, campaigns};
use diesel::{
    dsl::exists,
    prelude::*,
    sql_types::{BigInt, Nullable, Numeric, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use rust_decimal::Decimal;
use wire::{
    Currency, PageQuery,
    crm::{CampaignId, LeadId, TouchpointId},
};

platform::store!(Campaign, campaigns);
platform::handed!(Campaign, campaigns; row: this, closed: ["closed"]);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery, sight: &Sight) -> QueryResult<Vec<Campaign>> {
    page!(Campaign, campaigns, query, sight; status = query.status).load(conn).await
}

/// Touchpoints.
pub mod touchpoints {
    use super::{
        CampaignId, Conn, ExpressionMethods, LeadId, PageQuery, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
        Touchpoint, TouchpointId, campaign_touchpoints, exists,
    };

    platform::store!(Touchpoint, campaign_touchpoints);

    /// A page of a campaign's, newest first.
    pub async fn list(conn: &mut Conn, campaign: CampaignId, page: &PageQuery) -> QueryResult<Vec<Touchpoint>> {
        let rows = campaign_touchpoints::table.filter(campaign_touchpoints::campaign_id.eq(campaign));
        let newest = rows.order(campaign_touchpoints::id.desc()).limit(page.fetch());
        let mut rows = newest.select(Touchpoint::as_select()).into_boxed();
        if let Some(after) = page.after {
            rows = rows.filter(campaign_touchpoints::id.lt(TouchpointId(after)));
        }
        rows.load(conn).await
    }

    /// Is it known by which campaign the lead came?
    pub async fn is_attributed(conn: &mut Conn, lead: LeadId) -> QueryResult<bool> {
        let known = campaign_touchpoints::table.filter(campaign_touchpoints::lead_id.eq(lead));
        diesel::select(exists(known.filter(campaign_touchpoints::attributed))).get_result(conn).await
    }
}

/// What came of a campaign, by currency of what was won (`None`: nothing with an amount).
#[derive(QueryableByName)]
pub struct ResultRow {
    #[diesel(sql_type = BigInt)]
    pub touchpoints: i64,
    #[diesel(sql_type = BigInt)]
    pub leads: i64,
    #[diesel(sql_type = BigInt)]
    pub converted: i64,
    #[diesel(sql_type = BigInt)]
    pub won: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub currency: Option<Currency>,
    #[diesel(sql_type = Numeric)]
    pub revenue: Decimal,
}

/// One row for each currency, or one without; to be added up.
pub async fn results(conn: &mut Conn, campaign: CampaignId) -> QueryResult<Vec<ResultRow>> {
    let query = diesel::sql_query(
        "SELECT count(*) AS touchpoints, count(*) FILTER (WHERE t.attributed) AS leads, \
         count(*) FILTER (WHERE t.attributed AND l.status = 'converted') AS converted, count(o.id) AS won, o.currency, \
         coalesce(sum(o.amount), 0) AS revenue FROM campaign_touchpoints t LEFT JOIN leads l ON l.id = t.lead_id \
         LEFT JOIN opportunities o ON o.lead_id = t.lead_id AND o.status = 'won' AND t.attributed \
         WHERE t.campaign_id = $1 GROUP BY o.currency ORDER BY o.currency",
    );
    query.bind::<SqlUuid, _>(campaign).load(conn).await
}
