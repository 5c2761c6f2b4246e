//! Goods: stock is what its movements say, holds are within it, and what was shipped has left it once (ruling 9, PRO-39).
use super::{Check, Invariant, Query};

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "stock-not-negative",
        english: "stock is never negative, neither now nor after any movement",
        chinese: "库存任何时候都不为负",
        check: Check::Suite(Query {
            rows: "SELECT (SELECT count(*) FROM procurement.stock) + (SELECT count(*) FROM procurement.stock_entries)",
            violations: "
                SELECT sku || ' at ' || location || ': ' || on_hand FROM procurement.stock WHERE on_hand < 0
                UNION ALL
                SELECT s.sku || ' at ' || s.location || ': ' || e.on_hand_after || ' after ' || e.kind || ' of ' || e.at
                FROM procurement.stock_entries e JOIN procurement.stock s ON s.id = e.stock_id WHERE e.on_hand_after < 0",
        }),
    },
    Invariant {
        id: "stock-equals-movements",
        english: "what is on hand is the sum of its movements",
        chinese: "库存结存等于其出入库流水之和",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.stock",
            violations: "
                SELECT s.sku || ' at ' || s.location || ': ' || s.on_hand || ' on hand, movements ' || coalesce(sum(e.change), 0)
                FROM procurement.stock s LEFT JOIN procurement.stock_entries e ON e.stock_id = s.id
                GROUP BY s.id HAVING s.on_hand <> coalesce(sum(e.change), 0)",
        }),
    },
    Invariant {
        id: "holds-within-stock",
        english: "what is held is what orders hold, and no more than is on hand",
        chinese: "占用量等于各订单占用之和，且不超过库存",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.stock",
            violations: "
                SELECT s.sku || ' at ' || s.location || ': ' || s.on_hand || ' on hand, ' || s.held || ' held, by orders ' || coalesce(sum(p.held), 0)
                FROM procurement.stock s LEFT JOIN procurement.hold_places p ON p.stock_id = s.id
                GROUP BY s.id HAVING s.held > s.on_hand OR s.held <> coalesce(sum(p.held), 0)",
        }),
    },
    Invariant {
        id: "ended-hold-holds-nothing",
        english: "a hold that was shipped or released holds nothing, and none outlives its order",
        chinese: "已发货或已释放的占用不再占用库存，订单取消后占用即释放",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.holds",
            violations: "
                SELECT h.number || ' (' || h.status || '): ' || sum(p.held) || ' still held'
                FROM procurement.holds h JOIN procurement.hold_places p ON p.hold_id = h.id
                WHERE h.status IN ('shipped', 'released') GROUP BY h.id HAVING sum(p.held) <> 0
                UNION ALL
                SELECT h.number || ' (' || h.status || '): order ' || o.number || ' was cancelled'
                FROM procurement.holds h JOIN orders.orders o ON o.id = h.order_id
                WHERE h.status NOT IN ('shipped', 'released') AND o.status = 'cancelled' AND o.id NOT IN (SELECT subject FROM in_flight)",
        }),
    },
    Invariant {
        id: "hold-equals-issues",
        english: "what a hold says it gave away is what left the stock for its order: shipped and not returned, or scrapped",
        chinese: "占用记录的出库量等于该订单的实际出库量（含报废，扣除退回）",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM procurement.hold_places",
            violations: "
                WITH said AS (
                    SELECT h.order_id, h.number, p.line_id, p.stock_id, p.issued FROM procurement.hold_places p JOIN procurement.holds h ON h.id = p.hold_id),
                done AS (
                    SELECT order_id, line_id, stock_id, -sum(change) AS issued FROM procurement.stock_entries WHERE order_id IS NOT NULL GROUP BY 1, 2, 3)
                SELECT coalesce(s.number, 'no hold') || ' line ' || line_id || ': ' || coalesce(s.issued, 0) || ' issued, movements ' || coalesce(d.issued, 0)
                FROM said s FULL JOIN done d USING (order_id, line_id, stock_id) WHERE coalesce(s.issued, 0) <> coalesce(d.issued, 0)",
        }),
    },
    Invariant {
        id: "shipped-equals-issued",
        english: "each line of a shipment that left the house left the stock exactly once",
        chinese: "每个已交运发货单的每一行恰好出库一次",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.shipments WHERE handed_over_at IS NOT NULL",
            violations: "
                WITH shipped AS (
                    SELECT s.id, s.number, (line ->> 'line_id')::uuid AS line_id, sum((line ->> 'quantity')::numeric) AS quantity
                    FROM orders.shipments s CROSS JOIN LATERAL jsonb_array_elements(s.lines) AS line WHERE s.handed_over_at IS NOT NULL GROUP BY 1, 2, 3),
                issued AS (
                    SELECT shipment_id AS id, line_id, -sum(change) AS quantity FROM procurement.stock_entries WHERE kind = 'issue' GROUP BY 1, 2)
                SELECT coalesce(s.number, id::text) || ' line ' || line_id || ': ' || coalesce(s.quantity, 0) || ' shipped, ' || coalesce(i.quantity, 0) || ' issued'
                FROM shipped s FULL JOIN issued i USING (id, line_id)
                WHERE coalesce(s.quantity, 0) <> coalesce(i.quantity, 0) AND id NOT IN (SELECT subject FROM in_flight)",
        }),
    },
    Invariant {
        id: "order-equals-shipments",
        english: "no order line is shipped beyond its quantity, and it knows what its shipments carry and delivered",
        chinese: "订单行发货不超量，且与其发货单的计划、发货、签收数量一致",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.order_lines",
            violations: "
                WITH carried AS (
                    SELECT (line ->> 'line_id')::uuid AS id,
                        sum((line ->> 'quantity')::numeric) FILTER (WHERE s.status NOT IN ('cancelled', 'returned')) AS planned,
                        sum((line ->> 'quantity')::numeric) FILTER (WHERE s.status IN ('handed_over', 'in_transit', 'delivered', 'exception')) AS shipped,
                        sum((line ->> 'quantity')::numeric) FILTER (WHERE s.status = 'delivered') AS delivered
                    FROM orders.shipments s CROSS JOIN LATERAL jsonb_array_elements(s.lines) AS line GROUP BY 1)
                SELECT o.number || ' line ' || l.line_number || ': ' || l.quantity || ' ordered, ' || l.planned || ' / ' || l.shipped || ' / ' || l.delivered
                    || ' planned / shipped / delivered, shipments ' || coalesce(c.planned, 0) || ' / ' || coalesce(c.shipped, 0) || ' / ' || coalesce(c.delivered, 0)
                FROM orders.order_lines l JOIN orders.orders o ON o.id = l.order_id LEFT JOIN carried c ON c.id = l.id
                WHERE l.shipped > l.quantity
                    OR (l.planned, l.shipped, l.delivered) <> (coalesce(c.planned, 0), coalesce(c.shipped, 0), coalesce(c.delivered, 0))",
        }),
    },
];
