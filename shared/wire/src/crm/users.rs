//! The directory: who works here, in which roles (PLT-23). Tokens prove who is asking; this says who could be asked.
use crate::{Snapshot, id::id, snapshot::snapshots};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A person in the directory.
    UserId
);

/// A person at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UserSnapshot {
    pub id: UserId,
    /// The `sub` of their tokens.
    pub reference: String,
    pub name: String,
    pub roles: Vec<String>,
    pub department: Option<String>,
    pub team: Option<String>,
    pub active: bool,
    pub version: i32,
}
impl Snapshot for UserSnapshot {
    const KIND: &'static str = "user";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
    fn key(&self) -> Option<String> {
        Some(self.reference.clone())
    }
}
snapshots!(UserSnapshot =>
    /// Someone joined, moved, took another role or left.
    UserChanged = "crm.user.changed.v1",
);
