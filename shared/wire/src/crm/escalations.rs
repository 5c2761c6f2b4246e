//! How long what is overdue waits on each rung before the next person hears of it (CRM-26, 60).
use crate::{id::id, resource::resource, words::words};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder, Type},
    },
};

/// Working minutes between the due moment and a rung, at most: sixty days of eight hours.
pub const MOST_ESCALATION_MINUTES: i32 = 28_800;

id!(
    /// A ladder of escalation.
    EscalationLadderId
);
words!(
    /// What climbs the ladder.
    LadderKind {
        FollowUp => "follow_up" "客户跟进" "Follow-up",
        ActionItem => "action_item" "行动项" "Action item",
    }
);
resource!(EscalationLadder);

/// The delays of a ladder, first rung first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"after_working_minutes": [0, 480, 1440]})))]
pub struct EscalationLadderPatch {
    /// Working minutes after the due moment, of each rung; none earlier than the one before.
    #[schema(schema_with = delays)]
    pub after_working_minutes: Vec<i32>,
}

/// 1 to 3 of them, each within [`MOST_ESCALATION_MINUTES`].
fn delays() -> RefOr<Schema> {
    let minutes =
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(MOST_ESCALATION_MINUTES));
    ArrayBuilder::new()
        .items(minutes)
        .min_items(Some(1))
        .max_items(Some(3))
        .description(Some("Working minutes after the due moment, of each rung; none earlier than the one before."))
        .into()
}

/// A ladder: the first rung is the owner's, the second the manager's, the third (of follow-ups) gives the work to a colleague.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EscalationLadder {
    pub id: EscalationLadderId,
    pub kind: LadderKind,
    /// Working minutes after the due moment, of each rung; none earlier than the one before.
    pub after_working_minutes: Vec<i32>,
    /// The calendar that counts.
    pub calendar_id: String,
    pub version: i32,
}
