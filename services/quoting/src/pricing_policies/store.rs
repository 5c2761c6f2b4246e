//! The SQL of the pricing policy. Rows are added and never changed.
use super::domain::PricingPolicy;
use crate::schema::pricing_policies;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{ApiError, Conn, Result, Store, page};
use wire::{Day, PageQuery, quoting::PricingPolicyId};

impl Store for PricingPolicy {
    async fn lock(conn: &mut Conn, id: PricingPolicyId) -> QueryResult<Option<Self>> {
        find(conn, id).await
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(pricing_policies::table).values(self).execute(conn).await.map(drop)
    }
    /// A published version is never edited.
    async fn update(&self, _: &mut Conn) -> QueryResult<usize> {
        Ok(0)
    }
}

/// One version.
pub async fn find(conn: &mut Conn, id: PricingPolicyId) -> QueryResult<Option<PricingPolicy>> {
    pricing_policies::table.find(id).select(PricingPolicy::as_select()).first(conn).await.optional()
}

/// The newest version, whether it has come into effect or not.
pub async fn newest(conn: &mut Conn) -> Result<PricingPolicy> {
    let newest = pricing_policies::table.order(pricing_policies::revision.desc()).select(PricingPolicy::as_select());
    newest.first(conn).await.optional()?.ok_or_else(|| ApiError::internal("there is no pricing policy"))
}

/// The version that holds on a day.
pub async fn in_force(mut conn: &Conn, day: Day) -> Result<PricingPolicy> {
    let newest = pricing_policies::table
        .filter(pricing_policies::effective_from.le(day))
        .order(pricing_policies::revision.desc())
        .select(PricingPolicy::as_select())
        .first(&mut conn)
        .await
        .optional()?;
    let none =
        || ApiError::field("/day", format!("no pricing policy held on {day}"), format!("{day} 没有生效的定价政策"));
    newest.ok_or_else(none)
}

/// A page of versions, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<PricingPolicy>> {
    page!(PricingPolicy, pricing_policies, query, all).load(conn).await
}
