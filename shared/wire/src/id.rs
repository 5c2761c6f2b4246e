//! Typed ids: `UUIDv7` newtypes, so that a quote's id can't be handed in as an order's.

/// Declares newtype ids over a `UUIDv7` (time-ordered, RFC 9562), with their OpenAPI and Diesel ends.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Uuid))]
        #[schema(value_type = String, format = Uuid, examples("01932c5e-7b1a-7c3d-9e4f-0123456789ab"))]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);
        impl From<$name> for uuid::Uuid { fn from(id: $name) -> Self { id.0 } }
        impl From<uuid::Uuid> for $name { fn from(id: uuid::Uuid) -> Self { Self(id) } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }
        #[cfg(feature = "db")]
        const _: () = {
            use diesel::{deserialize as de, pg::{Pg, PgValue}, serialize as ser, sql_types::Uuid as SqlUuid};
            impl ser::ToSql<SqlUuid, Pg> for $name {
                fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
                    <uuid::Uuid as ser::ToSql<SqlUuid, Pg>>::to_sql(&self.0, out)
                }
            }
            impl de::FromSql<SqlUuid, Pg> for $name {
                fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
                    <uuid::Uuid as de::FromSql<SqlUuid, Pg>>::from_sql(value).map(Self)
                }
            }
        };
    )+};
}
pub(crate) use id;

id! {
    /// One deal from end to end, minted by its first document and inherited through every event (ruling 15).
    CaseId,
    /// One fact on the bus; the `CloudEvents` id and the consumer's key against doubles.
    EventId,
}
