//! Links by which a customer reads, asks about and decides on a proposal without an account (QUO-07, 08; ruling 16).
use crate::{
    Action, CaseId, Code, Label, Moment, Name,
    crm::ContactId,
    id::id,
    quoting::{ProposalDocument, ProposalId, ProposalQuestionStatus, ProposalStatus},
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

id!(
    /// A link that was shared with one contact.
    ProposalLinkId
);
words!(
    /// The life of a link. One that has expired is open still, and opens nothing.
    ProposalLinkStatus {
        Open => "open" "有效" "Open",
        Revoked => "revoked" "已撤销" "Revoked",
    }
);

/// Whom to share a proposal with, and for how long.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"contact_id": "01932c5e-7b1a-7c3d-9e4f-0123456789ab", "valid_days": 14})))]
pub struct ShareProposal {
    /// A contact of the proposal's customer. A link that the contact has already is revoked.
    pub contact_id: ContactId,
    /// Days of 24 hours, 14 if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90)]
    pub valid_days: Option<u8>,
}

/// A link as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProposalLink {
    pub id: ProposalLinkId,
    pub status: ProposalLinkStatus,
    pub case_id: CaseId,
    pub proposal_id: ProposalId,
    pub contact_id: ContactId,
    /// Whom it was shared with.
    pub contact_name: String,
    /// It opens nothing from then on.
    pub expires_at: Moment,
    /// Where the customer opens it, below the host. Said once, when it is shared: it cannot be found out again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub first_viewed_at: Option<Moment>,
    pub last_viewed_at: Option<Moment>,
    /// How often it was opened.
    pub views: i32,
    pub created_at: Moment,
    pub created_by: String,
    pub revoked_at: Option<Moment>,
    pub version: i32,
    pub available_actions: Vec<Action>,
}
impl crate::Shown for ProposalLink {
    fn id(&self) -> Option<Uuid> {
        Some(self.id.into())
    }
    fn version(&self) -> Option<i32> {
        Some(self.version)
    }
    fn place(&self) -> Option<String> {
        Some(format!("proposal-links/{}", self.id))
    }
}

/// Which links to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProposalLinkQuery {
    /// Rows a page, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = Uuid)]
    pub after: Option<Uuid>,
    /// Only links to this proposal.
    #[param(value_type = Option<String>, format = Uuid)]
    pub proposal_id: Option<ProposalId>,
}
impl ProposalLinkQuery {
    /// What every list takes.
    #[must_use]
    pub fn page(&self) -> crate::PageQuery {
        crate::PageQuery { limit: self.limit, after: self.after, ..crate::PageQuery::default() }
    }
}

/// A question of the customer's and its answer, as the customer reads them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SharedQuestion {
    #[schema(value_type = String, format = Uuid)]
    pub id: Uuid,
    pub status: ProposalQuestionStatus,
    pub question: String,
    /// Who of the customer's people asked.
    pub person: String,
    pub asked_at: Moment,
    pub answer: Option<String>,
    pub answered_at: Option<Moment>,
}

/// A proposal as whoever holds a link sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SharedProposal {
    #[serde(flatten)]
    pub document: ProposalDocument,
    pub status: ProposalStatus,
    /// It can be accepted or declined now.
    pub open: bool,
    pub questions: Vec<SharedQuestion>,
    /// When the link ends.
    pub expires_at: Moment,
}
impl crate::Shown for SharedProposal {}

/// What the customer wants to know.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSharedProposal {
    pub question: Label,
}

/// The customer's yes to one of the variants.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"number": "PP-2026-000001", "revision": 1, "variant": "A", "name": "李雷", "evidence": "采购订单 PO-4711"})))]
pub struct AcceptSharedProposal {
    /// Of the document that was read: nobody accepts what they have not seen.
    pub number: Code,
    /// Its revision. Where another one is offered by now, it is to be read first (`proposal.changed`).
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub revision: i32,
    /// Its label.
    pub variant: Code,
    /// Who says yes.
    pub name: Name,
    /// What goes with it: the number of their own order, for instance.
    #[serde(default)]
    pub evidence: Option<Label>,
}

/// The customer's no.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineSharedProposal {
    /// Who says no.
    pub name: Name,
    pub reason: Label,
}
