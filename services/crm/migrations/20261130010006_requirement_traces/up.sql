-- By what each item of a specification is covered, or why it need not be (CRM-16, 17). Read with its specification only, and by
-- whoever sees that: it has no owner of its own.
CREATE TABLE requirement_traces (
    id                  UUID PRIMARY KEY,
    status              TEXT NOT NULL CHECK (status IN ('covered', 'waived', 'removed')),
    case_id             UUID NOT NULL,
    requirement_spec_id UUID NOT NULL REFERENCES requirement_specs (id),
    spec_item_id        UUID NOT NULL,
    kind                TEXT NOT NULL CHECK (kind IN ('solution_element', 'quote_line', 'contract_clause', 'deliverable', 'acceptance')),
    subject_id          UUID NOT NULL,
    label               TEXT,
    reason              TEXT,
    created_at          TIMESTAMPTZ NOT NULL,
    version             INTEGER NOT NULL,
    UNIQUE (requirement_spec_id, kind, subject_id, spec_item_id)
);
