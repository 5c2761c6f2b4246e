-- What is to be paid when, and what came in. `plan_id` is the contract's id, or the order's where there is no contract.
CREATE TABLE payment_milestones (
    id             UUID PRIMARY KEY,
    plan_id        UUID NOT NULL,
    contract_id    UUID REFERENCES contracts (id),
    order_id       UUID,
    number         TEXT NOT NULL,
    position       INTEGER NOT NULL CHECK (position > 0),
    label          TEXT NOT NULL,
    trigger        TEXT NOT NULL CHECK (trigger IN ('signed', 'shipped', 'delivered', 'accepted')),
    due_days       INTEGER NOT NULL CHECK (due_days BETWEEN 0 AND 365),
    status         TEXT NOT NULL CHECK (status IN ('pending', 'due', 'partially_paid', 'paid', 'waived')),
    currency       TEXT NOT NULL,
    amount         NUMERIC(20, 4) NOT NULL CHECK (amount >= 0),
    paid           NUMERIC(20, 4) NOT NULL CHECK (paid >= 0 AND paid <= amount),
    due_on         DATE,
    overdue        BOOLEAN NOT NULL,
    case_id        UUID NOT NULL,
    account_id     UUID NOT NULL,
    account_name   TEXT NOT NULL,
    reason         TEXT,
    owner_id       TEXT,
    team_id        TEXT,
    department_id  TEXT,
    cause_event_id UUID,
    created_at     TIMESTAMPTZ NOT NULL,
    version        INTEGER NOT NULL,
    CHECK (contract_id IS NOT NULL OR order_id IS NOT NULL),
    CHECK ((status = 'paid') = (paid = amount) OR status = 'waived'),
    UNIQUE (plan_id, position)
);
-- An order is paid by one plan.
CREATE UNIQUE INDEX payment_milestones_order ON payment_milestones (order_id, position) WHERE order_id IS NOT NULL;
CREATE INDEX payment_milestones_contract ON payment_milestones (contract_id, id);
CREATE INDEX payment_milestones_case ON payment_milestones (case_id, id);
CREATE INDEX payment_milestones_account ON payment_milestones (account_id, id);
CREATE INDEX payment_milestones_status ON payment_milestones (status, id);
CREATE INDEX payment_milestones_owner ON payment_milestones (owner_id, id);
CREATE INDEX payment_milestones_late ON payment_milestones (due_on) WHERE status IN ('due', 'partially_paid') AND NOT overdue;
CREATE INDEX payment_milestones_overdue ON payment_milestones (id) WHERE overdue;

CREATE TABLE receipts (
    id            UUID PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    status        TEXT NOT NULL CHECK (status IN ('recorded', 'allocated', 'reversed')),
    account_id    UUID NOT NULL,
    account_name  TEXT NOT NULL,
    currency      TEXT NOT NULL,
    amount        NUMERIC(20, 4) NOT NULL CHECK (amount > 0),
    allocated     NUMERIC(20, 4) NOT NULL CHECK (allocated >= 0 AND allocated <= amount),
    received_on   DATE NOT NULL,
    channel       TEXT NOT NULL CHECK (channel IN ('bank_transfer', 'acceptance_bill', 'cheque', 'cash', 'online')),
    reference     TEXT,
    reason        TEXT,
    external_refs JSONB NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    version       INTEGER NOT NULL
);
CREATE INDEX receipts_status ON receipts (status, id);
CREATE INDEX receipts_account ON receipts (account_id, id);

-- Written once; those of a reversed receipt no longer count.
CREATE TABLE receipt_allocations (
    id                   UUID PRIMARY KEY,
    receipt_id           UUID NOT NULL REFERENCES receipts (id),
    payment_milestone_id UUID NOT NULL REFERENCES payment_milestones (id),
    amount               NUMERIC(20, 4) NOT NULL CHECK (amount > 0),
    at                   TIMESTAMPTZ NOT NULL,
    by                   TEXT NOT NULL
);
CREATE INDEX receipt_allocations_receipt ON receipt_allocations (receipt_id, id);
CREATE INDEX receipt_allocations_milestone ON receipt_allocations (payment_milestone_id);

INSERT INTO number_rules (kind, prefix) VALUES ('receipt', 'RC');
