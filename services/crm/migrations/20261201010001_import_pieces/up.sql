-- A file waits as pieces of a batch each; they become rows when they are taken in, so that handing in a million of them is short.
CREATE TABLE import_pieces (
    import_id UUID NOT NULL REFERENCES imports (id),
    -- From 0, in the order of the file.
    place     INTEGER NOT NULL CHECK (place >= 0),
    rows      JSONB NOT NULL,
    PRIMARY KEY (import_id, place)
);
