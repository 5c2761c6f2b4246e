WITH agreeing AS (
    SELECT 'account' AS kind, id, 'name' AS how FROM accounts WHERE name_key = $1 AND status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT 'account', id, 'phone' FROM accounts WHERE phone_key = $2 AND status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT 'account', c.account_id, 'phone' FROM contacts c JOIN accounts a ON a.id = c.account_id
        WHERE c.phone_key = $2 AND c.status = 'active' AND a.status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT 'account', c.account_id, 'email' FROM contacts c JOIN accounts a ON a.id = c.account_id
        WHERE lower(c.email) = lower($3) AND c.status = 'active' AND a.status NOT IN ('invalid', 'merged', 'purged')
    UNION (SELECT 'account', id, 'pinyin' FROM accounts WHERE name_latin = $4 AND status NOT IN ('invalid', 'merged', 'purged') LIMIT 20)
    UNION SELECT 'lead', id, 'name' FROM leads WHERE name_key = $1 AND status NOT IN ('converted', 'disqualified', 'merged')
    UNION SELECT 'lead', id, 'phone' FROM leads WHERE phone_key = $2 AND status NOT IN ('converted', 'disqualified', 'merged')
    UNION SELECT 'lead', id, 'email' FROM leads
        WHERE lower(contact_email) = lower($3) AND status NOT IN ('converted', 'disqualified', 'merged')
    UNION (SELECT 'lead', id, 'pinyin' FROM leads
        WHERE name_latin = $4 AND status NOT IN ('converted', 'disqualified', 'merged') LIMIT 20)
), counted AS (
    SELECT kind, id, array_agg(how ORDER BY how) AS matched FROM agreeing GROUP BY kind, id
)
SELECT c.kind, c.id, coalesce(a.number, l.number) AS number, coalesce(a.name, l.name) AS name, c.matched,
       coalesce(a.owner_id, l.owner_id) AS owner_id, coalesce(a.team_id, l.team_id) AS team_id,
       coalesce(a.department_id, l.department_id) AS department_id
FROM counted c
LEFT JOIN accounts a ON c.kind = 'account' AND a.id = c.id
LEFT JOIN leads l ON c.kind = 'lead' AND l.id = c.id
ORDER BY c.matched = '{pinyin}', cardinality(c.matched) DESC, c.kind, c.id
LIMIT 20
