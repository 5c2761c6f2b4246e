DROP TABLE acceptances, shipments, work_items, decomposition_rules, finance_reviews;
