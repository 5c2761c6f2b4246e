DROP TABLE receipt_discrepancies, goods_receipt_lines, goods_receipts;
DROP INDEX stock_entries_received_once, stock_entries_goods_receipt, stock_entries_order_line;
ALTER TABLE stock_entries DROP COLUMN purchase_order_line_id, DROP COLUMN goods_receipt_id, DROP COLUMN discrepancy_id;
DELETE FROM number_rules WHERE kind IN ('goods_receipt', 'discrepancy');
