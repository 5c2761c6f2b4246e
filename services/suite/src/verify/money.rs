//! Money: headers are the sums of their lines, plans add up to what was agreed, payments to what came in (ruling 7, CON-20, 27).
use super::{Check, Invariant, Query};

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "total-equals-lines",
        english: "net and tax of each quote, contract, order and purchase order are the sums of its lines",
        chinese: "报价、合同、订单、采购订单的净额与税额等于各行之和",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(*) FROM quoting.quotes) + (SELECT count(*) FROM contracts.contracts) + (SELECT count(*) FROM orders.orders)
                    + (SELECT count(*) FROM procurement.purchase_orders)",
            violations: "
                WITH heads AS (
                    SELECT 'quote' AS kind, id, number, net, tax FROM quoting.quotes
                    UNION ALL SELECT 'contract', id, number, net, tax FROM contracts.contracts
                    UNION ALL SELECT 'order', id, number, net, tax FROM orders.orders
                    UNION ALL SELECT 'purchase order', id, number, net, tax FROM procurement.purchase_orders),
                lines AS (
                    SELECT quote_id AS id, sum(net) AS net, sum(tax) AS tax FROM quoting.quote_lines GROUP BY 1
                    UNION ALL SELECT contract_id, sum(net), sum(tax) FROM contracts.contract_lines GROUP BY 1
                    UNION ALL SELECT order_id, sum(net), sum(tax) FROM orders.order_lines GROUP BY 1
                    UNION ALL SELECT purchase_order_id, sum(net), sum(tax) FROM procurement.purchase_order_lines GROUP BY 1)
                SELECT h.kind || ' ' || h.number || ': ' || h.net || ' + ' || h.tax || ', its lines ' || coalesce(l.net, 0) || ' + ' || coalesce(l.tax, 0)
                FROM heads h LEFT JOIN lines l USING (id)
                WHERE h.net <> coalesce(l.net, 0) OR h.tax <> coalesce(l.tax, 0)",
        }),
    },
    Invariant {
        id: "payment-is-planned",
        english: "each signed contract, and each confirmed order without one, has its payment plan",
        chinese: "已签署的合同及无合同的已确认订单均有付款计划",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(*) FROM contracts.contracts WHERE signed_at IS NOT NULL AND kind IN ('sale', 'service'))
                    + (SELECT count(*) FROM orders.orders WHERE contract_id IS NULL AND moments ->> 'confirmed_at' IS NOT NULL)",
            violations: "
                SELECT c.number FROM contracts.contracts c
                WHERE c.signed_at IS NOT NULL AND c.kind IN ('sale', 'service')
                    AND NOT EXISTS (SELECT FROM contracts.payment_milestones m WHERE m.contract_id = c.id)
                    AND NOT EXISTS (SELECT FROM contracts.payment_milestones m WHERE m.order_id = c.order_id)
                UNION ALL
                SELECT o.number FROM orders.orders o
                WHERE o.contract_id IS NULL AND o.moments ->> 'confirmed_at' IS NOT NULL AND o.id NOT IN (SELECT subject FROM in_flight)
                    AND NOT EXISTS (SELECT FROM contracts.payment_milestones m WHERE m.order_id = o.id)",
        }),
    },
    Invariant {
        id: "plan-adds-up",
        english: "the milestones of a payment plan add up to the contract's total, or the order's",
        chinese: "付款节点之和等于合同总额或订单总额",
        check: Check::Suite(Query {
            rows: "SELECT count(DISTINCT plan_id) FROM contracts.payment_milestones",
            violations: "
                WITH plans AS (SELECT plan_id, min(number) AS number, min(currency) AS currency, sum(amount) AS amount FROM contracts.payment_milestones GROUP BY plan_id),
                agreed AS (SELECT id, gross, currency FROM contracts.contracts UNION ALL SELECT id, gross, currency FROM orders.orders)
                SELECT p.number || ': planned ' || p.amount || ' ' || p.currency || ', agreed ' || coalesce(a.gross || ' ' || a.currency, 'nothing')
                FROM plans p LEFT JOIN agreed a ON a.id = p.plan_id
                WHERE (p.amount, p.currency) IS DISTINCT FROM (a.gross, a.currency)",
        }),
    },
    Invariant {
        id: "paid-equals-received",
        english: "what a milestone was paid is what receipts that stand gave to it",
        chinese: "付款节点的已付金额等于有效收款对其的分配之和",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM contracts.payment_milestones",
            violations: "
                WITH given AS (
                    SELECT a.payment_milestone_id AS id, sum(a.amount) AS amount
                    FROM contracts.receipt_allocations a JOIN contracts.receipts r ON r.id = a.receipt_id WHERE r.status <> 'reversed' GROUP BY 1)
                SELECT m.number || ' #' || m.position || ': paid ' || m.paid || ', received ' || coalesce(g.amount, 0)
                FROM contracts.payment_milestones m LEFT JOIN given g USING (id) WHERE m.paid <> coalesce(g.amount, 0)",
        }),
    },
    Invariant {
        id: "receipt-not-overspent",
        english: "no receipt gives more than came in, and each says what it gave",
        chinese: "收款的分配不超过其金额，且与分配明细一致",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM contracts.receipts",
            violations: "
                WITH given AS (SELECT receipt_id AS id, sum(amount) AS amount FROM contracts.receipt_allocations GROUP BY 1)
                SELECT r.number || ': ' || r.amount || ' came in, ' || r.allocated || ' allocated, ' || coalesce(g.amount, 0) || ' in its allocations'
                FROM contracts.receipts r LEFT JOIN given g USING (id)
                WHERE r.allocated > r.amount OR coalesce(g.amount, 0) > r.amount
                    OR r.allocated <> CASE r.status WHEN 'reversed' THEN 0 ELSE coalesce(g.amount, 0) END",
        }),
    },
];
