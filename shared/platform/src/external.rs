//! The same thing in other systems: a reference is unique per system and kind, and finds the row for an upsert.
use crate::{Conn, Result, Store, Tx, schema::external_refs};
use diesel::{
    prelude::*,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::ExternalRef;

crate::rules!(
    /// Why a reference is refused.
    ExternalRule {
        Taken { system: String, id: String, index: usize } => "external_ref.taken", Conflict, "{system} {id} already names another row", "{system} 的 {id} 已对应另一条记录", at "/external_refs/{index}";
    }
);

#[derive(QueryableByName)]
struct Bound {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    ordinal: i64,
}

async fn find(conn: &mut Conn, kind: &str, system: &str, reference: &str) -> QueryResult<Option<Uuid>> {
    external_refs::table.find((kind, system, reference)).select(external_refs::entity_id).first(conn).await.optional()
}

impl Tx {
    /// The row that another system's id names, locked; `None` where it names none. Whoever asks for the same id meanwhile
    /// waits until this transaction has ended: of two who would create the row, one does and the other finds it.
    pub async fn by_ref<T: Store>(&mut self, reference: &ExternalRef) -> Result<Option<T>> {
        let (system, named) = (reference.system.as_str(), reference.id.as_str());
        self.one_at_a_time(&format!("{} {system} {named}", T::KIND)).await?;
        match find(self.conn(), T::KIND, system, named).await? {
            Some(id) => self.load(id.into()).await.map(Some),
            None => Ok(None),
        }
    }
    /// Those of these references that name a row of this kind already.
    pub async fn bound_refs(&mut self, kind: &str, refs: &[ExternalRef]) -> Result<Vec<ExternalRef>> {
        let systems: Vec<&str> = refs.iter().map(|one| one.system.as_str()).collect();
        let named: Vec<&str> = refs.iter().map(|one| one.id.as_str()).collect();
        let found: Vec<Bound> = diesel::sql_query(
            "SELECT w.ordinal FROM unnest($2, $3) WITH ORDINALITY AS w (system, reference, ordinal) \
             JOIN external_refs r ON r.kind = $1 AND r.system = w.system AND r.reference = w.reference",
        )
        .bind::<Text, _>(kind)
        .bind::<Array<Text>, _>(systems)
        .bind::<Array<Text>, _>(named)
        .load(self.conn())
        .await?;
        let place = |bound: &Bound| usize::try_from(bound.ordinal - 1).ok();
        Ok(found.iter().filter_map(place).filter_map(|place| refs.get(place)).cloned().collect())
    }
    /// Ties references to new rows, in one statement; an error where one of them names a row already: look with
    /// [`bound_refs`](Self::bound_refs) before, and bind one by one what that finds.
    pub async fn bind_new_refs(&mut self, kind: &str, refs: &[(Uuid, &ExternalRef)]) -> Result<()> {
        if refs.is_empty() {
            return Ok(());
        }
        let (ids, systems): (Vec<Uuid>, Vec<&str>) = refs.iter().map(|(id, one)| (*id, one.system.as_str())).unzip();
        let named: Vec<&str> = refs.iter().map(|(_, one)| one.id.as_str()).collect();
        diesel::sql_query(
            "INSERT INTO external_refs (kind, system, reference, entity_id) SELECT $1, w.* FROM unnest($2, $3, $4) AS w",
        )
        .bind::<Text, _>(kind)
        .bind::<Array<Text>, _>(systems)
        .bind::<Array<Text>, _>(named)
        .bind::<Array<SqlUuid>, _>(ids)
        .execute(self.conn())
        .await?;
        Ok(())
    }
    /// These references, which name one row, name the other from now on.
    pub async fn move_refs(
        &mut self,
        kind: &str,
        from: impl Into<Uuid>,
        to: impl Into<Uuid>,
        refs: &[ExternalRef],
    ) -> Result<()> {
        let systems: Vec<&str> = refs.iter().map(|one| one.system.as_str()).collect();
        let named: Vec<&str> = refs.iter().map(|one| one.id.as_str()).collect();
        diesel::sql_query(
            "UPDATE external_refs r SET entity_id = $5 FROM unnest($2, $3) AS w (system, reference) \
             WHERE r.kind = $1 AND r.system = w.system AND r.reference = w.reference AND r.entity_id = $4",
        )
        .bind::<Text, _>(kind)
        .bind::<Array<Text>, _>(systems)
        .bind::<Array<Text>, _>(named)
        .bind::<SqlUuid, _>(from.into())
        .bind::<SqlUuid, _>(to.into())
        .execute(self.conn())
        .await?;
        Ok(())
    }
    /// Ties references to a row; refused where one names another row already.
    pub async fn bind_refs(&mut self, kind: &str, id: impl Into<Uuid>, refs: &[ExternalRef]) -> Result<()> {
        let id = id.into();
        for (index, reference) in refs.iter().enumerate() {
            diesel::insert_into(external_refs::table)
                .values((
                    external_refs::kind.eq(kind),
                    external_refs::system.eq(reference.system.as_str()),
                    external_refs::reference.eq(reference.id.as_str()),
                    external_refs::entity_id.eq(id),
                ))
                .on_conflict_do_nothing()
                .execute(self.conn())
                .await?;
            let (system, named) = (reference.system.to_string(), reference.id.to_string());
            if find(self.conn(), kind, &system, &named).await? != Some(id) {
                return Err(ExternalRule::Taken { system, id: named, index }.into());
            }
        }
        Ok(())
    }
}
