DROP INDEX quotes_accepted;
