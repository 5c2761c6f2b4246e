//! The only SQL of pipelines.
use super::domain::Pipeline;
use crate::schema::pipelines;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::crm::PipelineId;

platform::store!(Pipeline, pipelines);

/// The one that opportunities take unless they name another.
pub async fn default_id(conn: &mut Conn) -> QueryResult<PipelineId> {
    pipelines::table.filter(pipelines::is_default).select(pipelines::id).first(conn).await
}

/// All of them: a company has few.
pub async fn list(conn: &mut Conn) -> QueryResult<Vec<Pipeline>> {
    pipelines::table.select(Pipeline::as_select()).order(pipelines::id).load(conn).await
}
