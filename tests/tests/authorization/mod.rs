//! Who gets what, over the whole suite at once: a matrix of every operation, role and relation, and a crawler that looks for
//! what it must not see. Both ask one node on which deals have been played to their end; neither changes what it says.
mod crawler;
mod matrix;
mod owners;

use crate::{
    tools::{play, running},
    walk::{self, Lists},
};
use owners::{Owner, Owners};
use platform::auth::Scope;
use serde_json::{Value, json};
use std::time::Duration;
use suite::demo::Source;
use testkit::{Client, Yewu, eventually};
use tokio::sync::OnceCell;

/// Deals on both routes, with a shortage and an unhappy customer, all of the department `sales`.
struct Ground {
    yewu: Yewu,
    owners: Owners,
    /// Path of a list → what the auditor finds in it.
    lists: Lists,
}

static GROUND: OnceCell<Ground> = OnceCell::const_new();

async fn ground() -> &'static Ground {
    GROUND.get_or_init(Ground::play).await
}

impl Ground {
    async fn play() -> Self {
        let (yewu, settings) = running().await;
        play(&settings, Source::Sample { cases: 4 }).await;
        canary_customers(&yewu).await;
        quiet(&yewu).await;
        let owners = Owners::read(&yewu).await;
        let lists = walk::lists(&yewu.role("auditor")).await;
        Self { yewu, owners, lists }
    }
    /// The rows of a list, empty where there is no such list.
    fn rows(&self, path: &str) -> &[Value] {
        self.lists.get(path).map(Vec::as_slice).unwrap_or_default()
    }
}

/// No other word holds it.
const CANARY: &str = "Kanarienvogel";
/// Whoever looks at it from another department has this one.
const ELSEWHERE: &str = "crawling";

/// Customers whom nobody could take for another's, what the deals leave out (files, a ticket of nobody's order), and one
/// lead of another department.
async fn canary_customers(yewu: &Yewu) {
    let sales = yewu.role("sales_rep");
    let mut account = Value::Null;
    for number in 1..=5 {
        let (name, phone) = (format!("{CANARY} {number} AG"), format!("+49 40 715517{number}"));
        let customer = json!({"name": name, "phone": phone, "note": CANARY});
        account = sales.post("/api/crm/v1/accounts", customer).await.created();
        let contact = json!({"account_id": account["id"], "name": format!("{CANARY} Anna {number}"), "phone": phone});
        sales.post("/api/crm/v1/contacts", contact).await.created::<Value>();
        let phone = format!("02071551{number}00");
        sales
            .post("/api/crm/v1/leads", lead(&format!("{CANARY} Lead {number}"), CANARY, &phone))
            .await
            .created::<Value>();
    }
    for service in suite::ALL {
        let path = format!("/api/{}/v1/attachments?file_name={CANARY}.pdf&kind=document", service.name);
        sales.upload(&path, "application/pdf", format!("%PDF-1.7 {CANARY} {}", service.name)).await.created::<Value>();
        let lent =
            json!({"to": "sales_manager-2", "first_day": "2099-01-01", "last_day": "2099-01-02", "reason": "away"});
        let delegations = format!("/api/{}/v1/delegations", service.name);
        yewu.role("sales_manager").post(&delegations, lent).await.created::<Value>();
    }
    let ticket = json!({"kind": "consult", "channel": "phone", "severity": "high", "account_id": account["id"],
        "contact": {"name": format!("{CANARY} Anna")}, "description": format!("{CANARY}: sings no more")});
    let service = yewu.role("customer_service");
    eventually(Duration::from_secs(20), async || {
        let answer = service.post("/api/aftersales/v1/tickets", &ticket).await;
        if answer.status == 201 { Ok(()) } else { Err(answer.text) }
    })
    .await;
    let elsewhere = yewu.user("sales_rep", "crawler", ELSEWHERE, ELSEWHERE);
    elsewhere.post("/api/crm/v1/leads", lead("Crawler & Co", "Spider", "02000000000")).await.created::<Value>();
}

fn lead(name: &str, person: &str, phone: &str) -> Value {
    json!({"party_type": "org", "name": name, "contact_name": person, "contact_phone": phone, "source": "exhibition", "need": "a cage"})
}

/// Waits until every fact has been told and heard: what follows from it is there.
async fn quiet(yewu: &Yewu) {
    let waiting = "SELECT (SELECT count(*) FROM inbox WHERE status <> 'done') + (SELECT count(*) FROM outbox WHERE published_at IS NULL)";
    let mut quiet_before = false;
    eventually(Duration::from_mins(1), async || {
        for service in suite::ALL {
            let count = yewu.sql(service.name, waiting).await;
            if count != "0" {
                quiet_before = false;
                return Err(format!("{} has {count} waiting", service.name));
            }
        }
        // Between two services a fact is in neither's books.
        if std::mem::replace(&mut quiet_before, true) { Ok(()) } else { Err("quiet only once".to_owned()) }
    })
    .await;
}

/// A person who asks.
#[derive(Debug, Clone)]
struct Person(Owner);

impl Person {
    fn of(user: &str, department: &str, team: &str) -> Self {
        Self(Owner { user: user.into(), team: team.into(), department: department.into() })
    }
    fn client(&self, yewu: &Yewu, role: &str) -> Client {
        yewu.user(role, &self.0.user, &self.0.department, &self.0.team)
    }
    /// Does a permission of this scope reach the row? Written down once more, apart from the code that decides it. `None` is a
    /// kind of thing that belongs to nobody.
    fn reaches(&self, scope: Scope, row: Option<&Owner>) -> bool {
        let Some(row) = row else { return true };
        let same = |mine: &str, of_row: &str| !of_row.is_empty() && mine == of_row;
        match scope {
            Scope::All => true,
            Scope::Department => same(&self.0.department, &row.department),
            Scope::Team => same(&self.0.team, &row.team),
            Scope::Own => same(&self.0.user, &row.user),
        }
    }
}
