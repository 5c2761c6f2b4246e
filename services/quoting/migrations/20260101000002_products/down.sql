DROP TABLE alternatives, products;
