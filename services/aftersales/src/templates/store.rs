//! The only SQL of survey templates.
use super::domain::SurveyTemplate;
use crate::schema::survey_templates;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Steady, Store};
use wire::{PageQuery, aftersales::SurveyTemplateId};

impl Store for SurveyTemplate {
    async fn lock(conn: &mut Conn, id: SurveyTemplateId) -> QueryResult<Option<Self>> {
        survey_templates::table.find(id).select(Self::as_select()).for_no_key_update().first(conn).await.optional()
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(survey_templates::table).values(self).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored = survey_templates::table
            .filter(survey_templates::id.eq(self.id))
            .filter(survey_templates::version.eq(self.version - 1));
        Steady(diesel::update(stored).set(self)).execute(conn).await
    }
}

/// One template.
pub async fn find(conn: &mut Conn, id: SurveyTemplateId) -> QueryResult<Option<SurveyTemplate>> {
    survey_templates::table.find(id).select(SurveyTemplate::as_select()).first(conn).await.optional()
}

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
