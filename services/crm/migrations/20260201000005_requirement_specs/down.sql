DROP TABLE requirement_specs;
