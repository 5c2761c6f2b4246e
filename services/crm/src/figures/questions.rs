//! One question a figure, which is added up for its value and paged through for its records, so that the two never differ. A record is
//! `kind, id, number, at, owner_id, value` and `weight`, its part of the denominator of a figure that has one. Statuses and kinds
//! of facts stand in the text: the indexes know them. Text only; `store` asks.
use crate::{periods, scope::Within};
use wire::{Currency, Moment};

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Won opportunities and their amounts.
    Won,
    /// Won opportunities of new business and their amounts (KPI-17).
    WonNewBusiness,
    /// Opportunities won or lost; the won ones of all of them.
    Closed,
    /// Won opportunities and the days that they took.
    CycleDays,
    /// Confirmed orders and their net; cancelled ones do not count.
    Orders,
    /// First confirmed orders of customers (KPI-03).
    FirstOrders,
    /// Signed contracts.
    SignedContracts,
    /// Signed contracts; those whose review sent nothing back of all of them.
    FirstPassContracts,
    /// Accepted quotes and their net less the locked cost; those without a locked cost are left out.
    Profit,
    /// Ratings of skill (KPI-06).
    SkillRatings,
    /// Ratings of teamwork (KPI-07).
    TeamworkRatings,
    /// Departments' parts of orders that were to be acknowledged; those that were in time of all of them (KPI-07). A part is its
    /// department's, and theirs who acknowledged it.
    Acknowledgements,
    /// Customers and by how much their loyalty changed since the period before (KPI-13); nothing of a month in which no quarter ends.
    LoyaltyChange,
    /// Markets and by how much our share changed since the period before (KPI-17); nobody's, so of everybody only.
    ShareGrowth,
}

/// Whose rows, from when to before when, in which currency (of what is no money, none).
#[derive(Debug, Clone)]
pub struct Span {
    pub within: Within,
    pub from: Moment,
    pub until: Moment,
    pub currency: Option<Currency>,
    /// The period as it is written, and the one before it; of what is kept by quarters, the last quarters that had ended with them.
    pub period: String,
    pub before: String,
}

/// An order that was confirmed and stands; `fact` is the alias of its fact. `OFFSET 0` keeps Postgres from joining what is looked up
/// for each row: it would read the facts of all time.
#[must_use]
pub fn standing_order(fact: &str) -> String {
    format!(
        "{fact}.service = 'orders' AND {fact}.entity = 'order' AND {fact}.fact = 'confirmed' AND NOT EXISTS (SELECT FROM case_events x \
         WHERE x.case_id = {fact}.case_id AND x.subject_id = {fact}.subject_id AND x.entity = 'order' AND x.fact = 'cancelled' OFFSET 0)"
    )
}

/// `$2` and `$3` as days of the company's calendar.
fn days() -> (String, String) {
    let zone = periods::zone();
    (format!("($2 AT TIME ZONE '{zone}')::date"), format!("($3 AT TIME ZONE '{zone}')::date"))
}

/// Between an order's confirmation and the moment until which its parts are to be acknowledged there is no more: some working
/// hours, and the longest holiday.
const LONGEST: &str = "30 days";

impl Basis {
    /// Its records: `$1` whose, `$2` from, `$3` until, `$4` the currency or nothing, `$5` the period, `$6` the one before. `whole` =
    /// also those that lack what would be counted, without it.
    pub(super) fn question(self, within: &Within, whole: bool) -> String {
        let select = match self {
            Self::Won | Self::WonNewBusiness | Self::Closed | Self::CycleDays => self.of_opportunities(within, whole),
            Self::Orders | Self::FirstOrders | Self::SignedContracts | Self::FirstPassContracts | Self::Profit => {
                self.of_facts(within, whole)
            }
            Self::SkillRatings | Self::TeamworkRatings => self.of_ratings(within),
            Self::Acknowledgements => Self::of_acknowledgements(within),
            Self::LoyaltyChange => format!(
                "'account' AS kind, a.id, a.number, $3 AS at, l.owner_id, l.index - b.index AS value, 1::numeric AS weight \
                 FROM loyalty_snapshot_rows l JOIN loyalty_snapshot_rows b ON b.account_id = l.account_id AND b.quarter = $6 \
                 JOIN accounts a ON a.id = l.account_id WHERE l.quarter = $5 AND {}",
                within.condition("l")
            ),
            Self::ShareGrowth => "'market_share_point' AS kind, p.id, p.market AS number, p.recorded_at AS at, NULL AS owner_id, \
                 p.share - b.share AS value, 1::numeric AS weight FROM market_share_points p \
                 JOIN market_share_points b ON b.market = p.market AND b.period = $6 WHERE p.period = $5 AND cardinality($1) = 0"
                .to_owned(),
        };
        // Every value that is bound must be named, whether it counts or not; of loyalty the last condition says more: where no
        // quarter ended within the period, nothing has changed.
        format!("SELECT {select} AND $2 < $3 AND $4 IS NOT NULL AND $5 <> $6")
    }

    fn of_opportunities(self, within: &Within, whole: bool) -> String {
        let days = "round((extract(epoch FROM o.closed_at - o.created_at) / 86400)::numeric, 4)";
        let currency = if whole { "" } else { "AND o.currency = $4" };
        let (value, which) = match self {
            Self::Closed => ("(o.status = 'won')::int::numeric", "o.status IN ('won', 'lost')".to_owned()),
            Self::CycleDays => (days, "o.status = 'won'".to_owned()),
            Self::WonNewBusiness => {
                ("coalesce(o.amount, 0)", format!("o.status = 'won' AND o.is_new_business {currency}"))
            }
            _ => ("coalesce(o.amount, 0)", format!("o.status = 'won' {currency}")),
        };
        format!(
            "'opportunity' AS kind, o.id, o.number, o.closed_at AS at, o.owner_id, {value} AS value, 1::numeric AS weight \
             FROM opportunities o WHERE {which} AND o.closed_at >= $2 AND o.closed_at < $3 AND {}",
            within.condition("o")
        )
    }

