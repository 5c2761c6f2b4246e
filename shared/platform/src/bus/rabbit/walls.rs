//! Walls at the broker: one user a service, who reads the service's own queues, tells facts of its own types only, and makes
//! and deletes nothing (ruling 12's, for messages). It only says so: the broker's own tools put it in force.
use super::topology::{keys_of, own_places};
use crate::bus::{BusError, EXCHANGE, Manifest};
use lapin::uri::AMQPUri;
use serde_json::{Value, json};

/// The virtual host of `url`, a user for each service of the manifest, and what it may do, in the broker's own format.
///
/// To bind a queue takes writing to the queue, reading the exchange and the right to read the key: a service can bind its
/// queues to what the manifest says that it hears, and to nothing else.
///
/// # Errors
/// `Topology` if the URL is none.
pub fn users(url: &str, password: &str, manifest: &Manifest) -> Result<Value, BusError> {
    let uri: AMQPUri = url.parse().map_err(|error| BusError::Topology(format!("bad broker URL: {error}")))?;
    let each = |of: &dyn Fn(&str, &[String]) -> Value| -> Vec<Value> {
        manifest.services.iter().map(|(service, kinds)| of(service, kinds)).collect()
    };
    let vhost = uri.vhost;
    Ok(json!({
        "vhosts": [{ "name": vhost }],
        "users": each(&|service, _| json!({ "name": service, "password": password, "tags": "" })),
        "permissions": each(&|service, _| json!({
            "user": service, "vhost": vhost, "configure": "^$", "write": own_places(service), "read": own_places(service),
        })),
        "topic_permissions": each(&|service, kinds| json!({
            "user": service, "vhost": vhost, "exchange": EXCHANGE, "write": format!("^{service}\\."),
            "read": format!("^({})$", kinds.iter().map(|kind| keys_of(kind)).collect::<Vec<_>>().join("|")),
        })),
    }))
}
