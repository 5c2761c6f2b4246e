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
                SELECT q.number || ' (' || coalesce(q.route, 'no route') || '): ' || c.all || ' contracts, ' || c.living || ' of them alive, ' || o.all || ' orders, ' || o.drafted || ' drafted from it'
                FROM quoting.quotes q
                CROSS JOIN LATERAL (SELECT count(*) AS all, count(*) FILTER (WHERE status <> 'withdrawn') AS living FROM contracts.contracts WHERE quote_id = q.id) c
                CROSS JOIN LATERAL (SELECT count(*) AS all, count(*) FILTER (WHERE origin = 'quote') AS drafted FROM orders.orders WHERE quote_id = q.id) o
                WHERE q.status = 'accepted' AND q.id NOT IN (SELECT subject FROM in_flight)
                    AND NOT coalesce(CASE q.route WHEN 'contract' THEN c.all >= 1 AND c.living <= 1 AND o.drafted = 0 WHEN 'order' THEN o.all = 1 END, FALSE)",
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
        english: "an order that a contract created comes to the contract's total, unless the customer took another model; a contract that another order got covers it when it is confirmed",
        chinese: "由合同生成的订单，除客户同意替代型号外，其总额与合同一致；其他订单所附合同在订单确认时足额",
        check: Check::Suite(Query {
            rows: "SELECT count(*) FROM orders.orders WHERE contract_id IS NOT NULL",
            violations: "
                SELECT o.number || ': ' || o.gross || ' ' || o.currency || ', its contract ' || c.number || ': ' || c.gross || ' ' || c.currency
                FROM orders.orders o JOIN contracts.contracts c ON c.id = o.contract_id
                WHERE CASE o.origin WHEN 'contract' THEN (o.net, o.tax, o.currency) IS DISTINCT FROM (c.net, c.tax, c.currency)
                        AND NOT EXISTS (SELECT FROM orders.order_lines l WHERE l.order_id = o.id AND l.substituted_for IS NOT NULL)
                    ELSE o.moments ->> 'confirmed_at' IS NOT NULL AND (o.currency <> c.currency OR o.gross > c.gross) END",
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
            // A number shows what its series counts, and before it prefix and period. A series may go on where one of another
            // rule has stopped, so where rules changed or count on for ever, the number before may stand in any.
            rows: "
                SELECT (SELECT count(*) FROM contracts.contracts WHERE approved_at IS NOT NULL OR status NOT IN ('draft', 'in_review', 'withdrawn'))
                    + (SELECT count(*) FROM procurement.purchase_orders WHERE approved_at IS NOT NULL OR origin <> 'imported' AND status NOT IN ('draft', 'in_approval', 'cancelled'))",
            violations: "
                WITH series AS (
                    SELECT kind, period, last FROM contracts.number_series UNION ALL SELECT kind, period, last FROM procurement.number_series),
                changing AS (
                    SELECT kind FROM contracts.number_rule_versions WHERE started AND (version > 1 OR reset = 'never')
                    UNION SELECT kind FROM procurement.number_rule_versions WHERE started AND (version > 1 OR reset = 'never')),
                numbered AS (
                    SELECT 'contract' AS kind, number FROM contracts.contracts WHERE approved_at IS NOT NULL OR status NOT IN ('draft', 'in_review', 'withdrawn')
                    UNION ALL SELECT 'purchase_order', number FROM procurement.purchase_orders WHERE approved_at IS NOT NULL OR origin <> 'imported' AND status NOT IN ('draft', 'in_approval', 'cancelled')),
                counted AS (
                    SELECT kind, number, regexp_replace(number, '[0-9]+$', '') AS start, substring(number FROM '[0-9]+$')::bigint AS n FROM numbered)
                SELECT number || ': stands ' || count(*) || ' times' FROM numbered GROUP BY kind, number HAVING count(*) > 1
                UNION ALL
                SELECT c.number || ': nothing before it' FROM counted c
                WHERE c.n <> 1 AND NOT EXISTS (
                    SELECT FROM counted b WHERE b.kind = c.kind AND b.n = c.n - 1 AND (b.start = c.start OR c.kind IN (SELECT kind FROM changing)))
                UNION ALL
                SELECT s.kind || ' ' || s.period || ': ' || s.last || ' given, ' || coalesce(max(c.n), 0) || ' found'
                FROM series s LEFT JOIN counted c ON c.kind = s.kind AND (s.period = 'all' OR c.start LIKE '%-' || s.period || '%')
                WHERE s.kind IN ('contract', 'purchase_order')
                GROUP BY s.kind, s.period, s.last HAVING NOT coalesce(bool_or(c.n = s.last), FALSE)",
        }),
    },
];
