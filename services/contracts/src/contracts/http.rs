//! `/api/contracts/v1/contracts`: parse, ask, answer.
use super::{
    document,
    domain::{Contract, ContractRule, Seed},
    lines, show, store,
};
use crate::{payment_milestones, requirements, templates};
use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    patch, post,
    web::{Path, Query},
};
use platform::{ApiError, Cx, Json, Reply, Result, Tx, attachments::disposition};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{
    CaseId, Page, PageQuery,
    attachment::FileBytes,
    contracts::{self as dto, ContractId, ContractStatus, TemplateStatus},
    crm::AccountSnapshot,
    quoting::Reason,
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create_contract)
        .service(list_contracts)
        .service(get_contract)
        .service(update_contract)
        .service(agree_contract)
        .service(submit_contract)
        .service(check_contract)
        .service(sign_contract)
        .service(meet_condition_contract)
        .service(activate_contract)
        .service(withdraw_contract)
        .service(get_contract_document)
        .service(list_contract_versions)
        .service(list_clauses)
        .service(get_acceptance_terms);
}

/// Draft a contract from a template.
#[utoipa::path(tag = "contract", responses((status = 201, description = "The draft", body = dto::Contract)))]
#[post("/contracts")]
async fn create_contract(cx: Cx, body: Json<dto::NewContract>) -> Reply<dto::Contract> {
    cx.command(StatusCode::CREATED, async |tx| Ok(show::contract(create(tx, body.0.clone()).await?, cx.caller()))).await
}

async fn create(tx: &mut Tx, new: dto::NewContract) -> Result<Contract> {
    let dto::NewContract {
        account_id,
        kind,
        template_id,
        currency,
        lines,
        payment_terms,
        delivery_date,
        clauses,
        conditions,
        external_refs,
    } = new;
    let account: AccountSnapshot = tx.named_replica("/account_id", account_id.into()).await?;
    let template = match template_id {
        None => templates::standard(tx.conn(), kind).await?.ok_or(ContractRule::NoTemplate { kind })?,
        Some(id) => {
            let named = templates::find(tx.conn(), id).await?;
            let fits = named.filter(|template| template.kind == kind && template.status == TemplateStatus::Approved);
            fits.ok_or(ContractRule::TemplateMisfit)?
        }
    };
    let id: ContractId = tx.id();
    let lines = lines::asked(id, lines, currency, || tx.id())?;
    let refs = external_refs.clone();
    let seed = Seed {
        id,
        case_id: tx.id::<CaseId>(),
        account,
        template: &template,
        quote_id: None,
        order_id: None,
        currency,
        lines,
        payment_terms,
        delivery_date,
        conditions,
        external_refs,
        clauses,
        agreed: &[],
        cause_event_id: None,
    };
    let change = Contract::draft(seed, &tx.stamp())?;
    let contract = tx.create(change).await?;
    tx.bind_refs("contract", id, &refs).await?;
    Ok(contract)
}

/// Contracts, newest first.
#[utoipa::path(tag = "contract", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::Contract>)))]
#[get("/contracts")]
async fn list_contracts(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::Contract>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page, cx.sight()).await?;
        Ok(page.page(rows, |contract| contract.head.id.into(), |contract| show::contract(contract, cx.caller())))
    })
    .await
}

/// One contract.
#[utoipa::path(tag = "contract", responses((status = 200, description = "The contract", body = dto::Contract)))]
#[get("/contracts/{id}")]
async fn get_contract(cx: Cx, id: Path<ContractId>) -> Reply<dto::Contract> {
    cx.read(async |conn| Ok(show::contract(cx.visible(*id, store::find(conn, *id).await?)?, cx.caller()))).await
}

