//! Statements that a session prepares once. Diesel prepares each UPDATE and each `sql_query` anew, which costs another round
//! trip, since their text might differ every time; ours does not. It wraps a statement and changes nothing of it.
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// A statement whose text is the key under which a session keeps it prepared.
pub struct Steady<Q>(pub Q);

// No static id: a type stands for many texts.
impl<Q> QueryId for Steady<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Steady<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Steady<Q> {
    type SqlType = Q::SqlType;
}
