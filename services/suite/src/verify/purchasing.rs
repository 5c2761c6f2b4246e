//! Buying: no order without leave and approval, none for more than was wanted, and what came in is what is in stock
//! (PRO-04, 16, 24, 29, D-01, D-06). Orders that another system sent bring their own leave.
use super::{Check, Invariant, Query};

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "purchase-is-approved",
        english: "no requisition, waiver or purchase order goes on without the approval of all that it comes to",
        chinese: "采购申请、询价豁免与采购订单未经足额审批不得执行",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(*) FROM procurement.requisitions WHERE status IN ('approved', 'ordered', 'closed'))
                    + (SELECT count(*) FROM procurement.sourcing_waivers WHERE status IN ('approved', 'used'))
                    + (SELECT count(*) FROM procurement.purchase_orders WHERE origin <> 'imported' AND (approved_at IS NOT NULL OR status NOT IN ('draft', 'in_approval', 'cancelled')))",
            violations: "
                WITH bought AS (
                    SELECT 'requisition' AS entity, id, number, status, total AS amount, submitted_at AS since
                    FROM procurement.requisitions WHERE status IN ('approved', 'ordered', 'closed')
                    UNION ALL
                    SELECT 'sourcing_waiver', id, number, status, total, created_at
                    FROM procurement.sourcing_waivers WHERE status IN ('approved', 'used')
                    UNION ALL
                    SELECT 'purchase_order', id, number, status, gross, submitted_at
                    FROM procurement.purchase_orders
                    WHERE origin <> 'imported' AND (approved_at IS NOT NULL OR status NOT IN ('draft', 'in_approval', 'cancelled')))
                SELECT b.entity || ' ' || b.number || ' (' || b.status || '): ' || b.amount FROM bought b
                WHERE NOT EXISTS (
                    SELECT FROM procurement.approvals a
                    WHERE a.entity = b.entity AND a.subject_id = b.id AND a.status = 'approved' AND a.asked_at >= b.since
                        AND coalesce(a.amount >= b.amount, TRUE))",
        }),
    },
    Invariant {
        id: "purchase-has-leave",
        english: "each purchase order that was submitted rests on an award to its supplier, or on a waiver for it",
        chinese: "已送审的采购订单均以对该供应商的定标或询价豁免为依据",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.purchase_orders WHERE origin <> 'imported' AND submitted_at IS NOT NULL",
            violations: "
                SELECT p.number || ' of ' || p.supplier_name || ': ' || p.origin || ' ' || coalesce(r.number || ' ' || r.status, w.number || ' ' || w.status, 'unknown')
                FROM procurement.purchase_orders p
                LEFT JOIN procurement.rfqs r ON r.id = p.rfq_id LEFT JOIN procurement.sourcing_waivers w ON w.id = p.waiver_id
                WHERE p.origin <> 'imported' AND p.submitted_at IS NOT NULL
                    AND NOT coalesce(r.status = 'awarded' AND r.award @> jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('supplier_id', p.supplier_id))), FALSE)
                    AND NOT coalesce(w.status IN ('approved', 'used') AND w.supplier_id = p.supplier_id, FALSE)",
        }),
    },
    Invariant {
        id: "three-were-asked",
        english: "each request for quotation went to three suppliers or more, or rests on an approved waiver",
        chinese: "每份询价发往至少三家供应商，或有已批准的询价豁免",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.rfqs WHERE sent_at IS NOT NULL",
            violations: "
                SELECT r.number || ': ' || count(i.supplier_id) || ' asked'
                FROM procurement.rfqs r LEFT JOIN procurement.rfq_invitations i ON i.rfq_id = r.id
                LEFT JOIN procurement.sourcing_waivers w ON w.id = r.sourcing_waiver_id AND w.status IN ('approved', 'used')
                WHERE r.sent_at IS NOT NULL GROUP BY r.id, w.id HAVING count(i.supplier_id) < 3 AND w.id IS NULL",
        }),
    },
    Invariant {
        id: "bought-as-wanted",
        english: "no line of a requisition is ordered beyond its quantity",
        chinese: "采购申请各行的下单量不超过申请数量",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.requisition_lines",
            violations: "
                SELECT r.number || ' line ' || w.line_number || ': ' || w.quantity || ' wanted, ' || sum(l.quantity - l.forgone) || ' ordered'
                FROM procurement.requisition_lines w JOIN procurement.requisitions r ON r.id = w.requisition_id
                JOIN procurement.purchase_order_lines l ON l.requisition_line_id = w.id
                JOIN procurement.purchase_orders p ON p.id = l.purchase_order_id AND p.status <> 'cancelled'
                GROUP BY r.id, w.id HAVING sum(l.quantity - l.forgone) > w.quantity",
        }),
    },
    Invariant {
        id: "order-equals-receipts",
        english: "what a purchase order received is what its goods receipts accepted, and no more than was ordered",
        chinese: "采购订单的收货量等于收货单验收量之和，且不超过订购量",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.purchase_order_lines",
            violations: "
                WITH accepted AS (
                    SELECT purchase_order_line_id AS id, sum(l.accepted) AS quantity
                    FROM procurement.goods_receipt_lines l JOIN procurement.goods_receipts g ON g.id = l.goods_receipt_id
                    WHERE g.inspected_at IS NOT NULL GROUP BY 1)
                SELECT p.number || ' line ' || l.line_number || ': ' || l.quantity || ' ordered, ' || l.received || ' received, '
                    || coalesce(a.quantity, 0) || ' accepted'
                FROM procurement.purchase_order_lines l JOIN procurement.purchase_orders p ON p.id = l.purchase_order_id
                LEFT JOIN accepted a ON a.id = l.id
                WHERE l.received <> coalesce(a.quantity, 0) OR l.received + l.forgone > l.quantity",
        }),
    },
    Invariant {
        id: "received-is-in-stock",
        english: "what a goods receipt accepted went into stock once; of an imported one, unless it was there before",
        chinese: "收货单验收的货物恰好入库一次；导入的收货单可已含于期初",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.goods_receipts WHERE inspected_at IS NOT NULL",
            violations: "
                WITH accepted AS (
                    SELECT l.id, g.number, g.origin, l.line_number, l.accepted AS quantity
                    FROM procurement.goods_receipt_lines l JOIN procurement.goods_receipts g ON g.id = l.goods_receipt_id
                    WHERE g.inspected_at IS NOT NULL),
                stocked AS (
                    SELECT line_id AS id, sum(change) AS quantity FROM procurement.stock_entries WHERE goods_receipt_id IS NOT NULL GROUP BY 1)
                SELECT coalesce(a.number || ' line ' || a.line_number, 'no receipt ' || id) || ': ' || coalesce(a.quantity, 0) || ' accepted, '
                    || coalesce(s.quantity, 0) || ' into stock'
                FROM accepted a FULL JOIN stocked s USING (id)
                WHERE coalesce(a.quantity, 0) <> coalesce(s.quantity, 0) AND NOT coalesce(a.origin = 'imported' AND s.quantity IS NULL, FALSE)",
        }),
    },
];
