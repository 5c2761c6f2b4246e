//! The SQL that all parts of an order share: one row each, found by id, listed by order, case and state.
//! What a part asks besides stands in its own `store.rs`.

/// `part!(Shipment, shipments, ShipmentId)`: `Store`, `find`, `list`, `order_of` of a row with `order_id`.
macro_rules! part {
    ($row:ident, $table:ident, $id:ident) => {
        impl platform::Store for $row {
            async fn lock(conn: &mut platform::Conn, id: $id) -> diesel::QueryResult<Option<Self>> {
                $table::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()
            }
            async fn insert(&self, conn: &mut platform::Conn) -> diesel::QueryResult<()> {
                diesel::insert_into($table::table).values(self).execute(conn).await.map(drop)
            }
            async fn update(&self, conn: &mut platform::Conn) -> diesel::QueryResult<usize> {
                let stored = $table::table.filter($table::id.eq(self.id)).filter($table::version.eq(self.version - 1));
                platform::Steady(diesel::update(stored).set(self)).execute(conn).await
            }
        }

        /// One of them.
        pub async fn find(conn: &mut platform::Conn, id: $id) -> diesel::QueryResult<Option<$row>> {
            $table::table.find(id).select($row::as_select()).first(conn).await.optional()
        }

        /// The order it belongs to.
        pub async fn order_of(
            conn: &mut platform::Conn,
            id: $id,
        ) -> diesel::QueryResult<Option<wire::orders::OrderId>> {
            $table::table.find(id).select($table::order_id).first(conn).await.optional()
        }

        /// A page, newest first.
        pub async fn list(
            conn: &mut platform::Conn,
            query: &wire::orders::OrderPartQuery,
            sight: &platform::Sight,
        ) -> diesel::QueryResult<Vec<$row>> {
            let page = query.page();
            let mut rows =
                $table::table.select($row::as_select()).order($table::id.desc()).limit(page.fetch()).into_boxed();
            rows = platform::scoped!(rows, $table, sight);
            if let Some(after) = page.after {
                rows = rows.filter($table::id.lt($id(after)));
            }
            if let Some(case) = page.case_id {
                rows = rows.filter($table::case_id.eq(case));
            }
            if let Some(status) = page.status {
                rows = rows.filter($table::status.eq(status));
            }
            if let Some(order) = query.order_id {
                rows = rows.filter($table::order_id.eq(order));
            }
            rows.load(conn).await
        }
    };
}
pub(crate) use part;
