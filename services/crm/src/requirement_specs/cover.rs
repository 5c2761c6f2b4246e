//! How it gets into the table by what a specification is covered: the step that touches more than the specification's own row.
use super::{
    domain::RequirementSpec,
    store,
    traces::{Told, reconcile},
};
use platform::{Result, Tx};
use wire::crm::RequirementSpecId;

/// Writes what a subject says of a specification that is locked.
pub async fn write(tx: &mut Tx, spec: &RequirementSpec, told: &Told) -> Result<()> {
    let known = store::traces_of(tx.conn(), spec.id, told.kind, told.subject_id).await?;
    let written = reconcile(spec, known, told, || tx.id(), &tx.stamp());
    for change in written.fresh {
        tx.create(change).await?;
    }
    for change in written.changed {
        tx.save(change).await?;
    }
    Ok(())
}

/// What another service tells of a specification; nothing where there is none.
pub async fn cover(tx: &mut Tx, spec: RequirementSpecId, told: &Told) -> Result<()> {
    match tx.try_load::<RequirementSpec>(spec).await? {
        Some(spec) => write(tx, &spec, told).await,
        None => Ok(()),
    }
}
