-- Lines of hours (QUO-11), and the least price that a line needs no further approver for (QUO-05).
ALTER TABLE quote_lines
    ADD COLUMN kind TEXT NOT NULL DEFAULT 'product' CHECK (kind IN ('product', 'service')),
    ADD COLUMN rate_card_id UUID REFERENCES rate_cards (id),
    ADD COLUMN deviation_reason TEXT,
    ADD COLUMN manual BOOLEAN NOT NULL DEFAULT TRUE,
    ADD COLUMN price_floor NUMERIC(20, 4) CHECK (price_floor >= 0),
    ADD COLUMN floor_unknown BOOLEAN NOT NULL DEFAULT FALSE,
    ADD CHECK ((kind = 'service') = (rate_card_id IS NOT NULL));
-- How the price of a line came about; read only when somebody asks for it.
CREATE TABLE quote_line_traces (
    line_id  UUID PRIMARY KEY,
    quote_id UUID NOT NULL REFERENCES quotes (id) DEFERRABLE INITIALLY DEFERRED,
    pricing  JSONB NOT NULL
);
CREATE INDEX quote_line_traces_quote ON quote_line_traces (quote_id);
-- A quote and its lines travel in one go, and a session that has yet to prepare the one statement sends the other first.
ALTER TABLE quote_lines ALTER CONSTRAINT quote_lines_quote_id_fkey DEFERRABLE INITIALLY DEFERRED;
