-- Links by which a contact of the customer reads and decides about a proposal. Of a link's token only the digest is kept.
CREATE TABLE proposal_links (
    id              UUID PRIMARY KEY,
    status          TEXT NOT NULL CHECK (status IN ('open', 'revoked')),
    case_id         UUID NOT NULL,
    proposal_id     UUID NOT NULL REFERENCES proposals (id),
    contact_id      UUID NOT NULL,
    contact_name    TEXT NOT NULL,
    token_digest    TEXT NOT NULL UNIQUE CHECK (length(token_digest) = 64),
    expires_at      TIMESTAMPTZ NOT NULL CHECK (expires_at > created_at),
    first_viewed_at TIMESTAMPTZ,
    last_viewed_at  TIMESTAMPTZ,
    views           INTEGER NOT NULL CHECK (views >= 0),
    created_by      TEXT NOT NULL,
    owner_id        TEXT,
    team_id         TEXT,
    department_id   TEXT,
    created_at      TIMESTAMPTZ NOT NULL,
    revoked_at      TIMESTAMPTZ,
    version         INTEGER NOT NULL,
    CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
);
CREATE UNIQUE INDEX proposal_links_one_open ON proposal_links (proposal_id, contact_id) WHERE status = 'open';
CREATE INDEX proposal_links_proposal ON proposal_links (proposal_id, id);
CREATE INDEX proposal_links_owner ON proposal_links (owner_id, id);
CREATE INDEX proposal_links_team ON proposal_links (team_id, id);
CREATE INDEX proposal_links_department ON proposal_links (department_id, id);
