//! A violation of each invariant, done with the administrator's rights in a copy of a database in which a deal of each
//! kind was played. Each breaks one truth and no other: what would follow from it is bent along.

/// One of them. Seals are taken away where the log is bent: all of it is young, by its own clock, and need not be sealed yet.
pub struct Plant {
    /// The invariant's id.
    pub violates: &'static str,
    pub statements: &'static str,
    /// A part of what the report says about it.
    pub example: &'static str,
}

pub const PLANTS: &[Plant] = &[
    Plant {
        violates: "contract-has-one-order",
        statements: "UPDATE contracts.contracts SET order_id = (SELECT id FROM orders.orders WHERE origin = 'quote' LIMIT 1) WHERE status = 'effective'",
        example: ": 2 orders",
    },
    Plant {
        violates: "accepted-quote-goes-on",
        statements: "UPDATE quoting.quotes SET route = 'contract' WHERE number = (SELECT min(number) FROM quoting.quotes WHERE route = 'order')",
        example: "(contract): 0 contracts, 0 of them alive, 1 orders, 1 drafted from it",
    },
    Plant {
        violates: "accepted-quote-goes-on",
        statements: "UPDATE orders.orders SET origin = 'quote', quoted_lines = '[]' WHERE origin = 'contract'",
        example: "(contract): 1 contracts, 1 of them alive, 1 orders, 1 drafted from it",
    },
    Plant {
        violates: "order-has-its-origin",
        statements: "
            UPDATE quoting.quotes SET status = 'negotiating' WHERE number = (SELECT min(number) FROM quoting.quotes WHERE route = 'order');
            UPDATE quoting.audit_log SET action = 'negotiate', status = 'negotiating'
                WHERE action = 'accept' AND entity_id = (SELECT id FROM quoting.quotes WHERE number = (SELECT min(number) FROM quoting.quotes WHERE route = 'order'));
            DELETE FROM quoting.audit_seals",
        example: ": quote negotiating",
    },
    Plant {
        violates: "quote-equals-contract",
        statements: "
            UPDATE quoting.quotes SET net = net + 0.01, gross = gross + 0.01 WHERE route = 'contract';
            UPDATE quoting.approvals SET amount = amount + 0.01 WHERE subject_id = (SELECT id FROM quoting.quotes WHERE route = 'contract');
            UPDATE quoting.quote_lines SET net = net + 0.01
                WHERE line_number = 1 AND quote_id = (SELECT id FROM quoting.quotes WHERE route = 'contract')",
        example: ", its quote QT-",
    },
    Plant {
        violates: "contract-equals-order",
        statements: "
            UPDATE orders.orders SET net = net - 0.01, gross = gross - 0.01 WHERE origin = 'contract';
            UPDATE orders.order_lines SET net = net - 0.01
                WHERE line_number = 1 AND order_id = (SELECT id FROM orders.orders WHERE origin = 'contract')",
        example: ", its contract CT-",
    },
    Plant {
        violates: "contract-equals-order",
        // An order drafted from a quote, with a contract over nothing.
        statements: "
            INSERT INTO contracts.contracts SELECT (jsonb_populate_record(c, '{\"id\": \"00000000-0000-7000-8000-000000000001\", \"number\": \"CT-X\",
                \"status\": \"draft\", \"quote_id\": null, \"order_id\": null, \"cause_event_id\": null, \"net\": 0, \"tax\": 0, \"gross\": 0,
                \"signed_at\": null, \"approved_at\": null, \"version\": 1}')).* FROM contracts.contracts c WHERE status = 'effective';
            UPDATE orders.orders SET contract_id = '00000000-0000-7000-8000-000000000001'
                WHERE number = (SELECT min(number) FROM orders.orders WHERE origin = 'quote')",
        example: ", its contract CT-X: 0",
    },
    Plant {
        violates: "quote-equals-order",
        statements: "
            UPDATE quoting.quotes SET tax = tax + 0.01, gross = gross + 0.01 WHERE number = (SELECT min(number) FROM quoting.quotes WHERE route = 'order');
            UPDATE quoting.approvals SET amount = amount + 0.01
                WHERE subject_number = (SELECT min(number) FROM quoting.quotes WHERE route = 'order');
            UPDATE quoting.quote_lines SET tax = tax + 0.01
                WHERE line_number = 1 AND quote_id = (SELECT id FROM quoting.quotes WHERE number = (SELECT min(number) FROM quoting.quotes WHERE route = 'order'))",
        example: ", its quote QT-",
    },
    Plant {
        violates: "contract-above-limit",
        statements: "UPDATE orders.orders SET origin = 'direct', contract_id = NULL WHERE origin = 'contract'",
        example: "contract none",
    },
    Plant {
        violates: "numbers-without-gap",
        statements: "UPDATE contracts.number_series SET last = last + 1 WHERE kind = 'contract'",
        example: ": 2 given, 1 found",
    },
    Plant {
        violates: "numbers-without-gap",
        statements: "
            UPDATE contracts.contracts SET number = regexp_replace(number, '1$', '2') WHERE approved_at IS NOT NULL;
            UPDATE contracts.number_series SET last = 2 WHERE kind = 'contract'",
        example: ": nothing before it",
    },
    Plant {
        violates: "total-equals-lines",
        statements: "UPDATE contracts.contract_lines SET net = net + 0.01 WHERE line_number = 1",
        example: "contract CT-",
    },
    Plant {
        violates: "payment-is-planned",
        statements: "UPDATE contracts.payment_milestones SET order_id = gen_random_uuid() WHERE contract_id IS NULL",
        example: "SO-",
    },
    Plant {
        violates: "plan-adds-up",
        statements: "
            UPDATE contracts.payment_milestones SET amount = amount + 1, paid = paid + 1 WHERE contract_id IS NULL AND position = 1;
            UPDATE contracts.receipt_allocations SET amount = amount + 1
                WHERE payment_milestone_id IN (SELECT id FROM contracts.payment_milestones WHERE contract_id IS NULL AND position = 1);
            UPDATE contracts.receipts r SET amount = amount + 1, allocated = allocated + 1
                WHERE EXISTS (SELECT FROM contracts.receipt_allocations a JOIN contracts.payment_milestones m ON m.id = a.payment_milestone_id
                    WHERE a.receipt_id = r.id AND m.contract_id IS NULL)",
        example: ": planned ",
    },
    Plant {
        violates: "paid-equals-received",
        statements: "
            UPDATE contracts.receipt_allocations a SET amount = a.amount + CASE m.position WHEN 1 THEN 1 ELSE -1 END
                FROM contracts.payment_milestones m
                WHERE m.id = a.payment_milestone_id AND m.contract_id IS NULL AND m.position IN (1, 2)",
        example: " #1: paid ",
    },
    Plant {
        violates: "receipt-not-overspent",
        statements: "UPDATE contracts.receipts SET allocated = allocated - 1",
        example: "RC-",
    },
    Plant {
        violates: "stock-not-negative",
        statements: "
            ALTER TABLE procurement.stock_entries DROP CONSTRAINT stock_entries_on_hand_after_check;
            UPDATE procurement.stock_entries SET on_hand_after = -1 WHERE kind = 'opening' AND stock_id = (SELECT id FROM procurement.stock WHERE sku = 'SEAL-KIT')",
        example: "SEAL-KIT at ",
    },
    Plant {
        violates: "stock-equals-movements",
        statements: "UPDATE procurement.stock SET on_hand = on_hand + 1 WHERE sku = 'SEAL-KIT'",
        example: "SEAL-KIT at ",
    },
    Plant {
        violates: "holds-within-stock",
        statements: "UPDATE procurement.stock SET held = held + 1 WHERE sku = 'SEAL-KIT'",
        example: "1.0000 held, by orders 0",
    },
    Plant {
        violates: "ended-hold-holds-nothing",
        statements: "
            UPDATE procurement.hold_places SET held = 1 WHERE (hold_id, line_id) IN (SELECT hold_id, line_id FROM procurement.hold_places LIMIT 1);
            UPDATE procurement.stock s SET held = (SELECT sum(held) FROM procurement.hold_places p WHERE p.stock_id = s.id)
                WHERE id IN (SELECT stock_id FROM procurement.hold_places)",
        example: "(shipped): 1.0000 still held",
    },
    Plant {
        violates: "hold-equals-issues",
        statements: "UPDATE procurement.hold_places SET issued = issued + 1",
        example: "HD-",
    },
    Plant {
        violates: "shipped-equals-issued",
        statements: "
            UPDATE procurement.stock_entries SET shipment_id = gen_random_uuid()
                WHERE id = (SELECT id FROM procurement.stock_entries WHERE kind = 'issue' LIMIT 1)",
        example: " shipped, 0 issued",
    },
    Plant {
        violates: "order-equals-shipments",
        statements: "UPDATE orders.order_lines SET delivered = delivered - 1 WHERE line_number = 1",
        example: " line 1: ",
    },
    Plant {
        violates: "purchase-is-approved",
        statements: "UPDATE procurement.approvals SET amount = amount - 0.01 WHERE entity = 'purchase_order'",
        example: "purchase_order PO-",
    },
    Plant {
        violates: "purchase-is-approved",
        statements: "
            UPDATE procurement.purchase_orders SET approved_at = NULL;
            UPDATE procurement.approvals SET asked_at = asked_at - interval '1 second' WHERE entity = 'purchase_order'",
        example: "purchase_order PO-",
    },
    Plant {
        violates: "purchase-has-leave",
        statements: "
            UPDATE procurement.purchase_orders p SET supplier_id = (SELECT id FROM procurement.suppliers s WHERE s.id <> p.supplier_id LIMIT 1)",
        example: ": award RFQ-",
    },
    Plant {
        violates: "three-were-asked",
        statements: "DELETE FROM procurement.rfq_invitations WHERE position = (SELECT max(position) FROM procurement.rfq_invitations)",
        example: ": 2 asked",
    },
    Plant {
        violates: "bought-as-wanted",
        statements: "UPDATE procurement.requisition_lines SET quantity = quantity / 2",
        example: " line 1: ",
    },
    Plant {
        violates: "order-equals-receipts",
        statements: "UPDATE procurement.purchase_order_lines SET received = received - 0.5",
        example: " received, ",
    },
    Plant {
        violates: "received-is-in-stock",
        statements: "UPDATE procurement.stock_entries SET line_id = gen_random_uuid() WHERE goods_receipt_id IS NOT NULL",
        example: " accepted, 0 into stock",
    },
    Plant {
        violates: "delivery-has-one-revisit",
        statements: "UPDATE aftersales.revisits SET shipment_id = id",
        example: "of no delivery",
    },
    Plant {
        violates: "revisit-due-in-time",
        statements: "UPDATE aftersales.revisits SET due_at = due_at + interval '1 second'",
        example: "RV-",
    },
    Plant {
        violates: "survey-answers-whole",
        statements: "UPDATE aftersales.survey_answers SET score = 3 WHERE question = 1",
        example: "5 of 5 answers",
    },
    Plant {
        violates: "trouble-has-a-ticket",
        statements: "UPDATE aftersales.tickets SET survey_id = NULL",
        example: "SV-",
    },
    Plant {
        violates: "approval-chain-whole",
        statements: "UPDATE contracts.approvals SET votes = votes - 0",
        example: "contracts: contract ",
    },
    Plant {
        violates: "approval-tier-high-enough",
        statements: "UPDATE procurement.approvals SET tier = tier - 1 WHERE tier > 0",
        example: "procurement: ",
    },
    Plant {
        violates: "approval-chain-asked",
        statements: "UPDATE contracts.approvals SET steps = jsonb_set(steps, '{0,roles}', (steps #> '{0,roles}') - 0)",
        example: "not all of step ",
    },
    Plant {
        violates: "approval-chain-asked",
        statements: "UPDATE procurement.approvals SET policy_version = 99",
        example: "no such version of its policy",
    },
    Plant {
        violates: "nobody-approves-their-own",
        statements: "UPDATE quoting.approvals SET maker = votes -> 0 ->> 'approver'",
        example: " asked and voted",
    },
    Plant {
        violates: "nobody-approves-their-own",
        statements: "UPDATE quoting.approvals SET votes = jsonb_set(votes, '{0,on_behalf_of}', to_jsonb(maker))",
        example: " asked and voted",
    },
    Plant {
        violates: "nobody-approves-their-own",
        statements: "UPDATE contracts.approvals SET votes = jsonb_set(votes, '{1,on_behalf_of}', votes #> '{0,approver}') || jsonb_build_array(jsonb_set(votes -> 1, '{step}', '9'))",
        example: " spoke for 2 people",
    },
    Plant {
        violates: "nobody-approves-their-own",
        statements: "UPDATE contracts.approvals SET votes = votes || jsonb_build_array((votes -> 0) || jsonb_build_object('approver', 'deputy', 'on_behalf_of', votes #>> '{0,approver}'))",
        example: " voted 2 times",
    },
    Plant {
        violates: "approved-means-approved",
        statements: "UPDATE contracts.approvals SET asked_at = asked_at - interval '1 second'",
        example: "contract CT-",
    },
    Plant {
        violates: "approved-means-approved",
        statements: "
            UPDATE contracts.contracts SET approved_at = NULL;
            UPDATE contracts.approvals SET asked_at = asked_at - interval '1 second'",
        example: "contract CT-",
    },
    Plant {
        violates: "approved-means-approved",
        statements: "UPDATE contracts.approvals SET amount = amount - 0.01",
        example: "contract CT-",
    },
    Plant {
        violates: "approved-means-approved",
        statements: "
            UPDATE quoting.quotes SET issued_at = NULL;
            UPDATE quoting.approvals SET amount = amount + 0.01",
        example: "quote QT-",
    },
    Plant {
        violates: "outbox-drained",
        statements: "UPDATE crm.outbox SET published_at = NULL WHERE seq = (SELECT min(seq) FROM crm.outbox)",
        example: "crm: crm.",
    },
    Plant {
        violates: "no-event-lost",
        statements: "DELETE FROM orders.inbox WHERE handler = 'keep-user'",
        example: "never reached orders keep-user",
    },
    Plant {
        violates: "no-message-stuck",
        statements: "
            UPDATE orders.inbox SET status = 'parked', error = 'refused', envelope = '{}'
                WHERE handler = 'keep-user' AND arrival = (SELECT min(arrival) FROM orders.inbox WHERE handler = 'keep-user')",
        example: "parked since ",
    },
    Plant {
        violates: "no-message-stuck",
        statements: "
            UPDATE orders.inbox SET status = 'waiting', arrived_at = now() - interval '61 minutes', envelope = '{}'
                WHERE handler = 'keep-user' AND arrival = (SELECT min(arrival) FROM orders.inbox WHERE handler = 'keep-user')",
        example: "waiting since ",
    },
    Plant {
        violates: "handled-once",
        statements: "
            UPDATE procurement.audit_log SET cause_id = first.cause_id, actor = first.actor
                FROM (SELECT cause_id, actor FROM procurement.audit_log WHERE cause_id IS NOT NULL ORDER BY seq LIMIT 1) first
                WHERE seq = (SELECT max(seq) FROM procurement.audit_log WHERE cause_id IS NOT NULL);
            DELETE FROM procurement.audit_seals",
        example: " 2 times: ",
    },
    Plant {
        violates: "no-event-doubled",
        statements: "
            ALTER TABLE orders.orders DROP CONSTRAINT orders_cause_event_id_key;
            UPDATE orders.orders SET cause_event_id = (SELECT cause_event_id FROM orders.orders WHERE origin = 'quote' LIMIT 1)",
        example: "order SO-",
    },
    Plant {
        violates: "audit-without-gap",
        statements: "
            DELETE FROM procurement.audit_log WHERE entity = 'stock' AND version = 2;
            DELETE FROM procurement.audit_seals",
        example: ": version 3 after 1",
    },
    Plant {
        violates: "audit-matches-rows",
        statements: "UPDATE crm.accounts SET version = version + 1",
        example: "crm.accounts: ",
    },
    Plant {
        violates: "audit-matches-rows",
        statements: "UPDATE contracts.number_rules SET version = version + 1 WHERE kind = 'contract'",
        example: "contracts.number_rules: ",
    },
    Plant {
        violates: "audit-matches-rows",
        statements: "
            INSERT INTO quoting.approval_policies (key, version, steps, effective_from, published_by)
                SELECT key, 99, steps, effective_from, 'user:nobody' FROM quoting.approval_policies WHERE key = 'quoting.quote' AND version = 1",
        example: "quoting.approval_policies: ",
    },
    Plant {
        violates: "states-along-machines",
        statements: "
            UPDATE orders.audit_log SET action = 'label' WHERE entity = 'shipment' AND action = 'pick';
            DELETE FROM orders.audit_seals",
        example: "label from planned to picked",
    },
    Plant {
        violates: "states-along-machines",
        statements: "
            UPDATE quoting.audit_log SET status = 'dreamt' WHERE entity = 'quote' AND version = 1;
            DELETE FROM quoting.audit_seals",
        example: "create from nothing to dreamt",
    },
    Plant {
        violates: "states-along-machines",
        statements: "
            UPDATE quoting.audit_log SET status = 'accepted' WHERE entity = 'quote' AND version = 1;
            DELETE FROM quoting.audit_seals",
        example: "create from nothing to accepted",
    },
    Plant {
        violates: "audit-seals-hold",
        statements: "UPDATE quoting.audit_log SET actor = 'user:nobody' WHERE seq = (SELECT min(seq) FROM quoting.audit_log)",
        example: "quoting: lines 0 to ",
    },
    Plant {
        violates: "audit-seals-hold",
        statements: "
            DELETE FROM quoting.audit_seals;
            UPDATE quoting.audit_log SET at = at - interval '11 minutes' WHERE seq = (SELECT min(seq) FROM quoting.audit_log)",
        example: " are not sealed",
    },
];
