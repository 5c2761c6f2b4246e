DROP TABLE supplier_evaluations;
