//! The SQL that is the same for every kind whose row is its whole self: [`store!`](crate::store), [`page!`](crate::page) and
//! [`sorted!`](crate::sorted).
//! A kind of several tables writes its `Store` by hand; what a kind is asked beyond one row and a page is its own.

/// Implements [`Store`](crate::Store) over one table, and `find`, a row by its id without a lock: `store!(Lead, leads)`.
#[macro_export]
macro_rules! store {
    ($entity:ident, $table:ident) => {
        impl $crate::Store for $entity {
            async fn lock(
                conn: &mut $crate::Conn,
                id: <Self as $crate::Entity>::Id,
            ) -> diesel::QueryResult<Option<Self>> {
                let row = $table::table.find(id).select(<Self as diesel::SelectableHelper<_>>::as_select());
                let row = diesel_async::RunQueryDsl::first(diesel::QueryDsl::for_update(row), conn).await;
                diesel::OptionalExtension::optional(row)
            }
            async fn insert(&self, conn: &mut $crate::Conn) -> diesel::QueryResult<()> {
                let row = diesel::insert_into($table::table).values(self);
                diesel_async::RunQueryDsl::execute(row, conn).await.map(drop)
            }
            async fn update(&self, conn: &mut $crate::Conn) -> diesel::QueryResult<usize> {
                use diesel::{ExpressionMethods, QueryDsl};
                let stored = $table::table.filter($table::id.eq(self.id)).filter($table::version.eq(self.version - 1));
                diesel_async::RunQueryDsl::execute($crate::Steady(diesel::update(stored).set(self)), conn).await
            }
        }

        /// The row of this id.
        pub async fn find(
            conn: &mut $crate::Conn,
            id: <$entity as $crate::Entity>::Id,
        ) -> diesel::QueryResult<Option<$entity>> {
            let row = diesel::QueryDsl::find($table::table, id);
            let row = diesel::QueryDsl::select(row, <$entity as diesel::SelectableHelper<_>>::as_select());
            diesel::OptionalExtension::optional(diesel_async::RunQueryDsl::first(row, conn).await)
        }
    };
}

/// A page of a table, newest first, as a boxed query to load or to narrow further: `page!(Lead, leads, query.page(), sight;
/// case_id = query.case_id, status = query.status)`. A filter counts where its value is `Some`. Of what belongs to nobody:
/// `all` for `sight`. Of a kind of several tables: its head.
#[macro_export]
macro_rules! page {
    ($entity:ident, $table:ident, $page:expr, all $(; $($column:ident = $value:expr),+)?) => {{
        let page = &$page;
        let newest = $table::table.select($entity::as_select()).order($table::id.desc()).limit(page.fetch());
        let mut rows = newest.into_boxed();
        if let Some(after) = page.after {
            rows = rows.filter($table::id.lt(after));
        }
        $($(if let Some(value) = $value.clone() {
            rows = rows.filter($table::$column.eq(value));
        })+)?
        rows
    }};
    ($entity:ident, $table:ident, $page:expr, $sight:expr $(; $($column:ident = $value:expr),+)?) => {{
        let rows = $crate::page!($entity, $table, $page, all $(; $($column = $value),+)?);
        $crate::scoped!(rows, $table, $sight)
    }};
}

/// Puts a page's rows in an order of its own instead of newest first: `sorted!(rows, quotes, page, "quotes.gross", desc)`, where `rows`
/// were asked for with `page.from_start()`. Rows of one value come by their ids. Where the page before has ended its last row says,
/// the one of `after`, as it stands now. Wants an index on the two, `(gross, id)`, the expression word for word; a value that may be
/// absent would end the list, so the expression has one for it. As SQL, since Diesel has a table once in a statement.
#[macro_export]
macro_rules! sorted {
    ($rows:expr, $table:ident, $page:expr, $by:literal, asc) => {
        $crate::sorted!($rows, $table, $page, $by, "ASC" ">")
    };
    ($rows:expr, $table:ident, $page:expr, $by:literal, desc) => {
        $crate::sorted!($rows, $table, $page, $by, "DESC" "<")
    };
    ($rows:expr, $table:ident, $page:expr, $by:literal, $direction:literal $beyond:literal) => {{
        use diesel::{dsl::sql, sql_types};
        let order = concat!($by, " ", $direction, ", ", stringify!($table), ".id ", $direction);
        let rows = $rows.order(sql::<sql_types::Bool>(order));
        match $page.after {
            Some(after) => {
                let from = concat!(" FROM ", stringify!($table), " WHERE ", stringify!($table), ".id = ");
                let last = concat!("(", $by, ", ", stringify!($table), ".id) ", $beyond, " ((SELECT ", $by);
                let last = sql::<sql_types::Bool>(last).sql(from).bind::<sql_types::Uuid, _>(after);
                rows.filter(last.sql("), ").bind::<sql_types::Uuid, _>(after).sql(")"))
            }
            None => rows,
        }
    }};
}
