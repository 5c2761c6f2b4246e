DROP TABLE requirement_items;
