//! Two customers are one (CRM-28): people, opportunities, specifications and references of the one go to the other, in one
//! transaction. What other services hold of the one stays there: its replica says that it is merged, and the fact says where.
use super::{domain::Account, http::show, store};
use crate::{
    contacts::{self, domain::Contact},
    opportunities::{self, domain::Opportunity},
    requirement_specs::{self, domain::RequirementSpec},
};
use actix_web::{http::StatusCode, post, web::Path};
use platform::{ApiError, Cx, Entity, Json, Reply, Result, Tx};
use wire::crm::{self as dto, AccountId};

/// It is the same customer as another, which has its people, opportunities and references from now on.
#[utoipa::path(tag = "account", responses((status = 200, description = "Merged: a tombstone that points to the survivor", body = dto::Account)))]
#[post("/accounts/{id}/merge")]
pub(super) async fn merge_account(cx: Cx, id: Path<AccountId>, body: Json<dto::MergeAccount>) -> Reply<dto::Account> {
    cx.command(StatusCode::OK, async |tx| {
        let account: Account = tx.open(*id).await?;
        let unknown = ApiError::absent("/into_id", "account", body.0.into_id);
        let into: Option<Account> = tx.try_load(body.0.into_id).await?;
        let into = into.filter(|into| cx.sight().sees(into.ownership().as_ref())).ok_or(unknown)?;
        let refs = account.external_refs.0.clone();
        let change = account.merge(&into)?;
        let merged = tx.save(change).await?;
        move_all(tx, merged.id, &into).await?;
        for older in store::merged_into(tx.conn(), merged.id).await? {
            let older: Account = tx.load(older).await?;
            tx.save(older.follow(into.id)?).await?;
        }
        tx.move_refs("account", merged.id, into.id, &refs).await?;
        if let Some(change) = into.take_over(refs)? {
            tx.save(change).await?;
        }
        Ok(show(merged, cx.caller()))
    })
    .await
}

async fn move_all(tx: &mut Tx, from: AccountId, into: &Account) -> Result<()> {
    for id in contacts::of_account(tx.conn(), from).await? {
        // One primary contact at most: whoever is there first stays.
        let first = contacts::primary(tx.conn(), into.id).await?.is_none();
        let contact: Contact = tx.load(id).await?;
        tx.save(contact.move_to(into, first)).await?;
    }
    for id in opportunities::of_account(tx.conn(), from).await? {
        let opportunity: Opportunity = tx.load(id).await?;
        tx.save(opportunity.move_to(into)).await?;
    }
    for id in requirement_specs::of_account(tx.conn(), from).await? {
        let spec: RequirementSpec = tx.load(id).await?;
        tx.save(spec.move_to(into.id)).await?;
    }
    Ok(())
}
