//! The only SQL of ratings.
use super::domain::Rating;
use crate::schema::ratings;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{NewPersonRating, PersonRatingQuery};

platform::store!(Rating, ratings);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PersonRatingQuery, sight: &Sight) -> QueryResult<Vec<Rating>> {
    let page = query.page();
    page!(Rating, ratings, page, sight; subject = query.subject).load(conn).await
}

/// Has this rater rated the same before?
pub async fn is_given(conn: &mut Conn, new: &NewPersonRating, rater: &str) -> QueryResult<bool> {
    let same = ratings::table.filter(ratings::subject.eq(new.subject.as_str())).filter(ratings::aspect.eq(new.aspect));
    let same = same.filter(ratings::period.eq(new.period.to_string())).filter(ratings::rater.eq(rater));
    diesel::select(exists(same)).get_result(conn).await
}