    fn of_facts(self, within: &Within, whole: bool) -> String {
        let net = "coalesce((e.data#>>'{totals,net,amount}')::numeric, 0)";
        let currency = if whole { "TRUE" } else { "e.data#>>'{totals,net,currency}' = $4" };
        let signed = "e.service = 'contracts' AND e.entity = 'contract' AND e.fact = 'signed'";
        let (kind, value, which) = match self {
            Self::FirstOrders => {
                let first = format!(
                    "NOT EXISTS (SELECT FROM cases k JOIN case_events f ON f.case_id = k.case_id WHERE {} \
                     AND k.account_id = (e.data->>'account_id')::uuid AND (f.at, f.event_id) < (e.at, e.event_id) OFFSET 0)",
                    standing_order("f")
                );
                ("order", "1::numeric", format!("{} AND {first}", standing_order("e")))
            }
            Self::SignedContracts => ("contract", "1::numeric", signed.to_owned()),
            Self::FirstPassContracts => {
                let passed = "(NOT EXISTS (SELECT FROM case_events x WHERE x.case_id = e.case_id AND x.service = 'contracts' \
                     AND x.entity = 'approval' AND x.fact = 'rejected' AND x.data->>'subject_id' = e.subject_id::text OFFSET 0))::int::numeric";
                ("contract", passed, signed.to_owned())
            }
            Self::Profit => {
                let cost = "CROSS JOIN LATERAL (SELECT (s.data#>>'{totals,total,amount}')::numeric AS cost FROM case_events s \
                     WHERE s.case_id = e.case_id AND s.service = 'quoting' AND s.entity = 'cost_sheet' AND s.fact = 'locked' \
                     AND s.data#>>'{totals,total,currency}' = $4 AND (s.data->>'quote_id' = e.subject_id::text \
                     OR s.data->>'opportunity_id' = e.data->>'opportunity_id') \
                     ORDER BY (s.data->>'quote_id' = e.subject_id::text) DESC NULLS LAST, s.at DESC LIMIT 1) s";
                let accepted = "e.service = 'quoting' AND e.entity = 'quote' AND e.fact = 'accepted'";
                let (value, from) = if whole { (net.to_owned(), "") } else { (format!("{net} - s.cost"), cost) };
                return format!(
                    "'quote' AS kind, e.subject_id AS id, e.number, e.at, e.owner_id, {value} AS value, 1::numeric AS weight \
                     FROM case_events e {from} WHERE {accepted} AND {currency} AND e.at >= $2 AND e.at < $3 AND {}",
                    within.condition("e")
                );
            }
            _ => ("order", net, format!("{} AND {currency}", standing_order("e"))),
        };
        format!(
            "'{kind}' AS kind, e.subject_id AS id, e.number, e.at, e.owner_id, {value} AS value, 1::numeric AS weight \
             FROM case_events e WHERE {which} AND e.at >= $2 AND e.at < $3 AND {}",
            within.condition("e")
        )
    }

    /// A part counts in the period in which it was to be acknowledged; not if its order was cancelled before.
    fn of_acknowledgements(within: &Within) -> String {
        format!(
            "'work_item' AS kind, e.id, e.number, e.at, e.owner_id, e.in_time::int::numeric AS value, 1::numeric AS weight FROM ( \
             SELECT w.work_item_id AS id, d.number, w.acknowledge_until AS at, a.by AS owner_id, NULL::text AS team_id, w.department_id, \
             coalesce(a.at <= w.acknowledge_until, FALSE) AS in_time FROM case_events d \
             CROSS JOIN LATERAL jsonb_to_recordset(d.data->'work_items') w (work_item_id uuid, department_id text, acknowledge_until timestamptz) \
             LEFT JOIN LATERAL (SELECT (x.data->>'acknowledged_at')::timestamptz AS at, regexp_replace(x.data->>'acknowledged_by', '^user:', '') AS by \
               FROM case_events x WHERE x.case_id = d.case_id AND x.service = 'orders' AND x.entity = 'work_item' AND x.fact = 'acknowledged' \
               AND x.subject_id = w.work_item_id LIMIT 1) a ON TRUE \
             WHERE d.service = 'orders' AND d.entity = 'order' AND d.fact = 'decomposed' AND d.at >= $2 - interval '{LONGEST}' AND d.at < $3 \
             AND w.acknowledge_until >= $2 AND w.acknowledge_until < $3 \
             AND (a.at IS NOT NULL OR NOT EXISTS (SELECT FROM case_events x WHERE x.case_id = d.case_id AND x.subject_id = d.subject_id \
               AND x.entity = 'order' AND x.fact = 'cancelled' AND x.at < w.acknowledge_until OFFSET 0))) e WHERE {}",
            within.condition("e")
        )
    }

    fn of_ratings(self, within: &Within) -> String {
        let aspects = match self {
            Self::TeamworkRatings => "'teamwork'",
            _ => "'market_analysis', 'negotiation', 'contract_signing'",
        };
        let (first, after) = days();
        format!(
            "'rating' AS kind, r.id, r.aspect AS number, r.created_at AS at, r.owner_id, r.score AS value, 1::numeric AS weight \
             FROM ratings r WHERE r.aspect IN ({aspects}) AND r.first_day >= {first} AND r.first_day < {after} \
             AND r.last_day < {after} AND {}",
            within.condition("r")
        )
    }
}
