//! Work items, the parts of an order that departments do: bodies and words (ORD-11).
use crate::{
    Action, CaseId, Label, Moment,
    id::id,
    orders::{OrderId, WantedLine},
    resource::resource,
    words::words,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id!(
    /// One department's part of an order.
    WorkItemId
);
words!(
    /// What is to be done.
    WorkKind {
        PrepareGoods => "prepare_goods" "备货" "Prepare the goods",
        InspectGoods => "inspect_goods" "出货检验" "Inspect the goods before shipping",
        PerformService => "perform_service" "技术服务" "Perform the service",
    }
);
words!(
    /// The life of a work item.
    WorkItemStatus {
        Assigned => "assigned" "已分派" "Assigned",
        Acknowledged => "acknowledged" "已接收" "Acknowledged",
        InProgress => "in_progress" "进行中" "In progress",
        Blocked => "blocked" "受阻" "Blocked",
        Done => "done" "已完成" "Done",
        Cancelled => "cancelled" "已取消" "Cancelled",
    }
);
resource!(WorkItem);

/// A work item as it stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkItem {
    pub id: WorkItemId,
    pub kind: WorkKind,
    pub status: WorkItemStatus,
    pub order_id: OrderId,
    pub order_number: String,
    pub case_id: CaseId,
    /// The work item that must be done before this one starts.
    pub predecessor_id: Option<WorkItemId>,
    /// Who does it.
    pub department_id: Option<String>,
    /// The order's lines it is about.
    pub lines: Vec<WantedLine>,
    /// What the customer asked for besides the lines.
    pub requirements: Option<String>,
    pub due_at: Moment,
    pub calendar_id: String,
    /// Final inspections and nonconformities that are open; the inspection of the goods is done only at 0 (ORD-20).
    #[serde(default)]
    pub open_inspections: i32,
    /// Why it stands still.
    pub block_reason: Option<String>,
    /// What came of it, in the department's words.
    pub result: Option<String>,
    /// Who saw it: `user:ann`; absent until then.
    pub acknowledged_by: Option<String>,
    pub acknowledged_at: Option<Moment>,
    pub started_at: Option<Moment>,
    pub done_at: Option<Moment>,
    pub created_at: Moment,
    pub version: i32,
    pub available_actions: Vec<Action>,
}

/// Why it cannot go on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockWorkItem {
    pub reason: Label,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteWorkItem {
    #[serde(default)]
    pub result: Option<Label>,
}
