//! The only SQL of scoring models.
use super::domain::ScoringModel;
use crate::schema::scoring_models;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use wire::PageQuery;

platform::store!(ScoringModel, scoring_models);

/// The model that leads are rated by.
pub async fn active(conn: &mut Conn) -> QueryResult<Option<ScoringModel>> {
    let active = scoring_models::table.filter(scoring_models::status.eq("active"));
    active.select(ScoringModel::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<ScoringModel>> {
    page!(ScoringModel, scoring_models, query, all; status = query.status).load(conn).await
}
