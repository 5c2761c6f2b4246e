DELETE FROM approval_policies WHERE key = 'procurement.requisition';
DELETE FROM number_rules WHERE kind = 'requisition';
DROP TABLE requisition_orders, requisition_lines, requisitions;
