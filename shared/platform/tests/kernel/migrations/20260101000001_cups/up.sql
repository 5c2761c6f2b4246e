-- A cup for every pot that was poured.
CREATE TABLE cups (n BIGINT GENERATED ALWAYS AS IDENTITY, cause_event_id UUID PRIMARY KEY, note TEXT NOT NULL);
