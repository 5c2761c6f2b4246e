//! Walls at the broker: one user a service, who reads the service's own queues, tells facts of its own types only, and makes
//! and deletes nothing (ruling 12's, for messages). It only says so: the broker's own tools put it in force.
use super::topology::{keys_of, own_places};
use crate::{
    bus::{BusError, EXCHANGE, Manifest},
    settings::Secret,
};
use anyhow::Context;
use lapin::uri::AMQPUri;
use serde_json::{Value, json};

/// The virtual host of `url`, a user for each service of the manifest, and what it may do, in the broker's own format.
///
/// To bind a queue takes writing to the queue, reading the exchange and the right to read the key: a service can bind its
/// queues to what the manifest says that it hears, and to nothing else.
///
/// # Errors
/// The URL is none, or a user has no password.
pub fn users(
    url: &str,
    password_of: impl Fn(&str) -> anyhow::Result<Secret>,
    manifest: &Manifest,
) -> anyhow::Result<Value> {
    let uri: AMQPUri = url.parse().map_err(|error| BusError::Topology(format!("bad broker URL: {error}")))?;
    let user = |service: &str| -> anyhow::Result<Value> {
        Ok(json!({ "name": service, "password": password_of(service)?.reveal(), "tags": "" }))
    };
    let users = manifest.services.iter().map(|(service, _)| user(service)).collect::<anyhow::Result<Vec<_>>>()?;
    let each = |of: &dyn Fn(&str, &[String]) -> Value| -> Vec<Value> {
        manifest.services.iter().map(|(service, kinds)| of(service, kinds)).collect()
    };
    let vhost = uri.vhost;
    Ok(json!({
        "vhosts": [{ "name": vhost }],
        "users": users,
        "permissions": each(&|service, _| json!({
            "user": service, "vhost": vhost, "configure": "^$", "write": own_places(service), "read": own_places(service),
        })),
        "topic_permissions": each(&|service, kinds| json!({
            "user": service, "vhost": vhost, "exchange": EXCHANGE, "write": format!("^{service}\\."),
            "read": format!("^({})$", kinds.iter().map(|kind| keys_of(kind)).collect::<Vec<_>>().join("|")),
        })),
    }))
}

/// Adds the user of `admin_url`, who may do everything: for a broker that starts with these definitions, which then makes no
/// user of its own.
///
/// # Errors
/// The URL is none.
pub fn add_administrator(definitions: &mut Value, admin_url: &str) -> anyhow::Result<()> {
    let uri: AMQPUri = admin_url.parse().map_err(|error| BusError::Topology(format!("bad broker URL: {error}")))?;
    let who = uri.authority.userinfo;
    let user = json!({ "name": who.username, "password": who.password, "tags": "administrator" });
    let all = json!({ "user": who.username, "vhost": uri.vhost, "configure": ".*", "write": ".*", "read": ".*" });
    for (list, entry) in [("users", user), ("permissions", all)] {
        definitions[list].as_array_mut().context("these are no definitions")?.push(entry);
    }
    Ok(())
}
