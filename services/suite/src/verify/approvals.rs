//! Approvals: the whole chain of the policy was asked and has spoken, nobody for their own document, and nothing lives as
//! approved without one (PLT-01). Refuses to know who was in the directory when: a seat may be missing where the maker has held it.
use super::{
    Check, Invariant, Query,
    session::{Found, Session},
};
use anyhow::Context;
use diesel::{
    QueryableByName,
    sql_types::{Integer, Nullable, Numeric, Text},
};
use diesel_async::RunQueryDsl;
use futures_util::{FutureExt, TryStreamExt};
use platform::{
    approvals::{Step, Tier, Tiers},
    auth::Role,
};
use rust_decimal::Decimal;

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
        id: "approval-chain-asked",
        english: "each approval asks every seat that its version of the policy wants, but for one that only the maker could fill",
        chinese: "审批覆盖其策略版本要求的全部席位，仅申请人可担任的席位除外",
        check: Check::Code(|session| chain_asked(session).boxed()),
    },
    Invariant {
        id: "nobody-approves-their-own",
        english: "nobody votes on what they asked for, nobody is heard twice in one step or for two people in one approval; delegates neither",
        chinese: "无人审批本人的申请，无人在同一步骤中重复表决或在同一审批中代表两人；受托人亦然",
        check: Check::EachService(Query {
            rows: "SELECT coalesce(sum(jsonb_array_length(votes)), 0) FROM approvals",
            violations: "
                WITH spoken AS (
                    SELECT a.id, a.entity || ' ' || a.subject_number AS named, a.maker, vote ->> 'step' AS step, vote ->> 'approver' AS approver,
                        coalesce(vote ->> 'on_behalf_of', vote ->> 'approver') AS principal
                    FROM approvals a CROSS JOIN LATERAL jsonb_array_elements(a.votes) AS vote),
                heard AS (
                    SELECT id, named, step, approver AS person FROM spoken
                    UNION ALL SELECT id, named, step, principal FROM spoken WHERE principal <> approver)
                SELECT named || ': ' || maker || ' asked and voted' FROM spoken WHERE maker IN (approver, principal)
                UNION ALL
                SELECT named || ': ' || person || ' voted ' || count(*) || ' times' FROM heard GROUP BY id, named, step, person HAVING count(*) > 1
                UNION ALL
                SELECT named || ': ' || approver || ' spoke for ' || count(DISTINCT principal) || ' people'
                FROM spoken GROUP BY id, named, approver HAVING count(DISTINCT principal) > 1",
        }),
    },
    Invariant {
        id: "approved-means-approved",
        english: "no quote is issued and no contract signed without the approval of what was submitted last",
        chinese: "未经最近一次送审的审批通过，报价不得发出，合同不得签署",
        check: Check::Suite(Query {
            rows: "
                SELECT (SELECT count(*) FROM quoting.quotes WHERE issued_at IS NOT NULL OR status NOT IN ('draft', 'pending_approval', 'withdrawn'))
                    + (SELECT count(*) FROM contracts.contracts WHERE approved_at IS NOT NULL OR status NOT IN ('draft', 'in_review', 'withdrawn'))",
            violations: "
                SELECT 'quote ' || q.number || ' (' || q.status || '): ' || q.gross FROM quoting.quotes q
                WHERE (q.issued_at IS NOT NULL OR q.status NOT IN ('draft', 'pending_approval', 'withdrawn')) AND NOT EXISTS (
                    SELECT FROM quoting.approvals a WHERE a.entity = 'quote' AND a.subject_id = q.id AND a.status = 'approved'
                        AND a.asked_at >= q.submitted_at AND coalesce(a.amount = q.gross, TRUE))
                UNION ALL
                SELECT 'contract ' || c.number || ' (' || c.status || '): ' || c.gross FROM contracts.contracts c
                WHERE (c.approved_at IS NOT NULL OR c.status NOT IN ('draft', 'in_review', 'withdrawn')) AND NOT EXISTS (
                    SELECT FROM contracts.approvals a WHERE a.entity = 'contract' AND a.subject_id = c.id AND a.status = 'approved'
                        AND a.asked_at >= c.submitted_at AND coalesce(a.amount = c.gross, TRUE))",
        }),
    },
];

/// A question, and the version of the policy by which it was asked.
#[derive(QueryableByName)]
struct Asked {
    #[diesel(sql_type = Text)]
    named: String,
    #[diesel(sql_type = Nullable<Numeric>)]
    amount: Option<Decimal>,
    #[diesel(sql_type = Integer)]
    tier: i32,
    #[diesel(sql_type = Text)]
    frozen: String,
    /// None: there is no such version.
    #[diesel(sql_type = Nullable<Text>)]
    policy: Option<String>,
    /// Every role that the directory has ever given the maker, as it wrote them.
    #[diesel(sql_type = Text)]
    maker: String,
}

/// A version as it is stored.
#[derive(serde::Deserialize)]
struct Version {
    steps: Vec<Step>,
    tiers: Vec<Tier>,
    cumulative: bool,
}

async fn chain_asked(session: &mut Session) -> anyhow::Result<Found> {
    let mut all = Found::default();
    for service in crate::ALL {
        session.enter(service.name).await?;
        let asked = diesel::sql_query(
            "SELECT a.entity || ' ' || a.subject_number AS named, a.amount, a.tier, a.steps::text AS frozen, \
             CASE WHEN p.key IS NOT NULL THEN jsonb_build_object('steps', p.steps, 'tiers', p.tiers, 'cumulative', p.cumulative)::text END AS policy, \
             coalesce((SELECT u.roles::text || string_agg(coalesce(l.changes::jsonb ->> 'roles', ''), ' ') FROM crm.users u \
                 LEFT JOIN crm.audit_log l ON l.entity_id = u.id WHERE u.reference = a.maker GROUP BY u.id), '') AS maker \
             FROM approvals a LEFT JOIN approval_policies p ON p.key = a.policy_key AND p.version = a.policy_version",
        );
        let mut found = Found::default();
        {
            let mut rows = std::pin::pin!(asked.load_stream::<Asked>(session.conn()).await?);
            while let Some(asked) = rows.try_next().await? {
                found.rows += 1;
                if let Some(missing) = missing(&asked).with_context(|| asked.named.clone())? {
                    found.violation(format!("{}: {missing}", asked.named));
                }
            }
        }
        all.add(service.name, found);
    }
    Ok(all)
}

/// What the frozen chain lacks, if anything.
fn missing(asked: &Asked) -> anyhow::Result<Option<String>> {
    let Some(policy) = &asked.policy else { return Ok(Some("no such version of its policy".into())) };
    let Version { steps, tiers, cumulative } = serde_json::from_str(policy)?;
    let frozen: Vec<Step> = serde_json::from_str(&asked.frozen)?;
    let held = |role: &Role| asked.maker.contains(&format!("\"{}\"", role.as_str()));
    let maker: Vec<Role> = Role::ALL.iter().copied().filter(held).collect();
    let lacking =
        Tiers::read(steps, tiers, cumulative).lacking(asked.amount, usize::try_from(asked.tier)?, &frozen, &maker);
    Ok(lacking.map(|step| format!("not all of step {} was asked", step.name)))
}
