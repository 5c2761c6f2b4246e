//! The stage: people, products, items, stock and customers that a deal needs. Set up over REST as an integration would,
//! with references of its own, so that setting it up again changes nothing.
use super::deal::{BOUGHT, CUSTOMERS, Cast, Customer, PRODUCTS, SUPPLIERS};
use crate::{
    people,
    rest::{Rest, text},
};
use platform::auth::Role;
use serde_json::{Value, json};

/// The name under which the sample's things are known: `…/by-ref/demo/{id}`.
const SYSTEM: &str = "demo";

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
    let (integration, manager) = (rest.person(Role::Integration), rest.person(Role::ProcurementManager));
    let mut ids = Vec::new();
    for (reference, name) in SUPPLIERS {
        let list = format!("/api/procurement/v1/suppliers/by-ref/{SYSTEM}/{reference}");
        let supplier = integration.put(&list, &json!({"name": name})).await?.body;
        let id = text(&supplier, "id")?;
        manager.act_if(&format!("/api/procurement/v1/suppliers/{id}"), "qualify", &json!({})).await?;
        ids.push(id.to_owned());
    }
    Ok(ids)
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
