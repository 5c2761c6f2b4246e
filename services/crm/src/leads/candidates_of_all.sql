-- The same as candidates.sql for many at once, by their places; without how a name sounds, which refuses nothing.
WITH wanted AS (
    SELECT * FROM unnest($1, $2, $3) WITH ORDINALITY AS w (name_key, phone_key, email, place)
), agreeing AS (
    SELECT w.place, 'account' AS kind, a.id, 'name' AS how FROM wanted w JOIN accounts a ON a.name_key = w.name_key
        WHERE a.status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT w.place, 'account', a.id, 'phone' FROM wanted w JOIN accounts a ON a.phone_key = w.phone_key WHERE a.status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT w.place, 'account', c.account_id, 'phone' FROM wanted w JOIN contacts c ON c.phone_key = w.phone_key
        JOIN accounts a ON a.id = c.account_id WHERE c.status = 'active' AND a.status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT w.place, 'account', c.account_id, 'email' FROM wanted w JOIN contacts c ON lower(c.email) = lower(w.email)
        JOIN accounts a ON a.id = c.account_id WHERE c.status = 'active' AND a.status NOT IN ('invalid', 'merged', 'purged')
    UNION SELECT w.place, 'lead', l.id, 'name' FROM wanted w JOIN leads l ON l.name_key = w.name_key
        WHERE l.status NOT IN ('converted', 'disqualified', 'merged')
    UNION SELECT w.place, 'lead', l.id, 'phone' FROM wanted w JOIN leads l ON l.phone_key = w.phone_key
        WHERE l.status NOT IN ('converted', 'disqualified', 'merged')
    UNION SELECT w.place, 'lead', l.id, 'email' FROM wanted w JOIN leads l ON lower(l.contact_email) = lower(w.email)
        WHERE l.status NOT IN ('converted', 'disqualified', 'merged')
), counted AS (
    SELECT place, kind, id, array_agg(how ORDER BY how) AS matched FROM agreeing GROUP BY place, kind, id
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY place ORDER BY cardinality(matched) DESC, kind, id) AS rank FROM counted
)
SELECT c.place, c.kind, c.id, coalesce(a.number, l.number) AS number, c.matched
FROM ranked c
LEFT JOIN accounts a ON c.kind = 'account' AND a.id = c.id
LEFT JOIN leads l ON c.kind = 'lead' AND l.id = c.id
WHERE c.rank <= 20
ORDER BY c.place, c.rank
