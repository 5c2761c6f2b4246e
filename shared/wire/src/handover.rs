//! What a handover moved in one service (CRM-51). Each service shows its own; the handover itself is crm's.
use crate::{Moment, id::id, page::page_query, words::words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

id!(
    /// A handover of someone's work.
    HandoverId,
    /// One document that it moved.
    HandoverMoveId,
);
words!(
    /// What part of someone's work passes on.
    HandoverScope {
        Leads => "leads" "线索" "Leads",
        Opportunities => "opportunities" "商机" "Opportunities and all that is done for them",
        Accounts => "accounts" "客户" "Customers and their contacts",
        Activities => "activities" "日常工作" "Activities, follow-ups, inquiries, tasks and action items",
        Quotes => "quotes" "报价" "Quotes, cost sheets, solutions and proposals",
        Contracts => "contracts" "合同" "Contracts and their payments",
        Orders => "orders" "订单" "Orders and all that is done for them",
        Purchases => "purchases" "采购" "Requisitions, requests for quotation, purchase orders and receipts",
        Tickets => "tickets" "售后" "Tickets, revisits and surveys",
    }
);
words!(
    /// What became of one document.
    HandoverOutcome {
        Moved => "moved" "已移交" "With the deputy",
        Refused => "refused" "未能移交" "Could not be moved",
        Returned => "returned" "已归还" "Given back",
        Stayed => "stayed" "未归还" "Not given back: someone else had it by then",
    }
);

/// One document that a handover moved.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandoverMove {
    pub id: HandoverMoveId,
    pub handover_id: HandoverId,
    /// Kind of the document.
    pub entity: String,
    #[schema(value_type = String, format = Uuid)]
    pub entity_id: Uuid,
    pub outcome: HandoverOutcome,
    pub moved_at: Moment,
    pub returned_at: Option<Moment>,
}

page_query!(
    /// Which moves.
    HandoverMoveQuery {
        /// Only of this handover.
        #[param(value_type = Option<String>, format = Uuid)]
        handover_id: Uuid,
        /// Only of this document.
        #[param(value_type = Option<String>, format = Uuid)]
        entity_id: Uuid,
        /// Only those that came out like this.
        #[param(inline)]
        outcome: HandoverOutcome,
    }
);
