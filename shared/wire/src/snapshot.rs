//! What a service tells of its masters so that others can keep a replica (ruling 9).
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// A master at one version.
pub trait Snapshot: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `account`, `product` …
    const KIND: &'static str;
    fn id(&self) -> Uuid;
    fn version(&self) -> i32;
    /// Its natural key, unique within the kind: an sku, a user's reference.
    fn key(&self) -> Option<String> {
        None
    }
}

/// Declares events that carry nothing but a snapshot: `snapshots!(AccountSnapshot => AccountCreated = "crm.account.created.v1", …)`.
macro_rules! snapshots {
    ($snapshot:ident => $($(#[$doc:meta])* $event:ident = $kind:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $event(pub $snapshot);
        crate::event::event!($event = $kind);
        impl From<$event> for $snapshot { fn from(event: $event) -> Self { event.0 } }
    )+};
}
pub(crate) use snapshots;
