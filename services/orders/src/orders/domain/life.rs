//! The machine of orders (ORD-10) and its gates: holds (ORD-09), content (ORD-03), quality (ORD-20), release (ORD-21).
use super::{HoldRow, Order};
use platform::{Closed, Machine, MachineInfo, Transition};
use wire::orders::{HoldKind, OrderStatus as Status, ReviewStatus};

const BEFORE_SHIPPING: &[&str] = &["draft", "submitted", "checked", "finance_reviewed", "confirmed", "in_fulfilment"];
const HOLDABLE: &[&str] =
    &["draft", "submitted", "checked", "finance_reviewed", "confirmed", "in_fulfilment", "partially_shipped"];
/// Where goods can still be missing.
const WANTING: &[&str] =
    &["submitted", "checked", "finance_reviewed", "confirmed", "in_fulfilment", "partially_shipped"];
/// Where goods are made, prepared and looked at.
const INSPECTABLE: &[&str] = &["confirmed", "in_fulfilment", "partially_shipped"];
/// Where a look that was planned can still be finished: what was found does not go away with the goods.
const INSPECTED: &[&str] =
    &["confirmed", "in_fulfilment", "partially_shipped", "shipped", "delivered", "accepted", "completed"];
const WAITING_FOR_CONTRACT: &[&str] = &["submitted", "checked", "finance_reviewed"];
const OPEN: &[&str] = &[
    "draft",
    "submitted",
    "checked",
    "finance_reviewed",
    "confirmed",
    "in_fulfilment",
    "partially_shipped",
    "shipped",
    "delivered",
    "accepted",
];

impl Machine for Order {
    const MACHINE: MachineInfo = MachineInfo {
        entity: "order",
        transitions: &[
            Transition::new("update", &["draft", "checked"], &["draft", "checked"]),
            Transition::new("submit", &["draft"], &["submitted"]),
            Transition::new("check", &["submitted"], &["submitted"]),
            Transition::automatic("answer", WANTING, WANTING),
            Transition::automatic("split", &["submitted"], &["checked"]),
            Transition::automatic("substitute", &["submitted"], &["submitted"]),
            Transition::automatic("recheck", WANTING, WANTING),
            Transition::automatic("follow_shortage", WANTING, WANTING),
            Transition::automatic("review", &["checked"], &["checked", "finance_reviewed"]),
            Transition::automatic("resubmit", &["checked"], &["checked"]),
            Transition::new("confirm", &["finance_reviewed"], &["confirmed", "in_fulfilment"]),
            Transition::automatic("start", &["confirmed"], &["in_fulfilment"]),
            Transition::automatic("work_done", &["in_fulfilment"], &["in_fulfilment"]),
            Transition::automatic("plan_inspection", INSPECTABLE, INSPECTABLE),
            Transition::automatic("inspect", INSPECTED, INSPECTED),
            Transition::automatic("scrap", INSPECTABLE, INSPECTABLE),
            Transition::new("release", &["in_fulfilment"], &["in_fulfilment"]),
            Transition::automatic(
                "plan_shipment",
                &["in_fulfilment", "partially_shipped"],
                &["in_fulfilment", "partially_shipped"],
            ),
            Transition::automatic(
                "unplan_shipment",
                &["in_fulfilment", "partially_shipped"],
                &["in_fulfilment", "partially_shipped"],
            ),
            Transition::automatic("ship", &["in_fulfilment", "partially_shipped"], &["partially_shipped", "shipped"]),
            Transition::automatic(
                "deliver",
                &["partially_shipped", "shipped"],
                &["partially_shipped", "shipped", "delivered"],
            ),
            Transition::automatic(
                "take_back",
                &["partially_shipped", "shipped"],
                &["in_fulfilment", "partially_shipped"],
            ),
            Transition::automatic("invite", &["delivered"], &["delivered"]),
            Transition::automatic("accept", &["delivered"], &["accepted"]),
            Transition::automatic("complete", &["accepted"], &["completed"]),
            Transition::new("hold", HOLDABLE, HOLDABLE),
            Transition::new("resume", HOLDABLE, HOLDABLE),
            Transition::new("cancel", BEFORE_SHIPPING, &["cancelled"]),
            Transition::automatic("lose_contract", WAITING_FOR_CONTRACT, WAITING_FOR_CONTRACT),
            Transition::new("require_contract", WAITING_FOR_CONTRACT, WAITING_FOR_CONTRACT),
            Transition::automatic("cover", OPEN, OPEN),
            Transition::automatic("settle", OPEN, OPEN),
            Transition::automatic("unsettle", OPEN, OPEN),
        ],
        labels: Status::labels(),
    };

