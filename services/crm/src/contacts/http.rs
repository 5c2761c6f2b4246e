//! `/api/crm/v1/contacts`: parse, ask, answer.
use super::{
    domain::{Contact, ContactRule},
    store,
};
use crate::{accounts::domain::Account, references};
use actix_web::{
    get,
    http::StatusCode,
    patch, post, put,
    web::{Path, Query},
};
use platform::{ApiError, Caller, Cx, Entity, Json, Machine, Reply, Result, Tx};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    ExternalRef, Page, PageQuery,
    crm::{self as dto, AccountId, AccountStatus, ContactId, ContactQuery},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(upsert_contact)
        .service(create_contact)
        .service(list_contacts)
        .service(list_account_contacts)
        .service(get_contact)
        .service(update_contact)
        .service(deactivate_contact);
}

/// Someone at a customer became known.
#[utoipa::path(tag = "contact", responses((status = 201, description = "The contact", body = dto::Contact)))]
#[post("/contacts")]
async fn create_contact(cx: Cx, body: Json<dto::ContactProfile>) -> Reply<dto::Contact> {
    cx.command(StatusCode::CREATED, async |tx| {
        let account = account_of(tx, body.0.account_id).await?;
        if !cx.sight().sees(account.ownership().as_ref()) {
            return Err(unknown(body.0.account_id));
        }
        Ok(show(meet(tx, body.0.clone(), &account).await?, cx.caller()))
    })
    .await
}

/// As another system has them: a new contact, or brought up to date.
#[utoipa::path(tag = "contact", responses((status = 200, description = "Up to date", body = dto::Contact), (status = 201, description = "A new contact", body = dto::Contact)))]
#[put("/contacts/by-ref/{system}/{reference}")]
async fn upsert_contact(cx: Cx, path: Path<(String, String)>, body: Json<dto::ContactProfile>) -> Reply<dto::Contact> {
    let reference = references::parse(path.into_inner())?;
    cx.upsert(async |tx| {
        let (created, contact) = put(tx, &reference, body.0.clone()).await?;
        Ok((created, show(contact, cx.caller())))
    })
    .await
}

/// Were they created? And as they stand.
async fn put(tx: &mut Tx, reference: &ExternalRef, mut profile: dto::ContactProfile) -> Result<(bool, Contact)> {
    profile.external_refs = references::with_path(reference.clone(), profile.external_refs);
    // The customer's row is locked first: whoever makes a contact primary does so alone.
    let account = account_of(tx, profile.account_id).await?;
    let Some(contact) = tx.by_ref::<Contact>(reference).await? else {
        return Ok((true, meet(tx, profile, &account).await?));
    };
    let Some(change) = contact.clone().sync(profile)? else { return Ok((false, contact)) };
    if change.after().is_primary && !contact.is_primary {
        relieve(tx, contact.account_id).await?;
    }
    let contact = tx.save(change).await?;
    tx.bind_refs("contact", contact.id, &contact.external_refs.0).await?;
    Ok((false, contact))
}

/// A new contact of a customer whose row is locked.
pub async fn meet(tx: &mut Tx, profile: dto::ContactProfile, account: &Account) -> Result<Contact> {
    if matches!(account.status, AccountStatus::Merged | AccountStatus::Purged) {
        return Err(ContactRule::Gone.into());
    }
    let first = store::primary(tx.conn(), account.id).await?.is_none();
    if profile.primary && !first {
        relieve(tx, account.id).await?;
    }
    let owner = account.ownership().unwrap_or_default();
    let change = Contact::meet(tx.id(), profile, first, owner, &tx.stamp())?;
    let contact = tx.create(change).await?;
    tx.bind_refs("contact", contact.id, &contact.external_refs.0).await?;
    Ok(contact)
}

/// The primary contact steps back.
async fn relieve(tx: &mut Tx, account: AccountId) -> Result<()> {
    if let Some(id) = store::primary(tx.conn(), account).await? {
        let old: Contact = tx.load(id).await?;
        tx.save(old.step_back()).await?;
    }
    Ok(())
}

