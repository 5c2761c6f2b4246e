DROP TABLE requirement_surveys;
