-- Lists by every scope and filter that they have (tests/tests/plans.rs): whoever sees a few rows of many need not pass over the others.
CREATE INDEX goods_receipts_department ON goods_receipts (department_id, id);
CREATE INDEX holds_department ON holds (department_id, id);
CREATE INDEX holds_team ON holds (team_id, id);
CREATE INDEX purchase_orders_department ON purchase_orders (department_id, id);
CREATE INDEX receipt_discrepancies_department ON receipt_discrepancies (department_id, id);
CREATE INDEX supplier_qualifications_category ON supplier_qualifications (category, id);
CREATE INDEX stock_sku ON stock (sku, id);
CREATE INDEX hold_lines_sku ON hold_lines (sku);
