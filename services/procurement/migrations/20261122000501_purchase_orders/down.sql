DROP TABLE purchase_order_lines, purchase_orders;
DELETE FROM number_rules WHERE kind IN ('purchase_order', 'imported_purchase_order');
DELETE FROM approval_policies WHERE key = 'procurement.purchase_order';
