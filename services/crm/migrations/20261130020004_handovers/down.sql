DELETE FROM number_rules WHERE kind = 'handover';
DROP TABLE handovers;
