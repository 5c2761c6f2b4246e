//! From quote to order: what one document became, and that the money stayed the same on the way (rulings 13, 33).
use super::{Check, Invariant, Query};

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "contract-has-one-order",
        english: "each effective contract of a single sale has exactly one order",
        chinese: "每份生效的单次销售合同对应且仅对应一张订单",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM contracts.contracts WHERE status = 'effective' AND kind IN ('sale', 'service')",
            violations: "
                WITH named (contract_id, order_id) AS (
                    SELECT contract_id, id FROM orders.orders WHERE contract_id IS NOT NULL
                    UNION SELECT c.id, o.id FROM contracts.contracts c JOIN orders.orders o ON o.id = c.order_id
                    UNION SELECT c.id, o.id FROM contracts.contracts c JOIN orders.orders o ON o.quote_id = c.quote_id)
                SELECT c.number || ': ' || count(n.order_id) || ' orders'
                FROM contracts.contracts c LEFT JOIN named n ON n.contract_id = c.id
                WHERE c.status = 'effective' AND c.kind IN ('sale', 'service') AND c.id NOT IN (SELECT subject FROM in_flight)
                GROUP BY c.id HAVING count(n.order_id) <> 1",
        }),
    },
    Invariant {
        id: "accepted-quote-goes-on",
        english: "each accepted quote became one contract or one order, as its route says",
        chinese: "每份已接受的报价按其路径生成一份合同或一张订单",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM quoting.quotes WHERE status = 'accepted'",
            violations: "
                SELECT q.number || ' (' || coalesce(q.route, 'no route') || '): ' || c.all || ' contracts, ' || c.living || ' of them alive, ' || o.all || ' orders'
                FROM quoting.quotes q
                CROSS JOIN LATERAL (SELECT count(*) AS all, count(*) FILTER (WHERE status <> 'withdrawn') AS living FROM contracts.contracts WHERE quote_id = q.id) c
                CROSS JOIN LATERAL (SELECT count(*) AS all FROM orders.orders WHERE quote_id = q.id) o
                WHERE q.status = 'accepted' AND q.id NOT IN (SELECT subject FROM in_flight)
                    AND NOT coalesce(CASE q.route WHEN 'contract' THEN c.all >= 1 AND c.living <= 1 WHEN 'order' THEN o.all = 1 END, FALSE)",
        }),
    },
    Invariant {
        id: "order-has-its-origin",
        english: "each order names the effective contract or the accepted quote that it came from",
        chinese: "每张订单都有其来源：生效的合同或已接受的报价",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.orders WHERE contract_id IS NOT NULL OR quote_id IS NOT NULL",
            violations: "
                SELECT o.number || ': contract ' || coalesce(c.status, 'unknown')
                FROM orders.orders o LEFT JOIN contracts.contracts c ON c.id = o.contract_id
                WHERE o.contract_id IS NOT NULL AND c.effective_at IS NULL
                UNION ALL
                SELECT o.number || ': quote ' || coalesce(q.status, 'unknown')
                FROM orders.orders o LEFT JOIN quoting.quotes q ON q.id = o.quote_id
                WHERE o.origin = 'quote' AND q.status IS DISTINCT FROM 'accepted'",
        }),
    },
    Invariant {
        id: "quote-equals-contract",
        english: "a contract drafted from an accepted quote comes to the quote's total",
        chinese: "由报价起草的合同，其总额与报价一致",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM contracts.contracts c JOIN quoting.quotes q ON q.id = c.quote_id WHERE q.route = 'contract'",
            violations: "
                SELECT c.number || ': ' || c.gross || ' ' || c.currency || ', its quote ' || q.number || ': ' || q.gross || ' ' || q.currency
                FROM contracts.contracts c JOIN quoting.quotes q ON q.id = c.quote_id
                WHERE q.route = 'contract' AND c.status <> 'withdrawn' AND (c.net, c.tax, c.currency) IS DISTINCT FROM (q.net, q.tax, q.currency)",
        }),
    },
    Invariant {
        id: "contract-equals-order",
        english: "an order that a contract created comes to the contract's total, unless the customer took another model",
        chinese: "由合同生成的订单，除客户同意替代型号外，其总额与合同一致",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.orders WHERE origin = 'contract'",
            violations: "
                SELECT o.number || ': ' || o.gross || ' ' || o.currency || ', its contract ' || c.number || ': ' || c.gross || ' ' || c.currency
                FROM orders.orders o JOIN contracts.contracts c ON c.id = o.contract_id
                WHERE o.origin = 'contract' AND NOT EXISTS (SELECT FROM orders.order_lines l WHERE l.order_id = o.id AND l.substituted_for IS NOT NULL)
                    AND (o.net, o.tax, o.currency) IS DISTINCT FROM (c.net, c.tax, c.currency)",
        }),
    },
    Invariant {
        id: "quote-equals-order",
        english: "an order drafted from a quote comes to the quote's total once finance has reviewed it, unless the customer took another model",
        chinese: "由报价生成的订单，除客户同意替代型号外，财务审核后其总额与报价一致",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.orders WHERE origin = 'quote' AND finance_status = 'approved_to_invoice'",
            violations: "
                SELECT o.number || ': ' || o.gross || ' ' || o.currency || ', its quote ' || q.number || ': ' || q.gross || ' ' || q.currency
                FROM orders.orders o JOIN quoting.quotes q ON q.id = o.quote_id
                WHERE o.origin = 'quote' AND o.finance_status = 'approved_to_invoice'
                    AND NOT EXISTS (SELECT FROM orders.order_lines l WHERE l.order_id = o.id AND l.substituted_for IS NOT NULL)
                    AND (o.net, o.tax, o.currency) IS DISTINCT FROM (q.net, q.tax, q.currency)",
        }),
    },
    Invariant {
        id: "contract-above-limit",
        english: "no order above 100 000.00 is confirmed without an effective contract that covers it",
        chinese: "超过 10 万元的订单，未有足额生效合同不得确认",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.orders WHERE gross > 100000 AND moments ->> 'confirmed_at' IS NOT NULL",
            violations: "
                SELECT o.number || ': ' || o.gross || ' ' || o.currency || ', contract ' || coalesce(c.number || ' ' || c.status || ' ' || c.gross || ' ' || c.currency, 'none')
                FROM orders.orders o LEFT JOIN contracts.contracts c ON c.id = o.contract_id
                WHERE o.gross > 100000 AND o.moments ->> 'confirmed_at' IS NOT NULL
                    AND (c.effective_at IS NULL OR c.currency <> o.currency OR c.gross < o.gross)",
        }),
    },
    Invariant {
        id: "numbers-without-gap",
        english: "numbers of contracts and of purchase orders have no gap and none stands twice",
        chinese: "合同编号与采购订单编号连续，既无空号也无重号",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(*) FROM contracts.contracts WHERE approved_at IS NOT NULL)
                    + (SELECT count(*) FROM procurement.purchase_orders WHERE approved_at IS NOT NULL)",
            violations: "
                WITH series AS (
                    SELECT kind, prefix || '-' || period || '-' AS start, last FROM contracts.number_series JOIN contracts.number_rules USING (kind)
                    UNION ALL
                    SELECT kind, prefix || '-' || period || '-', last FROM procurement.number_series JOIN procurement.number_rules USING (kind)),
                numbered AS (
                    SELECT 'contract' AS kind, number FROM contracts.contracts WHERE approved_at IS NOT NULL
                    UNION ALL SELECT 'purchase_order', number FROM procurement.purchase_orders WHERE approved_at IS NOT NULL)
                SELECT s.start || ': ' || s.last || ' given, ' || count(DISTINCT n.number) || ' found'
                FROM series s LEFT JOIN numbered n ON n.kind = s.kind AND starts_with(n.number, s.start)
                WHERE s.kind IN ('contract', 'purchase_order') GROUP BY s.kind, s.start, s.last HAVING count(DISTINCT n.number) <> s.last",
        }),
    },
];
