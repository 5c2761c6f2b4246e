//! Facts: what a service says happened. Past tense, never edited once published (a change of shape is a `.v2`).
//! The envelope is `CloudEvents` 1.0 structured JSON; extensions follow its naming rule (lower-case letters and digits).
use crate::{CaseId, EventId, Moment};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use uuid::Uuid;

/// A fact another service may react to.
pub trait Event: Serialize + DeserializeOwned + ToSchema + Send + Sync + 'static {
    /// `CloudEvents` `type` and routing key: `<service>.<entity>.<past tense>.v<n>` (ruling 4).
    const TYPE: &'static str;
}

/// One line of a service's catalogue of facts, for `AsyncAPI` and the event pages.
#[derive(Clone, Copy)]
pub struct EventInfo {
    pub kind: &'static str,
    pub says: &'static str,
    pub schema_name: fn() -> String,
    /// The JSON schema and those that it refers to.
    pub schemas: fn() -> Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
}

impl EventInfo {
    /// Describes `E`; `says` is one English sentence for the reader of the catalogue.
    #[must_use]
    pub const fn of<E: Event>(says: &'static str) -> Self {
        Self::named::<E>(E::TYPE, says)
    }
    /// Describes a fact whose type is not the shape's alone: the platform's, which each service tells under its own name.
    pub(crate) const fn named<E: ToSchema>(kind: &'static str, says: &'static str) -> Self {
        Self {
            kind,
            says,
            schema_name: || E::name().into_owned(),
            schemas: || {
                let mut all = vec![(E::name().into_owned(), E::schema())];
                E::schemas(&mut all);
                all
            },
        }
    }
}

/// Declares an event's type beside its struct.
macro_rules! event {
    ($name:ident = $kind:literal) => {
        impl crate::Event for $name {
            const TYPE: &'static str = $kind;
        }
    };
}
pub(crate) use event;

/// What the broker carries.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CloudEvent {
    /// `1.0`, always.
    pub specversion: String,
    pub id: EventId,
    /// `/quoting`: the service that said it.
    pub source: String,
    /// `quoting.quote.accepted.v1`: service, entity, what happened, version.
    #[serde(rename = "type")]
    pub kind: String,
    /// The aggregate's id.
    pub subject: Uuid,
    pub time: Moment,
    /// `application/json`, always.
    pub datacontenttype: String,
    /// Facts with one key keep their order (ruling 25): the case, or the aggregate where it belongs to no single case.
    pub partitionkey: Uuid,
    /// Who did it: `user:…`, `event:…`, `job:…`, `customer:…`.
    pub actor: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub caseid: Option<CaseId>,
    /// The event that this one follows from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub causeid: Option<EventId>,
    /// Whose row it is: rows born of the event inherit it (ruling 17).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ownerid: Option<String>,
    /// The team of that owner.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub teamid: Option<String>,
    /// The department of that owner.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub departmentid: Option<String>,
    /// W3C trace context, so that one trace follows a deal through all services.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub traceparent: Option<String>,
    /// The fact itself, in the shape of its type.
    pub data: serde_json::Value,
}
