DELETE FROM number_rules WHERE kind = 'rfq';
DROP TABLE rfq_weights, rfq_invitations, rfq_lines, rfqs;
