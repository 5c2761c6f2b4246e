DROP TABLE signature_mismatches;
