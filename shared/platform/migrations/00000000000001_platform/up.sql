-- The platform's tables: the same in every service's own schema (names are unqualified on purpose).

-- Facts waiting for the bus, and those already told (kept for replay).
CREATE TABLE outbox (
    seq           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            UUID NOT NULL,
    kind          TEXT NOT NULL,
    subject       UUID NOT NULL,
    partition_key UUID NOT NULL,
    shard         SMALLINT NOT NULL CHECK (shard BETWEEN 0 AND 3),
    case_id       UUID,
    envelope      TEXT NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    published_at  TIMESTAMPTZ
);
CREATE INDEX outbox_waiting ON outbox (seq) WHERE published_at IS NULL;
CREATE INDEX outbox_case ON outbox (case_id, seq) WHERE case_id IS NOT NULL;

-- One relay a schema: whoever holds the row, in its epoch, may mark.
CREATE TABLE relay_lease (
    one        BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one),
    holder     UUID,
    epoch      BIGINT NOT NULL DEFAULT 0,
    expires_at TIMESTAMPTZ NOT NULL DEFAULT '-infinity'
);
INSERT INTO relay_lease DEFAULT VALUES;

-- What arrived, a row per handler and event: done for ever, waiting for its turn, or parked for a person.
CREATE TABLE inbox (
    handler         TEXT NOT NULL,
    event_id        UUID NOT NULL,
    arrival         BIGINT GENERATED ALWAYS AS IDENTITY,
    partition_key   UUID NOT NULL,
    kind            TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('done', 'waiting', 'parked', 'discarded')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TIMESTAMPTZ,
    waiting_for     TEXT,
    error           TEXT,
    envelope        TEXT,
    arrived_at      TIMESTAMPTZ NOT NULL,
    settled_at      TIMESTAMPTZ,
    PRIMARY KEY (handler, event_id)
);
CREATE INDEX inbox_unfinished ON inbox (handler, partition_key, arrival) WHERE status IN ('waiting', 'parked');
CREATE INDEX inbox_due ON inbox (next_attempt_at) WHERE status = 'waiting';
CREATE INDEX inbox_waiting_for ON inbox (waiting_for) WHERE status = 'waiting' AND waiting_for IS NOT NULL;

-- Answers given under an Idempotency-Key. `slot` hashes caller, route and key.
CREATE TABLE idempotency (
    slot        UUID PRIMARY KEY,
    fingerprint BYTEA NOT NULL,
    status      SMALLINT NOT NULL,
    etag        TEXT,
    location    TEXT,
    body        TEXT NOT NULL,
    at          TIMESTAMPTZ NOT NULL
);
CREATE INDEX idempotency_age ON idempotency (at);

-- Who changed what, when, why. The service's role may only add to it.
CREATE TABLE audit_log (
    seq       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        TIMESTAMPTZ NOT NULL,
    actor     TEXT NOT NULL,
    action    TEXT NOT NULL,
    entity    TEXT NOT NULL,
    entity_id UUID NOT NULL,
    version   INTEGER NOT NULL,
    status    TEXT NOT NULL,
    changes   TEXT NOT NULL,
    reason    TEXT,
    case_id   UUID,
    cause_id  UUID,
    trace_id  TEXT NOT NULL
);
CREATE INDEX audit_entity ON audit_log (entity_id, seq);

-- The hash chain over the audit log, sealed a little later than the rows are written.
CREATE TABLE audit_seals (
    to_seq   BIGINT PRIMARY KEY,
    from_seq BIGINT NOT NULL,
    hash     BYTEA NOT NULL,
    at       TIMESTAMPTZ NOT NULL
);

-- Numbers people read. `gapless` kinds lock a row, all others take a sequence a year.
CREATE TABLE number_rules (
    kind    TEXT PRIMARY KEY,
    prefix  TEXT NOT NULL,
    gapless BOOLEAN NOT NULL DEFAULT FALSE,
    width   INTEGER NOT NULL DEFAULT 6 CHECK (width BETWEEN 1 AND 12)
);
CREATE TABLE number_series (
    kind   TEXT NOT NULL,
    period TEXT NOT NULL,
    last   BIGINT NOT NULL,
    PRIMARY KEY (kind, period)
);
-- Runs as the schema's owner, because a new year needs a new sequence and the service may not create one.
CREATE FUNCTION next_number(wanted TEXT, period TEXT) RETURNS TEXT LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    rule number_rules;
    name TEXT := 'number_' || wanted || '_' || period;
    n    BIGINT;
BEGIN
    SELECT * INTO rule FROM number_rules WHERE kind = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no numbering rule for %', wanted;
    END IF;
    IF rule.gapless THEN
        -- By the constraint's name: `period` alone could be the column or the argument.
        INSERT INTO number_series AS s VALUES (wanted, next_number.period, 1)
            ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE SET last = s.last + 1 RETURNING s.last INTO n;
    ELSE
        IF to_regclass(quote_ident(name)) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext(name));
            EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
        END IF;
        n := nextval(quote_ident(name)::regclass);
    END IF;
    RETURN rule.prefix || '-' || period || '-' || lpad(n::TEXT, greatest(rule.width, length(n::TEXT)), '0');
END $$;

-- The same thing in other systems.
CREATE TABLE external_refs (
    kind      TEXT NOT NULL,
    system    TEXT NOT NULL,
    reference TEXT NOT NULL,
    entity_id UUID NOT NULL,
    PRIMARY KEY (kind, system, reference)
);

-- Other services' masters, as of the version of their source: accounts, products, people …
CREATE TABLE replicas (
    kind           TEXT NOT NULL,
    id             UUID NOT NULL,
    key            TEXT,
    source_version INTEGER NOT NULL,
    data           JSONB NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX replicas_key ON replicas (kind, key) WHERE key IS NOT NULL;

-- Who hears what in the whole suite, and since when: written by `yewu migrate`, so that a service alone knows that a fact of
-- its own must find a queue.
CREATE TABLE heard (
    kind    TEXT NOT NULL,
    service TEXT NOT NULL,
    handler TEXT NOT NULL,
    since   TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (service, handler, kind)
);

CREATE TABLE approval_policies (
    key            TEXT NOT NULL,
    version        INTEGER NOT NULL,
    steps          JSONB NOT NULL,
    effective_from TIMESTAMPTZ NOT NULL,
    published_by   TEXT NOT NULL,
    PRIMARY KEY (key, version)
);
CREATE TABLE approvals (
    id             UUID PRIMARY KEY,
    entity         TEXT NOT NULL,
    subject_id     UUID NOT NULL,
    subject_number TEXT NOT NULL,
    policy_key     TEXT NOT NULL,
    policy_version INTEGER NOT NULL,
    steps          JSONB NOT NULL,
    votes          JSONB NOT NULL,
    current_step   INTEGER NOT NULL,
    maker          TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn')),
    asked_at       TIMESTAMPTZ NOT NULL,
    decided_at     TIMESTAMPTZ,
    case_id        UUID,
    version        INTEGER NOT NULL
);
CREATE UNIQUE INDEX approvals_one_pending ON approvals (entity, subject_id) WHERE status = 'pending';
CREATE INDEX approvals_pending ON approvals (id) WHERE status = 'pending';
CREATE INDEX approvals_subject ON approvals (subject_id);

DO $$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_log, audit_seals FROM %I', current_schema());
END $$;
