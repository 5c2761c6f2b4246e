//! The same thing in other systems: a reference is unique per system and kind, and finds the row for an upsert.
use crate::{Conn, Result, Steady, Store, Tx, schema::external_refs};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;
use wire::ExternalRef;

crate::rules!(
    /// Why a reference is refused.
    ExternalRule {
        Taken { system: String, id: String, index: usize } => "external_ref.taken", Conflict, "{system} {id} already names another row", "{system} 的 {id} 已对应另一条记录", at "/external_refs/{index}";
    }
);

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
    /// What named one row names another from now on: two were found to be one.
    pub async fn move_refs(&mut self, kind: &str, refs: &[ExternalRef], to: impl Into<Uuid>) -> Result<()> {
        let to = to.into();
        for reference in refs {
            let one = external_refs::table.find((kind, reference.system.as_str(), reference.id.as_str()));
            Steady(diesel::update(one).set(external_refs::entity_id.eq(to))).execute(self.conn()).await?;
        }
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
