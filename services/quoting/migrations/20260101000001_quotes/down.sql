DROP TABLE quote_lines, quotes;
