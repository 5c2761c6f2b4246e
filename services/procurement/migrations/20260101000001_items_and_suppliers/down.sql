DROP TABLE items, suppliers;
