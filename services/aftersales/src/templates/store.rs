//! The only SQL of survey templates.
use super::domain::SurveyTemplate;
use crate::schema::survey_templates;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::Conn;
use wire::{PageQuery, aftersales::SurveyTemplateId};

platform::store!(SurveyTemplate, survey_templates);

/// The one that customers are asked with.
pub async fn active(conn: &mut Conn) -> QueryResult<Option<SurveyTemplate>> {
    let active = survey_templates::table.filter(survey_templates::status.eq("active"));
    active.select(SurveyTemplate::as_select()).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, page: &PageQuery) -> QueryResult<Vec<SurveyTemplate>> {
    let mut query = survey_templates::table
        .select(SurveyTemplate::as_select())
        .order(survey_templates::id.desc())
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(survey_templates::id.lt(SurveyTemplateId(after)));
    }
    if let Some(status) = &page.status {
        query = query.filter(survey_templates::status.eq(status.clone()));
    }
    query.load(conn).await
}
