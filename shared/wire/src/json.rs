//! Values kept whole in a JSON column: written once, read whole, never queried by their insides.
use serde::{Deserialize, Serialize};

/// A value in a `JSONB` column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(diesel::AsExpression, diesel::FromSqlRow), diesel(sql_type = diesel::sql_types::Jsonb))]
#[serde(transparent)]
pub struct Kept<T>(pub T);

#[cfg(feature = "db")]
const _: () = {
    use diesel::{
        deserialize as de,
        pg::{Pg, PgValue},
        serialize as ser,
        sql_types::Jsonb,
    };
    impl<T: Serialize + std::fmt::Debug> ser::ToSql<Jsonb, Pg> for Kept<T> {
        fn to_sql<'b>(&'b self, out: &mut ser::Output<'b, '_, Pg>) -> ser::Result {
            let value = serde_json::to_value(&self.0)?;
            <serde_json::Value as ser::ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
        }
    }
    impl<T: serde::de::DeserializeOwned> de::FromSql<Jsonb, Pg> for Kept<T> {
        fn from_sql(value: PgValue<'_>) -> de::Result<Self> {
            let value = <serde_json::Value as de::FromSql<Jsonb, Pg>>::from_sql(value)?;
            Ok(Self(serde_json::from_value(value)?))
        }
    }
};
