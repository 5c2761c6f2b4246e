DROP TABLE receipt_allocations, receipts, payment_milestones;
DELETE FROM number_rules WHERE kind = 'receipt';
