DROP INDEX goods_receipts_department;
DROP INDEX holds_department;
DROP INDEX holds_team;
DROP INDEX purchase_orders_department;
DROP INDEX receipt_discrepancies_department;
DROP INDEX supplier_qualifications_category;
DROP INDEX stock_sku;
DROP INDEX hold_lines_sku;
