//! The machine of orders (ORD-10) and its gates: holds (ORD-09), content (ORD-03), quality (ORD-20), release (ORD-21).
use super::{HoldRow, Order};
use platform::{Closed, Machine, MachineInfo, Transition};
use wire::orders::{HoldKind, OrderStatus as Status, ReviewStatus};

const BEFORE_SHIPPING: &[&str] = &["draft", "submitted", "checked", "finance_reviewed", "confirmed", "in_fulfilment"];
const HOLDABLE: &[&str] =
    &["draft", "submitted", "checked", "finance_reviewed", "confirmed", "in_fulfilment", "partially_shipped"];
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
            Transition::automatic("answer", &["submitted"], &["submitted", "checked"]),
            Transition::automatic("review", &["checked"], &["checked", "finance_reviewed"]),
            Transition::automatic("resubmit", &["checked"], &["checked"]),
            Transition::new("confirm", &["finance_reviewed"], &["confirmed", "in_fulfilment"]),
            Transition::automatic("start", &["confirmed"], &["in_fulfilment"]),
            Transition::automatic("work_done", &["in_fulfilment"], &["in_fulfilment"]),
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
            Transition::automatic("cover", OPEN, OPEN),
            Transition::automatic("settle", OPEN, OPEN),
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
                HoldKind::ContractRequired => (
                    "its gross is over 100 000.00: a contract must take effect first",
                    "订单金额超过 10 万元，须先签订销售合同并生效",
                ),
                HoldKind::Shortage => {
                    ("goods are short: restock, then check it again", "库存不足，请补货后重新核对库存")
                }
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
        let open = self.head.open_work_items;
        if open == 0 {
            return Vec::new();
        }
        vec![
            Closed::new(
                "quality_gate",
                format!("{open} work items are not done; all must be before it ships"),
                format!("尚有 {open} 项工作未完成，生产与检验全部完成后方可发货"),
            )
            .on(open),
        ]
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
