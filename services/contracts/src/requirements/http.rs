//! `/api/contracts/v1/contract-policies` and `/contract-requirements/evaluate`: parse, ask, answer.
use super::{
    domain::{Policy, RequirementRule},
    store,
};
use crate::{contracts, exchange_rates};
use actix_web::{get, http::StatusCode, post, web::Query};
use platform::{Conn, Cx, Json, Reply, Result, Sight};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{Day, Money, Ownership, Page, PageQuery, contracts as dto};

pub fn routes(config: &mut ServiceConfig) {
    config.service(publish_contract_policy).service(list_contract_policies).service(evaluate_contract_requirement);
}

/// Publish from which amount on an order needs a contract, and which clauses that must have.
#[utoipa::path(tag = "contract_policy", responses((status = 201, description = "Published", body = dto::ContractPolicy)))]
#[post("/contract-policies")]
async fn publish_contract_policy(cx: Cx, body: Json<dto::NewContractPolicy>) -> Reply<dto::ContractPolicy> {
    cx.command(StatusCode::CREATED, async |tx| {
        let revision = store::next_revision(tx.conn()).await?;
        let stamp = tx.stamp();
        let change = Policy::publish(tx.id(), revision, body.0.clone(), stamp.today(), &stamp)?;
        Ok(tx.create(change).await?.show())
    })
    .await
}

/// Policies, newest first: of those whose day has come, the first holds.
#[utoipa::path(tag = "contract_policy", params(PageQuery), responses((status = 200, description = "A page", body = Page<dto::ContractPolicy>)))]
#[get("/contract-policies")]
async fn list_contract_policies(cx: Cx, page: Query<PageQuery>) -> Reply<Page<dto::ContractPolicy>> {
    cx.read(async |conn| {
        let rows = store::list(conn, &page).await?;
        Ok(page.page(rows, |policy| policy.id.into(), Policy::show))
    })
    .await
}

/// Does an order need a contract, and which effective contract covers it? Writes nothing.
#[utoipa::path(tag = "contract_requirement", extensions(("x-pure" = json!(true))), responses((status = 200, description = "The judgement", body = dto::ContractRequirement)))]
#[post("/contract-requirements/evaluate")]
async fn evaluate_contract_requirement(
    cx: Cx,
    body: Json<dto::NewContractRequirement>,
) -> Reply<dto::ContractRequirement> {
    let sight = cx.caller().sight("contracts.contract.read");
    cx.read(async |conn| evaluate(conn, body.0.clone(), sight.as_ref()).await).await
}

async fn evaluate(
    conn: &mut Conn,
    asked: dto::NewContractRequirement,
    sight: Option<&Sight>,
) -> Result<dto::ContractRequirement> {
    let dto::NewContractRequirement { order_total, account_id, order_date, contract_id } = asked;
    if order_total.amount.get().is_sign_negative() {
        return Err(RequirementRule::Negative.into());
    }
    let policy = store::on(conn, order_date).await?;
    let no_rate = || RequirementRule::NoRate { date: order_date, currency: order_total.currency };
    let total = exchange_rates::convert(conn, order_total, policy.currency, order_date).await?.ok_or_else(no_rate)?;
    let mut unused = contracts::unused(conn, account_id).await?;
    if let Some(wanted) = contract_id {
        unused.retain(|head| head.id == wanted);
        if unused.is_empty() {
            return Err(RequirementRule::ContractElsewhere.into());
        }
    }
    let (mut covered, mut satisfied_by) = (false, Vec::new());
    for head in unused {
        let remaining = Money::new(head.gross, head.currency);
        if !covers(conn, remaining, order_total, total, policy.currency, order_date).await? {
            continue;
        }
        covered = true;
        let contracts::domain::Head { id, number, owner_id, team_id, department_id, .. } = head;
        let owner = Ownership { owner_id, team_id, department_id };
        if sight.is_some_and(|sight| sight.sees(Some(&owner))) {
            satisfied_by.push(dto::CoveringContract { contract_id: id, number, remaining });
        }
    }
    let required = policy.requires(total);
    Ok(dto::ContractRequirement {
        required,
        limit: policy.limit(),
        converted: Money::new(total.into(), policy.currency),
        policy_revision: policy.revision,
        clauses: policy.clauses.0,
        satisfied: !required || covered,
        satisfied_by,
    })
}

/// Is what remains of a contract enough? Compared in the order's own currency where it is the same; a contract whose currency
/// has no rate on the day covers nothing.
async fn covers(
    conn: &mut Conn,
    remaining: Money,
    order_total: Money,
    total: rust_decimal::Decimal,
    base: wire::Currency,
    date: Day,
) -> Result<bool> {
    if remaining.currency == order_total.currency {
        return Ok(remaining.amount >= order_total.amount);
    }
    let converted = exchange_rates::convert(conn, remaining, base, date).await?;
    Ok(converted.is_some_and(|remaining| remaining >= total))
}