async fn account_of(tx: &mut Tx, id: AccountId) -> Result<Account> {
    tx.try_load::<Account>(id).await?.ok_or_else(|| unknown(id))
}
fn unknown(id: AccountId) -> ApiError {
    ApiError::absent("/account_id", "account", id)
}

/// Contacts, newest first; `q` finds them by name, how it sounds, title, phone or e-mail.
#[utoipa::path(tag = "contact", params(ContactQuery), responses((status = 200, description = "A page", body = Page<dto::Contact>)))]
#[get("/contacts")]
async fn list_contacts(cx: Cx, query: Query<ContactQuery>) -> Reply<Page<dto::Contact>> {
    page(&cx, &query, None).await
}

/// The people at one customer.
#[utoipa::path(tag = "contact", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Contact>)))]
#[get("/accounts/{id}/contacts")]
async fn list_account_contacts(cx: Cx, id: Path<AccountId>, query: Query<PageQuery>) -> Reply<Page<dto::Contact>> {
    let PageQuery { limit, after, case_id, status } = query.into_inner();
    let account_id = Some((*id).into());
    page(&cx, &ContactQuery { limit, after, case_id, status, account_id, q: None }, Some(*id)).await
}

/// `of` = the account that the path names: 404 if it is absent or out of sight.
async fn page(cx: &Cx, query: &ContactQuery, of: Option<AccountId>) -> Reply<Page<dto::Contact>> {
    cx.read(async |conn| {
        if let Some(id) = of {
            cx.visible(id, crate::accounts::find(conn, id).await?)?;
        }
        let rows = store::list(conn, query, cx.sight()).await?;
        Ok(query.page().page(rows, |contact| contact.id.into(), |contact| show(contact, cx.caller())))
    })
    .await
}

/// One contact.
#[utoipa::path(tag = "contact", responses((status = 200, description = "The contact", body = dto::Contact)))]
#[get("/contacts/{id}")]
async fn get_contact(cx: Cx, id: Path<ContactId>) -> Reply<dto::Contact> {
    cx.read(async |conn| Ok(show(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a contact, or make them primary.
#[utoipa::path(tag = "contact", responses((status = 200, description = "The contact", body = dto::Contact)))]
#[patch("/contacts/{id}")]
async fn update_contact(cx: Cx, id: Path<ContactId>, body: Json<dto::ContactPatch>) -> Reply<dto::Contact> {
    cx.command(StatusCode::OK, async |tx| {
        let contact: Contact = tx.open(*id).await?;
        let (account, was_primary) = (contact.account_id, contact.is_primary);
        let change = contact.update(body.0.clone())?;
        if change.after().is_primary && !was_primary {
            // Whoever makes a contact primary does so alone.
            account_of(tx, account).await?;
            relieve(tx, account).await?;
        }
        Ok(show(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// They do not work there any more.
#[utoipa::path(tag = "contact", responses((status = 200, description = "Left", body = dto::Contact)))]
#[post("/contacts/{id}/deactivate")]
async fn deactivate_contact(cx: Cx, id: Path<ContactId>) -> Reply<dto::Contact> {
    cx.command(StatusCode::OK, async |tx| {
        let contact: Contact = tx.open(*id).await?;
        Ok(show(tx.save(contact.deactivate()?).await?, cx.caller()))
    })
    .await
}

fn show(contact: Contact, caller: &Caller) -> dto::Contact {
    let available_actions = contact.available_actions(caller);
    let Contact {
        id,
        account_id,
        status,
        name,
        title,
        phone,
        phone_key: _,
        pinyin: _,
        email,
        roles,
        is_primary,
        external_refs,
        owner_id,
        team_id: _,
        department_id: _,
        created_at,
        version,
    } = contact;
    let (roles, external_refs) = (roles.0, external_refs.0);
    dto::Contact {
        id,
        account_id,
        status,
        name,
        title,
        phone,
        email,
        roles,
        primary: is_primary,
        external_refs,
        owner_id,
        created_at,
        version,
        available_actions,
    }
}
