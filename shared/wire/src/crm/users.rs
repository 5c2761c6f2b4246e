//! The directory: who works here, in which roles (PLT-23). Tokens prove who is asking; this says who could be asked.
use crate::{
    Action, Code, Moment, Name, Snapshot,
    id::id,
    resource::{listed, resource},
    snapshot::snapshots,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A person in the directory.
    UserId,
    /// A department.
    DepartmentId,
);
words!(
    /// Is someone, or a department, still here?
    DirectoryStatus {
        Active => "active" "在职" "Active",
        Inactive => "inactive" "停用" "Inactive",
    }
);
resource!(User);
listed!(Department);

/// A person as another system of record knows them; the reference is in the path.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name": "王芳", "roles": ["sales_rep"], "department": "sales", "team": "east"})))]
pub struct UserProfile {
    pub name: Name,
    /// Words of the roles, as in the token's `roles` claim.
    #[schema(min_items = 1, max_items = 21)]
    pub roles: Vec<Code>,
    /// Code of a department of the directory.
    #[serde(default)]
    pub department: Option<Code>,
    /// Code of the team that they belong to; absent where they have none.
    #[serde(default)]
    pub team: Option<Code>,
}

/// A person as the directory knows them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct User {
    pub id: UserId,
    /// The `sub` of their tokens.
    pub reference: String,
    pub name: String,
    /// Words of the roles, as in the token's `roles` claim.
    pub roles: Vec<String>,
    /// Code of a department of the directory; absent where they have none.
    pub department: Option<String>,
    /// Code of the team that they belong to; absent where they have none.
    pub team: Option<String>,
    pub status: DirectoryStatus,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A department as another system of record knows it; its code is in the path.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"name_zh": "售后部", "name_en": "After-sales"})))]
pub struct DepartmentProfile {
    pub name_zh: Name,
    pub name_en: Name,
}

/// A department.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Department {
    pub id: DepartmentId,
    /// What tokens and rows call it.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub version: i32,
}

/// A person at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UserSnapshot {
    pub id: UserId,
    /// The `sub` of their tokens.
    pub reference: String,
    pub name: String,
    /// Words of their roles.
    pub roles: Vec<String>,
    /// Code of their department; absent where they have none.
    pub department: Option<String>,
    /// Code of their team; absent where they have none.
    pub team: Option<String>,
    /// May they work now?
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
