//! The only SQL of pipelines.
use super::domain::Pipeline;
use crate::schema::pipelines;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::crm::PipelineId;

impl Store for Pipeline {
    async fn lock(conn: &mut Conn, id: PipelineId) -> QueryResult<Option<Self>> {
        pipelines::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(pipelines::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = pipelines::table.filter(pipelines::id.eq(self.id)).filter(pipelines::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One pipeline.
pub async fn find(conn: &mut Conn, id: PipelineId) -> QueryResult<Option<Pipeline>> {
    pipelines::table.find(id).select(Pipeline::as_select()).first(conn).await.optional()
}

/// The one that opportunities take unless they name another.
pub async fn default_id(conn: &mut Conn) -> QueryResult<PipelineId> {
    pipelines::table.filter(pipelines::is_default).select(pipelines::id).first(conn).await
}

/// All of them: a company has few.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<Pipeline>> {
    pipelines::table.select(Pipeline::as_select()).order(pipelines::id).load(conn).await
}
