//! The only SQL of surveys. Answers are inserted once and never touched again; the database forbids the rest.
use super::domain::{Answer, Head, Survey};
use crate::schema::{survey_answers, surveys};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, Steady, Store, rows, scoped};
use std::collections::HashMap;
use wire::{
    PageQuery,
    aftersales::{RevisitId, SurveyId},
};

impl Store for Survey {
    async fn lock(conn: &mut Conn, id: SurveyId) -> QueryResult<Option<Self>> {
        let head =
            surveys::table.find(id).select(Head::as_select()).for_no_key_update().first(conn).await.optional()?;
        Ok(whole(conn, head.into_iter().collect()).await?.pop())
    }
    async fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        diesel::insert_into(surveys::table).values(&self.head).execute(conn).await.map(drop)
    }
    async fn update(&self, conn: &mut Conn) -> QueryResult<usize> {
        let stored =
            surveys::table.filter(surveys::id.eq(self.head.id)).filter(surveys::version.eq(self.head.version - 1));
        let touched = Steady(diesel::update(stored).set(&self.head)).execute(conn).await?;
        if touched == 1 && self.fresh {
            rows::insert(conn, "survey_answers", &self.answers).await?;
        }
        Ok(touched)
    }
}

async fn whole(conn: &mut Conn, heads: Vec<Head>) -> QueryResult<Vec<Survey>> {
    let ids: Vec<SurveyId> = heads.iter().map(|head| head.id).collect();
    let answers: Vec<Answer> = survey_answers::table
        .filter(survey_answers::survey_id.eq_any(ids))
        .order((survey_answers::survey_id, survey_answers::question))
        .select(Answer::as_select())
        .load(conn)
        .await?;
    let mut by_survey: HashMap<SurveyId, Vec<Answer>> = HashMap::new();
    for answer in answers {
        by_survey.entry(answer.survey_id).or_default().push(answer);
    }
    let join = |head: Head| Survey { answers: by_survey.remove(&head.id).unwrap_or_default(), head, fresh: false };
    Ok(heads.into_iter().map(join).collect())
}

/// One survey.
pub async fn find(conn: &mut Conn, id: SurveyId) -> QueryResult<Option<Survey>> {
    let head = surveys::table.find(id).select(Head::as_select()).first(conn).await.optional()?;
    Ok(whole(conn, head.into_iter().collect()).await?.pop())
}

/// The revisit it belongs to, for good.
pub async fn revisit_of(conn: &mut Conn, id: SurveyId) -> QueryResult<Option<RevisitId>> {
    surveys::table.find(id).select(surveys::revisit_id).first(conn).await.optional()
}

/// A page, newest first.
pub async fn list(
    conn: &mut Conn,
    page: &PageQuery,
    revisit: Option<RevisitId>,
    sight: &Sight,
) -> QueryResult<Vec<Survey>> {
    let mut query = surveys::table.select(Head::as_select()).order(surveys::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, surveys, sight);
    if let Some(after) = page.after {
        query = query.filter(surveys::id.lt(SurveyId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(surveys::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(surveys::status.eq(status.clone()));
    }
    if let Some(revisit) = revisit {
        query = query.filter(surveys::revisit_id.eq(revisit));
    }
    let heads = query.load(conn).await?;
    whole(conn, heads).await
}

platform::handed!(Survey, surveys; row: head, closed: ["answered", "void"]);
