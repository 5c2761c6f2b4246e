//! The stage: people, products, items, stock and customers that a deal needs. Set up over REST as an integration would,
//! with references of its own, so that setting it up again changes nothing.
use super::deal::{BOUGHT, CUSTOMERS, Cast, Customer, PRODUCTS, SUPPLIERS};
use crate::{
    people,
    rest::{Rest, text},
};
use jiff::{ToSpan, tz::TimeZone};
use platform::auth::Role;
use serde_json::{Value, json};

/// The name under which the sample's things are known: `…/by-ref/demo/{id}`.
const SYSTEM: &str = "demo";
/// The category of what is sold on.
const GOODS: &str = "goods";

/// Two people of every role, so that no maker has to check their own work.
pub(crate) async fn people(rest: &Rest) -> anyhow::Result<()> {
    let integration = rest.person(Role::Integration);
    for &role in Role::ALL {
        for number in 1..=people::PEOPLE_A_ROLE {
            let claims = people::claims(&[role], number);
            let body =
                json!({"name": claims.name, "roles": [role], "department": claims.department, "team": claims.team});
            integration.put(&format!("/api/crm/v1/users/by-ref/directory/{}", claims.sub), &body).await?;
        }
    }
    Ok(())
}

/// The sample's products with items and stock, its suppliers and its customers.
pub(super) async fn sample(rest: &Rest) -> anyhow::Result<Cast> {
    let integration = rest.person(Role::Integration);
    for (sku, chinese, english, unit, price) in PRODUCTS.iter().chain([&BOUGHT]) {
        let product = json!({"sku": sku, "name": chinese, "name_en": english, "unit": unit, "list_price": price,
            "currency": "CNY", "tax_rate": "0.13", "status": "active"});
        integration.put(&format!("/api/quoting/v1/products/by-ref/{SYSTEM}/{sku}"), &product).await?;
        let item = json!({"sku": sku, "name": chinese, "unit": unit, "product_sku": sku});
        integration.put(&format!("/api/procurement/v1/items/by-ref/{SYSTEM}/{sku}"), &item).await?;
    }
    let entries: Value = PRODUCTS.iter().map(|(sku, ..)| json!({"sku": sku, "quantity": "1000000"})).collect();
    let opening = json!({"reference": {"system": SYSTEM, "id": "opening"}, "entries": entries});
    integration.create("/api/procurement/v1/stock/open", &opening).await?;
    let mut customers = Vec::new();
    for (reference, name, person, phone) in CUSTOMERS {
        let account = json!({"name": name, "phone": phone, "owner": people::reference(Role::SalesRep, 1)});
        customers.push(customer(rest, SYSTEM, reference, &account, person, None).await?.1);
    }
    Ok(Cast { customers, suppliers: suppliers(rest).await? })
}

/// Three of whom quotes are asked; qualified once.
async fn suppliers(rest: &Rest) -> anyhow::Result<Vec<String>> {
    let integration = rest.person(Role::Integration);
    let mut ids = Vec::new();
    for (reference, name) in SUPPLIERS {
        let list = format!("/api/procurement/v1/suppliers/by-ref/{SYSTEM}/{reference}");
        let supplier = integration.put(&list, &json!({"name": name})).await?.body;
        let id = text(&supplier, "id")?;
        qualify(rest, id).await?;
        ids.push(id.to_owned());
    }
    Ok(ids)
}

/// Makes a supplier one that goods may be bought from (PRO-11, PRO-15): the buyer applies, the manager grants; done once.
pub(super) async fn qualify(rest: &Rest, supplier: &str) -> anyhow::Result<()> {
    let (buyer, manager) = (rest.person(Role::Buyer), rest.person(Role::ProcurementManager));
    let path = format!("/api/procurement/v1/suppliers/{supplier}");
    manager.act_if(&path, "qualify", &json!({})).await?;
    let granted = buyer.get(&format!("{path}/qualifications?status=qualified")).await?;
    let mut granted = granted["items"].as_array().into_iter().flatten();
    if granted.any(|one| one["category"] == GOODS) {
        return Ok(());
    }
    let zone = TimeZone::get("Asia/Shanghai")?;
    let last_day = rest.now().timestamp().to_zoned(zone).date().checked_add(1.year())?;
    let new = json!({"category": GOODS, "valid_to": last_day.to_string(), "justification": "营业执照与样品合格 licence and samples in order"});
    let applied = buyer.create(&format!("{path}/qualifications"), &new).await?;
    let applied = format!("/api/procurement/v1/supplier-qualifications/{}", text(&applied, "id")?);
    manager.act(&applied, "qualify", &json!({})).await?;
    Ok(())
}

/// A customer and the person to ask there; was the customer new?
pub(crate) async fn customer(
    rest: &Rest,
    system: &str,
    reference: &str,
    account: &Value,
    person: &str,
    title: Option<&str>,
) -> anyhow::Result<(bool, Customer)> {
    let integration = rest.person(Role::Integration);
    let known = integration.put(&format!("/api/crm/v1/accounts/by-ref/{system}/{reference}"), account).await?;
    let account_id = text(&known.body, "id")?.parse()?;
    let contact = json!({"account_id": account_id, "name": person, "title": title, "phone": account["phone"],
        "roles": ["decision_maker"], "primary": true});
    integration.put(&format!("/api/crm/v1/contacts/by-ref/{system}/{reference}"), &contact).await?;
    let phone = account["phone"].as_str().unwrap_or_default().to_owned();
    let customer = Customer { account_id, name: text(account, "name")?.to_owned(), person: person.to_owned(), phone };
    Ok((known.status == reqwest::StatusCode::CREATED, customer))
}
