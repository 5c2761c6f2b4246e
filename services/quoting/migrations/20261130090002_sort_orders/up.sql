-- The orders in which lists can be asked for (platform::sorted!).
CREATE INDEX quotes_by_gross ON quotes (gross, id);
CREATE INDEX quotes_by_valid_until ON quotes (valid_until, id);
