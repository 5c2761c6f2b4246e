//! Approvals: the whole frozen chain has spoken, nobody for their own document, and nothing lives as approved without one
//! (PLT-01, I14).
use super::{Check, Invariant, Query};

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "approval-chain-whole",
        english: "an approved approval has a yes for every seat of every step that was frozen into it",
        chinese: "已通过的审批，其冻结的每一步、每个席位均已同意",
        check: Check::EachService(Query {
            rows: "SELECT count(*) FROM approvals WHERE status = 'approved'",
            violations: "
                WITH votes AS (
                    SELECT a.id, (vote ->> 'step')::int AS step, vote ->> 'role' AS role, vote ->> 'verdict' AS verdict
                    FROM approvals a CROSS JOIN LATERAL jsonb_array_elements(a.votes) AS vote WHERE a.status = 'approved'),
                seats AS (
                    SELECT a.id, a.entity, a.subject_number, (n - 1)::int AS step, s.step ->> 'name' AS name, s.step ->> 'mode' AS mode, seat AS role
                    FROM approvals a CROSS JOIN LATERAL jsonb_array_elements(a.steps) WITH ORDINALITY AS s (step, n)
                    CROSS JOIN LATERAL jsonb_array_elements_text(s.step -> 'roles') AS seat WHERE a.status = 'approved'),
                heard AS (
                    SELECT s.*, EXISTS (SELECT FROM votes v WHERE v.id = s.id AND v.step = s.step AND v.role = s.role AND v.verdict = 'approved') AS yes FROM seats s)
                SELECT entity || ' ' || subject_number || ', step ' || name || ': ' || count(*) FILTER (WHERE yes) || ' yes for ' || count(*) || ' seats'
                FROM heard GROUP BY id, entity, subject_number, step, name, mode HAVING NOT CASE mode WHEN 'any' THEN bool_or(yes) ELSE bool_and(yes) END
                UNION ALL
                SELECT a.entity || ' ' || a.subject_number || ': approved over a no' FROM approvals a
                WHERE a.status = 'approved' AND EXISTS (SELECT FROM votes v WHERE v.id = a.id AND v.verdict <> 'approved')",
        }),
    },
    Invariant {
        id: "approval-tier-high-enough",
        english: "no approval went to a lower tier than its amount asks for",
        chinese: "审批层级不低于金额所要求的层级",
        check: Check::EachService(Query {
            rows: "SELECT count(*) FROM approvals",
            violations: "
                WITH asked AS (
                    SELECT a.entity, a.subject_number, a.amount, a.tier, (n - 1)::int AS wanted
                    FROM approvals a JOIN approval_policies p ON p.key = a.policy_key AND p.version = a.policy_version
                    CROSS JOIN LATERAL jsonb_array_elements(p.tiers) WITH ORDINALITY AS t (tier, n)
                    WHERE a.amount > (t.tier #>> '{from,amount}')::numeric
                        OR a.amount = (t.tier #>> '{from,amount}')::numeric AND (t.tier #>> '{from,included}')::boolean)
                SELECT entity || ' ' || subject_number || ': ' || amount || ' went to tier ' || (tier + 1) || ' instead of ' || (max(wanted) + 1)
                FROM asked GROUP BY entity, subject_number, amount, tier HAVING tier < max(wanted)",
        }),
    },
    Invariant {
        id: "nobody-approves-their-own",
        english: "nobody votes on what they asked for, and nobody twice in one step",
        chinese: "无人审批本人的申请，亦无人在同一步骤中重复表决",
        check: Check::EachService(Query {
            rows: "SELECT coalesce(sum(jsonb_array_length(votes)), 0) FROM approvals",
            violations: "
                SELECT a.entity || ' ' || a.subject_number || ': ' || a.maker || ' asked and voted'
                FROM approvals a WHERE a.votes @> jsonb_build_array(jsonb_build_object('approver', a.maker))
                UNION ALL
                SELECT a.entity || ' ' || a.subject_number || ': ' || (vote ->> 'approver') || ' voted ' || count(*) || ' times'
                FROM approvals a CROSS JOIN LATERAL jsonb_array_elements(a.votes) AS vote
                GROUP BY a.id, vote ->> 'step', vote ->> 'approver' HAVING count(*) > 1",
        }),
    },
    Invariant {
        id: "approved-means-approved",
        english: "no quote is issued and no contract signed without the approval of what was submitted last",
        chinese: "未经最近一次送审的审批通过，报价不得发出，合同不得签署",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(*) FROM quoting.quotes WHERE issued_at IS NOT NULL OR status = 'approved')
                    + (SELECT count(*) FROM contracts.contracts WHERE approved_at IS NOT NULL)",
            violations: "
                SELECT 'quote ' || q.number || ' (' || q.status || ')' FROM quoting.quotes q
                WHERE (q.issued_at IS NOT NULL OR q.status = 'approved') AND NOT EXISTS (
                    SELECT FROM quoting.approvals a WHERE a.entity = 'quote' AND a.subject_id = q.id AND a.status = 'approved' AND a.asked_at >= q.submitted_at)
                UNION ALL
                SELECT 'contract ' || c.number || ' (' || c.status || ')' FROM contracts.contracts c
                WHERE c.approved_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM contracts.approvals a WHERE a.entity = 'contract' AND a.subject_id = c.id AND a.status = 'approved' AND a.asked_at >= c.submitted_at)",
        }),
    },
];
