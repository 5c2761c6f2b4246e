DROP INDEX quotes_by_valid_until;
DROP INDEX quotes_by_gross;
