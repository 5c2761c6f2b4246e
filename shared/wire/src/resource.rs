//! What every resource shares: actions, owners, references to other systems, evidence of what a customer did.
use crate::{Gate, Label, Moment, Name, Reference, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A body the platform can put headers to: `ETag` from its version, `Location` from its id.
pub trait Shown: Serialize {
    fn id(&self) -> Option<Uuid> {
        None
    }
    fn version(&self) -> Option<i32> {
        None
    }
    /// Where it lies below the service's own path, if neither beside what it was made from nor in the collection it was sent to.
    fn place(&self) -> Option<String> {
        None
    }
    /// Of a page: where the next one starts (`Link: rel="next"`).
    fn next(&self) -> Option<Uuid> {
        None
    }
}
impl<T: Serialize> Shown for crate::Page<T> {
    fn next(&self) -> Option<Uuid> {
        self.next
    }
}
impl<T: Serialize> Shown for Vec<T> {}

/// Declares that bodies are resources with `id` and `version`.
macro_rules! resource {
    ($($name:ident),+ $(,)?) => {$(
        impl crate::Shown for $name {
            fn id(&self) -> Option<uuid::Uuid> { Some(self.id.into()) }
            fn version(&self) -> Option<i32> { Some(self.version) }
        }
    )+};
}
pub(crate) use resource;

/// Declares that bodies have a `version` and are shown in lists only: none has a place of its own.
macro_rules! listed {
    ($($name:ident),+ $(,)?) => {$(
        impl crate::Shown for $name {
            fn version(&self) -> Option<i32> { Some(self.version) }
        }
    )+};
}
pub(crate) use listed;

/// What can be done with a resource in the state it is in: the buttons of a frontend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Action {
    /// The last word of its permission. It is done by `POST` to the resource's own path and this word with `-` for `_`
    /// (`add_document`: `POST …/{id}/add-document`); only `update` is `PATCH …/{id}`, and `upsert`
    /// `PUT …/by-ref/{system}/{reference}`. Its labels are in the list `action` of `GET …/enums`.
    #[schema(examples("submit"))]
    pub action: String,
    /// May this caller do it now?
    pub allowed: bool,
    /// Why not.
    #[serde(default)]
    pub blocked_by: Vec<Gate>,
}

/// Whose row it is; frozen on the row and changed only by reassignment (ruling 17).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ownership {
    pub owner_id: Option<String>,
    /// Code of that owner's team, then.
    pub team_id: Option<String>,
    /// Code of that owner's department, then.
    pub department_id: Option<String>,
}

/// The same thing in another system; unique per system and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalRef {
    /// Code of the other system; one of yours.
    pub system: crate::Code,
    /// What the other system calls it.
    pub id: Reference,
}

words!(
    /// How the customer let us know.
    EvidenceChannel {
        Email => "email" "邮件" "E-mail",
        Phone => "phone" "电话" "Phone",
        Meeting => "meeting" "面谈" "Meeting",
        Document => "document" "书面文件" "Signed document",
        Portal => "portal" "客户链接" "Customer link",
        Chat => "chat" "即时通讯" "Chat",
    }
);

/// What shows that the customer did it, when an employee records it on the customer's behalf (ruling 16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub channel: EvidenceChannel,
    /// Who of the customer's people.
    pub person: Name,
    /// When they did it.
    pub at: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub attachment_id: Option<Uuid>,
}

/// A word with what people read in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Labelled {
    /// What requests and answers say.
    pub code: String,
    /// What readers of Chinese see.
    #[serde(rename = "zh-CN")]
    pub chinese: String,
    /// What readers of English see.
    #[serde(rename = "en")]
    pub english: String,
}
