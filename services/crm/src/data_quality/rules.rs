//! The only SQL of rules of data quality.
use super::domain::DataQualityRule;
use crate::schema::data_quality_rules;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use wire::{PageQuery, crm::AccountTier};

platform::store!(DataQualityRule, data_quality_rules);

/// Is there an active one for this grade?
pub async fn taken(conn: &mut Conn, tier: AccountTier) -> QueryResult<bool> {
    let active = data_quality_rules::table
        .filter(data_quality_rules::tier.eq(tier))
        .filter(data_quality_rules::status.eq("active"));
    diesel::select(exists(active)).get_result(conn).await
}

/// Those that hold: one for each grade.
pub async fn active(conn: &mut Conn) -> QueryResult<Vec<DataQualityRule>> {
    let active = data_quality_rules::table.filter(data_quality_rules::status.eq("active"));
    active.order(data_quality_rules::tier).select(DataQualityRule::as_select()).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<DataQualityRule>> {
    page!(DataQualityRule, data_quality_rules, query, all; status = query.status).load(conn).await
}
