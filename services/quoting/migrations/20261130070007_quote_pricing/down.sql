ALTER TABLE quote_lines ALTER CONSTRAINT quote_lines_quote_id_fkey NOT DEFERRABLE;
DROP TABLE quote_line_traces;
ALTER TABLE quote_lines DROP COLUMN floor_unknown, DROP COLUMN price_floor, DROP COLUMN manual, DROP COLUMN deviation_reason, DROP COLUMN rate_card_id, DROP COLUMN kind;
