-- Leave to buy without three quotes (D-06).
CREATE TABLE sourcing_waivers (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'in_approval', 'approved', 'rejected', 'used', 'cancelled')),
    case_id       UUID,
    reason_code   TEXT NOT NULL CHECK (reason_code IN ('sole_source', 'urgent', 'fewer_than_three')),
    justification TEXT NOT NULL,
    supplier_id   UUID NOT NULL REFERENCES suppliers (id),
    supplier_name TEXT NOT NULL,
    total         NUMERIC(20, 4) NOT NULL CHECK (total >= 0),
    currency      TEXT NOT NULL,
    attachment_id UUID NOT NULL,
    reason        TEXT,
    owner_id      TEXT,
    team_id       TEXT,
    department_id TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    decided_at    TIMESTAMPTZ,
    used_at       TIMESTAMPTZ,
    version       INTEGER NOT NULL,
    CHECK ((status = 'used') = (used_at IS NOT NULL))
);
CREATE INDEX sourcing_waivers_case ON sourcing_waivers (case_id, id);
CREATE INDEX sourcing_waivers_status ON sourcing_waivers (status, id);
CREATE INDEX sourcing_waivers_owner ON sourcing_waivers (owner_id, id);
CREATE INDEX sourcing_waivers_supplier ON sourcing_waivers (supplier_id) WHERE status = 'approved';

CREATE TABLE sourcing_waiver_requisitions (
    sourcing_waiver_id UUID NOT NULL REFERENCES sourcing_waivers (id),
    requisition_id     UUID NOT NULL,
    open               BOOLEAN NOT NULL,
    PRIMARY KEY (sourcing_waiver_id, requisition_id)
);
-- One waiver at a time for one requisition: asked for, or approved and not used up.
CREATE UNIQUE INDEX sourcing_waiver_requisitions_one_open ON sourcing_waiver_requisitions (requisition_id) WHERE open;
CREATE INDEX sourcing_waiver_requisitions_requisition ON sourcing_waiver_requisitions (requisition_id, sourcing_waiver_id);

INSERT INTO number_rules (kind, prefix) VALUES ('sourcing_waiver', 'SW');
-- One approver, a tier above those who approve a requisition of the same amount (D-06, D-01). The tier of 1000 to 2000 and
-- that of 2000 to 5000 share theirs: above both, the next single approver is the vice-president.
INSERT INTO approval_policies (key, version, tiers, cumulative, effective_from, published_by) VALUES
    ('procurement.sourcing_waiver', 1, '[
      {"from": {"amount": "0",    "included": false}, "to": {"amount": "1000", "included": true},  "steps": [{"name": "finance", "mode": "any", "roles": ["finance_manager"]}]},
      {"from": {"amount": "1000", "included": false}, "to": {"amount": "5000", "included": false}, "steps": [{"name": "vice president", "mode": "any", "roles": ["vice_president"]}]},
      {"from": {"amount": "5000", "included": true},                                               "steps": [{"name": "general management", "mode": "any", "roles": ["general_manager", "ceo"]}]}
    ]', FALSE, '2026-01-01T00:00:00Z', 'yewu');
