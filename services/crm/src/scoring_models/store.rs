//! The only SQL of scoring models.
use super::domain::ScoringModel;
use crate::schema::scoring_models;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::{PageQuery, crm::ScoringModelId};

impl Store for ScoringModel {
    async fn lock(conn: &mut Conn, id: ScoringModelId) -> QueryResult<Option<Self>> {
        scoring_models::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(scoring_models::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = scoring_models::table
            .filter(scoring_models::id.eq(self.id))
            .filter(scoring_models::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One model.
pub async fn find(conn: &mut Conn, id: ScoringModelId) -> QueryResult<Option<ScoringModel>> {
    scoring_models::table.find(id).select(ScoringModel::as_select()).first(conn).await.optional()
}

/// The model that leads are rated by.
pub async fn active(conn: &mut Conn) -> QueryResult<Option<ScoringModel>> {
    let active = scoring_models::table.filter(scoring_models::status.eq("active"));
    active.select(ScoringModel::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<ScoringModel>> {
    let mut query = scoring_models::table
        .select(ScoringModel::as_select())
        .order(scoring_models::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(scoring_models::id.lt(ScoringModelId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(scoring_models::status.eq(status.clone()));
    }
    query.load(conn).await
}
