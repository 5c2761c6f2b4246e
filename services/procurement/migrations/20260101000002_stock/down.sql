DROP TABLE stock_entries, stock;
