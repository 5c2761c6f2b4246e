//! What every service tells of its own approvals, policies and delegations: one shape, and a type that begins with the
//! service's name (ruling 4: `contracts.approval.requested.v1`). Refuses facts of business: those are each service's own.
use crate::{
    Amount, EventInfo, Moment,
    approval::{ApprovalId, ApprovalStep, Verdict},
    delegation::DelegationId,
    policy::PolicyId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A fact that each service tells under its own name.
pub trait CommonFact: Serialize + ToSchema {
    /// `<entity>.<past tense>`, between the service's name and the version.
    const NAME: &'static str;
}

/// Someone is asked to decide about a document (PLT-01).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApprovalRequested {
    pub approval_id: ApprovalId,
    /// What it is about: `contract`, `quote` …
    pub entity: String,
    /// The document's id.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    /// The document's.
    pub number: String,
    /// What the document asks by: `procurement.requisition`.
    pub policy_key: String,
    /// The version that was in force when it was asked.
    pub policy_version: i32,
    /// Index of the policy's tier that decides, from the lowest (PLT-02).
    pub tier: i32,
    pub steps: Vec<ApprovalStep>,
    /// What the tiers looked at.
    pub asked_amount: Option<Amount>,
    /// Who asked; never an approver.
    pub maker: String,
    /// 1 for the first question about a document, one more for each after it.
    pub round: i32,
    /// The question about the same document before this one (PLT-03).
    #[schema(value_type = Option<String>, format = Uuid)]
    pub previous_id: Option<ApprovalId>,
}

/// The last word about a document (PLT-01).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApprovalDecided {
    pub approval_id: ApprovalId,
    /// What it is about: `contract`, `quote` …
    pub entity: String,
    /// The document's id.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub number: String,
    /// What the document asks by: `procurement.requisition`.
    pub policy_key: String,
    /// The version that was in force when it was asked.
    pub policy_version: i32,
    pub verdict: Verdict,
    /// Who decided: a reference of the directory.
    pub by: String,
    /// The absent person whose seat it was (PLT-29).
    pub on_behalf_of: Option<String>,
    /// In the approver's words; of a rejection, what is to be corrected.
    pub comment: Option<String>,
    /// Index of the step that ended it.
    pub step: i32,
    /// 1 for the first question about a document, one more for each after it.
    pub round: i32,
}

/// A document goes back to its maker, with the reason (PLT-03).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApprovalRejected {
    pub approval_id: ApprovalId,
    /// What it is about: `contract`, `quote` …
    pub entity: String,
    /// The document's id.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub number: String,
    /// Who decided: a reference of the directory.
    pub by: String,
    pub reason: String,
    /// 1 for the first question about a document, one more for each after it.
    pub round: i32,
}

/// The document was taken back before anybody had the last word.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApprovalWithdrawn {
    pub approval_id: ApprovalId,
    /// What it is about: `contract`, `quote` …
    pub entity: String,
    /// The document's id.
    #[schema(value_type = String, format = Uuid)]
    pub subject_id: Uuid,
    pub number: String,
    /// 1 for the first question about a document, one more for each after it.
    pub round: i32,
}

/// A version of an approval policy stands, and from when on (PLT-02, PLT-11).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyPublished {
    pub policy_id: PolicyId,
    /// What the documents ask by: `procurement.requisition`.
    pub key: String,
    /// 1, 2, 3 … of its key.
    pub version: i32,
    pub effective_from: Moment,
    pub published_by: String,
    pub reason: String,
}

/// From now on someone decides in an absent person's stead (PLT-29).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DelegationActivated {
    pub delegation_id: DelegationId,
    /// Who is or was absent: a reference of the directory.
    pub from: String,
    /// Who decides or decided meanwhile.
    pub to: String,
    /// Empty: of all policies.
    pub policy_keys: Vec<String>,
    pub reason: String,
}

/// A delegate speaks for an absent person no more: the window is over, or it was revoked (PLT-29).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DelegationEnded {
    pub delegation_id: DelegationId,
    /// Who is or was absent: a reference of the directory.
    pub from: String,
    /// Who decides or decided meanwhile.
    pub to: String,
    /// Somebody ended it before its last day.
    pub revoked: bool,
}

macro_rules! common {
    ($services:tt $($fact:ident = $name:literal, $says:literal;)+) => {
        $(impl CommonFact for $fact { const NAME: &'static str = $name; })+
        common!(@services $services [$($fact = $name, $says;)+]);
    };
    (@services [$($service:literal)+] $facts:tt) => {
        /// The platform's facts as one service tells them; none of a service that there is not.
        #[must_use]
        pub fn of(service: &str) -> &'static [EventInfo] {
            match service {
                $($service => const { common!(@list $service $facts) },)+
                _ => &[],
            }
        }
    };
    (@list $service:literal [$($fact:ident = $name:literal, $says:literal;)+]) => {
        &[$(EventInfo::named::<$fact>(concat!($service, ".", $name, ".v1"), $says)),+]
    };
}
common!(
    ["crm" "quoting" "contracts" "orders" "procurement" "aftersales"]
    ApprovalRequested = "approval.requested", "Someone is asked to decide about a document; policy and steps are frozen.";
    ApprovalDecided = "approval.decided", "An approval ended: approved, or rejected with the reason.";
    ApprovalRejected = "approval.rejected", "A document goes back to its maker to be mended and asked for again.";
    ApprovalWithdrawn = "approval.withdrawn", "A document was taken back before anybody had the last word.";
    PolicyPublished = "policy.published", "A version of an approval policy was published.";
    DelegationActivated = "delegation.activated", "Someone decides in an absent person's stead from now on.";
    DelegationEnded = "delegation.ended", "A delegate speaks for an absent person no more.";
);

/// The type under which a service tells a fact; nothing for a service that there is not.
#[must_use]
pub fn kind<F: CommonFact>(service: &str) -> Option<&'static str> {
    let told = |info: &&EventInfo| {
        let rest = info.kind.strip_prefix(service).and_then(|rest| rest.strip_prefix('.'));
        rest.and_then(|rest| rest.strip_suffix(".v1")) == Some(F::NAME)
    };
    of(service).iter().find(told).map(|info| info.kind)
}
