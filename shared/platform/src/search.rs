//! Search for parts of a text (`?q=`), in Chinese as well as in English, at a speed that does not depend on the table's length.
//!
//! `pg_trgm` finds nothing shorter than three characters by its index, and most Chinese words have two. So a table that can be
//! searched has a generated column `search` (its texts through `search_fold`: one width, one case) and an index of the single
//! characters and the pairs in it, `gin (search_grams(search))`; the functions are the platform's, made in each schema:
//!
//! ```sql
//! ALTER TABLE products ADD COLUMN search TEXT NOT NULL GENERATED ALWAYS AS (search_fold(sku || ' ' || name)) STORED;
//! CREATE INDEX products_search ON products USING gin (search_grams(search));
//! ```
//!
//! The index names the rows that hold every pair of the question; that they hold its words as they were asked, `LIKE` says.
//! Refuses to rank: rows come in the list's own order.
use diesel::{
    expression::{AsExpression, SqlLiteral, UncheckedBind},
    sql_types::{Bool, Text},
};

type Bound = <String as AsExpression<Text>>::Expression;
type Bind<Query> = UncheckedBind<Query, Bound>;
/// Rows of a table with a column `search`, by what they have to hold.
pub type Found = SqlLiteral<Bool, Bind<SqlLiteral<Bool, Bind<SqlLiteral<Bool>>>>>;

/// Every word of `asked`, whatever its width and case, in the `search` of `table` (in a statement that names it so). Nothing
/// where nothing is asked: blank finds everything.
///
/// Postgres plans it anew each time: whether the index serves depends on how frequent the words are.
#[must_use]
pub fn found(table: &str, asked: Option<&str>) -> Option<Found> {
    let asked = asked.map(str::trim).filter(|asked| !asked.is_empty())?.to_owned();
    let grams = format!("(search_grams({table}.search) @> search_wanted(");
    let patterns = format!(") AND {table}.search LIKE ALL (search_patterns(");
    let condition = diesel::dsl::sql::<Bool>(&grams).bind::<Text, _>(asked.clone()).sql(&patterns);
    Some(condition.bind::<Text, _>(asked).sql(")))"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::{debug_query, pg::Pg};

    #[test]
    fn a_question_is_bound_never_pasted_and_a_blank_one_is_none() {
        let shown = debug_query::<Pg, _>(&found("products", Some(" 离心' ")).unwrap()).to_string();
        assert_eq!(
            shown,
            "(search_grams(products.search) @> search_wanted($1) AND products.search LIKE ALL \
             (search_patterns($2))) -- binds: [\"离心'\", \"离心'\"]"
        );
        assert!(found("products", Some(" \u{3000} ")).is_none() && found("products", None).is_none());
    }
}