    fn gates(&self, action: &str) -> Vec<Closed> {
        match action {
            "update" if self.head.status == Status::Checked => self.price_gate(),
            "submit" => [self.hold_gates(), self.content_gate()].concat(),
            "confirm" => self.hold_gates(),
            "release" => [self.hold_gates(), self.quality_gate(), self.released_gate(false)].concat(),
            "plan_shipment" | "ship" => [self.hold_gates(), self.quality_gate(), self.released_gate(true)].concat(),
            "complete" if !self.settled() => {
                vec![Closed::new("payment", "not all of it is paid yet", "货款尚未全部结清").on(&self.head.number)]
            }
            "require_contract" if !self.contract_is_lost() => {
                vec![Closed::new("contract", "no contract that it waited for was withdrawn", "没有已撤回的待签合同")]
            }
            "hold" if self.holds_now(HoldKind::Manual) => {
                vec![Closed::new("hold", "it is held by hand already", "订单已被人工冻结").on(HoldKind::Manual)]
            }
            "resume" if !self.holds_now(HoldKind::Manual) => {
                vec![Closed::new("hold", "it is not held by hand", "订单未被人工冻结").on(HoldKind::Manual)]
            }
            "cancel" if self.lines.iter().any(|line| !line.planned.get().is_zero()) => {
                vec![Closed::new("shipment", "cancel its shipments first", "请先取消该订单的发货单")]
            }
            _ => Vec::new(),
        }
    }
}

impl Order {
    /// Everything that holds it now.
    fn hold_gates(&self) -> Vec<Closed> {
        let gate = |hold: &HoldRow| {
            let (english, chinese) = match hold.kind {
                HoldKind::ContractRequired if hold.reason.is_some() => (
                    "the contract that it waited for was withdrawn: require another one",
                    "所待合同已撤回，请重新发起合同",
                ),
                HoldKind::ContractRequired => (
                    "its gross is over 100 000.00: a contract must take effect first",
                    "订单金额超过 10 万元，须先签订销售合同并生效",
                ),
                HoldKind::Shortage => ("goods are short: decide on its shortage", "库存不足，请对缺货单作出决定"),
                HoldKind::Manual => ("it is held by hand; resume it", "订单已被人工冻结，请先解除冻结"),
            };
            Closed::new("hold", english, chinese).on(hold.kind)
        };
        self.holds.iter().filter(|hold| hold.released_at.is_none()).map(gate).collect()
    }
    /// ORD-03: departments cannot work by an order that does not say until when.
    fn content_gate(&self) -> Vec<Closed> {
        if self.head.delivery_date.is_some() {
            return Vec::new();
        }
        vec![Closed::new("delivery_date", "say by when the customer wants it: update delivery_date", "请先填写交货期")]
    }
    /// Lines of a checked order change only if finance asks for it (ORD-08).
    fn price_gate(&self) -> Vec<Closed> {
        if self.head.finance_status == Some(ReviewStatus::PriceAdjustRequired) {
            return Vec::new();
        }
        vec![Closed::new(
            "finance_review",
            "a checked order changes only when finance asks for another price",
            "订单核对后，仅在财务要求调整价格时可修改",
        )]
    }
    /// ORD-20: nothing leaves before every department is done and quality has passed it.
    fn quality_gate(&self) -> Vec<Closed> {
        let (work, quality) = (self.head.open_work_items, self.head.goods.0.quality);
        let gate = |count: i32, english: String, chinese: String| {
            (count > 0).then(|| Closed::new("quality_gate", english, chinese).on(count))
        };
        let (looks, bad) = (quality.inspections, quality.nonconformities);
        [
            gate(
                work,
                format!("{work} work items are not done; all must be before it ships"),
                format!("尚有 {work} 项工作未完成，生产与检验全部完成后方可发货"),
            ),
            gate(
                looks,
                format!("{looks} final inspections are not done; all must have passed before it ships"),
                format!("尚有 {looks} 项最终检验未完成，检验合格后方可发货"),
            ),
            gate(
                bad,
                format!("{bad} nonconformities are open; rework and inspect again, or scrap"),
                format!("尚有 {bad} 项不合格未处理，请返工复检或报废"),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
    /// It waits for a contract that will never come.
    pub(super) fn contract_is_lost(&self) -> bool {
        let lost = |hold: &HoldRow| hold.kind == HoldKind::ContractRequired && hold.reason.is_some();
        self.holds.iter().any(|hold| hold.released_at.is_none() && lost(hold))
    }
    /// ORD-21: finance lets the warehouse ship, once.
    fn released_gate(&self, wanted: bool) -> Vec<Closed> {
        match (wanted, self.head.moments.0.released_at) {
            (true, None) => vec![Closed::new("release", "finance must release it for shipping", "须先由财务通知发货")],
            (false, Some(at)) => {
                vec![Closed::new("release", "it is released already", "订单已通知发货").on(at)]
            }
            _ => Vec::new(),
        }
    }
}
