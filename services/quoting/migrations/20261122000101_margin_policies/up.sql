-- Below which share of the net price a quote needs one more approver (QUO-18): data, a row a version, never edited.
CREATE TABLE margin_policies (
    version        INTEGER PRIMARY KEY,
    floor          NUMERIC(5, 4) NOT NULL CHECK (floor BETWEEN 0 AND 1),
    effective_from TIMESTAMPTZ NOT NULL,
    published_by   TEXT NOT NULL,
    reason         TEXT NOT NULL
);
INSERT INTO margin_policies VALUES (1, 0.05, '2026-01-01T00:00:00Z', 'yewu', 'shipped with the suite');

-- A quote below the floor goes to finance as well.
INSERT INTO approval_policies (key, version, steps, effective_from, published_by) VALUES
    ('quoting.quote.low_margin', 1, '[{"name": "sales management", "mode": "any", "roles": ["sales_manager"]}, {"name": "finance management", "mode": "any", "roles": ["finance_manager"]}]', '2026-01-01T00:00:00Z', 'yewu');
