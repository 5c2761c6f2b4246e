DROP TABLE bill_lines, bills_of_material;
