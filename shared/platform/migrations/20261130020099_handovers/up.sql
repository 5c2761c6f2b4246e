-- Work that passes from someone who leaves to a deputy (CRM-51): how far it is here, and what was moved, so that exactly that goes back.
CREATE TABLE handover_tasks (
    id              UUID PRIMARY KEY,
    number          TEXT NOT NULL,
    from_user       TEXT NOT NULL,
    to_user         TEXT NOT NULL,
    to_team         TEXT,
    to_department   TEXT,
    scopes          TEXT[] NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('moving', 'moved', 'returning', 'returned')),
    cursor_kind     TEXT,
    cursor_id       UUID,
    version         INTEGER NOT NULL,
    CHECK (from_user <> to_user)
);
CREATE INDEX handover_tasks_unfinished ON handover_tasks (id) WHERE status IN ('moving', 'returning');

CREATE TABLE handover_moves (
    id              UUID PRIMARY KEY,
    handover_id     UUID NOT NULL REFERENCES handover_tasks (id),
    entity          TEXT NOT NULL,
    entity_id       UUID NOT NULL,
    outcome         TEXT NOT NULL CHECK (outcome IN ('moved', 'refused', 'returned', 'stayed')),
    from_team       TEXT,
    from_department TEXT,
    moved_at        TIMESTAMPTZ NOT NULL,
    returned_at     TIMESTAMPTZ,
    UNIQUE (handover_id, entity_id)
);
CREATE INDEX handover_moves_page ON handover_moves (handover_id, id);
CREATE INDEX handover_moves_outcome ON handover_moves (outcome, id);
CREATE INDEX handover_moves_entity ON handover_moves (entity_id, id);
CREATE INDEX handover_moves_out ON handover_moves (handover_id, id) WHERE outcome = 'moved';