/// Change a draft: lines, terms, clauses, conditions.
#[utoipa::path(tag = "contract", responses((status = 200, description = "The draft", body = dto::Contract)))]
#[patch("/contracts/{id}")]
async fn update_contract(cx: Cx, id: Path<ContractId>, body: Json<dto::ContractPatch>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        let change = contract.update(body.0.clone(), || tx.id())?;
        Ok(show::contract(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record that the parties agree on clauses, with what shows the customer's yes.
#[utoipa::path(tag = "contract", responses((status = 200, description = "The draft", body = dto::Contract)))]
#[post("/contracts/{id}/agree")]
async fn agree_contract(cx: Cx, id: Path<ContractId>, body: Json<dto::AgreeClauses>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        Ok(show::contract(tx.save(contract.agree(body.0.clone(), &tx.stamp())?).await?, cx.caller()))
    })
    .await
}

/// Ask for review: below 100 000.00 and without deviation the manager, then legal; otherwise all four departments.
#[utoipa::path(tag = "contract", responses((status = 200, description = "In review", body = dto::Contract)))]
#[post("/contracts/{id}/submit")]
async fn submit_contract(cx: Cx, id: Path<ContractId>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        let demanded = requirements::demanded(tx, &contract).await?;
        let change = contract.submit(&demanded, &tx.stamp())?;
        Ok(show::contract(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Answer the manager's four questions; without four times yes the review cannot pass.
#[utoipa::path(tag = "contract", responses((status = 200, description = "Answered", body = dto::Contract)))]
#[post("/contracts/{id}/check")]
async fn check_contract(cx: Cx, id: Path<ContractId>, body: Json<dto::NewChecklist>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        let change = contract.check(body.0.clone(), &tx.stamp())?;
        Ok(show::contract(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Record one party's signature; the second makes the contract signed and plans its payments. Of another document than the
/// approved one it is not taken: the answer shows it under `signature_mismatches`, and the contract waits for the right one.
#[utoipa::path(tag = "contract", responses((status = 200, description = "Signing, or signed", body = dto::Contract)))]
#[post("/contracts/{id}/sign")]
async fn sign_contract(cx: Cx, id: Path<ContractId>, body: Json<dto::NewSignature>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        let attachment = match body.0.attachment_id {
            Some(id) => Some(tx.attach("/attachment_id", id, &contract).await?),
            None => None,
        };
        let change = contract.sign(body.0.clone(), attachment.as_ref(), tx.id(), &tx.stamp())?;
        let contract = tx.save(change).await?;
        if contract.head.status == ContractStatus::Signed {
            payment_milestones::plan_contract(tx, &contract).await?;
        }
        Ok(show::contract(contract, cx.caller()))
    })
    .await
}

/// Record that a condition precedent is met.
#[utoipa::path(tag = "contract", responses((status = 200, description = "Recorded", body = dto::Contract)))]
#[post("/contracts/{id}/meet-condition")]
async fn meet_condition_contract(cx: Cx, id: Path<ContractId>, body: Json<dto::MeetCondition>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        let change = contract.meet_condition(body.0.clone(), &tx.stamp())?;
        Ok(show::contract(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Let it bind: it becomes an order, or releases the one that waits for it.
#[utoipa::path(tag = "contract", responses((status = 200, description = "Effective", body = dto::Contract)))]
#[post("/contracts/{id}/activate")]
async fn activate_contract(cx: Cx, id: Path<ContractId>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        let change = contract.activate(&tx.stamp())?;
        Ok(show::contract(tx.save(change).await?, cx.caller()))
    })
    .await
}

/// Give it up before it is signed, and say why.
#[utoipa::path(tag = "contract", responses((status = 200, description = "Withdrawn", body = dto::Contract)))]
#[post("/contracts/{id}/withdraw")]
async fn withdraw_contract(cx: Cx, id: Path<ContractId>, body: Json<Reason>) -> Reply<dto::Contract> {
    cx.command(StatusCode::OK, async |tx| {
        let contract: Contract = tx.open(*id).await?;
        Ok(show::contract(tx.save(contract.withdraw(body.0.reason.to_string())?).await?, cx.caller()))
    })
    .await
}

/// The contract as people read and sign it, in Chinese and English; its SHA-256 is the version's `document_sha256`.
#[utoipa::path(tag = "contract", params(dto::DocumentQuery), responses((status = 200, description = "UTF-8 text", body = FileBytes, content_type = "text/plain")))]
#[get("/contracts/{id}/document")]
async fn get_contract_document(cx: Cx, id: Path<ContractId>, query: Query<dto::DocumentQuery>) -> Result<HttpResponse> {
    let mut conn = cx.app().readers.get().await?;
    let contract = cx.visible(*id, store::find(&mut conn, *id).await?)?;
    let (revision, document) = match query.revision {
        None => (contract.head.revision, contract.document()),
        Some(revision) => {
            let absent = || ApiError::NotFound { entity: "contract_version", id: revision.to_string() };
            let version = store::version(&mut conn, *id, revision).await?.ok_or_else(absent)?;
            (revision, document::of_version(revision, &version.content)?)
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header(("etag", format!("\"{}\"", document.sha256)))
        .insert_header(disposition(&format!("{}-{revision}.txt", contract.head.number)))
        .content_type("text/plain; charset=utf-8")
        .body(document.text))
}

/// Every version that was submitted, with its hash.
#[utoipa::path(tag = "contract", responses((status = 200, description = "First to last", body = Vec<dto::ContractVersion>)))]
#[get("/contracts/{id}/versions")]
async fn list_contract_versions(cx: Cx, id: Path<ContractId>) -> Reply<Vec<dto::ContractVersion>> {
    cx.read(async |conn| {
        cx.visible(*id, store::find(conn, *id).await?)?;
        store::versions(conn, *id).await?.into_iter().map(show::version).collect()
    })
    .await
}

/// Its clauses, in the order of the document.
#[utoipa::path(tag = "clause", responses((status = 200, description = "All of them", body = Vec<dto::Clause>)))]
#[get("/contracts/{id}/clauses")]
async fn list_clauses(cx: Cx, id: Path<ContractId>) -> Reply<Vec<dto::Clause>> {
    cx.read(async |conn| {
        let contract = cx.visible(*id, store::find(conn, *id).await?)?;
        Ok(contract.clauses.into_iter().map(super::clauses::show).collect())
    })
    .await
}

/// How and by which criteria the customer accepts the goods.
#[utoipa::path(tag = "acceptance_term", responses((status = 200, description = "The terms", body = dto::AcceptanceTermsShown)))]
#[get("/contracts/{id}/acceptance-terms")]
async fn get_acceptance_terms(cx: Cx, id: Path<ContractId>) -> Reply<dto::AcceptanceTermsShown> {
    cx.read(async |conn| Ok(show::acceptance(&cx.visible(*id, store::find(conn, *id).await?)?))).await
}
