//! Contacts: the people at a customer (CRM-29).
use crate::{
    Action, EmailAddress, ExternalRef, Moment, Name, Patched, Phone, Snapshot,
    crm::{AccountId, ContactId},
    page::page_query,
    resource::resource,
    snapshot::snapshots,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

words!(
    /// Is the person still there?
    ContactStatus {
        Active => "active" "在职" "Active",
        Left => "left" "已离职" "Left",
    }
);
words!(
    /// What a person does in the customer's decisions.
    ContactRole {
        DecisionMaker => "decision_maker" "决策人" "Decision maker",
        Influencer => "influencer" "影响者" "Influencer",
        User => "user" "使用者" "User",
        Purchasing => "purchasing" "采购" "Purchasing",
        Finance => "finance" "财务" "Finance",
        Receiving => "receiving" "收货" "Receiving",
    }
);
resource!(Contact);

/// What is known of a person: of a new one, or as another system has it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"account_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "name": "李雷", "roles": ["decision_maker"],
    "email": "li.lei@example.com"})))]
pub struct ContactProfile {
    pub account_id: AccountId,
    pub name: Name,
    /// What they are there: 设备部经理.
    #[serde(default)]
    pub title: Option<Name>,
    #[serde(default)]
    pub phone: Option<Phone>,
    #[serde(default)]
    pub email: Option<EmailAddress>,
    #[serde(default)]
    #[schema(max_items = 6)]
    pub roles: Vec<ContactRole>,
    /// The first to ask; the one before steps back. A customer's first contact is primary anyhow.
    #[serde(default)]
    pub primary: bool,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub external_refs: Vec<ExternalRef>,
}

page_query!(
    /// Filters of contacts.
    ContactQuery {
        /// Only people at this customer.
        #[param(value_type = Option<String>, format = Uuid)]
        account_id: Uuid,
        /// Words in any order, or parts of them: of the name, how it sounds, title, phone or e-mail.
        #[param(max_length = 200)]
        q: String,
    }
);

/// Changes a contact (RFC 7396): what is absent stays, `null` empties.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// What they are there: 设备部经理.
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Name>)]
    pub title: Patched<Name>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<Phone>)]
    pub phone: Patched<Phone>,
    #[serde(default, skip_serializing_if = "Patched::is_absent")]
    #[schema(value_type = Option<EmailAddress>)]
    pub email: Patched<EmailAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 6, nullable = false)]
    pub roles: Option<Vec<ContactRole>>,
    /// Only `true`: another contact becomes primary by being made so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub primary: Option<bool>,
}

/// A person at a customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    pub id: ContactId,
    pub account_id: AccountId,
    pub status: ContactStatus,
    pub name: String,
    /// What they are there: 设备部经理.
    pub title: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub roles: Vec<ContactRole>,
    /// The first to ask at the customer; there is one.
    pub primary: bool,
    pub external_refs: Vec<ExternalRef>,
    pub owner_id: Option<String>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// A contact at one version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContactSnapshot {
    pub id: ContactId,
    pub account_id: AccountId,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// The first to ask at the customer.
    pub primary: bool,
    /// Its state then, a word of its state machine.
    pub status: String,
    pub version: i32,
}
impl Snapshot for ContactSnapshot {
    const KIND: &'static str = "contact";
    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }
}
snapshots!(ContactSnapshot =>
    /// A person at a customer became known (CRM-29).
    ContactCreated = "crm.contact.created.v1",
    /// Name, ways to reach them, or whether they are primary or gone changed.
    ContactUpdated = "crm.contact.updated.v1",
);
